"""Build the tables of the case from the inputs and the two calibrated levels.

Everything here is plain arithmetic on the inputs: no number is typed in but units and the shape
of the year. Levels scale all prices and all unit costs alike; see calibrate.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

from balance import Flow, both_years
from common import BASE, INPUTS, PREDICT, Record, Table, Tables, by_id, given, number, plain, read
from past import past_shipments

QUARTERS = (0.24, 0.245, 0.245, 0.27)
QUARTER_YEARS = (2025, 2026)
LAST_YEAR = 2032
# Nothing is decided before the day of the case, 8 July 2025: decisions take effect from October
# 2025 on, at the start of each half-year, until FY2029.
DECISION_QUARTERS = ((2025, 3), (2026, 1), (2026, 3))
LAST_DECISIONS = 2029
# Over on 8 July 2025, and not published by then.
OVER_QUARTERS = ((2025, 1),)
TOTAL_PEOPLE = 132_790
CAPEX = 577.3
DEPRECIATION = 363.6
RESEARCH = 619.0
NET_ASSETS = 5445.3
TOTAL_ASSETS = 19024.1
LIQUID = 3400.0
DEBT = 1902.0
LENT_TO_FINANCE = 1200.0
LIFE_MONTHS = 96
LAST_CLOSURE = "2029-04-01"
# A buyer found, the books opened, the authorities asked: a plant's sale takes about a year.
SOLD_FROM = "2026-07-01"
# A generation of a model, or of what charges it, lasts as long as its tools are written off.
CYCLE_MONTHS = "84"
SLOWEST_PACE = "0.75"
SUSTAINING = 0.030
LEARNING = (("parts", 60.0, 1000.0, 6), ("processes", 40.0, 500.0, 4))
STEP = 500


@dataclass(frozen=True)
class Levels:
    """The free parameters of the calibration.

    Parameters
    ----------
    price : float
        Factor on all net prices.
    cost : float
        Factor on all unit costs.
    """

    price: float = 1.0
    cost: float = 1.0


def build(levels: Levels, flows: dict[str, dict[Flow, float]] | None = None) -> Tables:
    """Return all tables of the case."""
    flows = both_years() if flows is None else flows
    tables: Tables = {path.stem: read(path) for path in sorted((INPUTS / "tables").glob("*.csv"))}
    tables["periods"] = periods()
    tables["currencies"], tables["exchange_rates"] = currencies(tables["periods"])
    tables["plants"], tables["capacities"] = plants()
    tables["lines"] = lines(levels)
    tables["prices"] = prices(levels)
    tables["demand"] = demand(flows, tables["periods"])
    tables["lanes"] = lanes(tables)
    tables["ageing"] = ageing(tables["periods"])
    tables["past_shipments"] = past_shipments(tables, flows[BASE])
    tables["people"] = people()
    tables["programmes"] = programmes()
    tables["cost_work"] = cost_work()
    tables["finance_arm"] = finance_arm(tables["periods"])
    tables["liquidity"] = liquidity(tables["periods"])
    tables["other_items"] = other_items(tables)
    return tables


# ── time and money ──


def periods() -> Table:
    """Return the quarters and years of the plan, the base year and the year to predict."""
    rows = [
        _period(PREDICT, "2023-04-01", 12, PREDICT, "predict"),
        _period(BASE, "2024-04-01", 12, BASE, "base"),
    ]
    starts = ("04-01", "07-01", "10-01", "01-01")
    for year in QUARTER_YEARS:
        for quarter, start in enumerate(starts, 1):
            calendar = year + 1 if quarter == 4 else year
            row = _period(f"{year}Q{quarter}", f"{calendar}-{start}", 3, f"FY{year}", "plan")
            row["decisions"] = "yes" if (year, quarter) in DECISION_QUARTERS else "no"
            row["model_change"] = "yes" if quarter == 1 and year > 2025 else "no"
            row["over"] = "yes" if (year, quarter) in OVER_QUARTERS else "no"
            rows.append(row)
    for year in range(QUARTER_YEARS[-1] + 1, LAST_YEAR + 1):
        row = _period(f"FY{year}", f"{year}-04-01", 12, f"FY{year}", "plan")
        row["decisions"] = "yes" if year <= LAST_DECISIONS else "no"
        rows.append(row)
    return rows


def _period(name: str, start: str, months: int, year: str, role: str) -> Record:
    decided = "yes" if role == "plan" else "no"
    return {
        "id": name, "start": start, "months": str(months), "fiscal_year": year, "role": role,
        "decisions": decided, "model_change": decided, "over": "no",
    }  # fmt: skip


def years(period: Record) -> float:
    """Return the length of a period in years."""
    return int(period["months"]) / 12


def currencies(times: Table) -> tuple[Table, Table]:
    """Return the currencies at base-year rates, and their rates in each period."""
    known, rates = [], []
    for row in given("rates"):
        known.append(
            {"id": row["currency"], "name": row["name"], "reference_rate": row["reference"]}
        )
        for period in times:
            column = {"base": "reference", "predict": "fy2023", "plan": "plan"}[period["role"]]
            rates.append({"currency": row["currency"], "period": period["id"], "rate": row[column]})
    return known, rates


# ── plants, lines, markets ──


def plants() -> tuple[Table, Table]:
    """Return the plants and the capacities of the firm's own ones."""
    own, capacities = [], []
    for row in given("plants"):
        own.append(_plant(row))
        if row["kind"] == "own":
            capacities.append(_capacity(row))
    return own, capacities


