"""The page of a firm with everything in it: plants, property, deals, people, evidence."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from replant.plan import Planned
from replant.report import Report, render_html, verdict_lines
from tests.report.page import Page

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def html(firm_report: Report) -> str:
    return render_html(firm_report)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_the_page_is_whole(html: str, page: Page) -> None:
    assert page.wrong == []
    assert page.open == []
    assert len(html.encode()) < 3_000_000


def test_the_page_loads_nothing(html: str, page: Page) -> None:
    assert page.loads == []
    assert not re.search(r"https?://|@import|url\((?!#)", html)


def test_ids_are_unique_and_links_lead_somewhere(page: Page) -> None:
    assert [name for name, count in Counter(page.ids).items() if count > 1] == []
    assert {target.removeprefix("#") for target in page.targets} <= set(page.ids)


def test_the_verdict_is_the_first_thing_said(firm_report: Report, page: Page) -> None:
    words = page.words
    places = [words.index(sentence) for sentence in firm_report.verdict]
    assert places == sorted(places)
    assert words.index("Where and when", places[-1]) > places[-1]


def test_every_section_of_the_specification_is_there(page: Page) -> None:
    for words in (
        "plans side by side",
        "Own plants by state",
        "By account",
        "Can it be paid for",
        "Who is affected",
        "How sure are we",
        "Find out first",
        "Profit and loss",
        "Cash flow",
        "Balance sheet",
        "Verified",
        "Bound",
        "of |value − value of doing nothing|",
    ):
        assert words in page.words, words


def test_bridges_add_up(firm_report: Report) -> None:
    assert [bridge.base for bridge in firm_report.bridges] == ["do_nothing", "announced"]
    for bridge in firm_report.bridges:
        assert sum(step.amount for step in bridge.steps) == pytest.approx(bridge.total, abs=1e-6)
        for step in bridge.steps:
            if step.accounts:
                amount = sum(value for _, value in step.accounts)
                assert amount == pytest.approx(step.amount, abs=1e-9)


def test_people_are_counted_once(firm_report: Report) -> None:
    for site in firm_report.best.sites:
        left = site.attrition + site.voluntary + site.dismissed + site.taken_over + site.moved_out
        assert site.closing == pytest.approx(
            site.opening - left + site.moved_in + site.hired, abs=1e-6
        )
        assert site.kept == pytest.approx(site.opening - left, abs=1e-6)


def test_cash_flows_lead_from_point_to_point(firm_report: Report) -> None:
    for plan in firm_report.plans:
        for flow, point in zip(plan.cash.flows, plan.cash.points, strict=True):
            assert flow.closing == pytest.approx(point.cash, abs=1e-6)


def test_a_leaseback_is_graded_by_its_claims(firm_report: Report) -> None:
    actions = {action.option: action for action in firm_report.best.actions}
    graded = actions["property.headquarters_leaseback"].confidence
    assert {claim.id for claim in graded.claims} >= {"P1", "P2"}
    assert graded.weakest == "–"
    assert next(claim for claim in graded.claims if claim.id == "P1").conflicts == ("P2",)


def test_prices_with_a_range_are_the_largest_stake(firm_report: Report) -> None:
    first = firm_report.stakes[0]
    assert first.name == "Prices, price"
    assert first.numbers == 7
    assert first.swing is not None
    assert 0 < first.swing < first.carried


def test_value_carried_by_a_cell_is_what_scaling_it_moves(
    firm: tuple[Planned, dict[str, Planned]],
) -> None:
    """To first order: the exact engine, with one price higher, gives the same difference."""
    from fractions import Fraction

    from replant.report.figures import Figures
    from replant.report.stake import carried_by_cell
    from replant.units import Cell
    from replant.verify import evaluate

    best, _ = firm
    cell = Cell("people", "offices", "", "pay")
    carried = carried_by_cell(best.program, Figures(best).column_values)[cell]
    pay = best.case.row("people", "offices").pay
    dearer = best.case.replace_cells({cell: pay * Fraction(11, 10)})
    moved = float(evaluate(dearer, best.decisions).value) - best.value
    # tax follows from income by a maximum, so that only its part of the difference is left out
    assert moved == pytest.approx(carried / 10, rel=0.35)


def test_terminal_says_the_same(firm_report: Report) -> None:
    lines = verdict_lines(firm_report, 90)
    assert lines[0] == firm_report.headline
    assert any("above the floor, ¥bn" in line for line in lines)
    assert sum("< lowest" in line for line in lines) == 1
    assert max(map(len, lines)) <= 90
