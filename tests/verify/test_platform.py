"""A model is offered only while a platform under it lives; ends and migrations happen once."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from replant.verify import platform
from replant.verify.books import Books
from tests.verify.test_plant_path import Firm, cash, run, sentences

F = Fraction


def firm(**cells: Any) -> Firm:
    return Firm(
        4,
        platforms=[
            {"id": "old", "fixed_cost": 5, "end_cost": 7, "can_end": True, **cells},
            {"id": "new", "fixed_cost": 6, "can_end": "yes"},
        ],
        models=[
            {"id": "car", "platform": "old", "fixed_cost": 2, "exit_cost": 3, "can_end": "yes"},
        ],
        migrations=[
            {"id": "move", "model": "car", "platform": "new", "cost": 20, "lead_months": 12},
            {"id": "again", "model": "car", "platform": "new", "cost": 20},
        ],
    )


def decide(*elements: str, **cells: Any) -> Books:
    return run(firm(**cells), {"platform": dict.fromkeys(elements, "1")}, platform)


def test_everything_is_kept_until_it_is_ended() -> None:
    books = decide()
    assert sentences(books) == ""
    assert [cash(books, f"y{year}") for year in range(4)] == [-13] * 4
    assert books.total("recurring", "y3") == -13
    assert books.total("platforms", "y0") == 2
    assert books.total("models", "y0") == 1


def test_a_model_and_then_its_platform_end() -> None:
    books = decide("end_model[car,y1]", "end_platform[old,y1]")
    assert sentences(books) == ""
    assert [books.total("offered", "car", f"y{year}") for year in range(4)] == [1, 0, 0, 0]
    assert ("car", "y1") in books.elements("offered")
    assert [books.total("platforms", f"y{year}") for year in range(4)] == [2, 1, 1, 1]
    assert cash(books, "y1") == -3 - 7 - 6
    assert books.total("taxable", "y1") == -10
    assert cash(books, "y2") == -6
    assert books.total("option", "model.car.end") == 1
    assert books.total("option", "platform.old.end") == 1
    assert books.total("option", "platform.new.end") == 0


def test_a_platform_ends_once_its_model_has_moved() -> None:
    books = decide("migrate[move,y0]", "end_platform[old,y1]")
    assert sentences(books) == ""
    assert cash(books, "now") == -20
    assert books.total("ledger", "rd", "now") == 20
    assert books.total("option", "migration.move") == 1


@pytest.mark.parametrize(
    ("elements", "caught"),
    [
        (("end_platform[old,y1]",), "car is offered in y1 on the platform old, which has ended"),
        # moved only from y1 on
        (("migrate[move,y0]", "end_platform[old,y0]"), "car is offered in y0 on the platform old"),
        (
            ("migrate[move,y0]", "end_platform[new,y2]"),
            "car is offered in y2 on the platform new, which has ended",
        ),
        (("migrate[move,y0]", "migrate[again,y2]"), "The model car migrates more than once"),
        (("end_model[car,y0]", "end_model[car,y1]"), "end_model of car is decided more than once"),
    ],
)
def test_a_model_without_a_platform_is_caught(elements: tuple[str, ...], caught: str) -> None:
    assert caught in sentences(decide(*elements))


def test_a_model_that_has_ended_needs_no_platform() -> None:
    elements = ("migrate[move,y0]", "end_model[car,y2]", "end_platform[new,y2]")
    assert sentences(decide(*elements)) == ""


def test_what_may_not_end_does_not() -> None:
    told = sentences(decide("end_model[car,y1]", "end_platform[old,y1]", can_end=False))
    assert told == "platforms [old]: old ends, but the case does not let it end."


@pytest.mark.parametrize("element", ["end_model[car,y1]", "migrate[move,y1]"])
def test_nothing_changes_where_models_may_not(element: str) -> None:
    case = firm()
    case.periods[1].model_change = False
    told = sentences(run(case, {"platform": {element: "1"}}, platform))
    assert "may not be decided in y1" in told
