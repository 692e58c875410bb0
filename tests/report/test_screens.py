"""What a screen shows on paper, on a telephone and beside a bar: nothing lost or astray."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files

import pytest

from replant.plan import Planned
from replant.report import Report, render_html, verdict_lines
from replant.report.charts.cash import _ticks
from replant.report.charts.map import frame_of, labels_of
from replant.report.data import GONE, Confidence, PlantPath
from replant.report.findings import Findings
from replant.report.html import _by_kind
from replant.report.steps import Steps
from replant.report.timeline import Timeline
from replant.report.words import Wording
from tests.report.page import Page

pytestmark = pytest.mark.slow

STYLE = files("replant.report").joinpath("templates", "style.css").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(firm_report: Report) -> Page:
    return Page(render_html(firm_report))


def test_a_year_stands_where_its_last_figure_does(firm_report: Report) -> None:
    """Cash is drawn at the end of each period, so the mark of a year is the year's last day."""
    last = {time.fiscal_year: time.last_day for time in firm_report.times}
    for width in (360, 610):
        ticks = _ticks(firm_report.times, width)
        assert ticks.items() <= last.items()
        assert list(last)[-1] in ticks


def test_a_dot_is_nearer_to_its_place_than_its_name(firm_report: Report) -> None:
    """A list left of its place has its dots at its right end; nobody looks for India in Chad."""
    crowd = [
        PlantPath(name, name, "", "own", True, latitude, longitude, ("operate",), (1.0,))
        for name, latitude, longitude in (
            ("Chennai, a name of some length", 12.8, 80.0), ("Samut Prakan", 13.6, 100.6),
            ("Oppama", 35.3, 139.6), ("Cairo", 30.0, 31.0), ("Rosslyn", -25.6, 28.1),
        )
    ]  # fmt: skip
    labels = labels_of(crowd, frame_of(crowd))
    assert any(label.leftward for label in labels)
    for label in labels:
        if label.leftward or label.x >= label.at[0]:
            assert abs(label.dots - label.at[0]) < abs(label.texts - label.at[0])
        assert label.x <= label.dots <= label.x + label.width


def test_every_bar_of_an_offer_says_its_terms(firm_report: Report) -> None:
    """What does not fit into a bar stands beside it."""
    plan = firm_report.best
    lines = Timeline(plan, firm_report.times, Wording(firm_report.head.money))
    bars = {
        lane.name: segment.label or segment.beside
        for group in lines.groups() if group.name in ("Programmes", "Deals", "Property and stakes")
        for lane in group.lanes for segment in lane.segments
    }  # fmt: skip
    taken = [each for each in plan.offers if each.taken and each.kind != "fewer variants"]
    assert {each.name for each in taken} == set(bars)
    assert all(bars.values())


def test_steps_are_gathered_and_none_is_lost(firm_report: Report) -> None:
    actions = firm_report.best.actions
    found = [action for _, gathered in _by_kind(actions) for action in gathered]
    assert len(found) == len(actions)
    assert {id(each) for each in found} == {id(each) for each in actions}


def test_no_screen_hides_a_column() -> None:
    """A table that is too wide scrolls, with a hint; its columns are all there."""
    hidden = re.findall(r"([^{}]*nth-child[^{}]*)\{[^{}]*display:none", STYLE)
    assert hidden == []
    assert ".scroll.more::before" in STYLE


def test_the_best_plan_stands_first(page: Page, firm_report: Report) -> None:
    words = page.words
    start = words.index("plans side by side")
    places = [words.index(plan.name, start) for plan in firm_report.plans]
    assert places[-1] == min(places)


def test_paper_shows_or_names_what_is_folded(firm_report: Report) -> None:
    """What is not opened for the printer keeps its title, and says where it is."""
    html = render_html(firm_report)
    assert re.search(r'<details class="print"><summary>Every number by site', html)
    printed = STYLE[STYLE.index("@media print") :]
    assert "folded here" in printed
    assert not re.search(r"details:not\(\[open\]\)[^>{]*\{display:none", printed)


def test_on_paper_a_head_is_whole_and_stays_with_what_it_heads() -> None:
    """No title is split over two pages, none stands alone at the foot of one."""
    printed = STYLE[STYLE.index("@media print") :]
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", printed)
    for head in ("h2", "h3", "h4", "figcaption", ".head"):
        found = " ".join(body for names, body in rules if head in names.strip().split(","))
        assert "break-inside:avoid" in found, head
        assert "break-after:avoid" in found, head


