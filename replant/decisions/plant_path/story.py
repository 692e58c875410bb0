"""The path of one plant in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from replant.decisions.plant_path.books import FIXED_COSTS
from replant.decisions.plant_path.graph import Arc
from replant.decisions.plant_path.rows import Plant
from replant.module import Sentence, Told, exchange

__all__ = ["Story"]

_HOSTING = {
    "operate_and_host": "operates and hosts a partner",
    "host_only": "is left to a partner alone",
}


@dataclass(frozen=True)
class Story:
    """Tells one plant's path.

    Parameters
    ----------
    plant : Plant
        The plant.
    told : Told
        The solved plan.
    path : sequence of Arc
        The arcs that the plan takes, in order.
    """

    plant: Plant
    told: Told
    path: Sequence[Arc]

    def sentences(self) -> Iterator[Sentence]:
        """Yield a sentence for each change, or one for a plant that only runs."""
        tellers: dict[str, Callable[[Arc], Sentence]] = {
            "close": self._close,
            "mothball": self._mothball,
            "reopen": self._reopen,
            "close_mothballed": self._close_mothballed,
            "sell": self._sell,
            "sell_running": self._sell_running,
        }
        yield from self._hosting()
        events = [arc for arc in self.path if arc.column in tellers]
        for arc in events:
            yield tellers[arc.column](arc)
        if self.path and not events:
            text = f"{self.plant.title} runs to the end of the plan."
            yield self._said(text, "run", self._id(0), ("fixed_cost_operating",))

    def _hosting(self) -> Iterator[Sentence]:
        for state, doing in _HOSTING.items():
            for begin, end in _spells([arc.start for arc in self.path if arc.state == state]):
                text = f"{self.plant.title} {doing} from {self._when(begin)} {self._until(end)}."
                columns = (FIXED_COSTS[state], "can_host")
                yield self._said(text, "", self._id(begin), columns, until=self._id(end))

    def _close(self, arc: Arc) -> Sentence:
        text = (
            f"{self.plant.title} is to close, announced at the start of {self._when(arc.start)}: "
            f"it builds cars {self._notice(arc)}"
            f"{self._costs(closure=arc.start, remediation=arc.stop)}."
        )
        columns = ("closure_cost", "remediation_cost", "notice_months", "fixed_cost_operating")
        return self._event(text, "close", arc, columns)

    def _mothball(self, arc: Arc) -> Sentence:
        text = (
            f"{self.plant.title} is to be mothballed, announced at the start of "
            f"{self._when(arc.start)}: it builds cars {self._notice(arc)}"
            f"{self._costs(mothball=arc.start)}."
        )
        columns = ("mothball_cost", "notice_months", "fixed_cost_mothballed")
        return self._event(text, "mothball", arc, columns)

    def _reopen(self, arc: Arc) -> Sentence:
        text = (
            f"{self.plant.title} is reopened from {self._when(arc.start)}, ready after "
            f"{self.plant.reopen_months} months: reopening "
            f"{self._amount('reopen_cost', arc.start)}."
        )
        return self._event(text, "reopen", arc, ("reopen_cost", "reopen_months"))

    def _close_mothballed(self, arc: Arc) -> Sentence:
        text = (
            f"{self.plant.title}, mothballed until then, closes at the start of "
            f"{self._when(arc.start)}{self._costs(closure=arc.start, remediation=arc.start)}."
        )
        return self._event(text, "close", arc, ("closure_cost", "remediation_cost"))

    def _sell(self, arc: Arc) -> Sentence:
        text = (
            f"The closed site of {self.plant.title} is sold at the start of "
            f"{self._when(arc.start)} for {self._amount('sale_price', arc.start)}."
        )
        return self._event(text, "sell", arc, ("sale_price", "land_carrying"))

    def _sell_running(self, arc: Arc) -> Sentence:
        price = self._amount("running_price", arc.start) if self.plant.running_price else "nothing"
        text = (
            f"{self.plant.title} is sold running at the start of {self._when(arc.start)} "
            f"for {price}."
        )
        columns = ("running_price", "land_carrying", "carrying_amount", "life_months")
        return self._event(text, "sell", arc, columns)

    def _event(self, text: str, option: str, arc: Arc, columns: Sequence[str]) -> Sentence:
        until = self._id(arc.stop) if arc.state in ("wind_down", "reopening") else ""
        return self._said(text, option, self._id(arc.start), columns, until=until)

    def _said(
        self, text: str, option: str, period: str, columns: Sequence[str], until: str = ""
    ) -> Sentence:
        plant = self.plant
        return Sentence(
            text,
            subject=f"plant.{plant.id}",
            option=f"plant.{plant.id}.{option}" if option else "",
            period=period,
            until=until,
            cells=frozenset(plant.cell(column) for column in columns),
        )

    def _notice(self, arc: Arc) -> str:
        if arc.stop == arc.start:
            return "no longer"
        periods = self.told.clock.periods
        months = sum(period.months for period in periods[arc.start : arc.stop])
        notice = self.plant.notice_months
        if arc.stop == len(periods) or months == notice:
            return f"{self._until(arc.stop)}, after {notice} months of notice"
        return (
            f"{self._until(arc.stop)}, after {months} months: {notice} of notice and the rest of "
            "the period"
        )

    def _costs(self, **at: int) -> str:
        """Return what an event costs, part by part; nothing of what costs nothing."""
        parts = [
            f"{_CALLED[name]} {self._amount(f'{name}_cost', index)}"
            for name, index in at.items()
            if getattr(self.plant, f"{name}_cost")
        ]
        return f"; {', '.join(parts)}" if parts else ""

    def _until(self, index: int) -> str:
        beyond = index == len(self.told.clock.periods)
        return "to the end of the plan" if beyond else f"until {self._when(index)}"

    def _id(self, index: int) -> str:
        periods = self.told.clock.periods
        return periods[index].id if index < len(periods) else ""

    def _when(self, index: int) -> str:
        period = self.told.clock.periods[index]
        return f"{period.id} ({period.start:%B %Y})"

    def _amount(self, column: str, index: int) -> str:
        case, periods = self.told.case, self.told.clock.periods
        period = periods[min(index, len(periods) - 1)].id
        amount = self.plant.quantity(column) * exchange(case, self.plant.currency, period)
        return f"{float(amount):,.1f} {case.settings.units.money}"


_CALLED = {"closure": "closure", "remediation": "remediation", "mothball": "mothballing"}


def _spells(periods: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Gather periods that follow each other: the first, and one past the last."""
    for period in periods:
        if period - 1 not in periods:
            end = period
            while end in periods:
                end += 1
            yield period, end
