"""Problems and plans that no case would ask for, but that a solve must answer truly."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.solve import FirstStage, Progress, Recourse, SolveSettings, Staged, Status
from replant.solve.assigning import ASSIGNED
from replant.solve.bunching import COMPILED
from replant.solve.decomposed import solve_decomposed
from replant.solve.staged import WholeArrays
from replant.solve.suiting import solve_staged
from replant.solve.whole import solve_arrays
from tests.solve.test_assigning import every_plan, sites

Floats = NDArray[np.float64]
EXACT = SolveSettings(gap=1e-9)


def _staged(first: FirstStage, *blocks: Recourse) -> Staged:
    count = len(blocks)
    names = tuple(f"s{number}" for number in range(count))
    return Staged(first, np.full(count, 1.0 / count), names, blocks.__getitem__)


def _stage(objective: list[float], upper: list[float], integer: list[bool]) -> FirstStage:
    width = len(objective)
    return FirstStage(
        *(np.array(objective), np.zeros(width), np.array(upper), np.array(integer)),
        *(csr_matrix((0, width)), np.zeros(0), np.zeros(0)),
    )


def _recourse(
    objective: list[float], matrix: list[list[float]], technology: list[list[float]], most: Floats
) -> Recourse:
    width = len(objective)
    return Recourse(
        *(np.array(objective), np.zeros(width), np.full(width, np.inf)),
        np.zeros(width, dtype=bool),
        *(csr_matrix(np.array(matrix)), csr_matrix(np.array(technology))),
        *(np.full(len(most), -np.inf), most),
    )


def _bounded_in_a_scenario() -> Staged:
    """Sold is what is made, 3 a unit at a cost of 1; only the second scenario says that no more
    than 2 may be made, in a row in which it sells nothing."""
    stage = _stage([-1.0], [9.0], [True])
    free = _recourse([3.0], [[1.0]], [[-1.0]], np.zeros(1))
    held = _recourse([3.0], [[1.0], [0.0]], [[-1.0], [1.0]], np.array([0.0, 2.0]))
    return _staged(stage, free, held)


@pytest.mark.parametrize("start", [5.0, 2.0])
@pytest.mark.parametrize("again", [False, True])
def test_a_plan_that_a_row_of_one_scenario_forbids_is_no_plan(
    start: float, again: bool, tmp_path: Path
) -> None:
    """Law: a row over the first stage alone binds it in whichever scenario it stands, also a plan
    from elsewhere, whether it is given or comes from a file."""
    staged = _bounded_in_a_scenario()
    settings = replace(EXACT, start=np.array([start]), saving=tmp_path / "learnt.npz")
    if again:
        # What is kept for a problem that asks for less is gone on from.
        solve_decomposed(staged, replace(settings, time_limit=0.0))
    found = solve_decomposed(staged, settings)
    assert found.status is Status.OPTIMAL
    assert found.first is not None
    assert found.first.tolist() == [2.0]
    assert found.objective == pytest.approx(4.0)


def test_a_part_worth_any_amount_where_a_solve_begins_is_told_as_such(tmp_path: Path) -> None:
    """Law: a plan to begin from at which a scenario is worth any amount, in a problem of which no
    first stage keeps all rows, ends in ``infeasible`` like any other; without rows, in
    ``unbounded``."""
    endless = _recourse([1.0], [[0.0]], [[1.0]], np.array([-1.0]))
    settings = replace(EXACT, start=np.zeros(1), saving=tmp_path / "learnt.npz")
    none = solve_decomposed(_staged(_stage([1.0], [3.0], [False]), endless), settings)
    assert none.status is Status.INFEASIBLE
    without = _recourse([1.0], [[-1.0]], [[0.0]], np.array([0.0]))
    settings = replace(settings, saving=tmp_path / "other.npz")
    for _ in range(2):
        found = solve_decomposed(_staged(_stage([1.0], [3.0], [False]), without), settings)
        assert found.status is Status.UNBOUNDED


def _whole_numbers(seed: int) -> WholeArrays:
    """Six whole numbers and three rows."""
    draw = np.random.default_rng(seed)
    matrix = np.where(draw.random((3, 6)) < 0.7, draw.uniform(-2.0, 3.0, (3, 6)), 0.0)
    lower = draw.integers(-2, 1, 6).astype(float)
    upper = lower + draw.integers(1, 4, 6)
    point = draw.integers(lower, upper + 1.0)
    return WholeArrays(
        objective=draw.integers(-3, 4, 6).astype(float),
        constant=1.5,
        lower=lower,
        upper=upper,
        integer=np.ones(6, dtype=bool),
        matrix=csr_matrix(matrix),
        row_lower=np.where(draw.random(3) < 0.5, matrix @ point - 1.0, -np.inf),
        row_upper=matrix @ point + 1.0,
        starts=np.array([0, 6]),
    )


def _best(arrays: WholeArrays) -> float:
    ranges = [np.arange(a, b + 1.0) for a, b in zip(arrays.lower, arrays.upper, strict=True)]
    points = np.array(list(product(*ranges)))
    has = points @ arrays.matrix.toarray().T
    kept = ((has >= arrays.row_lower - 1e-9) & (has <= arrays.row_upper + 1e-9)).all(axis=1)
    return float((points[kept] @ arrays.objective).max()) + arrays.constant


@pytest.mark.parametrize("seed", range(24, 32))
def test_whole_numbers_between_bounds_that_are_not_whole(seed: int) -> None:
    """Law: bounds moved out by less than one change nothing of what whole numbers are worth."""
    arrays = _whole_numbers(seed)
    draw = np.random.default_rng([seed, 1])
    loose = replace(
        arrays,
        lower=arrays.lower - draw.choice([0.0, 0.3, 0.5, 0.999], 6),
        upper=arrays.upper + draw.choice([0.0, 0.2, 0.5, 0.7], 6),
    )
    found = solve_arrays(loose, EXACT)
    assert found.objective == pytest.approx(_best(arrays), abs=1e-6)


@pytest.mark.parametrize("seed", range(6, 16))
def test_a_plan_to_begin_from_that_is_not_whole_tells_no_bound(seed: int) -> None:
    """Law: whatever plan a solve begins from, no bound that is told lies below the optimum, and a
    plan within the gap is so near it."""
    arrays = _whole_numbers(seed)
    best = _best(arrays)
    for number in range(4):
        draw = np.random.default_rng([seed, number])
        start = draw.uniform(arrays.lower, arrays.upper)
        start = np.where(draw.random(6) < 0.5, np.round(start), start)
        lines: list[Progress] = []
        settings = SolveSettings(gap=0.01, start=start, on_progress=lines.append)
        found = solve_arrays(arrays, settings)
        assert all(line.bound >= best - 1e-6 for line in lines)
        assert found.objective >= best - settings.allowed(best) - 1e-6


def test_what_is_worth_any_amount_tells_no_bound() -> None:
    """Law: whether anything is possible at all is asked of another problem, whose bound and plans
    are not told as those of this one."""
    lines: list[Progress] = []
    endless = WholeArrays(
        *(np.array([1.0, 1.0]), 1.5, np.zeros(2), np.array([np.inf, 4.0])),
        *(np.array([False, True]), csr_matrix(np.array([[0.0, 1.0]])), np.zeros(1), np.ones(1)),
        starts=np.array([0, 2]),
    )
    found = solve_arrays(endless, replace(EXACT, on_progress=lines.append))
    assert found.status is Status.UNBOUNDED
    assert all(line.bound == np.inf for line in lines)


@pytest.mark.parametrize("seed", [171, 288])
def test_switches_beyond_yes_and_no_are_no_plan(seed: int) -> None:
    """Law: a plan to begin from whose switches lie outside their bounds is not taken."""
    staged = sites(seed)
    start = np.append(np.full(len(staged.first), -1.0), np.zeros(len(staged.make(0))))
    found = solve_staged(staged, replace(EXACT, start=start))
    assert found.way.startswith(ASSIGNED) == COMPILED
    assert found.objective == pytest.approx(every_plan(staged)[1].max(), abs=1e-6)
