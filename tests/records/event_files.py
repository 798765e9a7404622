"""Synthetic event files in the forms that data sets come in, and what an import of them says."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

import duckdb

from spillover.records import Catalog, Options, add


def _names(text: str) -> list[str]:
    return text.split()


GED = _names("""
id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name
dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b
number_of_sources source_article source_office source_date source_headline source_original where_prec
where_coordinates where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id
region event_clarity date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high
low gwnoa gwnob
""")
# 17.1 to 19.1: no relid, no code_status, no *_dset_id, no where_description, another order
OLD_GED = _names("""
id year active_year type_of_violence conflict_new_id conflict_name dyad_new_id dyad_name side_a_new_id gwnoa
side_a side_b_new_id gwnob side_b number_of_sources source_article source_office source_date source_headline
source_original where_prec where_coordinates adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country iso3
country_id region event_clarity date_prec date_start date_end deaths_a deaths_b deaths_civilians
deaths_unknown low best high
""")
ACLED = _names("""
event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 assoc_actor_1
inter1 actor2 assoc_actor_2 inter2 interaction civilian_targeting iso region country admin1 admin2 admin3
location latitude longitude geo_precision source source_scale notes fatalities tags timestamp
""")
GTD = _names("""
eventid iyear imonth iday approxdate extended country country_txt region region_txt provstate city latitude
longitude specificity attacktype1 attacktype1_txt targtype1 targtype1_txt gname weaptype1 weaptype1_txt nkill
nwound
""")


def ged(n: int, **more: object) -> dict[str, str]:
    """The ``n``-th synthetic event: a day and a place of its own."""
    day = date(2019, 1, 1) + timedelta(days=n % 700)
    row = dict.fromkeys(GED, "")
    row |= {
        "id": str(500_000 + n), "relid": f"PAK-{n}", "year": str(day.year), "active_year": "1", "code_status": "Clear",
        "type_of_violence": str(n % 3 + 1), "conflict_new_id": "404", "dyad_new_id": "861", "side_a_new_id": "140",
        "side_a": "Government of Pakistan", "side_b_new_id": "299", "side_b": "TTP", "number_of_sources": "1",
        "source_article": f"Source {n}, 'a paper'", "source_headline": f'Headline "{n}"', "where_prec": "1",
        "where_coordinates": "Miranshah town", "adm_1": "Khyber Pakhtunkhwa province", "adm_2": "North Waziristan",
        "latitude": f"{33 + n % 100 / 1000}", "longitude": f"{70 + n % 90 / 1000}", "country": "Pakistan",
        "country_id": "770", "region": "Asia", "event_clarity": "1", "date_prec": "1",
        "date_start": f"{day} 00:00:00.000", "date_end": f"{day} 00:00:00.000",
        "deaths_a": "0", "deaths_b": str(n % 7), "deaths_civilians": "1",
        "deaths_unknown": "0", "best": str(n % 7 + 1), "high": str(n % 7 + 2), "low": str(n % 7), "gwnoa": "770",
    }  # fmt: skip
    return row | {name: str(value) for name, value in more.items()}


def old_ged(n: int) -> dict[str, str]:
    """The same event in the schema of 19.1."""
    row = ged(n, iso3="PAK")
    row |= {name: row[name][:10] for name in ("date_start", "date_end")}
    return {name: row[name] for name in OLD_GED}


def acled(n: int, **more: object) -> dict[str, str]:
    """A synthetic event in ACLED's form: no row of theirs."""
    day = date(2021, 1, 1) + timedelta(days=n)
    row = dict.fromkeys(ACLED, "")
    row |= {
        "event_id_cnty": f"ZZZ{n}", "event_date": f"{day:%d %B %Y}", "year": str(day.year), "time_precision": "1",
        "event_type": "Battles", "sub_event_type": "Armed clash", "actor1": "Made-up Front", "actor2": "Made-up Army",
        "iso": "586", "country": "Pakistan", "admin1": "Sindh", "location": "Nowhere", "latitude": "25.5",
        "longitude": "68.5", "geo_precision": "2", "source": "Made-up Times", "notes": "Made up.",
        "fatalities": str(n % 4),
        "timestamp": "1700000000",
    }  # fmt: skip
    return row | {name: str(value) for name, value in more.items()}


