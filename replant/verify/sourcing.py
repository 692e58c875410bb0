"""The exact twin of sourcing: who builds what, with how many shifts, for which market.

Money follows from shipments, shifts and launches alone. What binds them, the plants' capacity,
the lines' tooling, the markets' demand and the lanes, is checked row by row without tolerance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from replant.verify.cells import as_date, cell, number, text, yes
from replant.verify.past import check_past
from replant.verify.programme import check_once, choices
from replant.verify.told import Told

__all__ = ["COLUMNS", "NAME", "ORDER", "RECOURSE", "check", "post"]

NAME = "sourcing"
ORDER = 30
SHIFTS = ("shift_1", "shift_2", "shift_3")
COLUMNS = frozenset({*SHIFTS, "slowed", "overtime", "launch", "on", "ship"})
RECOURSE = frozenset({"overtime", "ship"})
ZERO = Fraction(0)
ONE = Fraction(1)

_IDLE = {"wind_down": "is winding down", "host_only": "only hosts a partner"}


# ── what is read of the case and the plan ────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Shipment:
    """What one line sends to one market in one period."""

    line: Any
    market: Any
    period: Any
    volume: Fraction


@dataclass(frozen=True)
class _Segment:
    """The demand of one market's segment in one period, in k."""

    outside: Fraction | None  # None: models do not take from each other
    volume: Fraction

    @property
    def all(self) -> Fraction:
        """Everybody's demand, the outside's too."""
        return (self.outside or ZERO) + self.volume


