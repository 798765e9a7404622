"""The report as a file: safe whatever the text holds, the same bytes for the same input, whole or not there."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_sample import ACTORS, SampleReading, bare_reading, reading

from spillover.errors import SpilloverError
from spillover.publishing.report import page, render_report, write_report
from spillover.publishing.report.data import ACTOR_FIELDS, json_for_script, report_data
from spillover.reading.statement import KINDS, STATUSES, TYPES

STATIC = Path(page.__file__).parent / "static"
needs_build = pytest.mark.skipif(
    not (STATIC / "report.js").is_file(), reason="the front end is not built: python hatch_build.py"
)
NASTY = "a </script><script>alert(1)</script> <!-- \u2028 \u2029 & <img src=x onerror=alert(2)> \U0001f600 ' \" b"


class Page(HTMLParser):
    """The scripts, styles and links of a page, read as a browser reads them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.styles: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append((dict(attrs), ""))
        if tag == "style":
            self.styles.append("")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            attrs, text = self.scripts[-1]
            self.scripts[-1] = (attrs, text + data)
        elif self.cdata_elem == "style":
            self.styles[-1] += data
        else:
            self.words.append(data)

    @property
    def data(self) -> dict:
        (text,) = [text for attrs, text in self.scripts if attrs.get("id") == "report-data"]
        return json.loads(text)

    @property
    def policy(self) -> str:
        (policy,) = [a["content"] for _, a in self.tags if a.get("http-equiv") == "Content-Security-Policy"]
        return policy or ""


@pytest.fixture(scope="module")
def sample() -> SampleReading:
    return reading()


@needs_build
def test_policy_names_the_hash_of_every_script_and_style_and_nothing_else(sample):
    found = Page(render_report([sample], actors=ACTORS))

    def digest(text: str) -> str:
        return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    code = [digest(text) for attrs, text in found.scripts if "type" not in attrs]
    assert len(code) == 2
    assert re.search(r"script-src ([^;]*)", found.policy).group(1).split() == [f"'{h}'" for h in code]
    assert re.search(r"style-src ([^;]*)", found.policy).group(1).split() == [f"'{digest(t)}'" for t in found.styles]
    assert found.policy.startswith("default-src 'none';")
    assert "unsafe" not in found.policy
    assert "*" not in found.policy.replace("sha256-", "")


@needs_build
def test_nothing_in_the_page_can_ask_for_anything(sample):
    found = Page(render_report([sample], actors=ACTORS))
    for tag, attrs in found.tags:
        assert "style" not in attrs, f"<{tag}> has a style attribute, which the policy blocks"
        assert not any(name.startswith("on") for name in attrs)
        for name in ("src", "srcset", "action", "data", "poster", "background"):
            assert not attrs.get(name), f"<{tag} {name}>"
        if tag == "link":
            assert attrs["href"].startswith("data:")
    assert not re.search(r"@import|url\(\s*['\"]?(?!#)(?!data:)", " ".join(found.styles))
    assert {tag for tag, _ in found.tags}.isdisjoint({"iframe", "object", "embed", "base", "form", "img"})


@needs_build
def test_same_readings_give_the_same_bytes(sample, tmp_path):
    first = write_report([sample, bare_reading()], tmp_path / "one" / "report.html", actors=ACTORS)
    again = write_report([reading(), bare_reading()], tmp_path / "two.html", actors=dict(reversed(ACTORS.items())))
    assert first.read_bytes() == again.read_bytes()
    assert list(first.parent.iterdir()) == [first], "no partial file is left"


@needs_build
def test_page_carries_the_whole_reading(sample):
    data = Page(render_report([sample], actors=ACTORS)).data
    (document,) = data["documents"]
    assert document["text"] == sample.document.text
    assert document["statements"] == [s.to_dict() for s in sample.statements]
    assert [r["reason"] for r in document["rejected"]] == [r.reason for r in sample.rejected]
    assert data["title"] == sample.document.metadata.title
    assert "un" not in data["actors"], "an actor that no statement names stays out"
    assert data["actors"]["harmattan-brigades"]["ucdp_id"] == "9901"


@needs_build
def test_without_scripts_text_and_statements_are_there(sample):
    words = " ".join(Page(render_report([sample], actors=ACTORS)).words)
    for block in sample.document.blocks:
        assert sample.document.text[block.start : block.end] in words
    for statement in sample.statements:
        assert statement.evidence.quote in words
    assert "pledged to" in words
    assert "No statement was found" in " ".join(Page(render_report([bare_reading()])).words)


@needs_build
def test_hostile_words_stay_words(sample):
    doc = replace(
        sample.document, name=NASTY, warnings=(NASTY,), metadata=replace(sample.document.metadata, title=NASTY)
    )
    statement = replace(sample.statements[0], text=NASTY, rule=NASTY, condition=NASTY)
    hostile = SampleReading(doc, (statement,), (), engine=NASTY, ruleset=NASTY)
    found = Page(render_report([hostile], title=NASTY))
    assert found.data["documents"][0]["statements"][0]["text"] == NASTY
    assert found.data["title"] == NASTY
    assert [tag for tag, _ in found.tags].count("script") == 3
    assert "img" not in {tag for tag, _ in found.tags}


@needs_build
@settings(max_examples=60, deadline=None)
@given(
    st.text(min_size=1)
    | st.lists(st.sampled_from(["</script>", "<!--", "<script", "\u2028", "\ud800", "\x00", "\r", "]]>", "a"])).map(
        "".join
    )
)
def test_any_text_survives(text):
    text = text or "-"
    found = Page(render_report([bare_reading(text)]))
    assert found.data["documents"][0]["text"] == text
    assert [tag for tag, _ in found.tags].count("script") == 3


@given(
    st.recursive(
        st.text() | st.integers() | st.none() | st.booleans(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_json_for_script_is_json_that_no_html_parser_can_leave(value):
    text = json_for_script(value)
    assert json.loads(text) == value
    assert "<" not in text
    assert not set(text) & {"\u2028", "\u2029"}
    text.encode("utf-8")


def test_every_kind_type_and_status_has_words():
    words = report_data([bare_reading()])["words"]
    assert set(words["kinds"]) == set(KINDS)
    assert set(words["status"]) == set(STATUSES)
    assert {t for types in TYPES.values() for t in types} <= set(words["types"])
    assert {t for types in words["sign"].values() for t in types} <= set(TYPES["tie"])
    letters = [kind["letter"] for kind in words["kinds"].values()]
    assert len(set(letters)) == len(letters)


def test_the_lexicon_has_the_fields_that_the_report_shows():
    import spillover.reading  # noqa: F401
    from spillover.lexicon import ActorInfo

    assert set(ACTOR_FIELDS) <= {field.name for field in fields(ActorInfo)}


def test_no_reading_is_an_error(tmp_path):
    with pytest.raises(SpilloverError, match="at least one reading"):
        write_report([], tmp_path / "report.html")
    assert not list(tmp_path.iterdir())


@needs_build
def test_unwritable_place_is_a_clear_error_and_keeps_what_was_there(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("kept")
    with pytest.raises(SpilloverError, match="cannot be written"):
        write_report([bare_reading()], blocked / "report.html")
    assert blocked.read_text() == "kept"


def test_missing_front_end_says_how_to_build_it():
    with pytest.raises(SpilloverError, match=r"hatch_build\.py"):
        page._built("no-such-file.js")


def test_script_safe_means_the_same():
    assert page.script_safe('"</script>" + "<!--" + `<script>`') == '"<\\/script>" + "\\x3c!--" + `\\x3cscript>`'
