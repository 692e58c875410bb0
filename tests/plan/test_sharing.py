"""Many scenarios are rounded one by one, and a case gets the decimals that its numbers ask for."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from replant.kernel import Dimension, Problem, Program, Stage
from replant.plan import leafwise, pipeline
from replant.plan.leafwise import snap_leaves
from replant.plan.leaves import leaf_values
from replant.plan.snapping import Missed, Snapped, needed_decimals, snap
from replant.solve import SolveSettings, solve
from replant.units import MONEY, PEOPLE, VOLUME, Quantity

LINE = Dimension("line", ("a", "b", "c"))
WAGE = Quantity(Fraction(1), MONEY / PEOPLE)
PACE = Fraction("2.9")


def firm(asked: Mapping[str, tuple[str, str, int]]) -> Program:
    """People are hired before it is known how much must be served, can be sold, at what price."""
    problem = Problem([(name, 1.0 / len(asked)) for name in asked])
    for name, (least, most, price) in asked.items():
        with problem.scenario(name):
            people = problem.variable("people", unit=PEOPLE, stage=Stage.HERE_AND_NOW, upper=1e3)
            sold = problem.variable("sold", LINE, unit=VOLUME, stage=Stage.RECOURSE, upper=40.0)
            whole = sold.sum()
            problem.require("must", whole, lower=float(least), rule="so much is promised")
            problem.require("asked", whole, upper=float(most), rule="no more than is asked")
            made = people * Quantity(PACE, VOLUME / PEOPLE)
            problem.require("work", made - whole, lower=0.0, rule="work is done")
            problem.objective(
                whole * Quantity(Fraction(price), MONEY / VOLUME) - people * WAGE * 100
            )
    return problem.assemble()


def exact(value: float) -> Fraction:
    return Fraction(Decimal(repr(float(value))))


def sums(program: Program, values: np.ndarray, name: str) -> tuple[Fraction, Fraction]:
    """Return a scenario's people and what it sells, as exact numbers."""
    people, *sold = (exact(value) for value in leaf_values(program, values, name))
    return people, sum(sold, Fraction(0))


@pytest.mark.parametrize(
    "asked",
    [
        # rounded beside the first, 3.448 people would be too few for the second: 10 / 2.9
        {"poor": ("0", "1", 0), "tight": ("10", "10", 1), "rich": ("9", "30", 40)},
        {"one": ("11.4804766", "11.4804766", 1), "two": ("20.5", "31", 2)},
        {"one": ("3", "30", 90), "two": ("4", "20.12345", 80), "three": ("5", "25.1", 1)},
    ],
)
def test_each_scenario_keeps_every_row_exactly(
    asked: dict[str, tuple[str, str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is decided once is the same in all; what each sells lies between its bounds exactly.

    What that is worth lies within the rounding of what the solver found.
    """
    monkeypatch.setattr(leafwise, "_LARGE", 0)
    program = firm(asked)
    found = solve(program, SolveSettings(gap=0.0))
    assert found.values is not None
    told: list[str] = []
    outcome = snap_leaves(program, found.values, tell=told.append)
    assert isinstance(outcome, Snapped)
    for name, (least, most, _) in asked.items():
        people, sold = sums(program, outcome.values, name)
        assert Fraction(least) <= sold <= Fraction(most)
        assert sold <= people * PACE
        assert (people * 1000).denominator == 1
        assert any(name in each for each in told)
    assert abs(outcome.objective - found.objective) < 1.0


def test_rounding_moves_to_the_scenario_that_cannot_follow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The poorest comes first; the one that misses something is rounded beside next."""
    monkeypatch.setattr(leafwise, "_LARGE", 0)
    program = firm({"poor": ("0", "1", 0), "tight": ("10", "10", 1)})
    found = solve(program, SolveSettings(gap=0.0))
    assert found.values is not None
    told: list[str] = []
    assert isinstance(snap_leaves(program, found.values, tell=told.append), Snapped)
    beside = [each.split("scenario ")[1].split(",")[0] for each in told if "beside" in each]
    assert beside[0] == "poor"
    assert "tight" in beside


def test_what_no_scenario_can_follow_says_what_is_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A third of a unit is no decimal, however it is rounded."""
    monkeypatch.setattr(leafwise, "_LARGE", 0)
    program = firm({"one": ("1", "30", 1), "two": ("1", "30", 1)})
    third = program.with_bounds(
        row_lower=np.where(program.rows.lower == 1.0, 1 / 3, program.rows.lower),
        row_upper=np.where(program.rows.upper == 30.0, 1 / 3, program.rows.upper),
    )
    found = solve(third, SolveSettings(gap=0.0))
    assert found.values is not None
    outcome = snap_leaves(third, found.values)
    assert isinstance(outcome, Missed)
    assert outcome.rows.max() > 0.0


def test_decimals_are_added_only_where_no_usual_number_fits() -> None:
    """11.4804766 must be served and no more is asked: its sum gets seven decimals, others three."""
    for amount, places in (("11.4804766", 7), ("11.480", 3), ("11.48047", 3), ("11.480476", 3)):
        program = firm({"base": (amount, amount, 1)})
        fixed = np.zeros(len(program.columns), dtype=bool)
        more = needed_decimals(program, np.zeros(len(fixed)), fixed)
        # what six decimals write is left to the attempts that keep six
        assert set(more[1:] + 3) == {places}
        assert more[0] == 0
        found = solve(program, SolveSettings(gap=0.0))
        assert found.values is not None
        outcome = snap(program, found.values)
        assert isinstance(outcome, Snapped)
        assert sums(program, outcome.values, "base")[1] == Fraction(amount)


def test_a_person_can_stop_the_rounding() -> None:
    """Ctrl-C within a step, which a solver may swallow, ends it before the next one."""
    program = firm({"one": ("3", "30", 90), "two": ("4", "20", 80)})
    found = solve(program, SolveSettings(gap=0.0))
    assert found.values is not None
    told: list[str] = []

    def press(text: str) -> None:
        told.append(text)
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        pipeline._rounded(program, found.values, 0, set(), press)
    assert len(told) == 1
