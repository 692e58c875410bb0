"""Snapping: a solver's floats become decimals that keep every rule exactly.

Whole numbers are rounded and fixed first, then volumes, then people, then money; after each step
the rest is solved again, so that what follows makes up for what rounding took. What was missed
tells which rows must keep more in hand, and the steps are taken again:

1. once with volumes rounded inward (no more is made than can be made) and nothing in hand;
2. then to the nearest step, in batches that leave each tight row something free to make up for
   the rounding, with a hair in hand wherever that is possible;
3. and at last so with three more decimals.

A row that whole numbers alone decide has nothing in hand, and needs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

from replant.errors import NoPlan, PlanError
from replant.kernel import Program
from replant.plan.decisions import decimal_places, rounded
from replant.solve import SolveSettings, Status, fixed_at, relaxed_to_continuous, solve
from replant.solve.elastic import elastic
from replant.units import PEOPLE, VOLUME

__all__ = ["ATTEMPTS", "Snapped", "snap"]

_WHOLE = 1e-5
_HAIR = 1e-6
_TIGHT = 1e-7
_BATCHES = 6
_SECONDS = 120.0

Values = NDArray[np.float64]
Chosen = NDArray[np.bool_]


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

    values: Values
    objective: float


@dataclass(frozen=True)
class _Manner:
    """How a round is taken: inward or to the nearest step, what is kept in hand, how finely."""

    inward: bool
    hair: float
    finer: int
    rounds: int


ATTEMPTS = (
    _Manner(inward=True, hair=0.0, finer=0, rounds=2),
    _Manner(inward=False, hair=_HAIR, finer=0, rounds=3),
    _Manner(inward=False, hair=_HAIR, finer=3, rounds=3),
)


def snap(program: Program, values: Values, first: int = 0) -> Snapped:
    """Return decimal decisions near a solver's.

    Parameters
    ----------
    program : Program
        The program that was solved.
    values : ndarray
        The solver's values, shape (columns,).
    first : int
        The first of `ATTEMPTS` to make: later ones are more careful, and less plain to read.

    Raises
    ------
    PlanError
        If an integer column is not whole, or no rounding keeps every rule.
    """
    whole = _whole_numbers(program, values)
    for manner in ATTEMPTS[first:]:
        missed = np.zeros(len(program.rows))
        for _ in range(manner.rounds):
            outcome = _one_round(program, whole, manner, 2.0 * missed)
            if isinstance(outcome, Snapped):
                return outcome
            missed = np.maximum(2.0 * missed, np.abs(outcome))
    raise PlanError("no rounding of the plan keeps every rule: the plan is too tight by a hair")


def _whole_numbers(program: Program, values: Values) -> Values:
    integer = program.columns.integer
    away = np.abs(values - np.round(values)) * integer
    if away.max(initial=0.0) > _WHOLE:
        label = program.columns.label(int(away.argmax()))
        raise PlanError(f"the solver left {label} at {values[away.argmax()]:.7f}, not whole")
    return np.where(integer, np.round(values), values)


def _one_round(program: Program, whole: Values, manner: _Manner, asked: Values) -> Snapped | Values:
    """Return the snapped plan, or by how much each row was missed, shape (rows,)."""
    columns = program.columns
    fixed = np.array(columns.integer)
    values, missed = whole, np.zeros(len(program.rows))
    margins = asked + manner.hair
    for rank, group in enumerate(_groups(program)):
        for batch in range(_BATCHES):
            left = group & ~fixed
            if not left.any():
                break
            values, lacking = _resolved(program, values, fixed, margins)
            missed = np.maximum(missed, np.abs(lacking))
            last = manner.inward or batch == _BATCHES - 1
            now = left if last else _absorbed(program, values, left, fixed, manner)
            inward = manner.inward and rank == 0
            values = _rounded_group(program, values, now, inward=inward, finer=manner.finer)
            fixed = fixed | now
    outcome = _derived(program, values)
    if outcome is None:
        _, lacking = _resolved(program, values, fixed, np.zeros_like(margins))
        return np.maximum(missed, np.abs(lacking))
    return Snapped(outcome, float(program.objective @ outcome + program.objective_constant))


def _groups(program: Program) -> list[Chosen]:
    """Return which columns are rounded together, in order: volumes, people, all else."""
    columns = program.columns
    free = ~columns.integer & ~columns.derived
    ranks = np.array([_rank(program, column) for column in range(len(columns))])
    return [free & (ranks == rank) for rank in range(3)]


def _rank(program: Program, column: int) -> int:
    unit = program.columns.labels.family_of(column).unit
    return {VOLUME: 0, PEOPLE: 1}.get(unit, 2)


def _resolved(
    program: Program, values: Values, fixed: Chosen, margins: Values
) -> tuple[Values, Values]:
    """Return the best values of what is not fixed, and by how much each row is missed."""
    free = relaxed_to_continuous(fixed_at(program, values, fixed))
    touched = _free_columns(program, fixed) > 0
    margins = np.where(touched, margins, 0.0)
    settings = SolveSettings(gap=0.0, time_limit=_SECONDS)
    inside = _inside(free, margins)
    solution = solve(inside, settings)
    if solution.status is Status.OPTIMAL and solution.values is not None:
        found, missed = solution.values, np.zeros(len(program.rows))
    else:
        try:
            found, missed = elastic(free, margins, settings)
        except NoPlan as why:
            raise PlanError(f"the plan cannot be rounded: {why}") from why
    return np.where(fixed, values, found), missed


def _inside(program: Program, margins: Values) -> Program:
    """Return the program with each inequality kept by a margin."""
    rows = program.rows
    margin = np.where(rows.upper - rows.lower > 2.0 * margins + 1e-9, margins, 0.0)
    return program.with_bounds(row_lower=rows.lower + margin, row_upper=rows.upper - margin)


def _derived(program: Program, values: Values) -> Values | None:
    """Return the plan with what follows from its decisions; None if nothing does."""
    decided = ~program.columns.derived
    settings = SolveSettings(gap=0.0, time_limit=_SECONDS)
    solution = solve(fixed_at(program, values, decided), settings)
    if solution.status is not Status.OPTIMAL or solution.values is None:
        return None
    whole = np.where(program.columns.integer, np.round(solution.values), solution.values)
    return np.where(decided, values, whole)


def _absorbed(
    program: Program, values: Values, left: Chosen, fixed: Chosen, manner: _Manner
) -> Chosen:
    """Return the columns that can be rounded now: each tight row keeps another one to give way.

    What stands on a step already is rounded in any case; if nothing can be rounded now, all is.
    """
    rows, matrix = program.rows, program.matrix
    sums = matrix @ values
    tight = (sums - rows.lower < _TIGHT + 2 * manner.hair) | (
        rows.upper - sums < _TIGHT + 2 * manner.hair
    )
    free = _free_columns(program, fixed)
    by_column = csc_matrix(matrix)
    now = np.zeros_like(left)
    waiting = []
    for column in np.flatnonzero(left):
        touched = by_column.indices[by_column.indptr[column] : by_column.indptr[column + 1]]
        bound = touched[tight[touched]]
        if _stands(program, int(column), float(values[column]), manner.finer):
            now[column] = True
            free[bound] -= 1
        else:
            waiting.append((column, bound))
    for column, bound in waiting:
        if (free[bound] > 1).all():
            now[column] = True
            free[bound] -= 1
    return now if now.any() else left


def _free_columns(program: Program, fixed: Chosen) -> NDArray[np.int64]:
    """Return how many columns of each row are not fixed, shape (rows,)."""
    matrix = program.matrix
    pattern = (np.ones(len(matrix.data), dtype=np.int64), matrix.indices, matrix.indptr)
    counts: NDArray[np.int64] = csr_matrix(pattern, shape=matrix.shape) @ (~fixed).astype(np.int64)
    return counts


def _stands(program: Program, column: int, value: float, finer: int) -> bool:
    places = decimal_places(program.columns.labels.family_of(column).unit) + finer
    return abs(rounded(value, places, inward=False) - value) < 1e-9


def _rounded_group(
    program: Program, values: Values, group: Chosen, *, inward: bool, finer: int
) -> Values:
    """Return the values with some columns rounded, none of them past its bounds."""
    result = values.copy()
    lower, upper = program.columns.lower, program.columns.upper
    for column in np.flatnonzero(group):
        places = decimal_places(program.columns.labels.family_of(int(column)).unit) + finer
        near = rounded(float(values[column]), places, inward=inward)
        step = 10.0**-places
        if near > upper[column]:
            near = rounded(near - step, places, inward=False)
        elif near < lower[column]:
            near = rounded(near + step, places, inward=False)
        result[column] = near
    return result
