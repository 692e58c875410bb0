"""Rows whose columns all hang on one yes-or-no of the first stage: no limit where it says no.

Each shipment of a product needs its line, each line needs the product: without the product nothing
of it is sold. A row ``Σ shipments ≤ demand`` then also holds as ``Σ shipments ≤ demand · product``.
No plan is lost; but where the product is 0.3 in the relaxed problem, four lines of 0.3 may no
longer serve all of its demand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.solve.implications import followed, implications
from replant.solve.staged import FirstStage, Recourse, Staged

__all__ = ["switched"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]


def switched(staged: Staged) -> Staged:
    """Return a problem with the same plans, its rows switched off where that can be seen.

    Parameters
    ----------
    staged : Staged
        The problem.

    Returns
    -------
    Staged
        The problem itself if there is no such row.
    """
    stage = staged.first
    yes_or_no = stage.switches
    if not len(staged) or not yes_or_no.any():
        return staged
    sample = staged.make(0)
    found = _Switches.of(stage, yes_or_no, sample)
    if found is None:
        return staged
    return replace(staged, make=_Switched(staged.make, found))


@dataclass(frozen=True, eq=False)
class _Switches:
    """Which rows of a scenario hang on which column of the first stage.

    Attributes
    ----------
    rows, columns : ndarray of int
        The rows, and the column that each hangs on.
    needed, zero : ndarray of int
        Rows with one column that this rests on, and columns that are never less than zero.
    matrix, technology : csr_matrix
        A scenario's matrices: another one must have its entries in the same places.
    wider : csr_matrix
        Places of the entries once the new ones are there.
    old, new : ndarray of int
        Where the entries before, and those of `rows`, stand in it.
    """

    rows: Places
    columns: Places
    needed: Places
    zero: Places
    matrix: csr_matrix
    technology: csr_matrix
    wider: csr_matrix
    old: Places
    new: Places

    @staticmethod
    def of(stage: FirstStage, yes_or_no: Flags, sample: Recourse) -> _Switches | None:
        """Return the rows that can be switched, seen in one scenario; None if there is none."""
        owner, needed = _owners(stage, sample)
        lengths = np.diff(sample.matrix.indptr)
        candidates = np.flatnonzero((lengths > 0) & _switchable(sample, owner))
        if not len(candidates):
            return None
        # Who asks for whom: a column is at one only where these are.
        reached = followed(implications(stage))
        width = len(stage)
        high = csr_matrix(reached[width:][:, width:])
        mine = np.concatenate(
            [_asked(high, row, sample, owner, yes_or_no) for row in candidates.tolist()]
        )
        kept = mine >= 0
        if not kept.any():
            return None
        rows, columns = candidates[kept], mine[kept]
        zero = np.flatnonzero(owner >= 0)
        return _Switches(rows, columns, needed, zero, *_widened(sample, rows, columns))

    def fit(self, block: Recourse) -> bool:
        """Return whether a scenario is one in which all this holds."""
        inside, outside = block.matrix, block.technology
        return bool(
            _same(inside, self.matrix)
            and _same(outside, self.technology)
            and np.array_equal(inside.data > 0.0, self.matrix.data > 0.0)
            and (block.row_upper[self.needed] == 0.0).all()
            and (block.row_upper[self.rows] >= 0.0).all()
            and np.isfinite(block.row_upper[self.rows]).all()
            and (block.row_lower[self.rows] == -np.inf).all()
            and (block.lower[self.zero] == 0.0).all()
        )


@dataclass(frozen=True, eq=False)
class _Switched:
    """Makes scenarios with their rows switched."""

    make: Callable[[int], Recourse]
    switches: _Switches

    def __call__(self, number: int) -> Recourse:
        block, found = self.make(number), self.switches
        if not found.fit(block):
            return block
        data = np.empty(found.wider.nnz)
        data[found.old] = block.technology.data
        data[found.new] = -block.row_upper[found.rows]
        upper = block.row_upper.copy()
        upper[found.rows] = 0.0
        technology = csr_matrix(
            (data, found.wider.indices, found.wider.indptr), shape=found.wider.shape
        )
        return replace(block, technology=technology, row_upper=upper)


def _owners(stage: FirstStage, sample: Recourse) -> tuple[Places, Places]:
    """Return the first-stage column without which each recourse column is zero, -1 without one.

    And the rows ``y ≤ limit · x`` that say so.
    """
    inside, outside = csr_matrix(sample.matrix), csr_matrix(sample.technology)
    alone = (np.diff(inside.indptr) == 1) & (np.diff(outside.indptr) == 1)
    rows = np.flatnonzero(alone & (sample.row_upper == 0.0))
    column = inside.indices[inside.indptr[rows]]
    holder = outside.indices[outside.indptr[rows]]
    good = (inside.data[inside.indptr[rows]] > 0.0) & (sample.lower[column] == 0.0)
    good &= stage.lower[holder] == 0.0
    owner = np.full(len(sample), -1, dtype=np.intp)
    owner[column[good]] = holder[good]
    return owner, rows[good]


def _switchable(sample: Recourse, owner: Places) -> Flags:
    """Return rows ``a y ≤ b`` over columns that all have an owner, ``a`` not negative."""
    inside = csr_matrix(sample.matrix)
    of_entry = np.repeat(np.arange(inside.shape[0]), np.diff(inside.indptr))
    bad = (owner[inside.indices] < 0) | (inside.data < 0.0)
    found = np.ones(inside.shape[0], dtype=bool)
    found[of_entry[bad]] = False
    found &= np.diff(csr_matrix(sample.technology).indptr) == 0
    return np.asarray(found & (sample.row_lower == -np.inf) & np.isfinite(sample.row_upper))


def _asked(high: csr_matrix, row: int, sample: Recourse, owner: Places, yes_or_no: Flags) -> Places:
    """Return the nearest yes-or-no that all owners of a row's columns ask for, -1 without one."""
    inside = sample.matrix
    owners = np.unique(owner[inside.indices[inside.indptr[row] : inside.indptr[row + 1]]])
    common = _row(high, owners[0])
    for each in owners[1:]:
        common = np.intersect1d(common, _row(high, each))
    common = common[yes_or_no[common]]
    if not len(common):
        return np.array([-1])
    # The nearest is the one that asks for most of the others itself.
    counts = [len(np.intersect1d(common, _row(high, each))) for each in common]
    return common[[int(np.argmax(counts))]]


def _row(matrix: csr_matrix, row: int) -> Places:
    return np.asarray(matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]], dtype=np.intp)


def _widened(
    sample: Recourse, rows: Places, columns: Places
) -> tuple[csr_matrix, csr_matrix, csr_matrix, Places, Places]:
    """Return the matrices, the technology with entries added, and where old and new ones stand."""
    technology = csr_matrix(sample.technology)
    count = technology.nnz
    of_entry = np.repeat(np.arange(technology.shape[0]), np.diff(technology.indptr))
    joined = csr_matrix(
        (
            np.arange(1.0, count + len(rows) + 1.0),
            (np.concatenate([of_entry, rows]), np.concatenate([technology.indices, columns])),
        ),
        shape=technology.shape,
    )
    place = np.argsort(joined.data, kind="stable")
    return sample.matrix, technology, joined, place[:count], place[count:]


def _same(one: csr_matrix, other: csr_matrix) -> bool:
    return one.indptr is other.indptr or bool(
        np.array_equal(one.indptr, other.indptr) and np.array_equal(one.indices, other.indices)
    )
