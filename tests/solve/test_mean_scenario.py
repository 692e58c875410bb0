"""The mean of all scenarios bounds them, and a solve that it leads ends as any other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix, diags

from replant.solve import SolveSettings, Staged, solve_decomposed
from replant.solve.benders import kept
from replant.solve.benders.earnest import Earnest
from replant.solve.benders.mean import mean_of
from replant.solve.benders.part import parts_of
from replant.solve.settings import Progress
from replant.solve.solution import Solution, Status
from replant.solve.staged import Recourse, whole_of
from replant.solve.whole import solve_arrays
from tests.solve.firms_in_two_stages import facility
from tests.solve.two_stages import first_stages, recourses

EXACT = SolveSettings(gap=1e-9, time_limit=60.0)
LED = "Benders with the mean scenario"


@pytest.fixture(autouse=True, scope="module")
def _always_kept() -> Iterator[None]:
    """A mean is kept also where there are few scenarios."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "_SHARE", 1.0)
        yield


def _whole(staged: Staged) -> Solution:
    solution = solve_arrays(whole_of(staged), EXACT, {"presolve": "off"})
    near = solution.status is Status.WITHIN_GAP
    return replace(solution, status=Status.OPTIMAL) if near else solution


def _moved(draw: st.DrawFn, block: Recourse) -> Recourse:
    """The scenario with other bounds, rows that take otherwise, and columns in other units."""
    height, width = block.matrix.shape
    shift = np.array(draw(st.lists(st.integers(-1, 1), min_size=height, max_size=height)), float)
    more = np.array(draw(st.lists(st.integers(0, 2), min_size=width, max_size=width)), float)
    powers = st.sampled_from((0.25, 0.5, 1.0, 2.0, 4.0))
    columns = np.array(draw(st.lists(powers, min_size=width, max_size=width)), float)
    rows = np.array(draw(st.lists(powers, min_size=height, max_size=height)), float)
    columns[block.integer] = 1.0
    taken = block.technology.toarray()
    taken = taken + draw(st.integers(-1, 1)) * (np.arange(taken.size) % 2).reshape(taken.shape)
    return replace(
        block,
        objective=block.objective * columns,
        lower=block.lower / columns,
        upper=(block.upper + more) / columns,
        matrix=csr_matrix(diags(rows) @ block.matrix @ diags(columns)),
        technology=csr_matrix(diags(rows) @ taken),
        row_lower=rows * (block.row_lower + shift),
        row_upper=rows * (block.row_upper + shift),
    )


@st.composite
def _alike(draw: st.DrawFn, kind: str) -> Staged:
    """A problem whose scenarios have a mean, now and then one more without any weight."""
    stage, point = draw(first_stages(draw(st.sampled_from(("binary", "integer", "mixed")))))
    base = draw(recourses(kind, point, bounded=True))
    assume(len(stage) and len(base))
    blocks = [base, *(_moved(draw, base) for _ in range(draw(st.integers(1, 3))))]
    weights = np.array(draw(st.sampled_from(((1, 1, 1, 1), (3, 1, 2, 4)))), float)[: len(blocks)]
    if draw(st.booleans()):
        # It must be kept possible, but tells nothing: also with quite another matrix.
        blocks.insert(0, replace(base, matrix=csr_matrix(base.matrix * 2.0)))
        weights = np.append(0.0, weights)
    names = tuple(f"s{number}" for number in range(len(blocks)))
    return Staged(stage, weights / weights.sum(), names, blocks.__getitem__, constant=1.0)


@settings(max_examples=15)
@given(_alike("continuous"))
def test_no_plan_is_worth_more_than_in_the_mean(staged: Staged) -> None:
    """Law: scenarios that differ in bounds, technology and units have a mean that bounds them."""
    counted = np.flatnonzero(staged.probabilities > 0.0).tolist()
    mean = mean_of(staged, counted)
    assert mean is not None
    assert mean.weight == pytest.approx(1.0)
    alone = replace(
        staged, probabilities=np.ones(1), names=("mean",), make=[mean.block].__getitem__
    )
    true, above = _whole(staged), _whole(alone)
    event(str(true.status))
    if true.status is Status.OPTIMAL:
        # The mean has the constant of the scenario that it was made from.
        told = staged.probabilities @ [staged.make(n).constant for n in range(len(staged))]
        assert above.objective - mean.block.constant + told >= true.objective - 1e-6


