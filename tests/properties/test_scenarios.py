"""Firms in several futures: each leaf is lawful, and the whole is their mean."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from replant.errors import Infeasible
from replant.plan import Choices, Planned, assemble, make_plan
from replant.solve import SolveSettings, solve
from replant.verify import evaluate, held_against
from tests.properties.brute import TooMany, best_of_all
from tests.properties.firms import small_firms, tiny_firms
from tests.properties.leaves import in_leaves, twice, weighted
from tests.properties.making import Tables, case_of

EXACTLY = SolveSettings(gap=0.0, time_limit=60.0)
calm = settings(deadline=None, suppress_health_check=list(HealthCheck))


def planned(tables: Tables, choices: Choices | None = None) -> Planned | None:
    try:
        return make_plan(case_of(tables), choices, EXACTLY)
    except Infeasible:
        return None


def claimed(plan: Planned) -> dict[str, list[tuple[str, tuple[str, ...], float]]]:
    return {
        leaf.name: [
            (stream, labels, value)
            for stream, elements in leaf.plan.rows.items()
            for labels, value in elements.items()
        ]
        for leaf in plan.leaves
    }


def is_sound(plan: Planned) -> None:
    """The plan is verified in each leaf, worth their mean, and no more than its bound."""
    assert plan.verification.ok, plan.verification.sentences()
    assert all(leaf.plan.verification.ok for leaf in plan.leaves)
    assert sum(leaf.probability for leaf in plan.leaves) == 1
    mean = sum(leaf.probability * leaf.plan.verification.value for leaf in plan.leaves)
    assert plan.verification.value == mean
    assert plan.value <= plan.bound + 1e-6 * max(1.0, abs(plan.value))


@given(in_leaves(tiny_firms()))
@settings(calm, max_examples=15)
def test_a_plan_is_sound_in_every_leaf(tables: Tables):
    plan = planned(tables)
    if plan is None:
        return
    is_sound(plan)
    again = held_against(evaluate(plan.case, plan.decisions), claimed(plan))
    assert again.ok, "what is read back from the decisions alone is the same"
    assert again.value == plan.verification.value


@pytest.mark.slow
@given(in_leaves(small_firms()))
@settings(calm, max_examples=40)
def test_a_plan_of_a_larger_firm_is_sound_too(tables: Tables):
    plan = planned(tables)
    if plan is None:
        return
    is_sound(plan)
    # rounding to cars, people and thousandths of money costs next to nothing
    assert plan.value >= plan.solution.objective - 0.2


@given(in_leaves(tiny_firms()))
@settings(calm, max_examples=8)
def test_a_comparator_is_sound_even_where_it_falls_short(tables: Tables):
    plan = planned(tables, Choices(nothing=True, allow_shortfall=True))
    if plan is None:
        return
    is_sound(plan)
    for leaf in plan.leaves:
        short = leaf.plan.verification.books.elements("shortfall").values()
        assert leaf.plan.falls_short == any(each > 0 for each in short)


@pytest.mark.slow
@given(in_leaves(tiny_firms()))
@settings(calm, max_examples=8)
def test_nothing_that_can_be_enumerated_is_better(tables: Tables):
    plan = planned(tables)
    try:
        best = best_of_all(case_of(tables))
    except TooMany:
        return
    if plan is None:
        assert best is None
        return
    assert plan.solution.objective == pytest.approx(best, abs=1e-5, rel=1e-7)


@given(tiny_firms())
@settings(calm, max_examples=8)
def test_one_leaf_with_certainty_is_the_firm_itself(tables: Tables):
    """The same decisions to the last digit, the same value, and no scenario is named."""
    alone, certain = planned(tables), planned(weighted(tables, [("only", "1")]))
    assert (alone is None) == (certain is None)
    if alone is None or certain is None:
        return
    is_sound(certain)
    assert certain.decisions == alone.decisions
    assert certain.verification.value == alone.verification.value
    assert certain.sentences() == alone.sentences()
    assert certain.rows == alone.rows


@given(in_leaves(tiny_firms()))
@settings(calm, max_examples=8)
def test_a_leaf_told_twice_with_half_its_probability_changes_nothing(tables: Tables):
    once, again = (solve(assemble(case_of(each)), EXACTLY) for each in (tables, twice(tables)))
    assert once.found == again.found
    if once.found:
        assert again.objective == pytest.approx(once.objective, rel=1e-6, abs=1e-5)
        plan = planned(twice(tables))
        assert plan is not None
        is_sound(plan)


@given(tiny_firms(), st.sampled_from([("0.5", "0.5"), ("0.2", "0.3", "0.5")]))
@settings(calm, max_examples=6)
def test_leaves_that_are_all_the_same_are_worth_what_one_is(tables: Tables, shares):
    same = weighted(tables, [(f"s{number}", share) for number, share in enumerate(shares)])
    alone, together = (solve(assemble(case_of(each)), EXACTLY) for each in (tables, same))
    assert alone.found == together.found
    if alone.found:
        assert together.objective == pytest.approx(alone.objective, rel=1e-6, abs=1e-5)


@given(in_leaves(tiny_firms()))
@settings(calm, max_examples=8)
def test_who_knows_which_leaf_comes_is_worth_no_less(tables: Tables):
    """One plan for all leaves is worth at most the mean of the best plans for each."""
    case = case_of(tables)
    whole = solve(assemble(case), EXACTLY)
    if not whole.found:
        return
    alone = [solve(assemble(case.in_scenario(row.id)), EXACTLY) for row in case.scenarios]
    assert all(each.found for each in alone), "the one plan is lawful in each leaf"
    mean = sum(
        float(row.probability) * each.objective
        for row, each in zip(case.scenarios, alone, strict=True)
    )
    assert whole.objective <= mean + 1e-6 * max(1.0, abs(mean))


@given(in_leaves(tiny_firms()))
@settings(calm, max_examples=8)
def test_a_leaf_without_weight_binds_and_counts_for_nothing(tables: Tables):
    """It is completed by its own goal, so that it too is verified."""
    first, *others = tables["scenarios"]
    shares = ["1", *("0" for _ in others)]
    sure = [
        {**row, "probability": share} for row, share in zip([first, *others], shares, strict=True)
    ]
    plan = planned({**tables, "scenarios": sure})
    if plan is None:
        return
    is_sound(plan)
    assert plan.verification.value == plan.leaves[0].plan.verification.value


@given(in_leaves(tiny_firms()), st.data())
@settings(calm, max_examples=10)
def test_a_coefficient_changed_in_one_leaf_is_caught_there(tables: Tables, data):
    """One row of one leaf a hundredth larger: a breach, and it names the leaf."""
    plan = planned(tables, Choices(nothing=True, allow_shortfall=True))
    if plan is None:
        return
    leaf = data.draw(st.sampled_from(plan.leaves))
    program = plan.program
    block = next(each for each in program.blocks if each.name == leaf.name)
    place = program.streams.places(program.streams.scenario_number(block.name), "ledger")
    constants = program.streams.constants.copy()
    constants[place.start] += 1.0
    tampered = replace(
        plan,
        program=replace(program, streams=replace(program.streams, constants=constants)),
    )
    found = held_against(evaluate(plan.case, plan.decisions), claimed(tampered))
    assert {each.scenario for each in found.breaches if each.rule == "ledger"} == {leaf.name}
    broken = [
        each.name
        for each in found.leaves
        if any(breach.rule == "ledger" for breach in each.found.breaches)
    ]
    assert broken == [leaf.name]
