"""Downloads over a bad line: what arrives is the file or a clear error, and what was got is not lost."""

from __future__ import annotations

import hashlib
import json
import socket
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from download_server import CANDIDATE, GED, File, Server, answers, in_turn, only_loopback, quick, rows, zipped
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.errors import CaseError, RecordsError
from spillover.records import download
from spillover.records.downloads import datasets, find
from spillover.records.transfer import alone

CSV = rows(300)
NAME = "ucdp-candidate-23.0.10.csv"
MONTH = partial(download.fetch, "ucdp-candidate", "23.0.10")


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch):
    only_loopback(monkeypatch)


@pytest.fixture
def server():
    with Server() as server:
        yield server


def month(server, folder, *delays, **more):
    patience = more.pop("patience", None) or quick(*delays)[0]
    return MONTH(folder, base=server.base, patience=patience, **more)


def refused(words, call, *args, **more):
    """The error of a call that is refused; its message has all the ``words``."""
    with pytest.raises(RecordsError) as caught:
        call(*args, **more)
    for word in words:
        assert word in str(caught.value)
    return str(caught.value)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


# ---------------------------------------------------------------------------------------------------- where things are


def test_addresses_are_those_of_the_download_page():
    assert find("ucdp-ged", "25.1").urls == ("https://ucdp.uu.se/downloads/ged/ged251-csv.zip",)
    assert find("ucdp-ged", "25.1").api_url == "https://ucdpapi.pcr.uu.se/api/gedevents/25.1?pagesize=1000"
    assert find("ucdp-candidate", "23.0.10").urls[0].endswith("/candidateged/GEDEvent_v23_0_10.csv")
    assert find("ucdp-candidate", "23.01.23.03").urls[0].endswith("/candidateged/GEDEvent_v23_01_23_03.csv")
    assert find("ucdp-country-year", "25.1").api_url is None
    assert set(datasets()) == {"ucdp-ged", "ucdp-candidate", "ucdp-country-year", "ucdp-actor"}


@pytest.mark.parametrize("member", ["GEDEvent_v25_1.csv", "gedevent_v25_1.CSV", "ged251.csv"])
def test_the_file_in_the_zip_is_known_by_its_name(member):
    assert find("ucdp-ged", "25.1").member.fullmatch(member)
    assert not find("ucdp-ged", "24.1").member.fullmatch(member)


@pytest.mark.parametrize("release", ["25", "", "25.1.1", "../25.1", "25.1/..", "25.1\n", "٢٥.١", "latest"])
def test_what_is_no_release_is_refused_before_anything_is_asked(release, tmp_path):
    refused(["no release of ucdp-ged", "25.1"], download.fetch, "ucdp-ged", release, tmp_path)
    assert not names(tmp_path)


@pytest.mark.parametrize("release", ["../x", "a/b", "", "-x", "x" * 50])
def test_a_release_at_an_address_of_ones_own_is_still_a_file_name(release, tmp_path):
    refused(["no release"], download.fetch, "ucdp-ged", release, tmp_path, url="http://127.0.0.1:9/x.csv")


def test_an_unknown_data_set_names_those_that_are_known(tmp_path):
    refused(["'acled'", "ucdp-actor", "events add FILE"], download.fetch, "acled", "1", tmp_path)


# ------------------------------------------------------------------------------------------------------- the good case


def test_a_csv_file_is_in_its_place_with_its_record(server, tmp_path):
    server.routes[CANDIDATE] = File(CSV)
    seen = []
    made = month(server, tmp_path / "new" / "folder", progress=lambda done, total: seen.append((done, total)))
    assert made.path.read_bytes() == CSV
    assert made.path.name == NAME
    assert (made.sha256, made.size) == (hashlib.sha256(CSV).hexdigest(), len(CSV))
    assert (made.resumed, made.already, made.url) == (False, False, server.base + CANDIDATE)
    assert seen[-1] == (len(CSV), len(CSV))
    assert names(made.path.parent) == [NAME, f"{NAME}.download.json"]
    assert json.loads(made.path.with_name(f"{NAME}.download.json").read_text())["modified"].startswith("Wed, 01 Oct")
    assert server.requests[0].headers["accept-encoding"] == "identity"


