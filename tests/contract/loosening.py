"""Loosening: a program in which one row or column binds no more, and decisions that use it.

A module with a wrong bound gives a program that allows what the case does not. Here one bound of
one row or column is turned round: whatever keeps the program then breaks the bound, and as little
else as can be. Its decisions are what a wrong module could hand to the exact engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from replant.case import Case
from replant.kernel import Program
from replant.module import discover
from replant.plan import Choices, assemble, decisions_of
from replant.solve import SolveSettings, fixed_at, relaxed_to_continuous, solve
from replant.verify import Breach, compare, evaluate

__all__ = ["Kind", "Loose", "Workshop"]

Values = NDArray[np.float64]
# By how much a bound is broken: by one of its unit, and where that is too much, by less.
SIZES = (1.0, 0.02)
FARTHEST = 1e4
DEAR = 1e3
# What rounding to so many decimals leaves behind is no breach.
DECIMALS, NOISE, SLACK = 9, 1e-5, 1e-7
ANY = SolveSettings(gap=1e9, time_limit=20.0)
# Rows that one thing that is missing loosens together, so that neither alone shows it.
FELLOWS = {
    "sourcing.line_capacity_deal": "sourcing.shipment_deal",
    "sourcing.shipment_deal": "sourcing.line_capacity_deal",
}
EXACTLY = SolveSettings(gap=0.0, time_limit=20.0)


@dataclass(frozen=True, order=True)
class Kind:
    """All rows or columns of one name, and the side on which they are loosened.

    Parameters
    ----------
    what : str
        ``row`` or ``column``.
    name : str
        Module and name.
    side : str
        ``over`` or ``under`` a bound; ``between``: a whole number that is none.
    """

    what: str
    name: str
    side: str

    @property
    def module(self) -> str:
        """The module that owns it."""
        return self.name.partition(".")[0]

    def __str__(self) -> str:
        """Return it as the list of what is implied names it."""
        return f"{self.what} {self.name} {self.side}"


@dataclass(frozen=True)
class Loose:
    """Decisions that break one row or column of a kind.

    Parameters
    ----------
    label : str
        The row or column.
    values : ndarray
        The decisions with what follows best from them where the bound is dropped, shape
        (columns,).
    forced : ndarray
        The same decisions with what follows where the bound must be broken, shape (columns,).
    program : Program
        The program that they keep.
    """

    label: str
    values: Values
    forced: Values
    program: Program


@dataclass(frozen=True)
class Workshop:
    """A case and its program, to be loosened.

    Parameters
    ----------
    case : Case
        The case; it has no scenarios.
    """

    case: Case

    @cached_property
    def program(self) -> Program:
        """The program as the modules build it."""
        return assemble(self.case, Choices())

    @cached_property
    def _names(self) -> dict[str, NDArray[np.object_]]:
        """Names of all rows and of all columns; some rows have their labels in their name."""
        rows, columns = self.program.rows.names, self.program.columns.names
        return {
            "row": np.array([str(name).partition("[")[0] for name in rows], dtype=object),
            "column": np.array([str(name) for name in columns], dtype=object),
        }

    def kinds(self, module: str) -> tuple[Kind, ...]:
        """Return every kind of row and column of a module that has a bound to be loosened."""
        found: dict[Kind, None] = {}
        for what, names in self._names.items():
            lower, upper = self._bounds(self.program, what)
            for place in np.flatnonzero([name.startswith(f"{module}.") for name in names]):
                sides = ("over", np.isfinite(upper[place])), ("under", np.isfinite(lower[place]))
                for side, bounded in sides:
                    if bounded:
                        found[Kind(what, names[place], side)] = None
                if what == "column" and self.program.columns.integer[place]:
                    found[Kind(what, names[place], "between")] = None
        return tuple(found)

    def _bounds(self, program: Program, what: str) -> tuple[Values, Values]:
        labelled = program.rows if what == "row" else program.columns
        return labelled.lower, labelled.upper

    # -- what breaks a bound -----------------------------------------------------------------

    def uses(self, kind: Kind) -> Iterator[Loose]:
        """Yield decisions that break a bound of a kind: each of its elements, where it can be.

        The others of the kind are kept where that is possible.
        """
        names = self._names[kind.what]
        places = np.flatnonzero(names == kind.name)
        all_ = np.flatnonzero((names == kind.name) | (names == FELLOWS.get(kind.name)))
        labelled = self.program.rows if kind.what == "row" else self.program.columns
        ways = [(size, others) for size in SIZES for others in (places[:0], all_)]
        doubtful = False  # whether it is better to ask first if there is any way at all
        for place in places:
            if doubtful and not self._can_break(kind, int(place), *ways[-1]):
                continue
            found = (self._broken(kind, int(place), *way) for way in ways)
            use = next((each for each in found if each is not None), None)
            doubtful = use is None
            if use is not None:
                yield replace(use, label=labelled.label(int(place)))

    def _can_break(self, kind: Kind, place: int, size: float, others: NDArray[np.intp]) -> bool:
        turned = self._loosened(kind, place, others, size)
        return turned is not None and _any(turned) is not None

    def _broken(
        self, kind: Kind, place: int, size: float, others: NDArray[np.intp]
    ) -> Loose | None:
        """Return decisions that break one bound, and what follows from them."""
        turned = self._loosened(kind, place, others, size)
        if turned is None:
            return None
        values = _decided(turned, self._least)
        open_ = self._loosened(kind, place, others)
        if values is None or open_ is None:
            return None
        followed = _followed(open_, values)
        return Loose("", values if followed is None else followed, values, open_)

    def _loosened(
        self, kind: Kind, place: int, others: NDArray[np.intp], size: float | None = None
    ) -> Program | None:
        """Return the program without one bound and those of others of the kind.

        With a size, the bound is turned round: only what breaks it by so much is left.
        """
        lower, upper = (each.copy() for each in self._bounds(self.program, kind.what))
        low, high = lower[place], upper[place]
        program, dropped = self.program, np.append(others, place)
        if kind.side == "between":
            if not program.columns.integer[place]:
                return None
            integer = program.columns.integer.copy()
            integer[dropped] = False
            program = replace(program, columns=replace(program.columns, integer=integer))
            if size is not None:
                lower[place], upper[place] = low + 0.2, high - 0.2
        elif not np.isfinite(high if kind.side == "over" else low):
            return None
        elif kind.side == "over":
            upper[dropped] += FARTHEST
            lower[place] = low if size is None else high + size
        else:
            lower[dropped] -= FARTHEST
            upper[place] = high if size is None else low - size
        if kind.what == "row":
            return program.with_bounds(row_lower=lower, row_upper=upper)
        return program.with_bounds(lower, upper)

    @cached_property
    def _least(self) -> Values:
        """One for each column that is the least its rows allow, shape (columns,)."""
        names = {
            f"{module.name}.{name}"
            for module in discover()
            for name in getattr(module, "least", ())
        }
        return np.array([name in names for name in self._names["column"]], dtype=np.float64)

    # -- what the exact engine says ----------------------------------------------------------

    def breaches(self, loose: Loose) -> tuple[Breach, ...]:
        """Return what the exact engine holds against decisions, and against what is claimed."""
        found = evaluate(self.case, decisions_of(loose.program, np.round(loose.values, DECIMALS)))
        seen = [each for each in found.breaches if not each.amount or abs(each.amount) > NOISE]
        known = set(found.books.streams())
        for values in (loose.values, loose.forced):
            if not seen:
                figures = loose.program.streams.frame(values)
                claimed = [(each.stream, each.labels, each.value) for each in figures]
                kept = (each for each in claimed if each[0] in known)
                seen += compare(found.books, kept, NOISE)
        return tuple(seen)

    def stands(self, loose: Loose) -> bool:
        """Return whether decisions keep the program as it was: the looseness was not used."""
        columns, values = self.program.columns, loose.values
        decided = ~columns.derived
        out = np.maximum(columns.lower - values, values - columns.upper)[decided]
        return bool(out.max() <= SLACK) and _followed(self.program, values) is not None


def _any(program: Program) -> Values | None:
    """Return the first values found that keep a program; None if there are none."""
    return solve(program.with_objective(np.zeros(len(program.columns))), ANY).values


def _decided(program: Program, least: Values) -> Values | None:
    """Return the best decisions that keep a program, with the first whole numbers that do.

    What is the least of something stays so: money is not burned to break a floor.
    """
    first = _any(program)
    if first is None:
        return None
    whole = np.where(program.columns.integer, np.round(first), first)
    sought = fixed_at(program, whole, program.columns.integer)
    sought = sought.with_objective(program.objective - DEAR * least)
    best = solve(relaxed_to_continuous(sought), EXACTLY).values
    return whole if best is None else best


def _followed(program: Program, values: Values) -> Values | None:
    """Return the best that follows from decisions; None if they do not keep the program.

    Rows give by the little that a solver allows itself.
    """
    rows = program.rows
    wide = program.with_bounds(row_lower=rows.lower - SLACK, row_upper=rows.upper + SLACK)
    return solve(fixed_at(wide, values, ~program.columns.derived), EXACTLY).values
