"""The cash chart: its word covers no line, and equally tight times are told by the first."""

from __future__ import annotations

import pytest

from replant.report.charts.room import rise
from replant.report.data import Cash, CashPoint

LEFT, RIGHT, LEVEL = 100.0, 200.0, 50.0


def flat(*heights: float) -> list[list[tuple[float, float]]]:
    return [[(0.0, height), (300.0, height)] for height in heights]


def test_a_word_stands_under_its_point_where_there_is_room() -> None:
    """A line at the level itself, or one that ends before the word begins, moves nothing."""
    nowhere = rise(LEFT, RIGHT, LEVEL, [])
    assert nowhere > 0
    assert rise(LEFT, RIGHT, LEVEL, flat(LEVEL)) == nowhere
    assert rise(LEFT, RIGHT, LEVEL, [[(0.0, LEVEL + nowhere), (LEFT, LEVEL + nowhere)]]) == nowhere


def test_a_word_gives_way_to_a_line() -> None:
    """A line through its place moves it above; lines through both places move it farther."""
    below = rise(LEFT, RIGHT, LEVEL, [])
    above = rise(LEFT, RIGHT, LEVEL, flat(LEVEL + below))
    assert above < 0
    farther = rise(LEFT, RIGHT, LEVEL, flat(LEVEL + below, LEVEL + above))
    assert abs(farther) > max(below, -above)


def test_a_slope_counts_where_the_word_is() -> None:
    """A line that falls through the place beside the word, and not behind it, is no obstacle."""
    below = rise(LEFT, RIGHT, LEVEL, [])
    beside = [[(210.0, LEVEL), (215.0, LEVEL + 2 * below)]]
    behind = [[(150.0, LEVEL), (155.0, LEVEL + 2 * below)]]
    assert rise(LEFT, RIGHT, LEVEL, beside) == below
    assert rise(LEFT, RIGHT, LEVEL, behind) != below


@pytest.mark.parametrize(("later", "lowest"), [(0.0000044, "2026"), (-0.01, "2028")])
def test_of_equally_tight_times_the_first_is_told(later: float, lowest: str) -> None:
    """What decisions lose by rounding makes no time tighter than another; real money does."""
    points = [CashPoint("2025", 9.0, 2.0, 0.0), CashPoint("2026", 2.0000045, 2.0, 0.0)]
    points.append(CashPoint("2028", 2.0 + later, 2.0, 0.0))
    assert Cash(tuple(points), ()).lowest.time == lowest
