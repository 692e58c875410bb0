"""What a reader should doubt of people: groups that a plan may shed at no cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from replant.case import Case, Finding
from replant.case.findings import finding
from replant.decisions.workforce.rows import Group

__all__ = ["dismissed_for_nothing"]


def dismissed_for_nothing(case: Case) -> Iterator[Finding]:
    """Find groups that a plan may shed at no cost, though each of them is paid."""
    table = case.tables.get("people")
    if table is None:
        return
    for number, row in table.numbered():
        group = cast(Group, row)
        if group.can_dismiss and group.pay > 0 and group.severance == 0:
            yield finding(
                "free-dismissal",
                table.sheet.file,
                "they are paid and may be dismissed for nothing, so a plan sheds them first",
                "give their severance; for people who go with their plant to its buyer, or who "
                "are another firm's, set can_dismiss to no",
                row=number,
                column="severance",
                value=group.id,
            )
