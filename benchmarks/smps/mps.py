"""The core file: one deterministic problem in MPS, free or fixed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.smps.bounds import Bounds
from benchmarks.smps.lines import Line, Source, fixed

_KINDS = ("N", "E", "L", "G")


@dataclass
class Mps:
    """What an MPS file says, by name and in its order.

    Attributes
    ----------
    objective : str
        Name of the first free row; further free rows are dropped.
    rows : dict of str to str
        Kind of each row in order: N, E, L or G, the free ones too.
    columns : dict of str to bool
        Whether each column in order is a whole number.
    entries : dict of (str, str) to float
        By (column, row), costs too.
    right, ranges : dict of str to float
        By row.
    """

    objective: str = ""
    rows: dict[str, str] = field(default_factory=dict)
    columns: dict[str, bool] = field(default_factory=dict)
    entries: dict[tuple[str, str], float] = field(default_factory=dict)
    right: dict[str, float] = field(default_factory=dict)
    ranges: dict[str, float] = field(default_factory=dict)
    bounds: Bounds = field(default_factory=Bounds)
    right_name: str = ""
    maximise: bool = False

    def limits(self, row: str) -> tuple[float, float]:
        """Return how far a row may lie below and above its right-hand side."""
        kind, span = self.rows[row], self.ranges.get(row)
        if kind == "E":
            if span is None:
                return 0.0, 0.0
            return (0.0, span) if span > 0.0 else (span, 0.0)
        reach = math.inf if span is None else abs(span)
        return (-reach, 0.0) if kind == "L" else (0.0, reach)


def read_mps(path: Path) -> Mps:
    """Return what a core file says.

    Raises
    ------
    BadFile
        With a finding for each line that breaks the format.
    """
    reader = _Reader(Source(path))
    reader.read()
    reader.source.check()
    return reader.mps


class _Reader:
    """Reads section by section."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.mps = Mps()
        self._integer = False
        self._closed: set[str] = set()
        self._last = ""
        self._sections: dict[str, Callable[[Line], None]] = {
            "ROWS": self._row,
            "COLUMNS": self._column,
            "RHS": self._right,
            "RANGES": self._range,
            "BOUNDS": self._bound,
            "OBJSENSE": self._sense,
        }

    def read(self) -> None:
        section: Callable[[Line], None] | None = None
        ended, by_columns = False, self._has_blanks_in_names()
        for line in self.source.lines():
            if ended:
                self.source.complain(line, "text after ENDATA")
                return
            if line.header:
                word = line.fields[0].upper()
                ended = word == "ENDATA"
                section = self._sections.get(word)
                if section is None and not ended and word != "NAME":
                    self.source.complain(line, f"{word!r} is not a section this reader knows")
                if word == "OBJSENSE" and len(line.fields) > 1:
                    self._sense(Line(line.number, False, line.fields[1:], line.text))
            elif section is None:
                self.source.complain(line, "a line outside any section")
            else:
                section(fixed(line) if by_columns else line)
        if not ended:
            self.source.complain(None, "ends without ENDATA")
        if not self.mps.objective:
            self.source.complain(None, "has no free row to be the objective")
        self.mps.bounds.check(self.source, self.mps.columns)

    def _has_blanks_in_names(self) -> bool:
        """Say whether the rows' names hold blanks, so that only columns of text cut them."""
        inside = False
        for line in self.source.lines():
            if line.header:
                inside = line.fields[0].upper() == "ROWS"
            elif inside and len(line.fields) > 2:
                return True
        return False

    def _row(self, line: Line) -> None:
        if len(line.fields) != 2 or line.fields[0].upper() not in _KINDS:
            self.source.complain(line, "a row is a kind (N, E, L or G) and a name")
            return
        kind, name = line.fields[0].upper(), line.fields[1]
        if name in self.mps.rows:
            self.source.complain(line, f"row {name!r} is declared twice")
        if kind == "N" and not self.mps.objective:
            self.mps.objective = name
        self.mps.rows[name] = kind

    def _column(self, line: Line) -> None:
        if len(line.fields) >= 3 and line.fields[1].strip("'").upper() == "MARKER":
            self._marker(line)
            return
        if len(line.fields) not in (3, 5):
            self.source.complain(line, "a column is a name and one or two pairs of row and number")
            return
        name = line.fields[0]
        if name != self._last and name in self.mps.columns:
            self.source.complain(line, f"column {name!r} comes in two places")
        self._last = name
        self.mps.columns.setdefault(name, self._integer)
        for row, text in zip(line.fields[1::2], line.fields[2::2], strict=True):
            if row not in self.mps.rows:
                self.source.complain(line, f"row {row!r} is not declared")
            elif (name, row) in self.mps.entries:
                self.source.complain(line, f"the entry of {name!r} in {row!r} is given twice")
            else:
                self.mps.entries[name, row] = self.source.number(line, text)

    def _marker(self, line: Line) -> None:
        word = line.fields[2].strip("'").upper()
        if word not in ("INTORG", "INTEND"):
            self.source.complain(line, f"marker {word!r} is neither INTORG nor INTEND")
        elif (word == "INTORG") == self._integer:
            self.source.complain(line, f"marker {word} does not follow its counterpart")
        else:
            self._integer = word == "INTORG"

    def _right(self, line: Line) -> None:
        self._numbers_of_rows(line, self.mps.right, "right-hand side", "RHS")

    def _range(self, line: Line) -> None:
        self._numbers_of_rows(line, self.mps.ranges, "range", "RANGES")

    def _numbers_of_rows(
        self, line: Line, numbers: dict[str, float], word: str, section: str
    ) -> None:
        """Read pairs of row and number after the name of the set, which may be left out."""
        pairs = line.fields
        if len(pairs) % 2:
            if section == "RHS":
                self.mps.right_name = self.mps.right_name or pairs[0]
                if pairs[0] != self.mps.right_name:
                    self.source.complain(line, f"a second set of right-hand sides {pairs[0]!r}")
            pairs = pairs[1:]
        if len(pairs) not in (2, 4):
            self.source.complain(line, f"a {word} is one or two pairs of row and number")
            return
        for row, text in zip(pairs[::2], pairs[1::2], strict=True):
            if row not in self.mps.rows:
                self.source.complain(line, f"row {row!r} is not declared")
            else:
                number = self.source.number(line, text)
                # The same number twice contradicts nothing, and public files do it.
                if numbers.setdefault(row, number) != number:
                    self.source.complain(line, f"the {word} of {row!r} is given twice, differently")

    def _bound(self, line: Line) -> None:
        self.mps.bounds.read(self.source, line, self.mps.columns)

    def _sense(self, line: Line) -> None:
        word = line.fields[0].upper()
        if word not in ("MAX", "MAXIMIZE", "MAXIMISE", "MIN", "MINIMIZE", "MINIMISE"):
            self.source.complain(line, f"{word!r} is neither MIN nor MAX")
        self.mps.maximise = word.startswith("MAX")
