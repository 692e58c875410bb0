"""Decimal text to exact fractions and back.

A number in a case is a plain decimal such as ``-12.5``. Anything else that a spreadsheet or a
person may write instead is recognised, so that the message can say how to mend it.
"""

import re
from fractions import Fraction

MAXIMUM_DIGITS = 60
"""Longer numbers are a slip of the keyboard or an attack, never a fact about a firm."""

_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?\Z")
_BLANKS = " \u00a0\u202f\u2009"
_THOUSANDS = re.compile(
    rf"[+-]?[0-9]{{1,3}}([,'’._{_BLANKS}])[0-9]{{3}}(?:\1[0-9]{{3}})*(?:\.[0-9]+)?\Z"
)
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+\Z")
_EXPONENT = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+\Z")
_OTHER_MINUS = re.compile(r"[\u2212\u2012\u2013\u2014][0-9]+(?:\.[0-9]+)?\Z")
_ACCOUNTING_MINUS = re.compile(r"\(\s*([0-9]+(?:\.[0-9]+)?)\s*\)\Z")
_BARE_POINT = re.compile(r"([+-]?)([0-9]*)\.([0-9]*)\Z")
_WITH_UNIT = re.compile(
    r"(?P<before>[^0-9\s.,+-]{0,12})\s*(?P<number>[+-]?[0-9]+(?:[.,][0-9]+)*)"
    r"\s*(?P<after>[^\W0-9_].{0,40}|[%‰¥$€£].{0,40})?\Z"
)
_SPREADSHEET_ERROR = re.compile(r"#[A-Z/0-9!?]+\Z")


class NotADecimal(Exception):
    """Why a text is no plain decimal, and what to write instead."""

    def __init__(self, code: str, rule: str, fix: str) -> None:
        super().__init__(rule)
        self.code = code
        self.rule = rule
        self.fix = fix


def is_plain(text: str) -> bool:
    """Whether `text` is a plain decimal."""
    return _PLAIN.match(text) is not None


def fraction_of(text: str) -> Fraction:
    """Read a plain decimal exactly.

    Raises
    ------
    NotADecimal
        With the reason and the mend, if `text` is anything but digits, one point and one sign.
    """
    if len(text) > MAXIMUM_DIGITS:
        raise NotADecimal(
            "number-too-long",
            f"a number has at most {MAXIMUM_DIGITS} characters",
            "round the number",
        )
    if is_plain(text):
        return Fraction(text)
    raise _diagnosis(text)


def whole_of(text: str) -> int:
    """Read a whole number; ``12.0`` counts as 12."""
    value = fraction_of(text)
    if value.denominator != 1:
        raise NotADecimal(
            "not-whole", "a whole number is wanted", "write a number without decimals"
        )
    return value.numerator


def decimal_text(value: Fraction) -> str:
    """Write a fraction as the shortest decimal.

    Raises
    ------
    ValueError
        If no decimal is equal to the fraction, as for one third.
    """
    if value.denominator == 1:
        return str(value.numerator)
    places = _places(value.denominator)
    scaled = abs(value) * 10**places
    digits = str(scaled.numerator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def _places(denominator: int) -> int:
    """Decimal places that a fraction with this denominator needs."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    if denominator != 1:
        raise ValueError("no decimal is equal to this fraction")
    return max(twos, fives)


def _diagnosis(text: str) -> NotADecimal:
    """Name the habit behind a text that is not a plain decimal."""
    return (
        _spreadsheet_habit(text)
        or _separator_habit(text)
        or _sign_habit(text)
        or _unit_habit(text)
        or NotADecimal(
            "not-a-number",
            "a number is digits, at most one point and one sign",
            "write a plain decimal such as 12.5, or leave an optional cell empty",
        )
    )


def _spreadsheet_habit(text: str) -> NotADecimal | None:
    if _SPREADSHEET_ERROR.match(text):
        return NotADecimal(
            "spreadsheet-error",
            "the cell holds the error of a spreadsheet formula",
            "mend the formula and export the table again",
        )
    if text.startswith("="):
        return NotADecimal(
            "spreadsheet-error",
            "a cell holds a value, never a formula",
            "export the values of the sheet, not its formulas",
        )
    if _EXPONENT.match(text):
        return NotADecimal("exponent", "exponents are not read", f"write {_without_exponent(text)}")
    return None


def _without_exponent(text: str) -> str:
    """Spell an exponent out, unless it would be absurdly long."""
    exponent = int(re.split("[eE]", text)[1][:6])
    if abs(exponent) > MAXIMUM_DIGITS // 2:
        return "the number in full"
    return decimal_text(Fraction(text))


def _separator_habit(text: str) -> NotADecimal | None:
    thousands = _THOUSANDS.match(text)
    if thousands and not is_plain(text):
        return NotADecimal(
            "thousands-separator",
            "thousands separators are not read, as they mean different things in different places",
            f"write {_without(text, thousands.group(1))}",
        )
    if _DECIMAL_COMMA.match(text):
        return NotADecimal(
            "decimal-comma", "the decimal sign is a point", f"write {text.replace(',', '.')}"
        )
    bare = _BARE_POINT.match(text)
    if bare and (bare.group(2) or bare.group(3)):
        sign, before, after = bare.groups()
        mended = f"{sign}{before or '0'}" + (f".{after}" if after else "")
        return NotADecimal(
            "not-a-number", "digits stand on both sides of the point", f"write {mended}"
        )
    return None


def _without(text: str, separator: str) -> str:
    """Drop the thousands separator, keeping a decimal point that comes last."""
    if separator == ".":
        return text.replace(".", "")
    return text.replace(separator, "")


def _sign_habit(text: str) -> NotADecimal | None:
    if _OTHER_MINUS.match(text):
        return NotADecimal(
            "not-a-number", "the minus sign is the plain hyphen", f"write -{text[1:]}"
        )
    accounting = _ACCOUNTING_MINUS.match(text)
    if accounting:
        return NotADecimal(
            "not-a-number",
            "brackets do not make a number negative here",
            f"write -{accounting.group(1)}",
        )
    return None


def _unit_habit(text: str) -> NotADecimal | None:
    found = _WITH_UNIT.match(text)
    if not found or not (found.group("before") or found.group("after")):
        return None
    number = found.group("number")
    after = (found.group("after") or "").strip()
    if after == "%" and is_plain(number):
        share = decimal_text(Fraction(number) / 100)
        return NotADecimal("unit-in-cell", "a share is written as a decimal", f"write {share}")
    return NotADecimal(
        "unit-in-cell",
        "a cell holds the number alone; its unit follows from the column and case.toml",
        f"write {number} if that is the amount in the column's unit, else convert it",
    )
