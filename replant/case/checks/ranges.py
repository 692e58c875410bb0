"""Ranges: a number lies within what its own evidence says is likely."""

from collections.abc import Iterator
from fractions import Fraction

from replant.case.checks.loaded import Loaded
from replant.case.columns import columns_of
from replant.case.evidence import ANY, Evidence, EvidenceRow
from replant.case.findings import Finding, finding
from replant.case.kinds import text_of
from replant.case.table import Table

__all__ = ["values_in_range"]


def values_in_range(loaded: Loaded) -> Iterator[Finding]:
    """Find numbers outside the range that their own evidence gives."""
    ranged = {
        row.about for row in loaded.evidence.rows if row.low is not None or row.high is not None
    }
    for table in loaded.tables.values():
        if ranged & {table.row_class.table, ANY}:
            yield from _values_in_range(loaded.evidence, table)


def _values_in_range(known: Evidence, table: Table) -> Iterator[Finding]:
    columns, written = columns_of(table.row_class), set(table.sheet.columns)
    # a column that stands there under a mistyped heading has none of its own values
    lost = set(columns) - written if written - set(columns) else set()
    numeric = [each for each in columns.values() if each.numeric and each.name not in lost]
    for number, row in table.numbered():
        for column in numeric:
            value = getattr(row, column.attribute)
            behind = known.of(row.cell(column.name))
            if value is None or behind is None or _between(behind, value):
                continue
            yield finding(
                "value-outside-range",
                table.sheet.file,
                f"its evidence gives {text_of(behind.low)} to {text_of(behind.high)}",
                "check the value, or widen the range",
                row=number,
                column=column.name,
                value=text_of(value),
            )


def _between(behind: EvidenceRow, value: Fraction) -> bool:
    above = behind.low is None or behind.low <= value
    return above and (behind.high is None or value <= behind.high)
