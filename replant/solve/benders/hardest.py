"""A first plan by way of the scenarios that leave least room.

Where a floor must hold in every scenario, a first stage of whole numbers sought by estimates alone
is blocked again and again: cuts tell one way after another to miss a floor, and never how to keep
it. So the scenario that is worth least by itself, which as a rule is the one whose floors are
tightest, is written out in full beside the first stage. What keeps its rules mostly keeps those of
the others; where one cannot follow, it is written out as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.course import Course
from replant.solve.benders.crew import tallied
from replant.solve.benders.recourse import settle
from replant.solve.benders.representative import nearest_to_mean
from replant.solve.benders.rounding import rounded
from replant.solve.benders.written import first_of, held, solved_out, written

__all__ = ["Hardest"]

Floats = NDArray[np.float64]

# So many scenarios are looked at by themselves to find the hardest, and again among those that
# cannot follow; so many may be written out at once.
_LOOKED_AT, _TOGETHER = 40, 6
# More entries than this are not written out.
_ENTRIES = 2_000_000
# How many nodes a problem of whole numbers may open, and at which share of the allowed gap its
# plan is good enough.
_NODES, _SHARE = 50, 0.4
# How near to a whole number counts as one; how near plan and relaxed point are where they agree.
_WHOLE, _NEAR = 1e-6, 0.1
# What the scenario nearest to the mean counts for beside the hardest.
_USUAL = 0.8


@dataclass(eq=False)
class Hardest:
    """One search for a first plan.

    Parameters
    ----------
    course : Course
        The solve at its beginning, or after a dive that was blocked.

    Attributes
    ----------
    alone : dict of int to float
        What scenarios are worth at most by themselves, as far as they were looked at.
    taken : list of int
        Which were written out.
    """

    course: Course
    alone: dict[int, float] = field(default_factory=dict)
    taken: list[int] = field(default_factory=list)

    def look(self) -> None:
        """Look at scenarios by themselves; what all are worth so bounds every plan."""
        course = self.course
        count = len(course.staged)
        self._look_at(range(0, count, -(-count // _LOOKED_AT)))
        worths = np.array([self.alone.get(number, np.inf) for number in range(count)])
        if np.isfinite(worths).all():
            # One that is impossible is left to the relaxed phase, whose word rests on a cut.
            course.lower_bound_to(tallied(course.staged.probabilities, worths))

    def run(self) -> bool:
        """Seek a plan that all scenarios can follow, but once; return whether one was found."""
        course = self.course
        if self.taken or course.staged.make(0).matrix.nnz > _ENTRIES:
            return False
        self._add(list(range(len(course.staged))))
        while self.taken and course.left() > 0.0:
            first = self._planned()
            if first is None or course.left() <= 0.0:
                return False
            broken = self._asked(first)
            if not broken and np.isfinite(course.value):
                self._improve()
                return True
            if not broken or len(self.taken) >= _TOGETHER:
                return False
            self._add(broken)
        return False

    def _add(self, among: list[int]) -> None:
        """Write out one more scenario: the one worth least by itself."""
        self._look_at(among[:: -(-len(among) // _LOOKED_AT)])
        known = [number for number in among if number in self.alone]
        if known:
            self.taken.append(min(known, key=lambda number: self.alone[number]))

    def _look_at(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            if number not in self.alone and self.course.left() > 0.0:
                relaxed = solved_out(self.course, written(self.course, [number]), relaxed=True)
                self.alone[number] = relaxed.bound

    def _planned(self) -> Floats | None:
        """Return a first stage of whole numbers that suits what is written out."""
        course, arrays = self.course, written(self.course, self.taken)
        if arrays.matrix.nnz > _ENTRIES:
            return None
        relaxed = solved_out(course, arrays, relaxed=True)
        if relaxed.values is None:
            return None
        whole = course.staged.first.integer
        point = relaxed.values[: len(whole)]
        agreed = whole & (np.abs(point - rounded(point)) <= _WHOLE)
        # What is in use is held last: an idle column held may be what blocks the way.
        for which in (agreed, agreed & (rounded(point) != 0.0), np.zeros_like(whole)):
            found = solved_out(course, held(arrays, which, point), share=_SHARE, nodes=_NODES)
            if found.values is not None:
                return first_of(course, found)
            if course.left() <= 0.0:
                break
        return None

    def _improve(self) -> None:
        """Seek a better plan with the scenario nearest to the mean written out, too."""
        course = self.course
        usual = nearest_to_mean(course.staged)
        if usual in self.taken or course.over() or course.first is None:
            return
        numbers = [*self.taken, usual]
        weights = np.full(len(numbers), (1.0 - _USUAL) / len(self.taken))
        weights[-1] = _USUAL
        arrays = written(course, numbers, weights)
        if arrays.matrix.nnz > _ENTRIES:
            return
        relaxed = solved_out(course, arrays, relaxed=True)
        if relaxed.values is None or course.left() <= 0.0:
            return
        point, plan = relaxed.values[: len(course.first)], course.first
        which = course.staged.first.integer & (np.abs(plan - point) <= _NEAR)
        found = solved_out(course, held(arrays, which, plan), share=_SHARE, nodes=_NODES)
        if found.values is not None and course.left() > 0.0:
            self._asked(first_of(course, found))

    def _asked(self, first: Floats) -> list[int]:
        """Ask all scenarios; return those that cannot follow."""
        course = self.course
        round = course.ask(first)
        broken: list[int] = np.flatnonzero(round.values == -np.inf).tolist()
        course.take(round)
        if not broken:
            settle(course, first, None)
        return broken
