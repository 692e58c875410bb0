"""The tables of debt: what is outstanding, and what can be borrowed."""

from __future__ import annotations

from typing import ClassVar, Literal

from replant.case import Date, Id, Money, Months, OptionalDate, Row, Share, Text, meaning

__all__ = ["ExistingDebt", "Facility"]


class ExistingDebt(Row):
    """One bond or loan that is outstanding."""

    table: ClassVar[str] = "debts"
    id: Id
    name: Text = meaning("Name", default="")
    kind: Literal["bond", "loan"] = meaning("bond or loan", default="bond")
    principal: Money = meaning("Amount outstanding", ge=0)
    rate: Share = meaning("Interest a year", ge=0, lt=1)
    due: Date = meaning("Day of repayment")


class Facility(Row):
    """One way to borrow: a bond that can be issued or a line that can be drawn."""

    table: ClassVar[str] = "facilities"
    id: Id
    name: Text = meaning("Name", default="")
    kind: Literal["bond", "revolver"]
    limit: Money = meaning("Most that can be outstanding", ge=0)
    lump: Money = meaning("Size of an issue (0: any amount)", default="0", ge=0)
    rate: Share = meaning("Interest a year", ge=0, lt=1)
    fair_rate: Share = meaning("What interest would be fair for this borrower", ge=0, lt=1)
    fee: Share = meaning("Fee at issue, share of the amount", default="0", ge=0, lt=1)
    commitment_fee: Share = meaning("Fee a year on what is not drawn", default="0", ge=0, lt=1)
    term_months: Months = meaning("Months until repayment (bonds)", default="0", ge=0)
    earliest: OptionalDate = meaning("Not before this day", default=None)
    latest: OptionalDate = meaning("Not after this day", default=None)

    @property
    def title(self) -> str:
        """Its name, or its id where it has none."""
        return self.name or self.id
