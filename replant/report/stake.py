"""Which assumptions the plan's value hangs on: how much passes through each, and its range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from replant.case import Case, EvidenceRow, Row, columns_of
from replant.errors import UnknownLabel
from replant.kernel import Entry, Program
from replant.report.data import Stake
from replant.units import Cell

__all__ = ["assumptions_at_stake", "carried_by_cell"]

_UNSOURCED = ("assumed", "estimated")
_PARTS = ("operating", "investing", "terminal", "beyond", "financing")


def carried_by_cell(program: Program, values: dict[str, float]) -> dict[Cell, float]:
    """Return how much of the plan's value passes through each cell.

    To first order, a cell that is ten percent higher moves value by ten percent of this, as long
    as the decisions stay the same.

    Parameters
    ----------
    program : Program
        The assembled program.
    values : dict of str to float
        Value of each column by its label, and 1 for the empty label of constants.
    """
    found: dict[Cell, float] = {}
    for part in _PARTS:
        for entry in _entries(program, part):
            amount = entry.coefficient * values[entry.column]
            if amount:
                for cell in entry.cells:
                    found[cell] = found.get(cell, 0.0) + amount
    return found


def _entries(program: Program, part: str) -> list[Entry]:
    try:
        return program.stream_entries("value", part=part)
    except UnknownLabel:
        return []


@dataclass
class _Group:
    """Cells of one table and column that rest on the same."""

    basis: str
    reason: str
    cells: list[Cell] = field(default_factory=list)
    carried: float = 0.0
    swing: float = 0.0
    ranged: bool = False


def assumptions_at_stake(
    case: Case, carried: dict[Cell, float], most: int = 25
) -> tuple[Stake, ...]:
    """Return the assumptions and estimates that carry the most value, largest first.

    Numbers of one table and column with the same basis and reason stand together.
    """
    groups: dict[tuple[str, ...], _Group] = {}
    rows = {table: _rows_by_address(case, table) for table in {cell.table for cell in carried}}
    for cell, amount in sorted(carried.items()):
        evidence = case.evidence.of(cell)
        if evidence is None or evidence.basis not in _UNSOURCED:
            continue
        key = (cell.table, cell.column, evidence.basis, evidence.reason)
        group = groups.setdefault(key, _Group(evidence.basis, evidence.reason))
        group.cells.append(cell)
        group.carried += abs(amount)
        row = rows[cell.table].get((cell.id, cell.period))
        width = _relative_width(row, cell, evidence)
        if width is not None:
            group.ranged = True
            group.swing += abs(amount) * width
    ordered = sorted(groups.values(), key=lambda each: (-each.swing, -each.carried))
    return tuple(_stakes(case, ordered[:most]))


def _stakes(case: Case, groups: Iterable[_Group]) -> Iterator[Stake]:
    for group in groups:
        first = group.cells[0]
        yield Stake(
            name=_name(group.cells),
            meaning=columns_of(case.row_classes[first.table])[first.column].meaning,
            basis=group.basis,
            numbers=len(group.cells),
            carried=group.carried,
            swing=group.swing if group.ranged else None,
            reason=group.reason,
        )


def _name(cells: list[Cell]) -> str:
    """Return the table and the column in words, and the row where there is only one."""
    first = cells[0]
    what = f"{first.table.capitalize()}, {first.column}".replace("_", " ")
    ids = list(dict.fromkeys(cell.id for cell in cells))
    return f"{what}: {ids[0].replace('_', ' ')}" if len(ids) == 1 else what


def _relative_width(row: Row | None, cell: Cell, found: EvidenceRow) -> float | None:
    """Return how far a cell may lie from its value, as a share of it; None without a range."""
    value = None if row is None else row.quantity(cell.column).value
    if not value or found.low is None or found.high is None:
        return None
    return float(max(abs(found.high / value - 1), abs(found.low / value - 1)))


def _rows_by_address(case: Case, table: str) -> dict[tuple[str, str], Row]:
    return {row.address: row for row in case.rows(table)}
