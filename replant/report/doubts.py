"""What a reader must not overlook: a plan that is best of all and still does not do well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from replant.report.data import PlanView, Stake, Tie
from replant.report.distance import below, called, misses
from replant.report.words import Wording, joined, people, percent, plain, plural

__all__ = ["Doubts"]

_THIN = 0.01
"""Headroom of less than this share of a year's revenue is next to none."""
_FAR = 0.05
"""A comparator whose own gap is a larger share of the gain over it is not known well."""
_MOSTLY = 0.25
"""A part of the gain larger than this that lies after the horizon is worth a word."""


@dataclass(frozen=True)
class Doubts:
    """Says in sentences what stands against a plan, from its own figures.

    Parameters
    ----------
    plan : PlanView
        The plan.
    nothing : PlanView or None
        Doing nothing.
    years : sequence of str
        The fiscal years.
    wording : Wording
        How money is written.
    stakes : sequence of Stake
        The assumptions by what they move, largest first.
    ties : sequence of Tie
        Closed years, fitted and foretold.
    unsourced : float or None
        The share of the case's numbers that are estimated, assumed or rest on nothing.
    others : sequence of PlanView
        What it is compared with.
    """

    plan: PlanView
    nothing: PlanView | None
    years: Sequence[str]
    wording: Wording
    stakes: Sequence[Stake]
    ties: Sequence[Tie]
    unsourced: float | None
    others: Sequence[PlanView] = ()

    def sentences(self) -> tuple[str, ...]:
        """Return one sentence for each doubt; none where there is none."""
        told = (
            self._floor,
            self._value,
            self._later,
            self._interest,
            self._headroom,
            self._debt,
            self._turned_over,
            self._comparators,
            self._limits,
            self._ground,
        )
        return tuple(said for tell in told for said in tell())

    def _amount(self, value: float) -> str:
        return self.wording.amount(value)

    def _floor(self) -> Iterator[str]:
        """Say that nobody pays for what cash lacks."""
        if self.plan.first_breach is not None:
            yield (
                f"Cash is {below(self.plan, self.wording)}: the plan does not say who pays for "
                "that, and its value bears no cost of it."
            )

    def _value(self) -> Iterator[str]:
        """Say when the best there is destroys value all the same, and of what it is made."""
        if self.plan.value > -0.05:
            return
        parts = ", ".join(
            f"{self._amount(amount)} {name}"
            for name, amount in self.plan.parts
            if abs(amount) >= 0.05
        )
        yield (
            f"The plan's own value is below zero, {self._amount(self.plan.value)}: it is the least "
            f"loss and no gain ({parts})."
        )

    def _later(self) -> Iterator[str]:
        """Say how much of the gain is what the business is thought to earn for ever after."""
        if self.nothing is None:
            return
        gain = self.plan.value - self.nothing.value
        later = dict(self.plan.parts).get(LATER, 0.0) - dict(self.nothing.parts).get(LATER, 0.0)
        if gain > 0.05 and later > _MOSTLY * gain:
            yield (
                f"Of the gain over doing nothing, {self._amount(later)} ({percent(later / gain)}) "
                f"comes after {self.years[-1]}, from the business as it then is."
            )

    def _interest(self) -> Iterator[str]:
        earned = self._line(0, "Automotive operating profit")
        paid = -(self._line(0, "Interest") or 0.0)
        if earned is not None and paid > 0.05 and paid > earned:
            yield (
                f"In {self.years[-1]}, interest of {self._amount(paid)} is more than the "
                f"automotive operating profit of {self._amount(earned)}."
            )

    def _line(self, statement: int, name: str) -> float | None:
        """Return a line of the last year, if there is such a line."""
        if not self.plan.statements:
            return None
        lines = self.plan.statements[statement].lines
        return next((line.years[-1] for line in lines if line.name == name), None)

    def _headroom(self) -> Iterator[str]:
        """Say when next to nothing is left above the floor."""
        lowest = self.plan.tightest.point
        revenue = self._line(0, "Revenue") or 0.0
        if not self.plan.bounded or lowest.headroom >= _THIN * revenue or lowest.headroom < -0.05:
            return
        if lowest.headroom < 0.05:
            said = "Nothing is left"
        else:
            said = f"No more than {self._amount(lowest.headroom)} is left"
        drawn = ", with every credit line counted in," if self.plan.has_lines else ""
        when = "at once" if lowest.time == "now" else f"at the end of {lowest.time}"
        yield (
            f"{said} above the cash floor{drawn} {when}, less than {percent(_THIN)} of a year's "
            "revenue: whatever goes worse than planned is not paid for."
        )

    def _debt(self) -> Iterator[str]:
        """Say what falls due soon after the last year that is planned."""
        owed = self._line(2, "Debt") or 0.0
        soon, end = self.plan.due_soon, f"of debt at the end of {self.years[-1]}"
        if soon > 0.05:
            every = abs(owed - soon) < 0.05
            told = (
                f"All {self._amount(owed)} {end}"
                if every
                else (f"Of {self._amount(owed)} {end}, {self._amount(soon)}")
            )
            yield (
                f"{told} falls due within two years after it: the plan does not show how that is "
                "repaid."
            )

    def _turned_over(self) -> Iterator[str]:
        """Say where people are dismissed and others hired, as if that cost no trust."""
        both = [site for site in self.plan.sites if min(site.dismissed, site.hired) >= 0.5]
        if not both:
            return
        fewer = sum(site.dismissed for site in both)
        more = sum(site.hired for site in both)
        yield (
            f"At {len(both)} {plural(len(both), 'site')} {people(fewer)} people are dismissed and "
            f"{people(more)} others hired."
        )

    def _comparators(self) -> Iterator[str]:
        """Say how far a plan it is compared with may itself be from the best of its kind."""
        loose = [other for other in self.others if other.gap >= _FAR * abs(self._gain(other))]
        told = [
            f"{called(other)} is proven to within {self._amount(other.gap)} only, so that the gain "
            f"over it of {self._amount(self._gain(other))} may be as much less"
            for other in loose
            if abs(self._gain(other)) > 0.05
        ]
        if told:
            said = joined(told)
            yield f"{said[:1].upper()}{said[1:]}."

    def _gain(self, other: PlanView) -> float:
        return self.plan.value - other.value

    def _limits(self) -> Iterator[str]:
        """Say which limits the plan and the others miss, from when and by how much."""
        if self.plan.missed:
            yield f"The plan misses {misses(self.plan)}."
        for other in self.others:
            if other.missed:
                said = f"{called(other)} misses {misses(other)}."
                yield f"{said[:1].upper()}{said[1:]}"

    def _ground(self) -> Iterator[str]:
        """Say how much rests on assumptions, what the largest moves, and what was foretold."""
        parts = []
        if self.unsourced is not None and self.unsourced > 0.005:
            share = plain(100 * self.unsourced, 0)
            parts.append(f"{share} % of the case's numbers are estimates or assumptions")
        first = next(iter(self.stakes), None)
        if first is not None and first.low is not None and first.high is not None:
            low, high = (self.wording.change(end) for end in sorted((first.low, first.high)))
            name = first.name[:1].lower() + first.name[1:]
            parts.append(f"the range of the largest ({name}) alone moves value by {low} to {high}")
        parts += self._foretold()
        if parts:
            yield f"All this rests on its numbers: {'; '.join(parts)}."

    def _foretold(self) -> list[str]:
        missed = worst_foretold(self.ties)
        if missed is None:
            return []
        return [
            f"{missed.year}, foretold and not fitted, misses {_lowered(missed.name)} by "
            f"{self._amount(abs(missed.difference))}"
        ]


def _lowered(name: str) -> str:
    words = name.replace("_", " ")
    return f"{words[:1].lower()}{words[1:]}"


LATER = "after the horizon"
"""What the part of value is called that lies beyond the last period."""


def worst_foretold(ties: Sequence[Tie]) -> Tie | None:
    """Return the foretold line of operating profit, else the one that is missed most in money."""
    foretold = [tie for tie in ties if tie.within is None and tie.unit == "money"]
    profit = [tie for tie in foretold if "operating_profit" in tie.name.replace(" ", "_").lower()]
    return max(profit or foretold, key=lambda tie: abs(tie.difference), default=None)
