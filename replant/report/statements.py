"""The three statements, by time and by fiscal year, each line with who booked it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from replant.ledger import ACCOUNTS
from replant.ledger.accounts import AccountKind
from replant.report.data import Line, Posting, Statement
from replant.report.figures import Figures

__all__ = ["account_name", "statements_of"]

_NAMES = {
    "ppe": "plant and equipment",
    "rou": "rights of use",
    "rd": "research and development",
    "rou_depreciation": "depreciation of rights of use",
    "disposal_carrying": "carrying amount of what was sold",
    "disposal_cost": "cost of selling",
    "disposal_proceeds": "proceeds of sales",
    "equity": "capital and reserves",
    "minority": "minority interests",
    "labour": "pay",
    "overtime": "overtime cost",
}
_FLOWS = ("operating", "investing", "interest", "lease", "financing")
Amounts = tuple[float, ...]


def account_name(account: str) -> str:
    """Return an account's name for a reader."""
    name = _NAMES.get(account, account.replace("_", " "))
    return name[:1].upper() + name[1:]


def statements_of(figures: Figures, *, postings: bool = True) -> tuple[Statement, ...]:
    """Return profit and loss, cash flow and balance sheet.

    Parameters
    ----------
    figures : Figures
        The plan.
    postings : bool
        Whether each line of profit and loss also says which decision or rule booked it.
    """
    book = _Book(figures, postings)
    return (book.profit_and_loss(), book.cash_flow(), book.balance_sheet())


