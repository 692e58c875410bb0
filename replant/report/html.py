"""The report as one html file: it loads nothing, and it reads without a script."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from replant.report.charts.bridge import bridge_chart
from replant.report.charts.cash import cash_chart, short_name
from replant.report.charts.jobs import FATES, jobs_chart
from replant.report.charts.map import WIDTH, frame_of, labels_of, marks_of
from replant.report.charts.palette import style
from replant.report.charts.world import land
from replant.report.confidence import SCALE
from replant.report.data import Action, PlanView, Report
from replant.report.distance import misses
from replant.report.findings import Findings
from replant.report.moments import moments_of
from replant.report.timeline import STATE_WORDS, Timeline
from replant.report.words import Wording, count_word, people, percent, plain, plural, signed
from replant.verify.names import called

__all__ = ["render_html"]

_WIDE, _NARROW = 900, 360
_NOTHING = 1e-9
_KINDS = {
    "plant": "Plants",
    "property": "Property",
    "stake": "Stakes",
    "deal": "Deals",
    "platform": "Platforms",
    "programme": "Programmes",
    "line": "Lines and shifts",
    "part_family": "Parts",
    "cost_work": "Cost work",
    "facility": "Debt",
}
_MORE = {
    "group": "People",
    "model": "Models",
}
_REST = "Besides"


def render_html(report: Report) -> str:
    """Return the report as one self-contained page.

    Parameters
    ----------
    report : Report
        What it says.
    """
    environment = Environment(
        loader=PackageLoader("replant.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(_filters(report))
    page = environment.get_template("report.html.j2").render(**_content(report))
    # A sign stays on the line of its amount.
    return re.sub(r"([+−])(?=[¥$€£])", "\\1\u2060", page)


def _filters(report: Report) -> dict[str, Any]:
    wording = Wording(report.head.money)
    return {
        "amount": wording.amount,
        "change": wording.change,
        "plain": plain,
        "figure": _figure,
        "signed": signed,
        "people": people,
        "counted": count_word,
        "misses": misses,
        "percent": percent,
        "plural": plural,
        "day": _day,
        "short": short_name,
        "label": _label,
    }


def _content(report: Report) -> dict[str, Any]:
    wording = Wording(report.head.money)
    timeline = Timeline(report.best, report.times, wording)
    return {
        "report": report,
        "plan": report.best,
        "plans": report.plans,
        "says": Findings(report),
        "style": Markup(style() + _text("style.css")),
        "script": Markup(_text("script.js")),
        "charts": _charts(report),
        "timeline": timeline,
        "steps": _by_kind(report.best.actions),
        "state_words": STATE_WORDS,
        "scale": SCALE,
        "fates": FATES,
        "advice": _by_kind([each for each in report.best.actions if each.recommended]),
        "comparison": [_compared(report, plan) for plan in (report.best, *report.others)],
        "over": ", expected over the scenarios" if report.best.leaves else "",
        **_maps(report),
    }


def _by_kind(actions: Sequence[Action]) -> list[tuple[str, list[Action]]]:
    """Gather steps by what they are about, each kind in the order of time."""
    gathered: dict[str, list[Action]] = {title: [] for title in (*_KINDS.values(), *_MORE.values())}
    gathered[_REST] = []
    for action in actions:
        title = action.beside or _KINDS.get(action.kind) or _MORE.get(action.kind, _REST)
        if action.kind == "plant" and not action.option and not action.beside:
            title = _KINDS["line"]
        gathered.setdefault(title, []).append(action)
    return [(title, found) for title, found in gathered.items() if found]


def _text(name: str) -> str:
    return files("replant.report").joinpath("templates", name).read_text(encoding="utf-8")


def _charts(report: Report) -> Mapping[str, tuple[Markup, Markup]]:
    """Draw each chart twice: for a page's width, and for a telephone's."""
    drawn: dict[str, tuple[Any, int, int]] = {
        "cash": (lambda width: cash_chart(report, width, 385 if width > 500 else 250), 610, 380)
    }
    for number, bridge in enumerate(report.bridges):
        drawn[f"bridge{number}"] = (partial(bridge_chart, bridge), _WIDE, _NARROW)
    if report.best.sites:
        drawn["jobs"] = (partial(jobs_chart, report.best.sites), _WIDE, _NARROW)
    return {
        name: (Markup(draw(wide)), Markup(draw(narrow)))
        for name, (draw, wide, narrow) in drawn.items()
    }


def _maps(report: Report) -> dict[str, Any]:
    plants = report.best.plants
    frame = frame_of(plants)
    marks = marks_of(plants, frame)
    return {
        "land": Markup(land()) if marks else "",
        "map_width": int(WIDTH),
        "frame": frame,
        "labels": labels_of(plants, frame),
        "marks": marks,
        "moments": moments_of(report),
    }


def _compared(report: Report, plan: PlanView) -> dict[str, Any]:
    """Return what stands in a plan's column where plans stand side by side."""
    nothing = report.nothing
    return {
        "plan": plan,
        "gain": None if nothing is None or plan is nothing else plan.value - nothing.value,
        "breach": Findings(report).lines(plan),
        "tightest": plan.tightest,
        "dismissed": sum(site.dismissed for site in plan.sites),
        "platforms": plan.platform_count[-1] if plan.platform_count else None,
        "profit": plan.statements[0].line("Automotive operating profit").years[-1],
    }


def _figure(value: float) -> str:
    """Return a figure of a statement; a dash where there is none at all."""
    return "–" if abs(value) < _NOTHING else plain(value)


def _day(text: str) -> str:
    """Return a date in words."""
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"


def _label(text: str) -> str:
    """Return an id, or the number of a check, as words."""
    return called(text)
