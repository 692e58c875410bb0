"""Search for good plans: most choices held as they are, one neighbourhood after another let go.

Every step is a small problem of its own, limited by nodes and not by seconds, and what is let go
is drawn from a seeded generator: as long as time does not run out, the same program takes the
same steps everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from replant.kernel import Program
from replant.solve.fixing import fixed_at
from replant.solve.leading import leading, neighbourhoods
from replant.solve.settings import SolveSettings
from replant.solve.solution import Solution
from replant.solve.whole import solve_whole

__all__ = ["Search"]

Floats = NDArray[np.float64]

# The first plan may be any; one near the relaxed one is worth some nodes; a step may open some;
# the rest of a plan is solved well.
_NEAR = {"mip_max_nodes": 50}
_FIRST = {"mip_max_improving_sols": 1, "mip_max_nodes": 50}
_STEP = {"mip_max_nodes": 30, "mip_heuristic_effort": 0.02}
_REST = {"mip_max_nodes": 200}
# A step lets go of about so many columns, from at most so many neighbourhoods.
_COLUMNS, _GROUPS = 160, 4
# How many steps without a better plan end the search, and how many steps it takes at most.
_PATIENCE, _STEPS = 3, 60
# Shares of the allowed gap: to which the plan near the relaxed one is solved, to which a step is,
# and by which a plan must be better.
_ROUGH, _EXACT, _BETTER = 0.4, 0.1, 0.02
# How near to a whole number counts as one.
_WHOLE = 1e-6


@dataclass(eq=False)
class Search:
    """One search for plans.

    Parameters
    ----------
    program : Program
        What to maximise.
    settings : SolveSettings
        Gap and baseline, seed, the plan to start from.
    left : callable
        Returns the seconds that are left: none once a person asked to stop.
    relaxed : ndarray
        The best values with no column whole, shape (columns,).
    found : callable
        Called with (value, column values) of each better plan.
    """

    program: Program
    settings: SolveSettings
    left: Callable[[], float]
    relaxed: Floats
    found: Callable[[float, Floats], None]
    value: float = -np.inf
    values: Floats | None = None
    _estimate: float = -np.inf
    _outline: Floats | None = None
    _leads: NDArray[np.bool_] = field(init=False)
    _groups: list[NDArray[np.intp]] = field(init=False)
    _tries: Floats = field(init=False)

    def __post_init__(self) -> None:
        self._leads = leading(self.program)
        self._groups = neighbourhoods(self.program, self._leads)
        self._tries = np.zeros(len(self._groups))

    def begin(self, value: float, values: Floats) -> None:
        """Take a plan to search around, already as good as what it holds allows."""
        self.value, self.values = value, values
        self._outline, self._estimate = values, value

    def run(self, enough: Callable[[float], bool]) -> None:
        """Search until a value is enough, no step helps any more, or time runs out.

        Parameters
        ----------
        enough : callable
            Whether a plan of some value needs no better.
        """
        if self.values is None:
            self._begin()
        if self.values is None:
            return
        idle = 0
        for step in self._steps():
            if enough(self.value) or idle == _PATIENCE or self._over():
                return
            idle = 0 if self._take(step) else idle + 1
            if not idle:
                self._tries[:] = 0.0

    def _over(self) -> bool:
        return self.left() <= 0

    # -- plans -------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Find a first plan: the one given, then one near the relaxed one, or else any."""
        if self.settings.start is not None:
            # Held where it is, a column that is now forced or forbidden would be neither.
            columns = self.program.columns
            self._complete(np.clip(self.settings.start, columns.lower, columns.upper))
        if not self._over():
            self._near()
        if self.values is None and not self._over():
            self._keep(self._solve(self.program, None, _FIRST, _EXACT))

    def _near(self) -> None:
        """Hold the leading choices on which the relaxed plan is of one mind; decide the others."""
        whole = np.abs(self.relaxed - np.round(self.relaxed)) <= _WHOLE
        part = fixed_at(self._eased(), np.round(self.relaxed), self._leads & whole)
        sketch = self._solve(part, None, _NEAR, _ROUGH)
        if sketch.values is not None and not self._over():
            self._complete(sketch.values)

    def _eased(self) -> Program:
        """Return the program in which only what leads is a whole number."""
        return replace(self.program, columns=replace(self.program.columns, integer=self._leads))

    def _complete(self, outline: Floats) -> bool:
        """Hold what leads, solve the rest; return whether the plan is better than the best."""
        held = fixed_at(self.program, np.round(outline), self._leads)
        better = self._keep(self._solve(held, None, _REST, _EXACT))
        if better:
            self._outline, self._estimate = outline, -np.inf
        return better

    def _keep(self, solution: Solution) -> bool:
        if solution.values is None or solution.objective <= self.value + 1e-9:
            return False
        self.value, self.values = solution.objective, solution.values
        self._outline, self._estimate = solution.values, solution.objective
        self.found(self.value, self.values)
        return True

    # -- steps -------------------------------------------------------------------------------

    def _steps(self) -> Iterator[NDArray[np.intp]]:
        """Draw what to let go: where plan and relaxed plan differ, and what was tried least."""
        groups = self._groups
        draw = np.random.default_rng(self.settings.seed)
        for _ in range(_STEPS if groups else 0):
            assert self.values is not None
            apart = np.abs(self.values - self.relaxed)
            weight = np.array([apart[group].sum() + 0.1 for group in groups])
            chosen: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
            for _ in range(_GROUPS):
                odds = weight / (1.0 + self._tries) ** 2
                pick = int(draw.choice(len(groups), p=odds / odds.sum()))
                self._tries[pick] += 1.0
                chosen = np.union1d(chosen, groups[pick])
                if len(chosen) >= _COLUMNS:
                    break
            yield chosen

    def _take(self, free: NDArray[np.intp]) -> bool:
        """Let some columns go, and what follows be no whole number; return if a plan improves."""
        assert self._outline is not None
        held = self._leads.copy()
        held[free] = False
        part = fixed_at(self._eased(), np.round(self._outline), held)
        sketch = self._solve(part, self._outline, _STEP, _EXACT)
        if sketch.values is None or self._over():
            return False
        margin = _BETTER * self.settings.allowed(self.value)
        if sketch.objective <= max(self.value, self._estimate) + margin:
            return False
        better = self._complete(sketch.values)
        self._outline = sketch.values if better else self._outline
        self._estimate = max(self._estimate, sketch.objective)
        return better

    def _solve(
        self, part: Program, start: Floats | None, effort: Mapping[str, float], share: float
    ) -> Solution:
        settings = SolveSettings(
            gap=self.settings.gap * share,
            baseline=self.settings.baseline,
            time_limit=self.left(),
            seed=self.settings.seed,
            threads=self.settings.threads,
            start=start,
        )
        return solve_whole(part, settings, effort)
