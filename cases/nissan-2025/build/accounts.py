"""The accounts of a closed year from the tables and its flows: a third, small computation.

It repeats, for a year in which every plant simply operates, what the product computes, so that
the levels can be calibrated without it. Only what a closed year needs is here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from balance import Flow
from common import Record, Tables, by_id, number
from reported import LIFE_MONTHS

OPERATING = (
    "revenue", "variable_cost", "freight", "duty", "labour", "plant_cost", "platform_cost",
    "overhead", "rd", "depreciation",
)  # fmt: skip
Accounts = dict[str, float]


def evaluate(tables: Tables, year: str, flows: Mapping[Flow, float]) -> Accounts:
    """Return each account's balance (cost positive, income negative) and the totals.

    Parameters
    ----------
    tables : dict
        The tables of the case.
    year : str
        A closed year, which is one period of twelve months.
    flows : mapping of Flow to float
        Cars by model, plant and market.
    """
    sums: Accounts = defaultdict(float)
    rate = _rates(tables, year)
    _cars(sums, tables, year, flows, rate)
    _standing(sums, tables, rate)
    _items(sums, tables, year)
    _finance(sums, tables, year)
    _debt(sums, tables, year)
    sums["operating_profit"] = -sum(sums[account] for account in OPERATING)
    cash_profit = sums["operating_profit"] + sums["depreciation_base"]
    sums["free_cash_flow"] = (
        cash_profit
        - sums["capex"]
        - sums["other_result"]
        - sums["restructuring"]
        - sums["tax"]
        - sums["interest"]
        - sums["equity_income"]
        + sums["finance_dividend"]
    )
    sums["net_cash_change"] = sums["free_cash_flow"] - sums["equity"]
    sums["group_revenue"] = -sums["revenue"] + sums["finance_revenue"]
    sums["group_operating_profit"] = sums["operating_profit"] + sums["finance_profit"]
    return dict(sums)


def _rates(tables: Tables, year: str) -> dict[str, float]:
    """Return each currency's rate over its reference."""
    reference = {row["id"]: number(row["reference_rate"]) for row in tables["currencies"]}
    rates = {
        row["currency"]: number(row["rate"]) / reference[row["currency"]]
        for row in tables["exchange_rates"]
        if row["period"] == year
    }
    return rates | {"": 1.0}


def _cars(
    sums: Accounts, tables: Tables, year: str, flows: Mapping[Flow, float], rate: dict[str, float]
) -> None:
    plants, markets = by_id(tables["plants"]), by_id(tables["markets"])
    prices = {(row["model"], row["market"]): row for row in tables["prices"]}
    lanes = {(row["plant"], row["market"]): row for row in tables["lanes"]}
    lines = {(row["model"], row["plant"]): row for row in tables["lines"]}
    for flow, volume in flows.items():
        market, plant = markets[flow.market], plants[flow.plant]
        lane, line = lanes[flow.plant, flow.market], lines[flow.model, flow.plant]
        if market["consolidated"] != "yes":
            continue
        price = prices[flow.model, flow.market]
        abroad = rate[market["currency"]]
        customs = abroad if lane["customs_moves"] == "yes" else 1.0
        net = number(price["price"])
        sums["revenue"] -= volume * net * abroad
        sums["variable_cost"] += volume * (
            number(price["selling_cost"]) * abroad
            + number(line["unit_cost"]) * rate[plant["currency"]]
            + number(line["unit_cost_home"])
        )
        sums["freight"] += volume * number(lane["freight"])
        duty = duty_rate(tables, plant["country"], flow.market, year)
        sums["duty"] += volume * duty * number(lane["customs_share"]) * net * customs
        contribution = f"contribution_{flow.market}"
        sums[contribution] += volume * (
            net * abroad
            - number(price["selling_cost"]) * abroad
            - number(line["unit_cost"]) * rate[plant["currency"]]
            - number(line["unit_cost_home"])
            - number(lane["freight"])
            - duty * number(lane["customs_share"]) * net * customs
        )


def duty_rate(tables: Tables, origin: str, market: str, year: str) -> float:
    """Return the day-weighted duty of a closed fiscal year."""
    first = date(int(year[2:]), 4, 1)
    days = (date(first.year + 1, 4, 1) - first).days
    steps = sorted(
        (row["from"], number(row["rate"]))
        for row in tables["duties"]
        if (row["origin"], row["market"]) == (origin, market)
    )
    total = 0.0
    for offset in range(days):
        today = (first + timedelta(days=offset)).isoformat()
        in_force = [value for start, value in steps if start <= today]
        total += in_force[-1] if in_force else 0.0
    return total / days


def _standing(sums: Accounts, tables: Tables, rate: dict[str, float]) -> None:
    for row in tables["plants"]:
        if row["kind"] != "own":
            continue
        abroad = rate[row["currency"]]
        sums["plant_cost"] += number(row["fixed_cost_operating"]) * abroad
        sustaining = number(row["sustaining_capex"]) * abroad
        base = number(row["carrying_amount"]) * 12 / LIFE_MONTHS
        sums["depreciation"] += sustaining + base
        sums["depreciation_base"] += sustaining + base
        sums["capex"] += sustaining
    for row in tables["people"]:
        account = "rd" if row["function"] == "rd" else "labour"
        pay = int(row["count"]) * number(row["pay"]) / 1000 * rate[row["currency"]]
        sums[account] += pay
    for name in ("platforms", "models"):
        sums["platform_cost"] += sum(number(row["fixed_cost"]) for row in tables[name])
    for row in tables["properties"]:
        sums["overhead"] += number(row["keep_cost"])
    for row in tables["stakes"]:
        if row["kind"] == "sell":
            sums["equity_income"] -= number(row["income"])


def _items(sums: Accounts, tables: Tables, year: str) -> None:
    for row in tables["other_items"]:
        if row["period"] != year:
            continue
        amount = number(row["amount"])
        account = "capex" if row["account"] == "ppe" else row["account"]
        sums[account] += amount
        if row["account"] == "depreciation":
            sums["depreciation_base"] += amount


def _finance(sums: Accounts, tables: Tables, year: str) -> None:
    for row in tables["finance_arm"]:
        if row["period"] == year:
            sums["finance_revenue"] += number(row["revenue"])
            sums["finance_profit"] += number(row["revenue"]) - number(row["cost"])
            sums["finance_dividend"] += number(row["dividend"])


def _debt(sums: Accounts, tables: Tables, year: str) -> None:
    """Charge a year's interest on the debts that are there at its end."""
    end = f"{int(year[2:]) + 1}-04-01"
    for row in tables["debts"]:
        if row["due"] >= end:
            sums["interest"] += number(row["principal"]) * number(row["rate"])
    for row in tables["facilities"]:
        if row["kind"] == "revolver" and row["earliest"] < end:
            sums["interest"] += 0.0


def summary(flows: Mapping[Flow, float], kind: str) -> dict[str, float]:
    """Return cars by plant, market or model."""
    sums: dict[str, float] = defaultdict(float)
    for flow, volume in flows.items():
        sums[getattr(flow, kind)] += volume
    return dict(sums)


def record(accounts: Accounts, names: tuple[str, ...]) -> Record:
    """Return some accounts as texts."""
    return {name: f"{accounts.get(name, 0.0):.1f}" for name in names}