class _World:
    """The tables of sourcing, found by what they are asked for, with the plan's shipments."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.lines = list(told.rows("lines"))
        self.capacities = list(told.rows("capacities"))
        self.plants = {text(row.id): row for row in told.rows("plants")}
        self.models = {text(row.id): row for row in told.rows("models")}
        self.markets = {text(row.id): row for row in told.rows("markets")}
        self.lanes = {(text(row.plant), text(row.market)): row for row in told.rows("lanes")}
        self.prices = {(text(row.model), text(row.market)): row for row in told.rows("prices")}
        self._phi: dict[tuple[str, str], Fraction] = {}
        self._duty: dict[tuple[str, str, str], Fraction] = {}

    @cached_property
    def launchable_lines(self) -> list[Any]:
        """The lines that are not tooled yet."""
        return [line for line in self.lines if not yes(line.tooled)]

    @cached_property
    def switched_lines(self) -> list[Any]:
        """The lines with a column that says whether they are on."""
        return [line for line in self.lines if not yes(line.tooled) or number(line.fixed_cost) > 0]

    @cached_property
    def shipments(self) -> list[_Shipment]:
        """All shipments on known lanes that are not 0."""
        return [
            _Shipment(line, self.markets[market], period, volume)
            for line in self.lines
            for plant, market in self.lanes
            if plant == text(line.plant)
            for period in self.told.periods
            if (volume := self.told.decision("ship", text(line.id), market, period.id))
        ]

    @cached_property
    def demand(self) -> dict[tuple[str, str, str], Fraction]:
        """Volume by model, market and period."""
        return {
            (text(row.model), text(row.market), text(row.period)): number(row.volume)
            for row in self.told.rows("demand")
        }

    @cached_property
    def ageing(self) -> dict[str, dict[str, Fraction]]:
        """The share of attraction left, by model and period."""
        found: dict[str, dict[str, Fraction]] = {}
        for row in self.told.rows("ageing"):
            found.setdefault(text(row.model), {})[text(row.period)] = number(row.share)
        return found

    @cached_property
    def volumes(self) -> dict[tuple[str, str, str], Fraction]:
        """Volume of all the firm's models by market, segment and period."""
        found: defaultdict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
        for (model, market, period), volume in self.demand.items():
            found[market, text(self.models[model].segment), period] += volume
        return found

    @cached_property
    def outside(self) -> dict[tuple[str, str], Fraction]:
        """Attraction outside ÷ all of the firm's own, by market and segment."""
        return {
            (text(row.market), text(row.segment)): number(row.outside)
            for row in self.told.rows("substitutions")
        }

    def segment(self, market: str, name: str, period: Any) -> _Segment:
        """Return the demand of a market's segment in a period."""
        volume = self.volumes.get((market, name, period.id), ZERO)
        outside = self.outside.get((market, name))
        return _Segment(None if outside is None else outside * volume, volume)

    def own(self, plant: str) -> bool:
        """Return whether a plant is the firm's own, and so has a path."""
        return text(self.plants[plant].kind) != "partner"

    def phi(self, currency: Any, period: Any) -> Fraction:
        """Return φ, looked up once."""
        key = (text(currency), period.id)
        if key not in self._phi:
            self._phi[key] = self.told.clock.phi(currency, period)
        return self._phi[key]

    def plant_phi(self, plant: str, period: Any) -> Fraction:
        """Return φ of a plant's currency."""
        return self.phi(self.plants[plant].currency, period)

    # ── duty ──

    def duty(self, origin: Any, market: Any, period: Any) -> Fraction:
        """Return the rate of duty in a period, weighted by the days for which each rate holds."""
        key = (text(origin), text(market.id), period.id)
        if key not in self._duty:
            self._duty[key] = self._average_duty(*key[:2], period)
        return self._duty[key]

    def _average_duty(self, origin: str, market: str, period: Any) -> Fraction:
        dated = sorted(
            (_day(cell(row, "from")), number(row.rate))
            for row in self.told.rows("duties")
            if text(row.origin) == origin and text(row.market) == market
        )
        if not dated:
            return ZERO
        begin, end = _day(period.start), _day(period.end)
        weighted = ZERO
        for place, (since, rate) in enumerate(dated):
            until = dated[place + 1][0] if place + 1 < len(dated) else date.max
            days = (min(until, end) - max(since, begin)).days
            weighted += rate * max(0, days)
        return weighted / (end - begin).days

    # ── lines ──

    def launches(self, line: Any) -> Iterator[tuple[Any, int, Fraction]]:
        """Yield the launches of a line: period, period ready, value."""
        if not yes(line.tooled):
            for period, value in choices(self.told, "launch", text(line.id)):
                yield period, self.told.clock.ready(period, number(line.launch_lead_months)), value

    def launched(self, line: Any, period: Any) -> Fraction:
        """Return whether a line's launch is complete by a period."""
        return sum(
            (value for _, ready, value in self.launches(line) if ready <= period.index), ZERO
        )

    def ramping(self, line: Any, period: Any) -> Fraction:
        """Return the volume that a line still lacks in a period because it ramps up."""
        lacking = ZERO
        for _, ready, value in self.launches(line):
            if ready <= period.index:
                begun = self.told.clock.start(self.told.periods[ready])
                if self.told.clock.start(period) < begun + number(line.ramp_months):
                    lacking += (1 - number(line.ramp_share, 1)) * value
        return lacking * number(line.capacity) * self.told.clock.mu(period)

    # ── shifts ──

    def shifts(self, plant: str, period: Any) -> Fraction:
        """Return how many shifts a plant runs."""
        return sum((self.told.decision(name, plant, period.id) for name in SHIFTS), ZERO)

    def added(self, row: Any, period: Any) -> Fraction:
        """Return how many shifts a plant adds at the start of a period."""
        plant = text(row.plant)
        before = (
            self.shifts(plant, self.told.periods[period.index - 1])
            if period.index
            else number(row.shifts_now)
        )
        return max(ZERO, self.shifts(plant, period) - before)

    def capacity(self, row: Any, period: Any) -> Fraction:
        """Return a plant's straight-time capacity of a period with the shifts it runs."""
        plant = text(row.plant)
        weights = (
            ONE,
            number(row.second_shift_efficiency, 1),
            number(row.third_shift_efficiency, 1),
        )
        effective = sum(
            (
                weight * self.told.decision(name, plant, period.id)
                for name, weight in zip(SHIFTS, weights, strict=True)
            ),
            ZERO,
        )
        effective -= self.told.decision("slowed", plant, period.id)
        return number(row.shift_capacity) * self.told.clock.mu(period) * effective


