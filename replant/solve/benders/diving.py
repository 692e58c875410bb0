"""A first plan of whole numbers: fix what is nearly whole, solve again, and so on to the end.

On the way down the scenarios are asked now and then, because far from the relaxed point the cuts
say little of what the first stage is worth.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.course import Course
from replant.solve.benders.proposal import Proposal
from replant.solve.benders.recourse import settle
from replant.solve.benders.rounding import made_whole

__all__ = ["Dive"]

Floats = NDArray[np.float64]

# How near to a whole number counts as one, and as nearly one.
_WHOLE, _NEARLY = 1e-6, 0.1
# The share of columns still free that is fixed at once, at least.
_AT_ONCE = 0.08
# After how many steps the scenarios are asked.
_ASKED = 3


@dataclass(eq=False)
class Dive:
    """One dive.

    Parameters
    ----------
    course : Course
        The solve, its relaxed phase done.
    """

    course: Course
    _lower: Floats = field(init=False)
    _upper: Floats = field(init=False)

    def run(self) -> bool:
        """Dive to a plan; return whether one was found."""
        course, stage = self.course, self.course.master.stage
        self._lower, self._upper = stage.lower.copy(), stage.upper.copy()
        before = course.value
        try:
            first = self._descend()
        finally:
            course.master.hold(stage.lower, stage.upper)
        if first is None or course.left() <= 0.0:
            return False
        settle(course, first, None)
        return course.value > before

    def _descend(self) -> Floats | None:
        """Fix columns step by step; return a whole first stage, None where the way is blocked."""
        course = self.course
        integer = course.staged.first.integer
        last: tuple[Floats, Floats] | None = None
        for step in range(10_000):
            course.master.hold(self._lower, self._upper)
            out = course.master.relaxed()
            if course.left() <= 0.0:
                return None
            if out is None:
                if last is None:
                    return None
                # The last step went too far: one column of it the other way, the others free.
                self._lower, self._upper = last
                last = None
                continue
            off = np.abs(out.first - np.round(out.first)) * integer
            if off.max(initial=0.0) <= _WHOLE:
                if not self._asked(out):
                    whole = made_whole(course.master, out)
                    return None if whole is None else whole.first
                continue
            if step % _ASKED == 0:
                self._asked(out)
            last = self._step(out, off)
        return None

    def _asked(self, out: Proposal) -> int:
        return self.course.take(self.course.ask(out.first), out)

    def _step(self, out: Proposal, off: Floats) -> tuple[Floats, Floats]:
        """Fix what is nearest to whole; return bounds that undo it but for one column."""
        integer = self.course.staged.first.integer
        free = np.flatnonzero(integer & (self._upper - self._lower > _WHOLE))
        order = free[np.argsort(off[free], kind="stable")]
        fractional = order[off[order] > _WHOLE]
        at_once = max(1, int(_AT_ONCE * len(fractional)))
        near = fractional[off[fractional] <= _NEARLY]
        chosen = near if len(near) >= at_once else fractional[:at_once]
        target = np.round(out.first[chosen])
        # What is at its end in the relaxed plan and not yet in use is left to the next steps.
        used = free[
            (off[free] <= _WHOLE) & (out.first[free] > self.course.master.lower[free] + 0.5)
        ]
        before = self._lower.copy(), self._upper.copy()
        self._lower, self._upper = self._lower.copy(), self._upper.copy()
        self._lower[chosen] = self._upper[chosen] = target
        self._lower[used] = np.round(out.first[used])
        wrong = int(fractional[0])
        if target[0] > out.first[wrong]:
            before[1][wrong] = target[0] - 1.0
        else:
            before[0][wrong] = target[0] + 1.0
        return before
