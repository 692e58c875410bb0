"""A few scenarios that stand for many: where they would go is where the search begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from replant.solve.staged import Recourse, Staged

__all__ = ["sample_of", "some_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Some:
    """Makes some of the scenarios of a problem, numbered anew."""

    make: Callable[[int], Recourse]
    numbers: tuple[int, ...]

    def __call__(self, number: int) -> Recourse:
        return self.make(self.numbers[number])


def sample_of(staged: Staged, count: int) -> Staged:
    """Return the same problem with so many of its scenarios, taken at even distances.

    Parameters
    ----------
    staged : Staged
        The problem.
    count : int
        How many, no more than it has.

    Returns
    -------
    Staged
        Each scenario has the weight of those around it, so that all weights add up as before.
    """
    nearest = np.arange(len(staged)) * count // len(staged)
    starts = np.searchsorted(nearest, np.arange(count))
    ends = np.append(starts[1:], len(staged))
    weights = np.bincount(nearest, weights=staged.probabilities).astype(np.float64)
    return some_of(staged, ((starts + ends - 1) // 2).tolist(), weights)


def some_of(staged: Staged, numbers: Sequence[int], weights: Floats) -> Staged:
    """Return the same problem with some of its scenarios.

    Parameters
    ----------
    staged : Staged
        The problem.
    numbers : sequence of int
        Which.
    weights : ndarray, shape (numbers,)
        Their probabilities there.
    """
    chosen = tuple(numbers)
    return replace(
        staged,
        probabilities=weights,
        names=tuple(staged.names[number] for number in chosen),
        make=_Some(staged.make, chosen),
    )