def _day(value: Any) -> date:
    day = as_date(value)
    assert day is not None
    return day


# ── what the decisions mean ──────────────────────────────────────────────────────────────────


def post(told: Told) -> None:
    """Post volumes, crews, money and options."""
    world = _World(told)
    for shipment in world.shipments:
        _post_volume(world, shipment)
        if yes(shipment.market.consolidated, default=True):
            _post_margin(world, shipment)
    for row in world.capacities:
        for period in told.periods:
            _post_shifts(world, row, period)
    for line in world.switched_lines:
        _post_fixed_cost(world, line)
    for line in world.launchable_lines:
        total = ZERO
        for period, ready, value in world.launches(line):
            total += value
            _post_launch(world, line, period, ready, value)
        told.books.post("option", f"line.{text(line.id)}.launch", amount=total)


def _post_volume(world: _World, shipment: _Shipment) -> None:
    books, line, period = world.told.books, shipment.line, shipment.period.id
    plant, volume = text(line.plant), shipment.volume
    books.post("sales", text(line.model), text(shipment.market.id), period, amount=volume)
    books.post("made", text(line.id), period, amount=volume)
    market = text(shipment.market.id)
    books.post("shipped", text(line.id), market, period, amount=volume)
    books.post("produced", plant, period, amount=volume)
    books.post("output", text(world.plants[plant].country), period, amount=volume)
    if text(line.deal):
        books.post("taken", text(line.deal), period, amount=volume)


def _post_margin(world: _World, shipment: _Shipment) -> None:
    """Book what a shipment earns and costs, all in cash and for as long as it goes on."""
    line, market, period = shipment.line, shipment.market, shipment.period
    books, volume = world.told.books, shipment.volume
    abroad = world.phi(market.currency, period)
    made = number(line.unit_cost) * world.plant_phi(text(line.plant), period)
    made += number(line.unit_cost_home)
    lane = world.lanes[text(line.plant), text(market.id)]
    terms = world.prices.get((text(line.model), text(market.id)))
    price = ZERO if terms is None else number(terms.price)
    selling = ZERO if terms is None else number(terms.selling_cost) * abroad
    customs = number(lane.customs_share) * price * (abroad if yes(lane.customs_moves) else 1)
    duty = world.duty(world.plants[text(line.plant)].country, market, period) * customs
    books.entry("cash", "revenue", price * abroad * volume, period.id, recurring=True)
    for account, cost in (
        ("variable_cost", selling + made),
        ("freight", number(lane.freight)),
        ("duty", duty),
    ):
        books.entry(account, "cash", cost * volume, period.id, recurring=True)


def _post_shifts(world: _World, row: Any, period: Any) -> None:
    books, plant = world.told.books, text(row.plant)
    slowed = world.told.decision("slowed", plant, period.id)
    crew = number(row.crew_per_shift) * (world.shifts(plant, period) - slowed)
    books.post("crew_needed", plant, period.id, amount=crew)
    overtime = number(row.overtime_cost) * world.told.decision("overtime", plant, period.id)
    books.entry("overtime", "cash", overtime, period.id, recurring=True)
    adding = number(row.add_shift_cost) * world.plant_phi(plant, period) * world.added(row, period)
    books.entry("line_cost", "cash", adding, period.id)


def _post_fixed_cost(world: _World, line: Any) -> None:
    for period in world.told.periods:
        on = world.told.decision("on", text(line.id), period.id)
        years = world.told.clock.mu(period) * world.plant_phi(text(line.plant), period)
        cost = number(line.fixed_cost) * years * on
        world.told.books.entry("line_cost", "cash", cost, period.id, recurring=True)


def _post_launch(world: _World, line: Any, period: Any, ready: int, value: Fraction) -> None:
    clock, books = world.told.clock, world.told.books
    moved = world.plant_phi(text(line.plant), period) * value
    life = number(line.tooling_life_months, 84)
    books.item(
        number(line.tooling_cost) * moved,
        period,
        expense="depreciation",
        balance="ppe",
        recognised=clock.straight_line(life, ready),
        paid=clock.at_once,
        deducted=clock.nowhere,
    )
    books.entry("line_cost", "cash", number(line.launch_cost) * moved, clock.at(period))


