"""The Nissan case itself: sourced, without hindsight, tied to accounts, made from its inputs."""

from __future__ import annotations

import csv
import filecmp
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from replant.analysis.tie_out import tie_out
from replant.case import Case, audit, check
from replant.module import row_classes
from replant.plan import Planned, assemble, comparator_choices, make_plan
from replant.solve import SolveSettings

PAST = "FY2025Q1"
SETTINGS = SolveSettings(gap=1e-3, time_limit=120.0, threads=1)


@pytest.fixture(scope="module")
def folder(cases: Path) -> Path:
    """The case's folder."""
    return cases / "nissan-2025"


@pytest.fixture(scope="module")
def nothing(nissan: Case) -> Planned:
    """The plan in which nothing is done."""
    return make_plan(nissan, comparator_choices(nissan, "do_nothing"), SETTINGS)


# -- what it rests on ------------------------------------------------------------------------------


def test_it_reads_without_a_finding(folder: Path) -> None:
    """Nothing is wrong with the case, and nothing is worth a warning."""
    assert [str(each) for each in check(folder, row_classes())] == []


def test_no_number_is_naked(nissan: Case) -> None:
    """Every number is sourced, derived, estimated or assumed."""
    assert audit(nissan).naked == ()


def test_the_page_on_audits_shows_what_they_say(nissan: Case) -> None:
    """The numbers printed there are those of the case as it is."""
    page = Path(__file__).parents[2] / "docs" / "how-to" / "audit-a-case.md"
    shown = re.findall(r"^(\w+) +(\d+) +([\d.]+)%$", page.read_text(encoding="utf-8"), re.MULTILINE)
    counted = Counter(str(each.basis) for each in audit(nissan).supports)
    total = sum(counted.values())
    assert {name: int(number) for name, number, _ in shown} == {"naked": 0, **counted}
    for name, _, share in shown:
        assert float(share) == pytest.approx(100 * counted[name] / total, abs=0.051)


def test_every_assumption_has_its_range(nissan: Case) -> None:
    """What is estimated or assumed says why, and between what bounds.

    A count of shifts or variants, a place on the map and a term that a deal does not have (a
    zero) have no range.
    """
    loose = [row for row in nissan.rows("evidence") if row.basis in ("estimated", "assumed")]
    assert loose
    assert [row for row in loose if not row.reason] == []
    bare = [row for row in loose if row.low is None or row.high is None]
    counted = {"shifts_now", "shifts_max", "variants", "latitude", "longitude"}
    assert [
        f"{row.about}.{row.id}.{row.column}"
        for row in bare
        if row.column not in counted and getattr(nissan.row(row.about, row.id), row.column)
    ] == []


def test_no_claim_is_known_later_than_the_plan(nissan: Case) -> None:
    """A plan of 8 July 2025 knows nothing that became known after that day."""
    assert nissan.as_of == date(2025, 7, 8)
    days = {row.claim_id: row.known_from for row in nissan.claims.values()}
    assert [claim for claim, day in days.items() if day is None or day > nissan.as_of] == []


def test_the_readme_maps_every_statement_of_the_two_articles(folder: Path, nissan: Case) -> None:
    """Each statement of the articles stands in the README with what became of it."""
    mapped = set(re.findall(r"\bA\d{3}\b", (folder / "README.md").read_text(encoding="utf-8")))
    articles = ("seed-000", "seed-002")
    claims = {
        row.claim_id
        for row in nissan.claims.values()
        if row.source_id in articles and row.claim_id.startswith("A")
    }
    assert len(claims) > 50
    assert claims - mapped == set()


# -- whether it ties -------------------------------------------------------------------------------


def test_the_base_year_ties(nissan: Case) -> None:
    """The exact engine gives what was reported for the last closed year, within tolerance."""
    ties = tie_out(nissan)
    base = [tie for tie in ties if tie.role == "base"]
    assert len(base) >= 20
    assert [tie.id for tie in base if tie.within is not True] == []
    assert {tie.fiscal_year for tie in ties} == {"FY2024", "FY2023"}


def test_the_table_of_ties_says_what_the_exact_engine_says(nissan: Case) -> None:
    """What stands in tie_out.csv was computed when the case was made, and the engine agrees.

    The build's accounts leave out overtime (0.1 in FY2024, 0.7 in FY2023) and, in the year that
    is foretold, what working capital sets free (11); nothing else may differ.
    """
    written = {row.id: row.model for row in nissan.rows("tie_out")}
    for tie in tie_out(nissan):
        allowed = 0.5 if tie.role == "base" else 12.6
        assert float(tie.model) == pytest.approx(float(written[tie.id]), abs=allowed), tie.id


