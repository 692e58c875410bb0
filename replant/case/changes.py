"""Changes of single cells: what ``--set``, scenarios and what-ifs do to the tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from replant.case.columns import Column, columns_of
from replant.case.decimals import NotADecimal, decimal_text, fraction_of
from replant.case.evidence import ANY
from replant.case.findings import Finding
from replant.case.kinds import text_of
from replant.case.near import near
from replant.case.periods import PLAN, PeriodRow
from replant.case.row import PERIOD, Row
from replant.case.table import Table, with_texts
from replant.units import Cell

Texts = dict[int, dict[str, str]]
"""New texts of a table's cells, by position and column."""


class Fault(Exception):
    """Why a change cannot be made: a code, a rule and a mend."""

    def __init__(self, code: str, rule: str, fix: str) -> None:
        super().__init__(rule)
        self.code = code
        self.rule = rule
        self.fix = fix


@dataclass(frozen=True)
class Change:
    """A change of one cell, or of all that an address with ``*`` names.

    Parameters
    ----------
    address : Cell
        Which cells; id and period may be ``*``. Periods named so are those of the plan: a closed
        year stays as it was reported, unless it is named by itself.
    value : str
        The text of a value, or of a factor.
    action : {"set", "add", "multiply"}
        What to do with the value.
    """

    address: Cell
    value: str
    action: Literal["set", "add", "multiply"] = "set"


@dataclass
class Draft:
    """Changes gathered over some tables, each seeing those before it.

    Parameters
    ----------
    tables : mapping of str to Table
        The tables that have a file.
    row_classes : mapping of str to type of Row
        All tables that exist.
    """

    tables: Mapping[str, Table]
    row_classes: Mapping[str, type[Row]]
    texts: dict[str, Texts] = field(default_factory=dict)

    def make(self, change: Change) -> None:
        """Make one change.

        Raises
        ------
        Fault
            If the address names no cell, or the action does not fit the cell.
        """
        positions = positions_of(change.address, self.tables, self.row_classes)
        table = self.tables[change.address.table]
        column = columns_of(table.row_class)[change.address.column]
        for position in positions:
            if table.parsed[position] is None:
                continue  # it was told what is wrong with the row as it stands
            text = self._changed(table, position, column, change)
            texts = self.texts.setdefault(change.address.table, {})
            texts.setdefault(position, {})[column.name] = text

    def _changed(self, table: Table, position: int, column: Column, change: Change) -> str:
        if change.action == "set":
            keep_filled(column, change.value)
            return change.value
        now = self._text_now(table, position, column)
        if not column.numeric or not now:
            what = "is empty" if column.numeric else "holds no number"
            raise Fault(
                "change", f"{change.action} wants a number, and {column.name} {what}", "use set"
            )
        return decimal_text(combined(change.action, now, change.value))

    def _text_now(self, table: Table, position: int, column: Column) -> str:
        made = self.texts.get(table.row_class.table, {}).get(position, {})
        if column.name in made:
            return made[column.name]
        default = text_of(column.default)
        if column.name not in table.sheet.columns:
            return default
        record = table.sheet.records[position]
        return record[table.sheet.columns.index(column.name)].strip() or default

    def tables_changed(self) -> tuple[dict[str, Table], list[Finding]]:
        """Return all tables with the changes made, and what is wrong with the new values."""
        tables, findings = dict(self.tables), []
        for name, texts in self.texts.items():
            tables[name], found = with_texts(tables[name], texts)
            findings.extend(found)
        return tables, findings


def keep_filled(column: Column, text: str) -> None:
    """Refuse to empty a number that has a default: its default would count unseen."""
    default = text_of(column.default)
    if column.numeric and default and not text.strip():
        rule = f"{column.name} is a number, and an empty cell would make it {default}"
        raise Fault("change", rule, f"write the number, such as {default}")


def combined(action: str, now: str, value: str) -> Fraction:
    """Return the number that adding or multiplying gives."""
    try:
        number, other = fraction_of(now), fraction_of(value)
    except NotADecimal as why:
        raise Fault("change", why.rule, why.fix) from why
    return number + other if action == "add" else number * other


