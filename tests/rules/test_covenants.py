"""Covenants: what lenders demand in a fiscal year binds the best plan, and a comparator says so.

The year of worked example 7 is the one of `example_7`: EBITDA 20, interest 9, net cash
24.765, equity 151.665 of 311.665, 15 invested. The works of the other tests earn 20 a year, or 30
once a plant that loses 10 is closed for 45: closing is not worth it, and lenders may demand it.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from replant.analysis import why_infeasible
from replant.case import Case
from replant.cli.examining import examine
from replant.errors import Infeasible, ModuleError
from replant.plan import Choices, Planned, assemble, make_plan
from replant.rules.covenants import figures as rule
from replant.verify import Asked, Bound, evaluate
from tests.decisions.money_firm import balance, firm, items, plan, plan_of
from tests.decisions.small_firm import rows, table, years
from tests.rules.example_7 import year_of_example_7

F = Fraction
CLOSE = "plant.old.close"
LEASEBACK = "property.hq_leaseback"


def covenants(*lines: dict[str, object]) -> str:
    """Write covenants, c0, c1, … unless they have an id of their own."""
    return rows([{"id": f"c{number}"} | line for number, line in enumerate(lines)])


def works(folder, *lines: dict[str, object], count: int = 5, **tables: str) -> Case:
    """Write a firm that earns 30 less what its old plant loses, and owes 200 at 5 %."""
    given = {
        "periods": years(count),
        "opening": balance(cash=100, debt=-200),
        "debts": table(id="loan", kind="loan", principal=200, rate="0.05", due="2040-01-01"),
        "plants": table(
            id="old",
            country="japan",
            kind="own",
            can_close="yes",
            fixed_cost_operating=10,
            closure_cost=45,
            latest="2025-04-01",
        ),
        "other_items": items(*((f"P{number}", "revenue", -30) for number in range(count))),
    }
    if lines:
        given["covenants"] = covenants(*lines)
    return firm(folder, **given | tables)


def closes(found: Planned) -> bool:
    return found.row("option", CLOSE) == 1.0


# -- what is tested ------------------------------------------------------------------------------


@pytest.fixture
def example_7(tmp_path) -> Planned:
    """Plan the year of worked example 7 with each kind of covenant, all of them kept."""
    return year_of_example_7(
        tmp_path,
        covenants=covenants(
            {"id": "leverage", "kind": "leverage", "ratio": 3},
            {"id": "cover", "kind": "interest_cover", "ratio": 2},
            {"id": "equity", "kind": "equity", "amount": 150},
            {"id": "share", "kind": "equity_ratio", "ratio": "0.4"},
            {"id": "investment", "kind": "capital_expenditure", "amount": 20},
        ),
    )


def test_the_figures_of_worked_example_7(example_7) -> None:
    """300 − 280; 9; 140 − 164.765; 151.665 of 311.665; 15 invested, whatever the sale brings."""
    books = example_7.verification.books
    assert {labels[0]: value for labels, value in books.elements("covenant_figure").items()} == {
        "ebitda": 20,
        "interest": 9,
        "net_debt": F("-24.765"),
        "equity": F("151.665"),
        "total_assets": F("311.665"),
        "capital_expenditure": 15,
    }


def test_headroom_is_the_ratio_multiplied_out(example_7) -> None:
    """3·20 + 24.765; 20 − 2·9; 151.665 − 150; 151.665 − 0.4·311.665; 20 − 15; all in money."""
    books = example_7.verification.books
    rooms = {labels[0]: value for labels, value in books.elements("covenant_headroom").items()}
    assert rooms == {
        "leverage": F("84.765"),
        "cover": 2,
        "equity": F("1.665"),
        "share": F("26.999"),
        "investment": 5,
    }
    for name, room in rooms.items():
        claimed = example_7.row("covenant_headroom", name, "FY2025")
        assert claimed == pytest.approx(float(room))


def test_ebitda_adds_back_the_leases_that_stand_in_the_balance_sheet(tmp_path) -> None:
    """Then their liability is debt and their interest is interest; a rent is an expense."""
    lines = ("depreciation", 5), ("rou_depreciation", 7), ("lease_expense", 4)
    lines += ("lease_interest", 2), ("interest", 3), ("restructuring", 11), ("financing_fees", 1)
    found = plan_of(
        tmp_path,
        opening=balance(cash=100, lease_liabilities=-30, financing_liability=-20, debt=-10),
        other_items=items(("P0", "revenue", -50), *(("P0", name, cost) for name, cost in lines)),
        covenants=covenants(
            {"kind": "leverage", "ratio": 9}, {"kind": "interest_cover", "ratio": 1}
        ),
    )
    figures = {
        name: found.row("covenant_figure", name, "FY2025") for name in ("ebitda", "interest")
    }
    assert figures == {"ebitda": 46, "interest": 5}
    assert found.row("covenant_figure", "net_debt", "FY2025") == 60 - (100 + 50 - 33)


def test_a_fiscal_year_is_the_sum_of_its_periods_and_now_is_of_the_first(tmp_path) -> None:
    """Quarters add up; a balance is the one at the year's end."""
    found = plan_of(
        tmp_path,
        periods=years(8, months=3),
        opening=balance(cash=100),
        other_items=items(
            ("now", "revenue", -1),
            *((f"P{number}", "revenue", -(10**number)) for number in range(1, 6)),
            ("P2", "ppe", 7),
        ),
        covenants=covenants(
            {"kind": "leverage", "ratio": 1}, {"kind": "capital_expenditure", "amount": 7}
        ),
    )
    figure = {
        (name, year): found.row("covenant_figure", name, year)
        for name in ("ebitda", "net_debt", "capital_expenditure")
        for year in ("FY2025", "FY2026")
    }
    assert figure["ebitda", "FY2025"] == 1 + 10 + 100 + 1000
    assert figure["ebitda", "FY2026"] == 10**4 + 10**5
    assert figure["net_debt", "FY2025"] == -(100 + 1111 - 7)
    assert figure["net_debt", "FY2026"] == -(100 + 111111 - 7)
    assert figure["capital_expenditure", "FY2025"] == 7


