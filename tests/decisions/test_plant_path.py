"""Plants: one lawful path each, found by an integral flow, booked state by state."""

from __future__ import annotations

import itertools
import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from replant.case import read
from replant.decisions.plant_path import MODULE, Plant, PlantCommitment, TimeGraph
from replant.errors import CaseError, UnknownLabel
from replant.ledger import Clock
from replant.rules.value import Value
from tests.decisions.small_firm import (
    Built,
    balanced,
    build,
    case_of,
    discounted_cash,
    rows,
    table,
    told,
    years,
)

ALL = ("can_close", "can_mothball", "can_reopen", "can_sell", "can_sell_running")
EVERYTHING = dict.fromkeys(ALL, "yes")
DEALS = rows([{"id": "guest", "plant": "oppama"}])


def plant(**columns: object) -> dict[str, object]:
    return {"id": "oppama", "country": "japan", **columns}


def built(
    folder, *plants: dict[str, object], periods: str = "", extra=None, **tables: str
) -> Built:
    lines = plants or (plant(),)
    case = case_of(folder, [MODULE], periods=periods or years(5), plants=rows(lines), **tables)
    return build(case, MODULE, extra=extra)


def path(found: Built, *taken: str) -> np.ndarray:
    """Return the plan that takes some arcs of Oppama, written without module and plant."""
    return found.plan(*(each.replace("[", "[oppama,").join(("plant_path.", "")) for each in taken))


def run(first: int, last: int) -> list[str]:
    return [f"operate[P{t}]" for t in range(first, last)]


def clock(months: tuple[int, ...] = (12,) * 5) -> Clock:
    from datetime import date
    from types import SimpleNamespace

    periods, at = [], 0
    for index, length in enumerate(months):
        year, month = divmod(2025 * 12 + 3 + at, 12)
        periods.append(
            SimpleNamespace(
                id=f"P{index}",
                start=date(year, month + 1, 1),
                months=length,
                fiscal_year=f"FY{year}",
                index=index,
                decisions=True,
                model_change=True,
                over=False,
            )
        )
        at += length
    return Clock(periods, {})


def graph_of(months: tuple[int, ...] = (12,) * 5, hosts: bool = False, **columns: object):
    return TimeGraph(Plant.model_validate(plant(**columns)), clock(months), hosts=hosts)


def histories(graph: TimeGraph) -> list[tuple[str, ...]]:
    """Walk every path of a graph and return its states, one for each period."""
    count = len(graph.clock.periods)
    found = []

    def walk(node, states: tuple[str, ...]) -> None:
        if node is None or node.period == count:
            found.append(states)
            return
        for arc in graph.arcs:
            if arc.tail == node:
                walk(arc.head, states + (arc.state,) * (arc.stop - arc.start))

    walk(graph.source, ())
    return found


# ── the graph ──


def test_a_plant_that_may_do_nothing_has_one_path() -> None:
    """Without flags there is one arc a period: it runs to the end."""
    graph = graph_of()
    assert [arc.label for arc in graph.arcs] == [f"oppama,P{t}" for t in range(5)]
    assert {arc.column for arc in graph.arcs} == {"operate"}


LAWFUL = re.compile(
    r"(o|b|h)*"  # operate, beside a partner, partner alone
    r"w*m*(r*o*|c*s*)\Z"  # in notice, mothballed, then on again for good or closed and sold
)
LETTERS = {
    "operate": "o",
    "operate_and_host": "b",
    "host_only": "h",
    "wind_down": "w",
    "mothballed": "m",
    "reopening": "r",
    "closed": "c",
    "sold": "s",
}


@given(
    months=st.lists(st.sampled_from([3, 6, 12]), min_size=1, max_size=5).map(tuple),
    notice=st.integers(0, 30),
    reopening=st.integers(0, 14),
    limit=st.none() | st.integers(0, 40),
    flags=st.tuples(*[st.booleans()] * 6),
)
def test_every_path_is_a_lawful_history(months, notice, reopening, limit, flags) -> None:
    """One state a period; notices and limits are kept; nothing comes back from closed."""
    names = (*ALL, "can_host")
    columns = {
        "notice_months": notice,
        "reopen_months": reopening,
        **dict(zip(names, flags, strict=True)),
    }
    if limit is not None:
        columns["mothball_limit_months"] = limit
    graph = graph_of(months, hosts=True, **columns)
    origins, count = graph.clock.origins, len(months)
    for states in histories(graph):
        assert len(states) == count
        word = "".join(LETTERS[state] for state in states)
        assert LAWFUL.match(word), word
        winding = word.count("w")
        if winding and word.index("w") + winding < count:
            first = word.index("w")
            assert origins[first + winding] - origins[first] >= notice
            assert origins[first + winding - 1] - origins[first] < notice
        if limit is not None and "r" in word:
            announced = min(word.find(each) for each in "wmr" if each in word)
            assert origins[word.index("r")] - origins[announced] <= limit