def test_fewer_parameters_are_free_than_targets_met(folder: Path) -> None:
    """Two levels are fitted, and many more figures tie."""
    with (folder / "tie_out.csv").open(encoding="utf-8", newline="") as file:
        targets = [row for row in csv.DictReader(file) if row["role"] == "base"]
    text = (folder / "build" / "calibrate.py").read_text(encoding="utf-8")
    (ranges,) = re.findall(r"^RANGES = \{(.*)\}$", text, flags=re.MULTILINE)
    free = re.findall(r'"(\w+)":', ranges)
    assert free == ["price", "cost"]
    assert len(free) < len(targets)


def test_the_build_makes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """The tables come from the inputs alone, byte for byte."""
    copy = tmp_path / "nissan-2025"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree(copy / "tables")
    made = ["evidence.csv", "tie_out.csv", "closed_years/FY2023.json", "closed_years/FY2024.json"]
    for name in made:
        (copy / name).unlink()
    subprocess.run(
        [sys.executable, "-B", "build/make.py"], cwd=copy, check=True, capture_output=True
    )
    made += [f"tables/{each.name}" for each in sorted((folder / "tables").iterdir())]
    _, different, missing = filecmp.cmpfiles(folder, copy, made, shallow=False)
    assert (different, missing) == ([], [])
    assert {each.name for each in (copy / "tables").iterdir()} == {
        each.name for each in (folder / "tables").iterdir()
    }


def test_people_sum_to_the_reported_total(nissan: Case) -> None:
    """The groups are all the people of the firm, each once."""
    assert sum(row.count for row in nissan.rows("people")) == 132790


def test_every_option_is_told_in_words_of_its_own(nissan: Case) -> None:
    """No two options read the same, and none is told by an id."""
    program = assemble(nissan)
    assert set(program.option_sentences) == set(program.options)
    told = Counter(program.option_sentences.values())
    assert [sentence for sentence, times in told.items() if times > 1] == []
    assert [sentence for sentence in told if re.search(r"[a-z0-9]_[a-z0-9]", sentence)] == []


# -- what doing nothing means ----------------------------------------------------------------------


def test_the_quarter_that_is_over_is_the_same_in_every_plan(nissan: Case, nothing: Planned) -> None:
    """Whatever is done later, each column and each row of that quarter is as if nothing were."""
    assert nissan.row("periods", PAST).over
    later = ("plant.oppama.close.FY2025Q3", "property.headquarters_leaseback_15", "deal.n7_export")
    force = (*nothing.choices.force, *later)
    doing = replace(nothing.choices, plan="", force=force, save=("plant.oppama.*",))
    busy = make_plan(nissan, doing, SETTINGS)
    assert busy.verification.ok, busy.verification.sentences()
    assert busy.taken["plant_path.close[oppama,FY2025Q3]"] == 1
    before, after = _of_the_past(nothing), _of_the_past(busy)
    assert sum(label.startswith("sourcing.ship[") for label in before) > 100
    assert after == pytest.approx(before, abs=1e-6)


def _of_the_past(plan: Planned) -> dict[str, float]:
    """Return every column and every row of a plan that belongs to the quarter that is over."""
    labels = plan.program.columns.labels
    found = dict(zip(labels, plan.values.tolist(), strict=True))
    for stream, elements in plan.rows.items():
        found |= {f"{stream}[{','.join(each)}]": value for each, value in elements.items()}
    return {label: value for label, value in found.items() if re.search(rf"\b{PAST}\b", label)}


def test_nothing_of_the_quarter_that_is_over_is_open(nissan: Case) -> None:
    """Its columns have one value, or follow: a plant runs on as no arc leads elsewhere."""
    columns = assemble(nissan).columns
    open_ = {
        str(columns.names[place])
        for place in range(len(columns))
        if re.search(rf"\b{PAST}\b", columns.label(place))
        and columns.upper[place] > columns.lower[place]
        and not columns.derived[place]
    }
    paths = {f"plant_path.{state}" for state in ("operate", "operate_and_host", "host_only")}
    # shifts are tied to their plant's path, and deals that could host begin later
    assert open_ <= paths | {f"sourcing.shift_{number}" for number in (1, 2, 3)}


def test_what_was_shipped_is_the_base_year_at_the_demand_of_the_quarter(nissan: Case) -> None:
    """No model is built elsewhere than it was, and each market got what it wanted."""
    lines = {row.id: row.model for row in nissan.rows("lines")}
    shares = {
        (row.model, row.period): row.share for row in nissan.rows("ageing") if row.period == PAST
    }
    wanted = {
        (row.model, row.market): row.volume * shares.get((row.model, PAST), 1)
        for row in nissan.rows("demand")
        if row.period == PAST
    }
    shipped: Counter[tuple[str, str]] = Counter()
    for row in nissan.rows("past_shipments"):
        assert row.period == PAST
        shipped[lines[row.line], row.market] += row.volume
    assert set(shipped) == {offer for offer, volume in wanted.items() if volume}
    assert all(0 <= wanted[offer] - volume < Fraction(1, 1000) for offer, volume in shipped.items())