def test_names_that_differ_at_their_end_stay_apart_in_the_terminal(firm_report: Report) -> None:
    """A name too long for its column is cut in the middle, and no two sites look the same."""
    site = firm_report.best.sites[0]
    names = [f"Research and development of the whole firm, {place}" for place in ("Asia", "Japan")]
    sites = tuple(replace(site, name=name) for name in names)
    report = replace(firm_report, best=replace(firm_report.best, sites=sites))
    told = verdict_lines(report, 90)
    cut = [line for line in told if line.startswith("Research")]
    assert len({line[:24].partition("  ")[0] for line in cut}) == len(cut) == 2
    assert all("…" in line for line in cut)
    assert max(map(len, told)) <= 90


def test_credit_lines_that_come_and_go_are_said(firm_report: Report) -> None:
    """The firm's line of 150 is there from the start and ends before the horizon."""
    note = "Credit lines of ¥150.0bn count from the start"
    assert firm_report.best.cash.lines_note == f"{note}; ¥150.0bn of them end in March 2028"
    assert note in " ".join(" ".join(verdict_lines(firm_report)).split())


def test_people_without_work_are_counted_in_years(firm_report: Report) -> None:
    """Who is idle at the end was so for a while; who never is says nothing."""
    best = firm_report.best
    for site in best.sites:
        assert site.idle_years >= -1e-6
        if site.idle > 0.5:
            assert site.idle_years > 0
    calm = tuple(replace(site, idle_years=0.0) for site in best.sites)
    idle = (replace(calm[0], idle_years=12.0, moved_out=5.0), *calm[1:])
    told = Findings(replace(firm_report, best=replace(best, sites=idle)))
    assert "12 person-years are paid without a workplace" in told.without_work()
    assert told.moved().startswith(tuple("123456789"))
    still = Findings(replace(firm_report, best=replace(best, sites=calm)))
    assert still.without_work() == ""


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (("operate", "sold", "sold"), ("Sell running", "Works from {1}")),
        (("wind_down", "closed", "sold"), ("Close", "Works from {1}")),
        (("wind_down", "mothballed", "closed"), ("Mothball", "Works from {1}")),
        (("closed", "closed", "closed"), ("Close", "Works at once")),
    ],
)
def test_a_plant_that_stops_stands_under_the_way_it_stops(
    firm_report: Report, states: tuple[str, ...], told: tuple[str, str]
) -> None:
    plant = PlantPath("w", "Works", "", "own", True, None, None, states, (0.0,) * 3)
    plan = replace(firm_report.best, plants=(plant,), offers=())
    lines = Steps(plan, firm_report.times[:4], Wording("¥bn")).lines()
    periods = [time.id for time in firm_report.periods]
    assert lines[0] == (told[0], told[1].format(*periods))


def test_a_mothballed_plant_that_closes_later_is_told_twice(firm_report: Report) -> None:
    """When it rests and when it is gone for good are two dates, and both are said."""
    states = ("wind_down", "mothballed", "closed")
    plant = PlantPath("w", "Works", "", "own", True, None, None, states, (0.0,) * 3)
    plan = replace(firm_report.best, plants=(plant,), offers=())
    lines = Steps(plan, firm_report.times[:4], Wording("¥bn")).lines()
    rests, gone = (time.id for time in firm_report.periods[1:3])
    assert lines[:2] == (
        ("Mothball", f"Works from {rests}"),
        ("Close", f"Works, mothballed before, from {gone}"),
    )


def test_what_other_firms_did_is_called_a_precedent(firm_report: Report) -> None:
    """A claim on another firm is told as what it is."""
    best = firm_report.best
    place, action = next(
        (place, each) for place, each in enumerate(best.actions)
        if each.decides and each.confidence.claims
    )  # fmt: skip
    claim = replace(action.confidence.claims[0], precedent=True)
    founded: Confidence = replace(action.confidence, claims=(claim,))
    actions = list(best.actions)
    actions[place] = replace(action, confidence=founded)
    told = replace(firm_report, best=replace(best, actions=tuple(actions)))
    assert f"{claim.status}, a precedent:" in render_html(told)
    assert ", a precedent:" not in render_html(firm_report)


def test_shifts_that_end_with_their_plant_are_not_told(
    firm: tuple[Planned, dict[str, Planned]], firm_report: Report
) -> None:
    """The end of the plant is told; that no shift works there any more goes without saying."""
    periods = [time.id for time in firm_report.periods]
    gone = {
        (plant.id, period)
        for plant in firm_report.best.plants
        for period, state in zip(periods, plant.states, strict=False)
        if state in GONE[1:]
    }
    ending = [
        each
        for each in firm[0].sentences()
        if " works no shift " in each.text
        and (each.subject.removeprefix("plant."), each.period) in gone
    ]
    assert ending
    assert not {each.text for each in ending} & {each.text for each in firm_report.best.actions}
