"""All scenarios as one problem, without the rows that tie each of them: a bound by prices.

The ties of a scenario (cash, taxable income) are what makes all of them together too much for a
solver. Priced, they leave a problem whose own cuts come near to what whole numbers cost, with the
first stage the same in every scenario (`replant.solve.pricing`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.course import Course
from replant.solve.benders.recourse import settle
from replant.solve.benders.rounding import rounded
from replant.solve.benders.written import written
from replant.solve.pricing import pricing_of

__all__ = ["PricedTogether"]

Floats = NDArray[np.float64]

# More entries than this in all scenarios are not written out as one.
_ENTRIES = 2_000_000
# So much of the time left goes into it.
_SHARE = 0.8


@dataclass(eq=False)
class PricedTogether:
    """One bound by prices.

    Parameters
    ----------
    course : Course
        The solve, its relaxed phase done, with a plan.
    """

    course: Course

    def run(self) -> None:
        """Lower the bound; ask all scenarios at what is done at the prices."""
        course = self.course
        staged = course.staged
        if len(staged) * staged.make(0).matrix.nnz > _ENTRIES:
            return
        ends = (1.0 - _SHARE) * course.left()
        together = written(course, range(len(staged)))
        leads = np.zeros(len(together.objective), dtype=bool)
        leads[: len(staged.first)] = staged.first.integer
        pricing = pricing_of(
            together,
            leads,
            course.settings,
            lambda: 0.0 if course.over() else max(0.0, course.left() - ends),
            self._bounded,
            self._found,
        )
        if pricing is not None:
            pricing.run(lambda _: course.over())

    def _bounded(self, bound: float) -> None:
        self.course.lower_bound_to(bound)
        self.course.tell()

    def _found(self, _: float, values: Floats) -> None:
        course = self.course
        first = values[: len(course.staged.first)].copy()
        whole = course.staged.first.integer
        first[whole] = rounded(first[whole])
        if not course.over():
            settle(course, first, None)
