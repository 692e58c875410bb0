"""Demand: what was sold in the closed years, what is wanted in the plan, and how models age."""

from __future__ import annotations

from balance import Flow
from common import BASE, PREDICT, Record, Table, given, number, plain
from times import LAST_YEAR

QUARTERS = (0.24, 0.245, 0.245, 0.27)


def demand(flows: dict[str, dict[Flow, float]], times: Table) -> Table:
    """Return demand in the closed years and, from guidance, in the plan."""
    sold = {year: _sums(of_year) for year, of_year in flows.items()}
    growth = {row["market"]: number(row["growth_fy2025"]) for row in given("market_costs")}
    rows = []
    for (model, market), volume in sold[BASE].items():
        level = volume * growth[market]
        annual = {f"FY{year}": level for year in range(2025, LAST_YEAR + 1)}
        rows += _demand_rows(model, market, annual, times)
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
        key=lambda row: (row["model"], row["market"], row["period"]),
    )


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
