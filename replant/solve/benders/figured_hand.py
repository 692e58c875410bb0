"""Scenarios that fall apart, each solved as a whole, told part by part.

The prices at which a scenario is at its best say what every row that ties it is worth. With these
the cut on the whole scenario falls into one cut for each part: what a part earns, less what its
figures are worth at these prices, cannot exceed what its own rows and bounds allow. Their sum is
the cut on the whole; one by one they also hold where the parts are put together otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from replant.errors import SolverError, Unbounded
from replant.solve.benders.cut import Cut, proven
from replant.solve.benders.figured import Figured
from replant.solve.benders.hand import Hand, Report, Shape
from replant.solve.benders.oracle import BROKEN, Answer, Oracle, scaled
from replant.solve.benders.part import Part, first_stage_rows_of
from replant.solve.benders.pieces import Piece, Pieces, pieces_of
from replant.solve.benders.softened import DEAR, softened
from replant.solve.staged import Staged

__all__ = ["FiguredHand"]

Floats = NDArray[np.float64]

# Missing the ties costs less than this share of what a scenario is worth: hardly anything.
_NEARLY = 0.01
# How often the price of a missed tie may be raised, and by how much.
_DEARER, _TIMES = 3, 20.0


@dataclass(eq=False)
class FiguredHand:
    """Some scenarios of a problem whose scenarios fall apart.

    Parameters
    ----------
    staged : Staged
        The problem.
    numbers : sequence of int
        Which scenarios.
    figured : Figured
        How they fall apart, and which columns tell of each.
    """

    staged: Staged
    numbers: Sequence[int]
    figured: Figured
    _told: dict[int, _Told] = field(default_factory=dict)
    _alone: dict[int, Hand] = field(default_factory=dict)

    def shapes(self) -> list[Shape]:
        """Make the scenarios; return what each looks like: its parts, and its chain as one more."""
        found = []
        for number in self.numbers:
            block = self.staged.make(number)
            pieces = pieces_of(block, self.figured.falls[number])
            first = int(self.figured.starts[number])
            self._told[number] = _Told(pieces, first, block.constant)
            matrix, lower, upper = first_stage_rows_of(block)
            rows = matrix.toarray(), lower, upper
            integer = bool(block.integer.any())
            parts = len(pieces.parts) + 1
            found.append(Shape(parts, integer, block.constant, rows, apart=True))
        return found

    def ask(
        self,
        first: Floats,
        groups: Sequence[Sequence[int]],
        shares: Floats | None = None,
        only: frozenset[int] | None = None,
    ) -> Report:
        """Return what the scenarios are worth at a first stage; see `AnyHand.ask`."""
        told = sorted({group for each in groups for group in each})
        place = {group: position for position, group in enumerate(told)}
        report = Report(
            np.zeros(len(self.numbers)),
            np.array(told, dtype=np.intp),
            np.zeros(len(told)),
            np.zeros(len(told)),
            np.zeros((len(told), len(first))),
            [],
            apart=True,
        )
        for position, number in enumerate(self.numbers):
            scenario = self._told[number]
            answer = scenario.oracle.ask(first)
            report.values[position] = answer.value + scenario.constant
            here = [place[group] for group in groups[position]]
            if not answer.feasible:
                broken, answer = answer, scenario.softly(first)
                if not answer.feasible or scenario.nearly(answer):
                    report.broken.extend(scenario.broken(broken, first))
                if not answer.feasible:
                    report.constants[here] = np.inf
                    continue
                # What the parts are worth if missing a tie had its price holds all the same.
            weight = float(self.staged.probabilities[number])
            report.worth[here] += weight * scenario.worth(answer)
            for row, cut in zip(here, scenario.cuts(answer, first), strict=True):
                report.constants[row] += weight * cut.constant
                report.slopes[row] += weight * cut.slope
        return report

    def solve(
        self, numbers: Sequence[int], first: Floats, time_limit: float
    ) -> tuple[Floats, Floats]:
        """Return what some scenarios are worth, and bounds on that; see `AnyHand.solve`."""
        pairs = []
        for number in numbers:
            if number not in self._alone:
                self._alone[number] = Hand(self.staged, [number])
                self._alone[number].shapes()
            pairs.append(self._alone[number].solve([number], first, time_limit))
        values, bounds = zip(*pairs, strict=True) if pairs else ((), ())
        return np.concatenate([np.zeros(0), *values]), np.concatenate([np.zeros(0), *bounds])


@dataclass(eq=False)
class _Told:
    """A scenario, where its columns begin in the first stage, and its constant."""

    pieces: Pieces
    start: int
    constant: float
    oracle: Oracle = field(init=False)
    soft: Oracle = field(init=False)
    _dear: float = DEAR

    def __post_init__(self) -> None:
        self.oracle = Oracle(self.pieces.whole)
        self.soft = Oracle(softened(self.pieces.whole, self.pieces.ties))

    def softly(self, first: Floats) -> Answer:
        """Ask as if ties could be missed at a price: dearer, if missing them pays without end.

        Raises
        ------
        Unbounded
            If it pays at any price.
        """
        for _ in range(_DEARER):
            try:
                return self.soft.ask(first)
            except Unbounded:
                self._dear *= _TIMES
                self.soft = Oracle(softened(self.pieces.whole, self.pieces.ties, self._dear))
        return self.soft.ask(first)

    def nearly(self, answer: Answer) -> bool:
        """Return whether the ties are missed by so little that its price says too little."""
        assert answer.values is not None
        width = len(self.pieces.whole.objective)
        paid = float(self.soft.part.objective[width:] @ answer.values[width:])
        return -paid <= _NEARLY * max(1.0, abs(answer.value))

    def worth(self, answer: Answer) -> Floats:
        """Return what each part, and at last the chain, is worth in the scenario's plan."""
        assert answer.values is not None
        objective = self.pieces.whole.objective
        earned = objective * answer.values[: len(objective)]
        parts = [earned[each.part.columns].sum() for each in self.pieces.parts]
        return np.array([*parts, earned[self.pieces.fall.chain].sum()])

    def cuts(self, answer: Answer, first: Floats) -> list[Cut]:
        """Return a cut on what each part is worth, and at last on the chain.

        Raises
        ------
        SolverError
            If the prices prove nothing of a part.
        """
        found = [cut for cut in self._by_part(answer, first, ray=False) if cut is not None]
        if len(found) < len(self.pieces.parts):
            raise SolverError("the prices of a scenario prove no bound on a part of it")
        slope = np.zeros(len(first))
        chain = self.pieces.fall.chain
        slope[self.start : self.start + len(chain)] = self.pieces.whole.objective[chain]
        return [*found, Cut(0.0, slope)]

    def broken(self, answer: Answer, first: Floats) -> list[Cut]:
        """Return what the first stage must keep: told by part where that says why it cannot be."""
        if answer.prices is not None:
            cuts = [cut for cut in self._by_part(answer, first, ray=True) if cut is not None]
            found = [cut for cut in map(scaled, cuts) if cut.at(first) < -BROKEN]
            if found:
                return found
        return [answer.cut]

    def _by_part(self, answer: Answer, first: Floats, *, ray: bool) -> list[Cut | None]:
        """Return for each part what the prices of the whole scenario prove of it."""
        prices = answer.prices
        assert prices is not None
        ties = prices[self.pieces.ties]
        size = float(np.abs(prices).max(initial=0.0))
        column = self.start + len(self.pieces.fall.chain)
        found: list[Cut | None] = []
        for piece in self.pieces.parts:
            stop = column + len(piece.met)
            cut = proven(_priced(piece, ties, ray=ray), prices[piece.rows], first, size=size)
            if cut is not None:
                cut.slope[column:stop] += ties[piece.met]
            found.append(cut)
            column = stop
        return found


def _priced(piece: Piece, ties: Floats, *, ray: bool) -> Part:
    """Return a part that pays for its figures what they are worth to the others."""
    paid = np.asarray(ties[piece.met] @ piece.figures, dtype=np.float64)
    return replace(piece.part, objective=-paid if ray else piece.part.objective - paid)
