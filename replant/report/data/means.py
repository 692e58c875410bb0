"""What a plan is paid for with, who works on costs, and which cars go where."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Launch", "Loan", "Means", "Work"]


@dataclass(frozen=True)
class Loan:
    """One way to borrow: what is issued over the plan, or drawn at the end of each period."""

    name: str
    issued: float
    drawn: tuple[float, ...]


@dataclass(frozen=True)
class Work:
    """One project of cost work, and how many people are at it in each period."""

    project: str
    people: tuple[float, ...]


@dataclass(frozen=True)
class Launch:
    """A car for which a plant is tooled, and the period at whose start that begins."""

    model: str
    plant: str
    period: str


@dataclass(frozen=True)
class Means:
    """Loans, cost work and launches of a plan; with scenarios, expected amounts."""

    loans: tuple[Loan, ...] = ()
    works: tuple[Work, ...] = ()
    launches: tuple[Launch, ...] = ()

    @property
    def drawn(self) -> tuple[float, ...]:
        """What is drawn on all credit lines together at the end of each period."""
        return tuple(sum(each) for each in zip(*(loan.drawn for loan in self.loans), strict=True))

    @property
    def at_work(self) -> tuple[float, ...]:
        """How many people are at cost work in each period, over all projects."""
        return tuple(sum(each) for each in zip(*(work.people for work in self.works), strict=True))
