"""The pieces of a scenario that falls apart, and the figures by which each meets the others.

Of what a piece does, the rest of its scenario sees a few figures alone: what it adds to each row
that ties them, and to the objective.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

from replant.solve.benders.falling import Fall
from replant.solve.benders.part import Part, part_of
from replant.solve.staged import Recourse

__all__ = ["Piece", "Pieces", "pieces_of"]

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Piece:
    """One part of a scenario.

    Attributes
    ----------
    part : Part
        The part by itself, without the rows that tie it to others.
    rows : ndarray of int
        Where its rows stand among those of the whole.
    met : ndarray of int, shape (figures,)
        Which of the ties it meets.
    figures : csr_matrix, shape (figures, columns of the part)
        What each of its columns adds to these.
    """

    part: Part
    rows: Places
    met: Places
    figures: csr_matrix


@dataclass(frozen=True, eq=False)
class Pieces:
    """A scenario as one linear program, and what it falls into.

    Attributes
    ----------
    fall : Fall
        Which rows and columns are which.
    whole : Part
        All of it.
    ties : ndarray of int
        Where the ties stand among the rows of the whole.
    parts : tuple of Piece
        The parts.
    beside : ndarray of int
        The scenario's rows over columns of the chain alone.
    """

    fall: Fall
    whole: Part
    ties: Places
    parts: tuple[Piece, ...]
    beside: Places

    @property
    def width(self) -> int:
        """Number of columns that tell of it: those of the chain, and every figure."""
        return len(self.fall.chain) + sum(len(piece.met) for piece in self.parts)


def pieces_of(block: Recourse, fall: Fall) -> Pieces:
    """Return a scenario in pieces.

    Parameters
    ----------
    block : Recourse
        The scenario.
    fall : Fall
        What it falls into.
    """
    matrix = csr_matrix(block.matrix)
    length = np.diff(matrix.indptr)
    many, single = np.flatnonzero(length > 1), np.flatnonzero(length == 1)
    number = np.full(len(block), -1, dtype=np.intp)
    for place, columns in enumerate(fall.parts):
        number[columns] = place
    tied = np.zeros(matrix.shape[0], dtype=bool)
    tied[fall.ties] = True
    # But for the ties, the columns of a row are all of one part, or all of the chain.
    owner = np.full(matrix.shape[0], -2, dtype=np.intp)
    some = length > 0
    owner[some] = number[matrix.indices[matrix.indptr[:-1][some]]]
    owner[tied] = -2
    place_of = np.full(matrix.shape[0], -1, dtype=np.intp)
    place_of[many] = np.arange(len(many))
    ties = csc_matrix(matrix[fall.ties])
    found = []
    for place, columns in enumerate(fall.parts):
        mine = many[owner[many] == place]
        alone = single[owner[single] == place]
        part = part_of(block, columns, mine, csr_matrix(matrix[mine]), alone)
        met = csr_matrix(ties[:, columns])
        which = np.flatnonzero(np.diff(met.indptr))
        found.append(Piece(part, place_of[mine], which, csr_matrix(met[which])))
    every = np.arange(len(block))
    whole = part_of(block, every, many, csr_matrix(matrix[many]), single)
    return Pieces(fall, whole, place_of[fall.ties], tuple(found), np.flatnonzero(owner == -1))