def test_the_finance_arm_is_no_part_of_what_lenders_test(tmp_path) -> None:
    """Its debt is backed by loans to customers; only the dividend reaches the firm's equity."""
    found = plan_of(
        tmp_path,
        finance_opening=rows(
            [
                {"account": "finance_assets", "amount": 900},
                {"account": "finance_debt", "amount": -800},
                {"account": "finance_equity", "amount": -100},
            ]
        ),
        finance_arm=table(period="P0", revenue=50, cost=20, dividend=4),
        covenants=covenants({"kind": "leverage", "ratio": 1}, {"kind": "equity", "amount": 0}),
    )
    assert found.row("covenant_figure", "net_debt", "FY2025") == -104
    assert found.row("covenant_figure", "equity", "FY2025") == 104
    assert found.row("covenant_figure", "ebitda", "FY2025") == 0


# -- when it is in force -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "tested"),
    [
        ("", "", [2025, 2026, 2027, 2028, 2029]),
        ("FY2027", "", [2027, 2028, 2029]),
        ("", "FY2026", [2025, 2026]),
        ("FY2020", "FY2025", [2025]),
        ("year 2028", "FY2040", [2028, 2029]),
        ("FY2031", "", []),
    ],
)
def test_a_covenant_is_tested_from_its_first_year_to_its_last(
    tmp_path, since, until, tested
) -> None:
    """Years are compared by the last number in their names; an empty end is the plan's own."""
    line = {"kind": "leverage", "ratio": 9, "from": since, "until": until}
    found = plan(works(tmp_path, line))
    years_of = [labels[1] for labels in found.rows.get("covenant_headroom", {})]
    assert years_of == [f"FY{year}" for year in tested]


def test_a_step_down_is_another_row(tmp_path) -> None:
    """Each row binds in its own years: nine times EBITDA of 20, then four."""
    steps = (
        {"kind": "leverage", "ratio": 9, "until": "FY2025"},
        {"kind": "leverage", "ratio": 4, "from": "FY2027"},
    )
    found = plan(works(tmp_path, *steps), forbid=[CLOSE])
    # net debt falls from 100 by 20 − 10 a year
    rooms = {labels: round(room, 6) for labels, room in found.rows["covenant_headroom"].items()}
    assert rooms == {
        ("c0", "FY2025"): 9 * 20 - 90,
        ("c1", "FY2027"): 4 * 20 - 70,
        ("c1", "FY2028"): 4 * 20 - 60,
        ("c1", "FY2029"): 4 * 20 - 50,
    }


