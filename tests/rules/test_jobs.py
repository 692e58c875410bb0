"""Jobs by region: own and taken over, never netted, and a range for the region."""

from __future__ import annotations

from pathlib import Path

import pytest

from replant.case import Case
from replant.decisions import hosting, plant_path, workforce
from replant.plan import Planned
from replant.rules import jobs, limits
from replant.units import PEOPLE
from tests.decisions.people_case import Posts, firm, plan, said

MODULE = jobs.MODULE


REGIONS = {
    "countries": "id\njapan\n",
    "regions": "id,name,country,jobs_low,jobs_high\nkanagawa,Kanagawa,japan,0.75,1.5\n"
    "kyushu,Kyushu,japan,1,2\n",
}
HEADING = "id,function,count,pay,region,attrition,plant\n"


def region(folder: Path, plant: str = "") -> Case:
    """Two groups in Kanagawa; one of them may stand in a plant."""
    plants = {"plants": f"id,country\n{plant},japan\n"} if plant else {}
    rows = f"line,production,1000,6,kanagawa,0.1,{plant}\noffice,admin,100,6,kanagawa,0,\n"
    return firm(folder, people=HEADING + rows, **REGIONS, **plants)


def test_a_case_without_regions_counts_nothing(tmp_path: Path) -> None:
    assert not MODULE.applies(firm(tmp_path))


def test_jobs_are_the_heads_of_the_regions_groups(tmp_path: Path) -> None:
    done = plan(region(tmp_path), workforce.MODULE, MODULE)
    assert [done.row("jobs", "kanagawa", f"y{year}") for year in range(3)] == pytest.approx(
        [1100.0, 1000.0, 910.0]
    )
    assert done.row("regional_change_low", "kanagawa", "y2") == pytest.approx(-190.0 * 0.75)
    assert done.row("regional_change_high", "kanagawa", "y2") == pytest.approx(-190.0 * 1.5)
    assert done.verification.breaches == ()


def test_a_region_without_people_has_no_line(tmp_path: Path) -> None:
    done = plan(region(tmp_path), workforce.MODULE, MODULE)
    assert {labels[0] for labels in done.rows["jobs"]} == {"kanagawa"}


def test_jobs_taken_over_stand_beside_own_jobs(tmp_path: Path) -> None:
    """Everyone whom a partner took over until then, also in later periods."""
    taken = Posts("people_taken", PEOPLE, oppama={"y1": "200"})
    done = plan(region(tmp_path, "oppama"), workforce.MODULE, MODULE, taken)
    assert [done.row("jobs_taken_over", "kanagawa", f"y{year}") for year in range(3)] == [
        0.0,
        200.0,
        200.0,
    ]
    assert done.row("jobs", "kanagawa", "y1") == pytest.approx(800.0)


def test_the_change_of_each_region_is_told(tmp_path: Path) -> None:
    taken = Posts("people_taken", PEOPLE, oppama={"y2": "300"})
    done = plan(region(tmp_path, "oppama"), plant_path.MODULE, workforce.MODULE, MODULE, taken)
    (sentence,) = said(done, MODULE)
    assert sentence.text == (
        "Kanagawa: own jobs go from 1,100 to 610 by the end of y2; 300 people work for partners "
        "instead; with suppliers and shops the region's jobs change by -142 to -285."
    )


# -- people at work ------------------------------------------------------------------------------

PLANT = (
    "id,country,fixed_cost_operating,fixed_cost_host_only,notice_months,can_close,can_mothball,"
    "can_reopen,can_host\noppama,japan,10,1,0,yes,yes,yes,yes\n"
)
CREW = "line,production,500,6,kanagawa,0,oppama,yes\noffice,admin,100,6,kanagawa,0,,yes\n"
# A head costs 0.006 a year, the plant 10: neither earns anything, so both go unless bound.


def bound(folder: Path, *rows: str, **tables: str) -> Planned:
    """Plan the firm with limits; each is stream, labels, lower, upper."""
    text = "id,stream,labels,lower,upper,sentence\n"
    text += "".join(f"l{number},{row},As promised.\n" for number, row in enumerate(rows))
    case = firm(
        folder,
        people=f"{HEADING.strip()},can_dismiss\n{CREW}",
        limits=text,
        plants=PLANT,
        **REGIONS,
        **tables,
    )
    each = (plant_path.MODULE, workforce.MODULE, MODULE, limits.MODULE)
    done = plan(case, *each, *((hosting.MODULE,) if tables else ()))
    assert done.verification.breaches == ()
    return done


def told(done: Planned, stream: str, label: str = "kanagawa") -> list[float]:
    return [done.row(stream, label, f"y{year}") for year in range(3)]


