"""Debt: what falls due is paid on its day, and fairly priced money moves no value."""

from __future__ import annotations

from fractions import Fraction

import pytest

from replant.errors import Infeasible, ModuleError
from tests.decisions.money_firm import balance, firm, items, over_time, plan, plan_of
from tests.decisions.small_firm import rows, table, years

BOND = {"id": "b", "kind": "bond", "limit": 30, "rate": "0.08", "fair_rate": "0.08"}
LUMP = BOND | {"lump": 30, "term_months": 36}
LINE = {"id": "l", "kind": "revolver", "limit": 50, "rate": "0.04", "fair_rate": "0.04"}
UNEVEN = rows(
    [
        {"id": "Q1", "start": "2025-04-01", "months": 3, "fiscal_year": "FY2025"},
        {"id": "N1", "start": "2025-07-01", "months": 9, "fiscal_year": "FY2025"},
        {"id": "Y2", "start": "2026-04-01", "months": 12, "fiscal_year": "FY2026"},
        {"id": "Y3", "start": "2027-04-01", "months": 24, "fiscal_year": "FY2027"},
    ]
)


def floor(*lines: tuple[str, float]) -> str:
    """Write the cash floor."""
    return rows([{"period": period, "minimum_cash": cash} for period, cash in lines])


# ── what is outstanding ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("due", "repaid", "charged"),
    [
        ("2024-12-01", None, []),  # with its interest before the plan begins
        ("2025-04-01", "P0", ["P0"]),
        ("2026-03-31", "P0", ["P0"]),
        ("2026-04-01", "P1", ["P0", "P1"]),
        ("2027-08-15", "P2", ["P0", "P1", "P2"]),
        ("2028-04-01", None, ["P0", "P1", "P2"]),  # after the horizon
    ],
)
def test_a_debt_is_repaid_in_the_period_of_its_day(tmp_path, due, repaid, charged) -> None:
    """Interest runs up to and with the period that repays."""
    debt = {"id": "d", "kind": "bond", "principal": 50, "rate": "0.06", "due": due}
    found = plan_of(
        tmp_path, periods=years(3), debts=table(**debt), opening=balance(cash=90, debt=-50)
    )
    assert over_time(found, "ledger", "debt") == ({repaid: 50} if repaid else {})
    assert over_time(found, "ledger", "interest") == dict.fromkeys(charged, 3.0)
    assert found.value == 0


def test_a_day_counts_where_periods_start_in_mid_month(tmp_path) -> None:
    """Due on the 10th, before the period that starts on the 15th: already repaid."""
    periods = rows(
        [
            {"id": "A", "start": "2025-04-15", "months": 12, "fiscal_year": "FY2025"},
            {"id": "B", "start": "2026-04-15", "months": 12, "fiscal_year": "FY2026"},
        ]
    )
    debts = rows(
        [
            {"id": "before", "principal": 10, "rate": 0, "due": "2025-04-10"},
            {"id": "first", "principal": 20, "rate": 0, "due": "2026-04-14"},
            {"id": "last", "principal": 5, "rate": 0, "due": "2027-04-14"},
            {"id": "after", "principal": 40, "rate": 0, "due": "2027-04-15"},
        ]
    )
    found = plan_of(tmp_path, periods=periods, debts=debts, opening=balance(cash=90, debt=-65))
    assert over_time(found, "ledger", "debt") == {"A": 20, "B": 5}


# ── bonds ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("issued", ["Q1", "N1", "Y2", "Y3"])
@pytest.mark.parametrize("months", [1, 12, 20, 84, 91])
def test_a_fair_bond_changes_value_by_its_fee_alone(tmp_path, issued, months) -> None:
    """V moves by exactly −PV(fee), whatever the periods and however late it is repaid."""
    start = {"Q1": "2025-04-01", "N1": "2025-07-01", "Y2": "2026-04-01", "Y3": "2027-04-01"}
    bond = LUMP | {"fee": "0.02", "term_months": months}
    window = {"earliest": start[issued], "latest": start[issued]}
    case = firm(tmp_path, periods=UNEVEN, facilities=table(**bond | window))
    found = plan(case, force=["facility.b"])
    rate, paid = Fraction(8, 100), Fraction(1)
    lengths = {"Q1": 3, "N1": 9, "Y2": 12, "Y3": 24}
    for period, length in lengths.items() if issued != "Q1" else ():
        paid /= 1 + rate * Fraction(length, 12)
        if period == issued:
            break
    assert found.verification.value == -Fraction("0.6") * paid


