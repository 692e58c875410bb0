"""Cuts on groups of parts, and what they allow a first stage to be worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.cut import Cut
from replant.solve.staged import FirstStage

__all__ = ["EVERY_GROUP", "FIRST_STAGE", "GroupCut", "cleaned", "hope_of"]

Floats = NDArray[np.float64]

# In place of a group's number: a cut on all groups together, and one on the first stage alone.
EVERY_GROUP, FIRST_STAGE = -2, -1
# Coefficients this small beside the largest of their cut are rounding of the arithmetic before;
# what they could add to the bound is added to its constant instead.
_TINY = 1e-11
# A cut on the first stage alone forbids what breaks it by more than this.
_BROKEN = 1e-6


@dataclass(frozen=True, eq=False)
class GroupCut:
    """A cut on what the parts of a group are worth together, or `EVERY_GROUP`, `FIRST_STAGE`.

    With chains, the numbers after the last group are for each scenario as a whole.
    """

    group: int
    cut: Cut


def cleaned(cut: Cut, stage: FirstStage) -> tuple[Floats, float]:
    """Return a cut without coefficients that are rounding, weaker by what they could do.

    Parameters
    ----------
    cut : Cut
        The cut.
    stage : FirstStage
        Its bounds say what a coefficient could do.
    """
    size = float(np.abs(cut.slope).max(initial=0.0))
    tiny = (cut.slope != 0.0) & (np.abs(cut.slope) < _TINY * max(1.0, size))
    if not tiny.any():
        return cut.slope, cut.constant
    lower, upper = stage.lower[tiny], stage.upper[tiny]
    most = np.maximum(cut.slope[tiny] * lower, cut.slope[tiny] * upper)
    if not np.isfinite(most).all():
        return cut.slope, cut.constant
    return np.where(tiny, 0.0, cut.slope), cut.constant + float(most.sum())


def hope_of(cuts: Sequence[GroupCut], groups: int, points: Floats) -> Floats:
    """Return what cuts allow the groups together to be worth at most at each point.

    Parameters
    ----------
    cuts : sequence of GroupCut
        What is known.
    groups : int
        Number of groups.
    points : ndarray, shape (points, n)
        First stages.

    Returns
    -------
    ndarray, shape (points,)
        Minus infinity for one that a cut forbids, infinity where a group has no cut yet.
    """
    worth = np.full((len(points), groups), np.inf)
    if not cuts:
        return np.asarray(worth.sum(axis=1), dtype=np.float64)
    group = np.array([each.group for each in cuts])
    slopes = np.array([each.cut.slope for each in cuts])
    height = points @ slopes.T + np.array([each.cut.constant for each in cuts])
    order = np.argsort(group, kind="stable")
    order = order[group[order] >= 0]
    if len(order):
        known, starts = np.unique(group[order], return_index=True)
        worth[:, known] = np.minimum.reduceat(height[:, order], starts, axis=1)
    total = worth.sum(axis=1)
    if (group == EVERY_GROUP).any():
        total = np.minimum(total, height[:, group == EVERY_GROUP].min(axis=1))
    forbidden = (height[:, group == FIRST_STAGE] < -_BROKEN).any(axis=1)
    return np.asarray(np.where(forbidden, -np.inf, total), dtype=np.float64)
