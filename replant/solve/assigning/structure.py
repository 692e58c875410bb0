"""Problems that are assignments once their switches are set, as arrays.

Rows such as ``Σ x = 1`` serve something from one of several *blocks*; without these rows the
columns fall into blocks, each with one row of room, ``Σ w x ≤ room · y``, and a switch ``y`` of
the first stage. Everything is told as costs here, to be minimised.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Assigning", "Flags", "Floats", "Items", "Places", "Rows"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Items(NamedTuple):
    """What can be served from where, block by block.

    Attributes
    ----------
    start : ndarray, shape (blocks + 1,)
        Where the items of each block begin.
    row : ndarray, shape (items,)
        What an item serves.
    block : ndarray, shape (items,)
        From where.
    weight : ndarray of int64, shape (items,)
        Whole units of room, rounded down.
    true_weight, cost : ndarray, shape (items,)
        Room an item takes, and its cost.
    room : ndarray of int64, shape (blocks,)
        Whole units of room of a block.
    true_room : ndarray, shape (blocks,)
        Room of a block.
    switch : ndarray of int64, shape (blocks,)
        The column of the first stage that opens a block; -1 where it is always open.
    of_row_start, of_row : ndarray
        The items of each row, in the order of their blocks.
    """

    start: Places
    row: Places
    block: Places
    weight: Places
    true_weight: Floats
    cost: Floats
    room: Places
    true_room: Floats
    switch: Places
    of_row_start: Places
    of_row: Places


class Rows(NamedTuple):
    """Rows that are priced: those that tie blocks, and those of the first stage.

    Attributes
    ----------
    lower, upper : ndarray
        Bounds of the rows that tie blocks.
    table : ndarray, shape (m, n)
        Coefficients of the first stage's rows.
    table_lower, table_upper : ndarray, shape (m,)
        Their bounds.
    size : ndarray, shape (m,)
        The usual coefficient in each, by which its prices are scaled.
    """

    lower: Floats
    upper: Floats
    table: Floats
    table_lower: Floats
    table_upper: Floats
    size: Floats


@dataclass(frozen=True, eq=False)
class Assigning:
    """An assignment with switches.

    Attributes
    ----------
    items, rows
        What can be served from where, and what is priced.
    column : ndarray, shape (items,)
        The column of the scenario that is an item.
    cost, lower, upper : ndarray, shape (n,)
        Of the columns of the first stage.
    integer : ndarray of bool, shape (n,)
        Which of these are whole numbers.
    constant : float
        Added to all costs.
    """

    items: Items
    rows: Rows
    column: Places
    cost: Floats
    lower: Floats
    upper: Floats
    integer: Flags
    constant: float
