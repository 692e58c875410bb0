"""The named dimensions of a firm, and which label of one stands behind a label of another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from benchmarks.footprint.source import Firm
from replant.kernel import Dimension

Positions = NDArray[np.intp]
Names = tuple[str, ...]

STATES = ("operating", "mothballed", "hosting", "closed", "sold")


@dataclass(frozen=True, eq=False)
class Axes:
    """Dimensions of a firm.

    A *line* is a platform that a plant can make, a *pair* a model that it can make, a *route* a
    pair and a market, a *sale* a model and a market. What cannot be has no label.

    Attributes
    ----------
    line_plant, line_platform, pair_plant, pair_model, pair_line, route_pair, route_market, \
    deal_plant : ndarray
        Position behind each line, pair, route or deal.
    """

    plant: Dimension
    model: Dimension
    platform: Dimension
    market: Dimension
    period: Dimension
    deal: Dimension
    state: Dimension
    line: Dimension
    pair: Dimension
    route: Dimension
    sale: Dimension
    line_plant: Positions
    line_platform: Positions
    pair_plant: Positions
    pair_model: Positions
    pair_line: Positions
    route_pair: Positions
    route_market: Positions
    deal_plant: Positions

    def plants_of_lines(self) -> Names:
        """Return the plant's label for each line."""
        return _labels(self.plant, self.line_plant)

    def platforms_of_lines(self) -> Names:
        """Return the platform's label for each line."""
        return _labels(self.platform, self.line_platform)

    def plants_of_pairs(self) -> Names:
        """Return the plant's label for each pair."""
        return _labels(self.plant, self.pair_plant)

    def lines_of_pairs(self) -> Names:
        """Return the line's label for each pair."""
        return _labels(self.line, self.pair_line)

    def pairs_of_routes(self) -> Names:
        """Return the pair's label for each route."""
        return _labels(self.pair, self.route_pair)

    def plants_of_deals(self) -> Names:
        """Return the plant's label for each deal."""
        return _labels(self.plant, self.deal_plant)

    def lines_of_routes(self) -> Names:
        """Return the line's label for each route."""
        return _labels(self.line, self.pair_line[self.route_pair])

    def sales_of_routes(self) -> Names:
        """Return the sale's label for each route."""
        place = self.pair_model[self.route_pair] * len(self.market) + self.route_market
        return _labels(self.sale, place)


def axes_of(firm: Firm, *, wanted_only: bool = False) -> Axes:
    """Return the dimensions of a firm.

    Parameters
    ----------
    firm : mapping
        The arrays.
    wanted_only : bool
        Leave out the routes to markets that never want the model: nothing is shipped there in
        any scenario, because scenarios multiply the demand.
    """
    plant, model = _numbered("plant", firm["P"]), _numbered("model", firm["M"])
    platform, market = _numbered("platform", firm["L"]), _numbered("market", firm["R"])
    line_plant, line_platform = np.nonzero(firm["comp"])
    place = np.full(firm["comp"].shape, -1, dtype=np.intp)
    place[line_plant, line_platform] = np.arange(len(line_plant))
    pair_plant, pair_model = np.nonzero(firm["comp"][:, firm["plat"]])
    goes = np.ones((len(pair_plant), firm["R"]), dtype=bool)
    if wanted_only:
        goes = (firm["D"] > 0.0).any(axis=2)[pair_model]
    route_pair, route_market = np.nonzero(goes)
    pair = _joined("pair", _labels(plant, pair_plant), _labels(model, pair_model))
    return Axes(
        plant=plant,
        model=model,
        platform=platform,
        market=market,
        period=_numbered("period", firm["T"]),
        deal=_numbered("deal", firm["K"]),
        state=Dimension("state", STATES),
        line=_joined("line", _labels(plant, line_plant), _labels(platform, line_platform)),
        pair=pair,
        route=_joined("route", _labels(pair, route_pair), _labels(market, route_market)),
        sale=Dimension("sale", tuple(f"{a},{b}" for a, b in product(model.labels, market.labels))),
        line_plant=line_plant,
        line_platform=line_platform,
        pair_plant=pair_plant,
        pair_model=pair_model,
        pair_line=place[pair_plant, firm["plat"][pair_model]],
        route_pair=route_pair,
        route_market=route_market,
        deal_plant=firm["dealp"],
    )


def _numbered(name: str, count: int) -> Dimension:
    width = len(str(count))
    return Dimension(name, tuple(f"{name}{number:0{width}}" for number in range(1, count + 1)))


def _labels(dim: Dimension, places: Positions) -> Names:
    labels = dim.labels
    return tuple([labels[place] for place in places.tolist()])


def _joined(name: str, left: Iterable[str], right: Iterable[str]) -> Dimension:
    return Dimension(name, tuple([f"{a},{b}" for a, b in zip(left, right, strict=True)]))
