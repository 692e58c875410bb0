"""An inverse in the making: what is known of it so far, and how it is written down in the end."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from replant.solve.bunching.arrays import Columns, Floats, Inverse, Matrix, Places
from replant.solve.bunching.compiled import compiled

__all__ = ["END", "LISTED", "REACHED", "ROUNDING", "Making", "begun", "written"]

# Entries of an inverse below this are rounding.
ROUNDING = 1e-12
# Places in ``Making.numbers``: entries written, columns that reach into free rows, entries that
# the column at hand lists.
END, REACHED, LISTED = 0, 1, 2


class Making(NamedTuple):
    """An inverse in the making.

    ``placed`` names the column at each place, ``free`` the rows without one. ``waiting`` are the
    columns to be pivoted in, ``entries`` and ``crossed`` how many entries each has in free rows,
    and each free row in them. Row r's column of the inverse stands in ``places`` and ``values``
    from ``starts[r]`` to ``stops[r]``; a start of -1 means a one at its own place. ``column`` is
    the column at hand, its places in ``listed``; ``reaching`` are the rows whose columns have
    entries in rows that were still free.
    """

    placed: Columns
    free: NDArray[np.int8]
    waiting: NDArray[np.int8]
    entries: Columns
    crossed: Columns
    starts: Columns
    stops: Columns
    places: Places
    values: Floats
    column: Floats
    marked: NDArray[np.int8]
    listed: Columns
    reaching: Columns
    numbers: Columns


@compiled
def begun(matrix: Matrix, head: Columns, room: int) -> Making:
    """Return the inverse with the logicals of a basis in it; its other columns wait."""
    rows, width = matrix.height, matrix.width
    making = Making(
        np.arange(width, width + rows),
        np.ones(rows, np.int8),
        np.zeros(width, np.int8),
        np.zeros(width, np.int64),
        np.zeros(rows, np.int64),
        np.full(rows, -1),
        np.zeros(rows, np.int64),
        np.empty(room, np.int32),
        np.empty(room),
        np.zeros(rows),
        np.zeros(rows, np.int8),
        np.empty(rows, np.int64),
        np.empty(rows, np.int64),
        np.zeros(3, np.int64),
    )
    for i in range(rows):
        if head[i] >= width:
            making.free[head[i] - width] = 0
    for i in range(rows):
        j = head[i]
        if j >= width:
            continue
        making.waiting[j] = 1
        for e in range(matrix.column_starts[j], matrix.column_starts[j + 1]):
            row = matrix.column_rows[e]
            if making.free[row] == 1:
                making.entries[j] += 1
                making.crossed[row] += 1
    return making


@compiled
def written(making: Making) -> Inverse:
    """Return an inverse by its rows and by its columns."""
    rows = len(making.placed)
    starts, stops, places, values = making.starts, making.stops, making.places, making.values
    column_starts, row_starts = np.zeros(rows + 1, np.int32), np.zeros(rows + 1, np.int32)
    for r in range(rows):
        count = 0
        if starts[r] < 0:
            count = 1
            row_starts[r + 1] += 1
        else:
            for k in range(starts[r], stops[r]):
                if abs(values[k]) > ROUNDING:
                    count += 1
                    row_starts[places[k] + 1] += 1
        column_starts[r + 1] = column_starts[r] + count
    for i in range(rows):
        row_starts[i + 1] += row_starts[i]
    total = column_starts[rows]
    column_rows, column_values = np.empty(total, np.int32), np.empty(total)
    row_columns, row_values = np.empty(total, np.int32), np.empty(total)
    norms = np.zeros(rows)
    at, here = row_starts.copy(), 0
    for r in range(rows):
        alone = starts[r] < 0
        for k in range(max(starts[r], 0), 1 if alone else stops[r]):
            place = r if alone else places[k]
            value = 1.0 if alone else values[k]
            if abs(value) <= ROUNDING:
                continue
            column_rows[here], column_values[here] = place, value
            here += 1
            row_columns[at[place]], row_values[at[place]] = r, value
            at[place] += 1
            norms[place] += value * value
    for i in range(rows):
        # An empty row would be no inverse; a tiny norm would make its place leave for ever.
        norms[i] = max(norms[i], 1e-4)
    return Inverse(
        making.placed,
        row_starts,
        row_columns,
        row_values,
        column_starts,
        column_rows,
        column_values,
        norms,
    )
