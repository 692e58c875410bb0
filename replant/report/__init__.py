"""The report: plain data about a plan, and the page, the words and the tables made of it."""

from replant.report.build import build_report
from replant.report.data import Price, Report
from replant.report.summary import summary
from replant.report.tables import write_tables
from replant.report.terminal import verdict_lines

__all__ = [
    "Price",
    "Report",
    "build_report",
    "render_html",
    "summary",
    "verdict_lines",
    "write_tables",
]


def render_html(report: Report) -> str:
    """Return the report as one self-contained page.

    Parameters
    ----------
    report : Report
        What it says.
    """
    # What draws takes half a second to load: nobody waits for it before there is a page to draw.
    from replant.report.html import render_html as render

    return render(report)