def test_every_arc_is_on_some_path() -> None:
    """No column is made that no path can use, also where a commitment cuts paths short."""
    promise = PlantCommitment.model_validate(
        {"plant": "oppama", "state": "closed", "from": "2028-04-01"}
    )
    columns = {**EVERYTHING, "notice_months": 12, "reopen_months": 12}
    graph = TimeGraph(Plant.model_validate(plant(**columns)), clock(), commitments=(promise,))
    states = histories(graph)
    assert states
    assert all(each[3:] == ("closed", "closed") for each in states)
    reached = {arc.head for arc in graph.arcs} | {graph.source}
    left = {arc.tail for arc in graph.arcs}
    assert all(arc.tail in reached for arc in graph.arcs)
    assert all(arc.head is None or arc.head.period == 5 or arc.head in left for arc in graph.arcs)


def test_hosting_states_exist_only_where_a_deal_does(tmp_path) -> None:
    """can_host without a deal adds no column; with one it adds two a period."""
    without = built(tmp_path / "a", plant(can_host="yes"))
    assert len(without.columns) == 5
    graph = graph_of(hosts=True, can_host="yes")
    assert len(graph.arcs) == 15
    assert len(graph_of(hosts=True).arcs) == 5


def test_a_partner_plant_has_no_path(tmp_path) -> None:
    """Only own plants have states."""
    found = built(tmp_path, plant(), plant(id="ally", kind="partner", can_close="yes"))
    assert not any("ally" in column for column in found.columns)
    only = case_of(tmp_path / "b", [MODULE], periods=years(1), plants=rows([plant(kind="partner")]))
    assert not MODULE.applies(only)


def test_a_window_binds_announcements_alone(tmp_path) -> None:
    """earliest and latest bind close, mothball and sell_running; decisions = no binds all."""
    found = built(
        tmp_path,
        plant(**EVERYTHING, earliest="2026-04-01", latest="2027-04-01"),
        periods=years(5, closed=[3]),
    )
    starts = {}
    for column in found.columns:
        name, labels = column.removesuffix("]").split("[")
        starts.setdefault(name.removeprefix("plant_path."), set()).add(labels.split(",")[-1])
    for name in ("close", "mothball", "sell_running"):
        assert starts[name] == {"P1", "P2"}
    for name in ("reopen", "close_mothballed", "sell"):
        assert starts[name] == {"P1", "P2", "P4"}


def test_a_sale_takes_its_time(tmp_path) -> None:
    """sold_from binds what is sold, closed or running, and nothing else."""
    starts: dict[str, set[str]] = {}
    for column in built(tmp_path, plant(**EVERYTHING, sold_from="2027-01-01")).columns:
        name, labels = column.removesuffix("]").split("[")
        starts.setdefault(name.removeprefix("plant_path."), set()).add(labels.split(",")[-1])
    assert starts["sell_running"] == starts["sell"] == {"P2", "P3", "P4"}
    assert starts["close"] == starts["mothball"] == {"P0", "P1", "P2", "P3", "P4"}


# ── the flow ──


def three_plants() -> list[dict[str, object]]:
    common = {**EVERYTHING, "carrying_amount": 40, "life_months": 48, "land_carrying": 5}
    return [
        plant(
            **common,
            notice_months=18,
            fixed_cost_operating=12,
            fixed_cost_winding=9,
            closure_cost=20,
            remediation_cost=5,
            sale_price=8,
            running_price=3,
        ),
        plant(**common, notice_months=12, reopen_months=12, fixed_cost_operating=30)
        | {"id": "smyrna", "mothball_limit_months": 36, "fixed_cost_mothballed": 2},
        plant(**common, fixed_cost_operating=7, mothball_cost=1, reopen_cost=2)
        | {"id": "kyushu", "can_sell_running": "no"},
    ]


def random_objectives(found: Built, count: int) -> list[np.ndarray]:
    randomness = np.random.default_rng(7)
    return [randomness.normal(size=len(found.columns)) for _ in range(count)]


