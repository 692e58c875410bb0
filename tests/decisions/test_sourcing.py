"""Plants, shifts, lines and launches: what may be made, when, and what says so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from replant.case import Case
from replant.decisions import sourcing
from replant.kernel import Problem
from replant.module import Builder, declare_core_streams
from replant.units import Cell
from tests.decisions.factory import always, carmaker, most, sourced
from tests.decisions.small_firm import Built, balanced, told, years

OWN = "id,country,kind,name\nworks,japan,own,Works"
SHIFTS = (
    "plant,shift_capacity,shifts_now,shifts_max,second_shift_efficiency,third_shift_efficiency,"
    "overtime_share,overtime_cost,add_shift_cost,crew_per_shift\n"
    "works,60,1,3,0.9,0.8,0.1,0.2,5,1000"
)
NEW_LINE = (
    "id,model,plant,tooled,capacity,tooling_cost,tooling_life_months,launch_cost,"
    "launch_lead_months,launch_loss,ramp_months,ramp_share,fixed_cost\n"
    "l,note,works,no,80,24,24,3,12,0.15,6,0.5,2"
)


def own_plant(folder: Path, **tables: str) -> Case:
    """A plant of the firm's own with three shifts and a market that takes all."""
    wide = "model,market,period,volume\n" + "\n".join(f"note,home,P{t},500" for t in range(8))
    count = tables.get("periods", years(2)).count("\n")
    demand = "\n".join(wide.splitlines()[: count + 1])
    return carmaker(folder, **{"plants": OWN, "capacities": SHIFTS, "demand": demand, **tables})


def running(case: Case, **more: dict[tuple[str, str], float]) -> Built:
    """Build sourcing with every plant operating and launchable throughout."""
    plants = always(case, *(row.id for row in case.rows("plants")))
    return sourced(case, **{"operating": plants, "launchable": plants, **more})


def least(built: Built, stream: str, **labels: str) -> float:
    row, _ = built.program.expected(stream, **labels)
    return built.value(built.best(-row), stream, **labels)


def top(built: Built, stream: str, **labels: str) -> float:
    return built.value(most(built, stream, **labels), stream, **labels)


# -- shifts ------------------------------------------------------------------------------------


def test_a_plant_makes_what_its_shifts_and_overtime_allow(tmp_path: Path) -> None:
    """60 a year at 1 + 0.9 + 0.8 shifts and a tenth in overtime, in half a year."""
    built = running(own_plant(tmp_path, periods=years(2, months=6)))
    assert top(built, "produced", plant="works", period="P0") == pytest.approx(60 * 2.7 * 1.1 / 2)


def test_work_content_counts_against_capacity(tmp_path: Path) -> None:
    lines = "id,model,plant,tooled,capacity,work_content\nl,note,works,yes,1000,1.5"
    built = running(own_plant(tmp_path, lines=lines))
    assert top(built, "made", line="l", period="P0") == pytest.approx(60 * 2.7 * 1.1 / 1.5)


def test_what_others_use_of_a_plant_is_not_there_for_its_lines(tmp_path: Path) -> None:
    built = running(own_plant(tmp_path))
    case = built.case
    from replant.units import VOLUME, Quantity
    from tests.decisions.small_firm import build

    def extra(to: Builder) -> None:
        to.stream("operating", ("plant", "period"), sourcing.ONE)
        to.stream("capacity_used", ("plant", "period"), VOLUME)
        for period in ("P0", "P1"):
            to.post("operating", Quantity.of(1), plant="works", period=period)
        to.post("capacity_used", Quantity.of(100, VOLUME), plant="works", period="P0")

    shared = build(case, sourcing.MODULE, extra=extra)
    full = 60 * 2.7 * 1.1
    assert top(shared, "produced", plant="works", period="P0") == pytest.approx(full - 100)
    assert top(shared, "produced", plant="works", period="P1") == pytest.approx(full)


def test_a_plant_works_only_while_it_operates(tmp_path: Path) -> None:
    case = own_plant(tmp_path)
    built = sourced(case, operating={("works", "P0"): 1, ("works", "P1"): 0})
    assert top(built, "produced", plant="works", period="P0") > 100
    assert top(built, "produced", plant="works", period="P1") == pytest.approx(0)


def test_a_shift_stands_on_the_one_before(tmp_path: Path) -> None:
    built = running(own_plant(tmp_path))
    assert built.lawful(
        built.plan("sourcing.shift_1[works,P0]", **{"sourcing.added[works,P1]": 0.0})
    )
    assert not built.lawful(built.plan("sourcing.shift_2[works,P0]"))


