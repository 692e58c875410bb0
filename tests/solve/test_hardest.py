"""Scenarios with a tight floor: a plan comes from the hardest ones, the bound from each alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from replant.kernel import Dimension, Problem, Program, Stage
from replant.solve import SolveSettings, decomposed, strategies
from replant.solve.benders import falling
from replant.solve.benders.course import Course
from replant.solve.benders.crew import Alone
from replant.solve.benders.diving import Dive
from replant.solve.benders.each_alone import EachAlone
from replant.solve.benders.figured import told_apart
from replant.solve.benders.hardest import Hardest
from replant.solve.benders.priced_together import PricedTogether
from replant.solve.benders.relaxing import relax
from replant.solve.decomposed import solve_decomposed
from replant.solve.pricing import ties
from replant.solve.settings import Progress
from replant.solve.solution import Status
from replant.solve.staged import Staged, staged_of, whole_of
from replant.solve.whole import solve_arrays

EXACT = SolveSettings(gap=1e-7)
YEARS = ("Y1", "Y2", "Y3")
PLANT = Dimension("plant", tuple(f"p{number}" for number in range(6)))
MARKET = Dimension("market", ("home", "abroad", "far"))
PERIOD = Dimension("period", YEARS)
TIME = Dimension("time", ("now", *YEARS))


def firm(seed: int, floor: float, scenarios: int = 4) -> Program:
    """Plants to open; sales and cash in each scenario, which must keep above a floor."""
    draw = np.random.default_rng(seed)
    cost, room = draw.uniform(3.0, 9.0, 6), draw.uniform(2.0, 6.0, 6)
    worth = draw.uniform(0.5, 3.0, (6, 3, 3))
    problem = Problem([(f"s{number}", 1.0 / scenarios) for number in range(scenarios)])
    for number in range(scenarios):
        moved = np.random.default_rng([seed, number])
        wanted = moved.uniform(0.5, 4.0, (3, 3)) * moved.uniform(0.6, 1.2)
        with problem.scenario(f"s{number}"):
            opens = problem.variable("opens", PLANT, PERIOD, upper=1.0, integer=True)
            spare = problem.variable("spare", upper=2.0)
            ship = problem.variable("ship", PLANT, MARKET, PERIOD, stage=Stage.RECOURSE)
            cash = problem.variable("cash", TIME, lower=floor, stage=Stage.RECOURSE)
            there = 0.0
            for place, year in enumerate(YEARS):
                there = opens.at(period=year) + there
                made = ship.at(period=year).sum("market")
                problem.require(f"room[{year}]", made - there * room, upper=0.0, rule="Room")
                sold = (ship.at(period=year) * worth[:, :, place]).sum()
                paid = sold - (opens.at(period=year) * cost).sum() - there.sum() * 0.3
                chain = cash.at(time=year) - cash.at(time=TIME.labels[place]) - paid
                problem.require(f"cash[{year}]", chain, lower=0.0, upper=0.0, rule="Cash")
            problem.require("once", there, upper=1.0, rule="A plant is opened once")
            start = cash.at(time="now") + spare
            problem.require("start", start, lower=20.0, upper=20.0, rule="Cash at the beginning")
            problem.require("wanted", ship.sum("plant"), upper=wanted, rule="No more than wanted")
            problem.objective(cash.at(time="Y3") + cash.sum() * 0.01 + spare * 0.5)
    return problem.assemble()


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let small problems be told apart, and sought in, as large ones are."""
    monkeypatch.setattr(falling, "_ENTRIES", 0)
    monkeypatch.setattr(falling, "_SHARE", 0.5)
    monkeypatch.setattr(decomposed, "_TREE", 0)


def optimum(staged: Staged) -> float:
    """Return what the whole problem is worth."""
    return solve_arrays(whole_of(staged), EXACT).objective


def course_of(staged: Staged) -> Course:
    """Return a solve at its beginning."""
    apart = told_apart(staged)
    return Course(apart, Alone(apart), EXACT)


def value_of(staged: Staged, first: np.ndarray) -> float:
    """Return what the whole problem is worth with its first stage held."""
    arrays, width = whole_of(staged), len(staged.first)
    lower, upper = arrays.lower.copy(), arrays.upper.copy()
    lower[:width] = upper[:width] = first[:width]
    return solve_arrays(replace(arrays, lower=lower, upper=upper), EXACT).objective


