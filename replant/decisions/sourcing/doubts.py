"""What in the tables of sourcing cannot be true together, and what is more likely a lost row."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import cast

from replant.case import Case, Finding
from replant.case.findings import finding
from replant.decisions.sourcing.tables import Capacity, Demand

__all__ = ["demand_with_holes", "more_shifts_than_most"]

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


def _without(periods: Sequence[str], given: Container[str]) -> list[str]:
    return [each for each in periods if each not in given]


def _warning(file: str, rule: str, missing: Sequence[str], row: int | None = None) -> Finding:
    listed = ", ".join(missing[:_FEW]) + (", …" if len(missing) > _FEW else "")
    fix = f"add a row for {listed}, with volume 0 where nobody wants it"
    return finding("demand-hole", file, rule, fix, row=row, column="period", value=listed)
