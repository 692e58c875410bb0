"""Many scenarios that fall into periods, answered period by period for all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.chain_figures import ChainFigures
from replant.solve.benders.chained import Layout, layout_of
from replant.solve.benders.chains import ScenarioChain
from replant.solve.benders.figured import Figured
from replant.solve.benders.figured_hand import FiguredHand
from replant.solve.benders.hand import AnyHand, Hand, Report, Shape
from replant.solve.benders.likeness import Likeness
from replant.solve.benders.period_figures import PeriodFigures, written
from replant.solve.bunching import Bunch
from replant.solve.staged import Recourse, Staged

__all__ = ["ChainedHand", "hand_of"]

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

# So many scenarios are written out at a time.
_CHUNK = 100


def hand_of(staged: Staged, numbers: Sequence[int]) -> AnyHand:
    """Return who answers for some scenarios: by what they fall into, if they do.

    Parameters
    ----------
    staged : Staged
        The problem.
    numbers : sequence of int
        Which scenarios.
    """
    if isinstance(staged.make, Figured):
        return FiguredHand(staged, numbers, staged.make)
    if len(numbers) and len(staged.first):
        sample = staged.make(numbers[0])
        layout = layout_of(sample)
        if layout is not None:
            return ChainedHand(staged, numbers, sample, layout)
    return Hand(staged, numbers)


@dataclass(eq=False)
class ChainedHand:
    """Some scenarios of a problem that fall into periods and a chain.

    Parameters
    ----------
    staged : Staged
        The problem.
    numbers : sequence of int
        Which scenarios.
    sample : Recourse
        One of them; a scenario whose coefficients differ in more than what a period earns, or in
        what a period takes from the first stage, is answered for by itself.
    layout : Layout
        How they fall apart.
    """

    staged: Staged
    numbers: Sequence[int]
    sample: Recourse
    layout: Layout
    _chain: Bunch = field(init=False)
    _periods: list[Bunch] = field(init=False)
    _likeness: Likeness = field(init=False)
    # Where each scenario's chain, then each of its periods, ended the time before.
    _bases: list[NDArray[np.int32]] = field(init=False)
    _only: Recourse | None = None
    _alone: dict[int, tuple[Hand, Shape]] = field(default_factory=dict)
    _alike: dict[int, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._chain = Bunch(self.layout.chain.matrix)
        self._periods = [Bunch(period.matrix) for period in self.layout.periods]
        matrices = [self.layout.chain.matrix, *(each.matrix for each in self.layout.periods)]
        heights = [matrix.shape[0] for matrix in matrices]
        count = len(self.numbers)
        self._bases = [np.full((count, height), -1, dtype=np.int32) for height in heights]
        self._likeness = Likeness(self.sample, self.layout)

    def shapes(self) -> list[Shape]:
        """Return what each scenario looks like: one part, its periods and chain together."""
        nothing = np.zeros((0, len(self.staged.first))), np.zeros(0), np.zeros(0)
        found = []
        for number in self.numbers:
            block = self.staged.make(number)
            self._alike[number] = self._likeness.has(block)
            if not self._alike[number]:
                _, shape = self._by_itself(number)
                found.append(Shape(1, shape.integer, shape.constant, shape.rows))
            else:
                chain = self._chain_of(block)
                found.append(Shape(1, False, block.constant, nothing, chain))
        return found

    def _block(self, number: int) -> Recourse:
        """Return a scenario; one alone is kept, for it is asked for again and again."""
        if len(self.numbers) > 1:
            return self.staged.make(number)
        if self._only is None:
            self._only = self.staged.make(number)
        return self._only

    def _chain_of(self, block: Recourse) -> ScenarioChain:
        chain = self.layout.chain
        return ScenarioChain(
            objective=block.objective[chain.columns],
            lower=block.lower[chain.columns],
            upper=block.upper[chain.columns],
            matrix=chain.matrix,
            technology=chain.technology,
            row_lower=block.row_lower[chain.rows],
            row_upper=block.row_upper[chain.rows],
            earned=np.array([period.earned for period in self.layout.periods], dtype=np.intp),
        )

    def _by_itself(self, number: int) -> tuple[Hand, Shape]:
        if number not in self._alone:
            hand = Hand(self.staged, [number])
            self._alone[number] = hand, hand.shapes()[0]
        return self._alone[number]

    # -- asking ------------------------------------------------------------------------------

    def ask(
        self,
        first: Floats,
        groups: Sequence[Sequence[int]],
        shares: Floats | None = None,
        only: frozenset[int] | None = None,
    ) -> Report:
        """Return what the scenarios are worth at a first stage; see `AnyHand.ask`.

        A scenario with several groups is told period by period: what each earns at most, times the
        scenario's share of its bundle. Its last group is for the bundle as a whole, weighted. A
        scenario that is a bundle of its own is not told as a whole, since its periods say it all,
        unless nothing can be told of these. What is not told has a cut without an end.
        """
        told = sorted({group for each in groups for group in each})
        place = {group: position for position, group in enumerate(told)}
        mine = np.array([[place[group] for group in each] for each in groups], dtype=np.intp)
        parts = np.ones(len(groups)) if shares is None else shares
        report = Report(
            np.zeros(len(self.numbers)),
            np.array(told, dtype=np.intp),
            np.zeros(len(told)),
            np.zeros(len(told)),
            np.zeros((len(told), len(first))),
            [],
        )
        if only is not None:
            self._tell_only(first, np.isin(told, list(only)), mine, parts, report)
            return report
        unsaid: list[int] = []
        for positions in self._chunks():
            left = self._tell(first, np.array(positions), mine, parts, report)
            for position in left:
                self._separately(first, position, int(mine[position, -1]), report)
                unsaid.extend(mine[position, :-1].tolist())
            if mine.shape[1] > 1:
                answered = np.setdiff1d(positions, left)
                unsaid.extend(mine[answered[parts[answered] == 1.0], -1].tolist())
        report.constants[unsaid] = np.inf
        return report

    def solve(
        self, numbers: Sequence[int], first: Floats, time_limit: float
    ) -> tuple[Floats, Floats]:
        """Return what some scenarios are worth, and bounds on that; see `AnyHand.solve`."""
        hands = [self._by_itself(number)[0] for number in numbers]
        pairs = [
            hand.solve([number], first, time_limit)
            for hand, number in zip(hands, numbers, strict=True)
        ]
        values, bounds = zip(*pairs, strict=True) if pairs else ((), ())
        return np.concatenate([np.zeros(0), *values]), np.concatenate([np.zeros(0), *bounds])

    def _chunks(self) -> Iterator[range]:
        for start in range(0, len(self.numbers), _CHUNK):
            yield range(start, min(start + _CHUNK, len(self.numbers)))

    def _separately(self, first: Floats, position: int, group: int, report: Report) -> None:
        """Answer for one scenario without the others: it is broken, or not like them."""
        hand, shape = self._by_itself(self.numbers[position])
        own = hand.ask(first, [[0] * shape.parts])
        report.values[position] = own.values[0]
        if own.broken:
            report.broken.append(own.broken[0])
            return
        report.worth[group] += own.worth.sum()
        report.constants[group] += own.constants.sum()
        report.slopes[group] += own.slopes.sum(axis=0)

    # -- all at once -------------------------------------------------------------------------

    def _tell(
        self,
        first: Floats,
        positions: Places,
        mine: Places,
        parts: Floats,
        report: Report,
    ) -> list[int]:
        """Answer for a chunk of scenarios; return the positions that it could not answer for."""
        figures, chained, bounds, works = self._answered(first, positions, report)
        group, by_period = mine[positions, -1], mine.shape[1] > 1
        here, one = np.unique(group, return_index=True)
        inside = works & (group == here[:, None])
        numbers = [self.numbers[position] for position in positions]
        weights = np.where(inside, self.staged.probabilities[numbers], 0.0)
        shares = np.where(inside, parts[positions], 0.0)
        value, bound = np.where(works, chained.values, 0.0), np.where(works, bounds, 0.0)
        report.worth[here] += weights @ value
        # A scenario that is a bundle of its own need not be told as a whole.
        bundles = np.flatnonzero((shares != 1.0).all(axis=1) | (not by_period))
        weights = weights[bundles]
        slopes = -np.asarray((weights @ chained.prices) @ self.layout.chain.technology)
        for place, each in enumerate(figures):
            gained = weights * chained.gains[:, place]
            if not by_period:
                slopes += each.slopes(gained)
                continue
            both = each.slopes(np.vstack([gained, shares]))
            slopes += both[: len(bundles)]
            groups, own = mine[positions[one], place], both[len(bundles) :]
            report.worth[groups] += shares @ np.where(works, each.earned, 0.0)
            report.constants[groups] += shares @ np.where(works, each.bounds, 0.0) - own @ first
            report.slopes[groups] += own
        report.constants[here[bundles]] += weights @ bound - slopes @ first
        report.slopes[here[bundles]] += slopes
        left: list[int] = positions[~works].tolist()
        return left

    def _tell_only(
        self,
        first: Floats,
        wanted: NDArray[np.bool_],
        mine: Places,
        parts: Floats,
        report: Report,
    ) -> None:
        """Tell what some periods of some bundles earn, and nothing else."""
        report.values[:] = -np.inf
        report.constants[~wanted] = np.inf
        for chunk_of in self._chunks():
            positions = np.array(chunk_of)
            positions = positions[wanted[mine[positions, :-1]].any(axis=1)]
            if not len(positions):
                continue
            numbers = [self.numbers[position] for position in positions]
            chunk = written([self.staged.make(number) for number in numbers], first)
            alike = np.array([self._alike.get(number, True) for number in numbers])
            for place, period in enumerate(self.layout.periods):
                asked = np.flatnonzero(wanted[mine[positions, place]])
                if not len(asked):
                    continue
                each = PeriodFigures.solved(period, chunk.some(asked), self._periods[place])
                groups, share = mine[positions[asked], place], parts[positions[asked]]
                works = alike[asked] & np.isfinite(each.earned) & np.isfinite(each.bounds)
                here = np.unique(groups)
                weights = np.where(works & (groups == here[:, None]), share, 0.0)
                slopes = each.slopes(weights)
                bounds = np.where(works, each.bounds, 0.0)
                report.worth[here] += weights @ np.where(works, each.earned, 0.0)
                report.constants[here] += weights @ bounds - slopes @ first
                report.slopes[here] += slopes
                report.constants[groups[~works]] = np.inf

    def _answered(
        self, first: Floats, positions: Places, report: Report
    ) -> tuple[list[PeriodFigures], ChainFigures, Floats, NDArray[np.bool_]]:
        """Return a chunk's figures, what its chains came to, bounds on that, and who is answered.

        What they are worth is written into the report.
        """
        here = slice(int(positions[0]), int(positions[-1]) + 1)
        numbers = [self.numbers[position] for position in positions]
        blocks = [self._block(number) for number in numbers]
        chunk = written(blocks, first)
        figures = [
            PeriodFigures.solved(period, chunk, bunch, bases[here])
            for period, bunch, bases in zip(
                self.layout.periods, self._periods, self._bases[1:], strict=True
            )
        ]
        earned = np.stack([each.earned for each in figures], axis=1)
        objective = self.sample.objective
        chained = ChainFigures.solved(
            self.layout, objective, chunk, earned, self._chain, self._bases[0][here]
        )
        bounds = chained.bounds + sum(
            chained.gains[:, place] * (each.bounds - each.earned_or_zero)
            for place, each in enumerate(figures)
        )
        works = chained.works & np.isfinite(bounds)
        works &= np.array([self._alike.get(number, True) for number in numbers])
        constants = np.array([block.constant for block in blocks])
        report.values[positions[works]] = (chained.values + constants)[works]
        return figures, chained, np.asarray(bounds), works
