"""Finding the documents of a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from spillover.errors import DocumentError
from spillover.reading.documents import find, load


def test_documents_are_found_in_order_and_the_rest_is_listed(tmp_path: Path) -> None:
    files = {
        "b.txt": b"words",
        "a.md": b"# words",
        "notes": b"words",
        "sub/c.html": b"<html><p>words</p></html>",
        "sub/deep/d.pdf": b"%PDF-1.4",
        "table.csv": b"a,b\n1,2\n",
        "empty.txt": b"",
        "picture.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        "pack.zip": b"PK\x03\x04" + b"\0" * 60,
        ".hidden/e.txt": b"words",
        ".secret.txt": b"words",
        "~$report.docx": b"\x05words",
    }
    for name, data in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "nowhere.txt").symlink_to(tmp_path / "gone.txt")

    documents, skipped = find(tmp_path)
    names = [path.relative_to(tmp_path).as_posix() for path in documents]
    assert names == ["a.md", "b.txt", "notes", "sub/c.html", "sub/deep/d.pdf"]
    reasons = {item.path.name: item.reason for item in skipped}
    left_out = [".hidden", ".secret.txt", "empty.txt", "loop", "nowhere.txt", "pack.zip", "picture.png", "table.csv"]
    assert sorted(reasons) == [*left_out, "~$report.docx"]
    assert reasons["empty.txt"] == "empty"
    assert "PNG" in reasons["picture.png"]
    assert "link" in reasons["loop"]
    assert all(reasons.values())


@pytest.mark.parametrize("name", ["missing.txt", "."])
def test_a_path_that_is_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(DocumentError, match=r"no such file|is a folder"):
        load(tmp_path / name)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no such folder"):
        find(tmp_path / "missing")


def test_an_error_names_the_path_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "sub" / "report.txt"
    path.parent.mkdir()
    path.write_bytes(b"\x7fELF\x02\x01\x01\0\0\0\0")
    with pytest.raises(DocumentError) as caught:
        load(path)
    assert caught.value.where == str(path)
    with pytest.raises(DocumentError) as caught:
        load(path, name="given")
    assert caught.value.where == "given"
