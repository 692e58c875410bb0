"""A problem in two stages, solved part by part."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from replant.errors import SolverError
from replant.solve.algebra import one_thread
from replant.solve.benders.beginning import beginning
from replant.solve.benders.climbing import Climb
from replant.solve.benders.cluster import Cluster
from replant.solve.benders.course import Course
from replant.solve.benders.crew import Alone, Crew
from replant.solve.benders.crowd import Crowd
from replant.solve.benders.diving import Dive
from replant.solve.benders.each_alone import EachAlone
from replant.solve.benders.figured import told_apart, words_of
from replant.solve.benders.hardest import Hardest
from replant.solve.benders.leading_mean import lead_by_mean
from replant.solve.benders.polishing import Polish
from replant.solve.benders.priced_together import PricedTogether
from replant.solve.benders.processes import Processes
from replant.solve.benders.relaxing import Relaxed, relax
from replant.solve.benders.restarts import restart
from replant.solve.benders.saving import Keeper
from replant.solve.benders.starting import start_at
from replant.solve.benders.tree import Tree
from replant.solve.benders.work import Work
from replant.solve.choosing import BENDERS, SCIP, WHOLE
from replant.solve.counting import counted
from replant.solve.interrupt import catch_interrupt
from replant.solve.keeping.arrays import Refused
from replant.solve.keeping.shelf import set_aside
from replant.solve.settings import SolveSettings
from replant.solve.solution import StagedSolution, Status
from replant.solve.staged import Staged
from replant.solve.switched import switched
from replant.solve.version import check_version, scip_version, solver_version
from replant.solve.whole_bounds import bounded_whole
from replant.solve.whole_staged import solve_staged_whole

if TYPE_CHECKING:
    from replant.solve.benders.scip_tree import ScipTree

__all__ = ["solve_decomposed"]

Floats = NDArray[np.float64]

# Up to so many whole numbers of the first stage a tree of our own is faster than restarts; with
# cuts by period, up to so many it is better off with the time that seeking plans would take.
_TREE, _TREE_BY_PERIOD = 400, 2_000
# Plans are sought near the best one for the work that this share of the time would allow; then it
# is the bound's turn.
_POLISHED = 0.5
# So much work is left to the mean scenario, where it bounds all others.
_LED = 0.3
# A cluster's workers may come and go: the scenarios are dealt into so many shares.
_SHARES = 64


@one_thread()
def solve_decomposed(
    staged: Staged,
    settings: SolveSettings | None = None,
    crew: Crew | None = None,
    promising: float = np.inf,
    began: float | None = None,
    known: float = np.inf,
) -> StagedSolution:
    """Solve a problem in two stages by Benders decomposition.

    Parameters
    ----------
    staged : Staged
        The problem. Whole numbers of the recourse are closed where every column of the first stage
        is one; where some are continuous, the bound is that of the relaxed recourse. A problem in
        which a part is worth any amount is left to the whole.
    settings : SolveSettings, optional
        When to stop, and whom to tell; with the strategy ``SCIP`` whole numbers of the first stage
        are sought by a tree of SCIP. Of ``start`` the first stage counts.
    crew : Crew, optional
        Who answers for the scenarios: this process alone by default.
    promising : float
        Give up before the search over whole numbers if bound and plan are further apart then than
        this share of the plan.
    began : float, optional
        When the time limit began to run, by `time.monotonic`; now by default.
    known : float
        What is known of before: no plan is worth more.

    Raises
    ------
    SolverError
        If SCIP is asked for and not installed.
    """
    check_version()
    started = time.monotonic() if began is None else began
    chosen = settings or SolveSettings()
    if chosen.strategy == SCIP:
        _scip_tree()
    width = len(staged.first)
    start = None if chosen.start is None else chosen.start[:width]
    chosen = replace(chosen, start=None)
    staged = bounded_whole(staged)
    with catch_interrupt() as interrupted:
        if crew is None:
            staged, chosen = told_apart(switched(counted(staged))), _first_alone(chosen, width)
        keeper = None if chosen.saving is None else Keeper(chosen.saving, staged, chosen.on_word)
        asked = crew or crew_for(staged, chosen)
        try:
            course = _begun(
                lambda: Course(staged, asked, chosen, interrupted, started), keeper, chosen.on_word
            )
            course.lower_bound_to(known)
            try:
                if start is not None and course.left() > 0.0:
                    start_at(course, start)
                _solve(course, promising)
                found = _told(course)
            except SolverError:
                # Parts worth any amount, or one that the solver gave up: the whole may tell more.
                found = _by_the_whole(course)
            if keeper is not None:
                keeper.write(course, now=True)
            return _narrowed(found, width)
        finally:
            if crew is None:
                asked.close()


def _begun(
    begin: Callable[[], Course], keeper: Keeper | None, tell: Callable[[str], None] | None
) -> Course:
    """Return a solve that knows what is on disk, and keeps there what it learns."""
    course = begin()
    if keeper is None:
        return course
    try:
        keeper.read(course)
    except Refused as why:
        if tell is None:
            raise
        set_aside(keeper.path, why.message, tell)
        course = begin()
    course.keep_on_disk = partial(keeper.write, course)
    return course


def _first_alone(settings: SolveSettings, width: int) -> SolveSettings:
    """Return settings under which the first stage is told without what was put beside it."""
    tell = settings.on_first
    if tell is None:
        return settings

    def narrowed(value: float, bound: float, first: Floats) -> None:
        tell(value, bound, first[:width])

    return replace(settings, on_first=narrowed)


def _narrowed(found: StagedSolution, width: int) -> StagedSolution:
    """Return a solution whose first stage is the problem's own."""
    return found if found.first is None else replace(found, first=found.first[:width])


