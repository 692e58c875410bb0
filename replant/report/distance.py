"""How far a plan stays from its cash floor and from its limits, in words."""

from __future__ import annotations

from collections.abc import Collection

from replant.report.data import MissedLimit, PlanView, Spot
from replant.report.words import Wording, count_word, percent, plural, whole

__all__ = ["AT_FLOOR", "at_end", "below", "called", "in_how_many", "misses", "tightest", "where"]


def called(plan: PlanView) -> str:
    """Return what a plan is called in a sentence."""
    if plan.note:  # what must be explained is called by its own name
        return f"“{plan.name}”"
    names = {"do_nothing": "doing nothing", "announced": "the announced plan"}
    return names.get(plan.kind, plan.name)


def in_how_many(plan: PlanView, scenarios: Collection[str] | None = None) -> str:
    """Say in how many scenarios, and how likely: by default those in which cash falls short."""
    if not plan.leaves:
        return ""
    named = {leaf.name for leaf in plan.short} if scenarios is None else set(scenarios)
    which = [leaf for leaf in plan.leaves if leaf.name in named]
    total = count_word(len(plan.leaves))
    if len(which) == len(plan.leaves):
        return f" in {whole(len(which), 'scenario')}"
    chance = percent(sum(leaf.probability for leaf in which))
    return f" in {count_word(len(which))} of {total} scenarios ({chance})"


def where(spot: Spot) -> str:
    """Say in which scenario; nothing where there is none."""
    return f" in the scenario {spot.scenario}" if spot.scenario else ""


def at_end(time: str) -> str:
    """Say at which end: at once, or at the end of a period."""
    return "at once" if time == "now" else f"at the end of {time}"


def tightest(plan: PlanView, wording: Wording) -> str:
    """Say where a plan has the least headroom over its cash floor, and how much."""
    spot = plan.tightest
    lowest = spot.point
    if not plan.bounded:
        when = f"{at_end(lowest.time)}{where(spot)}"
        return f"No cash floor is given; cash is lowest {when}, {wording.amount(lowest.cash)}"
    what = "Cash with undrawn credit lines" if plan.has_lines else "Cash"
    when = f"{at_end(lowest.time)}{where(spot)}"
    if abs(lowest.headroom) < AT_FLOOR:
        return f"{what} is down to the floor {when}"
    side = "above" if lowest.headroom > 0 else "below"
    return f"{what} is tightest {when}, {wording.amount(abs(lowest.headroom))} {side} the floor"


AT_FLOOR = 0.05
"""Less money than this above the floor is none."""


def below(plan: PlanView, wording: Wording) -> str:
    """Say from when cash is below its floor, and by how much at most; nothing where it never is."""
    breach, deepest = plan.first_breach, plan.deepest
    if breach is None:
        return ""
    since = "at once" if breach.point.time == "now" else f"from {breach.point.time} on"
    most = wording.amount(-deepest.point.margin)
    when = f" {at_end(deepest.point.time)}" if deepest.point.time != breach.point.time else ""
    most += f"{when}{where(deepest)}"
    return f"below its floor{in_how_many(plan)} {since}, by as much as {most}"


def misses(plan: PlanView, most: int = 2) -> str:
    """Say which limits a plan misses, from when and by how much: the first few, and how many."""
    told = [_missed(plan, each) for each in plan.missed[:most]]
    rest = len(plan.missed) - most
    if rest > 0:
        told.append(f"{count_word(rest)} more {plural(rest, 'limit')}")
    return "; ".join(told)


def _missed(plan: PlanView, limit: MissedLimit) -> str:
    size = f"by {limit.size}"
    when = "at once" if limit.worst == "now" else f"in {limit.worst}"
    if limit.times > 1:
        size = f"from {limit.first} on, by as much as {limit.size} {when}"
    elif limit.first:
        size += f" {when}"
    where = in_how_many(plan, limit.scenarios)
    return f"“{limit.sentence.rstrip('.')}”{where} {size}"
