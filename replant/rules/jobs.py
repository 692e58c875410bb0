"""Jobs by region: own, at work, taken over by partners, and what they mean around the plant."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import add
from typing import Annotated, ClassVar

from replant.case import Case, Id, Number, Row, Text, meaning, refers_to
from replant.kernel import Expr
from replant.module import Builder, Sentence, Told
from replant.units import PEOPLE

__all__ = ["Jobs", "Region"]

_COUNTS = (
    "jobs",
    "jobs_at_work",
    "jobs_taken_over",
    "regional_change_low",
    "regional_change_high",
)


class Region(Row):
    """One region in which jobs are counted, with the range of its jobs multiplier."""

    table: ClassVar[str] = "regions"
    id: Id
    name: Text = meaning("Name in words; empty for the id", default="")
    country: Annotated[str | None, refers_to("countries")] = meaning(
        "Country in which it lies", default=None
    )
    jobs_low: Number = meaning(
        "Jobs in the region that change with one own job, itself included: the low view",
        default="1",
        ge=0,
    )
    jobs_high: Number = meaning(
        "Jobs in the region that change with one own job, itself included: the high view",
        default="1",
        ge=0,
    )

    @property
    def title(self) -> str:
        """The name, or the id where there is none."""
        return self.name or self.id


class Jobs:
    """Counts jobs by region; own jobs, those with work and those taken over are never netted."""

    name: ClassVar[str] = "jobs"
    tables: ClassVar[tuple[type[Row], ...]] = (Region,)

    def applies(self, case: Case) -> bool:
        """Return whether the case has regions."""
        return case.has("regions")

    def build(self, case: Case, to: Builder) -> None:
        """Post the counts of each region and period; nothing is bound here."""
        to.stream("heads", ("group", "period"), PEOPLE)
        to.stream("exits", ("group", "kind", "period"), PEOPLE)
        to.stream("at_work", ("group", "period"), PEOPLE)
        for name in _COUNTS:
            to.stream(name, ("region", "period"), PEOPLE)
        people = case.rows("people")
        for region in case.rows("regions"):
            groups = [row for row in people if row.region == region.id]
            if groups:
                self._count(to, region, groups)

    def _count(self, to: Builder, region: Region, groups: list[Row]) -> None:
        opening = reduce(add, (Expr.constant(row.quantity("count")) for row in groups))
        taken_over = Expr.constant(0.0, unit=PEOPLE)
        for index in range(to.count):
            place = {"region": region.id, "period": to.period(index).id}
            period = to.period(index).id
            names = [row.key_values[0] for row in groups]
            jobs, at_work = (
                reduce(add, (to.total(stream, group=name, period=period) for name in names))
                for stream in ("heads", "at_work")
            )
            for name in names:
                taken_over = taken_over + to.total(
                    "exits", group=name, kind="taken_over", period=period
                )
            # Who works on for the buyer or the guest is no job lost to the region.
            change = jobs + taken_over - opening
            to.post("jobs", jobs, **place)
            to.post("jobs_at_work", at_work, **place)
            to.post("jobs_taken_over", taken_over, **place)
            to.post("regional_change_low", change * region.quantity("jobs_low"), **place)
            to.post("regional_change_high", change * region.quantity("jobs_high"), **place)

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say what each region gains or loses by the last period."""
        last = told.clock.last.id
        for region in told.case.rows("regions"):
            groups = [row for row in told.case.rows("people") if row.region == region.id]
            opening = sum(float(row.count) for row in groups)
            jobs = told.stream("jobs", region.id, last)
            if groups and abs(jobs - opening) >= 0.5:
                yield self._sentence(told, region, opening, jobs)

    def _sentence(self, told: Told, region: Region, opening: float, jobs: float) -> Sentence:
        last = told.clock.last.id
        low, high = (
            told.stream(f"regional_change_{view}", region.id, last) for view in ("low", "high")
        )
        taken = told.stream("jobs_taken_over", region.id, last)
        idle = jobs - told.stream("jobs_at_work", region.id, last)
        others = f", {idle:,.0f} of them idle" if idle >= 0.5 else ""
        others += f"; {taken:,.0f} people work for partners instead" if taken >= 0.5 else ""
        return Sentence(
            text=f"{region.title}: own jobs go from {opening:,.0f} to {jobs:,.0f} by the end of "
            f"{last}{others}; with suppliers and shops the region's jobs change by {low:+,.0f} "
            f"to {high:+,.0f}.",
            subject=f"region.{region.id}",
            period=last,
            cells=frozenset((region.cell("jobs_low"), region.cell("jobs_high"))),
        )


MODULE = Jobs()
