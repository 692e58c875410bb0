"""Relations and bounds: a relation ties something, and no lower bound is above its upper one."""

from collections.abc import Iterator
from typing import cast

from replant.case.checks.loaded import Loaded
from replant.case.findings import Finding, finding
from replant.case.kinds import text_of
from replant.case.limits import Limit
from replant.case.plans import PlanBound
from replant.case.relations import Relation
from replant.case.table import file_of

__all__ = ["crossed_bounds", "relations"]


def relations(loaded: Loaded) -> Iterator[Finding]:
    """Find relations that tie nothing."""
    for number, row in loaded.numbered(Relation):
        fault = row.fault()
        if fault:
            value = text_of(row.options)
            fix = "mend the options or the number"
            yield finding(
                "relation", file_of(Relation), fault, fix, row=number, column="options", value=value
            )


def crossed_bounds(loaded: Loaded) -> Iterator[Finding]:
    """Find lower bounds above upper ones."""
    bounded = [
        (row_class, number, row.lower, row.upper)
        for row_class in (Limit, PlanBound)
        for number, row in loaded.numbered(cast(type[Limit], row_class))
    ]
    for row_class, number, lower, upper in bounded:
        if lower is not None and upper is not None and lower > upper:
            rule, fix = f"lower is at most upper, {text_of(upper)}", "exchange or mend them"
            yield finding(
                "bounds-crossed",
                file_of(row_class),
                rule,
                fix,
                row=number,
                column="lower",
                value=text_of(lower),
            )
