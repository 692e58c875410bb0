"""Scenarios made one by one are those of the whole problem."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.footprint import source
from benchmarks.footprint.problem import program_of
from benchmarks.footprint.staged import staged_firm
from replant.solve.choosing import choose
from replant.solve.settings import SolveSettings
from replant.solve.solution import Solution
from replant.solve.staged import Staged, staged_of, whole_of
from replant.solve.whole import solve_arrays, solve_whole

pytestmark = pytest.mark.skipif(not source.is_there(), reason="needs the footprint generator")


def staged(size: str, count: int, link: str = "y") -> Staged:
    firm = source.firm(size)
    return staged_firm(firm, source.scenarios(firm, count), link)


@pytest.mark.parametrize("link", ["agg", "x", "y"])
@pytest.mark.parametrize("size", ["tiny", "small", "red"])
def test_made_scenarios_are_slices_of_the_program(size: str, link: str) -> None:
    """Each scenario's arrays are those of the whole labelled program, sliced."""
    firm = source.firm(size)
    scenarios = source.scenarios(firm, 3)
    lazy = staged_firm(firm, scenarios, link)
    sliced = staged_of(program_of(firm, scenarios, link, wanted_only=True))
    assert np.array_equal(lazy.probabilities, sliced.probabilities)
    assert (lazy.first.matrix != sliced.first.matrix).nnz == 0
    assert np.allclose(lazy.first.objective, sliced.first.objective)
    for number in (2, 0, 1, 2):
        made, wanted = lazy.make(number), sliced.make(number)
        assert np.allclose(made.objective, wanted.objective)
        for name in ("lower", "upper", "row_lower", "row_upper", "integer"):
            assert np.array_equal(getattr(made, name), getattr(wanted, name)), name
        for name in ("matrix", "technology"):
            assert (getattr(made, name) != getattr(wanted, name)).nnz == 0, name
        assert np.array_equal(made.period, wanted.period)


def test_a_labelled_program_is_told_by_period() -> None:
    """The labels of a program are enough to see that its scenarios fall into periods."""
    firm = source.firm("small")
    program = program_of(firm, source.scenarios(firm, 3), "y", wanted_only=True)
    assert choose(staged_of(program)).words == "3 scenarios in periods"


def solved(of: Staged, *, integer: bool) -> Solution:
    """All scenarios as one problem."""
    whole = whole_of(of)
    kinds = replace(whole, integer=whole.integer & integer)
    return solve_arrays(kinds, SolveSettings(gap=5e-3))


def test_whole_of_three_scenarios_has_the_bound_of_the_program() -> None:
    """All made scenarios together have the relaxation of the whole program with every route."""
    firm = source.firm("tiny")
    scenarios = source.scenarios(firm, 3)
    program = program_of(firm, scenarios)
    relaxed = replace(program.columns, integer=np.zeros(len(program.columns), dtype=bool))
    wanted = solve_whole(replace(program, columns=relaxed), SolveSettings())
    ours = solved(staged_firm(firm, scenarios), integer=False)
    assert ours.objective == pytest.approx(wanted.objective, rel=1e-7)


@pytest.mark.slow
def test_whole_of_three_scenarios_has_the_optimum_of_the_program() -> None:
    """All made scenarios together have the optimum of the whole program with every route."""
    firm = source.firm("tiny")
    scenarios = source.scenarios(firm, 3)
    ours = solved(staged_firm(firm, scenarios), integer=True)
    wanted = solve_whole(program_of(firm, scenarios), SolveSettings(gap=5e-3))
    assert ours.objective <= wanted.bound + 1e-6
    assert wanted.objective <= ours.bound + 1e-6
    assert ours.objective == pytest.approx(wanted.objective, rel=5e-3)


def test_a_link_has_one_column_of_the_scenario() -> None:
    """Every row that ties a volume or a shipment to its line can be taken as a bound."""
    problem = staged("tiny", 2)
    part = problem.make(1)
    with_line = np.flatnonzero(np.diff(part.technology.indptr) == 1)
    alone = np.diff(part.matrix.indptr)[with_line] == 1
    firm = source.firm("tiny")
    pairs = int(firm["comp"][:, firm["plat"]].sum()) * firm["T"]
    shipments = int(np.bincount(part.period).sum()) - pairs - 4 * firm["T"]
    assert alone.sum() == pairs + shipments


def test_only_the_cash_chain_spans_periods() -> None:
    """Every column has a period, and rows over two periods are those of the cash chain."""
    problem = staged("red", 1)
    part = problem.make(0)
    periods = int(part.period.max()) + 1
    assert part.period.min() == 0
    assert periods == source.firm("red")["T"]
    owner = np.repeat(np.arange(part.matrix.shape[0]), np.diff(part.matrix.indptr))
    which = part.period[part.matrix.indices]
    low, high = np.full(owner.max() + 1, periods), np.full(owner.max() + 1, -1)
    np.minimum.at(low, owner, which)
    np.maximum.at(high, owner, which)
    assert (high - low).max() == 1
    assert (high > low).sum() == periods - 1


def test_a_pickled_problem_makes_the_same_scenarios() -> None:
    """A worker that gets the problem by pickle makes the same arrays."""
    here = staged("tiny", 3)
    there = pickle.loads(pickle.dumps(here))
    for number in range(3):
        ours, theirs = here.make(number), there.make(number)
        assert (ours.matrix != theirs.matrix).nnz == 0
        assert (ours.technology != theirs.technology).nnz == 0
        assert np.array_equal(ours.row_upper, theirs.row_upper)


def test_making_one_scenario_leaves_the_others_alone() -> None:
    """A scenario that was made does not change when another one is."""
    problem = staged("tiny", 3)
    first = problem.make(0)
    before = [first.matrix.data.copy(), first.technology.data.copy(), first.row_upper.copy()]
    problem.make(2)
    after = [first.matrix.data, first.technology.data, first.row_upper]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
