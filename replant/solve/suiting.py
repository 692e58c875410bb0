"""A problem in two stages, solved by the way that suits it."""

from __future__ import annotations

import time
from dataclasses import replace

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
        left = max(0.0, chosen.time_limit - (time.monotonic() - began))
        solution = _whole(staged, choice.staged, replace(chosen, time_limit=left))
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
        left = max(0.0, settings.time_limit - (time.monotonic() - began))
        found = solve_staged_whole(choice.staged, replace(settings, time_limit=left))
        return replace(found, way=DIVIDED)


def _by_prices(
    staged: Staged, choice: Choice, settings: SolveSettings, began: float
) -> StagedSolution:
    """Solve an assignment with switches; whole where no plan is found to begin with."""
    assert choice.assigning is not None
    check_version()
    proven = proven_of_staged(staged, settings)
    if proven is None:
        found = assigned(choice.assigning, settings, began)
    else:
        before, watched = proven.bound, proven.watched(plans=True)
        found = assigned(choice.assigning, watched, began, known=before)
        if found is not None and proven.denied(found.objective, before):
            found = assigned(choice.assigning, proven.watched(plans=True), began)
        if found is not None:
            proven.note(found.bound, now=True)
    if found is not None:
        return found
    left = max(0.0, settings.time_limit - (time.monotonic() - began))
    return _whole(staged, choice.staged, replace(settings, time_limit=left))


def _one_scenario(choice: Choice, settings: SolveSettings, began: float) -> StagedSolution:
    """Solve a problem of one scenario: part by part if that comes near, else whole from there."""
    near = solve_decomposed(choice.staged, settings, promising=_NEAR, began=began)
    left = settings.time_limit - (time.monotonic() - began)
    if near.status is not Status.NOT_PROVEN or left <= 0.0:
        return near
    start = _completed(choice, near)
    again = replace(settings, time_limit=left, start=start)
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
    proven = proven_of_staged(staged, settings)
    if proven is None:
        return solve_staged_whole(written, settings)
    before = proven.bound
    found = solve_staged_whole(written, proven.watched(plans=True), known=before)
    if proven.denied(found.objective, before):
        found = solve_staged_whole(written, proven.watched(plans=True))
    proven.note(found.bound, now=True)
    return found
