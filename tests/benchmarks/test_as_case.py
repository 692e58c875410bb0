"""A known optimum goes the planner's whole road: tables, solver, snapping, verification."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.as_case import write_case
from benchmarks.errors import BenchmarkError
from benchmarks.instances.facility import Sites, staged_sites
from benchmarks.instances.facility_files import orlib_sites
from benchmarks.registry import Instance
from benchmarks.whole import solve_whole_of
from replant.case import read
from replant.module import row_classes
from replant.plan import Planned, make_plan
from replant.solve import SolveSettings


def planned(name: str, sites: Sites, folder: Path) -> Planned:
    """Write a case, read it as anyone's, and plan it."""
    write_case(name, sites, folder)
    settings = SolveSettings(gap=1e-7, time_limit=120.0)
    return make_plan(read(folder, row_classes()), settings=settings)


def drawn(seed: int) -> Sites:
    """Return a few sites and customers, with numbers of three digits."""
    random = np.random.default_rng(seed)
    return Sites(
        capacity=random.integers(40, 90, 4).astype(float),
        fixed=random.integers(50, 200, 4).astype(float),
        demand=random.integers(5, 20, 6).astype(float),
        cost=random.integers(10, 120, (4, 6)).astype(float),
    )


@pytest.mark.parametrize("seed", range(2))
def test_the_plan_costs_what_the_instance_costs(seed: int, tmp_path: Path) -> None:
    """Law: the plan of a facility-location case is worth minus the optimum of its instance."""
    sites = drawn(seed)
    optimum = solve_whole_of(
        staged_sites(sites, single_source=False), SolveSettings(gap=1e-9, time_limit=30.0)
    )
    plan = planned("drawn", sites, tmp_path)
    assert float(plan.value) == pytest.approx(optimum.objective, rel=1e-9)


@pytest.mark.parametrize(
    "name", ["cap42", "cap102", pytest.param("cap123", marks=pytest.mark.slow)]
)
def test_published_optima_go_the_whole_road(
    name: str, registry: dict[str, Instance], tmp_path: Path
) -> None:
    """Law: planned from tables and verified exactly, OR-Library's sites cost what it publishes."""
    instance = registry[f"cflp-orlib/{name}"]
    plan = planned(name, orlib_sites(instance.files[0]), tmp_path)
    known = instance.known.value
    assert known is not None
    assert float(plan.value) == pytest.approx(-known, rel=1e-8)
    assert plan.solution.bound == pytest.approx(-known, rel=1e-6)


def test_a_customer_without_demand_is_refused(tmp_path: Path) -> None:
    """Law: what has no cost a unit is said, not divided by zero."""
    sites = drawn(0)
    sites.demand[2] = 0.0
    with pytest.raises(BenchmarkError, match="without demand"):
        write_case("drawn", sites, tmp_path)
