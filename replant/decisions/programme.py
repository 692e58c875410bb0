"""Which investments go ahead and when: new models, next-generation vehicles, charging."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Annotated, ClassVar

from replant.case import (
    Case,
    Id,
    Money,
    Months,
    OptionalDate,
    People,
    Row,
    Text,
    meaning,
    refers_to,
)
from replant.kernel import Expr
from replant.module import Builder, Sentence, Told
from replant.units import MONEY, ONE, PEOPLE

__all__ = ["Programme", "Programmes"]

Starts = dict[int, Expr]


class Programme(Row):
    """One programme: started in one period, or never (stopped)."""

    table: ClassVar[str] = "programmes"
    id: Id
    name: Text = meaning("Name in words; empty for the id", default="")
    kind: Text = meaning("What it is: a new model, a platform, charging, a plant line", default="")
    model: Annotated[str | None, refers_to("models")] = meaning(
        "Model that it renews; empty when it renews none", default=None
    )
    investment: Money = meaning("What is invested in tools and plant", default="0", ge=0)
    investment_life_months: Months = meaning(
        "Months over which the investment is written off, from the start of production",
        default="84",
        ge=1,
    )
    development: Money = meaning("What is spent on development", default="0", ge=0)
    spent: Annotated[str | None, refers_to("calendars", also=("none",))] = meaning(
        "Calendar by which both are paid; empty for all at once", default=None
    )
    lead_months: Months = meaning("Months from the start to production", default="0", ge=0)
    earliest: OptionalDate = meaning("First day on which it may start", default=None)
    latest: OptionalDate = meaning("Last day on which it may start", default=None)
    cycle_months: Months = meaning(
        "Months after which it is spent anew beyond the horizon; 0: never", default="0", ge=0
    )
    benefit: Money = meaning("What it brings a year once in production", default="0")
    people: People = meaning("R&D people at work on it until production", default="0", ge=0)

    @property
    def title(self) -> str:
        """The name, or the id where there is none."""
        return self.name or self.id


class Programmes:
    """Starts each programme at most once, and books its money, its people and the renewal."""

    name: ClassVar[str] = "programme"
    tables: ClassVar[tuple[type[Row], ...]] = (Programme,)

    def applies(self, case: Case) -> bool:
        """Return whether the case has programmes."""
        return case.has("programmes")

    def build(self, case: Case, to: Builder) -> None:
        """Add a binary for each programme and open period, and what hangs on it."""
        to.stream("renewed", ("model", "period"), ONE)
        to.stream("rd_people_used", ("period",), PEOPLE)
        to.stream("offered", ("model", "period"), ONE)
        to.stream("renewal_investment", (), MONEY)
        to.stream("renewal_development", (), MONEY)
        rows = case.rows("programmes")
        starts = self._starts(to, rows)
        for row in rows:
            self._choose(to, row, starts[row.id])
            for index, start in starts[row.id].items():
                ready = to.clock.ready(index, row.lead_months)
                self._spend(to, row, index, ready, start)
                self._renew(to, row, ready, start)
                self._occupy(to, row, index, ready, start)
            self._earn(to, row, starts[row.id])
            self._come_again(to, row, starts[row.id])

    def _starts(self, to: Builder, rows: tuple[Programme, ...]) -> dict[str, Starts]:
        """Return each programme's columns by the index of the period in which it starts."""
        labels = {
            (row.id, index): f"{row.id},{to.period(index).id}"
            for row in rows
            for index in to.clock.open_periods(row.earliest, row.latest)
        }
        found: dict[str, Starts] = {row.id: {} for row in rows}
        if labels:
            start = to.choice("start", to.dimension("start", labels.values()))
            for (programme, index), label in labels.items():
                found[programme][index] = start.at(start=label)
        return found

    def _choose(self, to: Builder, row: Programme, starts: Starts) -> None:
        taken = reduce(add, starts.values(), Expr.constant(0))
        if len(starts) > 1:
            to.require(
                "once",
                taken,
                upper=1.0,
                rule=f"{row.title} starts at most once.",
                programme=row.id,
            )
        to.option(f"programme.{row.id}", taken, f"{row.title} goes ahead.")

    def _spend(self, to: Builder, row: Programme, index: int, ready: int, start: Expr) -> None:
        """Book investment and development of a start: paid by calendar, charged as they fall."""
        paid = to.clock.parts(index, row.spent)
        if row.investment:
            to.item(
                amount=start * row.quantity("investment"),
                expense="depreciation",
                balance="ppe",
                recognised=to.clock.straight_line(ready, row.investment_life_months),
                paid=paid,
            )
        if row.development:
            to.item(
                amount=start * row.quantity("development"),
                expense="rd",
                balance="provisions",
                recognised=paid,
                paid=paid,
            )

    def _renew(self, to: Builder, row: Programme, ready: int, start: Expr) -> None:
        if row.model:
            for later in range(ready, to.count):
                to.post("renewed", start, model=row.model, period=to.period(later).id)

    def _occupy(self, to: Builder, row: Programme, index: int, ready: int, start: Expr) -> None:
        if row.people:
            for under_way in range(index, ready):
                at_work = start * row.quantity("people")
                to.post("rd_people_used", at_work, period=to.period(under_way).id)

    def _earn(self, to: Builder, row: Programme, starts: Starts) -> None:
        """Book the benefit in every period from production on."""
        if not row.benefit:
            return
        for period in range(to.count):
            running = [
                start
                for index, start in starts.items()
                if to.clock.ready(index, row.lead_months) <= period
            ]
            if running:
                to.entry(
                    debit="cash",
                    credit="other_operating",
                    amount=reduce(add, running)
                    * (row.quantity("benefit") * to.clock.years(period)),
                    time=to.period(period).id,
                    recurring=True,
                )

    def _come_again(self, to: Builder, row: Programme, starts: Starts) -> None:
        """Post what it costs a year, beyond the horizon, to do the programme once every cycle.

        A model that is still offered is renewed for ever, whether or not it was within the
        horizon: what is sold for ever cannot age for ever. What renews no model is renewed if it
        was started.
        """
        if not row.cycle_months:
            return
        if row.model:
            last = to.period(to.count - 1).id
            goes_on = to.total("offered", default=1.0, model=row.model, period=last)
        else:
            goes_on = reduce(add, starts.values(), Expr.constant(0))
        a_year = Fraction(12) / row.cycle_months
        for column in ("investment", "development"):
            if getattr(row, column):
                amount = goes_on * (row.quantity(column) * a_year)
                to.post(f"renewal_{column}", amount)

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say which programmes go ahead, when, and what they cost and bring."""
        rows = {row.id: row for row in told.case.rows("programmes")}
        indices = {period.id: period.index for period in told.case.periods}
        for labels, value in told.chosen("start").items():
            programme, period = ",".join(labels).split(",")
            if value > 0.5:
                yield self._sentence(told, rows[programme], indices[period])

    def _sentence(self, told: Told, row: Programme, index: int) -> Sentence:
        money = told.case.settings.units.money
        period = told.case.periods[index]
        ready = told.clock.ready(index, row.lead_months)
        words = [
            f"{amount} {float(getattr(row, column)):,.1f} {money}{after}"
            for column, amount, after in (
                ("investment", "investment", ""),
                ("development", "development", ""),
                ("benefit", "benefit", " a year"),
            )
            if getattr(row, column)
        ]
        when = (
            f"in production from {told.case.periods[ready].id}"
            if ready < len(told.case.periods)
            else "in production after the horizon"
        )
        renews = f", renews {_model(row, told)}" if row.model else ""
        listed = f": {', '.join(words)}" if words else ""
        return Sentence(
            text=f"{row.title} starts at the start of {period.id}, {when}{renews}{listed}.",
            subject=f"programme.{row.id}",
            option=f"programme.{row.id}",
            period=period.id,
            cells=frozenset(
                row.cell(each) for each in ("investment", "development", "benefit", "lead_months")
            ),
        )


def _model(row: Programme, told: Told) -> str:
    """Return the name of the model that a programme renews."""
    found = told.case.find("models", str(row.model)) if told.case.has("models") else None
    return str(getattr(found, "name", "") or row.model)


MODULE = Programmes()
