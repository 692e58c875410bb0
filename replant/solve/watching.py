"""What the solver tells while it solves the whole problem, and what is answered."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replant.solve.interrupt import Interrupted
from replant.solve.settings import Progress, SolveSettings

__all__ = ["Watch"]


@dataclass
class Watch:
    """Watches a solve: stops it at the gap, tells progress, keeps the best plan.

    Parameters
    ----------
    settings : SolveSettings
        When to stop, and whom to tell.
    sign : float
        What the solver's numbers are to be multiplied by.
    plans_only : bool
        Whether only plans tell a value.

    Attributes
    ----------
    interrupted : Interrupted
        Whether a person asked to stop.
    stopped_at_gap : bool
        Whether it was stopped since the plan was good enough.
    best : ndarray or None
        The best plan, shape (columns,).
    value, bound : float
        What it is worth, and what no plan exceeds.
    asked : bool
        Whether a plan found elsewhere was asked for.
    possible_only : bool
        Whether the solver is only asked if anything is possible: what it tells is then no word on
        the problem.
    """

    settings: SolveSettings
    sign: float = 1.0
    plans_only: bool = False
    interrupted: Interrupted = field(default_factory=Interrupted)
    stopped_at_gap: bool = False
    best: NDArray[np.float64] | None = None
    value: float = -math.inf
    bound: float = math.inf
    asked: bool = False
    possible_only: bool = False
    _told: float = 0.0

    def look(self, event: Any) -> None:
        """Stop when a person asked, or when the plan is good enough."""
        out = event.data_out
        if self.possible_only:
            if self.interrupted.requested:
                event.interrupt()
            return
        self.bound = min(self.bound, self.sign * out.mip_dual_bound)
        value = self.value
        if not self.plans_only:
            value = max(value, self.sign * out.mip_primal_bound)
        self._tell(out.running_time, value)
        if self.settings.on_bound is not None:
            self.settings.on_bound(self.bound, value)
        if self.interrupted.requested:
            event.interrupt()
        elif self._good_enough(value):
            self.stopped_at_gap = True
            event.interrupt()

    def improve(self, event: Any) -> None:
        """Keep a better plan."""
        if self.possible_only:
            return
        out = event.data_out
        self.best = np.array(out.mip_solution, dtype=np.float64)
        self.value = self.sign * float(out.objective_function_value)
        self.bound = min(self.bound, self.sign * out.mip_dual_bound)
        if self.settings.on_plan is not None:
            self.settings.on_plan(self.value, self.bound, self.best)
        self._tell(out.running_time, self.value, always=True)

    def ask(self, event: Any) -> None:
        """Ask once, when branching has begun, for a plan that was found elsewhere."""
        if self.asked or self.settings.ask is None or not event.data_out.mip_node_count:
            return
        self.asked = True
        values = self.settings.ask()
        if values is not None:
            event.data_in.setSolution(values)

    def _good_enough(self, value: float) -> bool:
        if not (math.isfinite(value) and math.isfinite(self.bound)):
            return False
        return self.bound - value <= self.settings.allowed(value)

    def _tell(self, seconds: float, value: float, *, always: bool = False) -> None:
        if self.settings.on_progress is None or (not always and seconds - self._told < 1.0):
            return
        self._told = seconds
        self.settings.on_progress(Progress(seconds, self.bound, value))
