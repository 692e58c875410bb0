"""Periods: without gaps and overlaps, what is over first, and nothing decided too early."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import TypeAlias

from replant.case.checks.loaded import Loaded
from replant.case.findings import Finding, finding
from replant.case.kinds import text_of
from replant.case.periods import PLAN, PeriodRow, add_months
from replant.case.table import file_of

__all__ = ["periods"]

Numbered: TypeAlias = list[tuple[int, PeriodRow]]
"""Periods with the numbers of their rows in the file."""


def periods(loaded: Loaded) -> Iterator[Finding]:
    """Find gaps and overlaps between the periods of each role."""
    if PeriodRow.table in loaded.unread:
        return
    numbered = list(loaded.numbered(PeriodRow))
    table = loaded.tables.get(PeriodRow.table)
    broken = table is not None and len(numbered) < len(table.parsed)
    if not any(row.role == PLAN for _, row in numbered) and not broken:
        rule, fix = "a case has periods to plan", "add rows with the role plan"
        yield finding("no-periods", file_of(PeriodRow), rule, fix)
    for number, row in numbered:
        if row.start.day > 28:
            rule = "a period starts on the 1st to 28th day, so that months end on a clear day"
            yield _period_finding("period-start", rule, "move its start", number, row)
    if broken:
        return  # a missing period would show as a gap that is none
    for role in ("plan", "base", "predict"):
        ordered = sorted(
            ((number, row) for number, row in numbered if row.role == role),
            key=lambda each: each[1].start,
        )
        yield from _sequence(ordered)
    plan = [each for each in numbered if each[1].role == PLAN]
    yield from _over(loaded, plan)
    yield from _decided_early(loaded, plan)


def _decided_early(loaded: Loaded, plan: Numbered) -> Iterator[Finding]:
    """Find periods with decisions that start before the case's date: nobody decides yesterday."""
    if loaded.settings is None:
        return
    day = loaded.settings.as_of
    for number, row in plan:
        if row.decisions and not row.over and row.start < day:
            rule = f"decisions take effect on the case's date, {day}, or after it"
            fix = "set decisions to no: what is decided waits for the next period"
            yield _period_finding("decided-early", rule, fix, number, row)


def _over(loaded: Loaded, plan: Numbered) -> Iterator[Finding]:
    """Find periods marked as over that come after one that is not, or have not ended yet."""
    running = [row.start for _, row in plan if not row.over]
    for number, row in plan:
        end = add_months(row.start, row.months)
        if not row.over:
            continue
        if running and row.start > min(running):
            rule = "no period that is over comes after one that is not"
            yield _period_finding("over-late", rule, "mend the marks", number, row)
        if loaded.settings is not None and end > loaded.settings.as_of + timedelta(days=1):
            rule = f"a period that is over has ended by the case's date, {loaded.settings.as_of}"
            yield _period_finding("over-early", rule, "leave over empty", number, row)


def _period_finding(code: str, rule: str, fix: str, number: int, row: PeriodRow) -> Finding:
    return finding(
        code, file_of(PeriodRow), rule, fix, row=number, column="start", value=text_of(row.start)
    )


def _sequence(ordered: Numbered) -> Iterator[Finding]:
    """Find gaps and overlaps between periods in order, and fiscal years that are interrupted."""
    closed: set[str] = set()
    for (_, before), (number, row) in pairwise(ordered):
        end = add_months(before.start, before.months)
        if row.start != end:
            code = "periods-gap" if row.start > end else "periods-overlap"
            rule = f"the period after {before.id} starts on {end}"
            yield _period_finding(code, rule, "change a start or a length", number, row)
        if row.fiscal_year != before.fiscal_year:
            closed.add(before.fiscal_year)
        if row.fiscal_year in closed:
            rule = f"the periods of fiscal year {row.fiscal_year} follow each other"
            fix = "name the fiscal year of this period anew"
            yield _period_finding("fiscal-year-split", rule, fix, number, row)
