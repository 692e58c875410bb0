"""Branch and bound over boxes of the first stage, also where its columns are continuous.

Cuts from relaxed scenarios cannot tell what whole numbers in scenarios are worth. Where parts are
lists of ways, a box of the first stage tells it: ways that fit nowhere in the box are gone, those
that fit everywhere in it are free, and what is left is a mixture of few. A box is divided at a
height where some way begins to fit, so that there are only finitely many boxes.
"""

from __future__ import annotations

import heapq
import time
from dataclasses import dataclass, field
from itertools import count

import numpy as np

from replant.errors import Unbounded
from replant.solve.dividing.box import Box, left_in
from replant.solve.dividing.divider import Divider
from replant.solve.dividing.narrowing import narrowed
from replant.solve.dividing.planning import Planner
from replant.solve.dividing.relaxation import relaxed
from replant.solve.dividing.saving import BoxKeeper, Known, OpenBox
from replant.solve.dividing.ways import Floats, Ways
from replant.solve.interrupt import Interrupted, catch_interrupt
from replant.solve.keeping.arrays import Refused
from replant.solve.keeping.shelf import set_aside
from replant.solve.settings import Progress, SolveSettings
from replant.solve.solution import StagedSolution, Status
from replant.solve.staged import FirstStage
from replant.solve.tightening import implied_bounds
from replant.solve.version import solver_version

__all__ = ["DIVIDED", "divided"]

DIVIDED = "divided"

# No plan is sought that is better by less than this share: numbers are not truer than that.
_SURE = 5e-8
# Bound and plan that differ by no more than this share are the same number.
_SAME = 1e-7


def divided(stage: FirstStage, ways: Ways, settings: SolveSettings, began: float) -> StagedSolution:
    """Search the first stage box by box.

    Parameters
    ----------
    stage : FirstStage
        The first stage.
    ways : Ways
        The ways of all parts.
    settings : SolveSettings
        When to stop, and whom to tell.
    began : float
        When the time limit began to run, by `time.monotonic`.

    Raises
    ------
    Refused
        If the file to go on from is of another problem, or damaged, and nobody is told of it.
    SolverError
        If the solver gave up, or there is no bound.
    """
    keeper = None
    if settings.saving is not None:
        keeper = BoxKeeper(settings.saving, stage, ways, settings.on_word)
    with catch_interrupt() as interrupted:
        search = _Search(stage, ways, settings, began, interrupted, keeper)
        search.run()
    return StagedSolution(
        status=search.ending(),
        first=search.first,
        objective=search.value,
        bound=search.bound,
        seconds=time.monotonic() - began,
        rounds=search.boxes,
        way=DIVIDED,
        solver=solver_version(),
    )


@dataclass(order=True)
class _Open:
    rank: float
    number: int
    known: OpenBox = field(compare=False)


