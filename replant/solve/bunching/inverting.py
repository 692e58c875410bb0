"""The inverse of a basis, with hardly more entries than the basis has.

Columns are pivoted in one after another: first those with a single entry in rows still free, then
the few that hang together, then those that are alone in a row. The bases of plans are nearly
triangular, and the inverse then costs no more than to write it down. So it need not be kept: the
names of its columns are enough to make it anew whenever a problem is solved again.
"""

from __future__ import annotations

import numpy as np

from replant.solve.bunching.arrays import Columns, Inverse, Matrix
from replant.solve.bunching.compiled import compiled
from replant.solve.bunching.making import (
    END,
    LISTED,
    REACHED,
    ROUNDING,
    Making,
    begun,
    written,
)

__all__ = ["inverse_of", "inverted", "logical_basis"]

# A pivot smaller than this makes a basis too hard to invert, and one smaller than this share of
# the largest in its column is not taken, however few entries its row has.
_SMALLEST, _SHARE = 1e-8, 0.1
# Room for so many entries a row to begin with, and so many times more where that is too little.
_ROOM, _MORE = 16, 8
# How a column was pivoted in.
_FINE, _SINGULAR, _FULL = 0, 1, 2


def logical_basis(matrix: Matrix) -> Columns:
    """Return the basis of all logicals."""
    return np.arange(matrix.width, matrix.width + matrix.height, dtype=np.int64)


def inverse_of(matrix: Matrix, head: Columns) -> Inverse | None:
    """Return the inverse of a basis, its columns in places that suit; None if there is none."""
    inverse, fine = inverted(matrix, head)
    return inverse if fine else None


@compiled
def inverted(matrix: Matrix, head: Columns) -> tuple[Inverse, bool]:
    """Return the inverse of a basis, its columns in places that suit, and whether it went well."""
    room = _ROOM * matrix.height + 1
    while True:
        making = begun(matrix, head, room)
        ended = _pivot_all(matrix, head, making)
        if ended != _FULL:
            return written(making), ended == _FINE
        room *= _MORE


@compiled
def _pivot_all(matrix: Matrix, head: Columns, making: Making) -> int:
    """Pivot all columns in that wait; return how that ended."""
    rows, width = matrix.height, matrix.width
    queue, tail = np.empty(rows, np.int64), 0
    for i in range(rows):
        if head[i] < width and making.entries[head[i]] == 1:
            queue[tail] = head[i]
            tail += 1
    first = 0
    while first < tail:
        row = _first_free(matrix, making, queue[first])
        ended = _pivot_in(matrix, making, queue[first])
        if ended != _FINE:
            return ended
        first += 1
        for e in range(matrix.row_starts[row], matrix.row_starts[row + 1]):
            j = matrix.row_columns[e]
            if making.waiting[j] == 1 and making.entries[j] == 1:
                queue[tail] = j
                tail += 1
    aside, count = _set_aside(matrix, making)
    while True:
        j = _fewest(head, making, width)
        if j < 0:
            break
        ended = _pivot_in(matrix, making, j)
        if ended != _FINE:
            return ended
    # What hung together has no entry in the rows of those set aside.
    making.numbers[REACHED] = 0
    for k in range(count - 1, -1, -1):
        ended = _pivot_in(matrix, making, aside[k])
        if ended != _FINE:
            return ended
    return _FINE


@compiled
def _first_free(matrix: Matrix, making: Making, j: int) -> int:
    """Return the first free row in which a column has an entry, or row 0 if there is none."""
    for e in range(matrix.column_starts[j], matrix.column_starts[j + 1]):
        if making.free[matrix.column_rows[e]] == 1:
            return int(matrix.column_rows[e])
    return 0


@compiled
def _set_aside(matrix: Matrix, making: Making) -> tuple[Columns, int]:
    """Set waiting columns aside that are alone in a free row, then those that are without them.

    Returns them in the order in which they were set aside; they are pivoted in from the last on,
    when each has a single entry in free rows.
    """
    rows = matrix.height
    crossed = making.crossed.copy()
    aside, count = np.empty(rows, np.int64), 0
    queue, tail, first = np.empty(rows, np.int64), 0, 0
    for i in range(rows):
        if making.free[i] == 1 and crossed[i] == 1:
            queue[tail] = i
            tail += 1
    while first < tail:
        row = queue[first]
        first += 1
        for e in range(matrix.row_starts[row], matrix.row_starts[row + 1]):
            j = matrix.row_columns[e]
            if making.waiting[j] != 1:
                continue
            making.waiting[j] = 2
            aside[count] = j
            count += 1
            for k in range(matrix.column_starts[j], matrix.column_starts[j + 1]):
                i = matrix.column_rows[k]
                crossed[i] -= 1
                if making.free[i] == 1 and crossed[i] == 1:
                    queue[tail] = i
                    tail += 1
    return aside, count


