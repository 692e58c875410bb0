"""Periods that are over: known numbers, the same in every plan, and the exact engine agrees."""

from __future__ import annotations

from pathlib import Path

import pytest

from replant.case import Case, read
from replant.errors import Infeasible, ModuleError
from replant.module import row_classes
from replant.plan import Choices, Planned, assemble, make_plan
from replant.solve import SolveSettings
from replant.units import Cell
from replant.verify import evaluate
from tests.properties.making import case_of, tables_of

FIRM = Path(__file__).parent.parent / "cases" / "everything"
OVER = "Q0"
SHIPPED = {
    "ship[city_bay,isle,Q0]": "8",
    "ship[city_hill,main,Q0]": "9",
    "ship[tour_bay,isle,Q0]": "7.5",
    "ship[tour_bay,main,Q0]": "7.4",
}


@pytest.fixture(scope="module")
def firm() -> Case:
    """A firm with every decision, whose first quarter is over."""
    return read(FIRM, row_classes())


def planned(case: Case, **choices) -> Planned:
    settings = SolveSettings(gap=0.05, time_limit=60.0)
    found = make_plan(case, Choices(allow_shortfall=True, **choices), settings)
    assert found.verification.ok, found.verification.sentences()
    return found


def of_the_past(plan: Planned) -> dict[str, dict[str, float]]:
    """Return every column and every row of a plan that belongs to the period that is over."""
    columns = plan.program.columns
    taken = {
        columns.label(place): value
        for place, value in enumerate(plan.values.tolist())
        if OVER in columns.label(place)
    }
    rows = {
        f"{stream}[{','.join(labels)}]": value
        for stream, elements in plan.rows.items()
        for labels, value in elements.items()
        if OVER in labels
    }
    return {"columns": taken, "rows": rows}


def test_two_plans_that_differ_later_are_the_same_in_the_past(firm: Case) -> None:
    """Nothing done, or a plant closed and a line drawn later: every column and row is the same."""
    nothing = planned(firm, nothing=True)
    busy = planned(firm, force=("plant.hill.close", "facility.bond", "property.hq_leaseback"))
    assert nothing.decisions != busy.decisions
    before, after = of_the_past(nothing), of_the_past(busy)
    assert len(before["columns"]) > 30
    assert len(before["rows"]) > 60
    for kind in before:
        assert after[kind] == pytest.approx(before[kind], abs=1e-9)


def test_the_past_is_what_the_tables_say(firm: Case) -> None:
    """Shipments of their table, shifts of before, overtime that the work needed, no more."""
    plan = planned(firm)
    past = {
        label: value for label, value in plan.decisions["sourcing"].items() if label.endswith("Q0]")
    }
    # 8 and 14.9 at a work content of 1.1 are 24.39 of the 22.5 of one shift
    assert past == SHIPPED | {
        "shift_1[bay,Q0]": "1",
        "shift_1[hill,Q0]": "1",
        "on[city_bay,Q0]": "1",
        "on[city_hill,Q0]": "1",
        "overtime[bay,Q0]": "1.89",
    }
    others = {
        label
        for module, columns in plan.decisions.items()
        for label in columns
        if label.endswith("Q0]") and module != "sourcing"
    }
    assert others == {"operate[bay,Q0]", "operate[hill,Q0]", "operate[quay,Q0]"}


def test_overtime_is_that_of_the_shipments_to_the_next_thousandth(firm: Case) -> None:
    """A volume in finer steps than a car leaves the rest of the thousandth unused."""
    finer = firm.replace_cells({Cell("past_shipments", "tour_bay/main", OVER, "volume"): "7.4005"})
    plan = planned(finer)
    assert plan.decisions["sourcing"]["overtime[bay,Q0]"] == "1.891"


