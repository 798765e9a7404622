"""The schema accepts every statement of the vocabulary and refuses what is outside it."""

from __future__ import annotations

import copy
import json
from importlib.resources import files

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

import strategies
from spillover.cli.app import app
from spillover.reading.statement import KINDS, TYPES, Statement

SCHEMA = json.loads(files("spillover.reading").joinpath("statement.schema.json").read_text("utf-8"))
VALID = Draft202012Validator(SCHEMA)


def test_it_is_a_valid_schema_and_the_command_prints_it():
    Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(CliRunner().invoke(app, ["schema"]).stdout) == SCHEMA


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategies.statements())
def test_every_statement_is_valid_and_comes_back_from_its_json(statement):
    data = json.loads(json.dumps(statement.to_dict()))
    VALID.validate(data)
    assert Statement.from_dict(data) == statement
    assert list(data) == list(SCHEMA["properties"])


def objects(value, path=()):
    if isinstance(value, dict):
        yield path
        for name, inner in value.items():
            yield from objects(inner, (*path, name))
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from objects(inner, (*path, n))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategies.statements(), st.data())
def test_a_key_too_many_or_too_few_anywhere_is_refused(statement, data):
    good = statement.to_dict()
    path = data.draw(st.sampled_from(list(objects(good))))

    def at(value):
        for step in path:
            value = value[step]
        return value

    more, less = copy.deepcopy(good), copy.deepcopy(good)
    at(more)["surplus"] = 1
    del at(less)[data.draw(st.sampled_from(sorted(at(less))))]
    assert not VALID.is_valid(more) and not VALID.is_valid(less)


@pytest.mark.parametrize("kind", KINDS)
def test_the_types_of_a_kind_are_the_vocabulary_s(kind):
    by_kind = {
        rule["if"]["properties"]["kind"]["const"]: rule["then"]["properties"]["type"]["enum"]
        for rule in SCHEMA["allOf"]
    }
    assert by_kind[kind] == list(TYPES[kind])
    assert set(by_kind) == set(KINDS)
