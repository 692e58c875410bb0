"""The report of the hand-checkable golden case: every figure is known beforehand."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from replant.case import read
from replant.module import row_classes
from replant.plan import Planned, make_plan
from replant.report import Report, build_report, render_html, summary, verdict_lines, write_tables
from replant.units import Cell

Golden = tuple[Planned, dict[str, Planned]]


def test_cash_path_is_the_one_computed_by_hand(golden_report: Report) -> None:
    points = golden_report.best.cash.points
    assert [round(point.cash, 3) for point in points] == [
        104.0, 115.755, 127.51, 139.265, 151.02, 162.775,
    ]  # fmt: skip
    lowest = golden_report.best.cash.lowest
    assert (lowest.time, lowest.floor, round(lowest.margin, 3)) == ("now", 40.0, 64.0)


def test_doing_nothing_breaks_the_floor_in_year_three(golden_report: Report) -> None:
    nothing = golden_report.nothing
    assert nothing is not None
    breach = nothing.cash.first_breach
    assert breach is not None
    assert breach.time == "Y3"
    assert round(breach.margin, 3) == -22.0


def test_plants_and_offers(golden_report: Report) -> None:
    states = {plant.id: set(plant.states) for plant in golden_report.best.plants}
    assert states == {"old": {"closed"}, "receiver": {"operate"}}
    assert [(offer.id, offer.taken) for offer in golden_report.best.offers] == [
        ("hq_leaseback", True)
    ]
    assert golden_report.best.running == 1


def test_bridge_adds_up_and_books_nothing_between_groups(golden_report: Report) -> None:
    (bridge,) = golden_report.bridges
    assert bridge.total == pytest.approx(-5.082263626 + 95.825, abs=1e-3)
    assert sum(step.amount for step in bridge.steps) == pytest.approx(bridge.total, abs=1e-9)
    assert all("without cash" not in step.name for step in bridge.steps)


def test_statements_balance_in_every_column(golden_report: Report) -> None:
    profit, cash, balance = golden_report.best.statements
    zipped = zip(
        balance.line("Assets").amounts,
        balance.line("Liabilities").amounts,
        balance.line("Equity").amounts,
        strict=True,
    )
    assert all(a == pytest.approx(o + e, abs=1e-9) for a, o, e in zipped)
    assert cash.line("Cash at the end").amounts[-1] == pytest.approx(162.775)
    assert profit.line("Net income").years[0] == pytest.approx(-68 + 9.612142857)


def test_every_line_of_profit_is_the_sum_of_who_booked_it(golden_report: Report) -> None:
    for statement in golden_report.best.statements[:2]:
        for line in statement.lines:
            if line.account:
                booked = [sum(p.amounts[n] for p in line.postings) for n in range(6)]
                assert booked == pytest.approx(line.amounts, abs=1e-9)


def test_headline_and_verdict_say_it(golden_report: Report) -> None:
    assert golden_report.headline == (
        "Stop one of two plants, keep the other; worth ¥91bn more than doing nothing, and still "
        "−¥5bn"
    )
    said = " ".join(golden_report.verdict)
    assert "¥97.0bn" in dict(golden_report.steps)["Property and stakes"]
    assert "Doing nothing falls below the floor from Y3 on" in said
    assert "exact computation confirms every figure" in " ".join(golden_report.proof)
    assert golden_report.steps[:2] == (("Close", "Old plant at once"), ("Keep", "Receiving plant"))


def test_summary_is_json_with_the_main_figures(golden_report: Report) -> None:
    read = json.loads(json.dumps(summary(golden_report)))
    assert read["plants"]["old"]["Y1"] == "closed"
    (taken,) = read["properties"].items()
    assert taken[0] == "hq_leaseback"
    assert taken[1]["period"] == "Y1"
    assert taken[1]["terms"] == "¥97.0bn, rent ¥8.24bn a year for 5 years"
    assert read["cash"]["Y5"] == pytest.approx(162.775)
    assert read["verified"] is True
    assert read["comparators"]["do_nothing"]["first_breach"] == "Y3"


def test_terminal_lines_fit_any_width(golden_report: Report) -> None:
    for width in (60, 80, 100):
        lines = verdict_lines(golden_report, width)
        assert max(len(line) for line in lines) <= width
        assert "\x1b" not in "".join(lines)
    assert lines[0] == golden_report.headline


def test_rows_come_back_exactly(golden: Golden, tmp_path: Path) -> None:
    best, _ = golden
    write_tables(best, tmp_path / "tables", "plan")
    with (tmp_path / "tables" / "plan_rows.csv").open(encoding="utf-8") as file:
        read = {
            (row["stream"], tuple(row["labels"].split(";")) if row["labels"] else ()): float(
                row["value"]
            )
            for row in csv.DictReader(file)
        }
    assert read == {
        (stream, labels): value
        for stream, elements in best.rows.items()
        for labels, value in elements.items()
    }
    names = {path.name for path in (tmp_path / "tables").iterdir()}
    assert {"plan_statements.csv", "plan_cash.csv", "plan_plants.csv", "plan_actions.csv"} <= names


@pytest.mark.parametrize("first", ["=", "+", "-", "@"])
def test_no_cell_of_a_table_is_a_formula(cases: Path, tmp_path: Path, first: str) -> None:
    """A name that a spreadsheet would run stands behind a quotation mark; numbers stay numbers."""
    case = read(cases / "golden-g1", row_classes())
    name = f"{first}cmd|' /C calc'!A0"
    best = make_plan(case.replace_cells({Cell("plants", "old", "", "name"): name}))
    write_tables(best, tmp_path, "plan")
    seen = False
    for path in tmp_path.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for cell in (cell for row in csv.reader(file) for cell in row):
                seen = seen or cell.startswith(f"'{name}")
                if cell[:1] in ("=", "+", "-", "@"):
                    float(cell)
    assert seen


def test_what_is_not_there_is_a_dash_in_the_statements(golden_report: Report) -> None:
    """A line that nobody booked in a year shows a dash; a figure that rounds to 0.0 stays one."""
    page = render_html(golden_report).split('id="statements"')[1].split('id="method"')[0]
    amounts = [a for each in golden_report.best.statements for line in each.lines
               for a in line.years]  # fmt: skip
    assert any(abs(amount) < 1e-9 for amount in amounts)
    assert "<td>–</td>" in page
    assert "<td>0.0</td>" not in page


def test_two_reports_of_one_plan_differ_in_nothing(golden: Golden) -> None:
    best, others = golden
    assert render_html(build_report(best, others)) == render_html(build_report(best, others))


def test_a_report_without_comparators_still_reads(golden: Golden) -> None:
    report = build_report(golden[0], {})
    assert report.headline.endswith("never less than ¥64bn above the cash floor")
    assert "side by side" not in render_html(report)
    assert verdict_lines(report)
