"""The page of a firm with everything in it: plants, property, deals, people, evidence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

import pytest

from replant.plan import Planned
from replant.report import Report, render_html, verdict_lines
from replant.report.stake import assumptions_at_stake, moved_by, reached_by_cell
from replant.units import Cell
from replant.verify import evaluate
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
    words = page.words.replace("\u2060", "")  # it keeps a sign on the line of its amount
    places = [words.index(sentence) for sentence in firm_report.verdict]
    places += [words.index(text) for _, text in firm_report.steps]
    places += [words.index(sentence) for sentence in firm_report.doubts]
    assert places == sorted(places)
    assert words.index("Where and when", places[-1]) > places[-1]


def test_the_verdict_is_read_to_its_end(firm_report: Report, golden_report: Report) -> None:
    """The answer is at most four sentences' worth of paragraphs: what it is worth, cash, people."""
    for report in (firm_report, golden_report):
        assert 1 < len(report.verdict) <= 4
        assert not {*report.verdict} & {*report.doubts, *report.proof}


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


def _scaled(plan: Planned, cells: Iterable[Cell], factor: str) -> float:
    """By how much value moves in the exact engine, with cells scaled in the tables themselves."""
    rows = {cell: plan.case.row(cell.table, *cell.id.split("/")) for cell in cells}
    values = {
        cell: Fraction(row.quantity(cell.column).value) * Fraction(factor)
        for cell, row in rows.items()
    }
    changed = plan.case.replace_cells(values)
    return float(evaluate(changed, plan.decisions).value) - plan.value


def test_what_a_cell_carries_is_the_difference_that_verify_finds(
    firm: tuple[Planned, dict[str, Planned]],
) -> None:
    """The figure of the report is a finite difference of the exact engine, at every end."""
    best, _ = firm
    every = {each.name: each for each in assumptions_at_stake(best, most=99)}
    lines = [row.id for row in best.case.rows("lines")]
    cells = [Cell("lines", line, "", "unit_cost") for line in lines]
    cost = every["Lines, unit cost"]
    assert cost.numbers <= len(cells)
    assert cost.carried / 100 == pytest.approx(_scaled(best, cells, "1.01"), rel=1e-9)
    bolt = Cell("prices", "bolt/us", "", "price")
    moved = evaluate(best.case.replace_cells({bolt: Fraction("3.2")}), best.decisions).value
    assert moved_by(best, {bolt: Fraction("3.2")}) == pytest.approx(float(moved) - best.value)
    assert min(each.low for each in every.values() if each.low is not None) < 0


def test_cells_that_are_added_carry_no_more_together_than_their_sum(
    firm: tuple[Planned, dict[str, Planned]],
) -> None:
    """A unit costs `unit_cost` plus `unit_cost_home`: each carries its own part of it.

    What the two carry adds up to what scaling both moves; where tax bends, within its bend.
    """
    best, _ = firm
    every = {each.name: each for each in assumptions_at_stake(best, most=99)}
    parts = [every["Lines, unit cost"].carried, every["Lines, unit cost home"].carried]
    lines = [row.id for row in best.case.rows("lines")]
    cells = [Cell("lines", line, "", name) for line in lines for name in PARTS_OF_COST]
    assert all(parts)
    assert sum(parts) / 100 == pytest.approx(_scaled(best, cells, "1.01"), rel=0.02)
    reached = reached_by_cell(best)
    both = sum(reached.get(cell, 0.0) for cell in cells if cell.column == "unit_cost")
    assert abs(sum(parts)) < 1.1 * abs(both)
    assert abs(parts[0]) < abs(both)


PARTS_OF_COST = ("unit_cost", "unit_cost_home")


def test_terminal_says_the_same(firm_report: Report) -> None:
    lines = verdict_lines(firm_report, 90)
    assert lines[0] == firm_report.headline
    assert any("above the floor, ¥bn" in line for line in lines)
    assert sum("< lowest" in line for line in lines) == 1
    assert max(map(len, lines)) <= 90
