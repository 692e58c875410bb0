"""Which parts share one estimate in the master, and which rows of scenarios bind it directly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_matrix, vstack

from replant.solve.benders.hand import Shape
from replant.solve.staged import FirstStage

__all__ = ["groups_of", "with_rows"]

# More groups than this are merged, or fewer where each cut is long: the master must stay small.
_GROUPS, _ENTRIES, _FEWEST = 600, 300_000, 20


def groups_of(shapes: list[Shape]) -> list[list[int]]:
    """Return each part's group: its own, or one with the same part of the scenarios beside it.

    Parameters
    ----------
    shapes : list of Shape
        What each scenario looks like.
    """
    total = sum(shape.parts for shape in shapes)
    widest = max((shape.parts for shape in shapes), default=0)
    width = max((shape.rows[0].shape[1] for shape in shapes), default=1)
    most = max(_FEWEST, min(_GROUPS, _ENTRIES // max(1, width)))
    if total <= most or widest == 0 or any(shape.apart for shape in shapes):
        numbers = iter(range(total))
        return [[next(numbers) for _ in range(shape.parts)] for shape in shapes]
    bundles = max(1, most // widest)
    each = [number * bundles // len(shapes) for number in range(len(shapes))]
    wanted = [
        [part * bundles + bundle for part in range(shape.parts)]
        for shape, bundle in zip(shapes, each, strict=True)
    ]
    used = sorted({group for groups in wanted for group in groups})
    place = {group: position for position, group in enumerate(used)}
    return [[place[group] for group in groups] for groups in wanted]


def with_rows(first: FirstStage, shapes: list[Shape]) -> FirstStage:
    """Return the first stage with the scenarios' rows that bind it alone, each once."""
    found = [shape.rows for shape in shapes if len(shape.rows[1])]
    if not found:
        return first
    slopes = np.vstack([rows for rows, _, _ in found])
    lower = np.concatenate([low for _, low, _ in found])
    upper = np.concatenate([high for _, _, high in found])
    _, kept = np.unique(np.column_stack([slopes, lower, upper]), axis=0, return_index=True)
    kept = np.sort(kept)
    return replace(
        first,
        matrix=csr_matrix(vstack([first.matrix, csr_matrix(slopes[kept])])),
        row_lower=np.concatenate([first.row_lower, lower[kept]]),
        row_upper=np.concatenate([first.row_upper, upper[kept]]),
    )
