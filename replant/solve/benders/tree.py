"""Branch and cut over the first stage: a tree of our own, so that cuts can be added at any node."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.asking import SAME, WHOLE, all_whole, worth_asking
from replant.solve.benders.course import Course
from replant.solve.benders.proposal import Proposal
from replant.solve.benders.recourse import settle
from replant.solve.benders.rounding import made_whole, rounded

__all__ = ["Tree"]

Floats = NDArray[np.float64]

# A cut without a price in so many solves is dropped. Where groups are few, so are cuts, and to ask
# for one again costs a group's whole problem: they stay as many solves as this, by all groups.
_IDLE, _DEAR = 15, 400
# How many columns are tried on both sides before one is chosen, and how often one is tried until
# its record is believed.
_TRIED, _BELIEVED = 12, 4
# So many pivots show which of them costs more; what one costs in the end matters less.
_GLIMPSE = 60


@dataclass(order=True)
class _Node:
    rank: float
    number: int
    bound: float = field(compare=False)
    lower: Floats = field(compare=False)
    upper: Floats = field(compare=False)
    depth: int = field(compare=False, default=0)


@dataclass(eq=False)
class Tree:
    """One search over the whole numbers of the first stage.

    Parameters
    ----------
    course : Course
        The solve, its relaxed phase done.
    """

    course: Course
    nodes: int = 0
    # The bound of what cannot be divided further, though it might hold a better plan.
    _unsettled: float = -np.inf
    _open: list[_Node] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        stage = self.course.master.stage
        self._integer = np.flatnonzero(stage.integer)
        width = len(self._integer)
        # What one unit down or up has cost, and how often that was seen.
        self._cost = np.zeros((2, width))
        self._seen = np.zeros((2, width))
        # What the two sides of each column tried in this node are worth at most.
        self._sides: dict[int, tuple[float, float]] = {}

    def run(self) -> None:
        """Search until the plan is near enough to the bound, or time is up."""
        course, stage = self.course, self.course.master.stage
        self._push(stage.lower.copy(), stage.upper.copy(), course.bound, 0)
        following: _Node | None = None
        while (self._open or following is not None) and not course.over():
            node = following or heapq.heappop(self._open)
            following = None
            if node.bound > self.course.floor():
                following = self._visit(node)
            self._count(following)
        course.master.hold(stage.lower, stage.upper)

    def _count(self, following: _Node | None) -> None:
        """Tell the bound that all open nodes leave."""
        course = self.course
        highest = max((node.bound for node in self._open), default=self._unsettled)
        highest = max(highest, self._unsettled)
        if following is not None:
            highest = max(highest, following.bound)
        course.lower_bound_to(max(highest, self.course.floor()))
        course.tell()

    def _push(self, lower: Floats, upper: Floats, bound: float, depth: int) -> None:
        heapq.heappush(self._open, self._node(lower, upper, bound, depth))

    def _node(self, lower: Floats, upper: Floats, bound: float, depth: int) -> _Node:
        return _Node(-bound, next(self._numbers), bound, lower, upper, depth)

    # -- one node ----------------------------------------------------------------------------

    def _visit(self, node: _Node) -> _Node | None:
        """Solve a node; return the child to go on with, if any."""
        course = self.course
        self.nodes += 1
        course.master.drop_idle(max(_IDLE, _DEAR // max(1, course.master.groups)))
        course.master.hold(node.lower, node.upper)
        out = self._solved(node)
        if out is None:
            return None
        self._fix(node, out)
        place = self._choose(node, out)
        column, value = int(self._integer[place]), float(out.first[self._integer[place]])
        down, up = node.upper.copy(), node.lower.copy()
        down[column], up[column] = np.floor(value), np.ceil(value)
        low, high = (min(node.bound, bound) for bound in self._sides.get(place, (np.inf, np.inf)))
        below = self._node(node.lower, down, low, node.depth + 1)
        above = self._node(up, node.upper, high, node.depth + 1)
        near, far = (above, below) if value - np.floor(value) >= 0.5 else (below, above)
        if near.bound <= self.course.floor():
            near, far = far, near
        heapq.heappush(self._open, far)
        return near

    def _solved(self, node: _Node) -> Proposal | None:
        """Return the node's proposal with its cuts; None if the node is done with, or divided."""
        course = self.course
        last = np.inf
        tried: Counter[bytes] = Counter()
        turn = 0
        while True:
            out = course.master.relaxed()
            if out is None:
                return None
            node.bound = min(node.bound, out.bound)
            if course.left() <= 0.0:
                self._push(node.lower, node.upper, node.bound, node.depth)
                return None
            if node.bound <= self.course.floor():
                return None
            parts = out.first[self._integer]
            if all_whole(parts):
                if not self._try(out, tried):
                    self._divide(node, rounded(parts))
                    return None
            else:
                if not worth_asking(last, out.value, course.floor(), turn):
                    return out
                last = out.value
                if not course.take(course.ask(out.first), out):
                    return out
            turn += 1

    def _try(self, out: Proposal, tried: Counter[bytes]) -> bool:
        """Ask what a whole first stage is worth; return whether cuts say more of it."""
        whole = made_whole(self.course.master, out)
        if whole is None:
            return False
        tried[whole.first.tobytes()] += 1
        if tried[whole.first.tobytes()] > SAME:
            return False
        return settle(self.course, whole.first, whole) > 0

    def _divide(self, node: _Node, parts: Floats) -> None:
        """Divide a node at a first stage that was settled, and of which cuts say no more.

        It ends up in a node of its own, whose bound is what settling it has proven.
        """
        if node.bound <= self.course.floor():
            return
        columns = self._integer
        free = np.flatnonzero(node.lower[columns] < node.upper[columns])
        if not len(free):
            known = self.course.settled.get(parts.tobytes(), np.inf)
            all_whole = len(columns) == len(self.course.master.stage)
            self._unsettled = max(
                self._unsettled, min(node.bound, known) if all_whole else node.bound
            )
            return
        place = int(free[0])
        column, value = int(columns[place]), float(parts[place])
        for low, high in (
            (node.lower[column], value - 1.0),
            (value, value),
            (value + 1.0, node.upper[column]),
        ):
            if low <= high:
                lower, upper = node.lower.copy(), node.upper.copy()
                lower[column], upper[column] = low, high
                self._push(lower, upper, node.bound, node.depth + 1)

    def _fix(self, node: _Node, out: Proposal) -> None:
        """Fix columns that a unit's move would make worse than the best plan."""
        floor = self.course.floor()
        if not np.isfinite(floor):
            return
        columns = self._integer
        reduced = out.reduced[columns]
        room = out.bound - floor
        at_low = (out.first[columns] <= node.lower[columns] + WHOLE) & (-reduced > room)
        at_high = (out.first[columns] >= node.upper[columns] - WHOLE) & (reduced > room)
        if at_low.any() or at_high.any():
            node.lower, node.upper = node.lower.copy(), node.upper.copy()
            node.upper[columns[at_low]] = node.lower[columns[at_low]]
            node.lower[columns[at_high]] = node.upper[columns[at_high]]

    # -- branching ---------------------------------------------------------------------------

    def _choose(self, node: _Node, out: Proposal) -> int:
        """Return which column to branch on, by what a step down and up is known to cost."""
        values = out.first[self._integer]
        part = values - np.floor(values)
        open_ = np.flatnonzero(np.abs(values - np.round(values)) > WHOLE)
        mean = self._cost.sum() / max(1.0, self._seen.sum())
        known = np.where(self._seen > 0, self._cost / np.maximum(self._seen, 1.0), mean)
        score = _score(known[0] * part, known[1] * (1.0 - part))
        self._sides = {}
        order = open_[
            np.argsort(-score[open_] - 1e-9 * np.minimum(part, 1 - part)[open_], kind="stable")
        ]
        best, best_score = int(order[0]), -np.inf
        basis = self.course.master.warm.basis()
        for place in order[:_TRIED]:
            if self._seen[:, place].min() >= _BELIEVED:
                here = float(score[place])
            else:
                here = self._tried(node, out, int(place), basis)
            if here > best_score:
                best, best_score = int(place), here
        course = self.course
        course.master.hold(node.lower, node.upper)
        course.master.warm.return_to(basis)
        return best

    def _tried(self, node: _Node, out: Proposal, place: int, basis: Any) -> float:
        """Look into both children of a column, each from the node's basis; return its score.

        What they cost is kept.
        """
        course, column = self.course, int(self._integer[place])
        value = float(out.first[column])
        part = value - np.floor(value)
        losses, bounds = [], []
        for side, distance in ((0, part), (1, 1.0 - part)):
            lower, upper = node.lower.copy(), node.upper.copy()
            if side == 0:
                upper[column] = np.floor(value)
            else:
                lower[column] = np.ceil(value)
            course.master.hold(lower, upper)
            course.master.warm.return_to(basis)
            worth, bound = course.master.glimpsed(_GLIMPSE)
            room = out.value - self.course.floor()
            most = 2.0 * room if np.isfinite(room) else abs(out.value)
            loss = max(0.0, out.value - worth) if np.isfinite(worth) else most
            losses.append(loss)
            bounds.append(bound)
            self._cost[side, place] += loss / max(distance, 1e-6)
            self._seen[side, place] += 1
        self._sides[place] = bounds[0], bounds[1]
        return float(_score(np.array(losses[0]), np.array(losses[1])))


def _score(down: NDArray[np.float64], up: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum(down, 1e-6) * np.maximum(up, 1e-6)
