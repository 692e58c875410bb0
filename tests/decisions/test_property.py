"""Property: the same cash and value in every standard, gains and leases as each of them says."""

from __future__ import annotations

from fractions import Fraction

import pytest

from replant.errors import Infeasible, ModuleError
from replant.ledger import ACCOUNTS
from tests.decisions.money_firm import balance, firm, over_time, plan, plan_of
from tests.decisions.small_firm import rows, table, years

STANDARDS = ("JGAAP", "JGAAP34", "IFRS", "USGAAP")
QUARTERS_THEN_YEARS = rows(
    [
        {"id": "Q1", "start": "2025-04-01", "months": 3, "fiscal_year": "FY2025"},
        {"id": "Q2", "start": "2025-07-01", "months": 3, "fiscal_year": "FY2025"},
        {"id": "H2", "start": "2025-10-01", "months": 6, "fiscal_year": "FY2025"},
        {"id": "Y2", "start": "2026-04-01", "months": 12, "fiscal_year": "FY2026"},
        {"id": "Y3", "start": "2027-04-01", "months": 12, "fiscal_year": "FY2027"},
    ]
)
OFFICE = {
    "id": "hq",
    "name": "Head office",
    "carrying_amount": "23.1",
    "market_value": 97,
    "residual_rate": "0.06",
}
LEASEBACK = {
    "id": "lease",
    "property": "hq",
    "kind": "leaseback",
    "price": 97,
    "rent": "4.85",
    "term_months": 240,
    "fair_rate": "0.055",
}
SALE = {"id": "sale", "property": "hq", "kind": "sell", "price": 97}
OPENING = balance(cash=100, property="23.1")


def tables(*offers: dict[str, object], **office: object) -> dict[str, str]:
    """Write the property and its offers."""
    return {
        "properties": rows([OFFICE | office]),
        "property_offers": rows(offers),
        "opening": OPENING,
    }


def gain(planned, *times: str) -> float:
    """Return what a disposal adds to profit."""
    names = ("disposal_proceeds", "disposal_carrying", "disposal_cost")
    return -sum(planned.row("ledger", name, time) for name in names for time in times)


# ── the worked examples ──────────────────────────────────────────────────────────────────────────


def test_example_24_of_ifrs_16(tmp_path) -> None:
    """PV 1,459,199, right of use 699,555, gain 240,355: the part that passes to the buyer."""
    building = {"id": "b", "carrying_amount": 1000000, "market_value": 1800000}
    offer = {"id": "o", "property": "b", "kind": "leaseback", "price": 2000000}
    lease = {"rent": 120000, "term_months": 216, "fair_rate": "0.045"}
    case = firm(
        tmp_path,
        [("IFRS", "2020-01-01")],
        periods=years(3),
        opening=balance(cash=0, property=1000000),
        properties=rows([building | {"residual_rate": "0.06"}]),
        property_offers=rows([offer | lease | {"latest": "2025-04-01"}]),
    )
    found = plan(case, force=["property.o"])
    liability = 120000 * (1 - 1.045**-18) / 0.045
    right = 1000000 * (liability - 200000) / 1800000
    assert found.row("ledger", "lease_liabilities", "now") == pytest.approx(-liability)
    assert found.row("ledger", "rou", "now") == pytest.approx(right)
    assert gain(found, "now") == pytest.approx(800000 * (1 - (liability - 200000) / 1800000))
    assert round(liability) == 1459199
    assert round(right) == 699555
    assert gain(found, "now") == pytest.approx(240355, abs=2)  # the standard rounds on its way


@pytest.mark.parametrize(("standard", "expected"), [("JGAAP", 73.9), ("IFRS", 29.743)])
def test_the_head_office_shows_another_gain_in_each_standard(tmp_path, standard, expected) -> None:
    """97 for what stands at 23.1: 73.9 under J-GAAP, 29.7 under IFRS."""
    case = firm(
        tmp_path, [(standard, "2020-01-01")], **tables(LEASEBACK | {"latest": "2025-05-01"})
    )
    assert gain(plan(case, force=["property.lease"]), "now") == pytest.approx(expected, abs=5e-4)


