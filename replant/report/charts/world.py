"""The world's land as one path, in the Equal Earth projection."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import Any

__all__ = ["HEIGHT", "WIDTH", "land", "projected"]

WIDTH, HEIGHT = 960.0, 452.0
"""Size of the map in its own units: the whole way round, from 60° south to 80° north."""

_FILE = "countries-110m.json"
_ANTARCTICA = "010"
_NORTH, _SOUTH = 80.0, -60.0
_COEFFICIENTS = (1.340264, -0.081106, 0.000893, 0.003796)
Point = tuple[float, float]


def projected(longitude: float, latitude: float) -> Point:
    """Return where a place stands on the map."""
    x, y = _equal_earth(longitude, latitude)
    left, right = _equal_earth(-180.0, 0.0)[0], _equal_earth(180.0, 0.0)[0]
    top, bottom = _equal_earth(0.0, _NORTH)[1], _equal_earth(0.0, _SOUTH)[1]
    return (
        WIDTH * (x - left) / (right - left),
        HEIGHT * (top - y) / (top - bottom),
    )


def _equal_earth(longitude: float, latitude: float) -> Point:
    """Project as Šavrič, Patterson and Jenny (2018) do: areas keep their size."""
    a, b, c, d = _COEFFICIENTS
    t = asin(sqrt(3) / 2 * sin(radians(latitude)))
    slope = 9 * d * t**8 + 7 * c * t**6 + 3 * b * t**2 + a
    x = 2 * sqrt(3) * radians(longitude) * cos(t) / (3 * slope)
    return x, t * (d * t**8 + c * t**6 + b * t**2 + a)


@cache
def land() -> str:
    """Return all countries as the data of one SVG path, in tenths of the map's units."""
    text = files("replant.report.charts").joinpath(_FILE).read_text(encoding="utf-8")
    world = json.loads(text)
    arcs = [_decoded(arc, world["transform"]) for arc in world["arcs"]]
    shapes = world["objects"]["countries"]["geometries"]
    rings = (ring for shape in shapes if shape.get("id") != _ANTARCTICA for ring in _rings(shape))
    return "".join(_path(part) for ring in rings for part in _cut(_joined(ring, arcs)))


def _decoded(arc: list[list[int]], transform: dict[str, list[float]]) -> list[Point]:
    """Return an arc's longitudes and latitudes; the file holds steps on a grid."""
    (across, up), (left, low) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        points.append((x * across + left, y * up + low))
    return points


def _rings(shape: dict[str, Any]) -> Iterator[list[int]]:
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    for polygon in polygons:
        yield from polygon


def _joined(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    """Return a ring's points; a negative number names an arc that is walked backwards."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(arc[1:] if points else arc)
    return points


def _cut(ring: list[Point]) -> list[list[Point]]:
    """Cut a ring where it leaps from one edge of the map to the other."""
    leaps = [n for n in range(1, len(ring)) if abs(ring[n][0] - ring[n - 1][0]) > 180]
    if not leaps:
        return [ring]
    turned = ring[leaps[0] : -1] + ring[: leaps[0]]
    edges = [n - leaps[0] for n in leaps] + [len(turned)]
    return [turned[first:last] for first, last in pairwise(edges)]


def _path(points: list[Point]) -> str:
    """Return a closed ring as path data, in tenths and by steps."""
    whole = [(round(x * 10), round(y * 10)) for x, y in (projected(*each) for each in points)]
    (x, y), parts = whole[0], [f"M{whole[0][0]} {whole[0][1]}"]
    for next_x, next_y in whole[1:]:
        if (next_x, next_y) != (x, y):
            parts.append(f"l{next_x - x} {next_y - y}")
            x, y = next_x, next_y
    return "".join([*parts, "z"]) if len(parts) > 2 else ""
