"""Checks across rows and tables; each returns all that it finds."""

from collections.abc import Callable, Iterable

from replant.case.checks.bounds import crossed_bounds, relations
from replant.case.checks.evidence import evidence, no_hindsight
from replant.case.checks.loaded import Loaded
from replant.case.checks.periods import periods
from replant.case.checks.ranges import values_in_range
from replant.case.checks.references import duplicate_keys, references, settings_references
from replant.case.checks.scenarios import probabilities, scenario_changes
from replant.case.findings import Finding

__all__ = ["CHECKS", "Loaded"]

CHECKS: tuple[Callable[[Loaded], Iterable[Finding]], ...] = (
    duplicate_keys,
    references,
    periods,
    settings_references,
    relations,
    crossed_bounds,
    probabilities,
    scenario_changes,
    evidence,
    values_in_range,
    no_hindsight,
)
