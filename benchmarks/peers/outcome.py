"""What a solver says at the end, in the maximised form."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """When to stop: seconds of wall time, and the relative gap that counts as solved."""

    seconds: float = 60.0
    gap: float = 1e-4


@dataclass(frozen=True)
class Outcome:
    """The best value found and the bound proven; infinite where there is none.

    Attributes
    ----------
    finished : bool
        Whether it stopped by itself: the gap was reached.
    steps : int
        Nodes or iterations, whatever the solver counts.
    word : str
        How it was solved, where the solver chose among ways.
    """

    value: float
    bound: float
    finished: bool
    steps: int = 0
    word: str = ""

    @property
    def gap(self) -> float:
        """The relative gap; infinite without a value or bound."""
        if not (math.isfinite(self.value) and math.isfinite(self.bound)):
            return math.inf
        return max(0.0, self.bound - self.value) / max(1e-9, abs(self.value))


class DoesNotApply(Exception):
    """The method cannot take this problem; the message says why."""