def positions_of(
    address: Cell, tables: Mapping[str, Table], row_classes: Mapping[str, type[Row]]
) -> tuple[int, ...]:
    """Return the positions of the records that an address names.

    Raises
    ------
    Fault
        If it names no table, no row or no column that may change.
    """
    row_class = _row_class(address, row_classes)
    _keep_column(address, row_class)
    table = tables.get(address.table)
    if table is None:
        raise Fault("unknown-row", f"table {address.table} has no rows here", "add its file")
    ids = table.by_id if address.id == ANY else {address.id: table.by_id.get(address.id, ())}
    found = tuple(position for each in ids.values() for position in each)
    if not found:
        rule = f"table {address.table} has no row {address.id}"
        raise Fault("unknown-row", rule, _instead(address.id, table.by_id, "its rows"))
    return _in_period(address, table, found, closed_periods(tables))


def closed_periods(tables: Mapping[str, Table]) -> frozenset[str]:
    """Return the periods and fiscal years that are closed: no part of the plan."""
    periods = tables.get(PeriodRow.table)
    if periods is None:
        return frozenset()
    rows = list(zip(*map(periods.texts, ("id", "fiscal_year", "role")), strict=True))
    planned = {name for *names, role in rows if role == PLAN for name in names}
    return frozenset(name for *names, _ in rows for name in names) - planned


def _instead(word: str, known: Iterable[str], what: str, most: int = 20) -> str:
    """Return the words of a mend: the near miss, and what there is."""
    names = list(dict.fromkeys(known))
    found = near(word, names)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    listed = f"{what}: {', '.join(names[:most])}{more}"
    return f"did you mean {found}? ({listed})" if found else listed


def _row_class(address: Cell, row_classes: Mapping[str, type[Row]]) -> type[Row]:
    row_class = row_classes.get(address.table)
    if row_class is None:
        fix = _instead(address.table, row_classes, "the tables", most=len(row_classes))
        raise Fault("unknown-table", f"there is no table {address.table}", fix)
    return row_class


def _keep_column(address: Cell, row_class: type[Row]) -> None:
    columns = columns_of(row_class)
    if address.column not in columns:
        fix = _instead(address.column, columns, "its columns", most=len(columns))
        raise Fault("unknown-cell", f"table {address.table} has no column {address.column}", fix)
    if address.column in row_class.key:
        rule = f"{address.column} is part of the key and names the row"
        raise Fault("key-changed", rule, "change another column, or the file itself")


def has_periods(row_class: type[Row]) -> bool:
    """Whether the cells of a table are addressed by period."""
    return PERIOD in row_class.key and len(row_class.key) > 1


def _in_period(
    address: Cell, table: Table, found: tuple[int, ...], closed: frozenset[str]
) -> tuple[int, ...]:
    """Keep the positions whose period the address names."""
    named = {each: _period_of(table, each) for each in found}
    if address.period == ANY or not (address.period or has_periods(table.row_class)):
        every = address.period == ANY or address.id == ANY
        return tuple(each for each in found if not every or named[each] not in closed)
    kept = tuple(each for each in found if table.addresses[each][1] == address.period)
    if kept:
        return kept
    row = f"table {address.table} has no row {address.id}"
    if not has_periods(table.row_class):
        raise Fault("unknown-row", f"{row} in a period", "leave the period out")
    if not address.period:
        fix = f"name one, as in {address.table}.{address.id}[{next(iter(named.values()))}], or [*]"
        raise Fault("unknown-row", f"{row} without a period", fix)
    fix = _instead(address.period, named.values(), "its periods")
    raise Fault("unknown-row", f"{row} in the period {address.period!r}", fix)


def _period_of(table: Table, position: int) -> str:
    """Return the period that a record's key names; empty where it names none."""
    key = table.row_class.key
    return table.keys[position][key.index(PERIOD)] if PERIOD in key else ""


def value_text(value: str | int | Fraction) -> str:
    """Return the text of a new value; fractions that are no decimals are refused."""
    try:
        return text_of(value)
    except ValueError as why:
        raise Fault("change", f"{value} is a decimal", "round the number") from why


def made(
    changes: Iterable[Change],
    tables: Mapping[str, Table],
    row_classes: Mapping[str, type[Row]],
) -> tuple[dict[str, Table], list[Fault], list[Finding]]:
    """Make many changes, as far as they can be made.

    Returns
    -------
    tables : dict of str to Table
        All tables.
    faults : list of Fault
        One for each change that could not be made.
    findings : list of Finding
        What is wrong with the new values.
    """
    draft = Draft(tables, row_classes)
    faults = []
    for change in changes:
        try:
            draft.make(change)
        except Fault as fault:
            faults.append(fault)
    changed, findings = draft.tables_changed()
    return changed, faults, findings
