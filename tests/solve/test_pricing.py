"""Ties that are priced: every bound holds, every plan keeps them, and prices tell the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.kernel import Dimension, Expr, Problem, Program
from replant.solve import Solution, SolveSettings, Status, guided, solve
from replant.solve.feasible import keeps_all
from replant.solve.fixing import relaxed_to_continuous
from replant.solve.guided import solve_guided
from replant.solve.leading import leading
from replant.solve.pricing import Pricing, pricing_of, ties
from replant.solve.pricing.priced import Priced
from replant.solve.pricing.prices import Mixture, relaxed_prices
from replant.solve.pricing.ties import Ties, ties_of
from replant.solve.staged import arrays_of
from replant.solve.whole import PROOF_ALONE, solve_whole

EXACT = SolveSettings(gap=1e-7, time_limit=60.0)
PLANTS, PERIODS = 3, 4


def _firm(seed: int, *, cash: float = 30.0, loans: float = 12.0) -> Program:
    """Return plants that know of each other by cash, a least output and a count alone.

    Cash in hand and loans are small pieces; what is spent must be there in each period.
    """
    draw = np.random.default_rng(seed)
    problem = Problem()
    plant = Dimension("plant", tuple(f"plant{each}" for each in range(PLANTS)))
    period = Dimension("period", tuple(f"t{each}" for each in range(PERIODS)))
    opens = problem.variable("opens", plant, period, upper=1.0, integer=True)
    makes = problem.variable("makes", plant, period, upper=7.0)
    shifts = problem.variable("shifts", plant, period, upper=3.0, integer=True)
    hand = problem.variable("hand", period)
    loan = problem.variable("loan", period, upper=loans)
    worth, made, opened = Expr.constant(0.0), Expr.constant(0.0), Expr.constant(0.0)
    spent = {t: Expr.constant(0.0) for t in period.labels}
    for p in plant.labels:
        once = sum((opens.at(plant=p, period=t) for t in period.labels), Expr.constant(0.0))
        problem.require("once", once, upper=1.0, rule="Once", plant=p)
        problem.option(f"plant.{p}.open", once)
        running = Expr.constant(0.0)
        for t in period.labels:
            where = {"plant": p, "period": t}
            new, unit = opens.at(**where), makes.at(**where)
            running = running + new
            worked = shifts.at(**where)
            problem.require("runs", worked - running * 3.0, upper=0.0, rule="Open", **where)
            problem.require("room", unit - worked * 2.7, upper=0.0, rule="Room", **where)
            price, fixed, wage = draw.uniform(3, 9), draw.uniform(5, 25), draw.uniform(2, 9)
            earned = unit * float(price) - worked * float(wage) - new * float(fixed)
            worth, made, opened = worth + earned * 0.9, made + unit, opened + new
            spent[t] = spent[t] - earned
    before = Expr.constant(cash)
    for t in period.labels:
        lent = loan.at(period=t)
        paid = hand.at(period=t) - before + spent[t] - lent
        problem.require("cash", paid, lower=0.0, upper=0.0, rule="Cash", period=t)
        before = hand.at(period=t) - lent * 1.1
        worth = worth - lent * 0.4
    problem.require("output", made, lower=4.0, rule="Some output")
    problem.require("count", opened, upper=2.0, rule="Two at most")
    problem.objective(worth + before * 0.1)
    return problem.assemble()


@pytest.fixture
def short_ties(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let rows of a small firm count as ties."""
    monkeypatch.setattr(ties, "_LONG", 8)
    monkeypatch.setattr(ties, "_TIMES", 1.9)
    monkeypatch.setattr(ties, "_SHARE", 0.3)


def _tied(program: Program) -> Ties:
    found = ties_of(program.matrix)
    assert found is not None
    return found


def _noted(program: Program, gap: float) -> tuple[Pricing, list[float], list[float]]:
    """Return a run by prices to a gap, each bound and each plan's value."""
    bounds: list[float] = []
    plans: list[float] = []
    settings = SolveSettings(gap=gap, baseline=0.0)

    def found(value: float, values: NDArray[np.float64]) -> None:
        assert keeps_all(program, values)
        at = float(program.objective @ values) + program.objective_constant
        assert at == pytest.approx(value, abs=1e-6)
        plans.append(value)

    pricing = pricing_of(
        arrays_of(program), leading(program), settings, lambda: 60.0, bounds.append, found
    )
    assert pricing is not None
    pricing.run(lambda value: pricing.bound - value <= settings.allowed(value))
    return pricing, bounds, plans


@pytest.mark.parametrize("seed", range(10))
def test_bound_and_plan_hold_the_optimum_between_them(seed: int, short_ties: None) -> None:
    """Each plan keeps the ties and is worth no more than the optimum, each bound no less."""
    program = _firm(seed)
    best = solve_whole(program, EXACT).objective
    _, bounds, plans = _noted(program, 1e-6)
    assert bounds
    assert min(bounds) >= best - 1e-6
    assert bounds == sorted(bounds, reverse=True)
    assert plans == sorted(plans)
    assert all(value <= best + 1e-6 for value in plans)


@pytest.mark.parametrize("seed", range(10))
def test_the_guided_way_ends_at_the_optimum_all_the_same(seed: int, short_ties: None) -> None:
    """Prices first change the road, never what is best, nor that there is no plan."""
    program = _firm(seed)
    whole, guided = solve_whole(program, EXACT), solve_guided(program, EXACT)
    assert guided.objective == pytest.approx(whole.objective, abs=1e-4)
    assert guided.bound >= max(whole.objective, guided.objective) - 1e-6
    poor = _firm(seed, cash=-500.0)
    assert solve_whole(poor, EXACT).status is Status.INFEASIBLE
    assert solve_guided(poor, EXACT).status is Status.INFEASIBLE