def test_the_head_office_leased_back_stands_in_the_books_under_ifrs(tmp_path) -> None:
    """A liability of 57.96 and a right of use of 13.80; the change of equity is the gain."""
    lease = LEASEBACK | {"latest": "2025-04-01"}
    found = plan(
        firm(tmp_path, [("IFRS", "2020-01-01")], **tables(lease)), force=["property.lease"]
    )
    owed = -found.row("ledger", "lease_liabilities", "now")
    right = found.row("ledger", "rou", "now")
    assert owed == pytest.approx(57.959, abs=5e-4)
    assert right == pytest.approx(13.803, abs=5e-4)
    assert 97 - 23.1 + right - owed == pytest.approx(gain(found, "now"))


def test_what_a_price_above_the_value_adds_is_a_loan(tmp_path) -> None:
    """Example 24 of IFRS 16: of a liability of 1,459,199, 200,000 are no part of the lease."""
    liabilities, rights = [], []
    for price in (2000000, 1800000):
        office = {"id": "b", "carrying_amount": 1000000, "market_value": 1800000}
        offer = {"id": "o", "property": "b", "kind": "leaseback", "price": price}
        lease = {"rent": 120000, "term_months": 216, "fair_rate": "0.045", "latest": "2025-04-01"}
        case = firm(
            tmp_path / str(price),
            [("IFRS", "2020-01-01")],
            periods=years(3),
            opening=balance(cash=0, property=1000000),
            properties=rows([office | {"residual_rate": "0.06"}]),
            property_offers=rows([offer | lease]),
        )
        found = plan(case, force=["property.o"])
        liabilities.append(-found.row("ledger", "lease_liabilities", "now"))
        rights.append(found.row("ledger", "rou", "now"))
    assert liabilities[0] == pytest.approx(liabilities[1])
    # the right of use is bought with the lease alone: 200,000 less of it at 1.0 of 1.8
    assert (rights[1] - rights[0]) * 1.8 == pytest.approx(200000)


@pytest.mark.parametrize(
    ("growth", "rate", "worth"),
    [("0", "0.0499", 0), ("0", "0.0501", 1), ("0.01", "0.0561", 0), ("0.01", "0.0563", 1)],
)
def test_what_a_leaseback_costs_is_the_rate_at_which_it_is_worth_nothing(
    tmp_path, growth: str, rate: str, worth: int
) -> None:
    """97 now for 4.85 a year and the building after 20: 5.00 %, or 5.62 % if it gains 1 % a year.

    A firm that borrows for less is better off without, one that pays more takes it.
    """
    lease = LEASEBACK | {"fair_rate": rate, "latest": "2025-04-01"}
    given = tables(lease, growth=growth, residual_rate=rate) | {"periods": years(20)}
    found = plan(firm(tmp_path, **given))
    assert found.row("option", "property.lease") == worth


# ── what no standard may change ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("taken", ["Q1", "Q2", "Y2"])
def test_cash_tax_and_value_are_the_same_in_every_standard(tmp_path, taken) -> None:
    """A standard says when profit is shown; cash, taxable income and value do not move."""
    day = {"Q1": "2025-04-01", "Q2": "2025-07-01", "Y2": "2026-04-01"}[taken]
    offer = LEASEBACK | {"term_months": 31, "cost_share": "0.02", "earliest": day, "latest": day}
    regimes = [[(each, "2020-01-01")] for each in STANDARDS]
    regimes.append([("JGAAP", "2020-01-01"), ("JGAAP34", "2027-04-01")])
    seen = []
    for number, regime in enumerate(regimes):
        case = firm(
            tmp_path / str(number),
            regime,
            periods=QUARTERS_THEN_YEARS,
            taxes=table(id="tax", rate="0.3", loss_use_share="0.5"),
            **tables(offer),
        )
        found = plan(case, force=["property.lease"])
        streams = ("cash_flow", "taxable", "taxable_income")
        flows = {name: found.rows[name] for name in streams}
        seen.append((found.verification.value, flows["taxable"], _cash(found)))
    for other in seen[1:]:
        assert other[0] == seen[0][0]
        assert other[1] == pytest.approx(seen[0][1])
        assert other[2] == pytest.approx(seen[0][2])