@compiled
def _fewest(head: Columns, making: Making, width: int) -> int:
    """Return the waiting column with the fewest entries in free rows, -1 if none waits."""
    best, fewest = -1, 0
    for i in range(len(head)):
        j = head[i]
        if j < width and making.waiting[j] == 1 and (best < 0 or making.entries[j] < fewest):
            best, fewest = j, making.entries[j]
    return best


@compiled
def _pivot_in(matrix: Matrix, making: Making, j: int) -> int:
    """Pivot a column in; return how that ended."""
    making.waiting[j] = 0
    _take(matrix, making, j)
    pivot, several = _pivot_of(making)
    if pivot < 0:
        return _SINGULAR
    count, reached = making.numbers[LISTED], making.numbers[REACHED]
    needed = making.numbers[END] + count
    for k in range(reached):
        row = making.reaching[k]
        needed += making.stops[row] - making.starts[row] + count
    if needed > len(making.values):
        return _FULL
    inverse = 1.0 / making.column[pivot]
    for k in range(reached):
        _change(making, making.reaching[k], pivot, inverse)
    end = making.numbers[END]
    making.starts[pivot] = end
    for k in range(count):
        i = making.listed[k]
        value = making.column[i]
        making.column[i] = 0.0
        making.marked[i] = 0
        if i == pivot or abs(value) > ROUNDING:
            making.places[end] = i
            making.values[end] = inverse if i == pivot else -value * inverse
            end += 1
    making.stops[pivot] = making.numbers[END] = end
    making.placed[pivot] = j
    making.free[pivot] = 0
    if several:
        making.reaching[reached] = pivot
        making.numbers[REACHED] = reached + 1
    for e in range(matrix.row_starts[pivot], matrix.row_starts[pivot + 1]):
        making.entries[matrix.row_columns[e]] -= 1
    for e in range(matrix.column_starts[j], matrix.column_starts[j + 1]):
        making.crossed[matrix.column_rows[e]] -= 1
    return _FINE


@compiled
def _take(matrix: Matrix, making: Making, j: int) -> None:
    """Write a column, multiplied by the inverse so far, into the column at hand."""
    count = 0
    column, marked, listed = making.column, making.marked, making.listed
    for e in range(matrix.column_starts[j], matrix.column_starts[j + 1]):
        row, value = matrix.column_rows[e], matrix.column_values[e]
        alone = making.starts[row] < 0
        for k in range(max(making.starts[row], 0), 1 if alone else making.stops[row]):
            i = row if alone else making.places[k]
            if marked[i] == 0:
                marked[i] = 1
                listed[count] = i
                count += 1
            column[i] += value * (1.0 if alone else making.values[k])
    making.numbers[LISTED] = count


@compiled
def _pivot_of(making: Making) -> tuple[int, bool]:
    """Return the row in which the column at hand is pivoted, and whether others were open to it.

    Of the free rows in which it is large enough, the one with the fewest entries; -1 if none is.
    """
    largest, several = 0.0, 0
    for k in range(making.numbers[LISTED]):
        i = making.listed[k]
        if making.free[i] == 1 and abs(making.column[i]) > ROUNDING:
            several += 1
            largest = max(largest, abs(making.column[i]))
    pivot = -1
    if largest > _SMALLEST:
        for k in range(making.numbers[LISTED]):
            i = making.listed[k]
            large = making.free[i] == 1 and abs(making.column[i]) >= _SHARE * largest
            if large and (pivot < 0 or making.crossed[i] < making.crossed[pivot]):
                pivot = i
    return pivot, several > 1


@compiled
def _change(making: Making, row: int, pivot: int, inverse: float) -> None:
    """Write a row's column of the inverse anew if the pivot of the column at hand changes it."""
    starts, stops, places, values = making.starts, making.stops, making.places, making.values
    times = 0.0
    for k in range(starts[row], stops[row]):
        if places[k] == pivot:
            times = values[k] * inverse
    if times == 0.0:
        return
    begin = making.numbers[END]
    end = begin
    for k in range(making.numbers[LISTED]):
        i = making.listed[k]
        places[end] = i
        values[end] = times if i == pivot else -times * making.column[i]
        end += 1
    for k in range(starts[row], stops[row]):
        i = places[k]
        if i == pivot:
            continue
        if making.marked[i] == 0:
            places[end], values[end] = i, values[k]
            end += 1
            continue
        for p in range(begin, begin + making.numbers[LISTED]):
            if places[p] == i:
                values[p] += values[k]
                break
    starts[row], stops[row] = begin, end
    making.numbers[END] = end