def test_a_bound_on_jobs_keeps_idle_people_and_one_on_jobs_at_work_the_plant(
    tmp_path: Path,
) -> None:
    """Both keep the people, and the plant is dearer: only what speaks of work keeps it."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    idle = bound(tmp_path / "a", "jobs,kanagawa;y2,400,")
    assert told(idle, "jobs")[2] == pytest.approx(400)
    assert told(idle, "operating", "oppama")[2] == 0
    assert told(idle, "jobs_at_work")[2] <= 100
    kept = 400 - told(idle, "jobs_at_work")[2]
    assert f"to 400 by the end of y2, {kept:.0f} of them idle;" in said(idle, MODULE)[0].text
    working = bound(tmp_path / "b", "jobs_at_work,kanagawa;y2,400,")
    assert told(working, "jobs_at_work")[2] == pytest.approx(400)
    assert told(working, "operating", "oppama")[2] == 1
    assert told(working, "people_at_work", "oppama")[2] >= 300
    assert "idle" not in said(working, MODULE)[0].text
    # it is mothballed at no cost until the year for which work was promised
    assert idle.value == pytest.approx(working.value + 10, abs=1e-6)


def test_a_bound_on_jobs_hires_nobody_into_a_plant_that_is_gone(tmp_path: Path) -> None:
    """Who must have more jobs and may hire at one plant only keeps that plant, or hires before."""
    rows = ("line,production,500,6,kanagawa,0,oppama,yes,yes", "office,admin,100,6,kanagawa,0,,,")
    people = f"{HEADING.strip()},can_dismiss,can_hire\n" + "".join(f"{row}\n" for row in rows)
    case = firm(
        tmp_path,
        people=people,
        limits="id,stream,labels,lower,upper,sentence\nl,jobs,kanagawa;y2,700,,As promised.\n",
        plants=PLANT,
        **REGIONS,
    )
    done = plan(case, plant_path.MODULE, workforce.MODULE, MODULE, limits.MODULE)
    assert done.verification.breaches == ()
    hired = [done.rows["exits"].get(("line", "hired", f"y{year}"), 0.0) for year in range(3)]
    assert sum(hired) >= 100
    at_work = told(done, "operating", "oppama")
    assert all(people == 0 or works == 1 for people, works in zip(hired, at_work, strict=True))


def test_an_upper_bound_on_jobs_at_work_binds_too(tmp_path: Path) -> None:
    """Who has work is no choice of its own: nobody is called idle to keep a bound."""
    done = bound(
        tmp_path,
        "jobs,kanagawa;y2,600,",
        "jobs_at_work,kanagawa;y1,,250",
        "operating,oppama;y2,1,",
        "operating,oppama;y0,1,",
    )
    assert told(done, "jobs") == [600, 600, 600]
    # mothballed for a year, and reopened
    assert told(done, "operating", "oppama") == [1, 0, 1]
    assert told(done, "jobs_at_work") == [600, 100, 600]
    assert told(done, "people_at_work", "oppama") == [500, 0, 500]
    assert [done.row("at_work", "office", f"y{year}") for year in range(3)] == [100] * 3


def test_people_beside_a_partner_alone_are_at_work(tmp_path: Path) -> None:
    """A plant that only hosts gives work; people taken over are not own jobs."""
    done = bound(
        tmp_path,
        "jobs_at_work,kanagawa;y2,350,",
        "state,oppama;host_only;y2,1,",
        hosting_deals="id,plant,partner,people_taken,duration_months\nd,oppama,P,250,60\n",
    )
    assert told(done, "jobs_taken_over")[2] == 250
    assert told(done, "jobs_at_work")[2] == pytest.approx(350)
    assert told(done, "people_at_work", "oppama")[2] == 250


def test_a_goal_of_jobs_at_work_counts_nobody_who_is_idle(tmp_path: Path) -> None:
    """The least and the most are those of the people who have work, as the exact engine finds."""
    case = firm(tmp_path, people=f"{HEADING.strip()},can_dismiss\n{CREW}", plants=PLANT, **REGIONS)
    each = (plant_path.MODULE, workforce.MODULE, MODULE)
    fewest = plan(case, *each, minimise=("jobs_at_work", "kanagawa", "y1"))
    assert fewest.verification.breaches == ()
    assert told(fewest, "jobs_at_work")[1] == 0


def test_who_works_on_for_a_buyer_is_not_lost_to_the_region(tmp_path: Path) -> None:
    """Of a thousand, four hundred are taken over: the change is what is missing besides them."""
    taken = Posts("people_taken", PEOPLE, works={"y1": 400})
    done = plan(region(tmp_path, "works"), workforce.MODULE, MODULE, taken)
    jobs, over = (done.row(each, "kanagawa", "y2") for each in ("jobs", "jobs_taken_over"))
    assert over == pytest.approx(400.0)
    low = done.row("regional_change_low", "kanagawa", "y2")
    assert low == pytest.approx(0.75 * (jobs + over - 1100.0))
