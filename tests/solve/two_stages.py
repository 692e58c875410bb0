"""Random problems in two stages, small and of whole data, and their optima by enumeration.

Every shape that the engine treats apart is drawn: columns without bounds, equalities and ranges,
rows with one recourse column or none, parts that fall apart, scenarios that some first stages
leave without recourse, scenarios of no weight or without columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.solve.solution import Status
from replant.solve.staged import FirstStage, Recourse, Staged

__all__ = [
    "FIRST",
    "RECOURSE",
    "Floats",
    "Optimum",
    "enumerated",
    "first_stages",
    "kept",
    "points_of",
    "recourses",
    "two_stages",
]

Floats = NDArray[np.float64]

FIRST = ("binary", "integer", "mixed", "continuous", "none")
RECOURSE = ("continuous", "binary", "integer", "mixed")
_ENTRIES = (-2, -1, 0, 0, 0, 1, 1, 2, 3)


@dataclass(frozen=True)
class _Columns:
    objective: Floats
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]
    point: Floats


@st.composite
def _columns(draw: st.DrawFn, kind: str, most: int, bounded: bool) -> _Columns:
    """Columns of a kind, and a point of whole numbers within their bounds."""
    count = draw(st.integers(0, most))
    found = []
    for _ in range(count):
        own = (
            draw(st.sampled_from(("binary", "integer", "continuous"))) if kind == "mixed" else kind
        )
        integer = own in ("binary", "integer")
        lower = 0 if own == "binary" else draw(st.sampled_from((0, 0, 0, -1, 1)))
        width = 1 if own == "binary" else draw(st.sampled_from((2, 2, 1, 3, 0)))
        at = draw(st.integers(lower, lower + width))
        low, high = float(lower), float(lower + width)
        if own == "continuous" and not bounded:
            end = draw(st.sampled_from(("none", "none", "above", "above", "below", "both")))
            low = -np.inf if end in ("below", "both") else low
            high = np.inf if end in ("above", "both") else high
        found.append((draw(st.integers(-3, 3)), low, high, integer, at))
    objective, lower_, upper, integer_, point = zip(*found, strict=True) if found else [()] * 5
    return _Columns(
        np.array(objective, dtype=float),
        np.array(lower_, dtype=float),
        np.array(upper, dtype=float),
        np.array(integer_, dtype=bool),
        np.array(point, dtype=float),
    )


@st.composite
def _matrix(draw: st.DrawFn, height: int, width: int) -> csr_matrix:
    entries = draw(
        st.lists(st.sampled_from(_ENTRIES), min_size=height * width, max_size=height * width)
    )
    return csr_matrix(np.array(entries, dtype=float).reshape(height, width))


@st.composite
def _bounds(draw: st.DrawFn, activity: Floats) -> tuple[Floats, Floats]:
    """Bounds of rows: mostly around what a point gives them, now and then anywhere."""
    lower, upper = [], []
    for each in activity:
        kind = draw(st.sampled_from(("at most", "at most", "at least", "equal", "range", "free")))
        middle = float(each) if draw(st.integers(0, 9)) else float(draw(st.integers(-3, 3)))
        below, above = draw(st.integers(0, 2)), draw(st.integers(0, 2))
        if kind == "equal":
            below = above = 0
        lower.append(middle - below if kind in ("at least", "equal", "range") else -np.inf)
        upper.append(middle + above if kind in ("at most", "equal", "range") else np.inf)
    return np.array(lower, dtype=float), np.array(upper, dtype=float)


@st.composite
def first_stages(draw: st.DrawFn, kind: str, bounded: bool = False) -> tuple[FirstStage, Floats]:
    """A first stage, and a point by which its rows were made (which may break some of them)."""
    columns = draw(_columns(kind, 0 if kind == "none" else 4, bounded))
    matrix = draw(_matrix(draw(st.integers(0, 2)), len(columns.point)))
    lower, upper = draw(_bounds(matrix @ columns.point))
    stage = FirstStage(
        columns.objective, columns.lower, columns.upper, columns.integer, matrix, lower, upper
    )
    return stage, columns.point


@st.composite
def recourses(draw: st.DrawFn, kind: str, at: Floats, bounded: bool = False) -> Recourse:
    """A scenario, made around a first stage."""
    columns = draw(_columns(kind, 5, bounded))
    height = draw(st.integers(0, 5))
    matrix = draw(_matrix(height, len(columns.point)))
    technology = draw(_matrix(height, len(at)))
    lower, upper = draw(_bounds(matrix @ columns.point + technology @ at))
    return Recourse(
        columns.objective,
        columns.lower,
        columns.upper,
        columns.integer,
        matrix,
        technology,
        lower,
        upper,
        constant=float(draw(st.integers(-2, 2))),
    )


@st.composite
def two_stages(
    draw: st.DrawFn,
    first: tuple[str, ...] = FIRST,
    recourse: tuple[str, ...] = RECOURSE,
    *,
    bounded: bool = False,
) -> Staged:
    """A problem in two stages.

    Parameters
    ----------
    first, recourse : tuple of str
        Kinds of columns to draw from, in the first stage and in each scenario.
    bounded : bool
        Whether every column has bounds.
    """
    stage, point = draw(first_stages(draw(st.sampled_from(first)), bounded))
    weights = draw(st.sampled_from(((1,), (1, 1), (3, 1), (1, 0), (0, 1, 3), (1, 2, 1, 1), ())))
    kinds = st.sampled_from(recourse)
    parts = [draw(recourses(draw(kinds), point, bounded)) for _ in weights]
    return Staged(
        stage,
        np.array(weights, dtype=float) / max(1, sum(weights)),
        tuple(f"s{number}" for number in range(len(weights))),
        parts.__getitem__,
        constant=float(draw(st.integers(-2, 2))),
    )


@dataclass(frozen=True)
class Optimum:
    """How a problem ends, and what its best plan is worth."""

    status: Status
    value: float


def points_of(part: FirstStage | Recourse) -> Floats:
    """Every point within the bounds of columns that are all whole numbers."""
    ranges = [np.arange(low, high + 1) for low, high in zip(part.lower, part.upper, strict=True)]
    every = list(product(*ranges))
    return np.array(every, dtype=float).reshape(len(every), len(part))


def kept(height: Floats, lower: Floats, upper: Floats) -> NDArray[np.bool_]:
    """Which points keep every row, given what they add up to in each."""
    return np.asarray(((height >= lower) & (height <= upper)).all(axis=-1))


def enumerated(staged: Staged) -> Optimum:
    """The optimum by trying every whole number of both stages; data are whole, so it is exact."""
    first = staged.first
    points = points_of(first)
    points = points[kept(points @ first.matrix.toarray().T, first.row_lower, first.row_upper)]
    worth = points @ first.objective + staged.constant
    for number, weight in enumerate(staged.probabilities):
        own = _worth(staged.make(number), points)
        worth += np.where(own == -np.inf, -np.inf, weight * np.maximum(own, -1e9))
    best = float(worth.max(initial=-np.inf))
    return Optimum(Status.INFEASIBLE if best == -np.inf else Status.OPTIMAL, best)


def _worth(block: Recourse, points: Floats) -> Floats:
    """What a scenario is worth at each first stage; minus infinity where nothing can be done."""
    ways = points_of(block)
    worth = ways @ block.objective + block.constant
    height = ways @ block.matrix.toarray().T
    given = points @ block.technology.toarray().T
    found = [
        worth[kept(height + each, block.row_lower, block.row_upper)].max(initial=-np.inf)
        for each in given
    ]
    return np.array(found, dtype=float)
