"""When things fall: periods of unequal length, calendars, leads, discounting.

Decisions take effect at the start of a period, flows fall at its end; one instant ``now``
before the first period takes what a decision of the first period pays at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Protocol

__all__ = ["NOW", "Clock", "Part", "PlanPeriod", "months_between"]

NOW = "now"


class PlanPeriod(Protocol):
    """What the clock needs to know of a period."""

    @property
    def id(self) -> str:
        """Its label."""

    @property
    def start(self) -> date:
        """Its first day."""

    @property
    def months(self) -> int:
        """Its length."""

    @property
    def fiscal_year(self) -> str:
        """The fiscal year it belongs to."""

    @property
    def index(self) -> int:
        """Its place among the plan periods."""

    @property
    def decisions(self) -> bool:
        """Whether decisions may take effect at its start."""

    @property
    def model_change(self) -> bool:
        """Whether models and platforms may change at its start."""

    @property
    def over(self) -> bool:
        """Whether it is over: it runs as it stood, in every plan."""


@dataclass(frozen=True)
class Part:
    """A share of an event's amount, and the time label it falls in (None: beyond the horizon)."""

    time: str | None
    share: Fraction


def months_between(start: date, end: date) -> int:
    """Return whole months from one first-of-month to another (days are ignored)."""
    return (end.year - start.year) * 12 + end.month - start.month


