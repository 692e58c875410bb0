"""What only shows once a case is put together: unknown options and lines, rules that refuse it.

Tables that are clean one by one may still name options or lines that no plan has, or give a rule
what it cannot work with. Such faults come out as findings too, all in one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from replant.case import Case, Finding, Findings
from replant.case.findings import finding
from replant.case.near import suggestion
from replant.cli.cautions import cautions
from replant.cli.contradictions import contradictions
from replant.errors import CaseError, ReplantError
from replant.kernel import Problem, Program
from replant.ledger import CORE_STREAMS
from replant.module import Builder, Module, discover
from replant.plan import assemble
from replant.plan.assemble import applying
from replant.rules.limits import known_labels

__all__ = ["examine", "fault_of_line", "table_faults"]

# Tables that name options and lines: they are held against a program that is built without them.
_NAMING = ("relations", "limits", "options")
# Names of files among the results that are no comparator's.
_TAKEN = ("plan", "incumbent")


def examine(case: Case) -> Findings:
    """Return what stops a readable case from being planned; solve nothing.

    Parameters
    ----------
    case : Case
        A case whose tables are clean.
    """
    bare = _bare(case)
    try:
        program = assemble(bare, modules=_modules(bare))
    except ReplantError as why:
        found = [*_refusals(bare)] or [*_as_findings(case, why)]
        return Findings([*dict.fromkeys(found), *contradictions(case), *_plan_names(case)])
    return Findings([*table_faults(case, program), *contradictions(case), *cautions(case)])


def _bare(case: Case) -> Case:
    """Return a case without the tables that name options and lines, and what changes these."""
    tables = {name: each for name, each in case.tables.items() if name not in _NAMING}
    changes = tables.get("scenario_changes")
    if changes is not None:
        kept = [None if _names(row) else row for row in changes.parsed]
        tables["scenario_changes"] = replace(changes, parsed=tuple(kept))
    return replace(case, tables=tables)


def _names(change: Any) -> bool:
    return change is not None and change.changed_table in _NAMING


def table_faults(case: Case, program: Program) -> list[Finding]:
    """Return the rows of a case that name what its program does not have.

    Parameters
    ----------
    case : Case
        The case.
    program : Program
        An assembled program of it.
    """
    return [
        *_unknown_options(case, program),
        *_unknown_lines(case, program),
        *_plan_names(case),
    ]


def fault_of_line(
    case: Case, program: Program, stream: str, labels: tuple[str, ...]
) -> tuple[str, str, str, str] | None:
    """Return column, value, rule and fix of a line that no plan has; None if it has the line."""
    streams = program.streams
    if stream not in streams:
        fix = suggestion(stream, streams.names, f"use one of {', '.join(streams.names)}")
        return "stream", stream, "a limit bounds a line of the plan", fix
    names = streams.dimension_names(stream)
    given = ";".join(labels)
    if len(names) != len(labels):
        wanted = ", ".join(names) or "no label"
        return "labels", given, f"{stream} has {wanted}", f"give {len(names)} label(s), in order"
    scenario = program.blocks[0].name
    for place, (name, label) in enumerate(zip(names, labels, strict=True)):
        known = known_labels(program, case, scenario, stream, place, name)
        if label not in known:
            listed = f"use one of {', '.join(known[:12])}" if known else "nothing moves it"
            return "labels", label, f"{stream} has this {name}", suggestion(label, known, listed)
    return None


def _modules(case: Case) -> tuple[Module, ...]:
    """Return the modules that apply, and the rule of limits, which declares lines of its own."""
    own = tuple(each for each in discover() if each.name == "limits")
    return tuple(dict.fromkeys((*applying(case), *own)))


# -- tables that name options and lines ----------------------------------------------------------


def _numbered(case: Case, table: str) -> Iterator[tuple[str, int, Any]]:
    """Yield file, row number and row of a table."""
    if table in case.tables:
        sheet = case.tables[table].sheet
        for number, row in zip(sheet.numbers, case.tables[table].rows, strict=True):
            yield sheet.file, number, row


def _unknown_options(case: Case, program: Program) -> Iterator[Finding]:
    named: Iterable[tuple[str, str, Any]] = (
        ("relations", "options", lambda row: row.options),
        ("options", "option", lambda row: (row.option,)),
        ("plan_options", "option", lambda row: (row.option,)),
    )
    for table, column, of in named:
        for file, number, row in _numbered(case, table):
            for option in of(row):
                pattern = table != "relations"
                if not _is_known(option, program, pattern=pattern):
                    fix = suggestion(option, program.options, "`replant options` lists them all")
                    rule = "an option is one of this case"
                    yield finding(
                        "unknown-option", file, rule, fix, row=number, column=column, value=option
                    )


def _is_known(option: str, program: Program, *, pattern: bool) -> bool:
    if not pattern:
        return option in program.options
    return any(fnmatchcase(each, option) for each in program.options)


def _unknown_lines(case: Case, program: Program) -> Iterator[Finding]:
    for table in ("limits", "plan_bounds"):
        for file, number, row in _numbered(case, table):
            fault = fault_of_line(case, program, row.stream, row.labels)
            if fault is not None:
                column, value, rule, fix = fault
                yield finding(
                    "unknown-line", file, rule, fix, row=number, column=column, value=value
                )


def _plan_names(case: Case) -> Iterator[Finding]:
    for file, number, row in _numbered(case, "plans"):
        if row.id in _TAKEN or (row.id == "best" and row.kind != "best"):
            rule = "plan, incumbent and best are names of the best plan's files"
            yield finding(
                "plan-name", file, rule, "give it another id", row=number, column="id", value=row.id
            )
    best = [(file, number, row) for file, number, row in _numbered(case, "plans")
            if row.kind == "best"]  # fmt: skip
    for file, number, row in best[1:]:
        rule = f"one plan is the best, and {best[0][2].id} is of that kind already"
        fix = "make it announced, do_nothing or another kind, or drop it"
        yield finding("plan-name", file, rule, fix, row=number, column="kind", value=row.id)


# -- rules that refuse the case ------------------------------------------------------------------


def _refusals(case: Case) -> Iterator[Finding]:
    """Let every module build and yield what each refuses, so that no fault hides another."""
    scenarios = [(each.id, float(each.probability)) for each in case.leaves]
    problem = Problem(scenarios or [("base", 1.0)])
    for stream in CORE_STREAMS:
        problem.declare_stream(stream.name, stream.labels, stream.unit)
    for name, _ in scenarios or [("base", 1.0)]:
        try:
            seen = case.in_scenario(name) if scenarios else case
        except CaseError as why:
            yield from _as_findings(case, why)
            continue
        with problem.scenario(name):
            for module in discover():
                try:
                    if module.applies(seen):
                        with problem.owner(module.name):
                            module.build(seen, Builder(problem, seen, module.name))
                except ReplantError as why:
                    yield from _as_findings(case, why)
    if not case.has("valuation"):
        rule = "a case says what a plan is worth"
        yield finding("model", "tables/valuation.csv", rule, "add the table with one row")


def _as_findings(case: Case, why: ReplantError) -> Iterator[Finding]:
    if isinstance(why, CaseError) and why.findings:
        yield from (each for each in why.findings if isinstance(each, Finding))
        return
    file, row, column = _place(case, why.message)
    rule, fix = _rule_and_fix(why.message)
    yield finding("model", file, rule, fix, row=row, column=column)


def _rule_and_fix(message: str) -> tuple[str, str]:
    """Part a message at its last colon or semicolon: what comes after says what to do."""
    for mark in ("; ", ": "):
        rule, found, fix = message.rpartition(mark)
        if found:
            return rule, fix
    return message, "mend it there"


_NAME = re.compile(r"\b([a-z_]+)\.([^\s'\",;:]+)")
_TABLE = re.compile(r"\btable ([a-z_]+)")


def _place(case: Case, message: str) -> tuple[str, int | None, str]:
    """Return file, row and column that a message speaks of, as far as it names them."""
    for table, rest in _NAME.findall(message):
        if table in case.tables:
            return _cell(case, table, rest)
    for table in _TABLE.findall(message):
        if table in case.tables:
            sheet = case.tables[table].sheet
            words = re.findall(r"[a-z_]+", message)
            named = [each for each in words if each in sheet.columns and each != table]
            only = sheet.numbers[0] if len(sheet.numbers) == 1 else None
            return sheet.file, only, named[0] if named else ""
        if table in case.row_classes:
            return f"tables/{table}.csv", None, ""
    return "", None, ""


def _cell(case: Case, table: str, rest: str) -> tuple[str, int | None, str]:
    found = case.tables[table]
    keys = [(key, number) for key, number in zip(found.by_id, _first_rows(found), strict=True)]
    begun = [each for each in keys if re.match(rf"{re.escape(each[0])}(?![\w/+-])", rest)]
    if not begun:
        return found.sheet.file, None, ""
    key, number = max(begun, key=lambda each: len(each[0]))
    column = rest[len(key) :].rpartition(".")[2].rstrip(".")
    return found.sheet.file, number, column if column in found.sheet.columns else ""


def _first_rows(table: Any) -> list[int]:
    return [table.sheet.numbers[places[0]] for places in table.by_id.values()]
