"""Problems whose scenarios fall apart, written so that each part is told by itself.

The pieces of a scenario that are too small to be a part (cash in hand, loans, what tax is due) are
written once more as columns of the first stage, and beside them the figures of each part: what it
adds to each row that ties the scenario. These rows then bind the first stage, so the master keeps
them. All of it follows from the scenarios, so that the plans and their worth are what they were;
but a cut may now speak of one part alone, by its figures, where it had to speak of the whole
scenario before (`figured_hand.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_diag, coo_matrix, csc_matrix, csr_matrix, hstack, vstack

from replant.solve.benders.chained import layout_of
from replant.solve.benders.falling import Fall, fall_of
from replant.solve.benders.pieces import Pieces, pieces_of
from replant.solve.benders.spans import span_of
from replant.solve.decided import decided_once
from replant.solve.staged import FirstStage, Recourse, Staged

__all__ = ["Figured", "figured", "told_apart", "words_of"]

Floats = NDArray[np.float64]

# More estimates, or more entries in all cuts of a round, would make the master too large.
_ESTIMATES, _ENTRIES = 600, 4_000_000


@dataclass(frozen=True, eq=False)
class Figured:
    """Makes scenarios over the wider first stage.

    Attributes
    ----------
    make : callable
        Makes them over the first stage as it was.
    before : int
        Number of columns of the first stage as it was.
    starts : ndarray of int, shape (scenarios + 1,)
        The first column that tells of each scenario; at last, the number of all columns.
    falls : tuple of Fall
        What each falls into.
    """

    make: Callable[[int], Recourse]
    before: int
    starts: NDArray[np.intp]
    falls: tuple[Fall, ...]

    @property
    def words(self) -> str:
        """How the first scenario falls apart."""
        return f"in {len(self.falls[0].parts)} parts tied by {len(self.falls[0].ties)} rows"

    def __call__(self, number: int) -> Recourse:
        """Return a scenario."""
        block = self.make(number)
        return replace(block, technology=_widened(block.technology, int(self.starts[-1])))


def told_apart(staged: Staged) -> Staged:
    """Return a problem so written that parts are told by themselves, else the problem itself.

    Parameters
    ----------
    staged : Staged
        The problem. What is put beside its first stage comes after it.
    """
    if not _may_fall(staged):
        return staged
    return figured(decided_once(staged)) or staged


def _may_fall(staged: Staged) -> bool:
    """Return whether the first scenario says that parts might be told by themselves."""
    first = staged.first
    if not len(staged) or not len(first) or len(staged) > _ESTIMATES // 2 or first.yes_or_no:
        # Where all is yes or no, cuts that bind at one first stage alone close whole numbers of
        # the scenarios, and other columns beside them would end that.
        return False
    return layout_of(staged.make(0)) is None


def words_of(staged: Staged) -> str:
    """Return how the scenarios of a problem are told apart; nothing where they are not."""
    return staged.make.words if isinstance(staged.make, Figured) else ""


def figured(staged: Staged) -> Staged | None:
    """Return a problem so written that each part is told by itself; None where that is no use.

    Parameters
    ----------
    staged : Staged
        The problem.
    """
    if not _may_fall(staged):
        return None
    first = staged.first
    wider, falls, starts = [], [], [len(first)]
    for number in range(len(staged)):
        block = staged.make(number)
        fall = fall_of(block)
        if fall is None:
            return None
        beside = _told(pieces_of(block, fall), block, first)
        if beside is None:
            return None
        wider.append(beside)
        falls.append(fall)
        starts.append(starts[-1] + len(beside.lower))
        estimates = sum(len(each.parts) + 1 for each in falls)
        if estimates > _ESTIMATES or estimates * starts[-1] > _ENTRIES:
            return None
    make = Figured(staged.make, len(first), np.array(starts, dtype=np.intp), tuple(falls))
    return replace(staged, first=_beside(first, wider), make=make)


@dataclass(frozen=True, eq=False)
class _Told:
    """What tells of one scenario: columns, and rows over the first stage and these."""

    lower: Floats
    upper: Floats
    matrix: csr_matrix
    technology: csr_matrix
    row_lower: Floats
    row_upper: Floats


def _told(pieces: Pieces, block: Recourse, first: FirstStage) -> _Told | None:
    """Return what tells of a scenario; None if a figure of it has no bound."""
    chain, ties = pieces.fall.chain, pieces.fall.ties
    rows = np.concatenate([ties, pieces.beside])
    lower, upper, entries = [block.lower[chain]], [block.upper[chain]], []
    column = len(chain)
    for piece in pieces.parts:
        low, high = span_of(piece, first)
        if not (np.isfinite(low).all() and np.isfinite(high).all()):
            return None
        lower.append(low)
        upper.append(high)
        entries.append(np.column_stack([piece.met, column + np.arange(len(piece.met))]))
        column += len(piece.met)
    own = csr_matrix(csc_matrix(block.matrix[rows])[:, chain])
    places = np.concatenate(entries)
    figures = coo_matrix(
        (np.ones(len(places)), (places[:, 0], places[:, 1] - len(chain))),
        shape=(len(rows), column - len(chain)),
    )
    return _Told(
        np.concatenate(lower),
        np.concatenate(upper),
        csr_matrix(hstack([own, figures])),
        csr_matrix(block.technology[rows]),
        block.row_lower[rows],
        block.row_upper[rows],
    )


def _beside(first: FirstStage, wider: list[_Told]) -> FirstStage:
    """Return the first stage with what tells of all scenarios beside it."""
    more = sum(len(each.lower) for each in wider)
    inside = block_diag([each.matrix for each in wider], format="csr")
    below = hstack([vstack([each.technology for each in wider]), inside])
    matrix = vstack([_widened(first.matrix, len(first) + more), csr_matrix(below)])
    none = np.zeros(more)
    return FirstStage(
        objective=np.append(first.objective, none),
        lower=np.concatenate([first.lower, *(each.lower for each in wider)]),
        upper=np.concatenate([first.upper, *(each.upper for each in wider)]),
        integer=np.append(first.integer, none.astype(bool)),
        matrix=csr_matrix(matrix),
        row_lower=np.concatenate([first.row_lower, *(each.row_lower for each in wider)]),
        row_upper=np.concatenate([first.row_upper, *(each.row_upper for each in wider)]),
    )


def _widened(matrix: csr_matrix, width: int) -> csr_matrix:
    rows = csr_matrix(matrix)
    return csr_matrix((rows.data, rows.indices, rows.indptr), shape=(rows.shape[0], width))
