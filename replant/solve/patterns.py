"""Small parts of yes or no, written out as the list of what can be done in them.

A part whose columns are all 0 or 1 has finitely many ways to be run. Written as one column for each
way that no other beats, of which one is taken, its relaxation is the convex hull of these ways: far
tighter than rows over single columns, and often smaller.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_diag, csr_matrix, vstack

from replant.solve.benders.part import Part, parts_of
from replant.solve.staged import Recourse, Staged
from replant.solve.tightening import implied_bounds

__all__ = ["Listed", "listed"]

Floats = NDArray[np.float64]

# A part of more columns is not listed, nor one with more ways, nor one that is part of more rows.
_COLUMNS, _WAYS, _TIED = 24, 4096, 12
_ROW = 1e-9


@dataclass(frozen=True, eq=False)
class Listed:
    """A problem whose small parts are lists of ways.

    Attributes
    ----------
    staged : Staged
        The problem so written; its first stage is the same.
    ways : int
        How many ways its first scenario has in all.
    """

    staged: Staged
    ways: int


@dataclass(frozen=True, eq=False)
class _Making:
    """Makes scenarios with their parts listed."""

    staged: Staged
    reach: tuple[Floats, Floats]

    def __call__(self, number: int) -> Recourse:
        block = self.staged.make(number)
        made = _listed(block, self.reach)
        assert made is not None
        return made


def listed(staged: Staged) -> Listed | None:
    """Return the problem with its parts of yes or no listed; None if that cannot be done.

    Parameters
    ----------
    staged : Staged
        The problem. Every part of each scenario must be small and all yes or no.
    """
    ways, reach = 0, implied_bounds(staged.first)
    for number in range(len(staged)):
        made = _listed(staged.make(number), reach)
        if made is None:
            return None
        ways = max(ways, len(made))
    return Listed(
        Staged(
            staged.first,
            staged.probabilities,
            staged.names,
            _Making(staged, reach),
            staged.constant,
        ),
        ways,
    )


def _listed(block: Recourse, reach: tuple[Floats, Floats]) -> Recourse | None:
    """Return a scenario with its parts listed, or None."""
    if not len(block) or not block.integer.all() or (np.diff(block.matrix.indptr) == 0).any():
        return None
    if (block.lower < -_ROW).any() or (block.upper > 1 + _ROW).any():
        return None
    pieces = []
    for part in parts_of(block):
        piece = _ways_of(part, reach)
        if piece is None:
            return None
        pieces.append(piece)
    uses = [use for use, _, _ in pieces]
    objective = np.concatenate([worth for _, worth, _ in pieces])
    width = len(objective)
    one = block_diag([csr_matrix(np.ones((1, len(worth)))) for _, worth, _ in pieces])
    rows = csr_matrix(vstack([block_diag(uses, format="csr"), one]))
    parts = [part for _, _, part in pieces]
    nothing = csr_matrix((len(parts), len(reach[0])))
    tied = [_tied(part) for part in parts]
    technology = [part.technology[rows] for part, rows in zip(parts, tied, strict=True)]
    ones = np.ones(len(parts))
    return Recourse(
        objective=objective,
        lower=np.zeros(width),
        upper=np.ones(width),
        integer=np.ones(width, dtype=bool),
        matrix=rows,
        technology=csr_matrix(vstack([*technology, nothing])),
        row_lower=np.concatenate([*_each(parts, tied, "row_lower"), ones]),
        row_upper=np.concatenate([*_each(parts, tied, "row_upper"), ones]),
        constant=block.constant,
    )


def _each(parts: list[Part], tied: list[NDArray[np.intp]], bounds: str) -> list[Floats]:
    return [getattr(part, bounds)[rows] for part, rows in zip(parts, tied, strict=True)]


def _tied(part: Part) -> NDArray[np.intp]:
    """Return the rows in which the first stage has a word."""
    return np.flatnonzero(np.diff(part.technology.indptr) > 0)


def _ways_of(part: Part, reach: tuple[Floats, Floats]) -> tuple[Floats, Floats, Part] | None:
    """Return each way's use of the tied rows, shape (rows, ways), its worth, and the part."""
    moving = len(part.uppers.column) + len(part.lowers.column)
    tied = _tied(part)
    if moving or len(part.objective) > _COLUMNS or len(tied) > _TIED:
        return None
    ways = _possible(part, reach)
    if ways is None or not len(ways):
        return None
    use = ways @ part.matrix[tied].T.toarray() if len(tied) else np.zeros((len(ways), 0))
    worth = ways @ part.objective
    kept = _unbeaten(use, worth, part.row_lower[tied], part.row_upper[tied])
    return np.ascontiguousarray(use[kept].T), worth[kept], part


def _possible(part: Part, reach: tuple[Floats, Floats]) -> Floats | None:
    """Return every way of a part that some first stage allows; None if there are too many."""
    matrix = part.matrix.toarray()
    low, high = _moved(part, reach)
    below, above = part.row_lower - high, part.row_upper - low
    # The least and the most that the columns still to come can add to each row.
    least = np.cumsum(np.minimum(matrix, 0.0)[:, ::-1], axis=1)[:, ::-1]
    most = np.cumsum(np.maximum(matrix, 0.0)[:, ::-1], axis=1)[:, ::-1]
    zero = np.zeros((len(below), 1))
    least, most = np.hstack([least, zero]), np.hstack([most, zero])
    ways = np.zeros((1, 0))
    height = np.zeros((1, len(below)))
    for column in range(matrix.shape[1]):
        choices = [each for each in (0.0, 1.0) if part.lower[column] <= each <= part.upper[column]]
        if not choices:
            return None
        ways = np.vstack([np.column_stack([ways, np.full(len(ways), each)]) for each in choices])
        height = np.vstack([height + each * matrix[:, column] for each in choices])
        open_ = (height + least[:, column + 1] <= above + _ROW).all(axis=1) & (
            height + most[:, column + 1] >= below - _ROW
        ).all(axis=1)
        ways, height = ways[open_], height[open_]
        if len(ways) > _WAYS:
            return None
    return ways


def _moved(part: Part, reach: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Return the least and the most that the first stage can add to each row of a part."""
    technology = part.technology.toarray()
    ends = [
        np.where(technology == 0.0, 0.0, technology * np.where(technology == 0.0, 0.0, each))
        for each in reach
    ]
    return np.minimum(*ends).sum(axis=1), np.maximum(*ends).sum(axis=1)


def _unbeaten(use: Floats, worth: Floats, below: Floats, above: Floats) -> NDArray[np.intp]:
    """Return the ways that no other beats: worth as much, and no harder on any row.

    A row with an upper bound alone is easier the lower it is, one with a lower bound alone the
    higher; in a row with both, ways compare only where they are alike.
    """
    keys = [use[:, row] for row in range(use.shape[1])]
    harder = []
    for key, low, high in zip(keys, below, above, strict=True):
        if np.isfinite(high):
            harder.append(key)
        if np.isfinite(low):
            harder.append(-key)
    cost = np.column_stack([*harder, -worth]) if harder else -worth[:, None]
    order = np.lexsort(cost.T[::-1])
    kept: list[int] = []
    for place in order:
        if not kept or not (cost[kept] <= cost[place] + 1e-12).all(axis=1).any():
            kept.append(int(place))
    return np.sort(np.array(kept, dtype=np.intp))
