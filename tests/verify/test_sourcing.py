"""Cars are built where shifts, tooling and demand allow, and each shipment's margin is exact."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from replant.verify import plant_path, platform, programme, sourcing
from replant.verify.books import Books
from tests.verify.firm import Line
from tests.verify.test_plant_path import Firm, cash, run, sentences, worth

F = Fraction
TWINS = (plant_path, platform, programme, sourcing)

LANES = [{"plant": "a", "market": "home"}, {"plant": "b", "market": "home"}]
OPEN = {"can_close": True, "can_mothball": True, "can_host": True, "can_sell": True}


def firm(years: int = 1, *, months: int = 12, **changed: Any) -> Firm:
    """Two plants, of which a builds the only car; each table may be given anew."""
    periods = [f"y{index}" for index in range(years)]
    tables: dict[str, Any] = {
        "plants": [
            {"id": "a", "kind": "own", "country": "jp", **OPEN},
            {"id": "b", "kind": "own", "country": "us", **OPEN},
        ],
        "models": [{"id": "car", "segment": "small", "can_end": True}],
        "markets": [{"id": "home", "consolidated": True}],
        "lanes": LANES,
        "prices": [{"model": "car", "market": "home", "price": "1"}],
        "demand": [
            {"model": "car", "market": "home", "period": period, "volume": 96}
            for period in periods
        ],
        "lines": [
            {"id": "car.a", "model": "car", "plant": "a", "tooled": True, "capacity": 240,
             "unit_cost": "0.75"},
        ],
    }  # fmt: skip
    return Firm(years, months, **{**tables, **changed})


def stay(*ids: str, years: int = 1) -> dict[str, str]:
    return {f"operate[{plant},y{index}]": "1" for plant in ids for index in range(years)}


def plan(firm: Firm, sourcing: dict[str, str], **others: dict[str, str]) -> Books:
    paths = {"plant_path": stay("a", "b", years=len(firm.periods))}
    return run(firm, {**paths, "sourcing": sourcing, **others}, *TWINS)


# ── worked example 1: keep, or close and transfer ────────────────────────────────────────────


def transfer() -> Firm:
    return firm(
        5,
        plants=[
            {"id": "a", "kind": "own", "fixed_cost_operating": 48, "closure_cost": 60,
             "can_close": True},
            {"id": "b", "kind": "own"},
        ],
        lines=[
            {"id": "car.a", "model": "car", "plant": "a", "tooled": "yes", "capacity": 240,
             "unit_cost": "0.75"},
            {"id": "car.b", "model": "car", "plant": "b", "tooled": "no", "capacity": 120,
             "unit_cost": "0.75", "fixed_cost": 4, "tooling_cost": 15, "launch_cost": 8},
        ],
    )  # fmt: skip


def annuity(rate: Fraction, years: int) -> Fraction:
    return sum((1 / (1 + rate) ** year for year in range(1, years + 1)), F(0))


def test_keeping_the_plant_loses_24_a_year() -> None:
    """MODEL, worked example 1: 96 k at a margin of 0.25 against 48 of fixed cost."""
    case = transfer()
    books = plan(case, {f"ship[car.a,home,y{year}]": "96" for year in range(5)})
    assert sentences(books) == ""
    assert [cash(books, f"y{year}") for year in range(5)] == [-24] * 5
    assert [books.total("recurring", f"y{year}") for year in range(5)] == [-24] * 5
    value = worth(books, case, F("0.08"))
    assert value == -24 * annuity(F("0.08"), 5)
    assert round(float(value), 3) == -95.825


def test_closing_and_moving_the_car_costs_83_and_earns_20_a_year() -> None:
    """MODEL, worked example 1: closure 60, launch 8 and tooling 15 now."""
    case = transfer()
    closed = {"close[a,y0]": "1", **{f"stay_closed[a,y{year}]": "1" for year in range(5)}}
    moved = {f"ship[car.b,home,y{year}]": "96" for year in range(5)}
    on = {f"on[car.b,y{year}]": "1" for year in range(5)}
    books = run(
        case,
        {
            "plant_path": {**closed, **stay("b", years=5)},
            "sourcing": {"launch[car.b,y0]": "1", **on, **moved},
        },
        *TWINS,
    )
    assert sentences(books) == ""
    assert cash(books, "now") == -83
    assert [cash(books, f"y{year}") for year in range(5)] == [20] * 5
    value = worth(books, case, F("0.08"))
    assert value == 20 * annuity(F("0.08"), 5) - 83
    assert round(float(value), 4) == -3.1458
    assert books.total("option", "line.car.b.launch") == 1
    # tooling is paid at once and charged over 84 months
    assert books.total("ledger", "ppe", "now") == 15
    assert books.total("ledger", "depreciation", "y0") == F(15 * 12, 84)
    assert books.total("taxable", "now") == -60


# ── worked example 2: what a cut model's buyers do ───────────────────────────────────────────


def logit(**changed: Any) -> Firm:
    """Attraction 6 outside and 2, 1, 1 of the firm's own: 100 k buy, 40 of them here."""
    names = ("one", "two", "three")
    volumes = dict(zip(names, (20, 10, 10), strict=True))
    tables = {
        "models": [{"id": name, "segment": "small", "can_end": True} for name in names],
        "prices": [],
        "demand": [
            {"model": name, "market": "home", "period": "y0", "volume": volume}
            for name, volume in volumes.items()
        ],
        "substitutions": [{"market": "home", "segment": "small", "outside": "1.5"}],
        "lines": [
            {"id": name, "model": name, "plant": "a", "tooled": True, "capacity": 100}
            for name in names
        ],
    }
    return firm(**{**tables, **changed})


