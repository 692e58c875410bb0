"""Golden cases told otherwise: other names, other units, other money, and nothing is different.

G1 with each of its eight plans; G2 with the same eight, the guest turned away, and with the guest
in the plant at a fee of 0.2, whether the head office is leased back and the bond issued or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from replant.case import Case, read
from replant.module import row_classes
from replant.plan import Choices, Planned, make_plan
from tests.golden.g1_by_hand import OPTIONS, PLANS, TIMES, F, by_hand
from tests.golden.g2_by_hand import ANNUITY, BASE, LEASED, at
from tests.properties.making import Tables, case_of, rescaled, tables_of

GUEST = "deal.guest"
FEE = F("0.2")


@dataclass(frozen=True)
class Known:
    """A plan of a golden case that is known by hand: its options, and what it is worth."""

    case: str
    taken: Mapping[str, int]
    value: F

    def __str__(self) -> str:
        chosen = [name for name, one in self.taken.items() if one]
        return f"{self.case}: {' + '.join(chosen) or 'none'}"


def _known() -> list[Known]:
    eight = [(dict(zip(OPTIONS, taken, strict=True)), by_hand(taken)[0]) for taken in PLANS]
    hosting = BASE + 100 * FEE * ANNUITY
    funding = {taken[1:]: by_hand(taken)[0] - by_hand((0, 0, 0))[0] for taken in PLANS[:4]}
    return [
        *(Known("golden-g1", taken, value) for taken, value in eight),
        *(Known("golden-g2", {**taken, GUEST: 0}, value) for taken, value in eight),
        *(
            Known(
                "golden-g2",
                {OPTIONS[1]: lease, OPTIONS[2]: bond, GUEST: 1},
                hosting + funding[lease, bond],
            )
            for lease, bond in funding
        ),
    ]


KNOWN = _known()
BEST = {"golden-g1": LEASED, "golden-g2": LEASED}


@pytest.fixture(scope="module")
def told(cases) -> dict[str, Case]:
    """Both cases as they are, the guest's fee too low to be taken for its own sake."""
    found = {name: read(cases / name, row_classes()) for name in BEST}
    return found | {"golden-g2": at(found["golden-g2"], FEE)}


def planned(case: Case, known: Known, names: Mapping[str, str] | None = None) -> Planned:
    """Plan with exactly the options of a known plan, whether cash keeps its floor or not."""
    called = {each: (names or {}).get(each, each) for each in known.taken}
    force = tuple(called[name] for name, one in known.taken.items() if one)
    forbid = tuple(called[name] for name, one in known.taken.items() if not one)
    plan = make_plan(case, Choices(force=force, forbid=forbid, allow_shortfall=True))
    assert plan.verification.ok, plan.verification.sentences()
    return plan


@pytest.mark.parametrize("known", KNOWN, ids=str)
def test_each_plan_is_worth_what_it_is_by_hand(told, known: Known):
    assert planned(told[known.case], known).verification.value == known.value


# -- names ---------------------------------------------------------------------------------------

NAMES = {
    "old": "brook",
    "receiver": "hill",
    "car": "wagon",
    "home": "isle",
    "car_old": "l1",
    "car_receiver": "l2",
    "hq": "tower",
    "hq_leaseback": "tower_rent",
    "bond": "paper",
    "guest": "lodger",
    "valuation": "worth",
    **{f"Y{year}": f"year{year}" for year in range(1, 6)},
}
RENAMED = {
    "plant.old.close": "plant.brook.close",
    "property.hq_leaseback": "property.tower_rent",
    "facility.bond": "facility.paper",
    "deal.guest": "deal.lodger",
}
KEPT = {"kind", "account", "name", "shifts_now"}


def renamed(case: Case) -> Tables:
    return {
        table: [
            {
                column: NAMES.get(value, value)
                if isinstance(value, str) and column not in KEPT
                else value
                for column, value in row.items()
            }
            for row in rows
        ]
        for table, rows in tables_of(case).items()
    }


@pytest.mark.parametrize("known", KNOWN, ids=str)
def test_names_mean_nothing(told, known: Known):
    case = case_of(renamed(told[known.case]))
    assert planned(case, known, RENAMED).verification.value == known.value


# -- units ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BEST)
@pytest.mark.parametrize(("money", "volume"), [(1000, 1), (1, 1000), (1000, 1000)])
def test_units_mean_nothing(told, name: str, money: int, volume: int):
    """In millions instead of billions, and in cars instead of thousands of them."""
    case = case_of(rescaled(told[name], money=money, volume=volume))
    best = make_plan(case)
    assert best.verification.ok
    assert best.verification.value == money * BEST[name]
    for known in KNOWN:
        if known.case == name:
            assert planned(case, known).verification.value == money * known.value


# -- money ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", KNOWN, ids=str)
def test_the_home_currency_means_nothing(told, known: Known):
    case = case_of(tables_of(told[known.case]), home_currency="EUR")
    assert planned(case, known).verification.value == known.value


def with_dollar(case: Case, rate: str, *tables: str) -> Case:
    """Return the case with some of its tables in dollars, at a rate for 150 as they are stated."""
    found = tables_of(case)
    found["currencies"] = [{"id": "USD", "name": "dollar", "reference_rate": "150"}]
    found["exchange_rates"] = [
        {"currency": "USD", "period": time, "rate": rate} for time in TIMES[1:]
    ]
    for table in tables:
        for row in found[table]:
            row["currency"] = "USD"
    return case_of(found)


@pytest.mark.parametrize("known", KNOWN, ids=str)
def test_a_foreign_firm_at_a_steady_rate_is_worth_the_same(told, known: Known):
    case = with_dollar(told[known.case], "150", "plants", "markets")
    assert planned(case, known).verification.value == known.value


@pytest.mark.parametrize("known", KNOWN, ids=str)
def test_a_dearer_dollar_moves_what_is_in_dollars_alone(told, known: Known):
    """At 165 for 150 the market pays 1.375 a car, plants and guest pay as before."""
    case = with_dollar(told[known.case], "165", "markets")
    assert planned(case, known).verification.value == known.value + 96 * F("0.125") * ANNUITY
