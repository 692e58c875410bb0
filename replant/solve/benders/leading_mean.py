"""Whole numbers led by the mean scenario: little to solve, and near to the truth from the start.

Where the mean of all scenarios bounds them, a master needs no cuts to begin with: first stage and
mean scenario are a problem of one scenario, whose bound can be within some hundredths of a percent.
Its solver finds cuts in the mean's rows that estimates do not have. What the scenarios say of each
first stage it proposes becomes one cut for each part, their sum; the hundreds of cuts of all groups
would only slow the solver down, and wait for the phases that may come after.
"""

from __future__ import annotations

import numpy as np

from replant.solve.benders.course import Course
from replant.solve.benders.cut import Cut
from replant.solve.benders.group_cut import FIRST_STAGE, GroupCut
from replant.solve.benders.kept import Bounding
from replant.solve.benders.master import Master
from replant.solve.benders.proposal import Proposal
from replant.solve.benders.restarts import solved
from replant.solve.benders.rounding import made_whole
from replant.solve.benders.work import Work

__all__ = ["lead_by_mean"]

# The mean leads as long as what it leaves open is no more than this share of what whole numbers
# cost in it: there, and not in how scenarios differ, lies what is to be found out.
_NEAR = 0.1
# It must halve what is open in so many rounds.
_ROUNDS, _HALF = 3, 0.5
# A problem that needs more nodes than this is better off with cuts between them.
_NODES = 30


def lead_by_mean(course: Course, seconds: float) -> None:
    """Close the gap over whole numbers of the first stage, as far as the mean is near the truth.

    Parameters
    ----------
    course : Course
        A solve with a mean that bounds its scenarios, which have no whole numbers themselves.
    seconds : float
        What this may take: counted, not timed.
    """
    bounding = course.bounding
    assert bounding is not None
    stage, constant = course.master.stage, course.master.constant
    kept, work = bounding.over_parts(), Work.lasting(seconds, _NODES)
    lean = Master(stage, len(bounding.parts), constant, course.settings.threads, kept=kept)
    relaxed = lean.relaxed()
    if relaxed is None:
        course.lower_bound_to(-np.inf)
        return
    course.lower_bound_to(relaxed.bound)
    left: list[float] = []
    while not course.over() and not work.over():
        proposal = solved(course, [], work, lean)
        best = _told(course, lean, proposal)
        if best is None or course.over():
            return
        _ask(course, lean, bounding, best)
        left.append(course.bound - course.value)
        slow = len(left) > _ROUNDS and left[-1] > _HALF * left[-1 - _ROUNDS]
        near = left[-1] <= _NEAR * (relaxed.bound - course.bound)
        if slow or not near:
            return


def _told(course: Course, lean: Master, proposal: Proposal | None) -> Proposal | None:
    """Take the bound that a proposal brings; return it with whole numbers made exact, if any."""
    if proposal is None:
        course.lower_bound_to(course.value)
        return None
    course.lower_bound_to(proposal.bound)
    course.tell()
    return made_whole(lean, proposal) if len(proposal.first) else None


def _ask(course: Course, lean: Master, bounding: Bounding, best: Proposal) -> None:
    """Ask the scenarios; both masters learn what they say."""
    round = course.ask(best.first)
    before = len(course.master.cuts)
    course.take(round)
    if round.broken:
        lean.add([cut for cut in course.master.cuts[before:] if cut.group == FIRST_STAGE])
        return
    course.keep(best.first, course.objective(best.first, round.expected), round.worth)
    for part, groups in enumerate(bounding.groups):
        constant = float(round.constants[groups].sum())
        lean.add([GroupCut(part, Cut(constant, round.slopes[groups].sum(axis=0)))])
