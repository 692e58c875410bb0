"""The verdict: what to do, in sentences that a board can repeat."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from replant.report.data import MissedLimit, Offer, PlantPath, PlanView, Spot, Time
from replant.report.words import Wording, count_word, joined, people, percent, plain, plural

__all__ = ["Verdict", "at_end", "in_how_many", "misses", "tightest"]

_ENOUGH = 5


@dataclass(frozen=True)
class Verdict:
    """Puts a plan into words.

    Parameters
    ----------
    plan : PlanView
        The plan to speak of.
    others : sequence of PlanView
        What it is compared with.
    times : sequence of Time
        ``now`` and the periods.
    wording : Wording
        How money is written.
    gap_share : float or None
        The gap as a share of what the plan is worth more than doing nothing.
    asked : bool
        Whether a person forced, forbade, bounded or changed something for this plan.
    """

    plan: PlanView
    others: Sequence[PlanView]
    times: Sequence[Time]
    wording: Wording
    gap_share: float | None
    asked: bool = False

    # -- the headline ------------------------------------------------------------------------

    def headline(self) -> str:
        """Return the plan in one line."""
        counted, stopping = self.plan.counted, self._stopping()
        kept = len(counted) - len(stopping)
        if not stopping:
            first = f"Keep all {count_word(len(counted))} plants" if counted else "Go on as planned"
        else:
            first = f"Stop {count_word(len(stopping))} of {count_word(len(counted))} plants"
            first += self._committed(stopping)
            first += f", keep {count_word(kept)}" if kept else ""
        return f"{first}; {self._worth_in_short()}"

    def _committed(self, stopping: Sequence[PlantPath]) -> str:
        """Say how many of the plants that stop would stop if nothing were done."""
        nothing = self._nothing()
        before = {plant.id for plant in nothing.plants if plant.ends} if nothing else set()
        committed = sum(plant.id in before for plant in stopping)
        if not committed:
            return ""
        were = plural(committed, "was", "were")
        return f" ({count_word(committed)} {were} committed before)"

    def _worth_in_short(self) -> str:
        nothing, tightest = self._nothing(), self.plan.tightest
        if self.plan.first_breach is not None:
            short = self.wording.amount(-self.plan.deepest.point.margin, 0)
            return f"cash falls {short} short of its floor{_where(self.plan.deepest)}"
        if nothing is not None:
            gain = self.wording.amount(self.plan.value - nothing.value, 0)
            worth = "expected to be worth" if self.plan.leaves else "worth"
            below = ""
            if self.plan.value <= -0.5:
                below = f", and still {self.wording.amount(self.plan.value, 0)}"
            return f"{worth} {gain} more than doing nothing{below}"
        if not self.plan.bounded:
            return f"worth {self.wording.amount(self.plan.value, 0)}, with no cash floor given"
        if abs(tightest.point.headroom) < AT_FLOOR:
            return f"no headroom is left above the cash floor{_where(tightest)}"
        least = self.wording.amount(tightest.point.headroom, 0)
        never = "in no scenario" if self.plan.leaves else "never"
        return f"{never} less than {least} above the cash floor"

    # -- the sentences -----------------------------------------------------------------------

    def sentences(self) -> tuple[str, ...]:
        """Return the verdict in a few sentences."""
        told = (
            self._plants,
            self._deals,
            self._worth,
            self._cash,
            self._limits,
            self._jobs,
            self._sure,
            self._checked,
        )
        return tuple(said for said in (tell() for tell in told) if said)

    def _stopping(self) -> list[PlantPath]:
        return [plant for plant in self.plan.counted if plant.ends]

    def _nothing(self) -> PlanView | None:
        return next((each for each in self.others if each.kind == "do_nothing"), None)

    def _plants(self) -> str:
        stopping = self._stopping()
        if not stopping:
            return ""
        ends = self._ends(stopping, by_year=False)
        if len(ends) > _ENOUGH - 1:
            ends = self._ends(stopping, by_year=True)
        when = [f"{joined(names)} in {time}" for time, names in ends.items() if time != "now"]
        told = [f"the last own cars are built at {_listed(when)}"] if when else []
        gone = ends.get("now", [])
        if gone:
            told.insert(0, f"{joined(gone)} {plural(len(gone), 'builds', 'build')} no more cars")
        going = [plant.name for plant in self.plan.counted if not plant.ends]
        if 0 < len(going) <= _ENOUGH:
            told.append(f"{joined(going)} {plural(len(going), 'goes', 'go')} on")
        return _capital(f"{'; '.join(told)}.")

    def _ends(self, plants: Sequence[PlantPath], *, by_year: bool) -> dict[str, list[str]]:
        """Gather plants by the period, or the year, in which they build their last car."""
        order = [time.id for time in self.times]
        found: dict[str, list[str]] = {}
        for plant in sorted(plants, key=lambda plant: order.index(self._end_of(plant))):
            time = self._end_of(plant)
            if by_year and time != "now":
                time = self.times[order.index(time)].fiscal_year
            found.setdefault(time, []).append(plant.name)
        return found

    def _end_of(self, plant: PlantPath) -> str:
        """Return the last time at which a plant is at work or being wound down."""
        at_work = ("operate", "operate_and_host", "wind_down", "host_only", "reopening")
        building = [place for place, state in enumerate(plant.states) if state in at_work]
        return self.times[1 + building[-1]].id if building else "now"

    def _deals(self) -> str:
        parts = [*self._property_parts(), *self._deal_parts(), *self._programme_parts()]
        return _sentence(joined(parts)) if parts else ""

    def _taken(self, *kinds: str) -> list[Offer]:
        return [offer for offer in self.plan.offers if offer.taken and offer.kind in kinds]

    def _property_parts(self) -> Iterator[str]:
        verbs = {
            "leaseback": "sell and lease back",
            "sell": "sell",
            "loan on property": "borrow on",
            "stake, sell": "sell",
            "stake, buy": "buy",
        }
        gathered: dict[tuple[str, str], list[str]] = {}
        for offer in self._taken(*verbs):
            price = self.wording.amount(offer.price)
            what = f"{_article(offer.name)} for {price}"
            gathered.setdefault((verbs[offer.kind], offer.period), []).append(what)
        for (verb, period), each in gathered.items():
            yield f"{verb} {joined(each)} in {period}"

    def _deal_parts(self) -> Iterator[str]:
        for offer in self._taken("hosting"):
            yield f"sign with {offer.name} in {offer.period}"
        for offer in self._taken("supply"):
            yield f"agree in {offer.period} to {offer.name}"

    def _programme_parts(self) -> Iterator[str]:
        every = [offer for offer in self.plan.offers if offer.kind == "programme"]
        taken = self._taken("programme")
        if every:
            total = count_word(len(every))
            some = f"all {total}" if taken == every else f"{count_word(len(taken))} of {total}"
            yield f"start {some} development {plural(len(every), 'programme')}"

    def _worth(self) -> str:
        gains = [
            f"{self.wording.amount(abs(self.plan.value - other.value))} "
            f"{'more' if self.plan.value >= other.value else 'less'} than {_called(other)}"
            for other in self.others
        ]
        worth = "is expected to be worth" if self.plan.leaves else "is worth"
        if not gains:
            amount = self.wording.amount(self.plan.value)
            return f"The plan {worth} {amount} in present value{self._range()}."
        return f"The plan {worth} {joined(gains)}, in present value{self._range()}."

    def _range(self) -> str:
        """Say from where to where the plan's own value runs over the scenarios."""
        if not self.plan.leaves:
            return ""
        ordered = sorted(self.plan.leaves, key=lambda leaf: leaf.value)
        low, high = (
            f"{self.wording.amount(leaf.value)} in {leaf.name}"
            for leaf in (ordered[0], ordered[-1])
        )
        return f"; its value runs from {low} to {high}"

    def _cash(self) -> str:
        nothing = self._nothing()
        said = f"{tightest(self.plan, self.wording)}."
        told = self.others if self.plan.leaves else [nothing] if nothing else []
        for other in told:
            breach, deepest = other.first_breach, other.deepest
            if breach is not None:
                said += (
                    f" {_capital(_called(other))} falls below the floor{in_how_many(other)} from "
                    f"{breach.point.time} on, by as much as "
                    f"{self.wording.amount(-deepest.point.margin)} "
                    f"{at_end(deepest.point.time)}{_where(deepest)}."
                )
        return said

    def _limits(self) -> str:
        """Say which limits the other plans miss, from when and by how much."""
        return " ".join(
            f"{_capital(_called(other))} misses {misses(other)}."
            for other in self.others
            if other.missed
        )

    def _jobs(self) -> str:
        sites = self.plan.sites
        if not sites:
            return ""
        parts = [
            f"{people(total)} {what}"
            for what, total in (
                ("are dismissed", sum(site.dismissed for site in sites)),
                ("leave by choice with an offer", sum(site.voluntary for site in sites)),
                ("retire or resign", sum(site.attrition for site in sites)),
                ("go to a partner", sum(site.taken_over for site in sites)),
                ("move to another site", sum(site.moved_out for site in sites)),
                ("are hired", sum(site.hired for site in sites)),
            )
            if total >= 0.5
        ]
        opening = people(sum(site.opening for site in sites))
        if not parts:
            return f"All {opening} jobs stay as they are."
        average = "On average over the scenarios, of" if self._jobs_differ() else "Of"
        remain = f"{people(self.plan.jobs - self.plan.idle)} remain"
        if self.plan.idle >= 0.5:
            remain += f", and {people(self.plan.idle)} are paid on without a workplace"
        return f"{average} {opening} jobs today, {joined(parts)}; {remain}."

    def _jobs_differ(self) -> bool:
        return len({round(leaf.jobs) for leaf in self.plan.leaves}) > 1

    def _sure(self) -> str:
        """Say what the solver's bound says, and that it is the solver who says it."""
        plan = " that keeps what was asked" if self.asked else ""
        if self.plan.gap < 5e-7:
            return f"By the solver's bound, no other plan{plan} is worth more."
        shares = []
        if self.gap_share is not None:
            shares.append(f"{plain(100 * self.gap_share, 2)} % of the gain over doing nothing")
        own = abs(self.plan.value)
        if own > self.plan.gap:
            shares.append(f"{plain(100 * self.plan.gap / own, 1)} % of its own value")
        told = f" ({', '.join(shares)})" if shares else ""
        ended = _ENDED.get(self.plan.status, "")
        return (
            f"{ended}By the solver's bound, no plan{plan} can be worth more than {self._gap()} "
            f"above this one{told}."
        )

    def _checked(self) -> str:
        """Say what the second computation confirms: figures and rules, and never the bound."""
        in_each = " in each scenario" if self.plan.leaves else ""
        if self.plan.verified:
            return (
                "A second, exact computation confirms every figure of this plan and that it keeps "
                f"every rule{in_each}; it does not compute the bound again."
            )
        return "The exact computation does not confirm this plan: see the findings."

    def _gap(self) -> str:
        return self.wording.amount(self.plan.gap, 2 if self.plan.gap < 10 else 1)


