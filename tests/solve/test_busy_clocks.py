"""A slow or busy machine finds the same plan as a quick one, as long as there is time."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from replant.solve import decomposed
from replant.solve.benders.work import Work
from replant.solve.settings import SolveSettings
from replant.solve.staged import Staged
from replant.solve.suiting import solve_staged
from tests.solve.firms_in_periods import firm_in_periods
from tests.solve.firms_in_two_stages import facility

Clock = Callable[[], float]

LIMIT = 10_000.0
_REAL = time.monotonic


def quick() -> Clock:
    """A clock that runs as it should."""
    return _REAL


def busy() -> Clock:
    """A clock by which everything takes two hundred times as long."""
    began = _REAL()
    return lambda: began + 200.0 * (_REAL() - began)


def asleep() -> Clock:
    """A clock of a machine that sleeps through most of the time there is, soon after it began."""
    began, asked = _REAL(), [0]

    def now() -> float:
        asked[0] += 1
        return _REAL() + (0.8 * LIMIT if asked[0] > 20 else 0.0)

    assert now() - began < LIMIT
    return now


def road(
    staged: Staged, clock: Clock, patched: pytest.MonkeyPatch, gap: float
) -> tuple[list[tuple[float, float]], object, float, float, int]:
    """Everything that a solve tells, the seconds left out."""
    told: list[tuple[float, float]] = []
    settings = SolveSettings(
        gap=gap,
        time_limit=LIMIT,
        strategy="Benders",
        on_progress=lambda line: told.append((line.bound, line.value)),
    )
    with patched.context() as inside:
        inside.setattr(time, "monotonic", clock)
        found = solve_staged(staged, settings)
    assert found.first is not None
    assert found.seconds < LIMIT
    return told, found.first.tobytes(), found.objective, found.bound, found.rounds


@pytest.mark.parametrize("seed", [1, 3])
@pytest.mark.parametrize("clock", [busy, asleep])
@pytest.mark.parametrize("periods", [True, False])
def test_the_clock_has_no_say_in_the_plan(
    seed: int, clock: Callable[[], Clock], periods: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Law: whatever the clock does short of the limit, plan, bound and road are the same bytes."""
    staged = (
        firm_in_periods(plants=4, scenarios=2, seed=seed)
        if periods
        else facility(scenarios=6, seed=seed)
    )
    # As a firm too large for the tree alone: a dive, neighbourhoods of its plan, then the rest.
    monkeypatch.setattr(decomposed, "_TREE", 0)
    monkeypatch.setattr(decomposed, "_TREE_BY_PERIOD", 0)
    for gap in (1e-9, 0.02):
        there = road(staged, quick(), monkeypatch, gap)
        assert road(staged, clock(), monkeypatch, gap) == there


def test_work_ends_though_nothing_is_done() -> None:
    """Law: steps that do no work of their own come to an end, and a step opens a node at least."""
    work = Work.lasting(30.0)
    for _ in range(200):
        work.count(0, 1)
    assert work.over()
    assert min(work.nodes(entries) for entries in (0, 1, 10**5, 10**9)) >= 1
    assert work.nodes(10**4) > work.nodes(10**7)
