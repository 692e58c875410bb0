"""From plans to a report: every section asked once, the result plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from replant.plan import Planned
from replant.report.bridge import bridge_between
from replant.report.confidence import unsourced_share
from replant.report.data import Bridge, Head, PlanView, Price, Report, Stake
from replant.report.doubts import Doubts
from replant.report.figures import Figures
from replant.report.method import gap_share, method_of
from replant.report.stake import assumptions_at_stake
from replant.report.steps import Steps
from replant.report.tie_out import tie_out_of
from replant.report.verdict import Verdict
from replant.report.view import ORDER, view_of

__all__ = ["build_report"]


def build_report(
    best: Planned,
    comparators: Mapping[str, Planned],
    prices: Sequence[Price] = (),
    what_if: Sequence[str] = (),
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
    what_if : sequence of str
        What a person asked of this run beyond the case, in words.
    """
    figures = Figures.of(best)
    others = sorted(
        (view_of(plan, name) for name, plan in comparators.items()),
        key=lambda view: (ORDER.get(view.kind, 2), view.date, view.id),
    )
    view = view_of(best, best.choices.plan or "best", postings=True)
    nothing = next((comparators[each.id] for each in others if each.kind == "do_nothing"), None)
    verdict = Verdict(
        view,
        others,
        figures.wording,
        gap_share(best, nothing),
        asked=bool(what_if),
        allowed=best.choices.allow_shortfall,
    )
    stakes, stakes_note = _stakes(best)
    ties, ties_note = tie_out_of(best.case)
    doubts = Doubts(
        plan=view,
        nothing=next((each for each in others if each.kind == "do_nothing"), None),
        years=figures.years,
        wording=figures.wording,
        stakes=stakes,
        ties=ties,
        unsourced=unsourced_share(best.case),
        others=others,
    )
    return Report(
        head=_head(best, figures),
        times=figures.columns,
        years=figures.years,
        best=view,
        others=tuple(others),
        headline=verdict.headline(),
        verdict=verdict.sentences(),
        steps=Steps(view, figures.columns, figures.wording).lines(),
        doubts=doubts.sentences(),
        proof=verdict.proof(),
        bridges=tuple(_bridges(figures, others, comparators)),
        stakes=stakes,
        stakes_note=stakes_note,
        ties=ties,
        ties_note=ties_note,
        method=method_of(best, nothing),
        prices=tuple(sorted(prices, key=lambda price: -price.loss)),
        what_if=tuple(what_if),
    )


def _head(plan: Planned, figures: Figures) -> Head:
    settings = figures.case.settings
    return Head(
        case=settings.name,
        title=settings.title,
        description=settings.description.strip(),
        as_of=settings.as_of.isoformat(),
        money=settings.units.money,
        volume=settings.units.volume,
        fingerprint=plan.case.fingerprint,
    )


def _bridges(
    figures: Figures, others: Sequence[PlanView], comparators: Mapping[str, Planned]
) -> Iterator[Bridge]:
    for view in others:
        yield bridge_between(Figures.of(comparators[view.id]), figures, view.id)


def _stakes(plan: Planned) -> tuple[tuple[Stake, ...], str]:
    if not plan.case.evidence.rows:
        return (), "The case says nothing of what its numbers rest on."
    found = assumptions_at_stake(plan)
    return found, "" if found else "No number that this plan's value rests on is an assumption."
