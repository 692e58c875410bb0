"""Currencies and their rates."""

from typing import Annotated, ClassVar

from replant.case.columns import meaning
from replant.case.kinds import Id, Number, Text, refers_to
from replant.case.row import Row


class Currency(Row):
    """One currency in which the firm earns, pays or borrows."""

    table: ClassVar[str] = "currencies"

    id: Id
    name: Text = meaning("Name in words", default="")
    reference_rate: Number = meaning(
        "Home currency for one unit of this currency, at which tables are stated", gt=0
    )


class ExchangeRate(Row):
    """The expected average rate of one currency in one period."""

    table: ClassVar[str] = "exchange_rates"
    key: ClassVar[tuple[str, ...]] = ("currency", "period")

    currency: Annotated[str, refers_to("currencies")]
    period: Annotated[str, refers_to("periods")]
    rate: Number = meaning("Home currency for one unit of this currency", gt=0)
