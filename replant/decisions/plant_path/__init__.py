"""Plants: which path of states each plant takes, as one unit of flow on a time graph.

A plant is at one node of its graph at the start of each period; an arc leads on and says in which
state the plant is until the next node. One unit of flow from the first node to the end is a lawful
history, so lead times, notices and the impossibility of return need no row of their own, and the
flow alone has whole vertices: no big constant weakens the bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from replant.case import Case, Finding, Row
from replant.decisions.plant_path.books import Books
from replant.decisions.plant_path.graph import COLUMNS, Arc, Node, TimeGraph
from replant.decisions.plant_path.rows import Plant, PlantCommitment
from replant.decisions.plant_path.story import Story
from replant.kernel import Expr
from replant.ledger import Clock
from replant.module import Builder, Sentence, Told, above_opening
from replant.units import ONE

__all__ = ["MODULE", "Arc", "Node", "Plant", "PlantCommitment", "PlantPath", "TimeGraph"]


class PlantPath:
    """Chooses for each own plant one path of states over the plan."""

    name: ClassVar[str] = "plant_path"
    tables: ClassVar[tuple[type[Row], ...]] = (Plant, PlantCommitment)

    def applies(self, case: Case) -> bool:
        """Return whether the firm has plants of its own."""
        return bool(_own_plants(case))

    def contradictions(self, case: Case) -> Iterator[Finding]:
        """Find plants that carry more, with their land, than the opening balance holds."""
        carried = {each.id: each.carrying_amount + each.land_carrying for each in _own_plants(case)}
        columns = ("carrying_amount", "land_carrying")
        yield from above_opening(case, "ppe", "plants", columns, carried)

    def build(self, case: Case, to: Builder) -> None:
        """Add each plant's flow, streams, money and options."""
        to.stream("state", ("plant", "state", "period"), ONE)
        for stream in ("operating", "launchable", "hosting_state", "sold_running"):
            to.stream(stream, ("plant", "period"), ONE)
        graphs = _graphs(case, to.clock)
        columns = _columns(graphs, to)
        for graph in graphs:
            books = Books(graph, columns, to)
            books.flow()
            books.streams()
            books.money()
            books.options()

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Tell each plant's path from one change to the next."""
        taken = {
            (column, ",".join(labels))
            for column in COLUMNS
            for labels, value in told.chosen(column).items()
            if value > 0.5
        }
        for graph in _graphs(told.case, told.clock):
            path = [arc for arc in graph.arcs if (arc.column, arc.label) in taken]
            yield from Story(graph.plant, told, path).sentences()


def _own_plants(case: Case) -> list[Plant]:
    return [plant for plant in case.rows(Plant) if plant.kind == "own"]


def _graphs(case: Case, clock: Clock) -> list[TimeGraph]:
    # A plant hosts where some deal says so; without one its hosting states have no columns.
    deals = case.rows("hosting_deals") if case.has("hosting_deals") else ()
    hosts = {deal.plant for deal in deals}
    promised = case.rows(PlantCommitment)
    return [
        TimeGraph(
            plant,
            clock,
            hosts=plant.id in hosts,
            commitments=tuple(each for each in promised if each.plant == plant.id),
        )
        for plant in _own_plants(case)
    ]


def _columns(graphs: Sequence[TimeGraph], to: Builder) -> dict[str, Expr]:
    labels: dict[str, list[str]] = {column: [] for column in COLUMNS}
    for graph in graphs:
        for arc in graph.arcs:
            labels[arc.column].append(arc.label)
    return {
        column: to.choice(column, to.dimension(column, each))
        for column, each in labels.items()
        if each
    }


MODULE = PlantPath()
