"""What waits for a scenario and what does not: the modules and the exact engine agree."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from replant.case import read
from replant.kernel import Stage
from replant.module import discover, row_classes
from replant.plan import assemble
from replant.verify.evaluate import twins

FIRM = Path(__file__).parent.parent / "cases" / "everything"


def test_the_two_engines_agree_on_what_waits_for_a_scenario():
    """Columns of the plan file with stage recourse are those that twins name in RECOURSE."""
    columns = assemble(read(FIRM, row_classes())).columns
    decided = np.flatnonzero(~columns.derived)
    waiting = {
        (str(columns.owners[each]), str(columns.names[each]).partition(".")[2])
        for each in decided
        if columns.stage[each] == Stage.RECOURSE.value
    }
    exact = {(twin.NAME, name) for twin in twins() for name in getattr(twin, "RECOURSE", ())}
    assert waiting == exact
    assert {name for name, _ in waiting} <= {module.name for module in discover()}


def test_what_a_twin_names_as_waiting_is_a_column_of_its():
    for twin in twins():
        assert getattr(twin, "RECOURSE", frozenset()) <= twin.COLUMNS
