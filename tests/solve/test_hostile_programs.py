"""Programs and plans that no case would ask for, but that every way must answer truly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from replant.kernel import Expr, Problem, Program, Stage
from replant.solve import SolveSettings, Status, solve
from replant.solve.feasible import keeps_all
from replant.solve.pricing import ties
from tests.solve.firms import random_program

EXACT = SolveSettings(gap=1e-7)
FIRM = random_program(2)
BEST = solve(FIRM, EXACT)


def test_ties_of_many_small_pieces_leave_nothing_to_mix(monkeypatch: pytest.MonkeyPatch) -> None:
    """Law: where no piece is a large share of a program that few rows tie, the optimum is found
    like any other."""
    monkeypatch.setattr(ties, "_LONG", 6)
    monkeypatch.setattr(ties, "_TIMES", 0.0)
    monkeypatch.setattr(ties, "_SHARE", 1.0)
    monkeypatch.setattr(ties, "_LARGE", 0.9)
    found = ties.ties_of(FIRM.matrix)
    assert found is not None
    assert not found.pieces
    guided = solve(FIRM, replace(EXACT, strategy="guided"))
    assert guided.objective == pytest.approx(BEST.objective, abs=1e-4)
    assert guided.bound >= BEST.objective - 1e-6


@pytest.mark.parametrize("way", ["whole", "guided"])
def test_scenario_by_scenario_it_goes_on_from_any_plan(way: str, tmp_path: Path) -> None:
    """Law: what another way has found is no worse when Benders goes on without any time, also a
    plan that it was given itself."""
    settings = replace(EXACT, saving=tmp_path / "learnt.npz", start=BEST.values)
    first = solve(FIRM, replace(settings, strategy=way))
    again = solve(FIRM, replace(settings, strategy="Benders", start=None, time_limit=0.0))
    assert again.objective >= first.objective - 1e-6
    assert again.bound <= first.bound + 1e-6


def _with_a_scenario_of_no_weight() -> Program:
    problem = Problem([("likely", 1.0), ("never", 0.0)])
    for name, most in (("likely", 2.0), ("never", np.inf)):
        with problem.scenario(name):
            made = problem.variable("made", upper=5.0, integer=True)
            sold = problem.variable("sold", stage=Stage.RECOURSE)
            if np.isfinite(most):
                problem.require("most", sold - made, upper=0.0, rule="No more than is made")
            problem.objective(sold * 3.0 - made + Expr.constant(1.0))
    return problem.assemble()


@pytest.mark.parametrize("way", ["whole", "Benders", "SCIP"])
def test_a_scenario_of_no_weight_is_worth_nothing(way: str) -> None:
    """Law: a scenario of no weight in which any amount can be gained is no plan's worth, and a
    solve that is optimal has a plan."""
    if way == "SCIP":
        pytest.importorskip("pyscipopt")
    program = _with_a_scenario_of_no_weight()
    found = solve(program, replace(EXACT, strategy=way))
    assert found.status is Status.OPTIMAL
    assert found.values is not None
    assert keeps_all(program, found.values)
    assert found.objective == pytest.approx(11.0)
