"""Why there is no plan: a set of rules that clash and none too many, and what would have to give.

Golden case G1 is worked by hand: without closing the old plant cash ends Y5 at 25.775, and without
the leaseback it begins at 36.4; the floor is 40.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from replant.analysis import why_infeasible
from replant.analysis.infeasible.shortfall import least_shortfall
from replant.analysis.infeasible.words import one_sentence
from replant.case import Relation, load, make
from replant.module import row_classes
from replant.plan import Choices, assemble
from replant.plan.choices import Limit
from replant.solve import solve


@pytest.fixture(scope="module")
def case(cases):
    found, findings = load(cases / "golden-g1", row_classes())
    assert found is not None, findings
    return found


def why(case, choices, **options):
    return why_infeasible(case, choices, assemble(case, choices), **options)


def at_most(stream, *labels, upper):
    return Limit(stream, labels, None, upper, f"{stream} is at most {upper}.")


def test_a_forced_option_against_the_cash_floor(case) -> None:
    found = why(case, Choices(force=("plant.old.operate",)))
    assert found.proven
    assert [each.rule.split(" ")[0] for each in found.clashes] == ["Forced:", "Cash"]
    assert found.clashes[0].rule == "Forced: Old plant operates throughout (plant.old.operate)."
    assert found.could_be_missed
    option, floor = found.clashes
    assert (option.enough, option.give) == (True, None)
    assert floor.enough
    assert floor.give == pytest.approx(14.225, abs=1e-4)
    assert [each.time for each in found.shortfalls] == ["Y5"]
    text = "\n".join(found.lines())
    assert "drop rule 1" in text
    assert "loosen rule 2 by 14.225" in text


def test_a_forbidden_option_against_the_cash_floor(case) -> None:
    found = why(case, Choices(forbid=("property.*",)))
    (floor,) = [each for each in found.clashes if each.give is not None]
    assert floor.give == pytest.approx(3.6, abs=1e-4)


OLD_RUNS = "Forced: Old plant runs to the end of the plan (plant.old.run)."
OLD_CLOSES = "Forced: Old plant closes (plant.old.close)."


def test_a_clash_that_no_shortfall_mends_is_told_first(case) -> None:
    """A plant that runs and closes clashes at any cash, though running alone breaks the floor."""
    choices = Choices(force=("plant.old.run", "plant.old.close"))
    found = why(case, choices)
    assert found.proven
    assert {each.rule for each in found.clashes} == {OLD_RUNS, OLD_CLOSES}
    assert not found.could_be_missed
    assert found.shortfalls == ()
    # closing alone keeps the floor and running alone does not, all other rules kept
    assert {each.rule: each.enough for each in found.clashes} == {OLD_RUNS: True, OLD_CLOSES: False}
    assert not solve(assemble(case, replace(choices, allow_shortfall=True))).found
    without_cash = why(case, replace(choices, allow_shortfall=True))
    assert {each.rule for each in without_cash.clashes} == {OLD_RUNS, OLD_CLOSES}
    assert not without_cash.could_be_missed


@pytest.mark.parametrize(
    "choices",
    [
        Choices(force=("plant.old.run",)),
        Choices(forbid=("property.*",)),
        Choices(force=("plant.old.run", "plant.old.close")),
        Choices(limits=(Limit("cash", ("now",), 500.0, None, "Cash now is at least 500."),)),
        Choices(force=("plant.old.sell",)),
    ],
)
def test_missing_rules_is_offered_exactly_where_it_gives_a_plan(case, choices) -> None:
    """--allow-shortfall is named if and only if it leads anywhere."""
    falls_short = solve(assemble(case, replace(choices, allow_shortfall=True))).found
    assert why(case, choices).could_be_missed == falls_short


def test_an_option_that_no_plan_can_take_is_told_so(case) -> None:
    """Old plant may not be sold: its table says so, and no other rule is to blame."""
    (clash,) = why(case, Choices(force=("plant.old.sell",))).clashes
    assert clash.rule == (
        "Forced: Old plant is sold (plant.old.sell), which the tables of the case let no plan do."
    )


def test_every_set_is_a_clash_and_none_is_too_large(case) -> None:
    """All its rules and no other: no plan. Without any one of them: a plan."""
    choices = Choices(
        force=("plant.old.operate", "plant.receiver.run"), forbid=("facility.*", "model.*")
    )
    program = assemble(case, choices)
    found = why(case, choices)
    names = {label for each in found.clashes for label in each.rows}
    assert found.proven
    assert 2 <= len(found.clashes) <= 3
    for clash in found.clashes:
        lower, upper = program.rows.lower.copy(), program.rows.upper.copy()
        for row in range(len(program.rows)):
            label = program.rows.label(row)
            chosen = label.startswith(("option[", "liquidity.floor["))
            if chosen and (label not in names or label in clash.rows):
                lower[row], upper[row] = -float("inf"), float("inf")
        assert solve(program.with_bounds(row_lower=lower, row_upper=upper)).found, clash.rule


def test_a_limit_says_by_how_much(case) -> None:
    limit = Limit("cash", ("now",), 500.0, None, "Cash now is at least 500.")
    found = why(case, Choices(limits=(limit,)))
    (clash,) = found.clashes
    assert clash.rule == "Cash now is at least 500."
    assert clash.give is not None
    loosened = replace(limit, lower=500.0 - clash.give - 1e-3)
    assert solve(assemble(case, Choices(limits=(loosened,)))).found
    too_little = replace(limit, lower=500.0 - clash.give + 1e-2)
    assert not solve(assemble(case, Choices(limits=(too_little,)))).found


def test_two_separate_clashes_are_not_mended_by_one_change(case) -> None:
    limits = (at_most("cash", "now", upper=-500.0), at_most("cash", "Y5", upper=-900.0))
    found = why(case, Choices(limits=limits))
    assert found.clashes
    assert not any(each.enough for each in found.clashes) or "drop" in "\n".join(found.lines())


def test_one_rule_alone_is_not_said_to_clash_with_nothing(case) -> None:
    """A rule that cannot hold at all clashes with what must be; more may hide behind it."""
    found = why(case, Choices(force=("*",)))
    assert len(found.clashes) == 1
    text = "\n".join(found.lines())
    assert "These cannot hold together" not in text
    assert "This one cannot hold beside what capacity, time and arithmetic demand" in text
    assert not found.clashes[0].enough
    assert "other clashes besides" in text


def test_a_relation_is_dropped_and_not_loosened(case) -> None:
    """A relation holds or it does not: there is no degree by which it could give."""
    both = Relation(
        id="both", kind="excludes", options=("plant.old.close", "property.hq_leaseback"), reason="r"
    )
    rows = [row for table in case.tables.values() for row in table.rows]
    bound = make(case.settings, [*rows, both], row_classes())
    found = why(bound, Choices(force=("plant.old.close",), forbid=("facility.*",)))
    (told,) = [each for each in found.clashes if any("both" in label for label in each.rows)]
    assert (told.enough, told.give) == (True, None)


def test_without_time_the_set_is_called_unproven(case) -> None:
    found = why(case, Choices(force=("plant.old.operate",)), seconds=0.0)
    assert not found.proven
    assert "perhaps fewer" in "\n".join(found.lines())


def test_the_search_tells_how_it_goes(case) -> None:
    told: list[str] = []
    why(case, Choices(force=("plant.old.operate",)), tell=told.append)
    assert told


def test_the_answer_is_plain_data(case) -> None:
    import json

    content = why(case, Choices(force=("plant.old.operate",))).content()
    assert json.loads(json.dumps(content))["status"] == "infeasible"


@pytest.mark.parametrize(
    ("sentences", "one"),
    [
        (["A is kept."], "A is kept."),
        (["In Y1 it is 3.", "In Y2 it is 3."], "In Y1 or Y2 it is 3."),
        ([f"In Y{n} it is {n}.0, no less." for n in range(1, 6)],
         "In Y1 … Y5 it is 1.0 to 5.0, no less."),
        (["One thing.", "Quite another thing."],
         "One thing. (and so in 1 more periods or places)"),
    ],
)  # fmt: skip
def test_rows_of_one_rule_are_one_sentence(sentences, one) -> None:
    assert one_sentence(sentences) == one


def test_without_time_what_cash_lacks_at_least_is_still_told(case) -> None:
    """Choices made in part fall short by no more than whole ones do, and by something."""
    choices = Choices(force=("plant.old.operate", "plant.receiver.run"), forbid=("facility.*",))
    found, nothing = least_shortfall(case, choices, 60.0)
    assert nothing is None
    missing, at_least = least_shortfall(case, choices, 0.0)
    assert missing == ()
    assert at_least is not None
    assert 0.0 < at_least <= sum(each.amount for each in found) + 1e-6
