"""Tax on fiscal-year income, with losses carried forward by vintage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from replant.verify.accounts import ACCOUNTS
from replant.verify.cells import cell, number, text
from replant.verify.told import Told

NAME = "tax"
ORDER = 60
COLUMNS: frozenset[str] = frozenset({"used"})
RECOURSE: frozenset[str] = frozenset({"used"})

ZERO = Fraction(0)
_LAST_NUMBER = re.compile(r"([0-9]+)[^0-9]*\Z")


@dataclass(frozen=True)
class Vintage:
    """A loss and the fiscal years, by number, in which it may be used (None: no end)."""

    id: str
    amount: Fraction
    first: int | None
    last: int | None

    def open_in(self, year: int) -> bool:
        """Return whether the loss may be used in a fiscal year."""
        return (self.first is None or self.first <= year) and (
            self.last is None or year <= self.last
        )


def post(told: Told) -> None:
    """Compute income, gain and loss of each fiscal year and book the tax on what is left."""
    for row in told.rows("taxes"):
        for year, times in fiscal_years(told).items():
            income = _income(told, year, times)
            gain = max(ZERO, income)
            used = _used(told, year)
            tax = number(row.rate) * (gain - used)
            told.books.post("taxable_income", year, amount=income)
            told.books.post("gain", year, amount=gain)
            told.books.post("loss", year, amount=gain - income)
            told.books.post("tax", year, amount=tax)
            told.books.entry("tax", "cash", tax, times[-1])


def fiscal_years(told: Told) -> dict[str, list[str]]:
    """Return the times of each fiscal year in order; ``now`` belongs to the first."""
    years: dict[str, list[str]] = {}
    for time, year in told.clock.years.items():
        years.setdefault(year, []).append(time)
    return years


def year_number(name: str) -> int | None:
    """Return the last number in the name of a fiscal year."""
    match = _LAST_NUMBER.search(name)
    return int(match[1]) if match else None


def _income(told: Told, year: str, times: list[str]) -> Fraction:
    booked = (
        told.books.total("ledger", account.name, time)
        for account in ACCOUNTS.values()
        if account.result and account.taxable
        for time in times
    )
    return told.books.total("taxable", year) - sum(booked, ZERO)


def _used(told: Told, year: str) -> Fraction:
    used = told.decisions("used").items()
    return sum((value for labels, value in used if labels[1:] == (year,)), ZERO)


def _vintages(told: Told, row: Any) -> Iterator[Vintage]:
    for loss in told.rows("tax_losses"):
        last = year_number(text(cell(loss, "expires")))
        yield Vintage(text(loss.id), number(loss.amount), None, last)
    carry = text(cell(row, "carry_years"))
    for year in fiscal_years(told):
        born = year_number(year)
        if born is not None:
            last = born + int(number(carry)) if carry else None
            yield Vintage(year, told.books.total("loss", year), born + 1, last)


def check(told: Told) -> None:
    """Check what is used of each loss against its amount, its years and the cap of each year."""
    rows = tuple(told.rows("taxes"))
    told.books.hold("I11", len(rows) <= 1, "The table taxes has one row.")
    years = fiscal_years(told)
    vintages = {each.id: each for row in rows[:1] for each in _vintages(told, row)}
    told.amounts("used", {(each, year) for each in vintages for year in years}, "I11")
    for vintage in vintages.values():
        _check_vintage(told, vintage, years)
    for row in rows[:1]:
        for year in years:
            _check_cap(told, number(row.loss_use_share, 1), year)


def _check_vintage(told: Told, vintage: Vintage, years: dict[str, list[str]]) -> None:
    left = vintage.amount
    for year in years:
        used = told.decision("used", vintage.id, year)
        left -= used
        count = year_number(year)
        told.books.hold(
            "I11",
            used == 0 or (count is not None and vintage.open_in(count)),
            f"The tax loss {vintage.id} cannot be used in {year}.",
            amount=used,
            where=f"{vintage.id},{year}",
        )
        told.books.post("loss_left", vintage.id, year, amount=left)
    told.books.hold(
        "I11",
        left >= 0,
        f"More is used of the tax loss {vintage.id} than there is.",
        amount=-left,
        where=vintage.id,
    )


def _check_cap(told: Told, share: Fraction, year: str) -> None:
    used, cap = _used(told, year), share * told.books.total("gain", year)
    told.books.at_most(
        "I11",
        used,
        cap,
        f"Losses used in {year} exceed the share of its income that they may cover.",
        where=year,
    )
