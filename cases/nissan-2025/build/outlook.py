"""What doing nothing gives: a simple roll of the plan years, to look at the economics.

Demand is met from the lines that met it in the base year, in the same proportions, scaled down to
capacity where needed. No decision is taken, and no bond is issued, not even one
that is committed. It is a picture for whoever edits the inputs; the product computes the plan
itself.
"""

from __future__ import annotations

from collections import defaultdict

from accounts import OPERATING, Accounts
from balance import Flow, both_years
from common import BASE, Record, Tables, by_id, number
from reported import LIFE_MONTHS
from times import years

CLOSED_FROM = {"santa_isabel": "2026-01-01", "chennai": "2025-10-01"}
MOVED = {"chennai": "rnaipl"}


def do_nothing(tables: Tables, only: tuple[str, ...] = ()) -> list[Accounts]:
    """Return the accounts of each plan period, or of some."""
    shares = _shares()
    results = []
    balances = {row["account"]: number(row["amount"]) for row in tables.get("opening", [])}
    for period in tables["periods"]:
        if period["role"] != "plan" or (only and period["id"] not in only):
            continue
        accounts = _period(tables, period, shares)
        accounts["free_cash_flow"] -= _working_capital(tables, accounts, balances, years(period))
        results.append(accounts)
    return results


def _shares() -> dict[tuple[str, str], dict[str, float]]:
    flows = both_years()[BASE]
    shares: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for flow, volume in flows.items():
        shares[flow.model, flow.market][flow.plant] = volume
    return {
        pair: {plant: volume / sum(plants.values()) for plant, volume in plants.items()}
        for pair, plants in shares.items()
    }


def _period(
    tables: Tables, period: Record, shares: dict[tuple[str, str], dict[str, float]]
) -> Accounts:
    sums: Accounts = defaultdict(float)
    rate = _rates(tables, period["id"])
    over = period["over"] == "yes"
    flows = _past(tables, period) if over else _flows(tables, period, shares)
    _money(sums, tables, period, flows, rate)
    _standing(sums, tables, period, rate)
    for row in tables["other_items"]:
        if row["period"] == period["id"]:
            account = "capex" if row["account"] == "ppe" else row["account"]
            sums[account] += number(row["amount"])
            if row["account"] == "depreciation":
                sums["not_cash"] += number(row["amount"])
    for row in tables["finance_arm"]:
        if row["period"] == period["id"]:
            sums["finance_dividend"] += number(row["dividend"])
            sums["finance_profit"] += number(row["revenue"]) - number(row["cost"])
    end = _end(period)
    for row in tables["debts"]:
        if row["due"] >= period["start"]:
            sums["interest"] += number(row["principal"]) * number(row["rate"]) * years(period)
        if period["start"] <= row["due"] < end:
            sums["repaid"] += number(row["principal"])
    sums["operating_profit"] = -sum(sums[account] for account in OPERATING)
    sums["free_cash_flow"] = (
        sums["operating_profit"] + sums["not_cash"] - sums["capex"] - sums["other_result"]
        - sums["restructuring"] - sums["tax"] - sums["interest"] - sums["equity_income"]
        + sums["finance_dividend"]
    )  # fmt: skip
    sums["cars"] = sum(flows.values())
    return sums


def _past(tables: Tables, period: Record) -> dict[Flow, float]:
    lines = by_id(tables["lines"])
    return {
        Flow(lines[row["line"]]["model"], lines[row["line"]]["plant"], row["market"]): number(
            row["volume"]
        )
        for row in tables["past_shipments"]
        if row["period"] == period["id"]
    }


def _end(period: Record) -> str:
    year, month = int(period["start"][:4]), int(period["start"][5:7]) + int(period["months"])
    return f"{year + (month - 1) // 12}-{(month - 1) % 12 + 1:02d}-01"


def _rates(tables: Tables, period: str) -> dict[str, float]:
    reference = {row["id"]: number(row["reference_rate"]) for row in tables["currencies"]}
    return {"": 1.0} | {
        row["currency"]: number(row["rate"]) / reference[row["currency"]]
        for row in tables["exchange_rates"]
        if row["period"] == period
    }


def _flows(
    tables: Tables, period: Record, shares: dict[tuple[str, str], dict[str, float]]
) -> dict[Flow, float]:
    kept = {
        row["model"]: number(row["share"])
        for row in tables["ageing"]
        if row["period"] == period["id"]
    }
    made = {row["model"]: row["plant"] for row in tables["lines"] if row["tooled"] == "yes"}
    flows: dict[Flow, float] = defaultdict(float)
    for row in tables["demand"]:
        if row["period"] != period["id"] or (row["model"] == "n7" and row["market"] != "china"):
            continue
        volume = number(row["volume"]) * kept.get(row["model"], 1.0)
        pair = (row["model"], row["market"])
        for plant, share in shares.get(pair, {made[row["model"]]: 1.0}).items():
            here = plant
            if period["start"] >= CLOSED_FROM.get(plant, "9999"):
                here = MOVED.get(plant, "")
            lane = any(
                each["plant"] == here and each["market"] == row["market"]
                for each in tables["lanes"]
            )
            if lane:
                flows[Flow(row["model"], here, row["market"])] += volume * share
    return flows


