"""A plant's path is one walk on the time graph, and each of its arcs costs what the case says."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from types import ModuleType
from typing import Any

import pytest

from replant.verify import plant_path
from replant.verify.books import Books
from replant.verify.calendar import Clock
from replant.verify.told import Told
from tests.verify.firm import Line

F = Fraction


# ── a case of bare rows, for all tests of these twins ────────────────────────────────────────


class Firm:
    """A case with some years y0, y1, … from April 2025, and the tables that a test names."""

    def __init__(self, years: int = 3, months: int = 12, **tables: list[dict[str, Any]]) -> None:
        self.periods = tuple(_period(index, months) for index in range(years))
        self.tables = {name: [Line(**row) for row in rows] for name, rows in tables.items()}

    def has(self, table: str) -> bool:
        return table in self.tables

    def rows(self, table: str) -> list[Line]:
        return self.tables[table]

    def row(self, table: str, name: str) -> Line:
        return next(row for row in self.tables[table] if row.id == name)


def _period(index: int, months: int) -> Line:
    return Line(
        id=f"y{index}",
        index=index,
        start=_month(index * months),
        end=_month((index + 1) * months),
        months=months,
        fiscal_year=f"FY{index}",
        decisions=True,
        model_change=True,
    )


def _month(count: int) -> date:
    return date(2025 + (3 + count) // 12, (3 + count) % 12 + 1, 1)


def run(firm: Firm, decisions: dict[str, dict[str, str]], *twins: ModuleType) -> Books:
    """Let some twins post, in their order, and then check."""
    books, clock = Books(), Clock(firm)
    told = []
    for twin in sorted(twins, key=lambda each: each.ORDER):
        columns: dict[str, dict[tuple[str, ...], Fraction]] = {name: {} for name in twin.COLUMNS}
        for element, value in decisions.get(twin.NAME, {}).items():
            name, labels = re.fullmatch(r"(\w+)\[(.*)\]", element).groups()
            columns[name][tuple(labels.split(","))] = Fraction(value)
        told.append((twin, Told(firm, books, clock, twin.NAME, columns)))
    for twin, its in told:
        twin.post(its)
    for twin, its in told:
        twin.check(its)
    return books


def cash(books: Books, time: str, *flows: str) -> Fraction:
    """The cash of a time, of operating and investing unless said otherwise."""
    return sum(
        (books.total("cash_flow", flow, time) for flow in flows or ("operating", "investing")),
        F(0),
    )


def worth(books: Books, firm: Firm, rate: Fraction) -> Fraction:
    """The present value of operating and investing cash."""
    clock = Clock(firm)
    return sum((clock.discount(rate, time) * cash(books, time) for time in clock.times), F(0))


def sentences(books: Books) -> str:
    return "\n".join(str(breach) for breach in books.breaches)


# ── paths ────────────────────────────────────────────────────────────────────────────────────


CAN = {
    "can_close": True,
    "can_mothball": "yes",
    "can_reopen": True,
    "can_host": "yes",
    "can_sell": True,
    "can_sell_running": True,
}


def plants(**cells: Any) -> list[dict[str, Any]]:
    return [{"id": "a", "kind": "own", **CAN, **cells}, {"id": "ally", "kind": "partner"}]


def walk(firm: Firm, *elements: str) -> Books:
    return run(firm, {"plant_path": dict.fromkeys(elements, "1")}, plant_path)


def states(books: Books) -> dict[str, str]:
    """The state of plant a in each period."""
    return {labels[2]: labels[1] for labels, value in books.elements("state").items() if value == 1}


STAY = ("operate[a,y0]", "operate[a,y1]", "operate[a,y2]")


def test_a_plant_that_operates_throughout_breaks_nothing() -> None:
    books = walk(Firm(plants=plants(fixed_cost_operating="48", sustaining_capex="5")), *STAY)
    assert sentences(books) == ""
    assert states(books) == {"y0": "operate", "y1": "operate", "y2": "operate"}
    assert books.total("option", "plant.a.operate") == 1
    assert books.total("option", "plant.a.run") == 1
    assert cash(books, "y1", "operating") == -48
    assert cash(books, "y1", "investing") == -5
    assert books.total("recurring", "y2") == -53
    assert books.total("ledger", "depreciation", "y1") == 5
    assert books.total("ledger", "ppe", "y1") == 0


def test_months_not_years_are_paid_in_short_periods() -> None:
    books = walk(Firm(months=3, plants=plants(fixed_cost_operating="48")), *STAY)
    assert cash(books, "y1") == -12


def test_money_of_a_plant_moves_with_its_currency() -> None:
    firm = Firm(
        plants=plants(fixed_cost_operating="48", currency="usd"),
        currencies=[{"id": "usd", "reference_rate": "150"}],
        exchange_rates=[{"currency": "usd", "period": "y1", "rate": "120"}],
    )
    books = walk(firm, *STAY)
    assert [cash(books, time) for time in ("y0", "y1")] == [-48, F(-192, 5)]


def test_notice_is_served_before_a_plant_is_closed_and_then_it_is_sold() -> None:
    firm = Firm(
        plants=plants(
            notice_months=12,
            fixed_cost_operating=48,
            fixed_cost_winding=30,
            fixed_cost_closed=1,
            carrying_amount=120,
            life_months=120,
            land_carrying=10,
            closure_cost=60,
            closure_paid="later",
            closure_deducted="later",
            remediation_cost=6,
            sale_price=35,
        ),
        calendars=[
            {"id": "later", "months": 0, "share": "0.5"},
            {"id": "later", "months": 24, "share": "0.4"},
            {"id": "later", "months": 36, "share": "0.1"},
        ],
    )
    books = walk(firm, "close[a,y0]", "stay_closed[a,y1]", "sell[a,y2]")
    assert sentences(books) == ""
    assert states(books) == {"y0": "wind_down", "y1": "closed", "y2": "sold"}
    assert books.total("operating", "a", "y0") == 1
    assert books.total("launchable", "a", "y0") == 0
    # now: all of the carrying amount and the closure are charged, half of the closure is paid
    assert books.total("ledger", "impairment", "now") == 120
    assert books.total("ledger", "restructuring", "now") == 60
    assert cash(books, "now") == -30
    assert books.total("taxable", "now") == -30
    # wind down: no depreciation; closed: the site is cleaned up as soon as it is empty
    assert books.total("ledger", "depreciation", "y0") == 0
    assert cash(books, "y0") == -30
    # 24 months after the start: the end of y1
    assert cash(books, "y1") == -24 - 1 - 6
    assert cash(books, "y2") == 35 - 6
    assert books.total("ledger", "disposal_carrying", "y2") == 10
    assert books.total("taxable", "y2") == 25 - 6
    assert books.total("beyond") == 0
    assert books.total("option", "plant.a.close") == 1
    assert books.total("option", "plant.a.close.y0") == 1
    assert books.total("option", "plant.a.close.y1") == 0
    assert books.total("option", "plant.a.sell") == 1
    assert books.total("option", "plant.a.run") == 0


def test_a_plant_closed_in_the_middle_depreciates_until_then() -> None:
    firm = Firm(plants=plants(carrying_amount=60, life_months=60, remediation_cost=7))
    books = walk(firm, "operate[a,y0]", "close[a,y1]", "stay_closed[a,y1]", "stay_closed[a,y2]")
    assert sentences(books) == ""
    assert books.total("ledger", "depreciation", "y0") == 12
    assert books.total("ledger", "impairment", "y1") == 48
    assert books.total("ledger", "ppe", "y0") + books.total("ledger", "ppe", "y1") == -60
    assert cash(books, "y1") == -7


def test_what_closes_at_the_horizon_is_cleaned_up_beyond_it() -> None:
    firm = Firm(plants=plants(notice_months=24, closure_cost=60, remediation_cost=7))
    books = walk(firm, "operate[a,y0]", "operate[a,y1]", "close[a,y2]")
    assert sentences(books) == ""
    assert books.total("beyond") == 7
    assert cash(books, "y2") == -60


def test_mothballing_pays_its_own_cost_and_puts_off_the_closure() -> None:
    firm = Firm(
        plants=plants(
            fixed_cost_mothballed=4,
            mothball_cost=3,
            closure_cost=60,
            remediation_cost=7,
            carrying_amount=36,
            life_months=36,
        )
    )
    books = walk(
        firm, "operate[a,y0]", "mothball[a,y1]", "keep_mothballed[a,y1,y1]",
        "keep_mothballed[a,y1,y2]",
    )  # fmt: skip
    assert sentences(books) == ""
    assert books.total("ledger", "impairment", "y1") == 24
    assert cash(books, "y1") == -3 - 4
    assert books.total("beyond") == 67
    assert books.total("option", "plant.a.mothball.y1") == 1


def test_notice_before_mothballing_at_the_horizon_puts_the_closure_off_too() -> None:
    firm = Firm(plants=plants(notice_months=12, closure_cost=60))
    books = walk(firm, "operate[a,y0]", "operate[a,y1]", "mothball[a,y2]")
    assert sentences(books) == ""
    assert books.total("beyond") == 60


def test_a_mothballed_plant_reopens_within_its_limit_only() -> None:
    cells = {"reopen_months": 12, "reopen_cost": 9, "fixed_cost_reopening": 2}
    elements = (
        "mothball[a,y0]", "keep_mothballed[a,y0,y0]", "reopen[a,y0,y1]", "operate_again[a,y2]",
    )  # fmt: skip
    books = walk(Firm(plants=plants(mothball_limit_months=12, **cells)), *elements)
    assert sentences(books) == ""
    assert states(books) == {"y0": "mothballed", "y1": "reopening", "y2": "operate"}
    assert books.total("launchable", "a", "y2") == 1
    assert cash(books, "y1") == -11
    assert books.total("option", "plant.a.reopen") == 1
    books = walk(Firm(plants=plants(mothball_limit_months=11, **cells)), *elements)
    assert "a reopens in y1, longer after the announcement than allowed" in sentences(books)
    assert books.breaches[0].amount == 1


def test_a_mothballed_plant_closes_without_a_second_charge() -> None:
    firm = Firm(plants=plants(carrying_amount=36, life_months=36, closure_cost=60))
    books = walk(
        firm, "mothball[a,y0]", "keep_mothballed[a,y0,y0]", "close_mothballed[a,y0,y1]",
        "stay_closed[a,y1]", "stay_closed[a,y2]",
    )  # fmt: skip
    assert sentences(books) == ""
    assert books.total("ledger", "impairment", "now") == 36
    assert books.total("ledger", "impairment", "y1") == 0
    assert cash(books, "y1") == -60
    assert books.total("option", "plant.a.close.y1") == 1
    assert books.total("beyond") == 0


def test_a_running_plant_is_sold_with_what_is_left_of_it() -> None:
    firm = Firm(
        plants=plants(carrying_amount=36, life_months=36, land_carrying=5, running_price=40)
    )
    books = walk(firm, "operate[a,y0]", "sell_running[a,y1]")
    assert sentences(books) == ""
    assert states(books) == {"y0": "operate", "y1": "sold", "y2": "sold"}
    assert books.total("ledger", "disposal_carrying", "y1") == 29
    assert books.total("taxable", "y1") == 11


def test_a_partner_plant_has_no_path() -> None:
    books = walk(Firm(plants=plants()), *STAY, "operate[ally,y0]")
    assert "The case has no operate[ally,y0]" in sentences(books)


# ── illegal paths, each caught ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("elements", "caught"),
    [
        ((), "a is running at the start of y0: no whole decision leads on"),
        (STAY[:2], "a is running at the start of y2: no whole decision leads on"),
        ((*STAY, "host_only[a,y1]"), "a is running at the start of y1: more than one decision"),
        ((*STAY, "host_only[a,y1]"), "a is not in exactly one state in y1"),
        ((*STAY, "stay_closed[a,y1]"), "stay closed in y1 does not follow"),
        (("operate[a,y0]", "sell[a,y1]"), "a is running at the start of y1: no whole decision"),
        (
            ("close[a,y0]", "stay_closed[a,y0]", "operate[a,y1]", "operate[a,y2]"),
            "a is closed at the start of y1: no whole decision leads on",
        ),
        (("sell_running[a,y0]", "operate[a,y1]"), "operate in y1 does not follow"),
        (
            ("mothball[a,y0]", "keep_mothballed[a,y1,y1]"),
            "a is mothballed at the start of y0: no whole decision leads on",
        ),
        ((*STAY, "operate[b,y0]"), "The case has no operate[b,y0]"),
    ],
)
def test_what_is_no_path_is_caught(elements: tuple[str, ...], caught: str) -> None:
    assert caught in sentences(walk(Firm(plants=plants()), *elements))


def test_half_a_state_is_no_state() -> None:
    firm = Firm(plants=plants())
    halves = {"operate[a,y0]": "0.5", "host_only[a,y0]": "0.5"}
    told = sentences(run(firm, {"plant_path": halves}, plant_path))
    assert "operate[a,y0] must be 0 or 1" in told
    assert "a is not in exactly one state in y0" in told


def test_notice_may_not_be_skipped() -> None:
    """With a year's notice the plant closed at the start of y0 is not closed before y1."""
    books = walk(
        Firm(plants=plants(notice_months=12)), "close[a,y0]", "stay_closed[a,y0]",
        "stay_closed[a,y1]", "stay_closed[a,y2]",
    )  # fmt: skip
    assert "stay closed in y0 does not follow" in sentences(books)
    assert "a is not in exactly one state in y0" in sentences(books)


