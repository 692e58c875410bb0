"""Stakes: a sale books a gain and ends the income; a buy-out moves equity and no profit."""

from __future__ import annotations

from fractions import Fraction

import pytest

from replant.decisions.stake import MODULE
from replant.errors import ModuleError
from tests.decisions.money_firm import balance, firm, items, plan
from tests.decisions.small_firm import (
    Built,
    balanced,
    build,
    case_of,
    discounted_cash,
    rows,
    table,
    told,
    years,
)

SELL = {"id": "ally", "name": "Ally", "kind": "sell", "price": 50}
BUY = {"id": "shatai", "name": "Shatai", "kind": "buy", "price": 36}
VALUATION = table(id="base", discount_rate="0.08")


def built(folder, *stakes: dict[str, object], periods: str = "", extra=None) -> Built:
    case = case_of(
        folder,
        [MODULE],
        periods=periods or years(4),
        stakes=rows(stakes),
        valuation=VALUATION,
    )
    return build(case, MODULE, extra=extra)


def test_a_sale_books_gain_costs_and_tax_at_once(tmp_path) -> None:
    """Sold in P2 for 50 with 2 % of costs and 30 in the books: a gain of 19, in that year."""
    found = built(tmp_path, SELL | {"cost_share": "0.02", "carrying_amount": 30})
    x = found.plan("stake.act[ally,P2]")
    assert found.book(x) == {
        ("cash", "P2"): 49,
        ("disposal_proceeds", "P2"): -50,
        ("disposal_cost", "P2"): 1,
        ("disposal_carrying", "P2"): 30,
        ("investments", "P2"): -30,
    }
    assert found.book(x, "taxable") == {("FY2027",): 19}
    assert found.value(x, "cash_flow", **{"class": "investing"}, time="P2") == 49
    assert balanced(found, x)


def test_income_ends_with_the_sale(tmp_path) -> None:
    """It is booked in the periods before, never recurring, and throughout where nothing is sold."""
    found = built(tmp_path, SELL | {"income": 6}, periods=years(4, months=6))

    def income(*taken: str) -> list[float]:
        book = found.book(found.plan(*taken))
        return [-book.get(("equity_income", f"P{t}"), 0.0) for t in range(4)]

    assert income() == [3, 3, 3, 3]
    assert income("stake.act[ally,P2]") == [3, 3, 0, 0]
    assert income("stake.act[ally,P0]") == [0, 0, 0, 0]
    assert found.book(found.plan(), "recurring") == {}


def test_what_a_sale_gives_up_is_charged_at_its_own_rate(tmp_path) -> None:
    """The market value grows to the horizon and is discounted from there at the residual rate."""
    stake = SELL | {"market_value": 60, "growth": "0.02", "residual_rate": "0.05"}
    found = built(tmp_path, stake)
    worth = Fraction(60) * Fraction("1.02") ** 4 / Fraction("1.05") ** 4
    for period in ("P0", "P3"):
        x = found.plan(f"stake.act[ally,{period}]")
        assert found.value(x, "financing_value") == pytest.approx(-float(worth), abs=1e-12)
    assert found.value(found.plan(), "financing_value") == 0


def test_a_buy_out_moves_equity_and_no_profit(tmp_path) -> None:
    """Minority 30 goes, 6 more goes against equity, 36 of cash; no entry in profit and loss."""
    found = built(tmp_path, BUY | {"carrying_amount": 30, "income": "3.6"})
    x = found.plan("stake.act[shatai,P1]")
    book = found.book(x)
    assert {key: value for key, value in book.items() if key[1] == "P1"} == {
        ("minority", "P1"): 30,
        ("equity", "P1"): 6,
        ("cash", "P1"): -36 + 3.6,
        ("equity_income", "P1"): -3.6,
    }
    assert [book.get(("equity_income", f"P{t}"), 0) for t in range(4)] == [0, -3.6, -3.6, -3.6]
    assert found.value(x, "cash_flow", **{"class": "financing"}, time="P1") == -36
    assert found.value(x, "financing_value") == pytest.approx(-36 / 1.08**2)
    assert found.value(x, "recurring", time="P2") == pytest.approx(3.6)
    assert found.book(x, "taxable") == {}
    assert balanced(found, x)


def shatai(folder, cash: int, *force: str, forbid: tuple[str, ...] = ()):
    """Plan worked example 7.7: 3.6 a year for ever at 9 % for 36, with a loan at 15 % at hand."""
    case = firm(
        folder,
        opening=balance(cash=cash),
        liquidity=rows({"period": time, "minimum_cash": 0} for time in ("now", "P0", "P1")),
        periods=years(2),
        stakes=rows([BUY | {"carrying_amount": 30, "income": "3.6", "latest": "2025-04-01"}]),
        valuation=table(id="base", discount_rate="0.09", terminal_share=1),
        other_items=items(("P0", "revenue", -50)),
        facilities=table(
            id="loan", kind="bond", limit=36, lump=36, rate="0.15", fair_rate="0", term_months=12
        ),
    )
    return plan(case, force=force, forbid=forbid)


