"""Numbers as readers meet them."""

from __future__ import annotations

import pytest

from replant.report.words import (
    Wording,
    count_word,
    joined,
    people,
    plain,
    signed,
    some_of,
    spans,
    whole,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234.56, "1,234.6"), (-0.04, "0.0"), (-0.06, "−0.1"), (0.0, "0.0"), (-1234.5, "−1,234.5")],
)
def test_a_number_has_separators_and_a_true_minus_but_no_minus_nothing(
    value: float, text: str
) -> None:
    assert plain(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(3.2, "+3.2"), (-3.2, "−3.2"), (0.01, "0.0"), (-0.01, "0.0")]
)
def test_a_change_has_its_sign(value: float, text: str) -> None:
    assert signed(value) == text


def test_people_are_whole() -> None:
    assert people(1849.6) == "1,850"


def test_counts_are_words_while_small() -> None:
    assert [count_word(each) for each in (0, 1, 12, 13)] == ["no", "one", "twelve", "13"]


def test_all_of_few_things_have_words_of_their_own() -> None:
    each = [whole(number, "plant") for number in (1, 2, 6)]
    assert each == ["the one plant", "both plants", "all six plants"]


@pytest.mark.parametrize(
    ("part", "number", "text"),
    [
        (0, 6, "none of the six offers"),
        (0, 2, "neither of the two offers"),
        (1, 2, "one of two offers"),
        (2, 2, "both offers"),
        (1, 1, "the one offer"),
        (3, 13, "three of 13 offers"),
    ],
)
def test_a_part_of_a_few_things_is_no_sum(part: int, number: int, text: str) -> None:
    assert some_of(part, number, "offer") == text


def test_lists_read_as_in_a_sentence() -> None:
    assert joined([]) == ""
    assert joined(["a"]) == "a"
    assert joined(["a", "b", "c"]) == "a, b and c"


def test_runs_are_gathered() -> None:
    assert spans([0, 1, 3, 4, 5]) == [(0, 1), (3, 5)]


def test_money_takes_the_sign_of_its_currency_before_the_number() -> None:
    yen, euro = Wording("¥bn"), Wording("EUR m")
    assert yen.amount(-56.04) == "−¥56.0bn"
    assert yen.change(3) == "+¥3.0bn"
    assert euro.amount(1234.5) == "1,234.5 EUR m"


def test_sentences_of_modules_get_the_same_money() -> None:
    said = "sold for 1,056.0 ¥bn, -3.5 ¥bn more; 12 ¥bno"
    assert Wording("¥bn").tidy(said) == "sold for ¥1,056.0bn, −¥3.5bn more; 12 ¥bno"
