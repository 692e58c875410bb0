"""The columns of platforms and models, the rows over them and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from replant.case import Case
from replant.decisions.platform.tables import Migration, Model, Platform
from replant.kernel import Expr
from replant.module import Builder
from replant.units import Quantity

__all__ = ["Lives"]

Choices: TypeAlias = dict[str, tuple[int, ...]]


class _Events:
    """Binary columns of one kind of decision: each id may take it in some periods, once."""

    def __init__(self, name: str, open_periods: Choices, to: Builder) -> None:
        self._name = name
        self._open = open_periods
        self._to = to
        labels = [
            self._label(each, index) for each, indices in open_periods.items() for index in indices
        ]
        self._columns = to.choice(name, to.dimension(name, labels))

    def _label(self, each: str, index: int) -> str:
        return f"{each},{self._to.period(index).id}"

    def open_for(self, each: str) -> tuple[int, ...]:
        """Return the periods in which an id may take the decision."""
        return self._open.get(each, ())

    def at(self, each: str, index: int) -> Expr:
        """Return whether an id takes it in a period."""
        return self._columns.at(**{self._name: self._label(each, index)})

    def among(self, each: str, indices: Sequence[int]) -> Expr:
        """Return whether an id takes it in one of some periods."""
        return sum((self.at(each, index) for index in indices), start=Expr.constant(0.0))

    def taken(self, each: str) -> Expr:
        """Return whether an id takes it at all."""
        return self.among(each, self.open_for(each))

    def by(self, each: str, index: int) -> Expr:
        """Return whether an id has taken it by the start of a period."""
        return self.among(each, [start for start in self.open_for(each) if start <= index])


class Lives:
    """Which platforms and models live in each period: columns, rows and entries of one build.

    Parameters
    ----------
    case : Case
        The case as the scenario sees it.
    to : Builder
        Where columns, rows and entries go.
    """

    def __init__(self, case: Case, to: Builder) -> None:
        self._to = to
        self._platforms = case.rows(Platform)
        self._models = case.rows(Model)
        self._migrations = case.rows(Migration)
        self._ends_platform = _Events("end_platform", self._endings(self._platforms), to)
        self._ends_model = _Events("end_model", self._endings(self._models), to)
        self._migrates = _Events("migrate", self._moves(), to)

    def _endings(self, rows: Sequence[Platform] | Sequence[Model]) -> Choices:
        return {row.id: self._window(row) if row.can_end else () for row in rows}

    def _moves(self) -> Choices:
        return {row.id: self._window(row) for row in self._migrations}

    def _window(self, row: Platform | Model | Migration) -> tuple[int, ...]:
        return self._to.clock.open_periods(row.earliest, row.latest, model_change=True)

    # -- what lives and what has moved -------------------------------------------------------

    def kept(self, platform: str, index: int) -> Expr:
        """Return whether a platform is kept in a period."""
        return 1.0 - self._ends_platform.by(platform, index)

    def offered(self, model: str, index: int) -> Expr:
        """Return whether a model is offered in a period."""
        return 1.0 - self._ends_model.by(model, index)

    def moved(self, migration: Migration, index: int) -> Expr:
        """Return whether a migration is complete by the start of a period."""
        ready = self._to.clock.ready
        done = [
            start
            for start in self._migrates.open_for(migration.id)
            if ready(start, migration.lead_months) <= index
        ]
        return self._migrates.among(migration.id, done)

    # -- building ----------------------------------------------------------------------------

    def build(self) -> None:
        """Add all options, rows, posts and entries."""
        self._bind_once()
        for model in self._models:
            self._bind_model(model)
        self._offer_options()
        for index in range(self._to.count):
            self._post(index)
            self._book_running(index)
        self._book_endings()

    def _bind_once(self) -> None:
        ends = [("end_platform", self._ends_platform, row.id) for row in self._platforms]
        ends += [("end_model", self._ends_model, row.id) for row in self._models]
        for name, events, each in ends:
            if len(events.open_for(each)) > 1:
                rule = f"{each} ends at most once"
                self._to.require(f"{name}_once", events.taken(each), upper=1.0, rule=rule, id=each)
        for model in self._models:
            moves = [row.id for row in self._migrations if row.model == model.id]
            if sum(len(self._migrates.open_for(each)) for each in moves) > 1:
                taken = sum(
                    (self._migrates.taken(each) for each in moves), start=Expr.constant(0.0)
                )
                rule = f"{model.id} moves to another platform at most once"
                self._to.require("migrate_once", taken, upper=1.0, rule=rule, model=model.id)

    def _bind_model(self, model: Model) -> None:
        moves = [row for row in self._migrations if row.model == model.id]
        for index in range(self._to.count):
            period = self._to.period(index).id
            offered = self.offered(model.id, index)
            moved = [(row, self.moved(row, index)) for row in moves]
            if model.platform is not None and self._ends_platform.open_for(model.platform):
                gone = sum((each for _, each in moved), start=Expr.constant(0.0))
                self._to.require(
                    "rides_on",
                    offered - gone - self.kept(model.platform, index),
                    upper=0.0,
                    rule=f"{model.id} is offered only on a platform that is kept",
                    model=model.id,
                    period=period,
                )
            for row, each in moved:
                if not self._ends_platform.open_for(row.platform):
                    continue
                self._to.require(
                    "moved_to",
                    each + offered - self.kept(row.platform, index),
                    upper=1.0,
                    rule=f"{model.id} needs {row.platform} once it has moved there",
                    migration=row.id,
                    period=period,
                )

    def _offer_options(self) -> None:
        called = self._to.case.called
        for platform in self._platforms:
            taken = self._ends_platform.taken(platform.id)
            sentence = f"Platform {platform.name or platform.id} ends"
            self._to.option(f"platform.{platform.id}.end", taken, sentence)
        for model in self._models:
            taken = self._ends_model.taken(model.id)
            sentence = f"{model.name or model.id}: no longer offered"
            self._to.option(f"model.{model.id}.end", taken, sentence)
        for row in self._migrations:
            taken = self._migrates.taken(row.id)
            sentence = (
                f"{called('models', row.model)}: to platform {called('platforms', row.platform)}"
            )
            self._to.option(f"migration.{row.id}", taken, sentence)

    def _post(self, index: int) -> None:
        period = self._to.period(index).id
        kept = [(row.id, self.kept(row.id, index)) for row in self._platforms]
        for platform, each in kept:
            self._to.post("kept", each, platform=platform, period=period)
            self._to.post("platforms", each, period=period)
        for row in self._models:
            offered = self.offered(row.id, index)
            self._to.post("offered", offered, model=row.id, period=period)
            self._to.post("models", offered, period=period)

    # -- money -------------------------------------------------------------------------------

    def _book_running(self, index: int) -> None:
        years = self._to.clock.years(index)
        living = [(row, self.kept(row.id, index)) for row in self._platforms]
        living += [(row, self.offered(row.id, index)) for row in self._models]  # type: ignore[misc]
        for row, lives in living:
            if row.fixed_cost:
                self._to.entry(
                    debit="platform_cost",
                    credit="cash",
                    amount=lives * (row.quantity("fixed_cost") * years),
                    time=self._to.period(index).id,
                    recurring=True,
                )

    def _book_endings(self) -> None:
        for platform in self._platforms:
            cost = platform.quantity("end_cost")
            self._book_end(self._ends_platform, platform.id, cost)
        for model in self._models:
            self._book_end(self._ends_model, model.id, model.quantity("exit_cost"))
        for row in self._migrations:
            for index in self._migrates.open_for(row.id):
                if row.cost:
                    self._to.entry(
                        debit="rd",
                        credit="cash",
                        amount=self._migrates.at(row.id, index) * row.quantity("cost"),
                        time=self._to.clock.at(index),
                    )

    def _book_end(self, events: _Events, each: str, cost: Quantity) -> None:
        if not cost:
            return
        for index in events.open_for(each):
            at_once = self._to.clock.parts(index, None)
            self._to.item(
                amount=events.at(each, index) * cost,
                expense="restructuring",
                balance="provisions",
                recognised=at_once,
                paid=at_once,
                deducted=at_once,
            )
