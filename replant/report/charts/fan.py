"""The scenarios of the cash chart: a thin line for each of a few, a band for many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import altair as alt
import pandas as pd

from replant.report.charts.palette import light
from replant.report.data import LeafView, Report

__all__ = ["FEW", "fan", "fan_values", "percentile"]

FEW = 5
"""So many scenarios, or fewer, have a line of their own."""
_LOW, _MIDDLE, _HIGH = 0.1, 0.5, 0.9


def fan(report: Report, x: Any, y: Any) -> Iterator[Any]:
    """Yield the layers that show cash in the scenarios of the best plan; none without them.

    Parameters
    ----------
    report : Report
        The report.
    x, y : alt.X, alt.Y
        How the chart lays out ``day`` and ``cash``.
    """
    leaves = report.best.leaves
    if not leaves:
        return
    if len(leaves) <= FEW:
        for leaf in leaves:
            yield _line(report, [point.cash for point in leaf.cash.points], x, y)
        return
    low, middle, high = (_path(leaves, share) for share in (_LOW, _MIDDLE, _HIGH))
    frame = pd.DataFrame({"day": _days(report), "cash": low, "high": high})
    yield (
        alt.Chart(frame)
        .mark_area(color=light("accent"), opacity=0.18, clip=True)
        .encode(x=x, y=y, y2="high:Q")
    )
    yield _line(report, middle, x, y)


def fan_values(report: Report) -> list[float]:
    """Return every amount that the fan shows."""
    leaves = report.best.leaves
    if len(leaves) <= FEW:
        return [point.cash for leaf in leaves for point in leaf.cash.points]
    return [*_path(leaves, _LOW), *_path(leaves, _HIGH), report.best.tightest.point.cash]


def percentile(values: Sequence[float], weights: Sequence[float], share: float) -> float:
    """Return the least value that so large a share of the weight does not exceed.

    Parameters
    ----------
    values, weights : sequence of float
        Values with their weights, which sum to 1.
    share : float
        From 0 to 1.
    """
    passed = 0.0
    ordered = sorted(zip(values, weights, strict=True))
    for value, weight in ordered:
        passed += weight
        if passed >= share - 1e-9:
            return value
    return ordered[-1][0]


def _path(leaves: Sequence[LeafView], share: float) -> list[float]:
    weights = [leaf.probability for leaf in leaves]
    paths = [[point.cash for point in leaf.cash.points] for leaf in leaves]
    return [percentile(at, weights, share) for at in zip(*paths, strict=True)]


def _days(report: Report) -> list[str]:
    return [time.last_day for time in report.times]


def _line(report: Report, cash: Sequence[float], x: Any, y: Any) -> Any:
    frame = pd.DataFrame({"day": _days(report), "cash": list(cash)})
    return (
        alt.Chart(frame)
        .mark_line(color=light("accent"), strokeWidth=1.1, strokeJoin="round", clip=True)
        .encode(x=x, y=y)
    )