# ── what must hold ───────────────────────────────────────────────────────────────────────────


def check(told: Told) -> None:
    """Check shifts, launches, capacity, tooling, demand and lanes."""
    world = _World(told)
    _check_columns(world)
    check_past(told)
    for row in world.capacities:
        for period in told.periods:
            _check_shifts(world, row, period)
            _check_capacity(world, row, period)
    check_once(told, "launch", world.launchable_lines, "I7")
    for line in world.launchable_lines:
        _check_launch(world, line)
    for line in world.lines:
        _check_line(world, line)
    _check_places(world)
    _check_demand(world)
    _check_lanes(world)
    _check_units(world)


def _check_columns(world: _World) -> None:
    told = world.told
    plants = [text(row.plant) for row in world.capacities]
    for name in SHIFTS:
        told.binaries(name, {(plant, each.id) for plant in plants for each in told.periods})
    told.amounts("overtime", {(plant, each.id) for plant in plants for each in told.periods})
    told.binaries(
        "on", {(text(line.id), each.id) for line in world.switched_lines for each in told.periods}
    )
    told.amounts(
        "ship",
        {
            (text(line.id), market, each.id)
            for line in world.lines
            for plant, market in world.lanes
            if plant == text(line.plant)
            for each in told.periods
        },
    )


# ── plants ──


def _check_shifts(world: _World, row: Any, period: Any) -> None:
    told, plant = world.told, text(row.plant)
    where = f"{plant},{period.id}"
    first, second, third = (told.decision(name, plant, period.id) for name in SHIFTS)
    told.books.hold(
        "I7",
        first >= second >= third,
        f"{plant} runs a later shift in {period.id} without the earlier one.",
        where=where,
    )
    count, most = first + second + third, number(row.shifts_max, 3)
    told.books.hold(
        "I7",
        count <= most,
        f"{plant} runs more shifts in {period.id} than it has.",
        amount=count - most,
        where=where,
    )
    if world.own(plant):
        operating = told.books.total("operating", plant, period.id)
        told.books.hold(
            "I5",
            max(first, second, third) <= operating,
            f"{plant} has crews in {period.id}, but it {_idle_state(world, plant, period)}.",
            amount=count,
            where=where,
        )
    slowed = told.decision("slowed", plant, period.id)
    slowest = (1 - number(getattr(row, "slowest_pace", None), 1)) * count
    told.books.hold(
        "I7",
        0 <= slowed <= slowest,
        f"{plant} works slower in {period.id} than its slowest pace.",
        amount=slowed - slowest,
        where=where,
    )
    overtime = told.decision("overtime", plant, period.id)
    allowed = number(row.overtime_share) * world.capacity(row, period)
    told.books.hold(
        "I7",
        overtime <= allowed,
        f"{plant} works more overtime in {period.id} than allowed.",
        amount=overtime - allowed,
        where=where,
    )


def _idle_state(world: _World, plant: str, period: Any) -> str:
    """Return in words why a plant does not build: the state it is in."""
    for labels, value in world.told.books.elements("state").items():
        if value and labels[0] == plant and labels[2] == period.id:
            return _IDLE.get(labels[1], f"is {labels[1]}")
    return "does not operate"


def _check_capacity(world: _World, row: Any, period: Any) -> None:
    told, plant = world.told, text(row.plant)
    own = [line for line in world.lines if text(line.plant) == plant]
    work = told.books.total("capacity_used", plant, period.id)
    lost = ZERO
    for line in own:
        made = told.books.total("made", text(line.id), period.id)
        work += number(line.work_content, 1) * made
        for _, ready, value in world.launches(line):
            if ready == period.index:
                lost += number(line.launch_loss) * number(row.shift_capacity) * value
    capacity = world.capacity(row, period) + told.decision("overtime", plant, period.id) - lost
    told.books.hold(
        "I7",
        work <= capacity,
        f"{plant} builds more in {period.id} than its shifts and overtime can.",
        amount=work - capacity,
        where=f"{plant},{period.id}",
    )


