"""The builder: all that a module may touch while it builds, columns, rows, streams and money."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from replant.case import Case
from replant.errors import ModuleError
from replant.kernel import Dimension, Expr, ExtraRow, Problem, Program, Stage
from replant.ledger import CORE_STREAMS, NOW, Clock, Flow, Part, PlanPeriod, account
from replant.ledger.accounts import FINANCE_ACCOUNTS
from replant.module.conventions import calendars_of, exchange, fiscal_year
from replant.units import MONEY, ONE, Quantity, Unit

__all__ = ["Builder", "Finisher", "declare_core_streams"]

Amount: TypeAlias = Expr | Quantity
Finisher: TypeAlias = Callable[[Program, Case, str], list[ExtraRow]]
"""Rows to add once the matrix is whole: program, case and scenario in, rows out."""


@dataclass
class Builder:
    """All that a module may touch while it builds.

    Parameters
    ----------
    problem : Problem
        The kernel's problem, in the scenario that is being built.
    case : Case
        The case as that scenario sees it.
    module : str
        Name of the module that builds: its columns and rows carry it as a prefix.
    allow_shortfall : bool
        Whether cash may fall short of its floor (for comparators and diagnosis), at a penalty.
    """

    problem: Problem
    case: Case
    module: str
    allow_shortfall: bool = False
    finishers: list[Finisher] = field(default_factory=list)
    _dimensions: dict[tuple[str, tuple[str, ...]], Dimension] = field(default_factory=dict)

    # -- time --------------------------------------------------------------------------------

    @cached_property
    def clock(self) -> Clock:
        """The time conventions of the case."""
        return Clock(self.case.periods, calendars_of(self.case))

    @property
    def count(self) -> int:
        """Number of plan periods, T."""
        return len(self.case.periods)

    @cached_property
    def periods(self) -> Dimension:
        """The dimension ``period``: ids of the plan periods."""
        return self.dimension("period", [each.id for each in self.case.periods])

    @cached_property
    def times(self) -> tuple[str, ...]:
        """All time labels of the ledger: ``now``, then the periods."""
        return (NOW, *(each.id for each in self.case.periods))

    def period(self, index: int) -> PlanPeriod:
        """Return a plan period by its index."""
        return self.case.periods[index]

    def exchange(self, currency: str | None, index: int) -> Quantity:
        """Return φ: the exchange rate of a period over the reference rate (1 at home)."""
        return exchange(self.case, currency, self.case.periods[index].id)

    def dimension(self, name: str, labels: Iterable[str]) -> Dimension:
        """Return a dimension; the same name and labels give the same object.

        A label may hold several names joined by commas (``"oppama,2025Q2"``): that is how a
        sparse set of elements becomes one dimension, and its columns read ``close[oppama,2025Q2]``.
        """
        key = (name, tuple(labels))
        if key not in self._dimensions:
            self._dimensions[key] = Dimension(*key)
        return self._dimensions[key]

    # -- columns -----------------------------------------------------------------------------

    def choice(self, name: str, *dims: Dimension, stage: Stage = Stage.HERE_AND_NOW) -> Expr:
        """Return binary columns, one for each element of the dimensions."""
        return self.variable(name, *dims, unit=ONE, stage=stage, upper=1.0, integer=True)

    def variable(
        self,
        name: str,
        *dims: Dimension,
        unit: Unit,
        stage: Stage,
        lower: float | NDArray[np.float64] = 0.0,
        upper: float | NDArray[np.float64] = inf,
        integer: bool = False,
        derived: bool = False,
    ) -> Expr:
        """Return columns; `derived` ones follow from the others and stay out of the plan file."""
        return self.problem.variable(
            f"{self.module}.{name}",
            *dims,
            unit=unit,
            stage=stage,
            lower=lower,
            upper=upper,
            integer=integer,
            derived=derived,
        )

    def option(self, option_id: str, expr: Expr, sentence: str = "") -> None:
        """Give an id to an expression that equals 1 when an option is taken.

        The stream ``option`` carries it too, so that relations between options can be rows.
        """
        self.problem.option(option_id, expr, sentence)
        self.post("option", expr, option=option_id)

    # -- rows --------------------------------------------------------------------------------

    def require(
        self,
        name: str,
        expr: Expr,
        *,
        lower: float = -inf,
        upper: float = inf,
        rule: str,
        **labels: str,
    ) -> None:
        """Bind an expression; `rule` is the sentence a person reads when it clashes."""
        row = f"{self.module}.{name}"
        self.problem.require(row, expr, lower=lower, upper=upper, rule=rule, **labels)

    def stream(self, name: str, labels: Sequence[str], unit: Unit) -> None:
        """Declare a stream that this module posts to or reads."""
        self.problem.declare_stream(name, tuple(labels), unit)

    def post(self, stream: str, amount: Amount, **labels: str) -> None:
        """Add an amount to a stream's element."""
        self.problem.post(stream, _expr(amount), **labels)

    def total(self, stream: str, *, default: float | None = None, **labels: str) -> Expr:
        """Return a stream's element, whoever posts to it and whenever (even later)."""
        return self.problem.total(stream, default=default, **labels)

    def element(self, stream: str, labels: Sequence[str]) -> Expr:
        """Return a stream's element by its labels in the order of the stream's dimensions.

        Raises
        ------
        ModuleError
            If the stream has another number of labels.
        """
        book = self.problem.streams
        names = book.streams[book.find(stream)].dimension_names
        if len(names) != len(labels):
            wanted = ", ".join(names) or "none"
            raise ModuleError(f"stream {stream!r} has the labels {wanted}; got {list(labels)}")
        chosen: dict[str, Any] = dict(zip(names, labels, strict=True))
        return self.problem.total(stream, **chosen)

    def after_assembly(self, finisher: Finisher) -> None:
        """Add rows that need the whole matrix, such as a bound that follows from all bounds."""
        self.finishers.append(finisher)

    # -- money -------------------------------------------------------------------------------

    def entry(
        self, *, debit: str, credit: str, amount: Amount, time: str, recurring: bool = False
    ) -> None:
        """Book an amount between two accounts at a time label.

        An entry against cash also posts to ``cash_flow`` by the class of the other account, and
        to ``recurring`` where it goes on beyond the horizon (and to ``reinvested`` what of it is
        paid for assets).

        Parameters
        ----------
        debit, credit : str
            The two accounts.
        amount : Expr or Quantity
            A scalar in money; a negative amount books the other way round.
        time : str
            ``now`` or the id of a period.
        recurring : bool
            Whether it goes on beyond the horizon.

        Raises
        ------
        ModuleError
            If there is no such account, both are the same, or the amount is not money.
        """
        for name in (debit, credit):
            account(name)
        self._book("ledger", debit, credit, amount, time)
        if "cash" not in (debit, credit):
            return
        received = _expr(amount) if debit == "cash" else -_expr(amount)
        flow = account(credit if debit == "cash" else debit).flow
        self.post("cash_flow", received, **{"class": flow.value}, time=time)
        if recurring:
            self.post("recurring", received, time=time)
            if flow is Flow.INVESTING:
                self.post("reinvested", -received, time=time)

    def finance_entry(self, *, debit: str, credit: str, amount: Amount, time: str) -> None:
        """Book an amount in the ledger of the captive finance arm; see `entry`.

        Raises
        ------
        ModuleError
            If the arm has no such account, both are the same, or the amount is not money.
        """
        for name in (debit, credit):
            if name not in FINANCE_ACCOUNTS:
                raise ModuleError(f"the finance arm has no account {name!r}")
        self._book("finance_ledger", debit, credit, amount, time)

    def _book(self, ledger: str, debit: str, credit: str, amount: Amount, time: str) -> None:
        if debit == credit:
            raise ModuleError(f"{self.module} books {debit!r} against itself")
        sum_ = _expr(amount)
        if sum_.unit != MONEY:
            raise ModuleError(f"{self.module} books {sum_.unit} on {debit}/{credit}, not money")
        self.post(ledger, sum_, account=debit, time=time)
        self.post(ledger, -sum_, account=credit, time=time)

    def item(
        self,
        *,
        amount: Amount,
        expense: str,
        balance: str,
        recognised: Sequence[Part],
        paid: Sequence[Part],
        deducted: Sequence[Part] = (),
    ) -> None:
        """Book a cost on its three calendars: profit and loss, cash, tax.

        Recognising debits the expense and credits the balance account; paying debits the balance
        account and credits cash; deducting lowers taxable income. What is paid beyond the horizon
        is posted to ``beyond``; what is recognised or deducted there vanishes.

        Parameters
        ----------
        amount : Expr or Quantity
            A scalar in money.
        expense, balance : str
            Accounts of the profit and loss and of the balance sheet.
        recognised, paid, deducted : sequence of Part
            Shares of the amount by time label; None stands for beyond the horizon.
        """
        cost = _expr(amount)
        for part in recognised:
            if part.time is not None:
                share = cost * float(part.share)
                self.entry(debit=expense, credit=balance, amount=share, time=part.time)
        for part in paid:
            share = cost * float(part.share)
            if part.time is None:
                self.post("beyond", share)
            else:
                self.entry(debit=balance, credit="cash", amount=share, time=part.time)
        for part in deducted:
            if part.time is not None:
                self.deduct(cost * float(part.share), part.time)

    def deduct(self, amount: Amount, time: str) -> None:
        """Lower taxable income of the fiscal year of a time label by an amount."""
        self.post("taxable", -_expr(amount), fiscal_year=fiscal_year(self.case, time))


def _expr(amount: Amount) -> Expr:
    return Expr.constant(amount) if isinstance(amount, Quantity) else amount


def declare_core_streams(problem: Problem) -> None:
    """Declare the streams that the centre itself needs."""
    for stream in CORE_STREAMS:
        problem.declare_stream(stream.name, stream.labels, stream.unit)