# -- it binds ------------------------------------------------------------------------------------

# net debt of FY2025: kept open 100 − 20 + 10, closed 100 + 45 − 30 + 10
OPEN, SHUT = F(90, 20), F(125, 30)


@pytest.mark.parametrize(
    ("line", "closed"),
    [
        ({"kind": "leverage", "ratio": "4.5"}, False),
        ({"kind": "leverage", "ratio": "4.499999"}, True),
        ({"kind": "interest_cover", "ratio": 2}, False),
        ({"kind": "interest_cover", "ratio": "2.000001"}, True),
    ],
)
def test_a_covenant_that_binds_closes_the_plant(tmp_path, line, closed) -> None:
    """EBITDA of 20 bears 4.5 times net debt and covers interest of 10 twice, and no more."""
    assert SHUT < OPEN
    found = plan(works(tmp_path, line | {"until": "FY2025"}))
    assert closes(found) == closed


@pytest.mark.parametrize(("amount", "open_"), [("-90", True), ("-89.999999", False)])
def test_equity_may_not_fall_below_its_floor(tmp_path, amount, open_) -> None:
    """From −100 it rises by 20 − 10 a year; to close costs 45 at once: nothing else is left."""
    line = {"kind": "equity", "amount": amount, "until": "FY2025"}
    case = works(tmp_path, line)
    if open_:
        assert not closes(plan(case))
    else:
        with pytest.raises(Infeasible):
            plan(case)


@pytest.mark.parametrize(("amount", "kept"), [("15", True), ("14.999999", False)])
def test_investment_is_capped_whatever_is_sold(tmp_path, amount, kept) -> None:
    """15 spent and 40 got for a site are 15 invested, not −25."""
    case = firm(
        tmp_path,
        opening=balance(cash=100, property=40),
        other_items=items(("P0", "ppe", 15)),
        properties=table(id="hq", carrying_amount=40, market_value=30, residual_rate="0.08"),
        property_offers=table(
            id="hq_sale", property="hq", kind="sell", price=40, latest="2025-04-01"
        ),
        covenants=covenants({"kind": "capital_expenditure", "amount": amount}),
    )
    if kept:
        found = plan(case, force=["property.hq_sale"])
        assert found.row("cash_flow", "investing", "now") == 40
    else:
        with pytest.raises(Infeasible):
            plan(case)


HQ = {
    "opening": balance(cash=100, property=97, debt=-150),
    "properties": table(id="hq", carrying_amount=97, market_value=97, residual_rate="0.08"),
    "property_offers": table(
        id="hq_leaseback",
        property="hq",
        kind="leaseback",
        price=97,
        rent="8.245",
        term_months=60,
        fair_rate="0.08",
        latest="2025-04-01",
    ),
    "other_items": items(*((f"P{number}", "revenue", -30) for number in range(5))),
    "debts": table(id="loan", kind="loan", principal=150, rate="0", due="2040-01-01"),
}


@pytest.mark.parametrize(("ratio", "leased"), [("0.666667", False), ("0.666666", True)])
def test_a_covenant_that_binds_leases_the_head_office_back(tmp_path, ratio, leased) -> None:
    """Net debt of 20 is two thirds of 30; the leaseback loses value and brings 97 of cash."""
    line = {"kind": "leverage", "ratio": ratio, "until": "FY2025"}
    found = plan(firm(tmp_path, **HQ, covenants=covenants(line)))
    assert (found.row("option", LEASEBACK) == 1.0) == leased


def test_a_leaseback_on_the_balance_sheet_mends_no_leverage(tmp_path) -> None:
    """Under IFRS what is owed in rents is debt, and rents are no longer an expense of EBITDA."""
    line = {"kind": "leverage", "ratio": 1, "until": "FY2025"}
    regime = (("IFRS", "2020-01-01"),)
    found = plan(firm(tmp_path, regime, **HQ, covenants=covenants(line)), force=[LEASEBACK])
    owed = -sum(found.row("ledger", "lease_liabilities", time) for time in ("now", "P0"))
    assert owed > 25
    net_debt = found.row("covenant_figure", "net_debt", "FY2025")
    assert net_debt == pytest.approx(150 + owed - (100 + 30 + 97 - 8.245), abs=1e-5)
    assert found.row("covenant_figure", "ebitda", "FY2025") == pytest.approx(30)


