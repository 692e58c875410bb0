"""Where a solve begins: not anywhere, but where a few of its scenarios would go."""

from __future__ import annotations

import gc
from dataclasses import replace

import numpy as np

from replant.solve.benders.course import Course
from replant.solve.benders.crew import Alone
from replant.solve.benders.relaxing import Relaxed, relax
from replant.solve.benders.representative import nearest_to_mean, point_of
from replant.solve.benders.sampling import sample_of

__all__ = ["beginning"]

# With so many scenarios it pays to solve one of them first; with so many, a sample of them.
_MANY, _CROWD = 4, 200


def beginning(course: Course) -> Relaxed:
    """Return where to begin: at what would suit a sample, or one scenario that stands for all.

    Parameters
    ----------
    course : Course
        A solve at its beginning.

    Returns
    -------
    Relaxed
        Called impossible where nothing cheap tells where to begin.
    """
    staged = course.staged
    nowhere = Relaxed(np.zeros(0), -np.inf, possible=False)
    if len(staged) < _MANY:
        return nowhere
    if course.bundled and len(staged) >= _CROWD:
        found = _sampled(course)
        # The sample refers to itself and holds a hundred megabytes: they go now, not some day.
        gc.collect()
        return found
    number = nearest_to_mean(staged)
    point = point_of(course.master.stage, staged, number, course.left())
    return nowhere if point is None else Relaxed(point, -np.inf)


def _sampled(course: Course) -> Relaxed:
    """Return where a sample of the scenarios would go, whole numbers let go of."""
    some = sample_of(course.staged, len(course.master.weights) - course.master.groups)
    # A row over the first stage alone binds it in whichever scenario it stands.
    stage = course.master.stage
    some = replace(some, first=replace(stage, integer=np.zeros(len(stage), dtype=bool)))
    settings = replace(
        course.settings,
        gap=0.5 * course.settings.gap,
        saving=None,
        on_progress=None,
        on_plan=None,
        on_first=None,
    )
    sample = Course(some, Alone(some), settings, course.interrupted, course.began)
    begun = beginning(sample)
    found = relax(sample, begun.point if begun.possible else None, leaving=True)
    return replace(found, possible=found.possible and np.isfinite(found.value))
