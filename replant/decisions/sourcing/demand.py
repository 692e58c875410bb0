"""What markets take: demand of each model, siblings that take sales from each other, ageing.

Within a segment demand is a multinomial logit in its sales-based linear form: a model sells at
most in proportion to its attraction and to what is left to the outside. With a fixed offer the
largest sales under these rows are the logit's shares.
"""

from __future__ import annotations

from replant.decisions.sourcing.flows import Flows
from replant.decisions.sourcing.network import Network, Path, Segment
from replant.decisions.sourcing.series import constant, nothing, read, times
from replant.kernel import Expr, Stage
from replant.module import Builder
from replant.units import ONE, VOLUME, Quantity

__all__ = ["Markets"]


class Markets:
    """The rows that bound sales by what markets want.

    Parameters
    ----------
    network : Network
        The exact numbers.
    flows : Flows
        The shipments.
    to : Builder
        Where rows and posts go.
    """

    def __init__(self, network: Network, flows: Flows, to: Builder) -> None:
        self._network = network
        self._to = to
        offers = {pair.label: pair.offer for pair in flows.pairs}
        grouped = flows.by(lambda pair: ",".join(pair.offer))
        self.sales = {offer: grouped[",".join(offer)] for offer in offers.values()}
        self._renewed: dict[str, Expr] = {}

    def build(self) -> None:
        """Add the rows of demand and post sales."""
        self._to.stream("sales", ("model", "market", "period"), VOLUME)
        for (model, market), sold in self.sales.items():
            self._to.post("sales", sold, model=model, market=market)
            self._bind_offer(model, market, sold)
            segment = self._network.segment_of.get((model, market))
            if segment is None:
                self._bind_ageing(model, market, sold)
            else:
                self._bind_share(model, segment, sold)
                self._bind_aged_share(model, segment, sold)
        for model, market in self._network.volumes:
            if self._network.markets[market].must_serve:
                self._serve(model, market)

    # -- what is offered, and how fresh it is ------------------------------------------------

    def _offered(self, model: str) -> Expr:
        return read("offered", self._to, default=1.0, model=model)

    def _is_ageing(self, model: str) -> bool:
        return any(share != 1 for share in self._network.left.get(model, ()))

    def _fresh(self, model: str) -> Expr:
        """Return 1 where an ageing model has been renewed, however often."""
        if model not in self._renewed:
            renewed = read("renewed", self._to, default=0.0, model=model)
            often = self._renewals(model)
            self._renewed[model] = renewed if often <= 1 else self._once(model, renewed, often)
        return self._renewed[model]

    def _renewals(self, model: str) -> int:
        """Return how often a model could be renewed."""
        if not self._network.case.has("programmes"):
            return 0
        return sum(row.model == model for row in self._network.case.rows("programmes"))

    def _once(self, model: str, renewed: Expr, often: int) -> Expr:
        """Return 1 where a count of renewals is 1 or more."""
        dimension = self._to.dimension(f"fresh_{model}", [model])
        fresh = self._to.variable(
            f"fresh_{model}",
            dimension,
            self._to.periods,
            unit=ONE,
            stage=Stage.RECOURSE,
            upper=1.0,
            integer=True,
            derived=True,
        ).at(**{dimension.name: model})
        rule = f"{model} is fresh once it has been renewed, and not before"
        self._to.require("fresh_if", fresh - renewed, upper=0.0, rule=rule, model=model)
        missing = renewed - fresh * float(often)
        self._to.require("fresh_only_if", missing, upper=0.0, rule=rule, model=model)
        return fresh

    # -- rows --------------------------------------------------------------------------------

    def _bind_offer(self, model: str, market: str, sold: Expr) -> None:
        most = self._network.most[model, market]
        self._to.require(
            "demand",
            sold - times(self._offered(model), most),
            upper=0.0,
            rule=f"{market} takes no more of {model} than it wants, and none that is not offered",
            model=model,
            market=market,
        )

    def _bind_ageing(self, model: str, market: str, sold: Expr) -> None:
        if not self._is_ageing(model):
            return
        wanted, left = self._network.volumes[model, market], self._network.left[model]
        old, regained = _split(wanted, left)
        self._to.require(
            "ageing",
            sold - times(self._offered(model), old) - times(self._fresh(model), regained),
            upper=0.0,
            rule=f"{market} wants less of {model} as it ages, until it is renewed",
            model=model,
            market=market,
        )

    def _bind_share(self, model: str, segment: Segment, sold: Expr) -> None:
        """Bound by ``sold * v0 <= v * s0``, divided by ``v0 + v`` so that numbers stay near 1."""
        wanted = self._network.volumes[model, segment.market]
        scale = _inverse(segment.outside, wanted)
        self._to.require(
            "substitution",
            self._share(segment, sold, wanted, scale),
            upper=0.0,
            rule=f"{model} sells in {segment.market} by its share of attraction in {segment.name}",
            model=model,
            market=segment.market,
        )

    def _bind_aged_share(self, model: str, segment: Segment, sold: Expr) -> None:
        """Bound by ``sold * v0 <= v * share * s0`` until the model is renewed.

        What renewal sets free is v0 times the share lost of the most that the model can sell,
        the largest by which the row could be exceeded while the fresh row holds.
        """
        if not self._is_ageing(model):
            return
        left = self._network.left[model]
        old, _ = _split(self._network.volumes[model, segment.market], left)
        most = self._network.most[model, segment.market]
        scale = _inverse(segment.outside, old)
        freed = tuple(
            outside * best * (1 - share) * factor
            for outside, best, share, factor in zip(segment.outside, most, left, scale, strict=True)
        )
        self._to.require(
            "aged_substitution",
            self._share(segment, sold, old, scale) - times(self._fresh(model), freed),
            upper=0.0,
            rule=f"{model} loses attraction in {segment.market} as it ages, until it is renewed",
            model=model,
            market=segment.market,
        )

    def _share(self, segment: Segment, sold: Expr, weight: Path, scale: Path) -> Expr:
        """Return ``(sold * v0 - weight * (D - all sales)) * scale``."""
        own = tuple(each * factor for each, factor in zip(segment.outside, scale, strict=True))
        whole = tuple(each * factor for each, factor in zip(weight, scale, strict=True))
        most = tuple(share * total for share, total in zip(whole, segment.total, strict=True))
        sold_here = self._sold_in(segment)
        return times(sold, own) + times(sold_here, whole) - constant(most, self._to)

    def _sold_in(self, segment: Segment) -> Expr:
        every = (self.sales.get((model, segment.market)) for model in segment.models)
        return sum((each for each in every if each is not None), start=nothing(VOLUME, self._to))

    def _serve(self, model: str, market: str) -> None:
        """Ask for all that is left of a model's demand, where it is offered."""
        wanted = self._network.volumes[model, market]
        sold = self.sales.get((model, market), nothing(VOLUME, self._to))
        offered = self._offered(model)
        if not self._is_ageing(model):
            self._ask("must_serve", times(offered, wanted) - sold, model, market)
            return
        old, regained = _split(wanted, self._network.left[model])
        missing = times(offered, old) - sold
        self._ask("must_serve", missing, model, market)
        both = offered + self._fresh(model) - 1.0
        self._ask("must_serve_fresh", missing + times(both, regained), model, market)

    def _ask(self, name: str, missing: Expr, model: str, market: str) -> None:
        rule = f"{market} must be served with all it wants of {model}"
        self._to.require(name, missing, upper=0.0, rule=rule, model=model, market=market)


def _split(wanted: Path, left: Path) -> tuple[Path, Path]:
    """Return what an ageing model keeps of its demand, and what renewal brings back."""
    old = tuple(volume * share for volume, share in zip(wanted, left, strict=True))
    regained = tuple(volume - kept for volume, kept in zip(wanted, old, strict=True))
    return old, regained


def _inverse(outside: Path, weight: Path) -> Path:
    """Return ``1 / (outside + weight)``, or 1 of its unit where there is neither."""
    both = (left + right for left, right in zip(outside, weight, strict=True))
    return tuple(1 / each if each else Quantity.of(1, ONE / VOLUME) for each in both)
