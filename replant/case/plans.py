"""Plans that the case names: the comparators, and what each is bound to."""

from typing import Annotated, ClassVar, Literal

from replant.case.columns import meaning
from replant.case.kinds import Id, OptionalDate, OptionalNumber, Text, Texts, refers_to
from replant.case.relations import Action
from replant.case.row import Row


class PlanRow(Row):
    """One plan to work out."""

    table: ClassVar[str] = "plans"

    id: Id
    name: Text = meaning("Name in words")
    date: OptionalDate = meaning("Day on which it was announced", default=None)
    kind: Literal["do_nothing", "announced", "best", "other"] = meaning(
        "What it is compared as", default="other"
    )
    note: Text = meaning("What a reader of the comparison must know of it", default="")


class PlanOption(Row):
    """An option that one plan must take or must leave."""

    table: ClassVar[str] = "plan_options"
    key: ClassVar[tuple[str, ...]] = ("plan", "option")

    plan: Annotated[str, refers_to("plans")]
    option: Text = meaning("The option's id")
    action: Action = meaning("force: the plan takes it; forbid: it does not")
    reason: Text = meaning("Why, in a few words", default="")


class PlanBound(Row):
    """A range in which one plan must keep a line of its accounts or counts."""

    table: ClassVar[str] = "plan_bounds"
    key: ClassVar[tuple[str, ...]] = ("plan", "stream", "labels")

    plan: Annotated[str, refers_to("plans")]
    stream: Text = meaning("The line's name")
    labels: Texts = meaning("The line's labels, separated by semicolons", default=())
    lower: OptionalNumber = meaning("At least, in the line's unit", default=None)
    upper: OptionalNumber = meaning("At most, in the line's unit", default=None)
    reason: Text = meaning("Why, in a sentence for the reader of a plan")
