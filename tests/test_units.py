"""Units reduce by themselves, and quantities carry their unit and cells through arithmetic."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replant.errors import UnitMismatch
from replant.units import (
    MONEY,
    MONTHS,
    ONE,
    PAY,
    PEOPLE,
    SHARE,
    UNIT_VALUE,
    VOLUME,
    Cell,
    Quantity,
    Unit,
    zero,
)

PRICE = Cell("models", "leaf", "FY2026", "price")
SALES = Cell("demand", "leaf", "", "volume")
fractions = st.fractions(min_value=-1000, max_value=1000, max_denominator=1000)


def test_products_of_units_reduce_by_themselves() -> None:
    """Unit value × volume = money, pay × people = money, and a share changes nothing."""
    assert UNIT_VALUE * VOLUME == MONEY
    assert PAY * PEOPLE == MONEY
    assert MONEY / MONEY == ONE == SHARE
    assert MONEY * SHARE == MONEY
    assert MONEY / UNIT_VALUE == VOLUME


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        (ONE, "share"),
        (UNIT_VALUE, "unit value"),
        (MONEY / MONTHS, "money / month"),
        (ONE / MONTHS / MONTHS, "1 / month^2"),
        (PEOPLE * PEOPLE * MONTHS, "month * people^2"),
    ],
)
def test_units_are_printed_in_words(unit: Unit, text: str) -> None:
    """A unit with a name prints it; any other prints its symbols."""
    assert str(unit) == text


def test_cells_are_printed_as_table_row_column() -> None:
    """The period stands in brackets, and only where there is one."""
    assert str(PRICE) == "models.leaf[FY2026].price"
    assert str(SALES) == "demand.leaf.volume"


@given(fractions, fractions)
def test_arithmetic_is_exact(a: Fraction, b: Fraction) -> None:
    """Sums, differences and products are those of the fractions."""
    left, right = Quantity(a, MONEY), Quantity(b, MONEY)
    assert (left + right).value == a + b
    assert (left - right).value == a - b
    assert (left * right).value == a * b
    assert (-left).value == -a
    assert left * 3 == Quantity(3 * a, MONEY) == 3 * left
    if b:
        assert (left / right) == Quantity(a / b, ONE)


def test_cells_are_gathered_and_units_multiplied() -> None:
    """A product knows the cells of both factors."""
    revenue = Quantity.of("3.2", UNIT_VALUE, PRICE) * Quantity.of("0.5", VOLUME, SALES)
    assert revenue.unit == MONEY
    assert revenue.value == Fraction(8, 5)
    assert revenue.cells == {PRICE, SALES}


def test_quantities_can_be_summed() -> None:
    """The 0 that sum starts from adds to any unit."""
    assert sum([Quantity.of("1", MONEY), Quantity.of("2.5", MONEY)]) == Quantity.of("3.5", MONEY)


@pytest.mark.parametrize("verb", ["add", "subtract", "compare"])
def test_mixing_units_names_units_and_cells(verb: str) -> None:
    """Adding a price to a volume is an error that says which, and where both stand."""
    price, sales = Quantity.of("3", UNIT_VALUE, PRICE), Quantity.of("1", VOLUME, SALES)
    with pytest.raises(UnitMismatch, match=r"unit value and volume .*demand\.leaf.*models\.leaf"):
        {"add": price.__add__, "subtract": price.__sub__, "compare": price.__lt__}[verb](sales)


def test_plain_numbers_are_dimensionless() -> None:
    """Only dimensionless quantities and zeros add to plain numbers."""
    assert Quantity.of("0.5") + 1 == Fraction(3, 2)
    assert 1 - Quantity.of("0.25") == Fraction(3, 4)
    assert 1 / Quantity.of("4", MONTHS) == Quantity.of("0.25", ONE / MONTHS)
    with pytest.raises(UnitMismatch):
        Quantity.of("1", MONEY) + 1


def test_quantities_compare_by_value_within_a_unit() -> None:
    """Order is by value; equality needs the same unit; 0 equals nothing of any unit."""
    one, two = Quantity.of("1", MONEY, PRICE), Quantity.of("2", MONEY)
    assert one < two
    assert two > one
    assert one <= one
    assert two >= one
    assert one == Quantity.of("1.0", MONEY)
    assert one != Quantity.of("1", VOLUME)
    assert zero(MONEY) == 0
    assert not zero(MONEY)
    assert bool(one)
    assert hash(one) == hash(Quantity.of("1", MONEY))
    assert hash(zero(MONEY)) == hash(0)
    assert float(Quantity.of("0.1")) == 0.1
    assert one != "1"


def test_foreign_operands_are_refused() -> None:
    """A float is not exact and must be made a quantity by whoever knows what it means."""
    with pytest.raises(TypeError):
        Quantity.of("1") + 0.5  # type: ignore[operator]
    with pytest.raises(TypeError):
        Quantity.of("1") * 0.5  # type: ignore[operator]
