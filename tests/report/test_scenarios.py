"""The report of a plan with scenarios: expected values, each leaf beside them, the worst told."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replant.case import Case, read
from replant.module import row_classes
from replant.plan import Planned, comparator_choices, make_plan
from replant.report import Report, build_report, render_html, summary, verdict_lines, write_tables
from replant.report.charts.cash import cash_chart
from replant.report.charts.fan import FEW, percentile
from replant.report.data import CashPoint, SiteJobs
from replant.report.mean import mean
from tests.properties.leaves import weighted
from tests.properties.making import case_of, tables_of


@pytest.fixture(scope="module")
def case(cases: Path) -> Case:
    return read(cases / "golden-g1-scenarios", row_classes())


@pytest.fixture(scope="module")
def plans(case: Case) -> tuple[Planned, dict[str, Planned]]:
    nothing = make_plan(case, comparator_choices(case, "do_nothing"))
    return make_plan(case), {"do_nothing": nothing}


@pytest.fixture(scope="module")
def report(plans: tuple[Planned, dict[str, Planned]]) -> Report:
    return build_report(*plans)


@pytest.fixture(scope="module")
def page(report: Report) -> str:
    return render_html(report)


# -- what it says --------------------------------------------------------------------------------


def test_every_figure_is_the_mean_of_the_leaves(report: Report, plans) -> None:
    plan = report.best
    shares = [leaf.probability for leaf in plan.leaves]
    for place, point in enumerate(plan.cash.points):
        each = [leaf.cash.points[place].cash for leaf in plan.leaves]
        assert point.cash == pytest.approx(sum(p * c for p, c in zip(shares, each, strict=True)))
        assert point.floor == 40.0
    assert plan.value == pytest.approx(sum(leaf.probability * leaf.value for leaf in plan.leaves))
    receiver = next(plant for plant in plan.plants if plant.id == "receiver")
    assert receiver.made == pytest.approx((0.5 * 96 + 0.25 * 120,) * 5)
    best, _ = plans
    profit = plan.statements[0].line("Net income").amounts
    found = [leaf.plan.verification.books for leaf in best.leaves]
    for time, amount in zip(("now", "Y1", "Y2", "Y3", "Y4", "Y5"), profit, strict=True):
        each = [float(books.total("net_income", time)) for books in found]
        assert amount == pytest.approx(sum(p * x for p, x in zip(shares, each, strict=True)))


def test_statements_balance_and_say_who_booked_what(report: Report) -> None:
    profit, cash, balance = report.best.statements
    zipped = zip(
        *(balance.line(name).amounts for name in ("Assets", "Liabilities", "Equity")), strict=True
    )
    assert all(a == pytest.approx(o + e, abs=1e-9) for a, o, e in zipped)
    for line in (*profit.lines, *cash.lines):
        if line.account:
            booked = [sum(p.amounts[n] for p in line.postings) for n in range(6)]
            assert booked == pytest.approx(line.amounts, abs=1e-9)


def test_the_leaf_nearest_to_the_mean_is_shown(report: Report) -> None:
    """Mid is worth −5.1, the plan −11.1: nearer than −100.9 and 66.8."""
    shown = report.best.shown
    assert shown is not None
    assert (shown.id, len(shown.statements)) == ("mid", 3)
    assert all(not leaf.statements for leaf in report.best.leaves if leaf is not shown)
    last = shown.statements[1].line("Cash at the end").amounts[-1]
    assert last == pytest.approx(166.775)


def test_the_bridge_adds_up_over_the_scenarios(report: Report) -> None:
    (bridge,) = report.bridges
    assert bridge.start == pytest.approx(-93.4, abs=0.1)
    assert sum(step.amount for step in bridge.steps) == pytest.approx(bridge.total, abs=1e-9)
    assert all("without cash" not in step.name for step in bridge.steps)


def test_headroom_is_that_of_the_tightest_scenario(report: Report) -> None:
    tight, deep = report.best.tightest, report.best.deepest
    assert (tight.point.time, tight.scenario) == ("Y5", "Price war")
    assert tight.point.headroom == pytest.approx(6.775)
    assert deep.scenario == "Price war"
    assert report.best.cash.lowest.headroom > 60, "the mean hides it"
    assert report.nothing is not None
    breach = report.nothing.first_breach
    assert breach is not None
    assert (breach.point.time, breach.scenario) == ("Y2", "Price war")
    assert [leaf.id for leaf in report.nothing.short] == ["low", "mid"]


def test_the_page_tells_each_scenario(page: str) -> None:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "One plan, three scenarios" in text
    assert "The plan is worth −¥100.9bn in Price war (25 %) to ¥66.8bn in Recovery (25 %)" in (
        text.replace("\u2060", "")
    )
    assert "in two of three scenarios (75 %), from Y2, by up to ¥186.0bn" in text
    assert "The three statements in the scenario As today" in text
    assert 'href="#scenarios"' in page
    for name in ("Price war", "As today", "Recovery"):
        assert page.count(f">{name}</text>") == 2, "a line's name in the wide and the narrow chart"


def test_terminal_lines_fit_any_width(report: Report) -> None:
    for width in (60, 80, 100):
        lines = verdict_lines(report, width)
        assert max(len(line) for line in lines) <= width
    assert any(line.startswith("Price war") for line in lines)


def test_decisions_told_in_other_words_are_counted_once(case: Case) -> None:
    """What closing costs differs in a scenario: two sentences, one decision."""
    tables = tables_of(case)
    change = {"table": "plants", "id": "old", "column": "closure_cost", "action": "set"}
    tables["scenario_changes"].append({"scenario": "high", **change, "value": "61"})
    told = build_report(make_plan(case_of(tables)), {})
    closing = [each for each in told.best.actions if each.option == "plant.old.close"]
    assert [each.scenarios for each in closing] == [("low", "mid"), ("high",)]
    places = [told.best.actions.index(each) for each in closing]
    assert places[1] == places[0] + 1, "variants stand together"
    assert "Two decisions, both of them in Y1" in render_html(told)


# -- one leaf ------------------------------------------------------------------------------------


def test_one_scenario_gives_the_report_of_none(cases: Path, tmp_path: Path) -> None:
    """Every byte but the fingerprint of the case and the seconds."""
    golden = tables_of(read(cases / "golden-g1", row_classes()))
    pages, files = [], []
    for number, tables in enumerate((golden, weighted(golden, [("only", "1")]))):
        plan = make_plan(case_of(tables))
        told = build_report(plan, {})
        assert "scenarios" not in summary(told)
        told = replace(
            told,
            head=replace(told.head, fingerprint=""),
            method=replace(told.method, fingerprint="", seconds=0.0, checked=(), checks=0),
        )
        pages.append(render_html(told))
        write_tables(plan, tmp_path / str(number), "plan")
        written = sorted((tmp_path / str(number)).iterdir())
        files.append([(each.name, each.read_bytes()) for each in written])
    assert pages[0] == pages[1]
    assert files[0] == files[1]


# -- many leaves ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many(case: Case) -> Report:
    """Ten scenarios of the price, from 1.16 to 1.34."""
    tables = tables_of(case)
    tables = weighted(tables, [(f"s{number}", "0.1") for number in range(10)])
    tables["scenario_changes"] = [
        {
            "scenario": f"s{number}",
            "table": "prices",
            "id": "car/home",
            "column": "price",
            "action": "set",
            "value": f"{1.16 + 0.02 * number:.2f}",
        }
        for number in range(10)
    ]
    return build_report(make_plan(case_of(tables)), {})


def test_many_scenarios_are_a_band_with_its_middle(many: Report) -> None:
    assert len(many.best.leaves) == 10 > FEW
    chart = cash_chart(many, 610, 385)
    assert 'fill-opacity="0.18"' in chart or 'opacity="0.18"' in chart
    assert "Leaf s3" not in chart
    assert "the band holds four fifths of them" in render_html(many)


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.integers(1, 9)), min_size=1, max_size=9))
def test_a_percentile_is_exceeded_by_no_more_than_the_rest(pairs: list[tuple[float, int]]) -> None:
    total = sum(weight for _, weight in pairs)
    values, weights = [value for value, _ in pairs], [weight / total for _, weight in pairs]
    for share in (0.1, 0.5, 0.9):
        found = percentile(values, weights, share)
        below = sum(w for v, w in zip(values, weights, strict=True) if v < found)
        upto = sum(w for v, w in zip(values, weights, strict=True) if v <= found)
        assert found in values
        assert below < share + 1e-9
        assert upto >= share - 1e-9


# -- the mean of plain data ----------------------------------------------------------------------


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=4))
def test_the_mean_weighs_numbers_and_keeps_the_rest(numbers: list[float]) -> None:
    weights = [1 / len(numbers)] * len(numbers)
    points = [CashPoint("Y1", number, 40.0, 0.1) for number in numbers]
    found = mean([(point,) for point in points], weights)
    (point,) = found
    assert point.cash == pytest.approx(sum(numbers) / len(numbers), abs=1e-6)
    assert (point.time, point.floor, point.undrawn) == ("Y1", 40.0, 0.1), "to the last digit"


def test_the_mean_of_what_is_the_same_is_that() -> None:
    site = SiteJobs("Head office", "home", *(0.1 * number for number in range(9)))
    assert mean([site, site, site], [0.1, 0.2, 0.7]) is site


def test_each_leaf_s_rows_come_back_exactly(plans, tmp_path: Path) -> None:
    best, _ = plans
    write_tables(best, tmp_path, "plan")
    with (tmp_path / "plan_rows.csv").open(encoding="utf-8") as file:
        read_back = {
            (row["scenario"], row["stream"], row["labels"]): float(row["value"])
            for row in csv.DictReader(file)
        }
    assert read_back == {
        (leaf.name, stream, ";".join(labels)): value
        for leaf in best.leaves
        for stream, elements in leaf.plan.rows.items()
        for labels, value in elements.items()
    }
