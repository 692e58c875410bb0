"""The cash path: what comes in, what goes out, and how far it stays above its floor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from replant.report.data import Cash, CashFlow, CashPoint
from replant.report.figures import Figures
from replant.report.limits import covenants_of

__all__ = ["cash_of"]

_CLASSES = ("operating", "investing", "interest", "lease", "financing")


def cash_of(figures: Figures) -> Cash:
    """Return the cash path of a plan."""
    return Cash(
        points=tuple(_point(figures, time) for time in figures.times),
        flows=tuple(_flows(figures)),
        covenants=covenants_of(figures),
        lines_note=_lines_note(figures),
    )


def _lines_note(figures: Figures) -> str:
    """Say from when credit lines count and which of them end: headroom jumps there."""
    rows = [row for row in figures.rows("facilities") if row.kind == "revolver"]
    periods = figures.case.periods
    starts = [each for each in periods if any(_open(row, each.start) for row in rows)]
    if not starts:
        return ""
    total = figures.wording.amount(sum(float(row.limit) for row in rows))
    ends: dict[date, float] = {}
    for row in rows:
        if row.latest is not None and row.latest < periods[-1].last_day:
            ends[row.latest] = ends.get(row.latest, 0.0) + float(row.limit)
    told = [
        f"{figures.wording.amount(amount)} of them end in {day:%B %Y}"
        for day, amount in sorted(ends.items())
    ]
    at_once = starts[0] is periods[0]
    if at_once and not told:
        return ""
    begin = "from the start" if at_once else f"from {starts[0].id} on, not before"
    return "; ".join([f"Credit lines of {total} count {begin}", *told])


def _open(row: Any, day: date) -> bool:
    return bool(
        (row.earliest is None or row.earliest <= day) and (row.latest is None or day <= row.latest)
    )


def _point(figures: Figures, time: str) -> CashPoint:
    floor = {row.period: row for row in figures.rows("liquidity")}.get(time)
    least = 0.0 if floor is None else float(floor.minimum_cash + floor.trough + floor.trapped)
    cash = _balance(figures, time)
    return CashPoint(time, cash, least, _undrawn(figures, time, cash - least))


def _undrawn(figures: Figures, time: str, margin: float) -> float:
    """Return the credit that is not drawn: what headroom has more than cash."""
    room = figures.at("headroom", time) - margin if figures.has("headroom") else 0.0
    return room if room > 1e-6 else 0.0


def _balance(figures: Figures, time: str) -> float:
    if figures.has("cash"):
        return figures.at("cash", time)
    passed = figures.times[: figures.times.index(time) + 1]
    return figures.at("opening", "cash") + sum(figures.at("ledger", "cash", t) for t in passed)


def _flows(figures: Figures) -> Iterator[CashFlow]:
    before = figures.at("opening", "cash")
    due = _due(figures)
    for time in figures.times:
        part = {name: figures.at("cash_flow", name, time) for name in _CLASSES}
        closing = before + sum(part.values())
        going_on = figures.at("recurring", time)
        yield CashFlow(
            time=time,
            opening=before,
            closing=closing,
            one_time=part["operating"] + part["investing"] - going_on,
            debt_due=due.get(time, 0.0),
            net_cash=figures.at("net_cash", time),
            **part,
        )
        before = closing


def _due(figures: Figures) -> dict[str, float]:
    """Return the debt of today that falls due in each period."""
    found: dict[str, float] = {}
    for row in figures.rows("debts"):
        for period in figures.case.periods:
            if period.start <= row.due < period.end:
                found[period.id] = found.get(period.id, 0.0) + float(row.principal)
    return found
