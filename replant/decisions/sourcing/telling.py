"""What sourcing chose, in plain words: launches, lines that stop, shifts that change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from replant.decisions.sourcing.tables import Capacity, Line
from replant.ledger import PlanPeriod
from replant.module import Sentence, Told
from replant.units import Cell

__all__ = ["sentences"]

_SHIFTS = ("no shift", "one shift", "two shifts", "three shifts")


def sentences(told: Told) -> Iterator[Sentence]:
    """Yield what was chosen, in the order of the tables."""
    for line in told.case.rows(Line):
        yield from _launch(line, told)
        yield from _stop(line, told)
    for row in told.case.rows(Capacity):
        yield from _shifts(row, told)


def _launch(line: Line, told: Told) -> Iterator[Sentence]:
    chosen = _chosen("launch", told)
    clock = told.clock
    for index, period in enumerate(clock.periods):
        if not chosen.get((line.id, period.id)):
            continue
        ready = clock.ready(index, line.launch_lead_months)
        first = clock.periods[ready].id if ready < len(clock.periods) else ""
        starts = f"cars can be made from {first}" if first else "cars come after the horizon"
        ramp = (
            f", at {_share(line.ramp_share)} for {line.ramp_months} months" if _ramps(line) else ""
        )
        costs = _costs(line, told)
        yield Sentence(
            text=(
                f"{told.case.called('plants', line.plant)} is tooled for "
                f"{told.case.called('models', line.model)} at the start of {_day(period)}{costs}; "
                f"{starts}{ramp}."
            ),
            subject=f"line.{line.id}",
            option=f"line.{line.id}.launch",
            period=period.id,
            cells=_cells(line, "tooling_cost", "launch_cost", "launch_lead_months"),
        )


def _stop(line: Line, told: Told) -> Iterator[Sentence]:
    chosen = _chosen("on", told)
    running = line.tooled and line.fixed_cost > 0
    for period in told.clock.periods:
        now = bool(chosen.get((line.id, period.id)))
        if running and not now:
            saved = (
                f", which cost {_amount(line, 'fixed_cost', told)} a year"
                if line.fixed_cost
                else ""
            )
            yield Sentence(
                text=(
                    f"{told.case.called('plants', line.plant)} stops making "
                    f"{told.case.called('models', line.model)} at the start of "
                    f"{_day(period)}{saved}."
                ),
                subject=f"line.{line.id}",
                period=period.id,
                cells=_cells(line, "fixed_cost"),
            )
        running = now


def _shifts(row: Capacity, told: Told) -> Iterator[Sentence]:
    chosen = [_chosen(f"shift_{number}", told) for number in (1, 2, 3)]
    before = row.shifts_now
    for period in told.clock.periods:
        now = sum(bool(each.get((row.plant, period.id))) for each in chosen)
        if now != before:
            added = now - before
            cost = (
                f", {_amount(row, 'add_shift_cost', told)} for each shift added"
                if added > 0 and row.add_shift_cost
                else ""
            )
            yield Sentence(
                text=(
                    f"{told.case.called('plants', row.plant)} works {_SHIFTS[now]} from the start "
                    f"of {_day(period)}, {_SHIFTS[before]} before{cost}."
                ),
                subject=f"plant.{row.plant}",
                period=period.id,
                cells=_cells(row, "shifts_now", "add_shift_cost"),
            )
        before = now


# -- words -----------------------------------------------------------------------------------


def _chosen(name: str, told: Told) -> Mapping[tuple[str, ...], bool]:
    """Return the chosen columns of a name, by all their labels apart."""
    return {
        tuple(",".join(labels).split(",")): value > 0.5
        for labels, value in told.chosen(name).items()
    }


def _day(period: PlanPeriod) -> str:
    return f"{period.id} ({period.start:%B %Y})"


def _costs(line: Line, told: Told) -> str:
    parts = [
        f"{word} {_amount(line, column, told)}"
        for column, word in (("tooling_cost", "tooling"), ("launch_cost", "launch"))
        if getattr(line, column)
    ]
    return f": {', '.join(parts)}" if parts else ""


def _amount(row: Line | Capacity, column: str, told: Told) -> str:
    label = told.case.unit_label(type(row), column)
    return f"{float(getattr(row, column)):,.1f} {label}"


def _ramps(line: Line) -> bool:
    return line.ramp_months > 0 and line.ramp_share < 1


def _share(value: Fraction) -> str:
    return f"{float(value) * 100:.0f} %"


def _cells(row: Line | Capacity, *columns: str) -> frozenset[Cell]:
    return frozenset(row.cell(column) for column in columns)
