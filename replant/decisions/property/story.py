"""What is said of an offer that is taken."""

from __future__ import annotations

from replant.decisions.property.rows import Property, PropertyOffer
from replant.module import Sentence, Told

__all__ = ["offered", "told_of"]


def offered(offer: PropertyOffer, owned: Property, money: str) -> str:
    """Return what an offer is, with the terms that tell it from others for the same property."""
    said = f"{owned.title} is"
    price = f"for {float(offer.price):,.1f} {money}"
    if not offer.leases_back():
        return f"{said} sold {price}."
    if offer.buy_back:
        return f"{said} borrowed against {price}, paid off over {offer.term_months} months."
    return f"{said} sold {price} and leased back for {offer.term_months} months."


def told_of(offer: PropertyOffer, owned: Property, period: str, told: Told) -> Sentence:
    """Return the sentence of an offer taken in a period."""
    text = f"{owned.title} is {_deal(offer, owned, period, told)}."
    columns = ["price", "cost_share"]
    if offer.leases_back():
        columns += ["rent", "term_months", "fair_rate"]
    return Sentence(
        text=text,
        subject=f"property.{owned.id}",
        option=f"property.{offer.id}",
        period=period,
        until=_until(offer, period, told) if offer.leases_back() else "",
        cells=frozenset(offer.cell(each) for each in columns) | {owned.cell("carrying_amount")},
    )


def _deal(offer: PropertyOffer, owned: Property, period: str, told: Told) -> str:
    money = told.case.settings.units.money
    begin = told.clock.periods[_index(period, told)]
    when = f"at the start of {period} ({begin.start:%B %Y}) for {float(offer.price):,.1f} {money}"
    yearly = f"{float(offer.rent):,.3f}".rstrip("0").rstrip(".")
    rent = f"{offer.term_months} months at {yearly} {money} a year"
    cost = float(offer.price * offer.cost_share)
    if offer.leases_back() and offer.buy_back:
        return (
            f"borrowed against {when}, with the right to buy it back: no sale but a loan, paid "
            f"off over {rent}; raising it costs {cost:,.1f} {money}"
        )
    lease = f" and leased back for {rent}" if offer.leases_back() else ""
    gain = float(offer.price - owned.carrying_amount) - cost
    after = f"after costs of {cost:,.1f} {money} that" if cost else "that"
    much = f"a {'gain' if gain > 0 else 'loss'} of {abs(gain):,.1f} {money}"
    if round(gain, 1) == 0:
        much = "neither gain nor loss"
    return (
        f"sold {when}{lease}; {after} is {much} against what it stands at in the books, before tax"
    )


def _until(offer: PropertyOffer, period: str, told: Told) -> str:
    """Return the period in which the lease ends; empty where it outlasts the plan."""
    ends = told.clock.instant(_index(period, told)) + offer.term_months
    last = told.clock.ending_from(ends)
    return "" if last is None else told.clock.periods[last].id


def _index(period: str, told: Told) -> int:
    return [each.id for each in told.clock.periods].index(period)
