"""Why no plan keeps every rule: the rules that clash, and the least that would have to give.

Rules, not rows, are what a person can change: all rows of one requirement stand and fall
together. First the rules may give at a price, and what gives is held fast, again and again until
nothing can give: what was held by then contains a clash (an elastic filter). Then each of these
few rules is left out once, and what can be left out for good is (a deletion filter). What
physically must hold (paths, capacity, the chain of cash) is never offered for removal unless it
clashes by itself.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from replant.case import Case
from replant.errors import ReplantError
from replant.kernel import Program
from replant.plan import Choices, assemble
from replant.solve import Solution, SolveSettings, Status, solve
from replant.solve.whole import solve_matrix

__all__ = ["Clash", "Shortfall", "WhyInfeasible", "why_infeasible"]

# Requirements that a firm or its lenders set, as against what physics and arithmetic demand.
_SET_BY_PEOPLE = frozenset(
    {"liquidity", "limits", "relations", "plan", "debt", "property", "stake", "hosting", "supply"}
)
SECONDS = 120.0
"""Time for the whole search unless the caller says otherwise."""
_ONE_SOLVE = 30.0
_SMALL = 1e-6
# An elastic solve only has to show where something gives, not how little in all.
_ROUGH = 0.2

Rows = NDArray[np.intp]
Tell = Callable[[str], None]


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

    With scenarios in which of them; what counts is then the expected total.
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
    """

    clashes: tuple[Clash, ...]
    proven: bool
    shortfalls: tuple[Shortfall, ...]
    money: str

    def lines(self) -> list[str]:
        """Return the answer in words."""
        lines = [f"No plan keeps every rule. {_which(len(self.clashes))}"]
        lines += [f"  {number}. {each}" for number, each in enumerate(self.clashes, 1)]
        if not self.proven:
            lines.append("  (Time ran out: perhaps fewer of them would do.)")
        if self.shortfalls:
            worst = max(self.shortfalls, key=lambda each: each.amount)
            first = next(each for each in self.shortfalls if each.scenario == worst.scenario)
            where = f" in the scenario {worst.scenario}" if worst.scenario else ""
            lines.append(
                f"With every other rule kept, cash falls short by at least {worst.amount:,.3f} "
                f"{self.money} at the end of {worst.time}{where} (first at the end of "
                f"{first.time})."
            )
        told = [line for number, each in enumerate(self.clashes, 1) for line in _mend(number, each)]
        if told:
            lines += ["What would make a plan possible, one change at a time:", *told]
        else:
            lines.append(
                "To drop one of them is not enough, for there are other clashes besides: drop one "
                "and plan again to see the next."
            )
        return lines

    def content(self) -> dict[str, Any]:
        """Return the answer as plain values that json can hold."""
        told = {"status": "infeasible", **asdict(self)}
        for each in (*told["clashes"], *told["shortfalls"]):
            if not each["scenario"]:
                del each["scenario"]
        return told


def why_infeasible(
    case: Case,
    choices: Choices,
    program: Program,
    *,
    seconds: float = SECONDS,
    tell: Tell | None = None,
) -> WhyInfeasible:
    """Find the rules that clash in an infeasible program.

    Parameters
    ----------
    case : Case
        The case.
    choices : Choices
        What was forced, forbidden and bounded.
    program : Program
        The assembled program of both.
    seconds : float
        Time for the search; what is found by then is returned.
    tell : callable, optional
        Told in a sentence how the search goes.
    """
    search = _Search(program, time.monotonic() + seconds, tell or (lambda text: None))
    search.tell("no plan keeps every rule; looking for those that clash")
    groups = _groups(program)
    soft = {name: rows for name, rows in groups.items() if _is_soft(program, rows)}
    if search.feasible(dropped=soft.values()) is False:
        soft = groups  # what people did not set clashes by itself: offer everything
    needed = search.smallest(soft, search.clashing(soft))
    clashes = tuple(search.clash(rows) for rows in needed.values())
    shortfalls: tuple[Shortfall, ...] = ()
    if any(str(program.rows.owners[rows[0]]) == "liquidity" for rows in needed.values()):
        shortfalls = _least_shortfall(case, choices, search.allowance())
    return WhyInfeasible(clashes, search.proven, shortfalls, case.settings.units.money)


