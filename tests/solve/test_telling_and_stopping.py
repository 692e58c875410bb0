"""What is told on the way is true, the same each time, and still true where the way ends early."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from replant.solve.decomposed import solve_decomposed
from replant.solve.settings import Progress, SolveSettings
from replant.solve.solution import StagedSolution, Status
from replant.solve.staged import Staged
from replant.solve.suiting import solve_staged
from tests.solve.two_stages import Floats, enumerated, kept, two_stages

EXACT = SolveSettings(gap=1e-9, time_limit=60.0)
COUNTABLE = (("binary", "integer"), ("binary", "integer"))
Way = Callable[[Staged, SolveSettings], StagedSolution]
WAYS = pytest.mark.parametrize("way", [solve_decomposed, solve_staged])


def worth(staged: Staged, first: Floats) -> float:
    """What one first stage is worth by trying every recourse."""
    stage = staged.first
    assert kept(stage.matrix @ first, stage.row_lower - 1e-6, stage.row_upper + 1e-6)
    return enumerated(replace(staged, first=replace(stage, lower=first, upper=first))).value


@WAYS
@given(staged=two_stages(*COUNTABLE))
def test_the_optimum_lies_between_plan_and_bound_all_the_way(way: Way, staged: Staged) -> None:
    """Law: at every line of progress and every plan: plan ≤ optimum ≤ bound; a plan is worth what
    is said of it, each is better than the one before, and no line takes back an earlier one."""
    lines: list[Progress] = []
    plans: list[tuple[float, float, Floats]] = []
    settings = replace(
        EXACT,
        on_progress=lines.append,
        on_first=lambda value, bound, first: plans.append((value, bound, first.copy())),
    )
    way(staged, settings)
    best = enumerated(staged).value
    for line in lines:
        assert line.value <= best + 1e-6
        assert line.bound >= best - 1e-6
    for value, bound, first in plans:
        assert value <= best + 1e-6
        assert bound >= best - 1e-6
        assert value == pytest.approx(worth(staged, first), abs=1e-6)
    for earlier, later in pairwise(plans):
        assert later[0] > earlier[0]
    if way is solve_decomposed:
        assert all(b.bound <= a.bound + 1e-9 for a, b in pairwise(lines))


@WAYS
@given(staged=two_stages())
def test_the_same_problem_takes_the_same_road(way: Way, staged: Staged) -> None:
    """Law: a second solve tells the same values and bounds and ends at the same bytes."""

    def road() -> tuple[list[tuple[float, float]], StagedSolution]:
        told: list[tuple[float, float]] = []
        settings = replace(EXACT, on_progress=lambda line: told.append((line.bound, line.value)))
        return told, way(staged, settings)

    (one, first), (other, second) = road(), road()
    assert one == other
    assert first.status is second.status
    assert (first.objective, first.bound, first.rounds) == (
        second.objective,
        second.bound,
        second.rounds,
    )
    assert (first.first is None) is (second.first is None)
    if first.first is not None and second.first is not None:
        assert first.first.tobytes() == second.first.tobytes()


@WAYS
@given(staged=two_stages(*COUNTABLE), limit=st.sampled_from((0.0, 1e-4, 1e-3, 3e-3)))
def test_too_little_time_leaves_what_is_true(way: Way, staged: Staged, limit: float) -> None:
    """Law: however little time there is, plan ≤ optimum ≤ bound, and only a proof is called one."""
    found, true = way(staged, replace(EXACT, time_limit=limit)), enumerated(staged)
    event(str(found.status))
    true_so_far(found, staged)
    if found.status in (Status.OPTIMAL, Status.INFEASIBLE):
        assert found.status is true.status
        assert found.status is Status.INFEASIBLE or found.objective == pytest.approx(true.value)


@given(staged=two_stages(*COUNTABLE), line=st.integers(0, 5))
def test_ctrl_c_leaves_what_is_true(staged: Staged, line: int) -> None:
    """Law: a person who stops at any line of progress gets the best plan so far and its bound."""
    lines: list[Progress] = []

    def interrupt(progress: Progress) -> None:
        lines.append(progress)
        if len(lines) == line + 1:
            signal.raise_signal(signal.SIGINT)

    found = solve_decomposed(staged, replace(EXACT, on_progress=interrupt))
    event(str(found.status))
    true_so_far(found, staged)
    if found.status is Status.INTERRUPTED:
        assert len(lines) > line
    assert found.status is not Status.TIME_LIMIT


def true_so_far(found: StagedSolution, staged: Staged) -> None:
    """Plan and bound of a solve that ended anywhere."""
    best = enumerated(staged).value
    assert found.bound >= best - 1e-6
    assert found.objective <= best + 1e-6
    if found.first is not None:
        assert worth(staged, found.first) == pytest.approx(found.objective, abs=1e-6)
    else:
        assert found.objective == -np.inf