def test_the_flow_alone_has_whole_vertices(tmp_path) -> None:
    """Whatever each arc is worth, the linear relaxation's optimum is one path for each plant."""
    found = built(tmp_path, *three_plants())
    for objective in random_objectives(found, 20):
        relaxed = found.best(objective, relaxed=True)
        assert np.abs(relaxed - np.round(relaxed)).max() < 1e-9
        assert objective @ relaxed == pytest.approx(objective @ found.best(objective), abs=1e-9)


def test_the_flow_matrix_is_a_network(tmp_path) -> None:
    """Every column leaves one node and enters at most one: that is why vertices are whole."""
    found = built(tmp_path, *three_plants())
    matrix = found.program.matrix.toarray()
    assert {-1.0, 0.0, 1.0} >= set(np.unique(matrix))
    assert ((matrix == 1.0).sum(axis=0) == 1).all()
    assert ((matrix == -1.0).sum(axis=0) <= 1).all()
    assert (found.program.rows.lower == found.program.rows.upper).all()


def test_three_plants_over_five_years_against_all_paths(tmp_path) -> None:
    """The solver's optimum is the best of all triples of paths, and one path each."""
    found = built(tmp_path, *three_plants(), extra=discounted_cash())
    objective = found.program.objective
    best = 0.0
    for name in ("oppama", "smyrna", "kyushu"):
        row = found.case.row("plants", name)
        graph = TimeGraph(row, Clock(found.case.periods, {}))
        values = []

        def walk(node, value: float, graph=graph, values=values) -> None:
            if node is None or node.period == 5:
                values.append(value)
                return
            for arc in graph.arcs:
                if arc.tail == node:
                    column = found.program.columns.find(f"plant_path.{arc.column}[{arc.label}]")
                    walk(arc.head, value + objective[column])

        walk(graph.source, 0.0)
        assert len(values) == len(histories(graph))
        best += max(values)
    x = found.best()
    assert objective @ x == pytest.approx(best, abs=1e-9)
    for name, period in itertools.product(("oppama", "smyrna", "kyushu"), range(5)):
        states = [
            found.value(x, "state", plant=name, state=state, period=f"P{period}")
            for state in LETTERS
        ]
        assert sorted(states) == [0.0] * 7 + [1.0]


# ── streams and options ──


def test_streams_follow_the_state(tmp_path) -> None:
    """A plant in notice operates but launches nothing; a closed one does neither."""
    found = built(tmp_path, plant(**EVERYTHING, notice_months=24))
    x = path(found, "operate[P0]", "close[P1]", "stay_closed[P3]", "sell[P4]")
    assert found.lawful(x)
    states = [label[1] for label in sorted(found.book(x, "state"), key=lambda each: each[2])]
    assert states == ["operate", "wind_down", "wind_down", "closed", "sold"]
    assert sorted(found.book(x, "operating")) == [("oppama", f"P{t}") for t in range(3)]
    assert sorted(found.book(x, "launchable")) == [("oppama", "P0")]
    assert found.book(x, "hosting_state") == {}


def test_options_equal_one_when_taken(tmp_path) -> None:
    """Each id counts what its name says."""
    found = built(tmp_path, plant(**EVERYTHING, reopen_months=12))
    closed = path(found, "operate[P0]", "close[P1]", "stay_closed[P1]", "sell[P2]")
    again = path(
        found,
        "mothball[P0]",
        "keep_mothballed[P0,P0]",
        "reopen[P0,P1]",
        *(f"operate_again[P{t}]" for t in (2, 3, 4)),
    )
    dropped = path(
        found, "mothball[P0]", "keep_mothballed[P0,P0]", "close_mothballed[P0,P1]", "sell[P1]"
    )
    stays = path(found, *run(0, 5))
    sold = path(found, *run(0, 2), "sell_running[P2]")
    names = ("operate", "close", "mothball", "reopen", "sell", "run")
    expected = {
        "closed": (closed, (0.2, 1, 0, 0, 1, 0)),
        "again": (again, (0.6, 0, 1, 1, 0, 0)),
        "dropped": (dropped, (0, 1, 1, 0, 1, 0)),
        "stays": (stays, (1, 0, 0, 0, 0, 1)),
        "sold": (sold, (0.4, 0, 0, 0, 1, 0)),
    }
    for name, (x, values) in expected.items():
        assert found.lawful(x), name
        assert [found.option(x, f"plant.oppama.{each}") for each in names] == pytest.approx(
            values
        ), name
    assert found.option(closed, "plant.oppama.close.P1") == 1
    assert found.option(dropped, "plant.oppama.close.P1") == 1
    assert found.option(dropped, "plant.oppama.mothball.P0") == 1


