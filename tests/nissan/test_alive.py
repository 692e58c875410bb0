"""Every decision is alive: one input of the Nissan case moves until the decision flips, and back.

Each test plans a part of the firm with the case's own data, in which the decision is free and
cash is no matter (unless cash is the matter). Each docstring is a law of economics.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from replant.case import Case
from replant.plan import Choices, Limit, Planned
from tests.nissan.flips import FREE, RUNNING, amounts, assert_flips, assert_sure, best
from tests.nissan.reduce import changed, part_of, scaled, with_cash

RICH = 8000

# Tables that hold options beside those under test; each test asks for those that it needs.
BESIDE = {
    "ageing",
    "cost_work",
    "facilities",
    "finance_arm",
    "finance_opening",
    "hosting_deals",
    "options",
    "other_items",
    "part_families",
    "part_options",
    "programmes",
    "properties",
    "property_offers",
    "stakes",
    "supply_deals",
    "voluntary_offers",
}

Part = Callable[..., Case]


@pytest.fixture(scope="session")
def part(nissan: Case) -> Part:
    """Some plants with their people, models and markets, and the tables that are asked for."""

    def make(
        plants: str,
        models: str,
        markets: str,
        *tables: str,
        cash: int = RICH,
        people: str = "",
        **ids: str,
    ) -> Case:
        built = (nissan.row("models", each).platform for each in models.split())
        platforms = {each for each in built if each is not None}
        moves = [row for row in nissan.rows("migrations") if row.model in models.split()]
        keep = {name: each.split() for name, each in ids.items()}
        keep |= {
            "plants": plants.split(),
            "models": models.split(),
            "markets": markets.split(),
            "platforms": sorted(platforms | {row.platform for row in moves}),
            "people": [row.id for row in nissan.rows("people") if row.plant in plants.split()]
            + people.split(),
        }
        return with_cash(part_of(nissan, keep, BESIDE - {*tables, *ids}), cash)

    return make


@pytest.fixture(scope="session")
def two_japanese_plants(part: Part) -> Case:
    """Oppama with the Note, and the Kyushu plant that could take it over."""
    return part("oppama nissan_motor_kyushu", "note serena xtrail_rogue", "japan us")


@pytest.fixture(scope="session")
def oppama_alone(part: Part) -> Callable[..., Case]:
    """Oppama with the Note at home, and the tables that are asked for."""

    def make(*tables: str, **ids: str) -> Case:
        return part("oppama", "note", "japan", *tables, **ids)

    return make


# -- plant paths ---------------------------------------------------------------------------------


def test_a_plant_lives_where_its_car_sells(two_japanese_plants: Case) -> None:
    """A plant closes while another has room for its cars, and runs if demand fills both."""
    sold = scaled(two_japanese_plants, "demand.note.volume", 2)
    assert_flips(two_japanese_plants, sold, "plant.oppama.close", taken=True)


def test_a_dear_closure_is_put_off(two_japanese_plants: Case) -> None:
    """The dearer a closure, the more a plant is worth asleep before it closes."""
    dearer = {"plants.oppama.closure_cost": "60"}
    assert_flips(two_japanese_plants, dearer, "plant.oppama.mothball", taken=False)


# -- sourcing ------------------------------------------------------------------------------------


def test_a_duty_moves_a_line_behind_it(part: Part) -> None:
    """A duty on cars from Mexico moves the Sentra to Tennessee; without most of it, it stays."""
    case = part("aguascalientes_a2 smyrna", "sentra xtrail_rogue", "us")
    (duty,) = (row for row in case.rows("duties") if row.origin == "mexico" and row.rate)
    lower = case.replace_cells({duty.cell("rate"): "0.1"})
    assert_flips(case, lower, "line.sentra.smyrna.launch", taken=True, choices=RUNNING)


def test_a_dearer_yen_keeps_output_abroad(part: Part) -> None:
    """At today's yen the Qashqai stays in Sunderland; a yen a fifth cheaper brings it to Japan."""
    case = part("nissan_motor_kyushu sunderland", "qashqai", "europe")
    cheaper = case
    for currency in ("GBP", "EUR"):
        cheaper = scaled(cheaper, f"exchange_rates.{currency}.rate", Fraction(6, 5))
    option = "line.qashqai.nissan_motor_kyushu.launch"
    assert_flips(case, cheaper, option, taken=False, choices=RUNNING)


# -- platforms and models ------------------------------------------------------------------------


def test_a_platform_ends_if_it_costs_more_than_leaving_it(part: Part) -> None:
    """A platform's model moves to another one unless keeping the platform costs next to nothing."""
    case = part("canton", "altima frontier_us", "us canada")
    cheap = {"platforms.d.fixed_cost": "1"}
    assert_flips(case, cheap, "platform.d.end", taken=True, choices=RUNNING)


