"""How many part variants each family keeps: one choice from a menu, phased in by a calendar."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Annotated, ClassVar

from replant.case import Case, Id, Money, OptionalDate, Row, Text, Whole, meaning, refers_to
from replant.kernel import Expr
from replant.ledger import NOW
from replant.module import Builder, Sentence, Told
from replant.units import ONE

__all__ = ["Complexity", "PartFamily", "PartOption"]

Choices = dict[int, Expr]


class PartFamily(Row):
    """One family of parts, with the number of variants it has today."""

    table: ClassVar[str] = "part_families"
    id: Id
    name: Text = meaning("Name in words; empty for the id", default="")
    variants: Whole = meaning("Number of variants today", ge=1)

    @property
    def title(self) -> str:
        """The name, or the id where there is none."""
        return self.name or self.id


class PartOption(Row):
    """One number of variants that a family may come down to, with what it saves and costs."""

    table: ClassVar[str] = "part_options"
    id: Id
    family: Annotated[str, refers_to("part_families")]
    variants: Whole = meaning("Number of variants that are left", ge=1)
    saving: Money = meaning("Saving a year at full effect, net of parts that turn dearer")
    cost: Money = meaning("What it costs once to engineer and validate", default="0", ge=0)
    phase_in: Annotated[str | None, refers_to("calendars", also=("none",))] = meaning(
        "Calendar by which the saving arrives; empty for all at once", default=None
    )
    earliest: OptionalDate = meaning("First day on which it may be chosen", default=None)
    latest: OptionalDate = meaning("Last day on which it may be chosen", default=None)


class Complexity:
    """Chooses at most one option for each family, once, and books saving and cost."""

    name: ClassVar[str] = "complexity"
    tables: ClassVar[tuple[type[Row], ...]] = (PartFamily, PartOption)

    def applies(self, case: Case) -> bool:
        """Return whether the case has part families."""
        return case.has("part_families")

    def build(self, case: Case, to: Builder) -> None:
        """Add a binary for each option and open period, and what hangs on it."""
        to.stream("variants", ("family", "period"), ONE)
        options = case.rows("part_options")
        chosen = self._choices(to, options)
        for option in options:
            self._offer(to, option, chosen[option.id])
        for family in case.rows("part_families"):
            own = [option for option in options if option.family == family.id]
            self._one_of(to, family, [chosen[option.id] for option in own])
            self._count(to, family, own, chosen)

    def _choices(self, to: Builder, options: tuple[PartOption, ...]) -> dict[str, Choices]:
        """Return each option's columns by the index of the period in which it is chosen."""
        labels = {
            (option.id, index): f"{option.id},{to.period(index).id}"
            for option in options
            for index in to.clock.open_periods(option.earliest, option.latest)
        }
        found: dict[str, Choices] = {option.id: {} for option in options}
        if labels:
            choose = to.choice("choose", to.dimension("choose", labels.values()))
            for (option, index), label in labels.items():
                found[option][index] = choose.at(choose=label)
        return found

    def _offer(self, to: Builder, option: PartOption, choices: Choices) -> None:
        taken = reduce(add, choices.values(), Expr.constant(0))
        name = to.case.called("part_families", option.family)
        sentence = f"{name}: down to {option.variants} variants."
        to.option(f"parts.{option.id}", taken, sentence)
        for index, choice in choices.items():
            if option.cost:
                to.entry(
                    debit="rd",
                    credit="cash",
                    amount=choice * option.quantity("cost"),
                    time=to.clock.at(index),
                )
        self._save(to, option, choices)

    def _save(self, to: Builder, option: PartOption, choices: Choices) -> None:
        """Book in each period the part of the saving that has arrived by then."""
        arrived = {index: self._arrived(to, option, index) for index in choices}
        for period in range(to.count):
            parts = [
                choice * float(arrived[index][period])
                for index, choice in choices.items()
                if arrived[index][period]
            ]
            if parts and option.saving:
                saving = option.quantity("saving") * to.clock.years(period)
                to.entry(
                    debit="cash",
                    credit="variable_cost",
                    amount=reduce(add, parts) * saving,
                    time=to.period(period).id,
                    recurring=True,
                )

    def _arrived(self, to: Builder, option: PartOption, index: int) -> list[Fraction]:
        """Return for each period the share of the saving that has arrived by it."""
        shares = [Fraction(0)] * to.count
        position = {to.period(each).id: each for each in range(to.count)}
        for part in to.clock.parts(index, option.phase_in):
            if part.time is None:
                continue
            # What falls at once stands in the column `now`, but saves from the first period on.
            first = 0 if part.time == NOW else position[part.time]
            for period in range(first, to.count):
                shares[period] += part.share
        return shares

    def _one_of(self, to: Builder, family: PartFamily, choices: list[Choices]) -> None:
        columns = [column for each in choices for column in each.values()]
        if len(columns) > 1:
            to.require(
                "once",
                reduce(add, columns),
                upper=1.0,
                rule=f"{family.title} changes its number of variants at most once.",
                family=family.id,
            )

    def _count(
        self,
        to: Builder,
        family: PartFamily,
        options: list[PartOption],
        chosen: dict[str, Choices],
    ) -> None:
        """Post the family's number of variants in each period."""
        today = family.quantity("variants")
        number = Expr.constant(today)
        for period in range(to.count):
            for option in options:
                if period in chosen[option.id]:
                    change = option.quantity("variants") - today
                    number = number + chosen[option.id][period] * change
            to.post("variants", number, family=family.id, period=to.period(period).id)

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say which families lose variants, when, and what it saves and costs."""
        options = {row.id: row for row in told.case.rows("part_options")}
        families = {row.id: row for row in told.case.rows("part_families")}
        for labels, value in told.chosen("choose").items():
            option, period = ",".join(labels).split(",")
            if value > 0.5:
                row = options[option]
                yield self._sentence(told, families[row.family], row, period)

    def _sentence(self, told: Told, family: PartFamily, row: PartOption, period: str) -> Sentence:
        money = told.case.settings.units.money
        steps = told.clock.calendars.get(row.phase_in or "", ())
        when = f" in full after {steps[-1][0]} months" if steps and steps[-1][0] else ""
        return Sentence(
            text=f"{family.title}: from {family.variants} variants to {row.variants} at the "
            f"start of {period}: saving {float(row.saving):,.1f} {money} a year{when}, "
            f"engineering {float(row.cost):,.1f} {money}.",
            subject=f"part_family.{family.id}",
            option=f"parts.{row.id}",
            period=period,
            cells=frozenset(
                (
                    family.cell("variants"),
                    row.cell("variants"),
                    row.cell("saving"),
                    row.cell("cost"),
                )
            ),
        )


MODULE = Complexity()
