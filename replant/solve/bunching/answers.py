"""What many problems over one matrix came to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from replant.solve.bunching.arrays import Floats

__all__ = ["Answers", "State"]


class State(IntEnum):
    """How a problem ended."""

    OPTIMAL = 0
    INFEASIBLE = 1
    UNBOUNDED = 2
    UNSETTLED = 3


@dataclass(eq=False)
class Answers:
    """The answers, one row each.

    Attributes
    ----------
    states : ndarray of int8
        A `State` for each problem.
    values : ndarray
        Value of its plan; minus infinity where there is no plan, infinity where it is unbounded.
    columns : ndarray, shape (problems, n)
        Its plan; zero where there is none.
    prices : ndarray, shape (problems, m)
        What one unit more of each row's bound is worth; where there is no plan, weights of rows
        that prove it, or zero if none were found.
    pivots : int
        Pivots of all problems together.
    left : int
        How many of them had to be given to HiGHS alone.
    """

    states: NDArray[np.int8]
    values: Floats
    columns: Floats
    prices: Floats
    pivots: int = 0
    left: int = 0

    def __len__(self) -> int:
        return len(self.states)


def none_yet(count: int, width: int, height: int) -> Answers:
    """Return room for answers, nothing settled."""
    return Answers(
        np.full(count, State.UNSETTLED, dtype=np.int8),
        np.full(count, -np.inf),
        np.zeros((count, width)),
        np.zeros((count, height)),
    )
