"""Tables of the workforce: groups of people, ways to move, offers to leave."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from replant.case import (
    Flag,
    Id,
    Months,
    OptionalDate,
    Pay,
    People,
    Row,
    Share,
    Text,
    meaning,
    refers_to,
)

__all__ = ["Group", "Move", "VoluntaryOffer"]


class Group(Row):
    """One group of people who do one kind of work at one place."""

    table: ClassVar[str] = "people"
    id: Id
    name: Text = meaning("Name in words; empty for the id", default="")
    plant: Annotated[str | None, refers_to("plants")] = meaning(
        "Plant where they work; empty for none", default=None
    )
    region: Annotated[str | None, refers_to("regions")] = meaning(
        "Region in which their jobs count", default=None
    )
    country: Annotated[str | None, refers_to("countries")] = meaning(
        "Country whose law protects them", default=None
    )
    function: Literal["production", "site", "rd", "sales", "admin", "other"] = meaning(
        "Work they do"
    )
    count: People = meaning("People at the start", ge=0)
    pay: Pay = meaning("What one of them costs a year, all in", ge=0)
    currency: Annotated[str | None, refers_to("currencies")] = meaning(
        "Currency of pay, offers, severance and hiring; empty for the home currency", default=None
    )
    attrition: Share = meaning("Share that leaves a year without an offer", default="0", ge=0, le=1)
    minimum: People = meaning("People without whom the work stops", default="0", ge=0)
    pool: Text = meaning(
        "Groups with the same word keep their minima together; empty: each keeps its own",
        default="",
    )
    protected_until: OptionalDate = meaning(
        "Day before which nobody may be dismissed", default=None
    )
    can_dismiss: Flag = meaning("Whether dismissal is lawful and wanted at all", default="no")
    severance: Pay = meaning("What one dismissed person is paid", default="0", ge=0)
    notice_months: Months = meaning(
        "Months from dismissal to leaving and severance", default="0", ge=0
    )
    can_hire: Flag = meaning("Whether people may be hired", default="no")
    hire_cost: Pay = meaning("What it costs to hire and train one person", default="0", ge=0)

    @property
    def title(self) -> str:
        """The name, or the id where there is none."""
        return self.name or self.id

    @property
    def lends(self) -> bool:
        """Whether it is part of the R&D people from which programmes and cost work draw."""
        return self.function == "rd" and self.plant is None


class Move(Row):
    """One way for people of a group to join another."""

    table: ClassVar[str] = "moves"
    id: Id
    from_: Annotated[str, refers_to("people")] = meaning("Group they leave", column="from")
    to: Annotated[str, refers_to("people")] = meaning("Group they join")
    cost: Pay = meaning("What moving and retraining one person costs", default="0", ge=0)
    acceptance: Share = meaning(
        "Share of the group's people at the start who would move, over the horizon", ge=0, le=1
    )
    earliest: OptionalDate = meaning("First day on which people may move", default=None)
    latest: OptionalDate = meaning("Last day on which people may move", default=None)


class VoluntaryOffer(Row):
    """One offer to leave: the higher the payment, the larger the share that takes it."""

    table: ClassVar[str] = "voluntary_offers"
    id: Id
    group: Annotated[str, refers_to("people")]
    payment: Pay = meaning("What everyone who leaves is paid", ge=0)
    take_up: Share = meaning("Largest share of those there who take it", ge=0, le=1)
    earliest: OptionalDate = meaning("First day on which it may be open", default=None)
    latest: OptionalDate = meaning("Last day on which it may be open", default=None)
