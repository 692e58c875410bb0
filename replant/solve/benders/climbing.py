"""Climb from plan to plan by flips and swaps, guided by the cuts and settled by the scenarios.

The cuts say at once how much a neighbour could be worth at most. Only the most promising one is
asked for in earnest; its cuts then make the picture truer, and the climb goes on until no neighbour
could be better.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.course import Course
from replant.solve.benders.recourse import settle

__all__ = ["Climb"]

Floats = NDArray[np.float64]

_ROW = 1e-6
# How many neighbours in a row may disappoint before the climb ends, and how many it asks for.
_PATIENCE, _MOST = 12, 60


@dataclass(eq=False)
class Climb:
    """One climb; only where every column of the first stage is a 0 or a 1.

    Parameters
    ----------
    course : Course
        The solve, with cuts and perhaps a plan.
    """

    course: Course

    def from_relaxed(self, point: Floats) -> None:
        """Try the relaxed point rounded at several heights, then climb from the best."""
        tried: set[bytes] = set()
        for height in (0.5, 0.3, 0.7, 0.1):
            self._ask((point >= height).astype(np.float64), tried)
        self.run(tried)

    def run(self, tried: set[bytes] | None = None) -> None:
        """Climb from the best plan."""
        course = self.course
        seen = set() if tried is None else tried
        disappointed = 0
        for _ in range(_MOST):
            if course.first is None or course.over() or disappointed >= _PATIENCE:
                return
            best = self._promising(course.first, seen)
            if best is None:
                return
            before = course.value
            self._ask(best, seen)
            disappointed = 0 if course.value > before else disappointed + 1

    def _ask(self, first: Floats, seen: set[bytes]) -> None:
        course = self.course
        key = first.tobytes()
        if key in seen or course.over() or not self._keeps(first[None, :])[0]:
            return
        seen.add(key)
        settle(course, first, None)

    def _keeps(self, points: Floats) -> NDArray[np.bool_]:
        """Return which points keep the rows and bounds of the first stage."""
        stage = self.course.master.stage
        height = stage.matrix @ points.T
        allowed = _ROW * np.maximum(1.0, np.abs(height))
        rows = (height >= stage.row_lower[:, None] - allowed) & (
            height <= stage.row_upper[:, None] + allowed
        )
        bounds = (points >= stage.lower - _ROW) & (points <= stage.upper + _ROW)
        return np.asarray(rows.all(axis=0) & bounds.all(axis=1))

    def _promising(self, first: Floats, seen: set[bytes]) -> Floats | None:
        """Return the neighbour that could be worth most; None if none could be better."""
        course = self.course
        points = _neighbours(first)
        points = points[self._keeps(points)]
        if not len(points):
            return None
        hope = course.master.hope(points)
        floor = course.value + 1e-9 * max(1.0, abs(course.value))
        for place in np.argsort(-hope, kind="stable"):
            if hope[place] <= floor:
                return None
            if points[place].tobytes() not in seen:
                return np.asarray(points[place])
        return None


def _neighbours(first: Floats) -> Floats:
    """Return every point one flip or one swap away."""
    width = len(first)
    flips = np.tile(first, (width, 1))
    flips[np.arange(width), np.arange(width)] = 1.0 - first
    on, off = np.flatnonzero(first > 0.5), np.flatnonzero(first < 0.5)
    out, in_ = np.meshgrid(on, off, indexing="ij")
    swaps = np.tile(first, (out.size, 1))
    rows = np.arange(out.size)
    swaps[rows, out.ravel()], swaps[rows, in_.ravel()] = 0.0, 1.0
    return np.vstack([flips, swaps])