def test_options_of_a_plant_exist_although_it_may_do_nothing(tmp_path) -> None:
    """A plan may forbid what a plant could not do anyway."""
    found = built(tmp_path)
    x = path(found, *run(0, 5))
    assert found.option(x, "plant.oppama.close") == 0
    assert found.option(x, "plant.oppama.run") == 1
    assert "plant.oppama.close.P0" not in found.program.options


# ── commitments ──


def promised(*lines: tuple[str, str]) -> str:
    return rows({"plant": "oppama", "state": state, "from": day} for state, day in lines)


def test_a_promise_is_kept_and_opens_its_own_window(tmp_path) -> None:
    """A committed plant is led there even where the plan's own decisions are closed."""
    found = built(
        tmp_path,
        plant(can_close="yes", notice_months=12, earliest="2030-04-01"),
        periods=years(5, closed=[0, 1, 2, 3, 4]),
        plant_commitments=promised(("wind_down", "2026-04-01"), ("closed", "2027-04-01")),
    )
    x = path(found, "operate[P0]", "close[P1]", *(f"stay_closed[P{t}]" for t in (2, 3, 4)))
    assert found.lawful(x)
    assert set(found.columns) == {
        label for label, value in zip(found.columns, x, strict=True) if value
    }


def test_flags_bind_a_promise(tmp_path) -> None:
    """A plant that cannot close cannot keep a promise to close: there is no plan, and a reason."""
    found = built(tmp_path, plant(), plant_commitments=promised(("closed", "2026-04-01")))
    assert not found.feasible()
    (row,) = [r for r in range(len(found.program.rows)) if found.program.rows.lower[r] == 1.0]
    assert "promised" in found.program.rows.rule(row)


def test_a_commitment_to_operate_keeps_the_plant_open(tmp_path) -> None:
    """Until the day of a later commitment, and no longer than that."""
    found = built(
        tmp_path,
        plant(**EVERYTHING, fixed_cost_operating=10),
        plant_commitments=promised(("operate", "2025-04-01"), ("sold", "2028-04-01")),
        extra=discounted_cash(),
    )
    x = found.best()
    states = [label[1] for label in sorted(found.book(x, "state"), key=lambda each: each[2])]
    assert states == ["operate"] * 3 + ["sold"] * 2


# ── money ──


def test_a_running_plant_costs_its_fixed_cost_and_its_capex(tmp_path) -> None:
    """Quarter by quarter, at the exchange rate of the period; the charge equals the spending."""
    found = built(
        tmp_path,
        plant(
            currency="USD",
            fixed_cost_operating=40,
            sustaining_capex=8,
            carrying_amount=60,
            life_months=9,
        ),
        periods=years(4, months=3),
        currencies=table(id="USD", reference_rate=100),
        exchange_rates=rows(
            {"currency": "USD", "period": f"P{t}", "rate": rate}
            for t, rate in enumerate((100, 110, 120, 90))
        ),
    )
    x = path(found, *run(0, 4))
    book = found.book(x)
    assert [book["plant_cost", f"P{t}"] for t in range(4)] == [10, 11, 12, 9]
    assert [book["depreciation", f"P{t}"] for t in range(4)] == [22, 22.2, 22.4, 1.8]
    assert sum(value for (name, _), value in book.items() if name == "ppe") == pytest.approx(-60)
    assert found.value(x, "recurring", time="P1") == pytest.approx(-11 - 2.2)
    assert found.value(x, "cash_flow", **{"class": "investing"}, time="P1") == pytest.approx(-2.2)
    assert balanced(found, x)


CLOSING = {
    **EVERYTHING,
    "notice_months": 12,
    "fixed_cost_operating": 10,
    "fixed_cost_winding": 8,
    "fixed_cost_closed": 1,
    "carrying_amount": 100,
    "life_months": 120,
    "land_carrying": 20,
    "closure_cost": 60,
    "closure_paid": "halves",
    "closure_deducted": "later",
    "remediation_cost": 10,
    "sale_price": 50,
}
CALENDARS = rows(
    [
        {"id": "halves", "months": 0, "share": "0.5"},
        {"id": "halves", "months": 24, "share": "0.5"},
        {"id": "later", "months": 18, "share": 1},
    ]
)


