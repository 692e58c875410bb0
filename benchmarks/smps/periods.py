"""The time file: which rows and columns belong to which period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.smps.lines import Line, Source
from benchmarks.smps.mps import Mps


@dataclass(frozen=True)
class Periods:
    """Names of the periods in order, and the period of each row and column, from 0."""

    names: tuple[str, ...]
    rows: dict[str, int]
    columns: dict[str, int]

    def number(self, name: str) -> int | None:
        """Return the number of a period, None for a name nobody declared."""
        return self.names.index(name) if name in self.names else None


def read_periods(path: Path, mps: Mps) -> Periods:
    """Return what a time file says about a core.

    Raises
    ------
    BadFile
        With a finding for each line that breaks the format or does not fit the core.
    """
    source = Source(path)
    section, explicit, ended = "", False, False
    starts: list[tuple[Line, str, str, str]] = []
    given: dict[str, list[tuple[Line, str, str]]] = {"ROWS": [], "COLUMNS": []}
    names: list[str] = []
    for line in source.lines():
        if line.header:
            section = line.fields[0].upper()
            ended = section == "ENDATA"
            if section == "PERIODS":
                explicit = "EXPLICIT" in (word.upper() for word in line.fields[1:])
            elif section not in ("TIME", "NAME", "ROWS", "COLUMNS", "ENDATA"):
                source.complain(line, f"{section!r} is not a section this reader knows")
        elif section == "PERIODS" and explicit:
            names.append(line.fields[-1])
        elif section == "PERIODS" and len(line.fields) == 3:
            starts.append((line, line.fields[0], line.fields[1], line.fields[2]))
        elif section in given and len(line.fields) == 2:
            given[section].append((line, line.fields[0], line.fields[1]))
        else:
            source.complain(line, "a period is its first column, its first row and its name")
    if not ended:
        source.complain(None, "ends without ENDATA")
    source.check()
    found = _explicit(source, mps, names, given) if explicit else _implicit(source, mps, starts)
    source.check()
    return found


def _implicit(source: Source, mps: Mps, starts: Sequence[tuple[Line, str, str, str]]) -> Periods:
    """Cut the core's order at the first column and row of each period."""
    if not starts:
        source.complain(None, "declares no period")
        source.check()
    names = tuple(name for *_, name in starts)
    columns = _cut(source, "column", list(mps.columns), [(line, c) for line, c, _, _ in starts])
    rows = _cut(source, "row", list(mps.rows), [(line, r) for line, _, r, _ in starts])
    return Periods(names, rows, columns)


def _cut(
    source: Source, word: str, names: list[str], starts: Sequence[tuple[Line, str]]
) -> dict[str, int]:
    places = []
    for line, name in starts:
        if name not in names:
            source.complain(line, f"{word} {name!r} is not in the core")
            return {}
        places.append(names.index(name))
        if len(places) > 1 and places[-1] <= places[-2]:
            source.complain(line, f"{word} {name!r} does not come after the period before")
            return {}
    # What stands before the first period can only be a free row, and belongs to the first.
    places[0] = 0
    ends = [*places[1:], len(names)]
    return {
        name: number
        for number, (start, end) in enumerate(zip(places, ends, strict=True))
        for name in names[start:end]
    }


def _explicit(
    source: Source,
    mps: Mps,
    names: Sequence[str],
    given: dict[str, list[tuple[Line, str, str]]],
) -> Periods:
    found: dict[str, dict[str, int]] = {"ROWS": {}, "COLUMNS": {}}
    for section, known in (("ROWS", mps.rows), ("COLUMNS", mps.columns)):
        word = section.lower()[:-1]
        for line, name, period in given[section]:
            if name not in known:
                source.complain(line, f"{word} {name!r} is not in the core")
            elif period not in names:
                source.complain(line, f"period {period!r} is not declared")
            else:
                found[section][name] = names.index(period)
        for name in known:
            if name not in found[section] and mps.rows.get(name) != "N":
                source.complain(None, f"{word} {name!r} has no period")
    return Periods(tuple(names), found["ROWS"], found["COLUMNS"])
