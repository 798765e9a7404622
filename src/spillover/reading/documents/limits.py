"""Limits on one document: on the way in, while it is parsed, and on the way out."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024**2


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost. Over any of these it is refused with ``DocumentLimit``; nothing is cut off.

    input_bytes      size of the file
    text_characters  code points of clean text
    output_bytes     bytes that the parsing process may send back
    unpacked_bytes   bytes that a zip container (docx) may unpack to
    pages            pages of a PDF
    seconds          wall-clock and CPU seconds for one document
    memory_bytes     address space of the parsing process (POSIX ``RLIMIT_AS``)
    """

    input_bytes: int = 32 * MIB
    text_characters: int = 5_000_000
    output_bytes: int = 96 * MIB
    unpacked_bytes: int = 256 * MIB
    pages: int = 5_000
    seconds: float = 60.0
    memory_bytes: int = 2048 * MIB


DEFAULT = Limits()
