"""Time: periods of unequal length, leads, windows, calendars, discounting, exchange rates.

Everything is counted in months from the start of period 0, so that it is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol, TypeAlias

from replant.verify.cells import as_date, number, text, yes

__all__ = ["NOW", "Clock", "Period", "Slice", "Spread", "as_date", "number", "text", "yes"]

NOW = "now"
"""The instant before period 0, where what is paid at once is booked."""

ONE = Fraction(1)
ZERO = Fraction(0)
YEAR = Fraction(12)


class Period(Protocol):
    """What is read of a period: ``id``, ``start``, ``months``, ``fiscal_year``, ``index``."""

    @property
    def id(self) -> str:
        """Its label."""

    @property
    def start(self) -> Any:
        """Its first day."""

    @property
    def months(self) -> Any:
        """Its length."""

    @property
    def fiscal_year(self) -> Any:
        """The fiscal year it belongs to."""

    @property
    def index(self) -> int:
        """Its place among the plan periods, from 0."""


Spread: TypeAlias = Callable[[Period], Sequence[tuple[str | None, Fraction]]]
"""Where the parts of an event fall: (time, share); time None is beyond the horizon."""


@dataclass(frozen=True)
class Slice:
    """A stretch of months whose flow falls at one date.

    Parameters
    ----------
    time : str or None
        The period in which it falls; None after the horizon.
    months : Fraction
        How many months of the stretch it holds.
    years_after : int
        Whole years of 12 months between the horizon and the start of the slice.
    """

    time: str | None
    months: Fraction
    years_after: int = 0


def _at_once(at: Callable[[Period], str]) -> Spread:
    return lambda event: ((at(event), ONE),)


class Clock:
    """The periods of a case and what can be counted on them.

    Parameters
    ----------
    case : Any
        The case: ``periods``, and the tables ``calendars`` and those of the currencies.
    """

    def __init__(self, case: Any) -> None:
        self._case = case
        self.periods: tuple[Any, ...] = tuple(case.periods)
        self.size = len(self.periods)
        self._by_id = {period.id: period for period in self.periods}
        self._starts = [ZERO]
        for period in self.periods:
            self._starts.append(self._starts[-1] + number(period.months))
        self._growth: dict[tuple[Fraction, str], Fraction] = {}
        self._calendars: dict[str, list[tuple[Fraction, Fraction]]] = {}
        for row in case.rows("calendars") if case.has("calendars") else ():
            part = (number(row.months), number(row.share))
            self._calendars.setdefault(text(row.id), []).append(part)
        self._rates = {
            (text(row.currency), text(row.period)): number(row.rate)
            for row in (case.rows("exchange_rates") if case.has("exchange_rates") else ())
        }
        self.at_once: Spread = _at_once(self.at)
        self.nowhere: Spread = lambda _event: ()

    # ── places in time ──────────────────────────────────────────────────────────────────────

    @property
    def times(self) -> tuple[str, ...]:
        """``now`` and the ids of all periods, in order."""
        return (NOW, *(period.id for period in self.periods))

    @property
    def years(self) -> dict[str, str]:
        """The fiscal year of each time; ``now`` belongs to the first."""
        years = {period.id: text(period.fiscal_year) for period in self.periods}
        return {NOW: next(iter(years.values()), ""), **years}

    @property
    def horizon(self) -> Fraction:
        """Months from the start of period 0 to the end of the last period."""
        return self._starts[-1]

    def period(self, time: str) -> Any | None:
        """Return the period of an id; None if there is none."""
        return self._by_id.get(time)

    def mu(self, period: Period) -> Fraction:
        """Return the length of a period in years."""
        return number(period.months) / YEAR

    def start(self, period: Period) -> Fraction:
        """Return the start of a period, in months from the start of period 0."""
        return self._starts[period.index]

    def end(self, period: Period) -> Fraction:
        """Return the end of a period, in months from the start of period 0."""
        return self._starts[period.index + 1]

    def index(self, time: str) -> int:
        """Return the place of a time: -1 for ``now``, else the period's index."""
        return -1 if time == NOW else int(self._by_id[time].index)

    def instant(self, time: str) -> Fraction:
        """Return the instant of a time in months: start of period 0, or end of the period."""
        return self._starts[self.index(time) + 1]

    def at(self, period: Period) -> str:
        """Return where something paid at once by a decision of a period is booked."""
        return NOW if period.index == 0 else period.id

    def after(self, period: Period, months: Fraction | int) -> str | None:
        """Return the first period that ends no earlier than so many months from the start.

        A part of 0 months falls at once. None: after the horizon.
        """
        if months == 0:
            return self.at(period)
        due = self.start(period) + months
        return next((other.id for other in self.periods if self.end(other) >= due), None)

    def ready(self, period: Period, months: Fraction | int) -> int:
        """Return the index of the first period that starts so many months later, or T."""
        due = self.start(period) + months
        return next((other.index for other in self.periods if self.start(other) >= due), self.size)

    def over(self, period: Any) -> bool:
        """Return whether a period is over, so that it runs as it stood."""
        return yes(getattr(period, "over", None))

    def window_open(
        self, period: Any, earliest: Any = None, latest: Any = None, *, model_change: bool = False
    ) -> bool:
        """Return whether something may be decided in a period."""
        if not yes(getattr(period, "decisions", None), default=True):
            return False
        if model_change and not yes(getattr(period, "model_change", None), default=True):
            return False
        start, first, last = as_date(period.start), as_date(earliest), as_date(latest)
        assert start is not None
        return (first is None or first <= start) and (last is None or start <= last)

    # ── spreads ─────────────────────────────────────────────────────────────────────────────

    def calendar(self, reference: Any) -> Spread:
        """Return the spread of a calendar; an empty reference is all at once."""
        name = text(reference)
        if not name:
            return self.at_once
        if name == "none":
            return self.nowhere
        parts = self._calendars.get(name, [])
        return lambda event: tuple((self.after(event, months), share) for months, share in parts)

    def delayed(self, months: Fraction | int) -> Spread:
        """Return the spread of all that falls so many months after the event."""
        return lambda event: ((self.after(event, months), ONE),)

    def straight_line(self, months: Fraction | int, first: int) -> Spread:
        """Return equal monthly parts from the start of a period; nothing if it is T or later."""
        if first >= self.size or months <= 0:
            return self.nowhere
        begin = self._starts[first]
        parts = tuple(
            (period.id, self.overlap(period, begin, begin + months) / months)
            for period in self.periods
            if self.overlap(period, begin, begin + months) > 0
        )
        return lambda _event: parts

    def overlap(self, period: Period, begin: Fraction, end: Fraction) -> Fraction:
        """Return how many months of a period lie between two instants in months."""
        return max(ZERO, min(self.end(period), end) - max(self.start(period), begin))

    def slices(self, time: str, months: Fraction | int) -> Iterator[Slice]:
        """Yield the stretches of a contract that starts at the instant of a time.

        Inside the horizon one for each period; after it one for each year of 12 months.
        """
        begin = self.instant(time)
        end = begin + months
        for period in self.periods:
            part = self.overlap(period, begin, end)
            if part > 0:
                yield Slice(period.id, part)
        left, year = end - self.horizon, 0
        while left > 0:
            yield Slice(None, min(left, YEAR), year)
            left, year = left - YEAR, year + 1

    # ── rates ───────────────────────────────────────────────────────────────────────────────

    def discount(self, rate: Fraction, time: str) -> Fraction:
        """Return D_rate of a time: 1 at ``now``, else the chain to the period's end."""
        return ONE / self.growth(rate, time)

    def growth(self, rate: Fraction, time: str) -> Fraction:
        """Return G_rate of a time: 1 at ``now``, else the chain to the period's end."""
        if (rate, time) not in self._growth:
            factor = ONE
            for period in self.periods[: self.index(time) + 1]:
                factor *= 1 + rate * self.mu(period)
            self._growth[rate, time] = factor
        return self._growth[rate, time]

    def growth_to(self, rate: Fraction, time: str | None, months_after: Fraction) -> Fraction:
        """Return the chain to a time, or to so many months after the horizon (time None)."""
        if time is not None:
            return self.growth(rate, time)
        whole, rest = divmod(months_after, YEAR)
        last = self.growth(rate, self.periods[-1].id)
        return last * (1 + rate) ** int(whole) * (1 + rate * rest / YEAR)

    def discount_slice(self, rate: Fraction, piece: Slice) -> Fraction:
        """Return D_rate of the date on which the flow of a slice falls."""
        months = piece.years_after * YEAR + piece.months
        return ONE / self.growth_to(rate, piece.time, months)

    def discount_after(self, rate: Fraction, instant: Fraction) -> Fraction:
        """Return D_rate of an instant in months: simple interest inside a period."""
        return ONE / self.growth_after(rate, instant)

    def growth_after(self, rate: Fraction, instant: Fraction) -> Fraction:
        """Return G_rate of an instant in months: simple interest inside a period."""
        factor = ONE
        for period in self.periods:
            months = self.overlap(period, ZERO, instant)
            factor *= 1 + rate * months / YEAR
        if instant <= self.horizon:
            return factor
        return self.growth_to(rate, None, instant - self.horizon)

    # ── money in other currencies ───────────────────────────────────────────────────────────

    def phi(self, currency: Any, period: Any) -> Fraction:
        """Return what amounts stated at the reference rate move by in a period."""
        name = text(currency)
        home = text(getattr(getattr(self._case, "settings", None), "home_currency", None))
        if name in ("", home) or not self._case.has("currencies"):
            return ONE
        row = self._case.row("currencies", name)
        reference = number(getattr(row, "reference_rate", None), 1)
        return self._rates.get((name, period.id), reference) / reference

    def phi_at(self, currency: Any, time: str) -> Fraction:
        """Return φ at a time; at ``now`` it is that of period 0."""
        return self.phi(currency, self.periods[max(0, self.index(time))])
