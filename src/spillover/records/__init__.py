"""Event data: importers to one normal form, the catalog of a case, who is who, and queries over all sets."""

from spillover.records.actors import Crosswalk, NameRow, link_from
from spillover.records.catalog import Catalog, Coverage, DataSet
from spillover.records.diff import Difference, diff
from spillover.records.export import export
from spillover.records.importing import Added, Options, add
from spillover.records.mapping import DataMapping, built_in, load_mapping
from spillover.records.session import Answer, Session, open_session

__all__ = [
    "Added",
    "Answer",
    "Catalog",
    "Coverage",
    "Crosswalk",
    "DataMapping",
    "DataSet",
    "Difference",
    "NameRow",
    "Options",
    "Session",
    "add",
    "built_in",
    "diff",
    "export",
    "link_from",
    "load_mapping",
    "open_session",
]
