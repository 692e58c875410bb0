"""Multi-cut Benders as text books have it, on HiGHS: a master, one LP for each scenario, cuts.

First the master's relaxation is solved to its end by cuts, then the master with whole numbers is
solved anew each time cuts were added. A row that binds one column of the second stage is a bound of
it, as anyone would write it. There is no stabilisation, no dropping of cuts, no heuristic.
"""

from __future__ import annotations

import math
import time
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from benchmarks.peers.arrays import highs_of
from benchmarks.peers.outcome import DoesNotApply, Limits, Outcome
from benchmarks.peers.scenario import Scenario
from replant.solve.staged import Staged

Floats = NDArray[np.float64]
_TINY = 1e-7


def solve(staged: Staged, limits: Limits) -> Outcome:
    """Solve by cuts; refuses whole numbers in the second stage."""
    ends = time.monotonic() + limits.seconds
    scenarios = []
    for number in range(len(staged)):
        part = staged.make(number)
        if part.integer.any():
            raise DoesNotApply("the second stage has whole numbers")
        scenarios.append(Scenario(part))
    return _Method(staged, scenarios, limits, ends).run()


class _Method:
    """The loop between the master and the scenarios."""

    def __init__(
        self, staged: Staged, scenarios: list[Scenario], limits: Limits, ends: float
    ) -> None:
        self._staged, self._scenarios = staged, scenarios
        self._limits, self._ends = limits, ends
        self._value, self._bound, self._steps = -math.inf, math.inf, 0
        self._cut = np.zeros(len(scenarios), dtype=np.bool_)
        self._master = self._new_master()

    def run(self) -> Outcome:
        """Cut the relaxation to its end, then the whole numbers."""
        relaxed = [highspy.HighsVarType.kContinuous] * len(self._staged.first)
        integer = self._staged.first.integer
        if integer.any():
            self._vary(relaxed)
            self._loop(whole=False)
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            self._vary([kinds[int(each)] for each in integer])
        finished = self._loop(whole=True)
        constant = self._staged.constant
        return Outcome(self._value + constant, self._bound + constant, finished, self._steps)

    def _loop(self, *, whole: bool) -> bool:
        """Add cuts until none is violated; say whether that was reached in time."""
        best = -math.inf
        while (left := self._ends - time.monotonic()) > 0.0:
            self._steps += 1
            self._master.setOptionValue("time_limit", left + self._master.getRunTime())
            self._master.setOptionValue("mip_rel_gap", self._limits.gap / 10)
            self._master.run()
            if self._master.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return False
            values = np.array(self._master.getSolution().col_value)
            width = len(self._staged.first)
            bound = self._proven(whole) if self._cut.all() else math.inf
            first = values[:width]
            if whole:
                first = np.where(self._staged.first.integer, np.round(first), first)
            evaluated = self._evaluate(first, values[width:])
            if evaluated is None:
                return False
            found, added = evaluated
            best = max(best, found)
            if whole:
                self._value = max(self._value, found)
            self._bound = min(self._bound, bound)
            allowed = self._limits.gap * max(1e-9, abs(best)) if math.isfinite(best) else 0.0
            if math.isfinite(best) and bound - best <= allowed * (0.5 if not whole else 1.0):
                return True
            if not added:
                return whole
        return False

    def _proven(self, whole: bool) -> float:
        info = self._master.getInfo()
        integers = whole and bool(self._staged.first.integer.any())
        return float(info.mip_dual_bound if integers else info.objective_function_value)

    def _evaluate(self, first: Floats, worth: Floats) -> tuple[float, int] | None:
        """Solve each scenario; return the plan's value and the count of cuts, None out of time."""
        value = float(self._staged.first.objective @ first)
        added = 0
        for number, scenario in enumerate(self._scenarios):
            if time.monotonic() > self._ends:
                return None
            answer = scenario.at(first)
            probability = float(self._staged.probabilities[number])
            if answer.value is None:
                value = -math.inf
            else:
                value += probability * (answer.value + scenario.constant)
            if answer.value is None:
                self._add(answer.constant, answer.slope, None)
                added += 1
            elif not self._cut[number] or (
                worth[number] > answer.value + _TINY * max(1.0, abs(answer.value))
            ):
                self._add(answer.constant, answer.slope, number)
                added += 1
                self._free(number)
        return value, added

    def _new_master(self) -> Any:
        """Return the first stage beside a worth for each scenario, of no weight before its cut."""
        first, count = self._staged.first, len(self._scenarios)
        matrix = csr_matrix(hstack([first.matrix, csr_matrix((first.matrix.shape[0], count))]))
        held = np.zeros(count)
        model = highs_of(
            matrix,
            np.concatenate([first.objective, held]),
            (np.concatenate([first.lower, held]), np.concatenate([first.upper, held])),
            (first.row_lower, first.row_upper),
        )
        constant = sum(
            float(p) * each.constant
            for p, each in zip(self._staged.probabilities, self._scenarios, strict=True)
        )
        model.changeObjectiveOffset(constant)
        return model

    def _free(self, number: int) -> None:
        if not self._cut[number]:
            self._cut[number] = True
            column = len(self._staged.first) + number
            self._master.changeColCost(column, float(self._staged.probabilities[number]))
            self._master.changeColBounds(column, -highspy.kHighsInf, highspy.kHighsInf)

    def _add(self, constant: float, slope: Floats, number: int | None) -> None:
        """Add ``worth - slope x <= constant``, or ``-slope x <= constant`` for feasibility."""
        columns = np.flatnonzero(slope)
        values = -slope[columns]
        if number is not None:
            columns = np.append(columns, len(self._staged.first) + number)
            values = np.append(values, 1.0)
        self._master.addRow(
            -highspy.kHighsInf, constant, len(columns), columns.astype(np.int32), values
        )

    def _vary(self, kinds: list[Any]) -> None:
        columns = np.arange(len(kinds), dtype=np.int32)
        self._master.changeColsIntegrality(len(kinds), columns, np.array(kinds))