def test_overtime_is_a_share_of_what_the_shifts_make(tmp_path: Path) -> None:
    built = running(own_plant(tmp_path))
    assert built.lawful(
        built.plan("sourcing.shift_1[works,P0]", **{"sourcing.overtime[works,P0]": 6})
    )
    assert not built.lawful(
        built.plan("sourcing.shift_1[works,P0]", **{"sourcing.overtime[works,P0]": 6.1})
    )


def test_added_shifts_and_crews_are_counted_and_paid(tmp_path: Path) -> None:
    """One shift before the plan, three in P0, two in P1: two are added, none taken back."""
    built = running(own_plant(tmp_path))
    shifts = [
        f"sourcing.shift_{n}[works,P{t}]" for n, t in ((1, 0), (2, 0), (3, 0), (1, 1), (2, 1))
    ]
    x = built.plan(*shifts, **{"sourcing.added[works,P0]": 2, "sourcing.overtime[works,P1]": 4})
    assert built.lawful(x)
    assert built.value(x, "crew_needed", plant="works", period="P0") == 3000
    assert built.value(x, "ledger", account="line_cost", time="P0") == 10
    assert built.value(x, "ledger", account="overtime", time="P1") == pytest.approx(0.8)
    assert built.value(x, "recurring", time="P0") == 0  # adding a shift does not go on
    assert built.value(x, "recurring", time="P1") == pytest.approx(-0.8)
    assert balanced(built, x)
    x[built.program.columns.find("sourcing.added[works,P0]")] = 1.9
    assert not built.lawful(x)


def test_a_partner_without_capacities_is_bound_by_its_line_only(tmp_path: Path) -> None:
    lines = "id,model,plant,tooled,capacity\nl,note,works,yes,70"
    built = sourced(carmaker(tmp_path, lines=lines))
    assert top(built, "made", line="l", period="P0") == pytest.approx(70)
    assert not any("shift" in name for name in built.columns)


# -- lines -------------------------------------------------------------------------------------


def test_a_line_has_a_switch_only_where_it_must_be_launched_or_costs_money(
    tmp_path: Path,
) -> None:
    lines = (
        "id,model,plant,tooled,capacity,fixed_cost\n"
        "free,note,works,yes,80,0\npaid,note,works,yes,80,1\nnew,note,works,no,80,0"
    )
    columns = running(own_plant(tmp_path, lines=lines)).columns
    switched = {name.split("[")[1].split(",")[0] for name in columns if ".on[" in name}
    assert switched == {"paid", "new"}
    assert {name for name in columns if ".launch[" in name} == {
        "sourcing.launch[new,P0]",
        "sourcing.launch[new,P1]",
    }


@pytest.mark.parametrize("fixed_cost", [0, 3])
@pytest.mark.parametrize("missing", ["operating", "offered", "dealt"])
def test_a_line_needs_its_plant_its_model_and_its_deal(
    tmp_path: Path, missing: str, fixed_cost: int
) -> None:
    """With a switch of its own or without one, a line stops when what it needs ends."""
    case = own_plant(
        tmp_path,
        capacities="plant,shift_capacity,shifts_now,shifts_max\n",
        lines=f"id,model,plant,deal,tooled,capacity,fixed_cost\nl,note,works,d,yes,80,{fixed_cost}",
    )
    need = {"operating": "works", "offered": "note", "dealt": "d"}
    streams = {
        stream: {(each, "P0"): 1.0, (each, "P1"): float(stream != missing)}
        for stream, each in need.items()
    }
    built = sourced(case, **streams)
    assert top(built, "taken", deal="d", period="P0") == pytest.approx(80)
    assert top(built, "taken", deal="d", period="P1") == pytest.approx(0)


def test_fixed_cost_is_paid_while_the_line_runs(tmp_path: Path) -> None:
    lines = "id,model,plant,tooled,capacity,fixed_cost\nl,note,works,yes,80,3"
    built = running(own_plant(tmp_path, lines=lines, periods=years(2, months=6)))
    x = built.plan("sourcing.on[l,P1]")
    assert built.book(x) == {("line_cost", "P1"): 1.5, ("cash", "P1"): -1.5}
    assert built.value(x, "recurring", time="P1") == -1.5
    ships = {"sourcing.ship[l,home,P0]": 1.0}
    shift = "sourcing.shift_1[works,P0]"
    assert not built.lawful(built.plan(shift, **ships))
    assert built.lawful(built.plan(shift, "sourcing.on[l,P0]", **ships))