@pytest.mark.parametrize("seed", range(2, 7, 2))
@pytest.mark.parametrize("beside", [False, True])
def test_where_prices_led_near_the_proof_seeks_no_plans(
    seed: int, beside: bool, short_ties: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What prices leave open is proven without problems within the problem, and ends as well.

    On these firms prices lead to poor plans, so that it is said here what counts as near.
    """
    asked: list[object] = []

    def whole(
        program: Program,
        settings: SolveSettings,
        options: Mapping[str, float | int | str] = MappingProxyType({}),
        known: float = np.inf,
    ) -> Solution:
        asked.append(options)
        return solve_whole(program, settings, options, known)

    program = _firm(seed)
    monkeypatch.setattr(guided, "_NEAR", 9.0)
    monkeypatch.setattr(guided, "solve_whole", whole)
    found = solve_guided(program, replace(EXACT, side_by_side=beside))
    assert (PROOF_ALONE in asked) is not beside  # beside, it is the other process that is told
    assert found.objective == pytest.approx(solve_whole(program, EXACT).objective, abs=1e-4)
    assert found.gap <= EXACT.allowed(found.objective) + 1e-6


@pytest.mark.parametrize("seed", range(6))
def test_any_prices_give_a_bound(seed: int, short_ties: None) -> None:
    """Whatever a tie is said to be worth, no plan is worth more than is done at these prices."""
    program = _firm(seed)
    best = solve_whole(program, EXACT).objective
    priced = Priced(arrays_of(program), _tied(program))
    draw = np.random.default_rng(seed)
    told = 0
    for _ in range(5):
        prices = priced.allowed(draw.normal(0.0, 0.5, int(priced.ties.rows.sum())))
        done = priced.solve(prices, EXACT, {})
        if done.status is not Status.UNBOUNDED:
            told += 1
            assert done.bound >= best - 1e-6
    relaxed = relaxed_prices(priced.problem, priced.ties)
    assert relaxed is not None
    assert priced.solve(priced.allowed(relaxed.each), EXACT, {}).bound >= best - 1e-6


@pytest.mark.parametrize("seed", range(6))
def test_relaxed_prices_lose_nothing(seed: int, short_ties: None) -> None:
    """With no column whole, the priced problem is worth what the tied one is (strong duality).

    The ties hold to both sides, from above and from below, so all signs of prices are met.
    """
    program = relaxed_to_continuous(_firm(seed))
    priced = Priced(arrays_of(program), _tied(program))
    relaxed = relaxed_prices(priced.problem, priced.ties)
    assert relaxed is not None
    prices = priced.allowed(relaxed.each)
    assert (prices == relaxed.each).all()
    done = priced.solve(prices, EXACT, {})
    assert done.objective == pytest.approx(relaxed.value, abs=1e-6)
    assert relaxed.value == pytest.approx(solve_whole(program, EXACT).objective, abs=1e-6)


def test_a_price_on_a_side_without_a_limit_is_none(short_ties: None) -> None:
    """A row that only holds from above has no price for missing it from below."""
    program = _firm(0)
    priced = Priced(arrays_of(program), _tied(program))
    kinds = program.rows.names[priced.ties.rows].tolist()
    ones = np.ones(len(kinds))
    assert set(kinds) == {"cash", "output", "count"}
    assert dict(zip(kinds, priced.allowed(ones), strict=True))["output"] == 0.0
    assert dict(zip(kinds, priced.allowed(-ones), strict=True))["count"] == 0.0


def test_a_mixture_of_plans_keeps_the_ties(short_ties: None) -> None:
    """Mixed are only points that were added; the best plan alone is worth no more than the mix."""
    program = _firm(1)
    tied = _tied(program)
    mixture = Mixture(arrays_of(program), tied)
    assert mixture.prices() is None
    best = solve_whole(program, EXACT)
    assert best.values is not None
    mixture.add(best.values)
    mixed = mixture.prices()
    assert mixed is not None
    assert mixed.value >= best.objective - 1e-6
    mixture.add(best.values)
    again = mixture.prices()
    assert again is not None
    assert (again.each == mixed.each).all()


def test_ties_are_the_few_long_rows() -> None:
    """A long row that all pieces share is a tie; many long rows, or none, are not."""
    width = 300
    pairs = [[1.0 if column in (2 * row, 2 * row + 1) else 0.0 for column in range(width)]
             for row in range(width // 2)]  # fmt: skip
    long = [[1.0] * width]
    found = ties_of(csr_matrix(np.array(pairs + long)))
    assert found is not None
    assert np.flatnonzero(found.rows).tolist() == [width // 2]
    assert found.pieces == ()
    assert found.small.all()
    assert ties_of(csr_matrix(np.array(pairs))) is None
    assert ties_of(csr_matrix(np.array(pairs + long * 9))) is None


def test_stopped_early_it_keeps_what_it_was_given(short_ties: None) -> None:
    """Without time a plan that was given is told as it came, and the bound is none too low."""
    program = _firm(2)
    best = solve_whole(program, EXACT)
    settings = replace(EXACT, time_limit=0.0, start=best.values, strategy="guided")
    found = solve(program, settings)
    assert found.objective == pytest.approx(best.objective, abs=1e-6)
    assert found.bound >= best.objective - 1e-6
