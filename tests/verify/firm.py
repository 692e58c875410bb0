"""A firm made of plain rows: all that the exact engine asks of a case, and nothing more."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from types import SimpleNamespace
from typing import Any


class Line(SimpleNamespace):
    """A row whose missing cells are empty."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return None


@dataclass(frozen=True)
class Span:
    id: str
    index: int
    start: date
    months: int
    fiscal_year: str
    decisions: bool = True
    model_change: bool = True
    over: bool = False


@dataclass(frozen=True)
class Accounting:
    """Dated accounting standards."""

    standards: tuple[tuple[date, str], ...] = ()

    def standard_on(self, day: date) -> str | None:
        begun = [each for each in self.standards if each[0] <= day]
        return max(begun)[1] if begun else None


@dataclass
class Firm:
    """Tables by name, each a list of rows."""

    periods: tuple[Span, ...]
    tables: dict[str, list[Line]] = field(default_factory=dict)
    standards: tuple[tuple[date, str], ...] = ()
    scenario: str | None = None

    @property
    def leaves(self) -> tuple[Line, ...]:
        return tuple(self.tables.get("scenarios", ())) if self.scenario is None else ()

    def in_scenario(self, name: str) -> Firm:
        """The firm in a scenario that changes what ``changed[name]`` of its tables say."""
        changed = next(each for each in self.tables["scenarios"] if each.id == name).changed or {}
        return replace(self, scenario=name, tables={**self.tables, **changed})

    @property
    def settings(self) -> Any:
        return SimpleNamespace(home_currency="JPY", accounting=Accounting(self.standards))

    def has(self, table: str) -> bool:
        return bool(self.tables.get(table))

    def rows(self, table: str) -> tuple[Line, ...]:
        return tuple(self.tables[table])

    def row(self, table: str, name: str) -> Line:
        return next(each for each in self.tables[table] if each.id == name)

    def add(self, table: str, **cells: Any) -> Firm:
        """Add a row; numbers are given as decimal texts or whole numbers."""
        self.tables.setdefault(table, []).append(Line(**{k: _cell(v) for k, v in cells.items()}))
        return self


def _cell(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Fraction(str(value))
    try:
        return Fraction(value) if isinstance(value, str) else value
    except ValueError:
        return value


def years(count: int, first: int = 2025, months: int = 12) -> tuple[Span, ...]:
    """Return fiscal years from April as periods, cut into parts of so many months."""
    parts = 12 // months
    return tuple(
        Span(
            id=f"{year}" if parts == 1 else f"{year}Q{part + 1}",
            index=(year - first) * parts + part,
            start=date(year + (3 + part * months) // 12, (3 + part * months) % 12 + 1, 1),
            months=months,
            fiscal_year=f"FY{year}",
        )
        for year in range(first, first + count)
        for part in range(parts)
    )


def firm(count: int = 5, months: int = 12, rate: str = "0.08", **more: Any) -> Firm:
    """Return an empty firm valued at a rate, without a terminal value."""
    made = Firm(years(count, months=months), **more)
    return made.add("valuation", id="value", discount_rate=rate, terminal_share=0)
