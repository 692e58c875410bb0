"""Results as rows of a CSV file, in one order whatever order they were measured in."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path

from benchmarks.measure import Measurement
from benchmarks.registry import Instance

Key = tuple[str, str]
_HEAD = ("family", "instance", "sense", "known", "kind", "solver", "agrees")
COLUMNS = (*_HEAD, *(each.name for each in fields(Measurement)))


def agrees(instance: Instance, found: Measurement, gap: float) -> bool | None:
    """Say whether a solved instance has its known value, within the gap that counts as solved."""
    known = instance.known
    if known.value is None or found.value is None or found.status != "solved":
        return None
    allowed = (known.tolerance + gap) * max(1.0, abs(known.value))
    return abs(found.value - known.value) <= allowed


def write(
    path: Path, order: Sequence[Instance], found: Mapping[Key, Measurement], gap: float
) -> None:
    """Write what was found, instance by instance in the registry's order."""
    place = {each.label: number for number, each in enumerate(order)}
    by_label = {each.label: each for each in order}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        # Solvers keep the order in which they were first asked.
        for label, solver in sorted(found, key=lambda key: place[key[0]]):
            instance, measurement = by_label[label], found[label, solver]
            same = agrees(instance, measurement, gap)
            writer.writerow(
                {
                    "family": instance.family,
                    "instance": instance.name,
                    "sense": instance.sense,
                    "known": _number(instance.known.value),
                    "kind": instance.known.kind,
                    "solver": solver,
                    "agrees": "" if same is None else str(same).lower(),
                    **{name: _number(value) for name, value in asdict(measurement).items()},
                }
            )


def read(path: Path) -> dict[Key, Measurement]:
    """Return what a file holds; nothing where there is none."""
    if not path.is_file():
        return {}
    found: dict[Key, Measurement] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = f"{row['family']}/{row['instance']}", row["solver"]
            found[key] = Measurement(
                status=row["status"],
                word=row["word"],
                value=_maybe(row["value"]),
                bound=_maybe(row["bound"]),
                gap=_maybe(row["gap"]),
                wall=float(row["wall"]),
                cpu=float(row["cpu"]),
                megabytes=float(row["megabytes"]),
                steps=int(row["steps"]),
            )
    return found


def _number(value: object) -> object:
    if value is None:
        return ""
    return f"{value:.10g}" if isinstance(value, float) else value


def _maybe(text: str) -> float | None:
    return float(text) if text else None
