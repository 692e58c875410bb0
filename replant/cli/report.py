"""``replant report``: the page of a plan, made again from its files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from replant.case import Case
from replant.cli.rebuilding import case_of, plan_file, rebuilt
from replant.cli.results import writable
from replant.cli.verify import verify_document
from replant.cli.whatif import what_if_of
from replant.errors import PlanError
from replant.plan import PlanDocument, Planned
from replant.report import build_report, render_html, summary, verdict_lines

__all__ = ["report_command"]


def report_command(
    plan: Annotated[Path, typer.Argument(help="The plan file, such as out/plan.json.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="The page; report.html beside the plan if not.")
    ] = None,
    case: Annotated[
        Path | None, typer.Option("--case", help="The case's folder, if it has moved.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a summary as json.")] = False,
) -> None:
    """Write the report of a plan from its file and those of the comparators beside it."""
    document = plan_file(plan)
    read = case_of(document, plan, case, as_json=as_json)
    best = _of_file(read, document, plan)
    folder = read.path or plan.parent
    asked = what_if_of(folder, best.choices, document.sets)
    told = build_report(best, _beside(read, document, plan), what_if=asked)
    page = plan.parent / "report.html" if out is None else out
    partial = page.with_name(f".{page.name}.partial")
    with writable(page):
        page.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(render_html(told), encoding="utf-8")
        partial.replace(page)
    if as_json:
        print(json.dumps(summary(told), ensure_ascii=False, indent=1))
    else:
        for line in verdict_lines(told):
            print(line)
        print(f"Written to {page}")
    if not best.verification.ok:
        for line in best.verification.sentences():
            typer.echo(line, err=True)
        raise typer.Exit(1)


def _of_file(case: Case, document: PlanDocument, path: Path) -> Planned:
    return rebuilt(case, document, path, verify_document(case, document, path))


def _beside(case: Case, document: PlanDocument, path: Path) -> dict[str, Planned]:
    """Return the comparators of the same case whose files lie beside a plan's."""
    found = {}
    for row in case.rows("plans"):
        file = path.parent / f"{row.id}.json"
        if row.id == document.plan or not file.is_file() or file == path:
            continue
        try:
            other = plan_file(file)
            if other.fingerprint == document.fingerprint and other.plan == row.id:
                found[row.id] = _of_file(case, other, file)
        except PlanError as why:
            typer.echo(f"{row.name} is left out: {why.message}", err=True)
    return found
