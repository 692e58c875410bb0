"""From a plan to its view: every section asked once; with scenarios in each, and then the mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from replant.plan import Leaf, Planned
from replant.report.actions import actions_of
from replant.report.cash import cash_of
from replant.report.data import Cash, Covenant, LeafView, MissedLimit, PlanView, Statement
from replant.report.doubts import LATER
from replant.report.due import due_soon
from replant.report.figures import Figures
from replant.report.jobs import regions_of, sites_of
from replant.report.limits import missed_of
from replant.report.mean import mean
from replant.report.means import means_of
from replant.report.offers import offers_of
from replant.report.plants import plants_of
from replant.report.platforms import platform_count, platforms_of
from replant.report.statements import statements_of

__all__ = ["ORDER", "view_of"]

ORDER = {"do_nothing": 0, "announced": 1}
"""Kinds of plans that others are compared with, in the order in which they are told."""

_PARTS = (
    ("operating", "from operations"),
    ("investing", "from investment"),
    ("terminal", LATER),
    ("beyond", "still to be paid then"),
    ("financing", "from loans, leases and property"),
)
"""The parts of value, and what they are called."""


def view_of(plan: Planned, name: str, *, postings: bool = False) -> PlanView:
    """Return all that a report says of one plan.

    Parameters
    ----------
    plan : Planned
        The plan.
    name : str
        Its id in table ``plans``, or ``best``.
    postings : bool
        Whether the statements also say who booked each line.
    """
    figures = Figures.of(plan)
    weights = [float(share) for share, _ in figures.leaves]
    each = [leaf for _, leaf in figures.leaves]
    row = figures.case.find("plans", name)
    told = plan.sentences()
    return PlanView(
        id=name,
        name=row.name if row else name.replace("_", " ").capitalize(),
        kind=row.kind if row else name if name in ORDER else "best",
        note="" if row is None else row.note,
        date="" if row is None or row.date is None else row.date.isoformat(),
        value=plan.value,
        bound=plan.bound,
        gap=plan.gap,
        status=plan.solution.status.value,
        verified=plan.verification.ok,
        cash=_cash(each, weights),
        plants=mean([plants_of(leaf) for leaf in each], weights),
        actions=actions_of(figures, told),
        sites=mean([sites_of(leaf) for leaf in each], weights),
        regions=mean([regions_of(leaf) for leaf in each], weights),
        platforms=platforms_of(each[0]),
        platform_count=mean([platform_count(leaf) for leaf in each], weights),
        offers=offers_of(figures, told),
        statements=statements_of(figures, postings=postings),
        profit=tuple(figures.at("automotive_operating_profit", time) for time in figures.times),
        parts=tuple((words, float(figures.exact("value", part))) for part, words in _PARTS),
        due_soon=mean([due_soon(leaf) for leaf in each], weights),
        means=mean([means_of(leaf) for leaf in each], weights),
        bounded=bool(figures.rows("liquidity")),
        missed=_missed(plan, each),
        findings=() if plan.verification.ok else plan.verification.sentences(),
        leaves=_leaves(plan) if len(plan.leaves) > 1 else (),
    )


def _cash(each: Sequence[Figures], weights: Sequence[float]) -> Cash:
    """Return the mean path of cash; the distance to a limit is the least of any scenario."""
    paths = [cash_of(leaf) for leaf in each]
    nearest: list[Covenant] = [
        min(some, key=lambda covenant: covenant.margin)
        for some in zip(*(path.covenants for path in paths), strict=False)
    ]
    return replace(mean(paths, weights), covenants=tuple(nearest))


def _missed(plan: Planned, each: Sequence[Figures]) -> tuple[MissedLimit, ...]:
    """Return the limits that a plan misses, each once, by the most of any scenario."""
    if len(plan.leaves) == 1:
        return missed_of(each[0])
    found: dict[tuple[str, int], list[tuple[str, MissedLimit]]] = {}
    for leaf, figures in zip(plan.leaves, each, strict=True):
        seen: dict[str, int] = {}
        for miss in missed_of(figures):
            place = seen[miss.sentence] = seen.get(miss.sentence, -1) + 1
            found.setdefault((miss.sentence, place), []).append((leaf.title, miss))
    return tuple(
        replace(
            max((miss for _, miss in misses), key=lambda miss: round(miss.amount, 6)),
            scenarios=tuple(title for title, _ in misses),
        )
        for misses in found.values()
    )


def _leaves(plan: Planned) -> tuple[LeafView, ...]:
    """Return the plan in each scenario, with the statements of the one nearest to the mean."""
    value = plan.verification.value
    shown = min(plan.leaves, key=lambda leaf: abs(leaf.plan.verification.value - value))
    return tuple(_leaf(leaf, shown=leaf is shown) for leaf in plan.leaves)


def _leaf(leaf: Leaf, *, shown: bool) -> LeafView:
    figures = Figures(leaf.plan)
    statements: tuple[Statement, ...] = ()
    if shown:
        statements = statements_of(figures, postings=False)
    return LeafView(
        id=leaf.name,
        name=leaf.title,
        probability=float(leaf.probability),
        value=leaf.plan.value,
        cash=cash_of(figures),
        jobs=sum((site.closing for site in sites_of(figures)), 0.0),
        verified=leaf.plan.verification.ok,
        statements=statements,
    )