def sold(one: str, two: str, three: str) -> dict[str, str]:
    volumes = {"one": one, "two": two, "three": three}
    return {f"ship[{name},home,y0]": volume for name, volume in volumes.items() if volume}


CUT = {"end_model[three,y0]": "1"}


def test_all_models_sell_their_own_demand() -> None:
    books = plan(logit(), sold("20", "10", "10"))
    assert sentences(books) == ""
    assert sum(books.elements("sales").values()) == 40


def test_a_third_of_the_cut_models_buyers_stay() -> None:
    """MODEL, worked example 2: without model three the firm sells 33.33 of 100."""
    books = plan(logit(), sold("22.222", "11.111", ""), platform=CUT)
    assert sentences(books) == ""
    thirds = {"ship[one,home,y0]": F(200, 9), "ship[two,home,y0]": F(100, 9)}
    exact = plan(logit(), thirds, platform=CUT)
    assert sentences(exact) == ""
    assert sum(exact.elements("sales").values()) == F(100, 3)


def test_a_unit_in_a_thousand_more_than_is_wanted_is_caught() -> None:
    books = plan(logit(), sold("22.223", "11.111", ""), platform=CUT)
    assert "More of one is sold in home in y0 than is wanted" in sentences(books)


def test_a_model_that_has_ended_is_not_sold() -> None:
    books = plan(logit(), sold("20", "10", "0.001"), platform=CUT)
    assert "three builds in y0, but three is no longer offered" in sentences(books)
    assert "More of three is sold in home" in sentences(books)


def test_two_cuts_leave_the_last_model_25() -> None:
    """MODEL, worked example 2: exact, where first-order diversion says 24.44."""
    cut = {"end_model[two,y0]": "1", "end_model[three,y0]": "1"}
    assert sentences(plan(logit(), sold("25", "", ""), platform=cut)) == ""
    told = sentences(plan(logit(), sold("25.001", "", ""), platform=cut))
    # 25 is also the most that it can sell with all rivals gone
    assert "one builds more for home in y0 than demand or its tooling allows" in told
    assert "More of one is sold in home" in told


AGED = {"ageing": [{"model": "car", "period": "y0", "share": "0.5"}]}


