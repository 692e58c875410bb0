"""What a case says of time and money, as the modules read it: calendars, rates, fiscal years."""

from __future__ import annotations

import re
from fractions import Fraction

from replant.case import Case
from replant.errors import ModuleError
from replant.ledger import NOW
from replant.units import Quantity

__all__ = ["calendars_of", "exchange", "fiscal_year", "year_number"]


def calendars_of(case: Case) -> dict[str, tuple[tuple[int, Fraction], ...]]:
    """Return the payment calendars of a case: id to (months, share) in order of months."""
    found: dict[str, list[tuple[int, Fraction]]] = {}
    for row in case.rows("calendars"):
        found.setdefault(row.id, []).append((int(row.months), row.share))
    return {name: tuple(sorted(steps)) for name, steps in found.items()}


def exchange(case: Case, currency: str | None, period: str) -> Quantity:
    """Return the exchange rate of a period over the currency's reference rate.

    It is 1 at home, and in a period without a rate of its own.
    """
    if not currency or currency == case.settings.home_currency:
        return Quantity.of(1)
    dated = case.find("exchange_rates", f"{currency}/{period}")
    if dated is None:
        return Quantity.of(1)
    rate = dated.quantity("rate")
    reference = case.row("currencies", currency).quantity("reference_rate")
    ratio: Quantity = rate / reference
    return ratio


def fiscal_year(case: Case, time: str) -> str:
    """Return the fiscal year of a time label; ``now`` belongs to the first one.

    Raises
    ------
    ModuleError
        If it is neither ``now`` nor the id of a plan period.
    """
    if time == NOW:
        return case.periods[0].fiscal_year
    for period in case.periods:
        if period.id == time:
            return period.fiscal_year
    raise ModuleError(f"there is no period {time!r}")


def year_number(year: str) -> int:
    """Return the last number in a fiscal year's name, by which years are compared."""
    numbers = re.findall(r"[0-9]+", year)
    if not numbers:
        raise ModuleError(f"the fiscal year {year!r} has no number in its name: write FY2026")
    return int(numbers[-1])