def _cash(found) -> dict[str, float]:
    return {
        labels[1]: value for labels, value in found.rows["ledger"].items() if labels[0] == "cash"
    }


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("months", [7, 12, 31])
def test_a_lease_that_ends_leaves_nothing_in_the_books(tmp_path, standard, months) -> None:
    """Liability and right of use roll to 0; all profit and loss sums to the cash that moved."""
    case = firm(
        tmp_path,
        [(standard, "2020-01-01")],
        periods=QUARTERS_THEN_YEARS,
        **tables(LEASEBACK | {"term_months": months, "latest": "2025-04-01", "price": 90}),
    )
    found = plan(case, force=["property.lease"])
    left = {
        name: sum(value for (each, _), value in found.rows["ledger"].items() if each == name)
        for name in ACCOUNTS
    }
    assert left["lease_liabilities"] == pytest.approx(0, abs=1e-9)
    assert left["rou"] == pytest.approx(0, abs=1e-9)
    assert left["property"] == pytest.approx(-23.1)
    profit = sum(found.row("net_income", time) for time in ("now", "Q1", "Q2", "H2", "Y2", "Y3"))
    assert profit == pytest.approx(90 - 23.1 - 4.85 * months / 12)


# ── each standard ────────────────────────────────────────────────────────────────────────────────


def test_j_gaap_books_rents_as_they_fall(tmp_path) -> None:
    """Off the balance sheet: no right of use, no liability, each rent an expense."""
    found = plan_of(tmp_path, "property.lease", **tables(LEASEBACK | {"latest": "2025-04-01"}))
    assert over_time(found, "ledger", "lease_expense") == {f"P{t}": 4.85 for t in range(5)}
    assert over_time(found, "ledger", "rou") == {}
    assert over_time(found, "cash_flow", "lease") == {f"P{t}": -4.85 for t in range(5)}


def test_leases_enter_the_balance_sheet_when_standard_34_comes_into_force(tmp_path) -> None:
    """At the start of the first period from its date on, at the worth of the rents still due."""
    regime = [("JGAAP", "2020-01-01"), ("JGAAP34", "2027-04-01")]
    case = firm(tmp_path, regime, **tables(LEASEBACK | {"latest": "2025-04-01"}))
    found = plan(case, force=["property.lease"])
    due = 4.85 * (1 - 1.055**-18) / 0.055
    assert over_time(found, "ledger", "lease_expense") == {"P0": 4.85, "P1": 4.85}
    assert found.row("ledger", "rou", "P2") == pytest.approx(due - due / 18)
    assert found.row("ledger", "lease_interest", "P2") == pytest.approx(due * 0.055)
    assert found.row("ledger", "lease_liabilities", "P2") == pytest.approx(-due * 1.055 + 4.85)
    assert found.row("ledger", "rou_depreciation", "P4") == pytest.approx(due / 18)


def test_a_standard_that_starts_within_a_period_waits_for_the_next(tmp_path) -> None:
    """What begins in the middle of a period is booked in the column of the one that follows."""
    regime = [("JGAAP", "2020-01-01"), ("JGAAP34", "2026-07-20")]
    case = firm(tmp_path, regime, **tables(LEASEBACK | {"latest": "2025-04-01"}))
    found = plan(case, force=["property.lease"])
    assert set(over_time(found, "ledger", "lease_expense")) == {"P0", "P1"}
    assert set(over_time(found, "ledger", "lease_interest")) == {"P2", "P3", "P4"}


def test_us_gaap_shows_the_rent_and_carries_the_lease(tmp_path) -> None:
    """The rent stays one expense; right of use and liability fall by rent less interest."""
    case = firm(
        tmp_path, [("USGAAP", "2020-01-01")], **tables(LEASEBACK | {"latest": "2025-04-01"})
    )
    found = plan(case, force=["property.lease"])
    due = 4.85 * (1 - 1.055**-20) / 0.055
    assert found.row("ledger", "lease_expense", "P0") == pytest.approx(4.85)
    assert found.row("ledger", "rou", "P0") == pytest.approx(due * 0.055 - 4.85)
    assert found.row("ledger", "lease_interest", "P0") == 0
    assert gain(found, "now") == pytest.approx(73.9)


