"""What stands against a plan is said in words wherever its figures show it, and only there."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from replant.case import Case, read
from replant.module import row_classes
from replant.plan import Choices, Planned, make_plan
from replant.report import Report, build_report, render_html, summary, verdict_lines
from replant.report.data import PlanView, Stake, Tie
from replant.report.doubts import Doubts
from replant.report.what_if import what_if
from replant.report.words import Wording

Golden = tuple[Planned, dict[str, Planned]]


def said(report: Report, **changed: object) -> str:
    plan = replace(report.best, **changed)
    given = Doubts(plan, report.nothing, report.years, Wording(report.head.money), (), (), None)
    return " ".join(given.sentences())


def test_a_plan_below_zero_says_so_and_of_what_it_is_made(golden_report: Report) -> None:
    """The least loss is no gain; the parts that are told add up to the value."""
    best = golden_report.best
    assert sum(amount for _, amount in best.parts) == pytest.approx(best.value, abs=1e-9)
    assert "below zero, −¥5.1bn" in said(golden_report)
    assert "below zero" not in said(golden_report, value=5.0)


def test_debt_due_soon_after_the_horizon_is_said(golden_report: Report) -> None:
    assert "two years" not in said(golden_report)
    assert "¥7.0bn falls due within two years" in said(golden_report, due_soon=7.0)


def last_year(plan: PlanView, amounts: dict[str, float]) -> PlanView:
    """Return a plan with other amounts in the last year of its profit and loss account."""
    profit, *rest = plan.statements
    known = {line.name: line for line in profit.lines}
    some = next(iter(known.values()))
    for name, amount in amounts.items():
        line = replace(known.get(name, some), name=name)
        known[name] = replace(line, years=(*line.years[:-1], amount))
    return replace(plan, statements=(replace(profit, lines=tuple(known.values())), *rest))


@pytest.mark.parametrize(
    ("paid", "earned", "told"), [(-5, 4, True), (-3, 4, False), (0, -1, False)]
)
def test_interest_above_profit_is_said(
    golden_report: Report, paid: float, earned: float, told: bool
) -> None:
    lines = {"Interest": paid, "Automotive operating profit": earned}
    plan = last_year(golden_report.best, lines)
    assert ("is more than the" in said(golden_report, statements=plan.statements)) is told


@pytest.mark.parametrize(("revenue", "told"), [(9_999.0, True), (99.0, False)])
def test_next_to_no_headroom_is_said(golden_report: Report, revenue: float, told: bool) -> None:
    """Headroom of 64 is plenty for a firm that sells 99 and next to nothing for one of 9,999."""
    plan = last_year(golden_report.best, {"Revenue": revenue})
    assert ("above the cash floor" in said(golden_report, statements=plan.statements)) is told


def test_a_gain_that_lies_after_the_horizon_is_said(golden_report: Report) -> None:
    assert golden_report.nothing is not None
    gain = golden_report.best.value - golden_report.nothing.value
    later = [(name, gain / 2 if name == "after the horizon" else 0.0)
             for name, _ in golden_report.best.parts]  # fmt: skip
    assert "(50 %) comes after Y5" in said(golden_report, parts=tuple(later))
    assert "comes after" not in said(golden_report)


def test_the_ground_it_stands_on_is_said(golden_report: Report) -> None:
    """Assumptions, the largest range and the worst year foretold stand in one sentence."""
    stake = Stake("Prices, price", "", "estimated", 7, 9.0, -6.0, 5.0, "")
    tie = Tie("automotive_operating_profit", "Y0", 10.0, 14.0, 4.0, "money", None)
    fitted = replace(tie, within=True, difference=99.0)
    given = Doubts(
        replace(golden_report.best, value=1.0), None, golden_report.years,
        Wording("¥bn"), (stake,), (tie, fitted), 0.87,
    )  # fmt: skip
    text = given.sentences()[-1]
    assert "87 % of the case's numbers" in text
    assert "(prices, price) alone moves value by −¥6.0bn to +¥5.0bn" in text
    assert "Y0, foretold and not fitted, misses automotive operating profit by ¥4.0bn" in text


def test_a_site_that_dismisses_and_hires_is_said(firm_report: Report) -> None:
    """Only where both happen at one site, and for how many people in all."""
    calm = tuple(replace(site, dismissed=0.0) for site in firm_report.best.sites)
    both = (replace(calm[0], dismissed=7.0, hired=3.0), *calm[1:])
    assert "7 people are dismissed and 3 others hired" in said(firm_report, sites=both)
    assert "others hired" not in said(firm_report, sites=calm)


def test_a_comparator_that_is_not_proven_is_said(golden_report: Report) -> None:
    """A gain over a plan that may itself be far from the best of its kind is worth so much less."""
    assert golden_report.nothing is not None
    for gap, told in ((50.0, True), (0.1, False)):
        loose = replace(golden_report.nothing, gap=gap)
        given = Doubts(
            golden_report.best, loose, golden_report.years, Wording("¥bn"), (), (), None, (loose,)
        )
        assert ("proven to within ¥50.0bn only" in " ".join(given.sentences())) is told


def test_the_bound_is_never_said_to_be_verified(golden_report: Report) -> None:
    """Figures are confirmed in one sentence, and the bound is the solver's in another."""
    for sentence in golden_report.proof:
        assert not ("confirms" in sentence and "worth more" in sentence)
    text = " ".join(golden_report.proof)
    assert "By the solver's bound" in text
    assert "does not compute the bound again" in text


