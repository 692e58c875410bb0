"""What the checks look at: all that could be read of a case, perhaps with faults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, cast

from replant.case.evidence import Evidence, EvidenceRow
from replant.case.row import Row
from replant.case.settings import Settings
from replant.case.table import Table

__all__ = ["Loaded"]

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Loaded:
    """What could be read of a case, perhaps with faults.

    Parameters
    ----------
    tables : mapping of str to Table
        The tables whose heading could be read.
    row_classes : mapping of str to type of Row
        All tables that exist.
    unread : frozenset of str
        Tables whose file could not be read, or whose rows nobody can name as a column of their key
        is missing; nothing is said of references to them.
    settings : Settings or None
        The settings, if they could be read.
    """

    tables: Mapping[str, Table]
    row_classes: Mapping[str, type[Row]]
    unread: frozenset[str]
    settings: Settings | None

    def numbered(self, row_class: type[R]) -> Iterator[tuple[int, R]]:
        """Go through the rows of a table that could be read, with their numbers."""
        table = self.tables.get(row_class.table)
        return cast(Iterator[tuple[int, R]], table.numbered() if table else iter(()))

    @cached_property
    def evidence(self) -> Evidence:
        """The evidence that could be read."""
        return Evidence(tuple(row for _, row in self.numbered(EvidenceRow)))
