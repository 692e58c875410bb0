"""The public instances: where they are, what is known of them, and how each is read.

The folder is named by ``REPLANT_BENCHMARKS``, or stands beside the repository as
``shared/benchmarks``. Its ``known.csv`` lists instances and published values, its
``solver_results.csv`` what solvers have found. Which instances run when, how exactly a value was
published and what is odd about it stands in ``selected.csv`` here.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from benchmarks.errors import BadFile, BenchmarkError, Finding, NoInstances
from benchmarks.instances import (
    facility_files,
    published_small,
    stochastic_facility,
    stochastic_text,
    two_echelon,
    williams,
)
from benchmarks.smps import read_smps
from replant.solve.staged import Staged

FOLDER_VARIABLE = "REPLANT_BENCHMARKS"
_REPOSITORY = Path(__file__).resolve().parents[1]
_SELECTED = Path(__file__).with_name("selected.csv")
# Values are published to about six digits where nothing else is said.
_TOLERANCE = 1e-5

Loader = Callable[[Path, str], Staged]

LOADERS: dict[str, Loader] = {
    "cflp-orlib": facility_files.orlib,
    "cflp-holmberg": facility_files.sites_first,
    "cflp-yang": facility_files.sites_first,
    "cflp-diaz": facility_files.customers_first,
    "cflp-tbed": facility_files.unit_costs,
    "tscflp": two_echelon.one_product,
    "tscflp-mp": two_echelon.several_products,
    "scflp": stochastic_facility.stochastic_sites,
}
BY_NAME: dict[str, Loader] = {
    "distribution1": williams.depots,
    "distribution2": williams.depots,
    "factory_planning_1": williams.factory_planning,
    "decentralization_planning": williams.decentralization,
    "mining": published_small.mining,
    "giant motor company": published_small.motor_company,
    "sddp generation expansion": stochastic_text.generation_expansion,
    "air conditioning 3-stage": stochastic_text.air_conditioning,
    "farmer 3 scen": stochastic_text.farmer,
    "gbd extended": stochastic_text.aircraft,
    "gbd original": stochastic_text.aircraft,
}


@dataclass(frozen=True)
class Known:
    """What is known of an instance's optimum.

    Attributes
    ----------
    value : float or None
        None where nobody has found a plan.
    kind : str
        published, proven (by solvers here, not published) or best found (not proven).
    source : str
        Who says so.
    tolerance : float
        Relative: how exactly it was published, or by how much readings differ.
    """

    value: float | None
    kind: str
    source: str
    tolerance: float = _TOLERANCE

    def agrees(self, value: float) -> bool:
        """Say whether a value is the known one, as exactly as that is known."""
        if self.value is None:
            return False
        return abs(value - self.value) <= self.tolerance * max(1.0, abs(self.value))


@dataclass(frozen=True)
class Instance:
    """One instance; the engine maximises, so a minimising one is loaded with its sign turned.

    Attributes
    ----------
    sense : str
        min or max, of the instance as published.
    tags : frozenset of str
        ci: small enough for every test run; quick: the default benchmark; full: all.
    size : str
        Rows x columns of the whole problem, as measured elsewhere; may be empty.
    """

    family: str
    name: str
    sense: str
    known: Known
    tags: frozenset[str]
    size: str
    note: str
    files: tuple[Path, ...] = field(repr=False)
    loader: Callable[[], Staged] = field(repr=False, compare=False)

    @property
    def label(self) -> str:
        return f"{self.family}/{self.name}"

    def load(self) -> Staged:
        """Read the files and return the problem, to be maximised."""
        return self.loader()

    def value(self, objective: float) -> float:
        """Return an objective of the maximised problem in the instance's own sense."""
        return objective if self.sense == "max" else -objective


def folder() -> Path:
    """Return the folder of instances.

    Raises
    ------
    NoInstances
        If it is not there.
    """
    given = os.environ.get(FOLDER_VARIABLE)
    place = Path(given) if given else _REPOSITORY.parent / "shared" / "benchmarks"
    if not (place / "known.csv").is_file():
        raise NoInstances(
            f"no known.csv in {place}: set {FOLDER_VARIABLE} to the folder of public instances"
        )
    return place


