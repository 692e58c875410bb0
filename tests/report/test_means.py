"""Borrowing, cost work and launches are told in the short list, and graded as plants are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from replant.case import Case, read
from replant.module import row_classes
from replant.plan import Choices, Planned, make_plan
from replant.report import Report, build_report, render_html, verdict_lines
from replant.report.data import Action, Confidence, Launch, Loan, Means, Work
from replant.report.figures import Figures
from replant.report.findings import Findings
from replant.report.means import means_of
from replant.report.steps import Steps
from replant.report.words import Wording


def figures(decisions: dict[str, dict[str, str]], case: Any) -> Figures:
    return Figures(cast(Planned, SimpleNamespace(case=case, decisions=decisions)))


def told(report: Report, **means: Any) -> dict[str, str]:
    """Return the short list of a plan with other means."""
    plan = replace(report.best, means=Means(**means))
    return dict(Steps(plan, report.times, Wording(report.head.money)).lines())


def test_means_are_the_sums_of_the_decisions(firm_case: Case) -> None:
    """By hand from the columns: issues added up, balances by period, launches in order of time."""
    decisions = {
        "debt": {"issue[new_bond,FY25Q2]": "40", "issue[new_bond,FY27]": "2.5",
                 "balance[credit_line,FY26H1]": "7"},
        "sourcing": {"launch[crest_santa_rita,FY26H1]": "1", "launch[ace_kurose,FY25Q3]": "1",
                     "launch[ace_natori,FY25Q3]": "0", "ship[ace_hamada,us,FY25Q3]": "5"},
    }  # fmt: skip
    means = means_of(figures(decisions, firm_case))
    assert [loan.issued for loan in means.loans] == [42.5, 0]
    place = figures({}, firm_case).periods.index("FY26H1")
    assert means.drawn == tuple(7 if at == place else 0 for at in range(len(means.drawn)))
    assert [(each.period, each.plant) for each in means.launches] == [
        ("FY25Q3", firm_case.called("plants", "kurose")),
        ("FY26H1", firm_case.called("plants", "santa_rita")),
    ]
    assert means.works == ()


def test_people_on_cost_work_are_added_over_the_steps_of_a_project() -> None:
    steps = [("one", "parts"), ("two", "parts"), ("other", "processes"), ("idle", "nothing")]
    rows = [SimpleNamespace(id=step, project=project) for step, project in steps]
    case = SimpleNamespace(
        periods=[SimpleNamespace(id=time) for time in ("Y1", "Y2")],
        has=lambda table: table == "cost_work",
        rows=lambda table: rows,
        called=lambda table, key: key,
    )
    columns = {"assign[one,Y2]": "300", "assign[two,Y2]": "50.5", "assign[other,Y1]": "20"}
    means = means_of(figures({"cost_work": columns}, case))
    found = {work.project: work.people for work in means.works}
    assert found == {"parts": (0, 350.5), "processes": (20, 0), "nothing": (0, 0)}
    assert means.at_work == (20, 350.5)


def test_the_sum_borrowed_is_told_with_its_parts_largest_first(golden_report: Report) -> None:
    loans = (
        Loan("Small loan", 5.0, (0, 0, 0, 0, 0)),
        Loan("Big bond", 20.0, (0, 0, 0, 0, 0)),
        Loan("Never used", 0.0, (0, 0, 0, 0, 0)),
        Loan("Line", 0.0, (0, 3, 9, 0, 4)),
    )
    said = told(golden_report, loans=loans)["Borrow"]
    assert "¥25.0bn of bonds and loans in all: big bond ¥20.0bn and small loan ¥5.0bn" in said
    assert "credit lines are drawn by up to ¥9.0bn, in Y3, and by ¥4.0bn at the end" in said
    assert "never" not in said.lower()
    back = (*loans[:3], Loan("Line", 0.0, (0, 3, 9, 0, 0)))
    assert "paid back by the end" in told(golden_report, loans=back)["Borrow"]


def test_people_on_cost_work_are_told_by_the_most_at_once(golden_report: Report) -> None:
    """The peak of the sum, which is less than the sum of the peaks."""
    works = (Work("parts", (0, 30, 10, 0, 0)), Work("processes", (0, 5, 15, 2, 0)))
    said = told(golden_report, works=works)["Cost work"]
    assert said == "up to 35 R&D people from Y2 to Y4; at the most 30 on parts and 15 on processes"


def test_cars_are_told_with_the_plants_that_are_tooled_for_them(golden_report: Report) -> None:
    launches = (Launch("Ant, Bee", "North", "Y1"), Launch("Cat", "South", "Y1"),
                Launch("Dog", "East", "Y2"))  # fmt: skip
    said = told(golden_report, launches=launches)["Launch cars"]
    assert said == "in Y1 Ant / Bee at North and Cat at South; in Y2 Dog at East"


def test_nothing_is_told_of_what_is_not_done(golden_report: Report) -> None:
    loans = (Loan("Line", 0.0, (0.0,) * 5),)
    assert not {"Borrow", "Cost work", "Launch cars"} & set(told(golden_report, loans=loans))


def test_a_forced_loan_is_told_and_graded_everywhere(cases: Path) -> None:
    """A plan that borrows says so in the list, and its loan is a recommendation with a grade."""
    choices = Choices(force=("facility.bond",))
    report = build_report(make_plan(read(cases / "golden-g1", row_classes()), choices), {})
    assert dict(report.steps)["Borrow"].startswith("¥30.0bn of bonds and loans in all: ")
    (loan,) = (action for action in report.best.actions if action.kind == "facility")
    assert loan.recommended
    sure = render_html(report).partition('id="sure"')[2]
    assert loan.text in sure.partition("</section>")[0]
    assert any(loan.text[:30] in line for line in verdict_lines(report, 200))


@pytest.mark.parametrize(("kind", "option", "counts"), [
    ("plant", "plant.old.close", True), ("part_family", "parts.few", True),
    ("line", "line.a.launch", True), ("cost_work", "", True), ("facility", "", True),
    ("line", "", False), ("group", "", False), ("plant", "plant.old.run", False),
])  # fmt: skip
def test_every_kind_of_advice_is_among_the_graded(
    golden_report: Report, kind: str, option: str, counts: bool
) -> None:
    """Parts, launches, cost work and loans count as plants do; what only follows does not."""
    ground = Confidence("well founded", 1, bases={"sourced": 2})
    action = Action("It is done.", kind, "x", "X", option, "Y1", "", ground)
    best = replace(golden_report.best, actions=(action,))
    said = Findings(replace(golden_report, best=best)).confidence()
    assert said.startswith("The one recommendation rests on sourced numbers alone") is counts
    assert ("grades none" in said) is not counts