def test_a_zip_is_unpacked_and_the_hash_is_of_the_zip(server, tmp_path):
    data = zipped({"readme.pdf": b"%PDF", "ged/GEDEvent_v25_1.csv": CSV, "__MACOSX/ged/._GEDEvent_v25_1.csv": b"x"})
    server.routes[GED] = File(data)
    made = download.fetch("ucdp-ged", "25.1", tmp_path, base=server.base, sha256=hashlib.sha256(data).hexdigest())
    assert made.path.read_bytes() == CSV
    assert (made.path.name, made.size) == ("ucdp-ged-25.1.csv", len(data))


def test_a_length_that_is_not_announced(server, tmp_path):
    server.routes[CANDIDATE] = File(CSV, chunked=True)
    assert month(server, tmp_path).path.read_bytes() == CSV


def test_an_address_of_ones_own(server, tmp_path):
    server.routes["/mine.zip"] = File(zipped({"pakistan.csv": CSV}))
    made = download.fetch("ucdp-ged", "22.1-pk", tmp_path, url=f"{server.base}/mine.zip?key=secret")
    assert made.path.read_bytes() == CSV
    assert made.url == f"{server.base}/mine.zip"
    assert "secret" not in "".join(p.read_text() for p in tmp_path.iterdir())


def test_the_next_address_where_a_file_has_another_name(server, tmp_path):
    server.routes["/downloads/organizedviolencecy/organizedviolencecy_v25_1.csv"] = File(CSV)
    made = download.fetch("ucdp-country-year", "25.1", tmp_path, base=server.base)
    assert (made.path.read_bytes(), len(server.requests)) == (CSV, 2)


def test_what_is_there_is_not_fetched_again(server, tmp_path):
    server.routes[CANDIDATE] = File(CSV)
    first = month(server, tmp_path)
    again = month(server, tmp_path, sha256=first.sha256.upper())
    assert (again.already, again.sha256, again.size, len(server.requests)) == (True, first.sha256, first.size, 1)


@pytest.mark.parametrize("harm", ["changed", "gone", "no record", "bad record", "another address"])
def test_what_is_not_as_it_was_is_fetched_again(harm, server, tmp_path):
    server.routes[CANDIDATE] = server.routes["/other.csv"] = File(CSV)
    made = month(server, tmp_path)
    record = made.path.with_name(f"{NAME}.download.json")
    if harm == "changed":
        made.path.write_bytes(CSV + b"x")
    elif harm == "gone":
        made.path.unlink()
    elif harm == "no record":
        record.unlink()
    elif harm == "bad record":
        record.write_text("[1]")
    url = f"{server.base}/other.csv" if harm == "another address" else None
    assert not month(server, tmp_path, url=url).already
    assert (made.path.read_bytes(), len(server.requests)) == (CSV, 2)


# --------------------------------------------------------------------------------------------------- a line that breaks


def test_a_cut_connection_goes_on_where_it_was(server, tmp_path):
    server.routes[CANDIDATE] = File(CSV, cuts=[1000, 1000, 5000])
    patience, slept = quick(1, 2, 3)
    made = month(server, tmp_path, patience=patience)
    assert (made.path.read_bytes(), made.resumed, slept) == (CSV, False, [1, 2, 3])
    asked = [(r.headers.get("range"), r.headers.get("if-range")) for r in server.requests]
    assert asked == [(None, None), *[(f"bytes={n}-", '"one"') for n in (1000, 1000, 5000)]]


def test_a_line_that_stays_bad_keeps_the_part_and_the_next_run_goes_on(server, tmp_path):
    server.routes[CANDIDATE] = File(CSV, cuts=[700, 800, 900])
    message = refused(["900 bytes are kept", "Run the same command again", "events add"], month, server, tmp_path, 0, 0)
    assert f"{NAME}.part" in message
    assert (tmp_path / f"{NAME}.part").read_bytes() == CSV[:900]
    made = month(server, tmp_path)
    assert (made.path.read_bytes(), made.resumed) == (CSV, True)
    assert server.requests[-1].headers["range"] == "bytes=900-"
    assert names(tmp_path) == [NAME, f"{NAME}.download.json"]


def test_progress_renews_patience(server, tmp_path):
    body = rows(150_000)
    server.routes[CANDIDATE] = File(body, cuts=[2_000_000, 4_000_000])
    assert month(server, tmp_path, 0).path.read_bytes() == body


