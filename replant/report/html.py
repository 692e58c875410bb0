"""The report as one html file."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from replant.report.data import Report

__all__ = ["render_html"]


def render_html(report: Report) -> str:
    """Return the report as one self-contained page."""
    environment = Environment(
        loader=PackageLoader("replant.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(report=report)
