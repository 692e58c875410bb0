"""From plans to a report: every section asked once, the result plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from replant.plan import Planned
from replant.report.actions import actions_of
from replant.report.bridge import bridge_between
from replant.report.cash import cash_of
from replant.report.data import Bridge, Head, PlanView, Price, Report, Stake
from replant.report.figures import Figures
from replant.report.jobs import regions_of, sites_of
from replant.report.limits import missed_of
from replant.report.method import gap_share, method_of
from replant.report.offers import offers_of
from replant.report.plants import plants_of
from replant.report.platforms import platform_count, platforms_of
from replant.report.stake import assumptions_at_stake, carried_by_cell
from replant.report.statements import statements_of
from replant.report.tie_out import tie_out_of
from replant.report.verdict import Verdict

__all__ = ["build_report"]

_ORDER = {"do_nothing": 0, "announced": 1}


def build_report(
    best: Planned, comparators: Mapping[str, Planned], prices: Sequence[Price] = ()
) -> Report:
    """Return all that a report says of a plan and of what it is compared with.

    Parameters
    ----------
    best : Planned
        The plan that is recommended.
    comparators : mapping of str to Planned
        Other plans of the same case by their ids in table ``plans``.
    prices : sequence of Price
        What it costs not to take each decision, where somebody worked it out.
    """
    figures = Figures(best)
    others = sorted(
        (_view(Figures(plan), name) for name, plan in comparators.items()),
        key=lambda view: (_ORDER.get(view.kind, 2), view.date, view.id),
    )
    view = _view(figures, best.choices.plan or "best", postings=True)
    nothing = next((comparators[each.id] for each in others if each.kind == "do_nothing"), None)
    verdict = Verdict(view, others, figures.columns, figures.wording, gap_share(best, nothing))
    stakes, stakes_note = _stakes(figures)
    ties, ties_note = tie_out_of(best.case)
    return Report(
        head=_head(figures),
        times=figures.columns,
        years=figures.years,
        best=view,
        others=tuple(others),
        headline=verdict.headline(),
        verdict=verdict.sentences(),
        bridges=tuple(_bridges(figures, others, comparators)),
        stakes=stakes,
        stakes_note=stakes_note,
        ties=ties,
        ties_note=ties_note,
        method=method_of(best, nothing),
        prices=tuple(sorted(prices, key=lambda price: -price.loss)),
    )


def _head(figures: Figures) -> Head:
    settings = figures.case.settings
    return Head(
        case=settings.name,
        title=settings.title,
        description=settings.description.strip(),
        as_of=settings.as_of.isoformat(),
        money=settings.units.money,
        volume=settings.units.volume,
        fingerprint=figures.case.fingerprint,
    )


def _view(figures: Figures, name: str, *, postings: bool = False) -> PlanView:
    plan = figures.plan
    row = figures.case.find("plans", name)
    told = plan.sentences()
    return PlanView(
        id=name,
        name=row.name if row else name.replace("_", " ").capitalize(),
        kind=row.kind if row else name if name in _ORDER else "best",
        date="" if row is None or row.date is None else row.date.isoformat(),
        value=plan.value,
        bound=plan.bound,
        gap=plan.gap,
        status=plan.solution.status.value,
        verified=plan.verification.ok,
        cash=cash_of(figures),
        plants=plants_of(figures),
        actions=actions_of(figures, told),
        sites=sites_of(figures),
        regions=regions_of(figures),
        platforms=platforms_of(figures),
        platform_count=platform_count(figures),
        offers=offers_of(figures, told),
        statements=statements_of(figures, postings=postings),
        profit=tuple(figures.at("automotive_operating_profit", time) for time in figures.times),
        missed=missed_of(figures),
        findings=() if plan.verification.ok else plan.verification.sentences(),
    )


def _bridges(
    figures: Figures, others: Sequence[PlanView], comparators: Mapping[str, Planned]
) -> Iterator[Bridge]:
    for view in others:
        yield bridge_between(Figures(comparators[view.id]), figures, view.id)


def _stakes(figures: Figures) -> tuple[tuple[Stake, ...], str]:
    if not figures.case.evidence.rows:
        return (), "The case says nothing of what its numbers rest on."
    carried = carried_by_cell(figures.plan.program, figures.column_values)
    found = assumptions_at_stake(figures.case, carried)
    return found, "" if found else "No number that this plan's value rests on is an assumption."
