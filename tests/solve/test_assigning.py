"""Assignments with switches: prices bound every plan, and the search proves the best one."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, event, example, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.solve.assigning import ASSIGNED, Assigning, assigned, assigning_of
from replant.solve.assigning.node import Pricing
from replant.solve.assigning.remaining import solve_rest
from replant.solve.bunching import COMPILED
from replant.solve.choosing import choose
from replant.solve.settings import Progress, SolveSettings
from replant.solve.solution import StagedSolution, Status
from replant.solve.staged import FirstStage, Recourse, Staged, whole_of
from replant.solve.suiting import solve_staged

EXACT = SolveSettings(gap=1e-9, time_limit=60.0)
Floats = NDArray[np.float64]


def sites(seed: int) -> Staged:
    """Two or three sites and up to four customers, some of whom take no room, may go without, be
    served twice or cannot be served from everywhere; some sites are always open, and rooms are
    tight, so that there may be no plan."""
    draw = np.random.default_rng(seed)
    count, customers = int(draw.integers(2, 4)), int(draw.integers(2, 5))
    pairs = [each for each in product(range(count), range(customers)) if draw.random() < 0.8]
    pairs += [(0, customer) for customer in range(customers) if (0, customer) not in pairs]
    whole = draw.random() < 0.7
    demand = draw.integers(0, 6, customers).astype(float)
    demand += 0.0 if whole else draw.uniform(0.0, 1.0, customers)
    # Some costs are the same, some are gains.
    cost = draw.integers(-2, 5, len(pairs)).astype(float)
    room = draw.integers(2, 12, count).astype(float)
    switched = draw.random(count) < 0.8
    rows: list[tuple[dict[int, float], dict[int, float], float, float]] = []
    for customer in range(customers):
        mine = {at: 1.0 for at, pair in enumerate(pairs) if pair[1] == customer}
        low, high = ((1.0, 1.0), (1.0, 1.0), (-np.inf, 1.0), (1.0, np.inf))[draw.integers(4)]
        rows.append((mine, {}, low, high))
    for site in range(count):
        mine = {at: demand[pair[1]] for at, pair in enumerate(pairs) if pair[0] == site}
        if switched[site]:
            rows.append((mine, {site: -room[site]}, -np.inf, 0.0))
            rows += [({at: 1.0}, {site: -1.0}, -np.inf, 0.0) for at in mine if draw.random() < 0.8]
        else:
            rows.append((mine, {}, -np.inf, room[site]))
    matrix, technology = np.zeros((len(rows), len(pairs))), np.zeros((len(rows), count))
    for number, (own, shared, _, _) in enumerate(rows):
        matrix[number, list(own)] = list(own.values())
        technology[number, list(shared)] = list(shared.values())
    recourse = Recourse(
        objective=-cost,
        lower=np.zeros(len(pairs)),
        upper=np.ones(len(pairs)),
        integer=np.ones(len(pairs), dtype=bool),
        matrix=csr_matrix(matrix),
        technology=csr_matrix(technology),
        row_lower=np.array([row[2] for row in rows]),
        row_upper=np.array([row[3] for row in rows]),
        constant=float(draw.integers(-3, 4)),
    )
    # At least, at most or exactly so many sites are open, or any number.
    bound = ((1.0, np.inf), (-np.inf, 2.0), (2.0, 2.0), (-np.inf, np.inf))[draw.integers(4)]
    stage = FirstStage(
        objective=-draw.integers(-1, 8, count).astype(float),
        lower=np.zeros(count),
        upper=np.ones(count),
        integer=np.ones(count, dtype=bool),
        matrix=csr_matrix(np.ones((1, count))),
        row_lower=np.array([bound[0]]),
        row_upper=np.array([bound[1]]),
    )
    return Staged(stage, np.ones(1), ("only",), lambda number: recourse, constant=1.5)


def every_plan(staged: Staged) -> tuple[Floats, Floats]:
    """Every plan of all columns, and what each is worth."""
    arrays = whole_of(staged)
    points = np.array(list(product((0.0, 1.0), repeat=len(arrays.objective))))
    has = points @ arrays.matrix.toarray().T
    kept = ((has >= arrays.row_lower - 1e-9) & (has <= arrays.row_upper + 1e-9)).all(axis=1)
    return points[kept], points[kept] @ arrays.objective + arrays.constant


def problem_of(staged: Staged) -> Assigning:
    """The problem as an assignment, which most of these are."""
    problem = assigning_of(staged)
    assume(problem is not None)
    assert problem is not None
    return problem


def agrees(found: StagedSolution, worths: Floats) -> None:
    """A solution is the best of all plans, or there is none."""
    if not len(worths):
        assert found.status is Status.INFEASIBLE
        assert found.first is None
        return
    assert found.status in (Status.OPTIMAL, Status.WITHIN_GAP)
    assert found.objective == pytest.approx(worths.max(), abs=1e-6)
    assert found.bound == pytest.approx(worths.max(), abs=1e-6)


@given(st.integers(0, 2**32 - 1))
@example(3)
def test_prices_the_whole_and_trying_everything_agree(seed: int) -> None:
    """By prices = as one problem = the best of every plan, also where there is none."""
    staged = sites(seed)
    worths = every_plan(staged)[1]
    agrees(solve_staged(staged, replace(EXACT, strategy="whole")), worths)
    found = solve_staged(staged, EXACT)
    agrees(found, worths)
    event(f"by {found.way.split(':')[0]}, {found.status}")


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.1]))
def test_the_bound_holds_at_every_line_of_progress(seed: int, gap: float) -> None:
    """Plan ≤ optimum ≤ bound whenever progress is told, and at the end."""
    staged, told = sites(seed), list[Progress]()
    worths = every_plan(staged)[1]
    settings = replace(EXACT, gap=gap, on_progress=told.append)
    found = assigned(problem_of(staged), settings, 0.0)
    late = assigned(problem_of(staged), replace(settings, time_limit=0.0), 0.0)
    best = worths.max(initial=-np.inf)
    for each in told:
        assert each.value <= best + 1e-6
        assert each.bound >= best - 1e-6
    for end in (found, late):
        if end is not None:
            assert end.objective - 1e-6 <= best <= end.bound + 1e-6


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_any_prices_bound_every_plan(seed: int, other: int) -> None:
    """At prices drawn at random no plan costs less than the bound, none that serves an item less
    than the bound told for it, and none off the first stage told less than its reduced cost adds.
    """
    staged, draw = sites(seed), np.random.default_rng(other)
    problem, (points, worths) = problem_of(staged), every_plan(staged)
    pricing = Pricing(problem)
    node = pricing.root(1)
    up, down = np.isfinite(problem.rows.lower), np.isfinite(problem.rows.upper)
    node.price = np.clip(
        draw.uniform(-6.0, 6.0, len(up)), np.where(down, -9, 0), np.where(up, 9, 0)
    )
    bound, first, reduced, least = pricing.reduced(node)
    width = len(first)
    for point, worth in zip(points, worths, strict=True):
        assert -worth >= bound - 1e-9
        assert (-worth >= bound + np.abs(reduced)[point[:width] != first] - 1e-9).all()
        assert (-worth >= least[point[width:][problem.column] > 0.5] - 1e-9).all()


@given(st.integers(0, 2**32 - 1), st.floats(-5.0, 5.0))
def test_what_is_left_to_the_solver_is_bounded_up_to_the_cutoff(seed: int, off: float) -> None:
    """No plan below the cutoff costs less than the bound told; one told is a plan."""
    staged = sites(seed)
    problem, (points, worths) = problem_of(staged), every_plan(staged)
    best = -worths.max(initial=-np.inf)
    cutoff = best + off if np.isfinite(best) else off
    every = np.ones(len(problem.items.row), dtype=np.bool_)
    left = solve_rest(problem, problem.lower, problem.upper, every, cutoff, EXACT, 100)
    assert left.bound <= min(best, cutoff) + 1e-6 or best >= cutoff
    assert left.bound >= min(best, cutoff) - 1e-6
    if left.first is not None and left.at is not None:
        values = np.zeros(len(problem.column))
        values[problem.column[left.at]] = 1.0
        told = np.concatenate([left.first, values])
        assert (np.abs(points - told).max(axis=1) < 1e-6).any()


def test_a_problem_of_another_kind_is_not_read_as_an_assignment() -> None:
    """A link to another site's switch, a weight below zero, a scenario more: it is no such."""
    staged = next(
        each for each in map(sites, range(50)) if _links(each) is not None and assigning_of(each)
    )
    sample, row = staged.make(0), _links(staged)
    assert row is not None
    assert (choose(staged).way == ASSIGNED) is COMPILED
    moved = sample.technology.toarray()
    moved[row] = np.roll(moved[row], 1)
    linked = replace(sample, technology=csr_matrix(moved))
    assert assigning_of(replace(staged, make=lambda number: linked)) is None
    rooms = np.flatnonzero((sample.matrix.toarray() > 1.5).any(axis=1))
    less = sample.matrix.toarray()
    less[rooms[0]] *= -1.0
    turned = replace(sample, matrix=csr_matrix(less))
    assert assigning_of(replace(staged, make=lambda number: turned)) is None
    two = replace(staged, probabilities=np.full(2, 0.5), names=("one", "other"))
    assert assigning_of(two) is None


def _links(staged: Staged) -> int | None:
    """The row of a link of something that takes room, if there is one."""
    sample = staged.make(0)
    own, shared = sample.matrix.toarray(), sample.technology.toarray()
    alone = (
        ((own != 0).sum(axis=1) == 1) & ((shared != 0).sum(axis=1) == 1) & (own.max(axis=1) == 1)
    )
    takes = (own > 1.5).any(axis=0)
    rows = [row for row in np.flatnonzero(alone) if takes[np.argmax(own[row])]]
    return int(rows[0]) if rows else None


def test_what_is_stopped_goes_on_with_its_plan_and_its_bound(tmp_path: Path) -> None:
    """A file begun by one solve is gone on from by the next, which is never worse off."""
    staged = next(each for each in map(sites, range(50)) if assigning_of(each) is not None)
    best = every_plan(staged)[1].max()
    settings = replace(EXACT, saving=tmp_path / "kept.npz", gap=0.5)
    first = solve_staged(staged, settings)
    then = solve_staged(staged, replace(settings, time_limit=0.0))
    assert first.objective <= then.objective <= best + 1e-6
    assert best - 1e-6 <= then.bound <= first.bound
