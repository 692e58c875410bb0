"""Balance estimated volumes to published totals: a bounded RAS.

Start values by (model, plant, market) are scaled, one published total after another, until every
total holds; each cell stays within its own bounds. With equalities on rows and columns alone this
is the classic RAS; a total may also be a range, and may cover any set of cells. The procedure is
deterministic: fixed order, fixed number of sweeps.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
INPUTS = Path(__file__).parent / "inputs"
SWEEPS = 6000
DIGITS = 3


@dataclass(frozen=True)
class Flow:
    """Cars of one model built in one plant and sold in one market."""

    model: str
    plant: str
    market: str


@dataclass(frozen=True)
class Total:
    """A sum of flows that is known, exactly or as a range."""

    id: str
    members: NDArray[np.intp]
    target: float
    low: float
    high: float


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one input table."""
    with (INPUTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_prior() -> tuple[list[Flow], Floats, Floats, Floats]:
    """Return the flows with their start values and bounds."""
    rows = read_rows("volumes_prior.csv")
    flows = [Flow(row["model"], row["plant"], row["market"]) for row in rows]
    numbers = [
        np.array([float(row[column]) for row in rows]) for column in ("prior", "low", "high")
    ]
    return flows, numbers[0], numbers[1], numbers[2]


def read_totals(year: str, flows: Sequence[Flow]) -> list[Total]:
    """Return the totals of one year over the flows they cover."""
    totals = []
    for row in read_rows("volume_totals.csv"):
        if row["year"] != year:
            continue
        chosen = [
            index
            for index, flow in enumerate(flows)
            if _within(flow.model, row["models"])
            and _within(flow.plant, row["plants"])
            and _within(flow.market, row["markets"])
        ]
        bounds = [float(row[column]) for column in ("target", "low", "high")]
        totals.append(Total(row["id"], np.array(chosen, dtype=np.intp), *bounds))
    return totals


def _within(label: str, listed: str) -> bool:
    return listed == "*" or label in listed.split(";")


def scale(values: Floats, low: Floats, high: Floats, total: float) -> Floats:
    """Scale values to a sum, as nearly as their bounds allow."""
    scaled = values.copy()
    for _ in range(8):
        gap = total - float(scaled.sum())
        if abs(gap) < 1e-12:
            break
        free = (scaled < high - 1e-12) if gap > 0 else (scaled > low + 1e-12)
        base = float(scaled[free].sum())
        if base <= 0:
            break
        scaled[free] = np.clip(scaled[free] * (1 + gap / base), low[free], high[free])
    return scaled


def ras(prior: Floats, low: Floats, high: Floats, totals: Sequence[Total]) -> Floats:
    """Return values near the prior that meet every total within their bounds.

    Parameters
    ----------
    prior, low, high : ndarray
        Start values and bounds of the cells.
    totals : sequence of Total
        Sums that must hold.
    """
    values = np.clip(prior, low, high)
    for _ in range(SWEEPS):
        for total in totals:
            member = total.members
            wanted = float(np.clip(values[member].sum(), total.low, total.high))
            values[member] = scale(values[member], low[member], high[member], wanted)
    return values


def miss(values: Floats, totals: Sequence[Total]) -> dict[str, float]:
    """Return by how much each total is missed."""
    result = {}
    for total in totals:
        reached = float(values[total.members].sum())
        result[total.id] = reached - float(np.clip(reached, total.low, total.high))
    return result


def aim(prior: Floats, low: Floats, high: Floats, totals: Sequence[Total]) -> Floats:
    """Pull ranges to their targets first, so that the balance ends near them."""
    values = np.clip(prior, low, high)
    for _ in range(200):
        for total in totals:
            member = total.members
            values[member] = scale(values[member], low[member], high[member], total.target)
    return values


def balanced(year: str, start: Floats | None = None, slack: float = 0.0) -> dict[Flow, float]:
    """Return the balanced flows of one year.

    Parameters
    ----------
    year : str
        Year of the totals.
    start : ndarray, optional
        Start values instead of the prior; the bounds then widen by `slack`.
    slack : float
        Share by which the bounds widen.

    Raises
    ------
    ValueError
        If a total is missed by more than a thousandth of a thousand cars.
    """
    flows, prior, low, high = read_prior()
    if start is not None:
        prior = start
    low, high = low * (1 - slack), high * (1 + slack)
    totals = read_totals(year, flows)
    values = ras(aim(prior, low, high, totals), low, high, totals)
    missed = {name: gap for name, gap in miss(values, totals).items() if abs(gap) > 1e-3}
    if missed:
        raise ValueError(f"{year}: totals missed: {missed}")
    return {flow: round(float(value), DIGITS) for flow, value in zip(flows, values, strict=True)}


def both_years() -> dict[str, dict[Flow, float]]:
    """Return the flows of the base year and of the year that is predicted from it."""
    base = balanced("FY2024")
    start = np.array(list(base.values()))
    return {"FY2024": base, "FY2023": balanced("FY2023", start, slack=0.6)}


def main() -> None:
    """Print the totals that the balance reaches."""
    for year, flows in both_years().items():
        print(year, "total", round(sum(flows.values()), 3))
        for kind in ("plant", "market", "model"):
            sums: dict[str, float] = {}
            for flow, value in flows.items():
                key = getattr(flow, kind)
                sums[key] = sums.get(key, 0.0) + value
            print(" ", kind, {key: round(value, 1) for key, value in sums.items()})


if __name__ == "__main__":
    main()
