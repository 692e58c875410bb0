"""The case: all tables of a firm, frozen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, get_args, overload

from replant.case import changes
from replant.case.changes import Change, Fault
from replant.case.columns import columns_of
from replant.case.evidence import Evidence, EvidenceRow
from replant.case.findings import Finding, Findings, finding
from replant.case.fingerprint import fingerprint_of
from replant.case.near import suggestion
from replant.case.periods import (
    PLAN,
    FiscalYear,
    Period,
    PeriodRow,
    Role,
    period_after,
)
from replant.case.press import ClaimRow
from replant.case.row import KEY_SEPARATOR, Row
from replant.case.scenarios import Scenario, ScenarioChange
from replant.case.settings import Settings
from replant.case.sources import Source
from replant.case.table import Table
from replant.case.view import View
from replant.errors import UsageError
from replant.units import Cell

R = TypeVar("R", bound=Row)

_PERIODS = PeriodRow.table


@dataclass(frozen=True, eq=False)
class Case:
    """A firm's case: settings and tables, never changed; a change makes another case.

    Use `read` to get one. What a case shows follows its view: rows whose key names a period
    appear only while that period is in view, and the view is the plan unless `for_year` chose
    another.

    Parameters
    ----------
    settings : Settings
        What case.toml says.
    tables : mapping of str to Table
        The tables that have a file.
    row_classes : mapping of str to type of Row
        All tables that exist, by name.
    path : Path or None
        The folder it was read from.
    settings_text : str
        The text of case.toml.
    findings : Findings
        What reading found that did not stop it.
    view : str
        The role or fiscal year whose periods are in view.
    scenario : str or None
        The scenario whose changes are made.
    """

    settings: Settings
    tables: Mapping[str, Table]
    row_classes: Mapping[str, type[Row]]
    path: Path | None = None
    settings_text: str = ""
    findings: Findings = field(default_factory=Findings)
    view: str = PLAN
    scenario: str | None = None

    def __repr__(self) -> str:
        """Return name, date, view and scenario."""
        scenario = f", scenario {self.scenario}" if self.scenario else ""
        return f"Case({self.name}, {self.as_of}, {self.view}{scenario})"

    @property
    def name(self) -> str:
        """The case's name."""
        return self.settings.name

    @property
    def as_of(self) -> date:
        """The day on which the plan is made; nothing known later may enter."""
        return self.settings.as_of

    # ── rows ──

    @overload
    def rows(self, table: type[R]) -> tuple[R, ...]: ...
    @overload
    def rows(self, table: str) -> tuple[Any, ...]: ...
    def rows(self, table: str | type[Row]) -> tuple[Any, ...]:
        """Return the rows of a table that are in view; none if the case has no such file.

        Parameters
        ----------
        table : str or type of Row
            The table's name, or its row class, which keeps the type.

        Raises
        ------
        UsageError
            If no such table exists at all.
        """
        name = self._named(table)
        if name not in self._in_view:
            self._in_view[name] = tuple(self._seen.rows(name))
        return self._in_view[name]

    @overload
    def row(self, table: type[R], *key: str) -> R: ...
    @overload
    def row(self, table: str, *key: str) -> Any: ...
    def row(self, table: str | type[Row], *key: str) -> Any:
        """Return one row by its key, whether its period is in view or not.

        Parameters
        ----------
        table : str or type of Row
            The table.
        *key : str
            The parts of the key in their order, or all of them joined with slashes.

        Raises
        ------
        UsageError
            If there is no such row; `find` returns None instead.
        """
        found = self.find(table, *key)
        if found is None:
            name = self._named(table)
            known = self.tables[name].by_id if name in self.tables else ()
            wanted = KEY_SEPARATOR.join(key)
            fix = suggestion(wanted, known, "check its key")
            raise UsageError(f"table {name} has no row {wanted}; {fix}")
        return found

    @overload
    def find(self, table: type[R], *key: str) -> R | None: ...
    @overload
    def find(self, table: str, *key: str) -> Any: ...
    def find(self, table: str | type[Row], *key: str) -> Any:
        """Return one row by its key, or None."""
        name = self._named(table)
        joined = KEY_SEPARATOR.join(key)
        return self.tables[name].by_key.get(joined) if name in self.tables else None

    def called(self, table: str, key: str) -> str:
        """Return what a row is called in words; its id where it has no name."""
        return str(getattr(self.find(table, key), "name", "") or key)

    def has(self, table: str | type[Row]) -> bool:
        """Whether the case has rows of a table; a module without its table stays away."""
        name = table if isinstance(table, str) else table.table
        return name in self.tables and bool(self.tables[name].rows)

    def unit_label(self, table: str | type[Row], column: str) -> str:
        """Return what a column's numbers count, in the words of case.toml."""
        kind = columns_of(self.row_classes[self._named(table)])[column].kind
        return self.settings.units.label(kind)

    def _named(self, table: str | type[Row]) -> str:
        name = table if isinstance(table, str) else table.table
        if name not in self.row_classes:
            fix = suggestion(name, self.row_classes, f"known: {', '.join(self.row_classes)}")
            raise UsageError(f"no table is called {name}; {fix}")
        return name

    @cached_property
    def _in_view(self) -> dict[str, tuple[Row, ...]]:
        return {}

    @cached_property
    def _seen(self) -> View:
        return View(self.tables, self.view)

    # ── time ──

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The periods in view, in the order of time."""
        return self._seen.periods

    @cached_property
    def fiscal_years(self) -> tuple[FiscalYear, ...]:
        """The fiscal years of the periods in view, in the order of time."""
        return self._seen.fiscal_years

    def period(self, name: str) -> Period:
        """Return a period in view by its id."""
        for period in self.periods:
            if period.id == name:
                return period
        known = [period.id for period in self.periods]
        raise UsageError(f"no period {name} in view; {suggestion(name, known, 'check its id')}")

    def period_after(self, index: int, months: int) -> Period | None:
        """Return the first period that ends no earlier than some months after one's start."""
        return period_after(self.periods, index, months)

    def for_year(self, view: str) -> "Case":
        """Return the case as seen in the periods of another role or of one fiscal year.

        Parameters
        ----------
        view : str
            ``plan``, ``base``, ``predict``, or a fiscal year.
        """
        seen = replace(self, view=view)
        if not seen.periods:
            years = {row.fiscal_year for row in self._seen.every}
            fix = suggestion(view, [*get_args(Role), *years], "check the periods table")
            raise UsageError(f"no period has the role or fiscal year {view}; {fix}")
        return seen

    # ── what the numbers rest on ──

    @cached_property
    def evidence(self) -> Evidence:
        """The evidence, found by cell."""
        return Evidence(self.rows(EvidenceRow))

    @cached_property
    def claims(self) -> Mapping[str, ClaimRow]:
        """The claims by their ids."""
        return {row.claim_id: row for row in self.rows(ClaimRow)}

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The sources by their ids."""
        return {row.source_id: row for row in self.rows(Source)}

    # ── other cases ──

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios, in the order of their file."""
        return self.rows(Scenario)

    @property
    def leaves(self) -> tuple[Scenario, ...]:
        """The scenarios that a plan of this case must face.

        None once one of them is chosen, and none in a view of the past.
        """
        return self.scenarios if self.scenario is None and self.view == PLAN else ()

    def in_scenario(self, name: str) -> "Case":
        """Return the case with the changes of one scenario made.

        Raises
        ------
        UsageError
            If there is no such scenario, or another one's changes are made already.
        """
        if self.scenario is not None:
            raise UsageError(f"the case is in scenario {self.scenario} already")
        self.row(Scenario, name)
        wanted = [row for row in self.rows(ScenarioChange) if row.scenario == name]
        case = self._changed([change_of(row) for row in wanted]) if wanted else self
        return replace(case, scenario=name)

    def replace_cells(self, values: Mapping[Cell, str | int | Fraction]) -> "Case":
        """Return the case with other values in some cells.

        Parameters
        ----------
        values : mapping of Cell to str, int or Fraction
            The new values; a cell's id and period may be ``*``.

        Raises
        ------
        CaseError
            If a cell does not exist or its new value is not allowed; with all findings.
        """
        try:
            wanted = [Change(cell, changes.value_text(each)) for cell, each in values.items()]
        except Fault as fault:
            Findings([_fault_finding(fault)]).raise_errors(self.name)
            raise
        return self._changed(wanted)

    def _changed(self, wanted: Iterable[Change]) -> "Case":
        tables, faults, findings = changes.made(wanted, self.tables, self.row_classes)
        findings += [_fault_finding(fault) for fault in faults]
        Findings(findings).raise_errors(self.name)
        return replace(self, tables=tables)

    # ── identity ──

    @cached_property
    def fingerprint(self) -> str:
        """The sha256 of what the case says, however its files are written.

        The order of rows and columns, empty optional cells, quoting and trailing zeros do not
        matter, nor does the case's name.
        """
        return fingerprint_of(self.settings, self.view, self.tables)


def change_of(row: ScenarioChange) -> Change:
    """Return the change that a row of scenario_changes describes."""
    address = Cell(row.changed_table, row.id, row.changed_period, row.column)
    return Change(address, row.value, row.action)


def _fault_finding(fault: Fault) -> Finding:
    return finding(fault.code, "", fault.rule, fault.fix)
