"""Which offer for which property is taken, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import ClassVar

from replant.case import Case, Finding, Row
from replant.decisions.property.doubts import carried_above_opening, far_off_market
from replant.decisions.property.rows import Property, PropertyOffer
from replant.decisions.property.sale import Sale
from replant.decisions.property.story import offered, told_of
from replant.kernel import Expr
from replant.module import Builder, Sentence, Told
from replant.units import ONE

__all__ = ["MODULE", "PropertySale"]


@dataclass(frozen=True, eq=False)
class _Chosen:
    """One offer, and its columns by the period in which it is taken."""

    offer: PropertyOffer
    taken: Mapping[int, Expr]

    def by(self, index: int) -> Expr:
        """Return 1 where it is taken in a period or before."""
        return _sum(taken for begun, taken in self.taken.items() if begun <= index)


class PropertySale:
    """Sells a property, or sells it and leases it back; each property at most once."""

    name: ClassVar[str] = "property"
    tables: ClassVar[tuple[type[Row], ...]] = (Property, PropertyOffer)

    def applies(self, case: Case) -> bool:
        """Return whether the firm has property."""
        return case.has("properties")

    def contradictions(self, case: Case) -> Iterator[Finding]:
        """Find properties that carry more than the opening balance holds."""
        yield from carried_above_opening(case)

    def cautions(self, case: Case) -> Iterator[Finding]:
        """Find offers far above or below what a property would fetch."""
        yield from far_off_market(case)

    def build(self, case: Case, to: Builder) -> None:
        """Add one choice for each offer and each period in which it stands."""
        to.stream("held", ("property", "period"), ONE)
        chosen = self._columns(case, to)
        for owned in case.rows("properties"):
            here = [each for each in chosen if each.offer.property == owned.id]
            self._once(owned, here, to)
            self._holding(owned, here, to)
            for each in here:
                self._option(owned, each, to)
                for index, taken in each.taken.items():
                    Sale(to, owned, each.offer, index, taken).book()

    def _columns(self, case: Case, to: Builder) -> list[_Chosen]:
        offers: list[PropertyOffer] = list(case.rows("property_offers"))
        open_ = {each.id: to.clock.open_periods(each.earliest, each.latest) for each in offers}
        labels = [f"{each.id},{to.period(index).id}" for each in offers for index in open_[each.id]]
        if not labels:
            return [_Chosen(each, {}) for each in offers]
        take = to.choice("take", to.dimension("take", labels))
        return [
            _Chosen(
                each,
                {
                    index: take.at(take=f"{each.id},{to.period(index).id}")
                    for index in open_[each.id]
                },
            )
            for each in offers
        ]

    def _option(self, owned: Property, chosen: _Chosen, to: Builder) -> None:
        taken = _sum(chosen.taken.values())
        said = offered(chosen.offer, owned, to.case.settings.units.money)
        to.option(f"property.{chosen.offer.id}", taken, said)

    def _once(self, owned: Property, chosen: list[_Chosen], to: Builder) -> None:
        taken = [each for one in chosen for each in one.taken.values()]
        if taken:
            to.require(
                "once",
                _sum(taken),
                upper=1.0,
                rule=f"{owned.title} can be given away only once.",
                property=owned.id,
            )

    def _holding(self, owned: Property, chosen: list[_Chosen], to: Builder) -> None:
        """Book what owning costs while it is held, and what replaces it once it is left."""
        for index in range(to.count):
            held = -_sum(each.by(index) for each in chosen) + 1
            left = _sum(each.by(index) for each in chosen if not each.offer.leases_back())
            to.post("held", held, property=owned.id, period=to.period(index).id)
            self._running(owned, "keep_cost", held, index, to)
            self._running(owned, "replacement_rent", left, index, to)

    def _running(self, owned: Property, column: str, share: Expr, index: int, to: Builder) -> None:
        if getattr(owned, column):
            to.entry(
                debit="overhead",
                credit="cash",
                amount=share * (owned.quantity(column) * to.clock.years(index)),
                time=to.period(index).id,
                recurring=True,
            )

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say what is sold, for how much, and on what lease."""
        for offer, period in told.chosen("take"):
            row = told.case.row("property_offers", offer)
            yield told_of(row, told.case.row("properties", row.property), period, told)


def _sum(parts: Iterable[Expr]) -> Expr:
    return reduce(add, parts, Expr.constant(0.0))


MODULE = PropertySale()