def test_a_buy_out_is_worth_4_where_there_is_cash(tmp_path) -> None:
    """3.6 a year for ever at 9 % is 40, and the price is 36."""
    found = shatai(tmp_path / "best", 36)
    assert found.row("option", "stake.shatai") == 1
    without = shatai(tmp_path / "without", 36, forbid=("stake.shatai",))
    assert found.verification.value - without.verification.value == 4


def test_a_buy_out_loses_1_4_where_a_unit_of_cash_is_worth_1_15(tmp_path) -> None:
    """Each unit has to be borrowed at 15 % where 0 is fair: 40 less 36 times 1.15."""
    best = shatai(tmp_path / "best", 0)
    assert best.row("option", "stake.shatai") == best.row("option", "facility.loan") == 0
    bought = shatai(tmp_path / "bought", 0, "stake.shatai")
    assert bought.row("option", "facility.loan") == 1
    assert bought.verification.value - best.verification.value == Fraction("-1.4")


def test_a_buy_out_below_the_books_adds_to_equity(tmp_path) -> None:
    """Paid less than the minority stands at, the firm's owners gain the difference."""
    found = built(tmp_path, BUY | {"carrying_amount": 40})
    book = found.book(found.plan("stake.act[shatai,P0]"))
    assert book == {("minority", "now"): 40, ("equity", "now"): -4, ("cash", "now"): -36}
    assert found.value(found.plan("stake.act[shatai,P0]"), "financing_value") == -36


def test_a_buy_out_needs_a_discount_rate(tmp_path) -> None:
    """Its price is valued at the case's rate; without one the case is refused."""
    case = case_of(tmp_path, [MODULE], periods=years(1), stakes=rows([BUY]))
    with pytest.raises(ModuleError, match="valuation"):
        build(case, MODULE)


def test_a_stake_that_is_not_enabled_is_held_and_not_bought(tmp_path) -> None:
    """No column; the holding's income goes on, the minority's never comes."""
    off = {"enabled": "no", "income": 5}
    found = built(tmp_path, SELL | off, BUY | off)
    assert found.columns == []
    assert found.book(found.plan()) == {
        key: value
        for t in range(4)
        for key, value in {("cash", f"P{t}"): 5.0, ("equity_income", f"P{t}"): -5.0}.items()
    }
    assert found.option(found.plan(), "stake.ally") == 0


def test_each_stake_moves_once_within_its_window(tmp_path) -> None:
    """Columns stand only where the window and the period's decisions allow."""
    window = {"earliest": "2026-04-01", "latest": "2028-04-01"}
    found = built(tmp_path, SELL | window, periods=years(4, closed=[2]))
    assert found.columns == ["stake.act[ally,P1]", "stake.act[ally,P3]"]
    assert found.lawful(found.plan("stake.act[ally,P3]"))
    assert not found.lawful(found.plan(*found.columns))
    assert found.option(found.plan("stake.act[ally,P3]"), "stake.ally") == 1


@pytest.mark.parametrize(("price", "sold"), [("39.8", False), ("40.1", True)])
def test_a_stake_is_sold_where_its_price_beats_what_it_gives_up(tmp_path, price, sold) -> None:
    """Income of 4 for four years at 8 % and a market value of 36.6 after them come to 40.0."""
    annuity = sum(1.08**-year for year in range(1, 5))
    residual = f"{(40 - 4 * annuity) * 1.08**4:.9f}"
    stake = SELL | {
        "price": price,
        "income": 4,
        "market_value": residual,
        "residual_rate": "0.08",
        "latest": "2025-04-01",
    }

    def worth(to):
        return discounted_cash()(to) + to.total("financing_value")

    found = built(tmp_path, stake, extra=worth)
    assert found.option(found.best(), "stake.ally") == pytest.approx(float(sold))


def test_a_sale_below_its_books_is_a_loss(tmp_path) -> None:
    """What is sold for less than it stands in the books is no gain of a negative amount."""
    found = built(tmp_path, SELL | {"carrying_amount": 54, "income": 6}, BUY | {"income": "3.6"})
    (sale,) = told(found, MODULE, found.plan("stake.act[ally,P1]"))
    assert "a loss of 4.0 ¥bn before tax" in sale.text
    assert "gain" not in sale.text


def test_what_is_done_is_told(tmp_path) -> None:
    """A sale with its gain, a purchase with what stays; what is left alone is not mentioned."""
    found = built(tmp_path, SELL | {"carrying_amount": 30, "income": 6}, BUY | {"income": "3.6"})
    sale, purchase = told(found, MODULE, found.plan("stake.act[ally,P1]", "stake.act[shatai,P0]"))
    assert sale.text == (
        "Ally is sold at the start of P1 (April 2026) for 50.0 ¥bn, a gain of 20.0 ¥bn "
        "before tax; its income of 6.0 ¥bn a year ends."
    )
    assert purchase.text == (
        "The minority of Shatai is bought at the start of P0 (April 2025) for 36.0 ¥bn; "
        "3.6 ¥bn a year stay with the firm."
    )
    assert (sale.option, sale.period) == ("stake.ally", "P1")
    assert told(found, MODULE, found.plan()) == []