def crew_for(staged: Staged, settings: SolveSettings) -> Crew:
    """Return who answers for the scenarios: this process, several, or a cluster."""
    if settings.cluster:
        return Crowd(staged, _SHARES, lambda job: Cluster(job, settings.cluster))
    count = min(settings.processes, len(staged))
    if count <= 1:
        return Alone(staged)
    return Crowd(staged, count, lambda job: Processes(job, count))


def _solve(course: Course, promising: float) -> None:
    """Run the phases."""
    if course.over():
        return
    if course.bounding is not None and not course.integer_recourse:
        # Where it fails, the scenarios themselves may tell more.
        with suppress(SolverError):
            lead_by_mean(course, _LED * course.settings.time_limit)
        if course.over() or course.proven():
            return
    hardest = Hardest(course)
    if _whole_numbers(course) > _TREE and words_of(course.staged):
        # What ties a scenario mostly has a floor, which a dive cannot keep in sight.
        # A plan to begin with may be anyone's; one with a bound beside it was sought before.
        sought = course.first is not None and np.isfinite(course.bound)
        hardest.look()
        if not sought:
            hardest.run()
        if course.over() or course.proven():
            return
    begun = beginning(course)
    relaxed = relax(course, begun.point if begun.possible else None, begun.trail)
    if not relaxed.possible:
        course.lower_bound_to(-np.inf)
    if course.over() or course.proven():
        return
    if course.yes_or_no:
        Climb(course).from_relaxed(relaxed.point)
    if course.over() or course.bound - course.value > promising * abs(course.value):
        return
    _seek_whole(course, relaxed, hardest)


def _seek_whole(course: Course, relaxed: Relaxed, hardest: Hardest) -> None:
    """Look for plans with whole numbers, and bring the bound down to them."""
    if course.integer and course.settings.strategy == SCIP:
        if course.first is None:
            Dive(course).run()
        if not course.over():
            _scip_tree()(course).run()
        return
    whole, by_period = _whole_numbers(course), course.master.chains is not None
    if whole <= _TREE:
        Tree(course).run()
        return
    each = EachAlone(course, hardest.alone)
    if each.pays(relaxed.value):
        PricedTogether(course).run()
        if not course.over():
            each.run()
        if not course.over():
            restart(course, relaxed.point)
        return
    Dive(course).run()
    if course.first is None and not course.over():
        hardest.run()
    if not by_period or whole > _TREE_BY_PERIOD:
        Polish(course, relaxed.point).run(Work.lasting(_POLISHED * course.settings.time_limit))
    if by_period and not course.over():
        Tree(course).run()
    restart(course, relaxed.point)


def _whole_numbers(course: Course) -> int:
    """Return how many columns of the first stage are whole numbers."""
    return int(course.staged.first.integer.sum())


def _scip_tree() -> type[ScipTree]:
    """Return the tree that is SCIP's, which not everyone has installed."""
    try:
        from replant.solve.benders.scip_tree import ScipTree
    except ImportError as missing:
        raise SolverError(
            "the way SCIP needs PySCIPOpt: pip install 'replant[solvers]'"
        ) from missing
    return ScipTree


def _told(course: Course) -> StagedSolution:
    """Return what a course came to."""
    by_scip = course.settings.strategy == SCIP and course.integer
    return StagedSolution(
        status=_ending(course),
        first=course.first,
        objective=course.value,
        bound=course.bound,
        seconds=course.seconds(),
        rounds=course.rounds,
        way=f"{SCIP if by_scip else BENDERS} {_words_of(course)}".rstrip(),
        solver=f"{solver_version()}, {scip_version()}" if by_scip else solver_version(),
    )


def _words_of(course: Course) -> str:
    """Return in what way scenarios were told, if there is anything to say."""
    return "with the mean scenario" if course.bounding is not None else words_of(course.staged)


def _by_the_whole(course: Course) -> StagedSolution:
    """Return what the whole problem tells in the time left, where parts can tell no more."""
    if course.left() <= 0.0:
        return _told(course)
    settings = replace(course.settings, time_limit=course.left())
    whole = solve_staged_whole(course.staged, settings, known=course.bound)
    if whole.status in (Status.INFEASIBLE, Status.UNBOUNDED):
        return replace(whole, seconds=course.seconds(), rounds=course.rounds)
    course.lower_bound_to(whole.bound)
    if whole.first is not None:
        course.keep(whole.first, whole.objective, None)
    if whole.status is Status.INTERRUPTED:
        course.interrupted.requested = True
    told = _told(course)
    return replace(told, way=f"{told.way}, then {WHOLE}")


def _ending(course: Course) -> Status:
    if course.proven():
        return Status.OPTIMAL if np.isfinite(course.value) else Status.INFEASIBLE
    if course.enough():
        return Status.WITHIN_GAP
    if course.interrupted.requested:
        return Status.INTERRUPTED
    # With time left, this way has no means to bring bound and plan together.
    return Status.TIME_LIMIT if course.left() <= 0.0 else Status.NOT_PROVEN