def test_without_a_standard_j_gaap_counts(tmp_path) -> None:
    """Before the first dated standard, J-GAAP."""
    for number, standards in enumerate([(), [("IFRS", "2026-04-01")]]):
        offer = LEASEBACK | {"latest": "2025-04-01"}
        found = plan(firm(tmp_path / str(number), standards, **tables(offer)), force=["property.*"])
        assert over_time(found, "ledger", "lease_expense") != {}


def test_ifrs_needs_a_market_value(tmp_path) -> None:
    """The gain is a share of it: without it the message names the cell."""
    case = firm(tmp_path, [("IFRS", "2020-01-01")], **tables(LEASEBACK, market_value=0))
    with pytest.raises(ModuleError, match=r"properties\.hq\.market_value"):
        plan(case)


# ── sale, loan, holding ──────────────────────────────────────────────────────────────────────────


def test_a_sale_ends_the_cost_of_owning_and_begins_a_rent(tmp_path) -> None:
    """Sold in P2: kept and paid for until then, a rent for what replaces it from then on."""
    offer = SALE | {"cost_share": "0.03", "earliest": "2027-04-01", "latest": "2027-04-01"}
    found = plan_of(
        tmp_path, "property.sale", **tables(offer, keep_cost="0.7", replacement_rent="3.8")
    )
    assert over_time(found, "ledger", "overhead") == pytest.approx(
        {"P0": 0.7, "P1": 0.7, "P2": 3.8, "P3": 3.8, "P4": 3.8}
    )
    assert over_time(found, "held", "hq") == {"P0": 1, "P1": 1}
    assert found.row("recurring", "P4") == pytest.approx(-3.8)
    assert gain(found, "P2") == pytest.approx(97 * 0.97 - 23.1)
    assert found.row("cash_flow", "investing", "P2") == pytest.approx(97 * 0.97)


def test_a_sale_gives_up_what_it_will_be_worth(tmp_path) -> None:
    """At the horizon, grown, at its own rate; a leaseback at the end of the lease, exactly."""
    sale = plan_of(
        tmp_path / "a",
        "property.sale",
        **tables(SALE | {"latest": "2025-04-01"}, growth="0.01"),
    )
    assert sale.row("financing_value") == pytest.approx(-97 * 1.01**5 / 1.06**5)
    lease = LEASEBACK | {"rent": 0, "term_months": 77, "latest": "2025-04-01"}
    back = plan_of(tmp_path / "b", "property.lease", **tables(lease))
    # six years and five months: whole years compound, the rest is simple interest
    assert back.row("financing_value") == pytest.approx(-97 / (1.06**6 * (1 + 0.06 * 5 / 12)))


def test_rents_after_the_horizon_count_at_the_ends_of_years(tmp_path) -> None:
    """Seven years and a half from P1 on: P2 to P4 in the plan, then four years and a half."""
    offer = LEASEBACK | {"term_months": 90, "earliest": "2026-04-01", "latest": "2026-04-01"}
    found = plan_of(tmp_path, "property.lease", **tables(offer, market_value=0))
    factor = sum(1.055**-year for year in range(3, 10)) + 0.5 / (1.055**9 * 1.0275)
    assert found.row("financing_value") == pytest.approx(-4.85 * factor)


