"""What the command line asks for: checked before anything is read or solved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from replant.case import Case
from replant.cli.examining import fault_of_line
from replant.cli.limits import parse_limit
from replant.errors import UsageError
from replant.kernel import Program
from replant.plan import Choices, Limit
from replant.solve import SolveSettings

__all__ = ["Asked", "how_to_solve", "solve_settings"]

_MOST_THREADS = 256
_WAYS = ("auto", "whole", "guided", "Benders", "SCIP")
_LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Asked:
    """What is forced, forbidden, bounded, changed and allowed, as it was given."""

    force: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    allow_shortfall: bool = False

    @staticmethod
    def of(
        force: Sequence[str] | None,
        forbid: Sequence[str] | None,
        limits: Sequence[str] | None,
        sets: Sequence[str] | None,
        *,
        allow_shortfall: bool = False,
    ) -> Asked:
        """Return what was asked.

        Raises
        ------
        UsageError
            If a text is none, a limit cannot be read, or an option is both forced and forbidden.
        """
        asked = Asked(
            force=tuple(force or ()),
            forbid=tuple(forbid or ()),
            limits=tuple(limits or ()),
            sets=tuple(sets or ()),
            allow_shortfall=allow_shortfall,
        )
        for text in (*asked.force, *asked.forbid, *asked.limits, *asked.sets):
            _check_text(text)
        both = sorted(set(asked.force) & set(asked.forbid))
        if both:
            raise UsageError(f"{both[0]!r} is both forced and forbidden: drop one of the two")
        _ = asked.parsed
        return asked

    @cached_property
    def parsed(self) -> tuple[Limit, ...]:
        """The limits."""
        return tuple(parse_limit(each) for each in self.limits)

    @cached_property
    def choices(self) -> Choices:
        """What a program is assembled with."""
        return Choices(
            force=self.force,
            forbid=self.forbid,
            limits=self.parsed,
            allow_shortfall=self.allow_shortfall,
        )

    def check_lines(self, case: Case, program: Program) -> None:
        """Refuse limits on lines that the plan does not have.

        Raises
        ------
        UsageError
            If there is one.
        """
        for text, limit in zip(self.limits, self.parsed, strict=True):
            fault = fault_of_line(case, program, limit.stream, limit.labels)
            if fault is not None:
                _, value, rule, fix = fault
                raise UsageError(f"--limit {text}: {rule}, not {value!r}; {fix}")


def solve_settings(
    case: Case, gap: float | None, time_limit: float | None, threads: int
) -> SolveSettings:
    """Return how to solve: what the command says, else what the case says.

    Raises
    ------
    UsageError
        If a number is outside its range.
    """
    own = case.settings.solve
    wanted = float(own.gap) if gap is None else gap
    seconds = float(own.time_limit) if time_limit is None else time_limit
    _in_range("--gap" if gap is not None else "case.toml: solve.gap", wanted, 0.0, 1.0)
    _in_range("--time-limit", seconds, 0.0, math.inf, above=True)
    _in_range("--threads", threads, 1, _MOST_THREADS)
    _in_range("case.toml: solve.seed", own.seed, 0, _LARGEST_SEED)
    return SolveSettings(gap=wanted, time_limit=seconds, seed=own.seed, threads=threads)


def how_to_solve(way: str, processes: int, cluster: str) -> dict[str, Any]:
    """Return the solve settings that say how, checked.

    Raises
    ------
    UsageError
        If there is no such way, or a number is outside its range.
    """
    known = {each.lower(): each for each in _WAYS}
    if way.lower() not in known:
        raise UsageError(f"--way is one of {', '.join(_WAYS)}, not {way!r}")
    _in_range("--processes", processes, 1, _MOST_THREADS)
    return {"strategy": known[way.lower()], "processes": processes, "cluster": cluster}


def _in_range(name: str, value: float, least: float, most: float, *, above: bool = False) -> None:
    if math.isnan(value) or not least <= value <= most or (above and value == least):
        begins = f"above {least:g}" if above else f"from {least:g}"
        ends = "" if math.isinf(most) else f" to {most:g}"
        raise UsageError(f"{name} is a number {begins}{ends}, not {value:g}")


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UsageError(f"{text!r} is no text: write it as UTF-8") from None
