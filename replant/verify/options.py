"""What a plan does with an option, read from its decisions by the option's id."""

from __future__ import annotations

import re
from fractions import Fraction

from replant.verify.told import Told

__all__ = ["option"]

ZERO = Fraction(0)
_PLANT = {
    "close": ("close", "close_mothballed"),
    "mothball": ("mothball",),
    "reopen": ("reopen",),
    "sell": ("sell", "sell_running"),
}
_DATED = ("close", "mothball")
_SIMPLE = {
    "line": ("launch", (("sourcing", "launch"),), "lines"),
    "platform": ("end", (("platform", "end_platform"),), "platforms"),
    "model": ("end", (("platform", "end_model"),), "models"),
    "migration": ("", (("platform", "migrate"),), "migrations"),
    "parts": ("", (("complexity", "choose"),), "part_options"),
    "programme": ("", (("programme", "start"),), "programmes"),
    "property": ("", (("property", "take"),), "property_offers"),
    "stake": ("", (("stake", "act"),), "stakes"),
    "facility": ("", (("debt", "issue_lump"),), "facilities"),
}
_DEALS = {"hosting_deals": "hosting", "supply_deals": "supply"}


def option(told: Told, name: str) -> Fraction | None:
    """Return how much of an option the plan takes; None if the case has no such option.

    Parameters
    ----------
    told : Told
        A twin's view, with the decisions of the whole plan.
    name : str
        The option's id, such as ``plant.oppama.close`` or ``deal.hosting_1``.

    Returns
    -------
    Fraction or None
        0 or 1 for a choice; a share for ``plant.….operate``.
    """
    kind, _, rest = name.partition(".")
    if kind == "plant":
        return _plant(told, rest)
    if kind == "deal":
        for table, module in _DEALS.items():
            if _has(told, table, rest):
                return _sum(told, module, "start", rest)
    if kind in _SIMPLE:
        suffix, columns, table = _SIMPLE[kind]
        element = rest.removesuffix(f".{suffix}") if suffix else rest
        if (not suffix or element != rest) and _has(told, table, element):
            return sum((_sum(told, module, column, element) for module, column in columns), ZERO)
    return None


def _has(told: Told, table: str, element: str) -> bool:
    return any(str(row.id) == element for row in told.rows(table))


def _sum(told: Told, module: str, column: str, element: str, time: str = "") -> Fraction:
    """Return the sum of a column over an element, and over one time if given (the last label)."""
    values = told.plan.get(module, {}).get(column, {}).items()
    return sum(
        (
            value
            for labels, value in values
            if labels[:1] == (element,) and (not time or labels[-1] == time)
        ),
        ZERO,
    )


def _plant(told: Told, rest: str) -> Fraction | None:
    for row in told.rows("plants"):
        plant = str(row.id)
        if rest.startswith(f"{plant}."):
            found = _deed(told, plant, rest[len(plant) + 1 :])
            if found is not None:
                return found
    return None


def _deed(told: Told, plant: str, deed: str) -> Fraction | None:
    match = re.match(rf"({'|'.join(_DATED)})\.(.+)\Z", deed)
    if match and told.clock.period(match[2]) is not None:
        return _taken(told, plant, match[1], match[2])
    if deed in _PLANT:
        return _taken(told, plant, deed)
    if deed == "run":
        columns = ("close", "mothball", "sell_running")
        return 1 - sum((_sum(told, "plant_path", each, plant) for each in columns), ZERO)
    if deed == "operate":
        return _operated(told, plant)
    return None


def _taken(told: Told, plant: str, deed: str, time: str = "") -> Fraction:
    return sum((_sum(told, "plant_path", each, plant, time) for each in _PLANT[deed]), ZERO)


def _operated(told: Told, plant: str) -> Fraction:
    """Return the share of periods in which the plant operates, hosting or not."""
    periods = (
        told.books.total("state", plant, state, period.id)
        for state in ("operate", "operate_and_host")
        for period in told.periods
    )
    return sum(periods, ZERO) / told.clock.size
