"""Why no plan keeps every rule: the rules that clash, and the least that would have to give.

Rules, not rows, are what a person can change: all rows of one requirement stand and fall
together. A deletion filter leaves a set from which no rule can be taken without a plan appearing;
what physically must hold (paths, capacity, the chain of cash) is never offered for removal
unless it clashes by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from replant.case import Case
from replant.errors import ReplantError
from replant.kernel import Program
from replant.plan import Choices, assemble
from replant.solve import SolveSettings, Status, solve

__all__ = ["Clash", "Shortfall", "WhyInfeasible", "why_infeasible"]

# Requirements that a firm or its lenders set, as against what physics and arithmetic demand.
_SET_BY_PEOPLE = frozenset(
    {"liquidity", "limits", "relations", "plan", "debt", "property", "stake", "hosting", "supply"}
)
_SECONDS = 60.0
_SMALL = 1e-6


@dataclass(frozen=True)
class Clash:
    """One rule of a set that cannot hold together.

    Parameters
    ----------
    rule : str
        Its sentence.
    rows : tuple of str
        Labels of its rows.
    """

    rule: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Shortfall:
    """How far cash misses its floor at a time label, where it misses least in total."""

    time: str
    amount: float


@dataclass(frozen=True)
class WhyInfeasible:
    """The answer.

    Parameters
    ----------
    clashes : tuple of Clash
        Rules that cannot hold together; without any one of them there is a plan.
    proven : bool
        Whether every solve of the search finished: if not, the set may be too large.
    shortfalls : tuple of Shortfall
        The least total shortfall of cash with every other rule kept; empty where cash is not
        what gives.
    money : str
        Label of money.
    """

    clashes: tuple[Clash, ...]
    proven: bool
    shortfalls: tuple[Shortfall, ...]
    money: str

    def lines(self) -> list[str]:
        """Return the answer in words."""
        lines = ["No plan keeps every rule. These cannot hold together:"]
        lines += [f"  {number}. {each.rule}" for number, each in enumerate(self.clashes, 1)]
        if not self.proven:
            lines.append("  (Time ran out: perhaps fewer of them would do.)")
        if self.shortfalls:
            worst = max(self.shortfalls, key=lambda each: each.amount)
            first = self.shortfalls[0]
            lines.append(
                f"The least that cash falls short is {worst.amount:,.3f} {self.money} at the end "
                f"of {worst.time} (first at the end of {first.time}): a floor lower by that much, "
                "or that much more cash from the start, would make a plan possible."
            )
        lines.append("Drop or loosen any one of these rules and plan again.")
        return lines


def why_infeasible(case: Case, choices: Choices, program: Program) -> WhyInfeasible:
    """Find the rules that clash in an infeasible program.

    Parameters
    ----------
    case : Case
        The case.
    choices : Choices
        What was forced, forbidden and bounded.
    program : Program
        The assembled program of both.
    """
    groups = _groups(program)
    soft = {name: rows for name, rows in groups.items() if _is_soft(program, rows)}
    search = _Search(program)
    if not search.feasible_without(list(soft.values())):
        soft = groups  # what people did not set clashes by itself: offer everything
    needed = dict(soft)
    for name in list(soft):
        rest = {key: rows for key, rows in needed.items() if key != name}
        dropped = [rows for key, rows in soft.items() if key not in rest]
        if not search.feasible_without(dropped):
            needed = rest
    clashes = tuple(
        Clash(rule=_sentence(program, rows), rows=tuple(program.rows.label(int(i)) for i in rows))
        for rows in needed.values()
    )
    shortfalls = _least_shortfall(case, choices)
    return WhyInfeasible(clashes, search.proven, shortfalls, case.settings.units.money)


def _groups(program: Program) -> dict[str, NDArray[np.intp]]:
    """Return the rows of each rule: those of one requirement, or of one forced option."""
    found: dict[str, list[int]] = {}
    names, owners = program.rows.names, program.rows.owners
    for row in range(len(program.rows)):
        alone = str(owners[row]) in ("", "limits", "relations", "plan")
        key = program.rows.label(row) if alone else str(names[row])
        found.setdefault(key, []).append(row)
    return {name: np.array(rows, dtype=np.intp) for name, rows in found.items()}


def _is_soft(program: Program, rows: NDArray[np.intp]) -> bool:
    owner = str(program.rows.owners[rows[0]])
    if owner == "":
        return program.rows.label(int(rows[0])).startswith("option[")
    equal = bool(np.all(program.rows.upper[rows] - program.rows.lower[rows] < _SMALL))
    return owner in _SET_BY_PEOPLE and not equal


def _sentence(program: Program, rows: NDArray[np.intp]) -> str:
    sentences = list(dict.fromkeys(program.rows.rule(int(row)) for row in rows))
    if len(sentences) == 1:
        return sentences[0]
    return f"{sentences[0]} (and so in {len(sentences) - 1} more periods or places)"


class _Search:
    """Asks whether there is a plan without some rows."""

    def __init__(self, program: Program) -> None:
        self.program = program.with_objective(np.zeros(len(program.columns)))
        self.proven = True

    def feasible_without(self, dropped: list[NDArray[np.intp]]) -> bool:
        """Return whether a plan exists without some rules; undecided counts as none."""
        lower, upper = self.program.rows.lower.copy(), self.program.rows.upper.copy()
        for rows in dropped:
            lower[rows], upper[rows] = -np.inf, np.inf
        relaxed = self.program.with_bounds(row_lower=lower, row_upper=upper)
        found = solve(relaxed, SolveSettings(gap=1.0, time_limit=_SECONDS))
        if found.status not in (Status.INFEASIBLE,) and not found.found:
            self.proven = False
        return found.found


def _least_shortfall(case: Case, choices: Choices) -> tuple[Shortfall, ...]:
    """Return the least total shortfall of cash where every other rule is kept."""
    try:
        program = assemble(case, replace(choices, allow_shortfall=True))
        objective, constant = program.expected("penalty")
        found = solve(
            program.with_objective(-objective, -constant),
            SolveSettings(gap=1e-4, time_limit=_SECONDS),
        )
    except ReplantError:
        return ()
    if found.values is None:
        return ()
    scenario = program.blocks[0].name
    missed = [
        Shortfall(figure.labels[0], figure.value)
        for figure in program.streams.frame(found.values, scenario, stream="shortfall")
        if figure.value > _SMALL
    ]
    order = {each.id: number for number, each in enumerate(case.periods)}
    return tuple(sorted(missed, key=lambda each: order.get(each.time, -1)))
