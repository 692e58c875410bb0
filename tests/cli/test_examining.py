"""What no table shows alone comes out of `check` as findings, all in one pass."""

from __future__ import annotations

import json

import pytest

from replant.case import Findings, load
from replant.cli.examining import examine
from replant.module import row_classes

VALUATION = "tables/valuation.csv"


def found(firm) -> Findings:
    case, findings = load(firm.path, row_classes())
    assert case is not None, findings
    return examine(case)


def places(findings: Findings) -> set[tuple[str, str, int | None, str, str]]:
    return {(each.code, each.file, each.row, each.column, each.value) for each in findings}


def test_a_sound_case_has_no_finding(firm) -> None:
    assert list(found(firm)) == []


def test_what_a_case_does_without_is_said(firm) -> None:
    """No floor, no opening balance: a plan can be made, and nobody may believe it keeps them."""
    firm.drop("tables/liquidity.csv")
    firm.drop("tables/opening.csv")
    findings = found(firm)
    assert findings.ok
    assert {each.code for each in findings} == {"no-floor", "no-opening"}


def test_the_first_row_of_evidence_asks_for_the_rest_and_forbids_nothing(firm, run) -> None:
    """Documentation that is begun is a warning, and no reason to doubt the arithmetic."""
    firm.put(
        "evidence.csv",
        "table,id,period,column,claims,basis,low,high,reason\n"
        "plants,old,,closure_cost,,assumed,10,90,because\n",
    )
    assert {each.code for each in found(firm)} == {"number-without-evidence"}
    told = run("plan", firm.path, "--out", "out")
    assert told.returncode == 0, told.stderr
    assert "rest on nothing" in told.stderr
    assert "not confirm" not in told.stdout


def test_a_number_beyond_any_firm_is_doubted(firm) -> None:
    firm.swap("tables/plants.csv", "60", "6" + "0" * 40)
    assert "absurd-number" in {each.code for each in found(firm)}


def test_two_best_plans_are_one_too_many(firm) -> None:
    firm.put("tables/plans.csv", "id,name,kind\nbest,Best,best\nother,Other,best\n")
    assert places(found(firm)) == {("plan-name", "tables/plans.csv", 3, "kind", "other")}


def test_all_names_of_unknown_options_and_lines_are_found_at_once(firm) -> None:
    firm.put(
        "tables/relations.csv",
        "id,kind,options,at_most,reason\n"
        "r1,requires,plant.old.close;plant.receivr.run,,why\n"
        "r2,excludes,plant.old.close;nonsense,,why\n",
    )
    firm.put("tables/options.csv", "option,action,reason\nplant.odl.close,forbid,why\n")
    firm.put(
        "tables/limits.csv",
        "id,stream,labels,lower,upper,sentence\n"
        "l1,platfroms,Y1,,3,A sentence.\n"
        "l2,cash,Y9,3,,A sentence.\n"
        "l3,cash_flow,operating,3,,A sentence.\n"
        "l4,cash,Y1,-900,,A sentence.\n",
    )
    firm.put("tables/plans.csv", "id,name,kind\nplan,Announced,announced\n")
    firm.put("tables/plan_options.csv", "plan,option,action\nplan,facility.bnd,force\n")
    firm.put("tables/plan_bounds.csv", "plan,stream,labels,lower,upper,reason\nplan,csh,Y1,1,2,r\n")
    findings = found(firm)
    assert places(findings) == {
        ("unknown-option", "tables/relations.csv", 2, "options", "plant.receivr.run"),
        ("unknown-option", "tables/relations.csv", 3, "options", "nonsense"),
        ("unknown-option", "tables/options.csv", 2, "option", "plant.odl.close"),
        ("unknown-option", "tables/plan_options.csv", 2, "option", "facility.bnd"),
        ("unknown-line", "tables/limits.csv", 2, "stream", "platfroms"),
        ("unknown-line", "tables/limits.csv", 3, "labels", "Y9"),
        ("unknown-line", "tables/limits.csv", 4, "labels", "operating"),
        ("unknown-line", "tables/plan_bounds.csv", 2, "stream", "csh"),
        ("plan-name", "tables/plans.csv", 2, "id", "plan"),
    }
    fixes = {each.value: each.fix for each in findings}
    assert fixes["plant.receivr.run"] == "did you mean plant.receiver.run?"
    assert fixes["platfroms"] == "did you mean platforms?"


@pytest.mark.parametrize("what", ["missing", "two rows", "growth"])
def test_a_rule_that_refuses_the_case_is_a_finding(firm, what: str) -> None:
    text = (firm.path / VALUATION).read_text(encoding="utf-8")
    head, row = text.strip().split("\n")
    if what == "missing":
        firm.drop(VALUATION)
    elif what == "two rows":
        firm.put(VALUATION, f"{head}\n{row}\nother{row[row.index(',') :]}\n")
    else:
        cells = dict(zip(head.split(","), row.split(","), strict=True))
        cells |= {"terminal_growth": "0.9", "terminal_share": "1"}
        firm.put(VALUATION, f"{','.join(cells)}\n{','.join(cells.values())}\n")
    findings = found(firm)
    assert ("model", VALUATION) in {(each.code, each.file) for each in findings}
    assert all(each.rule and each.fix for each in findings)
    if what == "growth":
        assert {(each.row, each.column) for each in findings} == {(2, "terminal_growth")}


def test_no_refusal_hides_another(firm) -> None:
    """A missing price and a missing valuation are both told."""
    firm.drop("tables/prices.csv")
    firm.drop(VALUATION)
    files = {each.file for each in found(firm)}
    assert files >= {"tables/prices.csv", VALUATION}


def test_check_and_plan_give_the_same_findings(firm, run) -> None:
    firm.put("tables/options.csv", "option,action,reason\nnonsense,forbid,why\n")
    checked = run("check", firm.path, "--json")
    planned = run("plan", firm.path, "--json")
    assert checked.returncode == planned.returncode == 1
    assert json.loads(checked.stdout) == json.loads(planned.stdout)
    assert json.loads(checked.stdout)[0]["code"] == "unknown-option"


def test_a_scenario_that_changes_nothing_that_is_there(firm, run) -> None:
    firm.put("scenarios.csv", "id,probability\na,0.5\nb,0.5\n")
    firm.put(
        "scenario_changes.csv",
        "scenario,table,id,period,column,action,value\na,plants,odl,,notice_months,set,3\n",
    )
    told = run("check", firm.path)
    assert told.returncode == 1
    assert "scenario_changes.csv row 2" in told.stderr


@pytest.mark.parametrize(
    ("can_dismiss", "severance", "doubted"), [("yes", 0, True), ("yes", 1, False), ("no", 0, False)]
)
def test_people_who_cost_nothing_to_dismiss_are_doubted(firm, can_dismiss, severance, doubted):
    """Whoever is paid and can be dismissed for nothing is shed first: a case must mean that."""
    firm.put(
        "tables/people.csv",
        f"id,function,count,pay,can_dismiss,severance\ncrew,admin,10,2,{can_dismiss},{severance}\n",
    )
    findings = found(firm)
    assert findings.ok
    assert ("free-dismissal" in {each.code for each in findings}) == doubted
