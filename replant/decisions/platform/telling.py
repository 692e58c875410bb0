"""What was chosen of platforms and models, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from replant.decisions.platform.tables import Migration, Model, Platform
from replant.module import Sentence, Told

__all__ = ["sentences"]


def sentences(told: Told) -> Iterator[Sentence]:
    """Yield what ends and what moves, in the order of the tables."""
    yield from _endings(told)
    yield from _moves(told)


def _endings(told: Told) -> Iterator[Sentence]:
    ends = _chosen("end_platform", told)
    for platform in told.case.rows(Platform):
        for period in ends.get(platform.id, ()):
            yield Sentence(
                text=(
                    f"Platform {platform.name or platform.id} ends at the start of "
                    f"{_day(period, told)}: "
                    f"{_amount(platform, 'end_cost', told)} at once, "
                    f"{_amount(platform, 'fixed_cost', told)} a year less."
                ),
                subject=f"platform.{platform.id}",
                option=f"platform.{platform.id}.end",
                period=period,
                cells=frozenset({platform.cell("end_cost"), platform.cell("fixed_cost")}),
            )
    ends = _chosen("end_model", told)
    for model in told.case.rows(Model):
        for period in ends.get(model.id, ()):
            yield Sentence(
                text=(
                    f"{model.name or model.id}: no longer offered from the start of "
                    f"{_day(period, told)}, "
                    f"{_amount(model, 'exit_cost', told)} at once, "
                    f"{_amount(model, 'fixed_cost', told)} a year less."
                ),
                subject=f"model.{model.id}",
                option=f"model.{model.id}.end",
                period=period,
                cells=frozenset({model.cell("exit_cost"), model.cell("fixed_cost")}),
            )


def _moves(told: Told) -> Iterator[Sentence]:
    moves = _chosen("migrate", told)
    clock = told.clock
    place = {period.id: index for index, period in enumerate(clock.periods)}
    for row in told.case.rows(Migration):
        for period in moves.get(row.id, ()):
            ready = clock.ready(place[period], row.lead_months)
            rides = f"from {clock.periods[ready].id}" if ready < len(place) else "after the horizon"
            yield Sentence(
                text=(
                    f"{told.case.called('models', row.model)}: from its platform to "
                    f"{told.case.called('platforms', row.platform)}, decided at the start of "
                    f"{_day(period, told)} and riding on it {rides}: {_amount(row, 'cost', told)}."
                ),
                subject=f"model.{row.model}",
                option=f"migration.{row.id}",
                period=period,
                cells=frozenset({row.cell("cost"), row.cell("lead_months")}),
            )


def _chosen(name: str, told: Told) -> dict[str, list[str]]:
    """Return the periods in which each id takes a decision."""
    found: dict[str, list[str]] = {}
    for labels, value in told.chosen(name).items():
        each, period = ",".join(labels).split(",")
        if value > 0.5:
            found.setdefault(each, []).append(period)
    return found


def _day(period: str, told: Told) -> str:
    start = next(each.start for each in told.clock.periods if each.id == period)
    return f"{period} ({start:%B %Y})"


def _amount(row: Platform | Model | Migration, column: str, told: Told) -> str:
    label = told.case.unit_label(type(row), column)
    return f"{float(getattr(row, column)):,.1f} {label}"
