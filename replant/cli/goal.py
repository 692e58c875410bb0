"""A goal on the command line: ``jobs_at_work[kanagawa,FY2032]``, or ``least platforms[FY2032]``."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from replant.case import Case
from replant.cli.asked import Asked
from replant.cli.examining import fault_of_line
from replant.cli.stages import Stages
from replant.errors import UsageError
from replant.kernel import Program
from replant.plan.goal import Goal, Reached, reach
from replant.solve import SolveSettings

__all__ = ["goal_content", "goal_line", "keeping", "parse_goal", "reached"]

_GOAL = re.compile(
    r"\s*(?:(?P<way>most|least)\s+)?(?P<stream>[a-z_]+)(?:\[(?P<labels>[^\]]*)\])?\s*\Z"
)


def parse_goal(text: str) -> Goal:
    """Return the goal that a text asks for.

    Raises
    ------
    UsageError
        If it is not of the form ``stream[label,label]``, with ``most`` or ``least`` before it.
    """
    match = _GOAL.match(text)
    if match is None:
        raise UsageError(
            f"{text[:80]!r} is no goal; write it as 'jobs_at_work[kanagawa,FY2032]', or "
            "'least platforms[FY2032]'"
        )
    labels = tuple(part.strip() for part in (match["labels"] or "").split(",") if part.strip())
    return Goal(match["stream"], labels, least=match["way"] == "least")


def reached(
    case: Case, program: Program, goal: Goal, settings: SolveSettings, stages: Stages
) -> Reached:
    """Return how far a goal can go.

    Raises
    ------
    UsageError
        If the plan has no such line.
    """
    fault = fault_of_line(case, program, goal.stream, goal.labels)
    if fault is not None:
        _, value, rule, fix = fault
        raise UsageError(f"--goal {goal}: {rule}, not {value!r}; {fix}")
    stages.at(f"{goal}: solving for the {'least' if goal.least else 'most'} there can be")
    return reach(program, goal, settings)


def keeping(asked: Asked, found: Reached) -> Asked:
    """Return what was asked and, as one more limit, that the goal is kept."""
    return replace(asked, limits=(*asked.limits, found.text))


def goal_line(found: Reached) -> str:
    """Return what was reached in a sentence."""
    goal, word = found.goal, "less" if found.goal.least else "more"
    proven = f"no plan can have {word} than {found.bound:,.1f}" if math.isfinite(found.bound) else (
        "how far it can go at all is not proven"
    )  # fmt: skip
    return (
        f"Goal {goal}: {found.level:,.1f} reached, {proven}; among the plans with at "
        f"{'most' if goal.least else 'least'} {found.kept:,.3f} this one is sought for value."
    )


def goal_content(found: Reached) -> dict[str, object]:
    """Return what was reached as plain data."""
    return {
        "line": str(found.goal),
        "least": found.goal.least,
        "reached": found.level,
        "bound": found.bound if math.isfinite(found.bound) else None,
        "kept_by": found.text,
    }
