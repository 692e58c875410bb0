"""A scenario whose recourse is kept in the master, beside the estimates of all others.

The master then knows from the beginning what the recourse is about: what must be served, and from
where it can be. Most of what it would have learnt by hundreds of cuts it need not ask for, and the
solver of its whole numbers finds cuts of its own in rows that it would not have seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack, vstack

from replant.solve.benders.mean import Mean, mean_of
from replant.solve.benders.part import parts_of
from replant.solve.staged import Staged

__all__ = ["Bounding", "Kept", "bounding"]

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

# The mean is kept if it has no more entries than this share of all scenarios, nor than so many.
_SHARE, _ENTRIES = 1.0 / 50.0, 100_000


@dataclass(frozen=True, eq=False)
class Kept:
    """Columns after the estimates, and rows over all columns of the master.

    Attributes
    ----------
    lower, upper : ndarray, shape (k,)
        Bounds of the columns; they have no objective of their own, the estimates have it.
    matrix : csr_matrix, shape (m, n + estimates + k)
        Coefficients of the rows.
    row_lower, row_upper : ndarray, shape (m,)
        Bounds of the rows.
    bounded : ndarray of int
        The estimates that the rows bound together.
    """

    lower: Floats
    upper: Floats
    matrix: csr_matrix
    row_lower: Floats
    row_upper: Floats
    bounded: Places


@dataclass(frozen=True, eq=False)
class Bounding:
    """A mean scenario, and which estimates each of its parts bounds.

    Attributes
    ----------
    mean : Mean
        The scenario.
    parts : list of ndarray of int
        The columns of each of its parts.
    groups : list of ndarray of int
        The groups of which each part is the mean.
    """

    mean: Mean
    parts: list[Places]
    groups: list[Places]

    def over(self, groups: int) -> Kept:
        """Return it as kept in a master with an estimate for each of so many groups."""
        return self._kept(groups, self.groups)

    def over_parts(self) -> Kept:
        """Return it as kept in a master with one estimate for each of its parts."""
        return self._kept(len(self.parts), [np.array([each]) for each in range(len(self.parts))])

    def _kept(self, count: int, groups: list[Places]) -> Kept:
        block, size = self.mean.block, len(self.parts)
        told = np.zeros((size, count))
        worth = np.zeros((size, len(block)))
        for number, (columns, some) in enumerate(zip(self.parts, groups, strict=True)):
            told[number, some] = 1.0
            worth[number, columns] = -self.mean.weight * block.objective[columns]
        height, width = block.technology.shape
        own = hstack([block.technology, csr_matrix((height, count)), block.matrix])
        links = hstack([csr_matrix((size, width)), csr_matrix(told), csr_matrix(worth)])
        return Kept(
            lower=block.lower,
            upper=block.upper,
            matrix=csr_matrix(vstack([own, links])),
            row_lower=np.append(block.row_lower, np.full(size, -np.inf)),
            row_upper=np.append(block.row_upper, np.zeros(size)),
            bounded=np.concatenate(groups).astype(np.intp),
        )


def bounding(staged: Staged, groups: Sequence[Sequence[int]]) -> Bounding | None:
    """Return the mean of all scenarios as it bounds groups; None if none is worth keeping.

    Parameters
    ----------
    staged : Staged
        The problem.
    groups : sequence
        For each scenario, the group of each of its parts.
    """
    counted = np.flatnonzero(staged.probabilities > 0.0).tolist()
    if len(counted) * _SHARE < 1.0 or not len(staged.first):
        return None
    sample = staged.make(counted[0])
    if not 0 < sample.matrix.nnz + sample.technology.nnz <= _ENTRIES:
        return None
    mean = mean_of(staged, counted)
    if mean is None:
        return None
    parts = [part.columns for part in parts_of(mean.block)]
    told = [groups[number] for number in counted]
    if any(len(each) != len(parts) for each in told):
        # They are not told by these parts.
        return None
    members = [np.unique([each[part] for each in told]) for part in range(len(parts))]
    if len(np.unique(np.concatenate(members))) < sum(len(each) for each in members):
        return None
    return Bounding(mean, parts, members)
