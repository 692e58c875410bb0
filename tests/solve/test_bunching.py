"""Many problems over one matrix have the answers that HiGHS finds one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from replant.solve.bunching import Answers, Bunch, State
from replant.solve.bunching.arrays import Items, matrix_of
from replant.solve.bunching.inverting import inverse_of, logical_basis
from replant.solve.bunching.proof import clashes, optimal, worth

Given = tuple[csr_matrix, Items]


@st.composite
def problems(
    draw: st.DrawFn, *, ties: bool = False, loose: float = 0.0, clash: bool = False
) -> Given:
    """Random problems over one matrix.

    ``ties`` makes figures small whole numbers, so that many bases are as good; ``loose`` is the
    share of bounds that are infinite; ``clash`` moves bounds of rows out of reach of some.
    """
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count, height, width = (int(random.integers(1, most)) for most in (6, 7, 9))

    def figures(*shape: int) -> np.ndarray:
        whole = random.integers(-3, 4, shape).astype(float)
        return whole if ties else whole + random.normal(0.0, 0.3, shape)

    matrix = figures(height, width) * (random.random((height, width)) < 0.5)
    middle = random.integers(-2, 3, (count, width)).astype(float)
    lower = middle - np.abs(figures(count, width))
    upper = middle + np.abs(figures(count, width))
    activity = np.einsum("ij,sj->si", matrix, middle)
    row_lower = activity - np.abs(figures(count, height))
    row_upper = activity + np.abs(figures(count, height)) * (random.random(height) < 0.7)
    row_upper = np.maximum(row_upper, row_lower)
    if clash:
        moved = 40.0 * (random.random((count, 1)) < 0.5) * (random.random(height) < 0.3)
        row_lower, row_upper = row_lower + moved, row_upper + moved
    for each, far in ((lower, -1), (upper, 1), (row_lower, -1), (row_upper, 1)):
        each[random.random(each.shape) < loose] = far * np.inf
    objective = figures(count, width)
    return csr_matrix(matrix), Items(objective, lower, upper, row_lower, row_upper)


def both(given: Given) -> tuple[Answers, Answers]:
    """The answers by own pivots, and by HiGHS one by one."""
    matrix, items = given
    return Bunch(matrix, own=True).solve(*items), Bunch(matrix, own=False).solve(*items)


def assert_alike(given: Given) -> None:
    """Both ways end alike, with equal values, and every answer is proven."""
    ours, theirs = both(given)
    matrix, items = matrix_of(given[0]), given[1]
    assert np.array_equal(ours.states, theirs.states)
    assert np.allclose(ours.values, theirs.values, rtol=1e-7, atol=1e-7)
    for answers in (ours, theirs):
        for item, state in enumerate(answers.states):
            if state == State.OPTIMAL:
                assert optimal(matrix, items, item, answers.columns[item], answers.prices[item])
            elif state == State.INFEASIBLE and answers.prices[item].any():
                assert clashes(matrix, items, item, answers.prices[item].copy())


@given(problems())
def test_bounded_problems_have_the_optimum(given: Given) -> None:
    """Every problem with bounds has its optimum, and needs nobody else's help."""
    assert_alike(given)
    assert both(given)[0].left == 0


@given(problems(ties=True))
def test_degenerate_problems_have_the_optimum(given: Given) -> None:
    """Whole numbers, ties, fixed columns and empty rows change nothing."""
    assert_alike(given)


@given(problems(clash=True))
def test_clashing_problems_are_told_and_proven(given: Given) -> None:
    """What has no plan is told from what has, by weights of rows that prove it."""
    assert_alike(given)


@given(problems(loose=0.3, ties=True))
def test_problems_without_bounds_end_as_they_should(given: Given) -> None:
    """Infinite bounds of columns and rows, and problems without a best plan."""
    assert_alike(given)


@given(problems(loose=0.2, clash=True))
def test_mixed_problems_end_as_they_should(given: Given) -> None:
    """Optimal, impossible and unbounded problems may stand side by side."""
    assert_alike(given)


@given(problems(), problems())
def test_a_kept_basis_changes_no_answer(first: Given, second: Given) -> None:
    """Whatever was solved before, the next answers are the same."""
    matrix, items = first
    used, fresh = Bunch(matrix, own=True), Bunch(matrix, own=True)
    if second[0].shape == matrix.shape:
        used.solve(*second[1])
    used.solve(-items.objective, *items[1:])
    again, once = used.solve(*items), fresh.solve(*items)
    assert np.array_equal(again.states, once.states)
    assert np.allclose(again.values, once.values, rtol=1e-7, atol=1e-7)


