"""Some scenarios of a problem written out in full beside its first stage, as one problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.course import Course
from replant.solve.benders.rounding import rounded
from replant.solve.benders.sampling import some_of
from replant.solve.settings import SolveSettings
from replant.solve.solution import Solution, Status
from replant.solve.staged import WholeArrays, whole_of
from replant.solve.whole import solve_arrays

__all__ = ["first_of", "held", "solved_out", "written"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def written(course: Course, numbers: Sequence[int], weights: Floats | None = None) -> WholeArrays:
    """Return a first stage and some scenarios as one problem.

    Parameters
    ----------
    course : Course
        The solve.
    numbers : sequence of int
        Which scenarios.
    weights : ndarray, shape (numbers,), optional
        What each counts for; by default what it counts for among them.
    """
    staged = course.staged
    if weights is None:
        own = staged.probabilities[np.asarray(numbers, dtype=np.intp)]
        total = float(own.sum())
        weights = own / total if total > 0.0 else np.full(len(own), 1.0 / len(own))
    return whole_of(some_of(staged, numbers, weights))


def held(arrays: WholeArrays, which: Flags, point: Floats) -> WholeArrays:
    """Return a problem with some columns of the first stage held where a point has them."""
    places = np.flatnonzero(which)
    return arrays.held(places, rounded(point[places]))


def solved_out(
    course: Course,
    arrays: WholeArrays,
    *,
    relaxed: bool = False,
    share: float = 1.0,
    seconds: float = np.inf,
    nodes: int | None = None,
    start: Floats | None = None,
) -> Solution:
    """Solve a problem written out.

    Parameters
    ----------
    course : Course
        The solve it is part of.
    arrays : WholeArrays
        The problem.
    relaxed : bool
        Whether whole numbers are let go of.
    share : float
        The share of the allowed gap at which a plan is good enough.
    seconds : float
        No more than this, nor than the solve has left.
    nodes : int, optional
        No more than these.
    start : ndarray, optional
        A plan of it.
    """
    settings = SolveSettings(
        gap=share * course.settings.gap,
        baseline=course.settings.baseline,
        time_limit=min(seconds, course.left()),
        seed=course.settings.seed,
        threads=course.settings.threads,
        start=start,
    )
    integer = arrays.integer & (not relaxed)
    options = {} if nodes is None else {"mip_max_nodes": nodes}
    found = solve_arrays(replace(arrays, integer=integer), settings, options)
    if found.status is Status.INTERRUPTED:
        course.interrupted.requested = True
    return found


def first_of(course: Course, found: Solution) -> Floats:
    """Return the first stage of a plan of a problem written out, whole numbers exact."""
    assert found.values is not None
    stage = course.staged.first
    first = found.values[: len(stage)].copy()
    first[stage.integer] = rounded(first[stage.integer])
    return first
