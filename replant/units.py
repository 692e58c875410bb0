"""Units, and quantities that know their unit and the table cells behind them.

Base units are money, volume, people, month and floor; every other unit is a product of their
powers. A value per vehicle is *derived*, ``UNIT_VALUE = MONEY / VOLUME``, so that unit value
times volume is money without a rule of its own, and so is pay, ``PAY = MONEY / PEOPLE``.

The scale of a number (millions or billions) is the business of who reads the number: a unit
says what is measured, not how large a step of it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import TypeAlias

from replant.errors import UnitMismatch

__all__ = [
    "FLOOR",
    "MONEY",
    "MONTHS",
    "ONE",
    "PAY",
    "PEOPLE",
    "SHARE",
    "UNIT_VALUE",
    "VOLUME",
    "Cell",
    "Quantity",
    "Unit",
    "zero",
]


@dataclass(frozen=True)
class Unit:
    """A product of powers of base units.

    Parameters
    ----------
    powers : tuple of (str, int)
        Base symbol and exponent, sorted by symbol, without zero exponents; empty means
        dimensionless. Use the constants of this module and their products rather than this.
    """

    powers: tuple[tuple[str, int], ...] = ()

    @staticmethod
    def base(symbol: str) -> Unit:
        """Return the base unit of a symbol."""
        return Unit(((symbol, 1),))

    def __mul__(self, other: Unit) -> Unit:
        """Return the product of two units, reduced."""
        if not isinstance(other, Unit):
            return NotImplemented
        return _product(self, other, 1)

    def __truediv__(self, other: Unit) -> Unit:
        """Return the quotient of two units, reduced."""
        if not isinstance(other, Unit):
            return NotImplemented
        return _product(self, other, -1)

    def __str__(self) -> str:
        """Return the unit's own name if it has one, else the product of its symbols."""
        if self in _NAMES:
            return _NAMES[self]
        above = [_power(symbol, power) for symbol, power in self.powers if power > 0]
        below = [_power(symbol, -power) for symbol, power in self.powers if power < 0]
        return " / ".join([" * ".join(above) or "1", *below])


def _power(symbol: str, power: int) -> str:
    return symbol if power == 1 else f"{symbol}^{power}"


# Few units ever meet, and expressions multiply them all the time.
@lru_cache(maxsize=4096)
def _product(left: Unit, right: Unit, sign: int) -> Unit:
    powers = Counter(dict(left.powers))
    for symbol, power in right.powers:
        powers[symbol] += sign * power
    return Unit(tuple(sorted((symbol, power) for symbol, power in powers.items() if power)))


ONE = Unit()
SHARE = ONE
MONEY = Unit.base("money")
VOLUME = Unit.base("volume")
PEOPLE = Unit.base("people")
MONTHS = Unit.base("month")
FLOOR = Unit.base("floor")
UNIT_VALUE = MONEY / VOLUME
PAY = MONEY / PEOPLE

_NAMES = {
    ONE: "share",
    MONEY: "money",
    VOLUME: "volume",
    PEOPLE: "people",
    MONTHS: "months",
    FLOOR: "floor",
    UNIT_VALUE: "unit value",
    PAY: "pay",
}


@dataclass(frozen=True, order=True)
class Cell:
    """Where a number stands in the case: table, row, period (or empty) and column."""

    table: str
    id: str
    period: str
    column: str

    def __str__(self) -> str:
        """Return ``table.id.column`` or ``table.id[period].column``."""
        period = f"[{self.period}]" if self.period else ""
        return f"{self.table}.{self.id}{period}.{self.column}"


Exact: TypeAlias = int | Fraction
_NO_CELLS: frozenset[Cell] = frozenset()


