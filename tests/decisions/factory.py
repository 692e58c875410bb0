"""A small carmaker for tests of sourcing: one table each, with room for changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from replant.case import Case
from replant.decisions import plant_path, platform, sourcing
from replant.kernel import Expr
from replant.module import Builder
from replant.units import ONE, Quantity
from tests.decisions.small_firm import Built, build, case_of, years

__all__ = ["carmaker", "given", "sourced"]

READ = (plant_path.MODULE, platform.MODULE, sourcing.MODULE)
ON: Mapping[tuple[str, str], float] = {}


def carmaker(folder: Path, **tables: str) -> Case:
    """Write and read a case: one partner plant, one model, one market, unless told otherwise."""
    usual = {
        "periods": years(2),
        "plants": "id,country,kind\nworks,japan,partner",
        "models": "id,segment\nnote,small",
        "markets": "id\nhome",
        "lines": "id,model,plant,tooled,capacity\nl,note,works,yes,1000",
        "lanes": "plant,market,freight\nworks,home,0",
        "prices": "model,market,price\nnote,home,2",
        "demand": "model,market,period,volume\nnote,home,P0,100\nnote,home,P1,100",
    }
    return case_of(folder, READ, **{**usual, **tables})


def given(**streams: Mapping[tuple[str, str], float]) -> Callable[[Builder], Expr | None]:
    """Return an `extra` that posts fixed values: stream to (label, period) to value."""
    labels = {"offered": "model", "renewed": "model", "dealt": "deal"}

    def posts(to: Builder) -> None:
        for stream, values in streams.items():
            label = labels.get(stream, "plant")
            to.stream(stream, (label, "period"), ONE)
            for (each, period), value in values.items():
                to.post(stream, Quantity.of(int(value)), **{label: each}, period=period)

    return posts


def always(case: Case, *names: str) -> dict[tuple[str, str], float]:
    """Return 1 for each name in each period."""
    return {(name, period.id): 1.0 for name in names for period in case.periods}


def sourced(case: Case, **streams: Mapping[tuple[str, str], float]) -> Built:
    """Build sourcing alone, with fixed streams in place of the other modules."""
    return build(case, sourcing.MODULE, extra=given(**streams))


def most(built: Built, stream: str, **labels: str) -> np.ndarray:
    """Return the plan with the most of a stream's element."""
    row, _ = built.program.expected(stream, **labels)
    return built.best(row)
