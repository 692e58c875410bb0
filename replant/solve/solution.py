"""What a solver says: values, bound, gap, status."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

__all__ = ["Solution", "StagedSolution", "Status"]


class Status(StrEnum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    WITHIN_GAP = "within the gap"
    TIME_LIMIT = "time limit"
    INTERRUPTED = "interrupted"
    NOT_PROVEN = "not proven"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"


@dataclass(frozen=True, eq=False)
class Solution:
    """The outcome of a solve.

    Parameters
    ----------
    status : Status
        How it ended.
    values : ndarray or None
        Value of each column, shape (columns,); None without a plan.
    objective : float
        Objective of the plan (minus infinity without one).
    bound : float
        Proven upper bound on what any plan is worth.
    seconds : float
        Wall time.
    solver : str
        Name and version.
    nodes : int
        Branch-and-bound nodes.
    """

    status: Status
    values: NDArray[np.float64] | None
    objective: float
    bound: float
    seconds: float
    solver: str
    nodes: int = 0

    @property
    def gap(self) -> float:
        """What the bound lies above the plan, in the objective's unit, never negative."""
        return max(0.0, self.bound - self.objective)

    @property
    def found(self) -> bool:
        """Whether there is a plan."""
        return self.values is not None


@dataclass(frozen=True, eq=False)
class StagedSolution:
    """The outcome of a solve in two stages.

    Parameters
    ----------
    status : Status
        How it ended.
    first : ndarray or None
        The first stage, shape (n,); None without a plan.
    objective : float
        What it is worth in expectation (minus infinity without one).
    bound : float
        Proven upper bound on what any plan is worth.
    seconds : float
        Wall time.
    rounds : int
        How often all scenarios were asked.
    way : str
        How it was solved.
    solver : str
        Name and version.
    """

    status: Status
    first: NDArray[np.float64] | None
    objective: float
    bound: float
    seconds: float
    rounds: int
    way: str
    solver: str

    @property
    def gap(self) -> float:
        """What the bound lies above the plan, never negative."""
        return max(0.0, self.bound - self.objective)
