"""Columns of scenarios over which nobody has a choice once the first stage is decided.

Who works where follows from who is hired and who leaves: each year's people are the last one's,
less those who go. Such equations leave a scenario nothing to decide, and where they are the same in
every scenario they need to be kept but once: with the first stage. Its rows then say at once what
a scenario would else have to teach, cut by cut.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix, hstack, vstack

from replant.solve.staged import FirstStage, Recourse, Staged

__all__ = ["decided_once"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]
Row = tuple[bytes, bytes, float, float]

# Fewer such columns than this are not worth another way of writing the problem.
_FEW = 20
# Bounds that follow from others are taken farther out by this share.
_ROOM = 1e-6


def decided_once(staged: Staged) -> Staged:
    """Return a problem with the same plans, what follows from its first stage decided there.

    Parameters
    ----------
    staged : Staged
        The problem.

    Returns
    -------
    Staged
        The problem itself if there is nothing of the kind.
    """
    if not len(staged) or not len(staged.first):
        return staged
    sample = staged.make(0)
    equations = _equations(sample)
    chosen = equations >= 0
    if chosen.sum() < _FEW:
        return staged
    chosen = _alike(staged, sample, equations)
    if chosen.sum() < _FEW:
        return staged
    columns = np.flatnonzero(chosen)
    make = _Without(staged.make, columns)
    return replace(staged, first=_with(staged, columns), make=make)


def _equations(block: Recourse) -> Places:
    """Return the equation from which each column follows, -1 where none says what it is."""
    matrix = csr_matrix(block.matrix)
    height = matrix.shape[0]
    of_entry = np.repeat(np.arange(height), np.diff(matrix.indptr))
    equal = block.row_lower == block.row_upper
    found = np.full(len(block), -1, dtype=np.intp)
    while True:
        open_entry = found[matrix.indices] < 0
        left = np.bincount(of_entry[open_entry], minlength=height)
        entries = np.flatnonzero(open_entry & (equal & (left == 1))[of_entry])
        if not len(entries):
            return found
        # The first such equation of each column.
        columns, first = np.unique(matrix.indices[entries], return_index=True)
        found[columns] = of_entry[entries[first]]


def _alike(staged: Staged, sample: Recourse, equations: Places) -> Flags:
    """Return the columns that follow from the same equations in every scenario."""
    chosen = equations >= 0
    known = _written(sample, equations[chosen])
    columns = np.flatnonzero(chosen)
    same = chosen.copy()
    for number in range(1, len(staged)):
        block = staged.make(number)
        if len(block) != len(sample):
            return np.zeros(len(sample), dtype=bool)
        here = _equations(block)
        same &= here >= 0
        same &= (block.lower == sample.lower) & (block.upper == sample.upper)
        same &= block.integer == sample.integer
        mine = here[columns]
        rows = _written(block, np.maximum(mine, 0))
        alike = np.array([a == b for a, b in zip(rows, known, strict=True)])
        same[columns[~alike]] = False
    # What follows from a column that is not the same everywhere is not either.
    matrix = csr_matrix(sample.matrix)
    while True:
        bad = np.array(
            [
                column
                for column in np.flatnonzero(same).tolist()
                if not same[_entries(matrix, int(equations[column]))].all()
            ],
            dtype=np.intp,
        )
        if not len(bad):
            return same
        same[bad] = False


def _entries(matrix: csr_matrix, row: int) -> Places:
    return np.asarray(matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]], dtype=np.intp)


def _written(block: Recourse, rows: Places) -> list[Row]:
    """Return rows so that they can be compared."""
    both = csr_matrix(hstack([block.technology[rows], block.matrix[rows]]))
    both.sum_duplicates()
    return _marks(both, block.row_lower[rows], block.row_upper[rows])


def _marks(matrix: csr_matrix, lower: Floats, upper: Floats) -> list[Row]:
    starts = matrix.indptr.tolist()
    return [
        (
            matrix.indices[starts[row] : starts[row + 1]].tobytes(),
            matrix.data[starts[row] : starts[row + 1]].tobytes(),
            float(lower[row]),
            float(upper[row]),
        )
        for row in range(matrix.shape[0])
    ]


@dataclass(frozen=True, eq=False)
class _Without:
    """Makes scenarios without the columns that are decided with the first stage."""

    make: Callable[[int], Recourse]
    columns: Places

    def __call__(self, number: int) -> Recourse:
        block = self.make(number)
        stays, rows = _split(block, self.columns)
        kept = np.flatnonzero(~rows)
        matrix = csc_matrix(block.matrix)
        taken = hstack([block.technology, matrix[:, self.columns]])
        return replace(
            block,
            objective=block.objective[stays],
            lower=block.lower[stays],
            upper=block.upper[stays],
            integer=block.integer[stays],
            matrix=csr_matrix(csr_matrix(matrix[:, np.flatnonzero(stays)])[kept]),
            technology=csr_matrix(csr_matrix(taken)[kept]),
            row_lower=block.row_lower[kept],
            row_upper=block.row_upper[kept],
            period=None if block.period is None else block.period[stays],
        )


def _split(block: Recourse, columns: Places) -> tuple[Flags, Flags]:
    """Return the columns that stay, and the rows that bind none of them but some that go."""
    stays = np.ones(len(block), dtype=bool)
    stays[columns] = False
    matrix = csr_matrix(block.matrix)
    of_entry = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    left = np.bincount(of_entry[stays[matrix.indices]], minlength=matrix.shape[0])
    return stays, (left == 0) & (np.diff(matrix.indptr) > 0)


def _with(staged: Staged, columns: Places) -> FirstStage:
    """Return the first stage with the columns, and each row over them alone once."""
    first, sample = staged.first, staged.make(0)
    worth = np.zeros(len(columns))
    found: dict[Row, csr_matrix] = {}
    for number in range(len(staged)):
        block = staged.make(number)
        worth += staged.probabilities[number] * block.objective[columns]
        _, alone = _split(block, columns)
        rows = np.flatnonzero(alone)
        inside = csc_matrix(block.matrix[rows])[:, columns]
        both = csr_matrix(hstack([block.technology[rows], inside]))
        both.sum_duplicates()
        for place, mark in enumerate(_marks(both, block.row_lower[rows], block.row_upper[rows])):
            if mark not in found:
                found[mark] = both[place]
    width = len(first) + len(columns)
    own = csr_matrix(first.matrix)
    own = csr_matrix((own.data, own.indices, own.indptr), shape=(own.shape[0], width))
    wider = FirstStage(
        objective=np.append(first.objective, worth),
        lower=np.append(first.lower, sample.lower[columns]),
        upper=np.append(first.upper, sample.upper[columns]),
        integer=np.append(first.integer, sample.integer[columns]),
        matrix=csr_matrix(vstack([own, *found.values()])),
        row_lower=np.append(first.row_lower, [mark[2] for mark in found]),
        row_upper=np.append(first.row_upper, [mark[3] for mark in found]),
    )
    return _bounded(wider, len(first))


def _bounded(first: FirstStage, start: int) -> FirstStage:
    """Return a first stage whose later columns have the bounds that their equations give them."""
    matrix = csr_matrix(first.matrix)
    lower, upper = first.lower.copy(), first.upper.copy()
    equal = np.flatnonzero(first.row_lower == first.row_upper)
    known = np.isfinite(lower) & np.isfinite(upper)
    waiting = [row for row in equal.tolist() if (_entries(matrix, row) >= start).any()]
    while waiting:
        left = []
        for row in waiting:
            columns = _entries(matrix, row)
            loose = np.flatnonzero(~known[columns])
            if len(loose) > 1:
                left.append(row)
            elif len(loose) == 1:
                values = matrix.data[matrix.indptr[row] : matrix.indptr[row + 1]]
                one, others = int(loose[0]), np.delete(np.arange(len(columns)), loose)
                ends = _taken(values[others], lower[columns[others]], upper[columns[others]])
                ways = np.sort((first.row_lower[row] - np.array(ends)) / values[one])
                column = int(columns[one])
                room = _ROOM * np.maximum(1.0, np.abs(ways))
                lower[column] = max(lower[column], ways[0] - room[0])
                upper[column] = min(upper[column], ways[1] + room[1])
                known[column] = True
        if len(left) == len(waiting):
            break
        waiting = left
    return replace(first, lower=lower, upper=upper)


def _taken(values: Floats, lower: Floats, upper: Floats) -> tuple[float, float]:
    """Return the least and the most that columns within bounds add to a row."""
    low = np.where(values > 0.0, lower, upper)
    return float(values @ low), float(values @ (lower + upper - low))
