"""Countries."""

from typing import Annotated, ClassVar

from replant.case.columns import meaning
from replant.case.kinds import Id, Text, refers_to
from replant.case.row import Row


class Country(Row):
    """One country in which the firm has plants, people or customers."""

    table: ClassVar[str] = "countries"

    id: Id
    name: Text = meaning("Name in words", default="")
    currency: Annotated[str | None, refers_to("currencies")] = meaning(
        "Currency of its wages and prices; empty for the home currency", default=None
    )
    region: Text = meaning("Region under which reports gather it", default="")
