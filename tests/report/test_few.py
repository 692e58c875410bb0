"""Sentences about few things: none, one and all of them have words of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from replant.report import Report
from replant.report.data import Action, Confidence, Offer, PlantPath
from replant.report.findings import Findings
from replant.report.steps import Steps
from replant.report.verdict import Verdict
from replant.report.words import Wording

SOURCED = Confidence("well founded", 1, bases={"sourced": 2})
ASSUMED = Confidence("assumed", 3, bases={"assumed": 2})


def says(report: Report, **changed: object) -> Findings:
    """Return the headlines of the golden report with something changed in its plan."""
    return Findings(replace(report, best=replace(report.best, **changed)))  # type: ignore[arg-type]


def offers(number: int, taken: int, kind: str = "sell") -> tuple[Offer, ...]:
    each = range(number)
    return tuple(Offer(kind, f"o{n}", f"Offer {n}", "", n < taken, period="Y1") for n in each)


@pytest.mark.parametrize(
    ("number", "taken", "said"),
    [
        (1, 0, "The one offer is not taken"),
        (1, 1, "The one offer is taken"),
        (2, 0, "Neither of the two offers is taken"),
        (2, 2, "Both offers are taken"),
        (3, 1, "One of three offers is taken"),
        (5, 5, "All five offers are taken"),
    ],
)
def test_offers_taken(golden_report: Report, number: int, taken: int, said: str):
    assert says(golden_report, offers=offers(number, taken)).offers() == said


@pytest.mark.parametrize(
    ("periods", "said"),
    [
        (["Y1"], "One decision, in Y1"),
        (["Y2"], "One decision, after Y1"),
        (["Y1", "Y1"], "Two decisions, both of them in Y1"),
        (["Y1", "Y1", "Y1"], "Three decisions, all of them in Y1"),
        (["Y2", "Y2"], "Two decisions, none of them in Y1"),
        (["Y1", "Y2"], "Two decisions, one of them in Y1"),
    ],
)
def test_decisions_by_time(golden_report: Report, periods: list[str], said: str):
    actions = tuple(
        Action("Done.", "plant", f"p{n}", "P", f"plant.p{n}.close", period, "", SOURCED)
        for n, period in enumerate(periods)
    )
    assert says(golden_report, actions=actions).timeline() == said


def plants(golden_report: Report, number: int, stopping: int) -> tuple[PlantPath, ...]:
    """Return plants of which the first so many are closed in Y2."""
    like = next(plant for plant in golden_report.best.plants if plant.states)
    periods = len(golden_report.periods)
    gone = ("operate", *["closed"] * (periods - 1))
    return tuple(
        replace(like, id=f"p{n}", name=f"P{n}", kind="own", counted=True,
                states=gone if n < stopping else ("operate",) * periods)
        for n in range(number)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("number", "stopping", "headline", "finding"),
    [
        (1, 0, "Keep the one plant", "The one plant goes on"),
        (2, 0, "Keep both plants", "Both plants go on"),
        (3, 0, "Keep all three plants", "All three plants go on"),
        (1, 1, "Stop the one plant", "The one plant stops: P0"),
        (2, 1, "Stop one of two plants, keep the other", "One of two plants stops: P0"),
        (2, 2, "Stop both plants", "Both plants stop: P0 and P1"),
        (3, 2, "Stop two of three plants, keep one", "Two of three plants stop: P0 and P1"),
    ],
)
def test_plants_that_stop(
    golden_report: Report, number: int, stopping: int, headline: str, finding: str
):
    each = plants(golden_report, number, stopping)
    plan = replace(golden_report.best, plants=each)
    told = Verdict(plan, (), Wording("¥bn"), None).headline()
    assert told.partition(";")[0] == headline
    assert says(golden_report, plants=each).plants() == finding


@pytest.mark.parametrize(
    ("grounds", "said"),
    [
        ((ASSUMED,), "The one recommendation rests on assumptions"),
        ((SOURCED, SOURCED), "Both recommendations rest on sourced numbers alone"),
        (
            (ASSUMED, ASSUMED, SOURCED),
            "One of three recommendations rests on sourced numbers alone; none on estimates from "
            "reports or precedents, two on assumptions",
        ),
    ],
)
def test_what_recommendations_rest_on(
    golden_report: Report, grounds: tuple[Confidence, ...], said: str
):
    actions = tuple(
        Action("Done.", "plant", f"p{n}", "P", f"plant.p{n}.close", "Y1", "", ground)
        for n, ground in enumerate(grounds)
    )
    assert says(golden_report, actions=actions).confidence() == said


@pytest.mark.parametrize(
    ("number", "taken", "said"),
    [
        (1, 0, "the only one is not started"),
        (1, 1, "the only one is started: Offer 0"),
        (2, 2, "both are started: Offer 0 and Offer 1"),
        (3, 0, "none of three is started"),
        (3, 1, "one of three is started: Offer 0"),
        (3, 3, "all three are started: Offer 0, Offer 1 and Offer 2"),
    ],
)
def test_programmes_started(golden_report: Report, number: int, taken: int, said: str):
    plan = replace(golden_report.best, offers=offers(number, taken, "programme"))
    assert dict(Steps(plan, golden_report.times, Wording("¥bn")).lines())["Programmes"] == said
