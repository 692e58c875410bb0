"""A part of the Nissan case that plans in seconds: some plants, models, markets, with its data.

What refers to a row that is left out is left out too, so that a part is a whole case again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from replant.case import Case, Row, columns_of, make
from replant.module import row_classes
from replant.units import Cell

__all__ = ["changed", "part_of", "scaled", "with_cash"]

# What a case says besides what a plan needs.
_ASIDE = {
    "claims",
    "evidence",
    "sources",
    "tie_out",
    "plans",
    "plan_options",
    "plan_bounds",
    "relations",
}


def part_of(case: Case, keep: Mapping[str, Iterable[str]], without: Iterable[str] = ()) -> Case:
    """Return a part of a case, checked like one that is read.

    Parameters
    ----------
    case : Case
        The whole firm.
    keep : mapping of str to iterable of str
        Table to the ids that stay; a table that is not named keeps every row that still stands on
        others.
    without : iterable of str
        Tables to leave out.
    """
    out = _ASIDE | set(without)
    tables = {name: list(case.rows(name)) for name in case.tables if name not in out}
    for name, ids in keep.items():
        tables[name] = [case.row(name, each) for each in ids]
    while not _settled(case, tables):
        pass
    settings = {
        "name": "part",
        "title": "A part of Nissan",
        "as_of": case.as_of,
        "home_currency": case.settings.home_currency,
        "accounting": case.settings.accounting,
        "units": case.settings.units,
    }
    return make(settings, [row for rows in tables.values() for row in rows], row_classes())


def _settled(case: Case, tables: dict[str, list[Row]]) -> bool:
    """Drop the rows that refer to what is gone; return whether there were none."""
    left = {name: _keys(rows) for name, rows in tables.items()}
    gone = {name: _keys(case.rows(name)) - left.get(name, set()) for name in case.tables}
    before = sum(map(len, tables.values()))
    for name, rows in tables.items():
        tables[name] = [row for row in rows if not _hangs(row, left, gone)]
    return sum(map(len, tables.values())) == before


def _keys(rows: Iterable[Row]) -> set[str]:
    return {str(row.key_values[0]) for row in rows}


def _hangs(row: Row, left: Mapping[str, set[str]], gone: Mapping[str, set[str]]) -> bool:
    """Return whether a row refers to something that is gone from every table it may stand in."""
    for column in columns_of(type(row)).values():
        if column.reference is None:
            continue
        value, targets = getattr(row, column.attribute), column.reference.targets
        for each in value if isinstance(value, tuple) else (value,):
            lost = any(each in gone.get(target, ()) for target in targets)
            if lost and not any(each in left.get(target, ()) for target in targets):
                return True
    return False


def with_cash(case: Case, more: int) -> Case:
    """Return the firm with more cash of its owners: so much that no floor is near, or less."""
    rows = {row.account: row.amount for row in case.rows("opening")}
    return changed(
        case,
        {
            "opening.cash.amount": rows["cash"] + more,
            "opening.equity.amount": rows["equity"] - more,
        },
    )


def changed(case: Case, cells: Mapping[str, str | int | Fraction]) -> Case:
    """Return the case with other values in cells named as everywhere: table.id[period].column."""
    return case.replace_cells({_cell(name): value for name, value in cells.items()})


def _cell(name: str) -> Cell:
    table, _, rest = name.partition(".")
    identifier, _, column = rest.rpartition(".")
    identifier, _, period = identifier.removesuffix("]").partition("[")
    return Cell(table, identifier, period, column)


def scaled(case: Case, cell: str, factor: Fraction | int) -> Case:
    """Return the case with a column multiplied in every row of one id: table.id.column."""
    table, _, rest = cell.partition(".")
    identifier, _, column = rest.rpartition(".")
    found = {
        row.cell(column): getattr(row, column) * factor
        for row in case.rows(table)
        if row.key_values[0] == identifier
    }
    return case.replace_cells(found)
