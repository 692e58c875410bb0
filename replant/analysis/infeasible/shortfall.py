"""The least shortfall of cash where every other rule is kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from replant.analysis.infeasible.answer import Shortfall
from replant.analysis.infeasible.rules import SMALL
from replant.case import Case
from replant.errors import ReplantError
from replant.kernel import Program
from replant.plan import Choices, assemble
from replant.solve import SolveSettings, Status, solve

__all__ = ["least_shortfall"]


def least_shortfall(case: Case, choices: Choices, seconds: float) -> tuple[Shortfall, ...]:
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
    """
    try:
        program = _kept(assemble(case, replace(choices, allow_shortfall=True)))
        objective, constant = program.expected("penalty")
        found = solve(
            program.with_objective(-objective, -constant),
            SolveSettings(gap=1e-4, time_limit=seconds),
        )
    except ReplantError:
        return ()
    if found.values is None or found.status not in (Status.OPTIMAL, Status.WITHIN_GAP):
        return ()  # what was found by then need not be the least
    several = len(program.blocks) > 1
    missed = [
        Shortfall(figure.labels[0], figure.value, block.name if several else "")
        for block in program.blocks
        for figure in program.streams.frame(found.values, block.name, stream="shortfall")
        if figure.value > SMALL
    ]
    order = {each.id: number for number, each in enumerate(case.periods)}
    return tuple(sorted(missed, key=lambda each: order.get(each.time, -1)))


def _kept(program: Program) -> Program:
    """Return a program in which cash may fall short, and nothing else may be missed."""
    columns = program.columns
    others = np.array([str(name).endswith(".missed") for name in columns.names], dtype=bool)
    return program.with_bounds(upper=np.where(others, 0.0, columns.upper))
