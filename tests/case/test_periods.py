"""The arithmetic of dates, against counting day by day."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replant.case import Period, PeriodRow, add_months, dated_rate, period_after
from replant.case.periods import fiscal_years_of, periods_of
from replant.errors import UsageError


def chain(*months: int) -> tuple[Period, ...]:
    rows, start = [], date(2025, 7, 1)
    for number, length in enumerate(months):
        rows.append(PeriodRow(id=f"p{number}", start=start, months=length, fiscal_year="FY"))
        start = add_months(start, length)
    return periods_of(reversed(rows))


def test_months_by_the_calendar() -> None:
    assert add_months(date(2025, 11, 15), 3) == date(2026, 2, 15)
    assert add_months(date(2025, 1, 31), 1) == date(2025, 2, 28)
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2025, 3, 1), -3) == date(2024, 12, 1)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 100), st.integers(0, 100))
def test_months_add_up_from_early_days(day, first, second) -> None:
    day = day.replace(day=min(day.day, 28))
    assert add_months(add_months(day, first), second) == add_months(day, first + second)


def test_periods_are_in_the_order_of_time() -> None:
    periods = chain(3, 6, 12)
    assert [(each.id, each.index) for each in periods] == [("p0", 0), ("p1", 1), ("p2", 2)]
    assert periods[0].end == periods[1].start == date(2025, 10, 1)
    assert periods[0].last_day == date(2025, 9, 30)
    assert (periods[0].days, periods[0].years) == (92, Fraction(1, 4))
    assert fiscal_years_of(periods)[0].months == 21


@pytest.mark.parametrize(
    ("index", "months", "wanted"),
    [(0, 0, "p0"), (0, 3, "p0"), (0, 4, "p1"), (0, 9, "p1"), (0, 10, "p2"), (0, 21, "p2"),
     (0, 22, None), (1, 6, "p1"), (2, 12, "p2"), (2, 13, None)],
)  # fmt: skip
def test_period_after(index, months, wanted) -> None:
    found = period_after(chain(3, 6, 12), index, months)
    assert (found.id if found else None) == wanted


@given(st.lists(st.integers(1, 14), min_size=1, max_size=8), st.data())
def test_period_after_is_the_first_that_ends_no_earlier(lengths, data) -> None:
    periods = chain(*lengths)
    index = data.draw(st.integers(0, len(periods) - 1))
    months = data.draw(st.integers(0, 60))
    due = add_months(periods[index].start, months)
    wanted = next((each for each in periods if each.end >= due and each.index >= 0), None)
    if months == 0 and index > 0:
        # the period before ends on the very day: what takes no time is there already
        assert period_after(periods, index, months) == periods[index - 1]
        return
    assert period_after(periods, index, months) == wanted


def test_a_negative_lead_is_refused() -> None:
    with pytest.raises(UsageError, match="not negative"):
        period_after(chain(3), 0, -1)


@given(
    st.dictionaries(
        st.dates(date(2024, 1, 1), date(2027, 1, 1)),
        st.fractions(0, 1, max_denominator=50),
        max_size=6,
    )
)
def test_dated_rate_is_the_average_over_days(steps) -> None:
    steps |= {date(2020, 1, 1): Fraction(1, 10)}
    (period,) = chain(12)
    days = [period.start + timedelta(days=each) for each in range(period.days)]
    rates = [steps[max(since for since in steps if since <= day)] for day in days]
    wanted = sum(rates, Fraction(0)) / len(days)
    assert dated_rate(sorted(steps.items(), reverse=True), period) == wanted


def test_dated_rate_refuses_what_it_cannot_know() -> None:
    (period,) = chain(3)
    with pytest.raises(UsageError, match="no rate holds"):
        dated_rate([(date(2025, 7, 2), Fraction(1))], period)
    with pytest.raises(UsageError, match="no rate holds"):
        dated_rate([], period)
    with pytest.raises(UsageError, match="one day"):
        dated_rate([(date(2025, 7, 1), Fraction(1)), (date(2025, 7, 1), Fraction(2))], period)
