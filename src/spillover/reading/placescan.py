"""One sentence under reading for places: which names in it are places, and the words around them that belong to them.

A name that is also a word or a person's name counts only where the words around it speak of a place ("in", "province",
a country after a comma); text in lower case asks more of towns than of countries. Demonyms are no places, except in
"Syrian territory" or "16 northern Afghan provinces".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from spillover.lexicon.files import read_csv, read_toml
from spillover.reading.gazetteer_data import Row, Tables
from spillover.reading.numerals import NUMBER, any_of
from spillover.reading.spelling import folded
from spillover.reading.statement import Level


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place as said; ``text[start:end] == surface``, with its modifier and its "province" or "city".

    ``code``: ISO 3166-1 alpha-3, ISO 3166-2, ``geonames:ID``, ``town:slug`` (a small town without an entry there), a
    region's slug, or ``global``. ``candidates``: all codes that the name could stand for, best first. ``lat``, ``lon``:
    degrees.
    """

    start: int
    end: int
    surface: str
    code: str
    level: Level
    lat: float | None
    lon: float | None
    country: str | None
    candidates: tuple[str, ...] = ()
    modifier: str | None = None
    demonym: bool = False


_W = read_toml("places/words.toml")
_NOT = read_toml("places/not_towns.toml")
_WORDS = frozenset(_NOT["words"].split())
_PERSONS = frozenset(_NOT["persons"].split())
_NEVER = frozenset(_W["guarded"]["never"])
_GUARDED = frozenset(_W["guarded"]["countries"])
_EXACT = frozenset(_W["exact_case"]["names"])
_NOT_LOWER = frozenset(_W["exact_case"]["not_lower"])
BANNED = frozenset(_W["guarded"]["banned"])
_LOWER_OK = frozenset(_W["exact_case"]["lower_ok"])
_LOCATIVE = frozenset(_W["cues"]["locative"])
_WEAK = frozenset(_W["cues"]["weak"])
_LEVELS: dict[str, Level] = {w: level for level in ("town", "admin2", "admin1") for w in _W["level"][level]}
_FACILITIES = any_of(_W["facilities"]["after"])
_LEVEL_AFTER = re.compile(rf"[\s-]+(?:(?P<level>{any_of(_LEVELS)})|(?P<facility>{_FACILITIES}))\b(?!-)")
_LEVEL_BEFORE = re.compile(rf"\b(?P<level>{any_of(_LEVELS)})(?:\s+of|-level)?\s+(?:the\s+)?$")
_DIRECTION = re.compile(rf"(?<![\w-])(?P<word>{any_of(_W['directions']['words'])})\s+$")
_GLOBAL = re.compile(rf"\b(?:{any_of(_W['global']['phrases'])})\b")
_plural = any_of(_W["demonym"]["plural_units"])
_single = any_of(_W["demonym"]["single_units"])
_DEMONYM_AFTER = re.compile(rf"[\s-]+(?:(?P<plural>{_plural})|(?P<single>{_single}))\b(?!-)")
_NAMED_AFTER = frozenset(_W["demonym"]["named_after"])
_CAPITAL = frozenset(_W["demonym"]["capital"])
_SIDE_OF = re.compile(r"\s+of\s+(?:the|its)\s+(?:[a-z]+\s+)?(?:border|frontier)\b")
_DIRECTION_ANY = re.compile(
    rf"(?<![\w-])(?:(?P<count>{NUMBER.pattern}|several|some|many|all)\s+)?(?:(?P<word>{any_of(_W['directions']['words'])})\s+)?$"
)
_BORDER = re.compile(r"\s+(?:border(?:\s+(?:area|areas|region|regions|zone))?|frontier)\b")
TOKEN = re.compile(r"(?:[a-z]\.){2,}|[^\W_]+")
_LIST = re.compile(r"\s*(?:,|,?\s*and|,?\s*or)\s+")
_DATELINE = re.compile(r",\s+(?:[a-z]+,?\s+)?\d{1,2}\s|\s*\([a-z]+\)\s*(?:-|–|—)|\s*(?:--|—|–)\s")
_PLURAL_END = re.compile(r"(?:provinces|departments|governorates|states|regions)$")
_CALENDAR = frozenset(_W["grammar"]["calendar"])
_FUNCTION = frozenset(_W["grammar"]["function"])
_DIRECTIONS = frozenset(w for phrase in _W["directions"]["words"] for w in re.split(r"[ -]", phrase) if w != "and")
_FACILITY_WORDS = frozenset(w for phrase in _W["facilities"]["after"] for w in phrase.split())


