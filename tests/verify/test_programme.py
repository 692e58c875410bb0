"""A programme spends by its calendar, and pays, renews and frees its people when it is ready."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from replant.verify import programme
from replant.verify.books import Books
from tests.verify.test_plant_path import Firm, cash, run, sentences

F = Fraction

CALENDARS = [
    {"id": "spent", "months": 0, "share": "0.25"},
    {"id": "spent", "months": 12, "share": "0.5"},
    {"id": "spent", "months": 60, "share": "0.25"},
]


def firm(years: int = 4, **cells: Any) -> Firm:
    row = {"id": "ev", "model": "car", "investment": 80, "investment_life_months": 48,
           "development": 40, "spent": "spent", "lead_months": 12, "benefit": 6, "people": 300,
           **cells}  # fmt: skip
    return Firm(years, programmes=[row], calendars=CALENDARS)


def start(*years: int, **cells: Any) -> Books:
    chosen = {f"start[ev,y{year}]": "1" for year in years}
    return run(firm(**cells), {"programme": chosen}, programme)


def test_money_of_a_programme_follows_its_three_calendars() -> None:
    books = start(1)
    assert sentences(books) == ""
    # 25 % at once, 50 % after twelve months (the end of y1), 25 % beyond the horizon
    assert cash(books, "y1", "investing") == -60
    assert cash(books, "y1", "operating") == -30
    assert books.total("beyond") == 30
    # development is charged as it is paid, the investment from the year in which it is ready
    assert books.total("ledger", "rd", "y1") == 30
    charged = [books.total("ledger", "depreciation", f"y{year}") for year in range(4)]
    assert charged == [0, 0, 20, 20]
    assert [cash(books, f"y{year}", "operating") for year in (2, 3)] == [6, 6]
    assert books.total("recurring", "y3") == 6
    assert books.total("taxable", "y1") == 0


def test_a_model_is_renewed_and_the_people_are_free_when_it_is_ready() -> None:
    books = start(1)
    renewed = [books.total("renewed", "car", f"y{year}") for year in range(4)]
    assert renewed == [0, 0, 1, 1]
    people = [books.total("rd_people_used", f"y{year}") for year in range(4)]
    assert people == [0, 300, 0, 0]
    assert books.total("option", "programme.ev") == 1


def test_what_is_ready_after_the_horizon_is_never_charged() -> None:
    books = start(3)
    assert sentences(books) == ""
    assert books.elements("renewed") == {}
    assert all(value == 0 for (name, _), value in books.elements("ledger").items()
               if name == "depreciation")  # fmt: skip
    assert books.total("rd_people_used", "y3") == 300


def test_a_programme_that_never_starts_leaves_no_trace() -> None:
    books = start()
    assert sentences(books) == ""
    assert books.elements("ledger") == {}
    assert books.elements("option") == {("programme.ev",): 0}


@pytest.mark.parametrize(
    ("years", "cells", "caught"),
    [
        ((0, 1), {}, "start of ev is decided more than once. (by 1)"),
        ((1,), {"latest": "2025-04-01"}, "start of ev may not be decided in y1"),
        ((0,), {"earliest": "2025-04-02"}, "start of ev may not be decided in y0"),
        ((9,), {}, "The case has no start[ev,y9]"),
    ],
)
def test_a_start_that_is_not_open_is_caught(
    years: tuple[int, ...], cells: dict[str, Any], caught: str
) -> None:
    assert caught in sentences(start(*years, **cells))


def test_nothing_starts_where_a_period_takes_no_decisions() -> None:
    case = firm()
    case.periods[1].decisions = "no"
    books = run(case, {"programme": {"start[ev,y1]": "1"}}, programme)
    assert "start of ev may not be decided in y1" in sentences(books)


def test_half_a_start_is_caught() -> None:
    books = run(firm(), {"programme": {"start[ev,y1]": "0.5"}}, programme)
    assert "start[ev,y1] must be 0 or 1" in sentences(books)
