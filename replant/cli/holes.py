"""Demand that is given for some periods of the plan and not for others: there is none there."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import cast

from replant.case import Case, Finding
from replant.case.findings import finding
from replant.decisions.sourcing.tables import Demand

__all__ = ["demand_with_holes"]

_FEW = 12


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
