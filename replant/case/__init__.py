"""The case: a firm's tables, typed and checked, with the evidence of every number.

Row classes of decisions and rules derive from `Row` and give each field a kind:

>>> class Plant(Row):
...     table: ClassVar[str] = "plants"
...     id: Id
...     country: Annotated[str, refers_to("countries")]
...     fixed_cost: Money = meaning("Avoidable fixed cost a year while operating", ge=0)
"""

from replant.case.audit import Audit, Support, audit
from replant.case.case import Case
from replant.case.codes import CODES
from replant.case.columns import Column, columns_of, meaning, schema
from replant.case.core import CORE
from replant.case.countries import Country
from replant.case.currencies import Currency, ExchangeRate
from replant.case.evidence import Evidence, EvidenceRow
from replant.case.findings import Finding, Findings
from replant.case.kinds import (
    Date,
    Flag,
    FloorSpace,
    Id,
    Money,
    Months,
    Number,
    OptionalDate,
    OptionalFloorSpace,
    OptionalMoney,
    OptionalMonths,
    OptionalNumber,
    OptionalPay,
    OptionalPeople,
    OptionalShare,
    OptionalUnitValue,
    OptionalVolume,
    OptionalWhole,
    Pay,
    People,
    Share,
    Text,
    Texts,
    UnitValue,
    Volume,
    Whole,
    number_kind,
    refers_to,
)
from replant.case.limits import Limit
from replant.case.periods import (
    FiscalYear,
    Period,
    PeriodRow,
    add_months,
    dated_rate,
    period_after,
)
from replant.case.plans import PlanBound, PlanOption, PlanRow
from replant.case.press import ClaimRow
from replant.case.reading import check, load, make, read
from replant.case.relations import OptionRow, Relation
from replant.case.row import Row
from replant.case.scenarios import Scenario, ScenarioChange
from replant.case.schemas import datapackage, json_schema
from replant.case.settings import Settings
from replant.case.sources import Source
from replant.case.tie_out import TieOut
from replant.case.writing import write, write_templates

__all__ = [
    "CODES",
    "CORE",
    "Audit",
    "Case",
    "ClaimRow",
    "Column",
    "Country",
    "Currency",
    "Date",
    "Evidence",
    "EvidenceRow",
    "ExchangeRate",
    "Finding",
    "Findings",
    "FiscalYear",
    "Flag",
    "FloorSpace",
    "Id",
    "Limit",
    "Money",
    "Months",
    "Number",
    "OptionRow",
    "OptionalDate",
    "OptionalFloorSpace",
    "OptionalMoney",
    "OptionalMonths",
    "OptionalNumber",
    "OptionalPay",
    "OptionalPeople",
    "OptionalShare",
    "OptionalUnitValue",
    "OptionalVolume",
    "OptionalWhole",
    "Pay",
    "People",
    "Period",
    "PeriodRow",
    "PlanBound",
    "PlanOption",
    "PlanRow",
    "Relation",
    "Row",
    "Scenario",
    "ScenarioChange",
    "Settings",
    "Share",
    "Source",
    "Support",
    "Text",
    "Texts",
    "TieOut",
    "UnitValue",
    "Volume",
    "Whole",
    "add_months",
    "audit",
    "check",
    "columns_of",
    "datapackage",
    "dated_rate",
    "json_schema",
    "load",
    "make",
    "meaning",
    "number_kind",
    "period_after",
    "read",
    "refers_to",
    "schema",
    "write",
    "write_templates",
]
