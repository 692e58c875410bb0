"""The evaluation as a whole: bad plans are breaches, never crashes; every difference is found."""

from fractions import Fraction

import pytest

from replant.verify import compare, evaluate
from replant.verify.evaluate import twins
from tests.verify.firm import firm


def small():
    case = firm(2)
    for account, amount in (("cash", 10), ("receivables", 5), ("payables", -4), ("equity", -11)):
        case.add("opening", account=account, amount=amount)
    for period in ("2025", "2026"):
        case.add("other_items", period=period, account="revenue", amount=-730, recurring=True)
        case.add("other_items", period=period, account="variable_cost", amount=365)
    case.add("working_capital", account="receivables", driver="revenue", days=10)
    case.add("working_capital", account="payables", driver="variable_cost", days=30)
    return case


def test_working_capital_follows_its_drivers():
    """Ten days of 730 are 20, thirty days of 365 are 30; only the change moves cash."""
    books = evaluate(small(), {}).books
    assert books.total("ledger", "receivables", "2025") == 15
    assert books.total("ledger", "payables", "2025") == -26
    assert books.total("ledger", "receivables", "2026") == 0
    assert books.total("cash", "2025") == 10 + 365 - 15 + 26


def test_value_with_a_terminal_value():
    """Recurring cash after tax grows for ever: 730 · 0.7 · 1.01 / 0.07 at the end."""
    case = small()
    row = case.tables["valuation"][0]
    row.terminal_share, row.terminal_growth, row.terminal_tax = (
        Fraction(1),
        Fraction("0.01"),
        Fraction("0.3"),
    )
    found = evaluate(case, {})
    later = 730 * Fraction("0.7") * Fraction("1.01") / Fraction("0.07")
    assert found.books.total("value", "terminal") == later / Fraction("1.08") ** 2
    assert found.value == Fraction(376) / Fraction("1.08") + (365 + later) / Fraction("1.08") ** 2
    assert found.books.line("value") == found.value


def test_growth_at_the_discount_rate_has_no_terminal_value():
    case = small()
    row = case.tables["valuation"][0]
    row.terminal_share, row.terminal_growth = Fraction(1), Fraction("0.08")
    assert [each.rule for each in evaluate(case, {}).breaches] == ["I16"]


def test_the_finance_arm_keeps_its_own_books():
    case = firm(1)
    case.add("finance_opening", account="finance_cash", amount=7)
    case.add("finance_opening", account="finance_equity", amount=-7)
    case.add("finance_arm", period="2025", revenue=10, cost=6, dividend=3)
    found = evaluate(case, {})
    assert found.breaches == ()
    assert found.books.total("finance_ledger", "finance_cash", "2025") == 1
    assert found.books.total("cash_flow", "operating", "2025") == 3
    assert not found.books.elements("recurring")


def test_every_general_invariant_is_checked_and_counted():
    found = evaluate(small(), {})
    assert found.ok
    assert {"I1", "I2", "I3", "I9", "I14", "I16"} <= set(found.checked)
    assert found.sentences()[0].endswith("no breach.")


def test_an_opening_that_does_not_balance_is_told():
    case = small().add("opening", account="tax", amount=1)
    rules = [each.rule for each in evaluate(case, {}).breaches]
    assert set(rules) == {"I2"}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("used[old,FY2025]", "one"),
        ("used[old,FY2025]", "1e3"),
        ("used[old,FY2025]", "nan"),
        ("used[old", "1"),
        ("use[old,FY2025]", "1"),
        ("used", "1"),
        ("used[]", "1"),
        ("used[old,FY2025,more]", "1"),
        ("", "1"),
        ("used[old,FY2025]\n", "1"),
    ],
)
def test_a_bad_decision_is_a_breach_and_never_a_crash(column, value):
    case = small().add("taxes", id="JP", rate="0.3", loss_use_share=1)
    case.add("tax_losses", id="old", amount=5)
    found = evaluate(case, {"tax": {column: value}})
    assert found.breaches
    assert not found.ok


