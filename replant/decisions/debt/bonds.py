"""Bonds that can be issued: in any amount, or in lumps of a fixed size."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from operator import add

import numpy as np

from replant.decisions.debt.rows import Facility
from replant.kernel import Expr, Stage
from replant.module import Builder
from replant.units import MONEY, Quantity

__all__ = ["add_issues", "add_lumps"]


def add_lumps(bonds: list[Facility], to: Builder) -> None:
    """Add one binary for each bond of a fixed size and each period it may be issued in."""
    labels = _labels(bonds, to)
    columns = to.choice("issue_lump", to.dimension("issue_lump", labels)) if labels else None
    for bond in bonds:
        chosen: dict[int, Expr] = {}
        if columns is not None:
            chosen = {index: columns.at(issue_lump=each) for index, each in _openings(bond, to)}
        once = reduce(add, chosen.values(), Expr.constant(0.0))
        to.option(f"facility.{bond.id}", once, f"{bond.title} is issued.")
        amounts = {index: each * bond.quantity("lump") for index, each in chosen.items()}
        _bond(bond, amounts, to)


def add_issues(bonds: list[Facility], to: Builder) -> None:
    """Add one amount for each bond and each period it may be issued in."""
    labels = _labels(bonds, to)
    if not labels:
        return
    most = [float(bond.limit) for bond in bonds for _ in _openings(bond, to)]
    issue = to.variable(
        "issue",
        to.dimension("issue", labels),
        unit=MONEY,
        stage=Stage.RECOURSE,
        upper=np.array(most, dtype=np.float64),
    )
    for bond in bonds:
        amounts = {index: issue.at(issue=label) for index, label in _openings(bond, to)}
        _bond(bond, amounts, to)


def _bond(bond: Facility, amounts: Mapping[int, Expr], to: Builder) -> None:
    """Bind all issues of a bond together, and book each."""
    if not amounts:
        return
    first, *others = amounts.values()
    to.require(
        "limit",
        sum(others, start=first),
        upper=float(bond.limit),
        rule=f"Of {bond.title} at most {float(bond.limit):,.1f} is issued.",
        facility=bond.id,
    )
    for index, amount in amounts.items():
        _issued(bond, index, amount, to)


def _issued(bond: Facility, index: int, amount: Expr, to: Builder) -> None:
    """Book an issue, its fee, its interest and its repayment; post what it is worth."""
    time = to.clock.at(index)
    to.entry(debit="cash", credit="debt", amount=amount, time=time)
    fee = amount * bond.quantity("fee")
    to.entry(debit="financing_fees", credit="cash", amount=fee, time=time)
    begun = to.clock.instant(index)
    repaid = to.clock.ending_from(begun + bond.term_months)
    first = 0 if index == 0 else index + 1
    last = to.count - 1 if repaid is None else repaid
    for position in range(first, last + 1):
        interest = amount * bond.quantity("rate") * float(to.clock.years(position))
        where = to.period(position).id
        to.entry(debit="interest", credit="cash", amount=interest, time=where)
    if repaid is not None:
        where = to.period(repaid).id
        to.entry(debit="debt", credit="cash", amount=amount, time=where)
    to.post("financing_value", amount * _worth(bond, index, to))


def _worth(bond: Facility, index: int, to: Builder) -> Quantity:
    """Return what one unit of an issue is worth at its own fair rate, to maturity."""
    clock, fair = to.clock, bond.fair_rate
    begun = clock.instant(index)
    repaid = clock.ending_from(begun + bond.term_months)
    maturity = begun + bond.term_months if repaid is None else clock.origins[repaid + 1]
    interest = sum(
        (
            bond.rate * Fraction(months, 12) * clock.discount_at(fair, month)
            for month, months in clock.payment_months(begun, maturity - begun)
        ),
        Fraction(0),
    )
    received = clock.discount_at(fair, begun) * (1 - bond.fee)
    worth = received - interest - clock.discount_at(fair, maturity)
    cells = frozenset(bond.cell(name) for name in ("rate", "fair_rate", "fee", "term_months"))
    return Quantity(worth, cells=cells)


def _openings(bond: Facility, to: Builder) -> list[tuple[int, str]]:
    """Return the periods in which a bond may be issued, with the labels of its columns."""
    periods = to.clock.open_periods(bond.earliest, bond.latest)
    return [(index, f"{bond.id},{to.period(index).id}") for index in periods]


def _labels(bonds: list[Facility], to: Builder) -> list[str]:
    return [label for bond in bonds for _, label in _openings(bond, to)]