@dataclass(frozen=True)
class Clock:
    """The time conventions of one case, exact.

    Parameters
    ----------
    periods : sequence of PlanPeriod
        Plan periods in order, without holes.
    calendars : mapping of str to sequence of (int, Fraction)
        Payment calendars: months after the event, share.
    """

    periods: Sequence[PlanPeriod]
    calendars: Mapping[str, Sequence[tuple[int, Fraction]]]

    @cached_property
    def origins(self) -> tuple[int, ...]:
        """Months from the start of the first period to the start of each, and to the horizon."""
        edges = [0]
        for period in self.periods:
            edges.append(edges[-1] + period.months)
        return tuple(edges)

    @property
    def horizon(self) -> int:
        """Months from the start of the first period to the end of the last."""
        return self.origins[-1]

    @property
    def last(self) -> PlanPeriod:
        """The last period."""
        return self.periods[-1]

    def years(self, index: int) -> Fraction:
        """Return the length of a period in years."""
        return Fraction(self.periods[index].months, 12)

    def at(self, index: int) -> str:
        """Return the time label of what is paid at once by a decision of a period."""
        return NOW if index == 0 else self.periods[index].id

    def instant(self, index: int) -> int:
        """Return the month at which something done "at once" in a period stands in the books."""
        return 0 if index == 0 else self.origins[index + 1]

    def after(self, index: int, months: int) -> int | None:
        """Return the first period that ends at or after its start plus months; None: beyond."""
        return self.ending_from(self.origins[index] + months)

    def ending_from(self, month: int) -> int | None:
        """Return the first period that ends at or after a month; None beyond the horizon."""
        for position, end in enumerate(self.origins[1:]):
            if end >= month:
                return position
        return None

    def ready(self, index: int, months: int) -> int:
        """Return the first period that starts at or after a start plus months; T if none."""
        wanted = self.origins[index] + months
        for position, start in enumerate(self.origins[:-1]):
            if start >= wanted:
                return position
        return len(self.periods)

    def containing(self, month: int) -> int | None:
        """Return the period that contains a month counted from the first start; None outside."""
        if month < 0:
            return None
        for position in range(len(self.periods)):
            if self.origins[position] <= month < self.origins[position + 1]:
                return position
        return None

    def month_of(self, day: date) -> int:
        """Return the month of a day, counted from the start of the first period."""
        return months_between(self.periods[0].start, day)

    def is_open(
        self,
        index: int,
        earliest: date | None = None,
        latest: date | None = None,
        *,
        model_change: bool = False,
    ) -> bool:
        """Return whether a decision may take effect at the start of a period."""
        period = self.periods[index]
        if not period.decisions or (model_change and not period.model_change):
            return False
        if earliest is not None and period.start < earliest:
            return False
        return latest is None or period.start <= latest

    @cached_property
    def over(self) -> tuple[bool, ...]:
        """Whether each period is over, so that not even what needs no window is decided in it."""
        return tuple(period.over for period in self.periods)

    def open_periods(
        self,
        earliest: date | None = None,
        latest: date | None = None,
        *,
        model_change: bool = False,
    ) -> tuple[int, ...]:
        """Return the periods in which a decision may take effect."""
        return tuple(
            index
            for index in range(len(self.periods))
            if self.is_open(index, earliest, latest, model_change=model_change)
        )

    def parts(self, index: int, calendar: str | None) -> tuple[Part, ...]:
        """Return where the parts of an event of a period fall, by a calendar's id.

        An empty calendar id means all at once; the calendar ``none`` has no parts. An event at
        the horizon (index T) has every part beyond it.
        """
        if calendar == "none":
            return ()
        steps = self.calendars[calendar] if calendar else ((0, Fraction(1)),)
        return tuple(Part(self._fall(index, months), share) for months, share in steps)

    def delayed(self, index: int, months: int) -> tuple[Part, ...]:
        """Return the single part of what falls some months after the start of a period."""
        return (Part(self._fall(index, months), Fraction(1)),)

    def _fall(self, index: int, months: int) -> str | None:
        if index >= len(self.periods):
            return None
        if months == 0:
            return self.at(index)
        position = self.after(index, months)
        return None if position is None else self.periods[position].id

    def straight_line(self, start: int, months: int) -> tuple[Part, ...]:
        """Return equal monthly parts from the start of a period (index ``start``) on."""
        if start >= len(self.periods) or months <= 0:
            return ()
        return tuple(
            Part(self.periods[position].id, Fraction(overlap, months))
            for position in range(start, len(self.periods))
            if (overlap := self.overlap(position, self.origins[start], months))
        )

    def overlap(self, index: int, month: int, months: int) -> int:
        """Return the months that a period shares with a span that starts at a month."""
        begin = max(self.origins[index], month)
        end = min(self.origins[index + 1], month + months)
        return max(0, end - begin)

    def discount(self, rate: Fraction, time: str) -> Fraction:
        """Return the discount factor of a time label: simple interest inside each period."""
        return 1 / self.growth(rate, time)

    def growth(self, rate: Fraction, time: str) -> Fraction:
        """Return the growth factor up to a time label."""
        factor = Fraction(1)
        if time == NOW:
            return factor
        for index, period in enumerate(self.periods):
            factor *= 1 + rate * self.years(index)
            if period.id == time:
                return factor
        raise KeyError(time)

    def growth_at(self, rate: Fraction, month: int) -> Fraction:
        """Return the growth factor at a month, which may lie beyond the horizon.

        Inside a period interest is simple; beyond the horizon full years compound and the rest
        of a year is simple.
        """
        factor = Fraction(1)
        for index in range(len(self.periods)):
            begin, end = self.origins[index], self.origins[index + 1]
            if month <= begin:
                return factor
            factor *= 1 + rate * Fraction(min(month, end) - begin, 12)
        years, rest = divmod(max(0, month - self.horizon), 12)
        return factor * (1 + rate) ** years * (1 + rate * Fraction(rest, 12))

    def discount_at(self, rate: Fraction, month: int) -> Fraction:
        """Return the discount factor at a month, which may lie beyond the horizon."""
        return 1 / self.growth_at(rate, month)

    def payment_months(self, month: int, months: int) -> tuple[tuple[int, int], ...]:
        """Return (month it is paid, months it pays for) of a rate that runs for a span.

        Inside the horizon payments fall at the ends of periods; beyond it at the ends of years
        counted from the horizon, the last one at the end of the span.
        """
        payments = [
            (self.origins[index + 1], overlap)
            for index in range(len(self.periods))
            if (overlap := self.overlap(index, month, months))
        ]
        end = month + months
        position = max(self.horizon, month)
        while position < end:
            step = min(12, end - position)
            payments.append((position + step, step))
            position += step
        return tuple(payments)