def test_a_model_ends_if_it_sells_below_cost(part: Part) -> None:
    """A model is offered while its price covers its cost, and ends where it does not."""
    case = part("canton", "altima frontier_us", "us canada")
    dearer = {"lines.altima.canton.unit_cost": "3"}
    assert_flips(case, dearer, "model.altima.end", taken=False, choices=RUNNING)


# -- parts ---------------------------------------------------------------------------------------


def test_variants_go_as_far_as_the_last_cut_pays(oppama_alone: Callable[..., Case]) -> None:
    """The deepest cut of variants is taken if it saves more than the next one for its cost."""
    case = oppama_alone("part_families", "part_options")
    smaller = {"part_options.harness_30.saving": "12"}
    assert_flips(case, smaller, "parts.harness_30", taken=True, choices=RUNNING)
    assert_flips(case, smaller, "parts.harness_50", taken=False, choices=RUNNING)


# -- programmes ----------------------------------------------------------------------------------


def test_technology_is_bought_for_what_it_brings(oppama_alone: Callable[..., Case]) -> None:
    """A programme is worth its money and its engineers above some benefit, and not below."""
    case = oppama_alone("programmes", "ageing", people="rd_japan")
    greater = {"programmes.next_generation_battery.benefit": "60"}
    option = "programme.next_generation_battery"
    assert_flips(case, greater, option, taken=False, choices=RUNNING)


def test_a_model_is_renewed_while_it_earns_its_renewal(oppama_alone: Callable[..., Case]) -> None:
    """A model is renewed if the sales that it would lose are worth more than its renewal."""
    case = oppama_alone("programmes", "ageing", people="rd_japan")
    dearer = {"programmes.renew_note.investment": "60"}
    assert_flips(case, dearer, "programme.renew_note", taken=True, choices=RUNNING)


# -- property ------------------------------------------------------------------------------------


def test_the_headquarters_goes_for_a_good_price(oppama_alone: Callable[..., Case]) -> None:
    """A firm with cash enough sells and leases back at a price above what it gives up."""
    case = oppama_alone("properties", property_offers="headquarters_leaseback_15")
    lower = {"property_offers.headquarters_leaseback_15.price": "80"}
    option = "property.headquarters_leaseback_15"
    assert_flips(case, lower, option, taken=True, choices=RUNNING)


def test_a_dearer_rent_keeps_the_headquarters(oppama_alone: Callable[..., Case]) -> None:
    """The dearer the lease, the less a sale with it is worth."""
    case = oppama_alone("properties", property_offers="headquarters_leaseback_15")
    dearer = {"property_offers.headquarters_leaseback_15.rent": "6"}
    option = "property.headquarters_leaseback_15"
    assert_flips(case, dearer, option, taken=True, choices=RUNNING)


def test_a_lower_floor_keeps_the_headquarters(oppama_alone: Callable[..., Case]) -> None:
    """A sale that costs value is made for cash alone: not if less cash need be in hand."""
    case = oppama_alone("properties", property_offers="headquarters_sale", cash=850)
    lower = {"liquidity.*.minimum_cash": "600"}
    assert_flips(case, lower, "property.headquarters_sale", taken=True, choices=RUNNING)


# -- deals ---------------------------------------------------------------------------------------


def test_a_higher_fee_takes_the_host_deal(part: Part) -> None:
    """A guest saves a plant that would close, if it pays enough for each car."""
    case = _with_guest(part)
    higher = {"hosting_deals.foxconn_contract.fee": "0.75"}
    assert_flips(case, higher, "deal.foxconn_contract", taken=False)


def test_a_guest_believed_more_is_let_in(part: Part) -> None:
    """A guarantee is worth what is believed of it: the same one is taken from a stronger name."""
    case = changed(_with_guest(part), {"hosting_deals.foxconn_contract.fee": "0.6"})
    stronger = {"hosting_deals.foxconn_contract.haircut": "0.1"}
    assert_flips(case, stronger, "deal.foxconn_contract", taken=False)


def _with_guest(part: Part) -> Case:
    return part(
        "oppama nissan_motor_kyushu",
        "note serena xtrail_rogue",
        "japan us",
        hosting_deals="foxconn_contract",
    )


def test_a_guest_that_costs_more_than_it_pays_stays_out(part: Part) -> None:
    """Idle hands build for another unless making room for it costs more than it ever brings."""
    case = part("sunderland", "qashqai juke", "europe", hosting_deals="dongfeng_sunderland")
    dearer = {"hosting_deals.dongfeng_sunderland.set_up_cost": "60"}
    assert_flips(case, dearer, "deal.dongfeng_sunderland", taken=True, choices=RUNNING)