def _money(
    sums: Accounts,
    tables: Tables,
    period: Record,
    flows: dict[Flow, float],
    rate: dict[str, float],
) -> None:
    plants, markets = by_id(tables["plants"]), by_id(tables["markets"])
    prices = {(row["model"], row["market"]): row for row in tables["prices"]}
    lanes = {(row["plant"], row["market"]): row for row in tables["lanes"]}
    lines = {(row["model"], row["plant"]): row for row in tables["lines"]}
    duties = {
        (row["origin"], row["market"]): number(row["rate"])
        for row in sorted(tables["duties"], key=lambda row: row["from"])
    }
    for flow, volume in flows.items():
        market, plant = markets[flow.market], plants[flow.plant]
        if market["consolidated"] != "yes":
            continue
        price, line = prices[flow.model, flow.market], lines[flow.model, flow.plant]
        lane = lanes[flow.plant, flow.market]
        abroad = rate[market["currency"]]
        net = number(price["price"]) * abroad
        cost = (
            number(price["selling_cost"]) * abroad
            + number(line["unit_cost"]) * rate[plant["currency"]]
            + number(line["unit_cost_home"])
        )
        duty = duties.get((plant["country"], flow.market), 0.0) * number(lane["customs_share"])
        margin = net - cost - number(lane["freight"]) - duty * net
        if margin < 0 and period["over"] != "yes":
            continue  # nobody ships at a loss for long; what was shipped was shipped
        sums["revenue"] -= volume * net
        sums["variable_cost"] += volume * cost
        sums["freight"] += volume * number(lane["freight"])
        sums["duty"] += volume * duty * net
        sums[f"margin|{flow.model}|{flow.plant}|{flow.market}"] = margin
        sums[f"contribution|{flow.market}"] += volume * margin
        sums[f"plant|{flow.plant}"] += volume * margin


def _standing(sums: Accounts, tables: Tables, period: Record, rate: dict[str, float]) -> None:
    span = years(period)
    gone = {plant for plant, day in CLOSED_FROM.items() if period["start"] >= day}
    for row in tables["plants"]:
        if row["kind"] != "own" or row["id"] in gone:
            continue
        abroad = rate[row["currency"]]
        sums["plant_cost"] += number(row["fixed_cost_operating"]) * abroad * span
        sustaining = number(row["sustaining_capex"]) * abroad * span
        base = number(row["carrying_amount"]) * 12 / LIFE_MONTHS * span
        sums["depreciation"] += sustaining + base
        sums["not_cash"] += sustaining + base
        sums["capex"] += sustaining
    for row in tables["people"]:
        account = "rd" if row["function"] == "rd" else "labour"
        if row["plant"] not in gone:
            pay = int(row["count"]) * number(row["pay"]) / 1000
            sums[account] += pay * rate[row["currency"]] * span
    for name in ("platforms", "models"):
        sums["platform_cost"] += sum(number(row["fixed_cost"]) for row in tables[name]) * span
    sums["overhead"] += sum(number(row["keep_cost"]) for row in tables["properties"]) * span
    for row in tables["stakes"]:
        if row["kind"] == "sell":
            sums["equity_income"] -= number(row["income"]) * span


def _working_capital(
    tables: Tables, accounts: Accounts, balances: dict[str, float], span: float
) -> float:
    drivers = {"revenue": -accounts["revenue"], "variable_cost": accounts["variable_cost"]}
    signs = {"receivables": 1, "inventory": 1, "payables": -1}
    paid = 0.0
    for row in tables["working_capital"]:
        target = signs[row["account"]] * drivers[row["driver"]] * number(row["days"]) / 365 / span
        paid += target - balances.get(row["account"], target)
        balances[row["account"]] = target
    accounts["working_capital"] = paid
    return paid


def main() -> None:
    """Print the roll of the plan years, and the margins of the first whole year."""
    from calibrate import calibrated

    tables = calibrated().tables
    rolled = do_nothing(tables)
    plan = [row for row in tables["periods"] if row["role"] == "plan"]
    cash, debt = 3400.0, 1902.0
    for period, each in zip(plan, rolled, strict=True):
        cash += each["free_cash_flow"] - each["repaid"]
        debt -= each["repaid"]
        print(
            period["id"],
            {
                name: round(each[name])
                for name in (
                    "cars", "revenue", "variable_cost", "duty", "labour", "rd", "depreciation",
                    "operating_profit", "capex", "working_capital", "free_cash_flow", "repaid",
                )
            },
            f"cash {cash:.0f} debt {debt:.0f}",
        )  # fmt: skip
    year = rolled[plan.index(next(row for row in plan if row["id"] == "FY2027"))]
    for name in sorted(year):
        if name.startswith(("contribution|", "plant|", "margin|")):
            print(f"{name:<60} {year[name]:8.3f}")


if __name__ == "__main__":
    main()
