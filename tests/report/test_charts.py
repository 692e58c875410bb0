"""Pictures: the map's geometry, and colours that can be read."""

from __future__ import annotations

import re

import pytest

from replant.report.charts.map import frame_of, labels_of, marks_of
from replant.report.charts.palette import COLOURS
from replant.report.charts.world import HEIGHT, WIDTH, land, projected
from replant.report.data import PlantPath


def plant(name: str, longitude: float, latitude: float) -> PlantPath:
    return PlantPath(name, name, "", "own", True, latitude, longitude, ("operate",), (1.0,))


CROWD = [
    plant("Oppama", 139.6, 35.3),
    plant("Shonan", 139.4, 35.3),
    plant("Tochigi", 139.9, 36.4),
    plant("Kyushu", 131.0, 33.8),
    plant("Smyrna", -86.5, 36.0),
    plant("Canton", -90.1, 32.6),
    plant("Resende", -44.4, -22.5),
    plant("Sunderland", -1.5, 54.9),
]


def test_the_map_keeps_its_corners_and_its_middle() -> None:
    assert projected(0, 0)[0] == pytest.approx(WIDTH / 2)
    assert projected(0, 80)[1] == pytest.approx(0)
    assert projected(0, -60)[1] == pytest.approx(HEIGHT)


def test_equal_earth_keeps_areas() -> None:
    """A degree by a degree at 60° covers half of what it covers at the equator."""

    def cell(latitude: float) -> float:
        (left, low), (right, _) = projected(0, latitude), projected(1, latitude)
        _, high = projected(0, latitude + 1)
        return (right - left) * (low - high)

    assert cell(59.5) / cell(-0.5) == pytest.approx(0.5, rel=0.01)


def test_no_land_leaps_from_one_edge_to_the_other() -> None:
    steps = [int(each) for each in re.findall(r"l(-?\d+) ", land())]
    assert max(map(abs, steps)) < 10 * WIDTH / 4


def test_names_do_not_cover_each_other() -> None:
    frame = frame_of(CROWD)
    boxes = [
        (label.x, label.y, label.x + label.width, label.y + label.height)
        for label in labels_of(CROWD, frame)
    ]
    assert sum(len(label.plants) for label in labels_of(CROWD, frame)) == len(CROWD)
    for one in range(len(boxes)):
        for two in range(one):
            a, b = boxes[one], boxes[two]
            assert a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]


def test_marks_are_apart() -> None:
    marks = marks_of(CROWD, frame_of(CROWD), apart=20.0)
    for one in range(len(marks)):
        for two in range(one):
            across, down = marks[one].x - marks[two].x, marks[one].y - marks[two].y
            assert (across**2 + down**2) ** 0.5 > 15


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", ["ink", "soft", "accent", "floor", "other"])
@pytest.mark.parametrize("side", [0, 1])
def test_text_has_the_contrast_of_level_aa(name: str, side: int) -> None:
    for ground in ("page", "panel"):
        assert contrast(COLOURS[name][side], COLOURS[ground][side]) >= 4.5


def test_every_colour_of_a_chart_is_one_colour() -> None:
    lights = [pair[0] for pair in COLOURS.values()]
    assert len(set(lights)) == len(lights)
