"""Firms made in Python: tables by name, rows as plain mappings of column to text or number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from replant.case import CORE, Case, Row, make
from replant.module import row_classes

__all__ = ["Tables", "case_of", "tables_of", "years"]

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
    return {name: [dict(row) for row in case.rows(name)] for name in case.tables if case.has(name)}


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