@pytest.mark.parametrize(("seed", "floor"), [(2, 17.0), (7, 12.0)])
def test_a_plan_where_the_dive_is_blocked(seed: int, floor: float) -> None:
    """Where a floor blocks the dive, the hardest scenario leads to a plan, before all rounds."""
    staged = staged_of(firm(seed, floor))
    course = course_of(staged)
    relax(course)
    assert not Dive(course).run()
    assert Hardest(course).run()
    assert course.first is not None
    assert value_of(staged, course.first) == pytest.approx(course.value, rel=1e-6)
    lines: list[Progress] = []
    found = solve_decomposed(staged, replace(EXACT, gap=0.15, on_progress=lines.append))
    assert found.status is Status.WITHIN_GAP
    assert np.isfinite(lines[0].value)
    best = optimum(staged)
    assert found.objective <= best + 1e-5
    assert all(line.bound >= best - 1e-5 for line in lines)


@pytest.mark.parametrize("seed", [2, 4])
def test_plan_and_bound_hold(seed: int) -> None:
    """The plan is worth what is told of it; no bound from scenarios alone lies below the best."""
    staged = staged_of(firm(seed, 15.0))
    best = optimum(staged)
    course = course_of(staged)
    hardest = Hardest(course)
    assert not EachAlone(course, hardest.alone).pays(-np.inf)
    hardest.look()
    relaxed = course.bound
    assert relaxed >= best - 1e-6
    assert hardest.run()
    assert course.first is not None
    assert value_of(staged, course.first) == pytest.approx(course.value, rel=1e-6)
    each = EachAlone(course, hardest.alone)
    assert each.pays(-np.inf)
    each.run()
    assert best - 1e-6 <= course.bound < relaxed
    assert course.value <= best + 1e-6


@pytest.mark.parametrize("seed", [2, 4])
def test_prices_for_the_ties_of_all_scenarios_bound_the_plan(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All scenarios at once without their cash: a bound below the relaxed one, never too low."""
    monkeypatch.setattr(ties, "_LONG", 10)
    monkeypatch.setattr(ties, "_TIMES", 2.0)
    monkeypatch.setattr(ties, "_SHARE", 0.5)
    staged = staged_of(firm(seed, 15.0))
    assert ties.ties_of(whole_of(staged).matrix) is not None
    best = optimum(staged)
    course = course_of(staged)
    hardest = Hardest(course)
    hardest.look()
    relaxed = course.bound
    assert hardest.run()
    PricedTogether(course).run()
    assert best - 1e-6 <= course.bound < relaxed
    assert course.first is not None
    assert value_of(staged, course.first) == pytest.approx(course.value, rel=1e-6)
    assert course.value <= best + 1e-6


def test_another_scenario_is_written_out_where_the_first_is_not_enough() -> None:
    """Where the plan of the one scenario is none for others, they lead as well."""
    staged = staged_of(firm(2, 17.0))
    course = course_of(staged)
    hardest = Hardest(course)
    hardest.look()
    easiest = max(hardest.alone, key=lambda number: hardest.alone[number])
    for number in hardest.alone:
        hardest.alone[number] = -1.0 if number == easiest else 0.0
    assert hardest.run()
    assert len(hardest.taken) > 1
    assert hardest.taken[0] == easiest


def test_a_floor_that_no_plan_keeps_is_said_to_be_impossible() -> None:
    """Where the whole problem has no plan, none is told of."""
    staged = staged_of(firm(1, 500.0))
    assert solve_arrays(whole_of(staged), EXACT).status is Status.INFEASIBLE
    assert solve_decomposed(staged, EXACT).status is Status.INFEASIBLE


def test_auto_goes_by_scenario_where_one_needs_help(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four scenarios with many leading choices are told apart; three are not, nor with few."""
    assert strategies._suiting(firm(1, 8.0)) == "whole"
    monkeypatch.setattr(strategies, "_MANY", 0)
    assert strategies._suiting(firm(1, 8.0)) == "Benders"
    assert strategies._suiting(firm(1, 8.0, 3)) == "guided"
