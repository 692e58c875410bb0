"""Bounds of columns in MPS: a kind, perhaps the name of the set, a column, a number."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.smps.lines import Line, Source

# What MPS files write for no bound.
_INFINITE = 1e30
_WITH_NUMBER = ("UP", "LO", "FX", "UI", "LI")
_WITHOUT = ("FR", "MI", "PL", "BV")


@dataclass
class Bounds:
    """Bounds given so far; a column without any is at least zero."""

    lower: dict[str, float] = field(default_factory=dict)
    upper: dict[str, float] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)

    def read(self, source: Source, line: Line, columns: Mapping[str, bool]) -> None:
        """Read a line of the section."""
        kind = line.fields[0].upper()
        if kind not in (*_WITH_NUMBER, *_WITHOUT):
            source.complain(line, f"{kind!r} is not a kind of bound this reader knows")
            return
        found = _name_and_number(kind, line.fields[1:], columns)
        if found is None:
            source.complain(line, "a bound is a kind, a column and, if it has one, a number")
            return
        name, text = found
        if name not in columns:
            source.complain(line, f"column {name!r} is not declared")
            return
        self._set(kind, name, source.number(line, text) if text else 0.0)

    def _set(self, kind: str, name: str, number: float) -> None:
        if abs(number) >= _INFINITE:
            number = math.copysign(math.inf, number)
        if kind in ("UI", "LI", "BV"):
            self.whole.add(name)
        if kind in ("UP", "UI", "FX"):
            self.upper[name] = number
        if kind in ("LO", "LI", "FX"):
            self.lower[name] = number
        if kind in ("FR", "MI"):
            self.lower[name] = -math.inf
        if kind in ("FR", "PL"):
            self.upper[name] = math.inf
        if kind == "BV":
            self.lower[name], self.upper[name] = 0.0, 1.0

    def of(self, name: str) -> tuple[float, float]:
        """Return the bounds of a column."""
        return self.lower.get(name, 0.0), self.upper.get(name, math.inf)

    def check(self, source: Source, columns: Mapping[str, bool]) -> None:
        """Note bounds that cross; a negative upper one needs its lower one said."""
        for name in columns:
            lower, upper = self.of(name)
            if lower > upper:
                hint = "" if name in self.lower else " (give its lower bound)"
                source.complain(None, f"column {name!r} lies between {lower:g} and {upper:g}{hint}")


def _name_and_number(
    kind: str, rest: tuple[str, ...], columns: Mapping[str, bool]
) -> tuple[str, str] | None:
    """Return the column and its number; which fields they are depends on the set's name."""
    if kind in _WITH_NUMBER:
        if len(rest) not in (2, 3):
            return None
        return rest[-2], rest[-1]
    if len(rest) == 1 or (len(rest) == 2 and rest[0] in columns and rest[1] not in columns):
        return rest[0], ""
    return (rest[1], "") if len(rest) in (2, 3) else None
