"""R&D people moved to cost work: what each more person saves, step by step.

A project's saving is concave in the people at work on it, so it is laid out in steps whose
saving a person never rises: the best step fills first by itself, without a binary.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar

import numpy as np

from replant.case import Case, Id, Months, OptionalDate, Pay, People, Row, meaning
from replant.errors import ModuleError
from replant.kernel import Expr, Stage
from replant.module import Builder, Sentence, Told
from replant.units import PEOPLE

__all__ = ["CostWork", "Step"]

THOUSANDTH = Fraction(1, 1000)


class Step(Row):
    """One step of a project: so many more people, and what each of them saves."""

    table: ClassVar[str] = "cost_work"
    id: Id
    project: Id
    people: People = meaning("Width of this step: how many more people it takes", ge=0)
    saving_per_person: Pay = meaning("What one person at work on it saves a year")
    lag_months: Months = meaning("Months from the work to its saving", default="0", ge=0)
    earliest: OptionalDate = meaning("First day on which people may work on it", default=None)


class CostWork:
    """Assigns R&D people to steps, period by period, and books the savings after their lag."""

    name: ClassVar[str] = "cost_work"
    tables: ClassVar[tuple[type[Row], ...]] = (Step,)
    acts: ClassVar[tuple[str, ...]] = ("assign",)

    def applies(self, case: Case) -> bool:
        """Return whether the case has cost work."""
        return case.has("cost_work")

    def build(self, case: Case, to: Builder) -> None:
        """Add a column for each step and period, and what hangs on it.

        Raises
        ------
        ModuleError
            If a project's saving a person rises from one step to the next.
        """
        to.stream("rd_people_used", ("period",), PEOPLE)
        rows = case.rows("cost_work")
        self._check_steps(rows)
        assigned = self._assignments(to, rows)
        for row in rows:
            for (step, index), people in assigned.items():
                if step == row.id:
                    to.post("rd_people_used", people, period=to.period(index).id)
            self._save(to, row, assigned)

    def _check_steps(self, rows: tuple[Step, ...]) -> None:
        """Refuse steps that a solver would fill in the wrong order."""
        last: dict[str, Step] = {}
        for row in rows:
            before = last.get(row.project)
            if before is not None and row.saving_per_person > before.saving_per_person:
                raise ModuleError(
                    f"project {row.project!r}: step {row.id!r} saves more a person "
                    f"({float(row.saving_per_person):g}) than step {before.id!r} before it "
                    f"({float(before.saving_per_person):g}); order its steps so that it falls"
                )
            last[row.project] = row

    def _assignments(self, to: Builder, rows: tuple[Step, ...]) -> dict[tuple[str, int], Expr]:
        """Return the people at work by step and index of the period."""
        places = [
            (row, index)
            for row in rows
            for index in range(to.count)
            if not to.clock.over[index]
            if row.earliest is None or to.period(index).start >= row.earliest
        ]
        if not places:
            return {}
        labels = [f"{row.id},{to.period(index).id}" for row, index in places]
        assign = to.variable(
            "assign",
            to.dimension("assign", labels),
            unit=PEOPLE,
            stage=Stage.HERE_AND_NOW,
            upper=np.array([float(row.people) for row, _ in places]),
        )
        return {
            (row.id, index): assign.at(assign=label)
            for (row, index), label in zip(places, labels, strict=True)
        }

    def _save(self, to: Builder, row: Step, assigned: dict[tuple[str, int], Expr]) -> None:
        """Book what work saves, month for month, ``lag_months`` after it was done.

        Beyond the horizon goes on what the people still at work in the last period save: who has
        left saves for as long as was worked, and no longer.
        """
        rate = row.quantity("saving_per_person") * THOUSANDTH
        if not row.saving_per_person:
            return
        for index in range(to.count):
            people = assigned.get((row.id, index))
            if people is None:
                continue
            for later in range(to.count):
                months = self._months(to, index, later, row.lag_months)
                if months:
                    to.entry(
                        debit="cash",
                        credit="variable_cost",
                        amount=people * (rate * Fraction(months, 12)),
                        time=to.period(later).id,
                    )
            going_on = people * (rate * to.clock.years(index))
            to.post("recurring", going_on, time=to.period(index).id)

    def _months(self, to: Builder, worked: int, saved: int, lag: int) -> int:
        """Return for how many months of a period work of another one, so much before, saves."""
        origins = to.clock.origins
        begin = max(origins[worked] + lag, origins[saved])
        return max(0, min(origins[worked + 1] + lag, origins[saved + 1]) - begin)

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say how many people work on each project, from when to when, and what it saves."""
        rows = {row.id: row for row in told.case.rows("cost_work")}
        names = [period.id for period in told.case.periods]
        people: dict[str, dict[str, float]] = {}
        saving: dict[str, dict[str, float]] = {}
        for labels, value in told.chosen("assign").items():
            step, period = ",".join(labels).split(",")
            row = rows[step]
            for figures, amount in (
                (people, value),
                (saving, value * float(row.saving_per_person * THOUSANDTH)),
            ):
                by_period = figures.setdefault(row.project, dict.fromkeys(names, 0.0))
                by_period[period] += amount
        for project in dict.fromkeys(row.project for row in rows.values()):
            if project in people:
                steps = [row for row in rows.values() if row.project == project]
                yield self._sentence(told, project, people[project], saving[project], steps)

    def _sentence(
        self,
        told: Told,
        project: str,
        people: dict[str, float],
        saving: dict[str, float],
        steps: list[Step],
    ) -> Sentence:
        at_work = [period for period, number in people.items() if number > 0.0]
        peak = max(at_work, key=lambda period: people[period])
        money = told.case.settings.units.money
        lag = max(row.lag_months for row in steps)
        when = f" {lag} months later" if lag else ""
        return Sentence(
            text=f"Up to {people[peak]:,.0f} R&D people work on {project} from {at_work[0]} to "
            f"{at_work[-1]}; at the most they save {saving[peak]:,.1f} {money} a year{when}.",
            subject=f"cost_work.{project}",
            period=at_work[0],
            until=at_work[-1],
            cells=frozenset(
                row.cell(column) for row in steps for column in ("people", "saving_per_person")
            ),
        )


MODULE = CostWork()
