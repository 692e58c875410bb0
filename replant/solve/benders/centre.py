"""A point well inside the first stage, from which stabilised steps begin."""

from __future__ import annotations

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack, vstack

from replant.solve.loading import INFINITE, loaded
from replant.solve.staged import FirstStage

__all__ = ["centre_of"]

Floats = NDArray[np.float64]

# A column without a bound is thought to be so wide, for the purpose of a centre only.
_FAR = 1e4


def centre_of(stage: FirstStage) -> Floats | None:
    """Return a point as far from bounds and rows as it can be, in shares of their width.

    Returns
    -------
    ndarray or None
        Shape (n,); None if the first stage has no point at all.
    """
    width = len(stage)
    free = _half_widths(stage)
    # One column more: the share of half its width by which each column is away from its bounds.
    rows = csr_matrix(stage.matrix)
    norms = np.asarray(abs(rows) @ free).ravel()
    away = np.where(stage.row_upper - stage.row_lower <= 1e-9, 0.0, norms)
    unit = csr_matrix((np.ones(width), (range(width), range(width))), shape=(width, width))
    matrix = vstack(
        [
            hstack([rows, csr_matrix(away[:, None])]),
            hstack([rows, csr_matrix(-away[:, None])]),
            hstack([unit, csr_matrix(free[:, None])]),
            hstack([unit, csr_matrix(-free[:, None])]),
        ]
    )
    none, nothing = np.full(len(norms), INFINITE), np.full(width, INFINITE)
    model = loaded(
        csr_matrix(matrix),
        np.append(np.zeros(width), 1.0),
        np.append(stage.lower, 0.0),
        np.append(stage.upper, 0.5),
        np.concatenate([-none, stage.row_lower, -nothing, stage.lower]),
        np.concatenate([stage.row_upper, none, stage.upper, nothing]),
        threads=1,
    )
    model.run()
    if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.array(model.getSolution().col_value, dtype=np.float64)[:width]


def _half_widths(stage: FirstStage) -> Floats:
    """Return half the width of each column's range; a range without an end counts as wide."""
    lower, upper = stage.lower, stage.upper
    wide = np.isfinite(lower) & np.isfinite(upper)
    return np.where(wide, 0.5 * np.minimum(np.where(wide, upper - lower, 0.0), 2 * _FAR), _FAR)