def test_what_was_announced_before_happens_in_any_case(nothing: Planned) -> None:
    """Santa Isabel closes and Chennai is sold although nothing is done."""
    assert nothing.taken["plant_path.close[santa_isabel,FY2025Q3]"] == 1
    assert nothing.taken["plant_path.stay_closed[santa_isabel,FY2025Q4]"] == 1
    assert nothing.taken["plant_path.sell_running[chennai,FY2025Q3]"] == 1
    ended = re.compile(r"plant_path\.(close|sell|mothball|sell_running)\[(\w+),")
    plants = {found[2] for label in nothing.taken if (found := ended.match(label))}
    assert plants == {"santa_isabel", "chennai"}


def test_late_reports_do_not_tell_by_their_address(folder: Path) -> None:
    """Of a report dated after the case, neither title nor address says what it reports."""
    with (folder / "sources.csv").open(encoding="utf-8", newline="") as file:
        late = [row for row in csv.DictReader(file) if row["date"] > "2025-07-08"]
    assert len(late) > 20
    for row in late:
        assert row["title"].startswith("a later report"), row
        assert re.fullmatch(r"https?://[^/]+/", row["url"]), row


def test_the_announced_plan_keeps_to_what_was_announced(nissan: Case) -> None:
    """It ends as many plants as the claims say, and bounds people and platforms by them."""
    claims = {row.claim_id: row.value for row in nissan.rows("claims")}
    asked = comparator_choices(nissan, "announced")
    closed = {each.split(".")[1] for each in asked.force if each.endswith(".close")}
    gone = closed | {row.plant for row in nissan.rows("plant_commitments")}
    assert len(gone) == int(claims["D002"]) - int(claims["D003"])
    own = {row.id for row in nissan.rows("plants") if row.kind == "own"}
    runs = {each.split(".")[1] for each in asked.force if each.endswith(".run")}
    assert closed | runs | gone == own
    assert not closed & runs
    bounds = {each.stream: (each.lower, each.upper) for each in asked.limits}
    before, cut = int(claims["D010"]), int(claims["D004"])
    assert bounds["people"] == (None, before - cut)
    first, last, year = (int(each) for each in re.findall(r"\d+", claims["D011"]))
    reached = first - (first - last) * Fraction(2032 - 2025, year - 2025)
    assert bounds["platforms"] == (None, -(-reached // 1))


def test_the_first_quarter_meets_its_guidance(nothing: Planned) -> None:
    """The quarter that is over burns about the cash that was guided."""
    assert nothing.row("free_cash_flow", PAST) == pytest.approx(-550, abs=12)


def test_the_bond_announced_the_day_before_is_issued_in_any_case(
    nissan: Case, nothing: Planned
) -> None:
    """The convertible had its size and its maturity: doing nothing issues it, another bond not."""
    issued = {label: value for label, value in nothing.taken.items() if "issue" in label}
    assert issued == {"debt.issue_lump[convertible,FY2025Q3]": 1}
    claim = nissan.row("claims", "C070")
    due = date.fromisoformat(claim.value)
    bond = nissan.row("facilities", "convertible")
    assert claim.known_from < nissan.as_of
    assert bond.term_months == 12 * (due.year - nissan.as_of.year)
    (reason,) = (row.reason for row in nissan.rows("options") if bond.id in row.option)
    assert "C070" in reason


def test_by_march_2026_no_cash_is_to_spare(nissan: Case, nothing: Planned) -> None:
    """Doing nothing leaves next to no cash above the floor when it was said to be gone.

    It was said before the convertible was announced, and without new funding (C095).
    """
    drawn = sum(
        value
        for label, value in nothing.taken.items()
        if re.match(r"debt\.balance.*FY2025Q4", label)
    )
    new = nissan.row("facilities", "convertible").limit
    room = nothing.row("cash", "FY2025Q4") - nothing.row("cash_floor", "FY2025Q4")
    spare = room - drawn - float(new)
    assert spare == pytest.approx(0, abs=100)


def test_doing_nothing_breaches_the_floor(nothing: Planned) -> None:
    """Bank lines carry the firm for two years; then cash falls short, and never recovers."""
    assert nothing.verification.ok, nothing.verification.sentences()
    short = [labels[0] for labels, value in nothing.rows["shortfall"].items() if value > 1e-6]
    assert short == ["FY2028", "FY2029", "FY2030", "FY2031", "FY2032"]
    lacks = [nothing.row("shortfall", year) for year in short]
    assert lacks == sorted(lacks)
