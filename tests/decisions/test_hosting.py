"""Hosting: a plant hosts exactly while a deal runs, and the deal pays what it promised."""

from __future__ import annotations

import numpy as np
import pytest

from replant.decisions.hosting import MODULE
from replant.decisions.plant_path import MODULE as PLANT_PATH
from tests.decisions.small_firm import (
    Built,
    balanced,
    build,
    case_of,
    discounted_cash,
    rows,
    told,
    years,
)

PLANT = {
    "id": "oppama",
    "name": "Oppama",
    "country": "japan",
    "can_host": "yes",
    "can_close": "yes",
    "fixed_cost_operating": 40,
    "fixed_cost_hosting": 45,
    "fixed_cost_host_only": 10,
}
DEAL = {"id": "guest", "partner": "Guest", "plant": "oppama", "duration_months": 24}


def built(folder, *deals: dict[str, object], periods: str = "", extra=None) -> Built:
    case = case_of(
        folder,
        [MODULE, PLANT_PATH],
        periods=periods or years(5),
        plants=rows([PLANT]),
        hosting_deals=rows({**DEAL, **deal} for deal in deals or ({},)),
    )
    return build(case, PLANT_PATH, MODULE, extra=extra)


def hosted(found: Built, first: int, last: int, state: str = "host_only", **more) -> np.ndarray:
    """Return the plan that signs in the first period and hosts from then until the last."""
    count = len(found.case.periods)
    states = [state if first <= t < last else "operate" for t in range(count)]
    taken = [f"plant_path.{each}[oppama,P{t}]" for t, each in enumerate(states)]
    return found.plan(*taken, f"hosting.start[guest,P{first}]", **more)


def test_a_plant_hosts_exactly_while_a_deal_runs(tmp_path) -> None:
    """Neither a deal without the state nor the state without a deal is lawful."""
    found = built(tmp_path)
    assert found.lawful(hosted(found, 1, 3))
    assert found.lawful(hosted(found, 1, 3, "operate_and_host"))
    assert not found.lawful(hosted(found, 1, 4))
    assert not found.lawful(hosted(found, 1, 2))
    alone = [f"plant_path.operate[oppama,P{t}]" for t in range(5)]
    assert found.lawful(found.plan(*alone))
    assert not found.lawful(found.plan(*alone, "hosting.start[guest,P1]"))


def test_a_lead_delays_the_start_and_not_the_length(tmp_path) -> None:
    """Signed in P0 with 18 months of lead, the guest is there in P2 and P3."""
    found = built(tmp_path, {"lead_months": 18})
    taken = ["operate", "operate", "host_only", "host_only", "operate"]
    x = found.plan(
        *(f"plant_path.{each}[oppama,P{t}]" for t, each in enumerate(taken)),
        "hosting.start[guest,P0]",
    )
    assert found.lawful(x)
    # what would begin at the horizon cannot be signed
    starts = [each for each in found.columns if each.startswith("hosting.start")]
    assert starts == [f"hosting.start[guest,P{t}]" for t in (0, 1, 2)]


def test_one_deal_at_a_time_and_each_once(tmp_path) -> None:
    """Two guests share no period, and none comes twice."""
    found = built(tmp_path, {}, {"id": "other"})
    both = hosted(found, 1, 3)
    both[found.program.columns.find("hosting.start[other,P2]")] = 1.0
    assert not found.lawful(both)
    after = hosted(found, 0, 4)
    after[found.program.columns.find("hosting.start[other,P2]")] = 1.0
    assert found.lawful(after)
    twice = hosted(found, 0, 4)
    twice[found.program.columns.find("hosting.start[guest,P2]")] = 1.0
    assert not found.lawful(twice)


MONEY = {
    "fee": "0.3",
    "volume": 50,
    "guaranteed": 100,
    "haircut": "0.2",
    "fixed_share": 6,
    "rent": 2,
    "set_up_cost": 4,
    "part_price": 20,
    "part_carrying": 15,
    "people_taken": 700,
}


def test_the_guest_pays_the_larger_of_volume_and_what_is_believed(tmp_path) -> None:
    """100k guaranteed, a fifth not believed: 80k at 0.3, beside share and rent."""
    found = built(tmp_path, MONEY, periods=years(4, months=6))
    x = hosted(found, 0, 4)
    assert found.lawful(x)
    assert balanced(found, x)
    book = found.book(x)
    assert book["deal_income", "P0"] == -(0.3 * 80 + 6 + 2) / 2
    assert book["restructuring", "now"] == 4
    assert book["disposal_proceeds", "now"] == -20
    assert book["disposal_carrying", "now"] == 15
    assert book["cash", "now"] == 20 - 4
    assert found.value(x, "taxable", fiscal_year="FY2025") == 20 - 15 - 4
    assert found.book(x, "people_taken") == {("oppama", "P0"): 700}
    expected = {"volume": 120, "haircut": 0}
    more = built(tmp_path / "more", MONEY | expected)
    assert more.book(hosted(more, 0, 2))["deal_income", "P0"] == -(0.3 * 120 + 6 + 2)


