"""A cut holds whatever prices it was made of, and wherever the first stage stands."""

from __future__ import annotations

import numpy as np
from hypothesis import event, given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from replant.errors import Unbounded
from replant.solve.benders.cut import proven
from replant.solve.benders.earnest import Earnest
from replant.solve.benders.oracle import Oracle
from replant.solve.benders.part import MovingBounds, Part, first_stage_rows_of, parts_of
from replant.solve.staged import Recourse, Staged
from tests.solve.two_stages import Floats, points_of, recourses, two_stages

WEIGHTS = (-2.0, -1.0, -0.5, 0.0, 0.0, 1.0, 1.5, 3.0)


def sampled(draw: st.DrawFn, width: int) -> Floats:
    """A point, whole or between whole numbers."""
    places = st.lists(st.integers(-4, 8), min_size=width, max_size=width)
    return np.array(draw(places), dtype=float) / 2.0


def worth_of(part: Part, point: Floats) -> float:
    """What a part is worth by its relaxation; infinite where that has no end."""
    try:
        return Oracle(part).ask(point).value
    except Unbounded:
        return np.inf


def test_whole_columns_between_bounds_that_are_not_whole_keep_their_answer() -> None:
    """Law: where a first stage moves a whole column's bounds off whole numbers, what can be done
    is still found. HiGHS 1.15.1 calls this part impossible, though both columns may be zero."""
    block = Recourse(
        objective=np.array([3.0, 0.0]),
        lower=np.array([-1.0, -1.0]),
        upper=np.array([1.0, 0.0]),
        integer=np.ones(2, dtype=bool),
        matrix=csr_matrix(np.array([[3.0, 3.0], [3.0, 0.0], [-1.0, 3.0]])),
        technology=csr_matrix(np.array([[2.0, 0.0], [0.0, 2.0], [0.0, 0.0]])),
        row_lower=np.array([0.0, 0.0, -np.inf]),
        row_upper=np.array([np.inf, 2.0, 0.0]),
    )
    (part,) = parts_of(block)
    assert Earnest(part).solve(np.ones(2), 10.0) == (0.0, 0.0)


@given(st.data())
def test_any_prices_prove_a_bound(data: st.DataObject) -> None:
    """Law: the cut of any prices whatever lies on or above the part's worth at any first stage."""
    width = data.draw(st.integers(0, 3))
    kind = data.draw(st.sampled_from(("continuous", "binary", "mixed")))
    block = data.draw(recourses(kind, np.zeros(width)))
    seen, there = sampled(data.draw, width), sampled(data.draw, width)
    for part in parts_of(block):
        rows = len(part.row_lower)
        prices = data.draw(st.lists(st.sampled_from(WEIGHTS), min_size=rows, max_size=rows))
        cut = proven(part, np.array(prices, dtype=float), seen)
        event("proves" if cut is not None else "proves nothing")
        if cut is None:
            continue
        worth = worth_of(part, there)
        assert worth <= cut.at(there) + 1e-6
        if np.isfinite(worth):
            whole, bound = Earnest(part).solve(there, 10.0)
            assert whole <= bound <= cut.at(there) + 1e-6


@given(st.data())
def test_an_answer_is_tight_where_it_was_asked(data: st.DataObject) -> None:
    """Law: the cut that comes with a worth equals it there; the one of a part that nothing can be
    done in is broken there, and kept by every first stage in which something can be done."""
    width = data.draw(st.integers(0, 3))
    block = data.draw(recourses("continuous", np.zeros(width)))
    points = [sampled(data.draw, width) for _ in range(3)]
    for part in parts_of(block):
        oracle = Oracle(part)
        try:
            answers = [oracle.ask(point) for point in points]
        except Unbounded:
            continue
        for point, answer in zip(points, answers, strict=True):
            event("feasible" if answer.feasible else "infeasible")
            if answer.feasible:
                assert abs(answer.cut.at(point) - answer.value) <= 1e-6
            else:
                assert answer.cut.at(point) < 0.0
            for other, there in zip(answers, points, strict=True):
                if not other.feasible:
                    continue
                least = other.value if answer.feasible else 0.0
                assert answer.cut.at(there) >= least - 1e-6