def test_fees_are_booked_for_what_is_believed(nissan: Case) -> None:
    """Where no volume is reported a guarantee less its haircut sets the pay, not a hoped volume."""
    fees = [row for row in nissan.rows("hosting_deals") if row.fee]
    assert len(fees) == 2
    for row in fees:
        believed = row.guaranteed * (1 - row.haircut)
        assert 0 < row.volume < believed < row.guaranteed, row.id
        (known,) = (
            each
            for each in nissan.rows("evidence")
            if (each.about, each.id, each.column) == ("hosting_deals", row.id, "volume")
        )
        assert known.high >= row.guaranteed


def test_a_cheaper_partner_builds_the_car(part: Part) -> None:
    """A car is bought from an ally if that costs less than making it."""
    case = part("sunderland renault_small", "juke qashqai", "europe", supply_deals="juke_renault")
    cheaper = {"lines.juke.renault_small.unit_cost": "2.3"}
    assert_flips(case, cheaper, "deal.juke_renault", taken=False, choices=RUNNING)


def test_a_dearer_partner_sells_no_car(part: Part) -> None:
    """A car that an ally builds is sold while it brings more than it costs."""
    case = part("sunderland douai", "qashqai micra_ev", "europe", supply_deals="micra_renault")
    dearer = {"lines.micra_ev.douai.unit_cost": "3.35"}
    assert_flips(case, dearer, "deal.micra_renault", taken=True, choices=RUNNING)


def test_a_lower_price_builds_no_car_for_an_ally(part: Part) -> None:
    """Free hands build another's car if its price covers its cost and the terms."""
    case = part("tochigi", "leaf_ariya", "japan us", supply_deals="mitsubishi_ev_at_tochigi")
    lower = {"supply_deals.mitsubishi_ev_at_tochigi.fee": "3.88"}
    assert_flips(case, lower, "deal.mitsubishi_ev_at_tochigi", taken=True, choices=RUNNING)


def test_a_car_that_another_supplies_is_not_ours_to_build(part: Part) -> None:
    """Foxtron has Mitsubishi's car for Oceania: without that one row the firm would build it."""
    option = "deal.mitsubishi_ev_oceania_at_tochigi"

    def firm(**tables: str) -> Case:
        deals = "mitsubishi_ev_at_tochigi mitsubishi_ev_oceania_at_tochigi"
        return part("tochigi", "leaf_ariya", "japan us", supply_deals=deals, **tables)

    plans = [best(each, RUNNING) for each in (firm(options=option), firm(), firm(options=option))]
    assert [plan.row("option", option) > 0.5 for plan in plans] == [False, True, False]
    assert_sure(plans[1], option)
    assert "Foxtron" in plans[0].case.row("options", option).reason


# -- stakes --------------------------------------------------------------------------------------


def test_a_stake_is_sold_above_its_worth(oppama_alone: Callable[..., Case]) -> None:
    """A stake is sold if its price exceeds what it is worth and pays, and held below."""
    case = oppama_alone(stakes="renault_5")
    higher = {"stakes.renault_5.price": "106"}
    assert_flips(case, higher, "stake.renault_5", taken=False, choices=RUNNING)


# -- people --------------------------------------------------------------------------------------


def _leaving(plan: Planned) -> float:
    return sum(value for label, value in plan.taken.items() if ".leave[" in label)


def test_a_dearer_exit_is_offered_to_fewer(oppama_alone: Callable[..., Case]) -> None:
    """People are paid to leave while that is cheaper than keeping them until they go."""
    case = oppama_alone(people="admin_japan", voluntary_offers="admin_japan_24")
    dearer = {"voluntary_offers.admin_japan_24.payment": "30"}
    much_dearer = {"voluntary_offers.admin_japan_24.payment": "80"}
    now, fewer = amounts(case, dearer, _leaving, RUNNING)
    _, nobody = amounts(case, much_dearer, _leaving, RUNNING)
    assert now > 1.05 * fewer > 500 > nobody == 0
    refused = best(changed(case, {"voluntary_offers.admin_japan_24.take_up": "0"}), RUNNING)
    assert best(case, RUNNING).value > refused.value + refused.gap + 10


def _dismissed(plan: Planned) -> float:
    return sum(value for label, value in plan.taken.items() if ".dismiss[admin" in label)


def test_dearer_severance_saves_jobs(part: Part) -> None:
    """Where law allows dismissal, its price decides whether it happens."""
    case = part("canton", "altima frontier_us", "us canada", people="admin_overseas")
    now, later = amounts(case, {"people.admin_overseas.severance": "80"}, _dismissed, RUNNING)
    assert now > 400 > later == 0


