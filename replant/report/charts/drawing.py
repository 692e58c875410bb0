"""From an Altair chart to SVG that stands in a page and takes its type and colours from it."""

from __future__ import annotations

import re
from typing import Any
from zlib import crc32

import altair as alt
import vl_convert

from replant.report.charts.palette import light

__all__ = ["Drawing", "drawn", "quiet"]

Drawing = str
"""An SVG element as text."""

_FONT = "Carlito"


def quiet(chart: Any) -> Any:
    """Return a chart without frame, ticks and heavy lines."""
    return (
        chart.configure(font=_FONT, background="transparent", padding=4)
        .configure_view(stroke=None)
        .configure_axis(
            domain=False,
            ticks=False,
            gridColor=light("rule"),
            gridWidth=0.7,
            labelColor=light("soft"),
            labelFontSize=12.5,
            labelPadding=6,
            titleColor=light("soft"),
        )
        .configure_text(fontSize=12.5, color=light("ink"))
    )


def drawn(chart: Any) -> Drawing:
    """Return a chart as an SVG element that scales with its column."""
    with alt.data_transformers.enable("default"):
        specification = quiet(chart).to_json()
    text: str = vl_convert.vegalite_to_svg(specification, vl_version=_version())
    text = re.sub(r"\sfont-family=\"[^\"]*\"", "", text)
    text = re.sub(r"\s(?:width|height)=\"[\d.]+\"(?=[^>]*viewBox)", "", text, count=2)
    text = re.sub(r"\sxmlns(?::xlink)?=\"[^\"]*\"", "", text)
    text = re.sub(r"\saria-[a-z]+=\"[^\"]*\"|\srole=\"[^\"]*\"", "", text)
    text = re.sub(r"(\d\.\d{2})\d+", r"\1", text)
    return _named_alone(text)


def _named_alone(text: str) -> Drawing:
    """Name the clips of a chart so that no other chart of the page has them.

    The converter counts them up from chart to chart, which would make two runs differ.
    """
    names = dict.fromkeys(re.findall(r"(?<=id=\")(?:clip|gradient)\w+", text))
    for number, name in enumerate(names):
        text = re.sub(rf"(id=\"|url\(#){name}(?=[\")])", rf"\1@{number}", text)
    mark = f"c{crc32(text.encode()):08x}-"
    return text.replace('id="@', f'id="{mark}').replace("url(#@", f"url(#{mark}")


def _version() -> str:
    """Return the grammar's version that Altair writes, as the converter names it."""
    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
