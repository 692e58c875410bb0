"""Heads of each group, how people come, go and move, and what that costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from replant.verify.cells import cell, number, text
from replant.verify.told import Told

__all__ = ["COMES", "by_id", "own_plants", "post", "stands_still"]

ZERO = Fraction(0)
THOUSAND = 1000
COMES = ("hired", "moved_in")


def post(told: Told) -> None:
    """Roll the heads of each group and book pay, offers, severance, moves and hires."""
    groups = by_id(told, "people")
    exits = _exits(told, groups)
    for name, row in groups.items():
        _roll(told, name, row, exits)
        for period in told.periods:
            _pay(told, name, row, period)
            _one_off(told, name, row, period)
    for row in told.rows("voluntary_offers"):
        _offers(told, row, groups)
    for row in told.rows("moves"):
        _moves(told, row)
    for name, row in groups.items():
        _work(told, name, row)


def by_id(told: Told, table: str) -> dict[str, Any]:
    """Return the rows of a table by their ids."""
    return {text(row.id): row for row in told.rows(table)}


# ── heads ───────────────────────────────────────────────────────────────────────────────────

Exits = Mapping[tuple[str, str, str], Fraction]


def _exits(told: Told, groups: Mapping[str, Any]) -> Exits:
    """Return how many come or go by group, kind and period, all but attrition."""
    found: defaultdict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
    for name, time, count in told.dated("hire"):
        found[name, "hired", time] += count
    for name, time, count in told.dated("dismiss"):
        period = told.clock.period(time)
        if name in groups and period is not None:
            gone = told.clock.ready(period, number(cell(groups[name], "notice_months")))
            if gone < told.clock.size:
                found[name, "dismissed", told.periods[gone].id] += count
    for name, time, count in told.dated("follow"):
        found[name, "taken_over", time] += count
    offers, moves = by_id(told, "voluntary_offers"), by_id(told, "moves")
    for name, time, count in told.dated("leave"):
        if name in offers:
            found[text(offers[name].group), "voluntary", time] += count
    for name, time, count in told.dated("move"):
        if name in moves:
            found[text(cell(moves[name], "from")), "moved_out", time] += count
            found[text(cell(moves[name], "to")), "moved_in", time] += count
    for name, plant in _producers(groups).items():
        for period in told.periods:
            taken = told.books.total("people_taken", plant, period.id)
            found[name, "taken_over", period.id] += taken
    return found


def _producers(groups: Mapping[str, Any]) -> dict[str, str]:
    """Return the first production group of each plant, with its plant."""
    first: dict[str, str] = {}
    for name, row in groups.items():
        if text(row.function) == "production" and text(cell(row, "plant")):
            first.setdefault(text(row.plant), name)
    return {name: plant for plant, name in first.items()}


def _roll(told: Told, name: str, row: Any, exits: Exits) -> None:
    heads, attrition = number(row.count), number(cell(row, "attrition"))
    before: Any = None
    for period in told.periods:
        left = ZERO if before is None else heads * attrition * told.clock.mu(before)
        heads -= left
        told.books.post("exits", name, "attrition", period.id, amount=left)
        for kind in ("voluntary", "dismissed", "moved_out", "taken_over", *COMES):
            count = exits.get((name, kind, period.id), ZERO)
            told.books.post("exits", name, kind, period.id, amount=count)
            heads += count if kind in COMES else -count
        told.books.post("heads", name, period.id, amount=heads)
        told.books.post("people", period.id, amount=heads)
        before = period


def _work(told: Told, name: str, row: Any) -> None:
    """Count whose plant operates or hosts as at work, and who has no plant of ours, always."""
    plant = text(cell(row, "plant"))
    ours = plant in own_plants(told)
    for period in told.periods:
        heads = told.books.total("heads", name, period.id)
        standing = ours and stands_still(told, plant, period)
        at_work = ZERO if standing else heads
        told.books.post("at_work", name, period.id, amount=at_work)
        if plant:
            told.books.post("people_at_work", plant, period.id, amount=at_work)


def stands_still(told: Told, plant: str, period: Any) -> bool:
    """Return whether a plant neither operates nor hosts."""
    books = told.books
    return not (
        books.total("operating", plant, period.id)
        or books.total("state", plant, "host_only", period.id)
    )


def own_plants(told: Told) -> set[str]:
    """Return the ids of the firm's own plants."""
    return {text(row.id) for row in told.rows("plants") if text(cell(row, "kind")) != "partner"}


# ── money ───────────────────────────────────────────────────────────────────────────────────


def _pay(told: Told, name: str, row: Any, period: Any) -> None:
    heads = told.books.total("heads", name, period.id)
    rate = number(row.pay) * told.clock.phi(cell(row, "currency"), period)
    amount = rate * told.clock.mu(period) * heads / THOUSAND
    account = "rd" if text(row.function) == "rd" else "labour"
    told.books.entry(account, "cash", amount, period.id, recurring=True)


def _one_off(told: Told, name: str, row: Any, period: Any) -> None:
    phi = told.clock.phi(cell(row, "currency"), period) / THOUSAND
    hired = told.decision("hire", name, period.id)
    cost = number(cell(row, "hire_cost")) * phi * hired
    told.books.entry("labour", "cash", cost, told.clock.at(period))
    dismissed = told.decision("dismiss", name, period.id)
    if dismissed:
        paid = told.clock.delayed(number(cell(row, "notice_months")))
        told.books.item(
            number(cell(row, "severance")) * phi * dismissed,
            period,
            expense="restructuring",
            balance="provisions",
            recognised=told.clock.at_once,
            paid=paid,
            deducted=paid,
        )


def _offers(told: Told, offer: Any, groups: Mapping[str, Any]) -> None:
    group = groups.get(text(offer.group))
    for period in told.periods:
        takers = told.decision("leave", text(offer.id), period.id)
        phi = told.clock.phi(cell(group, "currency"), period)
        _charge(told, number(offer.payment) * phi * takers / THOUSAND, period)


def _moves(told: Told, row: Any) -> None:
    for period in told.periods:
        movers = told.decision("move", text(row.id), period.id)
        _charge(told, number(cell(row, "cost")) * movers / THOUSAND, period)


def _charge(told: Told, amount: Fraction, period: Any) -> None:
    if amount:
        at_once = told.clock.at_once
        told.books.item(
            amount,
            period,
            expense="restructuring",
            balance="provisions",
            recognised=at_once,
            paid=at_once,
            deducted=at_once,
        )
