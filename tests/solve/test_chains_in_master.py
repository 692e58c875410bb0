"""Chains kept in the master: cuts for each scenario and period give the same optimum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from replant.solve.benders.course import Course
from replant.solve.benders.crew import Alone
from replant.solve.benders.relaxing import relax
from replant.solve.decomposed import solve_decomposed
from replant.solve.loading import loaded
from replant.solve.staged import Recourse
from tests.solve.firms_in_periods import firm_in_periods
from tests.solve.laws import EXACT, holds_all_the_way, optimum, proves_the_optimum


@pytest.mark.parametrize("scenarios", [1, 4])
@pytest.mark.parametrize("seed", range(1, 6))
def test_same_optimum_as_the_whole_problem(seed: int, scenarios: int) -> None:
    """Plan and bound by period are those of the whole problem, whole numbers included."""
    proves_the_optimum(firm_in_periods(seed=seed, scenarios=scenarios))


@pytest.mark.parametrize("seed", range(1, 5))
def test_the_bound_holds_at_every_moment(seed: int) -> None:
    """No bound told on the way lies below the optimum, no value above it."""
    holds_all_the_way(firm_in_periods(seed=seed, scenarios=3))


def test_cuts_speak_of_one_period_each() -> None:
    """A scenario of three periods has three estimates; each cut bounds what one of them earns."""
    staged = firm_in_periods(scenarios=2, periods=3)
    course = Course(staged, Alone(staged), EXACT)
    assert course.master.chains is not None
    assert course.master.groups == 6
    point = staged.first.upper.copy()
    round = course.ask(point)
    for number in range(2):
        block, places = staged.make(number), slice(number * 3, number * 3 + 3)
        values = worth_by_period(block, point)
        assert round.worth[places] == pytest.approx(values)
        assert (round.constants + round.slopes @ point)[places] == pytest.approx(values)


def worth_by_period(block: Recourse, point: np.ndarray) -> np.ndarray:
    """Return what each period earns at most, solved one by one without a chain."""
    found = []
    assert block.period is not None
    for period in range(int(block.period.max()) + 1):
        earned = np.zeros(len(block))
        mine = np.flatnonzero(np.isinf(block.lower))[period]
        earned[mine] = 1.0
        taken = block.technology @ point
        model = loaded(
            block.matrix,
            earned,
            block.lower,
            block.upper,
            block.row_lower - taken,
            block.row_upper - taken,
        )
        model.run()
        found.append(model.getObjectiveValue())
    return np.array(found)


@pytest.mark.parametrize("seed", range(1, 5))
def test_cuts_bound_what_periods_earn_at_other_points(seed: int) -> None:
    """A cut made at one first stage is no lower than what the period earns at another."""
    staged = firm_in_periods(scenarios=1, seed=seed)
    course = Course(staged, Alone(staged), EXACT)
    draw = np.random.default_rng(seed)
    stage = staged.first
    points = [draw.uniform(stage.lower, stage.upper) for _ in range(6)]
    rounds = [course.ask(point) for point in points]
    for one in rounds:
        for point, other in zip(points, rounds, strict=True):
            heights = (one.constants + one.slopes @ point)[:3]
            assert (heights >= other.worth[:3] - 1e-7).all()


def test_relaxed_phase_ends_at_the_relaxed_optimum() -> None:
    """Without whole numbers, bound and plan meet at the optimum of the whole linear problem."""
    staged = firm_in_periods(scenarios=3, seed=4)
    free = np.zeros_like(staged.first.integer)
    staged = replace(staged, first=replace(staged.first, integer=free))
    course = Course(staged, Alone(staged), EXACT)
    relax(course)
    whole = optimum(staged)
    assert course.bound == pytest.approx(whole, rel=1e-6)
    assert course.value == pytest.approx(whole, rel=1e-6)


def test_a_large_first_stage_is_proven_by_the_tree() -> None:
    """With more whole numbers than a tree takes at once, plan and bound still meet in the end."""
    staged = firm_in_periods(plants=24, products=18, periods=2, scenarios=1, seed=2)
    assert staged.first.integer.sum() > 400
    lower, upper = staged.first.lower.copy(), staged.first.upper.copy()
    # All but a few lines are not there, which the whole problem proves in a moment.
    upper[18 + 18 : 18 + 24 * 18] = 0.0
    staged = replace(staged, first=replace(staged.first, lower=lower, upper=upper))
    whole = optimum(staged)
    found = solve_decomposed(staged, replace(EXACT, gap=1e-3, time_limit=60.0))
    assert found.bound >= whole - 1e-6 * abs(whole)
    assert found.objective <= whole + 1e-6 * abs(whole)
    assert found.bound - found.objective <= 1.01e-3 * abs(found.objective)