def test_a_right_to_buy_back_makes_it_a_loan(tmp_path) -> None:
    """No disposal and no gain: a liability, paid off by the rents; only interest is deducted."""
    loan = LEASEBACK | {"price": 75, "rent": 12, "term_months": 36, "cost_share": "0.02"}
    found = plan_of(
        tmp_path,
        "property.lease",
        **tables(loan | {"buy_back": "yes", "latest": "2025-04-01"}, market_value=50),
    )
    assert gain(found, "now") == 0
    assert over_time(found, "ledger", "property") == {}
    interest, left = {}, 75.0
    for time in ("P0", "P1", "P2"):
        interest[time] = left * 0.055
        left += interest[time] - 12
    assert over_time(found, "ledger", "lease_interest") == pytest.approx(interest, abs=1e-6)
    assert -sum(over_time(found, "ledger", "financing_liability").values()) == pytest.approx(left)
    assert found.rows["taxable"] == pytest.approx(
        {(f"FY{2025 + t}",): -interest[f"P{t}"] for t in range(3)}
    )
    assert found.row("cash_flow", "financing", "now") == pytest.approx(75 * 0.98)
    worth = 75 * 0.98 - 12 * sum(1.055**-t for t in (1, 2, 3)) - 50 / 1.06**3
    assert found.row("financing_value") == pytest.approx(worth)
    assert found.value == pytest.approx(worth)


def test_each_property_goes_once(tmp_path) -> None:
    """Two offers for it cannot both be taken, nor one of them twice."""
    case = firm(tmp_path, **tables(LEASEBACK, SALE))
    with pytest.raises(Infeasible):
        plan(case, force=["property.lease", "property.sale"])


def test_two_properties_can_both_go(tmp_path) -> None:
    """Each has its own row and its own offers, under different rules of their own."""
    annex = OFFICE | {"id": "annex", "name": "", "carrying_amount": 100, "market_value": 40}
    case = firm(
        tmp_path,
        properties=rows([OFFICE, annex]),
        property_offers=rows([LEASEBACK, SALE, SALE | {"id": "b", "property": "annex"}]),
        opening=balance(cash=0, property="123.1"),
    )
    found = plan(case, force=["property.lease", "property.b"])
    assert found.row("option", "property.sale") == 0
    texts = " ".join(each.text for each in found.sentences())
    assert "Head office is sold" in texts
    assert "annex is sold" in texts
    assert "a loss of 3.0" in texts


def test_an_offer_that_never_stands_can_be_forced_but_not_taken(tmp_path) -> None:
    """Its option exists, so a person is told that nothing is feasible, not that it is unknown."""
    case = firm(tmp_path, **tables(SALE | {"earliest": "2040-01-01"}))
    assert plan(case).row("option", "property.sale") == 0
    with pytest.raises(Infeasible):
        plan(case, force=["property.sale"])


# ── value and words ──────────────────────────────────────────────────────────────────────────────


def test_a_fair_leaseback_of_a_flat_property_is_worth_nothing(tmp_path) -> None:
    """Price = rents at the fair rate + the property given up: value does not move."""
    rent = Fraction("9.7") * Fraction("0.08") / Fraction("0.1")  # 8 % of 97
    offer = {"rent": str(float(rent)), "fair_rate": "0.08", "term_months": 60}
    found = plan_of(
        tmp_path,
        "property.lease",
        **tables(LEASEBACK | offer | {"latest": "2025-04-01"}, residual_rate="0.08"),
    )
    assert found.verification.value == 0


def test_the_plan_says_what_is_sold_and_on_what_lease(tmp_path) -> None:
    """One sentence with price, rent, term, costs and gain, and the cells behind them."""
    offer = LEASEBACK | {"cost_share": "0.02", "term_months": 24, "latest": "2025-04-01"}
    found = plan_of(tmp_path, "property.lease", **tables(offer))
    (said,) = [each for each in found.sentences() if each.subject == "property.hq"]
    assert said.text == (
        "Head office is sold at the start of P0 (April 2025) for 97.0 ¥bn and leased back for "
        "24 months at 4.85 ¥bn a year; after costs of 1.9 ¥bn that is a gain of 72.0 ¥bn against "
        "what it stands at in the books, before tax."
    )
    assert (said.option, said.period, said.until) == ("property.lease", "P0", "P1")
    assert "property_offers.lease.price" in {str(cell) for cell in said.cells}


def test_a_loan_is_not_called_a_sale(tmp_path) -> None:
    """The words follow the books."""
    offer = LEASEBACK | {"buy_back": "yes", "latest": "2025-04-01"}
    found = plan_of(tmp_path, "property.lease", **tables(offer))
    (said,) = [each for each in found.sentences() if each.subject == "property.hq"]
    assert "no sale but a loan" in said.text
    assert said.until == ""
