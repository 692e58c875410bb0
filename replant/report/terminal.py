"""The report in a terminal: verdict, cash trough, actions, then short tables; plain text."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence

from replant.report.data import PlanView, Report
from replant.report.plants import spells
from replant.report.words import Wording, people, percent, plain

__all__ = ["verdict_lines"]


def verdict_lines(report: Report, width: int | None = None) -> list[str]:
    """Return the report as lines of text.

    Parameters
    ----------
    report : Report
        The report.
    width : int, optional
        Columns to fill; the terminal's own by default, at most 100.
    """
    columns = width or min(100, shutil.get_terminal_size((100, 24)).columns)
    return list(_Page(report, columns).lines())


class _Page:
    """Lays a report out as text."""

    def __init__(self, report: Report, width: int) -> None:
        self.report, self.width = report, max(40, width)
        self.money = Wording(report.head.money)

    def lines(self) -> Iterator[str]:
        yield from self._filled(self.report.headline)
        if self.report.what_if:
            yield from self._filled(f"What if: {'; '.join(self.report.what_if)}.")
        yield ""
        for sentence in self.report.verdict:
            yield from self._filled(sentence)
        yield from self._steps()
        yield from self._doubts()
        yield ""
        for sentence in self.report.proof:
            yield from self._filled(sentence)
        yield from self._cash()
        yield from self._scenarios()
        yield from self._actions()
        yield from self._plans()
        yield from self._plants()
        yield from self._jobs()

    def _filled(self, text: str, first: str = "", later: str = "") -> list[str]:
        return textwrap.wrap(
            text, self.width, initial_indent=first, subsequent_indent=later or first
        )

    def _title(self, text: str) -> Iterator[str]:
        yield ""
        yield text
        yield "-" * len(text)

    def _cash(self) -> Iterator[str]:
        """Draw the path of cash above its floor, a bar a time; the least of all scenarios."""
        plan = self.report.best
        points = [
            min(at, key=lambda point: point.headroom)
            for at in zip(*(cash.points for _, cash in plan.paths.each), strict=True)
        ]
        what = "Cash and undrawn credit lines" if plan.has_lines else "Cash"
        least = ", least of the scenarios" if plan.leaves else ""
        yield from self._title(f"{what} above the floor{least}, {self.report.head.money}")
        label = max(len(point.time) for point in points)
        most = max(max(abs(point.headroom) for point in points), 1e-9)
        room = max(8, self.width - label - 26)
        lowest = plan.tightest
        for point in points:
            bar = ("#" if point.headroom >= 0 else "!") * round(room * abs(point.headroom) / most)
            mark = "  < lowest" if point is lowest.point else ""
            yield f"{point.time:<{label}} {plain(point.headroom):>11}  {bar}{mark}".rstrip()
        if plan.cash.lines_note:
            yield from self._filled(f"{plan.cash.lines_note}.")

    def _steps(self) -> Iterator[str]:
        """Tell what is done, a line for each kind of deed."""
        if not self.report.steps:
            return
        yield from self._title("In short")
        for title, text in self.report.steps:
            yield from self._filled(f"{title}: {text}.", "- ", "  ")

    def _doubts(self) -> Iterator[str]:
        """Tell what speaks against it."""
        if not self.report.doubts:
            return
        yield from self._title("What speaks against it")
        for doubt in self.report.doubts:
            yield from self._filled(doubt, "- ", "  ")

    def _scenarios(self) -> Iterator[str]:
        """Tell each scenario in a line: how likely, worth what, how close to the floor."""
        plan = self.report.best
        if not plan.leaves:
            return
        yield from self._title("The plan in each scenario")
        jobs = bool(plan.sites)
        header = ("scenario", "probability", f"value, {self.report.head.money}", "least headroom",
                  "when", *(["jobs"] if jobs else []))  # fmt: skip
        rows = [
            (
                leaf.name,
                percent(leaf.probability),
                plain(leaf.value),
                plain(leaf.cash.lowest.headroom),
                leaf.cash.lowest.time,
                *([people(leaf.jobs)] if jobs else []),
            )
            for leaf in plan.leaves
        ]
        yield from self._table(header, rows)

    def _actions(self) -> Iterator[str]:
        yield from self._title("What to do, one by one")
        for action in self.report.best.actions:
            if action.recommended:
                yield from self._filled(action.text, "- ", "  ")

    def _plans(self) -> Iterator[str]:
        if not self.report.others:
            return
        yield from self._title("The plans side by side")
        value = "expected value" if self.report.best.leaves else "value"
        header = ("plan", f"{value}, {self.report.head.money}", "least headroom", "when", "plants")
        yield from self._table(header, [self._plan(plan) for plan in self.report.plans])

    def _plan(self, plan: PlanView) -> tuple[str, ...]:
        lowest = plan.tightest.point
        return (
            plan.name,
            plain(plan.value),
            plain(lowest.headroom),
            lowest.time,
            str(plan.running),
        )

    def _plants(self) -> Iterator[str]:
        yield from self._title("Plants")
        times = [time.id for time in self.report.periods]
        for plant in self.report.best.plants:
            if plant.states:
                told = ", ".join(
                    f"{state.replace('_', ' ')} {times[first]}"
                    + (f" to {times[last]}" if last != first else "")
                    for state, first, last in spells(plant.states)
                )
                yield from self._filled(f"{plant.name}: {told}", "", "  ")

    def _jobs(self) -> Iterator[str]:
        sites = self.report.best.sites
        if not sites:
            return
        yield from self._title("Jobs by site")
        header = (
            "site",
            "today",
            "resign",
            "offer",
            "dismissed",
            "partner",
            "moved",
            "hired",
            "end",
            "idle",
        )
        rows = [
            (
                site.name,
                *(people(n) for n in (
                    site.opening, site.attrition, site.voluntary, site.dismissed, site.taken_over,
                    site.moved_in - site.moved_out, site.hired, site.closing,
                    site.idle,
                )),
            )
            for site in sites
        ]  # fmt: skip
        yield from self._table(header, rows)

    def _table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
        widths = [max(len(str(row[k])) for row in (header, *rows)) for k in range(len(header))]
        spare = self.width - sum(widths[1:]) - 2 * (len(widths) - 1)
        widths[0] = max(8, min(widths[0], spare))
        for row in (header, *rows):
            first = _cut(str(row[0]), widths[0])
            cells = [f"{cell:>{size}}" for cell, size in zip(row[1:], widths[1:], strict=True)]
            yield "  ".join([f"{first:<{widths[0]}}", *cells]).rstrip()


def _cut(name: str, width: int) -> str:
    """Return a name that fits, cut in the middle: long names often differ only at their ends."""
    if len(name) <= width:
        return name
    start = (width - 1) // 2
    return f"{name[:start].rstrip()}…{name[start + 1 - width :].lstrip()}"
