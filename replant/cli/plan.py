"""``replant plan``: the comparators, the best plan, its verification, its report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from replant.case import Case
from replant.cli.keeping import Keeper, kept_start
from replant.cli.limits import parse_limit
from replant.cli.progress import Teller
from replant.cli.reading import read_case
from replant.errors import Infeasible, NoPlan
from replant.kernel import Program
from replant.plan import Choices, Planned, assemble, comparator_choices, make_plan, write_plan
from replant.report import build_report, render_html, summary, verdict_lines, write_tables
from replant.solve import SolveSettings

__all__ = ["plan_command"]

Many = list[str] | None


def plan_command(
    case: Annotated[Path, typer.Argument(help="The case's folder.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")] = Path("out"),
    force: Annotated[Many, typer.Option("--force", help="Take this option (* allowed).")] = None,
    forbid: Annotated[Many, typer.Option("--forbid", help="Leave this option.")] = None,
    limit: Annotated[
        Many, typer.Option("--limit", help="Bound a row: 'platforms[FY2032]<=10'.")
    ] = None,
    set_: Annotated[
        Many, typer.Option("--set", help="Change a cell: table.id.column=value.")
    ] = None,
    gap: Annotated[
        float | None, typer.Option(help="Share of |value - doing nothing| that is good enough.")
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option(help="Seconds for the best plan; the best so far is kept.")
    ] = None,
    threads: Annotated[int, typer.Option(help="Threads of the solver.")] = 1,
    comparators: Annotated[
        bool, typer.Option(help="Also work out the plans it is compared with.")
    ] = True,
    report: Annotated[bool, typer.Option(help="Write report.html.")] = True,
    resume: Annotated[
        bool, typer.Option(help="Begin from the best plan that an earlier run left in --out.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a summary as json.")] = False,
) -> None:
    """Plan a case: what closes when, what is sold, which deals are taken, at which cash."""
    sets = tuple(set_ or ())
    read = read_case(case, sets, as_json=as_json)
    asked = _Asked(tuple(force or ()), tuple(forbid or ()), tuple(limit or ()), sets)
    settings = SolveSettings(
        gap=float(read.settings.solve.gap) if gap is None else gap,
        time_limit=float(read.settings.solve.time_limit) if time_limit is None else time_limit,
        seed=read.settings.solve.seed,
        threads=threads,
    )
    others = _comparators(read, settings) if comparators else {}
    best = _best(read, asked, settings, others, out, resume=resume)
    _write(best, others, asked, out, report=report)
    told = build_report(best, others)
    if as_json:
        print(json.dumps(summary(told), ensure_ascii=False, indent=1))
    else:
        for line in verdict_lines(told):
            print(line)
        print(f"Written to {out}: plan.json, tables/" + (", report.html" if report else ""))
    if not best.verification.ok:
        for line in best.verification.sentences():
            typer.echo(line, err=True)
        raise typer.Exit(1)


class _Asked:
    """What the command line asked for, as texts and as choices."""

    def __init__(
        self,
        force: tuple[str, ...],
        forbid: tuple[str, ...],
        limits: tuple[str, ...],
        sets: tuple[str, ...],
    ) -> None:
        self.force, self.forbid, self.limits, self.sets = force, forbid, limits, sets
        parsed = tuple(parse_limit(each) for each in limits)
        self.choices = Choices(force=force, forbid=forbid, limits=parsed)


def _comparators(case: Case, settings: SolveSettings) -> dict[str, Planned]:
    """Work out the plans of table ``plans`` that the best one is compared with."""
    found: dict[str, Planned] = {}
    for row in case.rows("plans"):
        if row.kind not in ("do_nothing", "announced"):
            continue
        with Teller(row.name, settings) as telling:
            try:
                found[row.id] = make_plan(case, comparator_choices(case, row.id), telling.settings)
            except (Infeasible, NoPlan) as why:
                typer.echo(f"{row.name}: {why.message}", err=True)
    return found


def _best(
    case: Case,
    asked: _Asked,
    settings: SolveSettings,
    others: dict[str, Planned],
    out: Path,
    *,
    resume: bool,
) -> Planned:
    program = assemble(case, asked.choices)
    baseline = _baseline(case, others)
    keeper = Keeper(out, case.fingerprint, program)
    start = keeper.read() if resume else None
    if start is None:
        start = kept_start(program, others.values())
    with Teller("best plan", settings) as telling:
        try:
            return make_plan(
                case,
                asked.choices,
                telling.with_(baseline=baseline, start=start, on_plan=keeper.keep),
                program,
            )
        except Infeasible:
            _say_why(case, asked.choices, program)
            raise typer.Exit(1) from None
        finally:
            keeper.close()


def _baseline(case: Case, others: dict[str, Planned]) -> float | None:
    for name, plan in others.items():
        if case.row("plans", name).kind == "do_nothing":
            return plan.value
    return None


def _say_why(case: Case, choices: Choices, program: Program) -> None:
    """Print the smallest set of rules that clash, and the least that would have to give."""
    from replant.analysis import why_infeasible

    for line in why_infeasible(case, choices, program).lines():
        typer.echo(line, err=True)


def _write(
    best: Planned, others: dict[str, Planned], asked: _Asked, out: Path, *, report: bool
) -> None:
    document = best.document(
        out, sets=asked.sets, force=asked.force, forbid=asked.forbid, limits=asked.limits
    )
    write_plan(document, out / "plan.json")
    write_tables(best, out / "tables", "plan")
    for name, plan in others.items():
        write_plan(plan.document(out, sets=asked.sets), out / f"{name}.json")
        write_tables(plan, out / "tables", name)
    if report:
        text = render_html(build_report(best, others))
        partial = out / "report.html.partial"
        partial.write_text(text, encoding="utf-8")
        partial.replace(out / "report.html")
