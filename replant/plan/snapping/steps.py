"""Steps: to how many decimals each column is rounded, in which order, and how far that moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from replant.kernel import Program
from replant.plan.decisions import decimal_places, rounded
from replant.plan.snapping.manner import Manner
from replant.plan.work import Chosen, Values
from replant.units import PEOPLE, VOLUME, Unit

__all__ = ["Finer", "could_take", "groups", "places_of", "reach", "rounded_group", "stands"]

Finer = NDArray[np.int64]
"""How many decimals more than usual each column keeps, shape (columns,)."""

# How many roundings at once may move what follows from several decisions.
_SEVERAL = 4


def _unit(program: Program, column: int) -> Unit:
    return program.columns.labels.family_of(column).unit


def _rank(program: Program, column: int) -> int:
    """Return in which group a column is rounded: 0 volumes, 1 people, 2 all else."""
    return {VOLUME: 0, PEOPLE: 1}.get(_unit(program, column), 2)


def places_of(program: Program, column: int, finer: int) -> int:
    """Return to how many decimals a column is rounded, with so many more than usual."""
    return decimal_places(_unit(program, column)) + finer


def groups(program: Program) -> list[Chosen]:
    """Return which columns are rounded together, in order: volumes, people, all else."""
    columns = program.columns
    free = ~columns.integer & ~columns.derived
    ranks = np.array([_rank(program, column) for column in range(len(columns))])
    return [free & (ranks == rank) for rank in range(3)]


def could_take(program: Program, group: Chosen, rank: int, manner: Manner, finer: Finer) -> Values:
    """Return by how much rounding a group could move each row, shape (rows,), times a part.

    What follows from several decisions (heads, cash) is moved by several roundings.
    """
    if not manner.part:
        return np.zeros(len(program.rows))
    columns = program.columns
    steps = np.zeros(len(columns))
    following = columns.derived & ~columns.integer
    for column in np.flatnonzero(group | following):
        if group[column] or _rank(program, int(column)) == rank:
            several = 1 if group[column] else _SEVERAL
            steps[column] = several * 10.0 ** -places_of(program, int(column), int(finer[column]))
    taken: Values = abs(program.matrix) @ steps * manner.part
    return taken


def reach(program: Program, left: Chosen, manner: Manner, finer: Finer) -> Values:
    """Return by how much rounding all that is left could move each row, shape (rows,)."""
    if not manner.wary:
        return np.zeros(len(program.rows))
    halves = np.zeros(len(program.columns))
    for column in np.flatnonzero(left):
        halves[column] = 0.5 * 10.0 ** -places_of(program, int(column), int(finer[column]))
    moved: Values = abs(program.matrix) @ halves
    return moved


def stands(program: Program, column: int, value: float, finer: int) -> bool:
    """Return whether a value stands on one of its column's steps already."""
    places = places_of(program, column, finer)
    return abs(rounded(value, places, inward=False) - value) < 1e-9


def rounded_group(
    program: Program, values: Values, group: Chosen, *, inward: bool, finer: Finer
) -> Values:
    """Return the values with some columns rounded, none of them past its bounds."""
    result = values.copy()
    lower, upper = program.columns.lower, program.columns.upper
    for column in np.flatnonzero(group):
        places = places_of(program, int(column), int(finer[column]))
        near = rounded(float(values[column]), places, inward=inward)
        step = 10.0**-places
        if near > upper[column]:
            near = rounded(near - step, places, inward=False)
        elif near < lower[column]:
            near = rounded(near + step, places, inward=False)
        result[column] = near
    return result