def test_closing_books_each_item_on_its_own_calendars(tmp_path) -> None:
    """Announced in P1: charged then, half of it paid two years on, the land sold at last."""
    found = built(tmp_path, plant(**CLOSING), calendars=CALENDARS)
    x = path(found, "operate[P0]", "close[P1]", *(f"stay_closed[P{t}]" for t in (2, 3)), "sell[P4]")
    assert found.lawful(x)
    assert balanced(found, x)
    book = found.book(x)
    assert book["impairment", "P1"] == 90
    assert book["restructuring", "P1"] == 60
    assert book["restructuring", "P2"] == 10  # cleaning begins when it is closed
    assert book["cash", "P1"] == -30 - 8
    assert book["cash", "P2"] == -30 - 10 - 1
    assert ("provisions", "P3") not in book
    assert book["disposal_proceeds", "P4"] == -50
    assert book["disposal_carrying", "P4"] == 20
    assert book["cash", "P4"] == 50
    # 18 months after April 2026 is October 2027, in P2; the gain on the land is taxed in P4
    assert found.book(x, "taxable") == {
        ("FY2027",): -60 - 10,
        ("FY2029",): 30,
    }
    assert sum(value for (name, _), value in book.items() if name == "ppe") == -100 - 20
    assert found.value(x, "beyond") == 0


def test_what_is_paid_now_is_booked_now(tmp_path) -> None:
    """A decision of the first period is paid at the instant before it."""
    found = built(tmp_path, plant(**CLOSING | {"notice_months": 0}), calendars=CALENDARS)
    x = path(found, "close[P0]", "sell[P0]")
    book = found.book(x)
    assert book["impairment", "now"] == 100
    assert book["restructuring", "now"] == 70
    assert book["cash", "now"] == -30 - 10 + 50
    assert balanced(found, x)


def test_what_falls_beyond_the_horizon_is_not_lost(tmp_path) -> None:
    """Late payments and plants still mothballed are charged."""
    found = built(tmp_path, plant(**CLOSING | {"notice_months": 0}), calendars=CALENDARS)
    late = path(found, *run(0, 4), "close[P4]", "stay_closed[P4]")
    assert found.value(late, "beyond") == 30


def test_a_plant_that_waits_is_charged_its_closure_in_the_end(tmp_path) -> None:
    """A plant still mothballed at the horizon owes its closure and its cleaning."""
    found = built(tmp_path, plant(**CLOSING), calendars=CALENDARS)
    waiting = path(found, *run(0, 3), "mothball[P3]", "keep_mothballed[P3,P4]")
    assert found.value(waiting, "beyond") == 60 + 10
    assert found.value(path(found, *run(0, 5)), "beyond") == 0


def test_no_notice_outlasts_the_horizon(tmp_path) -> None:
    """What the last period earns goes on in the terminal value, so no end may hide behind it."""
    found = built(tmp_path, plant(**CLOSING), calendars=CALENDARS)
    for column in ("close[P4]", "mothball[P4]"):
        with pytest.raises(UnknownLabel):
            path(found, *run(0, 4), column)


def test_a_reopened_plant_is_not_written_off_twice(tmp_path) -> None:
    """Mothballing impairs what is left; operating again books cost and capex alone."""
    found = built(
        tmp_path,
        plant(
            **EVERYTHING,
            reopen_months=12,
            carrying_amount=50,
            life_months=60,
            fixed_cost_operating=10,
            fixed_cost_mothballed=2,
            fixed_cost_reopening=4,
            sustaining_capex=3,
            mothball_cost=5,
            reopen_cost=6,
        ),
    )
    x = path(
        found,
        "operate[P0]",
        "mothball[P1]",
        "keep_mothballed[P1,P1]",
        "reopen[P1,P2]",
        "operate_again[P3]",
        "operate_again[P4]",
    )
    assert found.lawful(x)
    assert balanced(found, x)
    book = found.book(x)
    assert [book["plant_cost", f"P{t}"] for t in range(5)] == [10, 2, 4, 10, 10]
    assert book["impairment", "P1"] == 40
    assert (book["restructuring", "P1"], book["restructuring", "P2"]) == (5, 6)
    assert [book.get(("depreciation", f"P{t}"), 0) for t in range(5)] == [13, 0, 0, 3, 3]
    assert found.book(x, "taxable") == {("FY2026",): -5, ("FY2027",): -6}


