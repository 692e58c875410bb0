"""The engine on public instances: known values, proven, whichever way is taken."""

from __future__ import annotations

import pytest

from benchmarks.registry import Instance
from replant.solve.choosing import BENDERS
from replant.solve.settings import SolveSettings
from replant.solve.solution import StagedSolution, Status
from replant.solve.suiting import solve_staged

# The sites are chosen among 16, 25 or 50.
SITES = (
    *("cap42", "cap62", "cap64", "cap71", "cap72", "cap84", "cap91", "cap92", "cap94", "cap101"),
    *("cap102", "cap103", "cap113", "cap121", "cap123", "cap133", "cap134"),
)
SMALL = (
    "multistage/farmer 3 scen",
    "smps-lp/LandS (electric, 3 scen)",
    "multistage/gbd extended",
    "smps-lp/pltexpA2_6",
    *(f"cflp-orlib/{name}" for name in SITES),
)


def hold(instance: Instance, found: StagedSolution, share: float) -> None:
    """Plan and bound lie around the known value, no further from it than a share of it."""
    assert found.status in (Status.OPTIMAL, Status.WITHIN_GAP)
    known = instance.known
    assert known.value is not None
    value, bound = instance.value(found.objective), instance.value(found.bound)
    away = max(share, known.tolerance) * max(1.0, abs(known.value))
    assert value == pytest.approx(known.value, abs=away)
    assert bound == pytest.approx(known.value, abs=away)
    assert found.objective <= found.bound


@pytest.mark.parametrize("way", ["auto", BENDERS])
@pytest.mark.parametrize("label", SMALL)
def test_the_engine_proves_the_known_value(
    label: str, way: str, registry: dict[str, Instance]
) -> None:
    """Law: a published optimum is found and proven, by the way that suits and part by part."""
    settings = SolveSettings(gap=1e-6, time_limit=120.0, strategy=way)
    instance = registry[label]
    hold(instance, solve_staged(instance.load(), settings), 1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("label", "known", "share"),
    [
        ("siplib-sslp/sslp_5_25_100", -127.37, 1e-4),
        ("siplib-dcap/dcap243_200", 2322.49, 1e-3),
    ],
)
def test_whole_numbers_in_scenarios_are_proven_too(
    label: str, known: float, share: float, registry: dict[str, Instance]
) -> None:
    """Law: SIPLIB's values are found and proven where recourse has whole numbers."""
    instance = registry[label]
    assert instance.known.value == pytest.approx(known)
    settings = SolveSettings(gap=0.5 * share, time_limit=300.0)
    hold(instance, solve_staged(instance.load(), settings), share)
