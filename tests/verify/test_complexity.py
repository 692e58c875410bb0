"""An option of a part family saves in step with its calendar; a family takes one at most."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from replant.verify import complexity
from replant.verify.books import Books
from tests.verify.test_plant_path import Firm, cash, run, sentences

F = Fraction


def firm(**cells: Any) -> Firm:
    option = {"family": "harness", "variants": 30, "saving": 10, "cost": 4, "phase_in": "slow"}
    return Firm(
        4,
        part_families=[{"id": "harness", "variants": 100}],
        part_options=[{"id": "h30", **option, **cells}, {"id": "h60", **option, "variants": 60}],
        calendars=[
            {"id": "slow", "months": 0, "share": "0.2"},
            {"id": "slow", "months": 24, "share": "0.5"},
            {"id": "slow", "months": 60, "share": "0.3"},
        ],
    )


def choose(*elements: str, **cells: Any) -> Books:
    return run(firm(**cells), {"complexity": dict.fromkeys(elements, "1")}, complexity)


def test_the_saving_phases_in_and_the_last_part_never_comes() -> None:
    books = choose("choose[h30,y1]")
    assert sentences(books) == ""
    # a fifth at once, half more 24 months on: at the end of y2; the rest after the horizon
    assert [cash(books, f"y{year}") for year in range(4)] == [0, -4 + 2, 7, 7]
    assert books.total("recurring", "y1") == 2
    assert books.total("ledger", "rd", "y1") == 4
    assert books.total("option", "parts.h30") == 1
    assert books.total("option", "parts.h60") == 0


def test_what_is_chosen_now_is_paid_now_and_saves_in_the_first_year() -> None:
    books = choose("choose[h30,y0]", phase_in=None)
    assert cash(books, "now") == -4
    assert cash(books, "y0") == 10


def test_the_number_of_variants_is_that_of_the_option_chosen() -> None:
    books = choose("choose[h60,y2]")
    variants = [books.total("variants", "harness", f"y{year}") for year in range(4)]
    assert variants == [100, 100, 60, 60]


def test_a_family_is_not_given_two_options() -> None:
    told = sentences(choose("choose[h30,y1]", "choose[h60,y2]"))
    assert told == (
        "part_options [harness]: The part family harness is given more than one option. (by 1)"
    )


def test_an_option_is_chosen_in_its_window_only() -> None:
    told = sentences(choose("choose[h30,y1]", earliest="2027-04-01"))
    assert "choose of h30 may not be decided in y1" in told
