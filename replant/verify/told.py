"""What a twin is told: the case, the books to write in, the clock and its own decisions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from replant.verify.asked import LINES, Asked
from replant.verify.books import Books
from replant.verify.calendar import Clock

__all__ = ["Labels", "Told"]

Labels = tuple[str, ...]
ZERO = Fraction(0)


@dataclass(frozen=True)
class Told:
    """Everything a twin may touch.

    Parameters
    ----------
    case : Any
        The case.
    books : Books
        The books that all twins share.
    clock : Clock
        Time, calendars, discounting, exchange rates.
    name : str
        The module whose twin this is told to.
    columns : mapping
        The decisions of that module: column name → labels → value.
    plan : mapping
        The decisions of all modules, for rules that speak of options.
    plan_id : str
        The plan's id in the case; empty if it has none.
    asked : Asked
        What a person asked of this plan.
    lines : frozenset of str
        Every line that the books keep.
    """

    case: Any
    books: Books
    clock: Clock
    name: str = ""
    columns: Mapping[str, Mapping[Labels, Fraction]] = field(default_factory=dict)
    plan: Mapping[str, Mapping[str, Mapping[Labels, Fraction]]] = field(default_factory=dict)
    plan_id: str = ""
    asked: Asked = field(default_factory=Asked)
    lines: frozenset[str] = LINES

    @property
    def periods(self) -> tuple[Any, ...]:
        """The plan periods."""
        return self.clock.periods

    def decision(self, name: str, *labels: str) -> Fraction:
        """Return the value of a column; 0 when the plan does not mention it."""
        return self.columns.get(name, {}).get(labels, ZERO)

    def decisions(self, name: str) -> Mapping[Labels, Fraction]:
        """Return all values of a column that the plan mentions, by labels."""
        return self.columns.get(name, {})

    def dated(self, name: str) -> Iterator[tuple[str, str, Fraction]]:
        """Yield id, period and value of a column whose labels are an id and a plan period."""
        for labels, value in self.decisions(name).items():
            if len(labels) == 2 and self.clock.period(labels[1]) is not None:
                yield labels[0], labels[1], value

    def rows(self, table: str) -> Iterable[Any]:
        """Return the rows of a table; none if the case does without it."""
        rows: Iterable[Any] = self.case.rows(table) if self.case.has(table) else ()
        return rows

    def binaries(self, name: str, known: Collection[Labels], rule: str = "labels") -> None:
        """Check that a column has only known labels and values 0 or 1."""
        self.known(name, known, rule)
        for labels, value in self.decisions(name).items():
            self.books.hold(
                rule,
                value in (0, 1),
                f"{_element(name, labels)} must be 0 or 1.",
                amount=value,
                where=",".join(labels),
            )

    def amounts(self, name: str, known: Collection[Labels], rule: str = "labels") -> None:
        """Check that a column has only known labels and no negative values."""
        self.known(name, known, rule)
        for labels, value in self.decisions(name).items():
            self.books.hold(
                rule,
                value >= 0,
                f"{_element(name, labels)} must not be negative.",
                amount=-value,
                where=",".join(labels),
            )

    def known(self, name: str, known: Collection[Labels], rule: str = "labels") -> None:
        """Check that a column has only known labels; unknown ones with value 0 are breaches too."""
        for labels in self.decisions(name):
            self.books.hold(
                rule,
                labels in known,
                f"The case has no {_element(name, labels)}.",
                where=",".join(labels),
            )


def _element(name: str, labels: Labels) -> str:
    return f"{name}[{','.join(labels)}]"
