"""Evidence: what each number of the case rests on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from replant.case.columns import meaning
from replant.case.kinds import OptionalNumber, Text, refers_to
from replant.case.row import KEY_SEPARATOR, Row
from replant.units import Cell

ANY = "*"

Basis = Literal["sourced", "derived", "assumed", "estimated"]


class EvidenceRow(Row):
    """What one cell, or many cells alike, rest on."""

    table: ClassVar[str] = "evidence"
    folder: ClassVar[str] = ""
    key: ClassVar[tuple[str, ...]] = ("table", "id", "period", "column")
    evidenced: ClassVar[bool] = False

    about: Text = meaning("Table; * for all", column="table")
    id: Text = meaning("Row, its key joined by slashes; * for all, or for any one part")
    about_period: Text = meaning(
        "Period, if the table's key has one; * for all", default="", column="period"
    )
    column: Text = meaning("Column; * for all")
    claims: Annotated[tuple[str, ...], refers_to("claims")] = meaning(
        "Claims by their ids, separated by semicolons", default=()
    )
    basis: Basis = meaning(
        "sourced: a claim says it; derived: computed from claims; assumed, estimated: see reason"
    )
    low: OptionalNumber = meaning("Lowest value that is likely, in the cell's unit", default=None)
    high: OptionalNumber = meaning("Highest value that is likely, in the cell's unit", default=None)
    reason: Text = meaning("How it was derived, or why it is assumed so", default="")

    @property
    def pattern(self) -> Cell:
        """The cells it speaks of, as one cell with wildcards."""
        return Cell(self.about, self.id, self.about_period, self.column)


@dataclass(frozen=True)
class Shape:
    """Which parts of an address a pattern leaves open.

    The more a pattern names, the more specific it is; of two that name as much, the one that
    names more of the id wins, then the one that names the period, then the column.
    """

    table: bool
    id: tuple[bool, ...] | None
    period: bool
    column: bool

    @staticmethod
    def of(pattern: Cell) -> "Shape":
        """Return the shape of a pattern; an id that is one * is open whatever its parts."""
        parts = None
        if pattern.id != ANY:
            parts = tuple(part != ANY for part in pattern.id.split(KEY_SEPARATOR))
        return Shape(pattern.table != ANY, parts, pattern.period != ANY, pattern.column != ANY)

    @property
    def specificity(self) -> tuple[int, int, int, int]:
        """What tells which of two patterns wins; more is more specific."""
        named = sum(self.id or ())
        total = self.table + named + self.period + self.column
        return (total, named, self.period, self.column)

    def pattern_of(self, cell: Cell) -> Cell | None:
        """Return the one pattern of this shape that matches a cell, or None."""
        identifier: str | None = ANY
        if self.id is not None:
            identifier = _masked(cell.id, self.id)
        if identifier is None:
            return None
        return Cell(
            cell.table if self.table else ANY,
            identifier,
            cell.period if self.period else ANY,
            cell.column if self.column else ANY,
        )


def _masked(identifier: str, named: tuple[bool, ...]) -> str | None:
    parts = identifier.split(KEY_SEPARATOR)
    if len(parts) != len(named):
        return None
    pairs = zip(parts, named, strict=True)
    return KEY_SEPARATOR.join(part if keep else ANY for part, keep in pairs)


@dataclass(frozen=True)
class Evidence:
    """All evidence of a case, found by cell.

    Parameters
    ----------
    rows : tuple of EvidenceRow
        The rows of the table.
    """

    rows: tuple[EvidenceRow, ...]

    @cached_property
    def _by_pattern(self) -> dict[Cell, EvidenceRow]:
        return {row.pattern: row for row in self.rows}

    @cached_property
    def _shapes(self) -> tuple[Shape, ...]:
        shapes = {Shape.of(row.pattern) for row in self.rows}
        return tuple(sorted(shapes, key=lambda shape: shape.specificity, reverse=True))

    def matching(self, cell: Cell) -> Iterator[EvidenceRow]:
        """Go through all evidence of a cell, the most specific first."""
        for shape in self._shapes:
            pattern = shape.pattern_of(cell)
            row = self._by_pattern.get(pattern) if pattern else None
            if row is not None:
                yield row

    def of(self, cell: Cell) -> EvidenceRow | None:
        """Return the most specific evidence of a cell, or None."""
        return next(self.matching(cell), None)

    def claims_behind(self, cells: Iterable[Cell]) -> tuple[str, ...]:
        """Return the claims behind some cells, each once, in the order of the cells."""
        found = (self.of(cell) for cell in sorted(cells))
        return tuple(dict.fromkeys(claim for row in found if row for claim in row.claims))
