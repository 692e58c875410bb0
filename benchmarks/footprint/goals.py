"""What the footprint firms are to reach, as data: the work, the limits, what stood before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

KERNEL, HAND = "replant", "arrays by hand"
ENGINE, WHOLE = "replant", "HiGHS, whole problem"


@dataclass(frozen=True)
class Reached:
    """What one measurement came to; None where it does not apply.

    Attributes
    ----------
    seconds, cpu : float
        Wall and processor seconds.
    megabytes : float
        Most memory of the process; for building, what was added to it.
    gap : float or None
        Bound less value, as a share of the value; None without both.
    milliseconds : float or None
        Processor time for each scenario and pass.
    word : str
        How it ended.
    """

    seconds: float
    cpu: float
    megabytes: float
    value: float | None = None
    bound: float | None = None
    gap: float | None = None
    milliseconds: float | None = None
    word: str = ""


@dataclass(frozen=True)
class Goal:
    """A piece of work and the most it may take; limits of None are not asked.

    Attributes
    ----------
    name : str
        By which it is run.
    work : str
        What is done.
    kind : str
        build, plan, bound or evaluate: which measurement it is.
    size, scenarios : str and int
        The firm, and its scenarios; none means the base alone.
    before : str
        What was measured before replant.
    seconds, megabytes, gap, milliseconds : float or None
        The goal.
    time_limit : float
        When a measurement is stopped.
    peer : bool
        Whether there is a peer that can do it too.
    """

    name: str
    work: str
    kind: str
    size: str
    scenarios: int = 0
    before: str = ""
    seconds: float | None = None
    megabytes: float | None = None
    gap: float | None = None
    milliseconds: float | None = None
    time_limit: float = 300.0
    peer: bool = True

    def met(self, by: Reached) -> bool:
        """Say whether a measurement keeps every limit."""
        limits = (
            (self.seconds, by.cpu),
            (self.megabytes, by.megabytes),
            (self.gap, by.gap),
            (self.milliseconds, by.milliseconds),
        )
        return all(
            limit is None or (found is not None and found <= limit) for limit, found in limits
        )

    def stop_gap(self) -> float:
        """Return the gap at which a solve is to stop."""
        return 0.005 if self.gap is None else self.gap

    def asked(self) -> str:
        """Return the goal in words."""
        parts = []
        if self.gap is not None:
            parts.append(f"gap {100 * self.gap:g} %")
        if self.seconds is not None:
            parts.append(f"≤ {self.seconds:g} s")
        if self.megabytes is not None:
            parts.append(f"≤ {self.megabytes:g} MB")
        if self.milliseconds is not None:
            parts.append(f"≤ {self.milliseconds:g} ms")
        return ", ".join(parts)


GOALS = (
    Goal(
        "build",
        "large, built and loaded",
        "build",
        "large",
        before="linopy 4.6 s, Pyomo 81 s, arrays by hand 1.36 s and 412 MB",
        seconds=1.5,
        megabytes=450,
    ),
    Goal(
        "small",
        "small to 0.1 %",
        "plan",
        "small",
        before="HiGHS, best formulation: 124 s",
        seconds=20,
        gap=0.001,
        time_limit=150,
    ),
    Goal(
        "nissan-bound",
        "nissan, bound of the strong formulation",
        "bound",
        "nissan",
        before="HiGHS > 168 s, prototype 102 s",
        seconds=15,
        gap=0.001,
        time_limit=150,
    ),
    Goal(
        "nissan",
        "nissan to 1 %",
        "plan",
        "nissan",
        before="HiGHS: no plan in 403 s",
        seconds=300,
        gap=0.01,
        time_limit=300,
    ),
    Goal(
        "red-10",
        "red × 10 scenarios in 120 s",
        "plan",
        "red",
        10,
        before="HiGHS 220 %, prototype 21 %",
        gap=0.02,
        time_limit=120,
    ),
    Goal(
        "red-10-bound",
        "red × 10 scenarios, relaxed, to 0.5 %",
        "bound",
        "red",
        10,
        before="HiGHS by interior point 60 s, prototype 24.7 s",
        time_limit=150,
    ),
    Goal(
        "red-1000-bound",
        "red × 1,000 scenarios, relaxed, to 0.5 %",
        "bound",
        "red",
        1000,
        before="nothing finished; to load the whole problem alone 2.4 GB",
        seconds=120,
        megabytes=600,
        gap=0.005,
        milliseconds=3,
        time_limit=300,
        peer=False,
    ),
    Goal(
        "red-1000-evaluated",
        "a plan evaluated on red × 1,000 scenarios",
        "evaluate",
        "red",
        1000,
        before="7.7 s with one hot HiGHS problem for each scenario and period",
        seconds=2,
        megabytes=600,
    ),
)


def goal(name: str) -> Goal:
    """Return the goal of a name."""
    return next(each for each in GOALS if each.name == name)


def table(found: Mapping[tuple[str, str], Reached]) -> str:
    """Return the goals as a table in markdown, with what was reached by whom.

    Parameters
    ----------
    found : mapping of (str, str) to Reached
        By the goal's name and who did the work.
    """
    head = ("work", "before", "goal", "by", "CPU s", "wall s", "MB", "gap", "ms a pass", "met")
    lines = [_row(head), _row("---" for _ in head)]
    for each in GOALS:
        done = {who: reached for (name, who), reached in found.items() if name == each.name}
        for who, reached in done.items():
            judged = who == KERNEL and each.asked()
            met = ("yes" if each.met(reached) else "no") if judged else ""
            lines.append(_row((each.work, each.before, each.asked(), who, *_cells(reached), met)))
        if not done:
            lines.append(_row((each.work, each.before, each.asked(), "not measured", *[""] * 6)))
    return "\n".join(lines)


def growth(few: Reached, many: Reached) -> str:
    """Return how the cost of a scenario and pass grows with the scenarios, in words."""
    if few.milliseconds is None or many.milliseconds is None:
        return "growth with scenarios: not measured"
    times = many.milliseconds / few.milliseconds
    kind = "linear or better" if times <= 1.1 else "worse than linear"
    return (
        f"growth with scenarios: {few.milliseconds:.2f} ms a scenario and pass with few, "
        f"{many.milliseconds:.2f} ms with many, {times:.2f} times: {kind}"
    )


def _cells(reached: Reached) -> tuple[str, ...]:
    if reached.word.startswith("failed"):
        return reached.word, "", "", "", ""
    gap = "" if reached.gap is None else f"{100 * reached.gap:.3g} %"
    each = "" if reached.milliseconds is None else f"{reached.milliseconds:.2f}"
    sizes = f"{reached.cpu:.2f}", f"{reached.seconds:.2f}", f"{reached.megabytes:.0f}"
    return *sizes, gap, each


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
