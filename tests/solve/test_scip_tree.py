"""The second way through whole numbers: a tree of SCIP that asks the scenarios as it goes."""

from __future__ import annotations

import signal
import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from replant.errors import SolverError
from replant.kernel import Dimension, Problem, Program, Stage
from replant.solve import solve
from replant.solve.decomposed import solve_decomposed
from replant.solve.settings import Progress, SolveSettings
from replant.solve.solution import StagedSolution, Status
from replant.solve.staged import Staged, whole_of
from replant.solve.suiting import solve_staged
from replant.solve.whole import solve_arrays
from tests.solve.firms_in_periods import firm_in_periods
from tests.solve.two_stages import enumerated, two_stages

pytest.importorskip("pyscipopt", reason="PySCIPOpt is not installed (extra solvers)")
scip_tree = pytest.importorskip("replant.solve.benders.scip_tree")

EXACT = SolveSettings(gap=1e-9, time_limit=60.0, strategy="SCIP")
WHOLE = ("binary", "integer")


def closable(staged: Staged) -> bool:
    """Whether parts can prove every optimum: no whole number follows a continuous column."""
    follows = any(staged.make(number).integer.any() for number in range(len(staged)))
    return bool(staged.first.integer.all()) or not follows


def hold(found: StagedSolution, status: Status, value: float) -> None:
    """A solution ends as the problem does and is worth the same."""
    if found.status is Status.WITHIN_GAP:
        assert found.gap <= EXACT.allowed(found.objective)
    else:
        assert found.status is status
    if status is Status.OPTIMAL:
        assert found.objective == pytest.approx(value, rel=1e-5, abs=1e-5)
        assert found.bound == pytest.approx(value, rel=1e-5, abs=1e-5)
        assert found.bound >= found.objective


@given(two_stages(("binary", "integer", "mixed")))
def test_the_tree_of_scip_is_the_whole_problem(staged: Staged) -> None:
    """Law: it ends as the whole problem does, and is worth the same.

    Where whole numbers follow continuous columns it may leave the proof open, and says so.
    """
    true = solve_arrays(whole_of(staged), replace(EXACT, strategy="whole"), {"presolve": "off"})
    found = solve_staged(staged, EXACT)
    event(f"{found.way}: {found.status}")
    if found.status is Status.NOT_PROVEN:
        assert not closable(staged)
        assert found.objective <= true.objective + 1e-5
        assert found.bound >= true.objective - 1e-5
    else:
        ended = Status.OPTIMAL if true.status is Status.WITHIN_GAP else true.status
        hold(found, ended, true.objective)


@given(two_stages(WHOLE, WHOLE))
def test_the_tree_of_scip_is_what_trying_everything_finds(staged: Staged) -> None:
    """Law: with whole numbers in both stages it finds what trying everything finds; the optimum
    lies between plan and bound all the way, and no line takes back an earlier one."""
    lines: list[Progress] = []
    true = enumerated(staged)
    hold(solve_staged(staged, replace(EXACT, on_progress=lines.append)), true.status, true.value)
    for line in lines:
        assert line.value <= true.value + 1e-6
        assert line.bound >= true.value - 1e-6
    assert all(later.bound <= earlier.bound + 1e-9 for earlier, later in pairwise(lines))


@pytest.mark.parametrize(("seed", "scenarios"), [(1, 1), (2, 3)])
def test_firms_in_periods_end_as_one_problem(seed: int, scenarios: int) -> None:
    """Law: cuts by period and the chains in the master lead SCIP to the same optimum, by the same
    road each time."""
    staged = firm_in_periods(seed=seed, scenarios=scenarios)
    true = solve_arrays(whole_of(staged), replace(EXACT, strategy="whole"))
    one, other = solve_staged(staged, EXACT), solve_staged(staged, EXACT)
    assert one.way == "SCIP"
    assert one.objective == pytest.approx(true.objective, rel=1e-6)
    assert one.bound == pytest.approx(true.objective, rel=1e-6)
    assert (one.rounds, one.objective, one.bound) == (other.rounds, other.objective, other.bound)


@given(staged=two_stages(WHOLE, WHOLE), stop=st.one_of(st.floats(0.0, 0.02), st.integers(0, 5)))
def test_a_forced_stop_leaves_what_is_true(staged: Staged, stop: float | int) -> None:
    """Law: time limit or Ctrl-C at any line of progress: plan ≤ optimum ≤ bound."""
    lines: list[Progress] = []

    def interrupt(progress: Progress) -> None:
        lines.append(progress)
        if isinstance(stop, int) and len(lines) == stop + 1:
            signal.raise_signal(signal.SIGINT)

    limit = 60.0 if isinstance(stop, int) else stop
    found = solve_staged(staged, replace(EXACT, time_limit=limit, on_progress=interrupt))
    event(str(found.status))
    best = enumerated(staged).value
    assert found.bound >= best - 1e-6
    assert found.objective <= best + 1e-6


def program() -> Program:
    """Which plants to open once, and whom to serve from them in each of two scenarios."""
    plant, market = Dimension("plant", ("east", "west")), Dimension("market", ("home", "far"))
    problem = Problem([("low", 0.4), ("high", 0.6)])
    for name, wanted in (("low", [1.0, 2.0]), ("high", [4.0, 3.0])):
        with problem.scenario(name):
            opens = problem.variable("opens", plant, upper=1.0, integer=True)
            ship = problem.variable("ship", plant, market, stage=Stage.RECOURSE)
            room = ship.sum("market") - opens * np.array([4.0, 5.0])
            problem.require("room", room, upper=0.0, rule="Within room")
            problem.require("wanted", ship.sum("plant"), upper=wanted, rule="As wanted")
            worth = np.array([[3.0, 2.0], [2.0, 4.0]])
            problem.objective((ship * worth).sum() - (opens * np.array([5.0, 7.0])).sum())
    return problem.assemble()


def test_a_program_is_solved_by_the_name_of_the_way() -> None:
    """Law: `solve(program, strategy="SCIP")` finds the whole program's optimum and names SCIP."""
    by_scip, whole = solve(program(), EXACT), solve(program(), replace(EXACT, strategy="whole"))
    assert by_scip.objective == pytest.approx(whole.objective, abs=1e-6)
    assert by_scip.bound == pytest.approx(whole.objective, abs=1e-6)
    assert "PySCIPOpt" in by_scip.solver


def test_what_goes_wrong_while_scip_asks_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Law: an exception in the middle of SCIP's search ends it and reaches whoever called."""

    def fail(*given: object) -> int:
        raise RuntimeError("a fault of its own")

    monkeypatch.setattr(scip_tree.ScipTree, "separate", fail)
    with pytest.raises(RuntimeError, match="a fault of its own"):
        solve_decomposed(firm_in_periods(seed=1), EXACT)


def test_without_pyscipopt_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Law: where PySCIPOpt is missing, both doors say so before anything is solved."""
    for name in [each for each in sys.modules if each.startswith("replant.solve.benders.scip")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr("replant.solve.benders.scip_tree", raising=False)
    for name in ("pyscipopt", "pyscipopt.scip"):
        monkeypatch.setitem(sys.modules, name, None)
    asked: list[Progress] = []
    told = replace(EXACT, on_progress=asked.append)
    with pytest.raises(SolverError, match=r"PySCIPOpt.*replant\[solvers\]"):
        solve_staged(firm_in_periods(seed=1), told)
    with pytest.raises(SolverError, match=r"PySCIPOpt.*replant\[solvers\]"):
        solve(program(), told)
    assert not asked