def test_a_loss_fails_leverage(tmp_path) -> None:
    """Debt is never a multiple of a loss: −1·3 does not bear a net debt of 1."""
    case = works(
        tmp_path,
        {"kind": "leverage", "ratio": 1000, "until": "FY2025"},
        other_items=items(("P0", "revenue", 1), ("P1", "revenue", -500)),
    )
    with pytest.raises(Infeasible):
        plan(case)


# -- two engines ---------------------------------------------------------------------------------

TIGHT = (
    ({"kind": "leverage", "ratio": "4.499999"}, F(90) - F("4.499999") * 20),
    ({"kind": "interest_cover", "ratio": "2.1"}, 1),
    ({"kind": "equity", "amount": "-80"}, 10),
    ({"kind": "equity_ratio", "ratio": 1}, 200),
    ({"kind": "capital_expenditure", "amount": "-3"}, 3),
)


@pytest.mark.parametrize(("line", "short"), TIGHT)
def test_the_exact_engine_finds_a_plan_that_breaks_a_covenant(tmp_path, line, short) -> None:
    """To the last digit, in its year, with what it is short of."""
    free = works(tmp_path / "free", count=1)
    kept_open = plan(free, forbid=[CLOSE])
    bound = works(tmp_path / "bound", line, count=1)
    (breach,) = evaluate(bound, kept_open.decisions).breaches
    assert (breach.rule, breach.where, breach.amount) == ("I13", "c0,FY2025", short)


@pytest.mark.parametrize("line", [line for line, _ in TIGHT])
def test_a_changed_coefficient_is_caught(tmp_path, monkeypatch, line) -> None:
    """A ratio or an amount that is a hundredth too large in the matrix does not go unseen."""
    case = works(tmp_path, line)
    quantity = rule.Covenant.quantity
    monkeypatch.setattr(
        rule.Covenant, "quantity", lambda self, column: quantity(self, column) * F(101, 100)
    )
    found = make_plan(case, Choices(allow_shortfall=True))
    assert "covenant_headroom" in {each.rule for each in found.verification.breaches}


@pytest.mark.parametrize("figure", ["ebitda", "interest", "net_debt", "equity", "total_assets"])
@pytest.mark.parametrize("account", [0, 1])
def test_an_account_left_out_of_a_figure_is_caught(tmp_path, monkeypatch, figure, account) -> None:
    """Each figure is built twice from its accounts: one fewer in the matrix, and they differ."""
    lines = ("revenue", -50), ("deal_income", -3), ("interest", 2), ("lease_interest", 1)
    case = firm(
        tmp_path,
        opening=balance(cash=100, receivables=5, debt=-10, financing_liability=-9, minority=-7),
        other_items=items(*(("P0", name, cost) for name, cost in lines)),
        covenants=covenants(*(line for line, _ in TIGHT)),
    )
    sign, named = rule._ACCOUNTS[figure]
    left = tuple(each for place, each in enumerate(named) if place != account)
    monkeypatch.setattr(rule, "_ACCOUNTS", {**rule._ACCOUNTS, figure: (sign, left)})
    found = make_plan(case, Choices(allow_shortfall=True))
    assert "covenant_figure" in {each.rule for each in found.verification.breaches}


def test_headroom_can_be_bounded_like_any_line(tmp_path) -> None:
    """In a table of limits and on the command line: the exact books keep the line."""
    policy = table(
        id="room",
        stream="covenant_headroom",
        labels="c0;FY2025",
        lower=1,
        sentence="One more than the lender wants.",
    )
    case = works(tmp_path, {"kind": "leverage", "ratio": "4.5"}, limits=policy)
    found = plan(case)
    assert closes(found)
    for lower, kept in ((1, True), (100, False)):
        asked = Bound("covenant_headroom", ("c0", "FY2025"), F(lower), None, "asked for")
        verified = evaluate(case, found.decisions, asked=Asked(bounds=(asked,)))
        assert {each.rule for each in verified.breaches} == (set() if kept else {"asked"})


# -- comparators, clashes, scenarios -------------------------------------------------------------