# -- rules ---------------------------------------------------------------------------------------


def _groups(program: Program) -> dict[str, Rows]:
    """Return the rows of each rule: those of one requirement, or of one forced option.

    A rule that each scenario has for itself is one for each of them.
    """
    found: dict[str, list[int]] = {}
    names, owners = program.rows.names, program.rows.owners
    for row in range(len(program.rows)):
        alone = str(owners[row]) in ("", "limits", "relations", "plan")
        key = program.rows.label(row) if alone else str(names[row])
        scenario = _scenario(program, row)
        found.setdefault(f"{key}@{scenario}" if scenario else key, []).append(row)
    return {name: np.array(rows, dtype=np.intp) for name, rows in found.items()}


def _scenario(program: Program, row: int) -> str:
    """Return the scenario that a row belongs to; empty where there is one, or it is of all."""
    return program.rows.labels.scenario(row) if len(program.blocks) > 1 else ""


def _is_soft(program: Program, rows: Rows) -> bool:
    owner = str(program.rows.owners[rows[0]])
    if owner == "":
        return program.rows.label(int(rows[0])).startswith("option[")
    return owner in _SET_BY_PEOPLE and not _is_equal(program, rows)


def _is_equal(program: Program, rows: Rows) -> bool:
    return bool(np.all(program.rows.upper[rows] - program.rows.lower[rows] < _SMALL))


# -- the search ----------------------------------------------------------------------------------


