"""Numbers and lists as a reader meets them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = [
    "Wording",
    "capital",
    "count_word",
    "joined",
    "people",
    "percent",
    "plain",
    "plural",
    "signed",
    "some_of",
    "whole",
]

MINUS = "−"
_SIGNS = "¥$€£"
_WORDS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
)  # fmt: skip


def plain(value: float, digits: int = 1) -> str:
    """Return a number with thousands separators and a true minus; never minus nothing."""
    text = f"{abs(value):,.{digits}f}"
    return f"{MINUS}{text}" if value < 0 and float(text.replace(",", "")) else text


def signed(value: float, digits: int = 1) -> str:
    """Return a number with its sign, for changes."""
    text = plain(value, digits)
    positive = value > 0 and float(text.replace(",", ""))
    return f"+{text}" if positive else text


def people(value: float) -> str:
    """Return a number of people, whole."""
    return plain(value, 0)


def percent(share: float) -> str:
    """Return a share in percent, with a decimal only where it needs one."""
    text = plain(100 * share)
    return f"{text.removesuffix('.0')} %"


def count_word(number: int) -> str:
    """Return a small count as a word, a large one as digits."""
    return _WORDS[number] if 0 <= number < len(_WORDS) else str(number)


def plural(number: float, one: str, many: str = "") -> str:
    """Return the form of a noun that fits a number."""
    return one if number == 1 else many or f"{one}s"


def capital(text: str) -> str:
    """Return words as they begin a sentence; the rest keeps its capitals."""
    return f"{text[:1].upper()}{text[1:]}"


def whole(number: int, one: str, many: str = "") -> str:
    """Return all of a number of things: ``the one plant``, ``both plants``, ``all six plants``."""
    if number == 1:
        return f"the one {one}"
    every = "both" if number == 2 else f"all {count_word(number)}"
    return f"{every} {many or f'{one}s'}"


def some_of(part: int, number: int, one: str, many: str = "") -> str:
    """Return a part of a number of things, which a verb follows in the form that fits the part.

    All of them are `whole`; of several there may be none, of a single one there cannot.
    """
    if part == number:
        return whole(number, one, many)
    told = count_word(part) if part else "neither" if number == 2 else "none"
    return f"{told} of {'the ' if not part else ''}{count_word(number)} {many or f'{one}s'}"


def joined(names: Iterable[str], last: str = "and") -> str:
    """Return names as a list in a sentence."""
    each = list(names)
    if len(each) < 2:
        return "".join(each)
    return f"{', '.join(each[:-1])} {last} {each[-1]}"


@dataclass(frozen=True)
class Wording:
    """How a case writes its money.

    Parameters
    ----------
    money : str
        The label of money, such as ``¥bn``.
    """

    money: str

    @property
    def _parts(self) -> tuple[str, str]:
        """The currency sign that stands before a number, and the scale that follows it."""
        if self.money[:1] in _SIGNS:
            return self.money[0], self.money[1:].strip()
        return "", f" {self.money}"

    def amount(self, value: float, digits: int = 1) -> str:
        """Return an amount of money in a sentence: ``¥56.0bn``."""
        before, after = self._parts
        text = plain(value, digits)
        minus = MINUS if text.startswith(MINUS) else ""
        return f"{minus}{before}{text.removeprefix(MINUS)}{after}"

    def change(self, value: float, digits: int = 1) -> str:
        """Return a change of money with its sign."""
        text = self.amount(value, digits)
        return f"+{text}" if value > 0 and not text.startswith(MINUS) else text

    def tidy(self, text: str) -> str:
        """Return a sentence with its amounts written as here."""
        found = re.compile(rf"(-?)(\d[\d,]*(?:\.\d+)?) {re.escape(self.money)}(?!\w)")
        before, after = self._parts

        def written(match: re.Match[str]) -> str:
            minus = MINUS if match[1] else ""
            return f"{minus}{before}{match[2]}{after}"

        return found.sub(written, text)


def spans(indices: Sequence[int]) -> list[tuple[int, int]]:
    """Gather indices that follow each other: first and last of each run."""
    found: list[tuple[int, int]] = []
    for index in indices:
        if found and found[-1][1] == index - 1:
            found[-1] = (found[-1][0], index)
        else:
            found.append((index, index))
    return found
