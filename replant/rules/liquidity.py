"""Liquidity: the cash chain, and the floor that it must never fall below."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Annotated, ClassVar

from replant.case import Case, Finding, Money, Row, meaning, refers_to
from replant.case.findings import finding
from replant.kernel import Expr, Stage
from replant.ledger import NOW
from replant.module import Builder, Sentence, Told
from replant.units import MONEY

__all__ = ["CashFloor", "Liquidity"]

# So many periods are listed in a finding.
_FEW = 12
# A comparator may fall short, but never for gain: a unit short costs more than a unit of value.
SHORTFALL_PENALTY = 10.0


class CashFloor(Row):
    """What must be in hand at the end of a period (or ``now``)."""

    table: ClassVar[str] = "liquidity"
    key: ClassVar[tuple[str, ...]] = ("period",)
    period: Annotated[str, refers_to("periods", also=(NOW,))]
    minimum_cash: Money = meaning("Cash the business needs in hand", ge=0)
    trough: Money = meaning(
        "How far cash dips below its end-of-period level within the period", default="0", ge=0
    )
    trapped: Money = meaning("Cash that cannot be moved to where it is due", default="0", ge=0)


class Liquidity:
    """Chains cash from period to period and keeps it above the floor."""

    name: ClassVar[str] = "liquidity"
    tables: ClassVar[tuple[type[Row], ...]] = (CashFloor,)
    negotiable: ClassVar[str] = "together"
    missable: ClassVar[bool] = True

    def applies(self, case: Case) -> bool:
        """Return whether the case has a floor."""
        return case.has("liquidity")

    def contradictions(self, case: Case) -> Iterator[Finding]:
        """Find periods that lack a floor where others have one: cash would not be bounded there."""
        floors = {row.period for row in case.rows("liquidity")}
        missing = [each.id for each in case.periods if not each.over and each.id not in floors]
        if not floors or not missing:
            return
        listed = ", ".join(missing[:_FEW]) + (", …" if len(missing) > _FEW else "")
        yield finding(
            "floor-hole",
            case.tables["liquidity"].sheet.file,
            "a floor that is given for some periods of the plan is given for all, as cash is not "
            "bounded in the others",
            f"add a row for {listed}",
            column="period",
            value=listed,
        )

    def cautions(self, case: Case) -> Iterator[Finding]:
        """Find a case without any floor."""
        if not case.rows("liquidity"):
            yield finding(
                "no-floor",
                "tables/liquidity.csv",
                "no floor is given: cash is not bounded, and a plan may spend what is not there",
                "give minimum_cash for each period",
            )

    def build(self, case: Case, to: Builder) -> None:
        """Lay out cash by time label and bind it from below."""
        times = to.dimension("time", to.times)
        cash = to.variable(
            "cash", times, unit=MONEY, stage=Stage.RECOURSE, lower=-inf, derived=True
        )
        shortfall = to.variable(
            "shortfall",
            times,
            unit=MONEY,
            stage=Stage.RECOURSE,
            upper=inf if to.allow_shortfall else 0.0,
            derived=True,
        )
        self._streams(to)
        self._chain(to, cash)
        floors = {row.period: row for row in case.rows("liquidity")}
        for time in to.times:
            to.post("cash", cash.at(time=time), time=time)
            row = floors.get(time)
            if row is not None:
                self._bind(to, row, cash.at(time=time), shortfall.at(time=time))
        if to.allow_shortfall:
            to.post("penalty", shortfall.sum() * SHORTFALL_PENALTY)

    def _streams(self, to: Builder) -> None:
        for name in ("cash", "headroom", "cash_floor", "shortfall"):
            to.stream(name, ("time",), MONEY)
        to.stream("undrawn", ("facility", "time"), MONEY)

    def _chain(self, to: Builder, cash: Expr) -> None:
        before = to.total("opening", account="cash")
        for time in to.times:
            moved = to.total("ledger", account="cash", time=time)
            to.require(
                "chain",
                cash.at(time=time) - before - moved,
                lower=0.0,
                upper=0.0,
                rule=f"Cash at the end of {time} is cash before plus what came in less what "
                "went out.",
                time=time,
            )
            before = cash.at(time=time)

    def _bind(self, to: Builder, row: CashFloor, cash: Expr, short: Expr) -> None:
        floor = row.quantity("minimum_cash") + row.quantity("trough") + row.quantity("trapped")
        required = Expr.constant(floor)
        to.require(
            "floor",
            cash + short - required,
            lower=0.0,
            rule=f"Cash at the end of {row.period} is at least {float(floor):,.1f}: the minimum "
            "in hand, the dip within the period and what is trapped.",
            time=row.period,
        )
        to.post("cash_floor", required, time=row.period)
        to.post("shortfall", short, time=row.period)
        to.post("headroom", cash - required, time=row.period)
        for line in to.case.rows("facilities"):
            undrawn = to.total("undrawn", facility=line.id, time=row.period)
            to.post("headroom", undrawn, time=row.period)

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say where cash is lowest above its floor."""
        rooms = {
            row.period: told.stream("cash", row.period) - told.stream("cash_floor", row.period)
            for row in told.case.rows("liquidity")
        }
        if not rooms:
            return
        time = min(rooms, key=lambda each: rooms[each])
        money = told.case.settings.units.money
        room = rooms[time]
        where = f"{room:,.1f} {money} above" if room >= 0 else f"{-room:,.1f} {money} below"
        yield Sentence(
            text=f"Cash is lowest against its floor at the end of {time}: {where} it.",
            subject="firm.cash",
            period=time,
        )


MODULE = Liquidity()
