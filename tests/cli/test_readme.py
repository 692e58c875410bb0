"""What README promises on the command line is what the command line takes."""

from __future__ import annotations

import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest

from replant.case import read
from replant.cli.asked import Asked
from replant.module import row_classes
from replant.plan import assemble

CONSOLE = re.compile(r"^```(?:console|sh)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
QUICK = ("check", "options", "audit", "tie-out")


def promised(root: Path) -> list[list[str]]:
    """Return the words of each command in README's blocks, comments left out."""
    text = (root / "README.md").read_text(encoding="utf-8")
    blocks = "\n".join(found[1] for found in CONSOLE.finditer(text))
    joined = re.sub(r"\\\n\s*", " ", blocks)
    lines = [line[2:] for line in joined.splitlines() if line.startswith("$ replant ")]
    return [shlex.split(line, comments=True)[1:] for line in lines]


def given(words: list[str], option: str) -> list[str]:
    return [value for name, value in pairwise(words) if name == option]


def test_what_readme_asks_of_a_plan_is_what_the_case_has(root: Path) -> None:
    """Every option, line and cell that README names exists: all that comes before solving runs."""
    plans = [words for words in promised(root) if words[0] == "plan"]
    assert any("--set" in words for words in plans)
    for words in plans:
        asked = Asked.of(*(given(words, f"--{each}") for each in ("force", "forbid", "limit")), ())
        case = read(root / words[1], row_classes(), sets=given(words, "--set"))
        asked.check_lines(case, assemble(case, asked.choices))


@pytest.mark.slow
def test_quick_commands_of_readme_run(root: Path, run, monkeypatch) -> None:
    """Whatever README shows that plans nothing ends well as it is written."""
    quick = [words for words in promised(root) if words[0] in QUICK]
    assert {words[0] for words in quick} == set(QUICK)
    for name, *rest in quick:
        told = run(name, *(root / each if each.startswith("cases/") else each for each in rest))
        assert told.returncode == 0, told.stderr
