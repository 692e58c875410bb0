"""The verdict: what to do, in sentences that a board can repeat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from replant.report.data import PlantPath, PlanView
from replant.report.distance import (
    AT_FLOOR,
    at_end,
    below,
    called,
    in_how_many,
    misses,
    tightest,
    where,
)
from replant.report.words import (
    Wording,
    count_word,
    joined,
    people,
    plain,
    plural,
    some_of,
    whole,
)

__all__ = ["Verdict"]


@dataclass(frozen=True)
class Verdict:
    """Puts a plan into words.

    Parameters
    ----------
    plan : PlanView
        The plan to speak of.
    others : sequence of PlanView
        What it is compared with.
    wording : Wording
        How money is written.
    gap_share : float or None
        The gap as a share of what the plan is worth more than doing nothing.
    asked : bool
        Whether a person forced, forbade, bounded or changed something for this plan.
    allowed : bool
        Whether a person allowed it to miss the cash floor, limits and covenants.
    """

    plan: PlanView
    others: Sequence[PlanView]
    wording: Wording
    gap_share: float | None
    asked: bool = False
    allowed: bool = False

    # -- the headline ------------------------------------------------------------------------

    def headline(self) -> str:
        """Return the plan in one line."""
        counted, stopping = self.plan.counted, self._stopping()
        kept = len(counted) - len(stopping)
        if not stopping:
            first = f"Keep {whole(len(counted), 'plant')}" if counted else "Go on as planned"
        else:
            first = f"Stop {some_of(len(stopping), len(counted), 'plant')}"
            first += self._committed(stopping)
            other = "the other" if len(counted) == 2 else count_word(kept)
            first += f", keep {other}" if kept else ""
        if self.plan.falls_short:
            return f"Does not keep every rule: {self._missed_in_short()}; {_lowered(first)}"
        return f"{first}; {self._worth_in_short()}"

    def _missed_in_short(self) -> str:
        count = len(self.plan.missed)
        told = [f"cash is {below(self.plan, self.wording)}"] if self.plan.first_breach else []
        if count:
            told.append(f"{count_word(count)} {plural(count, 'limit is', 'limits are')} missed")
        return ", and ".join(told)

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
            return f"no headroom is left above the cash floor{where(tightest)}"
        least = self.wording.amount(tightest.point.headroom, 0)
        never = "in no scenario" if self.plan.leaves else "never"
        return f"{never} less than {least} above the cash floor"

    # -- the sentences -----------------------------------------------------------------------

    def sentences(self) -> tuple[str, ...]:
        """Return the answer: what it is worth, what cash does, and what becomes of people."""
        told = (self._ended, self._short, self._worth, self._cash, self._jobs)
        return tuple(said for said in (tell() for tell in told) if said)

    def proof(self) -> tuple[str, ...]:
        """Return what the solver says of the plan, and what a second computation confirms."""
        return (self._sure(), self._checked())

    def _ended(self) -> str:
        """Say that the search did not come to its end, where it did not."""
        return _ENDED.get(self.plan.status, "")

    def _short(self) -> str:
        """Say which rules the plan does not keep, from when and by how much."""
        if not self.plan.falls_short:
            return ""
        told = [f"cash is {below(self.plan, self.wording)}"] if self.plan.first_breach else []
        if self.plan.missed:
            told.append(f"it misses {misses(self.plan)}")
        allowed = ", as was allowed" if self.allowed else ""
        return f"This plan does not keep every rule{allowed}: {'; '.join(told)}."

    def _stopping(self) -> list[PlantPath]:
        return [plant for plant in self.plan.counted if plant.ends]

    def _nothing(self) -> PlanView | None:
        return next((each for each in self.others if each.kind == "do_nothing"), None)

    def _worth(self) -> str:
        gains = [
            f"{self.wording.amount(abs(self.plan.value - other.value))} "
            f"{'more' if self.plan.value >= other.value else 'less'} than {called(other)}"
            for other in self.others
        ]
        worth = "is expected to be worth" if self.plan.leaves else "is worth"
        if not gains:
            amount = self.wording.amount(self.plan.value)
            return f"The plan {worth} {amount} in present value{self._range()}."
        own = f"; its own value is {self.wording.amount(self.plan.value)}"
        return f"The plan {worth} {joined(gains)}, in present value{self._range() or own}."

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
                    f" {_capital(called(other))} falls below the floor{in_how_many(other)} from "
                    f"{breach.point.time} on, by as much as "
                    f"{self.wording.amount(-deepest.point.margin)} "
                    f"{at_end(deepest.point.time)}{where(deepest)}."
                )
        return said

    def _jobs(self) -> str:
        """Say how many are dismissed, taken over and leave, and how many remain at work."""
        sites = self.plan.sites
        if not sites:
            return ""
        parts = [
            f"{people(total)} {what}"
            for what, total in (
                ("are dismissed", sum(site.dismissed for site in sites)),
                ("leave by choice with an offer", sum(site.voluntary for site in sites)),
                ("retire or resign", sum(site.attrition for site in sites)),
                ("go with what is sold or shared", sum(site.taken_over for site in sites)),
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
        plan = self._such()
        if self.plan.gap < 5e-7:
            return f"By the solver's bound, no other plan{plan} is worth more."
        shares = []
        if self.gap_share is not None:
            shares.append(f"{plain(100 * self.gap_share, 2)} % of the gain over doing nothing")
        own = abs(self.plan.value)
        if own > self.plan.gap:
            shares.append(f"{plain(100 * self.plan.gap / own, 1)} % of its own value")
        told = f" ({', '.join(shares)})" if shares else ""
        return (
            f"By the solver's bound, no plan{plan} can be worth more than {self._gap()} "
            f"above this one{told}."
        )

    def _such(self) -> str:
        """Say among which plans the bound holds: it counts what a plan misses against it."""
        if self.allowed and not self.plan.falls_short:
            return " that keeps every rule and what was asked"
        kept = " that keeps what was asked" if self.asked else ""
        if not self.plan.falls_short:
            return kept
        return (
            f"{kept} and misses no more, all told," if kept else " that misses no more, all told,"
        )

    def _checked(self) -> str:
        """Say what the second computation confirms: figures and rules, and never the bound."""
        in_each = " in each scenario" if self.plan.leaves else ""
        if self.plan.verified and self.plan.falls_short:
            return (
                "A second, exact computation confirms every figure of this plan, what it misses "
                f"among them, and that it keeps every other rule{in_each}; it does not compute the "
                "bound again."
            )
        if self.plan.verified:
            return (
                "A second, exact computation confirms every figure of this plan and that it keeps "
                f"every rule{in_each}; it does not compute the bound again."
            )
        return "The exact computation does not confirm this plan: see the findings."

    def _gap(self) -> str:
        return self.wording.amount(self.plan.gap, 2 if self.plan.gap < 10 else 1)


_ENDED = {
    "time limit": "The search ended by its time limit, before the plan was proven.",
    "interrupted": "The search was interrupted by hand, before the plan was proven.",
}


def _lowered(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
