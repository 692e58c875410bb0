"""The rows of covenants: what each tests, when it is in force, and what it demands in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import ClassVar, Literal

from replant.case import Case, Id, OptionalMoney, OptionalNumber, Row, Text, meaning
from replant.errors import ModuleError
from replant.module import year_number

__all__ = [
    "BALANCES",
    "TESTS",
    "Covenant",
    "called",
    "demand",
    "doubts",
    "figure_of",
    "in_force",
    "named",
    "sound",
]

# Balances are those at the end of a year; the other figures are sums over it.
BALANCES = ("net_debt", "equity", "total_assets")


class Covenant(Row):
    """A promise to lenders on one figure, tested in each fiscal year in which it is in force."""

    table: ClassVar[str] = "covenants"
    id: Id
    name: Text = meaning("What the contract calls it", default="")
    kind: Literal["leverage", "interest_cover", "equity", "equity_ratio", "capital_expenditure"] = (
        meaning("What is tested")
    )
    ratio: OptionalNumber = meaning(
        "Bound of leverage, interest_cover (multiples) and equity_ratio (a share)",
        default=None,
        ge=0,
    )
    amount: OptionalMoney = meaning("Bound of equity and capital_expenditure", default=None)
    since: Text = meaning(
        "First fiscal year in force (empty: the plan's first)", default="", column="from"
    )
    until: Text = meaning("Last fiscal year in force (empty: the plan's last)", default="")


@dataclass(frozen=True)
class Test:
    """What one kind of covenant tests.

    Parameters
    ----------
    figure : str
        The figure that is bounded.
    at_most : bool
        Whether from above.
    base : str
        The figure of which the ratio is taken; empty where the bound is money.
    words : str
        The demand, with the bound and the fiscal year left open.
    """

    figure: str
    at_most: bool
    base: str
    words: str

    @property
    def column(self) -> str:
        """The column that holds the bound."""
        return "ratio" if self.base else "amount"

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures that it needs."""
        return (self.figure, self.base) if self.base else (self.figure,)


TESTS = {
    "leverage": Test(
        "net_debt", True, "ebitda", "net debt at the end of {year} is at most {bound} times EBITDA."
    ),
    "interest_cover": Test(
        "ebitda", False, "interest", "EBITDA of {year} is at least {bound} times interest."
    ),
    "equity": Test("equity", False, "", "equity at the end of {year} is at least {bound}."),
    "equity_ratio": Test(
        "equity", False, "total_assets",
        "equity at the end of {year} is at least {bound} of total assets.",
    ),
    "capital_expenditure": Test(
        "capital_expenditure", True, "", "capital expenditure of {year} is at most {bound}."
    ),
}  # fmt: skip


def sound(row: Covenant) -> Covenant:
    """Return the row; refuse one without the bound of its kind, with another, or upside down."""
    column = TESTS[row.kind].column
    other = "amount" if column == "ratio" else "ratio"
    if getattr(row, column) is None:
        raise ModuleError(f"covenants.{row.id}.{column} is empty: {row.kind} is bounded by it")
    if getattr(row, other) is not None:
        raise ModuleError(
            f"covenants.{row.id}.{other} is given, but {row.kind} is bounded by {column}: "
            "leave it empty"
        )
    if row.since and row.until and year_number(row.since) > year_number(row.until):
        raise ModuleError(f"covenants.{row.id}.until is before from: exchange or mend them")
    return row


def in_force(row: Covenant, case: Case) -> list[str]:
    """Return the fiscal years of the plan in which a covenant is tested."""
    first = year_number(row.since) if row.since else -inf
    last = year_number(row.until) if row.until else inf
    bounded = bool(row.since or row.until)
    return [
        year.id
        for year in case.fiscal_years
        if not bounded or first <= year_number(year.id) <= last
    ]


def doubts(row: Covenant, case: Case) -> Iterator[tuple[str, str, str, str]]:
    """Yield code, column, rule and mend of what may not be meant so."""
    years = [year for year in case.fiscal_years if year.id in in_force(row, case)]
    figures = TESTS[row.kind].figures
    balances = [each for each in figures if each in BALANCES]
    if balances and not case.rows("opening"):
        yield (
            "no-opening",
            "kind",
            f"no opening balance is given, so what {row.id} tests as {named(balances)} is only "
            "the change since the plan began",
            "give the balance of the last day before the plan",
        )
    if not years:
        first, last = case.fiscal_years[0].id, case.fiscal_years[-1].id
        yield (
            "never-in-force",
            "from" if row.since else "until",
            f"{row.id} is in force in no fiscal year of the plan ({first} to {last})",
            "mend from and until, or drop the row",
        )
    for year in years:
        if year.months != 12 and len(balances) < len(figures):
            yield (
                "part-year",
                "from",
                f"{row.id} tests what {year.id} brings, and the plan holds {year.months} months of "
                "it, not 12",
                "let it be in force in whole years only, or fit its bound",
            )


def called(row: Covenant) -> str:
    """Return what a covenant is called."""
    return row.name or f"Covenant {row.id}"


def named(figures: list[str]) -> str:
    """Return figures in words."""
    return " and ".join(each.replace("_", " ") for each in figures)


def demand(row: Covenant, year: str, case: Case) -> str:
    """Return what a covenant demands in a fiscal year, in words."""
    if row.kind == "equity_ratio":
        bound = f"{float(row.quantity('ratio')):.4%}".rstrip("0%").rstrip(".") + " %"
    elif TESTS[row.kind].base:
        bound = f"{float(row.quantity('ratio')):g}"
    else:
        bound = f"{float(row.quantity('amount')):,.1f} {case.settings.units.money}"
    return f"{called(row)}: {TESTS[row.kind].words.format(year=year, bound=bound)}"


def figure_of(row: Covenant) -> str:
    """Return the figure that a covenant bounds, as ``covenant_figure`` names it."""
    return TESTS[row.kind].figure
