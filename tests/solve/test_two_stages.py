"""Part by part, as one problem, or by trying everything: the optimum is the same."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import event, given

from replant.solve.decomposed import StagedSolution, solve_decomposed, solve_staged
from replant.solve.settings import SolveSettings
from replant.solve.solution import Status
from replant.solve.staged import Staged, whole_of
from replant.solve.whole import solve_matrix

sys.path.insert(0, str(Path(__file__).parent))

from two_stages import Optimum, enumerated, two_stages

EXACT = SolveSettings(gap=1e-9, time_limit=60.0)


def whole(staged: Staged) -> Optimum:
    """The optimum of everything as one problem."""
    arrays = whole_of(staged)
    solution = solve_matrix(
        matrix=arrays.matrix,
        objective=arrays.objective,
        constant=arrays.constant,
        lower=arrays.lower,
        upper=arrays.upper,
        integer=arrays.integer,
        row_lower=arrays.row_lower,
        row_upper=arrays.row_upper,
        settings=EXACT,
        # The solver's presolve is at work in the engine; the witness goes without it.
        options={"presolve": "off"},
    )
    return Optimum(solution.status, solution.objective)


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-5, abs=1e-5)


def hold(found: StagedSolution, true: Optimum, staged: Staged) -> None:
    """A solution that claims to be the end of it is: its status, its value, its first stage."""
    assert found.status is true.status
    if true.status is not Status.OPTIMAL:
        assert found.first is None
        return
    assert found.objective == near(true.value)
    assert found.bound == near(true.value)
    assert found.bound >= found.objective
    first, stage = found.first, staged.first
    assert first is not None
    height = stage.matrix @ first
    assert (height >= stage.row_lower - 1e-6).all()
    assert (height <= stage.row_upper + 1e-6).all()
    assert (first >= stage.lower - 1e-6).all()
    assert (first <= stage.upper + 1e-6).all()
    assert np.abs(first - np.round(first))[stage.integer].max(initial=0.0) <= 1e-6


def closable(staged: Staged) -> bool:
    """Whether parts can prove every optimum: no whole number follows a continuous column."""
    follows = any(staged.make(number).integer.any() for number in range(len(staged)))
    return bool(staged.first.integer.all()) or not follows


@given(two_stages())
def test_part_by_part_is_the_whole_problem(staged: Staged) -> None:
    """Law: Benders ends as the whole problem does, and is worth the same.

    Where whole numbers follow continuous columns it may leave the proof open, and says so.
    """
    true, found = whole(staged), solve_decomposed(staged, EXACT)
    event(f"{found.way}: {found.status}")
    if found.status is Status.NOT_PROVEN:
        assert not closable(staged)
        assert found.objective <= true.value + 1e-5
        assert found.bound >= true.value - 1e-5
    else:
        hold(found, true, staged)


@given(two_stages())
def test_the_way_that_suits_is_the_whole_problem(staged: Staged) -> None:
    """Law: what a user gets without naming a way is the optimum, and called so."""
    found = solve_staged(staged, EXACT)
    event(found.way)
    hold(found, whole(staged), staged)


@given(two_stages(("binary", "integer", "none"), ("binary", "integer")))
def test_part_by_part_is_what_trying_everything_finds(staged: Staged) -> None:
    """Law: no first stage that can be named is worth more than what Benders finds."""
    true = enumerated(staged)
    event(str(true.status))
    hold(solve_decomposed(staged, EXACT), true, staged)
    hold(solve_staged(staged, EXACT), true, staged)
