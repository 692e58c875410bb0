"""A problem in two stages, solved by the way that suits it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from replant.errors import SolverError
from replant.solve.algebra import one_thread
from replant.solve.assigning import assigned
from replant.solve.choosing import ASSIGNED, BENDERS, DIVIDED, SCIP, WHOLE, Choice, choose
from replant.solve.counting import counted
from replant.solve.decomposed import solve_decomposed
from replant.solve.dividing import divided
from replant.solve.keeping.arrays import Refused
from replant.solve.keeping.proven import proven_of_staged
from replant.solve.settings import SolveSettings
from replant.solve.solution import StagedSolution, Status
from replant.solve.staged import Staged, whole_of
from replant.solve.switched import switched
from replant.solve.version import check_version
from replant.solve.whole import solve_arrays
from replant.solve.whole_bounds import bounded_whole
from replant.solve.whole_staged import solve_staged_whole

__all__ = ["solve_staged"]

Floats = NDArray[np.float64]
Found = TypeVar("Found", bound=StagedSolution | None)

# A problem of one scenario is left to the solver's own cuts if these here end further apart.
_NEAR = 0.0075


@one_thread()
def solve_staged(staged: Staged, settings: SolveSettings | None = None) -> StagedSolution:
    """Solve a problem in two stages by the way that suits it.

    Parameters
    ----------
    staged : Staged
        The problem.
    settings : SolveSettings, optional
        When to stop, and whom to tell; ``strategy`` names a way instead of ``auto``.
    """
    chosen = settings or SolveSettings()
    if chosen.strategy in (BENDERS, SCIP):
        return solve_decomposed(staged, chosen)
    if chosen.strategy == WHOLE:
        return _whole(staged, staged, chosen)
    began = time.monotonic()
    choice = choose(switched(counted(bounded_whole(staged))))
    if choice.way == DIVIDED:
        solution = _by_boxes(choice, chosen, began)
    elif choice.way == ASSIGNED:
        solution = _by_prices(staged, choice, chosen, began)
    elif choice.way == WHOLE:
        solution = _whole(staged, choice.staged, _shortened(chosen, began))
    elif len(staged) == 1 and bool(staged.first.integer.any()) and not choice.chained:
        solution = _one_scenario(choice, chosen, began)
    else:
        solution = solve_decomposed(staged, chosen, began=began)
    return replace(
        solution,
        seconds=time.monotonic() - began,
        way=f"{solution.way}: {choice.words}",
    )


def _by_boxes(choice: Choice, settings: SolveSettings, began: float) -> StagedSolution:
    """Solve a problem whose parts are lists of ways; whole where boxes cannot tell."""
    assert choice.ways is not None
    check_version()
    try:
        return divided(choice.staged.first, choice.ways, settings, began)
    except Refused:
        raise
    except SolverError:
        found = solve_staged_whole(choice.staged, _shortened(settings, began))
        return replace(found, way=DIVIDED)


def _by_prices(
    staged: Staged, choice: Choice, settings: SolveSettings, began: float
) -> StagedSolution:
    """Solve an assignment with switches; whole where no plan is found to begin with."""
    assert choice.assigning is not None
    check_version()
    assigning = choice.assigning

    def solve(told: SolveSettings, known: float) -> StagedSolution | None:
        return assigned(assigning, told, began, known=known)

    found = _keeping(staged, settings, solve)
    return found or _whole(staged, choice.staged, _shortened(settings, began))


def _one_scenario(choice: Choice, settings: SolveSettings, began: float) -> StagedSolution:
    """Solve a problem of one scenario: part by part if that comes near, else whole from there."""
    near = solve_decomposed(choice.staged, settings, promising=_NEAR, began=began)
    rest = _shortened(settings, began)
    if near.status is not Status.NOT_PROVEN or rest.time_limit <= 0.0:
        return near
    start = _completed(choice, near)
    again = replace(rest, start=start)
    whole = solve_staged_whole(choice.staged, again, known=near.bound)
    better = near if near.objective > whole.objective else whole
    bound = min(near.bound, whole.bound)
    return replace(better, status=whole.status, bound=bound, rounds=near.rounds, way=WHOLE)


def _completed(choice: Choice, found: StagedSolution) -> Floats | None:
    """Return all columns of a plan, its recourse as it is best; None without a plan."""
    if found.first is None:
        return None
    arrays, width = whole_of(choice.staged), len(choice.staged.first)
    return solve_arrays(arrays.held(np.arange(width), found.first), SolveSettings()).values


def _whole(staged: Staged, written: Staged, settings: SolveSettings) -> StagedSolution:
    """Solve a problem, as it is written, whole; what is proven of it is kept on disk."""

    def solve(told: SolveSettings, known: float) -> StagedSolution:
        return solve_staged_whole(written, told, known=known)

    return _keeping(staged, settings, solve)


def _keeping(
    staged: Staged, settings: SolveSettings, solve: Callable[[SolveSettings, float], Found]
) -> Found:
    """Solve from what is proven of a problem on disk, and keep there what is proven by it.

    Parameters
    ----------
    staged : Staged
        The problem as it was given.
    settings : SolveSettings
        When to stop, whom to tell, and where it is kept.
    solve : callable
        Solves it; called with the settings and what no plan is worth more than.
    """
    proven = proven_of_staged(staged, settings)
    if proven is None:
        return solve(settings, np.inf)
    before = proven.bound
    found = solve(proven.watched(plans=True), before)
    if found is not None and proven.denied(found.objective, before):
        found = solve(proven.watched(plans=True), np.inf)
    if found is not None:
        proven.note(found.bound, now=True)
    return found


def _shortened(settings: SolveSettings, began: float) -> SolveSettings:
    """Return settings with the time that is left."""
    left = settings.time_limit - (time.monotonic() - began)
    return replace(settings, time_limit=max(0.0, left))
