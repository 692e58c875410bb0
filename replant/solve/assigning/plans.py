"""Plans: rows served from the blocks that a first stage opens, and first stages near the best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from replant.solve.assigning.node import Node
from replant.solve.assigning.serving import serve
from replant.solve.assigning.structure import Assigning, Flags, Floats, Places

__all__ = ["Plans"]

# Neighbours of a plan that are tried, moves looked at for each, for a new first stage, and where
# it is worth looking longer.
_NEIGHBOURS, _SHORT, _LOOKS, _LONG = 200, 300_000, 1_000_000, 30_000_000
# These are for so many items; with more of them a move has more to look at.
_ITEMS = 6_000
# How many more switches are opened, one after another, until there is a plan at all.
_WIDER = 12
# By how much a row may be missed.
_KEPT = 1e-7


@dataclass(eq=False)
class Plans:
    """The best plan so far.

    Parameters
    ----------
    problem : Assigning
        The problem.
    better : callable
        Called whenever there is a better plan.

    Attributes
    ----------
    cost : float
        What the best plan costs; infinite without one.
    first : ndarray or None
        Its first stage, shape (n,).
    at : ndarray
        The items that serve in it.
    """

    problem: Assigning
    better: Callable[[], None]
    cost: float = np.inf
    first: Floats | None = None
    at: Places = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    _seen: set[bytes] = field(default_factory=set)
    _item_at: Places = field(init=False)

    def __post_init__(self) -> None:
        items = self.problem.items
        self._item_at = np.full((len(self.problem.rows.lower), len(items.room)), -1, dtype=np.int64)
        # Of several items of a row in a block the cheapest is known.
        order = np.argsort(-items.cost, kind="stable")
        self._item_at[items.row[order], items.block[order]] = order

    def near(self, node: Node) -> None:
        """Try the first stages that a node suggests."""
        self._try(self._enough(node.last, node), _LOOKS)
        first = self._rounded(node)
        self._try(first, _LOOKS)
        likely = np.argsort(-node.mean, kind="stable")
        shut = likely[self.problem.integer[likely] & (first[likely] < node.upper[likely])]
        for place in shut[:_WIDER]:
            if self.first is not None:
                return
            first = first.copy()
            first[place] += 1.0
            self._try(first, _LOOKS)

    def longer(self, node: Node) -> None:
        """Look longer for a plan with the first stage to which a node has come."""
        first = self._rounded(node)
        self._seen.discard(first.tobytes())
        self._try(first, _LONG)

    def climb(self, reduced: Floats, over: Callable[[], bool]) -> None:
        """Open, close or exchange a switch of the best plan as long as that is better.

        Parameters
        ----------
        reduced : ndarray, shape (n,)
            What a unit of each column of the first stage costs: neighbours that look cheap by it
            are tried first.
        over : callable
            Whether it must stop.
        """
        polished: Floats | None = None
        while self.first is not None and not over():
            before, first = self.cost, self.first
            for places in self._neighbours(first, reduced):
                other = first.copy()
                other[places] = 1.0 - other[places]
                self._try(other, _SHORT, self.at)
                if over():
                    return
            if self.cost == before:
                if polished is first:
                    return
                polished = first
                self._seen.discard(first.tobytes())
                self._try(first, _LONG, self.at)
                if self.cost == before:
                    return

    def keep(self, first: Floats, at: Places) -> None:
        """Keep a plan if it is the cheapest so far, and one indeed."""
        problem = self.problem
        cost = problem.constant + float(problem.cost @ first) + float(problem.items.cost[at].sum())
        if cost < self.cost and self._holds(first, at):
            self.cost, self.first, self.at = cost, first.copy(), at.copy()
            self.better()

    def _neighbours(self, first: Floats, reduced: Floats) -> list[list[int]]:
        problem = self.problem
        free = np.flatnonzero(problem.integer & (problem.upper - problem.lower == 1.0))
        on, off = free[first[free] > 0.5], free[first[free] < 0.5]
        found = [(-float(reduced[one]), [int(one)]) for one in on]
        found += [(float(reduced[other]), [int(other)]) for other in off]
        found += [
            (float(reduced[other] - reduced[one]), [int(one), int(other)])
            for one in on
            for other in off
        ]
        return [places for _, places in sorted(found)[:_NEIGHBOURS]]

    def _rounded(self, node: Node) -> Floats:
        rounded = np.where(self.problem.integer, np.round(node.mean), node.mean)
        return self._enough(np.clip(rounded, node.lower, node.upper), node)

    def _enough(self, first: Floats, node: Node) -> Floats:
        """Open more switches until the rows of the first stage hold, the likeliest first."""
        first = first.copy()
        for place in np.argsort(-node.mean, kind="stable"):
            if self._allowed(first):
                break
            if self.problem.integer[place] and first[place] < node.upper[place] <= 1.0:
                first[place] = 1.0
        return first

    def _try(self, first: Floats, looks: int, start: Places | None = None) -> None:
        """Serve all rows with a first stage that was not tried yet."""
        key = first.tobytes()
        if key in self._seen or not self._allowed(first):
            return
        self._seen.add(key)
        items = self.problem.items
        at = np.full(len(self.problem.rows.lower), -1, dtype=np.int64)
        if start is not None:
            at[items.row[start]] = start
        looks = int(looks * max(1.0, len(items.row) / _ITEMS))
        cost = serve(items, self.problem.rows, self._item_at, self._open(first), at, looks)
        if np.isfinite(cost):
            self.keep(first, at[at >= 0])

    def _open(self, first: Floats) -> Flags:
        switch = self.problem.items.switch
        return np.asarray((switch < 0) | (first[switch] > 0.5))

    def _allowed(self, first: Floats) -> bool:
        rows = self.problem.rows
        has = rows.table @ first
        slack = _KEPT * np.maximum(1.0, rows.size)
        return bool(
            (has >= rows.table_lower - slack).all() and (has <= rows.table_upper + slack).all()
        )

    def _holds(self, first: Floats, at: Places) -> bool:
        """Say whether a plan keeps all rows."""
        items, rows = self.problem.items, self.problem.rows
        has = np.bincount(items.row[at], minlength=len(rows.lower))
        load = np.bincount(
            items.block[at], weights=items.true_weight[at], minlength=len(items.room)
        )
        slack = _KEPT * np.maximum(1.0, np.abs(first))
        return bool(
            self._allowed(first)
            and (first >= self.problem.lower - slack).all()
            and (first <= self.problem.upper + slack).all()
            and self._open(first)[items.block[at]].all()
            and (has >= rows.lower).all()
            and (has <= rows.upper).all()
            and (load <= items.true_room + _KEPT * np.maximum(1.0, items.true_room)).all()
        )