@dataclass(frozen=True, eq=False)
class Quantity:
    """An exact value, its unit and the table cells behind it.

    Arithmetic is exact and gathers the cells of both sides. Plain integers and fractions
    multiply and divide as dimensionless numbers; they add only to dimensionless quantities,
    save 0, which adds to any (so that ``sum`` works).

    Parameters
    ----------
    value : Fraction
        The value.
    unit : Unit
        Its unit.
    cells : frozenset of Cell
        The cells that it was read or computed from.

    Raises
    ------
    UnitMismatch
        From ``+``, ``-`` and comparisons, if units differ.
    """

    value: Fraction
    unit: Unit = ONE
    cells: frozenset[Cell] = _NO_CELLS

    @staticmethod
    def of(value: str | Exact, unit: Unit = ONE, *cells: Cell) -> Quantity:
        """Return the quantity of a decimal string (or exact number) read from some cells."""
        return Quantity(Fraction(value), unit, frozenset(cells))

    @cached_property
    def number(self) -> float:
        """The value as a float, computed once: the solver's side reads it often."""
        return float(self.value)

    def __float__(self) -> float:
        """Return the value as the nearest float."""
        return self.number

    def __add__(self, other: Quantity | Exact) -> Quantity:
        """Return the sum; units must agree."""
        right = self._alike(other, "add")
        if right is None:
            return NotImplemented
        return Quantity(self.value + right.value, self.unit, self.cells | right.cells)

    __radd__ = __add__

    def __neg__(self) -> Quantity:
        """Return the quantity with its sign changed."""
        return Quantity(-self.value, self.unit, self.cells)

    def __sub__(self, other: Quantity | Exact) -> Quantity:
        """Return the difference; units must agree."""
        right = self._alike(other, "subtract")
        if right is None:
            return NotImplemented
        return Quantity(self.value - right.value, self.unit, self.cells | right.cells)

    def __rsub__(self, other: Exact) -> Quantity:
        """Return the difference; units must agree."""
        return -self + other

    def __mul__(self, other: Quantity | Exact) -> Quantity:
        """Return the product, unit by unit."""
        right = _quantity(other)
        if right is None:
            return NotImplemented
        return Quantity(self.value * right.value, self.unit * right.unit, self.cells | right.cells)

    __rmul__ = __mul__

    def __truediv__(self, other: Quantity | Exact) -> Quantity:
        """Return the quotient, unit by unit."""
        right = _quantity(other)
        if right is None:
            return NotImplemented
        return Quantity(self.value / right.value, self.unit / right.unit, self.cells | right.cells)

    def __rtruediv__(self, other: Exact) -> Quantity:
        """Return the quotient, unit by unit."""
        left = _quantity(other)
        if left is None:
            return NotImplemented
        return left / self

    def __eq__(self, other: object) -> bool:
        """Return whether values agree; equal means equal in value and unit, not in cells."""
        right = _quantity(other)
        if right is None:
            return NotImplemented
        if self.value == 0 == right.value and not isinstance(other, Quantity):
            return True
        return self.unit == right.unit and self.value == right.value

    def __hash__(self) -> int:
        """Return a hash that agrees with ``==``, for which 0 equals a zero of any unit."""
        return (
            hash(self.value)
            if self.unit == ONE or not self.value
            else hash((self.value, self.unit))
        )

    def __lt__(self, other: Quantity | Exact) -> bool:
        """Return whether this is less; units must agree."""
        right = self._alike(other, "compare")
        return NotImplemented if right is None else self.value < right.value

    def __le__(self, other: Quantity | Exact) -> bool:
        """Return whether this is at most the other; units must agree."""
        right = self._alike(other, "compare")
        return NotImplemented if right is None else self.value <= right.value

    def __gt__(self, other: Quantity | Exact) -> bool:
        """Return whether this is more; units must agree."""
        right = self._alike(other, "compare")
        return NotImplemented if right is None else self.value > right.value

    def __ge__(self, other: Quantity | Exact) -> bool:
        """Return whether this is at least the other; units must agree."""
        right = self._alike(other, "compare")
        return NotImplemented if right is None else self.value >= right.value

    def __bool__(self) -> bool:
        """Return whether the value is not zero."""
        return bool(self.value)

    def _alike(self, other: object, verb: str) -> Quantity | None:
        """Return the other side as a quantity of the same unit; None if it is neither."""
        right = _quantity(other)
        if right is None or right.unit == self.unit:
            return right
        if not isinstance(other, Quantity) and not right.value:
            return zero(self.unit)
        behind = cells_text(self.cells | right.cells)
        message = f"cannot {verb} {self.unit} and {right.unit}{behind}"
        raise UnitMismatch(message)


def _quantity(value: object) -> Quantity | None:
    if isinstance(value, Quantity):
        return value
    if isinstance(value, int | Fraction):
        return Quantity(Fraction(value))
    return None


def cells_text(cells: Iterable[Cell]) -> str:
    """Return `` (cells: …)`` for an error message, or nothing where there are no cells."""
    names = sorted(str(cell) for cell in cells)
    if not names:
        return ""
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return f" (cells: {', '.join(names[:5])}{more})"


def zero(unit: Unit) -> Quantity:
    """Return nothing of a unit, read from nowhere."""
    return Quantity(Fraction(0), unit)
