"""What falls due within two years after the plan is what its ledger still owes and must repay."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from replant.case import Case, read
from replant.module import row_classes
from replant.plan import Choices, Planned, make_plan
from replant.report import build_report
from replant.report.due import due_soon
from replant.report.figures import Figures
from replant.verify import evaluate

YEARS = 5
FACILITIES = """\
id,kind,limit,lump,rate,fair_rate,fee,commitment_fee,term_months,earliest,latest
lump,bond,30,30,0.08,0.08,0,0,36,,
loan,bond,99,0,0.08,0.08,0,0,48,,
long,bond,99,0,0.08,0.08,0,0,61,,
line,revolver,50,0,0.04,0.04,0,0,0,,2032-12-31
later,revolver,50,0,0.04,0.04,0,0,0,,2033-01-31
ever,revolver,50,0,0.04,0.04,0,0,0,,
"""
TERMS = {"lump": 36, "loan": 48, "long": 61}
SOON = {"line": True, "later": False, "ever": False}


@pytest.fixture(scope="module")
def borrower(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The golden firm, whose last year is 2030, with more ways to borrow."""
    folder = tmp_path_factory.mktemp("borrower") / "golden"
    shutil.copytree(cases / "golden-g1", folder)
    (folder / "tables/facilities.csv").write_text(FACILITIES)
    return read(folder, row_classes())


def figures(case: Case, debt: dict[str, str]) -> Figures:
    return Figures(cast(Planned, SimpleNamespace(case=case, decisions={"debt": debt})))


def still_owed(case: Case, debt: dict[str, str]) -> float:
    """Return the debt that the exact engine has in its books at the end; none was there before."""
    books = evaluate(case, {"debt": debt}).books
    times = ("now", *(f"Y{year}" for year in range(1, YEARS + 1)))
    return -float(sum(books.total("ledger", "debt", time) for time in times))


@pytest.mark.parametrize("year", range(1, YEARS + 1))
@pytest.mark.parametrize("bond", TERMS)
def test_a_bond_is_due_its_term_after_the_end_of_the_period_of_issue(
    borrower: Case, bond: str, year: int
) -> None:
    """By hand: in the first year it is issued at once, later as the year ends."""
    column, size = ("issue_lump", "1") if bond == "lump" else ("issue", "30")
    debt = {f"{column}[{bond},Y{year}]": size}
    repaid = (0 if year == 1 else 12 * year) + TERMS[bond]
    owed, soon = repaid > 12 * YEARS, 12 * YEARS < repaid <= 12 * YEARS + 24
    assert still_owed(borrower, debt) == (30 if owed else 0)
    assert due_soon(figures(borrower, debt)) == (30 if soon else 0)


@pytest.mark.parametrize("line", SOON)
def test_what_is_drawn_on_a_line_is_due_when_the_line_ends(borrower: Case, line: str) -> None:
    """What was drawn and paid back before the end is not owed any more."""
    back = {f"balance[{line},Y4]": "20"}
    drawn = {**back, f"balance[{line},Y5]": "12.5"}
    assert still_owed(borrower, drawn) == 12.5
    assert due_soon(figures(borrower, drawn)) == (12.5 if SOON[line] else 0)
    assert still_owed(borrower, back) == due_soon(figures(borrower, back)) == 0


def test_all_of_the_closing_debt_is_due_where_all_of_it_ends_soon(borrower: Case) -> None:
    """Bonds, loans and lines together: the sum is the closing debt of the ledger."""
    debt = {
        "issue_lump[lump,Y4]": "1",
        "issue[loan,Y1]": "7",
        "issue[loan,Y2]": "11",
        "issue[loan,Y3]": "13.25",
        "balance[line,Y3]": "50",
        "balance[line,Y5]": "50",
    }
    assert due_soon(figures(borrower, debt)) == still_owed(borrower, debt) == 30 + 11 + 13.25 + 50


@pytest.mark.parametrize(("due", "soon"), [
    ("2029-06-30", 0), ("2030-12-31", 0), ("2031-01-01", 8), ("2032-12-31", 8), ("2033-01-01", 0),
])  # fmt: skip
def test_a_debt_of_today_is_due_on_its_day(
    cases: Path, due: str, soon: float, tmp_path: Path
) -> None:
    folder = tmp_path / "indebted"
    shutil.copytree(cases / "golden-g1", folder)
    (folder / "tables/debts.csv").write_text(f"id,kind,principal,rate,due\nold,bond,8,0.01,{due}\n")
    assert due_soon(figures(read(folder, row_classes()), {})) == soon


def test_the_doubt_of_a_solved_plan_names_the_closing_debt(cases: Path) -> None:
    """Nothing is put in by hand: a plan that must borrow says what is due after its last year."""
    case = read(cases / "golden-g1", row_classes(), sets=("facilities.bond.term_months=84",))
    report = build_report(make_plan(case, Choices(force=("facility.bond",))), {})
    (debt,) = (line for line in report.best.statements[2].lines if line.name == "Debt")
    assert report.best.due_soon == debt.years[-1] == 30
    assert "All ¥30.0bn of debt at the end of Y5 falls due" in " ".join(report.doubts)
