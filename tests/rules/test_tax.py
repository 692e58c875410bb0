"""Tax: fiscal years, losses by vintage with cap and expiry, and never a gain and a loss at once."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from replant.errors import ModuleError, UnboundedRange
from replant.kernel import Problem, Stage
from replant.module import Builder, declare_core_streams
from replant.plan import assemble
from replant.rules.tax import MODULE
from replant.solve import SolveSettings, relaxed_to_continuous, solve
from replant.units import MONEY
from tests.decisions.money_firm import balance, firm, items, over_time, plan, plan_of
from tests.decisions.small_firm import rows, table, years

RATE = table(id="tax", rate="0.3", loss_use_share="0.5")
PLENTY = balance(cash=10000)


def taxed(folder, incomes: list[float], losses: str = "", **rule: object):
    """Plan a firm with one taxable income a year."""
    lines = [(f"P{t}", "other_operating", -income) for t, income in enumerate(incomes)]
    tables = {"tax_losses": losses} if losses else {}
    return plan_of(
        folder,
        periods=years(len(incomes)),
        other_items=items(*lines),
        taxes=table(**{"id": "tax", "rate": "0.3", "loss_use_share": "0.5"} | rule),
        opening=PLENTY,
        **tables,
    )


def losses(*given: tuple[str, float, str]) -> str:
    """Write losses brought forward: id, amount, last year."""
    return rows([{"id": name, "amount": amount, "expires": last} for name, amount, last in given])


def paid(found) -> dict[str, float]:
    return over_time(found, "ledger", "tax")


def used(found) -> dict[str, float]:
    return {label: float(text) for label, text in found.decisions.get("tax", {}).items()}


# ── income ───────────────────────────────────────────────────────────────────────────────────────


def test_a_fiscal_year_is_taxed_as_one(tmp_path) -> None:
    """Gains and losses of its periods meet; tax falls in its last period, `now` in its first."""
    periods = rows(
        [
            {"id": "Q1", "start": "2025-04-01", "months": 3, "fiscal_year": "FY2025"},
            {"id": "N1", "start": "2025-07-01", "months": 9, "fiscal_year": "FY2025"},
            {"id": "Y2", "start": "2026-04-01", "months": 12, "fiscal_year": "FY2026"},
        ]
    )
    found = plan_of(
        tmp_path,
        periods=periods,
        other_items=items(
            ("now", "overhead", 10), ("Q1", "revenue", -100), ("N1", "labour", 60), ("Y2", "rd", -5)
        ),
        taxes=RATE,
        opening=PLENTY,
    )
    assert over_time(found, "taxable_income") == {"FY2025": 30, "FY2026": 5}
    assert paid(found) == {"N1": 9, "Y2": 1.5}


@pytest.mark.parametrize(
    ("account", "income"),
    [
        ("interest", 40),
        ("financing_fees", 40),
        ("depreciation", 40),
        ("restructuring", 50),  # deducted on a calendar of its own, not as booked
        ("impairment", 50),
        ("other_result", 50),
        ("equity", 50),
    ],
)
def test_what_lowers_income_as_booked(tmp_path, account, income) -> None:
    """The chart says which accounts do; the others have their own tax calendar or none."""
    found = plan_of(
        tmp_path,
        periods=years(1),
        other_items=items(("P0", "revenue", -50), ("P0", account, 10)),
        taxes=RATE,
    )
    assert over_time(found, "taxable_income") == {"FY2025": income}


def test_tax_is_cash_and_never_recurring(tmp_path) -> None:
    """It lowers operating cash; the perpetuity has a tax rate of its own."""
    found = taxed(tmp_path, [100])
    assert found.row("cash_flow", "operating", "P0") == 70
    assert found.row("recurring", "P0") == 0
    assert found.value == pytest.approx(70 / 1.08)


# ── losses ───────────────────────────────────────────────────────────────────────────────────────


def test_losses_cover_their_share_of_income(tmp_path) -> None:
    """Half of 73.9 at 30.62 %: 11.3 of tax on the gain of a head office; none in a loss year."""
    found = taxed(tmp_path / "a", [73.9], losses(("old", 100, "FY2030")), rate="0.3062")
    assert paid(found)["P0"] == pytest.approx(11.314, abs=1e-3)
    assert paid(taxed(tmp_path / "b", [-20], losses(("old", 100, "FY2030")))) == {}


def test_a_loss_of_the_plan_is_used_later(tmp_path) -> None:
    """A loss of 100, then incomes of 80, 80, 80: 40, 40 and the last 20."""
    found = taxed(tmp_path, [-100, 80, 80, 80])
    assert paid(found) == {"P1": 12, "P2": 12, "P3": 18}
    assert sum(used(found).values()) == pytest.approx(100)


@pytest.mark.parametrize(
    ("years_carried", "covered"), [(0, 0), (1, 40), (2, 80), (3, 100), ("", 100)]
)
def test_a_loss_is_carried_for_so_many_years(tmp_path, years_carried, covered) -> None:
    """The years after its own; an empty cell carries it for ever."""
    found = taxed(tmp_path, [-100, 80, 80, 80], carry_years=years_carried)
    assert sum(used(found).values()) == pytest.approx(covered)


@pytest.mark.parametrize(
    ("expires", "covered"),
    [("FY2024", 0), ("FY2025", 40), ("FY2026", 80), ("FY2031", 100), ("", 100)],
)
def test_a_loss_brought_forward_expires(tmp_path, expires, covered) -> None:
    """It can be used up to and with the year it names, which need not be a year of the plan."""
    found = taxed(tmp_path, [80, 80, 80], losses(("old", 100, expires)))
    assert sum(used(found).values()) == pytest.approx(covered)


def test_years_are_compared_by_their_last_number(tmp_path) -> None:
    """FY9 comes before FY10, whatever their letters say."""
    periods = rows(
        [
            {"id": f"P{t}", "start": f"{2025 + t}-04-01", "months": 12, "fiscal_year": f"FY{9 + t}"}
            for t in range(3)
        ]
    )
    found = plan_of(
        tmp_path,
        periods=periods,
        other_items=items(*((f"P{t}", "revenue", -80) for t in range(3))),
        taxes=RATE,
        tax_losses=losses(("old", 100, "FY10"), ("older", 100, "FY8")),
        opening=PLENTY,
    )
    assert used(found) == {"used[old,FY9]": 40, "used[old,FY10]": 40}


def test_what_expires_first_is_used_first(tmp_path) -> None:
    """Nobody tells the plan so: it follows from value."""
    found = taxed(
        tmp_path, [60, 60], losses(("young", 30, "FY2026"), ("old", 30, "FY2025")), carry_years=5
    )
    assert used(found) == {"used[old,FY2025]": 30, "used[young,FY2026]": 30}


def test_a_loss_named_like_a_year_of_the_plan_is_refused(tmp_path) -> None:
    """The loss that arises in that year has this name already."""
    case = firm(tmp_path, periods=years(2), taxes=RATE, tax_losses=losses(("FY2025", 10, "FY2030")))
    with pytest.raises(ModuleError, match="opening_FY2025"):
        plan(case)


def test_a_year_without_a_number_is_refused(tmp_path) -> None:
    """There is no telling when it would end a loss."""
    periods = rows([{"id": "P0", "start": "2025-04-01", "months": 12, "fiscal_year": "first"}])
    with pytest.raises(ModuleError, match="has no number"):
        plan(firm(tmp_path, periods=periods, taxes=RATE))


# ── the sign ─────────────────────────────────────────────────────────────────────────────────────


def refresher(folder):
    """Write a case in which a solver gains by inflating a year: its old loss expires at once."""
    return firm(
        folder,
        periods=years(2),
        other_items=items(("P0", "revenue", -100), ("P1", "revenue", -300)),
        taxes=RATE,
        tax_losses=losses(("old", 150, "FY2025")),
        opening=PLENTY,
    )


def test_an_expiring_loss_is_not_refreshed(tmp_path) -> None:
    """Half of 100 is covered, the rest of the old loss is gone: no loss without a loss year."""
    found = plan(refresher(tmp_path))
    assert paid(found) == {"P0": 15, "P1": 90}


def test_without_the_sign_it_would_be(tmp_path) -> None:
    """The relaxation raises gain and loss together and saves tax: the binary is not for show."""
    program = assemble(refresher(tmp_path))
    honest = solve(program, SolveSettings(gap=0.0))
    relaxed = solve(relaxed_to_continuous(program), SolveSettings(gap=0.0))
    assert relaxed.objective >= honest.objective - 1e-9
    loose = program.with_bounds(
        row_upper=np.where(
            [str(name).startswith(("tax.one_", "tax.most_")) for name in program.rows.names],
            inf,
            program.rows.upper,
        )
    )
    cheated = solve(loose, SolveSettings(gap=0.0))
    assert cheated.objective > honest.objective + 10


def test_gain_and_loss_are_bounded_by_what_income_can_be(tmp_path) -> None:
    """Read from the whole matrix, not guessed: fixed incomes leave no room at all."""
    program = assemble(refresher(tmp_path))
    labels = list(program.rows.labels)

    def row(name: str) -> tuple[list[float], float]:
        number = labels.index(f"tax.{name}[FY2026]")
        return sorted(program.matrix[number].data), program.rows.upper[number]

    assert row("one_gain") == ([-300, 1], 0)
    assert row("most_gain") == ([1], 300)
    assert row("most_loss") == ([1], 0)


def test_income_without_a_bound_names_the_column(tmp_path) -> None:
    """Whoever wrote that column reads its name in the message."""
    case = firm(tmp_path, periods=years(1), taxes=RATE)
    problem = Problem()
    declare_core_streams(problem)
    with problem.scenario("base"):
        wild = Builder(problem, case, "wild")
        amount = wild.variable("sales", unit=MONEY, stage=Stage.RECOURSE)
        wild.entry(debit="cash", credit="revenue", amount=amount, time="P0")
        to = Builder(problem, case, "tax")
        MODULE.build(case, to)
    with pytest.raises(UnboundedRange, match=r"wild\.sales"):
        to.finishers[0](problem.assemble(), case, "base")


def test_each_scenario_has_its_own_sign(tmp_path) -> None:
    """The same years in two scenarios: two sets of rows, one matrix."""
    case = firm(
        tmp_path,
        periods=years(1),
        other_items=items(("P0", "revenue", -100)),
        taxes=RATE,
        scenarios=rows(
            [
                {"id": "good", "name": "Good", "probability": "0.5"},
                {"id": "bad", "name": "Bad", "probability": "0.5"},
            ]
        ),
    )
    program = assemble(case)
    found = [label for label in program.rows.labels if "one_gain" in label]
    assert sorted(found) == ["tax.one_gain[FY2025]@bad", "tax.one_gain[FY2025]@good"]
    assert solve(program, SolveSettings(gap=0.0)).objective == pytest.approx(70 / 1.08)
