"""Committed lines: a balance at the end of each period, and a fee on what is not drawn."""

from __future__ import annotations

import numpy as np

from replant.decisions.debt.rows import Facility
from replant.kernel import Expr, Stage
from replant.ledger import NOW
from replant.module import Builder
from replant.units import MONEY, Quantity

__all__ = ["add_lines"]


def add_lines(lines: list[Facility], to: Builder) -> None:
    """Add the balance drawn at the end of each period."""
    if not lines:
        return
    names = to.dimension("facility", [line.id for line in lines])
    limits = [
        [
            float(line.limit) if _available(line, i, to) and not to.clock.over[i] else 0.0
            for i in range(to.count)
        ]
        for line in lines
    ]
    balance = to.variable(
        "balance",
        names,
        to.periods,
        unit=MONEY,
        stage=Stage.RECOURSE,
        upper=np.array(limits, dtype=np.float64),
    )
    for line in lines:
        _drawn(line, balance.at(facility=line.id), to)


def _available(line: Facility, index: int, to: Builder) -> bool:
    start = to.period(index).start
    after = line.earliest is None or line.earliest <= start
    return after and (line.latest is None or start <= line.latest)


def _drawn(line: Facility, balance: Expr, to: Builder) -> None:
    """Book draws, interest and the commitment fee; post what they are worth at the fair rate."""
    clock, limit = to.clock, Expr.constant(line.quantity("limit"))
    before = Expr.constant(0.0, unit=MONEY)
    if _available(line, 0, to):
        # a line that is open when the plan begins counts from its first instant
        to.post("undrawn", limit, facility=line.id, time=NOW)
    for index in range(to.count):
        time, years = to.period(index).id, clock.years(index)
        drawn = balance.at(period=time)
        interest = before * (line.quantity("rate") * years)
        to.entry(debit="cash", credit="debt", amount=drawn - before, time=time)
        to.entry(debit="interest", credit="cash", amount=interest, time=time)
        received = drawn - before - interest
        if _available(line, index, to):
            fee = (limit - before) * (line.quantity("commitment_fee") * years)
            to.entry(debit="financing_fees", credit="cash", amount=fee, time=time)
            received = received - fee
            to.post("undrawn", limit - drawn, facility=line.id, time=time)
        to.post("financing_value", received * _discount(line, time, to))
        before = drawn
    to.post("financing_value", -(before * _discount(line, clock.last.id, to)))


def _discount(line: Facility, time: str, to: Builder) -> Quantity:
    factor = to.clock.discount(line.fair_rate, time)
    return Quantity(factor, cells=frozenset({line.cell("fair_rate")}))
