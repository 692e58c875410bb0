"""Programmes: started once or never, paid by calendar, charged and earning from production on."""

from __future__ import annotations

from pathlib import Path

import pytest

from replant.case import Case
from replant.decisions import platform, programme
from replant.plan import assemble
from replant.rules import value
from tests.decisions.people_case import chosen, firm, plan, said

MODULE = programme.MODULE
HEADING = (
    "id,name,model,investment,investment_life_months,development,spent,lead_months,"
    "earliest,latest,benefit,people\n"
)


def case_with(folder: Path, *rows: str, **tables: str) -> Case:
    return firm(folder, programmes=HEADING + "\n".join(rows) + "\n", **tables)


def test_a_case_without_programmes_gets_nothing(tmp_path: Path) -> None:
    case = firm(tmp_path)
    assert not MODULE.applies(case)


def test_a_programme_goes_ahead_when_it_earns_more_than_it_costs(tmp_path: Path) -> None:
    """Two years of 12 pay for 20, two years of 9 do not: the second is stopped."""
    case = case_with(tmp_path, "good,Good,,20,24,0,,12,,,12,0", "bad,Bad,,20,24,0,,12,,,9,0")
    done = plan(case, MODULE)
    assert chosen(done, "programme.start") == {"good,y0": 1.0}
    assert done.program.objective @ done.values == pytest.approx(4.0)
    assert done.verification.breaches == ()
    assert float(done.verification.value) == pytest.approx(4.0)


def test_a_programme_starts_at_most_once(tmp_path: Path) -> None:
    case = case_with(tmp_path, "gift,,,0,12,0,,0,,,5,0")
    program = assemble(case, modules=(MODULE, value.MODULE))
    row = program.rows.find("programme.once[gift]")
    assert (program.rows.lower[row], program.rows.upper[row]) == (-float("inf"), 1.0)
    assert len(program.row_entries(row)) == 3
    assert chosen(plan(case, MODULE), "programme.start") == {"gift,y0": 1.0}


def test_starts_keep_their_window_and_periods_without_decisions(tmp_path: Path) -> None:
    periods = (
        "id,start,months,fiscal_year,decisions\ny0,2025-04-01,12,FY2025,yes\n"
        "y1,2026-04-01,12,FY2026,no\ny2,2027-04-01,12,FY2027,yes\n"
        "y3,2028-04-01,12,FY2028,yes\n"
    )
    case = case_with(
        tmp_path, "late,,,1,12,0,,0,2026-01-01,2028-03-31,0,0", "shut,,,1,12,0,,0,2040-01-01,,0,0",
        periods=periods,
    )  # fmt: skip
    program = assemble(case, modules=(MODULE, value.MODULE))
    assert list(program.columns.labels) == ["programme.start[late,y2]"]
    assert program.options["programme.shut"].constant == 0.0


def test_money_falls_by_calendar_and_the_charge_from_production_on(tmp_path: Path) -> None:
    """Half at once and half a year later; written off over 24 months from y1; R&D as paid."""
    case = case_with(
        tmp_path, "one,,,40,24,10,spread,12,,2025-04-01,100,0",
        calendars="id,months,share\nspread,0,0.5\nspread,24,0.5\n",
    )  # fmt: skip
    done = plan(case, MODULE)
    ledger = done.rows["ledger"]
    assert ledger["ppe", "now"] == pytest.approx(20.0)
    assert ledger["ppe", "y1"] == pytest.approx(20.0 - 20.0)
    assert ledger["depreciation", "y1"] == pytest.approx(20.0)
    assert ledger["depreciation", "y2"] == pytest.approx(20.0)
    assert ledger["rd", "now"] == pytest.approx(5.0)
    assert ledger["rd", "y1"] == pytest.approx(5.0)
    assert ledger["other_operating", "y1"] == pytest.approx(-100.0)
    assert done.row("recurring", "y2") == pytest.approx(100.0)
    assert done.verification.breaches == ()


def test_what_is_paid_after_the_horizon_is_beyond(tmp_path: Path) -> None:
    """A late start is not cheaper because its bill comes after the last period."""
    case = case_with(
        tmp_path, "one,,,40,24,10,later,0,2027-04-01,2027-04-01,100,0",
        calendars="id,months,share\nlater,0,0.25\nlater,18,0.75\n",
    )  # fmt: skip
    done = plan(case, MODULE)
    assert chosen(done, "programme.start") == {"one,y2": 1.0}
    assert done.row("beyond") == pytest.approx(37.5)
    assert done.verification.breaches == ()


def test_renewal_and_people_follow_the_start(tmp_path: Path) -> None:
    """People are busy until production; the model is renewed from then on, and stays so."""
    case = case_with(
        tmp_path, "leaf,,leaf,5,12,0,,24,,2025-04-01,100,300", models="id,segment\nleaf,compact\n"
    )
    done = plan(case, MODULE)
    busy = done.rows["rd_people_used"]
    assert {period: busy[period,] for period in ("y0", "y1")} == {"y0": 300.0, "y1": 300.0}
    assert ("y2",) not in busy
    assert {labels: number for labels, number in done.rows["renewed"].items() if number} == {
        ("leaf", "y2"): 1.0
    }


def test_the_choice_is_told_with_its_amounts_and_cells(tmp_path: Path) -> None:
    case = case_with(tmp_path, "leaf,Next Leaf,,20,24,2,,12,,,15,0")
    (sentence,) = said(plan(case, MODULE), MODULE)
    assert sentence.text == (
        "Next Leaf starts at the start of y0, in production from y1: "
        "investment 20.0 ¥bn, development 2.0 ¥bn, benefit 15.0 ¥bn a year."
    )
    assert (sentence.option, sentence.period) == ("programme.leaf", "y0")
    assert any(cell.column == "investment" for cell in sentence.cells)


def test_a_model_that_is_still_sold_is_renewed_for_ever(tmp_path: Path) -> None:
    """Of two models with a cycle, the one that is ended by then costs nothing beyond the horizon.

    Neither is renewed within the horizon: what is offered for ever needs a renewal in any case.
    """
    case = firm(
        tmp_path,
        valuation="id,discount_rate,terminal_share\nbase,0.1,1\n",
        models="id,segment,can_end\nlives,a,no\nends,b,yes\n",
        programmes="id,model,investment,development,cycle_months,latest\n"
        "a,lives,40,20,48,2020-01-01\nb,ends,400,200,48,2020-01-01\n",
    )
    done = plan(case, platform.MODULE, MODULE)
    year = done.rows["terminal_year"]
    assert year["investment",] == pytest.approx(-10.0)
    assert year["development",] == pytest.approx(-5.0)
    assert done.verification.breaches == ()
    assert [each.split(",")[0] for each in chosen(done, "platform.end_model")] == ["ends"]
