"""Which periods of a case are in view, and which rows with them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast, get_args

from replant.case.columns import columns_of
from replant.case.periods import (
    FiscalYear,
    Period,
    PeriodRow,
    Role,
    fiscal_years_of,
    periods_of,
)
from replant.case.row import Row
from replant.case.table import Table

__all__ = ["View"]

_PERIODS = PeriodRow.table


@dataclass(frozen=True, eq=False)
class View:
    """The periods of one role or of one fiscal year.

    Parameters
    ----------
    tables : mapping of str to Table
        The case's tables.
    name : str
        The role or the fiscal year.
    """

    tables: Mapping[str, Table]
    name: str

    @cached_property
    def every(self) -> tuple[PeriodRow, ...]:
        """All periods of the case."""
        return cast(tuple[PeriodRow, ...], self.tables[_PERIODS].rows)

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The periods in view, in the order of time."""
        return periods_of(row for row in self.every if self._sees(row))

    @cached_property
    def fiscal_years(self) -> tuple[FiscalYear, ...]:
        """The fiscal years of the periods in view, in the order of time."""
        return fiscal_years_of(self.periods)

    def rows(self, name: str) -> Iterable[Row]:
        """Return the rows of a table that are in view, none where the case has no such table.

        Parameters
        ----------
        name : str
            The table's name.
        """
        if name not in self.tables:
            return ()
        table = self.tables[name]
        if name == _PERIODS:
            return (row for row in table.rows if self._sees(cast(PeriodRow, row)))
        keyed = _period_columns(table.row_class)
        if not keyed:
            return table.rows
        return (row for row in table.rows if self._keyed_in_view(row, keyed))

    def _keyed_in_view(self, row: Row, keyed: Mapping[str, bool]) -> bool:
        """Whether all periods and fiscal years in a row's key are in view."""
        return not any(
            text in (self._unseen_years if by_year else self._unseen_periods)
            for text, by_year in ((getattr(row, name), each) for name, each in keyed.items())
        )

    def _sees(self, row: PeriodRow) -> bool:
        return self.name == (row.role if self.name in get_args(Role) else row.fiscal_year)

    @cached_property
    def _unseen_periods(self) -> frozenset[str]:
        return frozenset(row.id for row in self.every if not self._sees(row))

    @cached_property
    def _unseen_years(self) -> frozenset[str]:
        every = {row.fiscal_year for row in self.every}
        return frozenset(every - {year.id for year in self.fiscal_years})


def _period_columns(row_class: type[Row]) -> dict[str, bool]:
    """Return the key's attributes that name a period, with whether they name a fiscal year."""
    columns = columns_of(row_class)
    found = {}
    for column in (columns[name] for name in row_class.key):
        targets = column.reference.targets if column.reference else ()
        if any(target.partition(".")[0] == _PERIODS for target in targets):
            found[column.attribute] = f"{_PERIODS}.fiscal_year" in targets
    return found
