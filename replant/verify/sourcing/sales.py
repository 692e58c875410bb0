"""Sales: no more of a model than is wanted of it, and all of it where a market must be served."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

from replant.verify.cells import yes
from replant.verify.sourcing.world import World

__all__ = ["check_demand"]

ZERO = Fraction(0)
ONE = Fraction(1)


def check_demand(world: World) -> None:
    """Check that each market buys no more than is wanted, and gets what it must."""
    groups: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for model, market, _ in (*world.demand.wanted, *world.told.books.elements("sales")):
        groups[market, world.demand.segment_of(model)].add(model)
    for (market, segment), models in sorted(groups.items()):
        for period in world.told.periods:
            _check_segment(world, market, segment, sorted(models), period)


def _check_segment(world: World, market: str, name: str, models: list[str], period: Any) -> None:
    books = world.told.books
    segment = world.demand.segment(market, name, period)
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
    world: World,
    model: str,
    market: str,
    period: Any,
    sold: Fraction,
    left: Fraction,
    limit: Fraction,
) -> None:
    where = f"{model},{market},{period.id}"
    world.told.books.at_most(
        "demand",
        sold,
        limit,
        f"More of {model} is sold in {market} in {period.id} than is wanted.",
        where=where,
    )
    if yes(world.markets[market].must_serve):
        world.told.books.at_most(
            "demand",
            left,
            sold,
            f"{market} must be served, but lacks {model} in {period.id}.",
            where=where,
        )


def _left(world: World, model: str, market: str, period: Any) -> Fraction:
    """Return what is left of a model's demand by age and offer, in k."""
    books = world.told.books
    wanted = world.demand.wanted.get((model, market, period.id), ZERO)
    wanted *= books.total("offered", model, period.id, default=ONE)
    if books.total("renewed", model, period.id) >= 1:
        return wanted
    return wanted * world.demand.left_by_age(model, period)
