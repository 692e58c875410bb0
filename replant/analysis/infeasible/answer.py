"""The answer to why no plan keeps every rule, as values and in words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from replant.analysis.infeasible.rules import SMALL

__all__ = ["Clash", "Shortfall", "WhyInfeasible"]


@dataclass(frozen=True)
class Clash:
    """One rule of a set that cannot hold together.

    Parameters
    ----------
    rule : str
        Its sentence.
    rows : tuple of str
        Labels of its rows.
    enough : bool or None
        Whether there is a plan without it, all other rules kept; None if time did not allow to
        find out.
    give : float or None
        The least by which it has to give for that, in its own unit, each of its rows alike; None
        if it cannot give by degrees.
    scenario : str
        The scenario in which it clashes; empty where there is none, or it is the same in all.
    """

    rule: str
    rows: tuple[str, ...]
    enough: bool | None = None
    give: float | None = None
    scenario: str = ""

    def __str__(self) -> str:
        """Return the rule, and in which scenario it clashes."""
        return f"In the scenario {self.scenario}: {self.rule}" if self.scenario else self.rule


@dataclass(frozen=True)
class Shortfall:
    """How far cash misses its floor at a time label, where it misses least in total.

    Parameters
    ----------
    time : str
        The time label.
    amount : float
        In money.
    scenario : str
        In which scenario; empty where there is none. With scenarios the expected total is least.
    """

    time: str
    amount: float
    scenario: str = ""


@dataclass(frozen=True)
class WhyInfeasible:
    """The answer.

    Parameters
    ----------
    clashes : tuple of Clash
        Rules that cannot hold together; any of them left out, the others can.
    proven : bool
        Whether every solve of the search finished: if not, the set may be too large.
    shortfalls : tuple of Shortfall
        The least total shortfall of cash with every other rule kept; empty where cash is not
        what gives.
    money : str
        Label of money.
    at_least : float or None
        What cash falls short by in all at least, the ends of all periods added up, where time did
        not allow to find the shortfalls themselves.
    could_be_missed : bool
        Whether a plan that may miss the cash floor, limits and covenants is likely to be there: one
        of the rules is of these, and without them all the others do not clash, as far as could
        be seen.
    """

    clashes: tuple[Clash, ...]
    proven: bool
    shortfalls: tuple[Shortfall, ...]
    money: str
    at_least: float | None = None
    could_be_missed: bool = False

    def lines(self) -> list[str]:
        """Return the answer in words."""
        lines = [f"No plan keeps every rule. {_which(len(self.clashes))}"]
        lines += [f"  {number}. {each}" for number, each in enumerate(self.clashes, 1)]
        if not self.proven:
            lines.append("  (Time ran out: perhaps fewer of them would do.)")
        if self.shortfalls:
            lines.append(self._short_of_cash())
        elif self.at_least is not None:
            lines.append(
                f"With every other rule kept, cash falls short by at least {self.at_least:,.3f} "
                f"{self.money} in all, the ends of the periods added up (time ran out before the "
                "least was found period by period)."
            )
        told = [line for number, each in enumerate(self.clashes, 1) for line in _mend(number, each)]
        if told:
            lines += ["What would make a plan possible, one change at a time:", *told]
        else:
            one, it = ("it", "it") if len(self.clashes) == 1 else ("one of them", "one")
            lines.append(
                f"To drop {one} is not enough, for there are other clashes besides: drop {it} "
                "and plan again to see the next."
            )
        return lines

    def _short_of_cash(self) -> str:
        """Say when cash falls short by most, and when it does so first in that scenario."""
        worst = max(self.shortfalls, key=lambda each: each.amount)
        first = next(each for each in self.shortfalls if each.scenario == worst.scenario)
        where = f" in the scenario {worst.scenario}" if worst.scenario else ""
        return (
            f"With every other rule kept, cash falls short by at least {worst.amount:,.3f} "
            f"{self.money} at the end of {worst.time}{where} (first at the end of {first.time})."
        )

    def content(self) -> dict[str, Any]:
        """Return the answer as plain values that json can hold."""
        told = {"status": "infeasible", **asdict(self)}
        for each in (*told["clashes"], *told["shortfalls"]):
            if not each["scenario"]:
                del each["scenario"]
        return told


def _which(count: int) -> str:
    """Return what is said before the rules that clash: one alone clashes with what must be."""
    if count == 1:
        return "This one cannot hold beside what capacity, time and arithmetic demand:"
    return "These cannot hold together:"


def _mend(number: int, clash: Clash) -> list[str]:
    """Say what it takes if one rule alone gives; nothing if that is not enough."""
    if not clash.enough:
        return []
    if clash.give is None:
        return [f"  - drop rule {number};"]
    if clash.give < SMALL:
        return [f"  - loosen rule {number} by a hair;"]
    each = " at each place" if len(clash.rows) > 1 else ""
    return [f"  - loosen rule {number} by {_plain(clash.give)}{each};"]


def _plain(value: float) -> str:
    """Return a number that is no smaller, so that loosening by it is enough."""
    return f"{np.ceil(value * 1000 - SMALL) / 1000:,.3f}"
