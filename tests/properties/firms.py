"""Small firms at random: two or three plants, a few models and markets, and some of all else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.properties.making import Tables, years

__all__ = ["small_firms", "tiny_firms"]

YES_NO = ("yes", "no")


@dataclass
class _Maker:
    """Draws the tables of one firm."""

    draw: Any

    def pick(self, *values: Any) -> Any:
        return self.draw(st.sampled_from(values))

    def chance(self, percent: int) -> bool:
        return self.draw(st.integers(1, 100)) <= percent

    def tables(self) -> Tables:
        self.found: Tables = {}
        months = self.pick(12, 12, 6, 3)
        self.periods = years(self.pick(2, 3, 4), months)
        self.found["periods"] = self.periods
        if self.chance(30):
            self.periods[-1]["decisions"] = "no"
        self.plants = [f"plant{number}" for number in range(1, self.pick(2, 3) + 1)]
        self.models = [f"model{number}" for number in range(1, self.pick(1, 2, 3) + 1)]
        self.markets = [f"market{number}" for number in range(1, self.pick(1, 1, 2) + 1)]
        self._places()
        self._models()
        self._lines()
        self._markets()
        self._money()
        if self.chance(40):
            self._people()
        if self.chance(30):
            self._hosting()
        if self.chance(25):
            self._supply()
        if self.chance(35):
            self._property()
        if self.chance(50):
            self._debt()
        if self.chance(50):
            self._tax()
        if self.chance(30):
            self._covenants()
        if self.chance(25):
            self._programmes()
        if self.chance(20):
            self._parts()
        if self.chance(20):
            self._stake()
        return self.found

    def add(self, table: str, **cells: Any) -> None:
        self.found.setdefault(table, []).append(cells)

    # -- what makes and sells ------------------------------------------------------------------

    def _places(self) -> None:
        self.add("countries", id="home")
        self.add("countries", id="away")
        self.currency = self.chance(40)
        if self.currency:
            self.add("currencies", id="USD", name="dollar", reference_rate="150")
            for period in self.periods:
                rate = self.pick("150", "135", "160.5")
                self.add("exchange_rates", currency="USD", period=period["id"], rate=rate)
        if self.chance(40):
            self.add("calendars", id="spread", months=0, share="0.25")
            self.add("calendars", id="spread", months=9, share="0.35")
            self.add("calendars", id="spread", months=20, share="0.4")
        self.spread = "spread" if "calendars" in self.found else None
        self.own = []
        for number, plant in enumerate(self.plants):
            own = number == 0 or self.chance(80)
            if own:
                self.own.append(plant)
            away = self.chance(40)
            self.add(
                "plants",
                id=plant,
                country="away" if away else "home",
                currency="USD" if away and self.currency else None,
                kind="own" if own else "partner",
                **(self._plant() if own else {}),
            )
            if own and self.chance(85):
                self.add(
                    "capacities",
                    plant=plant,
                    shift_capacity=self.pick("50", "80", "33.3"),
                    shifts_now=self.pick(1, 2),
                    shifts_max=self.pick(1, 2, 3) if self.chance(40) else 2,
                    second_shift_efficiency=self.pick("1", "0.95"),
                    overtime_share=self.pick("0", "0.1"),
                    overtime_cost="0.3",
                    add_shift_cost=self.pick("0", "1.5"),
                    crew_per_shift=self.pick("0", "400", "333"),
                )

    def _plant(self) -> dict[str, Any]:
        flags = ("can_close", "can_mothball", "can_reopen", "can_sell", "can_sell_running")
        return {
            "fixed_cost_operating": self.pick("5", "12", "20.5"),
            "fixed_cost_hosting": "6",
            "fixed_cost_host_only": "3",
            "fixed_cost_winding": "4",
            "fixed_cost_mothballed": "1",
            "fixed_cost_reopening": "2",
            "fixed_cost_closed": "0.3",
            "sustaining_capex": self.pick("0", "1.1"),
            "carrying_amount": self.pick("0", "30"),
            "life_months": 60,
            "land_carrying": "4",
            "sold_from": self.pick(None, "2026-07-01"),
            "closure_cost": self.pick("6", "15"),
            "closure_recognised": self.pick(None, self.spread),
            "closure_paid": self.pick(None, self.spread),
            "closure_deducted": self.pick(None, self.spread),
            "remediation_cost": self.pick("0", "2"),
            "remediation_paid": self.pick(None, self.spread),
            "mothball_cost": "1",
            "reopen_cost": "2.5",
            "reopen_months": self.pick(0, 6),
            "mothball_limit_months": self.pick(None, 12),
            "notice_months": self.pick(0, 0, 6, 12),
            "sale_price": self.pick("3", "10"),
            "running_price": "14",
            "can_host": "yes",
            **{flag: self.pick(*YES_NO) for flag in flags},
        }

    def _models(self) -> None:
        platforms = self.chance(40)
        if platforms:
            for platform in ("small", "large"):
                self.add(
                    "platforms",
                    id=platform,
                    fixed_cost="1.5",
                    end_cost="0.7",
                    can_end=self.pick(*YES_NO),
                )
        for number, model in enumerate(self.models):
            self.add(
                "models",
                id=model,
                segment=self.pick("a", "b"),
                platform=self.pick("small", "large") if platforms else None,
                fixed_cost=self.pick("0", "0.8"),
                exit_cost=self.pick("0", "0.5"),
                can_end=self.pick(*YES_NO),
            )
            if platforms and number == 0 and self.chance(50):
                self.add(
                    "migrations",
                    id="shift",
                    model=model,
                    platform="large",
                    cost="1.2",
                    lead_months=self.pick(0, 6),
                )

    def _lines(self) -> None:
        number = 0
        for model in self.models:
            for plant in self.plants:
                if number and not self.chance(60):
                    continue
                number += 1
                self.add(
                    "lines",
                    id=f"line{number}",
                    model=model,
                    plant=plant,
                    tooled="yes" if number == 1 else self.pick(*YES_NO),
                    capacity=self.pick("100", "60", "44.4"),
                    unit_cost=self.pick("0.5", "0.7"),
                    unit_cost_home=self.pick("0.4", "0.6"),
                    work_content=self.pick("1", "1.1", "0.9"),
                    fixed_cost=self.pick("0", "1", "2.2"),
                    tooling_cost="5",
                    tooling_life_months=36,
                    launch_cost="1",
                    launch_lead_months=self.pick(0, 0, 6),
                    launch_loss=self.pick("0", "0.12"),
                    ramp_months=self.pick(0, 6),
                    ramp_share=self.pick("1", "0.7"),
                )

    def _markets(self) -> None:
        for market in self.markets:
            self.add(
                "markets",
                id=market,
                country="away" if market == "market2" else "home",
                currency="USD" if market == "market2" and self.currency else None,
                consolidated="yes" if self.chance(90) else "no",
                must_serve="yes" if self.chance(10) else "no",
            )
            for plant in self.plants:
                self.add(
                    "lanes",
                    plant=plant,
                    market=market,
                    freight=self.pick("0", "0.05", "0.2"),
                    customs_share=self.pick("1", "0.85"),
                    customs_moves=self.pick(*YES_NO),
                    capacity=self.pick(None, None, "70"),
                )
            for model in self.models:
                price = self.pick("1.6", "2", "2.35")
                self.add("prices", model=model, market=market, price=price, selling_cost="0.1")
                for period in self.periods:
                    full = self.pick("20", "45", "61.3", "80.25", "33.333")
                    self.add("demand", model=model, market=market, period=period["id"], volume=full)
            if self.chance(30):
                self.add("substitutions", market=market, segment="a", outside=self.pick("0.5", "3"))
        if self.chance(30):
            for place, period in enumerate(self.periods):
                share = ("1", "0.9", "0.83", "0.71")[place]
                self.add("ageing", model="model1", period=period["id"], share=share)
        if self.chance(40):
            self.add(
                "duties",
                origin="home",
                market=self.markets[-1],
                **{"from": "2025-02-15"},
                rate="0.1",
            )
            self.add(
                "duties",
                origin="home",
                market=self.markets[-1],
                **{"from": "2025-09-01"},
                rate="0.04",
            )

    # -- money ---------------------------------------------------------------------------------

    def _money(self) -> None:
        self.add(
            "valuation",
            id="value",
            discount_rate="0.08",
            terminal_share=self.pick("0", "0", "0.5"),
            terminal_growth="0.01",
            terminal_tax=self.pick("0", "0.3"),
            terminal_reinvestment=self.pick("0", "1"),
        )
        cash = self.pick("20", "60", "300")
        self.add("opening", account="cash", amount=cash)
        self.add("opening", account="ppe", amount="100")
        self.add("opening", account="equity", amount=f"-{int(cash) + 100}")
        if self.chance(80):
            for period in self.periods:
                self.add(
                    "liquidity",
                    period=period["id"],
                    minimum_cash=self.pick("5", "15"),
                    trough=self.pick("0", "1.5"),
                )
        if self.chance(25):
            driver = self.pick("revenue", "variable_cost")
            self.add("working_capital", account="receivables", driver=driver, days="36.5")
            self.add("working_capital", account="payables", driver="variable_cost", days="45")
        if self.chance(30):
            self.add(
                "other_items",
                id="overhead",
                period=self.periods[0]["id"],
                name="Head office",
                account="overhead",
                amount="3.3",
                recurring=self.pick(*YES_NO),
            )

    def _covenants(self) -> None:
        """Bounds that some plans keep by a little, and some only if they act."""
        self.add("covenants", id="leverage", kind="leverage", ratio=self.pick("0", "1.5"))
        if self.chance(50):
            cover = self.pick("3", "60.5")
            self.add("covenants", id="cover", kind="interest_cover", ratio=cover, until="FY2025")
        if self.chance(50):
            begun = int(self.found["opening"][-1]["amount"])
            least = str(self.pick(20, 0, -40) - begun)
            self.add("covenants", id="equity", kind="equity", amount=least)
        if self.chance(30):
            share = self.pick("0.7", "0.95")
            first = {"from": "FY2026"}
            self.add("covenants", id="share", kind="equity_ratio", ratio=share, **first)
        if self.chance(30):
            most = self.pick("0", "4.9", "30")
            self.add("covenants", id="spending", kind="capital_expenditure", amount=most)

    def _property(self) -> None:
        self.add(
            "properties",
            id="hq",
            carrying_amount="20",
            market_value="50",
            growth="0.01",
            residual_rate="0.06",
            keep_cost="0.5",
            replacement_rent="2",
        )
        for kind in self.pick(("sell",), ("leaseback",), ("sell", "leaseback")):
            self.add(
                "property_offers",
                id=f"hq_{kind}",
                property="hq",
                kind=kind,
                price="50",
                cost_share="0.02",
                rent="2.6" if kind == "leaseback" else "0",
                term_months=self.pick(24, 60) if kind == "leaseback" else 0,
                fair_rate="0.05",
                buy_back=self.pick(*YES_NO) if kind == "leaseback" else "no",
            )

    def _debt(self) -> None:
        self.add("debts", id="old", principal="10", rate="0.03", due="2026-03-31")
        if self.chance(50):
            self.add(
                "facilities",
                id="bond",
                kind="bond",
                limit="40",
                lump=self.pick("0", "20"),
                rate="0.07",
                fair_rate="0.065",
                fee="0.01",
                term_months=self.pick(12, 24, 60),
            )
        if self.chance(60):
            self.add(
                "facilities",
                id="line",
                kind="revolver",
                limit=self.pick("10", "33.3"),
                rate="0.05",
                fair_rate="0.04",
                commitment_fee=self.pick("0", "0.005"),
            )

    def _tax(self) -> None:
        self.add(
            "taxes",
            id="tax",
            rate=self.pick("0.3", "0.3062"),
            loss_use_share=self.pick("0.5", "1"),
            carry_years=self.pick(1, 10),
        )
        if self.chance(50):
            self.add(
                "tax_losses", id="before", amount="12.5", expires=self.pick("FY2025", "FY2030")
            )

    # -- people and deals ------------------------------------------------------------------------

    def _people(self) -> None:
        self.add("regions", id="shore", name="Shore", jobs_low="1.2", jobs_high="2")
        for plant in self.own:
            self.add(
                "people",
                id=f"{plant}_crew",
                plant=plant,
                region="shore",
                function="production",
                count=self.pick("800", "1201"),
                pay="7.5",
                attrition=self.pick("0", "0.03", "0.035"),
                minimum=self.pick("0", "100"),
                can_dismiss=self.pick(*YES_NO),
                severance="12",
                notice_months=self.pick(0, 6),
                can_hire=self.pick(*YES_NO),
                hire_cost="1",
            )
        self.add(
            "people",
            id="lab",
            region="shore",
            function="rd",
            count="300",
            pay="9",
            attrition="0.02",
            minimum="100",
            can_dismiss=self.pick(*YES_NO),
            severance="15",
        )
        if len(self.own) > 1 and self.chance(60):
            self.add(
                "moves",
                **{"from": f"{self.own[0]}_crew"},
                id="shift_people",
                to=f"{self.own[1]}_crew",
                cost="2",
                acceptance="0.33",
            )
        if self.chance(60):
            self.add(
                "voluntary_offers",
                id="exit",
                group=f"{self.own[0]}_crew",
                payment="14",
                take_up=self.pick("0.2", "0.333"),
            )
        if self.chance(50):
            for step, saving in (("one", "30"), ("two", "18")):
                self.add(
                    "cost_work",
                    id=step,
                    project="parts",
                    people="80",
                    saving_per_person=saving,
                    lag_months=self.pick(0, 6),
                )

    def _hosting(self) -> None:
        self.add(
            "hosting_deals",
            id="guest",
            plant=self.own[0],
            partner="Guest",
            fee=self.pick("0.3", "0.5"),
            volume="30",
            guaranteed=self.pick("0", "35"),
            haircut="0.1",
            own_people=self.pick(*YES_NO),
            fixed_share=self.pick("0", "2"),
            rent="1",
            people_taken=self.pick("0", "50") if "people" in self.found else "0",
            set_up_cost="1.5",
            part_price=self.pick("0", "3"),
            part_carrying="1",
            exit_cost=self.pick("0", "1.3"),
            lead_months=self.pick(0, 6),
            duration_months=self.pick(6, 12, 24),
            recurring=self.pick(*YES_NO),
        )

    def _supply(self) -> None:
        direction = self.pick("buy", "build")
        self.add(
            "supply_deals",
            id="ally",
            direction=direction,
            plant=self.own[0] if direction == "build" else None,
            minimum=self.pick("0", "10", "7.7"),
            maximum=self.pick("25", "30.3"),
            shortfall_price="0.4",
            fixed_fee="0.5",
            one_off="0.6",
            fee="1.1",
            unit_cost="0.6",
            work_content=self.pick("1", "0.8"),
            lead_months=self.pick(0, 6),
            duration_months=self.pick(12, 24),
        )
        if direction == "buy" and len(self.plants) > len(self.own):
            partner = next(each for each in self.plants if each not in self.own)
            for line in self.found["lines"]:
                if line["plant"] == partner:
                    line["deal"] = "ally"

    def _programmes(self) -> None:
        self.add(
            "programmes",
            id="facelift",
            model=self.pick(None, "model1"),
            investment="3",
            investment_life_months=48,
            development="1.2",
            spent=self.spread,
            lead_months=self.pick(0, 12),
            benefit=self.pick("0", "1.5"),
            cycle_months=self.pick("0", "60"),
            people=self.pick("0", "40") if "people" in self.found else "0",
        )

    def _parts(self) -> None:
        self.add("part_families", id="harness", variants="12")
        for name, variants, saving in (("some", "8", "0.6"), ("few", "5", "0.9")):
            self.add(
                "part_options",
                id=name,
                family="harness",
                variants=variants,
                saving=saving,
                cost="0.8",
                phase_in=self.spread,
            )

    def _stake(self) -> None:
        self.add(
            "stakes",
            id="ally_shares",
            kind=self.pick("sell", "buy"),
            enabled=self.pick(*YES_NO),
            carrying_amount="8",
            price="11",
            cost_share="0.01",
            income="0.6",
            market_value="10",
            growth="0.02",
            residual_rate="0.07",
        )


@st.composite
def small_firms(draw: Any) -> Tables:
    """Return the tables of a small firm."""
    return _Maker(draw).tables()


@st.composite
def tiny_firms(draw: Any) -> Tables:
    """Return the tables of a firm with so few choices that all can be tried.

    Two plants, one model, one market, two periods of which the first alone is open to decisions;
    one of a head office, a bond, a guest or people besides.
    """
    maker = _Maker(draw)
    tables = maker.found = {}
    maker.periods = tables["periods"] = years(2, maker.pick(12, 6))
    maker.periods[1]["decisions"] = "no"
    maker.plants, maker.models, maker.markets = ["plant1", "plant2"], ["model1"], ["market1"]
    maker._places()
    maker._models()
    maker._lines()
    maker._markets()
    maker._money()
    for row in tables.get("capacities", []):
        row["shifts_max"], row["shifts_now"] = maker.pick(1, 1, 2), 1
    extra = maker.pick(
        maker._property, maker._debt, maker._hosting, maker._people, maker._tax, maker._covenants
    )
    extra()
    return tables