def test_the_relaxation_of_a_line_is_tight(tmp_path: Path) -> None:
    """With the link by demand, half a line serves half a market: the LP finds the whole plan.

    Margin 2 on 50 cars less a fixed cost of 60 is worth 40; capacity alone (1000) would let the
    relaxation pay for a twentieth of the line.
    """
    case = carmaker(
        tmp_path,
        lines="id,model,plant,tooled,capacity,fixed_cost\nl,note,works,yes,1000,60",
        demand="model,market,period,volume\nnote,home,P0,50",
    )
    built = sourced(case)
    cash, _ = built.program.expected("cash_flow", **{"class": "operating"}, time="P0")
    assert cash @ built.best(cash, relaxed=True) == pytest.approx(40)


def test_a_big_enough_line_needs_no_link_by_demand(tmp_path: Path) -> None:
    """Where a line makes less than any market takes, its capacity row says it all."""
    lines = "id,model,plant,tooled,capacity,fixed_cost\nl,note,works,yes,80,3"
    built = sourced(carmaker(tmp_path, lines=lines))
    assert not any("shipment" in str(row) for row in built.program.rows.labels)


# -- launches ----------------------------------------------------------------------------------


def launches(folder: Path, **changes: str) -> Built:
    """Half-years; a line to launch with a year's lead, a loss of 15 %, half speed for 6 months."""
    return running(
        own_plant(folder, **{"lines": NEW_LINE, "periods": years(6, months=6), **changes})
    )


def chosen(built: Built, start: str) -> Built:
    """Force the launch in one period."""
    columns = built.program.columns
    lower = columns.lower.copy()
    lower[columns.find(f"sourcing.launch[l,{start}]")] = 1.0
    return Built(built.case, built.program.with_bounds(lower=lower))


def test_a_launched_line_runs_after_its_lead_and_ramps_up(tmp_path: Path) -> None:
    """Launched in P1, ready a year later in P3 at half speed for one half-year, full from P4."""
    built = chosen(launches(tmp_path), "P1")
    made = [top(built, "made", line="l", period=f"P{t}") for t in range(6)]
    assert made == pytest.approx([0, 0, 0, 20, 40, 40])


def test_a_launch_takes_a_share_of_one_shift_year_when_it_is_ready(tmp_path: Path) -> None:
    lines = NEW_LINE + "\nold,note,works,yes,1000,0,84,0,0,0,0,1,0"
    built = chosen(launches(tmp_path, lines=lines), "P1")
    full = 60 * 2.7 * 1.1 / 2
    made = [top(built, "produced", plant="works", period=f"P{t}") for t in range(6)]
    assert made == pytest.approx([full, full, full, full - 9, full, full])


def test_a_line_is_launched_once_and_in_an_open_window(tmp_path: Path) -> None:
    lines = NEW_LINE.replace("fixed_cost\n", "fixed_cost,earliest,latest\n")
    lines += ",2025-10-01,2027-04-01"
    built = launches(tmp_path, lines=lines, periods=years(6, months=6, closed=[2]))
    windows = [name for name in built.columns if ".launch[" in name]
    assert windows == [f"sourcing.launch[l,P{t}]" for t in (1, 3, 4)]
    assert built.lawful(built.plan(windows[-1]))
    assert not built.lawful(built.plan(*windows[:2]))
    assert built.option(built.plan(windows[0]), "line.l.launch") == 1


def test_a_line_without_an_open_window_has_an_option_that_is_never_taken(tmp_path: Path) -> None:
    lines = NEW_LINE.replace("fixed_cost\n", "fixed_cost,earliest\n") + ",2035-04-01"
    built = launches(tmp_path, lines=lines)
    assert built.option(built.plan(), "line.l.launch") == 0
    assert top(built, "made", line="l", period="P5") == pytest.approx(0)


@pytest.mark.parametrize(("closed", "lawful"), [("P0", True), ("P1", False), ("P3", False)])
def test_a_plant_must_be_launchable_when_the_launch_is_decided_and_when_it_is_ready(
    tmp_path: Path, closed: str, lawful: bool
) -> None:
    case = own_plant(tmp_path, lines=NEW_LINE, periods=years(6, months=6))
    plants = always(case, "works")
    built = sourced(case, operating=plants, launchable={**plants, ("works", closed): 0.0})
    x = built.plan("sourcing.launch[l,P1]", "sourcing.on[l,P3]")
    shifts = {f"sourcing.shift_1[works,P{t}]": 1.0 for t in range(6)}
    for label, value in shifts.items():
        x[built.program.columns.find(label)] = value
    assert built.lawful(x) is lawful


