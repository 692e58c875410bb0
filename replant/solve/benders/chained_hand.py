"""Many scenarios that fall into periods, answered period by period for all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.solve.benders.chained import Layout, PeriodLayout, layout_of
from replant.solve.benders.cut import Cut
from replant.solve.benders.hand import Hand, Report, Shape
from replant.solve.bunching import Answers, Bunch, State
from replant.solve.staged import Recourse, Staged

__all__ = ["ChainedHand", "hand_of"]

Floats = NDArray[np.float64]

# So many scenarios are written out at a time.
_CHUNK = 100
# A chain that would rather earn less than this per unit proves no bound.
_AGAINST = 1e-9


def hand_of(staged: Staged, numbers: Sequence[int]) -> Hand | ChainedHand:
    """Return who answers for some scenarios: all at once if they fall into periods alike."""
    if len(numbers) and len(staged.first):
        sample = staged.make(numbers[0])
        layout = layout_of(sample)
        if layout is not None:
            return ChainedHand(staged, numbers, sample, layout)
    return Hand(staged, numbers)


@dataclass(eq=False)
class _Chunk:
    """Some scenarios' figures at a first stage, one row each."""

    blocks: list[Recourse]
    lower: Floats
    upper: Floats
    below: Floats
    above: Floats


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
        what it takes from the first stage, is answered for by itself.
    layout : Layout
        How they fall apart.
    """

    staged: Staged
    numbers: Sequence[int]
    sample: Recourse
    layout: Layout
    _chain: Bunch = field(init=False)
    _periods: list[Bunch] = field(init=False)
    _alone: dict[int, tuple[Hand, Shape]] = field(default_factory=dict)
    _alike: dict[int, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._chain = Bunch(self.layout.chain.matrix)
        self._periods = [Bunch(period.matrix) for period in self.layout.periods]
        free = np.ones(len(self.sample.matrix.data), dtype=bool)
        for period in self.layout.periods:
            free[period.entries] = False
        self._common = np.flatnonzero(free)
        single = [period.single for period in self.layout.periods]
        moving = np.zeros(self.sample.matrix.shape[0], dtype=bool)
        moving[np.concatenate(single)] = True
        technology = self.sample.technology
        of_entry = np.repeat(np.arange(technology.shape[0]), np.diff(technology.indptr))
        self._firm = np.flatnonzero(~moving[of_entry])

    def shapes(self) -> list[Shape]:
        """Return what each scenario looks like: one part, its periods and chain together."""
        nothing = np.zeros((0, len(self.staged.first))), np.zeros(0), np.zeros(0)
        found = []
        for number in self.numbers:
            block = self.staged.make(number)
            self._alike[number] = self._is_alike(block)
            if not self._alike[number]:
                _, shape = self._by_itself(number)
                found.append(Shape(1, shape.integer, shape.constant, shape.rows))
            else:
                found.append(Shape(1, False, block.constant, nothing))
        return found

    def _is_alike(self, block: Recourse) -> bool:
        """Return whether a scenario differs from the sample in figures that may differ alone."""
        one, other = self.sample, block
        return bool(
            np.array_equal(one.matrix.indptr, other.matrix.indptr)
            and np.array_equal(one.matrix.indices, other.matrix.indices)
            and np.array_equal(one.matrix.data[self._common], other.matrix.data[self._common])
            and np.array_equal(one.technology.indptr, other.technology.indptr)
            and np.array_equal(one.technology.indices, other.technology.indices)
            and np.array_equal(one.technology.data[self._firm], other.technology.data[self._firm])
            and np.array_equal(one.objective, other.objective)
            and np.array_equal(np.isfinite(one.row_lower), np.isfinite(other.row_lower))
            and np.array_equal(np.isfinite(one.row_upper), np.isfinite(other.row_upper))
            and not other.integer.any()
        )

    def _by_itself(self, number: int) -> tuple[Hand, Shape]:
        if number not in self._alone:
            hand = Hand(self.staged, [number])
            self._alone[number] = hand, hand.shapes()[0]
        return self._alone[number]

    # -- asking ------------------------------------------------------------------------------

    def ask(self, first: Floats, groups: Sequence[Sequence[int]]) -> Report:
        """Return what the scenarios are worth at a first stage; see `Hand.ask`."""
        told = sorted({group for each in groups for group in each})
        place = {group: position for position, group in enumerate(told)}
        worth, constants = np.zeros(len(told)), np.zeros(len(told))
        slopes = np.zeros((len(told), len(first)))
        values = np.zeros(len(self.numbers))
        broken: list[Cut] = []
        for positions in self._chunks():
            found = self._answered(first, [self.numbers[each] for each in positions])
            for position, (value, constant, cut) in zip(positions, found, strict=True):
                values[position] = value + constant
                if value == -np.inf:
                    broken.append(cut)
                    continue
                weight = float(self.staged.probabilities[self.numbers[position]])
                here = place[groups[position][0]]
                worth[here] += weight * value
                constants[here] += weight * cut.constant
                slopes[here] += weight * cut.slope
        return Report(values, np.array(told, dtype=np.intp), worth, constants, slopes, broken)

    def solve(
        self, numbers: Sequence[int], first: Floats, time_limit: float
    ) -> tuple[Floats, Floats]:
        """Return what some scenarios are worth, and bounds on that; see `Hand.solve`."""
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

    def _answered(
        self, first: Floats, numbers: Sequence[int]
    ) -> Iterator[tuple[float, float, Cut]]:
        """Return each scenario's value, its constant and its cut."""
        blocks = [self.staged.make(number) for number in numbers]
        values, constants, slopes = self._together(first, blocks)
        for place, (number, block) in enumerate(zip(numbers, blocks, strict=True)):
            if np.isfinite(values[place]) and self._alike.get(number, True):
                cut = Cut(float(constants[place]), slopes[place])
                yield float(values[place]), block.constant, cut
                continue
            yield self._alone_answer(number, first)

    def _alone_answer(self, number: int, first: Floats) -> tuple[float, float, Cut]:
        """Answer for one scenario without the others: it is broken, or not like them."""
        hand, shape = self._by_itself(number)
        report = hand.ask(first, [[0] * shape.parts])
        weight = float(self.staged.probabilities[number]) or 1.0
        if report.broken:
            return -np.inf, shape.constant, report.broken[0]
        cut = Cut(float(report.constants[0]) / weight, report.slopes[0] / weight)
        return float(report.values[0]) - shape.constant, shape.constant, cut

    # -- all at once -------------------------------------------------------------------------

    def _together(self, first: Floats, blocks: Sequence[Recourse]) -> tuple[Floats, Floats, Floats]:
        """Return values, and constants and slopes of cuts; a value is nan where none was found."""
        chunk = _written(blocks, first)
        count, chain = len(blocks), self.layout.chain
        earned = np.zeros((count, len(self.layout.periods)))
        cuts = []
        for place, (period, bunch) in enumerate(
            zip(self.layout.periods, self._periods, strict=True)
        ):
            figures = _Figures.of(period, chunk)
            answers = figures.solved(bunch)
            earned[:, place] = figures.earned(answers)
            cuts.append(figures.cut(answers, first))
        works = np.asarray(np.isfinite(earned).all(axis=1))
        into = np.array([period.earned for period in self.layout.periods])
        lower, upper = chunk.lower[:, chain.columns], chunk.upper[:, chain.columns]
        lower[:, into] = upper[:, into] = np.where(works[:, None], earned, 0.0)
        below, above = chunk.below[:, chain.rows], chunk.above[:, chain.rows]
        objective = self.sample.objective[chain.columns]
        answers = self._chain.solve(objective, lower, upper, below, above)
        works = works & (answers.states == State.OPTIMAL)
        priced, used = _useful(answers.prices, below, above)
        reduced = objective - priced @ chain.matrix
        gains = reduced[:, into]
        works = works & np.asarray((gains >= -_AGAINST).all(axis=1))
        gains = np.maximum(gains, 0.0)
        reduced[:, into] = 0.0
        constants = used + _at_bounds(reduced, lower, upper)
        shifted = np.asarray(priced @ chain.technology)
        constants += shifted @ first
        slopes = -shifted
        for place, (constant, slope) in enumerate(cuts):
            constants += gains[:, place] * constant
            slopes += gains[:, place][:, None] * slope
        values = np.where(works & np.isfinite(constants), answers.values, np.nan)
        return values, constants, slopes


