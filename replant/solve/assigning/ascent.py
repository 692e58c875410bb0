"""Prices of rows at which blocks, each for itself, bound all plans from below as well as they can.

The bound of any prices holds. Good ones are sought by steps along what rows are missing, averaged
over the last steps; a step is as long as would reach a target if all went well, and shorter where
no better bound was met for a while.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from replant.solve.assigning.knapsacks import best_items, best_with
from replant.solve.assigning.structure import Flags, Floats, Items, Rows
from replant.solve.bunching.compiled import compiled

__all__ = ["Limits", "ascend", "judge"]

# A step shorter than this share leads nowhere.
_SHORT = 0.003
# What is counted against the rounding of sums, as a share of all that is summed.
_ROUNDING = 1e-11


class Limits(NamedTuple):
    """How far prices are sought.

    Attributes
    ----------
    target : float
        The bound that steps aim at.
    cutoff : float
        A bound that needs no better.
    step : float
        The first step's share of the way.
    steps : int
        How many at most.
    patience : int
        Steps without a better bound after which they become shorter.
    """

    target: float
    cutoff: float
    step: float
    steps: int
    patience: int


@compiled
def _priced(price: Floats, lower: Floats, upper: Floats) -> tuple[float, float]:
    """Return what rows cost at prices, and how much was summed."""
    total, size = 0.0, 0.0
    for row in range(len(price)):
        if price[row] != 0.0:
            part = price[row] * (lower[row] if price[row] > 0.0 else upper[row])
            total += part
            size += abs(part)
    return total, size


@compiled
def _reduced(items: Items, rows: Rows, cost: Floats, value: Floats, price: Floats) -> Floats:
    """Return what a unit of each column of the first stage costs, with the blocks it opens."""
    reduced = cost.copy()
    for row in range(len(price)):
        if price[row] != 0.0:
            for column in range(len(cost)):
                reduced[column] -= price[row] * rows.table[row, column]
    for block in range(len(items.room)):
        if items.switch[block] >= 0:
            reduced[items.switch[block]] += value[block]
    return reduced


@compiled
def _bound(
    items: Items,
    rows: Rows,
    cost: Floats,
    lower: Floats,
    upper: Floats,
    value: Floats,
    price: Floats,
    first_price: Floats,
    first: Floats,
    reduced: Floats,
) -> float:
    """Return the bound at prices; fill the first stage and its reduced costs."""
    ties, size = _priced(price, rows.lower, rows.upper)
    own, more = _priced(first_price, rows.table_lower, rows.table_upper)
    reduced[:] = _reduced(items, rows, cost, value, first_price)
    bound = ties + own
    size += more
    for column in range(len(cost)):
        first[column] = upper[column] if reduced[column] < 0.0 else lower[column]
        bound += reduced[column] * first[column]
    for block in range(len(items.room)):
        size += abs(value[block])
        if items.switch[block] < 0:
            bound += value[block]
    return bound - _ROUNDING * size


@compiled
def _opened(items: Items, upper: Floats) -> Flags:
    """Return which blocks can be open at all."""
    open_ = np.ones(len(items.room), dtype=np.bool_)
    for block in range(len(items.room)):
        if items.switch[block] >= 0:
            open_[block] = upper[items.switch[block]] > 0.5
    return open_


@compiled
def _missing(price: float, lower: float, upper: float, has: float) -> float:
    """Return what a row misses, or has too much of where negative, as its price can tell."""
    if has < lower:
        return lower - has
    if has > upper:
        return upper - has
    if price > 0.0:
        return lower - has
    if price < 0.0:
        return upper - has
    return 0.0


@compiled
def _moved(price: float, step: float, lower: float, upper: float) -> float:
    """Return a price after a step, of the sign that its row allows."""
    moved = price + step
    if moved > 0.0 and not np.isfinite(lower):
        return 0.0
    if moved < 0.0 and not np.isfinite(upper):
        return 0.0
    return moved


@compiled
def ascend(
    items: Items,
    rows: Rows,
    cost: Floats,
    lower: Floats,
    upper: Floats,
    allowed: Flags,
    price: Floats,
    first_price: Floats,
    mean: Floats,
    last: Floats,
    limits: Limits,
) -> tuple[float, int]:
    """Seek good prices; return their bound and the steps taken.

    Parameters
    ----------
    items, rows
        The problem.
    cost, lower, upper : ndarray, shape (n,)
        Of the first stage.
    allowed : ndarray of bool, shape (items,)
        What may be served.
    price, first_price : ndarray
        Prices to begin with; filled with the best.
    mean : ndarray, shape (n,)
        Filled: the first stage as it was in the mean of the last steps.
    last : ndarray, shape (n,)
        Filled: the first stage at the best prices.
    limits : Limits
        When to stop.
    """
    count, blocks = len(price), len(items.room)
    most = items.room.max() + 1
    width = 1
    for block in range(blocks):
        width = max(width, items.start[block + 1] - items.start[block])
    served, value = np.zeros(len(items.row), dtype=np.bool_), np.zeros(blocks)
    best, taken = np.zeros(most), np.zeros((width, most), dtype=np.bool_)
    chosen = np.zeros(width, dtype=np.int64)
    open_ = _opened(items, upper)
    first, reduced = np.zeros(len(cost)), np.zeros(len(cost))
    way, first_way = np.zeros(count), np.zeros(len(first_price))
    kept, first_kept, highest = price.copy(), first_price.copy(), -np.inf
    share, stalled, fresh, taken_steps = limits.step, 0, True, 0
    has = np.zeros(count)
    for number in range(limits.steps):
        taken_steps = number + 1
        best_items(items, allowed, open_, price, served, value, best, taken, chosen)
        bound = _bound(items, rows, cost, lower, upper, value, price, first_price, first, reduced)
        stalled += 1
        if bound > highest:
            if bound > highest + 1e-5 * abs(highest):
                stalled = 0
            highest = bound
            kept[:] = price
            first_kept[:] = first_price
            last[:] = first
            if bound >= limits.cutoff:
                break
        if stalled >= limits.patience:
            stalled = 0
            share *= 0.6
            if share < _SHORT:
                break
            price[:] = kept
            first_price[:] = first_kept
            fresh = True
            continue
        has[:] = 0.0
        for block in range(blocks):
            switch = items.switch[block]
            if switch < 0 or first[switch] > 0.5:
                for item in range(items.start[block], items.start[block + 1]):
                    if served[item]:
                        has[items.row[item]] += 1.0
        new = 1.0 if fresh else 0.3
        fresh = False
        length = 0.0
        for row in range(count):
            off = _missing(price[row], rows.lower[row], rows.upper[row], has[row])
            way[row] = new * off + (1.0 - new) * way[row]
            length += way[row] * way[row]
        for row in range(len(first_price)):
            total = 0.0
            for column in range(len(cost)):
                total += rows.table[row, column] * first[column]
            off = _missing(first_price[row], rows.table_lower[row], rows.table_upper[row], total)
            first_way[row] = new * off / rows.size[row] + (1.0 - new) * first_way[row]
            length += first_way[row] * first_way[row]
        old = 0.9 if number else 0.0
        mean[:] = old * mean + (1.0 - old) * first
        if length < 1e-12:
            break
        step = share * max(limits.target - bound, 1e-9 * abs(bound)) / length
        for row in range(count):
            price[row] = _moved(price[row], step * way[row], rows.lower[row], rows.upper[row])
        for row in range(len(first_price)):
            first_price[row] = _moved(
                first_price[row],
                step * first_way[row] / rows.size[row],
                rows.table_lower[row],
                rows.table_upper[row],
            )
    price[:] = kept
    first_price[:] = first_kept
    return highest, taken_steps


@compiled
def judge(
    items: Items,
    rows: Rows,
    cost: Floats,
    lower: Floats,
    upper: Floats,
    allowed: Flags,
    price: Floats,
    first_price: Floats,
    first: Floats,
    reduced: Floats,
    least: Floats,
) -> float:
    """Tell what every choice costs at least at prices; return the bound.

    Parameters
    ----------
    items, rows, cost, lower, upper, allowed, price, first_price
        See `ascend`.
    first, reduced : ndarray, shape (n,)
        Filled: the first stage at these prices and what a unit of each column costs.
    least : ndarray, shape (items,)
        Filled: a bound on all plans in which an item is served.
    """
    blocks = len(items.room)
    most = items.room.max() + 1
    width = 1
    for block in range(blocks):
        width = max(width, items.start[block + 1] - items.start[block])
    served, value = np.zeros(len(items.row), dtype=np.bool_), np.zeros(blocks)
    best, taken = np.zeros(most), np.zeros((width, most), dtype=np.bool_)
    chosen = np.zeros(width, dtype=np.int64)
    open_ = _opened(items, upper)
    best_items(items, allowed, open_, price, served, value, best, taken, chosen)
    bound = _bound(items, rows, cost, lower, upper, value, price, first_price, first, reduced)
    best_with(items, allowed, open_, price, least, best, taken, chosen)
    for block in range(blocks):
        switch = items.switch[block]
        without = 0.0
        if switch >= 0:
            # The switch must be on: its own part is replaced, whatever it was.
            without = reduced[switch] - reduced[switch] * first[switch]
        for item in range(items.start[block], items.start[block + 1]):
            least[item] += bound - value[block] + without
    return bound
