"""Property: the standards' own numbers, and that no standard changes cash or value."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replant.verify import evaluate
from tests.verify.firm import Firm, firm

STANDARDS = ("JGAAP", "JGAAP34", "IFRS", "USGAAP")


def leaseback(case: Firm, standard: str, *, buy_back: bool = False, **cells) -> Firm:
    case.standards = ((date(2000, 1, 1), standard),)
    property_cells = ("carrying_amount", "market_value", "growth", "residual_rate")
    own = {name: cells.pop(name) for name in property_cells if name in cells}
    case.add("properties", id="hq", **own)
    offer = {"id": "slb", "property": "hq", "kind": "leaseback", "buy_back": buy_back}
    return case.add("property_offers", **offer, **cells)


def taken(case: Firm, period: str = "2025"):
    return evaluate(case, {"property": {f"take[slb,{period}]": "1"}})


def example_24(standard: str = "IFRS") -> Firm:
    return leaseback(
        firm(18),
        standard,
        carrying_amount=1_000_000,
        market_value=1_800_000,
        price=2_000_000,
        rent=120_000,
        term_months=216,
        fair_rate="0.045",
        residual_rate="0.045",
    )


def gain(books, time="now"):
    accounts = ("disposal_proceeds", "disposal_carrying", "disposal_cost")
    return -sum(books.total("ledger", account, time) for account in accounts)


def test_illustrative_example_24_of_ifrs_16():
    """PV of rents 1,459,199; right-of-use asset 699,555; gain 240,355 (the standard rounds)."""
    found = taken(example_24())
    assert found.breaches == ()
    assert round(-found.books.total("ledger", "lease_liabilities", "now")) == 1_459_199
    assert round(found.books.total("ledger", "rou", "now")) == 699_555
    assert abs(gain(found.books) - 240_355) < 1
    assert sum(v for (a, _), v in found.books.elements("ledger").items() if a == "rou") == 0


def headquarters(standard: str, count: int = 8) -> Firm:
    return leaseback(
        firm(count),
        standard,
        carrying_amount="23.1",
        market_value=97,
        price=97,
        rent="4.85",
        term_months=240,
        fair_rate="0.055",
        residual_rate="0.055",
    )


def test_headquarters_gain_by_standard_with_the_same_cash():
    """Under IFRS 29.7 of gain, under J-GAAP and US GAAP 73.9; liability 57.96, asset 13.80."""
    found = {standard: taken(headquarters(standard)) for standard in STANDARDS}
    assert round(gain(found["IFRS"].books), 1) == Fraction("29.7")
    assert round(-found["IFRS"].books.total("ledger", "lease_liabilities", "now"), 2) == Fraction(
        "57.96"
    )
    assert round(found["IFRS"].books.total("ledger", "rou", "now"), 2) == Fraction("13.80")
    for standard in ("JGAAP", "JGAAP34", "USGAAP"):
        assert gain(found[standard].books) == Fraction("73.9")
    cash = [found[each].books.elements("cash") for each in STANDARDS]
    assert all(each == cash[0] for each in cash)


@given(
    price=st.integers(60, 130),
    rent=st.integers(1, 12),
    term=st.integers(6, 400),
    when=st.sampled_from(["2025Q1", "2025Q3", "2026Q2"]),
    growth=st.sampled_from(["0", "0.01"]),
)
def test_the_standard_never_changes_value(price, rent, term, when, growth):
    """A standard moves profit and balance sheet; cash, tax base and value stay the same."""
    found = []
    for standard in STANDARDS:
        case = leaseback(
            firm(3, months=3),
            standard,
            carrying_amount=23,
            market_value=97,
            growth=growth,
            price=price,
            cost_share="0.03",
            rent=rent,
            term_months=term,
            fair_rate="0.055",
            residual_rate="0.07",
        )
        found.append(taken(case, when))
    assert all(not each.breaches for each in found)
    assert len({each.value for each in found}) == 1
    taxable = [dict(each.books.elements("taxable")) for each in found]
    assert all(each == taxable[0] for each in taxable)


def test_a_new_standard_brings_the_remaining_rents_onto_the_balance_sheet():
    """From 1 April 2027 the liability is what the remaining rents are worth; it rolls to 0."""
    case = leaseback(
        firm(6),
        "JGAAP",
        carrying_amount=20,
        market_value=97,
        price=97,
        rent=5,
        term_months=60,
        fair_rate="0.05",
        residual_rate="0.05",
    )
    case.standards += ((date(2027, 4, 1), "JGAAP34"),)
    books = taken(case).books
    expected = sum(5 / Fraction(105, 100) ** k for k in (1, 2, 3))
    assert books.total("ledger", "lease_expense", "2026") == 5
    assert books.total("ledger", "lease_expense", "2027") == 0
    assert books.total("ledger", "rou_depreciation", "2027") == expected / 3
    assert books.total("ledger", "rou", "2027") == expected - expected / 3
    owed = sum(v for (a, _), v in books.elements("ledger").items() if a == "lease_liabilities")
    assert owed == 0


def test_a_buy_back_is_a_loan_on_a_property_that_stays():
    """No disposal, no gain, no tax on it; the value is that of the sale when nothing is taxed."""
    sale = taken(headquarters("JGAAP"))
    case = headquarters("JGAAP")
    case.tables["property_offers"][0].buy_back = True
    loan = taken(case)
    assert loan.breaches == ()
    assert gain(loan.books) == 0
    assert loan.books.total("ledger", "property", "now") == 0
    assert loan.books.total("ledger", "financing_liability", "now") == -97
    assert loan.books.total("ledger", "lease_interest", "2025") == 97 * Fraction("0.055")
    assert loan.value == sale.value


def test_a_sale_pays_replacement_rent_and_saves_the_upkeep():
    case = firm(3)
    case.add("properties", id="lot", carrying_amount=4, market_value=10, keep_cost=1)
    case.tables["properties"][0].replacement_rent = Fraction(2)
    case.add("property_offers", id="slb", property="lot", kind="sell", price=10, fair_rate="0.05")
    found = taken(case, "2026")
    assert found.books.total("ledger", "overhead", "2025") == 1
    assert found.books.total("ledger", "overhead", "2026") == 2
    assert found.books.total("held", "lot", "2026") == 0
    assert found.books.total("taxable", "FY2026") == 6
    assert (
        found.value
        == -1 / Fraction("1.08") + (10 - 2) / Fraction("1.08") ** 2 - 2 / Fraction("1.08") ** 3 - 10
    )


@pytest.mark.parametrize("second", ["take[slb,2026]", "take[other,2025]"])
def test_a_property_is_given_up_once(second):
    case = headquarters("JGAAP")
    case.add("property_offers", id="other", property="hq", kind="sell", price=90, fair_rate=0)
    found = evaluate(case, {"property": {"take[slb,2025]": "1", second: "1"}})
    assert any("once" in breach.sentence for breach in found.breaches)
