"""People: stocks that balance, offers with a limit, moves, notice, and what they all cost."""

from __future__ import annotations

from math import exp
from pathlib import Path

import pytest

from replant.case import Case
from replant.decisions import cost_work, workforce
from replant.errors import Infeasible
from replant.plan import Planned, assemble
from replant.rules import limits, value
from replant.units import ONE, PEOPLE
from tests.decisions.people_case import Posts, chosen, firm, plan, said

MODULE = workforce.MODULE
FIVE_YEARS = "id,start,months,fiscal_year\n" + "\n".join(
    f"y{index},{2025 + index}-04-01,12,FY{2025 + index}" for index in range(5)
)
PLANT = {
    "countries": "id\njapan\n",
    "plants": "id,country\noppama,japan\n",
}
LIMIT = "id,stream,labels,lower,upper,sentence\n"


def people(folder: Path, columns: str, *rows: str, **tables: str) -> Case:
    return firm(
        folder, people=f"id,function,count,pay,{columns}\n" + "\n".join(rows) + "\n", **tables
    )


def heads(done: Planned, group: str) -> list[float]:
    return [done.row("heads", group, period.id) for period in done.case.periods]


# ── stocks ───────────────────────────────────────────────────────────────────────────────────────


def test_a_case_without_people_gets_nothing(tmp_path: Path) -> None:
    assert not MODULE.applies(firm(tmp_path))


def test_worked_example_attrition_leaves_2190_of_2400_after_three_years(tmp_path: Path) -> None:
    case = people(tmp_path, "attrition", "line,production,2400,6,0.03", periods=FIVE_YEARS)
    done = plan(case, MODULE)
    assert heads(done, "line")[0] == pytest.approx(2400.0)
    assert heads(done, "line")[3] == pytest.approx(2190.415, abs=0.001)
    assert done.row("exits", "line", "attrition", "y1") == pytest.approx(72.0)
    assert done.verification.breaches == ()


def test_attrition_runs_with_the_length_of_the_period_before(tmp_path: Path) -> None:
    periods = (
        "id,start,months,fiscal_year\nq1,2025-04-01,3,FY2025\nq2,2025-07-01,9,FY2025\n"
        "y1,2026-04-01,12,FY2026\n"
    )
    case = people(tmp_path, "attrition", "line,production,1000,6,0.04", periods=periods)
    assert heads(plan(case, MODULE), "line") == pytest.approx([1000.0, 990.0, 990.0 * 0.97])


def test_exits_by_kind_add_up_to_the_change_of_the_stock(tmp_path: Path) -> None:
    """Every kind at once: attrition, an offer, a dismissal, a move, a hire, a take-over."""
    case = people(
        tmp_path,
        "plant,attrition,can_dismiss,severance,notice_months,can_hire,hire_cost",
        "line,production,1000,6,oppama,0.03,yes,10,12,no,0",
        "other,admin,100,6,,0.02,no,0,0,yes,1",
        moves="id,from,to,cost,acceptance\nm,line,other,3,0.1\n",
        voluntary_offers="id,group,payment,take_up\nv,line,9,0.2\n",
        limits=LIMIT
        + "one,heads,line;y2,,300,Few stay.\ntwo,heads,other;y2,,200,No more.\n"
        + "three,exits,line;moved_out;y0,50,,Some move.\nfour,exits,other;hired;y1,7,,Some come.\n"
        + "five,exits,line;dismissed;y1,30,,Some are dismissed.\n",
        **PLANT,
    )
    taken = Posts("people_taken", PEOPLE, oppama={"y1": "25"})
    done = plan(case, MODULE, limits.MODULE, taken)
    kinds = ("attrition", "voluntary", "dismissed", "moved_out", "moved_in", "hired", "taken_over")
    sign = {"moved_in": 1.0, "hired": 1.0}
    for group, count in (("line", 1000.0), ("other", 100.0)):
        before = count
        for index, now in enumerate(heads(done, group)):
            exits = {kind: done.row("exits", group, kind, f"y{index}") for kind in kinds}
            assert all(number >= -1e-9 for number in exits.values())
            change = sum(sign.get(kind, -1.0) * number for kind, number in exits.items())
            assert now - before == pytest.approx(change, abs=1e-6)
            before = now
    for year in ("y0", "y1", "y2"):
        both = done.row("heads", "line", year) + done.row("heads", "other", year)
        assert done.row("people", year) == pytest.approx(both)
    everything = {
        kind: sum(done.row("exits", "line", kind, f"y{i}") for i in range(3)) for kind in kinds
    }
    assert everything["taken_over"] == pytest.approx(25.0)
    assert everything["dismissed"] >= 30.0
    assert everything["moved_out"] >= 50.0
    assert everything["voluntary"] > 0.0


