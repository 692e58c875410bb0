"""Whether a scenario is written like another that falls into periods and a chain."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.chained import Layout
from replant.solve.staged import Recourse

__all__ = ["Likeness"]

Places = NDArray[np.intp]


@dataclass(eq=False)
class Likeness:
    """What scenarios must have in common to be answered for at once.

    Parameters
    ----------
    sample : Recourse
        One of them.
    layout : Layout
        How it falls apart.
    """

    sample: Recourse
    layout: Layout
    _common: Places = field(init=False)
    _firm: Places = field(init=False)

    def __post_init__(self) -> None:
        free = np.ones(len(self.sample.matrix.data), dtype=bool)
        for period in self.layout.periods:
            free[period.entries] = False
        self._common = np.flatnonzero(free)
        # What periods take from the first stage may differ; what the chain takes, and earns, not.
        moving = np.zeros(self.sample.matrix.shape[0], dtype=bool)
        for period in self.layout.periods:
            moving[period.single] = moving[period.rows] = True
        technology = self.sample.technology
        of_entry = np.repeat(np.arange(technology.shape[0]), np.diff(technology.indptr))
        self._firm = np.flatnonzero(~moving[of_entry])

    def has(self, block: Recourse) -> bool:
        """Return whether a scenario differs from the sample in figures that may differ alone."""
        one, other = self.sample, block
        return bool(
            np.array_equal(one.matrix.indptr, other.matrix.indptr)
            and np.array_equal(one.matrix.indices, other.matrix.indices)
            and np.array_equal(one.matrix.data[self._common], other.matrix.data[self._common])
            and np.array_equal(one.technology.indptr, other.technology.indptr)
            and np.array_equal(one.technology.indices, other.technology.indices)
            and np.array_equal(one.technology.data[self._firm], other.technology.data[self._firm])
            and np.array_equal(one.objective, other.objective)
            and np.array_equal(np.isfinite(one.row_lower), np.isfinite(other.row_lower))
            and np.array_equal(np.isfinite(one.row_upper), np.isfinite(other.row_upper))
            and not other.integer.any()
        )