@given(problems(loose=0.2), st.integers(0, 2**32 - 1))
def test_any_prices_bound_every_plan(given: Given, seed: int) -> None:
    """No plan is worth more than what row prices prove, optimal or not."""
    matrix, items = given
    answers = Bunch(matrix, own=False).solve(*items)
    prices = np.random.default_rng(seed).normal(size=matrix.shape[0])
    for item, state in enumerate(answers.states):
        if state == State.OPTIMAL:
            bound = worth(matrix_of(matrix), items, item, prices, False)
            assert bound >= answers.values[item] - 1e-6 * (1 + abs(answers.values[item]))


def test_a_wrong_answer_is_not_proven() -> None:
    """Neither a plan that is not best, nor one out of its bounds, nor wrong prices pass."""
    matrix = matrix_of(csr_matrix([[1.0, 1.0]]))
    items = Items(
        *(np.array([each]) for each in ([2.0, 1.0], [0.0, 0.0], [3.0, 3.0], [-np.inf], [4.0]))
    )
    best, price = np.array([3.0, 1.0]), np.array([1.0])
    assert optimal(matrix, items, 0, best, price)
    assert not optimal(matrix, items, 0, np.array([1.0, 3.0]), price)
    assert not optimal(matrix, items, 0, np.array([4.0, 0.0]), price)
    assert not optimal(matrix, items, 0, np.array([3.0, 1.5]), price)
    assert not optimal(matrix, items, 0, best, np.array([0.5]))
    assert not clashes(matrix, items, 0, np.array([1.0]))


def test_figures_for_all_may_be_given_once() -> None:
    """One dimension means the same in all problems."""
    matrix = csr_matrix([[1.0, 1.0]])
    answers = Bunch(matrix, own=True).solve(
        [[1.0, 2.0], [2.0, 1.0]], 0.0 * np.ones(2), [3, 3], [0], [4]
    )
    assert answers.values.tolist() == [7.0, 7.0]
    assert answers.columns.tolist() == [[1.0, 3.0], [3.0, 1.0]]
    assert answers.prices.tolist() == [[1.0], [1.0]]


def test_problems_without_rows_or_columns_are_answered() -> None:
    """No row: every column at its better bound. No problem: no answer."""
    bunch = Bunch(csr_matrix((0, 2)), own=True)
    answers = bunch.solve([[1.0, -1.0], [0.0, 2.0]], [0, 0], [5, 5], np.zeros(0), np.zeros(0))
    assert answers.values.tolist() == [5.0, 10.0]
    unbounded = bunch.solve([[1.0, 0.0]], [0, 0], [np.inf, 5], np.zeros(0), np.zeros(0))
    assert unbounded.states.tolist() == [State.UNBOUNDED]
    none = Bunch(csr_matrix([[1.0, 1.0]]), own=True).solve(
        np.zeros((0, 2)), np.zeros((0, 2)), np.ones((0, 2)), np.zeros((0, 1)), np.ones((0, 1))
    )
    assert len(none) == 0


def test_bounds_that_cross_are_infeasible() -> None:
    """A column whose lower bound is above its upper one leaves no plan."""
    answers = Bunch(csr_matrix([[1.0]]), own=True).solve(
        [1.0], [[2.0], [0.0]], [1.0], [-np.inf], [9.0]
    )
    assert answers.states.tolist() == [State.INFEASIBLE, State.OPTIMAL]
    assert answers.values.tolist() == [-np.inf, 1.0]


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_transport_problems_take_few_pivots(seed: int) -> None:
    """Scenarios of one transport problem start from their mean and hardly need to move."""
    random = np.random.default_rng(seed)
    plants, markets, count = 4, 6, 5
    supply = np.kron(np.eye(plants), np.ones(markets))
    demand = np.kron(np.ones(plants), np.eye(markets))
    margin = random.uniform(1, 9, plants * markets)
    wanted = random.uniform(1, 9, markets) * random.uniform(0.95, 1.05, (count, markets))
    limits = np.hstack([np.full((count, plants), 8.0), wanted])
    given = (
        csr_matrix(np.vstack([supply, demand])),
        Items(
            margin * random.uniform(0.98, 1.02, (count, plants * markets)),
            np.zeros((count, plants * markets)),
            np.full((count, plants * markets), 5.0),
            np.full((count, plants + markets), -np.inf),
            limits,
        ),
    )
    assert_alike(given)
    ours = both(given)[0]
    assert ours.left == 0
    assert ours.pivots < count * (plants + markets)


