"""What a report says of lenders: how far the plan stays from each, and what a comparator misses.

Golden case G1 with net debt of at most twice EBITDA. Doing nothing loses 24 a year from a cash of
90: 2·(−24) + 66 is 18 in the first year, and 24 less in each of the next. The best plan closes and
leases back: cash 104, and 20 − 8.245 a year.
"""

from __future__ import annotations

import json

import pytest

from replant.case import Case, read
from replant.module import row_classes
from replant.plan import Choices, make_plan
from replant.report import Report, build_report, render_html, summary
from tests.properties.making import case_of, tables_of


def lent(cases) -> Case:
    case = read(cases / "golden-g1", row_classes())
    loan = {"id": "loan", "name": "Club loan", "kind": "leverage", "ratio": "2"}
    equity = {"id": "equity", "kind": "equity", "amount": "0", "until": "Y1"}
    return case_of(tables_of(case) | {"covenants": [loan, equity]})


@pytest.fixture(scope="module")
def told(cases) -> Report:
    best = make_plan(lent(cases))
    nothing = make_plan(best.case, Choices(nothing=True, allow_shortfall=True))
    assert best.verification.ok
    assert nothing.verification.ok, nothing.verification.sentences()
    return build_report(best, {"do_nothing": nothing})


def test_each_covenant_and_year_stands_with_its_figure_and_its_headroom(told: Report) -> None:
    """In money, whatever the ratio: net debt of −115.755, EBITDA of 11.755 less a launch of 8."""
    lines = told.best.cash.covenants
    assert len(lines) == 6
    first, equity = lines[0], lines[-1]
    assert first.sentence.startswith("Club loan: net debt at the end of ")
    assert first.value == pytest.approx(-115.755)
    assert first.margin == pytest.approx(115.755 + 2 * 3.755)
    assert equity.sentence.startswith("Covenant equity: equity at the end of ")
    assert equity.margin == pytest.approx(equity.value)
    page = render_html(told)
    assert all(each.sentence in page for each in lines)


def test_a_comparator_s_covenant_is_told_once_for_all_years(told: Report) -> None:
    """18, −6, −30, −54, −78: missed from the second year on."""
    (nothing,) = told.others
    (miss,) = nothing.missed
    assert miss.sentence == "Club loan: net debt at the end of each year is at most 2 times EBITDA."
    assert (miss.times, miss.amount) == (4, pytest.approx(78))
    assert told.best.missed == ()
    read_back = json.loads(json.dumps(summary(told)))["comparators"]["do_nothing"]
    assert [round(each["amount"], 6) for each in read_back["missed_limits"]] == [78.0]
