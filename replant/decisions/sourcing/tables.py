"""The tables of sourcing: what plants and lines can do, what markets want, what the way costs."""

from __future__ import annotations

from typing import Annotated, ClassVar

from replant.case import (
    Date,
    Flag,
    Id,
    Money,
    Months,
    OptionalDate,
    OptionalVolume,
    People,
    Row,
    Share,
    Text,
    UnitValue,
    Volume,
    Whole,
    meaning,
    refers_to,
)

__all__ = [
    "TABLES",
    "Ageing",
    "Capacity",
    "Demand",
    "Duty",
    "Lane",
    "Line",
    "Market",
    "PastShipment",
    "Price",
    "Substitution",
]


class Capacity(Row):
    """What one plant can make, shift by shift; a plant without a row is bound by its lines only."""

    table: ClassVar[str] = "capacities"
    key: ClassVar[tuple[str, ...]] = ("plant",)

    plant: Annotated[str, refers_to("plants")]
    shift_capacity: Volume = meaning("What one full shift makes in a year", ge=0)
    shifts_now: Whole = meaning("Shifts worked before the plan", ge=0, le=3, structural=True)
    shifts_max: Whole = meaning("Most shifts it can work", ge=1, le=3, structural=True)
    second_shift_efficiency: Share = meaning(
        "Output of the second shift as a share of the first's", default="1", ge=0
    )
    third_shift_efficiency: Share = meaning(
        "Output of the third shift as a share of the first's", default="1", ge=0
    )
    overtime_share: Share = meaning(
        "Most overtime, as a share of what its shifts make", default="0", ge=0
    )
    overtime_cost: UnitValue = meaning(
        "What one car made in overtime costs besides its unit cost", default="0", ge=0
    )
    add_shift_cost: Money = meaning("One-off cost of each shift added", default="0", ge=0)
    slowest_pace: Share = meaning(
        "Slowest pace at which a shift can work with a crew smaller by as much (1: none slower)",
        default="1",
        gt=0,
        le=1,
    )
    crew_per_shift: People = meaning("Production people that one shift needs", default="0", ge=0)


class Line(Row):
    """One model made at one plant, or bought from a partner's plant under a deal."""

    table: ClassVar[str] = "lines"

    id: Id
    model: Annotated[str, refers_to("models")]
    plant: Annotated[str, refers_to("plants")]
    deal: Annotated[str | None, refers_to("supply_deals")] = meaning(
        "Supply deal under which alone it runs; empty for none", default=None
    )
    tooled: Flag = meaning("Whether it can run today; if not, it must be launched first")
    capacity: Volume = meaning("Most it can make in a year", ge=0)
    unit_cost: UnitValue = meaning(
        "Variable cost of one car that moves with the plant's currency", default="0", ge=0
    )
    unit_cost_home: UnitValue = meaning(
        "Variable cost of one car in home currency", default="0", ge=0
    )
    work_content: Share = meaning(
        "Work in one car, relative to the car in which the plant's capacity counts",
        default="1",
        ge=0,
    )
    fixed_cost: Money = meaning("Cost a year while it runs", default="0", ge=0)
    tooling_cost: Money = meaning("Investment to tool it", default="0", ge=0)
    tooling_life_months: Months = meaning(
        "Months over which tooling is depreciated", default="84", ge=1
    )
    launch_cost: Money = meaning("One-off cost of its launch", default="0", ge=0)
    launch_lead_months: Months = meaning(
        "Months from the decision to the first car", default="0", ge=0
    )
    launch_loss: Share = meaning(
        "Share of one shift's yearly output that its plant loses in the launch period",
        default="0",
        ge=0,
    )
    ramp_months: Months = meaning("Months of ramp-up after the first car", default="0", ge=0)
    ramp_share: Share = meaning(
        "Share of its capacity that it reaches in ramp-up", default="1", ge=0, le=1
    )
    earliest: OptionalDate = meaning("First day on which its launch may be decided", default=None)
    latest: OptionalDate = meaning("Last day on which its launch may be decided", default=None)


