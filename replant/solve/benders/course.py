"""The course of one solve: the bound, the best plan, the cuts so far, and when it must stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.chains import chains_of
from replant.solve.benders.crew import Crew, Round
from replant.solve.benders.cut import Cut
from replant.solve.benders.group_cut import EVERY_GROUP, FIRST_STAGE, GroupCut
from replant.solve.benders.grouping import groups_of, with_rows
from replant.solve.benders.kept import Bounding, bounding
from replant.solve.benders.master import Master
from replant.solve.benders.proposal import Proposal
from replant.solve.interrupt import Interrupted
from replant.solve.settings import Progress, SolveSettings
from replant.solve.staged import Staged

__all__ = ["Course"]

Floats = NDArray[np.float64]

# A cut is worth adding if the master is off by more than this share of the value.
_OFF = 1e-9
# Bound and plan that differ by no more than this share are the same number.
_SAME = 1e-7
# No plan is sought that is better by less than this share: numbers are not truer than that.
_SURE = 5e-8
# Of the groups that are off, those that make up this share of it get a cut.
_NEARLY_ALL = 0.98


@dataclass(eq=False)
class Course:
    """What one solve knows.

    Parameters
    ----------
    staged : Staged
        The problem.
    crew : Crew
        Who answers for the scenarios.
    settings : SolveSettings
        When to stop, and whom to tell.
    interrupted : Interrupted
        Whether a person asked to stop.
    keep_on_disk : callable, optional
        Called whenever there is more to keep.

    Attributes
    ----------
    bound, value : float
        What no plan exceeds, and what the best plan is worth.
    first : ndarray or None
        The first stage of the best plan, shape (n,).
    worth : ndarray or None
        What each group is worth there by the relaxed recourse, shape (groups,).
    rounds : int
        How often all scenarios were asked.
    settled : dict of bytes to float
        What first stages that were solved with all whole numbers are worth at most.
    constants : float
        Expected constant of the scenarios.
    bounding : Bounding or None
        The mean of all scenarios, where it is one that bounds them.
    """

    staged: Staged
    crew: Crew
    settings: SolveSettings
    interrupted: Interrupted = field(default_factory=Interrupted)
    began: float = field(default_factory=time.monotonic)
    keep_on_disk: Callable[[], None] | None = None
    bound: float = np.inf
    value: float = -np.inf
    first: Floats | None = None
    worth: Floats | None = None
    rounds: int = 0
    settled: dict[bytes, float] = field(default_factory=dict)
    master: Master = field(init=False)
    groups: list[list[int]] = field(init=False)
    shares: Floats = field(init=False)
    integer_recourse: bool = field(init=False)
    constants: float = field(init=False)
    bounding: Bounding | None = None
    _ceiling: float = np.inf

    def __post_init__(self) -> None:
        shapes = self.crew.shapes()
        self.integer_recourse = any(shape.integer for shape in shapes)
        chains = None
        if not self.yes_or_no and not self.integer_recourse:
            chains = chains_of([shape.chain for shape in shapes], self.staged.probabilities)
        self.groups = groups_of(shapes) if chains is None else chains.groups()
        self.shares = np.ones(len(shapes)) if chains is None else chains.shares
        count = 1 + max((max(each, default=-1) for each in self.groups), default=-1)
        if chains is not None:
            count = len(chains.weights)
        stage = with_rows(self.staged.first, shapes)
        constants = [shape.constant for shape in shapes]
        # Groups are told without the scenarios' constants, which are the same for every plan.
        self.constants = float(self.staged.probabilities @ np.array(constants))
        constant = self.staged.constant + self.constants
        if self.integer and chains is None and not any(shape.apart for shape in shapes):
            self.bounding = bounding(self.staged, self.groups)
        kept = None
        if self.bounding is not None and self.integer_recourse:
            # Such scenarios are solved in earnest again and again: the rounds saved count for more.
            kept = self.bounding.over(count)
        self.master = Master(stage, count, constant, self.settings.threads, chains, kept)

    @property
    def integer(self) -> bool:
        """Whether any column of the first stage is a whole number."""
        return bool(self.staged.first.integer.any())

    @property
    def yes_or_no(self) -> bool:
        """Whether every column of the first stage is a 0 or a 1."""
        return self.staged.first.yes_or_no

    @property
    def bundled(self) -> bool:
        """Whether scenarios are told in bundles, since there are so many."""
        return bool((self.shares != 1.0).any())

    def ceiling(self) -> float:
        """Return the most that all groups together are worth anywhere; infinite until known."""
        if not np.isfinite(self._ceiling):
            self._ceiling = self.master.most_worth()
        return self._ceiling

    # -- rounds ------------------------------------------------------------------------------

    def ask(self, first: Floats, *, only: frozenset[int] | None = None) -> Round:
        """Ask what all scenarios are worth at a first stage, their whole numbers relaxed.

        Parameters
        ----------
        first : ndarray, shape (n,)
            The first stage.
        only : frozenset of int, optional
            The groups of which cuts are wanted, and nothing else; by default everything is told.
        """
        self.rounds += only is None
        return self.crew.ask(first, self.groups, self.shares, only)

    def take(self, round: Round, at: Proposal | None = None) -> int:
        """Give the master a round's cuts; return how many.

        Parameters
        ----------
        round : Round
            The scenarios' answers.
        at : Proposal, optional
            Only the cuts that contradict this proposal are taken, those that do so most.
        """
        forbidden = self._forbid(round.broken, at) if round.broken else 0
        if round.broken and not round.apart:
            return forbidden
        known = np.isfinite(round.constants)
        chosen: Sequence[int] = np.flatnonzero(known).tolist()
        if at is not None:
            height = round.constants + round.slopes @ at.first
            untold = self.master.untold()
            off = np.where(known, (at.worth - height) * self.master.weights, 0.0)
            off[untold] = 0.0
            wrong = _most(off, _OFF * max(1.0, abs(at.value)))
            # A group without a cut counts for nothing in the proposal: it is told in any case.
            chosen = sorted({*wrong, *untold[known[untold]].tolist()})
        self.master.add(
            [
                GroupCut(group, Cut(float(round.constants[group]), round.slopes[group].copy()))
                for group in chosen
            ]
        )
        return len(chosen) + forbidden

    def _forbid(self, broken: list[Cut], at: Proposal | None) -> int:
        """Give the master what the first stage must keep; return how many cut off a proposal."""
        fresh = self.master.fresh(_distinct(broken))
        self.master.add([GroupCut(FIRST_STAGE, cut) for cut in fresh])
        if at is None:
            return len(fresh)
        return sum(cut.at(at.first) < -_OFF * max(1.0, abs(cut.constant)) for cut in fresh)

    def forbid(self, cut: Cut) -> None:
        """Give the master a cut that every first stage must keep."""
        self.master.add([GroupCut(FIRST_STAGE, cut)])

    def take_whole(self, cut: Cut) -> None:
        """Give the master a cut on what all groups are worth together."""
        self.master.add([GroupCut(EVERY_GROUP, cut)])

    def objective(self, first: Floats, expected: float) -> float:
        """Return the objective of a first stage whose recourse is worth so much."""
        return float(self.staged.first.objective @ first) + expected + self.staged.constant

    def keep(self, first: Floats, value: float, worth: Floats | None) -> None:
        """Keep a plan if it is the best so far."""
        if value <= self.value:
            return
        self.value, self.first, self.worth = value, first, worth
        # A plan is the better witness where rounding has brought the bound below it.
        self.bound = max(self.bound, value)
        if self.settings.on_first is not None:
            self.settings.on_first(value, self.bound, first)
        self.tell()

    # -- time and words ----------------------------------------------------------------------

    def seconds(self) -> float:
        """Return the seconds since the solve began."""
        return time.monotonic() - self.began

    def left(self) -> float:
        """Return the seconds left; none once a person asked to stop."""
        if self.interrupted.requested:
            return 0.0
        return max(0.0, self.settings.time_limit - self.seconds())

    def over(self) -> bool:
        """Return whether it must stop: out of time, or near enough."""
        return self.left() <= 0.0 or self.enough()

    def floor(self) -> float:
        """Return the bound below which nothing is worth seeking; minus infinity without a plan."""
        if not np.isfinite(self.value):
            return -np.inf
        sure = _SURE * max(1.0, abs(self.value))
        return self.value + max(0.9 * self.settings.allowed(self.value), sure)

    def enough(self) -> bool:
        """Return whether the plan is near enough to the bound."""
        return bool(
            np.isfinite(self.value) and self.bound - self.value <= self.settings.allowed(self.value)
        )

    def proven(self) -> bool:
        """Return whether no plan can be better than the best one, or none is possible."""
        if not np.isfinite(self.value):
            return self.bound == -np.inf
        return self.bound - self.value <= _SAME * max(1.0, abs(self.value))

    def lower_bound_to(self, bound: float) -> None:
        """Note that no plan is worth more than this (nor less than the best plan found)."""
        self.bound = min(self.bound, max(bound, self.value))

    def tell(self) -> None:
        """Tell how far it is, and keep it."""
        if self.keep_on_disk is not None:
            self.keep_on_disk()
        if self.settings.on_progress is not None:
            self.settings.on_progress(Progress(self.seconds(), self.bound, self.value))


def _most(off: Floats, allowed: float) -> list[int]:
    """Return the groups that make up nearly all by which the master is off."""
    order = np.argsort(-off, kind="stable")
    order = order[off[order] > allowed / max(1, len(off))]
    if not len(order) or off[order].sum() <= allowed:
        return []
    share = np.cumsum(off[order]) / off[order].sum()
    found: list[int] = np.sort(order[: 1 + int(np.searchsorted(share, _NEARLY_ALL))]).tolist()
    return found


def _distinct(cuts: list[Cut]) -> list[Cut]:
    """Return the cuts that are not the same as another."""
    seen: dict[bytes, Cut] = {}
    for cut in cuts:
        size = float(np.abs(cut.slope).max(initial=0.0)) or 1.0
        key = np.round(np.append(cut.slope, cut.constant) / size, 9).tobytes()
        seen.setdefault(key, cut)
    return list(seen.values())
