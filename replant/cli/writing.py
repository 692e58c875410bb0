"""Writing what a run found: the plans before all else, then tables and report."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from replant.cli.asked import Asked
from replant.cli.keeping import Keeper
from replant.cli.results import staged
from replant.errors import UsageError
from replant.plan import Planned, write_plan
from replant.report import Report, render_html, summary, verdict_lines, write_tables

__all__ = ["FILE", "lost", "tried", "whole_or_said", "write_plans", "write_rest"]

FILE = "plan.json"


def write_plans(best: Planned, others: Mapping[str, Planned], asked: Asked, out: Path) -> None:
    """Write the plan and what it is compared with, all of them or none.

    They take no time and are what a run is for; all else can be made from them again.
    """
    document = best.document(
        out, sets=asked.sets, force=asked.force, forbid=asked.forbid, limits=asked.limits
    )
    with staged(out) as stage:
        write_plan(document, stage / FILE)
        for name, plan in others.items():
            write_plan(plan.document(out, sets=asked.sets), stage / f"{name}.json")


def write_rest(
    best: Planned, others: Mapping[str, Planned], out: Path, told: Report | None
) -> None:
    """Write the tables and, where one was asked for, the report: all of them, or none."""
    with staged(out) as stage:
        write_tables(best, stage / "tables", "plan")
        for name, plan in others.items():
            write_tables(plan, stage / "tables", name)
        if told is not None:
            (stage / "report.html").write_text(render_html(told), encoding="utf-8")
    if told is None and (out / "report.html").exists():
        print(f"{out / 'report.html'} is of an earlier run.", file=sys.stderr)


def tried(write: Callable[[], None]) -> UsageError | None:
    """Write, and return what was in the way instead of raising it."""
    try:
        write()
    except UsageError as why:
        return why
    return None


@contextmanager
def whole_or_said(plan: Path | None) -> Iterator[None]:
    """Say, to who stops a run after its plan is written, what stands in the folder now."""
    try:
        yield
    except KeyboardInterrupt:
        if plan is not None:
            print(
                f"{plan} is written; tables and report beside it are missing, or of an earlier "
                f"run: `replant report {plan}` makes the report.",
                file=sys.stderr,
            )
        raise


def lost(
    why: UsageError, told: Report, plan: Path | None, keeper: Keeper, *, as_json: bool
) -> NoReturn:
    """Tell what was found though it cannot all be written, and where the plan itself is."""
    print(json.dumps(summary(told), ensure_ascii=False, indent=1) if as_json else "", end="")
    for line in () if as_json else verdict_lines(told):
        print(line)
    where = ""
    if plan is not None:
        where = f"; the plan itself is written, to {plan}"
    elif keeper.path.exists():
        where = f"; the plan is kept in {keeper.path}, and --resume goes on from it"
    raise UsageError(f"{why.message}{where}") from why
