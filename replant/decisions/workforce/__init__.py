"""Who stays, moves, leaves on an offer, is dismissed or hired: stocks of people by group.

Only the opening of a voluntary offer is a yes or no; all else is a number of people. Headcount
itself follows from these, so it is a derived column.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import reduce
from operator import add
from typing import ClassVar

from replant.case import Case, Finding, Row
from replant.decisions.workforce.at_work import post_at_work
from replant.decisions.workforce.doubts import dismissed_for_nothing
from replant.decisions.workforce.force import JOINING, Force
from replant.decisions.workforce.joining import bind_joining
from replant.decisions.workforce.minima import bind_minima
from replant.decisions.workforce.rows import Group, Move, VoluntaryOffer
from replant.decisions.workforce.story import sentences
from replant.kernel import Expr
from replant.ledger import Part
from replant.module import Builder, Sentence, Told
from replant.units import ONE, PEOPLE, Quantity

__all__ = ["MODULE", "Group", "Move", "VoluntaryOffer", "Workforce"]

THOUSANDTH = Fraction(1, 1000)


class Workforce:
    """Keeps the stock of people of each group, what the work needs, and what people cost."""

    name: ClassVar[str] = "workforce"
    tables: ClassVar[tuple[type[Row], ...]] = (Group, Move, VoluntaryOffer)
    acts: ClassVar[tuple[str, ...]] = ("dismiss", "move", "leave", "open")

    def applies(self, case: Case) -> bool:
        """Return whether the case has people."""
        return case.has("people")

    def cautions(self, case: Case) -> Iterator[Finding]:
        """Find groups that a plan may shed at no cost."""
        yield from dismissed_for_nothing(case)

    def build(self, case: Case, to: Builder) -> None:
        """Add headcount, what changes it, what it must reach, and what it costs."""
        self._streams(to)
        force = Force(case, to)
        for group in force.groups:
            self._balance(force, group)
            self._pay(force, group)
        post_at_work(force)
        self._needs(force)
        self._offers(force)
        self._moves(force)
        self._followers(force)
        self._dismissals(force)
        self._hires(force)
        bind_joining(force)

    def _streams(self, to: Builder) -> None:
        to.stream("operating", ("plant", "period"), ONE)
        to.stream("crew_needed", ("plant", "period"), PEOPLE)
        to.stream("people_taken", ("plant", "period"), PEOPLE)
        to.stream("sold_running", ("plant", "period"), ONE)
        to.stream("rd_people_used", ("period",), PEOPLE)
        to.stream("heads", ("group", "period"), PEOPLE)
        to.stream("people", ("period",), PEOPLE)
        to.stream("exits", ("group", "kind", "period"), PEOPLE)

    # -- stocks --------------------------------------------------------------------------------

    def _balance(self, force: Force, group: Group) -> None:
        """People in a period are those before, less who left, plus who joined."""
        to = force.to
        for index in range(to.count):
            period = to.period(index).id
            heads = force.heads_at(group, index)
            change = force.heads_at(group, index - 1)
            for kind, people in force.exits(group, index).items():
                change = change + people if kind in JOINING else change - people
                to.post("exits", people, group=group.id, kind=kind, period=period)
            to.post("heads", heads, group=group.id, period=period)
            to.post("people", heads, period=period)
            to.require(
                "balance",
                heads - change,
                lower=0.0,
                upper=0.0,
                rule=f"{group.title} in {period} are those before, less who left, plus who joined.",
                group=group.id,
                period=period,
            )

    # -- what the work needs -------------------------------------------------------------------

    def _needs(self, force: Force) -> None:
        crews: dict[str, list[Group]] = {}
        for group in force.groups:
            if group.function == "production" and group.plant:
                crews.setdefault(group.plant, []).append(group)
        bind_minima(force)
        for plant, groups in crews.items():
            self._crew(force, plant, groups)
        pool = [group for group in force.groups if group.lends]
        if pool:
            self._pool(force, pool)

    def _crew(self, force: Force, plant: str, groups: Sequence[Group]) -> None:
        to = force.to
        names = " and ".join(group.title for group in groups)
        for index in range(to.count):
            period = to.period(index).id
            there = reduce(add, (force.heads_at(group, index) for group in groups))
            to.require(
                "crew",
                there - to.total("crew_needed", plant=plant, period=period),
                lower=0.0,
                rule=f"{names} man every shift that {plant} runs in {period}.",
                plant=plant,
                period=period,
            )

    def _pool(self, force: Force, pool: Sequence[Group]) -> None:
        to = force.to
        minimum = reduce(add, (group.quantity("minimum") for group in pool))
        for index in range(to.count):
            period = to.period(index).id
            there = reduce(add, (force.heads_at(group, index) for group in pool))
            to.require(
                "rd_people",
                there - to.total("rd_people_used", period=period) - minimum,
                lower=0.0,
                rule=f"R&D in {period} has people for every programme and all cost work, and "
                f"{float(minimum):,.0f} besides for what must go on.",
                period=period,
            )

    # -- what changes the stocks ---------------------------------------------------------------

    def _followers(self, force: Force) -> None:
        """Let people go with a plant in the period in which it is sold running, and only then."""
        to = force.to
        for (name, index), people in force.follow.items():
            group, period = force.group(name), to.period(index).id
            sold = to.total("sold_running", plant=str(group.plant), period=period)
            to.require(
                "follow",
                people - sold * Expr.constant(force.most[name], unit=PEOPLE),
                upper=0.0,
                rule=f"{group.title} go with their plant only in the period in which it is sold.",
                group=name,
                period=period,
            )

    def _offers(self, force: Force) -> None:
        """Bind who takes an offer, one offer for a group in a fiscal year, and book it."""
        to = force.to
        opened: dict[tuple[str, str], list[tuple[VoluntaryOffer, int]]] = {}
        for offer in force.offers:
            group = force.group(offer.group)
            for index in force.window(offer):
                place, period = (offer.id, index), to.period(index)
                opened.setdefault((group.id, period.fiscal_year), []).append((offer, index))
                self._bind_offer(force, offer, group, index)
                self._at_once(
                    force,
                    force.leave[place] * self._cost(force, offer, "payment", group, index),
                    index,
                )
        for (group_id, year), places in opened.items():
            if len(places) > 1:
                group = force.group(group_id)
                to.require(
                    "one_offer",
                    reduce(add, (force.open[offer.id, index] for offer, index in places)),
                    upper=1.0,
                    rule=f"{group.title} get at most one offer in {year}.",
                    group=group_id,
                    fiscal_year=year,
                )
                self._share_those_there(force, group, sorted(places, key=lambda each: each[1]))

    def _bind_offer(self, force: Force, offer: VoluntaryOffer, group: Group, index: int) -> None:
        to, place = force.to, (offer.id, index)
        period = to.period(index).id
        share = offer.quantity("take_up")
        to.require(
            "take_up",
            force.leave[place] - force.heads_at(group, index - 1) * share,
            upper=0.0,
            rule=f"At most {float(share):.1%} of {group.title} take the offer {offer.id} in "
            f"{period}.",
            offer=offer.id,
            period=period,
        )
        # The least of two limits on who leaves: tighter than the opening count alone.
        most = min(force.count[group.id], float(share) * force.most_at(group, index - 1))
        to.require(
            "open_to_leave",
            force.leave[place] - force.open[place] * Quantity.of(Fraction(most), PEOPLE),
            upper=0.0,
            rule=f"People leave on the offer {offer.id} in {period} only if it is open.",
            offer=offer.id,
            period=period,
        )

    def _share_those_there(
        self, force: Force, group: Group, places: Sequence[tuple[VoluntaryOffer, int]]
    ) -> None:
        """Bind leavers on all offers of one fiscal year, of which only one is open.

        It follows from the limits of each offer and from their exclusion. Alone these let two
        offers that are half open each take a whole share.
        """
        first, last = places[0][1], max(index for _, index in places)
        there = reduce(add, force.joined(group, first, last - 1), force.heads_at(group, first - 1))
        taken = [
            force.leave[offer.id, index] * (1 / offer.quantity("take_up"))
            for offer, index in places
            if offer.take_up
        ]
        if not taken:
            return
        year = force.to.period(first).fiscal_year
        force.to.require(
            "one_share",
            reduce(add, taken) - there,
            upper=0.0,
            rule=f"{group.title} leave on one offer in {year}, at most the share that takes it.",
            group=group.id,
            fiscal_year=year,
        )

    def _moves(self, force: Force) -> None:
        to = force.to
        for move in force.moves:
            source = force.group(move.from_)
            columns = [force.move[move.id, index] for index in force.window(move)]
            if not columns:
                continue
            willing = source.quantity("count") * move.quantity("acceptance")
            to.require(
                "willing",
                reduce(add, columns) - willing,
                upper=0.0,
                rule=f"At most {float(willing):,.0f} of {source.title} would move to {move.to}.",
                move=move.id,
            )
            # a move knows no currency: its cost is stated at home
            cost = move.quantity("cost") * THOUSANDTH
            for index in force.window(move):
                self._at_once(force, force.move[move.id, index] * cost, index)

    def _dismissals(self, force: Force) -> None:
        """Book severance: a charge when notice is given, cash and deduction when people go."""
        clock = force.to.clock
        for (group_id, index), people in force.dismiss.items():
            group = force.group(group_id)
            paid = clock.delayed(index, group.notice_months)
            force.to.item(
                amount=people * self._cost(force, group, "severance", group, index),
                expense="restructuring",
                balance="provisions",
                recognised=clock.parts(index, None),
                paid=paid,
                deducted=paid,
            )

    def _hires(self, force: Force) -> None:
        for (group_id, index), people in force.hire.items():
            group = force.group(group_id)
            if group.hire_cost:
                force.to.entry(
                    debit="labour",
                    credit="cash",
                    amount=people * self._cost(force, group, "hire_cost", group, index),
                    time=force.to.clock.at(index),
                )

    # -- money ---------------------------------------------------------------------------------

    def _pay(self, force: Force, group: Group) -> None:
        to = force.to
        for index in range(to.count):
            rate = self._cost(force, group, "pay", group, index) * to.clock.years(index)
            to.entry(
                debit="rd" if group.function == "rd" else "labour",
                credit="cash",
                amount=force.heads_at(group, index) * rate,
                time=to.period(index).id,
                recurring=True,
            )

    def _at_once(self, force: Force, amount: Expr, index: int) -> None:
        """Book a restructuring cost that is charged, paid and deducted at once."""
        now: tuple[Part, ...] = force.to.clock.parts(index, None)
        force.to.item(
            amount=amount,
            expense="restructuring",
            balance="provisions",
            recognised=now,
            paid=now,
            deducted=now,
        )

    def _cost(self, force: Force, row: Row, column: str, group: Group, index: int) -> Quantity:
        """Return money a head in a period, in the currency of the group."""
        return row.quantity(column) * force.to.exchange(group.currency, index) * THOUSANDTH

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say who is offered an exit, dismissed, moved and hired."""
        return sentences(told)


MODULE = Workforce()
