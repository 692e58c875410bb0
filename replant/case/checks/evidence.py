"""Evidence: it speaks of cells that exist, says enough, and knows nothing of the future."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from replant.case import changes
from replant.case.checks.loaded import Loaded
from replant.case.columns import columns_of
from replant.case.evidence import ANY, EvidenceRow
from replant.case.findings import Finding, finding
from replant.case.hindsight import hindsight
from replant.case.kinds import text_of
from replant.case.near import suggestion
from replant.case.press import ClaimRow
from replant.case.row import KEY_SEPARATOR, Row
from replant.case.table import Table, file_of
from replant.units import Cell

__all__ = ["evidence", "no_hindsight"]

_Fault: TypeAlias = tuple[str, str, str, str, str]
"""Code, column, value, rule and mend."""


def evidence(loaded: Loaded) -> Iterator[Finding]:
    """Find evidence of cells that do not exist, and evidence that says too little."""
    for number, row in loaded.numbered(EvidenceRow):
        for code, column, value, rule, fix in (*_said(row), *_pattern_faults(loaded, row.pattern)):
            yield finding(
                code, file_of(EvidenceRow), rule, fix, row=number, column=column, value=value
            )


def _said(row: EvidenceRow) -> Iterator[_Fault]:
    if row.basis in ("sourced", "derived") and not row.claims:
        rule = f"a {row.basis} number cites a claim"
        yield "evidence-without-claim", "claims", "", rule, "cite it, or call the number assumed"
    if row.basis in ("assumed", "estimated") and not row.reason:
        rule = f"an {row.basis} number has a reason"
        yield "evidence-without-reason", "reason", "", rule, "say why it is so"
    if row.low is not None and row.high is not None and row.low > row.high:
        rule = f"low is at most high, {text_of(row.high)}"
        yield "evidence-range", "low", text_of(row.low), rule, "exchange or mend them"


def _pattern_faults(loaded: Loaded, pattern: Cell) -> Iterator[_Fault]:
    if pattern.table == ANY:
        return
    row_class = loaded.row_classes.get(pattern.table)
    if row_class is None:
        fix = suggestion(pattern.table, loaded.row_classes, "use the name of a table, or *")
        yield "evidence-table", "table", pattern.table, "it names a table", fix
        return
    columns = columns_of(row_class)
    if pattern.column != ANY and pattern.column not in columns:
        fix = suggestion(pattern.column, columns, f"use one of {', '.join(columns)}, or *")
        rule = f"it names a column of {pattern.table}"
        yield "evidence-column", "column", pattern.column, rule, fix
    if pattern.table in loaded.unread:
        return
    fault = _address_fault(loaded.tables.get(pattern.table), row_class, pattern)
    if fault:
        yield "evidence-row", *fault


def _address_fault(
    table: Table | None, row_class: type[Row], pattern: Cell
) -> tuple[str, str, str, str] | None:
    """Say that no row has the pattern's id, or none of these the pattern's period."""
    by_id = table.by_id if table else {}
    named = _ids_matching(pattern.id, by_id)
    if not named:
        fix = suggestion(pattern.id, by_id, f"use the id of a row of {pattern.table}, or *")
        return "id", pattern.id, f"it names a row of {pattern.table}", fix
    if pattern.period == ANY or table is None:
        return None
    known = {table.addresses[position][1] for each in named for position in by_id[each]}
    if pattern.period in known:
        return None
    fix = "leave the period empty"
    if changes.has_periods(row_class):
        fix = suggestion(pattern.period, known, "use a period of the row, or *")
    return "period", pattern.period, f"it names a period of {pattern.table} {pattern.id}", fix


def _ids_matching(pattern: str, ids: Mapping[str, object]) -> list[str]:
    if pattern == ANY:
        return list(ids)
    if ANY not in pattern.split(KEY_SEPARATOR):
        return [pattern] if pattern in ids else []
    parts = pattern.split(KEY_SEPARATOR)
    return [each for each in ids if _parts_match(parts, each.split(KEY_SEPARATOR))]


def _parts_match(pattern: list[str], parts: list[str]) -> bool:
    return len(pattern) == len(parts) and all(
        wanted in (ANY, part) for wanted, part in zip(pattern, parts, strict=True)
    )


def no_hindsight(loaded: Loaded) -> Iterator[Finding]:
    """Find evidence that cites what nobody could know on the case's date."""
    if loaded.settings is None:
        return
    claims = {row.claim_id: (number, row) for number, row in loaded.numbered(ClaimRow)}
    cited = (claim for row in loaded.evidence.rows for claim in row.claims)
    yield from hindsight(cited, claims, loaded.settings.as_of)
