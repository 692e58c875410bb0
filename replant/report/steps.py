"""What a plan does in a few lines, one for each kind of deed: a board reads it in half a minute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from replant.report.besides import besides
from replant.report.data import Offer, PlantPath, PlanView, Time
from replant.report.words import Wording, count_word, joined, people

__all__ = ["Steps"]

_FEW = 5
_AT_WORK = ("operate", "operate_and_host", "wind_down", "host_only", "reopening")
_GONE = ("closed", "sold")
_RUNNING = ("operate", "operate_and_host")
_PROPERTY = {
    "leaseback": "sell and lease back",
    "sell": "sell",
    "loan on property": "borrow on",
    "stake, sell": "sell",
    "stake, buy": "buy",
}


@dataclass(frozen=True)
class Steps:
    """Gathers what a plan does by kind.

    Parameters
    ----------
    plan : PlanView
        The plan.
    times : sequence of Time
        ``now`` and the periods.
    wording : Wording
        How money is written.
    """

    plan: PlanView
    times: Sequence[Time]
    wording: Wording

    def lines(self) -> tuple[tuple[str, str], ...]:
        """Return a title and a line for each kind of deed in which something is done."""
        told = (
            *self._plants(),
            ("Property and stakes", self._property()),
            ("Deals", self._deals()),
            ("Platforms", self._platforms()),
            ("Programmes", self._programmes()),
            ("Parts", self._parts()),
            ("Launch cars", self._launches()),
            ("Cost work", self._cost_work()),
            ("Borrow", self._borrowed()),
            *self._besides(),
        )
        return tuple((title, text) for title, text in told if text)

    # -- plants ------------------------------------------------------------------------------

    def _plants(self) -> Iterator[tuple[str, str]]:
        """Say which plants are sold running, mothballed or closed, from when, and which go on."""
        ends: dict[str, list[tuple[str, str]]] = {"Sell running": [], "Mothball": [], "Close": []}
        for plant in self.plan.counted:
            if plant.ends:
                way, since = self._end(plant)
                ends[way].append((since, plant.name))
                gone = self._gone(plant)
                if way == "Mothball" and gone:
                    ends["Close"].append((gone, f"{plant.name}, mothballed before,"))
        for way, found in ends.items():
            yield way, self._by_time(found)
        going = [plant.name for plant in self.plan.counted if not plant.ends]
        if any(ends.values()) and 0 < len(going) <= _FEW:
            yield "Keep", joined(going)

    def _end(self, plant: PlantPath) -> tuple[str, str]:
        """Return in which way a plant stops, and from when it builds no more."""
        working = [place for place, state in enumerate(plant.states) if state in _AT_WORK]
        after = working[-1] + 1 if working else 0
        state = plant.states[min(after, len(plant.states) - 1)]
        since = self.times[1 + after].id if working and after < len(plant.states) else ""
        if state == "sold" and working and plant.states[after - 1] in _RUNNING:
            return "Sell running", since
        return ("Mothball" if state == "mothballed" else "Close"), since

    def _gone(self, plant: PlantPath) -> str:
        """Return the time from which a plant is closed or sold for good; empty if it never is."""
        if plant.states[-1] not in _GONE:
            return ""
        kept = [place for place, state in enumerate(plant.states) if state not in _GONE]
        return self.times[2 + kept[-1]].id if kept else ""

    def _by_time(self, found: Iterable[tuple[str, str]]) -> str:
        """Join names by the time at which something happens to them, in its order."""
        order = ["", *(time.id for time in self.times)]
        gathered: dict[str, list[str]] = {}
        for since, name in sorted(found, key=lambda each: order.index(each[0])):
            gathered.setdefault(since, []).append(name)
        return "; ".join(
            f"{joined(names)} {f'from {since}' if since else 'at once'}"
            for since, names in gathered.items()
        )

    # -- offers ------------------------------------------------------------------------------

    def _taken(self, *kinds: str) -> list[Offer]:
        found = [offer for offer in self.plan.offers if offer.taken and offer.kind in kinds]
        order = [time.id for time in self.times]
        return sorted(found, key=lambda offer: order.index(offer.period))

    def _property(self) -> str:
        gathered: dict[tuple[str, str], list[str]] = {}
        for offer in self._taken(*_PROPERTY):
            what = f"{_article(offer.name)} for {self.wording.amount(offer.price)}"
            gathered.setdefault((_PROPERTY[offer.kind], offer.period), []).append(what)
        return "; ".join(
            f"{verb} {joined(each)} in {period}" for (verb, period), each in gathered.items()
        )

    def _deals(self) -> str:
        gathered: dict[str, list[str]] = {}
        for offer in self._taken("hosting", "supply"):
            gathered.setdefault(offer.period, []).append(offer.name)
        return "; ".join(
            f"agreed in {period}: {', '.join(each)}" for period, each in gathered.items()
        )

    def _platforms(self) -> str:
        ending = [each for each in self.plan.platforms if each.ends]
        if not ending:
            return ""
        told = joined(f"{each.name} ends in {each.ends}" for each in ending)
        staying = len(self.plan.platforms) - len(ending)
        return f"{told}; {staying or 'none'} {'stays' if staying < 2 else 'stay'}"

    def _programmes(self) -> str:
        every = [offer for offer in self.plan.offers if offer.kind == "programme"]
        taken = self._taken("programme")
        if not every:
            return ""
        said = f"{_part(len(taken), len(every))} started"
        return f"{said}: {joined(offer.name for offer in taken)}" if taken else said

    def _parts(self) -> str:
        taken = self._taken("fewer variants")
        families = [offer.name.rpartition(":")[0] or offer.name for offer in taken]
        return f"fewer variants of {joined(_lowered(name) for name in families)}" if taken else ""

    # -- what the report was not written for ------------------------------------------------

    def _besides(self) -> Iterator[tuple[str, str]]:
        """Say in their own words what other modules do, each under its title."""
        for title, actions in besides(self.plan.actions).items():
            told = [_lowered(each.text.rstrip(".")) for each in actions[:_FEW]]
            more = len(actions) - len(told)
            yield title, "; ".join([*told, *([f"and {count_word(more)} more"] if more else [])])

    # -- means -------------------------------------------------------------------------------

    def _launches(self) -> str:
        """Say which cars get a line where, by the period in which its tooling begins."""
        gathered: dict[str, list[str]] = {}
        for each in self.plan.means.launches:
            model = each.model.replace(", ", " / ")  # one car of several names, not several cars
            gathered.setdefault(each.period, []).append(f"{model} at {each.plant}")
        return "; ".join(f"in {time} {joined(names)}" for time, names in gathered.items())

    def _cost_work(self) -> str:
        """Say how many are put on it at the most, from when to when, and on what."""
        each, ids = self.plan.means.at_work, [time.id for time in self.times[1:]]
        busy = [place for place, number in enumerate(each) if number >= 0.5]
        if not busy:
            return ""
        parts = sorted(
            ((max(work.people), work.project) for work in self.plan.means.works),
            key=lambda part: -part[0],
        )
        told = joined(f"{people(most)} on {name}" for most, name in parts if most >= 0.5)
        first, last = ids[busy[0]], ids[busy[-1]]
        when = f"in {first}" if first == last else f"from {first} to {last}"
        return f"up to {people(max(each))} R&D people {when}; at the most {told}"

    def _borrowed(self) -> str:
        """Say how much is borrowed in all and from what, largest first, and what is drawn."""
        loans = [loan for loan in self.plan.means.loans if loan.issued >= 0.05]
        loans.sort(key=lambda loan: -loan.issued)
        amount, told = self.wording.amount, []
        if loans:
            each = joined(f"{_lowered(loan.name)} {amount(loan.issued)}" for loan in loans)
            total = sum(loan.issued for loan in loans)
            told.append(f"{amount(total)} of bonds and loans in all: {each}")
        told += self._drawn()
        return "; ".join(told)

    def _drawn(self) -> Iterator[str]:
        drawn = self.plan.means.drawn
        most = max(drawn, default=0.0)
        if most < 0.05:
            return
        when = self.times[1 + drawn.index(most)].id
        said = f"credit lines are drawn by up to {self.wording.amount(most)}, in {when}"
        last = drawn[-1]
        if abs(last - most) < 0.05:
            yield said
        elif last < 0.05:
            yield f"{said}, and paid back by the end"
        else:
            yield f"{said}, and by {self.wording.amount(last)} at the end"


def _part(part: int, number: int) -> str:
    """Return how many of a number, and the verb: ``both are``, ``one of three is``."""
    if number == 1:
        return "the only one is" if part else "the only one is not"
    if part == number:
        return "both are" if number == 2 else f"all {count_word(number)} are"
    verb = "is" if part < 2 else "are"
    return f"{count_word(part) if part else 'none'} of {count_word(number)} {verb}"


def _lowered(name: str) -> str:
    """Return a name as it stands within a sentence; an abbreviation keeps its capitals."""
    return f"{name[:1].lower()}{name[1:]}" if name[1:2].islower() else name


def _article(name: str) -> str:
    """Return a name as it stands after a verb, with an article where it has none."""
    lowered = _lowered(name)
    first = lowered.partition(" ")[0]
    has_one = first in ("the", "a", "an", "all") or first in {count_word(n) for n in range(13)}
    return lowered if has_one else f"the {lowered}"