@dataclass(eq=False)
class _Figures:
    """One period's figures in all scenarios of a chunk."""

    period: PeriodLayout
    chunk: _Chunk
    objective: Floats
    lower: Floats
    upper: Floats
    which: NDArray[np.intp]
    scale: Floats

    @staticmethod
    def of(period: PeriodLayout, chunk: _Chunk) -> _Figures:
        count = len(chunk.blocks)
        objective = np.zeros((count, len(period.columns)))
        entries = np.array([block.matrix.data[period.entries] for block in chunk.blocks])
        objective[:, period.entry_at] = -entries / period.weight
        starts = chunk.blocks[0].matrix.indptr[period.single]
        scale = chunk.blocks[0].matrix.data[starts]
        lower, upper = chunk.lower[:, period.columns], chunk.upper[:, period.columns]
        above, below = chunk.above[:, period.single], chunk.below[:, period.single]
        high = np.where(scale > 0.0, above, below) / scale
        # Which moving bound binds a column before all others; where it ties, it is the one.
        which = np.full(upper.shape, -1, dtype=np.intp)
        for layer in period.layers:
            at = period.single_at[layer]
            tighter = high[:, layer] <= upper[:, at] + 1e-9
            which[:, at] = np.where(tighter, layer, which[:, at])
            upper[:, at] = np.minimum(upper[:, at], high[:, layer])
        # A limit may be a rounding below zero; what is not there cannot be less than nothing.
        near = (upper < lower) & (upper > lower - 1e-7)
        upper = np.where(near, lower, upper)
        return _Figures(period, chunk, objective, lower, upper, which, scale)

    def solved(self, bunch: Bunch) -> Answers:
        rows = self.period.rows
        return bunch.solve(
            self.objective,
            self.lower,
            self.upper,
            self.chunk.below[:, rows],
            self.chunk.above[:, rows],
        )

    def earned(self, answers: Answers) -> Floats:
        """Return what the period earns: its value and what the first stage adds in its row."""
        base = self.chunk.above[:, self.period.value_row] / self.period.weight
        found = np.where(answers.states == State.OPTIMAL, answers.values, -np.inf)
        return np.asarray(found + base)

    def cut(self, answers: Answers, first: Floats) -> tuple[Floats, Floats]:
        """Return constants and slopes of ``earned ≤ constant + slope x`` in each scenario."""
        period, blocks = self.period, self.chunk.blocks
        rows = period.rows
        priced, constants = _useful(
            answers.prices, self.chunk.below[:, rows], self.chunk.above[:, rows]
        )
        reduced = self.objective - priced @ period.matrix
        slopes = -np.asarray(priced @ period.technology)
        base = csr_matrix(blocks[0].technology[period.value_row])
        slopes -= base.toarray() / period.weight
        constants = constants + self.chunk.above[:, period.value_row] / period.weight
        constants += _at_bounds(reduced, self.lower, self.upper)
        # Only where a moving bound is the one that binds does the cut follow the first stage.
        gain = np.zeros((len(blocks), len(period.single)))
        for layer in period.layers:
            at = period.single_at[layer]
            binds = self.which[:, at] == layer
            gain[:, layer] = np.where(binds, np.maximum(reduced[:, at], 0.0), 0.0)
        gain /= self.scale
        slopes -= _moved(blocks, period, gain)
        return constants - slopes @ first, slopes