def _check_places(world: _World) -> None:
    """Check that nothing is built where a plant does not operate."""
    for plant in world.plants:
        if not world.own(plant):
            continue
        for period in world.told.periods:
            made = world.told.books.total("produced", plant, period.id)
            operating = world.told.books.total("operating", plant, period.id)
            world.told.books.hold(
                "I5",
                made == 0 or operating > 0,
                f"{plant} builds cars in {period.id}, but it {_idle_state(world, plant, period)}.",
                amount=made,
                where=f"{plant},{period.id}",
            )


# ── lines ──


def _check_launch(world: _World, line: Any) -> None:
    told, plant = world.told, text(line.plant)
    if not world.own(plant):
        return
    for period, ready, value in world.launches(line):
        for index in {period.index, ready} - {told.clock.size}:
            other = told.periods[index]
            allowed = told.books.total("launchable", plant, other.id)
            told.books.hold(
                "I7",
                value <= allowed,
                f"{text(line.id)} is launched in {period.id}, but {plant} "
                f"{_idle_state(world, plant, other)} in {other.id}.",
                amount=value - allowed,
                where=f"{text(line.id)},{period.id}",
            )


def _gates(world: _World, line: Any, period: Any) -> Iterator[tuple[Fraction, str]]:
    """Yield what a line needs to run: each need's value, and the words when it is missing."""
    books, plant, model = world.told.books, text(line.plant), text(line.model)
    if world.own(plant):
        yield books.total("operating", plant, period.id), f"{plant} does not operate"
    yield books.total("offered", model, period.id, default=ONE), f"{model} is no longer offered"
    if text(line.deal):
        deal = text(line.deal)
        yield books.total("dealt", deal, period.id), f"the deal {deal} does not run"
    if not yes(line.tooled):
        yield world.launched(line, period), "it has not been launched"


def _check_line(world: _World, line: Any) -> None:
    name = text(line.id)
    switched = any(line is each for each in world.switched_lines)
    for period in world.told.periods:
        gates = list(_gates(world, line, period))
        if switched:
            on = world.told.decision("on", name, period.id)
            _check_gates(world, line, period, on, gates)
            gates = [(on, f"{name} is switched off")]
        _check_tooling(world, line, period, gates)


def _check_gates(
    world: _World, line: Any, period: Any, on: Fraction, gates: list[tuple[Fraction, str]]
) -> None:
    for allowed, reason in gates:
        world.told.books.hold(
            "I7",
            on <= allowed,
            f"{text(line.id)} is on in {period.id}, but {reason}.",
            amount=on - allowed,
            where=f"{text(line.id)},{period.id}",
        )


def _check_tooling(
    world: _World, line: Any, period: Any, gates: list[tuple[Fraction, str]]
) -> None:
    """Check a line's volumes against its tooling, its ramp, and what it needs to run."""
    name, model = text(line.id), text(line.model)
    tooled = number(line.capacity) * world.told.clock.mu(period)
    ramping = world.ramping(line, period)
    made = world.told.books.total("made", name, period.id)
    for allowed, reason in gates:
        _check_most(world, name, period, made, (tooled - ramping) * allowed, allowed, reason)
    for _, market in (lane for lane in world.lanes if lane[0] == text(line.plant)):
        volume = world.told.decision("ship", name, market, period.id)
        most = min(tooled, _most(world, model, market, period))
        for allowed, reason in gates:
            _check_most(world, name, period, volume, most * allowed, allowed, reason, market)


def _check_most(
    world: _World,
    line: str,
    period: Any,
    volume: Fraction,
    most: Fraction,
    allowed: Fraction,
    reason: str,
    market: str = "",
) -> None:
    to = f" for {market}" if market else ""
    why = f"than {'demand or ' if market else ''}its tooling allows"
    sentence = f"{line} builds more{to} in {period.id} {why}."
    if allowed <= 0:
        sentence = f"{line} builds{to} in {period.id}, but {reason}."
    world.told.books.hold(
        "I7",
        volume <= most,
        sentence,
        amount=volume - most,
        where=",".join(filter(None, (line, market, period.id))),
    )


