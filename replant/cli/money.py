"""Units of money that are only words: nothing is converted by them, so they must be right."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replant.case import Case, Finding
from replant.case.findings import finding
from replant.case.settings import SETTINGS_FILE

__all__ = ["money_in_words"]

_CODES = {
    "¥": ("JPY", "CNY"),
    "$": ("USD", "AUD", "CAD", "HKD", "MXN", "NZD", "SGD", "TWD"),
    "€": ("EUR",),
    "£": ("GBP",),
    "₩": ("KRW",),
    "₹": ("INR",),
}
"""The currencies that a sign may stand for."""

_SIZES = {"": 0, "k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6,
          "bn": 9, "billion": 9, "tn": 12, "trillion": 12}  # fmt: skip
_SIZE = "|".join(sorted(filter(None, _SIZES), key=len, reverse=True))
_MONEY = re.compile(rf"(?P<sign>[{''.join(_CODES)}]|[A-Za-z]{{3}})\s*(?P<size>{_SIZE})?\Z", re.I)
_TURNED = re.compile(rf"(?P<size>{_SIZE})\s+(?P<sign>[{''.join(_CODES)}]|[A-Za-z]{{3}})\Z", re.I)


def money_in_words(case: Case) -> Iterator[Finding]:
    """Yield a warning for each unit of money that is no currency and size, or of another one."""
    units = case.settings.units
    for name in ("money", "unit_value"):
        text = getattr(units, name).strip()
        sign, _ = _read(text)
        if not _is_of(sign, units.currency):
            yield _warning(
                name,
                text,
                f"it is a sign or code of {units.currency or 'the currency'} and a size; any other "
                "text is only a word, which is printed beside figures and converts nothing",
                "write it as ¥bn, EUR m or million USD, and units.currency to match",
            )
    yield from _sizes_that_disagree(case)


def _sizes_that_disagree(case: Case) -> Iterator[Finding]:
    """Find units of which price times volume is not money: every figure would be off by it."""
    units = case.settings.units
    (_, money), (_, price) = _read(units.money.strip()), _read(units.unit_value.strip())
    volume = _SIZES.get(units.volume.split(" ")[0].lower(), 0)
    if money is not None and price is not None and price + volume != money:
        yield _warning(
            "money",
            units.money,
            f"a price in {units.unit_value} times {units.volume} is booked as it stands, and that "
            f"is not {units.money}",
            "choose money, unit_value and volume so that the second times the third is the first",
        )


def _read(text: str) -> tuple[str, int | None]:
    """Return the sign or code of a unit of money and its power of ten; none of a mere word."""
    found = _MONEY.match(text) or _TURNED.match(text)
    if found is None:
        return "", None
    return found["sign"].upper(), _SIZES[(found["size"] or "").lower()]


def _is_of(sign: str, currency: str) -> bool:
    return bool(sign) and (sign == currency.upper() or currency.upper() in _CODES.get(sign, ()))


def _warning(name: str, value: str, rule: str, fix: str) -> Finding:
    column = f"units.{name}"
    return finding("money-word", SETTINGS_FILE, rule, fix, column=column, value=value)
