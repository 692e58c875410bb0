"""From one plan's value to another's, by groups of accounts; it adds up exactly.

Value counts cash. Cash has no account of its own in each entry's other side once a cost has been
provided for first, but every entry adds to nothing: what cash an account moved in the end is minus
the account's own change. Accounts that only meet each other (depreciation and plant) stand in one
group, where they cancel; what is left over between groups is shown as a step of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from replant.report.data import Bridge, BridgeStep
from replant.report.figures import Figures

__all__ = ["bridge_between"]

_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Cars and fees, less their cost",
     ("revenue", "deal_income", "variable_cost", "overtime")),
    ("Freight and duties", ("freight", "duty")),
    ("Pay", ("labour",)),
    ("Plants and lines", ("plant_cost", "line_cost")),
    ("Platforms and models", ("platform_cost",)),
    ("Overhead", ("overhead",)),
    ("Research and development", ("rd",)),
    ("Restructuring payments", ("restructuring", "provisions")),
    ("Investment, less wear",
     ("ppe", "depreciation", "impairment", "disposal_carrying", "property", "investments")),
    ("Property and stakes sold", ("disposal_proceeds", "disposal_cost")),
    ("Working capital", ("receivables", "inventory", "payables")),
    ("Dividends and stakes", ("equity_income", "finance_dividend")),
    ("Other running items",
     ("other_operating", "other_result", "other_assets", "deferred_income", "other_liabilities")),
    ("Tax", ("tax",)),
)  # fmt: skip
_PARTS = (
    ("Business after the horizon", "terminal"),
    ("Paid after the horizon", "beyond"),
    ("Loans, leases, property sold", "financing"),
)
_WITHIN = ("operating", "investing")
ZERO = Fraction(0)


def bridge_between(start: Figures, end: Figures, base: str) -> Bridge:
    """Return the bridge from one plan to another of the same case."""
    steps = [step for step in _steps(start, end) if abs(step.amount) > 1e-9]
    return Bridge(base=base, start=start.plan.value, end=end.plan.value, steps=tuple(steps))


def _steps(start: Figures, end: Figures) -> Iterator[BridgeStep]:
    booked = ZERO
    for name, accounts in _GROUPS:
        each = {account: _cash(end, account) - _cash(start, account) for account in accounts}
        amount = sum(each.values(), ZERO)
        booked += amount
        yield BridgeStep(
            name, float(amount), tuple((key, float(value)) for key, value in each.items() if value)
        )
    change = {part: end.exact("value", part) - start.exact("value", part) for part in _parts()}
    rest = sum((change[part] for part in _WITHIN), ZERO) - booked
    yield BridgeStep("Between these groups, without cash", float(rest))
    for name, part in _PARTS:
        yield BridgeStep(name, float(change[part]))


def _parts() -> tuple[str, ...]:
    return (*_WITHIN, *(part for _, part in _PARTS))


def _cash(figures: Figures, account: str) -> Fraction:
    """Return the present value of the cash that an account moved, as far as value counts it."""
    return -sum(
        (
            share * leaf.discount[time] * leaf.exact("ledger", account, time)
            for share, leaf in figures.leaves
            for time in leaf.times
        ),
        ZERO,
    )
