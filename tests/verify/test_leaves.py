"""Scenarios in the exact engine: each leaf for itself, what is decided once the same in all."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replant.verify import evaluate
from tests.verify.firm import Firm, Line, firm

F = Fraction
SALES = {"low": 60, "mid": 100, "high": 200}
SHARES = {"low": "0.2", "mid": "0.5", "high": "0.3"}


def sales(amount: int) -> list[Line]:
    return [
        Line(period=period, account="revenue", amount=F(-amount), recurring=True)
        for period in ("2025", "2026")
    ]


def three(**shares: str) -> Firm:
    """A firm that sells 60, 100 or 200 a year, and may issue a bond at once."""
    case = firm(2)
    case.add("opening", account="cash", amount=10).add("opening", account="equity", amount=-10)
    case.add("facilities", id="bond", kind="bond", limit=30, lump=0, rate="0.08", fair_rate="0.1",
             term_months=60)  # fmt: skip
    case.add("stakes", id="ally", kind="sell", enabled=True, carrying_amount=0, price=50,
             market_value=40, residual_rate="0.08", growth=0, cost_share=0)  # fmt: skip
    for name, share in (shares or SHARES).items():
        changed = {"other_items": sales(SALES.get(name, 100))}
        case.add("scenarios", id=name, probability=share, changed=changed)
    return case


def decided(**issued: str) -> dict[str, dict[str, str]]:
    return {"debt": {f"issue[bond,2025]@{leaf}": text for leaf, text in issued.items()}}


def rules(case: Firm, decisions: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
    return [(each.rule, each.scenario) for each in evaluate(case, decisions).breaches]


def test_each_leaf_is_the_firm_with_its_own_changes():
    found = evaluate(three(), {})
    annuity = 1 / F("1.08") + 1 / F("1.08") ** 2
    assert found.ok, found.sentences()
    assert {leaf.name: leaf.found.value for leaf in found.leaves} == {
        name: amount * annuity for name, amount in SALES.items()
    }
    assert found.sentences()[0].endswith("in 3 scenarios, no breach.")


def test_a_decision_of_a_leaf_moves_that_leaf_alone():
    before, after = evaluate(three(), {}), evaluate(three(), decided(mid="20"))
    assert after.ok, after.sentences()
    moved = [
        leaf.name
        for leaf, was in zip(after.leaves, before.leaves, strict=True)
        if leaf.found.books.total("cash", "2025") != was.found.books.total("cash", "2025")
    ]
    assert moved == ["mid"]


def test_what_is_decided_for_all_moves_every_leaf():
    before, after = evaluate(three(), {}), evaluate(three(), {"stake": {"act[ally,2025]": "1"}})
    for leaf, was in zip(after.leaves, before.leaves, strict=True):
        gain = leaf.found.books.total("cash", "now") - was.found.books.total("cash", "now")
        assert gain == 50


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(0, 30))
def test_the_expected_books_are_the_weighted_books_of_the_leaves(weights, issued):
    """Every element, and so value: Σ p·(what the leaf has), to the last digit."""
    shares = {f"s{number}": F(weight, sum(weights)) for number, weight in enumerate(weights)}
    case = three(**shares)
    several = len(shares) > 1
    columns = {f"issue[bond,2025]{'@s0' if several else ''}": str(issued)}
    found = evaluate(case, {"debt": columns})
    assert found.ok, found.sentences()
    for stream in found.books.streams():
        for labels, amount in found.books.elements(stream).items():
            each = [p.probability * p.found.books.total(stream, *labels) for p in found.leaves]
            assert amount == sum(each)
    assert found.value == sum(leaf.probability * leaf.found.value for leaf in found.leaves)
    assert found.statements[-1].net_income == sum(
        leaf.probability * leaf.found.statements[-1].net_income for leaf in found.leaves
    )


def test_one_leaf_with_certainty_is_the_firm_without_scenarios():
    alone = three(mid="1")
    same = firm(2)
    same.tables = {**alone.tables, "other_items": sales(100)}
    del same.tables["scenarios"]
    decisions = {"debt": {"issue[bond,2025]": "20"}}
    certain, plain = evaluate(alone, decisions), evaluate(same, decisions)
    assert certain.ok, certain.sentences()
    assert {stream: dict(certain.books.elements(stream)) for stream in certain.books.streams()} == {
        stream: dict(plain.books.elements(stream)) for stream in plain.books.streams()
    }


# ── what is broken is told, and where ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("shares", "amount"),
    [({"a": "0.5", "b": "0.4"}, "-0.1"), ({"a": "0.7", "b": "0.7"}, "0.4"), ({"a": "0.5"}, "-0.5")],
)
def test_probabilities_that_do_not_sum_to_one(shares, amount):
    (breach,) = evaluate(three(**shares), {}).breaches
    assert (breach.rule, breach.amount) == ("I15", F(amount))


def test_a_probability_is_a_share():
    assert rules(three(a="1.5", b="-0.5"), {}) == [("I15", ""), ("I15", "")]


@pytest.mark.parametrize(
    "decisions",
    [
        {"stake": {"act[ally,2025]@low": "1"}},  # decided before, but for one leaf only
        {"debt": {"issue[bond,2025]": "20"}},  # waits, but for which?
        {"debt": {"issue[bond,2025]@flood": "20"}},
        {"debt": {"issue[bond,2025]@": "20"}},
    ],
)
def test_a_decision_of_the_wrong_owner_is_a_breach(decisions):
    found = rules(three(), decisions)
    assert found[0] == ("I15", "")


def test_a_rule_that_one_leaf_breaks_is_named_with_the_leaf():
    case = three()
    for time in ("now", "2025", "2026"):
        case.add("liquidity", period=time, minimum_cash=10 if time == "now" else 75)
    assert rules(case, {}) == [("I13", "low")]
    found = evaluate(case, {})
    assert found.sentences()[1].startswith("I13 [2025, in low]: In 2025 cash is below the floor")
    assert found.without("I13").ok
    assert all(leaf.found.ok for leaf in found.without("I13").leaves)
    assert rules(case, decided(low="20")) == []


def test_more_than_the_limit_in_one_leaf_is_found():
    assert rules(three(), decided(low="20", high="31")) == [("I12", "high")]


@pytest.mark.parametrize("text", ["one", "", "1e3"])
def test_a_bad_text_in_a_leaf_is_a_breach_and_never_a_crash(text):
    assert ("labels", "mid") in rules(three(), decided(mid=text))