def test_only_opening_an_offer_is_a_binary_and_every_column_is_bounded(tmp_path: Path) -> None:
    case = people(
        tmp_path, "can_dismiss,can_hire",
        "line,production,1000,6,yes,yes", "office,admin,10,5,no,no",
        moves="id,from,to,acceptance\nm,line,office,0.3\n",
        voluntary_offers="id,group,payment,take_up\nv,line,9,0.2\n",
    )  # fmt: skip
    columns = assemble(case, modules=(MODULE, value.MODULE)).columns
    names = {name for name, integer in zip(columns.names, columns.integer, strict=True) if integer}
    assert names == {"workforce.open"}
    assert columns.upper.max() < 1e6
    derived = {name for name, each in zip(columns.names, columns.derived, strict=True) if each}
    assert derived == {"workforce.heads"}


# ── worked example 6: offers and moves of the 2,190 ─────────────────────────────────────────────


def take_up(months: int) -> float:
    """Share that leaves on an offer of so many months' pay."""
    return 0.35 * (1.0 - exp(-0.06 * (months - 6)))


def two_thousand(folder: Path, *offers: int, **tables: str) -> Case:
    """2,190 people; 45 % would move far, 500 nearby; offers of so many months at 0.6 a month."""
    rows = [
        f"v{months},line,{0.6 * months:.1f},{take_up(months):.4f},,2025-04-01" for months in offers
    ]
    return people(
        folder,
        "minimum",
        "line,production,2190,7.2,0",
        "far,production,1000,7.2,0",
        "near,production,1000,7.2,0",
        moves="id,from,to,cost,acceptance,latest\n"
        "move,line,far,3,0.45,2025-04-01\nwalk,line,near,0,0.2283,2025-04-01\n",
        voluntary_offers="id,group,payment,take_up,earliest,latest\n" + "\n".join(rows) + "\n",
        **tables,
    )


def test_worked_example_at_24_months_506_leave_and_199_stay(tmp_path: Path) -> None:
    done = plan(two_thousand(tmp_path, 24), MODULE, minimise=("heads", "line", "y0"))
    flows = {kind: done.row("exits", "line", kind, "y0") for kind in ("voluntary", "moved_out")}
    assert flows["voluntary"] == pytest.approx(506.3, abs=0.3)
    assert flows["moved_out"] == pytest.approx(985.7 + 500.0, abs=0.3)
    assert heads(done, "line")[0] == pytest.approx(198.4, abs=0.2)
    assert done.row("ledger", "restructuring", "now") == pytest.approx(7.291 + 2.957, abs=0.005)
    assert done.verification.breaches == ()


@pytest.mark.parametrize(("months", "share"), [(24, 23.1), (36, 29.2), (48, 32.2)])
def test_worked_example_the_last_points_of_take_up_are_dear(
    tmp_path: Path, months: int, share: float
) -> None:
    """Of 2,190, 23.1 % leave on 24 months' pay, 29.2 % on 36, 32.2 % on 48: twice the pay."""
    done = plan(two_thousand(tmp_path, months), MODULE, minimise=("heads", "line", "y0"))
    left = done.row("exits", "line", "voluntary", "y0")
    assert 100 * left / 2190 == pytest.approx(share, abs=0.05)
    paid = done.row("ledger", "restructuring", "now") - 0.003 * 0.45 * 2190
    assert paid == pytest.approx(left * 0.6 * months / 1000, abs=0.005)


def test_worked_example_for_all_705_the_offer_must_be_48_months(tmp_path: Path) -> None:
    """The last points of take-up double what everyone gets: 20.3 for leavers, 3.0 for movers."""
    empty = LIMIT + "empty,heads,line;y0,,0,Nobody is left.\n"
    case = two_thousand(tmp_path, 24, 36, 48, limits=empty)
    done = plan(case, MODULE, limits.MODULE)
    assert set(chosen(done, "workforce.open")) == {"v48,y0"}
    assert done.row("exits", "line", "voluntary", "y0") == pytest.approx(704.7, abs=0.5)
    assert done.row("ledger", "restructuring", "now") == pytest.approx(23.25, abs=0.02)
    assert done.verification.breaches == ()


def test_worked_example_no_smaller_offer_empties_the_site(tmp_path: Path) -> None:
    empty = LIMIT + "empty,heads,line;y0,,0,Nobody is left.\n"
    with pytest.raises(Infeasible):
        plan(two_thousand(tmp_path, 24, 36, limits=empty), MODULE, limits.MODULE)


