"""Fit the two levels to the last closed year, foretell the year before, show every miss.

Free parameters: the price level (to reported revenue) and the cost level (to automotive operating
profit). Both are linear in the accounts, so three evaluations find them. Volumes come from the
balance and are not touched. Cash that no source explains stands as two named rows, found here.
"""

from __future__ import annotations

from dataclasses import dataclass

import reported
import world
from accounts import Accounts, evaluate
from balance import Flow, both_years
from common import BASE, CASE, PREDICT, Table, Tables, given, number, plain, write

REVENUE = 12633.2
OPERATING_PROFIT = -215.9
FREE_CASH_FLOW = -242.8
NET_CASH_CHANGE = 1498.0 - 1546.0
RANGES = {"price": (0.94, 1.06), "cost": (0.93, 1.07)}
GUIDED_FIRST_QUARTER = -550.0
REVERSAL = 0.35


@dataclass(frozen=True)
class Calibrated:
    """What the calibration found."""

    levels: world.Levels
    tables: Tables
    flows: dict[str, dict[Flow, float]]
    base: Accounts
    predicted: Accounts


def fit(flows: dict[str, dict[Flow, float]]) -> world.Levels:
    """Return the levels at which the base year shows reported revenue and profit.

    Raises
    ------
    ValueError
        If a level leaves its range.
    """
    middle = _pair(flows, 1.0, 1.0)
    by_price = _pair(flows, 1.1, 1.0)
    by_cost = _pair(flows, 1.0, 1.1)
    price = 1 + 0.1 * (REVENUE - middle[0]) / (by_price[0] - middle[0])
    profit = middle[1] + (price - 1) / 0.1 * (by_price[1] - middle[1])
    cost = 1 + 0.1 * (OPERATING_PROFIT - profit) / (by_cost[1] - middle[1])
    for name, value in (("price", price), ("cost", cost)):
        low, high = RANGES[name]
        if not low <= value <= high:
            raise ValueError(f"{name} level {value:.4f} is outside {low} to {high}")
    return world.Levels(round(price, 6), round(cost, 6))


def _pair(flows: dict[str, dict[Flow, float]], price: float, cost: float) -> tuple[float, float]:
    tables = world.build(world.Levels(price, cost), flows)
    accounts = evaluate(tables, BASE, flows[BASE])
    return accounts["group_revenue"], accounts["operating_profit"]


def calibrated() -> Calibrated:
    """Return the calibrated tables, with opening balances and the rows no source explains."""
    flows = both_years()
    levels = fit(flows)
    tables = world.build(levels, flows)
    base = evaluate(tables, BASE, flows[BASE])
    _add_unexplained(tables, base)
    base = evaluate(tables, BASE, flows[BASE])
    opening(tables, base)
    _add_first_quarter(tables)
    predicted = evaluate(tables, PREDICT, flows[PREDICT])
    return Calibrated(levels, tables, flows, base, predicted)


def _add_unexplained(tables: Tables, base: Accounts) -> None:
    """Add the two named rows that close the base year's cash."""
    gap = base["free_cash_flow"] - FREE_CASH_FLOW
    _append(tables, "fcf_without_source", BASE, gap)
    change = FREE_CASH_FLOW - base["equity"] - NET_CASH_CHANGE
    _append(tables, "net_cash_without_source", BASE, change)


def _append(tables: Tables, name: str, period: str, amount: float) -> None:
    row = next(row for row in given("other_items") if row["id"] == name)
    tables["other_items"].append(
        {
            "id": name, "period": period, "name": row["name"], "account": row["account"],
            "amount": plain(amount, 3), "cash": row["cash"], "recurring": row["recurring"],
        }
    )  # fmt: skip


def _add_first_quarter(tables: Tables) -> None:
    """Bring the quarter that is over to the guided cash flow; part of it comes back."""
    flow = first_quarter(tables)
    gap = flow - GUIDED_FIRST_QUARTER
    _append(tables, "first_quarter_guided", "FY2025Q1", gap)
    _append(tables, "first_quarter_guided", "FY2025Q4", -REVERSAL * gap)


def first_quarter(tables: Tables) -> float:
    """Return the free cash flow of the first quarter if nothing is decided."""
    from outlook import do_nothing

    return do_nothing(tables, ("FY2025Q1",))[0]["free_cash_flow"]