def _plant(row: Record) -> Record:
    plant = {
        name: row[name]
        for name in (
            "id", "name", "country", "region", "latitude", "longitude", "currency", "kind",
            "counted",
        )
    }  # fmt: skip
    if row["kind"] != "own":
        return plant | dict.fromkeys(PLANT_MONEY + PLANT_RULES, "")
    fixed = number(row["fixed_cost"])
    sustaining = SUSTAINING * number(row["nameplate"])
    money = {
        "fixed_cost_operating": fixed,
        "fixed_cost_hosting": fixed,
        "fixed_cost_host_only": 0.45 * fixed,
        "fixed_cost_winding": fixed,
        "fixed_cost_mothballed": 0.15 * fixed,
        "fixed_cost_reopening": 0.5 * fixed,
        "fixed_cost_closed": 0.02 * fixed,
        "sustaining_capex": sustaining,
        "carrying_amount": number(row["carrying"]),
        "land_carrying": number(row["land_carrying"]),
        "closure_cost": number(row["closure_cost"]),
        "remediation_cost": number(row["remediation"]),
        "mothball_cost": number(row["mothball_cost"]),
        "reopen_cost": number(row["reopen_cost"]),
        "sale_price": number(row["sale_price"]),
        "running_price": number(row["running_price"]),
    }
    rules = {
        "life_months": str(LIFE_MONTHS),
        "closure_recognised": "",
        "closure_paid": "closure",
        "closure_deducted": "closure",
        "remediation_paid": "remediation",
        "reopen_months": "12",
        "mothball_limit_months": "60",
        "notice_months": row["notice_months"],
        "can_close": row["can_close"],
        "can_mothball": row["can_mothball"],
        "can_reopen": row["can_mothball"],
        "can_host": row["can_host"],
        "can_sell": row["can_sell"],
        "can_sell_running": row["can_sell_running"],
        "earliest": row["earliest"],
        "latest": LAST_CLOSURE if row["earliest"] else "",
        "sold_from": SOLD_FROM if row["earliest"] else "",
    }
    return plant | {name: plain(value, 2) for name, value in money.items()} | rules


PLANT_MONEY = (
    "fixed_cost_operating", "fixed_cost_hosting", "fixed_cost_host_only", "fixed_cost_winding",
    "fixed_cost_mothballed", "fixed_cost_reopening", "fixed_cost_closed", "sustaining_capex",
    "carrying_amount", "land_carrying", "closure_cost", "remediation_cost", "mothball_cost",
    "reopen_cost", "sale_price", "running_price",
)  # fmt: skip
PLANT_RULES = (
    "life_months", "closure_recognised", "closure_paid", "closure_deducted", "remediation_paid",
    "reopen_months", "mothball_limit_months", "notice_months", "can_close", "can_mothball",
    "can_reopen", "can_host", "can_sell", "can_sell_running", "earliest", "latest",
    "sold_from",
)  # fmt: skip


