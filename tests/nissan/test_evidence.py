"""What the Nissan case's numbers rest on is about them: no claim of another plant or partner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pytest

from replant.case import Case, Row
from tests.nissan.subjects import about, named

ALSO_ABOUT: Mapping[tuple[str, str], str] = {
    ("demand", "C090"): "it guides the whole firm: China and, with a rate of their own, all others",
    ("past_shipments", "C090"): "the same",
    ("people", "E110"): "it counts the people of Canton and of Smyrna",
    ("valuation", "M005"): "the firm is taxed in Japan",
    ("opening", "C097"): "the stakes that the books open with are mostly Renault's shares",
    ("other_items", "C084"): "the shares bought from Renault are no longer paid a dividend",
}
"""Table and claim that go together although their names do not, and why."""

COUNTED = ("capacity_units_per_year", "headcount")
"""What a claim may count of a plant that the tables hold as well."""

Address = tuple[str, str, str]


@pytest.fixture(scope="module")
def rows(nissan: Case) -> Mapping[Address, Row]:
    """Every row that evidence speaks of, by table, id and period."""
    tables = {each.about for each in nissan.rows("evidence")}
    return {(name, *row.address): row for name in tables for row in nissan.tables[name].rows}


@pytest.fixture(scope="module")
def cited(nissan: Case) -> list[tuple[Address, str]]:
    """Each row with each claim that one of its cells cites."""
    found = {
        ((each.about, each.id, each.about_period), claim): None
        for each in nissan.rows("evidence")
        for claim in each.claims
    }
    return list(found)


def astray(
    case: Case, rows: Mapping[Address, Row], cited: Iterable[tuple[Address, str]]
) -> Iterator[tuple[Address, str]]:
    """Go through citations of claims that are about something the row is not about."""
    subjects = {row.claim_id: about(row.subject) for row in case.claims.values()}
    words: dict[Address, str] = {}
    for address, claim in cited:
        names = subjects[claim]
        if names is None:
            continue
        if address not in words:
            words[address] = named(case, rows[address])
        if not any(f"/{name}/" in words[address] for name in names):
            yield address, claim


def test_no_row_cites_a_claim_about_another(
    nissan: Case, rows: Mapping[Address, Row], cited: list[tuple[Address, str]]
) -> None:
    """Who looks up what a number rests on finds a claim about this plant, partner or asset."""
    narrow = [each for each in cited if about(nissan.claims[each[1]].subject)]
    assert len(narrow) > 1000
    found = {(address[0], claim): address for address, claim in astray(nissan, rows, cited)}
    assert {key: found[key] for key in found.keys() - ALSO_ABOUT.keys()} == {}
    assert ALSO_ABOUT.keys() - found.keys() == set()


@pytest.mark.parametrize(
    ("table", "row", "claim"),
    [
        ("capacities", "oppama", "E106"),
        ("people", "oppama.production", "E373"),
        ("hosting_deals", "dongfeng_sunderland", "A057"),
        ("supply_deals", "juke_renault", "A025"),
        ("property_offers", "us_offices_leaseback", "B024"),
        ("stakes", "battery_maker", "C097"),
        ("voluntary_offers", "shonan.production_24", "E045"),
        ("lines", "note.oppama", "E384"),
        ("taxes", "japan", "M003"),
    ],
)
def test_a_claim_about_another_is_found_out(
    nissan: Case, rows: Mapping[Address, Row], table: str, row: str, claim: str
) -> None:
    """A shift of Smyrna says nothing of Oppama, nor a rent in Yokohama of one in Tennessee."""
    planted = ((table, row, ""), claim)
    assert list(astray(nissan, rows, [planted])) == [planted]


def test_a_plant_cites_what_is_reported_of_it(
    nissan: Case, cited: list[tuple[Address, str]]
) -> None:
    """Whatever a claim counts of an own plant's capacity or people supports that plant's rows."""
    own = {row.id for row in nissan.rows("plants") if row.kind == "own"}
    counts = {
        row.claim_id
        for row in nissan.claims.values()
        if row.attribute.startswith(COUNTED)
        and row.subject.startswith("plant:")
        and own & set(about(row.subject) or ())
    }
    assert len(counts) > 25
    used = {claim for address, claim in cited if address[0] in ("capacities", "people")}
    assert counts - used == set()


def test_every_range_says_why_it_is_so_wide(nissan: Case) -> None:
    """A number that may be otherwise says what it is and, apart, why it may be so far off."""
    ranged = [row for row in nissan.rows("evidence") if row.low != row.high]
    assert len(ranged) > 3000
    told = [row.reason.partition("; range: ") for row in ranged]
    assert [
        f"{row.about}.{row.id}.{row.column}"
        for row, (value, _, width) in zip(ranged, told, strict=True)
        if not value or not width
    ] == []
