"""Golden case G2: what fee makes hosting as good as closing depends on the cash in hand.

G1 with a guest who would build 100 thousand cars a year in the old plant. Our car moves out for
23; the plant then costs 26 a year, so that with 24 from our cars and 4 for the receiving line the
firm has -6 a year and the fee; at the end of year 5 closing costs 60. Closing at once needs the
leaseback for cash, hosting does not: whoever is short of cash asks for less.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from replant.case import Case, read
from replant.module import row_classes
from replant.plan import make_plan
from replant.units import Cell
from tests.golden.g2_by_hand import ANNUITY, BASE, CLOSE, HOSTING, LEASED, TIMES, F, at


@pytest.fixture(scope="module")
def g2(cases) -> Case:
    return read(cases / "golden-g2", row_classes())


def reservation_fee(case: Case, floor: int) -> Fraction:
    """Return the least fee at which the best plan hosts, to a ten-thousandth, by bisection."""
    low, high = F(0), F(1)
    while high - low > F(1, 20_000):
        # decimals only: a cell holds no thirds
        fee = Fraction(round((low + high) / 2 * 10**6), 10**6)
        hosts = make_plan(at(case, fee, floor)).row("option", "deal.guest") == 1.0
        low, high = (low, fee) if hosts else (fee, high)
    return high


@pytest.mark.parametrize("fee", ["0.15", "0.2", "0.25"])
def test_hosting_is_worth_what_it_is_by_hand(g2: Case, fee: str):
    plan = make_plan(at(g2, F(fee)), HOSTING)
    assert plan.verification.ok, plan.verification.sentences()
    assert plan.verification.value == BASE + 100 * F(fee) * ANNUITY


def test_hosting_at_the_reservation_fee_needs_no_funding(g2: Case):
    plan = make_plan(at(g2, F("0.2072")), HOSTING)
    cash = [plan.verification.books.total("cash", time) for time in TIMES]
    assert min(cash) == cash[0] == 67
    assert cash[-1] == 67 + 5 * (F("20.72") - 6) - 60
    assert plan.row("option", "property.hq_leaseback") == plan.row("option", "facility.bond") == 0.0


@pytest.mark.parametrize(
    ("floor", "without", "printed"), [(40, LEASED, "0.2072"), (0, CLOSE, "0.2120")]
)
def test_the_reservation_fee(g2: Case, floor: int, without: Fraction, printed: str):
    assert make_plan(at(g2, F(0), floor)).verification.value == without
    by_hand = (without - BASE) / (100 * ANNUITY)
    assert round(float(by_hand), 4) == float(printed)
    assert abs(reservation_fee(g2, floor) - by_hand) < F(1, 10_000)


def test_the_distress_discount(g2: Case):
    """A firm short of cash lets the plant for 4.85 thousand a car less."""
    discount = (CLOSE - LEASED) / (100 * ANNUITY)
    assert round(float(discount * 1000), 2) == 4.85
    found = reservation_fee(g2, 0) - reservation_fee(g2, 40)
    assert abs(found - discount) < F(2, 10_000)


def test_what_the_end_costs_falls_beyond_the_plan_with_a_longer_deal(g2: Case):
    longer = g2.replace_cells({Cell("hosting_deals", "guest", "", "duration_months"): 61})
    plan = make_plan(at(longer, F("0.2")), HOSTING)
    assert plan.verification.ok
    assert plan.verification.books.total("beyond") == 60
    assert plan.verification.books.total("ledger", "restructuring", "Y5") == 0
    # at the same rate and date it weighs the same
    assert plan.verification.value == BASE + 20 * ANNUITY