_ENDED = {
    "time limit": "The search ended by its time limit, before the plan was proven. ",
    "interrupted": "The search was stopped by hand, before the plan was proven. ",
}


def _called(plan: PlanView) -> str:
    """Return what a plan is called in a sentence."""
    if plan.note:  # what must be explained is called by its own name
        return f"“{plan.name}”"
    names = {"do_nothing": "doing nothing", "announced": "the announced plan"}
    return names.get(plan.kind, plan.name)


def _listed(parts: Sequence[str]) -> str:
    """Join parts that may hold commas of their own."""
    return (
        "; ".join(parts) if any("," in part or " and " in part for part in parts) else joined(parts)
    )


def in_how_many(plan: PlanView, scenarios: Collection[str] | None = None) -> str:
    """Say in how many scenarios, and how likely: by default those in which cash falls short."""
    if not plan.leaves:
        return ""
    named = {leaf.name for leaf in plan.short} if scenarios is None else set(scenarios)
    which = [leaf for leaf in plan.leaves if leaf.name in named]
    total = count_word(len(plan.leaves))
    if len(which) == len(plan.leaves):
        return f" in all {total} scenarios"
    chance = percent(sum(leaf.probability for leaf in which))
    return f" in {count_word(len(which))} of {total} scenarios ({chance})"


