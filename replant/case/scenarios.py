"""Scenarios: what may come, and how each changes the tables."""

from typing import Annotated, ClassVar, Literal

from replant.case.columns import meaning
from replant.case.kinds import Id, Share, Text, refers_to
from replant.case.row import Row


class Scenario(Row):
    """One future."""

    table: ClassVar[str] = "scenarios"
    folder: ClassVar[str] = ""

    id: Id
    probability: Share = meaning("Probability; those of all scenarios sum to 1", ge=0, le=1)
    name: Text = meaning("Name in words", default="")
    reason: Text = meaning("Where the probability comes from", default="")


class ScenarioChange(Row):
    """A change that one scenario makes to cells of the tables."""

    table: ClassVar[str] = "scenario_changes"
    folder: ClassVar[str] = ""
    key: ClassVar[tuple[str, ...]] = ("scenario", "table", "id", "period", "column", "action")

    scenario: Annotated[str, refers_to("scenarios")]
    changed_table: Id = meaning("Table", column="table")
    id: Text = meaning("Row, its key joined by slashes; * for all")
    changed_period: Text = meaning(
        "Period, if the table's key has one; * for all", default="", column="period"
    )
    column: Id = meaning("Column")
    action: Literal["set", "add", "multiply"] = meaning(
        "set: the value instead; add, multiply: the value on top of the cell's", default="set"
    )
    value: Text = meaning("The value, in the cell's unit, or a factor")
    reason: Text = meaning("Why the scenario has it so", default="")
