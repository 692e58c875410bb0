"""Maps of the plants: one with names and a slider's states, and small ones by year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot

from replant.report.charts import world
from replant.report.data import PlantPath

__all__ = ["Frame", "Label", "Mark", "frame_of", "labels_of", "marks_of"]

WIDTH = 960.0
"""Width of every map in its own units; its height follows from what it shows."""

_CLOSE = 30.0
_ROW = 17.0
_LETTER = 7.0


@dataclass(frozen=True)
class Frame:
    """The part of the world that the maps show.

    Parameters
    ----------
    left, top : float
        Its corner on the map of the world.
    scale : float
        By how much it is enlarged.
    height : float
        Its height after that.
    """

    left: float
    top: float
    scale: float
    height: float

    def place(self, plant: PlantPath) -> tuple[float, float]:
        """Return where a plant stands."""
        x, y = world.projected(plant.longitude or 0.0, plant.latitude or 0.0)
        return (x - self.left) * self.scale, (y - self.top) * self.scale

    @property
    def transform(self) -> str:
        """What moves the land, drawn in tenths, into the frame."""
        across, down = -self.left * self.scale, -self.top * self.scale
        return f"translate({across:.1f} {down:.1f}) scale({self.scale / 10:.4f})"


def frame_of(plants: Sequence[PlantPath]) -> Frame:
    """Return the frame that shows all plants with room for their names."""
    places = [
        world.projected(each.longitude or 0.0, each.latitude or 0.0) for each in _seen(plants)
    ]
    if not places:
        return Frame(0.0, 0.0, 1.0, world.HEIGHT)
    left, right = _widened(min(x for x, _ in places), max(x for x, _ in places), 330, world.WIDTH)
    low, high = min(y for _, y in places), max(y for _, y in places)
    top, bottom = _widened(low, high, 0.4 * (right - left), world.HEIGHT)
    scale = WIDTH / (right - left)
    return Frame(left, top, scale, round((bottom - top) * scale, 1))


def _widened(low: float, high: float, least: float, most: float) -> tuple[float, float]:
    """Return a stretch with a margin at both sides, as long as allowed and inside the world."""
    margin = max(70.0, (least - (high - low)) / 2)
    return max(0.0, low - margin), min(most, high + margin + 80.0)


def _seen(plants: Sequence[PlantPath]) -> list[PlantPath]:
    """Return the plants that have states and a place."""
    return [p for p in plants if p.states and p.longitude is not None and p.latitude is not None]


@dataclass(frozen=True)
class Mark:
    """A plant on a small map, moved a little where others would hide it."""

    plant: PlantPath
    x: float
    y: float


@dataclass(frozen=True)
class Label:
    """Plants near each other, listed beside their place."""

    plants: tuple[PlantPath, ...]
    x: float
    y: float
    width: float
    at: tuple[float, float]
    leader: tuple[float, float]

    def rows(self) -> Iterator[tuple[PlantPath, float]]:
        """Yield each plant with the height of its row."""
        for number, plant in enumerate(self.plants):
            yield plant, self.y + _ROW * (number + 0.5)

    @property
    def height(self) -> float:
        """Height of the list."""
        return _ROW * len(self.plants)

    @property
    def leftward(self) -> bool:
        """Whether it stands left of its place: its dots are then at its right end, next to it."""
        return self.x + self.width <= self.at[0]

    @property
    def dots(self) -> float:
        """Where its dots stand."""
        return self.x + self.width - 7 if self.leftward else self.x + 7

    @property
    def texts(self) -> float:
        """Where its names end, if it stands left of its place, else where they begin."""
        return self.dots - 10 if self.leftward else self.dots + 10


def marks_of(plants: Sequence[PlantPath], frame: Frame, apart: float = 25.0) -> tuple[Mark, ...]:
    """Return plants for a small map, pushed apart until none hides another."""
    placed = [(plant, *frame.place(plant)) for plant in _seen(plants)]
    spots = [[x, y] for _, x, y in placed]
    for _ in range(80):
        for one in range(len(spots)):
            for two in range(one):
                _push(spots[one], spots[two], apart, one - two)
    marks = zip(placed, spots, strict=True)
    return tuple(Mark(plant, round(x, 1), round(y, 1)) for (plant, _, _), (x, y) in marks)


def _push(one: list[float], two: list[float], apart: float, turn: int) -> None:
    """Move two spots away from each other until they are some way apart."""
    across, down = one[0] - two[0], one[1] - two[1]
    distance = hypot(across, down)
    if distance >= apart:
        return
    if distance < 1e-6:
        across, down, distance = float(turn % 2), float((turn + 1) % 2), 1.0
    step = (apart - distance) / 2 / distance
    one[0], one[1] = one[0] + across * step, one[1] + down * step
    two[0], two[1] = two[0] - across * step, two[1] - down * step


def labels_of(plants: Sequence[PlantPath], frame: Frame) -> tuple[Label, ...]:
    """Return lists of plants beside their places, laid out so that none covers another."""
    clusters = _clusters([(plant, *frame.place(plant)) for plant in _seen(plants)])
    taken: list[tuple[float, float, float, float]] = []
    found = []
    for members, x, y in clusters:
        width = 20 + _LETTER * max(len(plant.name) for plant in members)
        height = _ROW * len(members)
        left, top = _free_spot(
            (x, y), (width, height), taken, [c[1:] for c in clusters], frame.height
        )
        taken.append((left, top, left + width, top + height))
        edge = (min(max(x, left), left + width), min(max(y, top), top + height))
        found.append(Label(tuple(members), left, top, width, (x, y), edge))
    return tuple(found)


def _clusters(
    placed: list[tuple[PlantPath, float, float]],
) -> list[tuple[list[PlantPath], float, float]]:
    groups: list[list[tuple[PlantPath, float, float]]] = []
    for each in placed:
        near = [
            group
            for group in groups
            if any(hypot(each[1] - x, each[2] - y) < _CLOSE for _, x, y in group)
        ]
        merged = [each, *(member for group in near for member in group)]
        groups = [group for group in groups if group not in near] + [merged]
    centred = [
        (
            [member[0] for member in sorted(group, key=lambda member: member[2])],
            sum(member[1] for member in group) / len(group),
            sum(member[2] for member in group) / len(group),
        )
        for group in groups
    ]
    return sorted(centred, key=lambda group: -len(group[0]))


def _free_spot(
    at: tuple[float, float],
    size: tuple[float, float],
    taken: Sequence[tuple[float, float, float, float]],
    places: Sequence[tuple[float, float]],
    bottom: float,
) -> tuple[float, float]:
    """Return the nearest corner for a box beside a place that covers nothing."""
    (x, y), (width, height) = at, size
    best, least = (x + 12, y - height / 2), float("inf")
    for gap in (12.0, 24.0, 40.0, 60.0, 90.0):
        for across, down in _AROUND:
            left = x + gap * across - (width if across < 0 else 0 if across > 0 else width / 2)
            top = y + gap * down - (height if down < 0 else 0 if down > 0 else height / 2)
            box = (left, top, left + width, top + height)
            cost = gap + 300 * sum(_overlap(box, other) for other in taken)
            cost += 40 * sum(_inside(box, place) for place in places)
            cost += 500 * (left < 2 or top < 2 or box[2] > WIDTH - 2 or box[3] > bottom - 2)
            if cost < least:
                best, least = (left, top), cost
    return best


_AROUND = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))


def _overlap(one: tuple[float, ...], two: tuple[float, ...]) -> bool:
    return (
        one[0] < two[2] + 4 and two[0] < one[2] + 4 and one[1] < two[3] + 3 and two[1] < one[3] + 3
    )


def _inside(box: tuple[float, ...], place: tuple[float, float]) -> bool:
    return box[0] - 3 < place[0] < box[2] + 3 and box[1] - 3 < place[1] < box[3] + 3
