"""Relations: options tied to each other by rows over what a plan takes of them."""

from __future__ import annotations

import pytest

from replant.errors import Infeasible, ModuleError
from replant.plan import assemble
from tests.decisions.money_firm import firm, plan
from tests.decisions.small_firm import rows, table, years

# Each bond earns its lump twice over: without relations a plan takes all three.
BONDS = rows(
    [
        {
            "id": each,
            "kind": "bond",
            "limit": size,
            "lump": size,
            "rate": 0,
            "fair_rate": "0.08",
            "term_months": 60,
            "latest": "2025-04-01",
        }
        for each, size in (("a", 10), ("b", 20), ("c", 30))
    ]
)


def taken(found) -> str:
    """Return the bonds that are issued."""
    return "".join(each for each in "abc" if found.row("option", f"facility.{each}") > 0.5)


def related(folder, kind: str, *options: str, at_most: int | str = ""):
    """Write a case with one relation."""
    listed = ";".join(f"facility.{each}" for each in options)
    relation = {"id": "r", "kind": kind, "options": listed, "at_most": at_most, "reason": "so."}
    return firm(folder, facilities=BONDS, relations=rows([relation]))


def test_without_relations_each_is_taken_for_itself(tmp_path) -> None:
    """All three are worth their while."""
    assert taken(plan(firm(tmp_path, facilities=BONDS))) == "abc"


def test_requires_ties_the_first_to_all_others(tmp_path) -> None:
    """a needs b and c; b may stand alone."""
    case = related(tmp_path, "requires", "a", "b", "c")
    assert taken(plan(case, forbid=["facility.c"])) == "b"
    with pytest.raises(Infeasible):
        plan(case, force=["facility.a"], forbid=["facility.b"])


def test_excludes_leaves_one(tmp_path) -> None:
    """The one that is worth most."""
    assert taken(plan(related(tmp_path, "excludes", "a", "b", "c"))) == "c"


def test_at_most_leaves_so_many(tmp_path) -> None:
    """Two of three."""
    assert taken(plan(related(tmp_path, "at_most", "a", "b", "c", at_most=2))) == "bc"


def test_excludes_binds_any_two_shares(tmp_path) -> None:
    """Options that are shares of the periods exclude each other two by two, not all together."""
    plants = rows(
        [
            {"id": each, "country": "japan", "kind": "own", "can_close": "yes"}
            for each in ("p", "q", "s")
        ]
    )
    options = ";".join(f"plant.{each}.operate" for each in ("p", "q", "s"))
    relation = table(id="r", kind="excludes", options=options, reason="so.")
    case = firm(tmp_path, periods=years(2), plants=plants, relations=relation)
    half = [f"plant.{each}.close.P1" for each in ("p", "q", "s")]
    found = plan(case, force=half)
    assert [found.row("option", f"plant.{each}.operate") for each in "pqs"] == [0.5, 0.5, 0.5]


@pytest.mark.parametrize("kind", ["requires", "excludes"])
def test_an_option_that_does_not_exist_is_refused(tmp_path, kind) -> None:
    """A misspelt option would bind nothing; the message names the near one."""
    case = related(tmp_path, kind, "a", "bb")
    with pytest.raises(ModuleError, match=r"relations\.r names 'facility\.bb'.*facility\.b"):
        plan(case)


def test_the_rule_is_a_sentence_with_its_reason(tmp_path) -> None:
    """What a person reads when it clashes."""
    program = assemble(related(tmp_path, "excludes", "a", "b"))
    number = list(program.rows.labels).index("relations.excludes[r,facility.a,facility.b]")
    assert program.rows.rule(number) == "facility.a and facility.b exclude each other: so."
