"""Tie-out: closed years as reported beside what the exact engine gives for them."""

from __future__ import annotations

from replant.analysis import tie_out
from replant.case import Case
from replant.errors import PlanError
from replant.report.data import Tie

__all__ = ["tie_out_of"]


def tie_out_of(case: Case) -> tuple[tuple[Tie, ...], str]:
    """Return the lines of the case's tie-out, and a note where there are none."""
    if not case.has("tie_out"):
        return (), "The case has no table tie_out: nothing ties it to reported accounts."
    try:
        found = tie_out(case)
    except PlanError as why:
        return (), f"The closed years could not be computed: {why.message}."
    return tuple(
        Tie(
            name=each.quantity,
            year=each.fiscal_year,
            target=float(each.reported),
            model=float(each.model),
            difference=float(each.miss),
            unit=each.unit,
            within=each.within,
            note=each.note,
        )
        for each in found
    ), ""
