"""A part of the problem: what is still open, and the best prices known there."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from replant.solve.assigning.ascent import Limits, ascend, judge
from replant.solve.assigning.relaxation import Relaxation
from replant.solve.assigning.structure import Assigning, Flags, Floats

__all__ = ["Node", "Pricing"]

# How far beyond the bound prices aim while no plan is known, as a share of it; and beyond the
# cutoff at first, and later as a share of what is open.
_UNKNOWN, _FAR, _BEYOND = 0.02, 0.005, 0.3


@dataclass(eq=False)
class Node:
    """A part of the problem.

    Attributes
    ----------
    bound : float
        No plan in it costs less.
    lower, upper : ndarray, shape (n,)
        Bounds of the first stage.
    allowed : ndarray of bool, shape (items,)
        What may be served.
    price, first_price : ndarray
        Prices of ties, and of rows of the first stage.
    mean, last : ndarray, shape (n,)
        The first stage in the mean of the last steps, and at the best prices.
    nodes : int
        How many nodes the solver may open in it.
    """

    bound: float
    lower: Floats
    upper: Floats
    allowed: Flags
    price: Floats
    first_price: Floats
    mean: Floats
    last: Floats
    nodes: int

    def copy(self) -> Node:
        """Return a node that can be changed apart from this one."""
        names = ("lower", "upper", "allowed", "price", "first_price", "mean", "last")
        return replace(self, **{name: getattr(self, name).copy() for name in names})


@dataclass(eq=False)
class Pricing:
    """Bounds nodes by prices."""

    problem: Assigning
    relaxation: Relaxation | None = None

    def root(self, nodes: int) -> Node:
        """Return the whole problem, each tie priced at its second cheapest item."""
        problem = self.problem
        items, rows = problem.items, problem.rows
        price = np.zeros(len(rows.lower))
        for row in range(len(price)):
            own = items.of_row[items.of_row_start[row] : items.of_row_start[row + 1]]
            costs = np.sort(items.cost[own])
            price[row] = costs[min(1, len(costs) - 1)] if len(costs) else 0.0
        width = len(problem.cost)
        return Node(
            -np.inf,
            problem.lower.copy(),
            problem.upper.copy(),
            np.ones(len(items.row), dtype=np.bool_),
            _signed(price, rows.lower, rows.upper),
            np.zeros(len(rows.table)),
            np.zeros(width),
            np.zeros(width),
            nodes,
        )

    def ascend(self, node: Node, cutoff: float, steps: int, step: float, patience: int) -> None:
        """Seek better prices at a node, as long as its bound is below the cutoff."""
        constant = self.problem.constant
        aim, bound = cutoff - constant, node.bound - constant
        if not np.isfinite(aim):
            target = bound if np.isfinite(bound) else float(np.abs(node.price).sum())
            target += _UNKNOWN * abs(target)
        elif np.isfinite(bound):
            target = aim + _BEYOND * max(aim - bound, 0.0)
        else:
            target = aim + _FAR * abs(aim)
        self._steps(node, Limits(target, aim, step, steps, patience))

    def reprice(self, node: Node) -> None:
        """Begin at a node from the prices of its linear program, where these are better."""
        found = None
        if self.relaxation is not None:
            found = self.relaxation.prices(node.lower, node.upper)
        if found is None:
            return
        rows, other = self.problem.rows, replace(node, bound=-np.inf)
        other.price = _signed(found[0], rows.lower, rows.upper)
        other.first_price = _signed(found[1], rows.table_lower, rows.table_upper)
        other.mean, own, other.last = found[2], node.copy(), node.last.copy()
        own.bound = -np.inf
        once = Limits(np.inf, -np.inf, 1.0, 1, 1)
        self._steps(own, once)
        mean = other.mean.copy()
        self._steps(other, once)
        if other.bound > own.bound:
            node.price, node.first_price = other.price, other.first_price
            node.mean, node.last = mean, other.last
        node.bound = max(node.bound, own.bound, other.bound)

    def _steps(self, node: Node, limits: Limits) -> None:
        problem = self.problem
        bound, _ = ascend(
            problem.items,
            problem.rows,
            problem.cost,
            node.lower,
            node.upper,
            node.allowed,
            node.price,
            node.first_price,
            node.mean,
            node.last,
            limits,
        )
        node.bound = max(node.bound, bound + problem.constant)

    def reduced(self, node: Node) -> tuple[float, Floats, Floats, Floats]:
        """Tell what choices cost at a node's prices.

        Returns
        -------
        float
            The bound.
        ndarray, shape (n,)
            The first stage, and its reduced cost.
        ndarray, shape (items,)
            A bound on plans that serve an item.
        """
        problem = self.problem
        width = len(problem.cost)
        first, reduced = np.zeros(width), np.zeros(width)
        least = np.zeros(len(problem.items.row))
        bound = judge(
            problem.items,
            problem.rows,
            problem.cost,
            node.lower,
            node.upper,
            node.allowed,
            node.price,
            node.first_price,
            first,
            reduced,
            least,
        )
        return bound + problem.constant, first, reduced, least + problem.constant

    def fixed(self, node: Node, cutoff: float) -> bool:
        """Take off a node what no plan cheaper than the cutoff can use; return if any is left."""
        if not np.isfinite(cutoff):
            return True
        problem = self.problem
        bound, first, reduced, least = self.reduced(node)
        node.bound = max(node.bound, bound)
        free = self.free(node)
        held = free & (bound + np.abs(reduced) >= cutoff)
        node.lower[held] = node.upper[held] = first[held]
        switch = problem.items.switch[problem.items.block]
        node.allowed &= (least < cutoff) & ((switch < 0) | (node.upper[switch] > 0.5))
        left = np.bincount(problem.items.row[node.allowed], minlength=len(problem.rows.lower))
        return node.bound < cutoff and bool((left[problem.rows.lower > 0.5] > 0).all())

    def free(self, node: Node) -> Flags:
        """Return which whole numbers are open between two neighbours."""
        return np.asarray(self.problem.integer & (node.upper - node.lower == 1.0))


def _signed(price: Floats, lower: Floats, upper: Floats) -> Floats:
    """Return prices of the signs that their rows allow."""
    price = np.where(np.isfinite(lower), price, np.minimum(price, 0.0))
    return np.where(np.isfinite(upper), price, np.maximum(price, 0.0))
