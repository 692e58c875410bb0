"""A plan that misses its cash floor or limits can be seen if that is allowed, and says so."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from tests.golden.g1_by_hand import OPTIONS, PLANS, TABLE, TIMES, Taken, by_hand

FLAG = "--allow-shortfall"
QUIET = ("--no-report", "--no-comparators")
LIMITS = "id,stream,labels,upper,sentence\nstill,operating,old;Y1,0,The old plant stands still.\n"


def exactly(taken: Taken) -> list[str]:
    """Return the options of the command for exactly one of the eight plans."""
    words = [("--forbid", "--force")[one] for one in taken]
    return [each for pair in zip(words, OPTIONS, strict=True) for each in pair]


def content(path: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("taken", PLANS, ids=str)
def test_each_of_the_eight_plans_is_seen_from_the_command_line(
    firm, run, tmp_path: Path, taken: Taken
) -> None:
    """Value, cash and shortfall are those of the hand calculation; `verify` finds them too."""
    value, path = by_hand(taken)
    printed, first, _ = TABLE[taken]
    told = run("plan", firm.path, *exactly(taken), FLAG, *QUIET, "--json")
    assert told.returncode == 0, told.stderr
    said = json.loads(told.stdout)
    assert said["value"] == pytest.approx(float(value), abs=1e-9)
    assert round(said["value"], 3) == float(printed)
    assert [said["cash"][time] for time in TIMES] == pytest.approx(
        [float(cash) for cash in path], abs=1e-7
    )
    assert said["verified"]
    assert said["keeps_every_rule"] == (not first)
    assert said["first_breach"] == (first or None)
    assert said["deepest_margin"] == pytest.approx(float(min(path) - 40), abs=1e-7)
    assert said["headline"].startswith("Does not keep every rule: cash is below") == bool(first)
    verified = run("verify", "out/plan.json", "--json")
    assert verified.returncode == 0, verified.stderr
    again = json.loads(verified.stdout)
    assert again["verified"]
    assert again["value"] == pytest.approx(float(value), abs=1e-9)
    assert len(again["missed"]) == sum(cash < 40 for cash in path)


@pytest.mark.parametrize("taken", PLANS, ids=str)
def test_without_the_flag_only_plans_that_keep_the_floor_are_made(
    firm, run, tmp_path: Path, taken: Taken
) -> None:
    """Six of the eight are refused, and the refusal names the way to see them all the same."""
    told = run("plan", firm.path, *exactly(taken), *QUIET)
    kept = min(by_hand(taken)[1]) >= 40
    assert told.returncode == (0 if kept else 1)
    assert (FLAG in told.stderr) == (not kept)
    assert (tmp_path / "out" / "plan.json").exists() == kept


def test_the_first_line_says_it_and_so_does_every_later_command(firm, run, tmp_path: Path) -> None:
    """No page, summary or check of a plan that falls short reads like one that does not."""
    planned = run("plan", firm.path, "--forbid", OPTIONS[0], FLAG, "--no-comparators")
    assert planned.returncode == 0
    assert planned.stdout.startswith("Does not keep every rule: cash is below its floor from Y5 on")
    assert "¥14.2bn" in planned.stdout
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<h1>Does not keep every rule: cash is below its floor" in page
    reported = run("report", "out/plan.json")
    assert reported.returncode == 0, reported.stderr
    assert planned.stdout.startswith(reported.stdout.partition("Written to")[0])
    assert (tmp_path / "out" / "report.html").read_text(encoding="utf-8").count(
        "does not keep every rule"
    ) == page.count("does not keep every rule")
    verified = run("verify", "out/plan.json")
    assert "verified, BUT IT DOES NOT KEEP EVERY RULE" in verified.stdout.splitlines()[0]
    assert "(by 14.225)" in verified.stdout
    assert "cash may fall below its floor" in run("explain", "out/plan.json").stdout


def test_what_keeps_every_rule_is_told_as_ever_though_it_might_miss_some(firm, run) -> None:
    """The penalty on what is missed is dearer than any gain from it: the best plan is the same."""
    told = run("plan", firm.path, FLAG, *QUIET, "--json")
    said = json.loads(told.stdout)
    assert said["value"] == pytest.approx(float(by_hand((1, 1, 0))[0]), abs=1e-9)
    assert said["keeps_every_rule"]
    assert "every rule" not in said["headline"]
    assert json.loads(run("verify", "out/plan.json", "--json").stdout)["missed"] == []


def test_a_limit_is_missed_and_told_by_how_much(firm, run, tmp_path: Path) -> None:
    """A limit of the case gives as the floor does; a bound of the command line never."""
    firm.put("tables/limits.csv", LIMITS)
    keep = ("--force", "plant.old.run", "--force", OPTIONS[1])
    refused = run("plan", firm.path, *keep, *QUIET)
    assert (refused.returncode, FLAG in refused.stderr) == (1, True)
    told = run("plan", firm.path, *keep, FLAG, *QUIET, "--json")
    said = json.loads(told.stdout)
    (missed,) = said["missed_limits"]
    assert missed["limit"] == "The old plant stands still."
    assert missed["amount"] == pytest.approx(1.0)
    assert "and one limit is missed" in said["headline"]
    assert run("verify", "out/plan.json").returncode == 0
    bound = run("plan", firm.path, *keep, FLAG, *QUIET, "--limit", "cash[Y5]>=40")
    assert bound.returncode == 1
    assert FLAG not in bound.stderr


def test_the_plan_file_cannot_lose_or_gain_the_permission_unseen(firm, run, tmp_path: Path) -> None:
    """Taken out, the plan breaks the floor; in either direction the seal no longer fits."""
    plan = tmp_path / "out" / "plan.json"
    assert run("plan", firm.path, "--forbid", OPTIONS[0], FLAG, *QUIET).returncode == 0
    short = content(plan)
    assert short["allow_shortfall"] is True
    plan.write_text(json.dumps({**short, "allow_shortfall": False}), encoding="utf-8")
    told = run("verify", plan)
    assert told.returncode == 1
    assert "I13 [Y5]" in told.stdout
    assert "seal" in told.stdout
    plan.write_text(json.dumps({**short, "allow_shortfall": "yes"}), encoding="utf-8")
    refused = run("verify", plan)
    assert (refused.returncode, "allow_shortfall is true or false" in refused.stderr) == (1, True)
    assert run("plan", firm.path, *QUIET).returncode == 0
    plan.write_text(json.dumps({**content(plan), "allow_shortfall": True}), encoding="utf-8")
    gained = run("verify", plan)
    assert (gained.returncode, "seal" in gained.stdout) == (1, True)


def test_an_older_plan_file_without_the_field_is_bound_by_every_rule(
    firm, run, tmp_path: Path
) -> None:
    plan = tmp_path / "out" / "plan.json"
    assert run("plan", firm.path, *QUIET).returncode == 0
    older = content(plan)
    del older["allow_shortfall"]
    plan.write_text(json.dumps(older), encoding="utf-8")
    assert run("verify", plan).returncode == 0


def test_who_resumes_says_again_what_may_be_missed(firm, run, tmp_path: Path) -> None:
    """A plan kept under the permission is no start without it; kept without, it is one with it."""
    forbid = ("--forbid", OPTIONS[0])
    assert run("plan", firm.path, *forbid, FLAG, *QUIET).returncode == 0
    refused = run("plan", firm.path, *QUIET, "--resume")
    assert (refused.returncode, FLAG in refused.stderr) == (1, True)
    again = run("plan", firm.path, *forbid, FLAG, *QUIET, "--resume", "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["value"] == pytest.approx(float(by_hand((0, 1, 0))[0]))
    assert run("plan", firm.path, "--out", "clean", *QUIET).returncode == 0
    assert run("plan", firm.path, "--out", "clean", FLAG, *QUIET, "--resume").returncode == 0


def test_no_goal_is_bought_with_cash_that_is_not_there(firm, run) -> None:
    told = run("plan", firm.path, "--goal", "cash[Y2]", FLAG, *QUIET)
    assert told.returncode == 2
    assert "--goal and --allow-shortfall" in told.stderr


def test_each_scenario_says_for_itself_that_it_falls_short(cases: Path, run) -> None:
    """What is missed in one scenario is told with it, in plan and verification."""
    case = cases / "golden-g1-scenarios"
    told = run("plan", case, "--forbid", OPTIONS[0], FLAG, *QUIET, "--json")
    assert told.returncode == 0, told.stderr
    said = json.loads(told.stdout)
    assert said["verified"]
    assert not said["keeps_every_rule"]
    assert "scenarios" in said["headline"]
    again = json.loads(run("verify", "out/plan.json", "--json").stdout)
    assert again["verified"]
    short = {
        name: sum(cash < Fraction(40) - Fraction(1, 10**6) for cash in each["cash"].values())
        for name, each in said["scenarios"].items()
    }
    for name, count in short.items():
        assert sum(f"in {name}]" in each for each in again["missed"]) == count
    assert sum(short.values()) == len(again["missed"]) > 0


def test_the_flag_is_named_only_where_it_leads_to_a_plan(run, cases) -> None:
    """A plant that is to run and to close clashes at any cash: both are told, and no flag."""
    both = ("--force", "plant.old.run", "--force", "plant.old.close")
    told = run("plan", cases / "golden-g1", *both)
    assert told.returncode == 1
    assert "Forced: Old plant runs to the end of the plan (plant.old.run)." in told.stderr
    assert "Forced: Old plant closes (plant.old.close)." in told.stderr
    assert FLAG not in told.stderr
    assert "Cash" not in told.stderr
    assert FLAG in run("plan", cases / "golden-g1", *both[:2]).stderr
