"""The cash path beside its floor, with every plan's name at its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from replant.report.charts.drawing import Drawing, drawn
from replant.report.charts.fan import FEW, fan, fan_values
from replant.report.charts.palette import light
from replant.report.charts.room import Line, rise
from replant.report.data import PlanView, Report, Time
from replant.report.distance import AT_FLOOR
from replant.report.words import plain

__all__ = ["cash_chart"]

_LONGEST = 13
_LETTER = 6.2  # pixels, of a bold letter on average
_SHORT = {"do_nothing": "Do nothing", "announced": "Announced", "best": "Best plan"}


def short_name(plan: PlanView) -> str:
    """Return a plan's name as it stands at a line; a star where a note explains it."""
    return _SHORT.get(plan.kind, plan.name) + ("*" if plan.note else "")


def cash_chart(report: Report, width: int, height: int) -> Drawing:
    """Draw cash at the end of each period for all plans, and the floor of the best one."""
    inner = width - (74 if width > 500 else 62) - 50
    frame = _frame(report)
    bottom, top = _span(frame["cash"].tolist(), report)
    ticks = _ticks(report.times, width)
    axis = alt.Axis(
        values=[_date(day) for day in ticks.values()],
        labelExpr=_named(ticks),
        grid=False,
        title=None,
    )
    x = alt.X("day:T", axis=axis, scale=alt.Scale(nice=False))
    y = alt.Y(
        "cash:Q",
        scale=alt.Scale(domain=[bottom, top], nice=False, zero=False),
        axis=alt.Axis(title=None, tickCount=5, format=",.0f"),
    )
    layers = [
        _zero(bottom, top),
        _lines(frame[frame["kind"] == "floor"], x, y, "floor", 1.6, dash=[5, 3]),
        _lines(frame[frame["kind"] == "lines"], x, y, "accent", 1.4, dash=[2, 2]),
        *fan(report, x, y),
        *(
            _lines(frame[frame["plan"] == plan.id], x, y, _colour(plan), _thickness(plan))
            for plan in report.plans
        ),
        *_trough(report, x, y, _Plot(report, bottom, top, inner, height)),
        *_lines_named(report, x, y),
        _names(report, bottom, top, height),
    ]
    chart = alt.layer(*[layer for layer in layers if layer is not None])
    return drawn(chart.properties(width=inner, height=height))


def _date(day: str) -> Any:
    return alt.DateTime(year=int(day[:4]), month=int(day[5:7]), date=int(day[8:10]))


def _named(ticks: Mapping[str, str]) -> str:
    """Return what names each tick: the fiscal year that ends on its day, as the tables have it."""
    choices = "".join(
        f"timeFormat(datum.value, '%Y-%m-%d') == '{day}' ? '{_shorter(name)}' : "
        for name, day in ticks.items()
    )
    return f"{choices}''"


def _shorter(name: str) -> str:
    """Return a fiscal year's name without its century, where it has one: FY28 for FY2028."""
    return re.sub(r"\d\d(\d\d)$", r"\1", name)


def _colour(plan: PlanView) -> str:
    return {"do_nothing": "faint", "announced": "other"}.get(plan.kind, "accent")


def _thickness(plan: PlanView) -> float:
    return 1.8 if plan.kind in ("do_nothing", "announced") else 3.2


def _frame(report: Report) -> pd.DataFrame:
    return pd.DataFrame(list(_points(report)), columns=["plan", "kind", "day", "time", "cash"])


def _points(report: Report) -> Iterator[tuple[str, str, str, str, float]]:
    for plan in report.plans:
        for point, time in zip(plan.cash.points, report.times, strict=True):
            yield plan.id, plan.kind, time.last_day, time.id, point.cash
    for point, time in zip(report.best.cash.points, report.times, strict=True):
        yield "floor", "floor", time.last_day, time.id, point.floor
        if report.best.cash.has_lines:
            yield "lines", "lines", time.last_day, time.id, point.cash + point.undrawn


def _span(values: Sequence[float], report: Report) -> tuple[float, float]:
    """Return the range to show: doing nothing may fall out of it, so that the rest is readable."""
    points = report.best.cash.points
    own = [each for p in points for each in (p.cash, p.floor, p.cash + p.undrawn)]
    own += fan_values(report)
    values = [*values, *fan_values(report)]
    low, high = min(values), max(values)
    reach = max(max(own) - min(0.0, min(own)), 1e-9)
    low, high = max(low, min(own) - 1.2 * reach), min(high, max(own) + 0.6 * reach)
    pad = 0.06 * (high - low or 1.0)
    return min(low - pad, 0.0 if low > 0 else low - pad), high + 2 * pad


def _zero(bottom: float, top: float) -> Any:
    if not bottom < 0 < top:
        return None
    frame = pd.DataFrame({"cash": [0.0]})
    return alt.Chart(frame).mark_rule(color=light("soft"), strokeWidth=1).encode(y="cash:Q")


def _lines(
    frame: pd.DataFrame,
    x: Any,
    y: Any,
    colour: str,
    thickness: float,
    dash: list[int] | None = None,
) -> Any:
    mark = alt.Chart(frame).mark_line(
        color=light(colour),
        strokeWidth=thickness,
        strokeDash=dash or [1, 0],
        strokeJoin="round",
        clip=True,
    )
    return mark.encode(x=x, y=y)


