"""What a report says of limits: kept by the best plan, missed by a comparator."""

from __future__ import annotations

import json

import pytest

from replant.case import Case, read
from replant.module import row_classes
from replant.plan import Choices, make_plan
from replant.report import Report, build_report, render_html, summary
from tests.properties.making import case_of, tables_of

TIMES = ("now", "Y1", "Y2", "Y3", "Y4", "Y5")


@pytest.fixture(scope="module")
def told(cases) -> Report:
    """Report on the golden case with a policy on headroom and a promise on its factory."""
    case = read(cases / "golden-g1", row_classes())
    best = make_plan(with_limits(case))
    nothing = make_plan(best.case, Choices(nothing=True, allow_shortfall=True))
    assert nothing.verification.ok, nothing.verification.sentences()
    return build_report(best, {"do_nothing": nothing})


def with_limits(case: Case) -> Case:
    policy = [
        {
            "id": f"policy_{time}",
            "stream": "headroom",
            "labels": time,
            "lower": "0",
            "sentence": "Headroom is never negative.",
        }
        for time in TIMES
    ]
    promise = {
        "id": "promise",
        "stream": "operating",
        "labels": "old;Y5",
        "upper": "0.25",
        "sentence": "The old plant stands still in the fifth year.",
    }
    return case_of(tables_of(case) | {"limits": [*policy, promise]})


def test_what_speaks_against_it_says_which_limit_from_when_and_by_how_much(told: Report) -> None:
    """By hand doing nothing is 22 below the floor in year 3 and 70 in year 5."""
    said = [each for each in told.doubts if "misses" in each]
    assert said == [
        "Doing nothing misses “Headroom is never negative” from Y3 on, by as much as ¥70.0bn in "
        "Y5; “The old plant stands still in the fifth year” by 0.75 in Y5."
    ]
    assert told.best.missed == ()


def test_the_page_and_the_summary_say_it_too(told: Report) -> None:
    assert "misses “Headroom is never negative” from Y3 on" in render_html(told)
    read_back = json.loads(json.dumps(summary(told)))["comparators"]["do_nothing"]
    first, second = read_back["missed_limits"]
    assert (first["from"], first["worst"], round(first["amount"], 6)) == ("Y3", "Y5", 70.0)
    assert (second["from"], second["amount"]) == ("Y5", 0.75)
