"""Scope: in which scenario something is declared, and on whose behalf."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from replant.errors import DuplicateLabel, ScenarioMismatch, UnknownLabel
from replant.kernel.dimension import near_misses
from replant.kernel.labels import EVERY_SCENARIO

__all__ = ["Scope"]


class Scope:
    """The scenarios of a problem, the one that is open, and who declares in it.

    Parameters
    ----------
    scenarios : sequence of (str, float)
        Names and probabilities.

    Raises
    ------
    ScenarioMismatch
        If probabilities are negative or do not sum to 1 within 1e-12.
    DuplicateLabel
        If a scenario is named twice.
    """

    def __init__(self, scenarios: Sequence[tuple[str, float]]) -> None:
        self.scenarios = tuple((name, float(share)) for name, share in scenarios)
        self._names = {name: number for number, (name, _) in enumerate(self.scenarios)}
        _check_scenarios(self.scenarios)
        self._scenario: int | None = 0 if len(self.scenarios) == 1 else None
        self._owner = ""

    @contextmanager
    def scenario(self, name: str) -> Iterator[None]:
        """Within it, everything declared goes to this scenario's block.

        Raises
        ------
        UnknownLabel
            If there is no such scenario.
        """
        if name not in self._names:
            message = f"there is no scenario {name!r}{near_misses(name, self._names)}"
            raise UnknownLabel(message)
        before, self._scenario = self._scenario, self._names[name]
        try:
            yield
        finally:
            self._scenario = before

    @contextmanager
    def owner(self, name: str) -> Iterator[None]:
        """Within it, everything declared is this owner's (a module's name)."""
        before, self._owner = self._owner, name
        try:
            yield
        finally:
            self._owner = before

    @property
    def _here_or_everywhere(self) -> int:
        """Number of the open scenario; EVERY_SCENARIO if none is."""
        return EVERY_SCENARIO if self._scenario is None else self._scenario

    def _here(self, what: str) -> int:
        """Return the number of the open scenario, or raise ScenarioMismatch if none is."""
        if self._scenario is None:
            message = f"{what} belongs to one scenario: declare it within problem.scenario(name)"
            raise ScenarioMismatch(message)
        return self._scenario

    def _place(self, scenario: int) -> str:
        """Return in words where something was declared; empty where there is one place only."""
        alone = len(self.scenarios) == 1 or scenario == EVERY_SCENARIO
        return "" if alone else f" in scenario {self.scenarios[scenario][0]!r}"


def _check_scenarios(scenarios: Sequence[tuple[str, float]]) -> None:
    names = [name for name, _ in scenarios]
    if len(set(names)) < len(names):
        raise DuplicateLabel(f"a scenario is named twice: {', '.join(names)}")
    total = math.fsum(share for _, share in scenarios)
    if abs(total - 1.0) > 1e-12 or any(share < 0.0 for _, share in scenarios):
        listed = ", ".join(f"{name} {share}" for name, share in scenarios)
        raise ScenarioMismatch(f"probabilities must be at least 0 and sum to 1; got {listed}")
