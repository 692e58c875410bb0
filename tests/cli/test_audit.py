"""The audit counts numbers by what they rest on, and weighs them by a plan's value."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from replant.case import read
from replant.module import row_classes
from replant.plan import make_plan
from replant.report.stake import reached_by_cell


@pytest.fixture
def planned(firm, run, tmp_path: Path) -> Path:
    """A plan of the golden case, outside the folder where a plan is looked for."""
    told = run("plan", firm.path, "--out", "elsewhere", "--no-report", "--no-comparators")
    assert told.returncode == 0, told.stderr
    return tmp_path / "elsewhere" / "plan.json"


def test_without_a_plan_the_audit_says_how_to_weigh(firm, run) -> None:
    told = run("audit", firm.path)
    assert told.returncode == 1  # the golden case is invented: every number is naked
    assert "value_at_stake" not in told.stdout
    assert f"replant audit {firm.path} --plan out/plan.json" in told.stdout
    content = json.loads(run("audit", firm.path, "--json").stdout)
    assert content["plan"] is None
    assert content["largest"] == []


def test_value_at_stake_by_basis_is_what_passes_through_its_cells(firm, run, planned) -> None:
    """Each basis bears the sum of what passes through its numbers, none left out."""
    content = json.loads(run("audit", firm.path, "--plan", planned, "--json").stdout)
    weighed = {row["basis"]: row["value_at_stake"] for row in content["coverage"]}
    case = read(firm.path, row_classes())
    reached = reached_by_cell(make_plan(case))
    assert weighed["naked"] > 0
    assert sum(weighed.values()) == pytest.approx(sum(abs(each) for each in reached.values()))
    assert sum(row["share_of_value"] for row in content["coverage"]) == pytest.approx(1.0)
    stakes = [abs(each["value_at_stake"]) for each in content["largest"]]
    assert stakes == sorted(stakes, reverse=True)
    assert stakes[0] == pytest.approx(max(abs(each) for each in reached.values()))


def test_the_terminal_shows_the_largest_cells_and_the_unit(firm, run, planned) -> None:
    told = run("audit", firm.path, "--plan", planned)
    assert "value_at_stake" in told.stdout
    assert "in ¥bn" in told.stdout
    assert "Most passes through:" in told.stdout


def test_a_plan_in_the_usual_place_is_found_and_one_of_another_case_is_not(
    firm, run, planned, tmp_path: Path
) -> None:
    """`out/plan.json` counts if it is a plan of exactly this case."""
    planned.parent.rename(tmp_path / "out")
    assert "value_at_stake" in run("audit", firm.path).stdout
    firm.swap("tables/plants.csv", "60", "61")
    assert "value_at_stake" not in run("audit", firm.path).stdout
    told = run("audit", firm.path, "--plan", "out/plan.json")
    assert told.returncode == 1
    assert "no longer the case that was planned" in told.stderr
