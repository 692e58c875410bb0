"""Workforce: nobody appears or vanishes, and nobody is dismissed who is protected."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replant.verify import evaluate
from tests.verify.firm import Firm, firm


def people(case: Firm, name: str, **cells) -> Firm:
    row = {"id": name, "function": "site", "region": "home", "count": 2400, "pay": 8}
    return case.add("people", **{**row, "attrition": "0.03", "minimum": 0, **cells})


def test_attrition_of_three_years():
    """2,400 people at 3 % a year are 2,190 after three years; the first period loses nobody."""
    found = evaluate(people(firm(4), "crew"), {})
    assert found.breaches == ()
    assert found.books.total("heads", "crew", "2025") == 2400
    assert round(found.books.total("heads", "crew", "2028")) == 2190
    assert found.books.total("ledger", "labour", "2025") == Fraction("19.2")
    assert found.books.total("recurring", "2025") == -Fraction("19.2")


@given(
    hire=st.integers(0, 200),
    dismiss=st.integers(0, 200),
    move=st.integers(0, 200),
    leave=st.integers(0, 200),
    notice=st.integers(0, 20),
)
def test_every_head_is_accounted_for(hire, dismiss, move, leave, notice):
    """Opening count less exits plus entries is what is there; moves leave the total unchanged."""
    case = people(firm(2, months=3), "a", notice_months=notice, can_dismiss=True, can_hire=True)
    people(case, "b", count=100)
    case.add("moves", id="m", to="b", cost=2, acceptance="0.5", **{"from": "a"})
    case.add("voluntary_offers", id="o", group="a", payment=10, take_up="0.2")
    decisions = {
        "hire[a,2025Q2]": str(hire),
        "dismiss[a,2025Q2]": str(dismiss),
        "move[m,2025Q3]": str(move),
        "open[o,2025Q4]": "1",
        "leave[o,2025Q4]": str(leave),
    }
    found = evaluate(case, {"workforce": decisions})
    assert found.breaches == ()
    assert found.checked["I8"] > 0
    heads = found.books.total
    kinds = ("attrition", "voluntary", "dismissed", "moved_out", "taken_over")
    gone = sum(
        count
        for (group, kind, _), count in found.books.elements("exits").items()
        if group == "a" and kind in kinds
    )
    assert heads("heads", "a", "2026Q4") == 2400 + hire - gone
    assert heads("exits", "b", "moved_in", "2025Q3") == heads("exits", "a", "moved_out", "2025Q3")
    assert heads("ledger", "restructuring", "2025Q3") == Fraction(2 * move, 1000)
    assert heads("ledger", "restructuring", "2025Q4") == Fraction(10 * leave, 1000)


def test_severance_is_charged_at_once_and_paid_at_the_end_of_notice():
    """Notice of six months given in the first quarter: charge now, pay and leave later."""
    case = people(
        firm(1, months=3), "a", attrition=0, can_dismiss=True, notice_months=6, severance=20
    )
    found = evaluate(case, {"workforce": {"dismiss[a,2025Q1]": "100"}})
    books = found.books
    assert books.total("ledger", "restructuring", "now") == 2
    assert books.total("taxable", "FY2025") == -2
    assert books.total("heads", "a", "2025Q2") == 2400
    assert books.total("heads", "a", "2025Q3") == 2300


def broken(cells: dict, decisions: dict) -> set[str]:
    case = people(firm(2), "a", **cells)
    case.add("voluntary_offers", id="o", group="a", payment=10, take_up="0.2")
    case.add("voluntary_offers", id="p", group="a", payment=20, take_up="0.3")
    case.add("moves", id="m", to="a", acceptance="0.1", latest="2025-12-31", **{"from": "a"})
    return {each.sentence for each in evaluate(case, {"workforce": decisions}).breaches}


@pytest.mark.parametrize(
    ("cells", "decisions", "sentence"),
    [
        ({}, {"dismiss[a,2025]": "1"}, "protected"),
        (
            {"can_dismiss": True, "protected_until": "2026-04-02"},
            {"dismiss[a,2026]": "1"},
            "protected",
        ),
        ({}, {"hire[a,2025]": "1"}, "hired"),
        ({"minimum": 2350}, {}, "needs"),
        ({"can_dismiss": True}, {"dismiss[a,2025]": "2401"}, "needs"),
        ({}, {"leave[o,2025]": "1"}, "win"),
        ({}, {"leave[o,2025]": "481", "open[o,2025]": "1"}, "win"),
        ({}, {"open[o,2025]": "1", "open[p,2025]": "1"}, "One offer"),
        ({}, {"open[o,2025]": "0.5"}, "0 or 1"),
        ({}, {"move[m,2025]": "241"}, "accept"),
        ({}, {"move[m,2026]": "1"}, "not open"),
        ({"function": "rd", "minimum": 2400}, {}, "research"),
        ({"minimum": 2350, "pool": "labs"}, {}, "pool labs falls below"),
        ({"can_dismiss": True, "pool": "labs"}, {"dismiss[a,2025]": "2401"}, "than are there"),
    ],
)
def test_what_people_do_not_allow_is_a_breach(cells, decisions, sentence):
    assert any(sentence in each.lower() or sentence in each for each in broken(cells, decisions))


def test_crews_and_minimums_follow_the_plant():
    """A closed plant needs no minimum; a running one needs its crew."""
    case = people(firm(1), "a", function="production", plant="p", minimum=3000)

    def plant(operating: int, crew: int):
        from types import SimpleNamespace

        from replant.verify.evaluate import twins

        def post(told):
            told.books.post("operating", "p", "2025", amount=Fraction(operating))
            told.books.post("crew_needed", "p", "2025", amount=Fraction(crew))
            told.books.post("people_taken", "p", "2025", amount=Fraction(400))

        twin = SimpleNamespace(
            NAME="x", ORDER=1, COLUMNS=frozenset(), post=post, check=lambda t: None
        )
        return evaluate(case, {}, (*twins(), twin))

    assert plant(0, 2000).breaches == ()
    assert len(plant(1, 2000).breaches) == 1
    assert len(plant(0, 2001).breaches) == 1
    case.add("regions", id="home", jobs_low="1.5", jobs_high=3)
    books = plant(0, 0).books
    assert books.total("jobs", "home", "2025") == 2000
    assert books.total("jobs_taken_over", "home", "2025") == 400
    assert books.total("regional_change_low", "home", "2025") == 0
    assert books.total("regional_change_high", "home", "2025") == 0


@pytest.mark.parametrize("state", ["closed", "mothballed", "sold", "host_only", "operate"])
@pytest.mark.parametrize("joining", ["hire[a,2026]", "move[m,2026]"])
def test_nobody_joins_a_group_whose_plant_stands_still(state, joining):
    """People are hired or moved only into a plant that operates or hosts."""
    from types import SimpleNamespace

    from replant.verify.evaluate import twins

    case = people(firm(2), "a", function="production", plant="p", can_hire=True)
    case.add("plants", id="p", kind="own")
    people(case, "b")
    case.add("moves", id="m", to="a", acceptance="0.1", **{"from": "b"})

    def post(told):
        told.books.post("state", "p", state, "2026", amount=Fraction(1))
        told.books.post("operating", "p", "2026", amount=Fraction(state == "operate"))

    kept = [each for each in twins() if each.NAME == "workforce"]
    twin = SimpleNamespace(NAME="x", ORDER=1, COLUMNS=frozenset(), post=post, check=lambda t: None)
    found = evaluate(case, {"workforce": {joining: "5"}}, (*kept, twin))
    told = {each.sentence for each in found.breaches}
    allowed = state in ("host_only", "operate")
    assert any("neither operates nor hosts" in each for each in told) == (not allowed)


def test_cost_work_saves_after_its_lag_and_uses_people():
    case = people(firm(3), "rd", function="rd", count=1000, minimum=600, attrition=0)
    step = {"project": "parts", "people": 300, "saving_per_person": 20, "lag_months": 12}
    case.add("cost_work", id="first", **step)
    found = evaluate(case, {"cost_work": {"assign[first,2025]": "300"}})
    assert found.breaches == ()
    assert found.books.total("ledger", "variable_cost", "2025") == 0
    assert found.books.total("ledger", "variable_cost", "2026") == -6
    assert found.books.total("ledger", "variable_cost", "2027") == 0
    case.add(
        "cost_work", id="second", **{**step, "saving_per_person": 21, "earliest": "2026-04-01"}
    )
    work = {"assign[first,2025]": "301", "assign[second,2025]": "101", "assign[second,2026]": "401"}
    sentences = {each.sentence for each in evaluate(case, {"cost_work": work}).breaches}
    assert "More people work on first than it can use." in sentences
    assert "More people work on second than it can use." in sentences
    assert "Savings a person must not rise along a project." in sentences
    assert any("research" in each.lower() for each in sentences)
