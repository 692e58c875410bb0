"""What in the tables of property cannot be true together, and what is more likely a slip."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from replant.case import Case, Finding
from replant.case.findings import finding
from replant.case.kinds import text_of
from replant.decisions.property.rows import Property, PropertyOffer
from replant.module import above_opening

__all__ = ["carried_above_opening", "far_off_market"]

# A price may be poor or splendid; beyond this it is more likely a digit too many or too few.
_TIMES = 2


def carried_above_opening(case: Case) -> Iterator[Finding]:
    """Find properties that together carry more than the opening balance of property."""
    carried = {row.id: row.carrying_amount for row in case.rows(Property)}
    yield from above_opening(case, "property", "properties", ("carrying_amount",), carried)


def far_off_market(case: Case) -> Iterator[Finding]:
    """Yield a warning for each price that is far above or below the market value, where given."""
    table = case.tables.get("property_offers")
    for number, row in () if table is None else table.numbered():
        offer = cast(PropertyOffer, row)
        market = case.row(Property, offer.property).market_value
        if not market or market <= offer.price * _TIMES <= market * _TIMES**2:
            continue
        side = "more than twice" if offer.price > market else "less than half of"
        assert table is not None
        yield finding(
            "price-off-market",
            table.sheet.file,
            f"the price is {side} the market value of {offer.property}, {text_of(market)}",
            "check both, and their units",
            row=number,
            column="price",
            value=text_of(offer.price),
        )
