"""A stake sold gives up its income and its worth; a minority bought out brings its income."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from replant.verify import stake
from replant.verify.books import Books
from tests.verify.test_plant_path import Firm, cash, run, sentences

F = Fraction


def act(*years: int, **cells: Any) -> Books:
    row = {"id": "ally", "kind": "sell", "enabled": True, "carrying_amount": 50, "price": 80,
           "cost_share": "0.05", "income": 4, "market_value": 90, "growth": "0.1",
           "residual_rate": "0.2", **cells}  # fmt: skip
    firm = Firm(3, stakes=[row], valuation=[{"id": "value", "discount_rate": "0.25"}])
    return run(firm, {"stake": {f"act[ally,y{year}]": "1" for year in years}}, stake)


def test_a_stake_that_is_kept_brings_its_income() -> None:
    books = act()
    assert sentences(books) == ""
    assert [cash(books, f"y{year}") for year in range(3)] == [4, 4, 4]
    assert books.elements("recurring") == {}
    assert books.total("financing_value") == 0


def test_a_sale_is_taxed_on_its_gain_and_gives_up_what_the_stake_would_be_worth() -> None:
    books = act(1)
    assert sentences(books) == ""
    assert [cash(books, f"y{year}", "operating") for year in range(3)] == [4, 0, 0]
    assert cash(books, "y1", "investing") == 80 - 4
    assert books.total("ledger", "investments", "y1") == -50
    assert books.total("taxable", "y1") == 80 - 4 - 50
    assert books.total("financing_value") == -90 * (F("1.1") / F("1.2")) ** 3
    assert books.total("option", "stake.ally") == 1


def test_a_buy_out_is_financing_and_costs_what_is_paid_today() -> None:
    books = act(1, kind="buy", price=36, carrying_amount=30)
    assert sentences(books) == ""
    assert cash(books, "y1", "financing") == -36
    assert books.total("ledger", "minority", "y1") == 30
    assert books.total("ledger", "equity", "y1") == 6
    assert [cash(books, f"y{year}") for year in range(3)] == [0, 4, 4]
    assert books.total("recurring", "y2") == 4
    assert books.total("financing_value") == -36 / F("1.25") ** 2


def test_a_buy_out_now_brings_income_from_the_first_year_and_is_not_discounted() -> None:
    books = act(0, kind="buy", price=36, carrying_amount=30)
    assert cash(books, "now", "financing") == -36
    assert cash(books, "y0") == 4
    assert books.total("financing_value") == -36


def test_the_income_of_a_minority_never_bought_is_not_ours() -> None:
    assert cash(act(kind="buy"), "y0") == 0


@pytest.mark.parametrize(
    ("years", "cells", "caught"),
    [
        ((0, 1), {}, "act of ally is decided more than once"),
        ((0,), {"enabled": "no"}, "The stake ally is acted on, but the case has it switched off"),
        ((1,), {"latest": "2025-12-31"}, "act of ally may not be decided in y1"),
    ],
)
def test_what_is_not_open_is_caught(
    years: tuple[int, ...], cells: dict[str, Any], caught: str
) -> None:
    assert caught in sentences(act(*years, **cells))


def test_a_stake_switched_off_is_held() -> None:
    books = act(enabled=False)
    assert sentences(books) == ""
    assert cash(books, "y0") == 4