def _capacity(row: Record) -> Record:
    return {
        "plant": row["id"],
        "shift_capacity": row["shift_capacity"],
        "shifts_now": row["shifts_now"],
        "shifts_max": row["shifts_max"],
        "second_shift_efficiency": "1",
        "third_shift_efficiency": "0.95",
        "overtime_share": "0.15",
        "overtime_cost": {"japan": "0.09", "usa": "0.12", "uk": "0.12"}.get(row["country"], "0.04"),
        "add_shift_cost": plain(0.002 * number(row["crew_per_shift"]), 2),
        "slowest_pace": SLOWEST_PACE,
        "crew_per_shift": row["crew_per_shift"],
    }


def lines(levels: Levels) -> Table:
    """Return the lines, their unit costs at the calibrated level."""
    rows = []
    for row in given("lines"):
        line = {name: value for name, value in row.items() if name not in ("cost", "home_cost")}
        line["unit_cost"] = plain(levels.cost * number(row["cost"]))
        line["unit_cost_home"] = plain(levels.cost * number(row["home_cost"]))
        line["tooling_life_months"] = "84"
        line["latest"] = "2031-03-31" if row["tooled"] == "no" else ""
        rows.append(line)
    return rows


def prices(levels: Levels) -> Table:
    """Return net prices at the calibrated level, and what selling a car costs."""
    shares = {row["market"]: number(row["selling_share"]) for row in given("market_costs")}
    rows = []
    for row in given("prices"):
        price = levels.price * number(row["price"])
        selling = price * shares[row["market"]]
        rows.append(row | {"price": plain(price), "selling_cost": plain(selling)})
    return rows


def lanes(tables: Tables) -> Table:
    """Return the lanes on which some line of a plant meets a market of its model."""
    sold = {(row["model"], row["market"]) for row in tables["demand"]}
    freight = {(row["origin"], row["market"]): row["freight"] for row in given("freight")}
    country = {row["id"]: row["country"] for row in tables["plants"]}
    pairs = []
    for line in tables["lines"]:
        for market in [row["id"] for row in tables["markets"]]:
            pair = (line["plant"], market)
            if (line["model"], market) in sold and pair not in pairs:
                pairs.append(pair)
    rows = []
    for plant, market in pairs:
        origin = "china_export" if plant == "guangzhou_export" else country[plant]
        if market in ("china", "licensees"):
            rows.append(_lane(plant, market, "0", "0"))
        elif (origin, market) in freight and (origin != "china"):
            share = "0.7" if origin == "mexico" and market == "us" else "0.8"
            rows.append(_lane(plant, market, freight[origin, market], share))
    return rows


def _lane(plant: str, market: str, freight: str, share: str) -> Record:
    return {
        "plant": plant, "market": market, "freight": freight, "customs_share": share,
        "customs_moves": "yes", "capacity": "",
    }  # fmt: skip


# ── demand ──


def demand(flows: dict[str, dict[Flow, float]], times: Table) -> Table:
    """Return demand in the closed years and, from guidance, in the plan."""
    sold = {year: _sums(of_year) for year, of_year in flows.items()}
    rows = []
    for (model, market), volume in sold[BASE].items():
        annual = {f"FY{year}": volume for year in range(2025, LAST_YEAR + 1)}
        growth = {row["market"]: number(row["growth_fy2025"]) for row in given("market_costs")}
        rows += _demand_rows(
            model, market, {year: value * growth[market] for year, value in annual.items()}, times
        )
    pairs = {(row["model"], row["market"]) for row in rows}
    for change in given("demand_changes"):
        pair = (change["model"], change["market"])
        if pair not in pairs:
            rows += _demand_rows(*pair, {}, times)
            pairs.add(pair)
    closed = [
        {"model": model, "market": market, "period": year, "volume": plain(volume, 3)}
        for year in (PREDICT, BASE)
        for (model, market), volume in sold[year].items()
    ]
    return sorted(
        closed + [row for row in rows if row["volume"] != "0"],
        key=lambda row: (row["model"], row["market"], _order(row["period"])),
    )