def test_a_launch_is_paid_at_once_and_depreciated_from_when_it_is_ready(tmp_path: Path) -> None:
    """24 of tooling over 24 months from P2; decided in P0 it is paid now, with 3 of launch cost."""
    built = launches(tmp_path)
    assert built.book(built.plan("sourcing.launch[l,P0]")) == {
        ("ppe", "now"): 24,
        ("cash", "now"): -27,
        ("line_cost", "now"): 3,
        **{("depreciation", f"P{t}"): 6 for t in range(2, 6)},
        **{("ppe", f"P{t}"): -6 for t in range(2, 6)},
    }
    later = built.plan("sourcing.launch[l,P2]")
    assert built.value(later, "ledger", account="ppe", time="P2") == 24
    assert built.value(later, "cash_flow", **{"class": "investing"}, time="P2") == -24
    assert built.value(later, "cash_flow", **{"class": "operating"}, time="P2") == -3
    assert not built.book(later, "taxable")  # depreciation is taxable as booked
    assert not built.book(later, "recurring")


def test_a_launch_that_is_ready_beyond_the_horizon_is_paid_and_never_charged(
    tmp_path: Path,
) -> None:
    built = launches(tmp_path)
    booked = built.book(built.plan("sourcing.launch[l,P5]"))
    assert booked == {("ppe", "P5"): 24, ("cash", "P5"): -27, ("line_cost", "P5"): 3}


# -- words -------------------------------------------------------------------------------------


def test_a_plan_is_told_in_plain_words(tmp_path: Path) -> None:
    lines = NEW_LINE + "\nold,note,works,yes,1000,0,84,0,0,0,0,1,4"
    built = launches(tmp_path, lines=lines)
    x = built.plan(
        "sourcing.launch[l,P1]",
        "sourcing.on[old,P0]",
        *(f"sourcing.on[l,P{t}]" for t in (3, 4, 5)),
        *(f"sourcing.shift_1[works,P{t}]" for t in range(6)),
        *(f"sourcing.shift_2[works,P{t}]" for t in (4, 5)),
        **{"sourcing.added[works,P4]": 1},
    )
    assert built.lawful(x)
    sentences = told(built, sourcing.MODULE, x)
    assert [each.text for each in sentences] == [
        "Works is tooled for note at the start of P1 (October 2025): tooling 24.0 "
        "¥bn, launch 3.0 ¥bn; cars can be made from P3, at 50 % for 6 months.",
        "Works stops making note at the start of P1 (October 2025), which cost 4.0 ¥bn a year.",
        "Works works two shifts from the start of P4 (April 2027), one shift before, 5.0 ¥bn for "
        "each shift added.",
    ]
    launch = sentences[0]
    assert (launch.option, launch.period, launch.subject) == ("line.l.launch", "P1", "line.l")
    assert "lines.l.tooling_cost" in {str(cell) for cell in launch.cells}


def test_every_number_of_the_ledger_knows_its_cells(tmp_path: Path) -> None:
    built = running(own_plant(tmp_path))
    trace = built.program.trace
    key = built.program.streams.index.key(0, "ledger", {"account": "revenue", "time": "P0"})
    cells = {str(cell) for entry in trace.stream_entries(key) for cell in entry.cells}
    assert cells == {"prices.note/home.price"}


def test_a_case_without_lines_does_without_sourcing(tmp_path: Path) -> None:
    head = "id,model,plant,tooled,capacity"
    assert not sourcing.MODULE.applies(carmaker(tmp_path, lines=head))
    assert sourcing.MODULE.applies(carmaker(tmp_path))


def test_the_same_case_gives_the_same_program(tmp_path: Path) -> None:
    case = own_plant(tmp_path, lines=NEW_LINE)
    first, second = running(case), running(case)
    assert first.columns == second.columns
    assert np.array_equal(first.program.matrix.toarray(), second.program.matrix.toarray())


def test_scenarios_may_differ_in_demand_lead_and_loss(tmp_path: Path) -> None:
    """Launches and lines are the same columns in every scenario; shipments are each one's own."""
    case = own_plant(tmp_path, lines=NEW_LINE, periods=years(6, months=6))
    changes = {"launch_lead_months": "18", "launch_loss": "0.2"}
    cells = {Cell("lines", "l", "", column): text for column, text in changes.items()}
    seen = {"base": case, "late": case.replace_cells(cells)}
    problem = Problem([("base", 0.5), ("late", 0.5)])
    declare_core_streams(problem)
    for name, each in seen.items():
        with problem.scenario(name):
            sourcing.MODULE.build(each, Builder(problem, each, "sourcing"))
    program = problem.assemble()
    labels = list(program.columns.labels)
    assert labels.count("sourcing.launch[l,P0]") == labels.count("sourcing.on[l,P0]") == 1
    assert labels.count("sourcing.ship[l,home,P0]") == 2
    ready = [program.rows.find("sourcing.line_needs_launch[l,P2]", name) for name in seen]
    launch = program.columns.find("sourcing.launch[l,P0]")
    assert [program.matrix[row, launch] for row in ready] == [-1, 0]
