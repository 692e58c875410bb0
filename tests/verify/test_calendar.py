"""Time: leads round up, discounting is simple inside and compound between periods."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from replant.verify.calendar import Clock
from tests.verify.firm import firm


def test_leads_round_up_to_the_next_start_and_dues_to_the_next_end():
    """Four months from the start of a quarter: ready in the third, paid in the second."""
    clock = Clock(firm(1, months=3))
    first = clock.periods[0]
    assert clock.ready(first, 0) == 0
    assert clock.ready(first, 3) == 1
    assert clock.ready(first, 4) == 2
    assert clock.ready(first, 13) == 4
    assert clock.after(first, 0) == "now"
    assert clock.after(first, 3) == "2025Q1"
    assert clock.after(first, 4) == "2025Q2"
    assert clock.after(first, 13) is None
    assert clock.at(clock.periods[1]) == "2025Q2"


def test_a_window_needs_decisions_and_both_dates():
    clock = Clock(firm(2, months=3))
    period = clock.periods[2]
    assert clock.window_open(period)
    assert clock.window_open(period, date(2025, 10, 1), "2025-10-01")
    assert not clock.window_open(period, date(2025, 10, 2))
    assert not clock.window_open(period, None, "2025-09-30")


def test_discounting_chains_simple_interest():
    """Two half years at 8 % discount by 1.04 squared; beyond the horizon years compound."""
    clock = Clock(firm(1, months=6))
    rate = Fraction(8, 100)
    assert clock.discount(rate, "now") == 1
    assert clock.discount(rate, "2025Q2") == 1 / Fraction(104, 100) ** 2
    two_years_later = clock.discount_after(rate, Fraction(12 + 24))
    assert two_years_later == 1 / (Fraction(104, 100) ** 2 * Fraction(108, 100) ** 2)
    assert clock.discount_after(rate, Fraction(18)) == 1 / (Fraction(104, 100) ** 3)


@given(st.integers(1, 400), st.integers(-1, 7))
def test_slices_hold_every_month_of_a_contract(months, last):
    """The stretches of a contract add up to its length, inside the horizon and after it."""
    clock = Clock(firm(2, months=3))
    time = clock.times[last + 1]
    pieces = list(clock.slices(time, months))
    assert sum(piece.months for piece in pieces) == months
    assert all(piece.months <= 12 for piece in pieces)


def test_money_moves_with_its_currency_only():
    case = firm(2)
    case.add("currencies", id="USD", reference_rate=150)
    case.add("exchange_rates", currency="USD", period="2025", rate=120)
    clock = Clock(case)
    first, second = clock.periods
    assert clock.phi("USD", first) == Fraction(4, 5)
    assert clock.phi("USD", second) == 1
    assert clock.phi("JPY", first) == clock.phi("", first) == clock.phi(None, first) == 1
    assert clock.phi_at("USD", "now") == Fraction(4, 5)


def test_an_instant_inside_a_period_is_reached_by_simple_interest():
    """Eight months into half years at 8 %: 1.04 for the first, two months of the second."""
    clock = Clock(firm(1, months=6))
    rate = Fraction(8, 100)
    assert clock.growth_after(rate, Fraction(8)) == Fraction("1.04") * (1 + rate / 6)
    assert clock.growth_after(rate, Fraction(12)) == clock.growth(rate, "2025Q2")
    assert clock.growth_after(rate, Fraction(0)) == 1
