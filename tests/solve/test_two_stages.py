"""Part by part, as one problem, or by trying everything: the optimum is the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import event, given
from scipy.sparse import csr_matrix

from replant.solve import decomposed
from replant.solve.decomposed import solve_decomposed
from replant.solve.settings import SolveSettings
from replant.solve.solution import StagedSolution, Status
from replant.solve.staged import FirstStage, Recourse, Staged, whole_of
from replant.solve.suiting import solve_staged
from replant.solve.whole import solve_arrays
from tests.solve.two_stages import Optimum, enumerated, two_stages

EXACT = SolveSettings(gap=1e-9, time_limit=60.0)


def whole(staged: Staged) -> Optimum:
    """The optimum of everything as one problem."""
    # The solver's presolve is at work in the engine; the witness goes without it.
    solution = solve_arrays(whole_of(staged), EXACT, {"presolve": "off"})
    ended = Status.OPTIMAL if solution.status is Status.WITHIN_GAP else solution.status
    return Optimum(ended, solution.objective)


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-5, abs=1e-5)


def hold(found: StagedSolution, true: Optimum, staged: Staged) -> None:
    """A solution that claims to be the end of it is: its status, its value, its first stage."""
    if found.status is Status.WITHIN_GAP:
        assert found.gap <= EXACT.allowed(found.objective)
    else:
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


@given(two_stages(("binary", "integer", "mixed")))
def test_restarts_are_the_whole_problem(staged: Staged) -> None:
    """Law: the same, where whole numbers are too many for the tree and the master is restarted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decomposed, "_TREE", -1)
        true, found = whole(staged), solve_decomposed(staged, EXACT)
    event(str(found.status))
    if found.status is Status.NOT_PROVEN:
        assert not yes_or_no(staged)
        assert found.objective <= true.value + 1e-5
        assert found.bound >= true.value - 1e-5
    else:
        hold(found, true, staged)


def yes_or_no(staged: Staged) -> bool:
    """Whether restarts can prove every optimum: whole numbers follow yes and no alone."""
    stage = staged.first
    binary = stage.integer.all() and (stage.lower == 0.0).all() and (stage.upper == 1.0).all()
    follows = any(staged.make(number).integer.any() for number in range(len(staged)))
    return bool(binary) or not follows


def alone(objective: float, lower: float, upper: float, integer: bool, row: float) -> Staged:
    """One column ``x`` with a row ``x ≥ row``, and a scenario in which ``y ≤ x`` is worth 2."""
    stage = FirstStage(
        np.array([objective]),
        np.array([lower]),
        np.array([upper]),
        np.array([integer]),
        csr_matrix(np.ones((1, 1))),
        np.array([row]),
        np.array([np.inf]),
    )
    block = Recourse(
        np.array([2.0]),
        np.zeros(1),
        np.array([7e5]),
        np.zeros(1, dtype=bool),
        csr_matrix(np.ones((1, 1))),
        csr_matrix(-np.ones((1, 1))),
        np.array([-np.inf]),
        np.zeros(1),
    )
    return Staged(stage, np.ones(1), ("s",), lambda number: block)


@pytest.mark.parametrize("integer", [False, True])
@pytest.mark.parametrize("row", [-np.inf, 3e6])
def test_a_column_without_a_bound_may_go_far(integer: bool, row: float) -> None:
    """Law: an optimum that lies far out is found, however far the master first looks."""
    found = solve_decomposed(alone(-1.0, 0.0, np.inf, integer, row), EXACT)
    far = max(7e5, row)
    assert found.status is Status.OPTIMAL
    assert found.way == "Benders"
    assert found.first is not None
    assert found.first[0] == pytest.approx(far)
    assert found.objective == pytest.approx(1.4e6 - far)


@pytest.mark.parametrize("integer", [False, True])
def test_a_first_stage_worth_any_amount_is_called_so(integer: bool) -> None:
    """Law: without an end there is no optimum, and the bound says so."""
    found = solve_decomposed(alone(1.0, 0.0, np.inf, integer, 0.0), EXACT)
    assert found.status is Status.UNBOUNDED
    assert found.bound == np.inf


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
