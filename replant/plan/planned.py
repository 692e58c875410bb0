"""A plan with all that stands behind it, in every future that it faces."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from replant.case import Case
from replant.kernel import Program
from replant.module import Sentence
from replant.plan.choices import Choices
from replant.plan.decisions import Decisions, decisions_of
from replant.plan.document import PlanDocument, Solver
from replant.plan.leaves import leaf_values
from replant.plan.telling import merged, tell
from replant.solve import Solution
from replant.verify import Verification

__all__ = ["Leaf", "Planned"]


@dataclass(frozen=True, eq=False)
class Leaf:
    """One future that a plan faces.

    Parameters
    ----------
    name, title : str
        The scenario's id, and what it is called in words, which is its id where another has the
        same name; empty where the case has no scenarios.
    probability : Fraction
        Its probability.
    plan : Planned
        The plan as it comes out there: the case with the scenario's changes made.
    """

    name: str
    title: str
    probability: Fraction
    plan: Planned


@dataclass(frozen=True, eq=False)
class Planned:
    """A plan with all that stands behind it.

    Parameters
    ----------
    case : Case
        The case that was planned.
    choices : Choices
        What was forced, forbidden or bounded.
    program : Program
        The labelled matrix.
    solution : Solution
        What the solver said.
    values : ndarray
        The snapped plan and what follows from it, shape (columns,).
    verification : Verification
        The exact second evaluation, with every difference between the two.

    With scenarios every figure here is an expected value; each leaf for itself is a plan of its
    own in `leaves`.
    """

    case: Case
    choices: Choices
    program: Program
    solution: Solution
    values: NDArray[np.float64]
    verification: Verification

    @cached_property
    def decisions(self) -> Decisions:
        """The decisions as decimals."""
        return decisions_of(self.program, self.values)

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """The futures that the plan faces; a case without scenarios has one, without a name."""
        if not self.case.leaves:
            return (Leaf("", "", Fraction(1), self),)
        found = {each.name: each.found for each in self.verification.leaves}
        called = Counter(row.name for row in self.case.leaves)
        return tuple(
            Leaf(
                name=row.id,
                title=row.name if row.name and called[row.name] == 1 else row.id,
                probability=row.probability,
                plan=self._leaf(row.id, found[row.id]),
            )
            for row in self.case.leaves
        )

    def _leaf(self, name: str, found: Verification) -> Planned:
        return Planned(
            case=self.case.in_scenario(name),
            choices=self.choices,
            program=self.program.block(name),
            solution=self.solution,
            values=leaf_values(self.program, self.values, name),
            verification=found,
        )

    @cached_property
    def taken(self) -> dict[str, float]:
        """The columns that are not zero: label to value; a leaf's own with ``@leaf``."""
        columns, several = self.program.columns, len(self.program.blocks) > 1
        found: dict[str, float] = {}
        for column in np.flatnonzero(self.values).tolist():
            leaf = columns.labels.scenario(column) if several else ""
            label = columns.label(column)
            found[f"{label}@{leaf}" if leaf else label] = float(self.values[column])
        return found

    @property
    def value(self) -> float:
        """The exact value, as the second engine computes it."""
        return float(self.verification.value)

    @property
    def bound(self) -> float:
        """The proven bound on the value; for a plan that falls short, with its own shortfall.

        Such a plan was sought by value less a penalty on what it falls short, and so was its
        bound.
        """
        return self.solution.bound + sum(self.rows.get("penalty", {}).values())

    @property
    def gap(self) -> float:
        """How far above the plan's exact value the proven bound lies."""
        return max(0.0, self.bound - self.value)

    @cached_property
    def rows(self) -> dict[str, dict[tuple[str, ...], float]]:
        """Every stream element at the snapped plan: stream to labels to value."""
        found: dict[str, dict[tuple[str, ...], float]] = {}
        if len(self.program.blocks) == 1:
            for figure in self.program.streams.frame(self.values):
                found.setdefault(figure.stream, {})[figure.labels] = figure.value
            return found
        for leaf in self.leaves:
            for stream, elements in leaf.plan.rows.items():
                sums = found.setdefault(stream, {})
                for labels, value in elements.items():
                    sums[labels] = sums.get(labels, 0.0) + float(leaf.probability) * value
        return found

    def row(self, stream: str, *labels: str) -> float:
        """Return the value of a stream's element; 0 where nobody posted."""
        return self.rows.get(stream, {}).get(labels, 0.0)

    @property
    def falls_short(self) -> bool:
        """Whether cash misses its floor, or a limit is missed, in some leaf, as was allowed."""
        return any(
            value > 1e-9
            for leaf in self.leaves
            for stream in ("shortfall", "missed")
            for value in leaf.plan.rows.get(stream, {}).values()
        )

    def sentences(self) -> tuple[Sentence, ...]:
        """Return what every module says of the plan, in the order of time.

        What differs between scenarios is said for those in which it holds.
        """
        told = merged(
            {leaf.name: tell(leaf.plan) for leaf in self.leaves},
            {leaf.name: leaf.title for leaf in self.leaves},
        )
        order = {each.id: number for number, each in enumerate(self.case.periods, 1)}
        return tuple(sorted(told, key=lambda each: order.get(each.period, 0)))

    def document(
        self,
        folder: Path,
        sets: tuple[str, ...] = (),
        force: tuple[str, ...] = (),
        forbid: tuple[str, ...] = (),
        limits: tuple[str, ...] = (),
    ) -> PlanDocument:
        """Return the plan file's content for a plan written into a folder."""
        return PlanDocument(
            case=self.case.name,
            as_of=self.case.as_of.isoformat(),
            folder=_relative(self.case.path, folder),
            fingerprint=self.case.fingerprint,
            plan=self.choices.plan or "best",
            decisions=self.decisions,
            solver=Solver(
                name=self.solution.solver,
                status=self.solution.status.value,
                value=f"{self.value:.6f}",
                bound=f"{self.bound:.6f}",
                gap=f"{self.gap:.6f}",
            ),
            sets=sets,
            force=force,
            forbid=forbid,
            limits=limits,
            # a comparator's kind says so in the case itself
            allow_shortfall=self.choices.allow_shortfall and not self.choices.plan,
        )


def _relative(path: Path | None, folder: Path) -> str:
    """Return a path as seen from a folder; a case made in memory has none."""
    if path is None:
        return ""
    return Path(os.path.relpath(str(path), str(folder))).as_posix()
