"""Checks across rows and tables; each returns all that it finds."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import TypeVar, cast

from replant.case import changes
from replant.case.case import change_of
from replant.case.columns import Column, columns_of
from replant.case.evidence import ANY, Evidence, EvidenceRow
from replant.case.findings import Finding, finding
from replant.case.hindsight import hindsight
from replant.case.kinds import LIST_SEPARATOR, Reference, text_of
from replant.case.limits import Limit
from replant.case.near import suggestion
from replant.case.periods import PLAN, PeriodRow, add_months
from replant.case.plans import PlanBound
from replant.case.press import ClaimRow
from replant.case.relations import Relation
from replant.case.row import KEY_SEPARATOR, Row
from replant.case.scenarios import Scenario, ScenarioChange
from replant.case.settings import SETTINGS_FILE, Settings
from replant.case.table import KEPT_SUGGESTIONS, Table, file_of
from replant.units import Cell

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Loaded:
    """What could be read of a case, perhaps with faults.

    Parameters
    ----------
    tables : mapping of str to Table
        The tables whose heading could be read.
    row_classes : mapping of str to type of Row
        All tables that exist.
    unread : frozenset of str
        Tables that have a file which could not be read; nothing is said of references to them.
    settings : Settings or None
        The settings, if they could be read.
    """

    tables: Mapping[str, Table]
    row_classes: Mapping[str, type[Row]]
    unread: frozenset[str]
    settings: Settings | None

    def numbered(self, row_class: type[R]) -> Iterator[tuple[int, R]]:
        """Go through the rows of a table that could be read, with their numbers."""
        table = self.tables.get(row_class.table)
        return cast(Iterator[tuple[int, R]], table.numbered() if table else iter(()))

    @cached_property
    def evidence(self) -> Evidence:
        """The evidence that could be read."""
        return Evidence(tuple(row for _, row in self.numbered(EvidenceRow)))


# ── keys and references ──


def duplicate_keys(loaded: Loaded) -> Iterator[Finding]:
    """Find rows that share their key with an earlier one."""
    for table in loaded.tables.values():
        first: dict[tuple[str, ...], int] = {}
        for number, key in zip(table.sheet.numbers, table.keys, strict=True):
            earlier = first.setdefault(key, number)
            if earlier != number:
                yield finding(
                    "duplicate-key",
                    table.sheet.file,
                    f"no two rows share their {', '.join(table.row_class.key)}",
                    f"row {earlier} has it already: keep one",
                    row=number,
                    column=table.row_class.key[0],
                    value=KEY_SEPARATOR.join(key),
                )


def references(loaded: Loaded) -> Iterator[Finding]:
    """Find values that name no row of the table that they refer to."""
    for table in loaded.tables.values():
        for column in columns_of(table.row_class).values():
            if column.reference and column.name in table.sheet.columns:
                yield from _column_references(loaded, table, column, column.reference)


def _column_references(
    loaded: Loaded, table: Table, column: Column, reference: Reference
) -> Iterator[Finding]:
    known = _known_values(loaded, reference)
    if known is None:
        return
    told = 0
    where = " or ".join(reference.targets)
    missing = _missing(loaded, reference)
    if missing and not known and any(table.texts(column.name)):
        yield finding(
            "unknown-reference",
            table.sheet.file,
            f"{column.name} names a row of {where}, and {missing} is missing",
            "add it",
            column=column.name,
        )
        return
    for number, text in zip(table.sheet.numbers, table.texts(column.name), strict=True):
        parts = [part.strip() for part in text.split(LIST_SEPARATOR)] if column.many else [text]
        for part in parts:
            if not part or part in known:
                continue
            told += 1
            fix = f"use a value of {where}, or add the row there"
            if told <= KEPT_SUGGESTIONS:
                fix = suggestion(part, known, fix)
            rule = f"{column.name} names a row of {where}"
            yield finding(
                "unknown-reference",
                table.sheet.file,
                rule,
                fix,
                row=number,
                column=column.name,
                value=part,
            )


def _missing(loaded: Loaded, reference: Reference) -> str:
    """Return the file of a table that a reference needs and the case has not; empty if it has."""
    for target in reference.targets:
        name = target.partition(".")[0]
        if name not in loaded.tables and name in loaded.row_classes:
            return file_of(loaded.row_classes[name])
    return ""


def _known_values(loaded: Loaded, reference: Reference) -> dict[str, None] | None:
    """Return the values that a reference may take; None if that cannot be told."""
    known = dict.fromkeys(reference.also)
    for target in reference.targets:
        name, _, wanted = target.partition(".")
        if name in loaded.unread or name not in loaded.row_classes:
            return None
        table = loaded.tables.get(name)
        if table is not None:
            column = wanted or table.row_class.key[0]
            known |= dict.fromkeys(table.texts(column))
    return known


# ── time ──


def periods(loaded: Loaded) -> Iterator[Finding]:
    """Find gaps and overlaps between the periods of each role."""
    if PeriodRow.table in loaded.unread:
        return
    numbered = list(loaded.numbered(PeriodRow))
    table = loaded.tables.get(PeriodRow.table)
    broken = table is not None and len(numbered) < len(table.parsed)
    if not any(row.role == PLAN for _, row in numbered) and not broken:
        rule, fix = "a case has periods to plan", "add rows with the role plan"
        yield finding("no-periods", file_of(PeriodRow), rule, fix)
    for number, row in numbered:
        if row.start.day > 28:
            rule = "a period starts on the 1st to 28th day, so that months end on a clear day"
            yield _period_finding("period-start", rule, "move its start", number, row)
    if broken:
        return  # a missing period would show as a gap that is none
    for role in ("plan", "base", "predict"):
        ordered = sorted(
            ((number, row) for number, row in numbered if row.role == role),
            key=lambda each: each[1].start,
        )
        yield from _sequence(ordered)
    plan = [each for each in numbered if each[1].role == PLAN]
    yield from _over(loaded, plan)
    yield from _decided_early(loaded, plan)


def _decided_early(loaded: Loaded, plan: list[tuple[int, PeriodRow]]) -> Iterator[Finding]:
    """Find periods with decisions that start before the case's date: nobody decides yesterday."""
    if loaded.settings is None:
        return
    day = loaded.settings.as_of
    for number, row in plan:
        if row.decisions and not row.over and row.start < day:
            rule = f"decisions take effect on the case's date, {day}, or after it"
            fix = "set decisions to no: what is decided waits for the next period"
            yield _period_finding("decided-early", rule, fix, number, row)


