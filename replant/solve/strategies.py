"""One call for every way of solving."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Protocol

from replant.errors import SolverError
from replant.kernel import Program
from replant.solve.algebra import one_thread
from replant.solve.by_scenario import solve_by_scenario
from replant.solve.choosing import BENDERS, SCIP, WHOLE
from replant.solve.guided import solve_guided
from replant.solve.keeping.proven import proven_of_program
from replant.solve.leading import leading
from replant.solve.settings import SolveSettings
from replant.solve.solution import Solution
from replant.solve.whole import solve_whole

__all__ = ["scenario_by_scenario", "solve"]

# With fewer leading choices than this the solver needs no help.
_MANY = 400
# With so many scenarios one problem is too large, and each is solved for itself; where the solver
# needs help already with one, with so few.
_SCENARIOS, _FEW = 20, 4


@one_thread()
def solve(program: Program, settings: SolveSettings | None = None) -> Solution:
    """Solve a program by the way that suits it.

    Few whole numbers are left to the solver, many get a search for a good plan first, and many
    scenarios are solved each for itself.

    Parameters
    ----------
    program : Program
        What to maximise.
    settings : SolveSettings, optional
        When to stop, and whom to tell; ``strategy`` names a way instead of ``auto``.

    Raises
    ------
    SolverError
        If the way named does not exist, or what it needs is not installed.
    """
    chosen = settings or SolveSettings()
    way = _way(program, chosen)
    proven = proven_of_program(program, chosen)
    if proven is None:
        return way(program, chosen, known=math.inf)
    # A decomposition completes each plan that it is to tell of, and keeps its own.
    watched = proven.watched(plans=way is not solve_by_scenario)
    before = proven.bound
    found = way(program, watched, known=before)
    if proven.denied(found.objective, before):
        found = way(program, replace(watched, start=found.values), known=math.inf)
    proven.note(found.bound, found.values, now=True)
    return found


def scenario_by_scenario(program: Program, settings: SolveSettings) -> bool:
    """Return whether a program would be solved scenario by scenario.

    Parameters
    ----------
    program : Program
        The program.
    settings : SolveSettings
        The way that is asked for.
    """
    return _way(program, settings) is solve_by_scenario


def _way(program: Program, settings: SolveSettings) -> Way:
    name = settings.strategy
    if name == "auto":
        name = _suiting(program)
    if name not in _WAYS:
        known = ", ".join(sorted(_WAYS))
        raise SolverError(f"there is no way {settings.strategy!r} to solve: auto, {known}")
    return _WAYS[name]


def _suiting(program: Program) -> str:
    linked = program.linking_rows.start < program.linking_rows.stop
    many = bool(leading(program).sum() >= _MANY)
    if len(program.blocks) >= (_FEW if many else _SCENARIOS) and not linked:
        return BENDERS
    return GUIDED if many else WHOLE


class Way(Protocol):
    """A way of solving."""

    def __call__(self, program: Program, settings: SolveSettings, *, known: float) -> Solution:
        """Solve a program, of which it is known that no plan is worth more than this."""
        ...


GUIDED = "guided"
_WAYS: dict[str, Way] = {
    WHOLE: solve_whole,
    GUIDED: solve_guided,
    BENDERS: solve_by_scenario,
    SCIP: solve_by_scenario,
}
