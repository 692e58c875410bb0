"""Scenarios that a few rows tie: without them they fall into parts, and the optimum is the same."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from replant.kernel import Dimension, Problem, Program, Stage
from replant.solve.benders import falling
from replant.solve.benders.chained_hand import hand_of
from replant.solve.benders.course import Course
from replant.solve.benders.crew import Alone, joined
from replant.solve.benders.figured import Figured, told_apart, words_of
from replant.solve.benders.grouping import groups_of
from replant.solve.benders.pieces import pieces_of
from replant.solve.benders.relaxing import relax
from replant.solve.decided import decided_once
from replant.solve.decomposed import solve_decomposed
from replant.solve.solution import Status
from replant.solve.staged import staged_of, whole_of
from replant.solve.whole import solve_arrays
from tests.solve.laws import EXACT, holds_all_the_way, optimum, proves_the_optimum

YEARS = ("Y1", "Y2", "Y3")
PLANT = Dimension("plant", ("east", "west", "south"))
MARKET = Dimension("market", ("home", "abroad", "far", "near"))
PERIOD = Dimension("period", YEARS)
TIME = Dimension("time", ("now", *YEARS))


def firm(seed: int, scenarios: int = 3, floor: float = 0.0, owed: bool = False) -> Program:
    """Plants to open and people to hire; sales, cash and, where owed, tax in each scenario.

    Who is there follows from who is hired. Cash carries over, and so do half of the sales, which
    are paid a year later; all years together pay one tax.
    """
    draw = np.random.default_rng(seed)
    cost, room = draw.uniform(2.0, 9.0, 3), draw.uniform(3.0, 6.0, 3)
    spent = draw.uniform(1.0, 6.0, 3)
    problem = Problem([(f"s{number}", 1.0 / scenarios) for number in range(scenarios)])
    for number in range(scenarios):
        moved = np.random.default_rng([seed, number])
        wanted, worth = moved.uniform(0.5, 4.0, (4, 3)), moved.uniform(0.5, 3.0, (3, 4, 3))
        with problem.scenario(f"s{number}"):
            opens = problem.variable("opens", PLANT, upper=1.0, integer=True)
            hired = problem.variable("hired", PLANT, PERIOD, upper=4.0)
            heads = problem.variable("heads", PLANT, PERIOD, stage=Stage.RECOURSE)
            ship = problem.variable("ship", PLANT, MARKET, PERIOD, stage=Stage.RECOURSE)
            cash = problem.variable("cash", TIME, lower=floor, stage=Stage.RECOURSE)
            tax = problem.variable("tax", stage=Stage.RECOURSE, integer=owed, upper=9.0)
            made = ship.sum("market")
            last = 0.0
            gained = []
            for place, year in enumerate(YEARS):
                there = heads.at(period=year)
                before = heads.at(period=YEARS[place - 1]) * 0.9 if place else 0.0
                gone = there - before - hired.at(period=year)
                problem.require(f"heads[{year}]", gone, lower=0.0, upper=0.0, rule="Who stays")
                problem.require(
                    f"crew[{year}]", made.at(period=year) - there * 2.0, upper=0.0, rule="Crew"
                )
                sold = (ship.at(period=year) * worth[:, :, place]).sum()
                paid = sold * 0.5 + last - (hired.at(period=year) * spent).sum() - there.sum() * 0.2
                chain = cash.at(time=year) - cash.at(time=TIME.labels[place]) * 1.01 - paid
                problem.require(f"cash[{year}]", chain, lower=0.0, upper=0.0, rule="Cash")
                gained.append(sold)
                last = sold * 0.5
            start = cash.at(time="now") + (opens * cost).sum()
            problem.require("start", start, lower=25.0, upper=25.0, rule="Cash at the beginning")
            total = sum(gained[1:], start=gained[0])
            problem.require("tax", total * 0.2 - tax, upper=4.0, rule="Tax")
            problem.require("room", made - opens * room, upper=0.0, rule="Within room")
            problem.require("wanted", ship.sum("plant"), upper=wanted, rule="No more than wanted")
            problem.objective(cash.at(time="Y3") + cash.sum() * 0.01 - tax + last)
    return problem.assemble()


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let small problems be told apart as large ones are."""
    monkeypatch.setattr(falling, "_ENTRIES", 0)
    monkeypatch.setattr(falling, "_SHARE", 0.5)
    monkeypatch.setattr("replant.solve.decided._FEW", 1)


@pytest.mark.parametrize("scenarios", [1, 3])
@pytest.mark.parametrize("seed", range(1, 4))
def test_same_optimum_as_the_whole_problem(seed: int, scenarios: int) -> None:
    """Plan and bound part by part are those of the whole problem, and the way says how."""
    staged = staged_of(firm(seed, scenarios))
    found = proves_the_optimum(staged)
    assert found.way.startswith("Benders in ")
    assert found.first is not None
    assert found.first.shape == (len(staged.first),)


@pytest.mark.parametrize("seed", range(1, 3))
def test_the_bound_holds_where_cash_is_short(seed: int) -> None:
    """With a floor that most plans miss, no bound told on the way lies below the optimum."""
    staged = staged_of(firm(seed, floor=9.0))
    assert np.isfinite(optimum(staged))
    holds_all_the_way(staged)


