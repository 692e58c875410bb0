"""The kinds of a field: what a column may hold, how its text is read and in which unit.

A row class names the kind as the type of its field, ``fixed_cost: Money``, and reads an exact
value. An optional kind, ``OptionalMoney``, gives None where the cell is empty.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from types import NoneType
from typing import Annotated, Any, TypeAlias, get_args, get_origin

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from replant.case.decimals import NotADecimal, decimal_text, fraction_of, whole_of
from replant.units import (
    FLOOR,
    MONEY,
    MONTHS,
    ONE,
    PAY,
    PEOPLE,
    SHARE,
    UNIT_VALUE,
    VOLUME,
    Unit,
)

LIST_SEPARATOR = ";"
MAXIMUM_ID = 120

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*\Z")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_YEARS = (1800, 2200)
_YES = {"yes", "y", "true", "1"}
_NO = {"no", "n", "false", "0"}


def refusal(code: str, rule: str, fix: str) -> PydanticCustomError:
    """Return the error by which a kind refuses a value."""
    # The texts go through the context: braces in them would be read as place-holders.
    return PydanticCustomError("refused", "{rule}", {"code": code, "rule": rule, "fix": fix})


@dataclass(frozen=True)
class Kind:
    """What a column may hold.

    Parameters
    ----------
    name : str
        The word that the reference pages print.
    parse : callable
        Reads a text or a Python value, or raises ``PydanticCustomError``.
    unit : Unit, optional
        The unit of a numeric kind; None for what is not a number.
    """

    name: str
    parse: Callable[[object], object]
    unit: Unit | None = None

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Tell pydantic to read the field by `parse`."""
        schema: CoreSchema = core_schema.no_info_plain_validator_function(self.parse)
        if NoneType in get_args(source):
            schema = core_schema.nullable_schema(schema)
        return schema


@dataclass(frozen=True)
class Reference:
    """A column whose values are ids (or another column's values) of other tables.

    Parameters
    ----------
    targets : tuple of str
        ``table`` for its first key column, or ``table.column``.
    also : tuple of str
        Words that are allowed besides, such as ``now``.
    """

    targets: tuple[str, ...]
    also: tuple[str, ...] = ()

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Tell pydantic to read an id, or a list of ids where the field is a tuple."""
        many = any(get_origin(part) is tuple for part in (source, *get_args(source)))
        kind = Kind("list", parse_ids) if many else Kind("id", self._parse_one)
        return kind.__get_pydantic_core_schema__(source, handler)

    def _parse_one(self, value: object) -> object:
        return value if value in self.also else parse_id(value)


def refers_to(*targets: str, also: tuple[str, ...] = ()) -> Reference:
    """Mark a field as a reference: ``Annotated[str, refers_to("plants")]``.

    Parameters
    ----------
    *targets : str
        Tables, or ``table.column``, in one of which the value must stand.
    also : tuple of str
        Words that are allowed besides.
    """
    return Reference(targets, also)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise refusal("rule", "a text is wanted", "write a text")
    return value


def parse_text(value: object) -> str:
    """Read any text that can be shown: control characters would speak to a terminal."""
    text = _text(value)
    if unprintable(text):
        rule = "a text holds no control characters, which a terminal or a reader would obey"
        raise refusal("control-character", rule, "type the text anew")
    return text


def unprintable(text: str) -> bool:
    """Whether a text holds characters that steer a terminal or turn the direction of writing."""
    return _CONTROL.search(text) is not None


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def parse_id(value: object) -> str:
    """Read an identifier."""
    text = _text(value)
    if len(text) > MAXIMUM_ID or not _ID.match(text):
        raise refusal(
            "id",
            f"an id is at most {MAXIMUM_ID} letters, digits and _ . + -, without blanks",
            f"write {suggested_id(text)}",
        )
    return text


def suggested_id(text: str) -> str:
    """Return an id near a text."""
    words = re.sub(r"[^A-Za-z0-9_.+-]+", "_", text).strip("_.+-")
    return words[:MAXIMUM_ID] or "a short name such as plant_1"


def parse_list(value: object) -> tuple[str, ...]:
    """Read texts that are separated by semicolons."""
    if isinstance(value, tuple | list):
        return tuple(_text(part) for part in value)
    parts = [part.strip() for part in _text(value).split(LIST_SEPARATOR)]
    if not all(parts):
        raise refusal(
            "list",
            "a list is separated by semicolons and has no empty part",
            f"write {LIST_SEPARATOR.join(part for part in parts if part) or 'a;b'}",
        )
    return tuple(parts)


def parse_ids(value: object) -> tuple[str, ...]:
    """Read ids that are separated by semicolons."""
    return tuple(parse_id(part) for part in parse_list(value))


def parse_number(value: object) -> Fraction:
    """Read a plain decimal exactly; floats are refused because they are not exact."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    try:
        return fraction_of(_number_text(value))
    except NotADecimal as why:
        raise refusal(why.code, why.rule, why.fix) from why


