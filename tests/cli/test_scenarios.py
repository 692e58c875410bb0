"""A case with scenarios through every command: planned, verified, explained, told leaf by leaf."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from replant.module import Builder
from tests.cli.conftest import command

LEAVES = ["low", "mid", "high"]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, cases: Path) -> Path:
    """The results of the golden case with scenarios, beside a copy of it."""
    place = tmp_path_factory.mktemp("scenarios")
    shutil.copytree(cases / "golden-g1-scenarios", place / "firm")
    for out, more in (("out", []), ("json", ["--json"])):
        told = subprocess.run(
            [*command(), "plan", "firm", "--out", out, *more],
            cwd=place,
            capture_output=True,
            text=True,
            check=True,
        )
        (place / f"{out}.txt").write_text(told.stdout, encoding="utf-8")
    return place


@pytest.fixture
def place(done: Path, tmp_path: Path) -> Path:
    """The results, to be changed."""
    shutil.copytree(done, tmp_path, dirs_exist_ok=True)
    return tmp_path


def table(place: Path, name: str) -> list[dict[str, str]]:
    with (place / "out" / "tables" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def changed(place: Path, change: Any) -> Path:
    """Change the decisions of the plan file, and take away the tables beside it."""
    file = place / "out" / "plan.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    change(content["decisions"])
    file.write_text(json.dumps(content), encoding="utf-8")
    shutil.rmtree(place / "out" / "tables")
    return file


# -- what is planned and told --------------------------------------------------------------------


def test_the_verdict_tells_the_scenarios(done: Path) -> None:
    told = " ".join((done / "out.txt").read_text(encoding="utf-8").split())
    assert "expected to be worth ¥82bn more than doing nothing" in told
    assert "tightest at the end of Y5 in the scenario Price war, ¥6.8bn above the floor" in told
    assert (
        "Doing nothing falls below the floor in two of three scenarios (75 %) from Y2 on, by as "
        "much as ¥186.0bn at the end of Y5 in the scenario Price war." in told
    )
    assert (
        "confirms every figure of this plan and that it keeps every rule in each scenario" in told
    )
    assert "The plan in each scenario" in told


def test_json_prints_expected_values_and_each_scenario(done: Path) -> None:
    told = json.loads((done / "json.txt").read_text(encoding="utf-8"))
    leaves = told["scenarios"]
    assert list(leaves) == LEAVES
    mean = sum(each["probability"] * each["value"] for each in leaves.values())
    assert told["value"] == pytest.approx(mean)
    assert told["cash"]["Y5"] == pytest.approx(
        sum(each["probability"] * each["cash"]["Y5"] for each in leaves.values())
    )
    assert (told["lowest_cash"]["scenario"], told["lowest_cash"]["time"]) == ("low", "Y5")
    assert told["below_floor"]["do_nothing"] == {"scenarios": ["low", "mid"], "probability": 0.75}
    beside = {name: each["comparators"]["do_nothing"] for name, each in leaves.items()}
    assert {name: each["first_breach"] for name, each in beside.items()} == {
        "low": "Y2",
        "mid": "Y3",
        "high": None,
    }
    assert beside["low"]["deepest_margin"] == told["comparators"]["do_nothing"]["deepest_margin"]


def test_tables_have_the_scenario_first_and_are_summed_up(done: Path) -> None:
    files = sorted((done / "out" / "tables").glob("plan_*.csv"))
    assert len(files) > 8
    for file in files:
        with file.open(encoding="utf-8") as opened:
            assert next(csv.reader(opened))[0] == "scenario", file.name
    states = {(row["scenario"], row["plant"], row["state"]) for row in table(done, "plan_plants")}
    assert {(leaf, "old", "closed") for leaf in LEAVES} <= states
    first = [row for row in table(done, "plan_plants") if row["period"] == "Y1"]
    made = {row["scenario"]: row["made"] for row in first if row["plant"] == "receiver"}
    assert made == {"low": "0.0", "mid": "96.0", "high": "120.0"}
    summed = table(done, "plan_scenarios")
    assert [row["scenario"] for row in summed] == LEAVES
    assert [row["lowest_time"] for row in summed] == ["Y5", "now", "now"]


def test_a_case_without_scenarios_has_no_such_column(planned: Path) -> None:
    for file in (planned / "out" / "tables").glob("*.csv"):
        with file.open(encoding="utf-8") as opened:
            assert "scenario" not in next(csv.reader(opened)), file.name
    assert not (planned / "out" / "tables" / "plan_scenarios.csv").exists()


def test_the_plan_file_marks_what_a_scenario_decides(done: Path) -> None:
    decisions = json.loads((done / "out" / "plan.json").read_text(encoding="utf-8"))["decisions"]
    marked = [each for columns in decisions.values() for each in columns if "@" in each]
    assert {each.partition("@")[2] for each in marked} == {"mid", "high"}
    assert {each.partition("[")[0] for each in marked} == {"ship"}


@pytest.mark.parametrize("name", ["check", "audit", "options", "tie-out"])
def test_what_reads_the_case_alone_reads_it_with_scenarios(done: Path, run, name: str) -> None:
    told = run(name, done / "firm")
    assert told.returncode == (1 if name == "audit" else 0), told.stderr
    assert json.loads(run(name, done / "firm", "--json").stdout) is not None


def test_the_report_is_made_again_from_the_files(place: Path, run) -> None:
    told = run("report", "out/plan.json", "--out", "again.html")
    assert told.returncode == 0, told.stderr
    before = (place / "out" / "report.html").read_text(encoding="utf-8").splitlines()
    after = (place / "again.html").read_text(encoding="utf-8").splitlines()
    assert len(before) == len(after)
    differing = [one for one, other in zip(before, after, strict=True) if one != other]
    assert all("nodes" in one or "second" in one for one in differing), differing


def test_a_run_goes_on_from_the_plan_that_was_kept(place: Path, run) -> None:
    told = run("plan", "firm", "--out", "out", "--resume")
    assert told.returncode == 0, told.stderr
    assert "resuming from the plan" in told.stderr


# -- explain -------------------------------------------------------------------------------------


def test_explain_says_in_which_scenarios_a_sentence_holds(place: Path, run) -> None:
    told = json.loads(run("explain", "out/plan.json", "firm.cash", "--json").stdout)
    assert [each["scenarios"] for each in told] == [["mid", "high"], ["low"]]
    closing = json.loads(run("explain", "out/plan.json", "plant.old.close", "--json").stdout)
    assert all("scenarios" not in each for each in closing)


def test_explain_says_what_a_cell_is_in_a_scenario(firm, run) -> None:
    firm.put("scenarios.csv", "id,probability\na,0.5\nb,0.5\n")
    firm.put(
        "scenario_changes.csv",
        "scenario,table,id,period,column,action,value\nb,plants,old,,closure_cost,multiply,1.1\n",
    )
    assert run("plan", firm.path, "--out", "out", "--no-comparators").returncode == 0
    told = run("explain", "out/plan.json", "plant.old").stdout
    assert "plants.old.closure_cost = 60 ¥bn, 66 ¥bn in the scenario b" in told
    assert "In the scenario b: Old plant is to close" in told


# -- verify --------------------------------------------------------------------------------------


def test_verify_says_what_it_checked_in_each_scenario(place: Path, run) -> None:
    told = run("verify", "out/plan.json")
    assert told.returncode == 0, told.stderr
    assert "Exact expected value -11.071." in told.stdout
    lines = [line.split() for line in told.stdout.splitlines() if " probability " in line]
    assert [line[0] for line in lines] == LEAVES
    content = json.loads(run("verify", "out/plan.json", "--json").stdout)
    assert {name: each["probability"] for name, each in content["scenarios"].items()} == {
        "low": 0.25,
        "mid": 0.5,
        "high": 0.25,
    }
    assert content["checked"]["I13"] == sum(
        each["checked"]["I13"] for each in content["scenarios"].values()
    )
    assert run("verify", "out/do_nothing.json").returncode == 0


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("ship[car_receiver,home,Y1]@high", "ship[car_receiver,home,Y1]@flood", "I15"),
        ("ship[car_receiver,home,Y1]@high", "ship[car_receiver,home,Y1]", "I15"),
    ],
)
def test_a_decision_that_belongs_to_no_scenario_is_a_breach(
    place: Path, run, old: str, new: str, rule: str
) -> None:
    def renamed(decisions: dict[str, dict[str, str]]) -> None:
        decisions["sourcing"][new] = decisions["sourcing"].pop(old)

    told = run("verify", changed(place, renamed))
    assert told.returncode == 1
    assert f"{rule} [{new}]" in told.stdout


def test_a_close_that_one_scenario_alone_knows_is_a_breach(place: Path, run) -> None:
    def alone(decisions: dict[str, dict[str, str]]) -> None:
        decisions["plant_path"]["close[old,Y1]@low"] = decisions["plant_path"].pop("close[old,Y1]")

    told = run("verify", changed(place, alone))
    assert told.returncode == 1
    assert "I15 [close[old,Y1]@low]: What is decided before a scenario is known" in told.stdout
    assert ", in mid]" in told.stdout, "and in the others the plant's path breaks"


def test_more_than_there_is_room_for_in_one_scenario_names_it(place: Path, run) -> None:
    def more(decisions: dict[str, dict[str, str]]) -> None:
        decisions["sourcing"]["ship[car_receiver,home,Y1]@mid"] = "97"

    told = run("verify", changed(place, more))
    assert told.returncode == 1
    assert re.search(r"demand \[.*in mid\]", told.stdout), told.stdout
    assert "in high" not in told.stdout


def test_rows_that_a_scenario_does_not_have_are_a_breach_there(place: Path, run) -> None:
    file = place / "out" / "tables" / "plan_rows.csv"
    text = file.read_text(encoding="utf-8")
    assert "\nhigh,cash,Y1," in text
    file.write_text(re.sub(r"(?m)^high,cash,Y1,.*$", "high,cash,Y1,1.0", text), encoding="utf-8")
    told = run("verify", "out/plan.json")
    assert told.returncode == 1
    assert "cash [cash[Y1], in high]: cash[Y1] is 137.755, but the plan says 1." in told.stdout
    file.write_text(text.replace("\nhigh,", "\nflood,"), encoding="utf-8")
    told = run("verify", "out/plan.json")
    assert told.returncode == 1
    assert "tells of a scenario 'flood'" in told.stderr


def test_a_changed_coefficient_in_one_scenario_is_caught(place: Path, run, monkeypatch) -> None:
    """A module that books a hundredth more revenue in one scenario plans, and is not verified."""
    original = Builder.entry

    def generous(to: Builder, **call: Any) -> None:
        if to.case.scenario == "high" and call["credit"] == "revenue":
            call["amount"] = call["amount"] * 1.01
        original(to, **call)

    monkeypatch.setattr(Builder, "entry", generous)
    told = run("plan", "firm", "--out", "tampered", "--no-comparators")
    assert told.returncode == 1
    assert "in high]" in told.stderr
    assert "in low]" not in told.stderr
    assert "in mid]" not in told.stderr
    monkeypatch.setattr(Builder, "entry", original)
    again = run("verify", "tampered/plan.json")
    assert again.returncode == 1, "its rows beside it say what it booked"
    assert "ledger[revenue,Y1], in high]" in again.stdout


# -- what cannot be planned ----------------------------------------------------------------------


def test_a_rule_that_clashes_in_one_scenario_is_named_with_it(place: Path, run) -> None:
    asked = ("--set", "liquidity.*.minimum_cash=67", "--force", "line.car_receiver.launch")
    told = run("plan", "firm", "--out", "none", *asked)
    assert told.returncode == 1
    assert "In the scenario low: Cash at the end of" in told.stderr
    assert "in the scenario mid:" not in told.stderr.lower()
    content = json.loads(run("plan", "firm", "--out", "none", "--json", *asked).stdout)
    assert {each.get("scenario", "") for each in content["clashes"]} == {"", "low"}


def test_what_cannot_wait_must_be_the_same_in_all(firm, run) -> None:
    """A lead time that makes another period possible in one scenario only is refused in words."""
    firm.put("scenarios.csv", "id,probability\na,0.5\nb,0.5\n")
    firm.put(
        "scenario_changes.csv",
        "scenario,table,id,period,column,action,value\nb,plants,old,,notice_months,set,24\n",
    )
    for asked in (("check", firm.path), ("plan", firm.path, "--out", "out")):
        told = run(*asked)
        assert told.returncode == 1
        assert "differs between scenarios" in told.stderr
        assert "change other cells" in told.stderr


def test_a_change_of_a_limit_is_no_fault(firm, run) -> None:
    """Tables that name lines are held back while a case is examined; so is what changes them."""
    firm.put("scenarios.csv", "id,probability\na,0.5\nb,0.5\n")
    firm.put(
        "tables/limits.csv",
        "id,stream,labels,lower,upper,sentence\nlast,cash,Y5,100,,Cash is 100 in the end.\n",
    )
    firm.put(
        "scenario_changes.csv",
        "scenario,table,id,period,column,action,value\nb,limits,last,,lower,set,120\n",
    )
    assert run("check", firm.path).returncode == 0
    told = run("plan", firm.path, "--out", "out", "--no-comparators")
    assert told.returncode == 0, told.stderr


def test_probabilities_that_do_not_sum_to_one_are_a_finding(firm, run) -> None:
    firm.put("scenarios.csv", "id,probability\na,0.5\nb,0.4\n")
    told = run("plan", firm.path, "--out", "out")
    assert told.returncode == 1
    assert "the probabilities sum to 1" in told.stderr


def test_one_scenario_is_told_as_none(firm, run) -> None:
    """No column, no mark, no key: but its changes count."""
    firm.put("scenarios.csv", "id,probability\nonly,1\n")
    firm.put(
        "scenario_changes.csv",
        "scenario,table,id,period,column,action,value\nonly,plants,old,,closure_cost,set,61\n",
    )
    assert run("plan", firm.path, "--out", "out", "--no-comparators").returncode == 0
    told = json.loads(run("verify", "out/plan.json", "--json").stdout)
    assert told["verified"] is True
    assert told["value"] == pytest.approx(-5.082263626 - 1, abs=1e-6)
    assert "scenarios" not in told
    assert "@" not in Path("out/plan.json").read_text(encoding="utf-8")
    assert Path("out/tables/plan_cash.csv").read_text(encoding="utf-8").startswith("time,")
    assert "closure 61.0" in run("explain", "out/plan.json", "plant.old").stdout