def test_a_group_gets_one_offer_in_a_fiscal_year(tmp_path: Path) -> None:
    """Two quarters share a year: a second opening must wait for the next."""
    periods = (
        "id,start,months,fiscal_year\nq1,2025-04-01,3,FY2025\nq2,2025-07-01,9,FY2025\n"
        "y1,2026-04-01,12,FY2026\n"
    )
    case = people(
        tmp_path, "minimum", "line,production,1000,6,0",
        periods=periods,
        voluntary_offers="id,group,payment,take_up\nv,line,1,0.2\nw,line,2,0.3\n",
    )  # fmt: skip
    program = assemble(case, modules=(MODULE, value.MODULE))
    row = program.rows.find("workforce.one_offer[line,FY2025]")
    assert sorted(entry.column for entry in program.row_entries(row)) == [
        f"workforce.open[{offer},{period}]" for offer in "vw" for period in ("q1", "q2")
    ]
    done = plan(case, MODULE, minimise=("heads", "line", "y1"))
    assert heads(done, "line")[2] == pytest.approx(1000.0 * 0.7 * 0.7)
    assert done.verification.breaches == ()


# ── what the work needs ──────────────────────────────────────────────────────────────────────────


def test_crews_are_hired_when_shifts_need_them(tmp_path: Path) -> None:
    """Two production groups of a plant man its shifts together."""
    case = people(
        tmp_path, "plant,can_hire,hire_cost", "line,production,200,6,oppama,yes,2",
        "paint,production,50,6,oppama,no,0", "office,admin,100,5,,no,0", **PLANT,
    )  # fmt: skip
    crew = Posts("crew_needed", PEOPLE, oppama={"y1": "330", "y2": "330"})
    done = plan(case, MODULE, crew, Posts("operating", ONE, oppama={"y1": "1", "y2": "1"}))
    assert chosen(done, "workforce.hire") == pytest.approx({"line,y1": 80.0})
    assert done.row("ledger", "labour", "y1") == pytest.approx(
        330 * 0.006 + 100 * 0.005 + 80 * 0.002
    )


def test_a_minimum_binds_while_the_plant_operates(tmp_path: Path) -> None:
    case = people(
        tmp_path, "plant,minimum,can_dismiss,severance", "site,site,100,6,oppama,60,yes,1", **PLANT
    )
    done = plan(case, MODULE, Posts("operating", ONE, oppama={"y0": "1", "y1": "1"}))
    assert heads(done, "site") == pytest.approx([60.0, 60.0, 0.0], abs=1e-3)


def test_the_r_and_d_pool_keeps_its_minimum_beside_all_that_draws_on_it(tmp_path: Path) -> None:
    """Two groups of a pool keep 150 together and lend the other 50, the cheaper ones first."""
    case = people(
        tmp_path, "minimum,can_dismiss,severance,pool",
        "design,rd,100,6,50,yes,0,labs", "test,rd,100,9,100,yes,0,labs",
        cost_work="id,project,people,saving_per_person\ns1,body,500,20\n",
    )  # fmt: skip
    done = plan(case, MODULE, cost_work.MODULE)
    assert done.row("rd_people_used", "y0") == pytest.approx(50.0)
    assert done.verification.breaches == ()


def researchers(folder: Path, pool: str) -> Planned:
    """Two groups of 100 that may be dismissed for nothing; the dearer one needs more people."""
    case = people(
        folder, "minimum,can_dismiss,severance,pool",
        f"design,rd,100,6,50,yes,0,{pool}", f"test,rd,100,9,100,yes,0,{pool}",
    )  # fmt: skip
    done = plan(case, MODULE)
    assert done.verification.breaches == ()
    return done


def test_a_group_keeps_its_own_minimum_unless_a_pool_says_otherwise(tmp_path: Path) -> None:
    """People elsewhere do not stand in for a group's own, except where a word says that they do."""
    for name in "ab":
        (tmp_path / name).mkdir()
    alone, pooled = researchers(tmp_path / "a", ""), researchers(tmp_path / "b", "labs")
    assert (heads(alone, "design")[2], heads(alone, "test")[2]) == pytest.approx((50.0, 100.0))
    assert (heads(pooled, "design")[2], heads(pooled, "test")[2]) == pytest.approx((100.0, 50.0))


def test_people_taken_over_leave_the_first_production_group(tmp_path: Path) -> None:
    case = people(
        tmp_path, "plant", "site,site,100,6,oppama", "line,production,200,6,oppama",
        "paint,production,50,6,oppama", **PLANT,
    )  # fmt: skip
    done = plan(case, MODULE, Posts("people_taken", PEOPLE, oppama={"y1": "120"}))
    assert heads(done, "line") == pytest.approx([200.0, 80.0, 80.0])
    assert heads(done, "paint") == heads(done, "paint")[:1] * 3
    assert done.row("exits", "line", "taken_over", "y1") == pytest.approx(120.0)