# -- what if -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bent(cases: Path) -> Report:
    sets = ("plants.old.closure_cost=30", "demand.car/home[*].volume=120")
    base, case = (read(cases / "golden-g1", row_classes(), sets=each) for each in ((), sets))
    choices = Choices(force=("facility.bond",), forbid=("property.*",))
    return build_report(make_plan(case, choices), {}, what_if=what_if(choices, sets, base))


PHRASES = (
    "facility.bond is forced",
    "property.* is forbidden",
    "plants.old.closure_cost is 30 instead of 60",
    "demand.car/home[*].volume is 120 instead of 96",
)


def test_a_plan_that_was_bent_says_so_everywhere(bent: Report) -> None:
    """The page, the terminal and json name each thing that was asked, and what stood before."""
    assert bent.what_if == PHRASES
    page = render_html(bent)
    terminal = " ".join(" ".join(verdict_lines(bent, 80)).split())
    assert json.loads(json.dumps(summary(bent)))["what_if"] == list(PHRASES)
    for phrase in PHRASES:
        assert phrase in page
        assert phrase in terminal
    assert re.search(r"<title>What if: ", page)


def test_the_best_of_a_bent_run_is_best_only_among_its_like(
    bent: Report, golden_report: Report
) -> None:
    assert "no other plan that keeps what was asked is worth more" in " ".join(bent.proof)
    free = " ".join(golden_report.proof)
    assert "what was asked" not in free
    assert golden_report.what_if == ()


def test_a_comparator_is_bent_by_the_case_alone(cases: Path) -> None:
    assert what_if(Choices(force=("a",), plan="announced"), ()) == ()


# -- without a floor -----------------------------------------------------------------------------


def without(case: Case, *tables: str) -> Case:
    return replace(case, tables={k: v for k, v in case.tables.items() if k not in tables})


def test_no_floor_is_spoken_of_where_none_is_given(cases: Path) -> None:
    """A case without liquidity bounds cash by nothing: no headroom can be boasted of."""
    case = without(read(cases / "golden-g1", row_classes()), "liquidity")
    report = build_report(make_plan(case), {})
    assert report.headline.endswith("with no cash floor given")
    text = " ".join(report.verdict)
    assert "No cash floor is given" in text
    assert "above the floor" not in text


# -- what was committed --------------------------------------------------------------------------


def test_plants_that_stop_anyway_are_told_apart(golden: Golden) -> None:
    """A plant that stops also when nothing is done is no advice of the plan."""
    best, others = golden
    assert "committed" not in build_report(best, others).headline
    same = build_report(best, {"do_nothing": best})
    assert "(one was committed before)" in same.headline
