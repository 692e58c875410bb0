"""Tax: income from the books, losses by vintage, and one whole year by hand."""

from fractions import Fraction
from types import SimpleNamespace

import pytest

from replant.verify import evaluate
from replant.verify.evaluate import twins
from tests.verify.firm import Firm, firm


def year_of_work(told):
    """Book the events of the worked example of one year."""
    entry, period = told.books.entry, told.periods[0]
    entry("cash", "revenue", Fraction(300), period.id)
    entry("variable_cost", "cash", Fraction(280), period.id)
    entry("depreciation", "ppe", Fraction(20), period.id)
    entry("impairment", "ppe", Fraction(25), period.id)
    entry("ppe", "cash", Fraction(15), period.id)
    entry("interest", "cash", Fraction(9), period.id)
    entry("cash", "debt", Fraction(50), period.id)
    entry("debt", "cash", Fraction(60), period.id)
    entry("cash", "disposal_proceeds", Fraction(97), period.id)
    entry("disposal_carrying", "ppe", Fraction("23.1"), period.id)
    told.books.post("taxable", period.id, amount=Fraction("73.9"))
    third = lambda event: ((event.id, Fraction(1, 3)), (None, Fraction(2, 3)))  # noqa: E731
    told.books.item(
        Fraction(30),
        period,
        expense="restructuring",
        balance="provisions",
        recognised=lambda event: ((event.id, Fraction(1)),),
        paid=third,
        deducted=third,
    )


def one_year() -> Firm:
    case = firm(1)
    for account, amount in (("cash", 100), ("ppe", 200), ("debt", -150), ("equity", -150)):
        case.add("opening", account=account, amount=amount)
    case.add("taxes", id="JP", rate="0.3", loss_use_share="0.5", carry_years=10)
    return case.add("tax_losses", id="old", amount=100, expires="FY2030")


def test_one_year_by_hand():
    """PBT 9.9; taxable 54.9; losses used 27.45; tax 8.235; net 1.665; both sides 311.665."""
    work = SimpleNamespace(
        NAME="work", ORDER=1, COLUMNS=frozenset(), post=year_of_work, check=lambda told: None
    )
    found = evaluate(one_year(), {"tax": {"used[old,FY2025]": "27.45"}}, (*twins(), work))
    assert found.breaches == ()
    assert found.books.total("taxable_income", "FY2025") == Fraction("54.9")
    assert found.books.total("tax", "FY2025") == Fraction("8.235")
    now, year = found.statements
    assert year.net_income == Fraction("1.665")
    assert year.net_income - year.profit_and_loss["tax"] == Fraction("9.9")
    assert year.balance_sheet["cash"] == Fraction("164.765")
    assert year.balance_sheet["ppe"] == Fraction("146.9")
    assert year.balance_sheet["provisions"] == -20
    assert year.balance_sheet["debt"] == -140
    assert year.balance_sheet["equity"] + year.balance_sheet["retained"] == -Fraction("151.665")
    assert year.assets == Fraction("311.665")
    assert sum(year.cash_flow.values()) == Fraction("64.765")
    assert now.net_income == 0


def yearly(*profits: int, share: str = "0.5", carry: int = 10) -> Firm:
    case = firm(len(profits))
    for period, profit in zip(case.periods, profits, strict=True):
        case.add("other_items", period=period.id, account="other_operating", amount=-profit)
    return case.add("taxes", id="JP", rate="0.3", loss_use_share=share, carry_years=carry)


def test_a_loss_of_the_plan_becomes_a_vintage_of_its_year():
    found = evaluate(yearly(-100, 80, 200), {"tax": {"used[FY2025,FY2026]": "40"}})
    assert found.breaches == ()
    assert [found.books.total("tax", f"FY{y}") for y in (2025, 2026, 2027)] == [0, 12, 60]
    assert found.books.total("loss_left", "FY2025", "FY2027") == 60


@pytest.mark.parametrize(
    ("used", "sentence"),
    [
        ({"used[FY2025,FY2026]": "41"}, "exceed the share"),
        ({"used[FY2025,FY2027]": "101"}, "exceed the share"),
        ({"used[FY2025,FY2026]": "40", "used[FY2025,FY2028]": "61"}, "More is used"),
        ({"used[FY2025,FY2025]": "1"}, "cannot be used in FY2025"),
        ({"used[FY2026,FY2027]": "1"}, "More is used"),
        ({"used[old,FY2028]": "1"}, "cannot be used in FY2028"),
        ({"used[FY2025,FY2028]": "1"}, "cannot be used in FY2028"),
        ({"used[elsewhere,FY2028]": "1"}, "has no used[elsewhere,FY2028]"),
        ({"used[old,FY2026]": "-1"}, "must not be negative"),
    ],
)
def test_losses_keep_amount_years_and_cap(used, sentence):
    """Nothing refreshes a loss: it has an amount, an end, and a cap in each year."""
    case = yearly(-100, 80, 200, 300, carry=2)
    case.add("tax_losses", id="old", amount=10, expires="FY2027")
    found = evaluate(case, {"tax": used})
    assert any(sentence in breach.sentence for breach in found.breaches)
    assert {breach.rule for breach in found.breaches} == {"I11"}


def test_quarters_are_taxed_as_one_year_and_now_belongs_to_the_first():
    """+40 now, then −10 a quarter: no income, no tax; paid in the last quarter if there is."""
    case = firm(1, months=3)
    case.add("other_items", period="now", account="other_operating", amount=-40)
    for period in case.periods:
        case.add("other_items", period=period.id, account="other_operating", amount=5)
    case.add("taxes", id="JP", rate="0.25", loss_use_share=1)
    found = evaluate(case, {})
    assert found.books.total("taxable_income", "FY2025") == 20
    assert found.books.total("ledger", "tax", "2025Q4") == 5
