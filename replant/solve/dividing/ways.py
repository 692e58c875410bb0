"""What parts that are lists of ways need of the first stage.

A way of a part fits a first stage if a few sums of its columns, here **needs**, are small enough:
each row ``use + T x ≤ b`` of a way says ``t x ≤ reach``. The parts of all scenarios mostly speak
of the same few sums, such as the capacity of each plant in each period.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from replant.solve.patterns import Listed, ListedPart

__all__ = ["Ways", "ways_of"]

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

# With more sums of the first stage than this there is too much to divide.
_SUMS = 24
# A row may be missed by this share of its height in a bound, and by this in a plan, as the
# solver's rows may.
_MISSED, _MISSED_BY_PLANS = 1e-9, 1e-7


@dataclass(frozen=True, eq=False)
class Ways:
    """All ways of all parts, part by part, those that are worth most first.

    Attributes
    ----------
    sums : ndarray, shape (sums, n)
        The sums of the first stage's columns that parts speak of. A need is such a sum or, from
        the number of sums on, its opposite.
    worth : ndarray, shape (ways,)
        What each adds to the objective, weighted by probability.
    part : ndarray of int, shape (ways,)
        The part that each is a way of.
    needs : ndarray of int, shape (parts, slots)
        Which needs each part speaks of.
    reach : ndarray, shape (ways, slots)
        Up to which height of each of these the way fits; infinite in slots of no use.
    constant : float
        Added to the objective.
    """

    sums: Floats
    worth: Floats
    part: Places
    needs: Places
    reach: Floats
    constant: float

    def __len__(self) -> int:
        return len(self.worth)

    def heights(self, first: Floats) -> Floats:
        """Return the height of each need at a first stage."""
        sums = self.sums @ first
        return np.concatenate([sums, -sums])

    def best(self, heights: Floats) -> Places:
        """Return the best way of each part at these heights of the needs; -1 where none fits."""
        heights = heights - _MISSED_BY_PLANS * np.maximum(1.0, np.abs(heights))
        fits = np.flatnonzero((self.reach >= heights[self.needs][self.part]).all(axis=1))
        found = np.full(len(self.needs), -1, dtype=np.intp)
        # Written last wins, and the best way of a part stands before its others.
        found[self.part[fits[::-1]]] = fits[::-1]
        return found


def ways_of(found: Listed) -> Ways | None:
    """Return the ways of a problem whose parts are listed; None if they speak of no sum or many."""
    sums: dict[bytes, int] = {}
    width = len(found.staged.first)
    worth, needs = [np.zeros(0)], []
    for parts, weight in zip(found.scenarios, found.staged.probabilities, strict=True):
        for part in parts:
            worth.append(weight * part.worth)
            needs.append(list(_needs_of(part, sums)))
        if len(sums) > _SUMS:
            return None
    if not sums:
        return None
    slots = max((len(each) for each in needs), default=0)
    of_part = np.zeros((len(needs), slots), dtype=np.intp)
    reach = [np.full((len(each), slots), np.inf) for each in worth[1:]]
    for number, each in enumerate(needs):
        for slot, (place, opposite, height) in enumerate(each):
            of_part[number, slot] = place + (len(sums) if opposite else 0)
            reach[number][:, slot] = height
    every = np.concatenate(worth)
    part_of = np.repeat(np.arange(len(needs)), [len(each) for each in worth[1:]])
    order = np.lexsort((-every, part_of))
    return Ways(
        sums=np.array([np.frombuffer(each) for each in sums]).reshape(len(sums), width),
        worth=every[order],
        part=part_of[order],
        needs=of_part,
        reach=np.vstack([np.zeros((0, slots)), *reach])[order],
        constant=found.constant,
    )


def _needs_of(part: ListedPart, sums: dict[bytes, int]) -> Iterator[tuple[int, bool, Floats]]:
    """Yield the sum of each bound of a row, if its opposite is meant, and each way's reach."""
    technology = part.technology.toarray()
    for row, use in enumerate(part.use):
        lead = float(technology[row, np.flatnonzero(technology[row])[0]])
        place = sums.setdefault((technology[row] / lead + 0.0).tobytes(), len(sums))
        for bound, sign in ((part.row_upper[row], 1.0), (part.row_lower[row], -1.0)):
            if np.isfinite(bound):
                missed = _MISSED * max(1.0, abs(float(bound)))
                yield place, sign * lead < 0.0, (sign * (bound - use) + missed) / abs(lead)
