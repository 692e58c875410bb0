"""What in the tables of sourcing cannot be true together, and what is more likely a lost row."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import cast

from replant.case import Case, Finding
from replant.case.findings import finding
from replant.case.kinds import text_of
from replant.decisions.sourcing.tables import Capacity, Demand, Line, Price

__all__ = ["cost_above_prices", "demand_with_holes", "more_shifts_than_most"]

_FEW = 12


def more_shifts_than_most(case: Case) -> Iterator[Finding]:
    """Find plants that work more shifts today than they can."""
    table = case.tables.get("capacities")
    for number, row in () if table is None else table.numbered():
        plant = cast(Capacity, row)
        if plant.shifts_now > plant.shifts_max:
            assert table is not None
            yield finding(
                "shifts-crossed",
                table.sheet.file,
                f"{plant.plant} works at most as many shifts as it can, {plant.shifts_max}",
                "lower shifts_now or raise shifts_max",
                row=number,
                column="shifts_now",
                value=str(plant.shifts_now),
            )


def demand_with_holes(case: Case) -> Iterator[Finding]:
    """Yield a warning for each model and market whose demand stops and begins again.

    Demand may begin late, with a model, or end early. What is missing in between, or missing for
    every model, is more likely a row that was lost.
    """
    table = case.tables.get("demand")
    if table is None:
        return
    order = [each.id for each in case.periods if not each.over]
    series: dict[tuple[str, str], dict[str, int]] = {}
    for number, row in table.numbered():
        demand = cast(Demand, row)
        if demand.period in order:
            series.setdefault((demand.model, demand.market), {})[demand.period] = number
    nobody = _without(order, {period for each in series.values() for period in each})
    if series and nobody:
        yield _warning(table.sheet.file, "nothing is sold in a period without any demand", nobody)
    for (model, market), given in series.items():
        places = [order.index(period) for period in given]
        between = order[min(places) : max(places)]
        missing = [each for each in _without(between, given) if each not in nobody]
        if missing:
            before = [given[each] for each in order[: order.index(missing[0])] if each in given]
            rule = f"{model} in {market} has demand before and after, and none is sold in between"
            yield _warning(table.sheet.file, rule, missing, row=before[-1])


def cost_above_prices(case: Case) -> Iterator[Finding]:
    """Yield a warning for each line that loses money on every car, wherever it is sold.

    Prices and costs are at the reference rates of their currencies. A model without a price, as in
    a market that is not consolidated, is held to nothing.
    """
    table = case.tables.get("lines")
    highest: dict[str, Price] = {}
    for price in case.rows(Price):
        if price.model not in highest or price.price > highest[price.model].price:
            highest[price.model] = price
    for number, row in () if table is None else table.numbered():
        line = cast(Line, row)
        cost, best = line.unit_cost + line.unit_cost_home, highest.get(line.model)
        if best is None or cost <= best.price:
            continue
        assert table is not None
        yield finding(
            "cost-above-price",
            table.sheet.file,
            f"a {line.model} costs more to make than it brings in any market, at most "
            f"{text_of(best.price)} in {best.market}",
            "check both, and their units",
            row=number,
            column="unit_cost" if line.unit_cost >= line.unit_cost_home else "unit_cost_home",
            value=text_of(cost),
        )


def _without(periods: Sequence[str], given: Container[str]) -> list[str]:
    return [each for each in periods if each not in given]


def _warning(file: str, rule: str, missing: Sequence[str], row: int | None = None) -> Finding:
    listed = ", ".join(missing[:_FEW]) + (", …" if len(missing) > _FEW else "")
    fix = f"add a row for {listed}, with volume 0 where nobody wants it"
    return finding("demand-hole", file, rule, fix, row=row, column="period", value=listed)
