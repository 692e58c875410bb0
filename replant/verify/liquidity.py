"""Liquidity: cash at every time, the floor, the headroom above it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from replant.verify.cells import cell, number, text
from replant.verify.told import Told

NAME = "liquidity"
ORDER = 70
COLUMNS: frozenset[str] = frozenset({"shortfall"})


def post(told: Told) -> None:
    """Chain cash from its opening balance, and post headroom where there is a floor."""
    balance = told.books.total("opening", "cash")
    for time in told.clock.times:
        balance += told.books.total("ledger", "cash", time)
        told.books.post("cash", time, amount=balance)
    for row in told.rows("liquidity"):
        time = text(row.period)
        if time in told.clock.times:
            room = told.books.total("cash", time) - _floor(row) + _undrawn(told, time)
            told.books.post("cash_floor", time, amount=_floor(row))
            told.books.post("headroom", time, amount=room)


def _floor(row: Any) -> Fraction:
    parts = ("minimum_cash", "trough", "trapped")
    return sum((number(cell(row, part)) for part in parts), Fraction(0))


def _undrawn(told: Told, time: str) -> Fraction:
    lines = told.books.elements("undrawn").items()
    return sum((amount for labels, amount in lines if labels[-1] == time), Fraction(0))


def check(told: Told) -> None:
    """Check that cash never falls below the floor; each period short is a breach of I13."""
    told.amounts("shortfall", {(time,) for time in told.clock.times}, "I13")
    floors = {text(row.period): _floor(row) for row in told.rows("liquidity")}
    for time in (time for time in told.clock.times if time in floors):
        short = floors[time] - told.books.total("cash", time)
        told.books.post("shortfall", time, amount=max(Fraction(0), short))
        when = "Now" if time == "now" else f"In {time}"
        told.books.at_most(
            "I13",
            short,
            0,
            f"{when} cash is below the floor of {float(floors[time]):.6g}.",
            where=time,
        )