# ── money ────────────────────────────────────────────────────────────────────────────────────────


def test_dismissed_people_are_paid_until_they_go_and_their_severance_then(tmp_path: Path) -> None:
    """Notice of a year: the charge falls now, people and cash go a year later."""
    case = people(tmp_path, "can_dismiss,severance,notice_months", "line,production,100,6,yes,3,12")
    done = plan(case, MODULE)
    assert chosen(done, "workforce.dismiss") == pytest.approx({"line,y0": 100.0})
    assert heads(done, "line") == pytest.approx([100.0, 0.0, 0.0])
    ledger = done.rows["ledger"]
    assert ledger["restructuring", "now"] == pytest.approx(0.3)
    assert ledger["provisions", "now"] == pytest.approx(-0.3)
    assert ledger["provisions", "y0"] == pytest.approx(0.3)
    assert ledger["cash", "y0"] == pytest.approx(-0.6 - 0.3)
    assert done.row("taxable", "FY2025") == pytest.approx(-0.3)
    assert done.verification.breaches == ()


def test_nobody_is_dismissed_before_the_protection_ends_or_without_the_right(
    tmp_path: Path,
) -> None:
    case = people(
        tmp_path, "can_dismiss,protected_until", "line,production,100,6,yes,2026-04-02",
        "office,admin,100,6,no,",
    )  # fmt: skip
    assert chosen(plan(case, MODULE), "workforce.dismiss") == {"line,y2": 100.0}


def test_pay_of_r_and_d_is_r_and_d_cost_and_goes_on(tmp_path: Path) -> None:
    case = people(tmp_path, "minimum", "lab,rd,50,8,0", "line,production,100,6,0")
    done = plan(case, MODULE)
    assert done.row("ledger", "rd", "y0") == pytest.approx(0.4)
    assert done.row("ledger", "labour", "y0") == pytest.approx(0.6)
    assert done.row("recurring", "y2") == pytest.approx(-1.0)


def test_pay_and_severance_move_with_the_groups_currency(tmp_path: Path) -> None:
    case = people(
        tmp_path, "currency,can_dismiss,severance", "line,production,100,6,USD,yes,1",
        currencies="id,reference_rate\nUSD,150\n",
        exchange_rates="currency,period,rate\nUSD,y0,150\nUSD,y1,120\nUSD,y2,120\n",
    )  # fmt: skip
    program = assemble(case, modules=(MODULE, value.MODULE))
    (entry,) = program.stream_entries("ledger", account="labour", time="y1")
    assert entry.coefficient == pytest.approx(0.006 * 0.8)
    assert {cell.column for cell in entry.cells} == {"pay", "rate", "reference_rate"}
    (entry,) = program.stream_entries("ledger", account="restructuring", time="y1")
    assert entry.coefficient == pytest.approx(0.001 * 0.8)


# ── scenarios and words ──────────────────────────────────────────────────────────────────────────


def test_headcount_follows_each_scenarios_own_attrition(tmp_path: Path) -> None:
    """Actions are shared by all scenarios, the stock that follows is not."""
    case = people(
        tmp_path, "attrition", "line,production,1000,6,0.03",
        scenarios="id,name,probability\nbase,Base,0.5\nfast,Fast,0.5\n",
        scenario_changes="scenario,table,id,column,action,value\nfast,people,line,attrition,set,0.1\n",
    )  # fmt: skip
    program = assemble(case, modules=(MODULE, value.MODULE))
    assert {program.columns.labels.scenario(column) for column in range(len(program.columns))} == {
        "base",
        "fast",
    }


def test_what_happens_to_people_is_told(tmp_path: Path) -> None:
    case = people(
        tmp_path, "name,can_dismiss,severance,notice_months",
        "line,production,100,6,Assembly,yes,3,12", "office,admin,10,6,Office,no,0,0",
        moves="id,from,to,cost,acceptance,latest\nm,line,office,2,0.2,2025-04-01\n",
        voluntary_offers="id,group,payment,take_up,latest\nv,office,4,0.5,2025-04-01\n",
        limits=LIMIT + "move,exits,line;moved_out;y0,20,,Some move.\n",
    )  # fmt: skip
    texts = [sentence.text for sentence in said(plan(case, MODULE, limits.MODULE), MODULE)]
    assert texts == [
        "Office are offered an exit at the start of y0: 5 people take it, which costs 0.0 ¥bn.",
        "80 of Assembly are given notice at the start of y0 and go at the start of y1; severance "
        "0.2 ¥bn.",
        "20 of Assembly join Office at the start of y0, which costs 0.0 ¥bn.",
    ]
