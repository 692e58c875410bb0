"""What falls due as it stands, and what the plan issues, draws and repays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from replant.case import Case, Finding, Row
from replant.decisions.debt.bonds import add_issues, add_lumps
from replant.decisions.debt.doubts import never_repaid, owed_above_opening
from replant.decisions.debt.lines import add_lines
from replant.decisions.debt.rows import ExistingDebt, Facility
from replant.decisions.debt.story import balance_told, issue_told
from replant.errors import ModuleError
from replant.module import Builder, Sentence, Told
from replant.units import MONEY

__all__ = ["MODULE", "Debt"]

# Less than this is printed as nothing.
_WORTH_TELLING = 0.05


class Debt:
    """Books existing debt as it stands, and lets the plan issue, draw and repay."""

    name: ClassVar[str] = "debt"
    tables: ClassVar[tuple[type[Row], ...]] = (ExistingDebt, Facility)
    negotiable: ClassVar[str] = "together"
    acts: ClassVar[tuple[str, ...]] = ("issue",)

    def applies(self, case: Case) -> bool:
        """Return whether there is debt or a way to borrow."""
        return case.has("debts") or case.has("facilities")

    def contradictions(self, case: Case) -> Iterator[Finding]:
        """Find debts that add up to more than the opening balance holds."""
        yield from owed_above_opening(case)

    def cautions(self, case: Case) -> Iterator[Finding]:
        """Find opening debt that no row repays."""
        yield from never_repaid(case)

    def build(self, case: Case, to: Builder) -> None:
        """Book what falls due; add issues and balances."""
        to.stream("undrawn", ("facility", "time"), MONEY)
        for debt in case.rows("debts"):
            self._service(debt, to)
        facilities = case.rows("facilities")
        bonds = [each for each in facilities if each.kind == "bond"]
        for bond in bonds:
            if not bond.term_months:
                raise ModuleError(f"{bond.cell('term_months')} is 0: a bond runs a month or more")
        add_lumps([each for each in bonds if each.lump], to)
        add_issues([each for each in bonds if not each.lump], to)
        add_lines([each for each in facilities if each.kind == "revolver"], to)

    def _service(self, debt: ExistingDebt, to: Builder) -> None:
        """Book interest up to and with the period of repayment, and the repayment."""
        if debt.due < to.period(0).start:
            return  # repaid, with its interest, before the plan begins
        due = _due(debt, to)
        principal = debt.quantity("principal")
        for index in range(to.count if due is None else due + 1):
            interest = principal * debt.quantity("rate") * to.clock.years(index)
            time = to.period(index).id
            to.entry(debit="interest", credit="cash", amount=interest, time=time)
        if due is not None:
            time = to.period(due).id
            to.entry(debit="debt", credit="cash", amount=principal, time=time)

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say what is issued, and how much of each line is drawn at most."""
        for name in ("issue_lump", "issue"):
            for (facility, period), amount in told.chosen(name).items():
                row = told.case.row("facilities", facility)
                size = float(row.lump) if name == "issue_lump" else amount
                if size >= _WORTH_TELLING or row.lump:
                    yield issue_told(row, period, size, told)
        drawn: dict[str, tuple[float, str]] = {}
        for (facility, period), amount in told.chosen("balance").items():
            if amount > drawn.get(facility, (0.0, ""))[0]:
                drawn[facility] = (amount, period)
        for facility, (amount, period) in drawn.items():
            yield balance_told(told.case.row("facilities", facility), period, amount, told)


def _due(debt: ExistingDebt, to: Builder) -> int | None:
    """Return the period that contains the day on which a debt is due; None: after the horizon."""
    if debt.due >= to.case.periods[-1].end:
        return None
    return max(index for index, each in enumerate(to.case.periods) if each.start <= debt.due)


MODULE = Debt()
