"""What must hold of people: heads, crews, minimums, protection, offers and moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from replant.verify.calendar import as_date
from replant.verify.cells import cell, number, text, yes
from replant.verify.told import Told
from replant.verify.workforce.people import COMES, by_id, own_plants, stands_still

__all__ = ["check"]

ZERO = Fraction(0)


def check(told: Told) -> None:
    """Check heads, crews, minimums, protection, offers and moves."""
    groups = by_id(told, "people")
    _check_columns(told, groups)
    _check_minima(told, groups)
    for name, row in groups.items():
        _check_identity(told, name, row)
        if text(cell(row, "pool")):
            _check_heads(told, name)
        _check_dismissals(told, name, row)
        _check_hires(told, name, row)
        _check_joining(told, name, row)
        _check_followers(told, name, row)
    _check_crews(told, groups)
    _check_rd(told, groups)
    for name, row in by_id(told, "moves").items():
        _check_move(told, name, row, groups)
    _check_offers(told, groups)


def _check_columns(told: Told, groups: Mapping[str, Any]) -> None:
    times = [period.id for period in told.periods]
    for column, names in (
        ("hire", groups),
        ("dismiss", groups),
        ("follow", groups),
        ("move", by_id(told, "moves")),
        ("leave", by_id(told, "voluntary_offers")),
    ):
        told.amounts(column, {(name, time) for name in names for time in times}, "I8")
    offers = by_id(told, "voluntary_offers")
    told.binaries("open", {(name, time) for name in offers for time in times}, "I8")


def _check_identity(told: Told, name: str, row: Any) -> None:
    """Check that everyone who was there at the start is still there or left in some way."""
    books, moved = told.books, ZERO
    for (group, kind, _), count in books.elements("exits").items():
        if group == name:
            moved += count if kind in COMES else -count
    last = books.total("heads", name, told.periods[-1].id)
    gap = last - number(row.count) - moved
    books.hold("I8", gap == 0, "Heads do not add up.", amount=gap, where=name)


def _check_heads(told: Told, name: str) -> None:
    """Check that no group of a pool is below zero: the others of the pool are not its people."""
    for period in told.periods:
        heads = told.books.total("heads", name, period.id)
        told.books.at_most(
            "I8",
            -heads,
            0,
            f"More people leave {name} by {period.id} than are there.",
            where=f"{name},{period.id}",
        )


def _heads_before(told: Told, name: str, row: Any, period: Any) -> Fraction:
    if period.index == 0:
        return number(row.count)
    return told.books.total("heads", name, told.periods[period.index - 1].id)


def _check_minima(told: Told, groups: Mapping[str, Any]) -> None:
    """Check that every group has the people it needs, or together with others of its pool."""
    alone: list[tuple[str, list[str]]] = []
    pools: defaultdict[str, list[str]] = defaultdict(list)
    for name, row in groups.items():
        pool = text(cell(row, "pool"))
        if pool:
            pools[pool].append(name)
        else:
            alone.append((name, [name]))
    for who, names in (*alone, *((f"pool {pool}", names) for pool, names in pools.items())):
        for period in told.periods:
            short = sum((_short(told, name, groups[name], period) for name in names), ZERO)
            told.books.at_most(
                "I8",
                short,
                0,
                f"{who} falls below the people that it needs.",
                where=f"{who},{period.id}",
            )


def _short(told: Told, name: str, row: Any, period: Any) -> Fraction:
    """Return the people whom a group lacks in a period; negative where it has more."""
    plant = text(cell(row, "plant"))
    # a plant of ours without an element stands still; one without a path always runs
    absent = Fraction(0 if plant in own_plants(told) else 1)
    running = told.books.total("operating", plant, period.id, default=absent)
    return number(cell(row, "minimum")) * running - told.books.total("heads", name, period.id)


def _check_dismissals(told: Told, name: str, row: Any) -> None:
    protected = as_date(cell(row, "protected_until"))
    for period in told.periods:
        count = told.decision("dismiss", name, period.id)
        start = as_date(period.start)
        lawful = (
            yes(cell(row, "can_dismiss"))
            and told.clock.window_open(period)
            and (protected is None or (start is not None and start >= protected))
        )
        told.books.hold(
            "I8",
            not count or lawful,
            f"{name} is protected from dismissal in {period.id}.",
            amount=count,
            where=f"{name},{period.id}",
        )


def _check_hires(told: Told, name: str, row: Any) -> None:
    for period in told.periods:
        count = told.decision("hire", name, period.id)
        told.books.hold(
            "I8",
            not count or (yes(cell(row, "can_hire")) and not told.clock.over(period)),
            f"Nobody can be hired into {name} in {period.id}.",
            amount=count,
            where=f"{name},{period.id}",
        )


def _check_joining(told: Told, name: str, row: Any) -> None:
    """Check that nobody joins a group whose plant of ours stands still, is closed or is sold."""
    plant = text(cell(row, "plant"))
    if plant not in own_plants(told):
        return
    for period in told.periods:
        joined = sum((told.books.total("exits", name, kind, period.id) for kind in COMES), ZERO)
        told.books.hold(
            "I8",
            not joined or not stands_still(told, plant, period),
            f"{name} take people on in {period.id}, and {plant} neither operates nor hosts.",
            amount=joined,
            where=f"{name},{period.id}",
        )


def _check_followers(told: Told, name: str, row: Any) -> None:
    plant = text(cell(row, "plant"))
    for period in told.periods:
        count = told.decision("follow", name, period.id)
        told.books.hold(
            "I8",
            not count or told.books.total("sold_running", plant, period.id) == 1,
            f"{name} follow a plant that is not sold running in {period.id}.",
            amount=count,
            where=f"{name},{period.id}",
        )


def _check_crews(told: Told, groups: Mapping[str, Any]) -> None:
    crews: defaultdict[str, list[str]] = defaultdict(list)
    for name, row in groups.items():
        if text(row.function) == "production" and text(cell(row, "plant")):
            crews[text(row.plant)].append(name)
    for plant, names in crews.items():
        for period in told.periods:
            heads = sum((told.books.total("heads", name, period.id) for name in names), ZERO)
            short = told.books.total("crew_needed", plant, period.id) - heads
            told.books.at_most(
                "I8",
                short,
                0,
                f"{plant} has too few people for its shifts.",
                where=f"{plant},{period.id}",
            )


def _check_rd(told: Told, groups: Mapping[str, Any]) -> None:
    names = [
        name
        for name, row in groups.items()
        if text(row.function) == "rd" and not text(cell(row, "plant"))
    ]
    if not names:
        return
    least = sum((number(cell(groups[name], "minimum")) for name in names), ZERO)
    for period in told.periods:
        heads = sum((told.books.total("heads", name, period.id) for name in names), ZERO)
        short = least + told.books.total("rd_people_used", period.id) - heads
        told.books.at_most(
            "I8",
            short,
            0,
            "More research and development people are at work than there are.",
            where=period.id,
        )


def _check_move(told: Told, name: str, row: Any, groups: Mapping[str, Any]) -> None:
    total = ZERO
    for period in told.periods:
        count = told.decision("move", name, period.id)
        total += count
        told.books.hold(
            "windows",
            not count or told.clock.window_open(period, cell(row, "earliest"), cell(row, "latest")),
            f"The move {name} is not open in {period.id}.",
            amount=count,
            where=f"{name},{period.id}",
        )
    group = groups.get(text(cell(row, "from")))
    most = number(cell(row, "acceptance"), 1) * number(cell(group, "count"))
    told.books.at_most(
        "I8",
        total,
        most,
        f"More people take the move {name} than accept it.",
        where=name,
    )


def _check_offers(told: Told, groups: Mapping[str, Any]) -> None:
    opened: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for name, offer in by_id(told, "voluntary_offers").items():
        group = text(offer.group)
        for period in told.periods:
            is_open = told.decision("open", name, period.id)
            opened[group, text(period.fiscal_year)] += is_open
            told.books.hold(
                "windows",
                not is_open
                or told.clock.window_open(period, cell(offer, "earliest"), cell(offer, "latest")),
                f"The offer {name} cannot be made in {period.id}.",
                where=f"{name},{period.id}",
            )
            _check_takers(told, name, offer, groups.get(group), period)
    for (group, year), count in opened.items():
        told.books.hold(
            "I8", count <= 1, "One offer a group and fiscal year.", where=f"{group},{year}"
        )


def _check_takers(told: Told, name: str, offer: Any, group: Any, period: Any) -> None:
    takers = told.decision("leave", name, period.id)
    before = ZERO
    if group is not None:
        before = _heads_before(told, text(group.id), group, period)
    share = number(offer.take_up) * before
    open_to = number(cell(group, "count")) * told.decision("open", name, period.id)
    over = takers - min(share, open_to)
    told.books.at_most(
        "I8",
        over,
        0,
        f"More people take the offer {name} than it can win.",
        where=f"{name},{period.id}",
    )
