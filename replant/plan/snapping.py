"""Snapping: a solver's floats become decimals that keep every rule exactly.

Whole numbers are rounded and fixed first, then volumes (inward: no more is made than can be
made), then people, then money; after each step the rest is solved again, so that what follows
makes up for what rounding took. If rounding broke a rule, that rule is tightened by twice the
amount and the steps are taken again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from replant.errors import PlanError
from replant.kernel import Program
from replant.plan.decisions import decimal_places, rounded
from replant.solve import SolveSettings, Status, fixed_at, relaxed_to_continuous, solve
from replant.solve.elastic import least_violation
from replant.units import PEOPLE, VOLUME

__all__ = ["Snapped", "snap"]

_WHOLE = 1e-5
_ROUNDS = 6


@dataclass(frozen=True, eq=False)
class Snapped:
    """Decimal decisions and all that follows from them.

    Parameters
    ----------
    values : ndarray
        Value of each column, shape (columns,).
    objective : float
        What they are worth.
    """

    values: NDArray[np.float64]
    objective: float


def snap(program: Program, values: NDArray[np.float64]) -> Snapped:
    """Return decimal decisions near a solver's.

    Parameters
    ----------
    program : Program
        The program that was solved.
    values : ndarray
        The solver's values, shape (columns,).

    Raises
    ------
    PlanError
        If an integer column is not whole, or no rounding keeps every rule.
    """
    whole = _whole_numbers(program, values)
    tightened = program
    for _ in range(_ROUNDS):
        outcome = _one_round(program, tightened, whole)
        if isinstance(outcome, Snapped):
            return outcome
        tightened = _tighten(tightened, outcome)
    raise PlanError("no rounding of the plan keeps every rule: the plan is too tight by a hair")


def _whole_numbers(program: Program, values: NDArray[np.float64]) -> NDArray[np.float64]:
    integer = program.columns.integer
    away = np.abs(values - np.round(values)) * integer
    if away.max(initial=0.0) > _WHOLE:
        label = program.columns.label(int(away.argmax()))
        raise PlanError(f"the solver left {label} at {values[away.argmax()]:.7f}, not whole")
    return np.where(integer, np.round(values), values)


def _one_round(
    program: Program, tightened: Program, whole: NDArray[np.float64]
) -> Snapped | NDArray[np.float64]:
    """Return the snapped plan, or by how much each row was missed, shape (rows,)."""
    columns = program.columns
    fixed = np.array(columns.integer)
    values = whole
    groups = _groups(program)
    for number, (group, inward) in enumerate(groups):
        source = tightened if number == 0 else program
        outcome = _resolved(source, values, fixed)
        if outcome is None:
            return _missed(source, values, fixed)
        values = _rounded_group(program, outcome, group, inward=inward)
        fixed = fixed | group
    outcome = _resolved(program, values, fixed)
    if outcome is None:
        return _missed(program, values, fixed)
    return Snapped(outcome, float(program.objective @ outcome + program.objective_constant))


def _groups(program: Program) -> list[tuple[NDArray[np.bool_], bool]]:
    """Return which columns are rounded together, in order, and whether inward."""
    columns = program.columns
    free = ~columns.integer & ~columns.derived
    units = np.array([_rank(program, column) for column in range(len(columns))])
    return [(free & (units == rank), rank == 0) for rank in range(3)]


def _rank(program: Program, column: int) -> int:
    unit = program.columns.labels.family_of(column).unit
    return {VOLUME: 0, PEOPLE: 1}.get(unit, 2)


def _resolved(
    program: Program, values: NDArray[np.float64], fixed: NDArray[np.bool_]
) -> NDArray[np.float64] | None:
    """Return the best values of what is not fixed; None if there are none."""
    free = relaxed_to_continuous(fixed_at(program, values, fixed))
    solution = solve(free, SolveSettings(time_limit=120.0))
    if solution.status is not Status.OPTIMAL or solution.values is None:
        return None
    return np.where(fixed, values, solution.values)


def _rounded_group(
    program: Program, values: NDArray[np.float64], group: NDArray[np.bool_], *, inward: bool
) -> NDArray[np.float64]:
    result = values.copy()
    for column in np.flatnonzero(group):
        places = decimal_places(program.columns.labels.family_of(int(column)).unit)
        result[column] = rounded(float(values[column]), places, inward=inward)
    return result


def _missed(
    program: Program, values: NDArray[np.float64], fixed: NDArray[np.bool_]
) -> NDArray[np.float64]:
    return least_violation(relaxed_to_continuous(fixed_at(program, values, fixed)))


def _tighten(program: Program, missed: NDArray[np.float64]) -> Program:
    """Return the program with the rows that were missed asking for twice that more."""
    rows = program.rows
    more = np.where(np.abs(missed) > 0.0, 2.0 * np.abs(missed) + 1e-6, 0.0)
    loose = rows.upper - rows.lower > 1e-9
    lower = np.where(loose & (missed < 0.0), rows.lower + more, rows.lower)
    upper = np.where(loose & (missed > 0.0), rows.upper - more, rows.upper)
    return program.with_bounds(row_lower=lower, row_upper=upper)