def test_a_basis_without_inverse_is_refused() -> None:
    """Two equal columns cannot both be basic; the basis of all logicals always can."""
    matrix = matrix_of(csr_matrix([[1.0, 1.0], [2.0, 2.0]]))
    assert inverse_of(matrix, np.array([0, 1])) is None
    inverse = inverse_of(matrix, logical_basis(matrix))
    assert inverse is not None
    assert inverse.head.tolist() == [2, 3]


@pytest.mark.parametrize("own", [True, False])
def test_the_answer_says_how_many_went_alone(own: bool) -> None:
    """Without own pivots every problem goes to HiGHS; with them only what they cannot settle."""
    answers = Bunch(csr_matrix([[1.0]]), own=own).solve(
        [[1.0], [1.0], [1.0]], [0.0], [[1.0], [np.inf], [2.0]], [0.0], [np.inf]
    )
    assert answers.states.tolist() == [State.OPTIMAL, State.UNBOUNDED, State.OPTIMAL]
    assert answers.left == (1 if own else 3)


def test_problems_begin_where_they_ended() -> None:
    """With its basis kept, a problem asked again takes no pivot; moved a little, fewer than new."""
    random = np.random.default_rng(5)
    count, plants, markets = 40, 10, 25
    supply = np.kron(np.eye(plants), np.ones(markets))
    demand = np.kron(np.ones(plants), np.eye(markets))
    matrix = csr_matrix(np.vstack([supply, demand]))
    objective = random.uniform(1.0, 9.0, plants * markets) * random.uniform(
        0.8, 1.2, (count, plants * markets)
    )
    limits = random.uniform(5.0, 30.0, (count, plants + markets))
    nothing = np.zeros((count, plants * markets))
    most = np.full((count, plants * markets), 8.0)
    free = np.full((count, plants + markets), -np.inf)
    bunch = Bunch(matrix, own=True)
    bases = np.full((count, plants + markets), -1, dtype=np.int32)
    new = bunch.solve(objective, nothing, most, free, limits, bases)
    again = bunch.solve(objective, nothing, most, free, limits, bases)
    moved = bunch.solve(objective, nothing, most, free, 1.01 * limits, bases)
    fresh = Bunch(matrix, own=True).solve(objective, nothing, most, free, 1.01 * limits)
    assert new.pivots > 0
    assert again.pivots == 0
    assert again.values == pytest.approx(new.values)
    assert moved.values == pytest.approx(fresh.values)
    assert moved.pivots < fresh.pivots


def test_few_problems_share_the_basis_of_their_mean() -> None:
    """A few problems answer as without bases of their own, with as many pivots, and keep none."""
    random = np.random.default_rng(6)
    matrix = csr_matrix(random.uniform(0.0, 1.0, (6, 15)))
    objective, limits = random.uniform(1.0, 9.0, (3, 15)), random.uniform(1.0, 3.0, (3, 6))
    bounds = np.zeros(15), np.ones(15), np.full(6, -np.inf)
    bases = np.full((3, 6), -1, dtype=np.int32)
    kept = Bunch(matrix, own=True).solve(objective, *bounds, limits, bases)
    plain = Bunch(matrix, own=True).solve(objective, *bounds, limits)
    assert (bases == -1).all()
    assert kept.pivots == plain.pivots
    assert np.array_equal(kept.values, plain.values)


@pytest.mark.parametrize("seed", range(20))
def test_an_inverse_undoes_its_basis(seed: int) -> None:
    """Inverse times basis is one, by rows and by columns, triangular or not."""
    random = np.random.default_rng(seed)
    rows, columns = 14, 30
    dense = np.where(random.random((rows, columns)) < 0.15 + 0.03 * seed, 1.0, 0.0)
    dense *= random.uniform(0.5, 3.0, (rows, columns))
    matrix = matrix_of(csr_matrix(dense))
    every = np.hstack([dense, np.eye(rows)])
    head = random.permutation(columns + rows)[:rows]
    inverse = inverse_of(matrix, head.astype(np.int64))
    if inverse is None:
        assert np.linalg.cond(every[:, head]) > 1e6
        return
    shape = (rows, rows)
    by_rows = csr_matrix((inverse.row_values, inverse.row_columns, inverse.row_starts), shape)
    by_columns = csr_matrix(
        (inverse.column_values, inverse.column_rows, inverse.column_starts), shape
    )
    assert sorted(inverse.head.tolist()) == sorted(head.tolist())
    assert by_rows.toarray() @ every[:, inverse.head] == pytest.approx(np.eye(rows), abs=1e-8)
    assert pytest.approx(by_rows.toarray()) == by_columns.toarray().T
