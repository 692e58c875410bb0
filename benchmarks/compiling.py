"""What is compiled when it is first called, called before anything is measured.

The compiled code is kept on disk, so this costs half a minute once on a machine, and two seconds
after that. It belongs to no instance: whichever came first would look slow. It is done in a process
of its own, as it leaves memory behind that is no solver's.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from benchmarks.footprint import source
from benchmarks.footprint.staged import staged_firm
from benchmarks.instances.facility import Sites, staged_sites
from replant.solve import SolveSettings, solve_staged
from replant.solve.bunching import COMPILED

__all__ = ["compile_first"]

ROOT = Path(__file__).resolve().parents[1]
_ROUGH = 0.2


def compile_first() -> None:
    """Compile in another process, where numba is installed; without it nothing is compiled.

    If it fails, whatever is measured compiles for itself.
    """
    if COMPILED:
        command = [sys.executable, "-m", "benchmarks.compiling"]
        subprocess.run(command, cwd=ROOT, capture_output=True, check=False)


def main() -> None:
    """Solve a small problem by each way that is compiled."""
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


if __name__ == "__main__":
    main()
