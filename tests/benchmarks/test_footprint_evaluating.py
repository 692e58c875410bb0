"""A first stage is worth in each scenario what that scenario's own problem says."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.footprint import source
from benchmarks.footprint.evaluating import Evaluator
from benchmarks.footprint.problem import program_of
from benchmarks.footprint.staged import staged_firm
from replant.solve.settings import SolveSettings
from replant.solve.solution import Status
from replant.solve.staged import Staged
from replant.solve.whole import solve_matrix, solve_whole

pytestmark = pytest.mark.skipif(not source.is_there(), reason="needs the footprint generator")

Floats = NDArray[np.float64]


@pytest.fixture(scope="module")
def staged() -> Staged:
    firm = source.firm("tiny")
    return staged_firm(firm, source.scenarios(firm, 5))


@pytest.fixture(scope="module")
def plan() -> Floats:
    """A first stage that keeps all rows: the one best for the base."""
    program = program_of(source.firm("tiny"), wanted_only=True)
    values = solve_whole(program, SolveSettings(gap=0.01)).values
    assert values is not None
    return values[program.here_and_now]


def alone(staged: Staged, number: int, first: Floats) -> float:
    """What one scenario's own problem is worth, as one problem over all periods."""
    part = staged.make(number)
    taken = part.technology @ first
    solution = solve_matrix(
        matrix=part.matrix,
        objective=part.objective,
        lower=part.lower,
        upper=part.upper,
        integer=part.integer,
        row_lower=part.row_lower - taken,
        row_upper=part.row_upper - taken,
        settings=SolveSettings(),
    )
    if solution.status is Status.INFEASIBLE:
        return -np.inf
    return float(staged.first.objective @ first) + solution.objective


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("threads", [1, 2])
def test_periods_apart_are_worth_the_whole_scenario(
    staged: Staged, plan: Floats, own: bool, threads: int
) -> None:
    """Periods solved apart and then the cash chain have the value of the scenario as one."""
    evaluator = Evaluator(staged, own=own)
    for first in (plan, 0.9 * plan, 0.0 * plan):
        wanted = [alone(staged, number, first) for number in range(len(staged))]
        assert np.allclose(evaluator.evaluate(first, threads=threads), wanted, rtol=1e-7)


def test_a_first_stage_that_no_scenario_can_bear_is_worth_nothing(
    staged: Staged, plan: Floats
) -> None:
    """Where some row cannot be kept, the worth is minus infinity, and not an error."""
    values = Evaluator(staged, own=True).evaluate(-plan)
    assert values.tolist() == [-np.inf] * len(staged)
    assert alone(staged, 0, -plan) == -np.inf


def test_chunks_do_not_matter(
    staged: Staged, plan: Floats, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many scenarios are written out at a time, the values are the same."""
    at_once = Evaluator(staged, own=True).evaluate(plan)
    monkeypatch.setattr("benchmarks.footprint.evaluating.CHUNK", 2)
    assert np.allclose(Evaluator(staged, own=True).evaluate(plan), at_once, rtol=1e-9)
