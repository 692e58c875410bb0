"""Other ways of writing a problem keep its optimum: listed parts, implied bounds, a centre."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import event, given
from scipy.sparse import csr_matrix

from replant.solve.benders.centre import centre_of
from replant.solve.counting import counted
from replant.solve.patterns import listed
from replant.solve.settings import SolveSettings
from replant.solve.solution import Solution, Status
from replant.solve.staged import FirstStage, Recourse, Staged, whole_of
from replant.solve.tightening import implied_bounds
from replant.solve.whole import solve_matrix
from tests.solve.two_stages import Floats, enumerated, first_stages, kept, points_of, two_stages

EXACT = SolveSettings(gap=1e-9, time_limit=60.0)


def relaxed(staged: Staged) -> Solution:
    """The optimum with no column whole."""
    arrays = whole_of(staged)
    return solve_matrix(
        matrix=arrays.matrix,
        objective=arrays.objective,
        constant=arrays.constant,
        lower=arrays.lower,
        upper=arrays.upper,
        integer=np.zeros(len(arrays.objective), dtype=bool),
        row_lower=arrays.row_lower,
        row_upper=arrays.row_upper,
        settings=EXACT,
    )


def with_rows_over_two(staged: Staged) -> Staged:
    """The problem without rows over fewer than two columns of a scenario, which bar listing."""

    def make(number: int) -> Recourse:
        block = staged.make(number)
        rows = np.flatnonzero(np.diff(block.matrix.indptr) > 1)
        return replace(
            block,
            matrix=csr_matrix(block.matrix[rows]),
            technology=csr_matrix(block.technology[rows]),
            row_lower=block.row_lower[rows],
            row_upper=block.row_upper[rows],
        )

    return replace(staged, make=make)


@given(two_stages(("binary", "integer", "none"), ("binary",)))
def test_listed_parts_keep_the_optimum(made: Staged) -> None:
    """Law: a problem whose parts are lists of ways has the same optimum, first stage by first
    stage, and its relaxation bounds that at least as well."""
    staged = with_rows_over_two(made)
    found = listed(staged)
    event("listed" if found is not None else "not listed")
    if found is None:
        return
    ways = [len(found.staged.make(number)) for number in range(len(staged))]
    assert found.ways == sum(ways)
    true = enumerated(staged)
    assert enumerated(found.staged) == true
    tight, loose = relaxed(found.staged), relaxed(staged)
    assert tight.bound <= loose.bound + 1e-6
    if true.status is Status.OPTIMAL:
        assert tight.bound >= true.value - 1e-6


@given(first_stages("integer"))
def test_implied_bounds_cut_no_first_stage_off(made: tuple[FirstStage, Floats]) -> None:
    """Law: every point that keeps the rows and bounds lies within what they imply."""
    stage, _ = made
    lower, upper = implied_bounds(stage)
    assert (lower >= stage.lower).all()
    assert (upper <= stage.upper).all()
    points = points_of(stage)
    points = points[kept(points @ stage.matrix.toarray().T, stage.row_lower, stage.row_upper)]
    event("tighter" if (upper - lower < stage.upper - stage.lower).any() else "as before")
    assert (points >= lower).all()
    assert (points <= upper).all()


@given(first_stages("binary"))
def test_counting_cuts_no_first_stage_off(made: tuple[FirstStage, Floats]) -> None:
    """Law: every point of yes and no that keeps the rows keeps what they count."""
    stage, _ = made
    sharper = counted(Staged(stage, np.zeros(0), (), lambda number: None)).first  # type: ignore[arg-type]
    points = points_of(stage)
    points = points[kept(points @ stage.matrix.toarray().T, stage.row_lower, stage.row_upper)]
    event("counts" if sharper is not stage else "none")
    height = points @ sharper.matrix.toarray().T
    assert kept(height, sharper.row_lower, sharper.row_upper).all()


@pytest.mark.parametrize(
    ("weights", "lower", "upper", "row", "least"),
    [
        ((8.0, 8.0, 8.0), 9.0, np.inf, (1.0, 1.0, 1.0), 2.0),
        ((7.0, 5.0, 2.0), 8.0, np.inf, (1.0, 1.0, 1.0), 2.0),
        ((-3.0, -3.0, -3.0), -np.inf, -5.0, (1.0, 1.0, 1.0), 2.0),
        ((4.0, 4.0, 4.0), -np.inf, 7.0, (-1.0, -1.0, -1.0), -1.0),
        ((5.0, -5.0, 5.0), 3.0, np.inf, (1.0, -1.0, 1.0), 1.0),
        ((5.0, 5.0, 5.0), 10.0, np.inf, None, 0.0),
    ],
)
def test_a_row_over_yes_and_no_is_counted(
    weights: tuple[float, ...],
    lower: float,
    upper: float,
    row: tuple[float, ...] | None,
    least: float,
) -> None:
    """Law: what is needed is counted in the largest that there are; a row that is sharp already
    gets no other beside it."""
    stage = FirstStage(
        np.zeros(3),
        np.zeros(3),
        np.ones(3),
        np.ones(3, dtype=bool),
        csr_matrix(np.array([weights])),
        np.array([lower]),
        np.array([upper]),
    )
    found = counted(Staged(stage, np.zeros(0), (), lambda number: None)).first  # type: ignore[arg-type]
    if row is None:
        assert found is stage
        return
    assert found.matrix.toarray()[1].tolist() == list(row)
    assert found.row_lower[1] == least


@given(first_stages("continuous"))
def test_a_centre_is_a_point_of_the_first_stage(made: tuple[FirstStage, Floats]) -> None:
    """Law: the centre keeps every row and bound, and only an empty first stage has none."""
    stage, _ = made
    centre = centre_of(stage)
    event("a centre" if centre is not None else "none")
    if centre is None:
        nothing = Staged(stage, np.zeros(0), (), lambda number: None)  # type: ignore[arg-type]
        assert relaxed(nothing).status is Status.INFEASIBLE
        return
    assert kept(stage.matrix @ centre, stage.row_lower - 1e-6, stage.row_upper + 1e-6)
    assert kept(centre, stage.lower - 1e-6, stage.upper + 1e-6)


def test_a_centre_is_away_from_every_bound_that_leaves_room() -> None:
    """Law: in the unit square cut by ``x + y ≤ 1`` it lies in the middle of what is left."""
    stage = FirstStage(
        np.zeros(2),
        np.zeros(2),
        np.ones(2),
        np.zeros(2, dtype=bool),
        csr_matrix(np.ones((1, 2))),
        np.array([-np.inf]),
        np.ones(1),
    )
    centre = centre_of(stage)
    assert centre is not None
    assert (centre > 0.2).all()
    assert centre.sum() < 0.8
