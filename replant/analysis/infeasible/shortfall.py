"""The least shortfall of cash where every other rule is kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from replant.analysis.infeasible.answer import Shortfall
from replant.analysis.infeasible.rules import SMALL
from replant.case import Case
from replant.errors import ReplantError
from replant.kernel import Program
from replant.plan import Choices, assemble
from replant.solve import SolveSettings, Status, solve
from replant.solve.fixing import relaxed_to_continuous
from replant.solve.whole import solve_whole

__all__ = ["least_shortfall"]

# Choices made in part take seconds: they are asked even where the time is used up.
_IN_PART = 20.0


def least_shortfall(
    case: Case, choices: Choices, seconds: float
) -> tuple[tuple[Shortfall, ...], float | None]:
    """Return the least total shortfall of cash where every other rule is kept.

    Parameters
    ----------
    case : Case
        The case.
    choices : Choices
        What was forced, forbidden and bounded.
    seconds : float
        Time for the solve.

    Returns
    -------
    tuple of Shortfall
        In order of time; empty where none was found, or not shown to be the least.
    float or None
        What it is in all at least, where the first is empty: choices made in part fall short by
        so much already. None where even that is not known.
    """
    try:
        program = _kept(assemble(case, replace(choices, allow_shortfall=True)))
        objective, constant = program.expected("penalty")
        asked = program.with_objective(-objective, -constant)
        found = solve(asked, SolveSettings(gap=1e-4, time_limit=seconds))
        if found.values is not None and found.status in (Status.OPTIMAL, Status.WITHIN_GAP):
            return _by_time(case, program, found.values), None
        # What was found by then need not be the least: the bound says what is needed in any case.
        part = solve_whole(relaxed_to_continuous(asked), SolveSettings(time_limit=_IN_PART))
    except ReplantError:
        return (), None
    if part.values is None or part.status is not Status.OPTIMAL:
        return (), None
    total = sum(each.amount for each in _by_time(case, program, part.values))
    return (), (total if len(program.blocks) == 1 and total > SMALL else None)


def _by_time(case: Case, program: Program, values: NDArray[np.float64]) -> tuple[Shortfall, ...]:
    several = len(program.blocks) > 1
    missed = [
        Shortfall(figure.labels[0], figure.value, block.name if several else "")
        for block in program.blocks
        for figure in program.streams.frame(values, block.name, stream="shortfall")
        if figure.value > SMALL
    ]
    order = {each.id: number for number, each in enumerate(case.periods)}
    return tuple(sorted(missed, key=lambda each: order.get(each.time, -1)))


def _kept(program: Program) -> Program:
    """Return a program in which cash may fall short, and nothing else may be missed."""
    columns = program.columns
    others = np.array([str(name).endswith(".missed") for name in columns.names], dtype=bool)
    return program.with_bounds(upper=np.where(others, 0.0, columns.upper))