@pytest.mark.parametrize(
    "change", ["etag", "length", "etag of the range", "ignores ranges", "other range", "other start", "416"]
)
def test_another_file_under_the_address_begins_anew(change, server, tmp_path):
    server.routes[CANDIDATE] = File(CSV, cuts=[700])
    refused(["700 bytes are kept"], month, server, tmp_path)
    new = rows(250)
    server.routes[CANDIDATE] = {
        "etag": File(new, etag='"two"', modified="Thu, 02 Oct 2025 10:00:00 GMT"),
        "length": File(new),
        # it honours the range although its file is another one
        "etag of the range": lambda handler: (
            handler.answer(206, {"ETag": '"two"', "Content-Range": f"bytes 700-{len(CSV) - 1}/{len(CSV)}"}, CSV[700:])
            if "Range" in handler.headers
            else File(new, etag='"two"')(handler)
        ),
        "ignores ranges": File(new, ranges=False),
        "other range": File(new, content_range=f"bytes 0-{len(new) - 1}/{len(new)}"),
        "other start": File(CSV, content_range=f"bytes 0-{len(CSV) - 701}/{len(CSV)}"),
        "416": File(new, status_of_range=416),
    }[change]
    made = month(server, tmp_path)
    assert (made.path.read_bytes(), made.resumed) == (CSV if change == "other start" else new, False)


@pytest.mark.parametrize(("etag", "modified", "sent"), [
    ('W/"weak"', "Wed, 01 Oct 2025 10:00:00 GMT", "Wed, 01 Oct 2025 10:00:00 GMT"),
    (None, "Wed, 01 Oct 2025 10:00:00 GMT", "Wed, 01 Oct 2025 10:00:00 GMT"),
    ('W/"weak"', None, None),
    (None, None, None),
])  # fmt: skip
def test_only_what_promises_the_same_bytes_is_continued(etag, modified, sent, server, tmp_path):
    server.routes[CANDIDATE] = File(CSV, etag=etag, modified=modified, cuts=[700])
    words = ["700 bytes are kept", "goes on from there" if sent else "begins anew"]
    refused(words, month, server, tmp_path)
    made = month(server, tmp_path)
    assert (made.path.read_bytes(), made.resumed) == (CSV, sent is not None)
    assert server.requests[-1].headers.get("if-range") == sent


@pytest.mark.parametrize(
    "state", ["", "[]", "{}", '{"url": 1}', '{"url": "%s", "total": "x"}', '{"url": "%s", "etag": 5}']
)
def test_a_part_of_unknown_origin_is_not_continued(state, server, tmp_path):
    (tmp_path / f"{NAME}.part").write_bytes(b"rubbish" * 100)
    (tmp_path / f"{NAME}.part.json").write_text(state.replace("%s", server.base + CANDIDATE))
    server.routes[CANDIDATE] = File(CSV)
    assert month(server, tmp_path).path.read_bytes() == CSV


def test_a_part_of_another_address_is_not_continued(server, tmp_path):
    server.routes[CANDIDATE] = File(CSV, cuts=[700])
    refused(["700 bytes are kept"], month, server, tmp_path)
    other = CSV.replace(b"town", b"city")  # as long as the first, and of the same version
    server.routes["/other.csv"] = File(other)
    made = MONTH(tmp_path, url=f"{server.base}/other.csv", base="not used")
    assert (made.path.read_bytes(), made.resumed) == (other, False)


def test_a_part_that_is_whole_needs_no_network(server, tmp_path, monkeypatch):
    server.routes[CANDIDATE] = File(CSV)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(download, "cut_short", lambda path: (_ for _ in ()).throw(KeyboardInterrupt))
        month(server, tmp_path)
    server.routes.clear()
    assert (month(server, tmp_path).path.read_bytes(), len(server.requests)) == (CSV, 1)


def test_ctrl_c_keeps_the_part(server, tmp_path):
    body = rows(30_000)
    server.routes[CANDIDATE] = File(body)

    def stop(done, total):
        if done > 100_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        month(server, tmp_path, progress=stop)
    kept = (tmp_path / f"{NAME}.part").read_bytes()
    assert len(kept) > 100_000
    assert body.startswith(kept)
    made = month(server, tmp_path)
    assert (made.path.read_bytes(), made.resumed) == (body, True)


