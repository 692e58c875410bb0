"""The tables of platforms: platforms, models, and the ways from one to another."""

from __future__ import annotations

from typing import Annotated, ClassVar

from replant.case import Flag, Id, Money, Months, OptionalDate, Row, Text, meaning, refers_to

__all__ = ["Migration", "Model", "Platform"]


class Platform(Row):
    """A platform on which models ride."""

    table: ClassVar[str] = "platforms"

    id: Id
    name: Text = meaning("Name in words", default="")
    fixed_cost: Money = meaning("Cost a year of keeping it", default="0", ge=0)
    end_cost: Money = meaning("One-off cost of ending it", default="0", ge=0)
    can_end: Flag = meaning("Whether it may end", default="no")
    earliest: OptionalDate = meaning("First day on which it may end", default=None)
    latest: OptionalDate = meaning("Last day on which it may end", default=None)


class Model(Row):
    """A model that the firm sells."""

    table: ClassVar[str] = "models"

    id: Id
    name: Text = meaning("Name in words", default="")
    segment: Id = meaning("Segment in which models take sales from each other")
    platform: Annotated[str | None, refers_to("platforms")] = meaning(
        "Platform on which it rides today; empty for one bound by none", default=None
    )
    fixed_cost: Money = meaning("Cost a year of offering it", default="0", ge=0)
    exit_cost: Money = meaning("One-off cost of ending it", default="0", ge=0)
    can_end: Flag = meaning("Whether it may end", default="no")
    earliest: OptionalDate = meaning("First day on which it may end", default=None)
    latest: OptionalDate = meaning("Last day on which it may end", default=None)


class Migration(Row):
    """A way to move a model to another platform at a change of model."""

    table: ClassVar[str] = "migrations"

    id: Id
    model: Annotated[str, refers_to("models")]
    platform: Annotated[str, refers_to("platforms")] = meaning("Platform to which it moves")
    cost: Money = meaning("Engineering and tooling of the move", default="0", ge=0)
    lead_months: Months = meaning(
        "Months from the decision until it rides on the new platform", default="0", ge=0
    )
    earliest: OptionalDate = meaning("First day on which the move may be decided", default=None)
    latest: OptionalDate = meaning("Last day on which the move may be decided", default=None)
