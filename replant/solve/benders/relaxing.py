"""The relaxed phase: bound and plan meet where whole numbers are let go of.

Each round asks the scenarios at a point between the best one known and what the master proposes
(in-out stabilisation): its cuts are deep, and its value is a plan of the relaxed problem.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from replant.errors import Unbounded
from replant.solve.benders.centre import centre_of
from replant.solve.benders.course import Course
from replant.solve.benders.proposal import Proposal
from replant.solve.benders.trail import Trail, follow, trail_of

__all__ = ["Relaxed", "relax"]

Floats = NDArray[np.float64]

# How far the first step goes from the best point towards the proposal; how it shrinks where that
# led downhill, grows where it taught nothing, and how short it may become.
_STEP, _SHORTER, _LONGER, _SHORTEST = 0.5, 0.7, 1.5, 0.2
# A cut without a price in so many solves in a row is dropped.
# Cuts by period are many, and soon replaced by others of the same period.
_PATIENCE, _PATIENCE_BY_PERIOD = 20, 8
# Before whole numbers are sought, the bound need not be final: it is done with when so many rounds
# lowered it by less than this share of what is left to the relaxed plan, or of its height.
_STALE, _LITTLE, _TINY = 3, 0.02, 1e-5


@dataclass(frozen=True, eq=False)
class Relaxed:
    """Where the relaxed phase ended.

    Attributes
    ----------
    point : ndarray, shape (n,)
        The best relaxed first stage.
    value : float
        What it is worth; minus infinity if none was found in time.
    possible : bool
        Whether any first stage keeps every rule, whole numbers aside.
    trail : Trail
        Where the cuts were made that the bound rests on.
    """

    point: Floats
    value: float
    possible: bool = True
    trail: Trail | None = None


def relax(
    course: Course,
    centre: Floats | None = None,
    trail: Trail | None = None,
    *,
    leaving: bool = False,
) -> Relaxed:
    """Run the relaxed phase.

    Parameters
    ----------
    course : Course
        The solve; where nothing is a whole number, its plan and its bound.
    centre : ndarray, optional
        Where to step from, shape (n,).
    trail : Trail, optional
        Of a problem with the same master: its cuts are made anew to begin with.
    leaving : bool
        Whether it is to leave a trail itself; the master then loses the cuts that are of no use.

    Raises
    ------
    Unbounded
        If no bound was found on what a plan can be worth.
    """
    start = centre_of(course.master.stage) if centre is None else centre
    if start is None:
        return Relaxed(np.zeros(0), -np.inf, possible=False)
    phase = _Phase(course, start, trail)
    found = phase.run()
    return replace(found, trail=trail_of(course, phase.points, phase.born)) if leaving else found


@dataclass(eq=False)
class _Phase:
    course: Course
    point: Floats
    trail: Trail | None = None
    value: float = -np.inf
    step: float = _STEP
    # Where scenarios were asked, and which of these points each cut came from.
    points: list[Floats] = field(default_factory=list)
    born: dict[int, int] = field(default_factory=dict)

    def run(self) -> Relaxed:
        course = self.course
        if self.trail is not None:
            follow(course, self.trail)
        self._ask(self.point, None)
        bounds: list[float] = []
        while not course.over():
            out = course.master.relaxed()
            if out is None:
                return Relaxed(self.point, -np.inf, possible=False)
            course.lower_bound_to(out.bound)
            course.tell()
            bounds.append(out.bound)
            if self._done(out, bounds) or not self._round(out):
                break
            by_period = course.master.chains is not None
            course.master.drop_idle(_PATIENCE_BY_PERIOD if by_period else _PATIENCE)
        if not np.isfinite(course.bound) and not course.over():
            raise Unbounded("nothing bounds what the first stage can be worth")
        return Relaxed(self.point, self.value)

    def _ask(self, at: Floats, out: Proposal | None) -> tuple[int, float]:
        """Ask at a point; return how many cuts were taken and what it is worth."""
        course = self.course
        round = course.ask(at)
        before = len(course.master.cuts)
        here = -np.inf if round.broken else course.objective(at, round.expected)
        added = course.take(round, out)
        self.born.update((id(cut), len(self.points)) for cut in course.master.cuts[before:])
        self.points.append(at)
        if here > self.value:
            self.value, self.point = here, at
            if not course.integer and not course.integer_recourse:
                course.keep(at, here, round.worth)
        return added, here

    def _round(self, out: Proposal) -> bool:
        """Ask once more; return whether there is more to learn."""
        settled = np.isfinite(self.value)
        at = self.step * out.first + (1.0 - self.step) * self.point if settled else out.first
        added, here = self._ask(at, out)
        if not added:
            if self.step >= 1.0 or not settled:
                return False
            self.step = 1.0 if self.step > 0.9 else min(1.0, self.step * _LONGER)
        elif here < self.value:
            self.step = max(_SHORTEST, self.step * _SHORTER)
        return True

    def _done(self, out: Proposal, bounds: list[float]) -> bool:
        course = self.course
        if not np.isfinite(out.bound) or not np.isfinite(self.value):
            return False
        left = out.bound - self.value
        if left <= 1e-9 * max(1.0, abs(self.value)):
            return True
        if not course.integer or len(bounds) <= _STALE:
            return False
        lowered = bounds[-1 - _STALE] - bounds[-1]
        return lowered <= _STALE * max(_LITTLE * left, _TINY * abs(out.bound)) / 10.0
