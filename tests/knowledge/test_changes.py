"""Two readings compared: each statement is added, removed, changed or as before, and nothing else."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import strategies
from spillover.knowledge.changes import compare

quietly = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@quietly
@given(st.data())
def test_every_statement_is_accounted_for_once(data):
    document = data.draw(strategies.documents())
    old = data.draw(st.lists(strategies.statements(document), max_size=4))
    new = data.draw(
        st.lists(st.one_of(strategies.statements(document), st.sampled_from(old) if old else st.nothing()), max_size=4)
    )
    changes = compare("d", "a", old, "b", new)
    assert changes.unchanged + len(changes.changed) + len(changes.added) == len(new)
    assert changes.unchanged + len(changes.changed) + len(changes.removed) == len(old)
    assert all(c.fields for c in changes.changed)


@quietly
@given(st.data())
def test_a_reading_does_not_differ_from_itself_in_any_order(data):
    document = data.draw(strategies.documents())
    statements = data.draw(st.lists(strategies.statements(document), max_size=4))
    assert not compare("d", "a", statements, "b", data.draw(st.permutations(statements)))
