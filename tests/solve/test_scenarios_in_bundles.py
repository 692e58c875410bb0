"""Many scenarios told in bundles, begun from a sample of them: the same optimum, valid bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from replant.solve.benders import beginning, chains
from replant.solve.benders.chained_hand import hand_of
from replant.solve.benders.course import Course
from replant.solve.benders.crew import Alone, joined
from replant.solve.benders.relaxing import relax
from replant.solve.benders.sampling import sample_of
from replant.solve.benders.trail import follow
from replant.solve.staged import Staged
from tests.solve.firms_in_periods import firm_in_periods
from tests.solve.laws import EXACT, holds_all_the_way, proves_the_optimum


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a dozen scenarios count as many: four bundles of three periods, begun from a sample."""
    monkeypatch.setattr(chains, "_ESTIMATES", 12)
    monkeypatch.setattr(chains, "_BUNDLED", 12)
    monkeypatch.setattr(beginning, "_CROWD", 8)


def uneven(seed: int, scenarios: int = 12) -> Staged:
    """Return a firm whose scenarios are not equally likely, one of them impossible."""
    staged = firm_in_periods(seed=seed, scenarios=scenarios)
    weights = np.random.default_rng(seed).uniform(0.5, 2.0, scenarios)
    weights[1] = 0.0
    return replace(staged, probabilities=weights / weights.sum())


@pytest.mark.parametrize("seed", range(1, 6))
def test_same_optimum_as_the_whole_problem(seed: int) -> None:
    """Told in bundles, plan and bound are those of the whole problem, whole numbers included."""
    staged = uneven(seed)
    assert Course(staged, Alone(staged), EXACT).bundled
    proves_the_optimum(staged)


@pytest.mark.parametrize("seed", range(1, 5))
def test_the_bound_holds_at_every_moment(seed: int) -> None:
    """No bound told on the way lies below the optimum, no value above it."""
    holds_all_the_way(uneven(seed))


def test_a_trail_bounds_before_all_are_asked() -> None:
    """A sample's trail bounds every plan from the start; the relaxed optimum stays the same."""
    staged = uneven(3)
    free = np.zeros_like(staged.first.integer)
    staged = replace(staged, first=replace(staged.first, integer=free))
    plain, sampled = (Course(staged, Alone(staged), EXACT) for _ in range(2))
    relax(plain)
    begun = beginning.beginning(sampled)
    assert begun.trail is not None
    follow(sampled, begun.trail)
    out = sampled.master.relaxed()
    assert out is not None
    assert sampled.rounds == 0
    assert plain.value - 1e-6 * abs(plain.value) <= out.bound < np.inf
    relax(sampled, begun.point)
    assert sampled.value == pytest.approx(plain.value, rel=1e-6)
    assert sampled.bound == pytest.approx(plain.bound, rel=1e-6)


@pytest.mark.parametrize("seed", range(1, 4))
def test_cuts_bound_bundles_at_other_points(seed: int) -> None:
    """A cut on a bundle, of a period or as a whole, is no lower than its worth elsewhere."""
    staged = uneven(seed)
    course = Course(staged, Alone(staged), EXACT)
    draw = np.random.default_rng(seed)
    stage = staged.first
    points = [draw.uniform(stage.lower, stage.upper) for _ in range(5)]
    rounds = [course.ask(point) for point in points]
    for one in rounds:
        assert np.isfinite(one.constants).all()
        for point, other in zip(points, rounds, strict=True):
            assert (one.constants + one.slopes @ point >= other.worth - 1e-7).all()


def test_a_bundle_in_two_hands_is_told_like_in_one() -> None:
    """Workers that each hold a part of a bundle tell together what one would tell alone."""
    staged = uneven(2)
    course = Course(staged, Alone(staged), EXACT)
    point = 0.4 * staged.first.upper
    whole = course.ask(point)
    reports = []
    for numbers in (range(5), range(5, 12)):
        hand = hand_of(staged, numbers)
        hand.shapes()
        groups = [course.groups[number] for number in numbers]
        reports.append((numbers, hand.ask(point, groups, course.shares[list(numbers)])))
    parts = joined(staged, course.groups, reports)
    assert parts.expected == pytest.approx(whole.expected)
    assert parts.worth == pytest.approx(whole.worth)
    assert parts.constants + parts.slopes @ point == pytest.approx(
        whole.constants + whole.slopes @ point
    )


def test_only_what_is_wanted_is_told() -> None:
    """Asked for some groups alone, their cuts are as tight as ever and no other group has one."""
    staged = uneven(4)
    course = Course(staged, Alone(staged), EXACT)
    point = 0.5 * staged.first.upper
    wanted = frozenset({0, 4, 11})
    some, every = course.ask(point, only=wanted), course.ask(point)
    places = sorted(wanted)
    heights = every.constants + every.slopes @ point
    assert (some.constants + some.slopes @ point)[places] == pytest.approx(heights[places])
    assert np.flatnonzero(np.isfinite(some.constants)).tolist() == places
    assert some.expected == -np.inf


def test_a_sample_keeps_the_weights() -> None:
    """A sample's scenarios stand for those around them: the weights add up as before."""
    staged = uneven(1)
    some = sample_of(staged, 4)
    assert some.probabilities == pytest.approx(staged.probabilities.reshape(4, 3).sum(axis=1))
    assert some.names == ("s1", "s4", "s7", "s10")
    assert (some.make(2).matrix != staged.make(7).matrix).nnz == 0
