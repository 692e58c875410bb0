"""The best that each block can serve at prices of what it serves: knapsacks in whole units.

Functions here are compiled where numba is installed. Values are sums of a few numbers, exact but
for the rounding of these sums.
"""

from __future__ import annotations

import numpy as np

from replant.solve.assigning.structure import Flags, Floats, Items, Places
from replant.solve.bunching.compiled import compiled

__all__ = ["best_items", "best_with"]


@compiled
def _fill(
    items: Items,
    block: int,
    allowed: Flags,
    price: Floats,
    best: Floats,
    taken: Flags,
    chosen: Places,
) -> tuple[int, bool, float]:
    """Fill the table of one block; return how many items earn, if all fit, and what they earn."""
    room, count, total, worth = items.room[block], 0, 0, 0.0
    for item in range(items.start[block], items.start[block + 1]):
        gain = price[items.row[item]] - items.cost[item]
        if gain > 0.0 and allowed[item]:
            chosen[count] = item
            count += 1
            total += items.weight[item]
            worth += gain
    if total <= room:
        return count, True, worth
    best[: room + 1] = 0.0
    for place in range(count):
        item = chosen[place]
        weight, gain = items.weight[item], price[items.row[item]] - items.cost[item]
        for units in range(room, weight - 1, -1):
            other = best[units - weight] + gain
            better = other > best[units]
            taken[place, units] = better
            if better:
                best[units] = other
        for units in range(min(weight, room + 1)):
            taken[place, units] = False
    return count, False, best[room]


@compiled
def best_items(
    items: Items,
    allowed: Flags,
    open_: Flags,
    price: Floats,
    served: Flags,
    value: Floats,
    best: Floats,
    taken: Flags,
    chosen: Places,
) -> None:
    """Choose the best items of each open block.

    Parameters
    ----------
    items : Items
        What can be served from where.
    allowed : ndarray of bool, shape (items,)
        Items that may be chosen.
    open_ : ndarray of bool, shape (blocks,)
        Blocks to look at; others are worth nothing.
    price : ndarray, shape (rows,)
        What serving a row earns.
    served : ndarray of bool, shape (items,)
        Filled: which are chosen.
    value : ndarray, shape (blocks,)
        Filled: the cost of the choice, zero or less.
    best, taken, chosen : ndarray
        Room to work in: (units,), (items of a block, units), (items of a block,).
    """
    for block in range(len(items.room)):
        value[block] = 0.0
        served[items.start[block] : items.start[block + 1]] = False
        if not open_[block]:
            continue
        count, fits, worth = _fill(items, block, allowed, price, best, taken, chosen)
        value[block] = -worth
        left = items.room[block]
        for place in range(count - 1, -1, -1):
            item = chosen[place]
            if fits:
                served[item] = True
            elif taken[place, left]:
                served[item] = True
                left -= items.weight[item]


@compiled
def best_with(
    items: Items,
    allowed: Flags,
    open_: Flags,
    price: Floats,
    least: Floats,
    best: Floats,
    taken: Flags,
    chosen: Places,
) -> None:
    """Tell what each block costs at least if it must serve one item.

    The item may be counted twice, by which the cost is only told lower.

    Parameters
    ----------
    items, allowed, open_, price, best, taken, chosen
        See `best_items`.
    least : ndarray, shape (items,)
        Filled; infinite where an item cannot be served.
    """
    for block in range(len(items.room)):
        begin, end = items.start[block], items.start[block + 1]
        least[begin:end] = np.inf
        if not open_[block]:
            continue
        room = items.room[block]
        _, fits, worth = _fill(items, block, allowed, price, best, taken, chosen)
        for item in range(begin, end):
            if not allowed[item] or items.weight[item] > room:
                continue
            gain = price[items.row[item]] - items.cost[item]
            if fits:
                least[item] = -worth - min(gain, 0.0)
            else:
                least[item] = -best[room - items.weight[item]] - gain
