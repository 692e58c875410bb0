"""What could be made where and shipped to whom: the case's tables as exact numbers, no columns.

Everything over time is a tuple with one quantity for each plan period.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from typing import Any, TypeAlias

from replant.case import Case
from replant.decisions.sourcing.tables import (
    Ageing,
    Capacity,
    Demand,
    Duty,
    Lane,
    Line,
    Market,
    Price,
    Substitution,
)
from replant.module import Builder
from replant.units import SHARE, VOLUME, Quantity, zero

__all__ = ["Network", "Pair", "Path", "Segment"]

Path: TypeAlias = tuple[Quantity, ...]
Offer: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class Pair:
    """One line that can serve one market over one lane."""

    line: Line
    market: Market
    lane: Lane

    @property
    def label(self) -> str:
        """The label of its shipments, before the period."""
        return f"{self.line.id},{self.market.id}"

    @property
    def offer(self) -> Offer:
        """The model and the market in which it sells."""
        return self.line.model, self.market.id


@dataclass(frozen=True)
class Segment:
    """Models that take sales from each other in one market.

    Parameters
    ----------
    market, name : str
        The market and the segment.
    models : tuple of str
        Its models that the market wants, in the order of the models' table.
    outside : tuple of Quantity
        v0, the volume that stands for what others offer, by period.
    total : tuple of Quantity
        D, all that could be sold with what others sell, by period.
    """

    market: str
    name: str
    models: tuple[str, ...]
    outside: Path
    total: Path


class Network:
    """The exact numbers of sourcing in one scenario.

    Parameters
    ----------
    case : Case
        The case as the scenario sees it.
    to : Builder
        Gives the clock and the exchange rates.
    """

    def __init__(self, case: Case, to: Builder) -> None:
        self.case = case
        self.clock = to.clock
        self.count = to.count
        self.lines = case.rows(Line)
        self.markets = {row.id: row for row in case.rows(Market)}
        self.capacities = {row.plant: row for row in case.rows(Capacity)}
        # the plants' own module is not imported: rows are read by their columns
        self.plants: dict[str, Any] = {row.id: row for row in case.rows("plants")}
        self._to = to
        self._exchange: dict[tuple[str | None, int], Quantity] = {}
        self._duties: dict[tuple[str, str], Path] = {}

    # -- time and money ----------------------------------------------------------------------

    @cached_property
    def years(self) -> tuple[Fraction, ...]:
        """μ: the length of each period in years."""
        return tuple(self.clock.years(index) for index in range(self.count))

    def over_time(self, yearly: Quantity) -> Path:
        """Return a yearly amount as that of each period."""
        return tuple(yearly * years for years in self.years)

    def exchange(self, currency: str | None, index: int) -> Quantity:
        """Return φ of a currency in a period."""
        key = (currency, index)
        if key not in self._exchange:
            self._exchange[key] = self._to.exchange(currency, index)
        return self._exchange[key]

    def is_own(self, plant: str) -> bool:
        """Whether a plant is the firm's own, so that it has a path of states."""
        return bool(self.plants[plant].kind == "own")

    # -- pairs -------------------------------------------------------------------------------

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Every line and market with a lane between them and demand for the line's model."""
        lanes: dict[str, list[Lane]] = {}
        for lane in self.case.rows(Lane):
            lanes.setdefault(lane.plant, []).append(lane)
        return tuple(
            Pair(line, self.markets[lane.market], lane)
            for line in self.lines
            for lane in lanes.get(line.plant, ())
            if (line.model, lane.market) in self.volumes
        )

    def reach(self, pair: Pair) -> Path:
        """Return the most that a pair can ship in each period: line, market, lane and plant."""
        bounds = [self.over_time(pair.line.quantity("capacity")), self.most[pair.offer]]
        if pair.lane.capacity is not None:
            bounds.append(self.over_time(pair.lane.quantity("capacity")))
        steps = self.steps(pair.line)
        if steps is not None:
            bounds.append(steps[-1])
        return tuple(min(each) for each in zip(*bounds, strict=True))

    def most_made(self, line: Line) -> Path:
        """Return the most that a line makes in each period: its capacity, or all it can ship."""
        capacity = self.over_time(line.quantity("capacity"))
        reaches = [self.reach(pair) for pair in self._pairs_of.get(line.id, ())]
        wanted = [sum(each, start=zero(VOLUME)) for each in zip(*reaches, strict=True)]
        return tuple(min(each) for each in zip(capacity, wanted or capacity, strict=True))

    @cached_property
    def _pairs_of(self) -> dict[str, list[Pair]]:
        found: dict[str, list[Pair]] = {}
        for pair in self.pairs:
            found.setdefault(pair.line.id, []).append(pair)
        return found

    def steps(self, line: Line) -> tuple[Path, ...] | None:
        """Return what a line makes if its plant works one, two … shifts for it alone.

        Overtime is included; None where the plant is no bound.
        """
        row = self.capacities.get(line.plant)
        if row is None or not line.work_content:
            return None
        with_overtime = row.quantity("overtime_share") + 1
        yearly = row.quantity("shift_capacity") * with_overtime / line.quantity("work_content")
        return tuple(self.over_time(yearly * shifts) for shifts in shifts_worked(row))

    def parted(self, most: Path, steps: Sequence[Path]) -> tuple[Path, ...]:
        """Return what each further shift adds to what can be made, of a most in each period."""
        reached = [tuple(min(each) for each in zip(most, step, strict=True)) for step in steps]
        before = [(zero(VOLUME),) * self.count, *reached]
        return tuple(
            tuple(now - then for now, then in zip(after, earlier, strict=True))
            for after, earlier in zip(reached, before, strict=False)
        )

    # -- demand ------------------------------------------------------------------------------

    @cached_property
    def volumes(self) -> dict[Offer, Path]:
        """v: what each market wants of each model while it is fresh; 0 where no row says."""
        place = {period.id: index for index, period in enumerate(self.case.periods)}
        found: dict[Offer, list[Quantity]] = {}
        for row in self.case.rows(Demand):
            wanted = found.setdefault((row.model, row.market), [zero(VOLUME)] * self.count)
            wanted[place[row.period]] = row.quantity("volume")
        return {offer: tuple(wanted) for offer, wanted in found.items()}

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The segments with substitution, in the order of their table."""
        return tuple(
            self._segment(row, models)
            for row in self.case.rows(Substitution)
            if (models := self._models_in(row))
        )

    def _models_in(self, row: Substitution) -> tuple[str, ...]:
        return tuple(
            model.id
            for model in self.case.rows("models")
            if model.segment == row.segment and (model.id, row.market) in self.volumes
        )

    def _segment(self, row: Substitution, models: tuple[str, ...]) -> Segment:
        wanted = zip(*(self.volumes[model, row.market] for model in models), strict=True)
        own = [sum(each, start=zero(VOLUME)) for each in wanted]
        outside = tuple(row.quantity("outside") * each for each in own)
        total = tuple(each + other for each, other in zip(own, outside, strict=True))
        return Segment(row.market, row.segment, models, outside, total)

    @cached_property
    def segment_of(self) -> dict[Offer, Segment]:
        """The segment of each model and market that has substitution."""
        return {
            (model, segment.market): segment
            for segment in self.segments
            for model in segment.models
        }

    @cached_property
    def most(self) -> dict[Offer, Path]:
        """What a model sells in a market with every sibling gone, recaptured sales included."""
        return {offer: self._most(offer) for offer in self.volumes}

    def _most(self, offer: Offer) -> Path:
        wanted = self.volumes[offer]
        segment = self.segment_of.get(offer)
        if segment is None:
            return wanted
        return tuple(
            total * volume / (outside + volume) if volume else volume
            for volume, outside, total in zip(wanted, segment.outside, segment.total, strict=True)
        )

    @cached_property
    def left(self) -> dict[str, Path]:
        """Share of attraction left of each ageing model that is not renewed."""
        place = {period.id: index for index, period in enumerate(self.case.periods)}
        found: dict[str, list[Quantity]] = {}
        for row in self.case.rows(Ageing):
            shares = found.setdefault(row.model, [Quantity.of(1)] * self.count)
            shares[place[row.period]] = row.quantity("share")
        return {model: tuple(shares) for model, shares in found.items()}

    # -- price and duty ----------------------------------------------------------------------

    @cached_property
    def prices(self) -> dict[Offer, Price]:
        """The price rows by model and market."""
        return {(row.model, row.market): row for row in self.case.rows(Price)}

    def price(self, offer: Offer) -> Price:
        """Return the price row of a model in a market, or raise UsageError."""
        found = self.prices.get(offer)
        return self.case.row(Price, *offer) if found is None else found

    def duty(self, origin: str, market: str) -> Path:
        """Return the day-weighted rate of duty of each period."""
        key = (origin, market)
        if key not in self._duties:
            rows = self._duty_rows.get(key, ())
            self._duties[key] = tuple(
                average_rate(rows, period.start, period.end) for period in self.case.periods
            )
        return self._duties[key]

    @cached_property
    def _duty_rows(self) -> dict[Offer, list[Duty]]:
        found: dict[Offer, list[Duty]] = {}
        for row in self.case.rows(Duty):
            found.setdefault((row.origin, row.market), []).append(row)
        return found


def efficiency(row: Capacity, number: int) -> Quantity:
    """Return what the first, second or third shift makes as a share of a full shift."""
    columns = {2: "second_shift_efficiency", 3: "third_shift_efficiency"}
    return row.quantity(columns[number]) if number in columns else Quantity.of(1)


def shifts_worked(row: Capacity) -> tuple[Quantity, ...]:
    """Return what one, two … shifts of a plant make together, in full shifts."""
    each = (efficiency(row, number) for number in range(1, row.shifts_max + 1))
    return tuple(accumulate(each))


def average_rate(rows: Sequence[Duty], start: date, end: date) -> Quantity:
    """Return the rate between two days, each day with the same weight; 0 before the first row."""
    ordered = sorted(rows, key=lambda row: row.since)
    ends = [*(row.since for row in ordered[1:]), date.max]
    total = zero(SHARE)
    for row, until in zip(ordered, ends, strict=False):
        days = (min(until, end) - max(row.since, start)).days
        if days > 0:
            total += row.quantity("rate") * Fraction(days, (end - start).days)
    return total
