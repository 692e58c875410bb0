"""``replant options``: every option that can be forced or forbidden."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from replant.cli.reading import assembled, read_case
from replant.plan import Choices

__all__ = ["options_command"]


def options_command(
    case: Annotated[Path, typer.Argument(help="The case's folder.")],
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="Change a cell: table.id.column=value.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as json.")] = False,
) -> None:
    """List the options of a case by id, each with what taking it means."""
    read = read_case(case, set_ or (), as_json=as_json)
    program = assembled(read, Choices(), as_json=as_json)
    sentences = {name: program.option_sentences.get(name, "") for name in program.options}
    if as_json:
        print(json.dumps(sentences, ensure_ascii=False, indent=1))
        return
    width = max((len(name) for name in sentences), default=0)
    for name, sentence in sentences.items():
        print(f"{name:<{width}}  {sentence}".rstrip())
