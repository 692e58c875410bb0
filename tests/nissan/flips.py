"""Move one input until a decision flips, and back; no flip counts that lies within the gap."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from replant.case import Case, columns_of
from replant.errors import Infeasible
from replant.plan import Choices, Planned, make_plan
from replant.solve import SolveSettings
from replant.units import Cell
from tests.nissan.reduce import changed

__all__ = ["FREE", "RUNNING", "amounts", "assert_flips", "assert_sure", "best", "restored"]

SETTINGS = SolveSettings(gap=1e-5, time_limit=60.0, threads=1)

FREE = Choices()
RUNNING = Choices(force=("plant.*.run",))
"""Every plant runs on: what is asked is not a plant's fate."""


def best(case: Case, choices: Choices = FREE) -> Planned:
    """Return the best plan; the exact engine must agree, and no floor may be missed."""
    plan = make_plan(case, choices, SETTINGS)
    assert plan.verification.ok, plan.verification.sentences()
    assert not plan.falls_short
    return plan


def assert_flips(
    case: Case,
    moved: Mapping[str, str] | Case,
    option: str,
    *,
    taken: bool,
    choices: Choices = FREE,
) -> None:
    """Check that an option flips when the input moves, surely, and flips back.

    Parameters
    ----------
    case : Case
        The firm as it is.
    moved : mapping of str to str, or Case
        The cells of the one input that moves, or the firm after it moved.
    option : str
        What is decided.
    taken : bool
        Whether the firm as it is takes the option.
    choices : Choices
        What is not asked.
    """
    other = moved if isinstance(moved, Case) else changed(case, moved)
    assert other.fingerprint != case.fingerprint
    for firm, wanted in ((case, taken), (other, not taken)):
        plan = best(firm, choices)
        assert (plan.row("option", option) > 0.5) == wanted, (option, sorted(plan.taken))
        assert_sure(plan, option)
    again = best(restored(other, case), choices)
    assert (again.row("option", option) > 0.5) == taken


def assert_sure(plan: Planned, option: str) -> None:
    """Check that deciding otherwise is worth less than the plan, even at its proven bound."""
    choices = plan.choices
    if plan.row("option", option) > 0.5:
        choices = replace(choices, forbid=(*choices.forbid, option))
    else:
        choices = replace(choices, force=(*choices.force, option))
    try:
        other = make_plan(plan.case, choices, SETTINGS)
    except Infeasible:
        return
    assert plan.value > other.value + other.gap


def amounts(
    case: Case,
    moved: Mapping[str, str],
    amount: Callable[[Planned], float],
    choices: Choices = FREE,
) -> tuple[float, float]:
    """Return an amount that is decided before and after an input moves; back, it is as before."""
    other = changed(case, moved)
    before, after = (amount(best(firm, choices)) for firm in (case, other))
    again = amount(best(restored(other, case), choices))
    assert abs(again - before) < 1e-6
    return before, after


def restored(moved: Case, case: Case) -> Case:
    """Return a changed firm with every changed cell moved back."""
    found: dict[Cell, str] = {}
    for name, table in case.tables.items():
        columns = columns_of(table.row_class).values()
        for row, other in zip(table.rows, moved.tables[name].rows, strict=True):
            for column in columns:
                value = getattr(row, column.attribute)
                if value != getattr(other, column.attribute):
                    found[row.cell(column.name)] = value
    back = moved.replace_cells(found)
    assert back.fingerprint == case.fingerprint
    return back