def test_an_ageing_model_loses_buyers_unless_it_is_renewed() -> None:
    assert sentences(plan(firm(**AGED), {"ship[car.a,home,y0]": "48"})) == ""
    aged = plan(firm(**AGED), {"ship[car.a,home,y0]": "48.001"})
    assert "More of car is sold" in sentences(aged)
    assert aged.breaches[0].amount == F(1, 1000)
    new = {"programmes": [{"id": "next", "model": "car"}]}
    fresh = plan(
        firm(**AGED, **new), {"ship[car.a,home,y0]": "96"}, programme={"start[next,y0]": "1"}
    )
    assert sentences(fresh) == ""


def test_a_market_that_must_be_served_is_served_in_full() -> None:
    served = {"markets": [{"id": "home", "consolidated": "yes", "must_serve": "yes"}]}
    assert sentences(plan(firm(**served), {"ship[car.a,home,y0]": "96"})) == ""
    short = plan(firm(**served), {"ship[car.a,home,y0]": "95.999"})
    assert "home must be served, but lacks car in y0" in sentences(short)
    assert short.breaches[0].amount == F(1, 1000)
    # what is no longer offered or wanted is not missed
    assert sentences(plan(firm(**served, **AGED), {"ship[car.a,home,y0]": "48"})) == ""
    assert sentences(plan(firm(**served), {}, platform={"end_model[car,y0]": "1"})) == ""


# ── worked example 3: the margin of a lane ───────────────────────────────────────────────────

DUTIES = [
    {"origin": "jp", "market": "home", "from": "2026-04-01", "rate": "0.025"},
    {"origin": "jp", "market": "home", "from": "2027-04-01", "rate": "0.15"},
    {"origin": "jp", "market": "home", "from": "2028-04-01", "rate": "0.275"},
]


def lane(years: int = 4, *, moves: str = "no", **changed: Any) -> Firm:
    """$30k less 12 % at 150 ¥/$ is 3.96 net; 3.2 to build, 0.15 to ship, customs value 3.4."""
    return firm(
        years,
        prices=[{"model": "car", "market": "home", "price": "3.96"}],
        markets=[{"id": "home", "consolidated": True, "currency": "usd"}],
        lines=[
            {"id": "car.a", "model": "car", "plant": "a", "tooled": True, "capacity": 240,
             "unit_cost": "3.2"},
            {"id": "car.b", "model": "car", "plant": "b", "tooled": True, "capacity": 240,
             "unit_cost": "3.4"},
        ],
        lanes=[
            {"plant": "a", "market": "home", "freight": "0.15", "customs_share": F(340, 396),
             "customs_moves": moves},
            {"plant": "b", "market": "home", "freight": "0.15", "customs_share": F(340, 396)},
        ],
        duties=DUTIES,
        currencies=[{"id": "usd", "reference_rate": "150"}],
        **changed,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("year", "margin"), [("y0", "0.61"), ("y1", "0.525"), ("y2", "0.1"), ("y3", "-0.325")]
)
def test_margin_of_a_lane_at_each_duty(year: str, margin: str) -> None:
    """MODEL, worked example 3: 0.61 before duty, then 2.5 %, 15 % and 27.5 %."""
    books = plan(lane(), {f"ship[car.a,home,{year}]": "10"})
    assert sentences(books) == ""
    assert cash(books, year) == 10 * F(margin)
    assert books.total("ledger", "revenue", year) == -F("39.6")
    assert books.total("ledger", "freight", year) == F("1.5")


def test_a_plant_behind_the_border_pays_no_duty() -> None:
    """MODEL, worked example 3: the US plant's margin is 0.41."""
    assert cash(plan(lane(), {"ship[car.b,home,y3]": "10"}), "y3") == F("4.1")


def test_a_duty_that_changes_within_a_year_is_weighted_by_days() -> None:
    """30 days of April without duty, 335 with 15 %."""
    case = lane(1)
    case.tables["duties"] = case.tables["duties"][1:2]
    vars(case.tables["duties"][0])["from"] = "2025-05-01"
    books = plan(case, {"ship[car.a,home,y0]": "1"})
    assert books.total("ledger", "duty", "y0") == F("3.4") * F("0.15") * F(335, 365)