def test_a_server_in_trouble_is_asked_again(server, tmp_path):
    trouble = [answers(500), answers(503, Retry_After="7"), answers(429, Retry_After="9999")]
    server.routes[CANDIDATE] = in_turn(*trouble, File(CSV))
    patience, slept = quick(1, 2, 3)
    assert month(server, tmp_path, patience=patience).path.read_bytes() == CSV
    assert slept == [1, 7, 60]


def test_a_server_in_lasting_trouble(server, tmp_path):
    server.routes[CANDIDATE] = answers(500)
    refused(["answered 500", "nothing was received", "again later"], month, server, tmp_path, 0, 0)
    assert len(server.requests) == 3


def test_a_server_that_falls_silent(server, tmp_path):
    def stall(handler):
        handler.head(200, {"Content-Length": str(len(CSV)), "ETag": '"one"'})
        handler.wfile.write(CSV[:500])
        handler.server.ended.wait(5)

    server.routes[CANDIDATE] = stall
    refused(
        ["sent nothing for 0.2 seconds", "500 bytes are kept"], month, server, tmp_path, patience=quick(silence=0.2)[0]
    )


def test_a_server_that_sends_byte_by_byte(server, tmp_path):
    def drip(handler):
        handler.head(200, {"Content-Length": str(len(CSV)), "ETag": '"one"'})
        for byte in CSV:
            handler.wfile.write(bytes([byte]))
            if handler.server.ended.wait(0.01):
                return

    server.routes[CANDIDATE] = drip
    refused(["bytes in 0 seconds", "are kept"], month, server, tmp_path, patience=quick(window=0.2, least=4096)[0])