def test_interest_runs_for_the_whole_period_that_repays(tmp_path) -> None:
    """Issued now for 20 months: repaid in the period that ends after them, interest until then."""
    found = plan_of(
        tmp_path,
        "facility.b",
        periods=UNEVEN,
        facilities=table(**LUMP | {"term_months": 20, "latest": "2025-04-01"}),
    )
    assert over_time(found, "ledger", "debt") == {"now": -30, "Y2": 30}
    assert over_time(found, "ledger", "interest") == {"Q1": 0.6, "N1": 1.8, "Y2": 2.4}


def test_a_bond_issued_later_starts_at_the_end_of_its_period(tmp_path) -> None:
    """No interest in the period of issue; its term counts from that period's end."""
    bond = LUMP | {"term_months": 24, "earliest": "2026-04-01", "latest": "2026-04-01"}
    found = plan_of(tmp_path, "facility.b", facilities=table(**bond, fee="0.01"))
    assert over_time(found, "ledger", "debt") == {"P1": -30, "P3": 30}
    assert over_time(found, "ledger", "interest") == {"P2": 2.4, "P3": 2.4}
    assert over_time(found, "ledger", "financing_fees") == {"P1": 0.3}


def test_a_bond_that_outlasts_the_plan_stays_in_the_books(tmp_path) -> None:
    """Its interest and repayment after the horizon are in its value, not in the accounts."""
    bond = LUMP | {"term_months": 84, "latest": "2025-04-01", "fair_rate": "0.05"}
    found = plan_of(tmp_path, "facility.b", facilities=table(**bond))
    assert over_time(found, "ledger", "debt") == {"now": -30}
    worth = 30 - 2.4 * sum(1.05**-t for t in range(1, 8)) - 30 / 1.05**7
    assert found.row("financing_value") == pytest.approx(worth)
    assert found.row("net_cash", "P4") == pytest.approx(100 + 30 - 5 * 2.4 - 30)


def test_dear_money_is_raised_only_where_cash_needs_it(tmp_path) -> None:
    """Above the fair rate a bond costs value: as much as the floor asks, as late as it asks."""
    case = firm(
        tmp_path,
        facilities=table(**BOND | {"rate": "0.09", "term_months": 24}),
        other_items=items(("P2", "other_result", 85), ("P3", "other_result", -60)),
        liquidity=floor(("P1", 20), ("P2", 20), ("P3", 20)),
    )
    found = plan(case)
    assert over_time(found, "ledger", "debt") == {"P2": -5, "P4": 5}
    assert found.row("cash", "P2") == pytest.approx(20)


def test_all_issues_of_a_bond_share_its_limit(tmp_path) -> None:
    """Two issues of 10 fit into a limit of 25, three do not."""
    cost = [(f"P{t}", "other_result", 20) for t in range(3)]
    tables = {
        "facilities": table(**BOND | {"limit": 25, "lump": 10, "term_months": 60, "rate": "0.1"}),
        "liquidity": floor(("P0", 0), ("P1", 0), ("P2", 0)),
        "other_items": items(*cost),
    }
    found = plan(firm(tmp_path / "a", opening=balance(cash=45), **tables))
    assert sum(over_time(found, "ledger", "debt").values()) == -20
    with pytest.raises(Infeasible):
        plan(firm(tmp_path / "b", opening=balance(cash=35), **tables))


def test_a_lump_above_its_limit_is_never_issued(tmp_path) -> None:
    """The limit binds the only issue there could be."""
    with pytest.raises(Infeasible):
        plan_of(tmp_path, "facility.b", facilities=table(**LUMP | {"limit": 29}))


def test_a_bond_without_a_term_is_refused(tmp_path) -> None:
    """The message names the cell."""
    case = firm(tmp_path, facilities=table(**BOND))
    with pytest.raises(ModuleError, match=r"facilities\.b\.term_months"):
        plan(case)


# ── lines ────────────────────────────────────────────────────────────────────────────────────────