def _order(period: str) -> str:
    return period if "Q" in period else period.removeprefix("FY") + "Q0"


def _sums(flows: dict[Flow, float]) -> dict[tuple[str, str], float]:
    sums: dict[tuple[str, str], float] = {}
    for flow, volume in flows.items():
        pair = (flow.model, flow.market)
        sums[pair] = sums.get(pair, 0.0) + volume
    return sums


def _demand_rows(model: str, market: str, annual: dict[str, float], times: Table) -> Table:
    changes = [
        row for row in given("demand_changes") if (row["model"], row["market"]) == (model, market)
    ]
    rows = []
    for period in times:
        if period["role"] != "plan":
            continue
        volume = annual.get(period["fiscal_year"], 0.0)
        for change in changes:
            if period["fiscal_year"] >= change["year"]:
                value = number(change["value"])
                base = annual.get(period["fiscal_year"], 0.0)
                volume = value if change["kind"] == "set" else base * value
        share = _share_of_year(period, late=model == "micra_ev")
        rows.append(
            {
                "model": model, "market": market, "period": period["id"],
                "volume": plain(volume * share, 3),
            }
        )  # fmt: skip
    return rows


def _share_of_year(period: Record, late: bool) -> float:
    if period["months"] == "12":
        return 1.0
    quarter = int(period["id"][-1]) - 1
    if late and period["fiscal_year"] == "FY2025":
        return (0.0, 0.0, 0.3, 0.7)[quarter]
    return QUARTERS[quarter]


def ageing(times: Table) -> Table:
    """Return the share of attraction that a model keeps if it is not renewed."""
    rows = []
    for row in given("ageing"):
        first, rate = int(row["first_year"]), number(row["rate"])
        for period in times:
            if period["role"] != "plan":
                continue
            year = int(period["fiscal_year"][2:])
            middle = 0.5 if period["months"] == "12" else (int(period["id"][-1]) - 0.5) / 4
            share = max(0.5, 1 - rate * (year - first + middle)) if year >= first else 1.0
            if share < 1:
                rows.append({"model": row["model"], "period": period["id"], "share": plain(share)})
    return rows


# ── people, programmes, finance ──

PEOPLE_COLUMNS = (
    "id", "name", "plant", "region", "country", "function", "count", "pay", "currency",
    "attrition", "minimum", "protected_until", "can_dismiss", "severance", "notice_months",
    "can_hire", "hire_cost",
)  # fmt: skip


def people() -> Table:
    """Return the groups of people; one pool takes what is left of the reported total."""
    rows = given("people")
    rest = TOTAL_PEOPLE - sum(int(row["count"]) for row in rows)
    result = []
    for row in rows:
        count = rest if row["id"] == "powertrain_japan" else int(row["count"])
        minimum = round(count * number(row["minimum_share"]))
        group = row | {"count": str(count), "minimum": str(minimum), "protected_until": ""}
        result.append({name: group[name] for name in PEOPLE_COLUMNS})
    return result


def programmes() -> Table:
    """Return the programmes with their calendar, life and cycle."""
    common = {"investment_life_months": "84", "spent": "programme", "cycle_months": CYCLE_MONTHS}
    return [row | common for row in given("programmes")]


def cost_work() -> Table:
    """Return steps of falling savings a person: A (1 - exp(-h / scale)), cut in steps."""
    rows = []
    for project, ceiling, scale, steps in LEARNING:
        for step in range(steps):
            low, high = step * STEP, (step + 1) * STEP
            saved = ceiling * (exp(-low / scale) - exp(-high / scale))
            rows.append(
                {
                    "id": f"{project}_{step + 1}", "project": project, "people": str(STEP),
                    "saving_per_person": plain(1000 * saved / STEP, 3), "lag_months": "12",
                    "earliest": "2025-07-01",
                }
            )  # fmt: skip
    return rows


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


# ── named items ──


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