@pytest.mark.parametrize(
    ("moves", "rate"),
    [
        ("no", F(386, 264) * 100),  # 146.21: the customs value stays in yen
        ("yes", F("3.35") / (F("3.96") - F("0.15") * F("3.4")) * 150),  # 145.65: it moves
    ],
)
def test_the_yen_at_which_a_lane_breaks_even(moves: str, rate: Fraction) -> None:
    """MODEL, worked example 3: at 15 % the margin is 0 at 146.2 ¥/$, or at 145.7."""
    rates = [{"currency": "usd", "period": "y2", "rate": rate}]
    case = lane(moves=moves, exchange_rates=rates)
    assert cash(plan(case, {"ship[car.a,home,y2]": "10"}), "y2") == 0


def test_a_market_that_is_not_consolidated_books_no_money() -> None:
    case = lane(1)
    case.tables["markets"][0].consolidated = "no"
    books = plan(case, {"ship[car.a,home,y0]": "10"})
    assert sentences(books) == ""
    assert cash(books, "y0") == 0
    assert books.total("sales", "car", "home", "y0") == 10
    assert books.total("output", "jp", "y0") == 10
    assert books.total("produced", "a", "y0") == 10


def test_a_lane_carries_no_more_than_it_can() -> None:
    case = firm(months=6, lanes=[{"plant": "a", "market": "home", "capacity": 100}])
    assert sentences(plan(case, {"ship[car.a,home,y0]": "50"})) == ""
    told = sentences(plan(case, {"ship[car.a,home,y0]": "50.001"}))
    assert "The lane from a to home carries more in y0 than it can. (by 0.001)" in told


# ── shifts and capacity ──────────────────────────────────────────────────────────────────────


def shifts(years: int = 1, **cells: Any) -> Firm:
    """A plant of 40 k a year and shift, of three shifts with 1, 0.95 and 0.9 of it."""
    row = {"plant": "a", "shift_capacity": 40, "shifts_now": 1, "shifts_max": 3,
           "second_shift_efficiency": "0.95", "third_shift_efficiency": "0.9",
           "overtime_share": "0.1", "overtime_cost": "0.2", "add_shift_cost": 3,
           "crew_per_shift": 900, **cells}  # fmt: skip
    return firm(years, capacities=[row])


TWO = {"shift_1[a,y0]": "1", "shift_2[a,y0]": "1"}


def test_two_shifts_build_78_and_cost_their_crew() -> None:
    books = plan(shifts(), {**TWO, "ship[car.a,home,y0]": "78"})
    assert sentences(books) == ""
    assert books.total("crew_needed", "a", "y0") == 1800
    assert books.total("ledger", "line_cost", "y0") == 3
    assert cash(books, "y0") == 78 * F("0.25") - 3


def test_a_thousandth_more_than_the_shifts_build_is_caught() -> None:
    books = plan(shifts(), {**TWO, "ship[car.a,home,y0]": "78.001"})
    assert sentences(books) == (
        "I7 [a,y0]: a builds more in y0 than its shifts and overtime can. (by 0.001)"
    )


def test_overtime_adds_what_it_may_and_costs_a_premium() -> None:
    more = {**TWO, "overtime[a,y0]": "7.8", "ship[car.a,home,y0]": "85.8"}
    books = plan(shifts(), more)
    assert sentences(books) == ""
    assert books.total("ledger", "overtime", "y0") == F("1.56")
    too_much = plan(shifts(), {**more, "overtime[a,y0]": "7.801"})
    assert "a works more overtime in y0 than allowed. (by 0.001)" in sentences(too_much)


def test_three_shifts_add_up_and_a_dropped_shift_costs_nothing() -> None:
    three = {f"shift_{number}[a,y0]": "1" for number in (1, 2, 3)}
    books = plan(
        shifts(2), {**three, "ship[car.a,home,y0]": "96", "shift_1[a,y1]": "1"}
    )  # fmt: skip
    assert sentences(books) == ""
    assert books.total("ledger", "line_cost", "y0") == 6
    assert books.total("ledger", "line_cost", "y1") == 0


