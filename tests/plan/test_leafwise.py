"""Snapping with scenarios: what is shared is rounded once, and every leaf can follow it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replant.errors import NoPlan
from replant.kernel import Dimension, Problem, Program, Stage
from replant.plan.leafwise import snap_leaves
from replant.plan.leaves import gathered, leaf_values
from replant.plan.snapping import ATTEMPTS, WARY, Missed, Snapped, resolving, snap
from replant.plan.snapping.batches import absorbed, in_batches, lost
from replant.plan.work import Work
from replant.solve import SolveSettings, solve
from replant.units import MONEY, PEOPLE, VOLUME, Quantity

LINE = Dimension("line", ("a", "b", "c", "d", "e", "f"))
PRICE = Quantity(Fraction(3), MONEY / VOLUME)
WAGE = Quantity(Fraction(1), MONEY / PEOPLE)


def hiring(demands: dict[str, float], pace: float) -> Program:
    """A firm that hires once, before it knows how much is asked: cars for people, at a pace."""
    share = 1.0 / len(demands)
    problem = Problem([(name, share) for name in demands])
    for name, demand in demands.items():
        with problem.scenario(name):
            people = problem.variable("people", unit=PEOPLE, stage=Stage.HERE_AND_NOW, upper=1e3)
            sold = problem.variable("sold", LINE, unit=VOLUME, stage=Stage.RECOURSE, upper=40.0)
            whole = sold.sum()
            problem.require("asked", whole, upper=demand, rule="no more than is asked")
            problem.require("served", whole, lower=min(demands.values()), rule="some are served")
            made = people * Quantity(Fraction(str(pace)), VOLUME / PEOPLE)
            problem.require("work", made - whole, lower=0.0, rule="work is done")
            problem.objective(whole * PRICE - people * WAGE)
    return problem.assemble()


def decimals(values: np.ndarray, places: int) -> bool:
    return all(Decimal(repr(float(each))).as_tuple().exponent >= -places for each in values)


@given(
    st.lists(st.integers(20_000, 90_000), min_size=2, max_size=4),
    st.sampled_from([0.37, 1.7, 2.9]),
)
@settings(deadline=None, max_examples=25)
def test_all_leaves_share_one_decimal_number_of_people(asked: list[int], pace: float) -> None:
    program = hiring({f"s{n}": each / 1000 for n, each in enumerate(asked)}, pace)
    found = solve(program, SolveSettings(gap=0.0))
    assert found.values is not None
    outcome = snap_leaves(program, found.values)
    assert isinstance(outcome, Snapped)
    assert decimals(outcome.values, 6)
    sums = program.matrix @ outcome.values
    assert (sums >= program.rows.lower - 1e-9).all()
    assert (sums <= program.rows.upper + 1e-9).all()
    assert outcome.objective >= found.objective - 0.01


def test_leaves_come_apart_and_together_again() -> None:
    program = hiring({"low": 30.0, "high": 60.0}, 1.7)
    values = np.arange(len(program.columns), dtype=np.float64)
    leaves = {block.name: leaf_values(program, values, block.name) for block in program.blocks}
    assert np.array_equal(gathered(program, leaves), values)
    for name, own in leaves.items():
        assert len(own) == len(program.block(name).columns)


# -- a row on which several roundings meet -------------------------------------------------------


def meeting() -> Program:
    """Six lines, each within its own capacity, that together may sell 58.86 and no more."""
    problem = Problem()
    sold = problem.variable("sold", LINE, unit=VOLUME, stage=Stage.RECOURSE, upper=45.0)
    capacity = {"a": 0.0, "b": 37.5, "c": 35.0, "d": 7.5, "e": 2.5, "f": 0.0}
    for line, most in capacity.items():
        problem.require("capacity", sold.at(line=line), upper=most, rule="capacity", line=line)
    problem.require("asked", sold.sum(), upper=58.86, rule="no more than is asked")
    problem.objective(sold.sum() * PRICE)
    return problem.assemble()


def test_who_is_wary_leaves_something_to_give_way() -> None:
    """Three lines are left, each near its own capacity, and all that is asked is met by a hair.

    Nothing but itself can keep a line within its capacity; what is asked needs one that waits.
    """
    program = meeting()
    values = np.array([0.0, 13.860004, 34.99999851, 7.49999898, 2.49999851, 0.0])
    left = np.array([False, False, True, True, True, False])
    finer = np.full(len(values), 3)
    plain, wary = (
        absorbed(program, values, left, ~left, manner, finer) for manner in ATTEMPTS[-2:]
    )
    assert (plain == left).all(), "all at once, and together too much"
    assert wary.sum() == 2
    assert not (wary & ~left).any()
    outcome = snap(program, values, len(WARY) - 1, attempts=WARY)
    assert isinstance(outcome, Snapped)
    whole = sum((Decimal(repr(float(each))) for each in outcome.values), Decimal(0))
    assert Decimal("58.85") <= whole <= Decimal("58.86")


def test_who_learns_nothing_from_a_round_ends_it_at_the_first_row_missed() -> None:
    """A third of a car is no decimal, and cars are rounded before people: these stay."""
    problem = Problem()
    made = problem.variable("made", unit=VOLUME, stage=Stage.RECOURSE, upper=1.0)
    people = problem.variable("people", unit=PEOPLE, stage=Stage.RECOURSE, upper=9.5)
    problem.require("third", made * 3.0, lower=1.0, upper=1.0, rule="a third of a car")
    problem.objective(made * PRICE + people * WAGE)
    program = problem.assemble()
    values, nothing = np.array([1 / 3, 9.5]), np.zeros(2, dtype=bool)
    work = Work.of(program, frozenset())
    given = (work, values, ATTEMPTS[0], np.zeros(1), nothing, ~nothing)
    _, to_the_end, all_missed = in_batches(*given)
    _, so_far, first_missed = in_batches(*given, patient=False)
    assert to_the_end.tolist() == [True, True]
    assert so_far.tolist() == [True, False]
    assert lost(first_missed)
    assert (first_missed <= all_missed + 1e-9).all()


def test_what_cannot_be_computed_at_once_is_computed_in_two_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """First the least that gives, then the best with it: the plan is as good."""
    program = hiring({"low": 30.0, "high": 60.0}, 1.7)
    found = solve(program, SolveSettings(gap=0.0))
    assert found.values is not None
    usual = snap_leaves(program, found.values, 1)
    original, calls = resolving.elastic, []

    def late(program: Program, margins: np.ndarray, settings: SolveSettings) -> object:
        calls.append(bool(program.objective.any()))
        if program.objective.any():
            raise NoPlan("time is up")
        return original(program, margins, settings)

    monkeypatch.setattr(resolving, "elastic", late)
    monkeypatch.setattr(resolving, "_inside", lambda program, margins: _impossible(program))
    slowly = snap_leaves(program, found.values, 1)
    assert calls[:2] == [True, False]
    assert isinstance(usual, Snapped)
    assert isinstance(slowly, Snapped)
    assert slowly.objective == pytest.approx(usual.objective, abs=1e-2)


def _impossible(program: Program) -> Program:
    """Return a program that no values keep, so that rows must give."""
    upper = program.columns.upper.copy()
    upper[-1] = program.columns.lower[-1] - 1.0
    return program.with_bounds(upper=upper)


def test_a_program_that_no_rounding_keeps_says_by_how_much() -> None:
    """People must be a third: no decimal is."""
    problem = Problem([("one", 0.5), ("two", 0.5)])
    for name in ("one", "two"):
        with problem.scenario(name):
            people = problem.variable("people", unit=PEOPLE, stage=Stage.HERE_AND_NOW, upper=1.0)
            sold = problem.variable("sold", unit=VOLUME, stage=Stage.RECOURSE, upper=1.0)
            problem.require("third", people * 3.0, lower=1.0, upper=1.0, rule="a third")
            problem.objective(sold * PRICE)
    program = problem.assemble()
    outcome = snap_leaves(program, np.full(len(program.columns), 1 / 3))
    assert isinstance(outcome, Missed)
    assert len(outcome.rows) == len(program.rows)
    assert outcome.rows.max() > 0
