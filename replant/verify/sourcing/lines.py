"""Lines: when they are launched, what they cost, and what they need to build anything."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from replant.verify.cells import number, text, yes
from replant.verify.programme import choices
from replant.verify.sourcing.standing import standing
from replant.verify.sourcing.world import World
from replant.verify.told import Told

__all__ = ["check_launch", "check_line", "launches", "post_fixed_cost", "post_launches"]

ZERO = Fraction(0)
ONE = Fraction(1)


# ── launches ─────────────────────────────────────────────────────────────────────────────────


def launches(told: Told, line: Any) -> Iterator[tuple[Any, int, Fraction]]:
    """Yield the launches of a line: period, index of the period it is ready in, value."""
    if not yes(line.tooled):
        for period, value in choices(told, "launch", text(line.id)):
            yield period, told.clock.ready(period, number(line.launch_lead_months)), value


def _launched(told: Told, line: Any, period: Any) -> Fraction:
    """Return whether a line's launch is complete by a period."""
    return sum((value for _, ready, value in launches(told, line) if ready <= period.index), ZERO)


def _ramping(told: Told, line: Any, period: Any) -> Fraction:
    """Return the volume that a line still lacks in a period because it ramps up, in k."""
    lacking = ZERO
    for _, ready, value in launches(told, line):
        if ready <= period.index:
            begun = told.clock.start(told.periods[ready])
            if told.clock.start(period) < begun + number(line.ramp_months):
                lacking += (1 - number(line.ramp_share, 1)) * value
    return lacking * number(line.capacity) * told.clock.mu(period)


# ── what they cost ───────────────────────────────────────────────────────────────────────────


def post_fixed_cost(world: World, line: Any) -> None:
    """Post what a line costs while it is on, in its plant's currency."""
    for period in world.told.periods:
        on = world.told.decision("on", text(line.id), period.id)
        years = world.told.clock.mu(period) * world.plant_phi(text(line.plant), period)
        cost = number(line.fixed_cost) * years * on
        world.told.books.entry("line_cost", "cash", cost, period.id, recurring=True)


def post_launches(world: World, line: Any) -> None:
    """Post the launches of a line that is not tooled yet, and whether it is launched at all."""
    told, total = world.told, ZERO
    for period, ready, value in launches(told, line):
        total += value
        _post_launch(world, line, period, ready, value)
    told.books.post("option", f"line.{text(line.id)}.launch", amount=total)


def _post_launch(world: World, line: Any, period: Any, ready: int, value: Fraction) -> None:
    clock, books = world.told.clock, world.told.books
    moved = world.plant_phi(text(line.plant), period) * value
    life = number(line.tooling_life_months, 84)
    books.item(
        number(line.tooling_cost) * moved,
        period,
        expense="depreciation",
        balance="ppe",
        recognised=clock.straight_line(life, ready),
        paid=clock.at_once,
        deducted=clock.nowhere,
    )
    books.entry("line_cost", "cash", number(line.launch_cost) * moved, clock.at(period))


# ── what must hold ───────────────────────────────────────────────────────────────────────────


def check_launch(world: World, line: Any) -> None:
    """Check that a line is launched where its plant is open to it, then and once it is ready."""
    told, plant = world.told, text(line.plant)
    if not world.own(plant):
        return
    for period, ready, value in launches(told, line):
        for index in {period.index, ready} - {told.clock.size}:
            other = told.periods[index]
            allowed = told.books.total("launchable", plant, other.id)
            told.books.at_most(
                "I7",
                value,
                allowed,
                f"{text(line.id)} is launched in {period.id}, but {plant} "
                f"{standing(told, plant, other)} in {other.id}.",
                where=f"{text(line.id)},{period.id}",
            )


def check_line(world: World, line: Any) -> None:
    """Check a line's volumes in each period against its tooling and what it needs to run."""
    name = text(line.id)
    switched = any(line is each for each in world.switched_lines)
    for period in world.told.periods:
        gates = list(_gates(world, line, period))
        if switched:
            on = world.told.decision("on", name, period.id)
            _check_gates(world, line, period, on, gates)
            _check_ramp(world, line, period, on)
            gates = [(on, f"{name} is switched off")]
        _check_tooling(world, line, period, gates)


def _gates(world: World, line: Any, period: Any) -> Iterator[tuple[Fraction, str]]:
    """Yield what a line needs to run: each need's value, and the words when it is missing."""
    books, plant, model = world.told.books, text(line.plant), text(line.model)
    if world.own(plant):
        yield books.total("operating", plant, period.id), f"{plant} does not operate"
    yield books.total("offered", model, period.id, default=ONE), f"{model} is no longer offered"
    if text(line.deal):
        deal = text(line.deal)
        yield books.total("dealt", deal, period.id), f"the deal {deal} does not run"
    if not yes(line.tooled):
        yield _launched(world.told, line, period), "it has not been launched"


def _check_gates(
    world: World, line: Any, period: Any, on: Fraction, gates: list[tuple[Fraction, str]]
) -> None:
    """Check that a line is on only where it has all that it needs to run."""
    for allowed, reason in gates:
        world.told.books.at_most(
            "I7",
            on,
            allowed,
            f"{text(line.id)} is on in {period.id}, but {reason}.",
            where=f"{text(line.id)},{period.id}",
        )


def _check_ramp(world: World, line: Any, period: Any, on: Fraction) -> None:
    """Check that a line whose launch ramps up is on: a ramp is run through, not waited out."""
    ramping = _ramping(world.told, line, period)
    world.told.books.at_most(
        "I7",
        ramping,
        ramping * on,
        f"{text(line.id)} is off in {period.id}, but its launch ramps up then.",
        where=f"{text(line.id)},{period.id}",
    )


def _check_tooling(world: World, line: Any, period: Any, gates: list[tuple[Fraction, str]]) -> None:
    """Check a line's volumes against its tooling, its ramp, and what it needs to run."""
    name, model = text(line.id), text(line.model)
    tooled = number(line.capacity) * world.told.clock.mu(period)
    ramping = _ramping(world.told, line, period)
    made = world.told.books.total("made", name, period.id)
    for allowed, reason in gates:
        _check_most(world, name, period, made, (tooled - ramping) * allowed, allowed, reason)
    for _, market in (lane for lane in world.lanes if lane[0] == text(line.plant)):
        volume = world.told.decision("ship", name, market, period.id)
        most = min(tooled, world.demand.most(model, market, period))
        for allowed, reason in gates:
            _check_most(world, name, period, volume, most * allowed, allowed, reason, market)


def _check_most(
    world: World,
    line: str,
    period: Any,
    volume: Fraction,
    most: Fraction,
    allowed: Fraction,
    reason: str,
    market: str = "",
) -> None:
    """Check a volume against the most that one need allows, and say which need it was."""
    to = f" for {market}" if market else ""
    why = f"than {'demand or ' if market else ''}its tooling allows"
    sentence = f"{line} builds more{to} in {period.id} {why}."
    if allowed <= 0:
        sentence = f"{line} builds{to} in {period.id}, but {reason}."
    world.told.books.at_most(
        "I7",
        volume,
        most,
        sentence,
        where=",".join(filter(None, (line, market, period.id))),
    )
