"""Evidence: the most specific wins, nothing comes from the future, no number is naked."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replant.case import EvidenceRow, audit
from replant.case.evidence import Evidence
from replant.case.press import ClaimRow, span_of
from replant.units import Cell

PLANTS = "tables/plants.csv"
CLAIMS = "claims.csv"
EVIDENCE = "evidence.csv"


def row(table, id_, period, column) -> EvidenceRow:
    return EvidenceRow(
        about=table, id=id_, about_period=period, column=column, basis="assumed", reason="so"
    )


# ── specificity ──


LADDER = [
    ("*", "*", "*", "*"),
    ("demand", "*", "*", "*"),
    ("demand", "*", "*", "volume"),
    ("demand", "*", "p2", "*"),
    ("demand", "note/*", "*", "*"),
    ("demand", "*", "p2", "volume"),
    ("demand", "note/*", "*", "volume"),
    ("demand", "note/*", "p2", "*"),
    ("demand", "note/JP", "*", "*"),
    ("demand", "note/*", "p2", "volume"),
    ("demand", "note/JP", "*", "volume"),
    ("demand", "note/JP", "p2", "*"),
    ("demand", "note/JP", "p2", "volume"),
]


@given(st.permutations(range(len(LADDER))), st.integers(1, len(LADDER)))
def test_the_most_specific_wins(order, count) -> None:
    chosen = order[:count]
    known = Evidence(tuple(row(*LADDER[each]) for each in chosen))
    found = known.of(Cell("demand", "note/JP", "p2", "volume"))
    assert found is not None
    assert found.key_values == LADDER[max(chosen)]
    matching = list(known.matching(Cell("demand", "note/JP", "p2", "volume")))
    assert [LADDER.index(each.key_values) for each in matching] == sorted(chosen, reverse=True)


@pytest.mark.parametrize(
    "pattern",
    [
        ("plants", "*", "*", "*"),
        ("demand", "leaf/*", "*", "*"),
        ("demand", "note", "*", "*"),
        ("demand", "note/JP/x", "*", "*"),
        ("demand", "note/JP", "p1", "*"),
        ("demand", "note/JP", "", "*"),
        ("demand", "*", "*", "price"),
    ],
)
def test_others_do_not_match(pattern) -> None:
    assert Evidence((row(*pattern),)).of(Cell("demand", "note/JP", "p2", "volume")) is None


def test_evidence_of_a_case(tiny) -> None:
    case = tiny.read()
    cost = case.row("plants", "oppama").cell("fixed_cost")
    price = case.row("plants", "civac").cell("sell_price")
    volume = case.row("demand", "note", "JP", "p1").cell("volume")
    assert case.evidence.of(cost).claims == ("c1",)
    assert case.evidence.of(price).reason == "Typical of such plants"
    assert case.evidence.claims_behind([cost, price, volume]) == ("c2", "c1")
    assert case.claims["c1"].source_id in case.sources


# ── hindsight ──


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025-05-13", date(2025, 5, 13), date(2025, 5, 13)),
        ("2025-05 (undated)", date(2025, 5, 1), date(2025, 5, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025 (analyst)", date(2025, 1, 1), date(2025, 12, 31)),
        ("2019-2025", date(2019, 1, 1), date(2025, 12, 31)),
    ],
)
def test_dates_known_in_part(text, first, last) -> None:
    assert span_of(text) == (first, last)


@pytest.mark.parametrize("text", ["", "soon", "2025-13", "2025-02-30", "2025-00", "0000", "25-05"])
def test_dates_that_are_none(text) -> None:
    assert span_of(text) is None


HEAD = "claim_id,source_id,locator,date_of_report,known_from,basis,as_of_kind,as_of_reason,inputs\n"


@pytest.mark.parametrize(
    ("claims", "codes"),
    [
        # on the day itself it is known
        ("c1,s1,,2025-07-08,,,,,", set()),
        ("c1,s1,,2025-07-09,,,,,", {"hindsight"}),
        # a partial date counts as its last day, unless known_from says more
        ("c1,s1,,2025-07,,,,,", {"hindsight"}),
        ("c1,s1,,2025-07,2025-07-06,,,,", set()),
        ("c1,s1,,2025-06 (undated),,,,,", set()),
        ("c1,s1,,2025 (analyst),,,,,", {"hindsight"}),
        # known_from does not carry a report over that surely came later
        ("c1,s1,,2025-08-01,2025-07-01,,,,", {"hindsight"}),
        ("c1,s1,,2025-08-01,2025-07-01,,,restates the year to 31 March 2025,", set()),
        ("c1,s1,,2025-08-01,,,,A physical fact of the plant that was public then,", set()),
        ("c1,s1,,2025-08-01,,,,a contractual fact that was public then,", set()),
        ("c1,s1,,2025-08-01,,,public_fact,the plot was on the land register,", set()),
        ("c1,s1,,2025-08-01,,,restated,,", {"hindsight"}),
        ("c1,s1,,2025-08-01,,,,everybody knew,", {"hindsight-kind"}),
        # nothing excuses what is said to be known only later
        ("c1,s1,,2025-06-01,2025-08-01,,,restates the year,", {"hindsight"}),
        ("c1,s1,,,,,,,", {"claim-undated"}),
        ("c1,s1,,,2025-06-01,,,,", set()),
        # derived: as late as the latest input, whenever it was computed
        ("c1,s1,from c2,2026 (analyst),,derived,,,\nc2,s1,,2025-05-13,,,,,", set()),
        ("c1,s1,from c2,2025-05-13,,derived,,,\nc2,s1,,2026-05-13,,,,,",
         {"hindsight", "late-input"}),
        ("c1,s1,,2025-05-13,,,,,c2;c3\nc2,s1,,2025-05-13,,,,,\nc3,s1,,2026-05-13,,,,,",
         {"hindsight", "late-input"}),
        ("c1,s1,c2/c3,2026,,derived,,,\nc2,s1,,2025-05-13,,,,,\n"
         "c3,s1,,2026-05-13,,,,restates the year to March 2025,", set()),
        ("c1,s1,,2026,,,,,c2\nc2,s1,,2026,,,,,c3\nc3,s1,,2025-05-13,,,,,", set()),
        ("c1,s1,,2026,,,,,c2\nc2,s1,,2026,,,,,c1", {"derived-circle", "late-input"}),
        ("c1,s1,,2025,,,,,c1", {"derived-circle"}),
        # without inputs that are claims its own date counts
        ("c1,s1,sum of plants.csv,2026 (analyst),,derived,,,", {"hindsight"}),
        # what no evidence cites may be late
        ("c1,s1,,2025-05-13,,,,,\nc9,s1,,2026-05-13,,,,,", set()),
    ],
)  # fmt: skip
def test_hindsight(tiny, claims, codes) -> None:
    tiny.put(CLAIMS, HEAD + claims + "\n")
    tiny.put(EVIDENCE, "table,id,column,claims,basis\nplants,oppama,fixed_cost,c1,sourced\n")
    assert tiny.check().codes == codes


def test_a_long_chain_of_derived_claims(tiny) -> None:
    count = 5_000
    chain = "".join(f"c{each},s1,,2026,,,,,c{each + 1}\n" for each in range(1, count))
    tiny.put(CLAIMS, f"{HEAD}{chain}c{count},s1,,2025-05-13,,,,,\n")
    tiny.put(EVIDENCE, "table,id,column,claims,basis\nplants,oppama,fixed_cost,c1,sourced\n")
    assert tiny.check().ok
    tiny.swap(CLAIMS, "2025-05-13", "2026-05-13")
    assert tiny.check().codes == {"hindsight", "late-input"}


def test_inputs_are_read_from_the_locator() -> None:
    known = frozenset({"A007", "A008", "C091", "C072", "aw-feb24"})
    for locator, wanted in (
        ("from A007/A008", ("A007", "A008")),
        ("C091-C072", ("C091", "C072")),
        ("aw-feb24 + March", ("aw-feb24",)),
        ("check of A007; E048*A008", ("A007", "A008")),
        ("nowhere", ()),
    ):
        claim = ClaimRow(claim_id="X1", source_id="s", locator=locator, basis="derived")
        assert claim.inputs_among(known) == wanted


# ── audit ──


def test_a_supported_case_is_ok(tiny) -> None:
    result = audit(tiny.read())
    assert result.ok
    numbers = result.coverage["numbers"]
    assert numbers["sourced"] == 1
    assert numbers["derived"] == 4
    assert numbers["naked"] == 0
    assert numbers.sum() == len(result.supports)
    assert ("plants", "lines", "a number that only shapes the case") in result.exempt
    assert ("periods", "months", "a number that only shapes the case") in result.exempt
    assert any(table == "evidence" for table, _, _ in result.exempt)


def test_naked_numbers_are_listed(tiny) -> None:
    tiny.swap(EVIDENCE, "plants,*,,*,,assumed,,,Typical of such plants\n", "")
    result = audit(tiny.read())
    assert not result.ok
    assert result.naked == (
        Cell("plants", "civac", "", "fixed_cost"),
        Cell("plants", "civac", "", "sell_price"),
    )
    # what the file leaves to the default is the schema's number, and said to be so
    assert result.coverage.loc["default", "numbers"] == 4
    frame = result.frame()
    assert set(frame.loc[frame["basis"] == "default", "column"]) == {"utilisation", "lead"}


def test_the_base_year_counts_too(tiny) -> None:
    tiny.swap(EVIDENCE, "demand,note/*,*,volume,c2", "demand,note/*,p1,volume,c2")
    naked = audit(tiny.read()).naked
    assert {cell.period for cell in naked} == {"base", "p2", "p3"}


def test_a_row_may_give_its_own_reason(tiny) -> None:
    tiny.put(
        "tables/plan_bounds.csv",
        "plan,stream,labels,upper,reason\nbest,jobs,kanagawa;p1,100,The prefecture's wish\n",
    )
    tiny.put("tables/plans.csv", "id,name,kind\nbest,Best plan,best\n")
    result = audit(tiny.read())
    assert result.ok
    (bound,) = [each for each in result.supports if each.cell.table == "plan_bounds"]
    assert (bound.basis, bound.reason) == ("assumed", "The prefecture's wish")


def test_value_at_stake(tiny) -> None:
    case = tiny.read()
    stake = {
        case.row("plants", "oppama").cell("fixed_cost"): -30.0,
        case.row("plants", "civac").cell("fixed_cost"): 10.0,
    }
    coverage = audit(case, stake).coverage
    assert coverage.loc["sourced", "share_of_value"] == 0.75
    assert coverage.loc["assumed", "value_at_stake"] == 10
    assert audit(case, {}).coverage["share_of_value"].sum() == 0