@dataclass(frozen=True, eq=False)
class _Book:
    """Builds the statements of one plan."""

    figures: Figures
    postings: bool

    @cached_property
    def _year_of(self) -> list[int]:
        """The place of each time's fiscal year."""
        return [self.figures.years.index(each.fiscal_year) for each in self.figures.columns]

    def _flow(self, name: str, amounts: Amounts, kind: str = "line", account: str = "") -> Line:
        told: tuple[Posting, ...] = ()
        if account and self.postings:
            cash = account in _FLOWS
            stream, sign = ("cash_flow", 1.0) if cash else ("ledger", -1.0)
            told = tuple(self._posted(stream, account, sign))
        return Line(name, account, kind, amounts, self._by_year(amounts), told)

    def _by_year(self, amounts: Sequence[float]) -> Amounts:
        years = [0.0] * len(self.figures.years)
        for place, amount in zip(self._year_of, amounts, strict=True):
            years[place] += amount
        return tuple(years)

    def _balance(self, name: str, amounts: Amounts, kind: str = "line", account: str = "") -> Line:
        years = [0.0] * len(self.figures.years)
        for place, amount in zip(self._year_of, amounts, strict=True):
            years[place] = amount
        return Line(name, account, kind, amounts, tuple(years))

    def _moved(self, account: str) -> Amounts:
        return tuple(self.figures.at("ledger", account, time) for time in self.figures.times)

    # -- profit and loss ---------------------------------------------------------------------

    def profit_and_loss(self) -> Statement:
        """Return income and expenses; expenses negative."""
        result = [each for each in ACCOUNTS.values() if each.in_profit]
        operating = [each.name for each in result if each.operating]
        others = [each.name for each in result if not each.operating]
        lines = [
            *self._accounts(operating),
            self._flow("Automotive operating profit", self._sum(operating), "sum"),
            *self._accounts(others),
            self._flow("Net income", self._sum([*operating, *others]), "sum"),
        ]
        return Statement("Profit and loss", tuple(lines))

    def _accounts(self, accounts: Sequence[str]) -> Iterator[Line]:
        for account in accounts:
            amounts = _negated(self._moved(account))
            if any(amounts):
                yield self._flow(account_name(account), amounts, account=account)

    def _sum(self, accounts: Sequence[str]) -> Amounts:
        each = [self._moved(account) for account in accounts]
        return _negated(tuple(sum(column) for column in zip(*each, strict=True)))

    def _posted(self, stream: str, label: str, sign: float) -> Iterator[Posting]:
        """Say which decision or rule booked what on an account or a class of cash flow."""
        by_owner: dict[str, list[float]] = {}
        for place, time in enumerate(self.figures.times):
            for owner, amount in posted(self.figures, stream, label, time):
                amounts = by_owner.setdefault(owner, [0.0] * len(self.figures.times))
                amounts[place] += sign * amount
        for owner, amounts in by_owner.items():
            if any(abs(amount) > 1e-9 for amount in amounts):
                yield Posting(owner, tuple(amounts), self._by_year(amounts))

    # -- cash flow ---------------------------------------------------------------------------

    def cash_flow(self) -> Statement:
        """Return cash by class of flow, from opening to closing balance."""
        flows = {
            name: tuple(self.figures.at("cash_flow", name, time) for time in self.figures.times)
            for name in _FLOWS
        }
        free = tuple(sum(each) for each in zip(*(flows[n] for n in _FLOWS[:-1]), strict=True))
        moved = tuple(a + b for a, b in zip(free, flows["financing"], strict=True))
        closing = self._running("cash", lambda amount: amount)
        opening = tuple(a - b for a, b in zip(closing, moved, strict=True))
        lines = [self._flow(name.capitalize(), flows[name], account=name) for name in _FLOWS[:-1]]
        lines += [
            self._flow("Free cash flow", free, "sum"),
            self._flow("Financing", flows["financing"], account="financing"),
            self._flow("Change in cash", moved, "sum"),
        ]
        first = self._balance("Cash at the start", opening)
        first = Line(first.name, "", "line", opening, self._year_openings(opening))
        last = self._balance("Cash at the end", closing, "sum")
        return Statement("Cash flow", (first, *lines, last))

    def _year_openings(self, opening: Amounts) -> Amounts:
        years: dict[int, float] = {}
        for place, amount in zip(self._year_of, opening, strict=True):
            years.setdefault(place, amount)
        return tuple(years[place] for place in sorted(years))

    # -- balance sheet -----------------------------------------------------------------------

    def balance_sheet(self) -> Statement:
        """Return balances at each end; retained profit of the plan's own time apart."""
        groups: list[Line] = []
        assets, total = self._side(AccountKind.ASSET, 1.0)
        groups += [*assets, self._balance("Assets", total, "sum")]
        owed, debts = self._side(AccountKind.LIABILITY, -1.0)
        groups += [*owed, self._balance("Liabilities", debts, "sum")]
        own, equity = self._side(AccountKind.EQUITY, -1.0)
        retained = self._retained()
        whole = tuple(a + b for a, b in zip(equity, retained, strict=True))
        groups += [
            *own,
            self._balance("Profit since the start of the plan", retained),
            self._balance("Equity", whole, "sum"),
        ]
        return Statement("Balance sheet", tuple(groups))

    def _side(self, kind: AccountKind, sign: float) -> tuple[list[Line], Amounts]:
        lines: list[Line] = []
        total = [0.0] * len(self.figures.times)
        for account in ACCOUNTS.values():
            if account.kind is not kind:
                continue
            amounts = self._running(account.name, lambda amount: sign * amount)
            if any(abs(amount) > 1e-9 for amount in amounts):
                lines.append(self._balance(account_name(account.name), amounts))
            total = [a + b for a, b in zip(total, amounts, strict=True)]
        return lines, tuple(total)

    def _retained(self) -> Amounts:
        profit = self._sum([each.name for each in ACCOUNTS.values() if each.in_profit])
        return _accumulated(0.0, profit)

    def _running(self, account: str, signed: Callable[[float], float]) -> Amounts:
        opening = self.figures.at("opening", account)
        return tuple(signed(each) for each in _accumulated(opening, self._moved(account)))


def posted(figures: Figures, stream: str, label: str, time: str) -> Iterator[tuple[str, float]]:
    """Yield who posted how much to a line at a time; with scenarios weighted, one by one."""
    for share, leaf in figures.leaves:
        plan = leaf.plan
        if (label, time) not in plan.rows.get(stream, {}):
            continue
        first, last = plan.program.streams.dimension_names(stream)
        columns = leaf.column_values
        for owner, entries in plan.program.stream_postings(stream, **{first: label, last: time}):
            amount = sum(each.coefficient * columns[each.column] for each in entries)
            yield owner, float(share) * amount


def _negated(amounts: Amounts) -> Amounts:
    return tuple(-amount if amount else 0.0 for amount in amounts)


def _accumulated(start: float, amounts: Amounts) -> Amounts:
    found = []
    for amount in amounts:
        start += amount
        found.append(start)
    return tuple(found)
