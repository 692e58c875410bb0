"""What could be taken, and whether it is: property offers, deals, programmes, and what is new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from replant.case import add_months
from replant.module import Sentence
from replant.report.besides import beside
from replant.report.data import Offer
from replant.report.figures import Figures
from replant.report.words import plain

__all__ = ["offers_of"]

Told = Mapping[str, Sentence]


def offers_of(figures: Figures, sentences: tuple[Sentence, ...]) -> tuple[Offer, ...]:
    """Return every offer of the case, taken or left."""
    told = {each.option: each for each in sentences if each.option}
    return tuple(
        offer
        for find in (_properties, _hosting, _supply, _stakes, _programmes, _parts, _besides)
        for offer in find(figures, told)
    )


def _offer(told: Told, option: str, kind: str, row: Any, name: str, terms: str) -> Offer:
    said = told.get(option)
    return Offer(
        kind=kind,
        id=row.id,
        name=name,
        terms=terms,
        taken=said is not None,
        period=said.period if said else "",
        until=said.until if said else "",
        subject=said.subject if said else "",
        price=float(getattr(row, "price", 0) or 0),
    )


def _properties(figures: Figures, told: Told) -> Iterator[Offer]:
    owned = {row.id: row.name or row.id for row in figures.rows("properties")}
    words = figures.wording
    for row in figures.rows("property_offers"):
        kind = "loan on property" if getattr(row, "buy_back", False) else str(row.kind)
        digits = 1 if row.rent == round(row.rent, 1) else 2  # as the sentence on it says it
        rent = f", rent {words.amount(float(row.rent), digits)} a year" if row.rent else ""
        years = f" for {plain(float(row.term_months) / 12, 0)} years" if row.rent else ""
        terms = f"{words.amount(float(row.price))}{rent}{years}"
        yield _offer(told, f"property.{row.id}", kind, row, owned[row.property], terms)


def _hosting(figures: Figures, told: Told) -> Iterator[Offer]:
    for row in figures.rows("hosting_deals"):
        name = row.deed(figures.case.called("plants", row.plant))
        volume = f"{plain(float(row.volume), 0)} {figures.case.settings.units.volume} a year"
        taken = f"{plain(float(row.people_taken), 0)} people taken over"
        terms = "; ".join(
            part for part, there in ((volume, row.volume), (taken, row.people_taken)) if there
        )
        yield _offer(told, f"deal.{row.id}", "hosting", row, name, terms)


def _supply(figures: Figures, told: Told) -> Iterator[Offer]:
    volume = figures.case.settings.units.volume
    for row in figures.rows("supply_deals"):
        most = "" if row.maximum is None else f" to {plain(float(row.maximum), 0)}"
        terms = f"{plain(float(row.minimum), 0)}{most} {volume} a year"
        yield _offer(told, f"deal.{row.id}", "supply", row, row.deed, terms)


def _stakes(figures: Figures, told: Told) -> Iterator[Offer]:
    for row in figures.rows("stakes"):
        if row.enabled:
            name = row.name or row.id
            terms = figures.wording.amount(float(row.price))
            yield _offer(told, f"stake.{row.id}", f"stake, {row.kind}", row, name, terms)


def _programmes(figures: Figures, told: Told) -> Iterator[Offer]:
    for row in figures.rows("programmes"):
        cost = figures.wording.amount(float(row.investment + row.development))
        terms = f"{cost}, {plain(float(row.lead_months), 0)} months"
        offer = _offer(told, f"programme.{row.id}", "programme", row, row.name or row.id, terms)
        yield replace(offer, until=_ready(figures, offer.period, row.lead_months))


def _ready(figures: Figures, period: str, months: int) -> str:
    """Return the first period that starts so many months after one's start; empty beyond."""
    if not period:
        return ""
    due = add_months(figures.case.period(period).start, int(months))
    return next((each.id for each in figures.case.periods if each.start >= due), "")


def _parts(figures: Figures, told: Told) -> Iterator[Offer]:
    families = {row.id: row.name or row.id for row in figures.rows("part_families")}
    words = figures.wording
    for row in figures.rows("part_options"):
        name = f"{families[row.family]}: {plain(float(row.variants), 0)} variants"
        saving, cost = words.amount(float(row.saving)), words.amount(float(row.cost))
        terms = f"saves {saving} a year, costs {cost}"
        yield _offer(told, f"parts.{row.id}", "fewer variants", row, name, terms)


def _besides(figures: Figures, told: Told) -> Iterator[Offer]:
    """Yield the options of modules that have no place of their own here, by what taking means."""
    program = figures.plan.program
    for option, row in program.options.items():
        columns = [program.columns.label(int(index)) for index in row.indices[:1]]
        title = beside(columns[0].partition(".")[0]) if columns else ""
        if title:
            said = told.get(option)
            yield Offer(
                kind=title[:1].lower() + title[1:],
                id=option,
                name=(program.option_sentences.get(option, "") or option).removesuffix("."),
                terms="",
                taken=said is not None,
                period=said.period if said else "",
                until=said.until if said else "",
                subject=said.subject if said else "",
            )
