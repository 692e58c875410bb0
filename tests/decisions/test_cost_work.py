"""Cost work: people fill the steps that save most, and savings follow after the lag."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from math import exp, log
from pathlib import Path

import pytest

from replant.decisions import cost_work, programme, workforce
from replant.errors import ModuleError, UnknownLabel
from replant.kernel import Program
from replant.plan import assemble
from replant.rules import value
from tests.decisions.people_case import chosen, firm, plan, said

MODULE = cost_work.MODULE
HEADING = "id,project,people,saving_per_person,lag_months,earliest\n"
ONE_YEAR = "id,start,months,fiscal_year\ny0,2025-04-01,12,FY2025\n"
PEOPLE = "id,function,count,pay,can_hire,can_dismiss\n"


def test_a_case_without_cost_work_gets_nothing(tmp_path: Path) -> None:
    assert not MODULE.applies(firm(tmp_path))


def test_savings_come_after_the_lag_and_none_after_the_horizon(tmp_path: Path) -> None:
    """Work of y0 saves in y1; work of y2 would save after the plan, so the plan has no use."""
    case = firm(tmp_path, cost_work=HEADING + "s1,body,100,8,12,\n")
    done = plan(case, MODULE)
    saved = [-done.row("ledger", "variable_cost", f"y{year}") for year in range(3)]
    assert saved == pytest.approx([0.0, 0.8, 0.8])
    assert done.verification.breaches == ()


QUARTERS = (
    "id,start,months,fiscal_year\nq1,2025-04-01,3,FY2025\nq2,2025-07-01,3,FY2025\n"
    "q3,2025-10-01,3,FY2025\nh2,2026-01-01,6,FY2026\ny3,2026-07-01,12,FY2027\n"
)


def months_saved(program: Program, lengths: Mapping[str, int]) -> dict[str, dict[str, float]]:
    """Return the months of saving by the period of the work and the period that saves."""
    found: dict[str, dict[str, float]] = {name: {} for name in lengths}
    for period in lengths:
        with suppress(UnknownLabel):  # nothing is saved there
            for entry in program.stream_entries("ledger", account="variable_cost", time=period):
                worked = entry.column.removeprefix("cost_work.assign[s1,").removesuffix("]")
                found[worked][period] = -entry.coefficient * 12000 / 8
    return found


def test_work_saves_month_for_month_after_its_lag(tmp_path: Path) -> None:
    """Whatever the lengths of periods, a month of work is followed by a month of saving."""
    lengths = {"q1": 3, "q2": 3, "q3": 3, "h2": 6, "y3": 12}
    case = firm(tmp_path, periods=QUARTERS, cost_work=HEADING + "s1,body,100,8,5,\n")
    found = months_saved(assemble(case, modules=(MODULE, value.MODULE)), lengths)
    assert found["q1"] == pytest.approx({"q2": 1, "q3": 2})
    assert found["q2"] == pytest.approx({"q3": 1, "h2": 2})
    assert found["q3"] == pytest.approx({"h2": 3})
    assert found["h2"] == pytest.approx({"h2": 1, "y3": 5})
    assert found["y3"] == pytest.approx({"y3": 7})


def test_a_quarter_of_work_never_saves_for_a_year(tmp_path: Path) -> None:
    """Where quarters are followed by years, each quarter saves its own three months."""
    lengths = {"q1": 3, "q2": 3, "q3": 3, "h2": 6, "y3": 12}
    case = firm(tmp_path, periods=QUARTERS, cost_work=HEADING + "s1,body,100,8,12,\n")
    found = months_saved(assemble(case, modules=(MODULE, value.MODULE)), lengths)
    for name, saved in found.items():
        assert sum(saved.values()) <= lengths[name] + 1e-9
    assert found["q1"] == pytest.approx({"h2": 3})
    assert found["q2"] == pytest.approx({"y3": 3})


def test_beyond_the_horizon_only_those_still_at_work_save(tmp_path: Path) -> None:
    """What goes on is the work of the last period, not what earlier work saves in it."""
    case = firm(tmp_path, cost_work=HEADING + "s1,body,100,8,12,\n")
    program = assemble(case, modules=(MODULE, value.MODULE))
    going_on = {
        year: [entry.column for entry in program.stream_entries("recurring", time=year)]
        for year in ("y1", "y2")
    }
    assert going_on == {
        "y1": ["cost_work.assign[s1,y1]"],
        "y2": ["cost_work.assign[s1,y2]"],
    }


def test_people_work_from_the_earliest_date_whatever_the_period_decides(tmp_path: Path) -> None:
    periods = (
        "id,start,months,fiscal_year,decisions\ny0,2025-04-01,12,FY2025,yes\n"
        "y1,2026-04-01,12,FY2026,no\n"
    )
    case = firm(tmp_path, periods=periods, cost_work=HEADING + "s1,body,100,8,0,2026-04-01\n")
    done = plan(case, MODULE)
    assert chosen(done, "cost_work.assign") == pytest.approx({"s1,y1": 100.0})
    assert done.verification.breaches == ()


def test_steps_whose_saving_rises_are_refused(tmp_path: Path) -> None:
    """A solver would fill the second step first: the curve must be concave."""
    case = firm(tmp_path, cost_work=HEADING + "s1,body,10,8,0,\ns2,body,10,9,0,\n")
    with pytest.raises(ModuleError, match=r"s2.*saves more a person"):
        assemble(case, modules=(MODULE, value.MODULE))


# ── worked example 2: A = (60, 40), τ = (1,000, 500) ─────────────────────────────────────────────


def steps(project: str, most: float, scale: float, width: int, count: int) -> list[str]:
    """Return the curve most·(1 − e^(−people/scale)) as a table of steps, to six decimals."""
    rows = []
    for step in range(count):
        begin, end = step * width, (step + 1) * width
        saved = most * (exp(-begin / scale) - exp(-end / scale)) * 1000.0 / width
        rows.append(f"{project}{step},{project},{width},{saved:.6f},0,")
    return rows


CURVES = [*steps("body", 60.0, 1000.0, 4, 550), *steps("drive", 40.0, 500.0, 4, 300)]


def people_by_project(done: object) -> dict[str, float]:
    found = {"body": 0.0, "drive": 0.0}
    for label, people in chosen(done, "cost_work.assign").items():  # type: ignore[arg-type]
        found["body" if label.startswith("body") else "drive"] += people
    return found


def test_worked_example_shares_3000_people_at_equal_marginal_savings(tmp_path: Path) -> None:
    """1,904 and 1,096 people save 86.6; the last one saves 8.9 million a year."""
    case = firm(
        tmp_path,
        periods=ONE_YEAR,
        cost_work=HEADING + "\n".join(CURVES) + "\n",
        people=PEOPLE + "engineers,rd,3000,10,no,no\n",
    )
    done = plan(case, MODULE, workforce.MODULE)
    people = people_by_project(done)
    assert people["body"] == pytest.approx(1904.0, abs=4.0)
    assert people["drive"] == pytest.approx(1096.0, abs=4.0)
    assert sum(people.values()) == pytest.approx(3000.0)
    assert -done.row("ledger", "variable_cost", "y0") == pytest.approx(86.59, abs=0.01)
    assert done.verification.breaches == ()


def test_worked_example_the_last_person_saves_8_9_million_a_year(tmp_path: Path) -> None:
    """Twenty people more than 3,000 save 8.9 million a year each, whichever project they go to."""
    saved = []
    for count in (3000, 3020):
        (tmp_path / str(count)).mkdir()
        case = firm(
            tmp_path / str(count),
            periods=ONE_YEAR,
            cost_work=HEADING + "\n".join(CURVES) + "\n",
            people=PEOPLE + f"engineers,rd,{count},10,no,no\n",
        )
        done = plan(case, MODULE, workforce.MODULE)
        assert done.verification.breaches == ()
        saved.append(-done.row("ledger", "variable_cost", "y0"))
    assert 1000.0 * (saved[1] - saved[0]) / 20 == pytest.approx(8.9, abs=0.05)


def test_worked_example_moves_2831_people_when_a_person_costs_ten_million(tmp_path: Path) -> None:
    """Those whose work would save less than their pay are not moved: here they are not hired."""
    case = firm(
        tmp_path,
        periods=ONE_YEAR,
        cost_work=HEADING + "\n".join(CURVES) + "\n",
        people=PEOPLE + "engineers,rd,0,10,yes,no\n",
    )
    done = plan(case, MODULE, workforce.MODULE)
    exact = 1000.0 * log(6.0) + 500.0 * log(8.0)
    assert exact == pytest.approx(2831.5, abs=0.1)
    assert sum(people_by_project(done).values()) == pytest.approx(exact, abs=8.0)
    assert done.verification.breaches == ()


def test_each_project_is_told_once(tmp_path: Path) -> None:
    case = firm(tmp_path, cost_work=HEADING + "s1,body,100,8,12,\ns2,body,50,4,12,\n")
    (sentence,) = said(plan(case, MODULE), MODULE)
    assert sentence.text == (
        "Up to 150 R&D people work on body from y0 to y1; at the most they save "
        "1.0 ¥bn a year 12 months later."
    )
    assert (sentence.period, sentence.until) == ("y0", "y1")


def test_a_programme_takes_the_people_who_would_do_cost_work(tmp_path: Path) -> None:
    """Sixty of a hundred are busy for two years: the best steps keep the other forty."""
    case = firm(
        tmp_path,
        cost_work=HEADING + "s1,body,30,20,0,\ns2,body,70,9,0,\n",
        people=PEOPLE + "engineers,rd,100,6,no,no\n",
        programmes="id,people,lead_months,benefit,latest\nleaf,60,24,30,2025-04-01\n",
    )
    done = plan(case, MODULE, workforce.MODULE, programme.MODULE)
    people = chosen(done, "cost_work.assign")
    assert people == pytest.approx(
        {"s1,y0": 30.0, "s1,y1": 30.0, "s1,y2": 30.0, "s2,y0": 10.0, "s2,y1": 10.0, "s2,y2": 70.0}
    )
    assert done.verification.breaches == ()
