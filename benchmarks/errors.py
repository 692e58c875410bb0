"""What can be wrong with instances, said in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from replant.errors import ReplantError


@dataclass(frozen=True)
class Finding:
    """One thing wrong in a file."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{place}: {self.text}"


class BenchmarkError(ReplantError):
    """The benchmarks cannot be run as asked."""

    code: ClassVar[str] = "B100"


class NoInstances(BenchmarkError):
    """The folder of instances, or one of its files, is not there."""

    code: ClassVar[str] = "B101"


class BadFile(BenchmarkError):
    """A file breaks its format; ``findings`` say where."""

    code: ClassVar[str] = "B102"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        shown = "; ".join(str(each) for each in self.findings[:3])
        more = len(self.findings) - 3
        super().__init__(shown + (f"; and {more} more" if more > 0 else ""))


class TooManyOutcomes(BenchmarkError):
    """The product of independent outcomes is beyond what can be listed."""

    code: ClassVar[str] = "B103"