def test_a_comparator_misses_a_covenant_by_what_it_does_by_hand(tmp_path) -> None:
    """Open: 90 − 4·20 too much debt in FY2025, 80 − 3·20 in FY2026; its value stays its own."""
    steps = (
        {"id": "first", "kind": "leverage", "ratio": 4, "until": "FY2025"},
        {"id": "later", "kind": "leverage", "ratio": 3, "from": "FY2026"},
    )
    found = plan(works(tmp_path, *steps), forbid=[CLOSE], allow_shortfall=True)
    assert {labels[0]: round(value, 6) for labels, value in found.rows["missed"].items()} == {
        "first/FY2025": 10,
        "later/FY2026": 20,
        "later/FY2027": 10,
        "later/FY2028": 0,
        "later/FY2029": 0,
    }
    assert found.falls_short
    free = plan(works(tmp_path / "free"), forbid=[CLOSE])
    assert found.value == pytest.approx(free.value)
    told = [each for each in found.sentences() if each.subject == "firm.covenants"]
    assert [each.text for each in told] == [
        "Covenant first is tightest in FY2025: 10.0 ¥bn short.",
        "Covenant later is tightest in FY2026: 20.0 ¥bn short.",
    ]


def test_a_comparator_misses_no_covenant_for_gain(tmp_path) -> None:
    """What it can keep it keeps, though missing it is worth more."""
    case = works(tmp_path, {"kind": "interest_cover", "ratio": 3})
    kept = plan(case, allow_shortfall=True)
    assert closes(kept)
    assert not kept.falls_short
    assert kept.value < plan(works(tmp_path / "free")).value


def test_a_clash_is_told_in_the_words_of_the_covenant(tmp_path) -> None:
    """The covenant, its years and its bound stand beside what it clashes with, and what helps."""
    name = "Club loan"
    case = works(
        tmp_path,
        {"id": "club", "name": name, "kind": "leverage", "ratio": "4.25", "until": "FY2025"},
        {"id": "share", "kind": "equity_ratio", "ratio": "0.005", "from": "FY2031"},
    )
    choices = Choices(forbid=(CLOSE,))
    found = why_infeasible(case, choices, assemble(case, choices))
    told = {each.rows[0]: each for each in found.clashes}
    clash = told["covenants.kept[club,FY2025]"]
    assert clash.rule == ("Club loan: net debt at the end of FY2025 is at most 4.25 times EBITDA.")
    assert clash.enough
    assert clash.give == pytest.approx(5, abs=1e-4)
    assert set(told) == {"covenants.kept[club,FY2025]", f"option[{CLOSE}]"}


def test_the_years_of_one_covenant_are_one_rule_and_two_covenants_are_two(tmp_path) -> None:
    """A lender waives a covenant, not the row of a matrix."""
    two = ({"kind": "leverage", "ratio": "3.5"}, {"kind": "interest_cover", "ratio": 4})
    case = works(tmp_path, *two)
    found = why_infeasible(case, Choices(), assemble(case))
    for clash in found.clashes:
        assert len({label.partition(",")[0] for label in clash.rows}) == 1
        assert len(clash.rows) == 5


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"kind": "leverage", "ratio": "3.5"}, "net debt at the end of FY2025 is at most 3.5"),
        ({"kind": "interest_cover", "ratio": 2}, "EBITDA of FY2025 is at least 2 times interest."),
        ({"kind": "equity", "amount": -250}, "equity at the end of FY2025 is at least -250.0 ¥bn."),
        ({"kind": "equity_ratio", "ratio": "0.25"}, "at least 25 % of total assets."),
        ({"kind": "equity_ratio", "ratio": "0.1"}, "at least 10 % of total assets."),
        ({"kind": "equity_ratio", "ratio": 1}, "at least 100 % of total assets."),
        ({"kind": "equity_ratio", "ratio": "0.125"}, "at least 12.5 % of total assets."),
        ({"kind": "equity_ratio", "ratio": 0}, "at least 0 % of total assets."),
        ({"kind": "capital_expenditure", "amount": 40}, "of FY2025 is at most 40.0 ¥bn."),
    ],
)
def test_each_kind_has_its_sentence(tmp_path, line, words) -> None:
    program = assemble(works(tmp_path, line, count=1))
    number = list(program.rows.labels).index("covenants.kept[c0,FY2025]")
    assert words in program.rows.rule(number)
    assert program.rows.rule(number).startswith("Covenant c0: ")


