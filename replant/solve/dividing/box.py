"""A box: how far the first stage may go, and the ways that are left in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from replant.solve.dividing.ways import Floats, Places, Ways

__all__ = ["Box", "Left", "left_in"]

_PASSES = 4


@dataclass(frozen=True, eq=False)
class Box:
    """Where the first stage may lie.

    Attributes
    ----------
    lower, upper : ndarray, shape (n,)
        Bounds of its columns.
    least, most : ndarray, shape (needs,)
        Bounds of the heights of needs.
    """

    lower: Floats
    upper: Floats
    least: Floats
    most: Floats

    def column(self, place: int, value: float) -> tuple[Box, Box]:
        """Return the boxes in which a whole number is no more than a value, and more."""
        upper, lower = self.upper.copy(), self.lower.copy()
        upper[place], lower[place] = np.floor(value), np.floor(value) + 1.0
        return replace(self, upper=upper), replace(self, lower=lower)

    def need(self, place: int, height: float) -> tuple[Box, Box]:
        """Return the boxes in which a need is no higher than this, and higher."""
        low, high = self._copy(), self._copy()
        low._hold(place, -np.inf, height)
        high._hold(place, float(np.nextafter(height, np.inf)), np.inf)
        return low, high

    def _copy(self) -> Box:
        return replace(self, least=self.least.copy(), most=self.most.copy())

    def _hold(self, place: int, least: float, most: float) -> None:
        """Hold a need between two heights, and its opposite with it."""
        half = len(self.least) // 2
        other = (place + half) % (2 * half)
        self.least[place] = max(self.least[place], least)
        self.most[place] = min(self.most[place], most)
        self.least[other], self.most[other] = -self.most[place], -self.least[place]

    def held(self, most: Floats) -> Box:
        """Return the box in which needs are no higher than this."""
        half = len(most) // 2
        high = np.minimum(self.most, most)
        high = np.minimum(high, -np.roll(self.least, half))
        return replace(self, most=high, least=np.maximum(self.least, -np.roll(high, half)))


@dataclass(frozen=True, eq=False)
class Left:
    """What is left in a box.

    Attributes
    ----------
    box : Box
        The box, no larger than what is left in it needs.
    ways : ndarray of int
        The ways that fit somewhere in the box and are beaten by none everywhere in it.
    short : ndarray, shape (ways left, slots)
        By how much each keeps its part's needs below their most in the box.
    """

    box: Box
    ways: Places
    short: Floats


def left_in(ways: Ways, box: Box, among: Places) -> Left | None:
    """Return what is left of some ways in a box; None if some part can do nothing there."""
    for _ in range(_PASSES):
        among = among[(ways.reach[among] >= box.least[ways.needs][ways.part[among]]).all(axis=1)]
        farthest = np.full(ways.needs.shape, -np.inf)
        np.maximum.at(farthest, ways.part[among], ways.reach[among])
        most = np.full(len(box.most), np.inf)
        np.minimum.at(most, ways.needs.ravel(), farthest.ravel())
        before, box = box, box.held(most)
        if (box.least > box.most).any():
            return None
        if np.array_equal(before.least, box.least):
            break
    most = box.most[ways.needs][ways.part[among]]
    reach = ways.reach[among]
    # Where nothing bounds a need, only slots of no use speak of it, and all ways reach as far.
    short = np.where(reach >= most, 0.0, most - np.where(np.isfinite(reach), reach, 0.0))
    kept = _unbeaten(ways.part[among], short)
    return Left(box, among[kept], short[kept])


def _unbeaten(part: Places, short: Floats) -> Places:
    """Return the places of ways that none before them of the same part beats on every need."""
    # A way that fits everywhere in the box beats all that come after it.
    places = np.arange(len(part))
    free = np.flatnonzero((short <= 0.0).all(axis=1))
    first = np.full(int(part.max(initial=-1)) + 1, len(part))
    first[part[free[::-1]]] = free[::-1]
    places = places[places <= first[part]]
    part, short = part[places], short[places]
    beaten = np.zeros(len(places), dtype=bool)
    for before in range(1, int(np.bincount(part).max(initial=1))):
        later = np.flatnonzero(part[before:] == part[:-before]) + before
        if not len(later):
            break
        beaten[later] |= (short[later - before] <= short[later]).all(axis=1)
    return places[~beaten]
