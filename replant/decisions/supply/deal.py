"""The terms of a supply deal, and when it runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from replant.case import (
    Id,
    Money,
    Months,
    Number,
    OptionalDate,
    OptionalVolume,
    Row,
    Text,
    UnitValue,
    Volume,
    meaning,
    refers_to,
)
from replant.errors import ModuleError
from replant.kernel import Expr
from replant.module import Builder, runs
from replant.units import Quantity

__all__ = ["Deal", "SupplyDeal", "check_terms", "total_of"]


class SupplyDeal(Row):
    """Terms on which cars are bought from an ally or built for one."""

    table: ClassVar[str] = "supply_deals"

    id: Id
    name: Text = meaning("What is bought or built, in words", default="")
    partner: Text = meaning("With whom", default="")
    direction: Literal["buy", "build"] = meaning("buy from the ally, or build for it")
    plant: Annotated[str | None, refers_to("plants")] = meaning(
        "Plant of ours in which it is built; for direction build", default=None
    )
    minimum: Volume = meaning("Least units a year", default="0", ge=0)
    maximum: OptionalVolume = meaning(
        "Most units a year; empty for no limit, which only a purchase may have",
        default=None,
        ge=0,
    )
    shortfall_price: UnitValue = meaning(
        "Paid for each unit short of the minimum", default="0", ge=0
    )
    fixed_fee: Money = meaning("What it costs us a year", default="0", ge=0)
    one_off: Money = meaning("What it costs us at signing", default="0", ge=0)
    fee: UnitValue = meaning("What the ally pays for a unit that we build", default="0", ge=0)
    unit_cost: UnitValue = meaning("Our cost of a unit that we build", default="0", ge=0)
    work_content: Number = meaning("Capacity that such a unit takes", default="1", ge=0)
    lead_months: Months = meaning("Months from signing to the start", default="0", ge=0)
    duration_months: Months = meaning("Months from the start to the end", ge=1)
    earliest: OptionalDate = meaning("Not signed before this day", default=None)
    latest: OptionalDate = meaning("Not signed after this day", default=None)

    @property
    def title(self) -> str:
        """The ally's name, or the deal's id where none is given."""
        return self.partner or self.id

    @property
    def deed(self) -> str:
        """What is done: what is bought or built where it has a name, and with whom."""
        buys = self.direction == "buy"
        if self.name:
            return f"{self.name} is {'bought from' if buys else 'built for'} {self.title}"
        return f"The firm {'buys from' if buys else 'builds for'} {self.title}"


@dataclass(frozen=True)
class Deal:
    """A deal with the columns that sign it.

    Parameters
    ----------
    row : SupplyDeal
        Its terms.
    start : mapping of int to Expr
        For each period in which it may be signed, whether it is.
    to : Builder
        Where to write.
    """

    row: SupplyDeal
    start: Mapping[int, Expr]
    to: Builder

    @cached_property
    def running(self) -> dict[int, Expr]:
        """Whether it runs, in each period in which it may."""
        found: dict[int, list[Expr]] = {}
        for period in range(self.to.count):
            for signed, taken in self.start.items():
                if runs(self.row, self.to.clock, signed, period):
                    found.setdefault(period, []).append(taken)
        return {period: total_of(parts) for period, parts in found.items()}

    def yearly(self, column: str, period: int) -> Quantity:
        """Return an amount a year for the length of a period."""
        return self.row.quantity(column) * self.to.clock.years(period)

    def label(self, period: int) -> str:
        """Return the label of its column in a period."""
        return f"{self.row.id},{self.to.period(period).id}"


def check_terms(row: SupplyDeal) -> None:
    """Refuse a deal to build that says not where, or not how much.

    Raises
    ------
    ModuleError
        If the plant or the maximum is missing: nothing else would bound what is built.
    """
    if row.direction == "build" and (row.plant is None or row.maximum is None):
        raise ModuleError(
            f"supply_deals.{row.id}: to build for an ally, give the plant and the maximum"
        )


def total_of(parts: Iterable[Expr]) -> Expr:
    """Return the sum of some expressions; nothing at all is 0."""
    listed = list(parts)
    return sum(listed[1:], listed[0]) if listed else Expr.constant(0)
