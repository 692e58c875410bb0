"""Debt and the golden case: financing matters through limits, fees and spreads only."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replant.verify import evaluate
from tests.verify.firm import Firm, firm


def bond(case: Firm, **cells) -> Firm:
    facility = {"id": "bond", "kind": "bond", "limit": 30, "rate": "0.08", "fair_rate": "0.08"}
    return case.add("facilities", **{**facility, "term_months": 60, **cells})


@given(
    rate=st.integers(0, 20),
    fee=st.integers(0, 10),
    term=st.integers(1, 240),
    when=st.sampled_from(["2025Q1", "2025Q2", "2026Q4"]),
    discount=st.integers(0, 15),
)
def test_a_fairly_priced_bond_changes_value_by_its_fees_alone(rate, fee, term, when, discount):
    """Whatever term, date and discount rate: V changes by exactly −PV(fees)."""
    case = bond(
        firm(2, months=3, rate=f"0.{discount:02}"),
        rate=f"0.{rate:02}",
        fair_rate=f"0.{rate:02}",
        fee=f"0.{fee:02}",
        term_months=term,
    )
    found = evaluate(case, {"debt": {f"issue[bond,{when}]": "20"}})
    assert found.breaches == ()
    factor = Fraction(1)
    for period in case.periods[
        : 0 if when == "2025Q1" else [p.id for p in case.periods].index(when) + 1
    ]:
        factor *= 1 + Fraction(rate, 100) * Fraction(period.months, 12)
    assert found.value == -Fraction(20) * Fraction(fee, 100) / factor


def test_a_dear_bond_costs_its_spread():
    """A year at 10 % where 8 % is fair: 2 of 108 in present value, for each 100."""
    case = bond(firm(1), limit=100, rate="0.10", term_months=12)
    found = evaluate(case, {"debt": {"issue[bond,2025]": "100"}})
    assert found.value == -Fraction(2) / Fraction("1.08")
    assert found.books.total("ledger", "debt", "2025") == 100


def test_a_fair_revolver_is_worth_nothing_but_its_commitment_fee():
    case = firm(4, months=3)
    case.add("facilities", id="line", kind="revolver", limit=50, rate="0.04", fair_rate="0.04")
    drawn = {"balance[line,2025Q1]": "50", "balance[line,2025Q2]": "20.5"}
    found = evaluate(case, {"debt": drawn})
    assert found.breaches == ()
    assert found.value == 0
    assert found.books.total("ledger", "interest", "2025Q2") == Fraction("0.5")
    assert found.books.total("undrawn", "line", "2025Q2") == Fraction("29.5")
    case.tables["facilities"][0].commitment_fee = Fraction("0.01")
    assert evaluate(case, {"debt": drawn}).value < 0


def test_debts_fall_due_in_the_period_that_holds_the_date():
    case = firm(3)
    case.add("opening", account="cash", amount=100).add("opening", account="debt", amount=-100)
    case.add("debts", id="old", kind="bond", principal=100, rate="0.02", due="2026-04-01")
    found = evaluate(case, {})
    assert found.breaches == ()
    assert [found.books.total("cash", each.id) for each in case.periods] == [98, -4, -4]
    assert found.value == 0


@pytest.mark.parametrize(
    "decisions",
    [
        {"issue[bond,2025]": "31"},
        {"issue[bond,2025]": "16", "issue[bond,2026]": "15"},
        {"issue[bond,2025]": "-1"},
        {"issue_lump[bond,2025]": "1"},
        {"issue[bond,1999]": "1"},
        {"balance[bond,2025]": "1"},
    ],
)
def test_what_a_facility_does_not_allow_is_a_breach(decisions):
    found = evaluate(bond(firm()), {"debt": decisions})
    assert {breach.rule for breach in found.breaches} == {"I12"}


# ── golden case G1 ──────────────────────────────────────────────────────────────────────────


def golden(close: bool) -> Firm:
    """Cash 90, floor 40; keep −24 a year, or close for 83 now and +20 a year."""
    case = bond(firm(5), fee="0.02")
    case.add("opening", account="cash", amount=90).add("opening", account="equity", amount=-90)
    if close:
        case.add("other_items", id="closure", period="now", account="other_operating", amount=83)
    for period in case.periods:
        amount = -20 if close else 24
        case.add(
            "other_items",
            id=period.id,
            period=period.id,
            account="other_operating",
            amount=amount,
        )
    case.add("properties", id="hq", carrying_amount=0, market_value=97, residual_rate="0.08")
    case.add(
        "property_offers",
        id="slb",
        property="hq",
        kind="leaseback",
        price=97,
        rent="8.245",
        term_months=60,
        fair_rate="0.08",
    )
    for time in ("now", *(period.id for period in case.periods)):
        case.add("liquidity", period=time, minimum_cash=40)
    return case


@pytest.mark.parametrize(
    ("close", "slb", "issued", "value", "first", "short"),
    [
        (0, 0, 0, "-95.825", "2027", "22.0"),
        (0, 0, 1, "-96.425", "2028", "26.2"),
        (0, 1, 0, "-97.762", "2029", "14.2"),
        (0, 1, 1, "-98.362", "2029", "26.8"),
        (1, 0, 0, "-3.146", "now", "33.0"),
        (1, 0, 1, "-3.746", "now", "3.6"),
        (1, 1, 0, "-5.082", None, "0"),
        (1, 1, 1, "-5.682", None, "0"),
    ],
)
def test_golden_case_one(close, slb, issued, value, first, short):
    """Each of the eight plans has the value, the first breach and the shortfall of the table."""
    decisions = {
        "property": {"take[slb,2025]": str(slb)},
        "debt": {"issue[bond,2025]": "30" if issued else "0"},
    }
    found = evaluate(golden(bool(close)), decisions)
    assert round(found.value, 3) == Fraction(value)
    breaches = [breach for breach in found.breaches if breach.rule == "I13"]
    assert len(breaches) == len(found.breaches)
    assert found.without("I13").ok
    assert (breaches[0].where if breaches else None) == first
    assert round(breaches[0].amount if breaches else Fraction(0), 1) == Fraction(short)
