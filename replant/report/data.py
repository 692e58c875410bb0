"""What a report says, as plain frozen data: no matrix, no solver, nothing to compute later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from replant.report import leaf
from replant.report.leaf import LeafView, Spot

__all__ = [
    "Action",
    "Bridge",
    "BridgeStep",
    "Cash",
    "CashFlow",
    "CashPoint",
    "Claim",
    "Confidence",
    "Covenant",
    "Head",
    "Line",
    "Method",
    "MissedLimit",
    "Offer",
    "PlanView",
    "PlantPath",
    "Platform",
    "Posting",
    "Price",
    "RegionJobs",
    "Report",
    "SiteJobs",
    "Stake",
    "Statement",
    "Tie",
    "Time",
]


@dataclass(frozen=True)
class Head:
    """What the report is about."""

    case: str
    title: str
    description: str
    as_of: str
    money: str
    volume: str
    fingerprint: str


@dataclass(frozen=True)
class Time:
    """A column of the ledger: ``now`` or a period, with dates in ISO form."""

    id: str
    fiscal_year: str
    first_day: str
    last_day: str
    months: int


@dataclass(frozen=True)
class CashPoint:
    """Cash at the end of a time, and what it must not fall below."""

    time: str
    cash: float
    floor: float
    undrawn: float

    @property
    def margin(self) -> float:
        """Cash above its floor; negative where it is below."""
        return self.cash - self.floor

    @property
    def headroom(self) -> float:
        """Cash above its floor together with the credit lines that are not drawn."""
        return self.margin + self.undrawn


@dataclass(frozen=True)
class CashFlow:
    """Where cash comes from and goes to in a time."""

    time: str
    opening: float
    operating: float
    investing: float
    interest: float
    lease: float
    financing: float
    closing: float
    one_time: float
    debt_due: float
    net_cash: float

    @property
    def free(self) -> float:
        """Cash flow before financing."""
        return self.operating + self.investing + self.interest + self.lease


@dataclass(frozen=True)
class Covenant:
    """A limit that binds every plan, and how far this one stays from it."""

    sentence: str
    value: float
    margin: float


@dataclass(frozen=True)
class MissedLimit:
    """A limit that a comparator misses, in one period or in several.

    Parameters
    ----------
    sentence : str
        The limit in words.
    first, worst : str
        From when it is missed, and when by most; empty where it is of no one time.
    times : int
        In how many periods it is missed.
    amount : float
        By how much at most, in the line's unit.
    size : str
        The same in words.
    scenarios : tuple of str
        Where there are scenarios, those in which it is missed; the worst is over them.
    """

    sentence: str
    first: str
    worst: str
    times: int
    amount: float
    size: str
    scenarios: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cash:
    """The cash path of a plan."""

    points: tuple[CashPoint, ...]
    flows: tuple[CashFlow, ...]
    covenants: tuple[Covenant, ...] = ()

    @property
    def lowest(self) -> CashPoint:
        """The first point with the least headroom, to a millionth of money."""
        return min(self.points, key=lambda point: round(point.headroom, 6))

    @property
    def deepest(self) -> CashPoint:
        """The point farthest below its floor."""
        return min(self.points, key=lambda point: point.margin)

    @property
    def has_lines(self) -> bool:
        """Whether there is ever a credit line to draw on."""
        return any(point.undrawn > 0.05 for point in self.points)

    @property
    def first_breach(self) -> CashPoint | None:
        """The first point below the floor, by more than a millionth of money."""
        return next((point for point in self.points if point.margin < -1e-6), None)


@dataclass(frozen=True)
class PlantPath:
    """One plant through time.

    Parameters
    ----------
    states : tuple of str
        Its state in each period.
    made : tuple of float
        What it builds in each period.
    """

    id: str
    name: str
    country: str
    kind: str
    counted: bool
    latitude: float | None
    longitude: float | None
    states: tuple[str, ...]
    made: tuple[float, ...]

    @property
    def changes(self) -> bool:
        """Whether its state changes at all, or differs from plain running."""
        return set(self.states) not in ({"operate"}, set())

    @property
    def ends(self) -> bool:
        """Whether it builds no car of ours at the end."""
        return bool(self.states) and self.states[-1] in GONE


GONE = ("wind_down", "mothballed", "closed", "sold")
"""The states of a plant that builds cars no longer, or is about to stop."""


@dataclass(frozen=True)
class Claim:
    """One claim behind a number."""

    id: str
    grade: str
    status: str
    statement: str
    source: str
    url: str
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Confidence:
    """How well the numbers behind a recommendation are founded.

    Parameters
    ----------
    words : str
        One of the steps of the scale.
    step : int
        Its place on the scale, 1 the firmest; 0 where nothing is graded.
    weakest, median : str
        Grade A to F, or a dash for no source; empty where nothing is graded.
    bases : mapping of str to int
        How many numbers are sourced, derived, assumed, estimated or without evidence.
    claims : tuple of Claim
        What stands behind them.
    """

    words: str
    step: int
    weakest: str = ""
    median: str = ""
    bases: Mapping[str, int] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()

    @property
    def sourced(self) -> bool:
        """Whether every number has a source of its own, or is computed from such numbers."""
        return bool(self.bases) and set(self.bases) <= {"sourced", "derived"}

    @property
    def assumed(self) -> bool:
        """Whether half of the numbers or more have neither a source nor a precedent."""
        loose = sum(number for basis, number in self.bases.items() if basis in _LOOSE)
        return bool(self.bases) and 2 * loose >= sum(self.bases.values())


_LOOSE = ("assumed", "naked")


@dataclass(frozen=True)
class Action:
    """One thing that a plan does."""

    text: str
    kind: str
    id: str
    name: str
    option: str
    period: str
    until: str
    confidence: Confidence
    cells: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()

    @property
    def decides(self) -> bool:
        """Whether it is a choice that a board takes, rather than what follows from one."""
        return self.kind in _BOARD and bool(self.option) and not self.option.endswith(".run")


_BOARD = ("plant", "property", "deal", "stake", "platform", "programme")


@dataclass(frozen=True)
class BridgeStep:
    """A group of accounts, and by how much it makes one plan worth more than another."""

    name: str
    amount: float
    accounts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Bridge:
    """From one plan's value to another's."""

    base: str
    start: float
    end: float
    steps: tuple[BridgeStep, ...]

    @property
    def total(self) -> float:
        """The whole difference."""
        return self.end - self.start


@dataclass(frozen=True)
class Posting:
    """What one decision or rule booked on a line, by time and by fiscal year."""

    owner: str
    amounts: tuple[float, ...]
    years: tuple[float, ...]


@dataclass(frozen=True)
class Line:
    """One line of a statement.

    Parameters
    ----------
    kind : str
        ``line`` or ``sum``.
    amounts, years : tuple of float
        By time and by fiscal year.
    """

    name: str
    account: str
    kind: str
    amounts: tuple[float, ...]
    years: tuple[float, ...]
    postings: tuple[Posting, ...] = ()


@dataclass(frozen=True)
class Statement:
    """Profit and loss, cash flow or balance sheet."""

    name: str
    lines: tuple[Line, ...]

    def line(self, name: str) -> Line:
        """Return a line by its name."""
        return next(line for line in self.lines if line.name == name)


@dataclass(frozen=True)
class SiteJobs:
    """What becomes of the people of one site over the whole plan.

    Parameters
    ----------
    idle : float
        Those at the end whose plant neither operates nor hosts: paid, and without a workplace.
    """

    name: str
    region: str
    opening: float
    attrition: float
    voluntary: float
    dismissed: float
    taken_over: float
    moved_out: float
    moved_in: float
    hired: float
    closing: float
    idle: float = 0.0

    @property
    def kept(self) -> float:
        """Jobs of today that are still there, held by whoever was there or joined."""
        return self.closing - self.hired - self.moved_in


@dataclass(frozen=True)
class RegionJobs:
    """Jobs in one region at the end, and the change around the firm as a range."""

    name: str
    opening: float
    closing: float
    taken_over: float
    low: float
    high: float


@dataclass(frozen=True)
class Platform:
    """A platform and the models that stand on it."""

    id: str
    name: str
    models: tuple[str, ...]
    ends: str
    kept: tuple[bool, ...]


@dataclass(frozen=True)
class Offer:
    """Something that could be taken: a deal, a property offer, a programme, a stake."""

    kind: str
    id: str
    name: str
    terms: str
    taken: bool
    period: str = ""
    until: str = ""
    subject: str = ""
    price: float = 0.0


@dataclass(frozen=True)
class PlanView:
    """One plan; with scenarios its numbers are expected values, and `leaves` tells each apart.

    Parameters
    ----------
    parts : tuple of (str, float)
        What its value is made of, in words, with each part's amount.
    due_soon : float
        Debt that falls due within two years after the horizon.
    bounded : bool
        Whether the case gives a floor that cash must keep.
    note : str
        What a reader of the comparison must know of the plan.
    """

    id: str
    name: str
    kind: str
    date: str
    value: float
    bound: float
    gap: float
    status: str
    verified: bool
    cash: Cash
    plants: tuple[PlantPath, ...]
    actions: tuple[Action, ...]
    sites: tuple[SiteJobs, ...]
    regions: tuple[RegionJobs, ...]
    platforms: tuple[Platform, ...]
    platform_count: tuple[float, ...]
    offers: tuple[Offer, ...]
    statements: tuple[Statement, ...]
    profit: tuple[float, ...]
    parts: tuple[tuple[str, float], ...] = ()
    due_soon: float = 0.0
    bounded: bool = True
    missed: tuple[MissedLimit, ...] = ()
    findings: tuple[str, ...] = ()
    leaves: tuple[LeafView, ...] = ()
    note: str = ""

    @property
    def paths(self) -> tuple[tuple[str, Cash], ...]:
        """The cash path of each scenario by its name; of the plan where there are none."""
        return tuple((each.name, each.cash) for each in self.leaves) or (("", self.cash),)

    @property
    def tightest(self) -> Spot:
        """Where headroom is least, in whichever scenario."""
        return leaf.tightest(self.paths)

    @property
    def deepest(self) -> Spot:
        """Where cash is farthest below its floor, or nearest to it, in whichever scenario."""
        return leaf.deepest(self.paths)

    @property
    def first_breach(self) -> Spot | None:
        """The earliest point below the floor, in whichever scenario."""
        return leaf.first_breach(self.paths)

    @property
    def short(self) -> tuple[LeafView, ...]:
        """The scenarios in which cash falls below its floor."""
        return tuple(each for each in self.leaves if each.cash.first_breach is not None)

    @property
    def shown(self) -> LeafView | None:
        """The scenario whose statements are given: the one nearest to the expected value."""
        return next((each for each in self.leaves if each.statements), None)

    @property
    def has_lines(self) -> bool:
        """Whether there is ever a credit line to draw on, in whichever scenario."""
        return any(cash.has_lines for _, cash in self.paths)

    @property
    def counted(self) -> tuple[PlantPath, ...]:
        """The plants that the firm counts; all of its own where it counts none."""
        own = [plant for plant in self.plants if plant.kind == "own"]
        return tuple(plant for plant in own if plant.counted) or tuple(own)

    @property
    def running(self) -> int:
        """How many of the counted plants the firm still has at work at the end."""
        return sum(not plant.ends for plant in self.counted)

    @property
    def jobs(self) -> float:
        """Own jobs at the end."""
        return sum(site.closing for site in self.sites)

    @property
    def idle(self) -> float:
        """Own jobs at the end whose plant stands still, is closed or is sold."""
        return sum(site.idle for site in self.sites)

    @property
    def one_time(self) -> float:
        """One-time operating and investing cash over the plan."""
        return sum(flow.one_time for flow in self.cash.flows)


@dataclass(frozen=True)
class Stake:
    """An assumption, or several of one kind, and what hangs on it.

    Parameters
    ----------
    carried : float
        If every one of its numbers were one percent higher, and the decisions stayed, value would
        move by one percent of this.
    low, high : float or None
        By how much value moves if all of them are at the low, or the high, end of their range;
        None where there is no range.
    """

    name: str
    meaning: str
    basis: str
    numbers: int
    carried: float
    low: float | None
    high: float | None
    reason: str

    @property
    def swing(self) -> float | None:
        """The farthest that its range moves value; None without a range."""
        ends = [abs(end) for end in (self.low, self.high) if end is not None]
        return max(ends, default=None)


@dataclass(frozen=True)
class Tie:
    """One line of a closed year: what was reported, what the model gives.

    Parameters
    ----------
    within : bool or None
        Whether they tie; None where the year is foretold and not fitted.
    """

    name: str
    year: str
    target: float
    model: float
    difference: float
    unit: str = ""
    within: bool | None = True
    note: str = ""


@dataclass(frozen=True)
class Price:
    """What it costs not to take a decision, where somebody worked it out."""

    option: str
    sentence: str
    loss: float
    tie: bool


@dataclass(frozen=True)
class Method:
    """How the plan was found and checked; the only place where seconds stand."""

    solver: str
    status: str
    value: float
    bound: float
    gap: float
    gap_share: float | None
    seconds: float
    nodes: int
    versions: tuple[tuple[str, str], ...]
    fingerprint: str
    verified: bool
    checks: int
    checked: tuple[tuple[str, int], ...]
    findings: tuple[str, ...]
    size: tuple[int, int, int]


@dataclass(frozen=True)
class Report:
    """All that a report says."""

    head: Head
    times: tuple[Time, ...]
    years: tuple[str, ...]
    best: PlanView
    others: tuple[PlanView, ...]
    headline: str
    verdict: tuple[str, ...]
    bridges: tuple[Bridge, ...]
    stakes: tuple[Stake, ...]
    stakes_note: str
    ties: tuple[Tie, ...]
    ties_note: str
    method: Method
    prices: tuple[Price, ...] = ()
    what_if: tuple[str, ...] = ()

    @property
    def periods(self) -> tuple[Time, ...]:
        """The times without ``now``."""
        return self.times[1:]

    @property
    def plans(self) -> tuple[PlanView, ...]:
        """All plans, the best one last."""
        return (*self.others, self.best)

    @property
    def nothing(self) -> PlanView | None:
        """The plan of doing nothing, if it was worked out."""
        return next((plan for plan in self.others if plan.kind == "do_nothing"), None)
