"""What the plan does with people, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from replant.decisions.workforce.rows import Group, Move, VoluntaryOffer
from replant.module import Sentence, Told, exchange

__all__ = ["sentences"]

HALF = 0.5
"""Fewer people than this are nobody, and nothing is said of them."""


def sentences(told: Told) -> Iterator[Sentence]:
    """Say who is offered an exit, dismissed, moved and hired."""
    story = _Story(told)
    yield from story.offers()
    yield from story.dismissals()
    yield from story.moves()
    yield from story.hires()


class _Story:
    def __init__(self, told: Told) -> None:
        self.told = told
        self.groups = {row.id: row for row in told.case.rows(Group)}
        self.starts = {period.id: period.index for period in told.case.periods}
        self.money = told.case.settings.units.money

    def _dated(self, name: str) -> dict[tuple[str, str], float]:
        """Return columns that are not zero by their row's id and their period."""
        found = {}
        for labels, value in self.told.chosen(name).items():
            row, period = ",".join(labels).split(",")
            found[row, period] = value
        return found

    def _cost(self, people: float, rate: Fraction, currency: str | None, period: str) -> str:
        """Return what so many people cost, in money."""
        moved = float(exchange(self.told.case, currency, period)) if currency else 1.0
        return f"{people * float(rate) * moved / 1000.0:,.1f} {self.money}"

    def offers(self) -> Iterator[Sentence]:
        """Say which offers open, and who takes them."""
        rows = {row.id: row for row in self.told.case.rows(VoluntaryOffer)}
        leave = self._dated("leave")
        for (offer, period), value in self._dated("open").items():
            people = leave.get((offer, period), 0.0)
            if value <= 0.5 or people < HALF:
                continue
            row = rows[offer]
            group = self.groups[row.group]
            cost = self._cost(people, row.payment, group.currency, period)
            yield Sentence(
                text=f"{group.title} are offered an exit at the start of {period}: "
                f"{people:,.0f} people take it, which costs {cost}.",
                subject=f"group.{group.id}",
                period=period,
                cells=frozenset((row.cell("payment"), row.cell("take_up"))),
            )

    def dismissals(self) -> Iterator[Sentence]:
        """Say who is given notice, when they go and what severance they get."""
        for (name, period), people in self._dated("dismiss").items():
            if people < HALF:
                continue
            group = self.groups[name]
            ready = self.told.clock.ready(self.starts[period], group.notice_months)
            periods = self.told.case.periods
            until = periods[ready].id if ready < len(periods) else ""
            cost = self._cost(people, group.severance, group.currency, period)
            severance = f"; severance {cost}" if group.severance else ""
            gone = f"and go at the start of {until}" if until else "and go after the horizon"
            if until == period:
                gone = "and go at once"
            yield Sentence(
                text=f"{people:,.0f} of {group.title} are given notice at the start of {period} "
                f"{gone}{severance}.",
                subject=f"group.{group.id}",
                period=period,
                until=until,
                cells=frozenset((group.cell("severance"), group.cell("notice_months"))),
            )

    def moves(self) -> Iterator[Sentence]:
        """Say who moves where."""
        rows = {row.id: row for row in self.told.case.rows(Move)}
        for (name, period), people in self._dated("move").items():
            if people < HALF:
                continue
            row = rows[name]
            source, target = self.groups[row.from_], self.groups[row.to]
            yield Sentence(
                text=f"{people:,.0f} of {source.title} join {target.title} at the start of "
                f"{period}, which costs {self._cost(people, row.cost, None, period)}.",
                subject=f"group.{source.id}",
                period=period,
                cells=frozenset((row.cell("cost"), row.cell("acceptance"))),
            )

    def hires(self) -> Iterator[Sentence]:
        """Say how many people each group hires, in one sentence."""
        hired: dict[str, dict[str, float]] = {}
        for (name, period), people in self._dated("hire").items():
            if people < HALF:
                continue
            hired.setdefault(name, {})[period] = people
        for name, by_period in hired.items():
            group = self.groups[name]
            ordered = sorted(by_period, key=lambda period: self.starts[period])
            first, last = ordered[0], ordered[-1]
            when = f"in {first}" if first == last else f"from {first} to {last}"
            yield Sentence(
                text=f"{group.title} hire {sum(by_period.values()):,.0f} people {when}.",
                subject=f"group.{group.id}",
                period=first,
                until=last,
                cells=frozenset((group.cell("hire_cost"), group.cell("can_hire"))),
            )
