"""The figures that covenants bound, summed from the accounts of a fiscal year."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from replant.case import Case
from replant.kernel import Expr, Stage
from replant.ledger import ACCOUNTS, NOW, Flow
from replant.ledger.accounts import AccountKind
from replant.module import Builder, fiscal_year
from replant.rules.covenants.row import BALANCES, TESTS, Covenant, named
from replant.units import MONEY

__all__ = ["figures_of", "times_of"]

_RESULT = tuple(each.name for each in ACCOUNTS.values() if each.in_profit)
_ASSETS = tuple(each.name for each in ACCOUNTS.values() if each.kind is AccountKind.ASSET)
_OPERATING = tuple(each.name for each in ACCOUNTS.values() if each.operating)
_ADDED_BACK = ("depreciation", "rou_depreciation")

# What each figure sums, with the sign that a ledger of debit less credit needs.
_ACCOUNTS: Mapping[str, tuple[float, tuple[str, ...]]] = {
    "ebitda": (-1.0, tuple(each for each in _OPERATING if each not in _ADDED_BACK)),
    "interest": (1.0, ("interest", "lease_interest")),
    "net_debt": (-1.0, ("debt", "financing_liability", "lease_liabilities", "cash")),
    "equity": (-1.0, ("equity", "minority", *_RESULT)),
    "total_assets": (1.0, _ASSETS),
    "capital_expenditure": (-1.0, ("disposal_proceeds", "disposal_cost")),
}


def figures_of(rows: tuple[Covenant, ...], case: Case, to: Builder) -> dict[tuple[str, str], Expr]:
    """Return the figures that covenants need, by figure and fiscal year, each a column.

    A column for each keeps rows short: a balance is the one of the year before and what moved.
    """
    needed = dict.fromkeys(figure for row in rows for figure in TESTS[row.kind].figures)
    years = [year.id for year in case.fiscal_years]
    columns = to.variable(
        "figure",
        to.dimension("figure", needed),
        to.dimension("fiscal_year", years),
        unit=MONEY,
        stage=Stage.RECOURSE,
        lower=-inf,
        derived=True,
    )
    to.stream("covenant_figure", ("figure", "fiscal_year"), MONEY)
    found: dict[tuple[str, str], Expr] = {}
    for figure in needed:
        before = _opening(figure, to) if figure in BALANCES else None
        for year in years:
            labels = {"figure": figure, "fiscal_year": year}
            column = columns.at(**labels)
            sum_ = _moved(figure, times_of(year, case), to)
            to.require(
                "figure",
                column - (sum_ if before is None else before + sum_),
                lower=0.0,
                upper=0.0,
                rule=f"The {named([figure])} of {year} is what the accounts say.",
                **labels,
            )
            to.post("covenant_figure", column, **labels)
            found[figure, year] = column
            before = column if figure in BALANCES else None
    return found


def times_of(year: str, case: Case) -> list[str]:
    """Return the time labels of a fiscal year; ``now`` belongs to the first."""
    times = [NOW, *(each.id for each in case.periods)]
    return [each for each in times if fiscal_year(case, each) == year]


def _opening(balance: str, to: Builder) -> Expr:
    """Return a balance before anything happens."""
    sign, accounts = _ACCOUNTS[balance]
    opening = [to.total("opening", account=each) for each in accounts if each not in _RESULT]
    return sum(opening[1:], start=opening[0]) * sign


def _moved(figure: str, times: list[str], to: Builder) -> Expr:
    """Return a flow of some times, or what a balance moves by in them."""
    sign, accounts = _ACCOUNTS[figure]
    parts = [
        to.total("ledger", account=each, time=time) * sign for time in times for each in accounts
    ]
    if figure == "capital_expenditure":  # cash paid out, before what disposals bring
        parts += [-to.element("cash_flow", (Flow.INVESTING.value, time)) for time in times]
    return sum(parts[1:], start=parts[0])
