"""Resolving: what is left free is solved again, once some columns are rounded."""

from __future__ import annotations

import numpy as np

from replant.errors import NoPlan, PlanError
from replant.kernel import Program
from replant.plan.work import Chosen, Values, Work, free_columns
from replant.solve import SolveSettings, Status, fixed_at, relaxed_to_continuous, solve
from replant.solve.elastic import elastic

__all__ = ["followed", "resolved", "solved_signs"]

_TIGHT = 1e-7
_EXACTLY = SolveSettings(gap=0.0, time_limit=120.0)
_QUICKLY = SolveSettings(gap=0.0, time_limit=30.0)


def resolved(
    program: Program, values: Values, fixed: Chosen, margins: Values
) -> tuple[Values, Values]:
    """Return the best values of what is not fixed, and by how much each row is missed.

    Parameters
    ----------
    program : Program
        The program; what is free of its whole numbers may be broken here.
    values : ndarray
        The values of what is fixed, shape (columns,).
    fixed : ndarray of bool
        Which columns are fixed, shape (columns,).
    margins : ndarray
        What each row with something free keeps in hand, shape (rows,).

    Raises
    ------
    PlanError
        If no values were found in time even where rows may give.
    """
    free = relaxed_to_continuous(fixed_at(program, values, fixed))
    margins = np.where(free_columns(program, fixed) > 0, margins, 0.0)
    solution = solve(_inside(free, margins), _EXACTLY)
    if solution.status is Status.OPTIMAL and solution.values is not None:
        found, missed = solution.values, np.zeros(len(program.rows))
    else:
        found, missed = _given(free, margins)
    return np.where(fixed, values, found), missed


def _given(program: Program, margins: Values) -> tuple[Values, Values]:
    """Return the best values where rows give as little as they must, and by how much each does.

    Both are asked for at once, which is quick but may be hard to compute; then one after the
    other: first the least that gives, then the best with it.
    """
    try:
        return elastic(program, margins, _QUICKLY)
    except NoPlan:
        nothing = program.with_objective(np.zeros(len(program.columns)))
    try:
        found, missed = elastic(nothing, margins, _EXACTLY)
    except NoPlan as why:
        raise PlanError(f"the plan cannot be rounded: {why}") from why
    rows, give = program.rows, np.abs(missed) + _TIGHT
    wide = program.with_bounds(row_lower=rows.lower - give, row_upper=rows.upper + give)
    best = solve(wide, _EXACTLY).values
    return (found if best is None else best), missed


def _inside(program: Program, margins: Values) -> Program:
    """Return the program with each inequality kept by a margin."""
    rows = program.rows
    margin = np.where(rows.upper - rows.lower > 2.0 * margins + 1e-9, margins, 0.0)
    return program.with_bounds(row_lower=rows.lower + margin, row_upper=rows.upper - margin)


def followed(work: Work, values: Values, fixed: Chosen) -> Values | None:
    """Return the plan with what follows from its decisions; None if nothing does."""
    program = work.original
    # signs follow from what they tell apart, which rounding may have moved
    decided = ~program.columns.derived | (fixed & ~program.columns.integer)
    solution = solve(fixed_at(program, values, decided), _EXACTLY)
    if solution.status not in (Status.OPTIMAL, Status.WITHIN_GAP) or solution.values is None:
        return None
    whole = np.where(program.columns.integer, np.round(solution.values), solution.values)
    return np.where(decided, values, whole)


def solved_signs(program: Program, values: Values, fixed: Chosen) -> Values | None:
    """Return the best values of what is not fixed, whole where they must be; None if none are."""
    return solve(fixed_at(program, values, fixed), _EXACTLY).values
