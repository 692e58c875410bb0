"""Reported volumes: in a closed year, what was shipped is what was reported, not what is best."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from replant.case import Case, Row, Volume, meaning, refers_to
from replant.kernel import Expr
from replant.module import Builder, Sentence, Told
from replant.units import VOLUME

__all__ = ["ReportedVolume", "ReportedVolumes"]


class ReportedVolume(Row):
    """What one line shipped to one market in a closed year."""

    table: ClassVar[str] = "reported_volumes"
    key: ClassVar[tuple[str, ...]] = ("line", "market", "period")
    line: Annotated[str, refers_to("lines")]
    market: Annotated[str, refers_to("markets")]
    period: Annotated[str, refers_to("periods")]
    volume: Volume = meaning("Volume shipped in the period", ge=0)


class ReportedVolumes:
    """Holds shipments of a closed year at what was reported.

    A fresh case shows only the periods that are planned, so this rule applies only where the case
    is read as one of its closed years.
    """

    name: ClassVar[str] = "reported_volumes"
    tables: ClassVar[tuple[type[Row], ...]] = (ReportedVolume,)

    def applies(self, case: Case) -> bool:
        """Return whether volumes of the years in view are reported."""
        return case.has("reported_volumes")

    def build(self, case: Case, to: Builder) -> None:
        """Hold each reported shipment."""
        to.stream("shipped", ("line", "market", "period"), VOLUME)
        for row in case.rows("reported_volumes"):
            shipped = to.total("shipped", line=row.line, market=row.market, period=row.period)
            to.require(
                "reported",
                shipped - Expr.constant(row.quantity("volume")),
                lower=0.0,
                upper=0.0,
                rule=f"{row.line} shipped what was reported to {row.market} in {row.period}.",
                line=row.line,
                market=row.market,
                period=row.period,
            )

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say nothing: what was reported was not chosen here."""
        yield from ()


MODULE = ReportedVolumes()