def _written(blocks: Sequence[Recourse], first: Floats) -> _Chunk:
    """Write figures out, with what the first stage takes already taken from the rows' bounds."""
    taken = np.array([block.technology @ first for block in blocks])
    return _Chunk(
        list(blocks),
        np.array([block.lower for block in blocks]),
        np.array([block.upper for block in blocks]),
        np.array([block.row_lower for block in blocks]) - taken,
        np.array([block.row_upper for block in blocks]) - taken,
    )


def _useful(prices: Floats, below: Floats, above: Floats) -> tuple[Floats, Floats]:
    """Return prices of bounds that exist, and what these bounds are worth at them."""
    useful = np.where(prices > 0.0, np.isfinite(above), np.isfinite(below))
    priced = np.where(useful, prices, 0.0)
    bound = np.where(priced > 0.0, above, np.where(priced < 0.0, below, 0.0))
    return priced, np.asarray((priced * bound).sum(axis=1))


def _at_bounds(reduced: Floats, lower: Floats, upper: Floats) -> Floats:
    """Return the most that columns can add at their bounds; infinite where one has none."""
    ends = np.where(reduced > 0.0, upper, lower)
    small = np.abs(reduced) <= 1e-9
    with np.errstate(invalid="ignore"):
        gains = np.where(small & ~np.isfinite(ends), 0.0, reduced * ends)
    gains = np.where(reduced == 0.0, 0.0, gains)
    return np.asarray(gains.sum(axis=1))


def _moved(blocks: Sequence[Recourse], period: PeriodLayout, gain: Floats) -> Floats:
    """Return what moving bounds take from slopes: gain times the first stage's coefficients."""
    technology = blocks[0].technology
    starts, stops = technology.indptr[period.single], technology.indptr[period.single + 1]
    lengths = stops - starts
    entries = np.repeat(starts - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
    of_row = np.repeat(np.arange(len(period.single)), lengths)
    data = np.array([block.technology.data[entries] for block in blocks])
    columns = technology.indices[entries]
    place = csr_matrix(
        (np.ones(len(entries)), (np.arange(len(entries)), columns)),
        shape=(len(entries), technology.shape[1]),
    )
    return np.asarray((gain[:, of_row] * data) @ place)
