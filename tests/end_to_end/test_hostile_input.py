"""Input made to hurt, given to the command: a clear message, an exit code, nothing on standard output."""

from __future__ import annotations

import json

import pytest
from gate_rules import violations

from spillover.reading.documents import load

SENTENCE = "Gunmen of Boko Haram attacked a police post near Maiduguri on Monday, killing three officers. "


def long_line():
    return SENTENCE.encode() * (50_000_000 // len(SENTENCE) + 1)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n\t\r\n ", "empty"),
        ("😀🔥💣 🚀\n".encode() * 50, "not one letter"),
        (b"\0" * 4096, "NUL"),
        (long_line, "MB"),
    ],
    ids=["empty", "blank", "emoji", "NUL", "50 MB line"],
)
def test_what_cannot_be_read_is_refused(command, tmp_path, data, says):
    (tmp_path / "bad.txt").write_bytes(data() if callable(data) else data)
    code, out, errors = command("read", "bad.txt", "--json")
    assert code == 3
    assert out == b""
    assert "bad.txt" in errors and says in errors, errors
    assert "Traceback" not in errors


def test_the_rest_of_a_folder_is_read(command, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"\0" * 4096)
    (folder / "b.txt").write_text(SENTENCE)
    (folder / "c.txt").write_bytes(b"")
    code, out, errors = command("read", folder, "--json")
    assert code == 1
    assert b"boko-haram" in out
    assert "a.txt" in errors and "1 of 2" in errors
    assert "left out, 1 (empty): c.txt" in errors


def test_nul_bytes_within_a_text_are_told(command, tmp_path):
    (tmp_path / "nul.txt").write_bytes(SENTENCE.encode().replace(b" post", b"\0post"))
    code, out, errors = command("read", "nul.txt", "--json")
    assert code == 0
    assert b'"attack"' in out and b"\\u0000" not in out
    assert "NUL" in errors


@pytest.mark.parametrize("mark", ["\u200f", "\u202b", "\u2067", "\u200e", "\u200b", "\u00ad"])
def test_marks_of_direction_inside_names_do_not_hide_them(reader, mark):
    """The names are found, and the offsets still count the text that the user can print."""
    text = SENTENCE.replace("Boko Haram", f"Bo{mark}ko {mark}Haram{mark}")
    document = load(text.encode(), name="marks.txt")
    lines = [json.loads(line) for line in reader.read(document).to_json().splitlines()]
    assert "boko-haram" in {(s["subject"] or {}).get("actor") for s in lines}
    assert violations(lines, document.text) == []