def test_a_second_shift_needs_the_first() -> None:
    told = sentences(plan(shifts(), {"shift_2[a,y0]": "1"}))
    assert "a runs a later shift in y0 without the earlier one" in told


def test_a_plant_runs_no_more_shifts_than_it_has() -> None:
    told = sentences(plan(shifts(shifts_max=1), TWO))
    assert "a runs more shifts in y0 than it has. (by 1)" in told


def test_work_content_counts_and_a_hosted_car_takes_its_share() -> None:
    case = shifts()
    case.tables["lines"][0].work_content = "1.25"
    assert sentences(plan(case, {**TWO, "ship[car.a,home,y0]": "62.4"})) == ""
    told = sentences(plan(case, {**TWO, "ship[car.a,home,y0]": "62.401"}))
    assert "a builds more in y0 than its shifts and overtime can. (by 0.00125)" in told


# ── nothing is built where nothing operates ──────────────────────────────────────────────────

CLOSED = {"close[a,y0]": "1", "stay_closed[a,y0]": "1", "stay_closed[a,y1]": "1"}
MOTHBALLED = {
    "mothball[a,y0]": "1",
    "keep_mothballed[a,y0,y0]": "1",
    "keep_mothballed[a,y0,y1]": "1",
}


@pytest.mark.parametrize(
    ("path", "state"),
    [
        (CLOSED, "is closed"),
        (MOTHBALLED, "is mothballed"),
        ({"close[a,y0]": "1", "stay_closed[a,y0]": "1", "sell[a,y1]": "1"}, "is sold"),
        ({"host_only[a,y0]": "1", "host_only[a,y1]": "1"}, "only hosts a partner"),
    ],
)
def test_output_and_crews_where_nothing_operates_are_caught(
    path: dict[str, str], state: str
) -> None:
    books = run(
        shifts(2),
        {
            "plant_path": {**path, **stay("b", years=2)},
            "sourcing": {"ship[car.a,home,y1]": "1", "shift_1[a,y1]": "1"},
        },
        *TWINS,
    )
    told = sentences(books)
    assert f"I5 [a,y1]: a builds cars in y1, but it {state}. (by 1)" in told
    assert f"I5 [a,y1]: a has crews in y1, but it {state}. (by 1)" in told
    assert "I6" not in told


# ── lines ────────────────────────────────────────────────────────────────────────────────────


def launch(**cells: Any) -> Firm:
    line = {
        "id": "car.b",
        "model": "car",
        "plant": "b",
        "tooled": "no",
        "capacity": 80,
        "launch_lead_months": 12,
        "ramp_months": 12,
        "ramp_share": "0.6",
        **cells,
    }
    return firm(4, lines=[line])  # fmt: skip


def on(*years: int) -> dict[str, str]:
    return {f"on[car.b,y{year}]": "1" for year in years}


def test_a_launched_line_starts_after_its_lead_and_ramps_up() -> None:
    made = {"ship[car.b,home,y2]": "48", "ship[car.b,home,y3]": "80"}
    books = plan(launch(), {"launch[car.b,y1]": "1", **on(2, 3), **made})
    assert sentences(books) == ""
    ramp = plan(launch(), {"launch[car.b,y1]": "1", **on(2), "ship[car.b,home,y2]": "48.001"})
    assert "car.b builds more in y2 than its tooling allows. (by 0.001)" in sentences(ramp)
    full = plan(launch(), {"launch[car.b,y1]": "1", **on(3), "ship[car.b,home,y3]": "80.001"})
    assert "car.b builds more in y3 than its tooling allows. (by 0.001)" in sentences(full)


def test_a_ramp_is_run_through_and_not_waited_out() -> None:
    told = sentences(plan(launch(), {"launch[car.b,y1]": "1"}))
    assert "car.b is off in y2, but its launch ramps up then." in told
    assert "y3" not in told
    assert sentences(plan(launch(), {"launch[car.b,y1]": "1", **on(2)})) == ""


