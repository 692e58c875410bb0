"""A decision that nobody wrote a report for is told wherever the others are.

The newcomer is two files and a table, as CONTRIBUTING.md asks for; nothing of the report is told of
it. A grant of 12 for 0.5 a year turns the golden case over; a second grant is left.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import replant.decisions
import replant.verify
from replant.case import read
from replant.module import discover, row_classes
from replant.plan import Planned, make_plan
from replant.report import Report, build_report, render_html, summary, verdict_lines
from replant.report.besides import PLACED
from replant.report.tables import write_tables
from replant.report.timeline import Timeline
from replant.report.words import Wording
from replant.verify.evaluate import twins
from tests.report.page import Page

HERE = Path(__file__).parent / "newcomer"
SAID = "Grant for new jobs of ¥12.0bn is taken in Y1"


@pytest.fixture(scope="module")
def discovered() -> Iterator[None]:
    """Put the newcomer where modules and their twins are found."""
    with pytest.MonkeyPatch.context() as patch:
        for room in (replant.decisions, replant.verify):
            place = HERE / room.__name__.rpartition(".")[2]
            patch.setattr(room, "__path__", [*room.__path__, str(place)])
        discover.cache_clear()
        twins.cache_clear()
        yield
    discover.cache_clear()
    twins.cache_clear()


@pytest.fixture(scope="module")
def plan(discovered: None, cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Planned:
    folder = tmp_path_factory.mktemp("newcomer") / "case"
    shutil.copytree(cases / "golden-g1", folder)
    shutil.copy(HERE / "tables" / "grants.csv", folder / "tables")
    return make_plan(read(folder, row_classes()))


@pytest.fixture(scope="module")
def report(plan: Planned) -> Report:
    return build_report(plan, {})


def test_the_newcomer_is_planned_and_verified(plan: Planned):
    """It is a whole decision: the plan takes it, and its twin confirms every figure."""
    assert plan.verification.ok, plan.verification.sentences()
    assert any(label.startswith("grant.take[jobs,") for label in plan.taken)


def test_the_first_page_names_it(report: Report):
    """It stands in "What to do", under its name, before anything is opened."""
    assert dict(report.steps)["Grant"] == SAID[:1].lower() + SAID[1:]
    page = Page(render_html(report)).words
    first = page[page.index("What to do") : page.index("how sure")]
    assert f"Grant {SAID[:1].lower() + SAID[1:]}." in first


def test_the_terminal_names_it_twice(report: Report):
    """Once in short, once among what is to be done one by one."""
    lines = " ".join(" ".join(verdict_lines(report, 100)).split())
    short, each = lines.split("What to do, one by one")
    assert f"- Grant: {SAID[:1].lower() + SAID[1:]}." in short.split("In short")[1]
    assert f"- {SAID}." in each


def test_the_timeline_has_a_lane_for_it(report: Report):
    """Under its title, by the name of its row, from the period in which it is taken."""
    groups = Timeline(report.best, report.times, Wording("¥bn")).groups()
    lanes = next(group.lanes for group in groups if group.name == "Grant")
    assert [lane.name for lane in lanes] == ["Grant for new jobs"]
    (bar,) = lanes[0].segments
    assert (bar.left, bar.width, bar.label, bar.title) == (0.0, 100.0, "taken", f"{SAID}.")


def test_it_counts_as_a_decision_and_as_an_offer(report: Report, plan: Planned):
    """The grant that is left stands among the offers too, not taken."""
    decided = [each for each in report.best.actions if each.decides]
    assert "grant.jobs" in {each.option for each in decided}
    offers = {each.id: each.taken for each in report.best.offers if each.kind == "grant"}
    assert offers == {"grant.jobs": True, "grant.wind": False}
    graded = Page(render_html(report)).words.split("How sure are we")[1]
    assert f"Grant {SAID}." in graded


def test_programs_and_tables_name_it(report: Report, plan: Planned, tmp_path: Path):
    """In the summary that programs read, and in the table of the offers."""
    (said,) = summary(report)["besides"]["Grant"]
    assert (said["option"], said["period"], said["text"]) == ("grant.jobs", "Y1", f"{SAID}.")
    write_tables(plan, tmp_path, "plan")
    rows = (tmp_path / "plan_deals.csv").read_text(encoding="utf-8").splitlines()
    assert "grant,grant.jobs,Grant for new jobs is taken,,yes,Y1," in rows


def test_a_title_of_its_own_is_used(plan: Planned, monkeypatch: pytest.MonkeyPatch):
    """A module that says its ``title`` is told under it."""
    module = next(each for each in discover() if each.name == "grant")
    monkeypatch.setattr(type(module), "title", "Public money", raising=False)
    assert "Public money" in dict(build_report(plan, {}).steps)


def test_what_has_a_place_of_its_own_is_a_module():
    """No name of the list is of a module that is gone."""
    assert {module.name for module in discover()} >= PLACED