def opening(tables: Tables, base: Accounts) -> None:
    """Set opening balances so that working capital starts at its own target."""
    drivers = {"revenue": -base["revenue"], "variable_cost": base["variable_cost"]}
    signs = {"receivables": 1, "inventory": 1, "payables": -1}
    amounts = {"cash": reported.LIQUID, "debt": -reported.DEBT}
    for row in tables["working_capital"]:
        days = number(row["days"])
        amounts[row["account"]] = signs[row["account"]] * drivers[row["driver"]] * days / 365
    plants = tables["plants"]
    amounts["ppe"] = sum(
        number(row["carrying_amount"]) + number(row["land_carrying"]) for row in plants
    )
    amounts["property"] = sum(number(row["carrying_amount"]) for row in tables["properties"])
    held = [row for row in tables["stakes"] if row["kind"] == "sell"]
    amounts["investments"] = sum(number(row["carrying_amount"]) for row in held)
    amounts["provisions"] = -450.0
    amounts["minority"] = -430.0
    equity = reported.NET_ASSETS - 430.0 - FINANCE_EQUITY
    amounts["equity"] = -equity
    amounts["other_assets"] = -sum(amounts.values())
    assets = sum(value for value in amounts.values() if value > 0)
    tables["opening"] = [
        {"account": name, "amount": plain(value, 1)} for name, value in sorted(amounts.items())
    ]
    rounding = sum(number(row["amount"]) for row in tables["opening"])
    for row in tables["opening"]:
        if row["account"] == "other_assets":
            row["amount"] = plain(number(row["amount"]) - rounding, 1)
    finance = {"finance_cash": 150.0, "finance_assets": reported.TOTAL_ASSETS - assets - 150.0}
    finance["finance_equity"] = -FINANCE_EQUITY
    finance["finance_debt"] = -sum(finance.values())
    tables["finance_opening"] = [
        {"account": name, "amount": plain(value, 1)} for name, value in sorted(finance.items())
    ]
    gap = sum(number(row["amount"]) for row in tables["finance_opening"])
    for row in tables["finance_opening"]:
        if row["account"] == "finance_debt":
            row["amount"] = plain(number(row["amount"]) - gap, 1)


FINANCE_EQUITY = 1100.0


# ── tie-out ──


def tie_out(found: Calibrated) -> Table:
    """Return each target with what the model gives and the miss."""
    rows = []
    for row in given("tie_out"):
        accounts = found.base if row["fiscal_year"] == BASE else found.predicted
        model = _model(row, found, accounts)
        reported = number(row["reported"])
        miss = model - reported
        near_zero = abs(reported) < 500 and row["unit"] == "money"
        rows.append(
            {name: row[name] for name in TIE_COLUMNS[:-4]}
            | {
                "model": plain(model, 3),
                "miss": plain(miss, 3),
                "miss_percent": "" if reported == 0 else plain(100 * miss / abs(reported), 2),
                "within": _within(row["role"], near_zero, miss, reported),
            }
        )
    return rows


TIE_COLUMNS = (
    "id", "fiscal_year", "role", "quantity", "stream", "labels", "sign", "reported", "unit",
    "claims", "note", "model", "miss", "miss_percent", "within",
)  # fmt: skip


def _within(role: str, near_zero: bool, miss: float, reported: float) -> str:
    if role == "predict":
        return "not fitted"
    bound = 5.0 if near_zero else 0.01 * abs(reported)
    return "yes" if abs(miss) <= bound else "no"


def _model(row: dict[str, str], found: Calibrated, accounts: Accounts) -> float:
    flows = found.flows[row["fiscal_year"]]
    labels = row["labels"].split(";")
    if row["stream"] == "produced":
        return sum(volume for flow, volume in flows.items() if flow.plant in labels)
    if row["stream"] == "sales":
        return sum(volume for flow, volume in flows.items() if flow.market in labels)
    if row["stream"] == "opening":
        balances = {each["account"]: number(each["amount"]) for each in found.tables["opening"]}
        return sum(balances[name] for name in labels)
    return accounts[row["computed_from"]]


def main() -> None:
    """Print the levels and every miss; write nothing."""
    found = calibrated()
    print("levels", found.levels)
    for row in tie_out(found):
        print(
            f"{row['fiscal_year']} {row['id']:<26} {row['reported']:>10} {row['model']:>11} "
            f"{row['miss']:>10} {row['within']}"
        )


def write_tie_out(found: Calibrated) -> None:
    """Write tie_out.csv."""
    write(CASE / "tie_out.csv", TIE_COLUMNS, tie_out(found))


if __name__ == "__main__":
    main()
