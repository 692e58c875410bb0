"""The lines of a file of the MPS kind: section headers, data lines cut into fields, findings."""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.errors import BadFile, Finding, NoInstances

# The columns of a fixed-form file: type, name, name, number, name, number.
_FIXED = ((1, 3), (4, 12), (14, 22), (24, 36), (39, 47), (49, 61))


@dataclass(frozen=True)
class Line:
    """One line that says something: a section header, or the fields of a data line."""

    number: int
    header: bool
    fields: tuple[str, ...]
    text: str


@dataclass
class Source:
    """A file read so far, and what was found wrong in it."""

    path: Path
    findings: list[Finding] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.path.name

    def complain(self, line: Line | None, text: str) -> None:
        """Note that something is wrong."""
        self.findings.append(Finding(self.name, line.number if line else 0, text))

    def check(self) -> None:
        """Raise what was noted, if anything was."""
        if self.findings:
            raise BadFile(self.findings)

    def number(self, line: Line, text: str) -> float:
        """Return a number; note it and return zero if it is none."""
        try:
            number = float(text.replace("D", "E").replace("d", "e"))
        except ValueError:
            number = math.nan
        if math.isnan(number):
            self.complain(line, f"{text!r} is not a number")
            return 0.0
        return number

    def lines(self) -> Iterator[Line]:
        """Return the lines, without comments and blank ones."""
        for number, raw in enumerate(text_of(self.path).splitlines(), start=1):
            if raw.startswith("*") or not raw.strip():
                continue
            fields = tuple(raw.split())
            yield Line(number, not raw[0].isspace(), fields, raw)


def text_of(path: Path) -> str:
    """Return the text of a file, compressed or not.

    Raises
    ------
    NoInstances
        If it cannot be read.
    """
    try:
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
    except (OSError, EOFError) as error:
        raise NoInstances(f"{path} cannot be read: {error}") from None
    # Authors' names in comments come in several encodings; names and numbers are ASCII.
    # An old mark of the end of a file may follow the last line.
    return data.decode("latin-1").rstrip().removesuffix("\x1a")


def fixed(line: Line) -> Line:
    """Return a data line cut by columns, for names that hold blanks."""
    text = line.text.expandtabs()
    parts = (text[start:end].strip() for start, end in _FIXED)
    fields = tuple(part for part in parts if part)
    return Line(line.number, line.header, fields, line.text)
