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

__all__ = ["Listed", "ListedPart", "listed"]

Floats = NDArray[np.float64]

# A part of more columns is not listed, nor one with more ways, nor one that is part of more rows.
_COLUMNS, _WAYS, _TIED = 24, 4096, 12
_ROW = 1e-9


@dataclass(frozen=True, eq=False)
class ListedPart:
    """What can be done in one part.

    Attributes
    ----------
    use : ndarray, shape (rows, ways)
        What each way adds to each row in which the first stage has a word.
    worth : ndarray, shape (ways,)
        What each is worth.
    technology : csr_matrix, shape (rows, n)
        Coefficients of the first stage's columns in these rows.
    row_lower, row_upper : ndarray, shape (rows,)
        Bounds of these rows.
    """

    use: Floats
    worth: Floats
    technology: csr_matrix
    row_lower: Floats
    row_upper: Floats


@dataclass(frozen=True, eq=False)
class Listed:
    """A problem whose small parts are lists of ways.

    Attributes
    ----------
    staged : Staged
        The problem so written; its first stage is the same.
    scenarios : tuple of tuple of ListedPart
        The parts of each scenario.
    constant : float
        What is added to the objective whatever is done.
    """

    staged: Staged
    scenarios: tuple[tuple[ListedPart, ...], ...]
    constant: float

    @property
    def ways(self) -> int:
        """How many ways there are in all scenarios."""
        return sum(len(part.worth) for parts in self.scenarios for part in parts)


@dataclass(frozen=True, eq=False)
class _Making:
    """Makes scenarios from their listed parts."""

    scenarios: tuple[tuple[ListedPart, ...], ...]
    constants: tuple[float, ...]
    width: int

    def __call__(self, number: int) -> Recourse:
        return _recourse(self.scenarios[number], self.constants[number], self.width)


def listed(staged: Staged, most: float = np.inf) -> Listed | None:
    """Return the problem with its parts of yes or no listed; None if that cannot be done.

    Parameters
    ----------
    staged : Staged
        The problem. Every part of each scenario must be small and all yes or no.
    most : float
        Most ways in all scenarios.
    """
    reach = implied_bounds(staged.first)
    scenarios, constants, ways = [], [], 0
    for number in range(len(staged)):
        block = staged.make(number)
        parts = _listed(block, reach)
        ways += sum(len(part.worth) for part in parts or ())
        if parts is None or ways > most:
            return None
        scenarios.append(parts)
        constants.append(block.constant)
    made = _Making(tuple(scenarios), tuple(constants), len(staged.first))
    return Listed(
        Staged(staged.first, staged.probabilities, staged.names, made, staged.constant),
        made.scenarios,
        staged.constant + float(staged.probabilities @ np.array(constants)),
    )


def _listed(block: Recourse, reach: tuple[Floats, Floats]) -> tuple[ListedPart, ...] | None:
    """Return a scenario's parts listed, or None."""
    if not len(block) or not block.integer.all() or (np.diff(block.matrix.indptr) == 0).any():
        return None
    if (block.lower < -_ROW).any() or (block.upper > 1 + _ROW).any():
        return None
    found = []
    for part in parts_of(block):
        piece = _ways_of(part, reach)
        if piece is None:
            return None
        found.append(piece)
    return tuple(found)


def _recourse(parts: tuple[ListedPart, ...], constant: float, width: int) -> Recourse:
    """Return a scenario whose columns are ways: of each part one is taken."""
    objective = np.concatenate([part.worth for part in parts])
    one = block_diag([csr_matrix(np.ones((1, len(part.worth)))) for part in parts])
    nothing = csr_matrix((len(parts), width))
    ones = np.ones(len(parts))
    return Recourse(
        objective=objective,
        lower=np.zeros(len(objective)),
        upper=np.ones(len(objective)),
        integer=np.ones(len(objective), dtype=bool),
        matrix=csr_matrix(vstack([block_diag([part.use for part in parts], format="csr"), one])),
        technology=csr_matrix(vstack([*(part.technology for part in parts), nothing])),
        row_lower=np.concatenate([*(part.row_lower for part in parts), ones]),
        row_upper=np.concatenate([*(part.row_upper for part in parts), ones]),
        constant=constant,
    )


def _tied(part: Part) -> NDArray[np.intp]:
    """Return the rows in which the first stage has a word."""
    return np.flatnonzero(np.diff(part.technology.indptr) > 0)


def _ways_of(part: Part, reach: tuple[Floats, Floats]) -> ListedPart | None:
    """Return the ways of a part, or None."""
    moving = len(part.uppers.column) + len(part.lowers.column)
    tied = _tied(part)
    if moving or len(part.objective) > _COLUMNS or len(tied) > _TIED:
        return None
    ways = _possible(part, reach)
    if ways is None or not len(ways):
        return None
    use = ways @ part.matrix[tied].T.toarray() if len(tied) else np.zeros((len(ways), 0))
    worth = ways @ part.objective
    below, above = part.row_lower[tied], part.row_upper[tied]
    kept = _unbeaten(use, worth, below, above)
    return ListedPart(
        np.ascontiguousarray(use[kept].T),
        worth[kept],
        csr_matrix(part.technology[tied]),
        below,
        above,
    )


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
