"""A plan from elsewhere, such as that of an earlier run or of another way of solving.

Where a problem was written with more columns in its first stage, these follow from the plan's own:
one small linear program finds them.
"""

from __future__ import annotations

import highspy
import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.course import Course
from replant.solve.benders.recourse import settle
from replant.solve.benders.rounding import rounded
from replant.solve.loading import loaded
from replant.solve.staged import FirstStage

__all__ = ["start_at"]

Floats = NDArray[np.float64]


def start_at(course: Course, plan: Floats) -> None:
    """Ask what a plan is worth, unless the best one is the same or it breaks the first stage.

    Parameters
    ----------
    course : Course
        The solve.
    plan : ndarray, shape (columns of the first stage as it was given,)
        The plan; numbers that are to be whole are rounded.
    """
    stage, width = course.staged.first, len(plan)
    plan = np.where(stage.integer[:width], rounded(plan), plan)
    if course.first is not None and np.array_equal(course.first[:width], plan):
        return
    first = plan if width == len(stage) else _completed(stage, plan)
    if first is not None:
        settle(course, first, None)


def _completed(stage: FirstStage, plan: Floats) -> Floats | None:
    """Return a first stage that begins with a plan; None if there is none."""
    width, lower, upper = len(plan), stage.lower.copy(), stage.upper.copy()
    lower[:width] = upper[:width] = plan
    nothing = np.zeros(len(stage))
    model = loaded(stage.matrix, nothing, lower, upper, stage.row_lower, stage.row_upper)
    model.run()
    if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    found = np.array(model.getSolution().col_value, dtype=np.float64)
    found[:width] = plan
    return np.clip(found, stage.lower, stage.upper)
