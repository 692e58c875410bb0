"""Peers agree with each other on problems small enough to be sure of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from benchmarks.peers import OURS, PEERS
from benchmarks.peers.outcome import DoesNotApply, Limits
from benchmarks.whole import solve_whole_of
from replant.solve.settings import SolveSettings
from replant.solve.staged import FirstStage, Recourse, Staged
from tests.benchmarks.smps_files import LANDS_OUTCOMES, LANDS_TIME, lands_core, staged

LIMITS = Limits(seconds=30.0, gap=1e-6)
INSTALLED = [name for name, peer in PEERS.items() if peer.installed]


class Drawn:
    """Scenarios drawn once, and kept."""

    def __init__(self, parts: list[Recourse]) -> None:
        self.parts = parts

    def __call__(self, number: int) -> Recourse:
        return self.parts[number]


def drawn(seed: int, *, complete: bool, whole: bool = False) -> Staged:
    """Return a small random problem; not complete: some first stages have no second stage."""
    random = np.random.default_rng(seed)
    n, k, scenarios = 4, 5, 3
    parts = []
    for _ in range(scenarios):
        use = random.uniform(0.5, 2.0, (2, k))
        rows = [use, np.eye(k), np.ones((1, k))]
        room = [-random.uniform(1.0, 4.0, (2, n)), -random.uniform(0.0, 3.0, (k, n))]
        need = random.uniform(0.5, 2.0)
        parts.append(
            Recourse(
                objective=random.uniform(1.0, 5.0, k),
                lower=np.zeros(k),
                upper=np.full(k, 3.0),
                integer=np.full(k, whole),
                matrix=csr_matrix(np.vstack(rows)),
                technology=csr_matrix(np.vstack([*room, np.zeros((1, n))])),
                row_lower=np.concatenate(
                    [np.full(2 + k, -np.inf), [-np.inf if complete else need]]
                ),
                row_upper=np.concatenate([np.zeros(2 + k), [np.inf]]),
                constant=float(random.uniform(-1.0, 1.0)),
            )
        )
    first = FirstStage(
        objective=-random.uniform(2.0, 8.0, n),
        lower=np.zeros(n),
        upper=np.ones(n),
        integer=np.array([True, True, True, False]),
        matrix=csr_matrix(np.ones((1, n))),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([3.0]),
    )
    weights = random.uniform(0.1, 1.0, scenarios)
    names = tuple(str(each) for each in range(scenarios))
    return Staged(first, weights / weights.sum(), names, Drawn(parts), 2.0)


@pytest.mark.peer
@pytest.mark.parametrize("name", INSTALLED)
def test_every_peer_solves_lands(name: str, tmp_path: Path) -> None:
    """Law: each peer finds 381.853 for LandS, as value and as bound."""
    problem = staged(tmp_path, lands_core(), LANDS_TIME, LANDS_OUTCOMES)
    found = PEERS[name].function()(problem, LIMITS)
    assert found.finished
    assert found.value == pytest.approx(-381.853333, abs=1e-3)
    assert found.bound == pytest.approx(-381.853333, abs=1e-3)


@given(seed=st.integers(0, 10_000), complete=st.booleans())
def test_plain_benders_equals_the_whole(seed: int, complete: bool) -> None:
    """Law: cuts of values and cuts of feasibility lead to the whole problem's optimum."""
    problem = drawn(seed, complete=complete)
    whole = solve_whole_of(problem, SolveSettings(gap=1e-9, time_limit=30.0))
    if not whole.found:
        return
    found = PEERS["plain Benders"].function()(problem, LIMITS)
    assert found.finished
    assert found.value == pytest.approx(whole.objective, abs=1e-4)
    assert found.bound == pytest.approx(whole.objective, abs=1e-4)


def test_plain_benders_refuses_whole_numbers_in_the_second_stage() -> None:
    """Law: a method that would be wrong says that it does not apply."""
    with pytest.raises(DoesNotApply, match="whole numbers"):
        PEERS["plain Benders"].function()(drawn(1, complete=True, whole=True), LIMITS)


@pytest.mark.peer
@pytest.mark.parametrize("name", [OURS, "HiGHS", "SCIP"])
@pytest.mark.parametrize("seed", range(3))
def test_whole_numbers_in_both_stages(name: str, seed: int) -> None:
    """Law: our engine, HiGHS and SCIP agree where both stages hold whole numbers."""
    if not PEERS[name].installed:
        pytest.skip(f"{name} is not installed")
    problem = drawn(seed, complete=True, whole=True)
    whole = solve_whole_of(problem, SolveSettings(gap=1e-9, time_limit=30.0))
    found = PEERS[name].function()(problem, LIMITS)
    assert found.value == pytest.approx(whole.objective, abs=1e-4)