@given(st.data())
def test_parts_are_the_scenario_again(data: st.DataObject) -> None:
    """Law: the rows of the parts, their moving bounds and the rows left to the first stage say
    together what the scenario's rows say, each once, at every point."""
    width = data.draw(st.integers(0, 3))
    block = data.draw(recourses("mixed", np.zeros(width)))
    parts = parts_of(block)
    owned = np.concatenate([np.zeros(0, dtype=int), *(part.columns for part in parts)])
    assert np.array_equal(np.sort(owned), np.arange(len(block)))
    for part in parts:
        for name in ("objective", "lower", "upper", "integer"):
            assert np.array_equal(getattr(part, name), getattr(block, name)[part.columns])
    first, values = sampled(data.draw, width), sampled(data.draw, len(block))
    assert rooms_of_parts(block, parts, first, values) == rooms_of_rows(block, first, values)


def rooms_of_rows(block: Recourse, first: Floats, values: Floats) -> list[float]:
    """How far each finite side of each row is from being broken, per unit of a lone column."""
    matrix = block.matrix.toarray()
    height = matrix @ values + block.technology @ first
    lone = (matrix != 0.0).sum(axis=1) == 1
    size = np.where(lone, np.abs(matrix).sum(axis=1), 1.0)
    rooms = [*((block.row_upper - height) / size), *((height - block.row_lower) / size)]
    return sorted(round(room, 9) for room in rooms if np.isfinite(room))


def rooms_of_parts(
    block: Recourse, parts: list[Part], first: Floats, values: Floats
) -> list[float]:
    """The same, from the parts and the rows over the first stage alone."""
    matrix, lower, upper = first_stage_rows_of(block)
    height = matrix @ first
    rooms = [*(upper - height), *(height - lower)]
    for part in parts:
        own = values[part.columns]
        height = part.matrix @ own + part.technology @ first
        rooms += [*(part.row_upper - height), *(height - part.row_lower)]
        rooms += [*(part.uppers.at(first) - own[part.uppers.column])]
        rooms += [*(own[part.lowers.column] - part.lowers.at(first))]
    return sorted(round(room, 9) for room in rooms if np.isfinite(room))


def test_entries_that_are_zero_or_written_twice_are_no_entries() -> None:
    """Law: how a matrix is stored says nothing: a stored zero ties nothing, two halves are one."""
    stored = csr_matrix(
        (np.array([1.0, 1.0, 0.0]), np.array([0, 0, 1]), np.array([0, 3])), shape=(1, 2)
    )
    block = Recourse(
        objective=np.ones(2),
        lower=np.zeros(2),
        upper=np.full(2, np.inf),
        integer=np.zeros(2, dtype=bool),
        matrix=stored,
        technology=csr_matrix(np.array([[-1.0]])),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([4.0]),
    )
    one, other = parts_of(block)
    assert one.uppers.at(np.array([2.0])).tolist() == [3.0]
    assert len(other.uppers.column) == 0
    assert block.matrix.nnz == 3


@given(two_stages(("binary", "integer"), ("continuous", "integer")))
def test_the_worth_of_parts_adds_up(staged: Staged) -> None:
    """Law: what the parts are worth together is what the scenario is worth as one problem."""
    points = points_of(staged.first)[:4]
    for number in range(len(staged)):
        block = staged.make(number)
        rows, lower, upper = first_stage_rows_of(block)
        for point in points:
            height = rows @ point
            if (height < lower - 1e-9).any() or (height > upper + 1e-9).any():
                continue
            worths = [worth_of(part, point) for part in parts_of(block)]
            if worths and np.inf not in worths:
                assert alike(sum(worths), worth_of(as_one_part(block), point))


def as_one_part(block: Recourse) -> Part:
    """A scenario as a single part in which every row is a row."""
    empty = csr_matrix((0, block.technology.shape[1]))
    nothing = MovingBounds(np.zeros(0, dtype=np.intp), np.zeros(0), empty)
    return Part(
        np.arange(len(block)),
        block.objective,
        block.lower,
        block.upper,
        block.integer,
        block.matrix,
        block.technology,
        block.row_lower,
        block.row_upper,
        nothing,
        nothing,
    )


def alike(one: float, other: float) -> bool:
    """Whether two worths are one, infinite ones included."""
    return one == other or abs(one - other) <= 1e-6
