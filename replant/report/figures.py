"""The figures of one plan: from the exact books where they have them, else from the rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from replant.plan import Planned
from replant.report.data import Time
from replant.report.words import Wording

__all__ = ["Figures"]

NOW = "now"


@dataclass(frozen=True, eq=False)
class Figures:
    """Asks a plan for figures; with scenarios they are expected values.

    Parameters
    ----------
    plan : Planned
        The plan.
    """

    plan: Planned

    @staticmethod
    def of(plan: Planned) -> Figures:
        """Return the figures of a plan; of its only future where it has one."""
        return Figures(plan.leaves[0].plan if len(plan.leaves) == 1 else plan)

    @cached_property
    def leaves(self) -> tuple[tuple[Fraction, Figures], ...]:
        """The figures of each future with its probability; these alone where there is one."""
        if len(self.plan.leaves) == 1:
            return ((Fraction(1), self),)
        return tuple((leaf.probability, Figures(leaf.plan)) for leaf in self.plan.leaves)

    @property
    def case(self) -> Any:
        """The case that was planned."""
        return self.plan.case

    @cached_property
    def periods(self) -> tuple[str, ...]:
        """Ids of the periods."""
        return tuple(period.id for period in self.case.periods)

    @cached_property
    def times(self) -> tuple[str, ...]:
        """``now``, then the periods."""
        return (NOW, *self.periods)

    @cached_property
    def wording(self) -> Wording:
        """How the case writes money."""
        return Wording(self.case.settings.units.money)

    @cached_property
    def _exact(self) -> frozenset[str]:
        return frozenset(self.plan.verification.books.streams())

    def exact(self, stream: str, *labels: str) -> Fraction:
        """Return an element from the exact books."""
        return self.plan.verification.books.total(stream, *labels)

    def at(self, stream: str, *labels: str) -> float:
        """Return an element: exact where the second engine has the stream."""
        if stream in self._exact:
            return float(self.exact(stream, *labels))
        return self.plan.row(stream, *labels)

    def by_period(self, stream: str, *labels: str) -> tuple[float, ...]:
        """Return a stream's elements over the periods, its last label."""
        return tuple(self.at(stream, *labels, period) for period in self.periods)

    def has(self, stream: str) -> bool:
        """Whether anybody posted to a stream."""
        return stream in self._exact or stream in self.plan.rows

    def rows(self, table: str) -> tuple[Any, ...]:
        """Return the rows of a table; none where the case has no such table."""
        return self.case.rows(table) if self.case.has(table) else ()

    def decided(self, module: str, name: str) -> Iterator[tuple[tuple[str, ...], float]]:
        """Yield the labels and the value of each decision of one name that is not nil."""
        for column, text in self.plan.decisions.get(module, {}).items():
            called, _, labels = column.removesuffix("]").partition("[")
            if called == name:
                yield tuple(labels.split(",")), float(text)

    @cached_property
    def discount(self) -> dict[str, Fraction]:
        """Exact discount factor of each time at the case's rate."""
        rate = next((Fraction(row.discount_rate) for row in self.rows("valuation")), Fraction(0))
        factors, factor = {NOW: Fraction(1)}, Fraction(1)
        for period in self.case.periods:
            factor /= 1 + rate * period.years
            factors[period.id] = factor
        return factors

    @cached_property
    def column_values(self) -> dict[str, float]:
        """Value of each column by its label, in one future; the label of a constant has 1."""
        columns = self.plan.program.columns
        found = dict(zip(columns.labels, self.plan.values.tolist(), strict=True))
        return {**found, "": 1.0}

    @cached_property
    def columns(self) -> tuple[Time, ...]:
        """The times with their dates; ``now`` is the day of the first start."""
        first = self.case.periods[0]
        now = Time(NOW, first.fiscal_year, f"{first.start}", f"{first.start}", 0)
        later = (
            Time(each.id, each.fiscal_year, f"{each.start}", f"{each.last_day}", each.months)
            for each in self.case.periods
        )
        return (now, *later)

    @cached_property
    def years(self) -> tuple[str, ...]:
        """The fiscal years, in order."""
        return tuple(year.id for year in self.case.fiscal_years)