class _Plot:
    """Where points of time and money lie between the axes, in pixels."""

    def __init__(
        self, report: Report, bottom: float, top: float, width: float, height: float
    ) -> None:
        self._first = date.fromisoformat(report.times[0].last_day)
        self._days = (date.fromisoformat(report.times[-1].last_day) - self._first).days or 1
        self._bottom, self._top, self._width, self._height = bottom, top, width, height

    def across(self, day: str) -> float:
        """Return how far from the left a day lies."""
        return (date.fromisoformat(day) - self._first).days / self._days * self._width

    def down(self, cash: float) -> float:
        """Return how far from the top an amount lies."""
        return (self._top - cash) / (self._top - self._bottom) * self._height

    def lines(self, report: Report) -> Iterator[Line]:
        """Yield every plan's cash, and the best one's with its undrawn credit."""
        across = [self.across(time.last_day) for time in report.times]
        paths = [[point.cash for point in plan.cash.points] for plan in report.plans]
        paths.append([point.cash + point.undrawn for point in report.best.cash.points])
        for path in paths:
            yield list(zip(across, map(self.down, path), strict=True))


def _trough(report: Report, x: Any, y: Any, plot: _Plot) -> Iterator[Any]:
    """Mark where the best plan comes closest to its floor, and say how close."""
    lowest = report.best.tightest.point
    day = next(time.last_day for time in report.times if time.id == lowest.time)
    side = "above" if lowest.headroom >= 0 else "below"
    said = f"{plain(abs(lowest.headroom))} {side} the floor"
    if abs(lowest.headroom) < AT_FLOOR:
        said = "no headroom left"
    frame = pd.DataFrame(
        {
            "day": [day],
            "cash": [lowest.cash + lowest.undrawn],
            "floor": [lowest.floor],
            "text": [said],
        }
    )
    base = alt.Chart(frame)
    yield base.mark_rule(color=light("floor"), strokeWidth=2).encode(x=x, y=y, y2="floor:Q")
    yield base.mark_point(
        filled=True,
        size=90,
        color=light("accent"),
        stroke=light("page"),
        strokeWidth=1.5,
        opacity=1,
    ).encode(x=x, y=y)
    late = day > report.times[2 * len(report.times) // 3].last_day
    near, far = plot.across(day), 8 + _LETTER * len(said)
    left, right = (near - far, near - 8) if late else (near + 8, near + far)
    yield base.mark_text(
        align="right" if late else "left",
        dx=-8 if late else 8,
        dy=rise(left, right, plot.down(lowest.floor), plot.lines(report)),
        fontWeight="bold",
        color=light("floor"),
    ).encode(x=x, y=alt.Y("floor:Q"), text="text:N")


def _lines_named(report: Report, x: Any, y: Any) -> Iterator[Any]:
    """Name the line of cash with undrawn credit at its highest point, where it stands alone."""
    if not report.best.cash.has_lines:
        return
    sums = [point.cash + point.undrawn for point in report.best.cash.points]
    place = sums.index(max(sums))
    frame = pd.DataFrame(
        {
            "day": [report.times[place].last_day],
            "cash": [sums[place]],
            "text": ["with undrawn credit lines"],
        }
    )
    late = place > len(sums) / 2
    yield (
        alt.Chart(frame)
        .mark_text(
            align="right" if late else "left", dx=-8 if late else 8, dy=-4, color=light("accent")
        )
        .encode(x=x, y=y, text="text:N")
    )


def _names(report: Report, bottom: float, top: float, height: int) -> Any:
    """Put each line's name at its end, moved apart where they would touch."""
    ends = [
        (min(max(plan.cash.points[-1].cash, bottom), top), short_name(plan), _colour(plan))
        for plan in report.plans
    ]
    last = report.best.cash.points[-1]
    ends.append((last.floor, "Floor", "floor"))
    if len(report.best.leaves) <= FEW:
        for leaf in report.best.leaves:
            ends.append((leaf.cash.points[-1].cash, _shortened(leaf.name), "accent"))
    ends.sort()
    places = _apart([end[0] for end in ends], 15 * (top - bottom) / height, top)
    day = report.times[-1].last_day
    layers = [
        alt.Chart(pd.DataFrame({"day": [day], "cash": [place], "text": [name]}))
        .mark_text(align="left", dx=7, fontWeight="bold", color=light(colour))
        .encode(x="day:T", y="cash:Q", text="text:N")
        for place, (_, name, colour) in zip(places, ends, strict=True)
    ]
    return alt.layer(*layers)


def _shortened(name: str) -> str:
    """Return a name that fits beside the chart."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"


def _apart(places: Sequence[float], least: float, top: float) -> list[float]:
    """Move rising places apart until none is nearer to its neighbour than allowed."""
    found: list[float] = []
    for place in places:
        found.append(max(place, found[-1] + least) if found else place)
    over = max(0.0, found[-1] - top)
    return [place - over for place in found]


def _ticks(times: Sequence[Time], width: int) -> dict[str, str]:
    """Return the last day of each fiscal year, where its cash stands; fewer in a narrow chart."""
    days = {time.fiscal_year: time.last_day for time in times[1:]}
    step = max(1, round(len(days) * 46 / max(width - 120, 1)))
    return dict(list(days.items())[::-step][::-1])
