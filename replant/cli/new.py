"""``replant new``: a folder with every table empty, to be filled."""

from __future__ import annotations

import json
import re
import shlex
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from replant.case import CORE, write_templates
from replant.case.columns import columns_of
from replant.case.kinds import text_of
from replant.case.table import file_of
from replant.cli.results import writable
from replant.errors import UsageError
from replant.module import row_classes

__all__ = ["new_command"]

_NEEDED = ("periods", "valuation", "opening", "liquidity", "countries", "plants", "models")


def new_command(
    folder: Annotated[Path, typer.Argument(help="The new case's folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the files as json.")] = False,
) -> None:
    """Begin a case: case.toml, a README that explains every column, and empty tables."""
    with writable(folder, "name a folder where you may write"):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError(f"{folder} is there already: name a new folder")
        folder.mkdir(parents=True, exist_ok=True)
        classes = (*CORE, *row_classes())
        (folder / "case.toml").write_text(_settings(folder), encoding="utf-8")
        (folder / "README.md").write_text(_readme(), encoding="utf-8")
        write_templates(classes, folder)
    files = sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*.*"))
    if as_json:
        print(json.dumps({"folder": str(folder), "files": files}, ensure_ascii=False, indent=1))
        return
    print(f"{folder}: case.toml, README.md and {len(files) - 2} empty tables.")
    print(f"Fill them as README.md says, then: replant check {shlex.quote(str(folder))}")


def _settings(folder: Path) -> str:
    title = folder.resolve().name
    return f"""\
title = {json.dumps(title, ensure_ascii=False)}
# The day on which the plan is made: nothing known later may enter.
as_of = {date.today().isoformat()}
home_currency = "JPY"

# What the numbers count, in words for people.
[units]
currency = "JPY"
money = "¥bn"
unit_value = "¥m"
volume = "thousand units"
pay = "¥m a person a year"

[accounting]
regime = [{{ standard = "JGAAP", from = "2000-01-01" }}]

[solve]
gap = 0.01
time_limit = 600
"""


def _readme() -> str:
    """Return what every table and column means, as Markdown."""
    classes = sorted((*CORE, *row_classes()), key=lambda each: file_of(each))
    lines = [
        "# A case",
        "",
        "Fill the tables that apply and delete the others: a table without rows takes no part.",
        f"A plan needs at least {', '.join(f'`{name}`' for name in _NEEDED)}.",
        "A column whose cells all have their default may be left out.",
        "",
        "    replant check .     what is wrong, and how to mend it",
        "    replant options .   what can be forced or forbidden",
        "    replant plan .      the best plan, into the folder out",
        "",
    ]
    for each in classes:
        first = re.split(r"\n\s*\n", each.__doc__ or "")[0]
        lines += [f"## {file_of(each)}", "", " ".join(first.split()), ""]
        lines += ["| column | kind | default | meaning |", "|---|---|---|---|"]
        for column in columns_of(each).values():
            default = "" if column.required else text_of(column.default)
            kind = " or ".join(column.choices) if column.choices else column.kind
            lines.append(f"| {column.name} | {kind} | {default} | {column.meaning} |")
        lines.append("")
    return "\n".join(lines)
