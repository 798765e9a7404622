"""The lexicon: actors, word lists and frames as data files, and how they are loaded.

A case may bring its own actors and places in a TOML file (``docs/lexicon.md``); those come first in every look-up.
"""

from spillover.lexicon.actors import ActorInfo, Lexicon, load_lexicon
from spillover.lexicon.case_places import PlaceInfo
from spillover.lexicon.files import data_file, read_csv, read_lines, read_toml, word_list

__all__ = [
    "ActorInfo",
    "Lexicon",
    "PlaceInfo",
    "data_file",
    "load_lexicon",
    "read_csv",
    "read_lines",
    "read_toml",
    "word_list",
]