def _over(loaded: Loaded, plan: list[tuple[int, PeriodRow]]) -> Iterator[Finding]:
    """Find periods marked as over that come after one that is not, or have not ended yet."""
    running = [row.start for _, row in plan if not row.over]
    for number, row in plan:
        end = add_months(row.start, row.months)
        if not row.over:
            continue
        if running and row.start > min(running):
            rule = "no period that is over comes after one that is not"
            yield _period_finding("over-late", rule, "mend the marks", number, row)
        if loaded.settings is not None and end > loaded.settings.as_of + timedelta(days=1):
            rule = f"a period that is over has ended by the case's date, {loaded.settings.as_of}"
            yield _period_finding("over-early", rule, "leave over empty", number, row)


def _period_finding(code: str, rule: str, fix: str, number: int, row: PeriodRow) -> Finding:
    return finding(
        code, file_of(PeriodRow), rule, fix, row=number, column="start", value=text_of(row.start)
    )


def _sequence(ordered: list[tuple[int, PeriodRow]]) -> Iterator[Finding]:
    closed: set[str] = set()
    for (_, before), (number, row) in pairwise(ordered):
        end = add_months(before.start, before.months)
        if row.start != end:
            code = "periods-gap" if row.start > end else "periods-overlap"
            rule = f"the period after {before.id} starts on {end}"
            yield _period_finding(code, rule, "change a start or a length", number, row)
        if row.fiscal_year != before.fiscal_year:
            closed.add(before.fiscal_year)
        if row.fiscal_year in closed:
            rule = f"the periods of fiscal year {row.fiscal_year} follow each other"
            fix = "name the fiscal year of this period anew"
            yield _period_finding("fiscal-year-split", rule, fix, number, row)


def settings_references(loaded: Loaded) -> Iterator[Finding]:
    """Find a base year or comparators in the settings that no table knows."""
    if loaded.settings is None:
        return
    year, plans = loaded.settings.base_year, loaded.settings.comparators.plans
    years = (year.fiscal_year,) if year else ()
    for column, values, target in (
        ("base_year.fiscal_year", years, "periods.fiscal_year"),
        ("comparators.plans", plans, "plans"),
    ):
        known = _known_values(loaded, Reference((target,)))
        for value in values:
            if known is None or value in known:
                continue
            rule = f"{column} names a row of {target}"
            fix = suggestion(value, known, f"add the row to {target.partition('.')[0]}")
            yield finding("unknown-reference", SETTINGS_FILE, rule, fix, column=column, value=value)


# ── relations, bounds, scenarios ──


def relations(loaded: Loaded) -> Iterator[Finding]:
    """Find relations that tie nothing."""
    for number, row in loaded.numbered(Relation):
        fault = row.fault()
        if fault:
            value = text_of(row.options)
            fix = "mend the options or the number"
            yield finding(
                "relation", file_of(Relation), fault, fix, row=number, column="options", value=value
            )


