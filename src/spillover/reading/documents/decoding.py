"""Bytes to text, with the way back: which byte each code point comes from, and a count of all that was repaired.

Order of trust: byte order mark, the pattern of NUL bytes (UTF-16/32 without a mark), strict UTF-8, then Windows-1252
for the single bytes that are not UTF-8. What a page declares about itself is asked only where UTF-8 fails.
"""

from __future__ import annotations

import bisect
import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from spillover.errors import DamagedDocument

REPLACEMENT = "\ufffd"
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# "’" and "é" as they look after UTF-8 was read as Windows-1252 and written as UTF-8 once more
_TWICE = re.compile("â€[™œ\u009d˜“”¦\u2018\u2019\u2013\u2014]|Ã[©¨¡³±¼¶¢¤§\u00ad]")
_HIGH = re.compile(rb"[\x80-\xff]")
# More bytes above 0x7F than this and a file that is not UTF-8 is no English text in Windows-1252 either.
_MOST_HIGH_BYTES = 0.2


@dataclass(frozen=True, slots=True)
class Segment:
    """From ``start`` (code point) on, the bytes from ``byte`` on encode the text in ``codec`` ("byte": one each)."""

    start: int
    byte: int
    codec: str


@dataclass(slots=True)
class Decoded:
    """Text with line ends as LF and NUL as space, one for one; ``segments`` lead back to the bytes."""

    text: str
    encoding: str
    segments: list[Segment] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def byte_offsets(self, indices: Iterable[int]) -> list[int]:
        """Byte offsets of rising code-point ``indices``, in one pass over the text."""
        starts = [segment.start for segment in self.segments]
        found: list[int] = []
        known, known_byte, known_segment = 0, 0, -1
        for index in indices:
            at = bisect.bisect_right(starts, index) - 1
            segment = self.segments[at]
            if at != known_segment:
                known, known_byte, known_segment = segment.start, segment.byte, at
            known_byte += _width(self.text[known:index], segment.codec)
            known = index
            found.append(known_byte)
        return found


def _width(text: str, codec: str) -> int:
    if codec == "byte":
        return len(text)
    return len(text.encode(codec))


def decode(data: bytes, *, declared: str | None = None, where: str | None = None) -> Decoded:
    """Decodes ``data``. ``declared``: the charset a page claims, used where the bytes are not UTF-8.

    Raises ``DamagedDocument`` if the bytes are no text in any encoding that English is written in.
    """
    for mark, codec in _BOMS:
        if data.startswith(mark):
            raw, warnings, segments = _decode_as(data, codec, len(mark))
            return _finish(raw, codec, segments, warnings)
    if b"\0" in data and (wide := wide_codec(data)):
        raw, warnings, segments = _decode_as(data, wide, 0)
        return _finish(raw, wide, segments, [*warnings, f"no byte order mark: read as {wide.upper()}"])
    if data.count(0) > 0.3 * len(data):
        raise DamagedDocument(
            "more than three in ten bytes are NUL and no UTF-16 or UTF-32 text is in them", where=where
        )
    try:
        return _finish(data.decode("utf-8"), "utf-8", [Segment(0, 0, "utf-8")], [])
    except UnicodeDecodeError:
        return _not_utf8(data, declared, where)


