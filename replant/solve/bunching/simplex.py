"""The bounded dual simplex method from a shared basis, one problem after another.

Every column is given two bounds: those of a row that can be reached are what its columns allow,
and where there is none it is far away. Then any basis is dual feasible once each column outside it
stands at the bound that its reduced cost asks for, so problems with other bounds *and* another
objective can all start from one inverse. Pivots are remembered as a list beside it.
"""

from __future__ import annotations

from replant.solve.bunching.arrays import COLUMNS, PIVOTS, PRICES, Inverse, Items, Matrix, Work
from replant.solve.bunching.basis import add_column, backward, forward, push_eta
from replant.solve.bunching.compiled import compiled

__all__ = ["CLASH", "DONE", "FAR", "STUCK", "pivoted"]

# How it ended: optimal; a row that cannot be met; neither, within what is allowed.
DONE, CLASH, STUCK = 0, 1, 2
# A bound this far away stands for none.
FAR = 1e7
_FEASIBLE = 1e-9
_DUAL = 1e-11
_PIVOT = 1e-7
_NOTHING = 1e-13


@compiled
def pivoted(
    matrix: Matrix, inverse: Inverse, items: Items, item: int, work: Work
) -> tuple[int, int]:
    """Solve one problem; return how it ended and the number of pivots.

    Afterwards ``work.value`` holds all columns and ``work.prices`` the price of each row, or, if
    a row cannot be met, the weights of rows that show it.
    """
    _take(matrix, items, item, work)
    _begin(matrix, inverse, work)
    etas = 0
    while True:
        leaving = _leaving(work)
        if leaving < 0:
            _finish(matrix, work)
            return DONE, etas
        if etas >= PIVOTS:
            return STUCK, etas
        ended = _pivot(matrix, inverse, work, etas, leaving)
        if ended >= 0:
            return ended, etas
        etas += 1


@compiled
def _take(matrix: Matrix, items: Items, item: int, work: Work) -> None:
    """Set costs and bounds of all columns; logicals get the bounds that their row can reach."""
    width = matrix.width
    for j in range(width):
        work.cost[j] = -items.objective[item, j]
        work.lower[j] = max(items.lower[item, j], -FAR)
        work.upper[j] = min(items.upper[item, j], FAR)
    for i in range(matrix.height):
        least, most = 0.0, 0.0
        for e in range(matrix.row_starts[i], matrix.row_starts[i + 1]):
            j, a = matrix.row_columns[e], matrix.row_values[e]
            if a > 0.0:
                least += a * work.lower[j]
                most += a * work.upper[j]
            else:
                least += a * work.upper[j]
                most += a * work.lower[j]
        # One more than what can be reached, so that no answer ever stands at such a bound.
        work.cost[width + i] = 0.0
        work.upper[width + i] = -max(items.row_lower[item, i], least - 1.0)
        work.lower[width + i] = -min(items.row_upper[item, i], most + 1.0)


@compiled
def _begin(matrix: Matrix, inverse: Inverse, work: Work) -> None:
    """Price the shared basis, and put every other column at the bound that its cost asks for."""
    for j in range(matrix.width + matrix.height):
        work.kind[j] = -1
    for i in range(matrix.height):
        work.head[i] = inverse.head[i]
        work.kind[work.head[i]] = 0
        work.weight[i] = inverse.norms[i]
        work.place[i] = work.cost[work.head[i]]
        work.place_list[i] = i
        # A problem before this one may have left prices that no list names any more.
        work.prices[i] = 0.0
    work.eta_starts[0] = 0
    backward(inverse, work, 0, matrix.height)
    for j in range(matrix.width + matrix.height):
        if work.kind[j] == 0:
            work.reduced[j] = 0.0
            continue
        reduced = work.cost[j]
        if j < matrix.width:
            for e in range(matrix.column_starts[j], matrix.column_starts[j + 1]):
                reduced -= work.prices[matrix.column_rows[e]] * matrix.column_values[e]
        else:
            reduced -= work.prices[j - matrix.width]
        work.reduced[j] = reduced
        work.kind[j] = 1 if reduced < -_DUAL else -1
        work.value[j] = work.upper[j] if work.kind[j] == 1 else work.lower[j]
        if work.value[j] != 0.0:
            add_column(matrix, j, -work.value[j], work)
    forward(inverse, work, 0)
    for i in range(matrix.height):
        j, x = work.head[i], work.column[i]
        work.basic[i] = x
        work.score[i] = _score(work.lower[j], work.upper[j], x, work.weight[i])


@compiled
def _score(lower: float, upper: float, x: float, weight: float) -> float:
    """Return how far a basic column is out of its bounds, measured by its row's length."""
    out = max(lower - x, x - upper)
    return out * out / weight if out > _FEASIBLE * (1.0 + abs(x)) else 0.0


@compiled
def _leaving(work: Work) -> int:
    """Return the place of the basis that is most out of its bounds, -1 if none is."""
    best, leaving = 0.0, -1
    for i in range(len(work.score)):
        if work.score[i] > best:
            best, leaving = work.score[i], i
    return leaving