@cache
def demonyms() -> dict[str, str]:
    """Folded demonym → ISO 3166-1 alpha-3: "afghan" and "afghans" → ``AFG``."""
    out: dict[str, str] = {}
    for row in read_csv("demonyms.csv"):
        for form in (row["demonym"], row.get("noun_plural") or ""):
            if form and row["iso3"]:
                out.setdefault(folded(form), row["iso3"])
    return out


class Index:
    """The gazetteer's tables, made ready for look-up."""

    def __init__(self, made: Tables) -> None:
        self.rows, self.names, self.capitals = made
        self.demonyms = demonyms()
        self.demonym_first = {d.partition(" ")[0] for d in self.demonyms}
        self.by_code = {row.code: row for row in self.rows}
        self.longest: dict[str, int] = {}
        for key in self.names:
            if key not in BANNED:
                first, _, rest = key.partition(" ")
                self.longest[first] = max(self.longest.get(first, 1), rest.count(" ") + 2 if rest else 1)


def read_as(mention: PlaceMention, rows: list[Row]) -> PlaceMention:
    """The mention as the first of the rows, with the others as its further candidates."""
    best = rows[0]
    level: Level = mention.level if mention.level == "admin2" and best.level == "town" else best.level  # type: ignore[assignment]
    return replace(
        mention, code=best.code, level=level, lat=best.lat, lon=best.lon, country=best.country,
        candidates=tuple(r.code for r in rows),
    )  # fmt: skip


def with_global(text: str, low: str, found: list[PlaceMention]) -> list[PlaceMention]:
    said = [
        PlaceMention(*m.span(), text[m.start() : m.end()], "global", "global", None, None, None, ("global",))
        for m in _GLOBAL.finditer(low)
    ]
    kept = [g for g in said if not any(g.start < p.end and p.start < g.end for p in found)]
    return sorted(found + kept, key=lambda m: m.start) if kept else found


