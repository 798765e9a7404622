"""Scenario files: what is written is what is read, and everything else is an error that says what and where."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spillover.errors import SpreadError
from spillover.forecasting.scenarios import (
    AddTie,
    Border,
    CutTie,
    Joins,
    NewCountry,
    ScaleBackground,
    load,
    parse,
)

names = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1, max_size=12).map(
    str.strip
).filter(lambda s: s and s != "?")  # fmt: skip
factors = st.floats(0.001, 100)
common = {"link": st.floats(0, 1), "because": names}


def table(**keys):
    return st.fixed_dictionaries(keys, optional=common)


def tables():
    return st.one_of(
        table(kind=st.just("scale_background"), group=names, factor=factors),
        table(kind=st.just("scale_background"), group=names, **{"from": st.floats(1, 99), "to": st.floats(0, 99)}),
        table(kind=st.just("cut_tie"), **{"from": names, "to": names}),
        table(kind=st.just("add_tie"), like=names, **{"from": names, "to": names}),
        table(kind=st.just("add_tie"), factor=factors, **{"from": names, "to": names}),
        table(kind=st.just("joins"), group=names.map("a".__add__), into=names.map("b".__add__)),
        table(kind=st.just("border"), factor=factors),
        table(kind=st.just("new_country"), group=names, country=names, share=st.floats(0, 1)),
        table(
            kind=st.just("new_country"), group=names, country=names, per_year=factors, lat=st.floats(-90, 90),
            lon=st.floats(-180, 180),
        ),
    )  # fmt: skip


def written(head, edits):
    def value(v):
        return json.dumps(v, ensure_ascii=False) if isinstance(v, str) else repr(v)

    lines = [f"{k} = {value(v)}" for k, v in head.items()]
    for edit in edits:
        lines += ["[[edit]]", *(f"{k} = {value(v)}" for k, v in edit.items())]
    return "\n".join(lines)


@given(title=names, months=st.integers(1, 120), edits=st.lists(tables(), max_size=4))
def test_what_is_written_is_what_is_read(title, months, edits):
    made = parse(written({"title": title, "horizon_months": months}, edits))
    assert (made.title, made.months, len(made.edits)) == (title, months, len(edits))
    for given_, edit in zip(edits, made.edits, strict=True):
        assert edit.kind == given_["kind"] and edit.link == given_.get("link", 1.0)
        assert edit.because == given_.get("because")
        renamed = {"from": "source", "to": "target"} if edit.kind.endswith("tie") else {"from": "before", "to": "after"}
        for key in given_.keys() - {"kind"}:
            assert getattr(edit, renamed.get(key, key)) == given_[key]
        assert edit.words().startswith(edit.says())


@given(st.text(max_size=200))
def test_any_text_is_a_scenario_or_an_error_of_ours(text):
    try:
        parse(text)
    except SpreadError as error:
        assert error.to_do and error.where


@given(st.binary(max_size=100))
def test_any_file_is_a_scenario_or_an_error_of_ours(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(data)
    try:
        load(path)
    except SpreadError as error:
        assert str(path) in str(error)


@given(
    tables(), st.sampled_from(["gruop", "factr", "months", "weight"]), st.one_of(st.integers(), names, st.booleans())
)
def test_a_key_that_is_not_known_is_refused(edit, key, value):
    text = written({"title": "x"}, [edit | {key: value if not isinstance(value, bool) else str(value)}])
    with pytest.raises(SpreadError, match="no such key"):
        parse(text)


def edit(text):
    return parse('title = "x"\n[[edit]]\n' + text.replace("; ", "\n"), where="x.toml").edits[0]


@pytest.mark.parametrize(("text", "found"), [
    (
        'kind = "scale_background"; group = "IS"; from = 1_500; to = 10_000',
        ScaleBackground(group="IS", factor=10_000 / 1_500, before=1500, after=10_000),
    ),
    ('kind = "scale_background"; group = "A"; factor = 2; link = 0.5', ScaleBackground(group="A", factor=2, link=0.5)),
    ('kind = "cut_tie"; from = "A"; to = "B"', CutTie(source="A", target="B")),
    ('kind = "add_tie"; from = "A"; to = "B"; like = "C"', AddTie(source="A", target="B", like="C")),
    ('kind = "joins"; group = "A"; into = "B"; because = "so."', Joins(group="A", into="B", because="so.")),
    ('kind = "border"; factor = 0', Border(factor=0.0)),
    (
        'kind = "new_country"; group = "A"; country = "AFG"; share = 0.2; where = "Kunduz"',
        NewCountry(group="A", country="AFG", share=0.2, where="Kunduz"),
    ),
])  # fmt: skip
def test_edits(text, found):
    assert edit(text) == found


def test_the_elasticity_is_in_the_assumption():
    made = edit('kind = "scale_background"; group = "IS"; from = 1_500; to = 10_000; link = 0.5; because = "it grows."')
    assert made.multiplier == pytest.approx((10 / 1.5) ** 0.5)
    assert "2.58: 6.67 (from 1,500 to 10,000) to the power of the link 0.5" in made.words()
    assert made.words().endswith("Because: it grows.")


@pytest.mark.parametrize(("text", "what"), [
    ("", "title: it is missing"),
    ('title = ""', "title: '' is no text"),
    ("title = 3", "title: 3 is no text"),
    ("title", "no TOML: Expected"),
    ('title = "x"\nhorizon_months = 0', "horizon_months: 0 is out of range. Give a number from 1 to 120"),
    ('title = "x"\nhorizon_months = 1.5', "no whole number"),
    ('title = "x"\nhorizon_months = "12"', "is no number"),
    ('title = "x"\nhorizon_months = true', "is no number"),
    ('title = "x"\nhorizon = 12', "horizon: there is no such key of a scenario. Did you mean 'horizon_months'"),
    ('title = "x"\nedit = 3', r"Write \[\[edit\]\]"),
    ('title = "x"\n[edit]\nkind = "joins"', r"Write \[\[edit\]\]"),
])  # fmt: skip
def test_errors_of_the_file(text, what):
    with pytest.raises(SpreadError, match=what):
        parse(text)


@pytest.mark.parametrize(("text", "what"), [
    ("group = 'IS'", "edit 1, kind: it is missing"),
    ("kind = 'scale_backgrund'", "Did you mean 'scale_background'"),
    ("kind = 'zzz'", "Use one of scale_background, cut_tie"),
    ("kind = 'scale_background'; group = 'IS'", r"edit 1 \(scale_background\), factor: it is missing"),
    ("kind = 'scale_background'; group = 'IS'; factor = '?'", "still to be filled in. Replace '.'"),
    ("kind = 'scale_background'; group = '?'; factor = 2", "group: it is still to be filled in"),
    ("kind = 'scale_background'; group = 'IS'; factor = -1", "out of range"),
    ("kind = 'scale_background'; group = 'IS'; factor = nan", "is no number"),
    ("kind = 'scale_background'; group = 'IS'; factor = inf", "is no number"),
    ("kind = 'scale_background'; group = 'IS'; factor = 2; from = 1; to = 2", "factor: it cannot be given beside"),
    ("kind = 'scale_background'; group = 'IS'; from = 0; to = 2", "from: 0 is out of range"),
    ("kind = 'scale_background'; group = 'IS'; from = 1; to = 2000", "more than 1,000 times"),
    ("kind = 'scale_background'; group = 'IS'; from = 1", "to: it is missing"),
    ("kind = 'scale_background'; group = 'IS'; factor = 2; link = 11", "link: 11 is out of range"),
    ("kind = 'cut_tie'; from = 'A'; to = 'B'; link = 2", "link: 2 is out of range"),
    ("kind = 'cut_tie'; from = 'A'", "to: it is missing"),
    ("kind = 'add_tie'; from = 'A'; to = 'B'", "like or factor: it is missing"),
    ("kind = 'add_tie'; from = 'A'; to = 'B'; like = 'C'; factor = 2", "like and factor cannot both be given"),
    ("kind = 'joins'; group = 'A'; into = 'A'", "cannot join itself"),
    ("kind = 'new_country'; group = 'A'; country = 'AFG'", "share or per_year: it is missing"),
    ("kind = 'new_country'; group = 'A'; country = 'AFG'; share = 0.5; link = 3", "more than the whole"),
    ("kind = 'new_country'; group = 'A'; country = 'AFG'; share = 0.5; lat = 3", "lat, lon: one of the two is missing"),
    ("kind = 'new_country'; group = 'A'; country = 'AFG'; share = 0.5; lat = 3; lon = 4; where = 'X'", "where: it"),
    ("kind = 'new_country'; group = 'A'; country = 'AFG'; share = 2", "out of range"),
])  # fmt: skip
def test_errors_of_an_edit(text, what):
    with pytest.raises(SpreadError, match=what) as raised:
        edit(text)
    assert str(raised.value).startswith("x.toml, edit 1")


def test_numbers_beyond_all_bounds_are_no_numbers():
    with pytest.raises(SpreadError, match="is no number"):
        edit("kind = 'border'; factor = 1" + "0" * 400)
    with pytest.raises(SpreadError, match="no TOML"):
        edit("kind = 'border'; factor = 1" + "0" * 5000)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(SpreadError, match=r"nothing\.toml: it cannot be read"):
        load(tmp_path / "nothing.toml")
