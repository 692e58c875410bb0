"""Which assumptions the plan's value hangs on: what the exact engine gives when they change.

The matrix tells which cells reach value, and roughly how much passes through each; that finds
what is worth a closer look. Every figure that is shown comes from the exact engine: the cells are
changed in the tables, the decisions stay, and the plan is evaluated again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from replant.case import EvidenceRow, Row, columns_of
from replant.errors import CaseError, UnknownLabel
from replant.kernel import Entry, Program
from replant.plan import Planned
from replant.report.data import Stake
from replant.report.figures import Figures
from replant.units import Cell
from replant.verify import worth

__all__ = ["assumptions_at_stake", "moved_by", "reached_by_cell"]

_UNSOURCED = ("assumed", "estimated")
_PARTS = ("operating", "investing", "terminal", "beyond", "financing")
_PERCENT = Fraction(101, 100)


def moved_by(plan: Planned, values: Mapping[Cell, Fraction]) -> float | None:
    """Return by how much value moves if some cells have other values and the decisions stay.

    Parameters
    ----------
    plan : Planned
        The plan.
    values : mapping of Cell to Fraction
        The new values.

    Returns
    -------
    float or None
        The exact difference; None where the case would not take the values.
    """
    try:
        changed = plan.case.replace_cells(values)
    except CaseError:
        return None
    found = worth(changed, plan.decisions, plan=plan.choices.plan)
    return float(found - plan.verification.value)


def assumptions_at_stake(plan: Planned, most: int = 12) -> tuple[Stake, ...]:
    """Return the assumptions and estimates whose ranges move value most, largest first.

    Numbers of one table and column with the same basis and reason stand together and are moved
    together: all to their low end, or all to their high end.

    Parameters
    ----------
    plan : Planned
        The plan.
    most : int
        How many to return. Half as many again are looked at, for the matrix is a rough guide.
    """
    groups = _groups(plan)
    rough = sorted(groups, key=lambda each: (-each.rough_swing, -each.reached))
    found = [(_stake(plan, group), group) for group in rough[: most + most // 2]]
    found.sort(key=lambda each: (-(each[0].swing or 0.0), -each[1].reached))
    return tuple(replace(stake, carried=_carried(plan, group)) for stake, group in found[:most])


def reached_by_cell(plan: Planned) -> dict[Cell, float]:
    """Return how much of value passes through the coefficients that each cell takes part in.

    A guide to what matters, and no derivative: where two cells are added, the sum passes through
    both.
    """
    found: dict[Cell, float] = {}
    for share, leaf in Figures.of(plan).leaves:
        for part in _PARTS:
            for entry in _entries(leaf.plan.program, part):
                amount = float(share) * entry.coefficient * leaf.column_values[entry.column]
                for cell in entry.cells if amount else ():
                    found[cell] = found.get(cell, 0.0) + amount
    return found


def _entries(program: Program, part: str) -> list[Entry]:
    try:
        return program.stream_entries("value", part=part)
    except UnknownLabel:
        return []


@dataclass
class _Group:
    """Cells of one table and column that rest on the same, with the value of each."""

    basis: str
    reason: str
    values: dict[Cell, Fraction] = field(default_factory=dict)
    low: dict[Cell, Fraction] = field(default_factory=dict)
    high: dict[Cell, Fraction] = field(default_factory=dict)
    reached: float = 0.0
    rough_swing: float = 0.0

    def add(self, cell: Cell, value: Fraction, found: EvidenceRow, reached: float) -> None:
        """Add a cell, its range where it has one, and what passes through it."""
        self.values[cell] = value
        self.reached += abs(reached)
        if found.low is None or found.high is None:
            return
        self.low[cell], self.high[cell] = found.low, found.high
        width = max(abs(found.high - value), abs(found.low - value))
        self.rough_swing += abs(reached) * float(width / abs(value) if value else width)


def _groups(plan: Planned) -> list[_Group]:
    """Gather the cells that reach value and have no source."""
    case, reached = plan.case, reached_by_cell(plan)
    groups: dict[tuple[str, ...], _Group] = {}
    rows = {
        table: {row.address: row for row in case.rows(table)}
        for table in {cell.table for cell in reached}
    }
    for cell, amount in sorted(reached.items()):
        found = case.evidence.of(cell)
        row = rows[cell.table].get((cell.id, cell.period))
        if found is None or row is None or found.basis not in _UNSOURCED:
            continue
        key = (cell.table, cell.column, found.basis, found.reason)
        group = groups.setdefault(key, _Group(found.basis, found.reason))
        group.add(cell, _value(row, cell.column), found, amount)
    return list(groups.values())


def _value(row: Row, column: str) -> Fraction:
    return Fraction(row.quantity(column).value)


def _stake(plan: Planned, group: _Group) -> Stake:
    first = next(iter(group.values))
    return Stake(
        name=_name(group.values),
        meaning=columns_of(plan.case.row_classes[first.table])[first.column].meaning,
        basis=group.basis,
        numbers=len(group.values),
        carried=0.0,
        low=moved_by(plan, group.low) if group.low else None,
        high=moved_by(plan, group.high) if group.high else None,
        reason=group.reason,
    )


def _carried(plan: Planned, group: _Group) -> float:
    """Return what one percent more in every cell moves, a hundred times."""
    percent = moved_by(plan, {cell: value * _PERCENT for cell, value in group.values.items()})
    return 100.0 * (percent or 0.0)


def _name(cells: Iterable[Cell]) -> str:
    """Return the table and the column in words, and the row where there is only one."""
    each = list(cells)
    what = f"{each[0].table.capitalize()}, {each[0].column}".replace("_", " ")
    ids = list(dict.fromkeys(cell.id for cell in each))
    return f"{what}: {ids[0].replace('_', ' ')}" if len(ids) == 1 else what
