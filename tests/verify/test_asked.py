"""What a person asked of one plan binds it: the exact engine checks all of it."""

from __future__ import annotations

import ast
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

import replant.verify
from replant.case import Case, read
from replant.module import row_classes
from replant.plan import Planned, make_plan
from replant.verify import Asked, Bound, evaluate, with_bound
from replant.verify.asked import LINES
from replant.verify.evaluate import twins

KNOWN = LINES.union(*(getattr(twin, "LINES", ()) for twin in twins()))


@pytest.fixture(scope="module")
def case(cases: Path) -> Case:
    return read(cases / "golden-g1", row_classes())


@pytest.fixture(scope="module")
def plan(case: Case) -> Planned:
    return make_plan(case)


def rules(plan: Planned, asked: Asked) -> set[str]:
    return {each.rule for each in evaluate(plan.case, plan.decisions, asked=asked).breaches}


def cash(lower: str) -> Bound:
    return Bound("cash", ("Y5",), Fraction(lower), None, "cash was asked for")


def test_every_option_asked_otherwise_than_taken_is_a_breach(plan: Planned) -> None:
    """Forcing what a plan leaves, or forbidding what it takes, breaks it; the reverse does not."""
    options = evaluate(plan.case, plan.decisions).books.elements("option")
    whole = {name: value for (name,), value in options.items() if value in (0, 1)}
    assert set(whole.values()) == {0, 1}
    for name, taken in whole.items():
        held, broken = Asked(force=(name,)), Asked(forbid=(name,))
        if not taken:
            held, broken = broken, held
        assert rules(plan, held) == set()
        assert rules(plan, broken) == {"asked"}


def test_an_option_that_is_none_is_a_breach(plan: Planned) -> None:
    assert rules(plan, Asked(force=("facility.bnod",))) == {"asked"}


def test_a_bound_is_broken_from_the_first_yen_beyond_it(plan: Planned) -> None:
    """A line may touch its bound and not cross it, to the last digit."""
    exact = evaluate(plan.case, plan.decisions).books.line("cash", "Y5")
    hair = Fraction(1, 10**12)
    assert rules(plan, Asked(bounds=(replace(cash("0"), lower=exact),))) == set()
    assert rules(plan, Asked(bounds=(replace(cash("0"), lower=exact + hair),))) == {"asked"}
    upper = replace(cash("0"), lower=None, upper=exact - hair)
    assert rules(plan, Asked(bounds=(upper,))) == {"asked"}


def test_a_line_that_nobody_moves_is_nothing_and_one_unheard_of_is_a_breach(plan: Planned) -> None:
    """Not every line has postings in every plan: such a one is 0, and a bound on it still binds."""
    quiet = Bound("sold_running", ("old",), None, Fraction(0), "none is sold running")
    assert rules(plan, Asked(bounds=(quiet,))) == set()
    assert rules(plan, Asked(bounds=(replace(quiet, lower=Fraction(1)),))) == {"asked"}
    assert rules(plan, Asked(bounds=(replace(quiet, stream="no_such_line"),))) == {"asked"}


def test_what_a_plan_asks_for_outranks_the_case(cases: Path, case: Case) -> None:
    """A run may force what the table options forbids: then that is what is checked."""
    from replant.case import OptionRow, make
    from replant.plan import Choices

    rows = [row for table in case.tables.values() for row in table.rows]
    barred = OptionRow(option="facility.bond", action="forbid", reason="No bond.")
    stricter = make(case.settings, [*rows, barred], row_classes())
    assert make_plan(stricter, Choices(force=("facility.bond",))).verification.ok


def test_a_bound_below_the_value_of_a_plan_is_false(plan: Planned) -> None:
    found, value = plan.verification, plan.value
    assert with_bound(found, value + 3, 3.0).ok
    assert with_bound(found, float("inf")).ok
    for bound, gap in ((value - 1, None), (float("nan"), None), (value + 3, 2.0), (value, 1.0)):
        broken = with_bound(found, bound, gap)
        assert {each.rule for each in broken.breaches} == {"bound"}


def test_every_line_that_a_twin_posts_is_known() -> None:
    """`LINES`, or a twin's own, lists the streams that twins post by name: none is refused."""
    posted = set()
    for path in Path(replant.verify.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "post":
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    posted.add(first.value)
    assert {"cash", "ledger", "jobs", "value"} <= posted
    assert posted - KNOWN <= {"missed", "provisions_besides"}


def test_every_line_of_a_plan_has_its_exact_twin(plan: Planned) -> None:
    """What can be bounded can be checked: the lines of a program are lines of the books."""
    assert set(plan.program.streams.names) - KNOWN <= {"missed", "penalty"}
