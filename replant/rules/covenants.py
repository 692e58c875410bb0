"""Covenants: what lenders demand of debt, interest, equity and investment in a fiscal year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import ClassVar, Literal, cast

from replant.case import Case, Finding, Id, OptionalMoney, OptionalNumber, Row, Text, meaning
from replant.case.findings import finding
from replant.errors import ModuleError
from replant.kernel import Expr, Stage
from replant.ledger import ACCOUNTS, NOW, Flow
from replant.ledger.accounts import AccountKind
from replant.module import Builder, Sentence, Told, fiscal_year, year_number
from replant.units import MONEY, ONE, Quantity

__all__ = ["Covenant", "Covenants", "demand", "figure_of"]

# A comparator may miss a covenant, but never for gain: a unit missed costs more than it brings.
_PENALTY = 10


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
class _Test:
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


_TESTS = {
    "leverage": _Test(
        "net_debt", True, "ebitda", "net debt at the end of {year} is at most {bound} times EBITDA."
    ),
    "interest_cover": _Test(
        "ebitda", False, "interest", "EBITDA of {year} is at least {bound} times interest."
    ),
    "equity": _Test("equity", False, "", "equity at the end of {year} is at least {bound}."),
    "equity_ratio": _Test(
        "equity", False, "total_assets",
        "equity at the end of {year} is at least {bound} of total assets.",
    ),
    "capital_expenditure": _Test(
        "capital_expenditure", True, "", "capital expenditure of {year} is at most {bound}."
    ),
}  # fmt: skip

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
# Balances are those at the end of a year; the other figures are sums over it.
_BALANCES = ("net_debt", "equity", "total_assets")


class Covenants:
    """Keeps the figures that lenders look at within the bounds of their contracts.

    A ratio is multiplied out, so that it is a row: net debt at most k times EBITDA is
    k·EBITDA − net debt ≥ 0, which a loss fails as it should.
    """

    name: ClassVar[str] = "covenants"
    tables: ClassVar[tuple[type[Row], ...]] = (Covenant,)
    negotiable: ClassVar[str] = "apart"
    missable: ClassVar[bool] = True

    def applies(self, case: Case) -> bool:
        """Return whether lenders demand anything."""
        return case.has("covenants")

    def cautions(self, case: Case) -> Iterator[Finding]:
        """Find covenants that a plan can keep, but that may not test what their lender does."""
        table = case.tables.get("covenants")
        for number, each in table.numbered() if table is not None else ():
            for code, column, rule, fix in _doubts(cast(Covenant, each), case):
                yield finding(code, "tables/covenants.csv", rule, fix, row=number, column=column)

    def build(self, case: Case, to: Builder) -> None:
        """Lay out the figures of each fiscal year and bind them; a comparator may miss them."""
        rows = case.rows(Covenant)
        tested = [(row, year) for row in rows for year in _in_force(_sound(row), case)]
        figures = _figures(rows, case, to)
        to.stream("covenant_headroom", ("covenant", "fiscal_year"), MONEY)
        missed = _missed(tested, to) if to.allow_shortfall else None
        for row, year in tested:
            room = _headroom(row, year, figures)
            to.post("covenant_headroom", room, covenant=row.id, fiscal_year=year)
            if missed is not None:
                miss = missed.at(covenant=f"{row.id},{year}")
                to.post("missed", miss, limit=f"{row.id}/{year}")
                to.post("penalty", miss * Quantity.of(_PENALTY, MONEY))
                room = room + miss * Quantity.of(1, MONEY)
            to.require(
                "kept",
                room,
                lower=0.0,
                rule=demand(row, year, case),
                covenant=row.id,
                fiscal_year=year,
            )

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say in which fiscal year each covenant is nearest to its bound, or farthest beyond."""
        money = told.case.settings.units.money
        for row in told.case.rows(Covenant):
            rooms = {
                year: told.stream("covenant_headroom", row.id, year)
                for year in _in_force(row, told.case)
            }
            if rooms:
                year = min(rooms, key=lambda each: round(rooms[each], 6))
                room = rooms[year]
                how = "of headroom" if room >= 0 else "short"
                yield Sentence(
                    text=f"{_called(row)} is tightest in {year}: {abs(room):,.1f} {money} {how}.",
                    subject="firm.covenants",
                    period=_times(year, told.case)[-1],
                    cells=frozenset({row.cell(_TESTS[row.kind].column)}),
                )