def test_a_line_is_not_on_before_it_is_launched() -> None:
    told = sentences(plan(launch(), {"launch[car.b,y1]": "1", **on(1, 2)}))
    assert told == "I7 [car.b,y1]: car.b is on in y1, but it has not been launched. (by 1)"


def test_a_line_that_is_off_builds_nothing() -> None:
    told = sentences(plan(launch(), {"launch[car.b,y0]": "1", "ship[car.b,home,y2]": "1"}))
    assert "car.b builds in y2, but car.b is switched off" in told


def test_a_line_is_launched_once_and_in_its_window() -> None:
    twice = {"launch[car.b,y0]": "1", "launch[car.b,y1]": "1"}
    assert "launch of car.b is decided more than once" in sentences(plan(launch(), twice))
    late = plan(launch(latest="2025-04-01"), {"launch[car.b,y1]": "1"})
    assert "launch of car.b may not be decided in y1" in sentences(late)


@pytest.mark.parametrize("closing", ["close[b,y1]", "close[b,y2]"])
def test_nothing_is_launched_into_a_plant_that_winds_down(closing: str) -> None:
    """Neither when the launch starts nor when it is ready may the plant be winding down."""
    case = launch()
    case.tables["plants"][1].notice_months = 36
    before = ["operate[b,y0]", "operate[b,y1]"][: int(closing[-2])]
    path = {**stay("a", years=4), **dict.fromkeys([*before, closing], "1")}
    books = run(case, {"plant_path": path, "sourcing": {"launch[car.b,y1]": "1"}}, *TWINS)
    told = sentences(books)
    assert f"car.b is launched in y1, but b is winding down in {closing[-3:-1]}" in told
    assert "I6" not in told


def test_a_launch_costs_a_share_of_a_shift_year() -> None:
    case = launch(launch_loss="0.125", ramp_share=None)
    case.tables["capacities"] = [Line(plant="b", shift_capacity=80)]
    made = {"launch[car.b,y1]": "1", "shift_1[b,y2]": "1", **on(2)}
    assert sentences(plan(case, {**made, "ship[car.b,home,y2]": "70"})) == ""
    told = sentences(plan(case, {**made, "ship[car.b,home,y2]": "70.001"}))
    assert "b builds more in y2 than its shifts and overtime can. (by 0.001)" in told


def test_a_line_with_fixed_cost_pays_it_while_it_is_on() -> None:
    case = firm(2)
    case.tables["lines"][0].fixed_cost = 4
    books = plan(case, {"on[car.a,y1]": "1", "ship[car.a,home,y1]": "96"})
    assert sentences(books) == ""
    assert [cash(books, year) for year in ("y0", "y1")] == [0, 20]
    assert "car.a is switched off" in sentences(plan(case, {"ship[car.a,home,y0]": "96"}))


def test_a_line_of_a_deal_needs_the_deal() -> None:
    case = firm()
    case.tables["lines"][0].deal = "pact"
    books = plan(case, {"ship[car.a,home,y0]": "1"})
    assert "car.a builds in y0, but the deal pact does not run. (by 1)" in sentences(books)
    assert books.total("taken", "pact", "y0") == 1


def test_partner_plants_build_without_path_or_shifts() -> None:
    case = firm()
    case.tables["plants"][0].kind = "partner"
    path = {"plant_path": stay("b"), "sourcing": {"ship[car.a,home,y0]": "96"}}
    assert sentences(run(case, path, *TWINS)) == ""


@pytest.mark.parametrize(
    "element",
    ["ship[car.a,moon,y0]", "ship[ghost,home,y0]", "shift_1[a,y0]", "launch[car.a,y0]",
     "on[car.a,y0]", "overtime[a,y0]"],
)  # fmt: skip
def test_columns_that_do_not_exist_are_refused(element: str) -> None:
    assert "The case has no " + element in sentences(plan(firm(), {element: "1"}))


def test_a_negative_shipment_is_refused() -> None:
    told = sentences(plan(firm(), {"ship[car.a,home,y0]": "-1"}))
    assert "ship[car.a,home,y0] must not be negative" in told