def gtd(n: int, **more: object) -> dict[str, str]:
    """A synthetic event in GTD's form: no row of theirs."""
    row = dict.fromkeys(GTD, "")
    row |= {
        "eventid": f"2018010100{n:02}", "iyear": "2018", "imonth": "3", "iday": str(n % 28 + 1), "country": "153",
        "country_txt": "Pakistan", "provstate": "Sindh", "city": "Nowhere", "latitude": "25.5", "longitude": "68.5",
        "specificity": "1", "attacktype1_txt": "Bombing/Explosion", "targtype1_txt": "Police", "gname": "Made-up Front",
        "weaptype1_txt": "Explosives", "nkill": str(n), "nwound": "2",
    }  # fmt: skip
    return row | {name: str(value) for name, value in more.items()}


def table(rows, columns=None, *, delimiter=",", end="\r\n"):
    """Rows as CSV text."""
    out = io.StringIO()
    columns = columns or list(rows[0])
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerow(columns)
    writer.writerows([row[name] for name in columns] for row in rows)
    return out.getvalue()


def write(path, content):
    """The path, with that text (UTF-8, line ends as they are) or those bytes in it."""
    path = Path(path)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def workbook(rows, *, sheets=1, first=1):
    """Rows (lists of text, numbers or ``None``) as the bytes of an XLSX file; ``first``: the row that they begin in."""

    def cell(value, at):
        if value is None:
            return ""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return f'<c r="{at}"><v>{value}</v></c>'
        return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'

    lines = (
        f'<row r="{n}">{"".join(cell(v, f"{_letters(i)}{n}") for i, v in enumerate(row))}</row>'
        for n, row in enumerate(rows, start=first)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    numbers = range(1, sheets + 1)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{kind}.sheet.main+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>' for n in numbers
        )
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets>'
        + "".join(f'<sheet name="Sheet {n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        + "".join(
            f'<Relationship Id="r{n}" Type="{relation}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
        )
        + "</Relationships>",
    }
    for n in numbers:
        data = "".join(lines) if n == 1 else ""
        parts[f"xl/worksheets/sheet{n}.xml"] = f'<worksheet xmlns="{main}"><sheetData>{data}</sheetData></worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return out.getvalue()


def _letters(n: int) -> str:
    found = ""
    n += 1
    while n:
        n, rest = divmod(n - 1, 26)
        found = chr(65 + rest) + found
    return found


class Imports:
    """A catalog of its own, to add files to."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.catalog = Catalog(folder / "case" / "events")

    def add(self, content, name="ged251.csv", **options):
        """Add text or bytes as a file of that name, or the file at a path."""
        path = content if isinstance(content, Path) else write(self.folder / name, content)
        added = add(self.catalog, path, Options(**options))
        assert added.entry.rows == added.entry.kept + sum(added.entry.skipped.values())
        if added.new:
            assert len(added.rejects) == sum(added.entry.skipped.values())
            if added.entry.what == "events":
                assert added.entry.kept == len(rows_of(added.entry))
        return added

    def left(self):
        """The names of all files in the catalog."""
        return sorted(p.name for p in self.catalog.folder.iterdir()) if self.catalog.folder.is_dir() else []


def rows_of(entry, columns="*", order="rowid"):
    """The rows of a set, as they stand in its file."""
    with duckdb.connect() as db:
        order = {"rowid": "file_row_number"}.get(order, order)
        source = f"read_parquet('{entry.file}', file_row_number = true)"
        picked = "* EXCLUDE (file_row_number)" if columns == "*" else columns
        return db.execute(f"SELECT {picked} FROM {source} ORDER BY {order}").fetchall()


def rejected(added):
    """Row numbers and reasons of the rows left out."""
    return {r.row: r.reason for r in added.rejects}


def said(added):
    """All notes as one text."""
    return "\n".join(added.entry.notes)
