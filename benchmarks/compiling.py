"""What is compiled when it is first called, called before a clock starts.

The compiled code is kept on disk, so this costs half a minute once on a machine, and a second in
each process after that. It belongs to no instance: whichever came first would look slow.
"""

from __future__ import annotations

import numpy as np

from benchmarks.footprint import source
from benchmarks.footprint.staged import staged_firm
from benchmarks.instances.facility import Sites, staged_sites
from replant.solve import SolveSettings, solve_staged
from replant.solve.bunching import COMPILED

__all__ = ["compile_first"]

_ROUGH = 0.2


def compile_first() -> None:
    """Solve a small problem by each way that is compiled, where numba is installed."""
    if not COMPILED:
        return
    solve_staged(staged_sites(_sites(4, 9), single_source=True), SolveSettings())
    if not source.is_there():
        return
    firm = source.firm("tiny")
    for scenarios in (source.base(firm), source.scenarios(firm, 4)):
        rough = SolveSettings(gap=_ROUGH, strategy="Benders")
        solve_staged(staged_firm(firm, scenarios), rough)


def _sites(sites: int, customers: int) -> Sites:
    """Return some facility location with room for all, single-source."""
    numbers = np.random.default_rng(1)
    demand = numbers.integers(5, 35, customers).astype(float)
    return Sites(
        capacity=np.full(sites, 2.0 * demand.sum() / sites),
        fixed=numbers.integers(100, 300, sites).astype(float),
        demand=demand,
        cost=numbers.integers(1, 100, (sites, customers)).astype(float),
    )
