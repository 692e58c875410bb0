"""No hindsight: evidence may cite only what could be known on the case's date.

A claim enters if it was known by then. A later report enters only where it restates a period
that was closed by then, or tells a physical or contractual fact that was public then, and says
so. A derived claim is as late as the latest claim it comes from, whenever it was computed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from replant.case.findings import Finding, finding
from replant.case.press import ClaimRow, span_of
from replant.case.table import file_of

Numbered = Mapping[str, tuple[int, ClaimRow]]
"""The claims by id, with their rows in the file."""


def hindsight(cited: Iterable[str], claims: Numbered, as_of: date) -> Iterator[Finding]:
    """Find claims, among those that evidence cites, which may not be used.

    Parameters
    ----------
    cited : iterable of str
        The claims that evidence cites; unknown ones are another check's business.
    claims : mapping of str to (int, ClaimRow)
        All claims.
    as_of : date
        The case's date.
    """
    judge = _Judge(claims, as_of)
    for claim in dict.fromkeys(cited):
        judge.visit(claim)
    yield from judge.findings


@dataclass
class _Judge:
    """Judges claims, each once, those that a claim is derived from before it."""

    claims: Numbered
    as_of: date
    findings: list[Finding] = field(default_factory=list)
    _verdicts: dict[str, bool] = field(default_factory=dict)

    def visit(self, claim: str) -> None:
        """Judge a claim and all it comes from, without recursion: chains may be long."""
        open_: list[str] = [claim]
        on_path: set[str] = set()
        while open_:
            current = open_[-1]
            inputs = self._inputs(current)
            waiting = [each for each in inputs if each not in self._verdicts]
            if current in self._verdicts or not waiting:
                open_.pop()
                on_path.discard(current)
                self._judge(current, inputs)
                continue
            on_path.add(current)
            if waiting[0] in on_path:
                self._refuse(current, "derived-circle", "a claim is not derived from itself")
            else:
                open_.append(waiting[0])

    def _inputs(self, claim: str) -> tuple[str, ...]:
        if claim not in self.claims:
            return ()
        row = self.claims[claim][1]
        return tuple(each for each in row.inputs_among(self._known) if each in self.claims)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.claims)

    def _judge(self, claim: str, inputs: tuple[str, ...]) -> None:
        if claim in self._verdicts or claim not in self.claims:
            return
        if inputs:
            late = [each for each in inputs if not self._verdicts.get(each, True)]
            self._verdicts[claim] = not late
            if late:
                rule = f"all that it comes from may be used, and {', '.join(late)} may not"
                self._refuse(claim, "late-input", rule)
            return
        self._verdicts[claim] = True
        self._judge_date(claim, self.claims[claim][1])

    def _judge_date(self, claim: str, row: ClaimRow) -> None:
        if row.date_of_report and span_of(row.date_of_report) is None:
            rule = "the date is as 2025-07-08, 2025-07, 2025 or 2019-2025, with a note in brackets"
            self._refuse(claim, "claim-date", rule, row.date_of_report)
        elif row.known_on is None:
            self._refuse(claim, "claim-undated", "a claim that is cited has a date")
        elif row.known_from is not None and row.known_from > self.as_of:
            rule = f"it could be known by {self.as_of}"
            self._refuse(claim, "hindsight", rule, str(row.known_from))
        elif row.reported_after(self.as_of):
            self._judge_late(claim, row)

    def _judge_late(self, claim: str, row: ClaimRow) -> None:
        if not row.as_of_reason:
            rule = f"it was reported by {self.as_of}, or has an as_of_reason"
            self._refuse(claim, "hindsight", rule, row.date_of_report)
        elif row.lateness_kind is None:
            rule = (
                "a later report restates a period closed by then, or tells a physical or "
                "contractual fact public then"
            )
            self._refuse(claim, "hindsight-kind", rule, row.as_of_reason)

    def _refuse(self, claim: str, code: str, rule: str, value: str = "") -> None:
        self._verdicts[claim] = False
        column, fix = _MENDS[code]
        number = self.claims[claim][0]
        text = f"claim {claim}: {rule}"
        self.findings.append(
            finding(
                code, file_of(ClaimRow), text, fix, row=number, column=column, value=value or claim
            )
        )


_MENDS = {
    "hindsight": ("date_of_report", "cite an earlier claim, or say in as_of_reason why it counts"),
    "hindsight-kind": ("as_of_reason", "begin the reason with 'restates' or 'a physical fact'"),
    "claim-date": ("date_of_report", "write the date so"),
    "claim-undated": ("date_of_report", "give date_of_report or known_from"),
    "late-input": ("inputs", "derive it from claims that may be used"),
    "derived-circle": ("inputs", "take one of the claims out of the circle"),
}
"""For each code the column to look at and what to do."""
