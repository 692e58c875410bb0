"""A plant hosts exactly while a deal runs there, and the deal pays what it promises."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from replant.verify import hosting, plant_path
from replant.verify.books import Books
from tests.verify.test_plant_path import Firm, cash, run, sentences, worth

F = Fraction
TWINS = (plant_path, hosting)


def firm(years: int = 4, *, plant: dict[str, Any] | None = None, **cells: Any) -> Firm:
    deal = {"id": "pact", "plant": "a", "fee": "0.3", "volume": 100, "duration_months": 24,
            "recurring": "no", **cells}  # fmt: skip
    own = {"id": "a", "kind": "own", "can_host": True, "can_close": "yes", **(plant or {})}
    return Firm(years, plants=[own], hosting_deals=[deal])


def host(case: Firm, path: str, *starts: int) -> Books:
    """Run a path given as one letter a year: o operate, h host only, b both."""
    columns = {"o": "operate", "h": "host_only", "b": "operate_and_host"}
    states = {f"{columns[letter]}[a,y{year}]": "1" for year, letter in enumerate(path)}
    deals = {f"start[pact,y{year}]": "1" for year in starts}
    return run(case, {"plant_path": states, "hosting": deals}, *TWINS)


def test_a_deal_runs_from_its_lead_to_its_end() -> None:
    books = host(firm(lead_months=12, people_taken=500), "ohho", 0)
    assert sentences(books) == ""
    assert [cash(books, f"y{year}") for year in range(4)] == [0, 30, 30, 0]
    assert books.total("recurring", "y1") == 0
    assert books.total("people_taken", "a", "y1") == 500
    assert books.total("people_taken", "a", "y2") == 0
    assert books.total("option", "deal.pact") == 1


@pytest.mark.parametrize("path", ["oohh", "ohhh", "ohoo", "ohho"])
def test_a_plant_hosts_exactly_while_the_deal_runs(path: str) -> None:
    told = sentences(host(firm(lead_months=12), path, 0))
    assert (told == "") == (path == "ohho")


def test_the_two_ways_to_disagree_are_told_apart() -> None:
    assert sentences(host(firm(), "hooo")) == (
        "hosting_deals [a,y0]: a hosts a partner in y0 without a deal. (by 1)"
    )
    assert "A partner's deal runs at a in y0, but the plant does not host one. (by 1)" in sentences(
        host(firm(), "ohoo", 0)
    )


def test_a_plant_without_any_deal_may_not_host() -> None:
    case = Firm(1, plants=[{"id": "a", "can_host": True}])
    assert "a hosts a partner in y0 without a deal" in sentences(host(case, "h"))


@pytest.mark.parametrize(
    ("cells", "income"),
    [
        ({"volume": 60, "guaranteed": 100}, 30),  # take or pay
        ({"volume": 60, "guaranteed": 100, "haircut": "0.5"}, 18),  # half of it is believed
        ({"fixed_share": 5, "rent": 2}, 37),
    ],
)
def test_a_guarantee_is_worth_what_is_believed_of_it(cells: dict[str, Any], income: int) -> None:
    assert cash(host(firm(**cells), "hhoo", 0), "y1") == income


def test_worked_example_5_at_the_hosts_lowest_fee() -> None:
    """MODEL, worked example 5: at 0.2379 hosting repays what putting off the closure saves.

    Closing now and selling the land a year later is worth −27.59; hosting for five years at a
    net fixed cost of 26 a year, and then the same, must be worth the same.
    """
    d = F("1.08")
    annuity = sum((1 / d**year for year in range(1, 6)), F(0))
    now, later = -60 + 35 / d, -60 / d**5 + 35 / d**6
    fee = (now - later + 26 * annuity) / (100 * annuity)
    assert round(float(fee), 4) == 0.2379
    case = firm(5, plant={"fixed_cost_host_only": 26}, fee=fee, duration_months=60)
    books = host(case, "hhhhh", 0)
    assert sentences(books) == ""
    assert worth(books, case, F("0.08")) == now - later
    assert round(float(now), 3) == -27.593
    assert round(float(later), 2) == -18.78


def test_setting_up_and_the_sale_of_a_part_are_booked_at_once() -> None:
    case = firm(set_up_cost=8, part_price=20, part_carrying=15)
    books = host(case, "hhoo", 0)
    assert sentences(books) == ""
    assert cash(books, "now", "operating") == -8
    assert cash(books, "now", "investing") == 20
    assert books.total("taxable", "now") == 20 - 15 - 8
    assert books.total("ledger", "ppe", "now") == -15


def test_only_a_deal_worked_by_own_people_uses_capacity() -> None:
    own = host(firm(capacity_use="1.5", own_people="yes"), "bboo", 0)
    assert sentences(own) == ""
    assert own.total("capacity_used", "a", "y1") == 150
    assert own.total("capacity_used", "a", "y2") == 0
    assert host(firm(), "hhoo", 0).elements("capacity_used") == {}


def test_a_deal_that_goes_on_counts_after_the_horizon() -> None:
    assert host(firm(recurring="yes"), "hhoo", 0).total("recurring", "y1") == 30


def test_a_deal_starts_once_and_in_its_window() -> None:
    assert "start of pact is decided more than once" in sentences(host(firm(), "bboo", 0, 1))
    late = host(firm(latest="2025-04-01"), "ohho", 1)
    assert "start of pact may not be decided in y1" in sentences(late)
