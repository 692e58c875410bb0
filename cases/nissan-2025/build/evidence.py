"""Make evidence.csv: what each number of the tables rests on.

Numbers that an input table describes one by one take their evidence from it; all others from
evidence_rules.csv, the most specific rule first. A range may be written as a factor (x0.8) of the
value; it is then written out for each cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from calibrate import Calibrated
from common import BASE, CASE, PREDICT, Record, Table, Tables, given, number, plain, read, write

COLUMNS = ("table", "id", "period", "column", "claims", "basis", "low", "high", "reason")
KEYS: Mapping[str, tuple[str, ...]] = {
    "exchange_rates": ("currency", "period"),
    "capacities": ("plant",),
    "prices": ("model", "market"),
    "demand": ("model", "market", "period"),
    "ageing": ("model", "period"),
    "past_shipments": ("line", "market", "period"),
    "substitutions": ("market", "segment"),
    "lanes": ("plant", "market"),
    "duties": ("origin", "market", "from"),
    "liquidity": ("period",),
    "opening": ("account",),
    "finance_opening": ("account",),
    "other_items": ("id", "period"),
    "finance_arm": ("period",),
    "calendars": ("id", "months"),
    "working_capital": ("account",),
    "plant_commitments": ("plant", "from"),
}
WITHOUT = ("periods", "plans", "plan_options", "plan_bounds", "relations", "limits", "options")
NOT_NUMBERS = frozenset(
    ("id", "name", "model", "plant", "market", "period", "currency", "account", "segment", "from",
     "to", "group", "start", "earliest", "latest", "due", "expires", "platform", "country",
     "region", "origin", "family", "project", "months", "protected_until", "function", "kind",
     "line", "sold_from")
)  # fmt: skip


def address(table: str, row: Record) -> tuple[str, str]:
    """Return the id and the period by which a cell of a row is named."""
    key = KEYS.get(table, ("id",))
    if key == ("period",):
        return row["period"], ""
    name = "/".join(row[part] for part in key if part != "period")
    return name, row["period"] if "period" in key else ""


def numbers(row: Record) -> Iterator[tuple[str, float]]:
    """Go through the numeric cells of a row."""
    for column, text in row.items():
        if column in NOT_NUMBERS or not text:
            continue
        try:
            yield column, float(text)
        except ValueError:
            continue


def evidence(found: Calibrated) -> Table:
    """Return the evidence of every number."""
    rules = given("evidence_rules")
    own = _own(found)
    rows, naked = [], []
    for table, records in sorted(found.tables.items()):
        if table in WITHOUT:
            continue
        for record in records:
            identifier, period = address(table, record)
            for column, value in numbers(record):
                cell = (table, identifier, period, column)
                rule = own.get(cell) or _rule(rules, cell)
                if rule is None:
                    naked.append(cell)
                else:
                    rows.append(_row(cell, rule, value))
    if naked:
        raise ValueError(f"{len(naked)} numbers without evidence: {naked[:12]}")
    return rows


def _row(cell: tuple[str, str, str, str], rule: Record, value: float) -> Record:
    low, high = _bound(rule["low"], value), _bound(rule["high"], value)
    if value == 0 and (number(low) > 0 or number(high) < 0):
        low = high = ""  # the row does without this: the range is that of the others
    if low and high and float(low) > float(high):
        low, high = high, low
    reason = rule["reason"]
    if not reason and rule["basis"] in ("assumed", "estimated"):
        reason = "no source; a plausible figure"
    return dict(
        zip(COLUMNS, (*cell, rule["claims"], rule["basis"], low, high, reason), strict=True)
    )


def _bound(text: str, value: float) -> str:
    if text.startswith("x"):
        return plain(value * float(text[1:]), 6)
    return text


def _rule(rules: Table, cell: tuple[str, str, str, str]) -> Record | None:
    """Return the most specific rule of a cell."""
    table, identifier, _, column = cell
    matching = [
        rule
        for rule in rules
        if rule["table"] == table
        and rule["column"] == column
        and rule["id"].count("/") == identifier.count("/") * (rule["id"] != "*")
        and (rule["id"] == "*" or fnmatchcase(identifier, rule["id"]))
    ]
    return max(
        matching, key=lambda rule: sum(part != "*" for part in rule["id"].split("/")), default=None
    )


def _own(found: Calibrated) -> dict[tuple[str, str, str, str], Record]:
    """Return evidence that an input table gives number by number."""
    own: dict[tuple[str, str, str, str], Record] = {}
    for part in (_rates, _capacities, _people, _items, _finance, _demand, _past):
        own.update(part(found.tables))
    return own


def _said(basis: str, claims: str = "", reason: str = "", low: str = "", high: str = "") -> Record:
    return {"basis": basis, "claims": claims, "reason": reason, "low": low, "high": high}


def _rates(tables: Tables) -> Iterator[tuple[tuple[str, str, str, str], Record]]:
    known = {row["currency"]: row for row in given("rates")}
    roles = {row["id"]: row["role"] for row in tables["periods"]}
    for row in tables["exchange_rates"]:
        about = known[row["currency"]]
        cell = ("exchange_rates", row["currency"], row["period"], "rate")
        if roles[row["period"]] == "plan":
            yield cell, _said("assumed", "", about["reason"], about["low"], about["high"])
        elif row["currency"] in ("USD", "EUR"):
            claim = "C021" if row["period"] == BASE else "C099"
            yield cell, _said("sourced", claim, "reported average", "x1", "x1")
        else:
            yield cell, _said("assumed", "", about["reason"], "x0.93", "x1.07")


def _capacities(tables: Tables) -> Iterator[tuple[tuple[str, str, str, str], Record]]:
    for row in given("plants"):
        if row["kind"] != "own":
            continue
        cell = ("capacities", row["id"], "", "shift_capacity")
        nameplate = number(row["nameplate"])
        low = number(row["nameplate_low"]) / nameplate
        high = number(row["nameplate_high"]) / nameplate
        basis = "derived" if row["claims"] else "assumed"
        reason = f"nameplate of {row['nameplate']} over its shifts"
        yield cell, _said(basis, row["claims"], reason, f"x{min(low, 0.95)}", f"x{max(high, 1.05)}")


def _people(tables: Tables) -> Iterator[tuple[tuple[str, str, str, str], Record]]:
    for row in given("people"):
        cell = ("people", row["id"], "", "count")
        basis = "derived" if row["basis"] == "sourced" else row["basis"]
        yield cell, _said(basis, row["claims"], row["reason"], row["low"], row["high"])


def _items(tables: Tables) -> Iterator[tuple[tuple[str, str, str, str], Record]]:
    known = {row["id"]: row for row in given("other_items")}
    for row in tables["other_items"]:
        about = known[row["id"]]
        cell = ("other_items", row["id"], row["period"], "amount")
        low = f"x{about['low_factor']}" if about["low_factor"] else ""
        high = f"x{about['high_factor']}" if about["high_factor"] else ""
        yield cell, _said(about["basis"], about["claims"], about["reason"], low, high)


def _finance(tables: Tables) -> Iterator[tuple[tuple[str, str, str, str], Record]]:
    known = {row["year"]: row for row in given("finance_arm")}
    years = {row["id"]: row["fiscal_year"] for row in tables["periods"]}
    for row in tables["finance_arm"]:
        about = known[years[row["period"]]]
        for column in ("revenue", "cost", "dividend"):
            low, high = ("x0.5", "x1.6") if column == "dividend" else ("x0.9", "x1.1")
            said = _said(about["basis"], about["claims"], about["reason"], low, high)
            yield ("finance_arm", row["period"], "", column), said


def _demand(tables: Tables) -> Iterator[tuple[tuple[str, str, str, str], Record]]:
    prior: dict[tuple[str, str], Record] = {}
    for row in given("volumes_prior"):
        pair = (row["model"], row["market"])
        before = prior.get(pair)
        low, high = number(row["low"]), number(row["high"])
        claims = row["claims"]
        if before:
            low, high = low + number(before["low"]), high + number(before["high"])
            claims = before["claims"] or claims
        prior[pair] = {"low": plain(low, 3), "high": plain(high, 3), "claims": claims}
    totals = {"japan": "C110;C102", "us": "C111;C102", "canada": "C111", "mexico": "C111;C102",
              "europe": "C110;C102", "china": "C110;C102;C114"}  # fmt: skip
    changes = {(row["model"], row["market"]): row for row in given("demand_changes")}
    for row in tables["demand"]:
        pair = (row["model"], row["market"])
        cell = ("demand", f"{row['model']}/{row['market']}", row["period"], "volume")
        claims = totals.get(row["market"], "C110;C102")
        if row["period"] == BASE:
            about = prior[pair]
            fixed = about["claims"] and about["low"] == about["high"]
            reason = "bounded balancing to the published totals; nobody publishes this cell"
            basis = "sourced" if fixed else "estimated"
            said = _said(basis, about["claims"] if fixed else claims,
                         "published" if fixed else reason, about["low"], about["high"])  # fmt: skip
        elif row["period"] == PREDICT:
            reason = "base year balanced anew to the totals of FY2023; shipments, not sales"
            said = _said("estimated", "C104;C099;C113", reason, "x0.6", "x1.6")
        else:
            said = _planned(row, changes.get(pair))
        yield cell, said


def _past(tables: Tables) -> Iterator[tuple[tuple[str, str, str, str], Record]]:
    """Say that shipments of the quarter that is over are the base year's, at its demand."""
    said = _said(
        "estimated",
        "C090;C110",
        "demand of the quarter, split over plants as in the base year; over, and not published",
        "x0.8",
        "x1.2",
    )
    for row in tables["past_shipments"]:
        yield ("past_shipments", f"{row['line']}/{row['market']}", row["period"], "volume"), said


def _planned(row: Record, change: Record | None) -> Record:
    near = "Q" in row["period"]
    low, high = ("x0.85", "x1.12") if near else ("x0.75", "x1.25")
    reason = "base year with the growth that the company guided in May 2025, by quarter as usual"
    claims = "C090;C110"
    if change:
        reason, claims = f"{reason}; {change['reason']}", change["claims"] or claims
    return _said("estimated", claims, reason, low, high)


def write_evidence(found: Calibrated) -> None:
    """Write evidence.csv and refuse claims that the case does not hold."""
    known = {row["claim_id"] for row in read(CASE / "claims.csv")}
    rows = evidence(found)
    cited = {claim for row in rows for claim in row["claims"].split(";") if claim}
    if cited - known:
        raise ValueError(f"claims that the case does not hold: {sorted(cited - known)}")
    write(CASE / "evidence.csv", COLUMNS, rows)