class _Search:
    """Asks which rules clash, within a time.

    Parameters
    ----------
    program : Program
        The infeasible program.
    until : float
        When to end, by the monotonic clock.
    tell : callable
        Told how it goes.
    """

    def __init__(self, program: Program, until: float, tell: Tell) -> None:
        self.program = program.with_objective(np.zeros(len(program.columns)))
        self.until = until
        self.tell = tell
        self.proven = True

    def allowance(self) -> float:
        """Return the seconds that the next solve may take."""
        return max(1.0, min(_ONE_SOLVE, self.until - time.monotonic()))

    @property
    def late(self) -> bool:
        """Whether the time is used up."""
        return time.monotonic() >= self.until

    def feasible(self, *, dropped: Sequence[Rows] | Any) -> bool | None:
        """Return whether a plan exists without some rules; None if that stays open."""
        relaxed = self._without(list(dropped))
        return self._decided(solve(relaxed, SolveSettings(gap=1.0, time_limit=self.allowance())))

    def clashing(self, soft: Mapping[str, Rows]) -> dict[str, Rows]:
        """Return rules among which some clash, few if the filter has the time to find them."""
        held: dict[str, Rows] = {}
        while not self.late:
            free = {name: rows for name, rows in soft.items() if name not in held}
            missed = self._missed(free)
            if missed is None:  # what is held cannot hold together
                return held
            gave = {name: rows for name, rows in free.items() if missed[rows].any()}
            if not gave:
                break
            held |= gave
            self.tell(f"{len(held)} rule(s) may be among those that clash")
        self.proven = False
        return dict(soft)

    def smallest(self, soft: Mapping[str, Rows], found: Mapping[str, Rows]) -> dict[str, Rows]:
        """Return those of some clashing rules without any of which the rest would hold."""
        needed = dict(found)
        others = [rows for name, rows in soft.items() if name not in found]
        for number, name in enumerate(found, 1):
            if len(needed) == 1:
                break
            if self.late:
                self.proven = False
                break
            self.tell(f"rule {number} of {len(found)}: is it needed for the clash?")
            left = [rows for each, rows in found.items() if each not in needed or each == name]
            answer = self.feasible(dropped=[*others, *left])
            if answer is False:
                del needed[name]
            elif answer is None:
                self.proven = False
        return needed

    def clash(self, rows: Rows) -> Clash:
        """Return a rule with what it would take if it alone gave."""
        program = self.program
        rule = _sentence([program.rows.rule(int(row)) for row in rows])
        labels = tuple(program.rows.label(int(row)) for row in rows)
        where = _scenario(program, int(rows[0]))
        if self.late:
            return Clash(rule, labels, scenario=where)
        owner = str(program.rows.owners[rows[0]])
        if owner == "relations" or _is_equal(program, rows):  # it holds or not, by no degrees
            return Clash(rule, labels, self.feasible(dropped=[rows]), scenario=where)
        enough, give = self._least_give(rows)
        return Clash(rule, labels, enough, give, where)

    def _without(self, dropped: Sequence[Rows]) -> Program:
        lower, upper = self.program.rows.lower.copy(), self.program.rows.upper.copy()
        for rows in dropped:
            lower[rows], upper[rows] = -np.inf, np.inf
        return self.program.with_bounds(row_lower=lower, row_upper=upper)

    def _decided(self, found: Solution) -> bool | None:
        if found.status is Status.INTERRUPTED:
            raise KeyboardInterrupt
        if found.found:
            return True
        return False if found.status is Status.INFEASIBLE else None

    def _missed(self, free: Mapping[str, Rows]) -> NDArray[np.float64] | None:
        """Return by how much rows are missed if some rules may give; None if that is no help.

        All rules that may not give are kept.
        """
        rows = np.concatenate([*free.values(), np.zeros(0, dtype=np.intp)])
        given = _Give.of(self.program, rows, np.arange(len(rows)))
        found = self._solve_giving(given, np.ones(given.count), _ROUGH)
        if self._decided(found) is None:
            self.until = 0.0
            return np.zeros(len(self.program.rows))
        if found.values is None:
            return None
        missed = np.zeros(len(self.program.rows))
        values = found.values[len(self.program.columns) :]
        np.add.at(missed, given.rows, values[given.places])
        return np.where(missed > _SMALL, missed, 0.0)

    def _least_give(self, rows: Rows) -> tuple[bool | None, float | None]:
        """Return whether a plan exists if one rule gives, and the least by which it must."""
        given = _Give.of(self.program, rows, np.zeros(len(rows), dtype=np.intp))
        found = self._solve_giving(given, np.ones(1), 1e-4)
        enough = self._decided(found)
        if found.values is None or found.status is Status.TIME_LIMIT:
            return enough, None
        return enough, float(found.values[-1])

    def _solve_giving(self, given: _Give, cost: NDArray[np.float64], gap: float) -> Solution:
        program = self.program
        columns, rows = program.columns, program.rows
        count = given.count
        return solve_matrix(
            matrix=csr_matrix(hstack([program.matrix, given.matrix(len(rows))])),
            objective=np.concatenate([np.zeros(len(columns)), -cost]),
            lower=np.concatenate([columns.lower, np.zeros(count)]),
            upper=np.concatenate([columns.upper, np.full(count, np.inf)]),
            integer=np.concatenate([columns.integer, np.zeros(count, dtype=bool)]),
            row_lower=rows.lower,
            row_upper=rows.upper,
            settings=SolveSettings(gap=gap, time_limit=self.allowance()),
        )


