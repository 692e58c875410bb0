"""All that a report says."""

from __future__ import annotations

from dataclasses import dataclass

from replant.report.data.accounts import Bridge, Price
from replant.report.data.ground import Method, Stake, Tie
from replant.report.data.head import Head, Time
from replant.report.data.plan import PlanView

__all__ = ["Report"]


@dataclass(frozen=True)
class Report:
    """All that a report says.

    Parameters
    ----------
    headline : str
        The answer in one line.
    verdict : tuple of str
        The answer in a few sentences: worth, cash, people.
    steps : tuple of (str, str)
        What is done, a title and a line for each kind of deed.
    doubts : tuple of str
        What speaks against it.
    proof : tuple of str
        What the solver says of it, and what a second computation confirms.
    """

    head: Head
    times: tuple[Time, ...]
    years: tuple[str, ...]
    best: PlanView
    others: tuple[PlanView, ...]
    headline: str
    verdict: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]
    doubts: tuple[str, ...]
    proof: tuple[str, ...]
    bridges: tuple[Bridge, ...]
    stakes: tuple[Stake, ...]
    stakes_note: str
    ties: tuple[Tie, ...]
    ties_note: str
    method: Method
    prices: tuple[Price, ...] = ()
    what_if: tuple[str, ...] = ()

    @property
    def periods(self) -> tuple[Time, ...]:
        """The times without ``now``."""
        return self.times[1:]

    @property
    def plans(self) -> tuple[PlanView, ...]:
        """All plans, the best one last."""
        return (*self.others, self.best)

    @property
    def nothing(self) -> PlanView | None:
        """The plan of doing nothing, if it was worked out."""
        return next((plan for plan in self.others if plan.kind == "do_nothing"), None)