def _decode_as(data: bytes, codec: str, skip: int) -> tuple[str, list[str], list[Segment]]:
    if codec == "utf-8":
        try:
            return data[skip:].decode("utf-8"), [], [Segment(0, skip, codec)]
        except UnicodeDecodeError:
            raw, bad = _mixed(data[skip:])
            segments = [Segment(s.start, s.byte + skip, s.codec) for s in bad]
            return raw, [_mixed_warning(len(segments) // 2)], segments
    unit = 2 if "16" in codec else 4
    raw = data[skip : len(data) - (len(data) - skip) % unit].decode(codec, "replace")
    lost = (len(data) - skip) % unit
    return (
        raw,
        [f"{lost} left-over bytes at the end of the file were not read"] if lost else [],
        [Segment(0, skip, codec)],
    )


def wide_codec(data: bytes) -> str | None:
    """UTF-16/32 without a mark: NULs stand at the same place of each unit, and the text decodes cleanly."""
    sample = data[: 1 << 16]
    sample = sample[: len(sample) // 4 * 4]
    quarter = max(1, len(sample) // 4)
    nul = [sample[i::4].count(0) / quarter for i in range(4)]
    candidates = []
    if min(nul[1:]) > 0.9 and nul[0] < 0.5:
        candidates.append("utf-32-le")
    if min(nul[:3]) > 0.9 and nul[3] < 0.5:
        candidates.append("utf-32-be")
    even, odd = (nul[0] + nul[2]) / 2, (nul[1] + nul[3]) / 2
    # English has nearly all high bytes NUL; other scripts still have spaces and line ends.
    if odd > 0.05 and even < 0.005:
        candidates.append("utf-16-le")
    if even > 0.05 and odd < 0.005:
        candidates.append("utf-16-be")
    for codec in candidates:
        try:
            text = sample.decode(codec)
        except UnicodeDecodeError:
            continue
        printable = sum(ch.isprintable() or ch in "\r\n\t\f" for ch in text)
        if text and printable > 0.95 * len(text):
            return codec
    return None


def _not_utf8(data: bytes, declared: str | None, where: str | None) -> Decoded:
    raw, segments = _mixed(data)
    bad = len(segments) // 2
    high = len(_HIGH.findall(data))
    codec = _known(declared)
    if codec not in (None, "utf-8", "cp1252"):
        try:
            return _finish(data.decode(str(codec)), str(codec), [Segment(0, 0, "byte")], [])
        except UnicodeDecodeError:
            pass
    if bad < high:  # some multi-byte UTF-8 is in it: a UTF-8 file with single foreign bytes
        return _finish(raw, "utf-8", segments, [_mixed_warning(bad)])
    if high > _MOST_HIGH_BYTES * len(data):
        raise DamagedDocument(
            "the bytes are neither UTF-8 nor English text in Windows-1252",
            where=where,
            to_do="Save the file as UTF-8 and read it again.",
        )
    return _finish(raw, "cp1252", [Segment(0, 0, "byte")], ["the file is not UTF-8: read as Windows-1252"])


def _known(declared: str | None) -> str | None:
    if not declared:
        return None
    try:
        name = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        return None
    # What calls itself Latin-1 or ASCII on the web is Windows-1252 (WHATWG Encoding Standard, section 4.2).
    return "cp1252" if name in {"iso8859-1", "ascii", "cp1252"} else name


def _mixed(data: bytes) -> tuple[str, list[Segment]]:
    """UTF-8 where it is valid, Windows-1252 byte by byte where not: two segments more for each such byte."""
    places: list[int] = []

    def single(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        places.append(error.start)
        return error.object[error.start : error.start + 1].decode("cp1252", "replace"), error.start + 1

    codecs.register_error("spillover-windows-1252", single)
    raw = data.decode("utf-8", "spillover-windows-1252")
    segments = [Segment(0, 0, "utf-8")]
    index, byte = 0, 0
    for place in places:
        index += len(data[byte:place].decode("utf-8"))
        segments += [Segment(index, place, "byte"), Segment(index + 1, place + 1, "utf-8")]
        index, byte = index + 1, place + 1
    return raw, segments


def _mixed_warning(count: int) -> str:
    return f"{count} bytes are not UTF-8: read as Windows-1252"


def _finish(raw: str, encoding: str, segments: list[Segment], warnings: list[str]) -> Decoded:
    """Line ends, NULs and the counts; a byte order mark inside the text is text and stays."""
    if "\0" in raw:
        warnings.append(f"{raw.count(chr(0))} NUL characters: read as spaces")
        raw = raw.replace("\0", " ")
    if lost := raw.count(REPLACEMENT):
        warnings.append(f"{lost} replacement characters (U+FFFD) stand where the file lost its own")
    if twice := len(_TWICE.findall(raw)):
        warnings.append(f"{twice} characters look doubly encoded (such as â€™ for ’): left as they are")
    if "\r" in raw:
        segments = _without_cr(raw, segments)
        raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    return Decoded(raw, encoding, segments, warnings)


def _without_cr(raw: str, segments: list[Segment]) -> list[Segment]:
    """Segments after CR LF became LF: one new segment begins behind each pair."""
    result: list[Segment] = []
    pairs = [match.end() for match in re.finditer("\r\n", raw)]
    removed = 0
    for at, segment in enumerate(segments):
        stop = segments[at + 1].start if at + 1 < len(segments) else len(raw) + 1
        result.append(Segment(segment.start - removed, segment.byte, segment.codec))
        known, byte = segment.start, segment.byte
        while removed < len(pairs) and pairs[removed] <= stop and pairs[removed] > segment.start:
            pair = pairs[removed]
            byte += _width(raw[known:pair], segment.codec)
            known, removed = pair, removed + 1
            result.append(Segment(pair - removed, byte, segment.codec))
    return result
