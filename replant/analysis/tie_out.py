"""Does the model reproduce the closed years? Computed by the exact engine, not read from a table.

The folder ``closed_years`` of a case holds what was done in each closed year as a plan file of
decisions only; evaluated in the case's view of that year it gives the accounts that are held
against what was reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from replant.case import Case, TieOut
from replant.errors import PlanError
from replant.plan.document import read_decisions
from replant.verify import Verification, evaluate

__all__ = ["Tie", "tie_out"]

FOLDER = "closed_years"
# Where a figure is near zero a share of it says nothing: this much money is allowed instead.
NEAR_ZERO = Fraction(500)
ALLOWED_NEAR_ZERO = Fraction(5)


@dataclass(frozen=True)
class Tie:
    """One reported figure beside what the model gives.

    Parameters
    ----------
    id, quantity, fiscal_year, role, unit, note : str
        As in table ``tie_out``.
    reported, model : Fraction
        The two figures.
    within : bool or None
        Whether they tie; None where the year is foretold and not fitted.
    """

    id: str
    quantity: str
    fiscal_year: str
    role: str
    unit: str
    note: str
    reported: Fraction
    model: Fraction
    within: bool | None

    @property
    def miss(self) -> Fraction:
        """Model less reported."""
        return self.model - self.reported


def tie_out(case: Case) -> tuple[Tie, ...]:
    """Compute every target of table ``tie_out`` with the exact engine.

    Parameters
    ----------
    case : Case
        The case; a case without the table ties to nothing.

    Raises
    ------
    PlanError
        If a closed year has no plan file, or it breaks a rule.
    """
    targets = case.rows(TieOut)
    named = dict.fromkeys(row.fiscal_year for row in targets)
    years = {year: _closed_year(case, year) for year in named}
    return tuple(_tie(case, row, years[row.fiscal_year]) for row in targets)


def _closed_year(case: Case, year: str) -> Verification:
    if case.path is None:
        raise PlanError("a case in memory has no closed years")
    decisions = read_decisions(case.path / FOLDER / f"{year}.json")
    return evaluate(case.for_year(year), decisions, plan="")


def _tie(case: Case, row: TieOut, year: Verification) -> Tie:
    stream, labels = row.stream, row.labels
    try:
        figure = _FIGURES[stream]
    except KeyError:
        known = ", ".join(_FIGURES)
        raise PlanError(f"tie_out knows no line {stream!r}; it knows {known}") from None
    model = row.sign * figure(case, year, labels)
    reported = row.reported
    return Tie(
        id=row.id,
        quantity=row.title,
        fiscal_year=row.fiscal_year,
        role=row.role,
        unit=row.unit,
        note=row.note,
        reported=reported,
        model=model,
        within=None if row.role == "predict" else _within(case, row, model),
    )


def _within(case: Case, row: TieOut, model: Fraction) -> bool:
    reported = row.reported
    year = case.settings.base_year
    share = Fraction(1, 100) if year is None else year.tolerance
    small = abs(reported) < NEAR_ZERO and row.unit == "money"
    allowed = ALLOWED_NEAR_ZERO if small else share * abs(reported)
    return abs(model - reported) <= allowed


# -- the lines that can be compared ------------------------------------------------------------

Figure = Callable[[Case, Verification, tuple[str, ...]], Fraction]


def _sum(year: Verification, stream: str, keep: Callable[[tuple[str, ...]], bool]) -> Fraction:
    elements = year.books.elements(stream)
    return sum((value for labels, value in elements.items() if keep(labels)), Fraction(0))


def _account(case: Case, year: Verification, accounts: tuple[str, ...]) -> Fraction:
    """Return the movement of some accounts, in either ledger."""
    ledgers = ("ledger", "finance_ledger")
    return sum((_sum(year, each, lambda at: at[0] in accounts) for each in ledgers), Fraction(0))


def _capital_expenditure(case: Case, year: Verification, labels: tuple[str, ...]) -> Fraction:
    """Return the cash that went into plant and equipment."""
    return -_sum(year, "cash_flow", lambda at: at[0] == "investing")


def _operating_profit(case: Case, year: Verification, labels: tuple[str, ...]) -> Fraction:
    """Return automotive operating profit, with that of the finance arm if asked for."""
    profit = _sum(year, "automotive_operating_profit", lambda at: True)
    if "finance" in labels:
        profit -= _account(case, year, ("finance_revenue", "finance_cost"))
    return profit


def _free_cash_flow(case: Case, year: Verification, labels: tuple[str, ...]) -> Fraction:
    return _sum(year, "free_cash_flow", lambda at: True)


def _net_cash(case: Case, year: Verification, labels: tuple[str, ...]) -> Fraction:
    """Return the change of cash less debt over the year."""
    return _account(case, year, ("cash", "debt"))


def _opening(case: Case, year: Verification, accounts: tuple[str, ...]) -> Fraction:
    """Return opening balances of the plan: closing balances of the last closed year."""
    balances: Mapping[str, Fraction] = {
        row.account: row.amount for row in case.for_year("plan").rows("opening")
    }
    return sum((balances.get(name, Fraction(0)) for name in accounts), Fraction(0))


def _made(case: Case, year: Verification, plants: tuple[str, ...]) -> Fraction:
    """Return output of some plants, partners' too, by what their lines made."""
    lines = {row.id for row in case.rows("lines") if row.plant in plants}
    return _sum(year, "made", lambda at: at[0] in lines)


def _sales(case: Case, year: Verification, markets: tuple[str, ...]) -> Fraction:
    return _sum(year, "sales", lambda at: at[1] in markets)


_FIGURES: dict[str, Figure] = {
    "account": _account,
    "capital_expenditure": _capital_expenditure,
    "automotive_operating_profit": _operating_profit,
    "free_cash_flow": _free_cash_flow,
    "net_cash": _net_cash,
    "opening": _opening,
    "produced": _made,
    "sales": _sales,
}
