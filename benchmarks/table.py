"""The results as a table in markdown: ours, and how much longer each peer took in the same run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.measure import Measurement
from benchmarks.peers import OURS
from benchmarks.registry import Instance
from benchmarks.results import Key, agrees

# Clocks of processes count hundredths of seconds; below that a ratio says nothing.
_CLOCK = 0.02


def table(
    order: Sequence[Instance],
    found: Mapping[Key, Measurement],
    peers: Sequence[str],
    gap: float,
) -> str:
    """Return a row for each instance that was measured."""
    others = [peer for peer in peers if peer != OURS]
    head = ["instance", "known value", "ours", "bound", "gap", "CPU s", "wall s", "MB"]
    head += [f"{peer}: CPU s" for peer in others] + [f"{peer} / ours" for peer in others]
    lines = [_row(head), _row(["---"] + ["---:"] * (len(head) - 1))]
    for instance in order:
        ours = found.get((instance.label, OURS))
        if ours is None:
            continue
        cells = [instance.label, _known(instance), *_own(instance, ours, gap)]
        theirs = [found.get((instance.label, peer)) for peer in others]
        cells += [_seconds(each, instance, gap) for each in theirs]
        cells += [ratio(ours, each) for each in theirs]
        lines.append(_row(cells))
    return "\n".join(lines)


def ratio(ours: Measurement, theirs: Measurement | None) -> str:
    """Return how many times our processor seconds a peer took; a limit where one was stopped.

    Where both were stopped, what is left is the gap each had.
    """
    if theirs is None or theirs.status not in ("solved", "stopped"):
        return "–"
    if ours.status not in ("solved", "stopped"):
        return "–"
    if ours.status == "stopped" and theirs.status == "stopped":
        return f"gap {_percent(theirs.gap)} to {_percent(ours.gap)}"
    if max(ours.cpu, theirs.cpu) < 2 * _CLOCK:
        return "both at once"
    times = max(theirs.cpu, _CLOCK) / max(ours.cpu, _CLOCK)
    sign = ""
    if ours.cpu < _CLOCK or theirs.status == "stopped":
        sign = "> "
    if theirs.cpu < _CLOCK or ours.status == "stopped":
        sign = "< "
    return f"{sign}{times:.2g} ×"


def _own(instance: Instance, ours: Measurement, gap: float) -> list[str]:
    if ours.status not in ("solved", "stopped"):
        return [f"{ours.status}: {ours.word}", *[""] * 5]
    mark = " ✗" if agrees(instance, ours, gap) is False else ""
    return [
        _money(ours.value) + mark,
        _money(ours.bound),
        _percent(ours.gap),
        f"{ours.cpu:.2f}",
        f"{ours.wall:.2f}",
        f"{ours.megabytes:.0f}",
    ]


def _seconds(found: Measurement | None, instance: Instance, gap: float) -> str:
    if found is None:
        return ""
    if found.status == "solved":
        mark = " ✗" if agrees(instance, found, gap) is False else ""
        return f"{found.cpu:.2f}{mark}"
    if found.status == "stopped":
        return f"stopped, {_percent(found.gap)}"
    return found.status


def _known(instance: Instance) -> str:
    known = instance.known
    if known.value is None:
        return "none"
    # A star for what nobody published.
    return _money(known.value) + ("" if known.kind == "published" else f" ({known.kind})")


def _money(value: float | None) -> str:
    return "none" if value is None else f"{value:,.10g}"


def _percent(share: float | None) -> str:
    if share is None:
        return "none"
    return f"{100 * share:.0f} %" if share >= 0.1 else f"{100 * share:.2g} %"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
