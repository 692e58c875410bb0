"""Jobs by region: own and taken over, never netted, and a range for the region."""

from __future__ import annotations

from pathlib import Path

import pytest

from replant.case import Case
from replant.decisions import workforce
from replant.rules import jobs
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
    done = plan(region(tmp_path, "oppama"), workforce.MODULE, MODULE, taken)
    (sentence,) = said(done, MODULE)
    assert sentence.text == (
        "Kanagawa: own jobs go from 1,100 to 610 by the end of y2; 300 people work for partners "
        "instead; with suppliers and shops the region's jobs change by -368 to -735."
    )
