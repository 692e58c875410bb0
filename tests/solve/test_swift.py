"""The master, solved again and again."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from replant.solve.benders import swift
from replant.solve.benders.cut import Cut
from replant.solve.benders.group_cut import GroupCut
from replant.solve.benders.master import Master
from replant.solve.staged import FirstStage


def master_of(seed: int) -> Master:
    """Return a master over ten columns and four rows, its one group told by twelve cuts."""
    random = np.random.default_rng(seed)
    width, rows = 10, 4
    stage = FirstStage(
        objective=random.normal(size=width),
        lower=np.zeros(width),
        upper=np.ones(width),
        integer=np.ones(width, dtype=bool),
        matrix=csr_matrix(random.uniform(0.0, 1.0, (rows, width))),
        row_lower=np.full(rows, -np.inf),
        row_upper=np.full(rows, 2.0),
    )
    master = Master(stage, 1)
    master.add([GroupCut(0, Cut(5.0, random.normal(size=width))) for _ in range(12)])
    return master


@pytest.mark.parametrize("seed", range(10))
def test_a_master_that_stalls_is_solved_with_care(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no pivot allowed the swift way gives up, and the answer is the same all the same."""
    swiftly = master_of(seed).relaxed()
    monkeypatch.setattr(swift, "_PIVOTS", 0)
    careful = master_of(seed).relaxed()
    assert swiftly is not None
    assert careful is not None
    assert careful.bound == pytest.approx(swiftly.bound)


@pytest.mark.parametrize("seed", range(10))
def test_a_master_returns_to_a_basis(seed: int) -> None:
    """From the basis of before, with the bounds of before, the answer of before takes no pivot."""
    master = master_of(seed)
    before = master.relaxed()
    basis = master.warm.basis()
    lower, upper = master.lower.copy(), master.upper.copy()
    master.hold(np.ones_like(lower) * 0.1, upper)
    master.relaxed()
    master.hold(lower, upper)
    master.warm.return_to(basis)
    again = master.relaxed()
    assert before is not None
    assert again is not None
    assert again.first == pytest.approx(before.first)
    assert master.warm.model.getInfo().simplex_iteration_count == 0
