"""Facility location: each format holds one and the same problem, and a broken file is refused."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog

from benchmarks.errors import BadFile, NoInstances
from benchmarks.instances import facility_files
from benchmarks.instances.facility import Sites, staged_sites
from benchmarks.instances.two_echelon import Echelons, staged_echelons
from benchmarks.whole import solve_whole_of
from replant.solve import SolveSettings
from replant.solve.staged import Staged, whole_of

EXACT = SolveSettings(gap=1e-9, time_limit=60.0)
SITES = Sites(
    capacity=np.array([9.0, 7.0, 8.0]),
    fixed=np.array([10.0, 6.0, 8.0]),
    demand=np.array([4.0, 3.0, 5.0, 2.0]),
    cost=np.array([[8.0, 3, 20, 6], [4.0, 9, 10, 2], [12.0, 6, 5, 8]]),
)


def words(*parts: object) -> str:
    return " ".join(str(each) for part in parts for each in np.atleast_1d(part).ravel()) + "\n"


def by_site() -> str:
    """Return the sites as Holmberg and Yang write them."""
    both = np.column_stack([SITES.capacity, SITES.fixed])
    return words(3, 4, both, SITES.demand, SITES.cost)


def by_customer() -> str:
    """Return the sites as OR-Library writes them."""
    both = np.column_stack([SITES.capacity, SITES.fixed])
    return words(3, 4, both, np.column_stack([SITES.demand, SITES.cost.T]))


def customers_first() -> str:
    """Return the sites as Díaz and Fernández write them."""
    return words(4, 3, SITES.cost.T, SITES.demand, SITES.fixed, SITES.capacity)


def unit_costs() -> str:
    """Return the sites as Avella and Boccia write them."""
    unit = SITES.cost / SITES.demand
    return words(3, 4, SITES.demand, SITES.capacity, SITES.fixed, unit)


FORMATS = {
    "OR-Library": (facility_files.orlib, by_customer, False),
    "sites first": (facility_files.sites_first, by_site, True),
    "customers first": (facility_files.customers_first, customers_first, True),
    "unit costs": (facility_files.unit_costs, unit_costs, False),
}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_the_same_problem(name: str, tmp_path: Path) -> None:
    """Law: the order in which a file lists its numbers changes nothing."""
    read, text, single = FORMATS[name]
    path = tmp_path / "file"
    path.write_text(text(), encoding="ascii")
    found = whole_of(read(path, "file"))
    expected = whole_of(staged_sites(SITES, single_source=single))
    assert abs(found.matrix - expected.matrix).max() == 0.0
    assert found.objective == pytest.approx(expected.objective)
    assert found.row_upper.tolist() == expected.row_upper.tolist()
    assert found.integer.tolist() == expected.integer.tolist()


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (lambda text: text.rsplit(maxsplit=1)[0], "too few"),
        (lambda text: text + " 1", "left over"),
        (lambda text: text.replace("4", "four", 1), "four"),
        (lambda text: "2.5 " + text, "a count is expected"),
    ],
)
def test_a_broken_file_is_a_finding(
    name: str, harm: Callable[[str], str], why: str, tmp_path: Path
) -> None:
    """Law: numbers that are missing, left over or none are told, with the file's name."""
    read, text, _ = FORMATS[name]
    path = tmp_path / "broken"
    path.write_text(harm(text()), encoding="ascii")
    with pytest.raises(BadFile, match=why) as raised:
        read(path, "broken")
    assert raised.value.findings[0].file == "broken"


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    """Law: a file that is not there is told by its name."""
    with pytest.raises(NoInstances, match="nowhere"):
        facility_files.orlib(tmp_path / "nowhere", "nowhere")


def test_a_name_gives_the_capacity_that_a_file_leaves_open(tmp_path: Path) -> None:
    """Law: the word capacity stands for the number after the dash."""
    text = by_customer().replace("9.0 10.0", "capacity 10.0")
    path = tmp_path / "capx.txt"
    path.write_text(text, encoding="ascii")
    assert facility_files.orlib(path, "capx-9").first.matrix.toarray()[0, 0] == 9.0
    with pytest.raises(BadFile, match="capacity"):
        facility_files.orlib(path, "capx")


def test_single_source_costs_no_less() -> None:
    """Law: sharing a customer between sites never costs more, and each is the least by hand."""
    shared = optimum(staged_sites(SITES, single_source=False))
    single = optimum(staged_sites(SITES, single_source=True))
    assert shared <= single + 1e-9
    assert single == pytest.approx(least_single_source())


def optimum(staged: Staged) -> float:
    return -solve_whole_of(staged, EXACT).objective


def least_single_source() -> float:
    """Return the least cost over every assignment of customers to sites."""
    best = np.inf
    for places in product(range(3), repeat=4):
        chosen = np.array(places)
        load = np.bincount(chosen, weights=SITES.demand, minlength=3)
        if (load <= SITES.capacity).all():
            served = SITES.cost[chosen, np.arange(4)].sum()
            best = min(best, served + SITES.fixed[np.unique(chosen)].sum())
    return float(best)


def test_two_echelons_cost_what_every_choice_tried_costs() -> None:
    """Law: the best of all choices of plants and depots, each by its own linear programme."""
    random = np.random.default_rng(7)
    plants, depots, customers, products = 2, 2, 3, 2
    data = Echelons(
        demand=random.integers(2, 6, (products, customers)).astype(float),
        plant_capacity=random.integers(12, 20, (products, plants)).astype(float),
        depot_capacity=random.integers(12, 20, (products, depots)).astype(float),
        fixed=random.integers(10, 40, plants + depots).astype(float),
        to_depot=random.integers(1, 9, (products, plants, depots)).astype(float),
        to_customer=random.integers(1, 9, (products, depots, customers)).astype(float),
    )
    best = min(
        float(data.fixed @ np.array(opened)) + sum(legs(data, each, opened) for each in range(2))
        for opened in product((0.0, 1.0), repeat=plants + depots)
    )
    assert optimum(staged_echelons(data)) == pytest.approx(best)


def legs(data: Echelons, item: int, opened: tuple[float, ...]) -> float:
    """Return the least cost of one product's flows through plant, depot and customer."""
    plants, depots = data.to_depot[item].shape
    paths = list(product(range(plants), range(depots), range(data.demand.shape[1])))
    cost = [data.to_depot[item, p, d] + data.to_customer[item, d, c] for p, d, c in paths]
    most = np.concatenate([data.plant_capacity[item], data.depot_capacity[item]]) * opened
    room = [[p == plant for p, _, _ in paths] for plant in range(plants)]
    room += [[d == depot for _, d, _ in paths] for depot in range(depots)]
    need = [[c == customer for _, _, c in paths] for customer in range(data.demand.shape[1])]
    found = linprog(
        cost,
        A_ub=np.array(room, dtype=float),
        b_ub=most,
        A_eq=np.array(need, dtype=float),
        b_eq=data.demand[item],
    )
    return float(found.fun) if found.success else np.inf
