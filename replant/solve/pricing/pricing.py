"""Prove by prices: solve without the ties, complete what was done to a plan, price anew.

What is done at the prices of the relaxed problem is often nearly a plan: the choices of its large
pieces are held and everything else is decided with the ties in force. Plan and bound are then a
hair apart on problems in which the ties make most of the work of a proof, as they are long.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from replant.solve.pricing.priced import Priced
from replant.solve.pricing.prices import Mixture, Prices, relaxed_prices
from replant.solve.pricing.ties import Ties, ties_of
from replant.solve.settings import SolveSettings
from replant.solve.solution import Solution
from replant.solve.staged import WholeArrays
from replant.solve.whole import solve_arrays

__all__ = ["Pricing", "pricing_of"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# How many times prices are set, and how many nodes a solve at some prices may take.
_TIMES, _NODES = 6, {"mip_max_nodes": 1_000}
# Shares of the allowed gap: to which a solve at some prices goes, and a plan's rest.
_OPEN, _EXACT = 0.3, 0.1
# The rest of a plan is solved well.
_REST = {"mip_max_nodes": 200}
# A step of prices that does not help is halved.
_SHORTER = 0.5
# The price of a tie that moves by less does not move.
_STILL = 1e-9
# How far a column may move, for its size, when it is to stay where it is.
_HAIR = 1e-7


def pricing_of(
    problem: WholeArrays,
    leads: Flags,
    settings: SolveSettings,
    left: Callable[[], float],
    bounded: Callable[[float], None],
    found: Callable[[float, Floats], None],
) -> Pricing | None:
    """Return the way by prices; None where no few rows tie a problem.

    Parameters
    ----------
    problem : WholeArrays
        What to maximise.
    leads : ndarray of bool, shape (columns,)
        Whole numbers from which the others follow.
    settings : SolveSettings
        Gap and baseline, seed.
    left : callable
        Returns the seconds that are left: none once a person asked to stop.
    bounded : callable
        Called with each bound.
    found : callable
        Called with (value, column values) of each better plan.
    """
    ties = ties_of(problem.matrix)
    if ties is None:
        return None
    return Pricing(problem, leads & ~ties.small, settings, left, bounded, found, ties)


@dataclass(eq=False)
class Pricing:
    """One proof by prices; see `pricing_of`."""

    problem: WholeArrays
    held: Flags
    settings: SolveSettings
    left: Callable[[], float]
    bounded: Callable[[float], None]
    found: Callable[[float, Floats], None]
    ties: Ties
    bound: float = np.inf
    value: float = -np.inf
    values: Floats | None = None
    _priced: Priced = field(init=False)
    _mixture: Mixture = field(init=False)

    def __post_init__(self) -> None:
        self._priced = Priced(self.problem, self.ties)
        self._mixture = Mixture(self.problem, self.ties)

    def begin(self, value: float, values: Floats) -> None:
        """Take a plan that is known."""
        self._mixture.add(values)
        self.value, self.values = value, values

    def run(self, enough: Callable[[float], bool]) -> None:
        """Set prices until plan and bound are near enough, or prices can bring them no nearer.

        Parameters
        ----------
        enough : callable
            Whether a plan of some value needs no better.
        """
        first = relaxed_prices(self.problem, self.ties)
        if first is None:
            return
        best = prices = self._priced.allowed(first.each)
        step = 1.0
        for _ in range(_TIMES):
            before = self.bound
            self._at(prices)
            if enough(self.value) or self.left() <= 0.0:
                return
            if self.bound < before:
                best, step = prices, 1.0
            else:
                step *= _SHORTER
            mixed = self._mixture.prices()
            if mixed is None or not self._promising(mixed):
                return
            prices = best + step * (self._priced.allowed(mixed.each) - best)
            if np.abs(prices - best).max() <= _STILL * max(1.0, float(np.abs(best).max())):
                return

    def _promising(self, mixed: Prices) -> bool:
        """Return whether better prices could bring bound and plan near enough."""
        return mixed.value - self.value <= self.settings.allowed(self.value)

    def _at(self, prices: Floats) -> None:
        """Solve at some prices, and complete what is done there to a plan."""
        done = self._priced.solve(prices, self._asking(), _NODES)
        if np.isfinite(done.bound):
            self._bounded(done.bound)
        if done.values is None:
            return
        self._mixture.add(done.values)
        if self.left() > 0.0:
            self._complete(done.values)

    def _asking(self) -> SolveSettings:
        def look(bound: float, _: float) -> None:
            self._bounded(bound)

        def take(_: float, __: float, values: Floats) -> None:
            self._mixture.add(values)

        return replace(self._settings(_OPEN), on_bound=look, on_plan=take)

    def _settings(self, share: float) -> SolveSettings:
        return SolveSettings(
            gap=self.settings.gap * share,
            baseline=self.settings.baseline,
            time_limit=self.left(),
            seed=self.settings.seed,
            threads=self.settings.threads,
        )

    def _bounded(self, bound: float) -> None:
        if bound < self.bound:
            self.bound = bound
            self.bounded(bound)

    def _complete(self, values: Floats) -> None:
        """Make a plan of what was done at some prices, its ties in force.

        The large pieces stay as they are, and the small ones (loans, taxes, what is sold) keep the
        ties. If they cannot, and there is no plan yet, only what leads is held.
        """
        problem = self.problem
        whole = np.where(problem.integer, np.round(values), values)
        plan = self._keep(solve_arrays(self._within(whole), self._settings(_EXACT), _REST))
        if plan is None and self.values is None and self.left() > 0.0:
            held = np.flatnonzero(self.held)
            part = self.problem.held(held, whole[held])
            plan = self._keep(solve_arrays(part, self._settings(_OPEN), _REST))
        if plan is not None and self.left() > 0.0:
            # what is not whole may still move
            held = np.flatnonzero(problem.integer)
            part = self.problem.held(held, np.round(plan[held]))
            self._keep(solve_arrays(part, self._settings(_EXACT)))

    def _within(self, values: Floats) -> WholeArrays:
        """Return the problem whose large pieces stay as they are, but for a hair."""
        problem = self.problem
        hair = np.where(problem.integer, 0.0, _HAIR * np.maximum(1.0, np.abs(values)))
        low = np.maximum(values - hair, problem.lower)
        high = np.minimum(values + hair, problem.upper)
        small = self.ties.small
        return replace(
            problem,
            lower=np.where(small, problem.lower, np.minimum(low, problem.upper)),
            upper=np.where(small, problem.upper, np.maximum(high, problem.lower)),
        )

    def _keep(self, plan: Solution) -> Floats | None:
        """Take a plan, if there is one, and return it."""
        if plan.values is not None:
            self._mixture.add(plan.values)
            if plan.objective > self.value + 1e-9:
                self.value, self.values = plan.objective, plan.values
                self.found(self.value, self.values)
        return plan.values
