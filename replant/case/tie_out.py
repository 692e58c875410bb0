"""Targets of the closed years: what the accounts said, and what the model must give."""

from typing import ClassVar, Literal

from replant.case.columns import meaning
from replant.case.kinds import Id, Number, OptionalNumber, Text, Texts, Whole
from replant.case.row import Row


class TieOut(Row):
    """One reported figure of a closed year, and how the model computes it."""

    table: ClassVar[str] = "tie_out"
    folder: ClassVar[str] = ""
    # a target names its claims itself
    evidenced: ClassVar[bool] = False

    id: Id
    fiscal_year: Text = meaning("The closed year")
    role: Literal["base", "predict"] = meaning("base: must tie; predict: foretold, the miss shown")
    title: Text = meaning("What is compared, in words", column="quantity")
    stream: Text = meaning("The line of the model")
    labels: Texts = meaning("Which of its elements are summed", default=())
    sign: Whole = meaning("Sign: 1, or -1 where the line counts the other way", default="1")
    reported: Number = meaning("The figure as reported")
    unit: Literal["money", "volume", "people"] = meaning("What it counts", default="money")
    claims: Texts = meaning("Claims that report it", default=())
    note: Text = meaning("What a reader should know", default="")
    model: OptionalNumber = meaning("What the model gave when the table was made", default=None)
    miss: OptionalNumber = meaning("Model less reported, when the table was made", default=None)
    miss_percent: OptionalNumber = meaning("The same as a percentage", default=None)
    within: Text = meaning("Whether that was within the tolerance", default="")
