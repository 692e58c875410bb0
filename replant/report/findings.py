"""What each picture shows, as the sentence that stands above it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from replant.report.data import Action, Bridge, LeafView, PlanView, Report
from replant.report.distance import below, in_how_many, tightest
from replant.report.doubts import worst_foretold
from replant.report.words import (
    Wording,
    capital,
    count_word,
    joined,
    people,
    percent,
    plural,
    some_of,
    whole,
)

__all__ = ["Findings"]


@dataclass(frozen=True)
class Findings:
    """Finds the headline of each section.

    Parameters
    ----------
    report : Report
        The report.
    """

    report: Report

    @property
    def _money(self) -> Wording:
        return Wording(self.report.head.money)

    def cash(self) -> str:
        """Say where cash is lowest, and what doing nothing does."""
        plan = self.report.best
        said = (
            f"Cash is {below(plan, self._money)}"
            if plan.first_breach
            else (tightest(plan, self._money))
        )
        nothing = self.report.nothing
        breach = nothing.first_breach if nothing else None
        if nothing is None or breach is None:
            return said
        return f"{said}; doing nothing breaks it{in_how_many(nothing)} from {breach.point.time}"

    def scenarios(self) -> str:
        """Say between which two scenarios value lies, and how likely each is."""
        ordered = sorted(self.report.best.leaves, key=lambda leaf: leaf.value)
        low, high = (
            f"{self._money.amount(leaf.value)} in {leaf.name} ({percent(leaf.probability)})"
            for leaf in (ordered[0], ordered[-1])
        )
        return f"The plan is worth {low} to {high}"

    def plants(self) -> str:
        """Say how many plants stop."""
        plan = self.report.best
        stopping = [plant.name for plant in plan.counted if plant.ends]
        total = len(plan.counted)
        if not total:
            return "No plant is the firm's own"
        if not stopping:
            return f"{capital(whole(total, 'plant'))} {plural(total, 'goes', 'go')} on"
        names = f": {joined(stopping)}" if len(stopping) <= 6 else ""
        stop = plural(len(stopping), "stops", "stop")
        return f"{capital(some_of(len(stopping), total, 'plant'))} {stop}{names}"

    def timeline(self) -> str:
        """Say when most of it happens."""
        decided = _each_once(each for each in self.report.best.actions if each.decides)
        years = {time.id: time.fiscal_year for time in self.report.times}
        first = self.report.years[0]
        early = sum(years.get(action.period) == first for action in decided)
        if not decided:
            return "Nothing is decided: the plan goes on as it is"
        if len(decided) == 1:
            return f"One decision, {'in' if early else 'after'} {first}"
        part = "all" if early == len(decided) else count_word(early) if early else "none"
        part = "both" if early == len(decided) == 2 else part
        return f"{count_word(len(decided)).capitalize()} decisions, {part} of them in {first}"

    def offers(self) -> str:
        """Say how many of the offers are taken."""
        offers = self.report.best.offers
        taken = sum(offer.taken for offer in offers)
        if len(offers) == 1:
            return f"The one offer is {'' if taken else 'not '}taken"
        said = capital(some_of(taken, len(offers), "offer"))
        return f"{said} {'is' if taken < 2 else 'are'} taken"

    def bridge(self, bridge: Bridge) -> str:
        """Say what gives most and what costs most."""
        if not bridge.steps:
            return "Both plans are the same"
        most = max(bridge.steps, key=lambda step: step.amount)
        least = min(bridge.steps, key=lambda step: step.amount)
        return (
            f"Largest gain: {_lowered(most.name)}, {self._money.change(most.amount)}; "
            f"largest price: {_lowered(least.name)}, {self._money.amount(least.amount)}"
        )

    def funding(self) -> str:
        """Say what the plan pays and raises over all."""
        flows = self.report.best.cash.flows
        free = sum(flow.free for flow in flows)
        raised = sum(flow.financing for flow in flows)
        due = sum(flow.debt_due for flow in flows)
        first = "earns" if free >= 0 else "uses"
        over = "On average over the scenarios" if self.report.best.leaves else "Over all"
        said = f"{over}, the business {first} {self._money.amount(abs(free))} of free cash"
        if due:
            said += f"; {self._money.amount(due)} of debt falls due"
        if abs(raised) < 0.05:
            return said
        way = "comes in from" if raised > 0 else "goes out to"
        return f"{said}, and {self._money.amount(abs(raised))} net {way} lenders and owners"

    def regions(self) -> str:
        """Say which region loses most."""
        worst = min(self.report.best.regions, key=lambda region: min(region.low, region.high))
        if min(worst.low, worst.high) > -0.5:
            return "No region loses jobs"
        low, high = sorted((abs(worst.low), abs(worst.high)))
        return f"{worst.name} loses most: {people(low)} to {people(high)} jobs in the region"

    def solver(self) -> str:
        """Say how good the plan is known to be."""
        method = self.report.method
        such = " that misses no more" if self.report.best.falls_short else ""
        if method.gap < 5e-7:
            return f"No plan{such} is worth more"
        most = self._money.amount(method.gap, 2)
        return f"No plan{such} can be worth more than {most} above this one"

    def jobs(self) -> str:
        """Say who is dismissed, and where."""
        sites = self.report.best.sites
        gone = sum(site.dismissed for site in sites)
        if gone < 0.5:
            offered = sum(site.voluntary for site in sites)
            return f"Nobody is dismissed; {people(offered)} leave with an offer"
        worst = max(sites, key=lambda site: site.dismissed)
        return (
            f"{people(gone)} people are dismissed, "
            f"{people(worst.dismissed)} of them at {worst.name}"
        )

    def turned_over(self) -> str:
        """Say where people are dismissed and others hired; empty where that happens nowhere."""
        found = [
            f"{site.name} ({people(site.dismissed)} dismissed, {people(site.hired)} hired)"
            for site in self.report.best.sites
            if min(site.dismissed, site.hired) >= 0.5
        ]
        return f"People are dismissed and others hired at {joined(found)}." if found else ""

    def without_work(self) -> str:
        """Say for how long people are paid without a workplace; empty where nobody is."""
        sites = [site for site in self.report.best.sites if site.idle_years >= 0.5]
        if not sites:
            return ""
        worst = max(sites, key=lambda site: site.idle_years)
        total = people(sum(site.idle_years for site in sites))
        return (
            f"Over the whole plan {total} person-years are paid without a workplace, "
            f"{people(worst.idle_years)} of them at {worst.name}."
        )

    def moved(self) -> str:
        """Say how many are to move, and that the case only assumes that they do."""
        moved = sum(site.moved_out for site in self.report.best.sites)
        if moved < 0.5:
            return ""
        return (
            f"{people(moved)} people are to move to another site, however far: how many accept is "
            "what the case says and no result."
        )

    def confidence(self) -> str:
        """Say how many recommendations rest on more than assumptions."""
        decided = _each_once(each for each in self.report.best.actions if each.recommended)
        graded = [action for action in decided if action.confidence.step]
        if not graded:
            return "The case grades none of the numbers behind these recommendations"
        total = len(graded)
        sourced = sum(action.confidence.sourced for action in graded)
        loose = sum(action.confidence.assumed for action in graded)
        rest = {
            "sourced numbers alone": sourced,
            "estimates from reports or precedents": total - sourced - loose,
            "assumptions": loose,
        }
        ground = next((words for words, number in rest.items() if number == total), "")
        if ground:
            said = capital(whole(total, "recommendation"))
            return f"{said} {plural(total, 'rests', 'rest')} on {ground}"
        said = capital(some_of(sourced, total, "recommendation"))
        (first, _), *others = rest.items()
        told = ", ".join(
            f"{count_word(number) if number else 'none'} on {words}" for words, number in others
        )
        return f"{said} {'rests' if sourced < 2 else 'rest'} on {first}; {told}"

    def stakes(self) -> str:
        """Say which assumption matters most."""
        stakes = self.report.stakes
        if not stakes:
            return "What the plan hangs on"
        first = stakes[0]
        said = f"Find out first: {_lowered(first.name)}"
        if first.low is None or first.high is None:
            return said
        ends = sorted((first.low, first.high))
        low, high = (self._money.change(end) for end in ends)
        return f"{said}; its own range moves value by {low} to {high}"

    def statements(self) -> str:
        """Say when the business earns money again."""
        line = self.report.best.statements[0].line("Automotive operating profit")
        years, amounts = self.report.years, line.years
        last = f"{self._money.amount(amounts[-1])} in {years[-1]}"
        turned = _turned(amounts)
        if turned is not None and turned > 0:
            return (
                f"Automotive operating profit turns positive in {years[turned]} and reaches {last}"
            )
        return f"Automotive operating profit goes from {self._money.amount(amounts[0])} to {last}"

    def tie_out(self) -> str:
        """Say how well the model gives the base year."""
        fitted = [tie for tie in self.report.ties if tie.within is not None]
        missed = [tie for tie in fitted if not tie.within]
        if missed:
            lines = plural(len(fitted), "line")
            do = plural(len(missed), "does", "do")
            return f"{len(missed)} of {len(fitted)} {lines} of the closed year {do} not tie"
        lines = capital(whole(len(fitted), "line")) if fitted else "No line"
        said = f"{lines} of the closed year {'ties' if len(fitted) < 2 else 'tie'}"
        foretold = worst_foretold(self.report.ties)
        if foretold is None:
            return said
        name, amount = _lowered(foretold.name.replace("_", " ")), abs(foretold.difference)
        return f"{said}; {foretold.year}, foretold, misses {name} by {self._money.amount(amount)}"

    def lines(self, plan: PlanView) -> str:
        """Say from when and by how much a plan misses the floor; empty where it keeps it."""
        breach = plan.first_breach
        if breach is None:
            return ""
        most = self._money.amount(-plan.deepest.point.margin)
        where = f"{in_how_many(plan).strip()}, " if plan.leaves else ""
        return f"{where}from {breach.point.time}, by up to {most}"

    def below(self, leaf: LeafView) -> str:
        """Say from when and by how much a plan misses the floor in one scenario."""
        breach = leaf.cash.first_breach
        if breach is None:
            return ""
        return f"from {breach.time}, by up to {self._money.amount(-leaf.cash.deepest.margin)}"


def _each_once(actions: Iterable[Action]) -> list[Action]:
    """Return what is decided, once where it is told in other words in other scenarios."""
    found: dict[tuple[object, ...], Action] = {}
    for place, each in enumerate(actions):
        key = (each.kind, each.id, each.option, each.period) if each.scenarios else (place,)
        found.setdefault(key, each)
    return list(found.values())


def _turned(amounts: Sequence[float]) -> int | None:
    """Return the place from which amounts stay positive; None if they never do."""
    place = None
    for number, amount in enumerate(amounts):
        if amount <= 0:
            place = None
        elif place is None:
            place = number
    return place


def _lowered(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"
