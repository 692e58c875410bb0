"""The search for rules that clash: an elastic filter, then a deletion filter, within a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from replant.analysis.infeasible.answer import Clash
from replant.analysis.infeasible.giving import Giving
from replant.analysis.infeasible.rules import SMALL, Rows, is_equal, scenario_of
from replant.analysis.infeasible.words import one_sentence
from replant.kernel import Program
from replant.solve import Solution, SolveSettings, Status, solve
from replant.solve.fixing import relaxed_to_continuous
from replant.solve.whole import solve_matrix

__all__ = ["Search", "Tell"]

_ONE_SOLVE = 30.0
# Whether there is a plan at all is asked beside the search proper, and not at its expense.
_GLANCE = 15.0
# An elastic solve only has to show where something gives, not how little in all.
_ROUGH = 0.2

Tell: TypeAlias = Callable[[str], None]


class Search:
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

    def in_part(self) -> Search:
        """Return the same search among plans that may make choices in part."""
        return Search(relaxed_to_continuous(self.program), self.until, self.tell)

    def without(self, dropped: Iterable[Rows]) -> Search:
        """Return the same search where some rules are not there."""
        return Search(self._without(dropped), self.until, self.tell)

    def hopeless(self) -> bool:
        """Return whether no plan exists, as far as a glance shows: in part, then as a whole."""
        if self.in_part().feasible(dropped=()) is False:
            return True
        return self.feasible(dropped=(), seconds=_GLANCE) is False

    def allowance(self) -> float:
        """Return the seconds that the next solve may take."""
        return max(1.0, min(_ONE_SOLVE, self.until - time.monotonic()))

    @property
    def late(self) -> bool:
        """Whether the time is used up."""
        return time.monotonic() >= self.until

    def feasible(self, *, dropped: Iterable[Rows], seconds: float = _ONE_SOLVE) -> bool | None:
        """Return whether a plan exists without some rules; None if that stays open."""
        relaxed, limit = self._without(dropped), min(seconds, self.allowance())
        return self._decided(solve(relaxed, SolveSettings(gap=1.0, time_limit=limit)))

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
        rule = one_sentence([program.rows.rule(int(row)) for row in rows])
        labels = tuple(program.rows.label(int(row)) for row in rows)
        where = scenario_of(program, int(rows[0]))
        if self.late:
            return Clash(rule, labels, scenario=where)
        owner = str(program.rows.owners[rows[0]])
        if owner == "relations" or is_equal(program, rows):  # it holds or not, by no degrees
            return Clash(rule, labels, self.feasible(dropped=[rows]), scenario=where)
        enough, give = self._least_give(rows)
        return Clash(rule, labels, enough, give, where)

    def _without(self, dropped: Iterable[Rows]) -> Program:
        """Return the program with some rules unbounded."""
        lower, upper = self.program.rows.lower.copy(), self.program.rows.upper.copy()
        for rows in dropped:
            lower[rows], upper[rows] = -np.inf, np.inf
        return self.program.with_bounds(row_lower=lower, row_upper=upper)

    def _decided(self, found: Solution) -> bool | None:
        """Return whether a solve found a plan; None if it ended without an answer."""
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
        given = Giving.of(self.program, rows, np.arange(len(rows)))
        found = self._solve_giving(given, np.ones(given.count), _ROUGH)
        if self._decided(found) is None:
            self.until = 0.0
            return np.zeros(len(self.program.rows))
        if found.values is None:
            return None
        missed = np.zeros(len(self.program.rows))
        values = found.values[len(self.program.columns) :]
        np.add.at(missed, given.rows, values[given.places])
        return np.where(missed > SMALL, missed, 0.0)

    def _least_give(self, rows: Rows) -> tuple[bool | None, float | None]:
        """Return whether a plan exists if one rule gives, and the least by which it must."""
        given = Giving.of(self.program, rows, np.zeros(len(rows), dtype=np.intp))
        found = self._solve_giving(given, np.ones(1), 1e-4)
        enough = self._decided(found)
        if found.values is None or found.status is Status.TIME_LIMIT:
            return enough, None
        return enough, float(found.values[-1])

    def _solve_giving(self, given: Giving, cost: NDArray[np.float64], gap: float) -> Solution:
        """Return the plan in which the least is given, at a cost of each column of giving."""
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
