"""Zip files that are broken or made to hurt: refused with a reason, and nothing is written."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest
from download_server import GED, File, Server, only_loopback, quick, rows, zipped

from spillover.errors import CaseError, RecordsError
from spillover.records.download import fetch
from spillover.records.downloads import find, table
from spillover.records.unpack import unpack

CSV = rows(2000)
NAME = "GEDEvent_v25_1.csv"
MEMBER = find("ucdp-ged", "25.1").member
LIMIT = 50_000_000


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch):
    only_loopback(monkeypatch)


def unpacked(data, folder, limit=LIMIT):
    (folder / "x.zip").write_bytes(data)
    target = folder / "out.csv"
    try:
        unpack(folder / "x.zip", target, member=MEMBER, limit=limit, where="ucdp-ged 25.1")
    except (RecordsError, CaseError):
        assert sorted(path.name for path in folder.iterdir()) == ["x.zip"]
        raise
    return target.read_bytes()


def refused(data, folder, *words, limit=LIMIT):
    with pytest.raises(RecordsError) as caught:
        unpacked(data, folder, limit)
    message = str(caught.value)
    assert message.startswith("ucdp-ged 25.1: ")
    assert message.isprintable()
    for word in words:
        assert word in message


def member(name, data=b"", *, mode=None, make_dir=False):
    """A zip with the data set and another member of that name and mode."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(NAME, CSV)
        info = zipfile.ZipInfo("x")
        info.filename = name
        info.external_attr = (mode or 0) << 16
        archive.writestr(info, data)
    return file.getvalue()


def patched(data, signature, at, value):
    """``data`` with ``value`` at an offset after the first ``signature``."""
    place = data.index(signature) + at
    return data[:place] + value + data[place + len(value) :]


def test_a_good_one(tmp_path):
    assert unpacked(zipped({"a/" + NAME: CSV, "codebook.pdf": b"%PDF", "a/": b""}), tmp_path) == CSV


def test_a_table_that_packs_well_is_no_bomb(tmp_path):
    data = b"id\n" + b"1\n" * 1_000_000
    assert unpacked(zipped({NAME: data}), tmp_path) == data


@pytest.mark.parametrize(
    "name",
    [
        "../evil.csv",
        "a/../../evil",
        "/etc/passwd",
        "\\windows\\x",
        "C:\\x",
        "c:x",
        "a\\..\\..\\x",
        "..",
        "\x1b[2J/../x",
    ],
)
def test_names_that_lead_out(name, tmp_path):
    refused(member(name), tmp_path, "leads out")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices(kind, tmp_path):
    refused(member("harmless.txt", b"/etc/passwd", mode=kind | 0o777), tmp_path, "link or device")


def test_the_data_themselves_are_a_link(tmp_path):
    info = zipfile.ZipInfo(NAME)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    refused(file.getvalue(), tmp_path, "link or device")


def test_two_that_fit(tmp_path):
    refused(zipped({NAME: CSV, "copy/" + NAME: CSV}), tmp_path, "2 files that could be", "copy/")


def test_the_same_name_twice(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = member(NAME, b"id,x\n")
    refused(data, tmp_path, "2 files that could be")


@pytest.mark.parametrize("members", [{}, {"readme.txt": b"x"}, {"GEDEvent_v24_1.csv": CSV}, {NAME + "/": b""}])
def test_none_that_fits(members, tmp_path):
    refused(zipped(members), tmp_path, "no fitting CSV file", *[repr(name) for name in members])


@pytest.mark.parametrize("name", ["ged.zip", "a/GED.ZIP"])
def test_a_zip_in_the_zip(name, tmp_path):
    refused(zipped({name: zipped({NAME: CSV})}), tmp_path, "zip file in the zip file")


def test_a_zip_that_is_named_as_a_table(tmp_path):
    refused(zipped({NAME: zipped({NAME: CSV})}), tmp_path, "is a zip file itself")


def test_encrypted(tmp_path):
    data = zipped({NAME: CSV})
    data = patched(patched(data, b"PK\x03\x04", 6, b"\x01"), b"PK\x01\x02", 8, b"\x01")
    refused(data, tmp_path, "is encrypted")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packed_in_another_way(method, tmp_path):
    refused(zipped({NAME: CSV}, method), tmp_path, "packed by a method")


def test_too_large_by_its_own_word(tmp_path):
    refused(zipped({NAME: CSV}), tmp_path, "more than 0 MB", "bomb", limit=len(CSV) - 1)


def test_a_bomb_by_its_ratio(tmp_path):
    data = zipped({NAME: b"0" * (table("unpacking")["ratio_from_bytes"] + 1)})
    refused(data, tmp_path, f"more than {table('unpacking')['ratio']} times its size", "bomb")


def test_a_bomb_that_says_it_is_small(tmp_path):
    """What streams out counts, not the header: it is cut off at the announced size, where the sum is wrong."""
    data = zipped({NAME: b"0" * 20_000_000})
    small = (1000).to_bytes(4, "little")
    data = patched(patched(data, b"PK\x03\x04", 22, small), b"PK\x01\x02", 24, small)
    refused(data, tmp_path, "damaged")


def test_more_announced_than_there_is(tmp_path):
    large = (len(CSV) + 1000).to_bytes(4, "little")
    data = zipped({NAME: CSV})
    refused(patched(patched(data, b"PK\x03\x04", 22, large), b"PK\x01\x02", 24, large), tmp_path)


def test_many_members(tmp_path):
    refused(zipped({f"{i}.txt": b"" for i in range(1001)}), tmp_path, "1001 files")


def test_a_directory_as_large_as_a_book(tmp_path):
    refused(zipped({f"{i:0200}.txt": b"" for i in range(5000)}), tmp_path, "larger files than a release")


def test_a_directory_of_64_bits(tmp_path):
    data = zipped({NAME: CSV})
    at = data.rindex(b"PK\x05\x06")
    refused(data[:at] + b"PK\x06\x07" + b"\0" * 16 + data[at:], tmp_path, "larger files than a release")


@pytest.mark.parametrize("share", [0.001, 0.5, 0.9, 0.999])
def test_truncated(share, tmp_path):
    data = zipped({NAME: CSV, "more.txt": b"x" * 1000})
    refused(data[: int(len(data) * share)], tmp_path, "not whole", "--url")


def test_a_wrong_sum(tmp_path):
    data = zipped({NAME: CSV})
    refused(patched(patched(data, b"PK\x03\x04", 14, b"\0\0\0\0"), b"PK\x01\x02", 16, b"\0\0\0\0"), tmp_path, "CRC")


def test_damage_at_every_place(tmp_path):
    """A byte changed anywhere gives the right table, or an error: never another table."""
    data = zipped({NAME: rows(5)})
    for at in range(len(data)):
        try:
            result = unpacked(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :], tmp_path)
        except RecordsError:
            continue
        assert result == rows(5)
        (tmp_path / "out.csv").unlink()


def test_a_target_that_cannot_be_written(tmp_path):
    (tmp_path / "x.zip").write_bytes(zipped({NAME: CSV}))
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(CaseError, match=r"out\.csv"):
        unpack(tmp_path / "x.zip", tmp_path / "out.csv", member=MEMBER, limit=LIMIT, where="x")


def test_a_hostile_download_leaves_nothing(tmp_path):
    with Server() as server:
        server.routes[GED] = File(zipped({"../" + NAME: CSV}))
        with pytest.raises(RecordsError, match="leads out"):
            fetch("ucdp-ged", "25.1", tmp_path / "in", base=server.base, patience=quick()[0])
    assert not list((tmp_path / "in").iterdir())
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
