"""Money besides cars: the finance arm, the least cash, and the named items."""

from __future__ import annotations

from common import BASE, Record, Table, Tables, by_id, given, number, plain
from reported import CAPEX, DEPRECIATION, LENT_TO_FINANCE, LIFE_MONTHS, RESEARCH
from times import years


def finance_arm(times: Table) -> Table:
    """Return revenue, cost and dividend of the finance arm in each period."""
    years_known = {row["year"]: row for row in given("finance_arm")}
    rows = []
    for period in times:
        row, share = years_known[period["fiscal_year"]], years(period)
        revenue, profit = number(row["revenue"]), number(row["profit"])
        rows.append(
            {
                "period": period["id"],
                "revenue": plain(revenue * share, 3),
                "cost": plain((revenue - profit) * share, 3),
                "dividend": plain(number(row["dividend"]) * share, 3),
            }
        )
    return rows


def liquidity(times: Table) -> Table:
    """Return the least cash: higher in years, whose own trough is not seen."""
    rows = [_floor("now", "0")]
    for period in times:
        trough = "150" if period["months"] == "12" else "0"
        rows.append(_floor(period["id"], trough))
    return rows


def _floor(period: str, trough: str) -> Record:
    trapped = plain(LENT_TO_FINANCE, 0)
    return {"period": period, "minimum_cash": "700", "trough": trough, "trapped": trapped}


def other_items(tables: Tables) -> Table:
    """Return the named items, without the rows that the calibration still has to find."""
    found = _derived(tables)
    rows = []
    for row in given("other_items"):
        for period in tables["periods"]:
            year = min(period["fiscal_year"], "FY2028")
            cell = row[year]
            amount = found.get(cell, 0.0) if cell.startswith("@") else number(cell)
            if row["id"] == "rd_external" and period["role"] == "predict":
                amount = found["@rd"]
            value = plain(amount * years(period), 3)
            if value != "0":
                rows.append(_item(row, period["id"], value))
    return rows


def _item(row: Record, period: str, amount: str) -> Record:
    return {
        "id": row["id"], "period": period, "name": row["name"], "account": row["account"],
        "amount": amount, "cash": row["cash"], "recurring": row["recurring"],
    }  # fmt: skip


def _derived(tables: Tables) -> dict[str, float]:
    """Return items that are what is left of a reported total."""
    sustaining = sum(number(row["sustaining_capex"]) for row in tables["plants"])
    base = sum(number(row["carrying_amount"]) for row in tables["plants"]) * 12 / LIFE_MONTHS
    researchers = sum(
        int(row["count"]) * number(row["pay"]) / 1000
        for row in tables["people"]
        if row["function"] == "rd"
    )
    engineering = sum(number(row["fixed_cost"]) for row in tables["platforms"])
    other = number(by_id(given("other_items"))["capex_other"][BASE])
    return {
        "@capex": CAPEX - sustaining - other,
        "@dep": DEPRECIATION - sustaining - base,
        "@dep23": DEPRECIATION - sustaining - base,
        "@rd": RESEARCH - researchers - engineering,
    }
