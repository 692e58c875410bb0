"""Books: double entry, flows, items with three calendars."""

from fractions import Fraction

from replant.verify.accounts import ACCOUNTS
from replant.verify.books import Books
from replant.verify.calendar import Clock
from tests.verify.firm import firm


def test_the_chart_has_every_account_once_with_its_marks():
    """The chart is that of the contract: 45 accounts, taxable only what is booked as such."""
    assert len(ACCOUNTS) == 45
    taxable = {name for name, account in ACCOUNTS.items() if account.taxable}
    assert {"revenue", "labour", "depreciation", "interest", "financing_fees"} <= taxable
    assert not {"restructuring", "impairment", "tax", "lease_expense", "equity_income"} & taxable
    assert ACCOUNTS["equity"].kind == "equity"
    assert ACCOUNTS["equity_income"].kind == "income"
    assert ACCOUNTS["lease_expense"].operating
    assert not ACCOUNTS["lease_interest"].operating


def test_an_entry_has_two_sides_and_its_cash_the_flow_of_the_other():
    """Dr plant_cost Cr cash lowers operating cash flow; recurring cash is kept apart."""
    books = Books()
    books.entry("plant_cost", "cash", Fraction(3), "now", recurring=True)
    books.entry("cash", "debt", Fraction(5), "now", recurring=True)
    assert books.total("ledger", "cash", "now") == 2
    assert books.total("cash_flow", "operating", "now") == -3
    assert books.total("cash_flow", "financing", "now") == 5
    assert books.total("recurring", "now") == -3  # financing never recurs
    assert sum(books.elements("ledger").values()) == 0


def test_a_default_holds_only_where_nobody_posted():
    """A total of 0 that somebody posted is 0, not the default."""
    books = Books()
    books.post("operating", "a", amount=Fraction(0))
    assert books.total("operating", "a", default=Fraction(1)) == 0
    assert books.total("operating", "b", default=Fraction(1)) == 1


def test_an_unknown_account_is_a_breach_and_books_nothing():
    books = Books()
    books.entry("plant_cots", "cash", Fraction(1), "now")
    assert [breach.rule for breach in books.breaches] == ["I1"]
    assert not books.elements("ledger")


def test_an_item_is_recognised_paid_and_deducted_on_three_calendars():
    """Recognised at once, paid in halves of which one falls beyond, deducted as paid."""
    case = firm(2)
    case.add("calendars", id="halves", months=12, share="0.5")
    case.add("calendars", id="halves", months=36, share="0.5")
    clock, books = Clock(case), Books()
    halves = clock.calendar("halves")
    books.item(
        Fraction(10),
        clock.periods[0],
        expense="restructuring",
        balance="provisions",
        recognised=clock.calendar(""),
        paid=halves,
        deducted=halves,
    )
    assert books.total("ledger", "restructuring", "now") == 10
    assert books.total("ledger", "cash", "2025") == -5
    assert books.total("taxable", "2025") == -5
    assert books.total("beyond") == 5
    assert books.total("ledger", "provisions", "now") + 5 == -5


def test_what_is_taxable_as_booked_is_not_deducted_twice():
    """Depreciation is taxable as booked: an item of it posts nothing to taxable."""
    clock, books = Clock(firm(2)), Books()
    books.item(
        Fraction(12),
        clock.periods[0],
        expense="depreciation",
        balance="ppe",
        recognised=clock.straight_line(18, 0),
        paid=clock.at_once,
        deducted=clock.at_once,
    )
    assert books.total("ledger", "depreciation", "2025") == 8
    assert books.total("ledger", "depreciation", "2026") == 4
    assert not books.elements("taxable")