def instances(place: Path | None = None) -> list[Instance]:
    """Return every instance that can be read, in the order of the list.

    Raises
    ------
    NoInstances
        If the folder is not there.
    BadFile
        If its list names what no adapter reads.
    """
    here = folder() if place is None else place
    selected = {(row["family"], row["instance"]): row for row in _rows(_SELECTED)}
    found = _found_by_solvers(here)
    rows = _rows(here / "known.csv")
    listed = {(row["family"], row["instance"]) for row in rows}
    # What the folder holds and its list does not name stands in our own list with its value.
    rows += [
        {**row, "known_status": row["status"]}
        for key, row in selected.items()
        if row["files"] and key not in listed
    ]
    return [
        _instance(here, row, selected.get((row["family"], row["instance"]), {}), found)
        for row in rows
        if not _left_out(row, selected)
    ]


def left_out(place: Path | None = None) -> list[tuple[str, str]]:
    """Return what the folder lists and is not run, with the reason."""
    here = folder() if place is None else place
    selected = {(row["family"], row["instance"]): row for row in _rows(_SELECTED)}
    return [
        (f"{row['family']}/{row['instance']}", selected[row["family"], row["instance"]]["note"])
        for row in _rows(here / "known.csv")
        if _left_out(row, selected)
    ]


def choose(
    every: Iterable[Instance], patterns: Sequence[str] = (), tag: str | None = None
) -> list[Instance]:
    """Return the instances of a tag whose family, name or family/name fits a pattern.

    Raises
    ------
    BenchmarkError
        If a pattern fits none.
    """
    among = [each for each in every if tag is None or tag in each.tags]
    if not patterns:
        return among
    fitting = {pattern: [each for each in among if _fits(each, pattern)] for pattern in patterns}
    for pattern, some in fitting.items():
        if not some:
            raise BenchmarkError(f"no instance fits {pattern!r}")
    return [each for each in among if any(each in some for some in fitting.values())]


def _fits(instance: Instance, pattern: str) -> bool:
    return any(
        fnmatchcase(text, pattern) for text in (instance.family, instance.name, instance.label)
    )


def _left_out(row: dict[str, str], selected: dict[tuple[str, str], dict[str, str]]) -> bool:
    return selected.get((row["family"], row["instance"]), {}).get("tags") == "left out"


def _instance(
    here: Path, row: dict[str, str], chosen: dict[str, str], found: dict[tuple[str, str], Found]
) -> Instance:
    key = row["family"], row["instance"]
    files = tuple(here / file for file in row["files"].split(";"))
    measured = found.get(key, Found())
    tolerance = float(chosen.get("tolerance") or _TOLERANCE)
    return Instance(
        family=key[0],
        name=key[1],
        sense=row["sense"],
        known=_known(row, measured, tolerance),
        tags=frozenset({*chosen.get("tags", "").split(), "full"}),
        size=measured.size,
        note=chosen.get("note", ""),
        files=files,
        loader=_loader(*key, files),
    )


def _loader(family: str, name: str, files: tuple[Path, ...]) -> Callable[[], Staged]:
    if len(files) == 3:
        return lambda: read_smps(*files)
    read = BY_NAME.get(name) or LOADERS.get(family)
    if read is None:
        raise BadFile([Finding("known.csv", 0, f"no adapter reads {family}/{name}")])
    return lambda: read(files[0], name)


def _known(row: dict[str, str], measured: Found, tolerance: float) -> Known:
    if row["known"]:
        kind = "proven" if row["known_status"].startswith("ours") else "published"
        return Known(float(row["known"]), kind, row["source"], tolerance)
    best = measured.best(row["sense"])
    kind = "proven" if measured.proven else "best found"
    return Known(best, kind if best is not None else "unknown", "HiGHS and SCIP", tolerance)


@dataclass
class Found:
    """What solvers have found of an instance."""

    values: list[float] = field(default_factory=list)
    proven: bool = False
    size: str = ""

    def best(self, sense: str) -> float | None:
        if not self.values:
            return None
        return min(self.values) if sense == "min" else max(self.values)


def _found_by_solvers(here: Path) -> dict[tuple[str, str], Found]:
    found: dict[tuple[str, str], Found] = {}
    path = here / "solver_results.csv"
    for row in _rows(path) if path.is_file() else ():
        entry = found.setdefault((row["family"], row["instance"]), Found())
        if row["solved"]:
            entry.values.append(float(row["solved"]))
        entry.proven |= row["status"].lower().startswith("optimal")
        if row["size"][:1].isdigit():
            entry.size = row["size"]
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
