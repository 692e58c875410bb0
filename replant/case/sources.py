"""Sources: where claims were read."""

from typing import ClassVar

from replant.case.columns import meaning
from replant.case.kinds import Id, Text
from replant.case.row import Row


class Source(Row):
    """One document."""

    table: ClassVar[str] = "sources"
    folder: ClassVar[str] = ""
    key: ClassVar[tuple[str, ...]] = ("source_id",)
    evidenced: ClassVar[bool] = False

    source_id: Id
    publisher: Text = meaning("Who published it", default="")
    title: Text = meaning("Its title")
    date: Text = meaning("When it was published, as far as known", default="")
    url: Text = meaning("Where it can be read", default="")
