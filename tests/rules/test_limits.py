"""Limits: any line of the plan, kept in a range in its owner's words."""

from __future__ import annotations

import pytest

from replant.errors import Infeasible, KernelError, ModuleError
from replant.plan import assemble
from tests.decisions.money_firm import firm, items, over_time, plan
from tests.decisions.small_firm import rows, table

BOND = table(
    id="b",
    kind="bond",
    limit=50,
    rate="0.05",
    fair_rate="0.08",
    term_months=84,
    latest="2025-04-01",
)
LUMPLESS = table(id="l", stream="option", labels="facility.b", upper=0, sentence="No more.")


def limited(folder, stream: str, labels: str, lower: object = "", upper: object = "", **tables):
    """Write a case with one limit on a firm that gains by borrowing all it can."""
    limit = table(
        id="l", stream=stream, labels=labels, lower=lower, upper=upper, sentence="No more."
    )
    return firm(folder, facilities=BOND, limits=limit, **tables)


@pytest.mark.parametrize(
    ("stream", "labels", "bounds"),
    [
        ("ledger", "debt;now", {"lower": -20}),
        ("cash", "now", {"upper": 120}),
        ("headroom", "now", {"upper": 120}),
        ("net_income", "P0", {"lower": -1}),
        ("financing_value", "", {"upper": 3.123822}),
    ],
)
def test_any_line_can_be_bounded(tmp_path, stream, labels, bounds) -> None:
    """Accounts, cash, profit, value: also lines of rules that build after this one."""
    found = plan(limited(tmp_path, stream, labels, **bounds))
    assert over_time(found, "ledger", "debt")["now"] == pytest.approx(-20, abs=1e-3)


def test_taxable_income_can_be_bounded(tmp_path) -> None:
    """In the fiscal year it is named for."""
    case = limited(
        tmp_path,
        "taxable_income",
        "FY2025",
        lower=90,
        taxes=table(id="t", rate="0.1"),
        other_items=items(("P0", "revenue", -91)),
    )
    assert over_time(plan(case), "ledger", "debt")["now"] == pytest.approx(-20)


def test_both_bounds_bind(tmp_path) -> None:
    """Equal bounds fix a line."""
    found = plan(limited(tmp_path, "ledger", "debt;now", lower=-7, upper=-7))
    assert over_time(found, "ledger", "debt")["now"] == -7


def test_an_impossible_limit_leaves_no_plan(tmp_path) -> None:
    """And its sentence is the rule that a person reads."""
    case = limited(tmp_path, "cash", "now", lower=200)
    program = assemble(case)
    number = list(program.rows.labels).index("limits.lower[l]")
    assert program.rows.rule(number) == "No more."
    with pytest.raises(Infeasible):
        plan(case)


@pytest.mark.parametrize(
    ("stream", "labels", "bounds"),
    [("ledger", "debt;now", {"lower": -20}), ("option", "facility.b", {"upper": 0})],
)
def test_a_comparator_misses_no_limit_for_gain(tmp_path, stream, labels, bounds) -> None:
    """What it can keep it keeps, in whatever unit the line is, though missing it is worth more."""
    case = limited(tmp_path, stream, labels, **bounds)
    if stream == "option":
        lump = BOND.replace("limit,", "limit,lump,").replace(",50,", ",50,50,")
        case = firm(tmp_path / "lump", facilities=lump, limits=LUMPLESS)
    kept, free = plan(case, allow_shortfall=True), plan(firm(tmp_path / "free", facilities=BOND))
    assert kept.value < free.value
    assert kept.rows["missed"] == {("l",): 0.0}
    assert not kept.falls_short


def test_a_comparator_misses_a_limit_by_the_least(tmp_path) -> None:
    """Cash at once cannot be 200; the bond of 50 leaves 50 short, and its value stays its own."""
    case = limited(tmp_path, "cash", "now", lower=200)
    found = plan(case, allow_shortfall=True)
    assert found.row("missed", "l") == pytest.approx(50)
    assert found.falls_short
    assert found.value == pytest.approx(plan(firm(tmp_path / "free", facilities=BOND)).value)


@pytest.mark.parametrize(
    ("stream", "labels"),
    [("cash", "P9"), ("ledger", "dept;now"), ("undrawn", "line;P0"), ("option", "facility.bb")],
)
def test_a_limit_on_what_is_not_there_is_refused(tmp_path, stream, labels) -> None:
    """An upper bound on nothing would always hold, a lower one never."""
    tables = {}
    if stream == "option":
        line = {"id": "x", "kind": "bond", "limit": 5, "lump": 5, "rate": 0, "fair_rate": 0}
        tables["facilities"] = rows([line | {"term_months": 12}])
    case = firm(
        tmp_path,
        limits=table(id="l", stream=stream, labels=labels, upper=1, sentence="s."),
        **{"facilities": BOND} | tables,
    )
    with pytest.raises(ModuleError, match=r"limits\.l bounds"):
        plan(case)


def test_a_limit_on_no_stream_or_too_few_labels_is_refused(tmp_path) -> None:
    """The message names what streams have."""
    with pytest.raises(ModuleError, match="has the labels account, time"):
        plan(limited(tmp_path / "a", "ledger", "debt", upper=1))
    with pytest.raises(KernelError, match="jobs"):
        plan(limited(tmp_path / "b", "jobs", "kanagawa;P0", upper=1))
