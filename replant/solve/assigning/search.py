"""Branch and bound over the switches, with the bound that prices of rows prove."""

from __future__ import annotations

import heapq
import time
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np

from replant.solve.assigning.node import Node, Pricing
from replant.solve.assigning.plans import Plans
from replant.solve.assigning.relaxation import Relaxation
from replant.solve.assigning.remaining import solve_rest
from replant.solve.assigning.structure import Assigning, Floats
from replant.solve.interrupt import Interrupted
from replant.solve.settings import Progress, SolveSettings
from replant.solve.solution import Status

__all__ = ["Search"]

# No plan is sought that is better by less than this share: numbers are not truer than that.
_SURE = 5e-8
# Bound and plan that differ by no more than this share are the same number.
_SAME = 1e-7
# Steps of prices: at the root in so many turns, each beginning shorter, until one is of no more
# use than this share; at a node; and on the way of a dive.
_ROOT, _TURNS, _SHORTER, _USE = 100, 5, 0.7, 1e-4
_NODE, _DIVE = 60, 30
# Steps without a better bound after which they become shorter: at the root and at a node.
_PATIENT, _BRIEF = 12, 6
# A switch is branched on if it is farther than this from yes and no; a node in which none is goes
# to the solver if no more than so many are open.
_APART, _FEW = 0.03, 0
# What is as sure as this is decided in one step of a dive.
_DECIDED = 0.45
# The solver may open so many nodes when it is first asked, and so many times more each time.
_NODES, _MORE = 100, 5


@dataclass(order=True)
class _Open:
    bound: float
    number: int
    node: Node = field(compare=False)
    allowed: bytes = field(compare=False)


