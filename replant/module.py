"""The one contract that every decision and every rule keeps, and how they are found.

A module is one file in ``replant/decisions`` or ``replant/rules`` that ends with
``MODULE = ItsClass()``. It declares the tables it reads, builds its columns, rows and entries
through a `Builder`, and explains what was chosen. Modules never import one another: they meet
in *streams*, labelled rows that one posts to and another reads.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache
from math import inf
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from replant.case import Case, Row
from replant.errors import ModuleError, UnboundedRange
from replant.kernel import Dimension, Expr, ExtraRow, Problem, Program, Stage
from replant.ledger import CORE_STREAMS, NOW, Clock, Flow, Part, PlanPeriod, account
from replant.ledger.accounts import FINANCE_ACCOUNTS
from replant.units import MONEY, ONE, Cell, Quantity, Unit

__all__ = [
    "Builder",
    "Finisher",
    "Module",
    "Sentence",
    "Told",
    "discover",
    "reach",
    "row_classes",
]

Amount = Expr | Quantity
Finisher = Callable[[Program, Case, str], list[ExtraRow]]
"""Rows to add once the matrix is whole: program, case and scenario in, rows out."""
_ROOMS = ("replant.decisions", "replant.rules")


@dataclass(frozen=True)
class Sentence:
    """One thing a plan does, in plain words, with what stands behind it.

    Parameters
    ----------
    text : str
        A whole sentence a person understands.
    subject : str
        What it is about, as ``kind.id`` (``plant.oppama``, ``property.hq``).
    option : str
        The option id it explains; empty when it explains none.
    period : str
        Time label at which it takes effect.
    until : str
        Time label at which it ends; empty when it does not.
    cells : frozenset of Cell
        The table cells that the words rest on.
    scenarios : tuple of str
        Names of the scenarios in which it holds; empty where it holds in all. No module sets it.
    """

    text: str
    subject: str
    option: str = ""
    period: str = ""
    until: str = ""
    cells: frozenset[Cell] = frozenset()
    scenarios: tuple[str, ...] = ()


class Told(Protocol):
    """What a module may ask of a solved plan when it explains it."""

    @property
    def case(self) -> Case:
        """The case that was planned."""

    @property
    def clock(self) -> Clock:
        """The case's time conventions."""

    def chosen(self, name: str) -> Mapping[tuple[str, ...], float]:
        """Return this module's columns of one name that are not zero: labels to value."""

    def stream(self, stream: str, *labels: str) -> float:
        """Return the value of a stream's element (0 where nobody posted)."""


@runtime_checkable
class Module(Protocol):
    """A decision the firm can take, or a rule that binds it.

    Attributes
    ----------
    name : str
        Its name: prefix of its columns and rows, and its key in a plan file.
    tables : tuple of Row classes
        The tables that it owns.

    A module may also have ``acts``: names of columns that stay zero in the plan that does nothing,
    for acts that have no option id of their own. And it may have ``least``: names of derived
    columns that no equality settles, because they are the least that their own rows allow.
    """

    name: ClassVar[str]
    tables: ClassVar[tuple[type[Row], ...]]

    def applies(self, case: Case) -> bool:
        """Return whether the case has what this module needs."""

    def build(self, case: Case, to: Builder) -> None:
        """Add columns, rows, entries and posts; return nothing."""

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say what was chosen, in plain words with the cells behind them."""


@lru_cache(maxsize=1)
def discover() -> tuple[Module, ...]:
    """Return every module of the decisions and the rules, in the order of their names.

    Raises
    ------
    ModuleError
        If a file has no ``MODULE`` or two modules share a name.
    """
    found: dict[str, Module] = {}
    for room in _ROOMS:
        for each in sorted(_files_of(room)):
            module = getattr(importlib.import_module(f"{room}.{each}"), "MODULE", None)
            if not isinstance(module, Module):
                message = f"{room}.{each} has no MODULE that keeps the contract of a module"
                raise ModuleError(message)
            if module.name in found:
                raise ModuleError(f"two modules are named {module.name!r}")
            found[module.name] = module
    return tuple(found.values())


def _files_of(room: str) -> list[str]:
    package = importlib.import_module(room)
    return [each.name for each in pkgutil.iter_modules(package.__path__) if each.name[0] != "_"]


def row_classes() -> tuple[type[Row], ...]:
    """Return the row classes of every table that some module owns."""
    return tuple(row for module in discover() for row in module.tables)


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
        """Book an amount in the ledger of the captive finance arm."""
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
        is posted to ``beyond``.
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


def reach(program: Program, stream: str, scenario: str, **labels: str) -> tuple[float, float]:
    """Return the least and the most that a stream's element can be, by the columns' bounds.

    Raises
    ------
    UnboundedRange
        If a column behind it has no bound on the side that matters, by its name.
    """
    row = program.streams.row(stream, scenario=scenario, **labels)
    lower, upper = program.columns.lower[row.indices], program.columns.upper[row.indices]
    ends = np.sort(np.array([row.coefficients * lower, row.coefficients * upper]), axis=0)
    for side in ends:
        if not np.isfinite(side).all():
            column = int(row.indices[np.flatnonzero(~np.isfinite(side))[0]])
            label = program.columns.label(column)
            raise UnboundedRange(f"{stream} has no bound because {label} has none")
    low, high = ends.sum(axis=1) + row.constant
    return float(low), float(high)


def _expr(amount: Amount) -> Expr:
    return Expr.constant(amount) if isinstance(amount, Quantity) else amount


def calendars_of(case: Case) -> dict[str, tuple[tuple[int, Fraction], ...]]:
    """Return the payment calendars of a case: id to (months, share) in order of months."""
    found: dict[str, list[tuple[int, Fraction]]] = {}
    for row in case.rows("calendars"):
        found.setdefault(row.id, []).append((int(row.months), row.share))
    return {name: tuple(sorted(steps)) for name, steps in found.items()}


def exchange(case: Case, currency: str | None, period: str) -> Quantity:
    """Return the exchange rate of a period over the currency's reference rate.

    It is 1 at home, and in a period without a rate of its own.
    """
    if not currency or currency == case.settings.home_currency:
        return Quantity.of(1)
    dated = case.find("exchange_rates", f"{currency}/{period}")
    if dated is None:
        return Quantity.of(1)
    rate = dated.quantity("rate")
    reference = case.row("currencies", currency).quantity("reference_rate")
    ratio: Quantity = rate / reference
    return ratio


def fiscal_year(case: Case, time: str) -> str:
    """Return the fiscal year of a time label; ``now`` belongs to the first one."""
    if time == NOW:
        return case.periods[0].fiscal_year
    for period in case.periods:
        if period.id == time:
            return period.fiscal_year
    raise ModuleError(f"there is no period {time!r}")


def declare_core_streams(problem: Problem) -> None:
    """Declare the streams that the centre itself needs."""
    for stream in CORE_STREAMS:
        problem.declare_stream(stream.name, stream.labels, stream.unit)
