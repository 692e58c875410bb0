"""Tables that are sound one by one and cannot be true together: no plan is to be made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from replant.case import Case, Finding
from replant.case.findings import finding
from replant.case.kinds import text_of
from replant.case.table import Table
from replant.decisions.sourcing.tables import Capacity
from replant.rules.liquidity import CashFloor
from replant.rules.opening import FinanceOpening, Opening

__all__ = ["contradictions"]

_FEW = 12


@dataclass(frozen=True)
class _Chart:
    """A table of opening balances, and the account that takes up a difference."""

    table: str
    own_funds: str


_CHARTS = (_Chart("opening", "equity"), _Chart("finance_opening", "finance_equity"))
_TABLES = frozenset({*(chart.table for chart in _CHARTS), "capacities"})


def contradictions(case: Case) -> list[Finding]:
    """Return what in a readable case cannot be true together, as errors.

    Where scenarios change one of these tables, each of them is held to the same.

    Parameters
    ----------
    case : Case
        A case whose tables are clean.
    """
    changed = {row.scenario for row in case.rows("scenario_changes")
               if row.changed_table in _TABLES} if case.leaves else set()  # fmt: skip
    seen = [case, *(case.in_scenario(name) for name in sorted(changed))]
    return list(dict.fromkeys(found for each in seen for found in _of_one(each)))


def _of_one(case: Case) -> Iterator[Finding]:
    for chart in _CHARTS:
        yield from _unbalanced(case, chart)
    yield from _more_shifts_than_most(case)
    yield from _periods_without_floor(case)


def _unbalanced(case: Case, chart: _Chart) -> Iterator[Finding]:
    """Find an opening balance that does not balance; decimals are exact, so it must be to 0."""
    table = case.tables.get(chart.table)
    rows = {} if table is None else _balances(table)
    left = sum(row.amount for _, row in rows.values())
    if table is None or left == 0:
        return
    number, own = rows.get(chart.own_funds, (None, None))
    wanted = text_of(-left if own is None else own.amount - left)
    fix = f"mend the account that is wrong; if it is only rounding, {chart.own_funds} is {wanted}"
    yield finding(
        "opening-unbalanced",
        table.sheet.file,
        "assets are positive, liabilities and equity negative, and together they are 0, not "
        f"{text_of(left)}",
        fix,
        row=number,
        column="amount",
        value="" if own is None else text_of(own.amount),
    )


def _balances(table: Table) -> dict[str, tuple[int, Opening | FinanceOpening]]:
    found = ((number, cast(Opening | FinanceOpening, row)) for number, row in table.numbered())
    return {row.account: (number, row) for number, row in found}


def _more_shifts_than_most(case: Case) -> Iterator[Finding]:
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


def _periods_without_floor(case: Case) -> Iterator[Finding]:
    """Find periods that lack a floor where others have one: cash would not be bounded there."""
    floors = {cast(CashFloor, row).period for row in case.rows("liquidity")}
    missing = [each.id for each in case.periods if not each.over and each.id not in floors]
    if not floors or not missing:
        return
    listed = ", ".join(missing[:_FEW]) + (", …" if len(missing) > _FEW else "")
    yield finding(
        "floor-hole",
        case.tables["liquidity"].sheet.file,
        "a floor that is given for some periods of the plan is given for all, as cash is not "
        "bounded in the others",
        f"add a row for {listed}",
        column="period",
        value=listed,
    )
