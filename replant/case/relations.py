"""What binds options to each other, and options that every plan takes or leaves."""

from typing import ClassVar, Literal

from replant.case.columns import meaning
from replant.case.kinds import Id, OptionalWhole, Text, Texts
from replant.case.row import Row

Action = Literal["force", "forbid"]


class Relation(Row):
    """A tie between options that the model would not know by itself."""

    table: ClassVar[str] = "relations"

    id: Id
    kind: Literal["requires", "excludes", "at_most"] = meaning(
        "requires: the first only with all others; excludes: no two; at_most: so many of them"
    )
    options: Texts = meaning("Options by their ids, separated by semicolons")
    at_most: OptionalWhole = meaning(
        "How many of the options, for kind at_most", default=None, ge=0, structural=True
    )
    reason: Text = meaning("Why, in a sentence for the reader of a plan")

    def fault(self) -> str | None:
        """Say what is wrong with the relation as a whole, or None."""
        if len(set(self.options)) < max(2, len(self.options)):
            return "a relation ties two options or more, each named once"
        if (self.kind == "at_most") != (self.at_most is not None):
            return "kind at_most has a number in at_most, and no other kind has"
        return None


class OptionRow(Row):
    """An option that every plan must take or must leave."""

    table: ClassVar[str] = "options"
    key: ClassVar[tuple[str, ...]] = ("option",)

    option: Text = meaning("The option's id")
    action: Action = meaning("force: every plan takes it; forbid: none does")
    reason: Text = meaning("Why, in a sentence for the reader of a plan")