@pytest.mark.parametrize(
    ("module", "column", "value", "rule"),
    [
        ("sourcing", "ship[city_bay,isle,Q0]", "7.9", "past"),
        ("sourcing", "ship[city_bay,main,Q0]", "0.1", "past"),
        ("sourcing", "shift_2[bay,Q0]", "1", "past"),
        ("sourcing", "shift_1[hill,Q0]", "0", "past"),
        ("sourcing", "slowed[hill,Q0]", "0.1", "past"),
        ("sourcing", "overtime[bay,Q0]", "1.9", "past"),
        ("sourcing", "on[city_hill,Q0]", "0", "past"),
        ("debt", "balance[line,Q0]", "1", "I12"),
        ("workforce", "hire[bay_crew,Q0]", "1", "I8"),
        ("cost_work", "assign[parts_1,Q0]", "1", "I8"),
        ("plant_path", "sell_running[bay,Q0]", "1", "I6"),
    ],
)
def test_the_exact_engine_sees_what_is_decided_in_the_past(
    firm: Case, module: str, column: str, value: str, rule: str
) -> None:
    plan = planned(firm)
    changed = {name: dict(columns) for name, columns in plan.decisions.items()}
    changed.setdefault(module, {})[column] = value
    told = [each for each in evaluate(firm, changed).breaches if each.rule == rule]
    assert any("Q0" in f"{each.where} {each.sentence}" for each in told)


def test_nothing_else_is_open_in_the_past(firm: Case) -> None:
    """The columns of the period are bounded to one value, or follow from those that are."""
    program = assemble(firm, Choices(allow_shortfall=True))
    columns = program.columns
    free = {
        str(columns.names[place])
        for place in range(len(columns))
        if OVER in columns.label(place)
        and columns.upper[place] > columns.lower[place]
        and not columns.derived[place]
    }
    # these are held by rows: the path by its flow and by deals, of which none has begun
    assert free == {
        "plant_path.operate",
        "plant_path.operate_and_host",
        "plant_path.host_only",
        "sourcing.shift_1",
    }


# -- what a case may say of the past -------------------------------------------------------------


def changed(case: Case, table: str, *rows: dict[str, str], without: str = "") -> Case:
    tables = tables_of(case)
    tables[table] = [row for row in tables.get(table, []) if without not in row.values()]
    tables[table] += rows
    settings = {"as_of": "2025-03-31", "accounting": {"regime": REGIME}}
    return case_of(tables, **settings)


REGIME = [{"standard": "JGAAP", "from": "2020-01-01"}]


def test_a_past_shipment_of_a_period_to_come_is_refused(firm: Case) -> None:
    row = {"line": "city_bay", "market": "isle", "period": "Q1", "volume": "1"}
    with pytest.raises(ModuleError, match="past_shipments city_bay/isle/Q1: Q1 is not over"):
        assemble(changed(firm, "past_shipments", row))


def test_a_past_shipment_on_no_lane_is_refused(firm: Case) -> None:
    case = changed(firm, "lanes", without="bay")
    with pytest.raises(ModuleError, match="past_shipments city_bay/isle/Q0: the line has no lane"):
        assemble(case)


def test_a_past_that_could_not_be_leaves_no_plan(firm: Case) -> None:
    """More than a plant's shifts and overtime make, or its market wants, is a fault of the data."""
    row = {"line": "city_bay", "market": "main", "period": OVER, "volume": "1"}
    with pytest.raises(Infeasible):
        planned(changed(firm, "past_shipments", row))


def test_what_was_committed_for_a_past_period_happens_in_it(firm: Case) -> None:
    """Notice that was given in it is told by a commitment, and stands; none other can be."""
    rows = [
        {"plant": "quay", "state": "wind_down", "from": "2025-01-01"},
        {"plant": "quay", "state": "closed", "from": "2025-07-01"},
    ]
    plan = planned(changed(firm, "plant_commitments", *rows, without="quay"))
    assert plan.taken["plant_path.close[quay,Q0]"] == 1.0
    assert [plan.row("state", "quay", "wind_down", time) for time in ("Q0", "Q1")] == [1.0, 1.0]
