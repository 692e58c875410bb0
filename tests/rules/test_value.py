"""Value: unlevered cash at one rate, the perpetuity, what is left to pay, and financing apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from replant.errors import ModuleError
from replant.plan import Planned
from tests.decisions.money_firm import firm, items, plan, plan_of
from tests.decisions.small_firm import rows, table

UNEVEN = rows(
    [
        {"id": "Q1", "start": "2025-04-01", "months": 3, "fiscal_year": "FY2025"},
        {"id": "N1", "start": "2025-07-01", "months": 9, "fiscal_year": "FY2025"},
        {"id": "H2", "start": "2026-04-01", "months": 6, "fiscal_year": "FY2026"},
    ]
)


def test_interest_is_simple_within_a_period_and_compounds_between(tmp_path) -> None:
    """Cash of `now` counts in full; that of a period at its end."""
    found = plan_of(
        tmp_path,
        periods=UNEVEN,
        other_items=items(
            ("now", "rd", 1), ("Q1", "rd", 10), ("N1", "ppe", 100), ("H2", "rd", 1000)
        ),
    )
    quarter, year, end = 1.02, 1.02 * 1.06, 1.02 * 1.06 * 1.04
    assert found.row("value", "operating") == pytest.approx(-1 - 10 / quarter - 1000 / end)
    assert found.row("value", "investing") == pytest.approx(-100 / year)
    assert found.value == pytest.approx(-1 - 10 / quarter - 100 / year - 1000 / end)


@pytest.mark.parametrize("account", ["interest", "debt", "equity", "rou", "financing_fees"])
def test_financing_never_enters(tmp_path, account) -> None:
    """Interest, repayments, issues and leases have cash but no part in value."""
    assert plan_of(tmp_path, other_items=items(("P1", account, 10))).value == 0


def test_the_perpetuity_grows_from_the_last_periods_recurring_cash(tmp_path) -> None:
    """Six months at −20 are −40 a year: taxed, grown, shared, and discounted from the horizon."""
    line = {"id": "i", "name": "i", "account": "overhead", "period": "H2", "amount": 20}
    found = plan_of(
        tmp_path,
        periods=UNEVEN,
        other_items=rows([line | {"recurring": "yes"}]),
        valuation=table(
            id="v",
            discount_rate="0.08",
            terminal_share="0.5",
            terminal_growth="0.02",
            terminal_tax="0.3",
        ),
    )
    end = 1.02 * 1.06 * 1.04
    expected = 0.5 * 0.7 * 1.02 / 0.06 * -40 / end
    assert found.row("value", "terminal") == pytest.approx(expected)
    assert found.value == pytest.approx(expected - 20 / end)


def test_what_is_paid_after_the_horizon_is_not_forgotten(tmp_path) -> None:
    """A closure paid three years after the plan counts as if paid at its end."""
    plants = table(
        id="works",
        country="japan",
        kind="own",
        can_close="yes",
        closure_cost=60,
        closure_paid="late",
        latest="2025-04-01",
    )
    found = plan_of(
        tmp_path,
        "plant.works.close",
        plants=plants,
        calendars=rows(
            [
                {"id": "late", "months": 0, "share": "0.25"},
                {"id": "late", "months": 96, "share": "0.75"},
            ]
        ),
    )
    assert found.row("value", "operating") == pytest.approx(-15)
    assert found.row("value", "beyond") == pytest.approx(-45 / 1.08**5)


def test_growth_must_stay_below_the_rate(tmp_path) -> None:
    """A perpetuity that grows as fast as it is discounted has no value."""
    case = firm(
        tmp_path,
        valuation=table(id="v", discount_rate="0.02", terminal_share=1, terminal_growth="0.02"),
    )
    with pytest.raises(ModuleError, match="terminal_growth must be below"):
        plan(case)


def test_one_row_says_how_to_value(tmp_path) -> None:
    """Two rows would be two answers."""
    two = rows([{"id": "a", "discount_rate": "0.08"}, {"id": "b", "discount_rate": "0.05"}])
    with pytest.raises(ModuleError, match="has one row"):
        plan(firm(tmp_path, valuation=two))


def _wearing_firm(
    folder: Path, *lines: dict[str, object], force: str = "", **tables: str
) -> Planned:
    """Plan a firm whose last half year writes 30 off and pays 10 for assets."""
    every = [
        {"id": "w", "account": "depreciation", "amount": 30, "cash": "no"},
        {"id": "c", "account": "ppe", "amount": 10, "recurring": "yes"},
        *lines,
    ]
    columns = {"name": "i", "period": "H2", "cash": "yes", "recurring": "no"}
    valuation = table(id="v", discount_rate="0.08", terminal_share=1, terminal_reinvestment="0.8")
    return plan_of(
        folder,
        *filter(None, [force]),
        periods=UNEVEN,
        other_items=rows([columns | line for line in every]),
        valuation=valuation,
        **tables,
    )


def test_beyond_the_horizon_what_wears_out_is_replaced(tmp_path) -> None:
    """Of 60 a year written off, 0.8 is invested anew: 28 more than the 20 that recur."""
    found = _wearing_firm(tmp_path)
    assert found.rows["terminal_year"]["recurring",] == pytest.approx(-20)
    assert found.rows["terminal_year"]["reinvestment",] == pytest.approx(-(0.8 * 60 - 20))
    end = 1.02 * 1.06 * 1.04
    assert found.row("value", "terminal") == pytest.approx(-48 / 0.08 / end)


def test_who_invests_more_than_wears_out_is_charged_nothing_besides(tmp_path) -> None:
    """Capital spending of 2·(10 + 20) a year exceeds 0.8 of 60: the missing part is 0, not less."""
    more = {"id": "more", "account": "ppe", "amount": 20, "recurring": "yes"}
    found = _wearing_firm(tmp_path, more)
    assert found.rows["terminal_year"]["reinvestment",] == pytest.approx(0)
    assert found.rows["terminal_year"]["recurring",] == pytest.approx(-60)


def test_renewals_count_as_replacement(tmp_path) -> None:
    """A programme of 42 + 14 every 84 months costs 6 + 2 a year, and 6 less is missing besides."""
    again = table(
        id="anew",
        investment=42,
        development=14,
        cycle_months=84,
        latest="2025-04-01",
        lead_months=99,
    )
    found = _wearing_firm(tmp_path, force="programme.anew", programmes=again)
    year = {part: round(amount, 6) for (part,), amount in found.rows["terminal_year"].items()}
    assert year == {"recurring": -20, "development": -2, "investment": -6, "reinvestment": -22}
