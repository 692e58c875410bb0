"""The exact twin of platforms and models: what ends, what migrates, what may still be offered."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from replant.verify.cells import number, text, yes
from replant.verify.programme import check_once, choices
from replant.verify.told import Told

__all__ = ["COLUMNS", "NAME", "ORDER", "check", "post"]

NAME = "platform"
ORDER = 20
COLUMNS = frozenset({"end_platform", "end_model", "migrate"})
ZERO = Fraction(0)
ONE = Fraction(1)


# ── what the decisions mean ──────────────────────────────────────────────────────────────────


def post(told: Told) -> None:
    """Post what is kept and offered, fixed costs, ends and migrations."""
    for row in told.rows("platforms"):
        _post_life(told, row, "end_platform", "kept", "platforms", number(row.end_cost))
        total = _ended(told, "end_platform", row)
        told.books.post("option", f"platform.{text(row.id)}.end", amount=total)
    for row in told.rows("models"):
        _post_life(told, row, "end_model", "offered", "models", number(row.exit_cost))
        total = _ended(told, "end_model", row)
        told.books.post("option", f"model.{text(row.id)}.end", amount=total)
    for row in told.rows("migrations"):
        total = ZERO
        for period, value in choices(told, "migrate", text(row.id)):
            total += value
            told.books.entry("rd", "cash", number(row.cost) * value, told.clock.at(period))
        told.books.post("option", f"migration.{text(row.id)}", amount=total)


def _ended(told: Told, column: str, row: Any, through: int | None = None) -> Fraction:
    """Return how much of a platform or model has ended by a period, or at all."""
    return sum(
        (
            value
            for period, value in choices(told, column, text(row.id))
            if through is None or period.index <= through
        ),
        ZERO,
    )


def _post_life(
    told: Told, row: Any, column: str, alive: str, count: str, end_cost: Fraction
) -> None:
    for period in told.periods:
        left = ONE - _ended(told, column, row, period.index)
        told.books.post(alive, text(row.id), period.id, amount=left)
        told.books.post(count, period.id, amount=left)
        fixed = number(row.fixed_cost) * told.clock.mu(period) * left
        told.books.entry("platform_cost", "cash", fixed, period.id, recurring=True)
    for period, value in choices(told, column, text(row.id)):
        told.books.item(
            end_cost * value,
            period,
            expense="restructuring",
            balance="provisions",
            recognised=told.clock.at_once,
            paid=told.clock.at_once,
            deducted=told.clock.at_once,
        )


# ── what must hold ───────────────────────────────────────────────────────────────────────────


def check(told: Told) -> None:
    """Check windows, flags, and that every model offered has a platform under it."""
    check_once(told, "end_platform", told.rows("platforms"), "platforms", model_change=True)
    check_once(told, "end_model", told.rows("models"), "models", model_change=True)
    check_once(told, "migrate", told.rows("migrations"), "migrations", model_change=True)
    _check_flags(told, "end_platform", "platforms")
    _check_flags(told, "end_model", "models")
    migrations = list(told.rows("migrations"))
    for model in told.rows("models"):
        own = [row for row in migrations if text(row.model) == text(model.id)]
        _check_one_migration(told, model, own)
        for period in told.periods:
            _check_platform(told, model, own, period)


def _check_flags(told: Told, column: str, table: str) -> None:
    for row in told.rows(table):
        told.books.hold(
            table,
            yes(row.can_end) or not _ended(told, column, row),
            f"{text(row.id)} ends, but the case does not let it end.",
            where=text(row.id),
        )


def _check_one_migration(told: Told, model: Any, own: list[Any]) -> None:
    total = sum((value for row in own for _, value in choices(told, "migrate", text(row.id))), ZERO)
    told.books.at_most(
        "migrations",
        total,
        1,
        f"The model {text(model.id)} migrates more than once.",
        where=text(model.id),
    )


def _moved(told: Told, migration: Any, period: Any) -> Fraction:
    """Return whether a migration is complete by a period."""
    return sum(
        (
            value
            for start, value in choices(told, "migrate", text(migration.id))
            if told.clock.ready(start, number(migration.lead_months)) <= period.index
        ),
        ZERO,
    )


def _check_platform(told: Told, model: Any, own: list[Any], period: Any) -> None:
    name = text(model.id)
    offered = told.books.total("offered", name, period.id)
    moved = {text(row.platform): ZERO for row in own}
    for row in own:
        moved[text(row.platform)] += _moved(told, row, period)
    if text(model.platform):
        rest = offered - sum(moved.values(), ZERO)
        _check_kept(told, name, text(model.platform), rest, period)
    for platform, part in moved.items():
        _check_kept(told, name, platform, part + offered - 1, period)


def _check_kept(told: Told, model: str, platform: str, needed: Fraction, period: Any) -> None:
    kept = told.books.total("kept", platform, period.id)
    told.books.at_most(
        "platforms",
        needed,
        kept,
        f"{model} is offered in {period.id} on the platform {platform}, which has ended.",
        where=f"{model},{period.id}",
    )