class Scan:
    """One sentence under reading."""

    def __init__(self, index: Index, text: str, low: str, spans: list[tuple[int, int]], keys: list[str]) -> None:
        self.index, self.text, self.low, self.spans, self.keys = index, text, low, spans, keys
        self.shouted = not any(c.islower() for c in text)

    def at(self, n: int, floor: int, found: list[PlaceMention]) -> PlaceMention | None:
        """The place that begins with the ``n``-th word, with the words around it that belong to it."""
        if self.keys[n] in self.index.demonym_first and (mention := self._demonym(n, floor)):
            return mention
        for length in range(min(self.index.longest.get(self.keys[n], 0), len(self.keys) - n), 0, -1):
            if length == 2 and all(k in _DIRECTIONS for k in self.keys[n : n + 2]) and self._is_lower(n):
                continue  # «north-western Nigeria» is no province of Sierra Leone
            ids = (
                self.index.names.get(" ".join(self.keys[n : n + length]))
                if length > 1
                else self.index.names.get(self.keys[n])
            )
            if ids and self._unbroken(n, length) and " ".join(self.keys[n : n + length]) not in BANNED:
                # a longer name that was refused is not retried by its first word: "san" of "san luis de la reina"
                return self._named(n, length, [self.index.rows[i] for i in ids], floor, found)
        return None

    def _is_lower(self, n: int) -> bool:
        return self.text[self.spans[n][0]].islower()

    def shared_levels(self, found: list[PlaceMention]) -> list[PlaceMention]:
        """ "Usulutan and Morazan departments": the plural is said of both."""
        for n in range(len(found) - 1, 0, -1):
            a, b = found[n - 1], found[n]
            if (
                b.level == "admin1"
                and a.level == "town"
                and _PLURAL_END.search(self.low, b.start, b.end)
                and _LIST.fullmatch(self.low, a.end, b.start)
            ):
                rows = self._fitting([self.index.by_code[c] for c in a.candidates], "admin1")
                if rows[0].level == "admin1":
                    found[n - 1] = read_as(a, rows)
                    # the word that says so stays with the last of them; the one before is next in line
                    found[n - 1] = replace(found[n - 1], surface=self.text[a.start : a.end])
        return found

    def _unbroken(self, n: int, length: int) -> bool:
        for i in range(n, n + length - 1):
            gap = self.low[self.spans[i][1] : self.spans[i + 1][0]]
            if gap.strip(" ") not in ("", "-", "'", "&", "–") and not (
                gap == ". " and self.keys[i] in ("st", "mt", "ft", "sta", "sto")
            ):
                return False
        return True

    # -- a name -------------------------------------------------------------------------------------------------------

    def _named(
        self, n: int, length: int, rows: list[Row], floor: int, found: list[PlaceMention]
    ) -> PlaceMention | None:
        start, end = self.spans[n][0], self.spans[n + length - 1][1]
        key = " ".join(self.keys[n : n + length])
        after = _LEVEL_AFTER.match(self.low, end)
        before = _LEVEL_BEFORE.search(self.low, max(floor, start - 32), start)
        level = _LEVELS.get(" ".join(after["level"].split())) if after and after["level"] else None
        facility = bool(after and after["facility"])
        if (
            after
            and level == "admin1"
            and after["level"] in ("state", "republic", "territory", "agency", "region", "county")
            and not self._joins(start, after)
        ):
            after = level = None
        of_level = _LEVELS.get(" ".join(before["level"].split())) if before and "of" in before[0].split() else None
        wanted = level or of_level
        rows = self._fitting(rows, wanted)
        if rows[0].level in ("country", "region") and not (level == "admin1" and rows[0].level == "region"):
            # "the State of Iraq", "a Caribbean port": the words are not about a country or a sea
            after = before = level = of_level = wanted = None
            facility = False
        strong = wanted is not None or facility
        if not self._stands(n, length, key, rows, strong, found):
            return None
        direction = _DIRECTION.search(self.low, max(floor, start - 20), start)
        modifier = None
        first, last = start, end
        if before and of_level:
            # "province of Konar" whole; "city of Mosul" by the name that the map has
            first = before.start() if of_level == "admin1" else start
            direction = None
        if direction and self._adjacent(direction, key):
            first, modifier = direction.start(), self.text[direction.start("word") : direction.end("word")]
        if after is not None:
            last = after.end()
        elif (border := _BORDER.match(self.low, end)) and rows[0].level == "country":
            last = border.end()
        shown: Level = rows[0].level  # type: ignore[assignment]
        if wanted == "admin2" and shown == "town":
            shown = "admin2"
        best = rows[0]
        return PlaceMention(first, last, self.text[first:last], best.code, shown, best.lat, best.lon, best.country,
                            tuple(dict.fromkeys(r.code for r in rows[:8])), modifier)  # fmt: skip

    def _joins(self, start: int, after: re.Match[str]) -> bool:
        """ "Anbar region", "Borno State", but not "the Islamic State" or "the Afghan Republic's"."""
        word = self.text[after.start("level") : after.end("level")]
        return (
            word[0].islower()
            or self.shouted
            or (word in ("State", "Region", "Republic", "Territory", "Agency", "County") and self.text[start].isupper())
        )

    def _adjacent(self, direction: re.Match[str], key: str) -> bool:
        """A direction belongs to the name unless it ends another phrase ("to the north Syria" does not occur)."""
        return not (
            direction["word"] in ("north", "south", "east", "west")
            and re.search(r"\b(?:the|km|kilometers|miles)\s+$", self.low[: direction.start()])
        )

    def _fitting(self, rows: list[Row], wanted: Level | None) -> list[Row]:
        """The rows with those of the level that the words ask for in front; "Kabul province" is the province."""
        if wanted is None:
            return rows
        asked = {"admin1": ("admin1", "region"), "admin2": ("town", "admin1"), "town": ("town",)}.get(wanted, ())
        fit = [r for r in rows if r.level in asked]
        if wanted == "admin1":
            fit.sort(key=lambda r: (r.level == "admin1", r.curated, r.population), reverse=True)
        return fit + [r for r in rows if r not in fit] if fit else rows

    # -- whether it is one --------------------------------------------------------------------------------------------

    def _stands(self, n: int, length: int, key: str, rows: list[Row], strong: bool, found: list[PlaceMention]) -> bool:
        start, end = self.spans[n][0], self.spans[n + length - 1][1]
        word = self.text[start:end]
        best = rows[0]
        if best.level == "country":
            return self._country_stands(n, length, key, word)
        lower = word[0].islower()
        if key in _EXACT and lower:
            return False
        if best.level == "region":
            if key in ("gulf", "horn", "subcontinent", "amazon", "west", "golan"):
                return self._previous(n) == "the" and (not lower or self.shouted)
            return not self._in_a_name(n, length)
        strong = strong or self._before_holder(n + length - 1, rows)
        if best.level == "admin1":
            if key in _NEVER or key in _WORDS or key in self.index.demonyms or len(key) < 4:
                return strong
            if strong:
                return True
            if self._in_a_name(n, length):
                return False
            if lower and not best.curated:
                return self._cued(n, found, _LOCATIVE)
            return best.curated or (key not in _PERSONS and (len(key) >= 5 or self._cued(n, found, _LOCATIVE)))
        return self._town_stands(n, length, key, best, strong, lower, found)

    def _country_stands(self, n: int, length: int, key: str, word: str) -> bool:
        if key in _EXACT and "." not in self.low[self.spans[n][0] : self.spans[n][1]]:
            if key in _LOWER_OK and word.islower():
                return True
            return word.isupper() and not (self.shouted and len(self.keys) > 4 and key in ("us", "car"))
        if key in _GUARDED and self._in_a_name(n, length):
            return False
        if key in _NOT_LOWER and word.islower():
            return False
        return not (key == "mexico" and self._previous(n) == "new") and not (
            key == "guinea" and self._previous(n) in ("new", "papua")
        )

    def _town_stands(
        self, n: int, length: int, key: str, row: Row, strong: bool, lower: bool, found: list[PlaceMention]
    ) -> bool:
        end = self.spans[n + length - 1][1]
        if len(key) < 3:
            return False
        if key in _WORDS:
            return strong and (not lower or self._before_holder(n + length - 1, [row]))
        if strong:
            return not (lower and key in _PERSONS and self._previous(n) in _FUNCTION - _LOCATIVE - {"of"})
        if self._in_a_name(n, length):
            return False
        if re.match(r"\s+(?:de|del|de la|de los|de las|do|da|al|el)\s+\w", self.low[end : end + 12]):
            return False  # "san luis" is not "san luis de la reina"
        cued = self._cued(n, found, _LOCATIVE)
        if key in _PERSONS:
            return cued and not lower and self._previous(n) in _LOCATIVE
        if cued:
            return True
        if lower or self.shouted:
            if self._cued(n, found, _WEAK):
                return row.population >= 100_000 or length > 1 or row.curated
            return (
                row.population >= 300_000
                or (length > 1 and row.population >= 50_000)
                or (row.curated and len(key) >= 6)
            )
        return row.curated or row.population >= 100_000 or (self._cued(n, found, _WEAK) and len(key) >= 4) or length > 1

    def _previous(self, n: int) -> str:
        """The word before, if only a blank or an article lies between."""
        if n == 0:
            return ""
        i = n - 1
        if self.keys[i] in ("the",) and i > 0:
            i -= 1
        gap = self.low[self.spans[n - 1][1] : self.spans[n][0]]
        return self.keys[i] if gap == " " and i == n - 1 else self.keys[n - 1] if gap == " " else ""

    def _cued(self, n: int, found: list[PlaceMention], cues: frozenset[str]) -> bool:
        """Whether a preposition stands before (a direction or demonym between), or a list of places goes on."""
        i = n - 1
        while i >= 0 and (self.keys[i] in _DIRECTIONS or self.keys[i] in self.index.demonyms or self.keys[i] == "the"):
            i -= 1
        if i >= 0 and self.keys[i] in cues and self.low[self.spans[i][1] : self.spans[i + 1][0]] == " ":
            return True
        start = self.spans[n][0]
        if (
            found
            and found[-1].level != "country"
            and re.fullmatch(r"(?:,|;|,?\s*and|,?\s*or|\s*&)\s*(?:in\s+)?(?:the\s+)?", self.low[found[-1].end : start])
        ):
            return True
        return n == 0 and _DATELINE.match(self.low, self.spans[n][1]) is not None

    def _before_holder(self, last: int, rows: list[Row]) -> bool:
        """Whether the country or division that holds it comes right after: "Santa Ana, El Salvador"."""
        end = self.spans[last][1]
        if self.low[end : end + 2] not in (", ", " (") or last + 1 >= len(self.keys):
            return False
        n = last + 1
        for length in range(min(self.index.longest.get(self.keys[n], 0), len(self.keys) - n), 0, -1):
            ids = self.index.names.get(" ".join(self.keys[n : n + length]))
            if ids and self._unbroken(n, length):
                holders = {self.index.rows[i].code for i in ids} | {
                    self.index.rows[i].country for i in ids if self.index.rows[i].level != "town"
                }
                return any(r.country in holders or r.parent in holders for r in rows)
        return False

    def _in_a_name(self, n: int, length: int) -> bool:
        """Whether the word is part of a longer capitalised name: "Hafiz Saeed Khan", "Aleppo Media Center"."""
        start, end = self.spans[n][0], self.spans[n + length - 1][1]
        # "Tahrir al-Sham": the article's small letter does not end the name
        if self.shouted or not any(c.isupper() for c in self.text[start : end if length > 1 else start + 1]):
            return False
        if n > 0:
            gap, before = self.text[self.spans[n - 1][1] : start], self.spans[n - 1]
            key = self.keys[n - 1]
            if gap == "-" or (
                gap == " "
                and self.text[before[0]].isupper()
                and key not in _FUNCTION
                and not self._speaks_of_places(key)
            ):
                return not (gap == "-" and self._speaks_of_places(key))
        following = n + length
        if following < len(self.keys):
            gap, after = self.text[end : self.spans[following][0]], self.spans[following]
            key = self.keys[following]
            if (
                gap == "-"
                and not self._speaks_of_places(key)
                and key not in ("based", "area", "style", "born", "led", "backed", "born", "wide")
            ):
                return True
            if (
                gap == " "
                and self.text[after[0]].isupper()
                and not self._speaks_of_places(key)
                and key not in _CALENDAR
            ):
                return length == 1
        return False

    def _speaks_of_places(self, key: str) -> bool:
        return (
            key in _DIRECTIONS
            or key in _LEVELS
            or key in _LOCATIVE
            or key in self.index.demonyms
            or key in _FACILITY_WORDS
            or any(
                self.index.rows[i].level in ("country", "region", "admin1") for i in self.index.names.get(key, ())[:3]
            )
        )

    # -- a demonym ----------------------------------------------------------------------------------------------------

    def _demonym(self, n: int, floor: int) -> PlaceMention | None:
        """Read "Syrian territory", "16 northern Afghan provinces", "the Somali capital"; not "the Somali town of X"."""
        for length in (2, 1):
            iso3 = self.index.demonyms.get(" ".join(self.keys[n : n + length]))
            if iso3 and n + length <= len(self.keys) and self._unbroken(n, length):
                break
        else:
            return None
        row = self.index.by_code.get(iso3)
        start, end = self.spans[n][0], self.spans[n + length - 1][1]
        match = _DEMONYM_AFTER.match(self.low, end)
        if row is None or match is None:
            return None
        unit = " ".join((match["plural"] or match["single"]).split())
        if unit == "interior" and (self.low.startswith(" minist", match.end()) or self.text[match.end() - 8].isupper()):
            return None
        tail = re.match(
            r"(?:,|\s+of(?:\s+the)?|\s+such\s+as|\s*:)?\s+([^\W_]+)", self.low[match.end() : match.end() + 40]
        )
        if (
            (unit in _NAMED_AFTER or match["plural"])
            and tail
            and tail[1] in self.index.longest
            and tail[1] not in _FUNCTION
        ):
            return None
        before = _DIRECTION_ANY.search(self.low, max(floor, start - 32), start)
        first = before.start() if before and (before["word"] or match["plural"]) else start
        modifier = self.text[before.start("word") : before.end("word")] if before and before["word"] else None
        last = match.end()
        if unit == "side" and (of := _SIDE_OF.match(self.low, last)):
            last = of.end()
        capital = self.index.capitals.get(iso3) if unit in _CAPITAL else None
        if capital is not None:
            row = self.index.rows[capital]
        elif unit in _NAMED_AFTER - _CAPITAL and not match["plural"]:
            return None  # "an Iraqi city": some town there, no name
        return PlaceMention(first, last, self.text[first:last], row.code, row.level, row.lat, row.lon, row.country,  # type: ignore[arg-type]
                            (row.code,), modifier, True)  # fmt: skip