def test_without_a_network(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        base = f"http://127.0.0.1:{taken.getsockname()[1]}"
        patience, slept = quick(1, 2, 3)
        refused(
            ["no connection to 127.0.0.1", CANDIDATE, "events add FILE"], MONTH, tmp_path, base=base, patience=patience
        )
    assert slept == []


def test_without_a_name_server(tmp_path, monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    refused(["no connection to ucdp.uu.se", "name resolution", "events add FILE"], MONTH, tmp_path)


@settings(max_examples=40)
@given(
    cuts=st.lists(st.integers(0, len(CSV)), max_size=8),
    tries=st.integers(0, 4),
    validators=st.sampled_from([('"one"', None), (None, "Wed, 01 Oct 2025 10:00:00 GMT"), (None, None)]),
    ranges=st.booleans(),
    chunked=st.booleans(),
)
def test_wherever_it_is_cut_it_is_the_file_or_an_error_with_the_part(cuts, tries, validators, ranges, chunked):
    etag, modified = validators
    with Server() as server, TemporaryDirectory() as folder:
        server.routes[CANDIDATE] = File(CSV, etag, modified, list(cuts), ranges, chunked=chunked)
        for _ in range(len(cuts) + 1):
            try:
                made = month(server, Path(folder), *[0] * tries)
            except RecordsError as error:
                assert "Run the same command again" in str(error)
                kept = (Path(folder) / f"{NAME}.part").read_bytes()
                assert CSV.startswith(kept)
                assert not kept or f"{len(kept)} bytes are kept" in str(error)
                assert not (Path(folder) / NAME).exists()
            else:
                assert made.path.read_bytes() == CSV
                assert names(Path(folder)) == [NAME, f"{NAME}.download.json"]
                return
        raise AssertionError("all cuts are used up, and still there is no file")


# ------------------------------------------------------------------------------------------------- servers that mislead


def test_a_release_that_is_not_there(server, tmp_path):
    refused(["ucdp-ged 99.9", "404", "25.1", "--url", "events add FILE"], download.fetch, "ucdp-ged", "99.9", tmp_path,
            base=server.base)  # fmt: skip


def test_a_server_that_wants_a_login(server, tmp_path):
    server.routes[CANDIDATE] = answers(403)
    refused(["refuses", "403", "browser"], month, server, tmp_path)


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/octet-stream"])
def test_a_web_page_instead_of_data(kind, server, tmp_path):
    server.routes[CANDIDATE] = File(b"\n <!DOCTYPE html><html><title>Sign in, please</title>", kind=kind)
    refused(["HTML", "events add FILE"], month, server, tmp_path)
    assert not names(tmp_path)


@pytest.mark.parametrize(("body", "word"), [
    (b"", "empty"), (b" \n", "empty"), (b'{"error": 1}', "JSON"), (b"\x89PNG\0\0,", "neither"), (b"hello", "neither"),
    (b'<?xml version="1.0"?><Error/>', "XML"), (b"\xef\xbb\xbf<html>", "HTML"),
])  # fmt: skip
def test_other_things_instead_of_data(body, word, server, tmp_path):
    server.routes[CANDIDATE] = File(body)
    refused([word], month, server, tmp_path)
    assert not names(tmp_path)


@pytest.mark.parametrize("cut", [CSV[:-3], CSV[: CSV.index(b"old")], CSV[: CSV.index(b"\nsouth") + 1]])
def test_a_table_that_is_cut_in_a_row(cut, server, tmp_path):
    server.routes[CANDIDATE] = File(cut)
    refused(["middle of a row"], month, server, tmp_path)
    assert not names(tmp_path)


def test_a_table_without_a_last_line_end_is_whole(server, tmp_path):
    whole = rows(301)[:-1]  # ends in a cell with a line break in it
    server.routes[CANDIDATE] = File(whole)
    assert month(server, tmp_path).path.read_bytes() == whole


def test_more_bytes_announced_than_sent(server, tmp_path):
    server.routes[CANDIDATE] = File(CSV, announced=len(CSV) + 100)
    refused([f"{len(CSV)} bytes are kept"], month, server, tmp_path, 0)
    assert not (tmp_path / NAME).exists()


def test_fewer_bytes_announced_than_sent(server, tmp_path):
    server.routes[CANDIDATE] = File(CSV, announced=len(CSV) - 10)
    refused(["middle of a row"], month, server, tmp_path)


def test_a_range_longer_than_announced(server, tmp_path):
    server.routes[CANDIDATE] = File(CSV, cuts=[700])
    refused(["700 bytes are kept"], month, server, tmp_path)
    server.routes[CANDIDATE] = File(
        CSV + b"more", announced=len(CSV) + 4, content_range=f"bytes 700-{len(CSV) - 1}/{len(CSV)}"
    )
    refused(["more than the", "announced"], month, server, tmp_path)
    assert not names(tmp_path)


def test_a_file_over_the_limit_is_refused_by_its_announcement(server, tmp_path):
    body, seen = rows(30_000), []
    server.routes[CANDIDATE] = File(body)
    refused(["larger than the limit"], month, server, tmp_path, limit=len(body) - 1, progress=lambda *s: seen.append(s))
    assert not seen
    assert not names(tmp_path)


def test_a_server_that_never_ends(server, tmp_path):
    def endless(handler):
        handler.head(200, {"Transfer-Encoding": "chunked"})
        while not handler.server.ended.is_set():
            handler.wfile.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")

    server.routes[CANDIDATE] = endless
    refused(["larger than the limit of 3.0 MB"], month, server, tmp_path, limit=3_000_000)
    assert not names(tmp_path)


def test_bytes_packed_unasked(server, tmp_path):
    server.routes[CANDIDATE] = answers(200, b"\x1f\x8b", Content_Encoding="gzip")
    refused(["gzip", "unasked"], month, server, tmp_path)


def test_a_part_that_was_not_asked_for(server, tmp_path):
    server.routes[CANDIDATE] = answers(206, b"x", Content_Range="bytes 5-5/10")
    refused(["answered 206"], month, server, tmp_path)


def test_an_answer_that_is_not_http(server, tmp_path):
    server.routes[CANDIDATE] = lambda handler: handler.wfile.write(b"SSH-2.0-nonsense\r\n\r\n")
    refused(["broke"], month, server, tmp_path)


# ----------------------------------------------------------------------------------------------------------- redirects


def test_five_redirects_also_to_another_server(server, tmp_path):
    with Server() as other:
        other.routes["/5"] = File(CSV)
        server.routes[CANDIDATE] = answers(301, Location="/1")
        for n, status in zip(range(1, 4), (302, 303, 307), strict=True):
            server.routes[f"/{n}"] = answers(status, Location=f"{n + 1}")
        server.routes["/4"] = answers(308, Location=f"{other.base}/5")
        assert month(server, tmp_path).path.read_bytes() == CSV


def test_a_redirect_that_goes_round(server, tmp_path):
    server.routes[CANDIDATE] = answers(302, Location=CANDIDATE)
    refused(["more than 5 times"], month, server, tmp_path)
    assert len(server.requests) == 6


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/x", "javascript:1", "data:,x", "", "\x01"])
def test_a_redirect_to_what_is_not_the_web(to, server, tmp_path):
    server.routes[CANDIDATE] = answers(302, Location=to)
    refused(["redirects to" if to != "\x01" else "broke"], month, server, tmp_path, 0)
    assert not names(tmp_path)


@pytest.mark.parametrize("to", ["http://127.0.0.1:99999/", "http://" + "a" * 300 + ".invalid/"])
def test_a_redirect_to_an_address_that_cannot_be(to, server, tmp_path):
    server.routes[CANDIDATE] = answers(302, Location=to)
    refused(["ucdp-candidate 23.0.10"], month, server, tmp_path)


@pytest.fixture
def pretend(monkeypatch):
    """Answers in place of a network, for what needs encryption or names."""

    def install(answer):
        monkeypatch.setattr(httpx, "Client", partial(httpx.Client, transport=httpx.MockTransport(answer)))

    return install


def test_no_way_back_from_encryption(tmp_path, pretend):
    asked = []

    def answer(request):
        asked.append(str(request.url))
        return httpx.Response(302, headers={"Location": "http://ucdp.uu.se/plain.csv"})

    pretend(answer)
    refused(["not encrypted"], MONTH, tmp_path)
    assert asked == ["https://ucdp.uu.se" + CANDIDATE]


def test_onward_to_encryption(tmp_path, pretend):
    def answer(request):
        if request.url.scheme == "http":
            return httpx.Response(301, headers={"Location": str(request.url.copy_with(scheme="https"))})
        return httpx.Response(200, stream=httpx.ByteStream(CSV))

    pretend(answer)
    assert MONTH(tmp_path, base="http://mirror.example").path.read_bytes() == CSV


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ucdp.uu.se/x.zip", "http://", "https://[", "ftp://x/y", "", "\0"]
)
def test_an_address_that_is_none(url, tmp_path):
    refused(["ucdp-candidate 23.0.10"], MONTH, tmp_path, url=url)


def test_a_password_in_the_address_is_not_shown(server, tmp_path):
    server.routes["/x"] = answers(404)
    url = f"http://user:hunter2@127.0.0.1:{server.server_port}/x?sig=hunter2"
    assert "hunter2" not in refused(["/x"], MONTH, tmp_path, url=url)


# -------------------------------------------------------------------------------------------------------- hashes, disks


def test_a_wrong_hash_removes_the_file(server, tmp_path):
    server.routes[CANDIDATE] = File(CSV)
    refused([hashlib.sha256(CSV).hexdigest(), "0" * 64, "removed"], month, server, tmp_path, sha256="0" * 64)
    assert not names(tmp_path)


@pytest.mark.parametrize("sha256", ["", "abc", "g" * 64, "0" * 63])
def test_what_is_no_hash_is_refused_before_anything_is_asked(sha256, server, tmp_path):
    refused(["is no sha256"], month, server, tmp_path, sha256=sha256)
    assert not server.requests


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk(server, tmp_path):
    server.routes[CANDIDATE] = File(CSV)
    (tmp_path / f"{NAME}.part").symlink_to("/dev/full")
    with pytest.raises(CaseError, match="disk is full"):
        month(server, tmp_path)


def test_a_file_where_the_folder_should_be(server, tmp_path):
    server.routes[CANDIDATE] = File(CSV)
    (tmp_path / "downloads").write_text("")
    with pytest.raises(CaseError, match="a file stands where"):
        month(server, tmp_path / "downloads")


def test_one_download_at_a_time(server, tmp_path):
    server.routes[CANDIDATE] = File(CSV)
    with alone(tmp_path / NAME):
        refused(["another process"], month, server, tmp_path)
    assert month(server, tmp_path).path.read_bytes() == CSV


def test_certificates_that_are_not_there(tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("HTTPS_PROXY", "nonsense://127.0.0.1:1")
    refused(["proxies or certificates"], MONTH, tmp_path)