def _solved(staged: Staged) -> None:
    """Solve; whatever is told on the way lies around the optimum, and so does the end."""
    true = _whole(staged)
    lines: list[Progress] = []
    found = solve_decomposed(staged, replace(EXACT, on_progress=lines.append))
    event(f"{found.way}: {found.status}")
    if true.status is not Status.OPTIMAL:
        assert found.first is None
        return
    room = 1e-6 * max(1.0, abs(true.objective))
    for line in lines:
        assert line.bound >= true.objective - room
        assert line.value <= true.objective + room
    assert all(after.bound <= before.bound + room for before, after in pairwise(lines))
    if found.status is Status.NOT_PROVEN:
        assert not staged.first.integer.all()
        assert any(staged.make(number).integer.any() for number in range(len(staged)))
        return
    assert found.objective == pytest.approx(true.objective, rel=1e-6, abs=1e-6)
    assert found.bound == pytest.approx(true.objective, rel=1e-6, abs=1e-6)


@settings(max_examples=15)
@given(_alike("continuous"))
def test_led_by_the_mean_it_is_the_whole_problem(staged: Staged) -> None:
    """Law: bound ≥ optimum ≥ plan at every line, and the end is that of the whole problem."""
    _solved(staged)


@settings(max_examples=15)
@given(_alike("mixed"))
def test_with_whole_numbers_behind_it_is_the_whole_problem(staged: Staged) -> None:
    """Law: the same where the mean, its whole numbers let go of, stands beside the estimates."""
    _solved(staged)


def test_a_whole_number_below_a_third_is_none() -> None:
    """Law: a bound that is no whole number is rounded before the solver sees it.

    Given ``y ≤ 1/3`` for a whole ``y``, it was seen to call 13/9 the best of what is worth 3/2.
    """
    entries = np.array([[0.0, 0, -2], [-8, 0, 4], [0, 0, 12], [8, -4, 6]])
    block = Recourse(
        objective=np.array([2.0, -3.0, 3.0]),
        lower=np.zeros(3),
        upper=np.array([2.5, 1.0, 4.0]),
        integer=np.array([False, True, True]),
        matrix=csr_matrix(entries),
        technology=csr_matrix(np.array([[6.0], [8.0], [-8.0], [0.0]])),
        row_lower=np.array([-np.inf, -16.0, -4.0, -np.inf]),
        row_upper=np.array([np.inf, np.inf, 12.0, 6.0]),
    )
    (part,) = parts_of(block)
    assert Earnest(part).solve(np.array([-1.0]), 10.0) == pytest.approx((1.5, 1.5))


def _other_price(block: Recourse) -> Recourse:
    objective = block.objective.copy()
    objective[0] *= 1.5
    return replace(block, objective=objective)


def _other_entry(block: Recourse) -> Recourse:
    data = block.matrix.data.copy()
    data[0] *= 1.5
    return replace(block, matrix=csr_matrix((data, block.matrix.indices, block.matrix.indptr)))


def _without_end(block: Recourse) -> Recourse:
    return replace(block, upper=np.full(len(block), np.inf))


@pytest.mark.parametrize("other", [_other_price, _other_entry, _without_end])
def test_what_differs_otherwise_has_no_mean(other: object) -> None:
    """Law: with other prices, other coefficients or no bounds there is no mean to be believed."""
    assert callable(other)
    blocks = [facility().make(0), facility().make(1)]
    staged = replace(facility(scenarios=2), make=[blocks[0], other(blocks[1])].__getitem__)
    assert mean_of(facility(), [0, 1]) is not None
    assert mean_of(staged, [0, 1]) is None
    assert solve_decomposed(staged, EXACT).way == "Benders"


def test_led_solves_need_few_rounds_and_can_be_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mean near the truth closes the gap in a few rounds; what was kept on disk is used."""
    near = SolveSettings(gap=1e-4, time_limit=60.0, saving=tmp_path / "learnt.npz")
    led = solve_decomposed(_steady(), near)
    again = solve_decomposed(_steady(), near)
    assert led.way == again.way == LED
    assert again.bound <= led.bound + 1e-9
    assert again.objective >= led.objective - 1e-6
    monkeypatch.setattr(kept, "_SHARE", 0.0)
    usual = solve_decomposed(_steady(), replace(near, saving=None))
    assert usual.way == "Benders"
    assert led.objective == pytest.approx(usual.objective, rel=2e-4)
    assert led.rounds < usual.rounds


def _steady() -> Staged:
    """Sites whose customers want nearly the same in every scenario."""
    staged = facility(sites=12, customers=16, scenarios=8)
    first = staged.make(0)

    def make(number: int) -> Recourse:
        block, share = staged.make(number), 0.02
        mixed = {
            name: (1.0 - share) * getattr(first, name) + share * getattr(block, name)
            for name in ("technology", "row_upper")
        }
        return replace(block, **mixed)

    return replace(staged, make=make)