def parse_whole(value: object) -> int:
    """Read a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        return whole_of(_number_text(value))
    except NotADecimal as why:
        raise refusal(why.code, why.rule, why.fix) from why


def _number_text(value: object) -> str:
    if not isinstance(value, str):
        raise refusal(
            "not-a-number", "a number is a decimal text, an int or a Fraction", "write '12.5'"
        )
    return value


def parse_flag(value: object) -> bool:
    """Read yes or no."""
    if isinstance(value, bool):
        return value
    text = _text(value)
    if text == "yes":
        return True
    if text == "no":
        return False
    lower = text.lower()
    fix = "write yes" if lower in _YES else "write no" if lower in _NO else "write yes or no"
    raise refusal("flag", "a flag is yes or no", fix)


def parse_date(value: object) -> date:
    """Read a date such as 2025-07-08."""
    day = value if isinstance(value, date) and not isinstance(value, datetime) else None
    day = day or _date_of(_text(value))
    if day is None or not _YEARS[0] <= day.year <= _YEARS[1]:
        rule = f"a date is year-month-day, from {_YEARS[0]} to {_YEARS[1]}"
        raise refusal("date", rule, "write it as 2025-07-08")
    return day


def _date_of(text: str) -> date | None:
    if not _ISO_DATE.match(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:  # a 31st of February
        return None


def text_of(value: object) -> str:
    """Return the text of a parsed value in a table's cell; the empty text for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        return decimal_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return LIST_SEPARATOR.join(text_of(part) for part in value)
    return str(value)


def number_kind(name: str, unit: Unit) -> Kind:
    """Return a numeric kind of another unit, as for rent: ``number_kind("rent", MONEY / FLOOR)``.

    Use it as ``Rent: TypeAlias = Annotated[Fraction, number_kind("rent", MONEY / FLOOR)]``.
    """
    return Kind(name, parse_number, unit)


_MONEY = number_kind("money", MONEY)
_UNIT_VALUE = number_kind("unit value", UNIT_VALUE)
_VOLUME = number_kind("volume", VOLUME)
_PEOPLE = number_kind("people", PEOPLE)
_PAY = number_kind("pay", PAY)
_SHARE = number_kind("share", SHARE)
_NUMBER = number_kind("number", ONE)
_FLOOR = number_kind("floor space", FLOOR)
_MONTHS = Kind("months", parse_whole, MONTHS)
_WHOLE = Kind("whole", parse_whole, ONE)
_DATE = Kind("date", parse_date)
_TEXT = Kind("text", parse_text)

Id: TypeAlias = Annotated[str, Kind("id", parse_id)]
Text: TypeAlias = Annotated[str, _TEXT]
Texts: TypeAlias = Annotated[tuple[str, ...], Kind("list", parse_list)]
Flag: TypeAlias = Annotated[bool, Kind("flag", parse_flag)]
Date: TypeAlias = Annotated[date, _DATE]
Money: TypeAlias = Annotated[Fraction, _MONEY]
UnitValue: TypeAlias = Annotated[Fraction, _UNIT_VALUE]
Volume: TypeAlias = Annotated[Fraction, _VOLUME]
People: TypeAlias = Annotated[Fraction, _PEOPLE]
Pay: TypeAlias = Annotated[Fraction, _PAY]
Share: TypeAlias = Annotated[Fraction, _SHARE]
Number: TypeAlias = Annotated[Fraction, _NUMBER]
FloorSpace: TypeAlias = Annotated[Fraction, _FLOOR]
Months: TypeAlias = Annotated[int, _MONTHS]
Whole: TypeAlias = Annotated[int, _WHOLE]

OptionalDate: TypeAlias = Annotated[date | None, _DATE]
OptionalMoney: TypeAlias = Annotated[Fraction | None, _MONEY]
OptionalUnitValue: TypeAlias = Annotated[Fraction | None, _UNIT_VALUE]
OptionalVolume: TypeAlias = Annotated[Fraction | None, _VOLUME]
OptionalPeople: TypeAlias = Annotated[Fraction | None, _PEOPLE]
OptionalPay: TypeAlias = Annotated[Fraction | None, _PAY]
OptionalShare: TypeAlias = Annotated[Fraction | None, _SHARE]
OptionalNumber: TypeAlias = Annotated[Fraction | None, _NUMBER]
OptionalFloorSpace: TypeAlias = Annotated[Fraction | None, _FLOOR]
OptionalMonths: TypeAlias = Annotated[int | None, _MONTHS]
OptionalWhole: TypeAlias = Annotated[int | None, _WHOLE]
