"""Each goal's work, measured in this process."""

from __future__ import annotations

import math
import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.footprint import loading, source
from benchmarks.footprint.evaluating import Evaluator
from benchmarks.footprint.goals import ENGINE, HAND, KERNEL, WHOLE, Goal, Reached
from benchmarks.footprint.problem import program_of
from benchmarks.footprint.staged import staged_firm
from benchmarks.peers import highs
from benchmarks.peers.outcome import Limits
from replant.solve import SolveSettings, Staged, solve_staged
from replant.solve.bunching import COMPILED
from replant.solve.solution import Status

MEGABYTE = 2**20
_UNIT = 1 if sys.platform == "darwin" else 1024

# Who can do which kind of work.
WORKERS: dict[str, tuple[str, ...]] = {
    "build": (KERNEL, HAND),
    "plan": (ENGINE, WHOLE),
    "bound": (ENGINE, WHOLE),
    "evaluate": (ENGINE,),
}


def measure(goal: Goal, who: str) -> Reached:
    """Do a goal's work once."""
    work: dict[str, Callable[[Goal, str], Reached]] = {
        "build": _built,
        "plan": _planned,
        "bound": _planned,
        "evaluate": _evaluated,
    }
    return work[goal.kind](goal, who)


def staged(goal: Goal) -> Staged:
    """Return a goal's firm in two stages, its whole numbers relaxed if only a bound is asked."""
    firm = source.firm(goal.size)
    known = source.scenarios(firm, goal.scenarios) if goal.scenarios else source.base(firm)
    made = staged_firm(firm, known)
    if goal.kind != "bound":
        return made
    relaxed = np.zeros(len(made.first), dtype=bool)
    return replace(made, first=replace(made.first, integer=relaxed))


def _built(goal: Goal, who: str) -> Reached:
    build = loading.by_kernel if who == KERNEL else loading.by_hand
    build(source.firm("tiny"), "x")
    firm = source.firm(goal.size)
    before = _forget_peak()
    clock = _Clock()
    size = build(firm, "x")
    reached = clock.reached(f"{size[0]:,} columns, {size[1]:,} rows, {size[2]:,} entries")
    return replace(reached, megabytes=reached.megabytes - before)


def _planned(goal: Goal, who: str) -> Reached:
    problem = staged(goal)
    clock = _Clock()
    if who == WHOLE:
        limits = Limits(goal.time_limit, goal.stop_gap())
        outcome = highs.solve(problem, limits)
        return _with_gap(clock.reached(outcome.word), outcome.value, outcome.bound)
    settings = SolveSettings(gap=goal.stop_gap(), time_limit=goal.time_limit)
    solution = solve_staged(problem, settings)
    ended = "solved" if solution.status in (Status.OPTIMAL, Status.WITHIN_GAP) else "stopped"
    reached = clock.reached(f"{ended}; {solution.way}")
    passes = len(problem) * solution.rounds
    each = 1000.0 * reached.cpu / passes if passes and goal.scenarios else None
    reached = replace(reached, milliseconds=each)
    return _with_gap(reached, solution.objective, solution.bound)


def _evaluated(goal: Goal, who: str) -> Reached:
    problem = staged(goal)
    first = keeping_all(goal.size)
    # What is compiled is compiled before the clock starts.
    Evaluator(staged(replace(goal, scenarios=2))).evaluate(first)
    evaluator = Evaluator(problem)
    clock = _Clock()
    values = evaluator.evaluate(first)
    reached = clock.reached("compiled pivots" if COMPILED else "HiGHS, since numba is not there")
    each = 1000.0 * reached.cpu / len(problem)
    return replace(reached, value=float(problem.probabilities @ values), milliseconds=each)


def keeping_all(size: str) -> NDArray[np.float64]:
    """Return the first stage that changes nothing: every plant, line and person stays."""
    firm = source.firm(size)
    program = program_of(firm, wanted_only=True)
    values = np.zeros(program.here_and_now.stop)
    periods = firm["T"]
    stays = {
        "capacity": firm["cap"],
        "open": np.ones(firm["P"]),
        "stay_operating": np.ones(firm["P"]),
        "active": np.ones(firm["L"]),
        "line": firm["init"][np.nonzero(firm["comp"])].astype(float),
        "heads": firm["heads0"],
    }
    for name, each in stays.items():
        values[_columns(program.columns.names, name)] = np.repeat(each, periods)
    for name in ("running_cash", "one_off_cash"):
        rows = _columns(program.rows.names, name)
        columns = _columns(program.columns.names, name)
        values[columns] = program.rows.lower[rows] - program.matrix[rows] @ _padded(program, values)
    return values


def _padded(program: object, values: NDArray[np.float64]) -> NDArray[np.float64]:
    width = len(program.columns)  # type: ignore[attr-defined]
    return np.concatenate([values, np.zeros(width - len(values))])


def _columns(names: NDArray[np.object_], name: str) -> NDArray[np.intp]:
    return np.flatnonzero(names == name)


def _with_gap(reached: Reached, value: float, bound: float) -> Reached:
    known = math.isfinite(value) and math.isfinite(bound)
    return replace(
        reached,
        value=value if math.isfinite(value) else None,
        bound=bound if math.isfinite(bound) else None,
        gap=max(0.0, bound - value) / max(1e-9, abs(value)) if known else None,
    )


class _Clock:
    """Starts when it is made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.monotonic(), _cpu()

    def reached(self, word: str) -> Reached:
        return Reached(
            seconds=time.monotonic() - self._wall,
            cpu=_cpu() - self._cpu,
            megabytes=_peak(),
            word=word,
        )


def _cpu() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _forget_peak() -> float:
    """Reset the record of the most memory held; return the megabytes held now, 0 if it stays."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return 0.0
    return _status("VmRSS")


def _peak() -> float:
    if Path("/proc/self/status").exists():
        own = _status("VmHWM")
    else:
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT / MEGABYTE
    return own + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * _UNIT / MEGABYTE


def _status(field: str) -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    return 0.0
