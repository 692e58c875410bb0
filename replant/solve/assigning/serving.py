"""A plan for given open blocks: each row served from the cheapest, then moved and swapped.

A tabu search: the best move is made though it may be for the worse, and what was left is not gone
back to for a while. Blocks may be overfull on the way, at a price that rises until they are not.
"""

from __future__ import annotations

import numpy as np

from replant.solve.assigning.structure import Flags, Floats, Items, Places, Rows
from replant.solve.bunching.compiled import compiled

__all__ = ["serve"]

# The price of overfull blocks is looked at after so many moves, and changes by this factor.
_LOOK, _CHANGE = 8, 1.5
# A row does not go back for so many moves, and up to so many more.
_AWAY, _MORE = 5, 8
# How much less is better.
_BETTER = 1e-9


@compiled
def _over(load: float, room: float) -> float:
    return max(0.0, load - room)


@compiled
def _cheapest(items: Items, rows: Rows, open_: Flags, at: Places, load: Floats) -> bool:
    """Serve each row from where it was, or the cheapest open block; return whether each can be."""
    for row in range(len(at)):
        if at[row] >= 0 and open_[items.block[at[row]]]:
            load[items.block[at[row]]] += items.true_weight[at[row]]
            continue
        at[row] = -1
        least = np.inf if rows.lower[row] > 0.5 else 0.0
        for place in range(items.of_row_start[row], items.of_row_start[row + 1]):
            item = items.of_row[place]
            if not open_[items.block[item]] or items.cost[item] >= least:
                continue
            if items.true_weight[item] <= items.true_room[items.block[item]] + _BETTER:
                least = items.cost[item]
                at[row] = item
        if at[row] >= 0:
            load[items.block[at[row]]] += items.true_weight[at[row]]
        elif rows.lower[row] > 0.5:
            return False
    return True


@compiled
def _relief(items: Items, load: Floats, item: int) -> float:
    """Return by how much a block is less overfull without an item."""
    block = items.block[item]
    room = items.true_room[block]
    return _over(load[block], room) - _over(load[block] - items.true_weight[item], room)


@compiled
def _strain(items: Items, load: Floats, item: int) -> float:
    """Return by how much a block is more overfull with an item."""
    block = items.block[item]
    room = items.true_room[block]
    return _over(load[block] + items.true_weight[item], room) - _over(load[block], room)


@compiled
def _trade(
    items: Items, item_at: Places, at: Places, load: Floats, one: int, other: int, fine: float
) -> float:
    """Return what it costs if two rows change blocks; infinite where they cannot."""
    here, there = at[one], at[other]
    source, target = items.block[here], items.block[there]
    to, back = item_at[one, target], item_at[other, source]
    if source == target or to < 0 or back < 0:
        return np.inf
    out, into = items.true_weight[here], items.true_weight[there]
    after = load[source] - out + items.true_weight[back]
    beyond = load[target] - into + items.true_weight[to]
    room, other_room = items.true_room[source], items.true_room[target]
    over = _over(after, room) - _over(load[source], room)
    over += _over(beyond, other_room) - _over(load[target], other_room)
    change = items.cost[to] + items.cost[back] - items.cost[here] - items.cost[there]
    return float(change + fine * over)


@compiled
def _move(
    items: Items, at: Places, load: Floats, held: Places, row: int, to: int, until: int
) -> None:
    """Serve a row by another item, and keep it away from where it was for a while."""
    own = at[row]
    if own >= 0:
        load[items.block[own]] -= items.true_weight[own]
        held[row, items.block[own]] = until
    if to >= 0:
        load[items.block[to]] += items.true_weight[to]
    at[row] = to


@compiled
def serve(items: Items, rows: Rows, item_at: Places, open_: Flags, at: Places, looks: int) -> float:
    """Serve all rows from open blocks; return the cost of serving, infinite if that failed.

    Parameters
    ----------
    items, rows
        The problem.
    item_at : ndarray, shape (rows, blocks)
        The item by which a row is served from a block, or -1.
    open_ : ndarray of bool, shape (blocks,)
        Which blocks are open.
    at : ndarray, shape (rows,)
        Where to begin, or -1; filled: the item that serves each row, or -1.
    looks : int
        How many moves may be looked at.
    """
    count = len(at)
    load = np.zeros(len(items.room))
    if not _cheapest(items, rows, open_, at, load):
        return np.inf
    held = np.zeros((count, len(load)), dtype=np.int64)
    begin, choice = np.zeros(count + 1, dtype=np.int64), np.zeros(len(items.row), dtype=np.int64)
    for row in range(count):
        end = begin[row]
        for place in range(items.of_row_start[row], items.of_row_start[row + 1]):
            item = items.of_row[place]
            block = items.block[item]
            if open_[block] and items.true_weight[item] <= items.true_room[block] + _BETTER:
                choice[end] = item
                end += 1
        begin[row + 1] = end
    cost, weight, over = 0.0, 0.0, 0.0
    for row in range(count):
        if at[row] >= 0:
            cost += items.cost[at[row]]
            weight += items.true_weight[at[row]]
    for block in range(len(load)):
        over += _over(load[block], items.true_room[block])
    fine = max(1e-6, abs(cost) / max(weight, 1e-9))
    best, kept = np.inf, at.copy()
    number, clean = 0, 0
    while looks > 0:
        number += 1
        least, mover, goal, partner = np.inf, -1, -1, -1
        for row in range(count):
            own = at[row]
            before = 0.0
            if own >= 0:
                before = items.cost[own] + fine * _relief(items, load, own)
                if rows.lower[row] < 0.5 and -before < least:
                    least, mover, goal, partner = -before, row, -1, -1
            looks -= begin[row + 1] - begin[row]
            for place in range(begin[row], begin[row + 1]):
                item = choice[place]
                block = items.block[item]
                if own >= 0 and items.block[own] == block:
                    continue
                change = items.cost[item] - before
                if change >= least:
                    continue
                change += fine * _strain(items, load, item)
                if change < least and (
                    held[row, block] < number
                    or (cost + change < best - _BETTER and over <= _BETTER)
                ):
                    least, mover, goal, partner = change, row, item, -1
        # Pairs are many: they are looked at where no single move is for the better.
        for row in range(count if least > -_BETTER else 0):
            own = at[row]
            if own < 0:
                continue
            looks -= row
            for other in range(row):
                if at[other] < 0:
                    continue
                change = _trade(items, item_at, at, load, row, other, fine)
                if change >= least:
                    continue
                if (
                    held[row, items.block[at[other]]] < number
                    and held[other, items.block[own]] < number
                ) or (cost + change < best - _BETTER and over <= _BETTER):
                    least, mover, partner = change, row, other
        if mover < 0:
            break
        until = number + _AWAY + (number * 7919) % _MORE
        if partner >= 0:
            goal = item_at[mover, items.block[at[partner]]]
            back = item_at[partner, items.block[at[mover]]]
            _move(items, at, load, held, partner, back, until)
        _move(items, at, load, held, mover, goal, until)
        cost, over = 0.0, 0.0
        for row in range(count):
            if at[row] >= 0:
                cost += items.cost[at[row]]
        for block in range(len(load)):
            over += _over(load[block], items.true_room[block])
        if over <= _BETTER:
            clean += 1
            if cost < best - _BETTER:
                best = cost
                kept[:] = at
        if number % _LOOK == 0:
            if clean == 0:
                fine *= _CHANGE
            elif clean == _LOOK:
                fine /= _CHANGE
            clean = 0
    at[:] = kept
    return best