# ── demand ──


def _most(world: _World, model: str, market: str, period: Any) -> Fraction:
    """Return the most that a model can sell in a market, were all its rivals of the firm gone."""
    wanted = world.demand.get((model, market, period.id), ZERO)
    segment = world.segment(market, text(world.models[model].segment), period)
    if segment.outside is None or not segment.outside + wanted:
        return wanted
    return segment.all * wanted / (segment.outside + wanted)


def _left(world: _World, model: str, market: str, period: Any) -> Fraction:
    """Return what is left of a model's demand by age and offer."""
    books = world.told.books
    wanted = world.demand.get((model, market, period.id), ZERO)
    wanted *= books.total("offered", model, period.id, default=ONE)
    if books.total("renewed", model, period.id) >= 1:
        return wanted
    return wanted * world.ageing.get(model, {}).get(period.id, ONE)


def _check_demand(world: _World) -> None:
    groups: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for model, market, _ in (*world.demand, *world.told.books.elements("sales")):
        groups[market, text(world.models[model].segment)].add(model)
    for (market, segment), models in sorted(groups.items()):
        for period in world.told.periods:
            _check_segment(world, market, segment, sorted(models), period)


def _check_segment(world: _World, market: str, name: str, models: list[str], period: Any) -> None:
    books = world.told.books
    segment = world.segment(market, name, period)
    sales = {model: books.total("sales", model, market, period.id) for model in models}
    outside = segment.all - sum(sales.values(), ZERO)
    if segment.outside is not None:
        books.hold(
            "demand",
            outside >= 0,
            f"More is sold of {name} in {market} in {period.id} than everybody buys there.",
            amount=-outside,
            where=f"{market},{name},{period.id}",
        )
    for model, sold in sales.items():
        left = _left(world, model, market, period)
        if segment.outside is None:
            limit = left
        elif segment.outside > 0:
            limit = left * outside / segment.outside
        else:
            limit = segment.all if left and outside >= 0 else ZERO
        _check_sales(world, model, market, period, sold, left, limit)


def _check_sales(
    world: _World,
    model: str,
    market: str,
    period: Any,
    sold: Fraction,
    left: Fraction,
    limit: Fraction,
) -> None:
    where = f"{model},{market},{period.id}"
    world.told.books.hold(
        "demand",
        sold <= limit,
        f"More of {model} is sold in {market} in {period.id} than is wanted.",
        amount=sold - limit,
        where=where,
    )
    if yes(world.markets[market].must_serve):
        world.told.books.hold(
            "demand",
            sold >= left,
            f"{market} must be served, but lacks {model} in {period.id}.",
            amount=left - sold,
            where=where,
        )


# ── lanes, units ──


def _check_lanes(world: _World) -> None:
    shipped: defaultdict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
    for each in world.shipments:
        lane = (text(each.line.plant), text(each.market.id), each.period.id)
        shipped[lane] += each.volume
    for (plant, market), row in world.lanes.items():
        if row.capacity is None:
            continue
        for period in world.told.periods:
            most = number(row.capacity) * world.told.clock.mu(period)
            volume = shipped[plant, market, period.id]
            world.told.books.hold(
                "lanes",
                volume <= most,
                f"The lane from {plant} to {market} carries more in {period.id} than it can.",
                amount=volume - most,
                where=f"{plant},{market},{period.id}",
            )


def _check_units(world: _World) -> None:
    """Check that every unit made is a unit sold, by model and period."""
    made: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
    sold: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for line in world.lines:
        for period in world.told.periods:
            key = (text(line.model), period.id)
            made[key] += world.told.books.total("made", text(line.id), period.id)
    for (model, _, when), volume in world.told.books.elements("sales").items():
        sold[model, when] += volume
    for model, when in made:
        difference = made[model, when] - sold[model, when]
        world.told.books.hold(
            "I4",
            difference == 0,
            f"{model} made and sold in {when} differ.",
            amount=difference,
            where=f"{model},{when}",
        )
