"""Worked example 5, a guest in the plant: what each side would settle for, each by its own plan.

The host can close for 60 and sell the land for 35 a year later, at once or after five years of
hosting at a net fixed cost of 26 a year. The guest earns 0.45 million a car before the fee, spends
30 to set up, or builds a works of its own for 120 that makes as many cars two years later.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from replant.plan import Planned
from tests.decisions.money_firm import firm, plan
from tests.decisions.small_firm import rows, table, years

F = Fraction
RATE = F("1.08")
ANNUITY = sum(1 / RATE**year for year in range(1, 6))
# closing, the land a year later included; a cell holds no fractions, so to a millionth
CLOSING = F(round((60 - 35 / RATE) * 10**6), 10**6)
NEAR = F(1, 1000)
FULL = F(100)
PLENTY = "account,amount\ncash,1000\nequity,-1000"


def host(folder: Path, fee: Fraction, guaranteed: Fraction = FULL) -> Planned:
    """Plan the host's firm at a fee: it closes at once, or hosts for five years and closes then."""
    works = {"id": "works", "country": "japan", "kind": "own", "can_close": "yes"}
    cost = {"fixed_cost_operating": 200, "fixed_cost_hosting": 200, "fixed_cost_host_only": 26}
    terms = {"fee": text(fee), "guaranteed": text(guaranteed), "exit_cost": text(CLOSING)}
    case = firm(
        folder,
        opening=PLENTY,
        plants=rows([works | cost | {"can_host": "yes", "closure_cost": text(CLOSING)}]),
        hosting_deals=table(
            id="guest", plant="works", partner="Guest", duration_months=60, volume=0, **terms
        ),
    )
    return plan(case)


def guest(
    folder: Path, fee: Fraction, cars: Fraction = FULL, *force: str, forbid: tuple[str, ...] = ()
) -> Planned:
    """Plan the guest's firm at a fee: in the host's works, in one of its own, or not at all."""
    ways = [
        {"id": "hosted", "plant": "works", "launch_cost": 30, "unit_cost_home": text(fee)},
        {"id": "own", "plant": "green", "launch_cost": 120, "launch_lead_months": 24,
         "unit_cost_home": "0.1"},
    ]  # fmt: skip
    common = {"model": "car", "tooled": "no", "capacity": text(cars), "latest": "2025-04-01"}
    case = firm(
        folder,
        opening=PLENTY,
        plants="id,country,kind\nworks,japan,partner\ngreen,japan,partner",
        models="id,name,segment\ncar,Car,cars",
        markets="id,name,country,consolidated\nhome,Home,japan,yes",
        lines=rows([common | way for way in ways]),
        lanes="plant,market,freight\nworks,home,0\ngreen,home,0",
        prices="model,market,price\ncar,home,0.45",
        demand="model,market,period,volume\n"
        + "\n".join(f"car,home,P{year},{text(cars)}" for year in range(5)),
        periods=years(5),
    )
    return plan(case, force=force, forbid=forbid)


def text(amount: Fraction) -> str:
    return f"{float(amount):.6f}"


def decimal(amount: Fraction) -> Fraction:
    return F(text(amount))


def least(guaranteed: int) -> Fraction:
    """Return the host's fee by hand: as good as closing at once."""
    return ((35 / RATE - 60) * (1 - 1 / RATE**5) + 26 * ANNUITY) / (guaranteed * ANNUITY)


def most(cars: Fraction) -> Fraction:
    """Return the guest's fee by hand: as good as staying away."""
    return F("0.45") - 30 / (cars * ANNUITY)


def hosts(folder: Path, fee: Fraction, guaranteed: Fraction = FULL) -> bool:
    return host(folder, fee, guaranteed).row("option", "deal.guest") == 1.0


def comes(folder: Path, fee: Fraction, cars: Fraction = FULL) -> bool:
    return guest(folder, fee, cars).row("option", "line.hosted.launch") == 1.0


def test_without_a_deal_closing_at_once_is_worth_27_6_less(tmp_path: Path) -> None:
    """-60 now and 35 a year later; put off by five years, -18.78."""
    found = host(tmp_path, F(0))
    assert found.row("option", "plant.works.close") == 1.0
    assert round(float(found.verification.value), 3) == -27.593
    assert round(float(-CLOSING / RATE**5), 2) == -18.78


@pytest.mark.parametrize(("guaranteed", "fee"), [(100, 0.2379), (60, 0.3965)])
def test_the_host_takes_no_less_than_its_plan_without_a_guest_is_worth(
    tmp_path: Path, guaranteed: int, fee: float
) -> None:
    reserved = least(guaranteed)
    assert round(float(reserved), 4) == fee
    assert not hosts(tmp_path / "less", reserved - NEAR, F(guaranteed))
    assert hosts(tmp_path / "more", reserved + NEAR, F(guaranteed))


@pytest.mark.parametrize(("cars", "fee"), [(100, 0.3749), (60, 0.3248)])
def test_the_guest_pays_no_more_than_staying_away_is_worth(
    tmp_path: Path, cars: int, fee: float
) -> None:
    reserved = most(F(cars))
    assert round(float(reserved), 4) == fee
    assert comes(tmp_path / "less", reserved - NEAR, F(cars))
    assert not comes(tmp_path / "more", reserved + NEAR, F(cars))


def test_a_works_of_its_own_would_lose_the_guest_42_7(tmp_path: Path) -> None:
    """120 now and 35 a year from the third year on: it stays away rather."""
    own = guest(tmp_path / "own", F("0.3"), F(100), "line.own.launch", forbid=("line.hosted.*",))
    assert round(float(own.verification.value), 3) == -42.669
    stays = guest(tmp_path / "away", F("0.3"), forbid=("line.hosted.*",))
    assert stays.verification.value == 0


def test_the_nash_fee_gives_each_side_27_3(tmp_path: Path) -> None:
    """0.3064, halfway between what the two would settle for: 54.7 to share, 122.3 in one sum."""
    fee = decimal((least(100) + most(F(100))) / 2)
    assert round(float(fee), 4) == 0.3064
    hosting = host(tmp_path / "host", fee)
    paying = guest(tmp_path / "guest", fee)
    gains = [hosting.verification.value + CLOSING, paying.verification.value]
    assert [round(float(gain), 1) for gain in gains] == [27.3, 27.3]
    assert round(float(sum(gains)), 1) == 54.7
    lump = sum(
        -hosting.row("ledger", "deal_income", f"P{year}") / 1.08 ** (year + 1) for year in range(5)
    )
    assert round(lump, 2) == 122.33


@pytest.mark.parametrize(("guaranteed", "deal"), [("69.56", False), ("69.58", True)])
def test_no_deal_is_made_on_a_guarantee_below_69_57(
    tmp_path: Path, guaranteed: str, deal: bool
) -> None:
    """At the most that the guest would pay the host takes it only from there on."""
    cars = F(guaranteed)
    assert hosts(tmp_path, decimal(most(cars)), cars) == deal