# -- rows of the table ---------------------------------------------------------------------------


def _sound(row: Covenant) -> Covenant:
    """Return the row; refuse one without the bound of its kind, with another, or upside down."""
    column = _TESTS[row.kind].column
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


def _in_force(row: Covenant, case: Case) -> list[str]:
    """Return the fiscal years of the plan in which a covenant is tested."""
    first = year_number(row.since) if row.since else -inf
    last = year_number(row.until) if row.until else inf
    bounded = bool(row.since or row.until)
    return [
        year.id
        for year in case.fiscal_years
        if not bounded or first <= year_number(year.id) <= last
    ]


def _doubts(row: Covenant, case: Case) -> Iterator[tuple[str, str, str, str]]:
    """Yield code, column, rule and mend of what may not be meant so."""
    years = [year for year in case.fiscal_years if year.id in _in_force(row, case)]
    figures = _TESTS[row.kind].figures
    balances = [each for each in figures if each in _BALANCES]
    if balances and not case.rows("opening"):
        yield (
            "no-opening",
            "kind",
            f"no opening balance is given, so what {row.id} tests as {_named(balances)} is only "
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


def _called(row: Covenant) -> str:
    return row.name or f"Covenant {row.id}"


def _named(figures: list[str]) -> str:
    return " and ".join(each.replace("_", " ") for each in figures)


def demand(row: Covenant, year: str, case: Case) -> str:
    """Return what a covenant demands in a fiscal year, in words."""
    if row.kind == "equity_ratio":
        bound = f"{float(row.quantity('ratio')):.4%}".rstrip("0%").rstrip(".") + " %"
    elif _TESTS[row.kind].base:
        bound = f"{float(row.quantity('ratio')):g}"
    else:
        bound = f"{float(row.quantity('amount')):,.1f} {case.settings.units.money}"
    return f"{_called(row)}: {_TESTS[row.kind].words.format(year=year, bound=bound)}"


def figure_of(row: Covenant) -> str:
    """Return the figure that a covenant bounds, as ``covenant_figure`` names it."""
    return _TESTS[row.kind].figure


# -- figures of a fiscal year --------------------------------------------------------------------


def _figures(rows: tuple[Covenant, ...], case: Case, to: Builder) -> dict[tuple[str, str], Expr]:
    """Return the figures that covenants need, by figure and fiscal year, each a column.

    A column for each keeps rows short: a balance is the one of the year before and what moved.
    """
    needed = dict.fromkeys(figure for row in rows for figure in _TESTS[row.kind].figures)
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
        before = _opening(figure, to) if figure in _BALANCES else None
        for year in years:
            labels = {"figure": figure, "fiscal_year": year}
            column = columns.at(**labels)
            sum_ = _moved(figure, _times(year, case), to)
            to.require(
                "figure",
                column - (sum_ if before is None else before + sum_),
                lower=0.0,
                upper=0.0,
                rule=f"The {_named([figure])} of {year} is what the accounts say.",
                **labels,
            )
            to.post("covenant_figure", column, **labels)
            found[figure, year] = column
            before = column if figure in _BALANCES else None
    return found


def _times(year: str, case: Case) -> list[str]:
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


# -- bounds --------------------------------------------------------------------------------------


def _headroom(row: Covenant, year: str, figures: Mapping[tuple[str, str], Expr]) -> Expr:
    """Return how far a figure is from its bound, on the good side; the ratio is multiplied out."""
    test = _TESTS[row.kind]
    bound = (
        Expr.constant(row.quantity("amount"))
        if not test.base
        else (figures[test.base, year] * row.quantity("ratio"))
    )
    room = bound - figures[test.figure, year]
    return room if test.at_most else -room


def _missed(tested: list[tuple[Covenant, str]], to: Builder) -> Expr:
    """Return by how much money each covenant is missed in each fiscal year."""
    to.stream("missed", ("limit",), ONE)
    names = to.dimension("covenant", [f"{row.id},{year}" for row, year in tested])
    return to.variable("missed", names, unit=ONE, stage=Stage.RECOURSE, derived=True)


MODULE = Covenants()
