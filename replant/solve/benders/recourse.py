"""What a first stage of whole numbers is worth in truth, the recourse's whole numbers included."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.course import Course
from replant.solve.benders.cut import Cut
from replant.solve.benders.proposal import Proposal
from replant.solve.feasible import keeps_first

__all__ = ["settle"]

Floats = NDArray[np.float64]


def settle(course: Course, first: Floats, proposal: Proposal | None) -> int:
    """Ask what a first stage is worth; return how many cuts that gave.

    Where the recourse has whole numbers and its relaxation says no more, the scenarios are solved
    in earnest. If the first stage is all yes or no, a cut then says so for this very first stage.
    One that comes from elsewhere than the master, and breaks a row that the master keeps, is not
    asked at all.

    Parameters
    ----------
    course : Course
        The solve.
    first : ndarray, shape (n,)
        The first stage, whole where it must be.
    proposal : Proposal, optional
        What the master thought there.
    """
    if proposal is None and not keeps_first(course.master.stage, first):
        # Rows of a scenario over the first stage alone are no part's: none would deny it.
        return 0
    round = course.ask(first)
    added = course.take(round, proposal)
    if round.broken:
        return added
    relaxed = course.objective(first, round.expected)
    if not course.integer_recourse:
        course.keep(first, relaxed, round.worth)
        return added
    if (added and proposal is not None) or relaxed <= course.value:
        return added
    return added + _earnest(course, first, round.values, round.worth)


def _earnest(course: Course, first: Floats, relaxed: Floats, worth: Floats) -> int:
    """Solve the scenarios with their whole numbers; return how many cuts that gave."""
    key = first.tobytes()
    if key in course.settled:
        return 0
    base = course.objective(first, 0.0)
    exact = course.crew.solve(first, relaxed, course.value - base, course.left())
    if exact.complete and np.isfinite(exact.expected):
        course.keep(first, base + exact.expected, worth)
    if course.left() > 0.0:
        course.settled[key] = base + exact.bound
    return _say(course, first, exact.bound - course.constants) if course.yes_or_no else 0


def _say(course: Course, first: Floats, worth: float) -> int:
    """Tell the master what one first stage of yes and no is worth; return how many cuts that is.

    No first stage but this one is bound by them: each column moved away gives back the most that
    any recourse can be worth.
    """
    yes = first > 0.5
    if worth == -np.inf:
        course.forbid(Cut(float(yes.sum()) - 1.0, np.where(yes, -1.0, 1.0)))
        return 1
    ceiling = course.ceiling()
    if not np.isfinite(ceiling):
        return 0
    rise = max(0.0, ceiling - worth)
    course.take_whole(Cut(worth + rise * float(yes.sum()), np.where(yes, -rise, rise)))
    return 1
