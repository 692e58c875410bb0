"""What numbers rest on that an input table describes one by one, beside the number itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from common import BASE, PREDICT, Record, Tables, by_id, given, number, plain

Cell = tuple[str, str, str, str]
Said = Iterator[tuple[Cell, Record]]

TOTALS = {
    "japan": "C110;C102", "us": "C111;C102", "canada": "C111", "mexico": "C111;C102",
    "europe": "C110;C102", "china": "C110;C102;C114",
}  # fmt: skip
# Totals of FY2023 that say something of a market, beside output by country.
TOTALS_2023 = {
    "japan": "C113;C100", "china": "C114;C100", "us": "C100", "canada": "C100", "mexico": "C100",
    "europe": "C100",
}  # fmt: skip
# Output of January to May 2025, half of which is the quarter that is over.
OUTPUT_BY_COUNTRY = "C128"


def given_evidence(tables: Tables) -> dict[Cell, Record]:
    """Return evidence that an input table gives number by number."""
    found: dict[Cell, Record] = {}
    for part in PARTS:
        found.update(part(tables))
    return found


def _said(
    basis: str, claims: str = "", reason: str = "", low: str = "", high: str = "", why: str = ""
) -> Record:
    return {
        "basis": basis, "claims": claims, "reason": reason, "low": low, "high": high, "range": why,
    }  # fmt: skip


def _both(*claims: str) -> str:
    """Return lists of claims as one, each claim once."""
    return ";".join(dict.fromkeys(each for part in claims for each in part.split(";") if each))


def _currencies(tables: Tables) -> Said:
    for row in given("rates"):
        cell = ("currencies", row["currency"], "", "reference_rate")
        yield cell, _reference(row)


def _reference(row: Record) -> Record:
    reported = row["reference_low"] == row["reference_high"]
    why = "lowest and highest quarter of the year by daily rates, which no claim holds"
    return _said(
        "sourced" if reported else "estimated", row["reference_claims"], row["reference_reason"],
        row["reference_low"], row["reference_high"], why,
    )  # fmt: skip


def _rates(tables: Tables) -> Said:
    known = {row["currency"]: row for row in given("rates")}
    roles = {row["id"]: row["role"] for row in tables["periods"]}
    for row in tables["exchange_rates"]:
        about = known[row["currency"]]
        cell = ("exchange_rates", row["currency"], row["period"], "rate")
        if roles[row["period"]] == "plan":
            reason, why = about["reason"], about["range"]
            yield cell, _said("assumed", "", reason, about["low"], about["high"], why)
        elif row["period"] == BASE:
            yield cell, _reference(about)
        elif row["currency"] in ("USD", "EUR"):
            yield cell, _said("sourced", "C099", "reported average", "x1", "x1")
        else:
            why = "the quarters of FY2023, in which the yen fell from 137 to 149 for the dollar"
            reason = "average of FY2023; no claim gives it"
            yield cell, _said("assumed", "", reason, "x0.94", "x1.05", why)


def _capacities(tables: Tables) -> Said:
    why = "other counts of the nameplate; days and shifts counted move it by 5 % at least"
    for row in given("plants"):
        if row["kind"] != "own":
            continue
        cell = ("capacities", row["id"], "", "shift_capacity")
        nameplate = number(row["nameplate"])
        low = min(number(row["nameplate_low"]) / nameplate, 0.95)
        high = max(number(row["nameplate_high"]) / nameplate, 1.05)
        basis = "derived" if row["claims"] else "assumed"
        reason = f"nameplate of {row['nameplate']} over its shifts"
        yield cell, _said(basis, row["claims"], reason, f"x{low}", f"x{high}", why)


def _people(tables: Tables) -> Said:
    for row in given("people"):
        cell = ("people", row["id"], "", "count")
        basis = "derived" if row["basis"] == "sourced" else row["basis"]
        about = (row["claims"], row["reason"], row["low"], row["high"], row["range"])
        yield cell, _said(basis, *about)


def _items(tables: Tables) -> Said:
    known = by_id(given("other_items"))
    for row in tables["other_items"]:
        about = known[row["id"]]
        cell = ("other_items", row["id"], row["period"], "amount")
        low = f"x{about['low_factor']}" if about["low_factor"] else ""
        high = f"x{about['high_factor']}" if about["high_factor"] else ""
        said = (about["claims"], about["reason"], low, high, about["range"])
        yield cell, _said(about["basis"], *said)


def _finance(tables: Tables) -> Said:
    """Say what the finance arm rests on: its profit is known for closed years, nothing else is."""
    known = {row["year"]: row for row in given("finance_arm")}
    years = {row["id"]: row["fiscal_year"] for row in tables["periods"]}
    for row in tables["finance_arm"]:
        about = known[years[row["period"]]]
        for column, claims, low, high, reason, why in (
            ("revenue", "", "x0.9", "x1.1", "no source: about 11 % of its assets",
             "a year's swing of rates"),
            ("cost", about["claims"], "x0.9", "x1.1", about["reason"],
             "as the revenue; profit of closed years is known"),
            ("dividend", "", "x0.5", "x1.6", "no source: under half of profit after tax",
             "a fifth to two thirds of profit after tax"),
        ):  # fmt: skip
            said = _said(about["basis"], claims, reason, low, high, why)
            yield ("finance_arm", row["period"], "", column), said


def _demand(tables: Tables) -> Said:
    prior = _prior()
    changes = {(row["model"], row["market"]): row for row in given("demand_changes")}
    for row in tables["demand"]:
        pair = (row["model"], row["market"])
        cell = ("demand", f"{row['model']}/{row['market']}", row["period"], "volume")
        if row["period"] == BASE:
            yield cell, _sold(prior[pair], row["market"])
        elif row["period"] == PREDICT:
            yield cell, _foretold(row)
        else:
            yield cell, _planned(row, changes.get(pair))


def _prior() -> dict[tuple[str, str], Record]:
    """Return bounds and claims of each model in each market, over all plants that build it."""
    prior: dict[tuple[str, str], Record] = {}
    for row in given("volumes_prior"):
        pair = (row["model"], row["market"])
        before = prior.get(pair, {"low": "", "high": "", "claims": ""})
        prior[pair] = {
            "low": plain(number(row["low"]) + number(before["low"]), 3),
            "high": plain(number(row["high"]) + number(before["high"]), 3),
            "claims": _both(before["claims"], row["claims"]),
        }
    return prior


def _sold(about: Record, market: str) -> Record:
    low, high, claims = about["low"], about["high"], about["claims"]
    if claims and low == high:
        return _said("sourced", claims, "published", low, high)
    reason = "bounded balancing to the published totals; nobody publishes this cell"
    why = "bounds of the balancing, from the mix that trade reports give"
    return _said(
        "estimated", _both(claims, TOTALS.get(market, "C110;C102")), reason, low, high, why
    )


def _foretold(row: Record) -> Record:
    by_model = "C108" if (row["model"], row["market"]) in IN_JAPAN_2023 else ""
    claims = _both("C104", by_model, TOTALS_2023.get(row["market"], ""))
    reason = "base year balanced anew to the totals of FY2023; shipments, not sales"
    why = "which cars went to stock is not reported; totals by country hold"
    return _said("estimated", claims, reason, "x0.6", "x1.6", why)


IN_JAPAN_2023 = {(model, "japan") for model in ("note", "serena", "xtrail_rogue", "kei")}


def _planned(row: Record, change: Record | None) -> Record:
    near = "Q" in row["period"]
    low, high = ("x0.85", "x1.12") if near else ("x0.75", "x1.25")
    why = "the first plan for FY2024 missed revenue by 7 %; a single cell misses by twice that"
    if not near:
        why += ", and by more in later years"
    reason = "base year with the growth that the company guided in May 2025, by quarter as usual"
    claims = "C090;C110"
    if change:
        reason, claims = f"{reason}; {change['reason']}", change["claims"] or claims
    return _said("estimated", claims, reason, low, high, why)


def _past(tables: Tables) -> Said:
    """Say that shipments of the quarter that is over are the base year's, at its demand."""
    reason = (
        "demand of the quarter, split over plants as in the base year; over, and not published. "
        "Three fifths of the output of January to May lie within 7 % of it in every country"
    )
    why = "which model and market a miss fell on is not reported"
    lines = by_id(tables["lines"])
    reports = {
        row["plants"]: row["claims"]
        for row in given("volume_totals")
        if row["year"] == BASE and row["id"].startswith("plant_")
    }
    for row in tables["past_shipments"]:
        cell = ("past_shipments", f"{row['line']}/{row['market']}", row["period"], "volume")
        here = reports.get(lines[row["line"]]["plant"], "")
        claims = _both("C090", OUTPUT_BY_COUNTRY, here)
        yield cell, _said("estimated", claims, reason, "x0.8", "x1.2", why)


PARTS: tuple[Callable[[Tables], Said], ...] = (
    _currencies,
    _rates,
    _capacities,
    _people,
    _items,
    _finance,
    _demand,
    _past,
)
