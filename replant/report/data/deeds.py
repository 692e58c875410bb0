"""What a plan does, what it could take, and how well each is founded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Action", "Claim", "Confidence", "Offer"]


@dataclass(frozen=True)
class Claim:
    """One claim behind a number; a precedent tells of another firm."""

    id: str
    grade: str
    status: str
    statement: str
    source: str
    url: str
    precedent: bool = False
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Confidence:
    """How well the numbers behind a recommendation are founded.

    Parameters
    ----------
    words : str
        One of the steps of the scale.
    step : int
        Its place on the scale, 1 the firmest; 0 where nothing is graded.
    weakest, median : str
        Grade A to F, or a dash for no source; empty where nothing is graded.
    bases : mapping of str to int
        How many numbers are sourced, derived, assumed, estimated or without evidence.
    claims : tuple of Claim
        What stands behind them.
    """

    words: str
    step: int
    weakest: str = ""
    median: str = ""
    bases: Mapping[str, int] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()

    @property
    def sourced(self) -> bool:
        """Whether every number has a source of its own, or is computed from such numbers."""
        return bool(self.bases) and set(self.bases) <= {"sourced", "derived"}

    @property
    def assumed(self) -> bool:
        """Whether half of the numbers or more have neither a source nor a precedent."""
        loose = sum(number for basis, number in self.bases.items() if basis in _LOOSE)
        return bool(self.bases) and 2 * loose >= sum(self.bases.values())


_LOOSE = ("assumed", "naked")


@dataclass(frozen=True)
class Action:
    """One thing that a plan does.

    Parameters
    ----------
    beside : str
        Title under which it stands, where its module has no place of its own in a report.
    """

    text: str
    kind: str
    id: str
    name: str
    option: str
    period: str
    until: str
    confidence: Confidence
    cells: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    beside: str = ""

    @property
    def decides(self) -> bool:
        """Whether it is a choice that a board takes, rather than what follows from one."""
        taken = bool(self.option) and not self.option.endswith(".run")
        return taken and (self.kind in _BOARD or bool(self.beside))

    @property
    def recommended(self) -> bool:
        """Whether it is advice with a ground of its own: a choice, or what carries it out."""
        means = self.kind in _MEANS or bool(self.beside)
        return self.decides or means or self.option.endswith(".launch")


_MEANS = ("part_family", "cost_work", "facility")
"""Kinds of what a plan does that a board takes as a whole: parts, people on cost work, loans."""
_BOARD = ("plant", "property", "deal", "stake", "platform", "programme")


@dataclass(frozen=True)
class Offer:
    """Something that could be taken: a deal, a property offer, a programme, a stake."""

    kind: str
    id: str
    name: str
    terms: str
    taken: bool
    period: str = ""
    until: str = ""
    subject: str = ""
    price: float = 0.0
