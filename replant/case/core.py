"""The tables that every case may have, whatever the firm decides."""

from replant.case.countries import Country
from replant.case.currencies import Currency, ExchangeRate
from replant.case.evidence import EvidenceRow
from replant.case.limits import Limit
from replant.case.periods import PeriodRow
from replant.case.plans import PlanBound, PlanOption, PlanRow
from replant.case.press import ClaimRow
from replant.case.relations import OptionRow, Relation
from replant.case.row import Row
from replant.case.scenarios import Scenario, ScenarioChange
from replant.case.sources import Source
from replant.case.tie_out import TieOut

CORE: tuple[type[Row], ...] = (
    PeriodRow,
    Currency,
    ExchangeRate,
    Country,
    Relation,
    OptionRow,
    PlanRow,
    PlanOption,
    PlanBound,
    Limit,
    Scenario,
    ScenarioChange,
    EvidenceRow,
    ClaimRow,
    Source,
    TieOut,
)
