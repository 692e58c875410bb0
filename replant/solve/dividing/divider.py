"""Where to divide a box: what a division promises, and what such divisions have kept so far."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from replant.solve.dividing.box import Box, Left
from replant.solve.dividing.relaxation import Relaxed
from replant.solve.dividing.ways import Floats, Ways
from replant.solve.staged import FirstStage

__all__ = ["Divider", "Division"]

# How near to a whole number counts as one.
_WHOLE = 1e-6
# A box is not divided nearer to an end than this share of its width, if there is a choice.
_EDGE = 0.1


@dataclass(frozen=True)
class Division:
    """How a box came about.

    Attributes
    ----------
    place : int
        The need that was divided, or, after all needs, the column.
    side : int
        0 for what lies below, 1 for what lies above.
    promised : float
        What the division promised to take off the bound.
    """

    place: int
    side: int
    promised: float


@dataclass(eq=False)
class Divider:
    """Divides boxes, and remembers what came of it.

    Parameters
    ----------
    stage : FirstStage
        The first stage.
    ways : Ways
        The ways of all parts.
    """

    stage: FirstStage
    ways: Ways
    _kept: Floats = field(init=False)
    _seen: Floats = field(init=False)
    _usual: float = field(init=False)

    def __post_init__(self) -> None:
        places = 2 * len(self.ways.sums) + len(self.stage)
        # What came of a division, as a share of what it promised, by side; and how often.
        self._usual = max(1e-9, float(np.abs(self.ways.worth).mean()))
        self._kept, self._seen = np.zeros((2, places)), np.zeros((2, places))

    @property
    def record(self) -> tuple[Floats, Floats]:
        """What divisions have kept of their promises, and how often, by side and place."""
        return self._kept, self._seen

    def remember(self, kept: Floats, seen: Floats) -> None:
        """Go on with the record of an earlier search."""
        self._kept, self._seen = kept, seen

    def learn(self, division: Division, taken: float) -> None:
        """Remember what a division took off the bound of one of its boxes."""
        self._kept[division.side, division.place] += taken / division.promised
        self._seen[division.side, division.place] += 1.0

    def divide(self, left: Left, found: Relaxed, box: Box) -> list[tuple[Box, Division]]:
        """Return the two boxes into which a box is divided; none if nothing in it is open.

        Parameters
        ----------
        left : Left
            What is left in the box.
        found : Relaxed
            Its relaxed optimum.
        box : Box
            The box, or as much of it as is of use.
        """
        heights = self.ways.heights(found.first)
        promised = np.concatenate([self._losses(left, found, heights), self._missing(found.first)])
        if promised.max(initial=0.0) <= 0.0:
            return []
        place = int(np.argmax(self._ratio() * promised))
        column = place - len(heights)
        if column >= 0:
            pair = box.column(column, float(found.first[column]))
        else:
            pair = box.need(place, self._height(left, place, float(heights[place])))
        return [
            (each, Division(place, side, float(promised[place]))) for side, each in enumerate(pair)
        ]

    def _ratio(self) -> Floats:
        """Return what to expect of a promise on its worse side, never nothing at all."""
        mean = self._kept.sum() / self._seen.sum() if self._seen.any() else 1.0
        known = np.where(self._seen > 0.0, self._kept / np.maximum(self._seen, 1.0), mean)
        return np.asarray(np.maximum(known.min(axis=0), 1e-9))

    def _missing(self, first: Floats) -> Floats:
        """Return what it costs at least to round each column up that is to be whole."""
        parts = first - np.floor(first)
        open_ = self.stage.integer & (np.minimum(parts, 1.0 - parts) > _WHOLE)
        cost = np.maximum(np.abs(self.stage.objective), 1e-9)
        return np.asarray(np.where(open_, cost * (1.0 - parts), 0.0))

    def _losses(self, left: Left, found: Relaxed, heights: Floats) -> Floats:
        """Return what mixing ways pretends to earn, by the need that each mixture breaks."""
        ways = self.ways
        part = ways.part[left.ways]
        mixed = np.bincount(
            part, weights=found.share * ways.worth[left.ways], minlength=len(ways.needs)
        )
        here = ways.best(heights)
        # Where no way fits at all, a mixture pretends more than its worth tells.
        pretended = np.maximum(np.abs(mixed), self._usual)
        fitting = np.flatnonzero(here >= 0)
        pretended[fitting] = np.maximum(mixed[fitting] - ways.worth[here[fitting]], 0.0)
        over = heights[ways.needs][part] - ways.reach[left.ways]
        over = np.where((left.short > 0.0) & (over > 0.0), over, 0.0) * found.share[:, None]
        broken = np.zeros(ways.needs.shape)
        np.add.at(broken, part, over)
        total = broken.sum(axis=1, keepdims=True)
        share = np.divide(broken, total, out=np.zeros_like(broken), where=total > 0.0)
        losses = np.zeros(len(heights))
        np.add.at(losses, ways.needs.ravel(), (share * pretended[:, None]).ravel())
        return losses

    def _height(self, left: Left, place: int, height: float) -> float:
        """Return the height at which to divide a need: where a way begins to fit, near here."""
        ways, box = self.ways, left.box
        mine = (ways.needs[ways.part[left.ways]] == place) & (left.short > 0.0)
        ends = np.unique(ways.reach[left.ways][mine])
        low, high = float(box.least[place]), float(box.most[place])
        edge = _EDGE * (high - low) if np.isfinite(high - low) else 0.0
        wanted = min(max(height, low + edge), high - edge)
        return float(ends[np.argmin(np.abs(ends - wanted))])
