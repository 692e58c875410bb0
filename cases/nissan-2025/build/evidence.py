"""Make evidence.csv: what each number of the tables rests on.

Numbers that an input table describes one by one take their evidence from it (evidence_given.py);
all others from evidence_rules.csv, the most specific rule first: an id outranks a pattern, and a
pattern outranks `*`. A range may be written as a factor (x0.8) of the value; it is then written
out for each cell. Whatever has a range says why it is so wide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from calibrate import Calibrated
from common import CASE, Record, Table, given, number, plain, read, write
from evidence_given import Cell, given_evidence

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
    own = given_evidence(found.tables)
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


def _row(cell: Cell, rule: Record, value: float) -> Record:
    low, high = _bound(rule["low"], value), _bound(rule["high"], value)
    if value == 0 and (number(low) > 0 or number(high) < 0):
        low = high = ""  # the row does without this: the range is that of the others
    if low and high and float(low) > float(high):
        low, high = high, low
    content = (*cell, rule["claims"], rule["basis"], low, high, _reason(cell, rule, low, high))
    return dict(zip(COLUMNS, content, strict=True))


def _reason(cell: Cell, rule: Record, low: str, high: str) -> str:
    """Return why the value, and why the range."""
    if rule["basis"] in ("assumed", "estimated") and not rule["reason"]:
        raise ValueError(f"{cell} is {rule['basis']} for no reason")
    if low == high:
        return rule["reason"]
    if not rule["range"]:
        raise ValueError(f"{cell} has a range for no reason")
    return f"{rule['reason']}; range: {rule['range']}"


def _bound(text: str, value: float) -> str:
    if text.startswith("x"):
        return plain(value * float(text[1:]), 6)
    return text


def _rule(rules: Table, cell: Cell) -> Record | None:
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
    return max(matching, key=_exactness, default=None)


def _exactness(rule: Record) -> tuple[int, int]:
    """Return how many parts of a rule's id are given in full, and how many at least in part."""
    parts = rule["id"].split("/")
    return sum("*" not in part for part in parts), sum(part != "*" for part in parts)


def write_evidence(found: Calibrated) -> None:
    """Write evidence.csv and refuse claims that the case does not hold."""
    known = {row["claim_id"] for row in read(CASE / "claims.csv")}
    rows = evidence(found)
    cited = {claim for row in rows for claim in row["claims"].split(";") if claim}
    if cited - known:
        raise ValueError(f"claims that the case does not hold: {sorted(cited - known)}")
    write(CASE / "evidence.csv", COLUMNS, rows)
