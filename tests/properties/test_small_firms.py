"""Small firms at random: what is planned is lawful, verified, and no better than its bound."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from replant.errors import Infeasible
from replant.plan import Planned, make_plan
from replant.solve import SolveSettings
from tests.properties.brute import TooMany, best_of_all
from tests.properties.firms import small_firms, tiny_firms
from tests.properties.making import Tables, case_of

EXACTLY = SolveSettings(gap=0.0, time_limit=60.0)
calm = settings(deadline=None, suppress_health_check=list(HealthCheck))


def planned(tables: Tables) -> Planned | None:
    try:
        return make_plan(case_of(tables), settings=EXACTLY)
    except Infeasible:
        return None


@pytest.mark.slow
@given(small_firms())
@settings(calm, max_examples=100)
def test_a_plan_is_verified_and_keeps_below_its_bound(tables: Tables):
    plan = planned(tables)
    if plan is None:
        return
    assert plan.verification.ok, plan.verification.sentences()
    size = max(1.0, abs(plan.value))
    assert plan.value <= plan.solution.bound + 1e-6 * size
    # rounding to cars, people and thousandths of money costs next to nothing
    assert plan.value >= plan.solution.objective - 0.2


@pytest.mark.slow
@given(tiny_firms())
@settings(calm, max_examples=12)
def test_nothing_that_can_be_enumerated_is_better(tables: Tables):
    plan = planned(tables)
    try:
        best = best_of_all(case_of(tables))
    except TooMany:
        return
    if plan is None:
        assert best is None
        return
    assert plan.verification.ok, plan.verification.sentences()
    assert best is not None
    assert plan.solution.objective == pytest.approx(best, abs=1e-5, rel=1e-7)