def _where(spot: Spot) -> str:
    return f" in the scenario {spot.scenario}" if spot.scenario else ""


def at_end(time: str) -> str:
    """Say at which end: at once, or at the end of a period."""
    return "at once" if time == "now" else f"at the end of {time}"


def tightest(plan: PlanView, wording: Wording) -> str:
    """Say where a plan has the least headroom over its cash floor, and how much."""
    spot = plan.tightest
    lowest = spot.point
    if not plan.bounded:
        when = f"{at_end(lowest.time)}{_where(spot)}"
        return f"No cash floor is given; cash is lowest {when}, {wording.amount(lowest.cash)}"
    what = "Cash with undrawn credit lines" if plan.has_lines else "Cash"
    when = f"{at_end(lowest.time)}{_where(spot)}"
    if abs(lowest.headroom) < AT_FLOOR:
        return f"{what} is down to the floor {when}"
    side = "above" if lowest.headroom > 0 else "below"
    return f"{what} is tightest {when}, {wording.amount(abs(lowest.headroom))} {side} the floor"


AT_FLOOR = 0.05
"""Less money than this above the floor is none."""


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


def _article(name: str) -> str:
    """Return a name as it stands after a verb, with an article where it has none."""
    lowered = f"{name[:1].lower()}{name[1:]}" if name[1:2].islower() else name
    first = lowered.partition(" ")[0]
    has_one = first in ("the", "a", "an", "all") or first in {count_word(n) for n in range(13)}
    return lowered if has_one else f"the {lowered}"


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _sentence(text: str) -> str:
    return f"{_capital(text)}."
