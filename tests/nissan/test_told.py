"""What the pages tell of the Nissan case, wherever it can be worked out without solving."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from replant.case import Case

WORDS = {"eight": 8, "eleven": 11, "18": 18, "twenty": 20}
HOSTING = ("foxconn_contract", "dongfeng_sunderland")
ROW = re.compile(r"^\| [a-z0-9 :]+ \| (−[\d,.]+) \| (−[\d,.]+) \| ([^|]*)\| [^|]+\|$", re.MULTILINE)


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    """The page of the case."""
    return told(root / "cases" / "nissan-2025" / "README.md")


@pytest.fixture(scope="module")
def front(root: Path) -> str:
    """The page of the project."""
    return told(root / "README.md")


def told(path: Path) -> str:
    """Return a page with the breaks of its sentences taken out; rows of tables keep their lines."""
    return re.sub(r"(?<=[^|\n])\n(?=[^|\n])", " ", path.read_text(encoding="utf-8"))


def number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


def numbers(pattern: str, text: str) -> list[float]:
    """Return the numbers that a sentence gives, which must be there exactly once."""
    found = re.findall(pattern, text)
    assert len(found) == 1, (pattern, found)
    each = found[0] if isinstance(found[0], tuple) else (found[0],)
    return [float(WORDS[word]) if word in WORDS else number(word) for word in each]


def cited(path: Path) -> set[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {claim for row in csv.DictReader(file) for claim in row["claims"].split(";")}


def counted(nissan: Case) -> dict[str, list[float]]:
    """Return what each sentence of the case's page has to say, by its pattern."""
    folder = nissan.path
    plants = [row for row in nissan.rows("plants") if row.kind == "own"]
    partners = [row for row in nissan.rows("plants") if row.kind == "partner"]
    sites = {re.sub(r" A\d$", "", row.name) for row in plants}
    models = [row.id for row in nissan.rows("models")]
    chinese = set(models)
    for row in nissan.rows("lines"):
        if nissan.row("plants", row.plant).country != "china":
            chinese.discard(row.model)
    runs = [row for row in nissan.rows("plan_options") if re.match(r"plant\..*\.run", row.option)]
    people = next(row for row in nissan.rows("plan_bounds") if row.stream == "people")
    support = cited(folder / "evidence.csv") | cited(folder / "tie_out.csv")
    support |= cited(folder / "build" / "inputs" / "volume_totals.csv")
    guests = [nissan.row("hosting_deals", each) for each in HOSTING]
    return {
        r"\| Plants \| (\d+) outside China \((\d+) rows": [len(sites), len(plants)],
        r"(\d+) partner plants": [len(partners)],
        r"\| (\d+) platforms, (\d+) model groups \((\d+) of them China's\), (\d+) prices": [
            *(len(nissan.rows("platforms")), len(models), len(chinese)),
            len(nissan.rows("prices")),
        ],
        r"\| People \| ([\d,]+):": [sum(row.count for row in nissan.rows("people"))],
        r"`claims\.csv` holds (\d+) claims": [len(nissan.claims)],
        r"Of the claims (\d+) support a number": [len(support & set(nissan.claims))],
        r"the other (eleven) rows to run": [len(runs)],
        r"bounded to at most ([\d,]+) in FY2027": [people.upper],
        r"45 % of it is expected: (\d+) and (\d+)": [row.volume for row in guests],
        r"believed less a haircut: (\d+) and (\d+)": [
            row.guaranteed * (1 - row.haircut) for row in guests
        ],
        r"builds from FY2028 for ([\d.]+) a year": [
            guests[1].fee * guests[1].guaranteed * (1 - guests[1].haircut)
            + guests[1].fixed_share
            + guests[1].rent
        ],
    }


def test_the_page_of_the_case_counts_as_its_tables_do(nissan: Case, page: str) -> None:
    """Plants, platforms, models, prices, people, claims and bounds are those of the tables."""
    for pattern, expected in counted(nissan).items():
        assert numbers(pattern, page) == [float(each) for each in expected], pattern


def test_the_front_page_counts_as_the_tables_do(nissan: Case, front: str) -> None:
    """So are the plants and the programmes that the front page counts."""
    own = [row for row in nissan.rows("plants") if row.kind == "own"]
    assert numbers(r"stop ten of (18) plants", front) == [len(own)]
    assert numbers(r"of (twenty) programmes", front) == [len(nissan.rows("programmes"))]


def test_values_gains_and_gap_belong_together(page: str) -> None:
    """A gain is the difference of the two values told, and the gap's share is of that gain."""
    best, nothing, gap, share = numbers(
        r"value (−[\d,.]+), doing nothing (−[\d,.]+), no plan worth more than ([\d.]+) above it "
        r"\(([\d.]+) % of the gain\)",
        page,
    )
    announced, more, less = numbers(
        r"It comes to (−[\d,.]+): ([\d,.]+) more than doing nothing, ([\d,.]+) less than the best",
        page,
    )
    assert numbers(r"beyond what is committed \(value (−[\d,.]+);", page) == [nothing]
    assert announced - nothing == pytest.approx(more, abs=0.15)
    assert best - announced == pytest.approx(less, abs=0.15)
    assert 100 * gap / (best - nothing) == pytest.approx(share, abs=0.006)


def test_both_pages_tell_of_the_same_plan(page: str, front: str) -> None:
    """The front page rounds what the page of the case says."""
    best, nothing = numbers(r"value (−[\d,.]+), doing nothing (−[\d,.]+), no plan", page)
    (gap,) = numbers(r"no plan worth more than ([\d.]+) above it", page)
    (less,) = numbers(r"([\d,.]+) less than the best plan", page)
    assert numbers(r"worth ([\d,]+) bn yen more than doing nothing", front) == [
        round(best - nothing)
    ]
    assert numbers(r"and ([\d,]+) bn more than what was announced", front) == [round(less)]
    assert numbers(r"still below zero \((−[\d,]+) bn\)", front) == [round(best)]
    assert numbers(r"no plan can be worth more than (\d+) bn above it", front) == [round(gap)]


def test_a_price_of_platforms_lies_between_plans_and_bounds(page: str) -> None:
    """What fewer or more platforms cost follows from the two plans and their two bounds."""
    free, *others = ROW.findall(page)
    value, bound = number(free[0]), number(free[1])
    assert len(others) == 3
    for its, its_bound, said in others:
        price, low, high = map(number, re.findall(r"−?[\d.]+", said)[:3])
        assert value - number(its) == pytest.approx(price, abs=0.051), said
        assert value - number(its_bound) == pytest.approx(low, abs=0.51), said
        assert bound - number(its) == pytest.approx(high, abs=0.51), said
        assert ("a tie" in said) == (low < 0 < high), said