class Market(Row):
    """Where cars are sold."""

    table: ClassVar[str] = "markets"

    id: Id
    name: Text = meaning("Name in words", default="")
    region: Annotated[str | None, refers_to("regions")] = meaning(
        "Region under which reports gather it", default=None
    )
    country: Annotated[str | None, refers_to("countries")] = meaning(
        "Country, where it is one", default=None
    )
    currency: Annotated[str | None, refers_to("currencies")] = meaning(
        "Currency of its prices; empty for the home currency", default=None
    )
    consolidated: Flag = meaning(
        "Whether its sales are the firm's own; if not, cars count but no money is booked",
        default="yes",
    )
    must_serve: Flag = meaning("Whether all demand there must be met", default="no")


class Price(Row):
    """What one model brings in one market."""

    table: ClassVar[str] = "prices"
    key: ClassVar[tuple[str, ...]] = ("model", "market")

    model: Annotated[str, refers_to("models")]
    market: Annotated[str, refers_to("markets")]
    price: UnitValue = meaning("Price of one car, net of discounts", ge=0)
    selling_cost: UnitValue = meaning(
        "What selling one car costs: dealers, incentives, warranty", default="0", ge=0
    )


class Demand(Row):
    """What one market wants of one model in one period."""

    table: ClassVar[str] = "demand"
    key: ClassVar[tuple[str, ...]] = ("model", "market", "period")

    model: Annotated[str, refers_to("models")]
    market: Annotated[str, refers_to("markets")]
    period: Annotated[str, refers_to("periods")]
    volume: Volume = meaning(
        "Cars wanted in that period if the model is fresh and all its siblings are offered", ge=0
    )


class Ageing(Row):
    """How much of a model's attraction is left in one period if it is not renewed."""

    table: ClassVar[str] = "ageing"
    key: ClassVar[tuple[str, ...]] = ("model", "period")

    model: Annotated[str, refers_to("models")]
    period: Annotated[str, refers_to("periods")]
    share: Share = meaning("Share of its attraction left", ge=0, le=1)


class Substitution(Row):
    """How the firm's models of one segment take sales from each other in one market."""

    table: ClassVar[str] = "substitutions"
    key: ClassVar[tuple[str, ...]] = ("market", "segment")

    market: Annotated[str, refers_to("markets")]
    segment: Id
    outside: Share = meaning(
        "Attraction of all that others offer, over that of all the segment's own models", ge=0
    )


class Lane(Row):
    """The way from one plant to one market; without a row nothing goes that way."""

    table: ClassVar[str] = "lanes"
    key: ClassVar[tuple[str, ...]] = ("plant", "market")

    plant: Annotated[str, refers_to("plants")]
    market: Annotated[str, refers_to("markets")]
    freight: UnitValue = meaning("Freight and insurance of one car, in home currency", ge=0)
    customs_share: Share = meaning("Customs value as a share of the net price", default="1", ge=0)
    customs_moves: Flag = meaning(
        "Whether the customs value moves with the market's currency, as the price does",
        default="yes",
    )
    capacity: OptionalVolume = meaning(
        "Most that can go this way in a year; empty for no limit", default=None, ge=0
    )


class PastShipment(Row):
    """What one line shipped to one market in a period that is over; without a row, nothing."""

    table: ClassVar[str] = "past_shipments"
    key: ClassVar[tuple[str, ...]] = ("line", "market", "period")

    line: Annotated[str, refers_to("lines")]
    market: Annotated[str, refers_to("markets")]
    period: Annotated[str, refers_to("periods")] = meaning("A period marked as over")
    volume: Volume = meaning("Cars shipped in that period", ge=0)


class Duty(Row):
    """A rate of customs duty and the day from which it holds."""

    table: ClassVar[str] = "duties"
    key: ClassVar[tuple[str, ...]] = ("origin", "market", "from")

    origin: Annotated[str, refers_to("countries")]
    market: Annotated[str, refers_to("markets")]
    since: Date = meaning("First day on which the rate holds", column="from")
    rate: Share = meaning("Duty as a share of the customs value", ge=0)


TABLES: tuple[type[Row], ...] = (
    Capacity,
    Line,
    Market,
    Price,
    Demand,
    Ageing,
    Substitution,
    Lane,
    Duty,
    PastShipment,
)
