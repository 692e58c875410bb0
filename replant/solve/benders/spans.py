"""Between what bounds the figures of a part lie, whatever the first stage."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, eye, hstack, vstack

from replant.solve.benders.part import MovingBounds, Part
from replant.solve.benders.pieces import Piece
from replant.solve.loading import loaded
from replant.solve.staged import FirstStage

__all__ = ["span_of"]

Floats = NDArray[np.float64]

# A bound is taken farther out by this share: the solver's tolerance is far smaller.
_ROOM = 0.01


def span_of(piece: Piece, first: FirstStage) -> tuple[Floats, Floats]:
    """Return bounds of each figure, infinite where there is none.

    Parameters
    ----------
    piece : Piece
        The part.
    first : FirstStage
        Its bounds say where the first stage may be.
    """
    lower, upper = _bounds(piece.part, first)
    low, high = -_most(-piece.figures, lower, upper), _most(piece.figures, lower, upper)
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        found = _solved(piece, first)
        low, high = np.fmax(low, found[0]), np.fmin(high, found[1])
    return _outward(low, -1.0), _outward(high, 1.0)


def _most(figures: csr_matrix, lower: Floats, upper: Floats) -> Floats:
    """Return the most that columns within bounds can add to each figure."""
    of_entry = np.repeat(np.arange(figures.shape[0]), np.diff(figures.indptr))
    ends = np.where(figures.data > 0.0, upper[figures.indices], lower[figures.indices])
    total = np.bincount(of_entry, weights=figures.data * ends, minlength=figures.shape[0])
    return total.astype(np.float64)


def _bounds(part: Part, first: FirstStage) -> tuple[Floats, Floats]:
    """Return bounds of the part's columns that hold at any first stage."""
    lower, upper = part.lower.copy(), part.upper.copy()
    np.minimum.at(upper, part.uppers.column, _farthest(part.uppers, first, 1.0))
    np.maximum.at(lower, part.lowers.column, _farthest(part.lowers, first, -1.0))
    return np.minimum(lower, upper), np.maximum(lower, upper)


def _farthest(moving: MovingBounds, first: FirstStage, sign: float) -> Floats:
    slope = csr_matrix(-sign * moving.slope)
    slope.eliminate_zeros()
    return sign * (sign * moving.constant + _most(slope, first.lower, first.upper))


def _solved(piece: Piece, first: FirstStage) -> tuple[Floats, Floats]:
    """Return bounds of each figure by linear programs over the part and the first stage."""
    model, width = _model(piece.part, first)
    low = np.full(len(piece.met), -np.inf)
    high = np.full(len(piece.met), np.inf)
    columns = np.arange(width, dtype=np.int32)
    for place in range(len(piece.met)):
        figure = np.asarray(piece.figures[place].toarray(), dtype=np.float64).ravel()
        for sign, ends in ((1.0, high), (-1.0, low)):
            model.changeColsCost(width, columns, sign * figure)
            model.run()
            if model.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                ends[place] = sign * float(model.getObjectiveValue())
    return low, high


def _model(part: Part, first: FirstStage) -> tuple[Any, int]:
    """Return a part with those columns of the first stage that it takes from, and its width."""
    width = len(part.objective)
    matrices = (part.technology, part.uppers.slope, part.lowers.slope)
    touched = np.unique(np.concatenate([each.indices for each in matrices]))
    one = csr_matrix(eye(width))
    rows = [
        hstack([part.matrix, part.technology[:, touched]]),
        hstack([one[part.uppers.column], part.uppers.slope[:, touched]]),
        hstack([one[part.lowers.column], part.lowers.slope[:, touched]]),
    ]
    none, nothing = (np.full(len(each.column), np.inf) for each in (part.uppers, part.lowers))
    model = loaded(
        csr_matrix(vstack(rows)),
        np.zeros(width + len(touched)),
        np.append(part.lower, first.lower[touched]),
        np.append(part.upper, first.upper[touched]),
        np.concatenate([part.row_lower, -none, part.lowers.constant]),
        np.concatenate([part.row_upper, part.uppers.constant, nothing]),
        threads=1,
    )
    return model, width


def _outward(ends: Floats, sign: float) -> Floats:
    """Return bounds a little farther out."""
    return ends + sign * _ROOM * np.maximum(1.0, np.abs(ends))