@pytest.mark.parametrize("module", [twin.NAME for twin in twins()])
def test_every_twin_survives_nonsense(module):
    """Unknown columns, labels and values in any module are breaches of a finished evaluation."""
    columns = next(twin.COLUMNS for twin in twins() if module == twin.NAME)
    nonsense = {f"{column}[x,y,z]": "7" for column in columns} | {"nothing[x]": "1"}
    found = evaluate(small(), {module: nonsense})
    assert len(found.breaches) >= len(columns) + 1


def test_a_module_without_twin_is_not_verified():
    found = evaluate(small(), {"brand_sale": {"sell[x,2025]": "1"}})
    assert found.without_twin == ("brand_sale",)
    assert not found.ok
    assert "brand_sale has no exact twin" in " ".join(found.sentences())


def test_every_difference_is_a_breach():
    """Rows within 1e-6 of max(1, |exact|) agree; value has the invariant's name."""
    books = evaluate(small(), {}).books
    value = float(books.line("value"))
    cash = float(books.total("cash", "2025"))
    agreed = [("value", (), value), ("cash", ("2025",), cash * (1 + 1e-7)), ("none", ("x",), 0.0)]
    assert compare(books, agreed) == ()
    differing = [
        ("value", (), value * (1 + 2e-6)),
        ("cash", ("2025",), cash + 1),
        ("cash", ("2026",), float("nan")),
        ("none", ("x",), 2e-6),
    ]
    found = compare(books, differing)
    assert [each.rule for each in found] == ["I16", "cash", "cash", "none"]
    assert round(found[1].amount, 9) == 1


def test_probabilities_sum_to_one():
    case = small().add("scenarios", id="a", probability="0.5")
    assert [each.rule for each in evaluate(case, {}).breaches] == ["I15"]


# ── relations and limits ────────────────────────────────────────────────────────────────────


def offers():
    case = firm(2)
    for name in ("a", "b", "c"):
        case.add("properties", id=name, carrying_amount=1, market_value=1)
        case.add(
            "property_offers", id=f"{name}.1", property=name, kind="sell", fair_rate=0, price=1
        )
    return case


def take(*names: str, plan: str = "", case=None):
    decisions = {"property": {f"take[{name}.1,2026]": "1" for name in names}}
    found = evaluate(case, decisions, plan=plan)
    return [each.rule for each in found.breaches]


@pytest.mark.parametrize(
    ("kind", "most", "taken", "holds"),
    [
        ("requires", None, "a", False),
        ("requires", None, "ab", False),
        ("requires", None, "abc", True),
        ("requires", None, "bc", True),
        ("excludes", None, "ac", False),
        ("excludes", None, "c", True),
        ("at_most", 2, "abc", False),
        ("at_most", 2, "ab", True),
    ],
)
def test_relations_bind_options(kind, most, taken, holds):
    names = ("property.a.1", "property.b.1", "property.c.1")
    case = offers().add("relations", id="r", kind=kind, options=names, at_most=most)
    assert take(*taken, case=case) == ([] if holds else ["relations"])


def test_what_is_forced_is_taken_and_what_is_forbidden_left():
    case = offers().add("options", option="property.a.1", action="force")
    case.add("plan_options", plan="announced", option="property.b.1", action="forbid")
    assert take("a", "b", case=case) == []
    assert take("b", case=case) == ["relations"]
    assert take("a", "b", case=case, plan="announced") == ["relations"]
    assert take("a", case=case, plan="announced") == []


def test_an_option_that_nobody_knows_is_told():
    case = offers().add("options", option="brand.x.sell", action="force")
    assert take(case=case) == ["relations"]


def test_limits_keep_lines_in_their_range():
    case = offers().add("limits", id="l", stream="held", labels=("a", "2026"), lower=1)
    assert take("b", case=case) == []
    assert take("a", case=case) == ["limits"]
    case.add("plan_bounds", plan="other", stream="value", labels=(), upper=-1)
    assert take("b", case=case) == []
    assert take("b", case=case, plan="other") == ["plan_bounds"]
    case.add("limits", id="l", stream="nothing", labels=(), upper=1)
    assert take("b", case=case) == ["labels"]