def test_a_covenant_of_one_scenario_binds_in_its_leaf(tmp_path) -> None:
    """Lenders may waive in good times: the bound of the bad leaf decides for both."""
    leaves = rows([{"id": "good", "probability": "0.5"}, {"id": "bad", "probability": "0.5"}])
    for ratio, closed in (("4.5", False), ("4.2", True)):
        change = {
            "scenario": "bad",
            "table": "covenants",
            "id": "c0",
            "column": "ratio",
            "action": "set",
            "value": ratio,
        }
        case = works(
            tmp_path / ratio,
            {"kind": "leverage", "ratio": 9, "until": "FY2025"},
            scenarios=leaves,
            scenario_changes=table(**change),
        )
        found = plan(case)
        assert closes(found) == closed
        rooms = [leaf.plan.row("covenant_headroom", "c0", "FY2025") for leaf in found.leaves]
        net_debt, ebitda = (125, 30) if closed else (90, 20)
        assert rooms == pytest.approx([9 * ebitda - net_debt, float(ratio) * ebitda - net_debt])


# -- what is refused, and what is doubted ---------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "match"),
    [
        ({"kind": "leverage"}, r"covenants\.c0\.ratio is empty"),
        ({"kind": "equity"}, r"covenants\.c0\.amount is empty"),
        ({"kind": "leverage", "ratio": 3, "amount": 5}, r"covenants\.c0\.amount is given"),
        ({"kind": "equity", "amount": 3, "ratio": 5}, r"covenants\.c0\.ratio is given"),
        (
            {"kind": "equity", "amount": 3, "from": "FY2027", "until": "FY2026"},
            r"covenants\.c0\.until is before from",
        ),
        ({"kind": "equity", "amount": 3, "from": "first"}, "has no number in its name"),
    ],
)
def test_a_covenant_that_says_too_little_or_too_much_is_refused(tmp_path, line, match) -> None:
    case = works(tmp_path, line)
    with pytest.raises(ModuleError, match=match):
        plan(case)
    # the firm has its floor at `now` alone, which is another finding
    assert [each.code for each in examine(case) if each.code != "floor-hole"] == ["model"]


def test_a_covenant_on_balances_without_an_opening_balance_is_doubted(tmp_path) -> None:
    """Equity, assets and net debt are then no balances but changes; flows are what they are."""
    lines = [{"kind": kind, "ratio": 1} for kind in ("leverage", "interest_cover", "equity_ratio")]
    lines += [{"kind": kind, "amount": 0} for kind in ("equity", "capital_expenditure")]
    case = works(tmp_path, *lines, opening="account,amount")
    found = [each for each in examine(case) if each.file == "tables/covenants.csv"]
    assert {(each.code, each.row, each.column) for each in found} == {
        ("no-opening", 2, "kind"),
        ("no-opening", 4, "kind"),
        ("no-opening", 5, "kind"),
    }
    assert all(each.severity == "warning" for each in found)
    assert not [
        each
        for each in examine(works(tmp_path / "whole", *lines))
        if each.file == "tables/covenants.csv"
    ]


def test_a_covenant_that_is_never_in_force_is_doubted(tmp_path) -> None:
    """It may begin after the plan ends; more often its year is misspelt."""
    lines = [{"kind": "leverage", "ratio": 9, "from": year} for year in ("FY2031", "FY2029")]
    case = works(tmp_path, *lines)
    found = [each for each in examine(case) if each.code == "never-in-force"]
    assert [(each.row, each.column) for each in found] == [(2, "from")]
    assert "(FY2025 to FY2029)" in found[0].rule


@pytest.mark.parametrize(("months", "doubted"), [(3, True), (12, False), (24, True)])
def test_a_flow_of_a_year_that_is_not_whole_is_doubted(tmp_path, months, doubted) -> None:
    """Nine months of EBITDA are not a year's; a balance is what it is on its day."""
    lines = [{"kind": "leverage", "ratio": 9}, {"kind": "equity", "amount": -500}]
    case = works(tmp_path, *lines, count=1, periods=years(1, months=months))
    found = [each for each in examine(case) if each.code == "part-year"]
    assert [each.row for each in found] == ([2] if doubted else [])
