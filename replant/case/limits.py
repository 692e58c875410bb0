"""Limits that the firm sets itself."""

from typing import ClassVar

from replant.case.columns import meaning
from replant.case.kinds import Id, OptionalNumber, Text, Texts
from replant.case.row import Row


class Limit(Row):
    """A range in which every plan must keep a line of its accounts or counts."""

    table: ClassVar[str] = "limits"
    # what the firm wants of itself is no fact about the world
    evidenced: ClassVar[bool] = False

    id: Id
    stream: Text = meaning("The line's name")
    labels: Texts = meaning("The line's labels, separated by semicolons", default=())
    lower: OptionalNumber = meaning("At least, in the line's unit", default=None)
    upper: OptionalNumber = meaning("At most, in the line's unit", default=None)
    sentence: Text = meaning("The limit in words, as a report prints it")
