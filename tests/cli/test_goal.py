"""A line can be the goal: it goes as far as the rules allow, and value comes second."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from replant.case import Case, read
from replant.cli.goal import parse_goal
from replant.errors import UsageError
from replant.module import row_classes
from replant.plan import Choices, assemble, make_plan
from replant.plan.goal import Goal, reach

QUIET = ("--no-report", "--no-comparators")


@pytest.fixture
def golden(firm) -> Case:
    return read(firm.path, row_classes())


def element(path: Path, stream: str, labels: str) -> float:
    lines = (path / "tables" / "plan_rows.csv").read_text(encoding="utf-8").splitlines()
    head = lines[0].split(",")
    for line in lines[1:]:
        row = dict(zip(head, line.split(","), strict=True))
        if (row["stream"], row["labels"]) == (stream, labels):
            return float(row["value"])
    return 0.0


def test_no_plan_has_more_than_the_goal_reached(golden: Case) -> None:
    """What is reached can be asked for as a limit, and anything above the bound cannot."""
    program = assemble(golden, Choices())
    goal = Goal("cash", ("Y2",))
    found = reach(program, goal)
    best = make_plan(golden)
    kept = make_plan(golden, Choices(limits=(found.limit,)))
    assert found.level > best.row("cash", "Y2") + 1.0
    assert kept.verification.ok
    assert kept.row("cash", "Y2") >= found.kept
    assert kept.value <= best.value + 1e-9
    assert found.level <= found.bound + 1e-6
    assert found.level - 0.1 < found.kept < found.level


def test_least_is_the_mirror_of_most(golden: Case) -> None:
    program = assemble(golden, Choices())
    least = reach(program, Goal("cash", ("Y2",), least=True))
    most = reach(program, Goal("cash", ("Y2",)))
    assert least.bound <= least.level < most.level
    assert least.level < least.kept < least.level + 0.1
    assert (least.limit.lower, least.limit.upper) == (None, least.kept)


def test_the_goal_is_kept_written_down_and_verified(firm, run, tmp_path: Path) -> None:
    """The plan file remembers the goal as a limit, which the exact engine checks."""
    told = run("plan", firm.path, "--goal", "cash[Y2]", *QUIET, "--json")
    assert told.returncode == 0, told.stderr
    goal = json.loads(told.stdout)["goal"]
    content = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert content["limits"] == [goal["kept_by"]]
    assert goal["reached"] - element(tmp_path / "out", "cash", "Y2") < 0.1
    verified = run("verify", "out/plan.json")
    assert verified.returncode == 0, verified.stderr
    assert goal["kept_by"] in verified.stdout


def test_the_terminal_tells_the_goal_beside_the_value(firm, run) -> None:
    told = run("plan", firm.path, "--goal", "least cash[Y2]", *QUIET)
    assert told.returncode == 0, told.stderr
    assert "Goal cash[Y2]: " in told.stdout
    assert "no plan can have less than" in told.stdout


@pytest.mark.parametrize("text", ["jobs>=3", "most", "least jobs[a", "Jobs[a]", ""])
def test_what_is_no_goal_is_refused(text: str) -> None:
    if text == "most":  # a line of that name, which no plan has
        assert parse_goal(text) == Goal("most", ())
        return
    with pytest.raises(UsageError, match="is no goal"):
        parse_goal(text)


@pytest.mark.parametrize("goal", ["csh[Y2]", "cash[Y9]", "cash"])
def test_a_goal_that_is_no_line_is_refused(firm, run, goal: str) -> None:
    told = run("plan", firm.path, "--goal", goal, *QUIET)
    assert told.returncode != 0
    assert "--goal" in told.stderr


def test_no_plan_is_told_with_the_rules_that_clash(firm, run) -> None:
    told = run("plan", firm.path, "--goal", "cash[Y2]", "--force", "plant.old.run", *QUIET)
    assert told.returncode == 1
    assert "cannot hold together" in told.stderr


def test_a_goal_in_a_case_with_scenarios_is_refused(cases: Path, run) -> None:
    told = run("plan", cases / "golden-g1-scenarios", "--goal", "cash[Y2]", *QUIET)
    assert told.returncode != 0
    assert "--limit" in told.stderr
