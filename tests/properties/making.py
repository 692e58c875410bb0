"""Firms made in Python: tables by name, rows as plain mappings of column to text or number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from replant.case import CORE, Case, Row, columns_of, make
from replant.module import row_classes
from replant.units import MONEY, ONE, PAY, UNIT_VALUE, VOLUME, Unit

__all__ = ["Tables", "case_of", "names_of", "rescaled", "tables_of", "years"]

Tables = dict[str, list[dict[str, Any]]]

SETTINGS = {
    "name": "made",
    "title": "Made",
    "as_of": "2024-12-31",
    "home_currency": "JPY",
}


def case_of(tables: Mapping[str, Iterable[Mapping[str, Any]]], **settings: Any) -> Case:
    """Return a case of plain rows, checked like one that is read; empty tables are left out."""
    classes = {each.table: each for each in (*CORE, *row_classes())}
    rows = [_row(classes[table], cells) for table, lines in tables.items() for cells in lines]
    accounting = {"regime": [{"standard": "JGAAP", "from": "2020-01-01"}]}
    given = {**SETTINGS, "accounting": accounting, **settings}
    return make(given, rows, row_classes())


def tables_of(case: Case) -> Tables:
    """Return the rows of a case as plain mappings, to be changed and made into a case again."""
    return {name: [dict(row) for row in case.rows(name)] for name in names_of(case)}


def _row(row_class: type[Row], cells: Mapping[str, Any]) -> Row:
    return row_class.model_validate({name: _text(value) for name, value in cells.items()})


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def years(count: int, months: int = 12, first: int = 2025) -> list[dict[str, Any]]:
    """Return periods P1, P2, … of one length from January; fiscal years are calendar years."""
    found = []
    for index in range(count):
        year, month = divmod(index * months, 12)
        start = date(first + year, month + 1, 1)
        found.append(
            {
                "id": f"P{index + 1}",
                "start": start.isoformat(),
                "months": months,
                "fiscal_year": f"FY{first + year}",
            }
        )
    return found


def rescaled(case: Case, *, money: int = 1, volume: int = 1) -> Tables:
    """Return the rows of a case stated in units that are so many times smaller."""
    factors = {
        MONEY: Fraction(money),
        VOLUME: Fraction(volume),
        UNIT_VALUE: Fraction(money, volume),
        PAY: Fraction(money),
    }
    return {name: [_rescaled(row, factors) for row in case.rows(name)] for name in names_of(case)}


def _rescaled(row: Row, factors: Mapping[Unit, Fraction]) -> dict[str, Any]:
    cells = dict(row)
    for column in columns_of(type(row)).values():
        value, factor = cells[column.attribute], factors.get(column.unit or ONE)
        if value is not None and factor is not None and column.numeric:
            cells[column.attribute] = value * factor
    return cells


def names_of(case: Case) -> list[str]:
    """Return the names of the tables that have rows."""
    return [each.table for each in (*CORE, *row_classes()) if case.has(each.table)]
