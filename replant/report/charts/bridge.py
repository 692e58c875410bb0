"""The bridge between two plans: floating bars from nothing gained to all that is gained."""

from __future__ import annotations

from typing import Any, Literal

import altair as alt
import pandas as pd

from replant.report.charts.drawing import Drawing, drawn
from replant.report.charts.palette import light
from replant.report.data import Bridge
from replant.report.words import signed

__all__ = ["bridge_chart"]


def bridge_chart(bridge: Bridge, width: int) -> Drawing:
    """Draw a bridge, top to bottom, the steps in the order of a profit and loss account."""
    frame = _frame(bridge)
    order = frame["name"].tolist()
    wide = width > 500
    y = alt.Y(
        "name:N",
        sort=order,
        title=None,
        axis=alt.Axis(
            labelLimit=300 if wide else 172,
            labelColor=light("ink"),
            labelFontSize=13 if wide else 11.5,
            grid=False,
        ),
    )
    low, high = frame["low"].min(), frame["high"].max()
    spare = (high - low) * (0.1 if wide else 0.22)
    scale = alt.Scale(domain=[low - spare, high + spare], nice=False)
    axis = alt.Axis(title=None, format="+,.0f", tickCount=5 if wide else 3)
    bars = (
        alt.Chart(frame)
        .mark_bar(height=15)
        .encode(
            y=y,
            x=alt.X("start:Q", scale=scale, axis=axis),
            x2="stop:Q",
            color=alt.Color("colour:N", scale=None, legend=None),
        )
    )
    zero = (
        alt.Chart(pd.DataFrame({"start": [0.0]}))
        .mark_rule(color=light("soft"))
        .encode(x=alt.X("start:Q", scale=scale))
    )
    chart = alt.layer(bars, *_labels(frame, y, scale), zero)
    return drawn(chart.properties(width=width - (260 if wide else 186), height=23 * len(frame)))


def _frame(bridge: Bridge) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    at = 0.0
    for step in bridge.steps:
        colour = light("gain" if step.amount >= 0 else "loss")
        rows.append((step.name, at, at + step.amount, signed(step.amount), colour))
        at += step.amount
    rows.append(("All together", 0.0, at, signed(at), light("ink")))
    frame = pd.DataFrame(rows, columns=["name", "start", "stop", "text", "colour"])
    frame["low"] = frame[["start", "stop"]].min(axis=1)
    frame["high"] = frame[["start", "stop"]].max(axis=1)
    return frame


def _labels(frame: pd.DataFrame, y: Any, scale: Any) -> list[Any]:
    """Write each amount behind its bar: gains to the right, losses to the left."""
    layers = []
    sides: tuple[tuple[bool, Literal["left", "right"], int], ...] = (
        (True, "left", 5),
        (False, "right", -5),
    )
    for rising, align, offset in sides:
        part = frame[(frame["stop"] >= frame["start"]) == rising]
        if len(part):
            layers.append(
                alt.Chart(part)
                .mark_text(align=align, dx=offset, color=light("ink"))
                .encode(y=y, x=alt.X("stop:Q", scale=scale), text="text:N")
            )
    return layers
