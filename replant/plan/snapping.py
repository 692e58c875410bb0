"""Snapping: a solver's floats become decimals that keep every rule exactly.

Whole numbers are rounded and fixed first, then volumes, then people, then money; after each step
the rest is solved again, so that what follows makes up for what rounding took. What was missed
tells which rows must keep more in hand, and the steps are taken again:

1. once with volumes rounded inward (no more is made than can be made) and nothing in hand;
2. then to the nearest step, in batches that leave each tight row something free to make up for
   the rounding, with a hair in hand wherever that is possible;
3. then with as much in hand as rounding could take;
4. then so with three more decimals;
5. and at last taking every row for tight that rounding could still break.

A row that whole numbers alone decide has nothing in hand, and needs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_matrix

from replant.errors import NoPlan, PlanError
from replant.kernel import Program
from replant.plan.decisions import decimal_places, rounded
from replant.plan.work import Chosen, Values, Work, free_columns
from replant.solve import SolveSettings, Status, fixed_at, relaxed_to_continuous, solve
from replant.solve.elastic import elastic
from replant.units import PEOPLE, VOLUME

__all__ = ["ATTEMPTS", "WARY", "Manner", "Missed", "Snapped", "snap", "snap_shared"]

_WHOLE = 1e-5
_HAIR = 1e-6
_TIGHT = 1e-7
_BATCHES = 6
_SEVERAL = 4
_SECONDS = 120.0
_QUICK = 30.0


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


@dataclass(frozen=True, eq=False)
class Missed:
    """No rounding keeps every rule: the solver's plan leans on its tolerance.

    Parameters
    ----------
    rows : ndarray
        By how much each row was missed at last, shape (rows,).
    """

    rows: Values


@dataclass(frozen=True)
class Manner:
    """How a round is taken: inward or to the nearest step, what is kept in hand, how finely.

    ``part`` is the share of what rounding could take that a row keeps in hand; just below half a
    step, so that what stands on a step comes back to it. Who is wary takes a row for tight once
    rounding all that is left could pass its bound, and waits where something else can give way.
    """

    inward: bool
    hair: float
    part: float
    finer: int
    rounds: int
    wary: bool = False


ATTEMPTS = (
    Manner(inward=True, hair=0.0, part=0.0, finer=0, rounds=2),
    Manner(inward=False, hair=_HAIR, part=0.0, finer=0, rounds=2),
    Manner(inward=False, hair=_HAIR, part=0.49, finer=0, rounds=3),
    Manner(inward=False, hair=_HAIR, part=0.49, finer=3, rounds=3),
    Manner(inward=False, hair=_HAIR, part=0.49, finer=3, rounds=3, wary=True),
)
WARY = (
    ATTEMPTS[0],
    Manner(inward=False, hair=_HAIR, part=0.49, finer=0, rounds=3, wary=True),
    ATTEMPTS[-1],
)
"""Fewer attempts for larger problems: wary as soon as the plain one fails."""


def snap(
    program: Program,
    values: Values,
    first: int = 0,
    least: Iterable[str] = (),
    held: Chosen | None = None,
    attempts: Sequence[Manner] = ATTEMPTS,
) -> Snapped | Missed:
    """Return decimal decisions near a solver's, or what no rounding of them keeps.

    Parameters
    ----------
    program : Program
        The program that was solved.
    values : ndarray
        The solver's values, shape (columns,).
    first : int
        The first of the attempts to make: later ones are more careful, and less plain to read.
    least : iterable of str
        Names of derived columns that are the least their own rows allow; all other derived
        columns follow from equalities.
    held : ndarray of bool, optional
        Columns whose values are decimals already and stay, shape (columns,).
    attempts : sequence of Manner
        How rounds are taken, one manner after the other.

    Raises
    ------
    PlanError
        If an integer column is not whole.
    """
    whole = _whole_numbers(program, values)
    work = Work.of(program, frozenset(least))
    fast = np.zeros(len(whole), dtype=bool) if held is None else held
    missed = np.zeros(len(work.program.rows))
    for manner in attempts[first:]:
        missed[:] = 0.0
        for _ in range(manner.rounds):
            outcome = _one_round(work, whole, manner, 2.0 * missed, fast)
            if isinstance(outcome, Snapped):
                return outcome
            missed = np.maximum(2.0 * missed, np.abs(outcome))
    return Missed(missed[work.given])


def snap_shared(
    program: Program, values: Values, manner: Manner, least: Iterable[str] = ()
) -> tuple[Values, Chosen] | Missed:
    """Return values in which all here-and-now columns are decimals, and which columns these are.

    Every scenario can follow them, to the solver's tolerance; or what no such rounding keeps.

    Parameters
    ----------
    program : Program
        A program with scenarios.
    values : ndarray
        The solver's values, shape (columns,).
    manner : Manner
        How rounds are taken.
    least : iterable of str
        As in `snap`.
    """
    whole = _whole_numbers(program, values)
    work = Work.of(program, frozenset(least))
    shared = np.arange(len(whole)) < program.here_and_now.stop
    missed = np.zeros(len(work.program.rows))
    nothing = np.zeros(len(whole), dtype=bool)
    for _ in range(manner.rounds):
        found, fixed, _ = _rounded(work, whole, manner, 2.0 * missed, nothing, shared)
        found, lacking = _resolved(work.program, found, fixed, np.zeros_like(missed))
        if not lacking.any():
            return found, fixed & shared
        missed = np.maximum(2.0 * missed, np.abs(lacking))
    return Missed(missed[work.given])


def _whole_numbers(program: Program, values: Values) -> Values:
    integer = program.columns.integer
    away = np.abs(values - np.round(values)) * integer
    if away.max(initial=0.0) > _WHOLE:
        label = program.columns.label(int(away.argmax()))
        raise PlanError(f"the solver left {label} at {values[away.argmax()]:.7f}, not whole")
    return np.where(integer, np.round(values), values)


def _one_round(
    work: Work, whole: Values, manner: Manner, asked: Values, held: Chosen
) -> Snapped | Values:
    """Return the snapped plan, or by how much each row was missed, shape (rows,)."""
    every = np.ones(len(whole), dtype=bool)
    values, fixed, missed = _rounded(work, whole, manner, asked, held, every)
    outcome = _derived(work, values, fixed)
    if outcome is None:
        _, lacking = _resolved(work.program, values, fixed, np.zeros_like(missed))
        return np.maximum(missed, np.abs(lacking))
    return Snapped(
        outcome, float(work.original.objective @ outcome + work.original.objective_constant)
    )


def _rounded(
    work: Work, whole: Values, manner: Manner, asked: Values, held: Chosen, among: Chosen
) -> tuple[Values, Chosen, Values]:
    """Return values with some columns rounded, what is fixed by then, and what rows missed."""
    program = work.program
    missed = np.zeros(len(program.rows))
    values, fixed = _signed(work, whole, held)
    for rank, each in enumerate(_groups(program)):
        group = each & among & ~held
        margins = asked + manner.hair + _could_take(program, group, rank, manner)
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
            values, fixed = work.pinned(values, fixed | now)
    return values, fixed, missed


def _signed(work: Work, whole: Values, held: Chosen) -> tuple[Values, Chosen]:
    """Return values with all whole numbers fixed, derived ones (signs) as now follows best.

    A solver may have raised a derived column above the least that it can be, and a sign may
    lean on that; once the column is pinned, the sign is settled anew.
    """
    columns = work.program.columns
    values, fixed = work.pinned(whole, (columns.integer & ~columns.derived) | held)
    if (columns.integer & columns.derived).any():
        settings = SolveSettings(gap=0.0, time_limit=_SECONDS)
        found = solve(fixed_at(work.program, values, fixed), settings).values
        if found is not None:
            values = np.where(columns.integer & ~fixed, np.round(found), values)
    return work.pinned(values, fixed | columns.integer)


def _groups(program: Program) -> list[Chosen]:
    """Return which columns are rounded together, in order: volumes, people, all else."""
    columns = program.columns
    free = ~columns.integer & ~columns.derived
    ranks = np.array([_rank(program, column) for column in range(len(columns))])
    return [free & (ranks == rank) for rank in range(3)]


def _could_take(program: Program, group: Chosen, rank: int, manner: Manner) -> Values:
    """Return by how much rounding a group could move each row, shape (rows,), times a part.

    What follows from several decisions (heads, cash) is moved by several roundings.
    """
    if not manner.part:
        return np.zeros(len(program.rows))
    columns = program.columns
    steps = np.zeros(len(columns))
    following = columns.derived & ~columns.integer
    for column in np.flatnonzero(group | following):
        unit = columns.labels.family_of(int(column)).unit
        if group[column] or {VOLUME: 0, PEOPLE: 1}.get(unit, 2) == rank:
            several = 1 if group[column] else _SEVERAL
            steps[column] = several * 10.0 ** -(decimal_places(unit) + manner.finer)
    taken: Values = abs(program.matrix) @ steps * manner.part
    return taken


def _rank(program: Program, column: int) -> int:
    unit = program.columns.labels.family_of(column).unit
    return {VOLUME: 0, PEOPLE: 1}.get(unit, 2)


def _resolved(
    program: Program, values: Values, fixed: Chosen, margins: Values
) -> tuple[Values, Values]:
    """Return the best values of what is not fixed, and by how much each row is missed."""
    free = relaxed_to_continuous(fixed_at(program, values, fixed))
    margins = np.where(free_columns(program, fixed) > 0, margins, 0.0)
    settings = SolveSettings(gap=0.0, time_limit=_SECONDS)
    solution = solve(_inside(free, margins), settings)
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
        return elastic(program, margins, SolveSettings(gap=0.0, time_limit=_QUICK))
    except NoPlan:
        nothing = program.with_objective(np.zeros(len(program.columns)))
    settings = SolveSettings(gap=0.0, time_limit=_SECONDS)
    try:
        found, missed = elastic(nothing, margins, settings)
    except NoPlan as why:
        raise PlanError(f"the plan cannot be rounded: {why}") from why
    rows, give = program.rows, np.abs(missed) + _TIGHT
    wide = program.with_bounds(row_lower=rows.lower - give, row_upper=rows.upper + give)
    best = solve(wide, settings).values
    return (found if best is None else best), missed


def _inside(program: Program, margins: Values) -> Program:
    """Return the program with each inequality kept by a margin."""
    rows = program.rows
    margin = np.where(rows.upper - rows.lower > 2.0 * margins + 1e-9, margins, 0.0)
    return program.with_bounds(row_lower=rows.lower + margin, row_upper=rows.upper - margin)


def _derived(work: Work, values: Values, fixed: Chosen) -> Values | None:
    """Return the plan with what follows from its decisions; None if nothing does."""
    program = work.original
    # signs follow from what they tell apart, which rounding may have moved
    decided = ~program.columns.derived | (fixed & ~program.columns.integer)
    settings = SolveSettings(gap=0.0, time_limit=_SECONDS)
    solution = solve(fixed_at(program, values, decided), settings)
    if solution.status not in (Status.OPTIMAL, Status.WITHIN_GAP) or solution.values is None:
        return None
    whole = np.where(program.columns.integer, np.round(solution.values), solution.values)
    return np.where(decided, values, whole)


def _absorbed(
    program: Program, values: Values, left: Chosen, fixed: Chosen, manner: Manner
) -> Chosen:
    """Return the columns that can be rounded now: each tight row keeps another one to give way.

    What stands on a step already is rounded in any case; if nothing can be rounded now, all is.
    """
    rows, matrix = program.rows, program.matrix
    sums, near = matrix @ values, _TIGHT + 2 * manner.hair + _reach(program, left, manner)
    tight = (sums - rows.lower < near) | (rows.upper - sums < near)
    free = free_columns(program, fixed)
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
    # a row that has nothing else to give way is no reason to wait: nobody will ever absorb it
    alone = (free == 1) & manner.wary
    for column, bound in waiting:
        if (alone[bound] | (free[bound] > 1)).all():
            now[column] = True
            free[bound] -= 1
    return now if now.any() else left


def _reach(program: Program, left: Chosen, manner: Manner) -> Values:
    """Return by how much rounding all that is left could move each row, shape (rows,)."""
    if not manner.wary:
        return np.zeros(len(program.rows))
    halves = np.zeros(len(program.columns))
    for column in np.flatnonzero(left):
        unit = program.columns.labels.family_of(int(column)).unit
        halves[column] = 0.5 * 10.0 ** -(decimal_places(unit) + manner.finer)
    moved: Values = abs(program.matrix) @ halves
    return moved


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