@compiled
def _pivot(matrix: Matrix, inverse: Inverse, work: Work, etas: int, leaving: int) -> int:
    """Let one column leave and another enter; return -1, or how it ended if none can enter."""
    left = work.head[leaving]
    above = work.basic[leaving] > work.upper[left]
    target = work.upper[left] if above else work.lower[left]
    work.place[leaving] = 1.0
    work.place_list[0] = leaving
    backward(inverse, work, etas, 1)
    touched = _entries(matrix, work)
    sign = 1.0 if above else -1.0
    slope = abs(work.basic[leaving] - target)
    entering, flipped = _entering(matrix, work, touched, sign, slope)
    if flipped:
        forward(inverse, work, etas)
        for k in range(work.counts[COLUMNS]):
            i = work.column_list[k]
            j, x = work.head[i], work.basic[i] - work.column[i]
            work.basic[i] = x
            work.score[i] = _score(work.lower[j], work.upper[j], x, work.weight[i])
    if entering < 0:
        return CLASH
    add_column(matrix, entering, 1.0, work)
    forward(inverse, work, etas)
    pivot = work.column[leaving]
    if abs(pivot - work.entry[entering]) > 1e-7 * (1.0 + abs(pivot)):
        return STUCK
    step = work.reduced[entering] / work.entry[entering]
    for k in range(touched):
        j = work.touched[k]
        if work.kind[j] != 0:
            work.reduced[j] -= step * work.entry[j]
    work.reduced[left], work.reduced[entering] = -step, 0.0
    work.kind[left] = 1 if above else -1
    work.value[left] = target
    work.kind[entering] = 0
    work.head[leaving] = entering
    _move(work, leaving, work.value[entering], (work.basic[leaving] - target) / pivot)
    push_eta(work, etas, leaving)
    return -1


@compiled
def _entries(matrix: Matrix, work: Work) -> int:
    """Write the row of the leaving place over all columns; return how many it touches."""
    touched = 0
    for place in range(work.counts[PRICES]):
        i = work.price_list[place]
        price = work.prices[i]
        if abs(price) <= _NOTHING:
            continue
        j = matrix.width + i
        work.entry[j] = price
        work.touched[touched] = j
        touched += 1
        for e in range(matrix.row_starts[i], matrix.row_starts[i + 1]):
            j = matrix.row_columns[e]
            if work.marked[j] == 0:
                work.marked[j] = 1
                work.entry[j] = 0.0
                work.touched[touched] = j
                touched += 1
            work.entry[j] += price * matrix.row_values[e]
    for k in range(touched):
        work.marked[work.touched[k]] = 0
    return touched


@compiled
def _entering(
    matrix: Matrix, work: Work, touched: int, sign: float, slope: float
) -> tuple[int, bool]:
    """Return the column to enter, and whether others were put at their other bound before.

    A column whose whole range does not take the leaving one back to its bound is passed over and
    put at its other bound; ``work.row`` then holds what that changes in the rows.
    """
    count = 0
    for k in range(touched):
        j = work.touched[k]
        entry = sign * work.entry[j]
        at = work.kind[j]
        if at == 0 or entry * at >= -_PIVOT or work.upper[j] <= work.lower[j]:
            continue
        work.candidate[count] = j
        work.ratio[count] = max(work.reduced[j] / entry, 0.0)
        count += 1
    flipped = False
    rounding = _FEASIBLE * (1.0 + slope)
    while count > 0:
        best = 0
        for k in range(1, count):
            if work.ratio[k] < work.ratio[best] or (
                work.ratio[k] == work.ratio[best]
                and abs(work.entry[work.candidate[k]]) > abs(work.entry[work.candidate[best]])
            ):
                best = k
        j = work.candidate[best]
        width = work.upper[j] - work.lower[j]
        slope -= abs(work.entry[j]) * width
        # What rounding leaves is no reason to pass the last column by.
        if slope <= rounding:
            return j, flipped
        change = -width * work.kind[j]
        work.kind[j] = -work.kind[j]
        work.value[j] += change
        add_column(matrix, j, change, work)
        flipped = True
        count -= 1
        work.candidate[best] = work.candidate[count]
        work.ratio[best] = work.ratio[count]
    return -1, flipped


@compiled
def _move(work: Work, leaving: int, start: float, step: float) -> None:
    """Move the basic columns along the entering one, and estimate the new weights."""
    pivot = work.column[leaving]
    exact = 0.0
    for k in range(work.counts[PRICES]):
        exact += work.prices[work.price_list[k]] ** 2
    work.weight[leaving] = max(exact / (pivot * pivot), 1e-4)
    work.basic[leaving] = start + step
    for k in range(work.counts[COLUMNS]):
        i = work.column_list[k]
        entry = work.column[i]
        if i != leaving and abs(entry) > _NOTHING:
            work.basic[i] -= step * entry
            share = entry / pivot
            work.weight[i] = max(work.weight[i], share * share * exact)
        j = work.head[i]
        work.score[i] = _score(work.lower[j], work.upper[j], work.basic[i], work.weight[i])


@compiled
def _finish(matrix: Matrix, work: Work) -> None:
    """Write the values of the basis, and the price of each row: what its bound is worth."""
    for i in range(matrix.height):
        work.value[work.head[i]] = work.basic[i]
    for i in range(matrix.height):
        j = matrix.width + i
        work.prices[i] = work.reduced[j] if work.kind[j] != 0 else 0.0