def crossed_bounds(loaded: Loaded) -> Iterator[Finding]:
    """Find lower bounds above upper ones."""
    bounded = [
        (row_class, number, row.lower, row.upper)
        for row_class in (Limit, PlanBound)
        for number, row in loaded.numbered(cast(type[Limit], row_class))
    ]
    for row_class, number, lower, upper in bounded:
        if lower is not None and upper is not None and lower > upper:
            rule, fix = f"lower is at most upper, {text_of(upper)}", "exchange or mend them"
            yield finding(
                "bounds-crossed",
                file_of(row_class),
                rule,
                fix,
                row=number,
                column="lower",
                value=text_of(lower),
            )


def probabilities(loaded: Loaded) -> Iterator[Finding]:
    """Find probabilities that do not sum to 1."""
    table = loaded.tables.get(Scenario.table)
    rows = [row for _, row in loaded.numbered(Scenario)]
    if table is None or not rows or len(rows) < len(table.parsed):
        return
    total = sum((row.probability for row in rows), Fraction(0))
    if total != 1:
        rule, fix = "the probabilities sum to 1", "mend them; thirds are 0.333, 0.333 and 0.334"
        yield finding(
            "probability-sum",
            file_of(Scenario),
            rule,
            fix,
            column="probability",
            value=text_of(total),
        )


def scenario_changes(loaded: Loaded) -> Iterator[Finding]:
    """Find changes that cannot be made, and values that they make wrong."""
    by_scenario: dict[str, list[tuple[int, ScenarioChange]]] = {}
    for number, row in loaded.numbered(ScenarioChange):
        by_scenario.setdefault(row.scenario, []).append((number, row))
    for name, numbered in by_scenario.items():
        yield from _one_scenario(loaded, name, numbered)


def _one_scenario(
    loaded: Loaded, name: str, numbered: list[tuple[int, ScenarioChange]]
) -> Iterator[Finding]:
    draft = changes.Draft(loaded.tables, loaded.row_classes)
    for number, row in numbered:
        if row.changed_table in loaded.unread:
            continue
        try:
            draft.make(change_of(row))
        except changes.Fault as fault:
            value = str(change_of(row).address)
            file = file_of(ScenarioChange)
            yield finding(fault.code, file, fault.rule, fault.fix, row=number, value=value)
    _, found = draft.tables_changed()
    for each in found:
        yield replace(each, rule=f"in scenario {name}, {each.rule}")


# ── evidence ──


def evidence(loaded: Loaded) -> Iterator[Finding]:
    """Find evidence of cells that do not exist, and evidence that says too little."""
    for number, row in loaded.numbered(EvidenceRow):
        for code, column, value, rule, fix in (*_said(row), *_pattern_faults(loaded, row.pattern)):
            yield finding(
                code, file_of(EvidenceRow), rule, fix, row=number, column=column, value=value
            )


_Fault = tuple[str, str, str, str, str]


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


def values_in_range(loaded: Loaded) -> Iterator[Finding]:
    """Find numbers outside the range that their own evidence gives."""
    ranged = {
        row.about for row in loaded.evidence.rows if row.low is not None or row.high is not None
    }
    for table in loaded.tables.values():
        if ranged & {table.row_class.table, ANY}:
            yield from _values_in_range(loaded.evidence, table)


def _values_in_range(known: Evidence, table: Table) -> Iterator[Finding]:
    numeric = [column for column in columns_of(table.row_class).values() if column.numeric]
    for number, row in table.numbered():
        for column in numeric:
            value = getattr(row, column.attribute)
            behind = known.of(row.cell(column.name))
            if value is None or behind is None or _between(behind, value):
                continue
            yield finding(
                "value-outside-range",
                table.sheet.file,
                f"its evidence gives {text_of(behind.low)} to {text_of(behind.high)}",
                "check the value, or widen the range",
                row=number,
                column=column.name,
                value=text_of(value),
            )


def _between(behind: EvidenceRow, value: Fraction) -> bool:
    above = behind.low is None or behind.low <= value
    return above and (behind.high is None or value <= behind.high)


def no_hindsight(loaded: Loaded) -> Iterator[Finding]:
    """Find evidence that cites what nobody could know on the case's date."""
    if loaded.settings is None:
        return
    claims = {row.claim_id: (number, row) for number, row in loaded.numbered(ClaimRow)}
    cited = (claim for row in loaded.evidence.rows for claim in row.claims)
    yield from hindsight(cited, claims, loaded.settings.as_of)


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
