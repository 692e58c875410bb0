"""What a solve is asked for, and what it reports while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["Progress", "SolveSettings"]


@dataclass(frozen=True)
class Progress:
    """One line of progress.

    Parameters
    ----------
    seconds : float
        Since the solve began.
    bound, value : float
        Best proven upper bound and value of the best plan so far; infinite while unknown.
    """

    seconds: float
    bound: float
    value: float


@dataclass(frozen=True)
class SolveSettings:
    """When to stop, and whom to tell.

    Parameters
    ----------
    gap : float
        Share of |value - baseline| (or of |value| without a baseline) at which a plan is good
        enough.
    baseline : float, optional
        Value of doing nothing.
    time_limit : float
        Seconds after which the best plan so far is returned.
    seed : int
        Seed of the solver.
    threads : int
        Threads of the solver; 1 keeps the path of the search the same on every machine.
    strategy : str
        ``auto``, or the name of a way: ``whole``, ``guided``, ``Benders`` or ``SCIP``
        (Benders with a tree of SCIP over whole numbers; needs the extra ``solvers``).
    processes : int
        Processes that share the scenarios of a decomposition; 1 keeps all in this one.
    side_by_side : bool, optional
        Whether the guided way proves in a process of its own while it searches; without a word it
        does so where the problem is large and there is a second core.
    cluster : str
        Address of a dask.distributed scheduler whose workers share them instead; empty for none.
    saving : Path, optional
        File in which a decomposition keeps its cuts (or boxes), bound and best plan, and from
        which it goes on if it is there. The file of a problem that asks for less (no option
        forced, a limit fewer) serves a decomposition by cuts too: what was proven of all plans
        holds for some of them. Every way keeps its bound beside it, in a file that ends in
        ``.bound.npz``.
    on_word : callable, optional
        Called with a sentence where what `saving` asks for cannot be had and the solve goes on
        without: a file of another problem, which is put aside, or one that cannot be written.
        Without it, the first is a SolverError and the second a warning.
    start : ndarray, optional
        A plan to begin from, shape (columns,).
    on_progress : callable, optional
        Called with each line of progress.
    on_plan : callable, optional
        Called with (value, bound, column values) whenever a better plan is found.
    on_bound : callable, optional
        Called with (bound, value) whenever the solver of a whole problem looks up.
    on_stage : callable, optional
        Called with what is being done once the solver has ended, where that may take long: a plan
        with scenarios is rounded to decimals one by one. What it raises ends it.
    ask : callable, optional
        Called once, when the solver of a whole problem begins to branch, for a plan that it may
        not know; returns the plan, shape (columns,), or None.
    on_first : callable, optional
        The same as ``on_plan`` for a problem in two stages: called with (value, bound, first
        stage).
    """

    gap: float = 0.01
    baseline: float | None = None
    time_limit: float = 600.0
    seed: int = 0
    threads: int = 1
    strategy: str = "auto"
    processes: int = 1
    side_by_side: bool | None = None
    cluster: str = ""
    saving: Path | None = None
    on_word: Callable[[str], None] | None = None
    start: NDArray[np.float64] | None = None
    on_progress: Callable[[Progress], None] | None = None
    on_plan: Callable[[float, float, NDArray[np.float64]], None] | None = None
    on_bound: Callable[[float, float], None] | None = None
    on_stage: Callable[[str], None] | None = None
    ask: Callable[[], NDArray[np.float64] | None] | None = None
    on_first: Callable[[float, float, NDArray[np.float64]], None] | None = None

    def allowed(self, value: float) -> float:
        """Return the gap in money at which a plan of some value is good enough."""
        away = value if self.baseline is None else value - self.baseline
        return self.gap * max(abs(away), 1e-6)