@dataclass(eq=False)
class _Search:
    stage: FirstStage
    ways: Ways
    settings: SolveSettings
    began: float
    interrupted: Interrupted
    keeper: BoxKeeper | None = None
    value: float = -np.inf
    first: Floats | None = None
    bound: float = np.inf
    boxes: int = 0
    # The most that boxes may hold that are done with though they may hold a better plan.
    _unsettled: float = -np.inf
    # The most that was not sought when boxes were done with.
    _dropped: float = -np.inf
    _open: list[_Open] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)
    _told: float = 0.0

    def __post_init__(self) -> None:
        self._planner = Planner(self.stage, self.ways, self.settings.threads)
        self._divider = Divider(self.stage, self.ways)

    def run(self) -> None:
        """Search until the plan is near enough to the bound, or time is up."""
        self._begin()
        while self._open and not self._over():
            node = heapq.heappop(self._open).known
            if node.bound > self._floor():
                self._visit(node)
            self._count()
            self._keep()
        self._keep(now=True)

    def ending(self) -> Status:
        """Return how the search ended."""
        if self.bound == -np.inf:
            return Status.INFEASIBLE
        if np.isfinite(self.value):
            if self.bound - self.value <= _SAME * max(1.0, abs(self.value)):
                return Status.OPTIMAL
            if self.bound - self.value <= self.settings.allowed(self.value):
                return Status.WITHIN_GAP
        if self.interrupted.requested:
            return Status.INTERRUPTED
        return Status.TIME_LIMIT if self._late() else Status.NOT_PROVEN

    def _push(self, each: OpenBox) -> None:
        heapq.heappush(self._open, _Open(-each.bound, next(self._numbers), each))

    # -- from disk and to it -----------------------------------------------------------------

    def _begin(self) -> None:
        """Begin where an earlier search was, or with one box for all."""
        known = self._read()
        if known is not None:
            self.value, self.first, self.bound = known.value, known.first, known.bound
            self._divider.remember(known.kept, known.seen)
            if self.first is not None:
                self._tell_plan()
            # What was not sought then must not be more than what is not sought now.
            if known.dropped <= self._floor():
                self._unsettled, self._dropped = known.unsettled, known.dropped
                self.boxes = known.boxes
                for each in known.open:
                    self._push(each)
                return
        lower, upper = implied_bounds(self.stage)
        needs = np.full(2 * len(self.ways.sums), np.inf)
        box, every = Box(lower, upper, -needs, needs), np.arange(len(self.ways))
        self._push(OpenBox(self.bound, box, every, None))

    def _read(self) -> Known | None:
        if self.keeper is None:
            return None
        try:
            return self.keeper.read()
        except Refused as why:
            if self.settings.on_word is None:
                raise
            set_aside(self.keeper.path, why.message, self.settings.on_word)
            return None

    def _keep(self, *, now: bool = False) -> None:
        if self.keeper is not None:
            self.keeper.write(self._known, now=now)

    def _known(self) -> Known:
        kept, seen = self._divider.record
        return Known(
            *(self.value, self.first, self.bound, self._unsettled, self._dropped, self.boxes),
            open=[each.known for each in sorted(self._open)],
            kept=kept,
            seen=seen,
        )

    # -- one box -----------------------------------------------------------------------------

    def _visit(self, node: OpenBox) -> None:
        self.boxes += 1
        left = left_in(self.ways, node.box, node.ways)
        found = None
        if left is not None:
            found = relaxed(self.stage, self.ways, left, self.settings.threads)
        self._learn(node, -np.inf if found is None else found.bound)
        if left is None or found is None:
            return
        bound = min(node.bound, found.bound)
        if not np.isfinite(bound):
            raise Unbounded("nothing bounds what the first stage can be worth")
        if bound <= self._floor():
            return
        self._plan(found.first)
        if bound <= self._floor():
            return
        box, among = narrowed(left, found, self._floor())
        children = self._divider.divide(left, found, box)
        if not children:
            self._unsettled = max(self._unsettled, bound)
        for child, division in children:
            self._push(OpenBox(bound, child, among, division))

    def _learn(self, node: OpenBox, bound: float) -> None:
        """Remember what came of the division that made a box."""
        taken = node.bound - max(bound, self._floor())
        if node.division is not None and np.isfinite(taken):
            self._divider.learn(node.division, max(0.0, taken))

    def _plan(self, first: Floats) -> None:
        """Seek a plan near a relaxed first stage."""
        plan = self._planner.near(first, self.value)
        if plan is None or plan[0] <= self.value:
            return
        self.value, self.first = plan
        # A plan is the better witness where rounding has brought the bound below it.
        self.bound = max(self.bound, self.value)
        self._dropped = max(self._dropped, self._floor())
        self._tell_plan()

    def _tell_plan(self) -> None:
        """Tell of the best plan."""
        if self.settings.on_first is not None and self.first is not None:
            self.settings.on_first(self.value, self.bound, self.first)
        self._tell(always=True)

    # -- bound, time and words ---------------------------------------------------------------

    def _floor(self) -> float:
        """Return the bound below which a box is of no use."""
        if not np.isfinite(self.value):
            return -np.inf
        sure = _SURE * max(1.0, abs(self.value))
        return self.value + max(0.9 * self.settings.allowed(self.value), sure)

    def _count(self) -> None:
        """Tell the bound that all open boxes leave."""
        highest = max(self._open[0].known.bound if self._open else -np.inf, self._unsettled)
        self.bound = min(self.bound, max(highest, self._floor()))
        self._tell()

    def _over(self) -> bool:
        return self._late() or self.interrupted.requested or self.bound <= self._floor()

    def _late(self) -> bool:
        return time.monotonic() - self.began >= self.settings.time_limit

    def _tell(self, *, always: bool = False) -> None:
        seconds = time.monotonic() - self.began
        if self.settings.on_progress is None or (not always and seconds - self._told < 1.0):
            return
        self._told = seconds
        self.settings.on_progress(Progress(seconds, self.bound, self.value))
