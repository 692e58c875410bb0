"""Solving for a command: what was asked to stop stops, and the best plan so far is not lost."""

from __future__ import annotations

import math
from dataclasses import replace

from replant.case import Case
from replant.errors import NoPlan, PlanError
from replant.kernel import Program
from replant.plan import Choices, Planned, assemble
from replant.plan.pipeline import planned
from replant.solve import Solution, SolveSettings, Status, relaxed_to_continuous, solve
from replant.solve.feasible import keeps_all

__all__ = ["solved"]

_STOPPED = (Status.TIME_LIMIT, Status.INTERRUPTED)


def solved(
    case: Case,
    choices: Choices,
    settings: SolveSettings,
    program: Program | None = None,
    *,
    last: bool = True,
) -> Planned:
    """Return the plan of a case; if time runs out, the best that was found or begun with.

    Parameters
    ----------
    case : Case
        The case.
    choices : Choices
        What is forced, forbidden and bounded.
    settings : SolveSettings
        How to solve.
    program : Program, optional
        The assembled program, where it is at hand.
    last : bool
        Whether this is the plan that was asked for: interrupted, it is then kept as it stands.
        Otherwise an interruption ends the run.

    Raises
    ------
    Infeasible
        If no plan keeps every rule.
    NoPlan
        If the search ended before there was any plan.
    KeyboardInterrupt
        If a person stopped it and there is nothing to keep.
    """
    whole = assemble(case, choices) if program is None else program
    solution = solve(whole, settings)
    if solution.status is Status.INTERRUPTED and not last:
        raise KeyboardInterrupt
    if solution.status in _STOPPED:
        solution = _with_what_there_is(whole, solution, settings)
    try:
        found = planned(case, choices, whole, solution, settings)
    except PlanError as why:
        if solution.status not in _STOPPED:
            raise
        raise NoPlan(
            f"the best plan so far cannot be made exact ({why.message}): go on from it with "
            "--resume and more time"
        ) from why
    if found.solution.status is Status.INTERRUPTED and not last:
        raise KeyboardInterrupt
    return found


def _with_what_there_is(program: Program, solution: Solution, settings: SolveSettings) -> Solution:
    """Return an unfinished solution with the plan begun with, if none was found, and a bound."""
    if solution.values is None:
        start = settings.start
        if start is None or not keeps_all(program, start):
            if solution.status is Status.INTERRUPTED:
                raise KeyboardInterrupt
            raise NoPlan(
                f"no plan was found in {settings.time_limit:g} seconds: allow more with "
                "--time-limit"
            )
        value = float(program.objective @ start + program.objective_constant)
        solution = replace(solution, values=start, objective=value)
    if math.isfinite(solution.bound):
        return solution
    relaxed = solve(relaxed_to_continuous(program), SolveSettings(threads=settings.threads))
    if relaxed.status is Status.OPTIMAL:
        return replace(solution, bound=max(relaxed.objective, solution.objective))
    return solution
