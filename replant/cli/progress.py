"""Progress on standard error: how long, what is found, how far it may be from the best."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from replant.cli.stages import Stages
from replant.solve import Progress, SolveSettings

__all__ = ["Teller"]

_QUIET_SECONDS = 2.0
# Lines that stay come no more often, and no more often with the same figures.
_LINE_SECONDS, _REPEATED = 1.0, 10.0


class Teller:
    """Tells how a solve goes, from its second second on.

    Parameters
    ----------
    name : str
        What is being solved, in words.
    settings : SolveSettings
        The settings to solve with.
    stages : Stages
        Who tells what is done while the solver is silent.
    falls_short : bool
        Whether the plan may miss cash floor and limits: its goal then counts what is missing as
        well, so that value and bound would be no money, and only the gap is told.
    """

    def __init__(
        self, name: str, settings: SolveSettings, stages: Stages, *, falls_short: bool = False
    ) -> None:
        self.name = name
        self._stages, self._falls_short = stages, falls_short
        self.settings = replace(settings, on_progress=self._tell, on_stage=self._at)
        self._live = sys.stderr.isatty()
        self._began = time.monotonic()
        self._told = False
        self._last, self._last_at, self._last_value = "", -math.inf, math.nan

    def __enter__(self) -> Self:
        """Begin to count."""
        self._began = time.monotonic()
        # nobody tells here when the one ends and the other begins, so both are named
        first = "first a bound without whole numbers, then a search for plans"
        self._stages.at(f"{self.name}: solving, {first}")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the line."""
        if self._told and self._live:
            print(file=sys.stderr)

    def with_(
        self,
        *,
        baseline: float | None,
        start: NDArray[np.float64] | None,
        on_plan: Callable[[float, float, NDArray[np.float64]], None],
    ) -> SolveSettings:
        """Return the settings with a baseline, a start and somebody who keeps plans."""
        given: dict[str, Any] = {"baseline": baseline, "start": start, "on_plan": on_plan}
        self.settings = replace(self.settings, **given)
        return self.settings

    def _tell(self, progress: Progress) -> None:
        if time.monotonic() - self._began < _QUIET_SECONDS:
            return
        self._told = True
        figures = self._found(progress)
        found = math.isfinite(progress.value)
        self._stages.at(f"{self.name}: searching {'on' if found else 'for a first plan'}")
        self._stages.heard()
        if not self._live and not self._worth_a_line(progress, figures):
            return
        line = f"{self.name}: {progress.seconds:6.1f} s   {figures}"
        print(line, file=sys.stderr, end="\r" if self._live else "\n", flush=True)

    def _worth_a_line(self, progress: Progress, figures: str) -> bool:
        """Return whether a line that stays says more than the one before it."""
        before, since = self._last, progress.seconds - self._last_at
        same_plan = progress.value == self._last_value
        if same_plan and since < (_REPEATED if figures == before else _LINE_SECONDS):
            return False
        self._last, self._last_at, self._last_value = figures, progress.seconds, progress.value
        return True

    def _at(self, text: str) -> None:
        self._stages.at(f"{self.name}: {text}")

    def _found(self, progress: Progress) -> str:
        gap = self._gap(progress)
        if self._falls_short:
            return f"gap {gap}, with what it falls short counted in"
        return f"bound {_number(progress.bound)}   plan {_number(progress.value)}   gap {gap}"

    def _gap(self, progress: Progress) -> str:
        gap = progress.bound - progress.value
        if not math.isfinite(gap):
            return "unknown"
        baseline = self.settings.baseline
        away = abs(progress.value - baseline) if baseline is not None else abs(progress.value)
        share = f" ({gap / away:.2%})" if away > 1e-9 else ""
        return f"{max(0.0, gap):,.1f}{share}"


def _number(value: float) -> str:
    return f"{value:,.1f}" if math.isfinite(value) else "unknown"
