"""The streams that the centre itself needs; every module may declare more of its own."""

from __future__ import annotations

from dataclasses import dataclass

from replant.units import MONEY, ONE, Unit

__all__ = ["CORE_STREAMS", "StreamKind"]


@dataclass(frozen=True)
class StreamKind:
    """A family of labelled rows: its name, the names of its labels and its unit."""

    name: str
    labels: tuple[str, ...]
    unit: Unit


CORE_STREAMS: tuple[StreamKind, ...] = (
    StreamKind("ledger", ("account", "time"), MONEY),
    StreamKind("finance_ledger", ("account", "time"), MONEY),
    StreamKind("opening", ("account",), MONEY),
    StreamKind("cash_flow", ("class", "time"), MONEY),
    StreamKind("recurring", ("time",), MONEY),
    StreamKind("reinvested", ("time",), MONEY),
    StreamKind("taxable", ("fiscal_year",), MONEY),
    StreamKind("beyond", (), MONEY),
    StreamKind("financing_value", (), MONEY),
    StreamKind("value", ("part",), MONEY),
    StreamKind("penalty", (), MONEY),
    StreamKind("option", ("option",), ONE),
    StreamKind("automotive_operating_profit", ("time",), MONEY),
    StreamKind("net_income", ("time",), MONEY),
    StreamKind("free_cash_flow", ("time",), MONEY),
    StreamKind("net_cash", ("time",), MONEY),
)
