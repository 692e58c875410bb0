"""Sourcing: which model is made where, in how many shifts, and shipped to which market.

The maths stand in ``docs/explanation/tables.md``, section 4.2, and on the page of this decision.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from replant.case import Case, Finding, Row
from replant.decisions.sourcing.demand import Markets
from replant.decisions.sourcing.doubts import (
    cost_above_prices,
    demand_with_holes,
    more_shifts_than_most,
)
from replant.decisions.sourcing.flows import Flows
from replant.decisions.sourcing.lines import Lines
from replant.decisions.sourcing.money import book_shipments
from replant.decisions.sourcing.network import Network
from replant.decisions.sourcing.past import Past
from replant.decisions.sourcing.shifts import Shifts
from replant.decisions.sourcing.tables import TABLES
from replant.decisions.sourcing.telling import sentences
from replant.module import Builder, Sentence, Told
from replant.units import ONE

__all__ = ["MODULE", "Sourcing"]


class Sourcing:
    """Chooses shifts, launches, running lines and shipments."""

    name: ClassVar[str] = "sourcing"
    tables: ClassVar[tuple[type[Row], ...]] = TABLES
    least: ClassVar[tuple[str, ...]] = ("added",)

    def applies(self, case: Case) -> bool:
        """Return whether the case has lines."""
        return case.has("lines")

    def contradictions(self, case: Case) -> Iterator[Finding]:
        """Find plants that work more shifts today than they can."""
        yield from more_shifts_than_most(case)

    def cautions(self, case: Case) -> Iterator[Finding]:
        """Find demand that stops and begins again, and cars that cost more than they bring."""
        yield from demand_with_holes(case)
        yield from cost_above_prices(case)

    def build(self, case: Case, to: Builder) -> None:
        """Add shifts, shipments, lines and demand, and book what they earn and cost."""
        self._declare(to)
        network = Network(case, to)
        past = Past(network)
        shifts = Shifts(network, past, to)
        flows = Flows(network, past, to)
        shifts.build()
        Lines(network, flows, shifts, past, to).build()
        flows.post()
        flows.bind_lanes()
        Markets(network, flows, to).build()
        book_shipments(network, flows, to)

    def _declare(self, to: Builder) -> None:
        """Declare the streams of others that this module reads."""
        to.stream("operating", ("plant", "period"), ONE)
        to.stream("launchable", ("plant", "period"), ONE)
        to.stream("offered", ("model", "period"), ONE)
        to.stream("dealt", ("deal", "period"), ONE)
        to.stream("renewed", ("model", "period"), ONE)

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Tell launches, lines that stop and shifts that change."""
        yield from sentences(told)


MODULE = Sourcing()
