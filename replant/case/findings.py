"""Findings: what is wrong in a case, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, overload

from replant.case.codes import CODES, Severity
from replant.errors import CaseError, EvidenceError, HindsightError

if TYPE_CHECKING:
    import pandas as pd

MAXIMUM_SHOWN = 120
"""A longer value is cut in a finding: a whole file may sit in one cell."""

_RANK: dict[Severity, int] = {"error": 0, "warning": 1, "info": 2}
_SUMMARY_LINES = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or worth knowing, in a case.

    Parameters
    ----------
    code : str
        What kind of thing; the page on bad input explains each.
    severity : {"error", "warning", "info"}
        An error stops the reading.
    file : str
        The file inside the case, or ``--set``.
    row : int or None
        The row as a spreadsheet counts, the heading being row 1.
    column : str
        The heading, or empty.
    value : str
        What was met.
    rule : str
        What was expected.
    fix : str
        What to write instead.
    """

    code: str
    severity: Severity
    file: str
    row: int | None
    column: str
    value: str
    rule: str
    fix: str

    def __str__(self) -> str:
        """Return the finding as one line."""
        where = self.file if self.row is None else f"{self.file} row {self.row}"
        column = f" column {self.column}" if self.column else ""
        value = f" ({self.value!r})" if self.value else ""
        place = f"{where}{column}: " if where or column else ""
        return f"{place}{self.rule}{value}; {self.fix} [{self.code}]"


def finding(
    code: str,
    file: str,
    rule: str,
    fix: str,
    *,
    row: int | None = None,
    column: str = "",
    value: str = "",
) -> Finding:
    """Return a finding with the severity that its code has."""
    shown = value if len(value) <= MAXIMUM_SHOWN else f"{value[:MAXIMUM_SHOWN]}…"
    return Finding(code, CODES[code].severity, file, row, column, shown, rule, fix)


class Findings(Sequence[Finding]):
    """All findings of one reading, errors first."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._findings = tuple(sorted(findings, key=lambda each: _RANK[each.severity]))

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Findings: ...
    def __getitem__(self, index: int | slice) -> Finding | Findings:
        """Return one finding, or some of them."""
        if isinstance(index, slice):
            return Findings(self._findings[index])
        return self._findings[index]

    def __len__(self) -> int:
        """Return how many findings there are."""
        return len(self._findings)

    def __iter__(self) -> Iterator[Finding]:
        """Go through the findings."""
        return iter(self._findings)

    def __repr__(self) -> str:
        """Return one line a finding."""
        return "\n".join(str(each) for each in self._findings) or "no findings"

    @property
    def errors(self) -> Findings:
        """The findings that stop the reading."""
        return Findings(each for each in self._findings if each.severity == "error")

    @property
    def ok(self) -> bool:
        """Whether the case can be read: no finding is an error."""
        return not self.errors

    @property
    def codes(self) -> frozenset[str]:
        """The codes that occur."""
        return frozenset(each.code for each in self._findings)

    def frame(self) -> pd.DataFrame:
        """Return the findings as a table, one row a finding."""
        import pandas as pd  # a second to load, and seldom asked for

        names = [field.name for field in fields(Finding)]
        frame = pd.DataFrame([asdict(each) for each in self._findings], columns=names)
        return frame.astype({"row": "Int64"})

    def raise_errors(self, name: str) -> None:
        """Raise what stops the reading.

        Parameters
        ----------
        name : str
            The case, for the message.

        Raises
        ------
        CaseError
            With all findings; ``HindsightError`` or ``EvidenceError`` if all errors are so.
        """
        errors = self.errors
        if not errors:
            return
        raise _error_class(errors)(_summary(name, errors), self._findings)


def _error_class(errors: Findings) -> type[CaseError]:
    topics = {CODES[each.code].topic for each in errors}
    if topics == {"hindsight"}:
        return HindsightError
    return EvidenceError if topics == {"evidence"} else CaseError


def _summary(name: str, errors: Findings) -> str:
    count = "one error" if len(errors) == 1 else f"{len(errors)} errors"
    shown = [str(each) for each in errors[:_SUMMARY_LINES]]
    more = len(errors) - len(shown)
    rest = [f"and {more} more"] if more else []
    return "\n  ".join([f"{name} has {count}", *shown, *rest])
