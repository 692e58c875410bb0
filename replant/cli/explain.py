"""``replant explain``: what a plan does, sentence by sentence, with what each rests on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any

import typer

from replant.case import Case, audit
from replant.case.near import suggestion
from replant.cli.rebuilding import case_of, plan_file, rebuilt
from replant.cli.verify import verify_document
from replant.cli.whatif import what_if_of
from replant.errors import UsageError
from replant.module import Sentence
from replant.units import Cell

__all__ = ["explain_command"]


def explain_command(
    plan: Annotated[Path, typer.Argument(help="The plan file, such as out/plan.json.")],
    subject: Annotated[
        str, typer.Argument(help="Only this, such as plant.oppama, oppama or 'plant.*'.")
    ] = "*",
    case: Annotated[
        Path | None, typer.Option("--case", help="The case's folder, if it has moved.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as json.")] = False,
) -> None:
    """Say what a plan does, with the cells behind each sentence and what these rest on."""
    document = plan_file(plan)
    read = case_of(document, plan, case, as_json=as_json)
    whole = rebuilt(read, document, plan, verify_document(read, document, plan))
    chosen = _about(subject, whole.sentences())
    grounds = _Grounds(read)
    if as_json:
        content = [_content(each, grounds) for each in chosen]
        print(json.dumps(content, ensure_ascii=False, indent=1))
        return
    asked = what_if_of(read.path or plan.parent, whole.choices, document.sets)
    if asked:
        print(f"What if: {'; '.join(asked)}.")
    for each in chosen:
        print(f"{each.period or 'throughout'}  {each.text}  [{each.option or each.subject}]")
        for line in grounds.lines(each):
            print(f"    {line}")


def _about(subject: str, told: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences about a subject: its name, its id alone, an option, or a pattern."""
    found = [each for each in told if any(fnmatchcase(name, subject) for name in _names(each))]
    if not found and subject != "*":
        known = list(dict.fromkeys(each.subject for each in told))
        fix = suggestion(subject, known, f"it speaks of {', '.join(known) or 'nothing'}")
        raise UsageError(f"the plan says nothing of {subject!r}; {fix}")
    return found


def _names(sentence: Sentence) -> tuple[str, ...]:
    return sentence.subject, sentence.subject.partition(".")[2], sentence.option


class _Grounds:
    """What the cells of a case rest on.

    Parameters
    ----------
    case : Case
        The case.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self._bases = {each.cell: each.basis for each in audit(case).supports}
        self._leaves = {row.id: case.in_scenario(row.id) for row in case.leaves}

    def lines(self, sentence: Sentence) -> Iterator[str]:
        """Yield a line for each cell behind a sentence, then one for each claim of it."""
        for cell in sorted(sentence.cells):
            told = self.content(cell)
            unit = f" {told['unit']}" if told["unit"] else ""
            reason = f": {told['reason']}" if told["reason"] else ""
            print_value = f" = {told['value']}{unit}" if told["value"] else ""
            print_value += "".join(
                f", {value}{unit} in the scenario {name}"
                for name, value in told.get("scenarios", {}).items()
            )
            yield f"{cell}{print_value} ({told['basis']}{reason})"
            for claim in told["claims"]:
                grade = f", grade {claim['grade']}" if claim["grade"] else ""
                yield f"    {claim['id']}: {claim['statement']} ({claim['source']}{grade})"

    def content(self, cell: Cell) -> dict[str, Any]:
        """Return a cell's value and what it rests on, as plain values."""
        row = self.case.evidence.of(cell)
        known = self.case.claims
        value = _value(self.case, cell)
        others = {name: _value(leaf, cell) for name, leaf in self._leaves.items()}
        changed = {name: other for name, other in others.items() if other != value}
        return {
            "cell": str(cell),
            "value": value,
            **({"scenarios": changed} if changed else {}),
            "unit": self._unit(cell),
            "basis": self._bases.get(cell, "structure"),
            "reason": row.reason if row else "",
            "claims": [self._claim(name) for name in (row.claims if row else ()) if name in known],
        }

    def _claim(self, name: str) -> dict[str, str]:
        row = self.case.claims[name]
        source = self.case.sources.get(row.source_id)
        told = ", ".join(filter(None, (source.publisher, source.title))) if source else ""
        return {
            "id": name,
            "statement": row.statement,
            "grade": row.grade,
            "status": row.status,
            "source": told or row.source_id,
            "url": source.url if source else "",
        }

    def _unit(self, cell: Cell) -> str:
        if cell.table not in self.case.row_classes:
            return ""
        label = self.case.unit_label(cell.table, cell.column)
        return "" if label in ("number", "share", "whole", "text", "id") else label


def _value(case: Case, cell: Cell) -> str:
    """Return what a cell holds, as it is written."""
    table = case.tables.get(cell.table)
    if table is None:
        return ""
    for place in table.by_id.get(cell.id, ()):
        if not cell.period or table.addresses[place][1] == cell.period:
            return table.texts(cell.column)[place]
    return ""


def _content(sentence: Sentence, grounds: _Grounds) -> dict[str, Any]:
    scenarios = {"scenarios": list(sentence.scenarios)} if sentence.scenarios else {}
    return {
        "text": sentence.text,
        "subject": sentence.subject,
        "option": sentence.option,
        "period": sentence.period,
        "until": sentence.until,
        **scenarios,
        "cells": [grounds.content(cell) for cell in sorted(sentence.cells)],
    }
