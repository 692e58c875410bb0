"""The tables of plants and of what the firm has promised about them."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import ValidationInfo, field_validator

from replant.case import (
    Date,
    Flag,
    Id,
    Money,
    Months,
    OptionalDate,
    OptionalMonths,
    OptionalNumber,
    Row,
    Text,
    meaning,
    refers_to,
)
from replant.case.kinds import refusal

__all__ = ["Plant", "PlantCommitment"]

Calendar = Annotated[str | None, refers_to("calendars", also=("none",))]


class Plant(Row):
    """One plant: where it is, what each state costs, what leaving a state costs."""

    table: ClassVar[str] = "plants"

    id: Id
    name: Text = meaning("Name in words", default="")
    country: Annotated[str, refers_to("countries")] = meaning("Country in which it stands")
    region: Annotated[str | None, refers_to("regions")] = meaning(
        "Region whose jobs it carries", default=None
    )
    latitude: OptionalNumber = meaning("Degrees north", default=None, ge=-90, le=90)
    longitude: OptionalNumber = meaning("Degrees east", default=None, ge=-180, le=180)
    currency: Annotated[str | None, refers_to("currencies")] = meaning(
        "Currency with which its amounts move; empty for the home currency", default=None
    )
    kind: Literal["own", "partner"] = meaning(
        "own: its path is decided; partner: it only makes cars for a price", default="own"
    )
    counted: Flag = meaning("Whether it is one of the plants that the firm counts", default="yes")
    fixed_cost_operating: Money = meaning("Avoidable cost a year, operating", default="0", ge=0)
    fixed_cost_hosting: Money = meaning(
        "Avoidable cost a year, operating beside a partner", default="0", ge=0
    )
    fixed_cost_host_only: Money = meaning(
        "Avoidable cost a year, with a partner alone", default="0", ge=0
    )
    fixed_cost_winding: Money = meaning(
        "Avoidable cost a year, between announcement and end", default="0", ge=0
    )
    fixed_cost_mothballed: Money = meaning("Cost a year, mothballed", default="0", ge=0)
    fixed_cost_reopening: Money = meaning("Cost a year, being reopened", default="0", ge=0)
    fixed_cost_closed: Money = meaning("Cost a year, closed and not sold", default="0", ge=0)
    sustaining_capex: Money = meaning(
        "Investment a year that keeps a running plant as it is", default="0", ge=0
    )
    carrying_amount: Money = meaning(
        "Depreciable carrying amount at the start of the plan", default="0", ge=0
    )
    life_months: Months = meaning(
        "Months over which the carrying amount is written off; needed where there is one",
        default="1",
        ge=1,
    )
    land_carrying: Money = meaning("Carrying amount of the land", default="0", ge=0)
    closure_cost: Money = meaning(
        "Cost of closing it, apart from people and remediation", default="0", ge=0
    )
    closure_recognised: Calendar = meaning("When closing is recognised", default=None)
    closure_paid: Calendar = meaning("When closing is paid", default=None)
    closure_deducted: Calendar = meaning("When closing lowers taxable income", default=None)
    remediation_cost: Money = meaning("Cost of cleaning the site", default="0", ge=0)
    remediation_paid: Calendar = meaning("When cleaning is paid", default=None)
    mothball_cost: Money = meaning("Cost of mothballing it", default="0", ge=0)
    reopen_cost: Money = meaning("Cost of reopening it", default="0", ge=0)
    reopen_months: Months = meaning("Months from decision to production", default="0", ge=0)
    mothball_limit_months: OptionalMonths = meaning(
        "Months after the announcement in which it can be reopened; empty for no limit",
        default=None,
        ge=0,
    )
    notice_months: Months = meaning(
        "Months from announcement to the end of production", default="0", ge=0
    )
    sale_price: Money = meaning("Price of the closed site", default="0", ge=0)
    running_price: Money = meaning(
        "Price of the running plant; negative where the buyer is paid", default="0"
    )
    can_close: Flag = meaning("Whether it may be closed", default="no")
    can_mothball: Flag = meaning("Whether it may be mothballed", default="no")
    can_reopen: Flag = meaning("Whether it may be reopened once mothballed", default="no")
    can_host: Flag = meaning("Whether a partner may build in it", default="no")
    can_sell: Flag = meaning("Whether its site may be sold once closed", default="no")
    can_sell_running: Flag = meaning("Whether it may be sold running", default="no")
    earliest: OptionalDate = meaning("No announcement before this day", default=None)
    latest: OptionalDate = meaning("No announcement after this day", default=None)
    sold_from: OptionalDate = meaning(
        "No sale, of the site or running, is complete before this day", default=None
    )

    @field_validator("life_months", mode="after")
    @classmethod
    def _life_is_given(cls, value: int, info: ValidationInfo) -> int:
        # a month is the default, and no plant is written off in a month
        if value == 1 and info.data.get("carrying_amount"):
            rule = "a plant with a carrying amount has a life of more than a month"
            raise refusal("missing", rule, "fill life_months")
        return value

    @property
    def title(self) -> str:
        """Its name, or its id where it has none."""
        return self.name or self.id


class PlantCommitment(Row):
    """A state in which every plan has a plant from a day on: what was promised or announced."""

    table: ClassVar[str] = "plant_commitments"
    key: ClassVar[tuple[str, ...]] = ("plant", "from")

    plant: Annotated[str, refers_to("plants")] = meaning("The plant")
    state: Literal["operate", "wind_down", "closed", "sold"] = meaning("State that is kept to")
    since: Date = meaning("First day of the state", column="from")
