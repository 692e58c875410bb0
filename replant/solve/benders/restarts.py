"""Whole numbers by restarts: the master as an integer problem, its cuts renewed after each."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.course import Course
from replant.solve.benders.master import Master
from replant.solve.benders.proposal import Proposal
from replant.solve.benders.recourse import settle
from replant.solve.benders.rounding import made_whole, rounded
from replant.solve.benders.work import Work

__all__ = ["restart", "solved"]

Floats = NDArray[np.float64]

# The master is solved to this share of the gap that is allowed.
_SHARE = 0.3
# How many of the plans that the master met on its way are asked for as well.
_ALSO = 3


def restart(course: Course, centre: Floats) -> None:
    """Close the gap over whole numbers of the first stage.

    Parameters
    ----------
    course : Course
        The solve, its relaxed phase done.
    centre : ndarray, shape (n,)
        A point inside: cuts are asked for between it and each plan too.
    """
    whole = course.staged.first.integer
    while not course.over():
        met: list[Floats] = []
        proposal = solved(course, met)
        if proposal is None:
            course.lower_bound_to(course.value)
            return
        course.lower_bound_to(proposal.bound)
        course.tell()
        if not len(proposal.first) or course.over():
            return
        exact = made_whole(course.master, proposal) or proposal
        added = settle(course, exact.first, exact)
        for other in met[-_ALSO:-1]:
            if not course.over():
                added += settle(course, np.where(whole, rounded(other), other), None) > 0
        if not course.over():
            added += course.take(course.ask(0.5 * (exact.first + centre)), proposal)
        if not added:
            # The master knows all that there is to know at its own best point.
            return


def solved(
    course: Course, met: list[Floats], work: Work | None = None, other: Master | None = None
) -> Proposal | None:
    """Solve the master with whole numbers, within the bounds it holds.

    Parameters
    ----------
    course : Course
        The solve; its best plan is where the solver begins, and the time it has left is the limit.
    met : list of ndarray
        Gets the first stages that the solver meets on its way.
    work : Work, optional
        Limits the nodes, and is told what was done; without it, only time ends the search.
    other : Master, optional
        Solved instead of the course's own.

    Returns
    -------
    Proposal or None
        None if no first stage is left.
    """
    master = course.master if other is None else other
    model = master.loaded(integer=True)
    height = course.value if np.isfinite(course.value) else course.bound
    height = height if np.isfinite(height) else 0.0
    for name, value in (
        ("time_limit", course.left()),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", max(1e-9, _SHARE * course.settings.allowed(height))),
        ("random_seed", course.settings.seed),
        ("mip_feasibility_tolerance", 1e-7),
    ):
        model.setOptionValue(name, value)
    entries = int(model.getNumNz())
    if work is not None:
        model.setOptionValue("mip_max_nodes", work.nodes(entries))
    if course.first is not None and course.worth is not None:
        _begin(model, master, course.first, course.worth)
    width = len(master.stage)

    def look(event: Any) -> None:
        if course.interrupted.requested:
            event.interrupt()

    def improve(event: Any) -> None:
        met.append(np.array(event.data_out.mip_solution, dtype=np.float64)[:width])

    model.cbMipInterrupt += look
    model.cbMipImprovingSolution += improve
    model.run()
    known = master.known()
    info = model.getInfo()
    if work is not None:
        work.count(int(info.simplex_iteration_count), entries)
    if model.getModelStatus() == highspy.HighsModelStatus.kInfeasible and known:
        return None
    bound = float(info.mip_dual_bound) if known else np.inf
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Proposal(np.zeros(0), np.zeros(0), -np.inf, bound, np.zeros(0))
    values = np.array(model.getSolution().col_value, dtype=np.float64)
    objective = float(info.objective_function_value)
    worth = master.worth_in(values)
    return Proposal(values[:width], worth, objective, bound, np.zeros(width))


def _begin(model: Any, master: Master, first: Floats, worth: Floats) -> None:
    """Let the solver begin at a plan."""
    if master.chains is None and master.kept is None:
        start = highspy.HighsSolution()
        start.col_value = np.concatenate([first, worth])
        model.setSolution(start)
    else:
        # What the chains or the kept scenario hold there is found by the solver.
        model.setSolution(len(first), np.arange(len(first), dtype=np.int32), first)