def test_engineers_go_where_each_saves_most(oppama_alone: Callable[..., Case]) -> None:
    """Of two steps of cost work the one that saves more a person has the last people."""
    case = oppama_alone("cost_work", people="rd_japan")
    less = {"cost_work.parts_4.saving_per_person": "6.5"}

    def step(name: str) -> Callable[[Planned], float]:
        return lambda plan: plan.taken.get(f"cost_work.assign[{name},FY2028]", 0.0)

    now, later = amounts(case, less, step("parts_4"), RUNNING)
    assert now > 300 > later == 0
    now, later = amounts(case, less, step("processes_3"), RUNNING)
    assert later > 300 > now == 0


# -- liquidity and debt --------------------------------------------------------------------------


def _issued(name: str) -> Callable[[Planned], float]:
    return lambda plan: sum(
        value for label, value in plan.taken.items() if label.startswith(f"debt.issue[{name},")
    )


def test_a_lower_floor_saves_a_bond(oppama_alone: Callable[..., Case]) -> None:
    """A firm borrows at a fee only to keep its floor, and not where the floor is lower."""
    case = oppama_alone(facilities="new_euro_bonds bank_loan", cash=850)
    lower = {"liquidity.*.minimum_cash": "600"}
    now, later = amounts(case, lower, _issued("bank_loan"), RUNNING)
    assert now > 30 > later == 0


@pytest.mark.parametrize(("column", "value"), [("fee", "0.012"), ("rate", "0.05")])
def test_the_cheapest_lender_lends(
    oppama_alone: Callable[..., Case], column: str, value: str
) -> None:
    """A dearer loan makes way for bonds."""
    case = oppama_alone(facilities="new_euro_bonds bank_loan", cash=850)
    dearer = {f"facilities.bank_loan.{column}": value}
    now, later = amounts(case, dearer, _issued("bank_loan"), RUNNING)
    assert now > 30 > later == 0
    now, later = amounts(case, dearer, _issued("new_euro_bonds"), RUNNING)
    assert later > 30 > now == 0


# -- jobs ----------------------------------------------------------------------------------------


def _at_least(stream: str, people: float, *years: str) -> Choices:
    rule = "Kanagawa keeps its jobs."
    return Choices(
        limits=tuple(
            Limit(stream, ("kanagawa", year), people, None, rule) for year in years or ("FY2032",)
        )
    )


def test_a_bound_on_jobs_keeps_people(part: Part) -> None:
    """Jobs that must stay do, at a price: the more, the less the plan is worth."""
    case = part(
        "oppama nissan_motor_kyushu",
        "note serena xtrail_rogue",
        "japan us",
        "voluntary_offers",
    )
    plans = [best(case, choices) for choices in (FREE, _at_least("jobs", 2000.0), FREE)]
    free, bound, again = (plan.row("jobs", "kanagawa", "FY2032") for plan in plans)
    assert free < 1000 < 1999.9 < bound
    assert again == pytest.approx(free)
    assert plans[0].value > plans[1].value + plans[1].gap + 10


def test_a_bound_on_jobs_at_work_keeps_the_plant(part: Part) -> None:
    """Who must stay is paid for idling where that is cheaper; who must have work keeps Oppama."""
    case = part(
        "oppama nissan_motor_kyushu",
        "note serena xtrail_rogue",
        "japan us",
        "voluntary_offers",
    )
    years = tuple(f"FY{year}" for year in range(2027, 2033))
    wanted = [_at_least(stream, 2000.0, *years) for stream in ("jobs", "jobs_at_work")]
    plans = [best(case, choices) for choices in wanted]
    assert [plan.row("option", "plant.oppama.run") > 0.5 for plan in plans] == [False, True]
    idle, at_work = (plan.row("jobs_at_work", "kanagawa", "FY2032") for plan in plans)
    assert idle < 1000 < 1999.9 < at_work
    assert plans[0].value > plans[1].value + plans[1].gap + 10


def test_a_bound_on_jobs_taken_over_brings_the_partner(part: Part) -> None:
    """Closing is worth more, but if a thousand must find work the partner gets its part."""
    case = part(
        "oppama nissan_motor_kyushu",
        "note serena xtrail_rogue",
        "japan us",
        hosting_deals="foxconn_part_purchase",
    )
    option = "deal.foxconn_part_purchase"
    wanted = _at_least("jobs_taken_over", 1000.0)
    plans = [best(case, choices) for choices in (FREE, wanted, FREE)]
    assert [plan.row("option", option) > 0.5 for plan in plans] == [False, True, False]
    assert [plan.row("option", "plant.oppama.close") > 0.5 for plan in plans] == [True, False, True]
    assert_sure(plans[0], option)
    assert plans[1].row("jobs_taken_over", "kanagawa", "FY2032") == pytest.approx(1200)