def test_a_line_bridges_a_gap_and_is_paid_back(tmp_path) -> None:
    """Drawn at the end of the year that needs it, interest on the balance before."""
    case = firm(
        tmp_path,
        opening=balance(cash=10),
        facilities=table(**LINE | {"rate": "0.05", "latest": "2028-03-31"}),
        other_items=items(("P1", "other_result", 30), ("P2", "other_result", -90)),
        liquidity=floor(*((f"P{t}", 0) for t in range(5))),
    )
    found = plan(case)
    assert over_time(found, "ledger", "debt") == {"P1": -20, "P2": 20}
    assert over_time(found, "ledger", "interest") == {"P2": 1}
    # dearer than fair by one per cent of 20
    assert found.row("financing_value") == pytest.approx(-0.2 / 1.04**3)


def test_a_line_at_its_fair_rate_costs_its_commitment_fee(tmp_path) -> None:
    """What is drawn is worth nothing; what is not drawn costs the fee."""
    case = firm(
        tmp_path,
        periods=years(3),
        facilities=table(**LINE | {"commitment_fee": "0.01"}),
    )
    found = plan(case)
    paid = over_time(found, "ledger", "financing_fees")
    assert paid["P0"] == pytest.approx(0.5)
    expected = -sum(fee / 1.04 ** (1 + int(time[1])) for time, fee in paid.items())
    assert found.row("financing_value") == pytest.approx(expected, abs=1e-6)


def test_a_line_is_paid_back_when_its_window_ends(tmp_path) -> None:
    """Outside its window the balance is 0 and nothing is committed."""
    case = firm(
        tmp_path,
        opening=balance(cash=0),
        facilities=table(**LINE, earliest="2026-01-01", latest="2027-04-01"),
        other_items=items(("P1", "other_result", 30), ("P3", "other_result", -40)),
        liquidity=floor(*((f"P{t}", 0) for t in range(5))),
    )
    found = plan(case)
    debt = over_time(found, "ledger", "debt")
    assert set(debt) <= {"P1", "P2", "P3"}
    assert sum(debt.values()) == pytest.approx(0, abs=1e-5)
    assert set(over_time(found, "undrawn", "l")) == {"P1", "P2"}


def test_a_committed_line_counts_as_headroom_but_not_as_cash(tmp_path) -> None:
    """Headroom = cash − floor + what is not drawn."""
    case = firm(
        tmp_path,
        facilities=table(**LINE, commitment_fee="0.001"),
        liquidity=floor(("now", 40), ("P0", 40)),
    )
    found = plan(case)
    undrawn = found.row("undrawn", "l", "P0")
    assert found.row("headroom", "P0") == pytest.approx(found.row("cash", "P0") - 40 + undrawn)
    assert found.row("undrawn", "l", "now") == pytest.approx(LINE["limit"])
    assert found.row("headroom", "now") == pytest.approx(60 + LINE["limit"])


def test_a_line_that_opens_later_is_no_headroom_now(tmp_path) -> None:
    """Only what can be drawn when the plan begins counts at its first instant."""
    late = {**LINE, "earliest": "2026-01-01"}
    case = firm(tmp_path, facilities=table(**late), liquidity=floor(("now", 40), ("P0", 40)))
    assert plan(case).row("headroom", "now") == pytest.approx(60)


# ── words ────────────────────────────────────────────────────────────────────────────────────────


def test_the_plan_says_what_is_issued_and_drawn(tmp_path) -> None:
    """Amount, date, rate, fee and repayment; for a line the most that is drawn."""
    bond = LUMP | {"name": "Dollar bond", "fee": "0.02", "latest": "2025-04-01"}
    case = firm(
        tmp_path,
        opening=balance(cash=10),
        facilities=rows(
            [bond, LINE | {"name": "Credit line", "rate": "0.05", "latest": "2028-03-31"}]
        ),
        other_items=items(("P1", "other_result", 60), ("P2", "other_result", -90)),
        liquidity=floor(*((f"P{t}", 0) for t in range(5))),
    )
    found = plan(case, force=["facility.b"])
    texts = [each.text for each in found.sentences()]
    assert (
        "Dollar bond: 30.0 ¥bn is issued by the end of P0 (31 March 2026) at 8.00% and a fee of "
        "2.00%; it is repaid in P2."
    ) in texts
    assert any(each.startswith("Credit line: up to 2") for each in texts)
    after = plan_of(tmp_path / "late", "facility.b", facilities=table(**LUMP | {"term_months": 61}))
    assert any("repaid after the plan" in each.text for each in after.sentences())
