"""``replant plan``: the comparators, the best plan, its verification, its report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from replant.analysis import why_infeasible
from replant.case import Case
from replant.cli.asked import Asked, how_to_solve, solve_settings
from replant.cli.cautions import cautions
from replant.cli.goal import goal_content, goal_line, keeping, parse_goal, reached
from replant.cli.keeping import Keeper, kept_start, learnt_in, say
from replant.cli.progress import Teller
from replant.cli.reading import assembled, read_case
from replant.cli.results import results_folder
from replant.cli.solving import solved
from replant.cli.stages import Stages
from replant.cli.stopping import INTERRUPTED
from replant.cli.whatif import what_if_of
from replant.cli.writing import FILE, lost, tried, whole_or_said, write_plans, write_rest
from replant.errors import Infeasible, KernelError, ModuleError, NoPlan, UsageError
from replant.kernel import Program
from replant.plan import Planned, assemble, comparator_choices
from replant.plan.goal import Goal, Reached
from replant.report import (
    Report,
    build_report,
    summary,
    verdict_lines,
)
from replant.rules.liquidity import SHORTFALL_PENALTY
from replant.solve import SolveSettings, Status

__all__ = ["plan_command"]

Many = list[str] | None
Values = NDArray[np.float64]


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
    goal: Annotated[
        str | None,
        typer.Option(
            help="Go first for this row, then for value: 'jobs_at_work[kanagawa,FY2032]'."
        ),
    ] = None,
    allow_shortfall: Annotated[
        bool,
        typer.Option(
            "--allow-shortfall",
            help="Let cash fall below its floor, and limits and covenants be missed, and say so.",
        ),
    ] = False,
    gap: Annotated[
        float | None, typer.Option(help="Share of |value - doing nothing| that is good enough.")
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option(help="Seconds for the best plan; the best so far is kept.")
    ] = None,
    threads: Annotated[int, typer.Option(help="Threads of the solver.")] = 1,
    way: Annotated[
        str, typer.Option(help="How to solve: auto, whole, guided, Benders or SCIP.")
    ] = "auto",
    processes: Annotated[
        int, typer.Option(help="Processes that share the scenarios, where there are many.")
    ] = 1,
    cluster: Annotated[
        str, typer.Option(help="Address of a dask scheduler whose workers share them instead.")
    ] = "",
    comparators: Annotated[
        bool, typer.Option(help="Also work out the plans it is compared with.")
    ] = True,
    report: Annotated[bool, typer.Option(help="Write report.html.")] = True,
    resume: Annotated[
        bool, typer.Option(help="Go on from what an earlier run left in --out.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a summary as json.")] = False,
) -> None:
    """Plan a case: what closes when, what is sold, which deals are taken, at which cash."""
    asked = Asked.of(force, forbid, limit, set_, allow_shortfall=allow_shortfall)
    aim = None if goal is None else parse_goal(goal)
    if aim is not None and allow_shortfall:
        raise UsageError(
            "--goal and --allow-shortfall exclude each other: a goal would take cash without end; "
            "bound the line with --limit instead"
        )
    with Stages() as stages:
        stages.at("reading the case")
        read = read_case(case, asked.sets, as_json=as_json)
        settings = replace(
            solve_settings(read, gap, time_limit, threads), **how_to_solve(way, processes, cluster)
        )
        _keep_apart(case, out)
        stages.at("building rows and columns")
        program = _program(read, asked, as_json=as_json)
        for each in cautions(read):
            typer.echo(str(each), err=True)
        start = _keeper(out, read, asked, program).start() if resume else None
        gone = None
        if aim is not None:
            gone = _toward(read, asked, program, aim, replace(settings, start=start), stages,
                           as_json=as_json)  # fmt: skip
            asked, start = keeping(asked, gone), gone.values
            program = _program(read, asked, as_json=as_json)
        keeper = _keeper(out, read, asked, program)
        with results_folder(out):
            others = _comparators(read, settings, stages) if comparators else {}
            settings = replace(settings, saving=learnt_in(out, resume=resume), on_word=say)
            try:
                best = _best(read, asked, settings, others, program, keeper, start, stages)
            except Infeasible:
                stages.at("finding out which rules clash")
                _say_why(read, asked, program, stages, as_json=as_json)
                raise typer.Exit(1) from None
            stages.at("writing the plan")
            trouble = tried(lambda: write_plans(best, others, asked, out))
            written = out / FILE if trouble is None else None
            if written is not None:
                stages.tell(f"the plan is in {written}; what is said of it follows")
            stages.at("working out what the plan rests on")
            with whole_or_said(written):
                told = build_report(
                    best, others, what_if=what_if_of(case, asked.choices, asked.sets)
                )
                stages.at("writing tables and report" if report else "writing tables")
                trouble = trouble or tried(
                    lambda: write_rest(best, others, out, told if report else None)
                )
            if trouble is not None:
                lost(trouble, told, written, keeper, as_json=as_json)
    _say(best, told, out, gone, report=report, as_json=as_json)
    if not best.verification.ok:
        for line in best.verification.sentences():
            typer.echo(line, err=True)
        raise typer.Exit(1)
    if best.solution.status is Status.INTERRUPTED:
        raise typer.Exit(INTERRUPTED)


def _keep_apart(case: Path, out: Path) -> None:
    """Refuse to write results among the tables of the case itself."""
    if out.resolve() in (case.resolve(), case.resolve() / "tables"):
        raise UsageError(f"{out} holds the case itself: give another folder with --out")


def _keeper(out: Path, case: Case, asked: Asked, program: Program) -> Keeper:
    return Keeper(out, case.fingerprint, program, allow_shortfall=asked.allow_shortfall)


def _program(case: Case, asked: Asked, *, as_json: bool) -> Program:
    """Return what is to be solved, once the case and all that was asked of it are sound."""
    try:
        program = assembled(case, asked.choices, as_json=as_json)
    except (KernelError, ModuleError):
        asked.check_lines(case, assemble(case, replace(asked.choices, limits=())))
        raise
    asked.check_lines(case, program)
    return program


def _toward(
    case: Case,
    asked: Asked,
    program: Program,
    aim: Goal,
    settings: SolveSettings,
    stages: Stages,
    *,
    as_json: bool,
) -> Reached:
    """Return how far the goal can go, or say which rules clash and leave with exit code 1."""
    try:
        return reached(case, program, aim, settings, stages)
    except Infeasible:
        stages.at("finding out which rules clash")
        _say_why(case, asked, program, stages, as_json=as_json)
        raise typer.Exit(1) from None


def _comparators(case: Case, settings: SolveSettings, stages: Stages) -> dict[str, Planned]:
    """Work out the plans of table ``plans`` that the best one is compared with."""
    found: dict[str, Planned] = {}
    settings = _for_what_falls_short(settings)
    for row in case.rows("plans"):
        if row.kind not in ("do_nothing", "announced"):
            continue
        stages.at(f"{row.name}: building rows and columns")
        with Teller(row.name, settings, stages, falls_short=True) as telling:
            try:
                choices = comparator_choices(case, row.id)
                found[row.id] = solved(case, choices, telling.settings, last=False)
            except (Infeasible, NoPlan) as why:
                typer.echo(f"{row.name}: {why.message}; it is left out", err=True)
            except KeyboardInterrupt:
                stages.tell("there is no plan yet: --no-comparators begins with the best one")
                raise
    return found


def _for_what_falls_short(settings: SolveSettings) -> SolveSettings:
    """Return a finer gap: what is short counts tenfold in the goal, and so would a share of it."""
    return replace(settings, gap=settings.gap / SHORTFALL_PENALTY)


def _best(
    case: Case,
    asked: Asked,
    settings: SolveSettings,
    others: Mapping[str, Planned],
    program: Program,
    keeper: Keeper,
    start: Values | None,
    stages: Stages,
) -> Planned:
    short = asked.allow_shortfall
    settings = _for_what_falls_short(settings) if short else settings
    if start is None:
        start = kept_start(program, others.values(), allow_shortfall=short)
    with Teller("best plan", settings, stages, falls_short=short) as telling:
        how = telling.with_(baseline=_baseline(case, others), start=start, on_plan=keeper.keep)
        try:
            return solved(case, asked.choices, how, program)
        except KeyboardInterrupt:
            if keeper.path.exists():
                stages.tell(f"the best plan so far is in {keeper.path}: --resume goes on from it")
            raise


def _baseline(case: Case, others: Mapping[str, Planned]) -> float | None:
    for name, plan in others.items():
        if case.row("plans", name).kind == "do_nothing":
            return plan.value
    return None


def _say_why(case: Case, asked: Asked, program: Program, stages: Stages, *, as_json: bool) -> None:
    """Print the smallest set of rules that clash, and the least that would have to give."""
    why = why_infeasible(case, asked.choices, program, tell=stages.tell)
    if as_json:
        print(json.dumps(why.content(), ensure_ascii=False, indent=1))
        return
    for line in why.lines():
        typer.echo(line, err=True)
    if why.could_be_missed and not asked.allow_shortfall:
        typer.echo(
            "To see a plan all the same: --allow-shortfall lets cash fall below its floor, and "
            "limits and covenants be missed, and says from when and by how much.",
            err=True,
        )


def _say(
    best: Planned, told: Report, out: Path, gone: Reached | None, *, report: bool, as_json: bool
) -> None:
    if as_json:
        goal = {} if gone is None else {"goal": goal_content(gone)}
        print(json.dumps({**summary(told), **goal}, ensure_ascii=False, indent=1))
    else:
        for line in verdict_lines(told):
            print(line)
        if gone is not None:
            print(goal_line(gone))
        print(f"Written to {out}: plan.json, tables/" + (", report.html" if report else ""))
    ended = {
        Status.TIME_LIMIT: "Time ran out",
        Status.INTERRUPTED: "Stopped as asked",
        Status.NOT_PROVEN: "This way of solving proves no more",
    }
    if best.solution.status in ended:
        money = best.case.settings.units.money
        typer.echo(
            f"{ended[best.solution.status]}: this is the best plan so far, at most {best.gap:,.3f} "
            f"{money} below the best there can be. --resume goes on from it.",
            err=True,
        )
