"""Shipments: what they move, earn and cost, what lanes carry, and that what is made is sold."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from replant.verify.cells import number, text, yes
from replant.verify.sourcing.world import Shipment, World

__all__ = ["check_lanes", "check_units", "post_margin", "post_volume"]

ZERO = Fraction(0)


def post_volume(world: World, shipment: Shipment) -> None:
    """Post what a shipment moves, as everybody counts it: by model, line, plant, deal."""
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


def post_margin(world: World, shipment: Shipment) -> None:
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
    duty = world.duties.rate(world.plants[text(line.plant)].country, market, period) * customs
    books.entry("cash", "revenue", price * abroad * volume, period.id, recurring=True)
    for account, cost in (
        ("variable_cost", selling + made),
        ("freight", number(lane.freight)),
        ("duty", duty),
    ):
        books.entry(account, "cash", cost * volume, period.id, recurring=True)


def check_lanes(world: World) -> None:
    """Check that no lane carries more than it can."""
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
            world.told.books.at_most(
                "lanes",
                volume,
                most,
                f"The lane from {plant} to {market} carries more in {period.id} than it can.",
                where=f"{plant},{market},{period.id}",
            )


def check_units(world: World) -> None:
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
