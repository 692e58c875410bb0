"""The trail of one solve, followed by another: where its cuts were made, and its last basis.

A sample of the scenarios, one of each bundle, has a master with the same columns. The points at
which it learnt what its bound rests on are where all scenarios are worth asking first; and the
basis at its end is near that of the master in which each cut is made anew, for the whole bundle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.course import Course
from replant.solve.benders.cut import Cut
from replant.solve.benders.group_cut import GroupCut

__all__ = ["Trail", "follow", "trail_of"]

Floats = NDArray[np.float64]

# A cut without a price in so many solves is not worth making anew.
_PATIENCE = 2


@dataclass(frozen=True, eq=False)
class Trail:
    """Where cuts were made.

    Attributes
    ----------
    points : list of ndarray
        First stages.
    cuts : list of (int, int)
        For each cut, in the master's order, the number of its point and its group.
    basis : object
        The solver's basis with these cuts.
    """

    points: list[Floats]
    cuts: list[tuple[int, int]]
    basis: Any


def trail_of(course: Course, points: Sequence[Floats], born: Mapping[int, int]) -> Trail | None:
    """Return the trail of a course; None if its cuts are not all known and on groups.

    Parameters
    ----------
    course : Course
        A solve whose relaxed phase has ended.
    points : sequence of ndarray
        Where scenarios were asked.
    born : mapping of int to int
        Which of these points each cut came from, by its identity.
    """
    course.master.drop_idle(_PATIENCE)
    cuts, basis = course.master.cuts, course.master.warm.basis()
    if basis is None or any(id(cut) not in born or cut.group < 0 for cut in cuts):
        return None
    return Trail(list(points), [(born[id(cut)], cut.group) for cut in cuts], basis)


def follow(course: Course, trail: Trail) -> None:
    """Make the cuts of a trail anew for the scenarios of a course.

    Parameters
    ----------
    course : Course
        A solve at its beginning.
    trail : Trail
        That of a problem whose master has the same columns.
    """
    found: dict[tuple[int, int], GroupCut] = {}
    for number in sorted({point for point, _ in trail.cuts}):
        if course.over():
            return
        wanted = [group for point, group in trail.cuts if point == number]
        round = course.ask(trail.points[number], only=frozenset(wanted))
        for point, group in trail.cuts:
            if point == number and np.isfinite(round.constants[group]):
                cut = Cut(float(round.constants[group]), round.slopes[group].copy())
                found[point, group] = GroupCut(group, cut)
    course.master.add([found[each] for each in trail.cuts if each in found])
    if len(found) == len(trail.cuts) == len(course.master.cuts):
        course.master.warm.start_from(trail.basis)
