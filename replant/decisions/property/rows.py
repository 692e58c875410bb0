"""The tables of property: what the firm owns, and what buyers offer."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from replant.case import (
    Flag,
    Id,
    Money,
    Months,
    OptionalDate,
    Row,
    Share,
    Text,
    meaning,
    refers_to,
)

__all__ = ["Property", "PropertyOffer"]


class Property(Row):
    """One property that can be sold."""

    table: ClassVar[str] = "properties"
    id: Id
    name: Text = meaning("Name", default="")
    region: Annotated[str | None, refers_to("regions")] = None
    carrying_amount: Money = meaning("Carrying amount in the books", ge=0)
    market_value: Money = meaning("What it would fetch between willing parties", ge=0)
    growth: Share = meaning("Growth of its market value a year", default="0", gt=-1, lt=1)
    residual_rate: Share = meaning("Rate at which its later value is discounted", ge=0, lt=1)
    keep_cost: Money = meaning("Cost a year of owning it", default="0", ge=0)
    replacement_rent: Money = meaning(
        "Rent a year of what replaces it once it is sold and left", default="0", ge=0
    )

    @property
    def title(self) -> str:
        """Its name, or its id where it has none."""
        return self.name or self.id


class PropertyOffer(Row):
    """One offer for a property: a price, and perhaps a lease back."""

    table: ClassVar[str] = "property_offers"
    id: Id
    property: Annotated[str, refers_to("properties")]
    kind: Literal["sell", "leaseback"]
    price: Money = meaning("Price", ge=0)
    cost_share: Share = meaning("Cost of the sale, share of the price", default="0", ge=0, lt=1)
    rent: Money = meaning("Rent a year (leaseback)", default="0", ge=0)
    term_months: Months = meaning("Length of the lease", default="0", ge=0)
    fair_rate: Share = meaning("What the firm would pay to borrow alike", default="0", ge=0, lt=1)
    buy_back: Flag = meaning("Whether a right to buy back keeps it the firm's", default=False)
    earliest: OptionalDate = meaning("Not before this day", default=None)
    latest: OptionalDate = meaning("Not after this day", default=None)

    def leases_back(self) -> bool:
        """Return whether the seller stays as a tenant."""
        return self.kind == "leaseback"