@pytest.mark.parametrize(
    ("flag", "elements"),
    [
        ("can_close", ("close[a,y0]", "stay_closed[a,y0]", "stay_closed[a,y1]", "sell[a,y2]")),
        ("can_sell", ("close[a,y0]", "stay_closed[a,y0]", "stay_closed[a,y1]", "sell[a,y2]")),
        ("can_sell_running", ("sell_running[a,y0]",)),
        ("can_host", ("host_only[a,y0]", "host_only[a,y1]", "host_only[a,y2]")),
        ("can_host", ("operate_and_host[a,y0]", "operate[a,y1]", "operate[a,y2]")),
        ("can_mothball", ("operate[a,y0]", "operate[a,y1]", "mothball[a,y2]",
                          "keep_mothballed[a,y2,y2]")),
    ],
)  # fmt: skip
def test_a_flag_closes_its_ways(flag: str, elements: tuple[str, ...]) -> None:
    assert sentences(walk(Firm(plants=plants()), *elements)) == ""
    told = sentences(walk(Firm(plants=plants(**{flag: "no"})), *elements))
    assert "is not open to this plant" in told


CLOSED = ("operate[a,y0]", "close[a,y1]", "stay_closed[a,y1]", "stay_closed[a,y2]")


@pytest.mark.parametrize(
    "cells", [{"earliest": date(2026, 4, 2)}, {"latest": "2026-03-31"}, {"no_decisions": True}]
)
def test_a_plant_closes_in_its_window_only(cells: dict[str, Any]) -> None:
    firm = Firm(plants=plants(**cells))
    firm.periods[1].decisions = "no_decisions" not in cells
    assert "a: close may not be decided in y1" in sentences(walk(firm, *CLOSED))
    assert sentences(walk(firm, *STAY)) == ""


def test_a_commitment_binds_and_frees_from_windows() -> None:
    firm = Firm(
        plants=plants(earliest="2030-01-01"),
        plant_commitments=[{"plant": "a", "state": "closed", "from": date(2026, 4, 1)}],
    )
    assert sentences(walk(firm, *CLOSED)) == ""
    told = sentences(walk(firm, *STAY))
    assert "a is committed to be closed in y1" in told
    assert "a is committed to be closed in y2" in told


def test_a_later_commitment_takes_over() -> None:
    firm = Firm(
        plants=plants(notice_months=12),
        plant_commitments=[
            {"plant": "a", "state": "sold", "from": "2027-04-01"},
            {"plant": "a", "state": "wind_down", "from": "2026-04-01"},
        ],
    )
    books = walk(firm, "operate[a,y0]", "close[a,y1]", "sell[a,y2]")
    assert sentences(books) == ""