def test_a_floor_that_no_plan_keeps_is_said_to_be_impossible() -> None:
    """Where the whole problem has no plan, parts find none either."""
    staged = staged_of(firm(1, floor=500.0))
    assert solve_arrays(whole_of(staged), EXACT).status is Status.INFEASIBLE
    assert solve_decomposed(staged, EXACT).status is Status.INFEASIBLE


def test_whole_numbers_in_scenarios_are_bounded() -> None:
    """With a tax in whole numbers the plan is worth what is told, and the bound is above it."""
    staged = staged_of(firm(2, owed=True))
    whole, found = optimum(staged), solve_decomposed(staged, EXACT)
    assert found.way.startswith("Benders in ")
    assert found.objective <= whole + 1e-6
    assert found.bound >= whole - 1e-6


@pytest.mark.parametrize("seed", range(1, 4))
def test_cuts_of_parts_hold_for_every_plan(seed: int) -> None:
    """Whatever a scenario may do at a first stage, what its parts earn keeps each cut."""
    staged = told_apart(staged_of(firm(seed, 1, floor=9.0)))
    free = np.zeros(len(staged.first), dtype=bool)
    staged = replace(staged, first=replace(staged.first, integer=free))
    course = Course(staged, Alone(staged), EXACT)
    relax(course)
    assert course.bound == pytest.approx(optimum(staged), rel=1e-6)
    make = staged.make
    assert isinstance(make, Figured)
    pieces = pieces_of(make(0), make.falls[0])
    arrays, draw = whole_of(staged), np.random.default_rng(seed)
    for _ in range(4):
        # A plan that is best for something else; what tells of it stands beside it.
        plan = solve_arrays(replace(arrays, objective=draw.normal(size=len(arrays.lower))), EXACT)
        assert plan.values is not None
        first, done = np.split(plan.values, [len(staged.first)])
        beside = [done[pieces.fall.chain]]
        beside += [piece.figures @ done[piece.part.columns] for piece in pieces.parts]
        first[make.before :] = np.concatenate(beside)
        earned = make(0).objective * done
        worth = [earned[piece.part.columns].sum() for piece in pieces.parts]
        worth.append(earned[pieces.fall.chain].sum())
        for each in course.master.cuts:
            least = worth[each.group] if each.group >= 0 else 0.0
            assert each.cut.at(first) >= least - 1e-6


def test_shares_of_the_scenarios_say_the_same() -> None:
    """Scenarios told apart by two hands, each with a copy, have the worth that one finds."""
    staged = told_apart(staged_of(firm(3, 2)))
    copy = pickle.loads(pickle.dumps(staged))
    alone = Alone(staged)
    groups = groups_of(alone.shapes())
    point = np.where(np.arange(len(staged.first)) < 3, 1.0, staged.first.lower)
    reports = []
    for number in range(2):
        hand = hand_of(copy, [number])
        assert len(hand.shapes()) == 1
        reports.append(((number,), hand.ask(point, [groups[number]])))
    one, two = alone.ask(point, groups), joined(staged, groups, reports)
    assert two.values == pytest.approx(one.values)
    assert two.constants == pytest.approx(one.constants)
    assert two.slopes == pytest.approx(one.slopes)


def test_what_follows_from_the_first_stage_is_decided_there() -> None:
    """Nine people's columns that hiring decides stand in the first stage once, not per scenario."""
    staged = staged_of(firm(1, 3))
    once = decided_once(staged)
    assert len(once.first) == len(staged.first) + 10
    assert all(len(once.make(number)) == len(staged.make(number)) - 10 for number in range(3))
    assert optimum(once) == pytest.approx(optimum(staged), rel=1e-9)


def test_the_ties_of_a_firm_are_cash_and_tax(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the rows of cash and tax, shipments fall into years."""
    monkeypatch.setattr(falling, "_NEARLY", 1)
    monkeypatch.setattr(falling, "_SMALL", 1)
    program = firm(1, 1)
    staged = staged_of(program)
    once = decided_once(staged)
    fall = falling.fall_of(once.make(0))
    assert fall is not None
    assert len(fall.ties) == 4
    period = once.make(0).period
    assert period is not None
    assert [np.unique(period[part]).tolist() for part in fall.parts] == [[0], [1], [2]]
    assert [len(part) for part in fall.parts] == [12, 12, 12]


def test_labels_tell_the_periods() -> None:
    """A column's period is that of its label, whatever the dimension's name; none has none."""
    program = firm(1, 1)
    period = staged_of(program).make(0).period
    assert period is not None
    start = program.blocks[0].columns.start
    labels = [program.columns.label(start + place) for place in range(len(period))]
    told = [next((n for n, year in enumerate(YEARS) if year in label), -1) for label in labels]
    assert period.tolist() == told


def test_a_scenario_without_long_rows_stays_as_it_is() -> None:
    """Where no few rows tie everything, nothing is said of parts."""
    staged = staged_of(firm(1, 1))
    block = staged.make(0)
    size = len(block)
    dense = csr_matrix(np.ones((size, size)))
    assert falling.fall_of(replace(block, matrix=dense)) is None
    assert words_of(staged) == ""
