"""A bound from the scenarios one by one, each with its whole numbers.

Who knew which scenario comes could not do worse: what each is worth by itself at most, weighted, no
plan exceeds. Where scenarios ask for much the same, little is lost by that, and far more is won by
the solver's own cuts, which see all rows of a scenario where the master only sees estimates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.course import Course
from replant.solve.benders.crew import tallied
from replant.solve.benders.recourse import settle
from replant.solve.benders.written import first_of, solved_out, written

__all__ = ["EachAlone"]

Floats = NDArray[np.float64]

# What knowing the scenario is worth, whole numbers let go of, may be no more than this share of
# what is open between bound and plan.
_LITTLE = 0.25
# Each scenario is solved until so much of the allowed gap is left.
_SHARE = 0.2


@dataclass(eq=False)
class EachAlone:
    """What scenarios are worth by themselves.

    Parameters
    ----------
    course : Course
        The solve, its relaxed phase done, with a plan.
    alone : mapping of int to float
        What each scenario is worth at most by itself, whole numbers let go of.
    """

    course: Course
    alone: Mapping[int, float]

    def pays(self, relaxed: float) -> bool:
        """Return whether little is lost by looking at the scenarios one by one.

        Parameters
        ----------
        relaxed : float
            What the best relaxed first stage is worth; the bound may be lower by now, where it
            comes from whole numbers.
        """
        course = self.course
        if len(self.alone) < len(course.staged) or not np.isfinite(course.value):
            return False
        together = max(course.bound, relaxed)
        lost = tallied(course.staged.probabilities, self._known()) - together
        return lost <= _LITTLE * (together - course.value)

    def run(self) -> None:
        """Solve one after another in equal shares of the time left, and lower the bound."""
        course, bounds = self.course, self._known()
        weights = course.staged.probabilities
        order = np.argsort(-weights, kind="stable").tolist()
        for place, number in enumerate(order):
            if course.over():
                return
            if weights[number] <= 0.0:
                continue
            found = solved_out(
                course,
                written(course, [number]),
                share=_SHARE,
                seconds=course.left() / (len(order) - place),
            )
            bounds[number] = min(bounds[number], found.bound)
            course.lower_bound_to(tallied(weights, bounds))
            course.tell()
            if found.values is not None and not course.over():
                settle(course, first_of(course, found), None)

    def _known(self) -> Floats:
        return np.array([self.alone[number] for number in range(len(self.course.staged))])
