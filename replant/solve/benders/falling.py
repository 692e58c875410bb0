"""How a scenario falls into parts once the few rows that tie all of it are taken out.

A case's scenario is one piece only because of some long rows: cash from period to period, a year's
taxable income. They are found in the matrix, by their length alone. Without them the scenario
falls apart, mostly into what is shipped in each period, the people, and many small pieces such as
cash in hand or a loan. Whatever rows are taken out, what is said of the parts then is true; a good
choice only makes it telling.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.solve.benders.part import components_of
from replant.solve.staged import Recourse

__all__ = ["Fall", "fall_of"]

Places = NDArray[np.intp]

# So many rows are taken out at most, and at most this share of the rows over several columns.
_TIES, _SHARE = 60, 0.05
# A scenario has fallen apart when no part holds more than this share of its columns.
_LARGEST = 0.5
# Of the ways to get there, that with the fewest rows whose pieces are so near to the smallest.
_NEARLY = 2
# A piece with no more columns than this for each figure that it would need is kept as it is.
_SMALL = 4
# Fewer entries than this are solved as one piece in a moment; more parts than that are too many.
_ENTRIES, _PARTS = 10_000, 60


@dataclass(frozen=True, eq=False)
class Fall:
    """What a scenario falls into.

    Attributes
    ----------
    ties : ndarray of int
        The rows that tie it.
    parts : tuple of ndarray of int
        Columns of each part.
    chain : ndarray of int
        Columns of the small pieces.
    """

    ties: Places
    parts: tuple[Places, ...]
    chain: Places


def fall_of(block: Recourse) -> Fall | None:
    """Return what a scenario falls into without its longest rows; None if it does not.

    Parameters
    ----------
    block : Recourse
        A scenario.
    """
    matrix = csr_matrix(block.matrix)
    if matrix.nnz < _ENTRIES:
        return None
    length = np.diff(matrix.indptr)
    several = np.flatnonzero(length > 1)
    order = several[np.argsort(-length[several], kind="stable")]
    most = min(_TIES, int(_SHARE * len(several)))
    _, member = components_of(csr_matrix(matrix[several]), len(block))
    if not most or not _in_one(member):
        return None
    taken = _fewest(matrix, length, order[: most + 1])
    if taken is None:
        return None
    member = _members(matrix, length, taken)
    # A row that lies within one piece after all ties nothing.
    ties = taken[[len(np.unique(member[_columns(matrix, row)])) > 1 for row in taken.tolist()]]
    member = _members(matrix, length, ties)
    parts, chain = _dealt(matrix, ties, member)
    if not 1 < len(parts) <= _PARTS:
        return None
    return Fall(ties, parts, chain)


def _in_one(member: Places) -> bool:
    """Return whether one piece holds most of the columns."""
    return bool(np.bincount(member).max(initial=0) > _LARGEST * len(member))


def _members(matrix: csr_matrix, length: Places, without: Places) -> Places:
    """Return the piece of each column when some rows are taken out."""
    kept = length > 1
    kept[without] = False
    _, member = components_of(csr_matrix(matrix[np.flatnonzero(kept)]), matrix.shape[1])
    return member


def _fewest(matrix: csr_matrix, length: Places, order: Places) -> Places | None:
    """Return the fewest rows, the longest first, without which pieces are nearly the smallest."""
    # Rows of one length go together: nothing tells them apart.
    ends = (1 + np.flatnonzero(np.diff(length[order]) != 0)).tolist()
    members = [_members(matrix, length, order[:end]) for end in ends]
    largest = np.array([np.bincount(member).max() for member in members])
    if not len(ends) or largest.min() > _LARGEST * matrix.shape[1]:
        return None
    return np.sort(order[: ends[int(np.argmax(largest <= _NEARLY * largest.min()))]])


def _columns(matrix: csr_matrix, row: int) -> Places:
    return np.asarray(matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]], dtype=np.intp)


def _dealt(matrix: csr_matrix, ties: Places, member: Places) -> tuple[tuple[Places, ...], Places]:
    """Return the columns of each part, and those of pieces too small to be one.

    Pieces that meet the same ties are one part.
    """
    met = csr_matrix(matrix[ties])
    of_entry = np.repeat(np.arange(len(ties)), np.diff(met.indptr))
    pairs = np.unique(np.column_stack([member[met.indices], of_entry]), axis=0)
    starts = np.searchsorted(pairs[:, 0], np.arange(int(member.max()) + 2))
    alike: dict[bytes, list[int]] = {}
    for piece in range(len(starts) - 1):
        signature = pairs[starts[piece] : starts[piece + 1], 1]
        alike.setdefault(signature.tobytes(), []).append(piece)
    parts: list[Places] = []
    small: list[Places] = [np.zeros(0, dtype=np.intp)]
    for mark, pieces in alike.items():
        columns = np.flatnonzero(np.isin(member, pieces))
        figures = len(mark) // pairs.itemsize
        few = figures and len(columns) <= _SMALL * figures
        (small if few else parts).append(columns)
    return tuple(parts), np.sort(np.concatenate(small))
