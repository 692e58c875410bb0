"""The evidence audit: whether every number of the case says what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from replant.case.case import Case
from replant.case.columns import Column, columns_of
from replant.case.evidence import Evidence
from replant.case.row import Row
from replant.case.table import Table
from replant.units import Cell

if TYPE_CHECKING:
    import pandas as pd

NAKED = "naked"
DEFAULT = "default"
BASES = ("sourced", "derived", "estimated", "assumed", DEFAULT, NAKED)
"""What a number can rest on, from the firmest; a default is the schema's own, not the firm's."""

STRUCTURAL = "a number that only shapes the case"
UNEVIDENCED = "a table that describes the case itself"


@dataclass(frozen=True)
class Support:
    """What one number rests on.

    Parameters
    ----------
    cell : Cell
        Where it stands.
    basis : str
        One of `BASES`.
    claims : tuple of str
        The claims behind it.
    reason : str
        The reason that is given for it.
    """

    cell: Cell
    basis: str
    claims: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Audit:
    """What the numbers of a case rest on.

    Parameters
    ----------
    supports : tuple of Support
        One for each number.
    exempt : tuple of (str, str, str)
        Table, column and why its numbers need no evidence.
    value_at_stake : mapping of Cell to float, or None
        How much the plan's value hangs on each cell, in money.
    """

    supports: tuple[Support, ...]
    exempt: tuple[tuple[str, str, str], ...]
    value_at_stake: Mapping[Cell, float] | None = None

    @cached_property
    def naked(self) -> tuple[Cell, ...]:
        """The numbers that rest on nothing."""
        return tuple(each.cell for each in self.supports if each.basis == NAKED)

    @property
    def ok(self) -> bool:
        """Whether no number is naked."""
        return not self.naked

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """For each basis how many numbers rest on it, their share, and the value at stake."""
        import pandas as pd  # a second to load, and seldom asked for

        counts = pd.Series([each.basis for each in self.supports], dtype=object).value_counts()
        frame = pd.DataFrame(index=pd.Index(BASES, name="basis"))
        frame["numbers"] = counts.reindex(BASES, fill_value=0).astype(int)
        frame["share"] = frame["numbers"] / max(1, len(self.supports))
        if self.value_at_stake is not None:
            stake = [self._at_stake(basis) for basis in BASES]
            frame["value_at_stake"] = stake
            total = sum(stake)
            frame["share_of_value"] = [each / total if total else 0.0 for each in stake]
        return frame

    def frame(self) -> pd.DataFrame:
        """Return the numbers as a table, one row a number."""
        import pandas as pd

        stake = self.value_at_stake or {}
        return pd.DataFrame(
            [
                {
                    "table": each.cell.table,
                    "id": each.cell.id,
                    "period": each.cell.period,
                    "column": each.cell.column,
                    "basis": each.basis,
                    "claims": ";".join(each.claims),
                    "reason": each.reason,
                    "value_at_stake": stake.get(each.cell, 0.0),
                }
                for each in self.supports
            ],
            columns=[
                "table",
                "id",
                "period",
                "column",
                "basis",
                "claims",
                "reason",
                "value_at_stake",
            ],
        )

    def _at_stake(self, basis: str) -> float:
        stake = self.value_at_stake or {}
        return sum(abs(stake.get(each.cell, 0.0)) for each in self.supports if each.basis == basis)


def audit(case: Case, value_at_stake: Mapping[Cell, float] | None = None) -> Audit:
    """Ask of every number in every table what it rests on.

    Parameters
    ----------
    case : Case
        The case; all periods count, whatever is in view.
    value_at_stake : mapping of Cell to float, optional
        How much the plan's value hangs on each cell, in money.

    Returns
    -------
    Audit
        Not ok while one number is naked.
    """
    supports: list[Support] = []
    exempt: list[tuple[str, str, str]] = []
    for table in case.tables.values():
        columns = [each for each in columns_of(table.row_class).values() if each.numeric]
        asked = [each for each in columns if _exemption(table.row_class, each) is None]
        exempt += [
            (table.row_class.table, each.name, _exemption(table.row_class, each) or "")
            for each in columns
            if each not in asked
        ]
        supports.extend(_supports(table, asked, case.evidence))
    return Audit(tuple(supports), tuple(exempt), value_at_stake)


def _exemption(row_class: type[Row], column: Column) -> str | None:
    if not row_class.evidenced:
        return UNEVIDENCED
    return STRUCTURAL if column.structural or column.name in row_class.key else None


def _supports(table: Table, columns: list[Column], evidence: Evidence) -> Iterator[Support]:
    for position, row in enumerate(table.parsed):
        for column in columns:
            if row is not None and getattr(row, column.attribute) is not None:
                yield _support(row, column, table.given(position, column.name), evidence)


def _support(row: Row, column: Column, given: bool, evidence: Evidence) -> Support:
    cell = row.cell(column.name)
    behind = evidence.of(cell)
    if behind is not None:
        return Support(cell, behind.basis, behind.claims, behind.reason)
    if not given:
        return Support(cell, DEFAULT, reason=f"default of the schema: {column.meaning}")
    # a row that gives a reason of its own speaks for its numbers
    reason = str(getattr(row, "reason", "") or "")
    return Support(cell, "assumed", reason=reason) if reason else Support(cell, NAKED)