def test_a_running_sale_takes_land_and_plant_along(tmp_path) -> None:
    """Price less all that is carried is the taxable difference; it may be a loss."""
    found = built(
        tmp_path,
        plant(**EVERYTHING, carrying_amount=50, life_months=60, land_carrying=7, running_price=20),
    )
    x = path(found, *run(0, 2), "sell_running[P2]")
    book = found.book(x)
    assert book["disposal_carrying", "P2"] == 7 + 30
    assert book["cash", "P2"] == 20
    assert found.book(x, "taxable") == {("FY2027",): -17}
    assert balanced(found, x)


def test_figures_lead_back_to_their_cells(tmp_path) -> None:
    """The money of a path carries the cells that it was computed from."""
    found = built(tmp_path, plant(fixed_cost_operating=10, carrying_amount=5, life_months=60))
    entries = found.program.stream_entries("ledger", account="plant_cost", time="P0")
    cells = {str(cell) for entry in entries for cell in entry.cells}
    assert cells == {"plants.oppama.fixed_cost_operating"}


# ── tables and words ──


def test_a_carrying_amount_needs_a_life(tmp_path) -> None:
    """The default life is for plants that carry nothing."""
    with pytest.raises(CaseError) as raised:
        case_of(tmp_path, [MODULE], periods=years(1), plants=rows([plant(carrying_amount=5)]))
    (finding,) = [each for each in raised.value.findings if each.column == "life_months"]
    assert "life" in finding.rule


def test_a_path_is_told_in_words(tmp_path) -> None:
    """Each change is a sentence with amounts, dates, option and cells; a quiet plant has one."""
    found = built(tmp_path, plant(**CLOSING, name="Oppama"), calendars=CALENDARS)
    x = path(found, "operate[P0]", "close[P1]", *(f"stay_closed[P{t}]" for t in (2, 3)), "sell[P4]")
    close, sell = told(found, MODULE, x)
    assert close.text == (
        "Oppama is to close, announced at the start of P1 (April 2026): it builds cars until "
        "P2 (April 2027), after 12 months of notice; closure 60.0 ¥bn, remediation 10.0 ¥bn."
    )
    assert (close.option, close.period, close.until) == ("plant.oppama.close", "P1", "P2")
    assert close.subject == "plant.oppama"
    assert found.case.row("plants", "oppama").cell("closure_cost") in close.cells
    assert "sold at the start of P4 (April 2029) for 50.0 ¥bn" in sell.text
    (quiet,) = told(found, MODULE, path(found, *run(0, 5)))
    assert quiet.text == "Oppama runs to the end of the plan."
    assert quiet.option == "plant.oppama.run"


@pytest.mark.parametrize(
    ("arcs", "words"),
    [
        (["mothball[P0]", *(f"keep_mothballed[P0,P{t}]" for t in range(1, 5))], "mothballed"),
        (["mothball[P0]", "keep_mothballed[P0,P1]", "reopen[P0,P2]"], "reopened"),
        (["mothball[P0]", "close_mothballed[P0,P1]", "sell[P1]"], "until then, closes"),
        (["operate[P0]", "sell_running[P1]"], "sold running"),
    ],
)
def test_every_change_has_words(tmp_path, arcs, words) -> None:
    """Whatever the path, its changes are told and name an option that the program has."""
    found = built(tmp_path, plant(**CLOSING, reopen_months=6), calendars=CALENDARS)
    known = set(found.columns)
    x = path(
        found, *(each for each in arcs if f"plant_path.{each.replace('[', '[oppama,')}" in known)
    )
    sentences = told(found, MODULE, x)
    assert any(words in each.text for each in sentences)
    for each in sentences:
        assert each.option in found.program.options
        assert each.period
        assert each.cells


def test_the_tables_can_be_read_from_the_documented_headings(tmp_path) -> None:
    """plants and plant_commitments have the columns of the contract."""
    case = case_of(
        tmp_path,
        [MODULE],
        periods=years(1),
        plants=rows([plant(latitude="35.3", longitude="139.6", counted="no", name="Oppama")]),
        plant_commitments=promised(("operate", "2025-04-01")),
    )
    assert case.rows(PlantCommitment)[0].since.isoformat() == "2025-04-01"
    assert case.rows(Plant)[0].latitude == Fraction("35.3")
    assert read(tmp_path, (*MODULE.tables, *Value.tables)).fingerprint == case.fingerprint
