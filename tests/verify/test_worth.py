"""Value for itself: the same as the whole evaluation gives, and nothing is checked for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from replant.case import read
from replant.module import row_classes
from replant.plan import Choices, make_plan
from replant.verify import evaluate, worth


@pytest.mark.parametrize("nothing", [False, True])
@pytest.mark.parametrize("name", ["golden-g1", "golden-g2", "golden-g1-scenarios"])
def test_value_alone_is_the_value_of_the_whole(cases: Path, name: str, nothing: bool):
    """To the last digit, in a case of one future and of several, kept rules or not."""
    case = read(cases / name, row_classes())
    plan = make_plan(case, Choices(nothing=nothing, allow_shortfall=nothing))
    assert worth(case, plan.decisions) == evaluate(case, plan.decisions).value
    assert worth(case, plan.decisions) == plan.verification.value


def test_a_cell_that_is_worth_more_moves_it(cases: Path):
    """It reads the case that it is given, not one that was read before."""
    case = read(cases / "golden-g1", row_classes())
    plan = make_plan(case)
    cell = case.row("property_offers", "hq_leaseback").cell("price")
    changed = case.replace_cells({cell: 107})
    assert worth(changed, plan.decisions) == evaluate(changed, plan.decisions).value
    assert worth(changed, plan.decisions) != worth(case, plan.decisions)