@dataclass(eq=False)
class Search:
    """One search; costs are minimised inside and told as values outside.

    Parameters
    ----------
    problem : Assigning
        The problem.
    settings : SolveSettings
        When to stop, and whom to tell.
    began : float
        When the time limit began to run, by `time.monotonic`.
    interrupted : Interrupted
        Whether a person asked to stop.

    Attributes
    ----------
    bound : float
        No plan costs less.
    nodes : int
        Nodes that were looked at.
    """

    problem: Assigning
    settings: SolveSettings
    began: float
    interrupted: Interrupted
    bound: float = -np.inf
    nodes: int = 0
    plans: Plans = field(init=False)
    _pricing: Pricing = field(init=False)
    _open: list[_Open] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)
    _told: float = 0.0

    def __post_init__(self) -> None:
        self.plans = Plans(self.problem, self._better)
        self._pricing = Pricing(self.problem)

    def run(self) -> bool:
        """Search until the plan is near enough to the bound, or time is up.

        Returns
        -------
        bool
            False if no plan was found to begin with: then this way is of no use.
        """
        self._begin()
        root = self._root()
        self._climb(root)
        if self._over():
            return True
        if self._pricing.fixed(root, self._cutoff()):
            threads = self.settings.threads
            self._pricing.relaxation = Relaxation(self.problem, root.allowed, threads)
            self._pricing.reprice(root)
            self._dive(root.copy())
            self._climb(root)
            if not np.isfinite(self.plans.cost):
                return self._over()
            self._push(root.copy())
        self._count()
        while self._open and not self._over():
            before = self.plans.cost
            entry = heapq.heappop(self._open)
            if entry.bound < self._cutoff():
                self._visit(self._unpacked(entry))
            if self.plans.cost < before:
                self._climb(root)
            self._count()
        return True

    def ending(self) -> Status:
        """Return how the search ended."""
        cost = self.plans.cost
        if np.isfinite(cost):
            if cost - self.bound <= _SAME * max(1.0, abs(cost)):
                return Status.OPTIMAL
            if cost - self.bound <= self.settings.allowed(-cost):
                return Status.WITHIN_GAP
        return Status.INTERRUPTED if self.interrupted.requested else Status.TIME_LIMIT

    # -- nodes -------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Take the plan that is given, if it is one."""
        start, width = self.settings.start, len(self.problem.cost)
        if start is not None and len(start) == width + len(self.problem.column):
            at = np.flatnonzero(start[width:][self.problem.column] > 0.5)
            self.plans.keep(
                np.where(self.problem.integer, np.round(start[:width]), start[:width]), at
            )

    def _root(self) -> Node:
        """Return the whole problem at good prices."""
        node, step = self._pricing.root(_NODES), 1.0
        for _ in range(_TURNS):
            if self._over():
                break
            before = node.bound
            self._pricing.ascend(node, self._cutoff(), _ROOT, step, _PATIENT)
            self.plans.near(node)
            self._rise_to(node.bound)
            self._tell()
            step *= _SHORTER
            if node.bound - before < _USE * abs(node.bound):
                break
        return node

    def _visit(self, node: Node) -> None:
        """Divide a node, or give what is left of it to the solver."""
        if not self._pricing.fixed(node, self._cutoff()):
            return
        place = self._branching(node)
        if place < 0:
            self._rest(node)
            return
        for side in (0.0, 1.0):
            child = node.copy()
            child.lower[place] = child.upper[place] = side
            self.nodes += 1
            self._pricing.reprice(child)
            self._pricing.ascend(child, self._cutoff(), _NODE, 0.7, _BRIEF)
            if self._pricing.fixed(child, self._cutoff()):
                self.plans.near(child)
                self._push(child)

    def _branching(self, node: Node) -> int:
        """Return the column of the first stage that is least decided; -1 where few are open."""
        free = self._pricing.free(node)
        parts = node.mean - np.floor(node.mean)
        apart = np.where(free, np.minimum(parts, 1.0 - parts), 0.0)
        if apart.max(initial=0.0) > _APART:
            return int(np.argmax(apart))
        return int(np.argmax(free)) if free.sum() > _FEW else -1

    def _rest(self, node: Node) -> None:
        """Give a node to the solver; what it cannot finish comes back with a better bound."""
        if node.nodes == _NODES:
            self.plans.longer(node)
            if not self._pricing.fixed(node, self._cutoff()):
                return
        left = solve_rest(
            self.problem,
            node.lower,
            node.upper,
            node.allowed,
            self._cutoff(),
            replace(self.settings, time_limit=max(0.0, self._left())),
            node.nodes,
        )
        if left.first is not None and left.at is not None:
            self.plans.keep(left.first, left.at)
        node.bound = max(node.bound, left.bound)
        node.nodes *= _MORE
        if node.bound < self._cutoff():
            self._push(node)

    def _dive(self, node: Node) -> None:
        """Decide the switches one after another, the surest first, for a plan."""
        while not self._over():
            free = self._pricing.free(node)
            if not free.any():
                self.plans.longer(node)
                return
            mean = np.clip(node.mean, node.lower, node.upper)
            sure = np.where(free, np.abs(mean - node.lower - 0.5), -1.0)
            places = np.flatnonzero(sure >= min(_DECIDED, float(sure.max())))
            if sure.max() < _DECIDED:
                places = places[:1]
            node.lower[places] = node.upper[places] = np.round(mean[places])
            self._pricing.reprice(node)
            self._pricing.ascend(node, self._cutoff(), _DIVE, 0.5, _BRIEF)
            if not self._pricing.fixed(node, self._cutoff()):
                return
            self.plans.near(node)

    def _climb(self, root: Node) -> None:
        """Seek better plans near the best."""
        self.plans.climb(self._pricing.reduced(root)[2], self._over)

    def _push(self, node: Node) -> None:
        packed = np.packbits(node.allowed).tobytes()
        node.allowed = np.zeros(0, dtype=np.bool_)
        heapq.heappush(self._open, _Open(node.bound, next(self._numbers), node, packed))

    def _unpacked(self, entry: _Open) -> Node:
        bits = np.unpackbits(
            np.frombuffer(entry.allowed, dtype=np.uint8), count=len(self.problem.items.row)
        )
        entry.node.allowed = bits.astype(np.bool_)
        return entry.node

    # -- bound, time and words ---------------------------------------------------------------

    def _better(self) -> None:
        """Tell of a better plan."""
        # A plan is the better witness where rounding brings the bound above it.
        self.bound = min(self.bound, self.plans.cost)
        first: Floats | None = self.plans.first
        if self.settings.on_first is not None and first is not None:
            self.settings.on_first(-self.plans.cost, -self.bound, first)
        if self.settings.on_plan is not None and first is not None:
            served = np.zeros(len(self.problem.column))
            served[self.problem.column[self.plans.at]] = 1.0
            values = np.concatenate([first, served])
            self.settings.on_plan(-self.plans.cost, -self.bound, values)
        self._tell(always=True)

    def _cutoff(self) -> float:
        """Return the cost from which on a plan is of no use."""
        cost = self.plans.cost
        if not np.isfinite(cost):
            return np.inf
        return cost - max(0.9 * self.settings.allowed(-cost), _SURE * max(1.0, abs(cost)))

    def _count(self) -> None:
        """Tell the bound that all open nodes leave."""
        self._rise_to(self._open[0].bound if self._open else np.inf)
        self._tell()

    def _rise_to(self, bound: float) -> None:
        self.bound = max(self.bound, min(bound, self._cutoff()))

    def _over(self) -> bool:
        return self._left() <= 0.0 or self.bound >= self._cutoff()

    def _left(self) -> float:
        if self.interrupted.requested:
            return 0.0
        return self.settings.time_limit - (time.monotonic() - self.began)

    def _tell(self, *, always: bool = False) -> None:
        seconds = time.monotonic() - self.began
        if self.settings.on_progress is None or (not always and seconds - self._told < 1.0):
            return
        self._told = seconds
        self.settings.on_progress(Progress(seconds, -self.bound, -self.plans.cost))
