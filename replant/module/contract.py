"""What a module is: the contract that it keeps, what it may ask of a plan, what it says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

from replant.case import Case, Row
from replant.ledger import Clock
from replant.module.builder import Builder
from replant.units import Cell

__all__ = ["Module", "Sentence", "Told"]


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
    module : str
        Name of the module that says it. No module sets it.
    """

    text: str
    subject: str
    option: str = ""
    period: str = ""
    until: str = ""
    cells: frozenset[Cell] = frozenset()
    scenarios: tuple[str, ...] = ()
    module: str = ""


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

    A module whose rows hold what people agreed on, and not physics or arithmetic, says so by
    ``negotiable``: such rows may give where no plan keeps them all. They are ``"together"`` if all
    rows of one name stand and fall as one rule, ``"apart"`` if each first label (a limit, a
    covenant) is a rule of its own. Where such rows may be missed by a plan that is allowed to, as
    a comparator is, it says ``missable``, and what is missed is a column ``missed``.

    A report tells what it does under its ``title``, or else under its name in words. What its
    sentences say of a subject ``firm.…`` or ``region.…`` without an option is a result, not a deed.

    A method ``cautions(case)`` yields findings on a case that can be planned, but perhaps does not
    mean what it says; ``contradictions(case)`` yields errors: what is sound row by row and cannot
    be true together. Of the latter each scenario that changes a table of such modules is asked too.
    """

    name: ClassVar[str]
    tables: ClassVar[tuple[type[Row], ...]]

    def applies(self, case: Case) -> bool:
        """Return whether the case has what this module needs."""

    def build(self, case: Case, to: Builder) -> None:
        """Add columns, rows, entries and posts; return nothing."""

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say what was chosen, in plain words with the cells behind them."""
