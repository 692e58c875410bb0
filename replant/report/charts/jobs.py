"""Jobs by site: what becomes of today's jobs, and the new ones beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import altair as alt
import pandas as pd

from replant.report.charts.drawing import Drawing, drawn
from replant.report.charts.palette import light
from replant.report.data import SiteJobs
from replant.report.words import people

__all__ = ["FATES", "jobs_chart"]

FATES: tuple[tuple[str, str, str], ...] = (
    ("kept", "stay", "operate"),
    ("moved_out", "move to another site", "host_only"),
    ("taken_over", "go with what is sold or shared", "operate_and_host"),
    ("attrition", "retire or resign", "mothballed"),
    ("voluntary", "leave with an offer", "wind_down"),
    ("dismissed", "are dismissed", "closed"),
)
"""What becomes of a job of today: attribute, words, colour."""


def jobs_chart(sites: Sequence[SiteJobs], width: int) -> Drawing:
    """Draw today's jobs of each site by what becomes of them."""
    frame = pd.DataFrame(list(_parts(sites)), columns=["site", "low", "high", "text", "colour"])
    wide = width > 500
    order = [site.name for site in sites]
    y = alt.Y(
        "site:N",
        sort=order,
        title=None,
        axis=alt.Axis(
            labelLimit=230 if wide else 120, labelColor=light("ink"), labelFontSize=13, grid=False
        ),
    )
    joining = _joining(sites)
    most = max(frame["high"].max(), *(joining["high"] + 0.16 * frame["high"].max()), 1.0)
    scale = alt.Scale(domain=[0, most], nice=False)
    axis = alt.Axis(title=None, format=",.0f", tickCount=5 if wide else 3)
    bars = (
        alt.Chart(frame)
        .mark_bar(height=16, stroke=light("page"), strokeWidth=1)
        .encode(
            y=y,
            x=alt.X("low:Q", scale=scale, axis=axis),
            x2="high:Q",
            color=alt.Color("colour:N", scale=None, legend=None),
        )
    )
    room = width - (240 if wide else 140)
    enough = most * 34 / room
    said = frame[frame["high"] - frame["low"] > enough].copy()
    said["middle"] = (said["low"] + said["high"]) / 2
    said["ink"] = [_ink(colour) for colour in said["colour"]]
    texts = (
        alt.Chart(said)
        .mark_text(fontSize=11.5, fontWeight="bold")
        .encode(
            y=y,
            x=alt.X("middle:Q", scale=scale),
            text="text:N",
            color=alt.Color("ink:N", scale=None, legend=None),
        )
    )
    newcomers = (
        alt.Chart(joining)
        .mark_text(align="left", dx=5, color=light("soft"))
        .encode(y=y, x=alt.X("high:Q", scale=scale), text="text:N")
    )
    return drawn(alt.layer(bars, texts, newcomers).properties(width=room, height=25 * len(order)))


def _ink(colour: str) -> str:
    dark = (light("closed"), light("operate_and_host"))
    return "#fefefe" if colour in dark else "#111416"


def _joining(sites: Sequence[SiteJobs]) -> pd.DataFrame:
    """Say behind a site's bar how many join it."""
    rows = [
        (site.name, site.opening, f"+{people(site.hired + site.moved_in)} join")
        for site in sites
        if site.hired + site.moved_in >= 0.5
    ]
    return pd.DataFrame(rows, columns=["site", "high", "text"]).astype({"high": float})


def _parts(sites: Sequence[SiteJobs]) -> Iterator[tuple[str, float, float, str, str]]:
    for site in sites:
        at = 0.0
        for attribute, _, colour in FATES:
            amount = max(0.0, getattr(site, attribute))
            if amount >= 0.5:
                yield site.name, at, at + amount, people(amount), light(colour)
                at += amount
