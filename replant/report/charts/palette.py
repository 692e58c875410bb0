"""Colours: one set for light pages and paper, one for dark pages, told apart without red and green.

A chart is drawn in the light colours; the page's style sheet replaces each by its dark partner.
States of plants take the colours of Okabe and Ito, in the order of leaving: grey for what stays,
orange for what winds down, vermilion for what is closed.
"""

from __future__ import annotations

__all__ = ["COLOURS", "light", "style"]

COLOURS: dict[str, tuple[str, str]] = {
    "page": ("#ffffff", "#15191e"),
    "panel": ("#f5f6f4", "#1d2329"),
    "ink": ("#1c2126", "#e9ecef"),
    "soft": ("#555d66", "#a9b3bd"),
    "rule": ("#d5d9dd", "#39424b"),
    "land": ("#e4e7e6", "#2a323a"),
    "accent": ("#0b5a8f", "#63b3ed"),
    "other": ("#80642f", "#cfae74"),
    "faint": ("#8b949e", "#838e99"),
    "floor": ("#c04a00", "#ff9657"),
    "gain": ("#0f6b8c", "#5cc0e0"),
    "loss": ("#a8430b", "#f0894d"),
    "operate": ("#9aa4ae", "#7d8994"),
    "operate_and_host": ("#007f6d", "#2fbda7"),
    "host_only": ("#72c3b5", "#7fd6c8"),
    "reopening": ("#4a90d9", "#7ab6f2"),
    "wind_down": ("#e69f00", "#f2b632"),
    "mothballed": ("#b07aa1", "#cf9fc3"),
    "closed": ("#c8501a", "#f07c45"),
    "sold": ("#fffffe", "#15191f"),
}
"""Name of a colour: its light and its dark form."""


def light(name: str) -> str:
    """Return a colour as charts are drawn in it."""
    return COLOURS[name][0]


def style() -> str:
    """Return the style sheet that names all colours and turns charts dark with the page."""
    day = "".join(f"--{_css(name)}:{pair[0]};" for name, pair in COLOURS.items())
    night = "".join(f"--{_css(name)}:{pair[1]};" for name, pair in COLOURS.items())
    swaps = "".join(
        f'.chart [fill="{pair[0]}"]{{fill:var(--{_css(name)})}}'
        f'.chart [stroke="{pair[0]}"]{{stroke:var(--{_css(name)})}}'
        for name, pair in COLOURS.items()
    )
    states = "".join(
        f".s-{_css(name)}{{background:var(--{_css(name)});fill:var(--{_css(name)})}}"
        for name in COLOURS
    )
    return (
        f":root{{{day}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{night}}}}}{swaps}{states}"
    )


def _css(name: str) -> str:
    return name.replace("_", "-")
