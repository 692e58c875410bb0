"""Scenarios answered period by period, all at once, say what each says by itself."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.footprint import source
from benchmarks.footprint.staged import staged_firm
from replant.solve import SolveSettings, Staged, solve_decomposed, solve_staged
from replant.solve.benders.centre import centre_of
from replant.solve.benders.chained_hand import ChainedHand, hand_of
from replant.solve.benders.hand import Hand
from replant.solve.benders.representative import point_of

pytestmark = pytest.mark.skipif(
    not source.is_there(), reason="the footprint firms are not there: set REPLANT_BENCHMARKS"
)

SCENARIOS = 4


@pytest.fixture(scope="module")
def staged() -> Staged:
    firm = source.firm("tiny")
    return staged_firm(firm, source.scenarios(firm, SCENARIOS))


def _points(staged: Staged) -> list[np.ndarray]:
    apart = point_of(staged.first, staged, 0, 60.0)
    inside = centre_of(staged.first)
    assert apart is not None
    assert inside is not None
    return [apart, inside, 0.5 * (apart + inside), 0.9 * apart + 0.1 * inside]


def test_a_firm_with_a_cash_chain_falls_into_periods(staged: Staged) -> None:
    """The engine finds periods and chain in the matrix, told only each column's period."""
    hand = hand_of(staged, range(SCENARIOS))
    assert isinstance(hand, ChainedHand)
    assert len(hand.layout.periods) == 6
    assert len(hand.layout.chain.columns) == 4 * 6


def test_values_and_cuts_are_those_of_each_scenario_alone(staged: Staged) -> None:
    """At every point the values agree, cuts are tight there and valid at every other point."""
    together, alone = hand_of(staged, range(SCENARIOS)), Hand(staged, range(SCENARIOS))
    together.shapes()
    alone.shapes()
    groups = [[number] for number in range(SCENARIOS)]
    points = _points(staged)
    worths = [alone.ask(point, groups).worth for point in points]
    for point, worth in zip(points, worths, strict=True):
        report = together.ask(point, groups)
        assert not report.broken
        assert np.allclose(report.worth, worth, rtol=1e-7)
        assert np.allclose(report.constants + report.slopes @ point, worth, rtol=1e-7)
        for other, there in zip(points, worths, strict=True):
            assert (report.constants + report.slopes @ other >= there - 1e-6).all()


def test_a_scenario_unlike_the_others_is_answered_for_by_itself(staged: Staged) -> None:
    """Where one scenario's rows differ, its answers are still its own."""
    make = staged.make

    def unlike(number: int) -> object:
        block = make(number)
        if number == 2:
            block.technology.data = block.technology.data * 0.5
        return block

    changed = Staged(staged.first, staged.probabilities, staged.names, unlike)  # type: ignore[arg-type]
    together, alone = hand_of(changed, range(SCENARIOS)), Hand(changed, range(SCENARIOS))
    together.shapes()
    alone.shapes()
    groups = [[number] for number in range(SCENARIOS)]
    for point in _points(staged)[1:]:
        mine, own = together.ask(point, groups), alone.ask(point, groups)
        assert np.allclose(mine.values, own.values, rtol=1e-7)


@pytest.mark.slow
def test_bounds_and_plans_of_two_ways_do_not_contradict(staged: Staged) -> None:
    """No way's plan is worth more than the other way's bound."""
    parts = solve_decomposed(staged, SolveSettings(gap=2e-2, time_limit=10.0))
    whole = solve_staged(staged, SolveSettings(gap=2e-2, time_limit=10.0, strategy="whole"))
    assert parts.bound >= whole.objective - 1e-6
    assert whole.bound >= parts.objective - 1e-6
