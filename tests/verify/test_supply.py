"""A supply deal moves between its minimum and its maximum, and pays for what it lacks."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from replant.verify import plant_path, sourcing, supply
from replant.verify.books import Books
from tests.verify.firm import Line
from tests.verify.test_plant_path import Firm, cash, run, sentences

F = Fraction
TWINS = (plant_path, sourcing, supply)


def firm(**cells: Any) -> Firm:
    deal = {"id": "pact", "duration_months": 24, "lead_months": 12, "minimum": 20, "maximum": 50,
            "plant": "a", **cells}  # fmt: skip
    return Firm(
        4,
        plants=[
            {"id": "a", "kind": "own", "can_close": "yes", "can_host": True},
            {"id": "ally", "kind": "partner"},
        ],
        supply_deals=[deal],
        models=[{"id": "car"}],
        markets=[{"id": "home", "consolidated": "no"}],
        lanes=[{"plant": "ally", "market": "home"}],
        demand=[
            {"model": "car", "market": "home", "period": f"y{year}", "volume": 90}
            for year in range(4)
        ],
        lines=[
            {"id": "car.ally", "model": "car", "plant": "ally", "deal": "pact", "tooled": True,
             "capacity": 90}
        ],
        capacities=[{"plant": "a", "shift_capacity": 60, "shifts_max": 1}],
    )  # fmt: skip


def deal(
    case: Firm,
    *starts: int,
    ships: str = "",
    builds: str = "",
    path: str = "operate",
    shifts: int = 1,
) -> Books:
    """Volumes are given for y1, in which the deal runs if it starts in y0."""
    states = {f"{path if year == 1 else 'operate'}[a,y{year}]": "1" for year in range(4)}
    chosen = {f"start[pact,y{year}]": "1" for year in starts}
    chosen |= {"build[pact,y1]": builds} if builds else {}
    work = {"shift_1[a,y1]": "1"} if builds and shifts else {}
    work |= {"ship[car.ally,home,y1]": ships} if ships else {}
    return run(case, {"plant_path": states, "sourcing": work, "supply": chosen}, *TWINS)


BUY = {"direction": "buy", "shortfall_price": "0.5", "fixed_fee": 3, "one_off": 8}


def test_a_buyer_takes_between_minimum_and_maximum() -> None:
    books = deal(firm(**BUY), 0, ships="50")
    assert sentences(books) == ""
    assert cash(books, "now") == -8
    assert cash(books, "y0") == 0
    assert cash(books, "y1") == -3
    assert books.total("recurring", "y1") == -3
    assert [books.total("dealt", "pact", f"y{year}") for year in range(4)] == [0, 1, 1, 0]
    assert books.total("option", "deal.pact") == 1
    # y2: nothing is taken, so the whole minimum is paid for
    assert cash(books, "y2") == -3 - 10
    more = deal(firm(**BUY), 0, ships="50.001")
    assert sentences(more) == (
        "supply_deals [pact,y1]: The deal pact moves more in y1 than its maximum. (by 0.001)"
    )


def test_a_buyer_pays_for_what_is_not_taken() -> None:
    books = deal(firm(**BUY), 0, ships="15")
    assert sentences(books) == ""
    assert cash(books, "y1") == -3 - F("2.5")


def test_a_deal_without_a_maximum_is_bound_by_its_line() -> None:
    assert sentences(deal(firm(**BUY, maximum=None), 0, ships="90")) == ""


def test_nothing_is_taken_from_a_deal_that_does_not_run() -> None:
    told = sentences(deal(firm(**BUY), ships="1"))
    assert "car.ally builds in y1, but the deal pact does not run. (by 1)" in told
    assert "The deal pact moves more in y1 than its maximum. (by 1)" in told


BUILD = {"direction": "build", "fee": "0.4", "unit_cost": "0.3", "work_content": "1.2"}


def build(volume: str, case: Firm | None = None, **options: Any) -> Books:
    case = case or firm(**BUILD, minimum=0)
    return deal(case, *options.pop("starts", (0,)), builds=volume, **options)


def test_building_for_an_ally_earns_its_fee_and_uses_capacity() -> None:
    books = build("50")
    assert sentences(books) == ""
    assert cash(books, "y1") == 50 * F("0.1")
    assert books.total("recurring", "y1") == 5
    assert books.total("capacity_used", "a", "y1") == 60
    assert sentences(build("50", firm(**{**BUILD, "work_content": "1.20002"}, minimum=0))) == (
        "I7 [a,y1]: a builds more in y1 than its shifts and overtime can. (by 0.001)"
    )


@pytest.mark.parametrize(
    ("volume", "options", "caught"),
    [
        ("50.001", {}, "The deal pact moves more in y1 than its maximum. (by 0.001)"),
        ("1", {"starts": ()}, "The deal pact moves more in y1 than its maximum. (by 1)"),
        ("1", {"path": "host_only"}, "a builds for pact in y1, but it does not operate. (by 1)"),
        ("1", {"shifts": 0}, "a builds more in y1 than its shifts and overtime can. (by 1.2)"),
        ("1", {"starts": (0, 1)}, "start of pact is decided more than once"),
    ],
)
def test_building_more_than_the_deal_or_the_plant_allows_is_caught(
    volume: str, options: dict[str, Any], caught: str
) -> None:
    assert caught in sentences(build(volume, **options))


def test_an_ally_gets_its_minimum() -> None:
    told = sentences(build("19.999", firm(**BUILD)))
    assert "The deal pact gets less in y1 than its minimum. (by 0.001)" in told
    # and nothing in y2
    assert "The deal pact gets less in y2 than its minimum. (by 20)" in told


def test_only_a_deal_that_builds_has_a_volume_to_build() -> None:
    told = sentences(build("1", firm(**BUY)))
    assert "The case has no build[pact,y1]" in told


def test_a_unit_built_abroad_costs_at_the_rate_of_the_period() -> None:
    case = firm(**BUILD, minimum=0)
    case.tables["plants"][0].currency = "usd"
    case.tables["currencies"] = [Line(id="usd", reference_rate="150")]
    case.tables["exchange_rates"] = [Line(currency="usd", period="y1", rate="200")]
    assert cash(build("50", case), "y1") == 0
