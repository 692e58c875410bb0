"""Something is to be served from one of several blocks, each with its room and its switch.

A linear program says little of such a problem. Prices of what is to be served say more: at these
each block, for itself, is a knapsack, and what all blocks earn bounds every plan.
"""

from __future__ import annotations

import time

import numpy as np

from replant.solve.assigning.reading import assigning_of
from replant.solve.assigning.search import Search
from replant.solve.assigning.structure import Assigning
from replant.solve.interrupt import catch_interrupt
from replant.solve.settings import SolveSettings
from replant.solve.solution import StagedSolution
from replant.solve.version import solver_version

__all__ = ["ASSIGNED", "Assigning", "assigned", "assigning_of"]

ASSIGNED = "assigned"


def assigned(
    problem: Assigning, settings: SolveSettings, began: float, *, known: float = np.inf
) -> StagedSolution | None:
    """Solve an assignment with switches.

    Parameters
    ----------
    problem : Assigning
        The problem.
    settings : SolveSettings
        When to stop, and whom to tell.
    began : float
        When the time limit began to run, by `time.monotonic`.
    known : float
        What is known of before: no plan is worth more.

    Returns
    -------
    StagedSolution or None
        None if no plan was found to begin with: another way must tell if there is one.
    """
    with catch_interrupt() as interrupted:
        search = Search(problem, settings, began, interrupted, bound=-known)
        if not search.run():
            return None
    return StagedSolution(
        status=search.ending(),
        first=search.plans.first,
        objective=-search.plans.cost,
        bound=-search.bound,
        seconds=time.monotonic() - began,
        rounds=search.nodes,
        way=ASSIGNED,
        solver=solver_version(),
    )