def test_only_what_is_flagged_recurs(tmp_path) -> None:
    """A deal's income counts beyond the horizon only where the case says so."""
    for flag, income in (("no", 0), ("yes", 8)):
        found = built(tmp_path / flag, {"rent": 8, "recurring": flag, "duration_months": 60})
        x = hosted(found, 0, 5)
        cost = found.book(x)["plant_cost", "P4"]
        assert found.value(x, "recurring", time="P4") == income - cost


def test_our_capacity_is_used_where_our_people_build(tmp_path) -> None:
    """A guest with people of its own leaves our shifts alone."""
    for flag, used in (("no", {}), ("yes", {("oppama", f"P{t}"): 60.0 for t in (0, 1)})):
        found = built(tmp_path / flag, {"volume": 50, "capacity_use": "1.2", "own_people": flag})
        assert found.book(hosted(found, 0, 2), "capacity_used") == used


def test_a_guest_comes_where_it_pays(tmp_path) -> None:
    """Without a deal the plant closes; with one that bears its cost it stays for the guest."""
    for rent, states in ((5, ["closed"] * 5), (60, ["host_only"] * 2 + ["closed"] * 3)):
        found = built(tmp_path / str(rent), {"rent": rent}, extra=discounted_cash())
        x = found.best()
        labels = sorted(found.book(x, "state"), key=lambda each: each[2])
        assert [label[1] for label in labels] == states
        assert found.option(x, "deal.guest") == (rent == 60)


def test_a_deal_is_told_with_its_terms(tmp_path) -> None:
    """Who, where, from when until when, and what it pays; the option is the deal's."""
    found = built(tmp_path, MONEY)
    (sentence,) = told(found, MODULE, hosted(found, 1, 3))
    assert sentence.text == (
        "Guest builds in Oppama from P1 (April 2026) until P3, signed in P1, and pays 32.0 ¥bn a "
        "year; it takes over 700 people; it buys a part of the plant for 20.0 ¥bn; it costs us "
        "4.0 ¥bn to set up."
    )
    assert (sentence.option, sentence.period, sentence.until) == ("deal.guest", "P1", "P3")
    assert found.case.row("hosting_deals", "guest").cell("fee") in sentence.cells


def test_a_deal_with_a_name_is_told_by_it(tmp_path) -> None:
    """Two deals of one partner in one plant read differently where they are named."""
    found = built(tmp_path, {"name": "Guest buys half of Oppama"})
    (sentence,) = told(found, MODULE, hosted(found, 1, 3))
    assert sentence.text.startswith("Guest buys half of Oppama from P1 (April 2026) until P3")
    assert found.program.option_sentences["deal.guest"] == "Guest buys half of Oppama"


def test_an_empty_table_adds_nothing(tmp_path) -> None:
    """A firm without deals does without the module."""
    case = case_of(tmp_path, [MODULE, PLANT_PATH], periods=years(1), plants=rows([PLANT]))
    assert not MODULE.applies(case)
    assert (
        case_of(tmp_path, [MODULE, PLANT_PATH], periods=years(1), hosting_deals=rows([DEAL])).has(
            "hosting_deals"
        )
        is True
    )


def test_a_deal_that_cannot_be_signed_in_time_is_only_an_option_at_zero(tmp_path) -> None:
    """A window after the plan leaves no column, and the plant cannot host."""
    found = built(tmp_path, {"earliest": "2040-04-01"})
    assert not any(each.startswith("hosting.") for each in found.columns)
    alone = found.plan(*(f"plant_path.operate[oppama,P{t}]" for t in range(5)))
    assert found.lawful(alone)
    assert found.option(alone, "deal.guest") == 0
    assert not found.lawful(found.plan(*(f"plant_path.host_only[oppama,P{t}]" for t in range(5))))


@pytest.mark.parametrize(("above", "signed"), [(-0.001, False), (0.001, True)])
def test_the_reservation_fee_is_where_the_plan_turns_over(tmp_path, above, signed) -> None:
    """Close and sell the land now, or host 100k for five years at 26 a year and close then.

    With 8 % the fee at which both are worth the same follows from the annuity; just below it the
    plant closes at once, just above it the guest comes.
    """
    annuity = sum(1.08**-year for year in range(1, 6))
    fee = (-25 + 26 * annuity + 25 * 1.08**-6) / (100 * annuity)
    plant = {
        "id": "oppama",
        "country": "japan",
        "can_host": "yes",
        "can_close": "yes",
        "can_sell": "yes",
        "fixed_cost_operating": 100,
        "fixed_cost_hosting": 100,
        "fixed_cost_host_only": 26,
        "closure_cost": 60,
        "sale_price": 35,
    }
    terms = {"duration_months": 60, "guaranteed": 100, "fee": f"{fee + above:.6f}"}
    case = case_of(
        tmp_path,
        [MODULE, PLANT_PATH],
        periods=years(7),
        plants=rows([plant]),
        hosting_deals=rows([DEAL | terms]),
    )
    found = build(case, PLANT_PATH, MODULE, extra=discounted_cash())
    x = found.best()
    assert found.option(x, "deal.guest") == pytest.approx(float(signed))
    assert found.option(x, "plant.oppama.close.P5" if signed else "plant.oppama.close.P0") == 1