@dataclass(frozen=True, eq=False)
class _Give:
    """Columns by which rows give.

    Parameters
    ----------
    rows : ndarray
        A row for each entry.
    places : ndarray
        The column of each entry: rows that share one give alike.
    signs : ndarray
        1 where a row gives at its lower bound, -1 at its upper.
    count : int
        Number of columns.
    """

    rows: Rows
    places: Rows
    signs: NDArray[np.float64]
    count: int

    @staticmethod
    def of(program: Program, rows: Rows, places: Rows) -> _Give:
        """Return what lets rows give, at each of their bounds, by the columns at some places."""
        below = np.isfinite(program.rows.lower[rows])
        above = np.isfinite(program.rows.upper[rows])
        columns = int(places.max(initial=-1)) + 1
        shift = columns if (below & above).any() else 0
        return _Give(
            np.concatenate([rows[below], rows[above]]),
            np.concatenate([places[below], places[above] + shift]),
            np.concatenate([np.ones(int(below.sum())), -np.ones(int(above.sum()))]),
            columns + shift,
        )

    def matrix(self, height: int) -> csr_matrix:
        """Return the coefficients, shape (height, count)."""
        return csr_matrix((self.signs, (self.rows, self.places)), shape=(height, self.count))


def _least_shortfall(case: Case, choices: Choices, seconds: float) -> tuple[Shortfall, ...]:
    """Return the least total shortfall of cash where every other rule is kept."""
    try:
        program = _kept(assemble(case, replace(choices, allow_shortfall=True)))
        objective, constant = program.expected("penalty")
        found = solve(
            program.with_objective(-objective, -constant),
            SolveSettings(gap=1e-4, time_limit=seconds),
        )
    except ReplantError:
        return ()
    if found.values is None or found.status not in (Status.OPTIMAL, Status.WITHIN_GAP):
        return ()  # what was found by then need not be the least
    several = len(program.blocks) > 1
    missed = [
        Shortfall(figure.labels[0], figure.value, block.name if several else "")
        for block in program.blocks
        for figure in program.streams.frame(found.values, block.name, stream="shortfall")
        if figure.value > _SMALL
    ]
    order = {each.id: number for number, each in enumerate(case.periods)}
    return tuple(sorted(missed, key=lambda each: order.get(each.time, -1)))


def _kept(program: Program) -> Program:
    """Return a program in which cash may fall short, and nothing else may be missed."""
    columns = program.columns
    limits = np.array([str(name) == "limits.missed" for name in columns.names], dtype=bool)
    return program.with_bounds(upper=np.where(limits, 0.0, columns.upper))


# -- words ---------------------------------------------------------------------------------------

_NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")
_LISTED = 3


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
    if clash.give < _SMALL:
        return [f"  - loosen rule {number} by a hair;"]
    each = " at each place" if len(clash.rows) > 1 else ""
    return [f"  - loosen rule {number} by {_plain(clash.give)}{each};"]


def _plain(value: float) -> str:
    """Return a number that is no smaller, so that loosening by it is enough."""
    return f"{np.ceil(value * 1000 - _SMALL) / 1000:,.3f}"


def _sentence(sentences: Sequence[str]) -> str:
    """Return one sentence for all rows of a rule: where they differ, from which to which."""
    distinct = list(dict.fromkeys(sentences))
    words = [each.split() for each in distinct]
    if len({len(each) for each in words}) > 1:
        return f"{distinct[0]} (and so in {len(distinct) - 1} more periods or places)"
    return " ".join(_span(list(dict.fromkeys(each))) for each in zip(*words, strict=True))


def _span(words: list[str]) -> str:
    """Return what stands for several words: all of few, the first and last of many."""
    ends = {each[-1] for each in words}
    end = ends.pop() if len(ends) == 1 and len(words) > 1 and not words[0][-1].isalnum() else ""
    bare = [each.removesuffix(end) for each in words]
    if len(bare) > 1 and all(_NUMBER.fullmatch(each) for each in bare):
        ordered = sorted(bare, key=lambda each: float(each.replace(",", "")))
        return f"{ordered[0]} to {ordered[-1]}{end}"
    if len(bare) <= _LISTED:
        return f"{' or '.join(bare)}{end}"
    return f"{bare[0]} … {bare[-1]}{end}"
