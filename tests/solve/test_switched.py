"""Rows that hang on a yes-or-no: no plan is lost, and the relaxed problem says less."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from replant.solve import FirstStage, Recourse, SolveSettings, Staged
from replant.solve.implications import followed, implications
from replant.solve.staged import whole_of
from replant.solve.switched import switched
from replant.solve.whole import solve_arrays
from tests.solve.firms_in_periods import firm_in_periods

EXACT = SolveSettings(gap=1e-9)
SEEDS = range(1, 7)


def optimum(staged: Staged, *, relaxed: bool = False) -> float:
    arrays = whole_of(staged)
    if relaxed:
        arrays = replace(arrays, integer=np.zeros_like(arrays.integer))
    return solve_arrays(arrays, EXACT).objective


def held(staged: Staged, lower: np.ndarray, upper: np.ndarray) -> Staged:
    return replace(staged, first=replace(staged.first, lower=lower, upper=upper))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_optimum_stays_and_the_relaxed_bound_falls(seed: int) -> None:
    """Switching rows keeps the optimum, and never raises what the relaxed problem is worth."""
    staged = firm_in_periods(seed=seed)
    other = switched(staged)
    assert other is not staged
    assert optimum(other) == pytest.approx(optimum(staged), rel=1e-7)
    assert optimum(other, relaxed=True) <= optimum(staged, relaxed=True) + 1e-6


def test_the_relaxed_bound_falls_in_truth() -> None:
    """Where lines of a part of a product could serve all of its demand, the bound is lower."""
    gains = [
        optimum(firm_in_periods(seed=seed), relaxed=True)
        - optimum(switched(firm_in_periods(seed=seed)), relaxed=True)
        for seed in SEEDS
    ]
    assert max(gains) > 0.5


def test_every_whole_first_stage_is_worth_the_same() -> None:
    """Each choice of products and lines is worth the same, or is impossible, in both problems."""
    staged = firm_in_periods(plants=2, products=2, periods=2, seed=3)
    other = switched(staged)
    whole = staged.first.integer
    for choice in product((0.0, 1.0), repeat=int(whole.sum())):
        lower, upper = staged.first.lower.copy(), staged.first.upper.copy()
        lower[whole] = upper[whole] = choice
        one, two = (optimum(held(each, lower, upper)) for each in (staged, other))
        assert one == pytest.approx(two, rel=1e-7, abs=1e-7)


@dataclass(frozen=True)
class Changed:
    """The scenarios of a problem, one of them changed."""

    staged: Staged
    change: dict[str, object]

    def __call__(self, number: int) -> Recourse:
        block = self.staged.make(number)
        return replace(block, **self.change) if number else block  # type: ignore[arg-type]


def test_a_scenario_of_another_kind_is_left_as_it_is() -> None:
    """What was seen in the first scenario is not believed of one that breaks its conditions."""
    staged = firm_in_periods(seed=2)
    plain = staged.make(1)
    negative, open_ = plain.lower.copy(), plain.row_upper.copy()
    negative[0] = -1.0
    open_[0] = 2.0
    for change in ({"lower": negative}, {"row_upper": open_}):
        other = switched(replace(staged, make=Changed(staged, change)))
        assert other.make(0).technology.nnz > staged.make(0).technology.nnz
        assert other.make(1).technology.nnz == plain.technology.nnz


def test_nothing_is_switched_by_a_column_that_may_be_a_half() -> None:
    """With the whole numbers let go of, a row may not be switched: the problem is another one."""
    staged = firm_in_periods(seed=2)
    relaxed = np.zeros_like(staged.first.integer)
    free = replace(staged, first=replace(staged.first, integer=relaxed))
    assert switched(free) is free


@pytest.mark.parametrize("seed", range(30))
def test_implications_hold_at_every_point(seed: int) -> None:
    """Wherever a column is at an end that asks for another's end, the other one is there."""
    draw = np.random.default_rng(seed)
    width, height = 6, 5
    rows = draw.integers(-2, 3, (height, width)) * (draw.random((height, width)) < 0.5)
    upper = draw.integers(-1, 3, height).astype(float)
    lower = np.where(draw.random(height) < 0.3, upper, -np.inf)
    stage = FirstStage(
        np.zeros(width),
        np.zeros(width),
        np.ones(width),
        np.ones(width, dtype=bool),
        csr_matrix(rows.astype(float)),
        lower,
        upper,
    )
    reached = followed(implications(stage))
    for point in product((0, 1), repeat=width):
        values = np.array(point)
        activity = rows @ values
        if (activity > upper).any() or (activity < lower).any():
            continue
        ends = np.concatenate([values == 0, values == 1])
        for end in np.flatnonzero(ends):
            asked = reached.indices[reached.indptr[end] : reached.indptr[end + 1]]
            assert ends[asked].all()
