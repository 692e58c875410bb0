"""Limits: any row of the ledger, bounded from a table, in its owner's words."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import ClassVar

from replant.case import Case, Row
from replant.kernel import Expr
from replant.module import Builder, Sentence, Told

__all__ = ["Limits"]


class Limits:
    """Bounds stream elements: jobs in a region, platforms in a year, debt at a date."""

    name: ClassVar[str] = "limits"
    tables: ClassVar[tuple[type[Row], ...]] = ()

    def applies(self, case: Case) -> bool:
        """Return whether the case sets limits."""
        return case.has("limits")

    def build(self, case: Case, to: Builder) -> None:
        """Add one row for each limit."""
        for row in case.rows("limits"):
            element = to.element(row.stream, row.labels)
            for name, sign in (("lower", 1.0), ("upper", -1.0)):
                if getattr(row, name) is None:
                    continue
                bound = Expr.constant(float(row.quantity(name)), unit=element.unit)
                to.require(
                    name,
                    (element - bound) * sign,
                    lower=0.0,
                    upper=inf,
                    rule=row.sentence,
                    limit=row.id,
                )

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say nothing: limits bind, they are not chosen."""
        yield from ()


MODULE = Limits()
