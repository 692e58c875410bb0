"""The report in one dictionary, for programs that read it."""

from __future__ import annotations

from typing import Any

from replant.report.besides import besides
from replant.report.data import CashPoint, Offer, PlanView, Report

__all__ = ["summary"]

_DEALS = ("hosting", "supply", "stake, sell", "stake, buy")
_PROPERTY = ("sell", "leaseback", "loan on property")


def summary(report: Report) -> dict[str, Any]:
    """Return the plan's main figures as plain values that json can hold."""
    plan, method = report.best, report.method
    periods = [time.id for time in report.periods]
    told = {
        "case": report.head.case,
        "as_of": report.head.as_of,
        "status": method.status,
        "verified": method.verified,
        "keeps_every_rule": method.verified and not plan.falls_short,
        **_falls_short(plan),
        "value": plan.value,
        "bound": method.bound,
        "gap": method.gap,
        "gap_share": method.gap_share,
        "seconds": method.seconds,
        "unit": report.head.money,
        "headline": report.headline,
        "what_if": list(report.what_if),
        "verdict": list(report.verdict),
        "steps": dict(report.steps),
        "doubts": list(report.doubts),
        "value_parts": dict(plan.parts),
        "plants": {
            each.id: dict(zip(periods, each.states, strict=True))
            for each in plan.plants
            if each.states
        },
        "platforms": {
            each.id: dict(zip(periods, each.kept, strict=True)) for each in plan.platforms
        },
        "properties": _taken(plan.offers, _PROPERTY),
        "deals": _taken(plan.offers, _DEALS),
        "programmes": _taken(plan.offers, ("programme",)),
        "parts": _taken(plan.offers, ("fewer variants",)),
        "besides": _besides(plan),
        "cash": {point.time: point.cash for point in plan.cash.points},
        "lowest_cash": _point(plan.tightest.point),
        "jobs": {
            each.name: {
                "opening": each.opening,
                "closing": each.closing,
                "without_a_workplace": each.idle,
                "attrition": each.attrition,
                "voluntary": each.voluntary,
                "dismissed": each.dismissed,
                "taken_over": each.taken_over,
                "moved_out": each.moved_out,
                "moved_in": each.moved_in,
                "hired": each.hired,
            }
            for each in plan.sites
        },
        "comparators": {
            each.id: {
                "name": each.name,
                "value": each.value,
                **_falls_short(each),
            }
            for each in report.others
        },
    }
    return {**told, **_over_scenarios(report)} if plan.leaves else told


def _besides(plan: PlanView) -> dict[str, list[dict[str, str]]]:
    """Return what modules do that have no key of their own here, by their titles."""
    return {
        title: [
            {
                "subject": f"{each.kind}.{each.id}",
                "option": each.option,
                "period": each.period,
                "until": each.until,
                "text": each.text,
            }
            for each in actions
        ]
        for title, actions in besides(plan.actions).items()
    }


def _falls_short(plan: PlanView) -> dict[str, Any]:
    """Return how far a plan is below its floor, from when, and which limits it misses."""
    return {
        "deepest_margin": plan.deepest.point.margin,
        "first_breach": plan.first_breach.point.time if plan.first_breach else None,
        "missed_limits": [
            {
                "limit": miss.sentence,
                "from": miss.first,
                "worst": miss.worst,
                "amount": miss.amount,
            }
            for miss in plan.missed
        ],
    }


def _point(point: CashPoint) -> dict[str, Any]:
    return {
        "time": point.time,
        "cash": point.cash,
        "floor": point.floor,
        "margin": point.margin,
        "undrawn": point.undrawn,
        "headroom": point.headroom,
    }


def _over_scenarios(report: Report) -> dict[str, Any]:
    """Return what there is to say besides, and in which scenario, where there are several."""
    spot, names = report.best.tightest, {leaf.name: leaf.id for leaf in report.best.leaves}
    return {
        "lowest_cash": {**_point(spot.point), "scenario": names[spot.scenario]},
        "below_floor": {
            each.id: {
                "scenarios": [leaf.id for leaf in each.short],
                "probability": sum(leaf.probability for leaf in each.short),
            }
            for each in report.others
        },
        "scenarios": _scenarios(report),
    }


def _scenarios(report: Report) -> dict[str, dict[str, Any]]:
    """Return the plan in each scenario, and where the comparators fall short there."""
    found = {}
    for place, leaf in enumerate(report.best.leaves):
        beside = {other.id: other.leaves[place] for other in report.others}
        found[leaf.id] = {
            "name": leaf.name,
            "probability": leaf.probability,
            "value": leaf.value,
            "verified": leaf.verified,
            "cash": {point.time: point.cash for point in leaf.cash.points},
            "lowest_cash": _point(leaf.cash.lowest),
            "jobs": leaf.jobs,
            "comparators": {
                name: {
                    "value": other.value,
                    "deepest_margin": other.cash.deepest.margin,
                    "first_breach": other.cash.first_breach.time
                    if other.cash.first_breach
                    else None,
                }
                for name, other in beside.items()
            },
        }
    return found


def _taken(offers: tuple[Offer, ...], kinds: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Return the offers of some kinds that are taken, with their period."""
    return {
        offer.id: {"period": offer.period, "until": offer.until, "terms": offer.terms}
        for offer in offers
        if offer.taken and offer.kind in kinds
    }
