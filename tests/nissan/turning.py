"""Where each decision of the Nissan case turns over: ``python -m tests.nissan.turning``.

It goes through the tests of ``test_alive`` that move cells, and halves the way between the case's
own figure and the moved one until the turn lies within a sixty-fourth of it. The table in the
case's README is made of what it prints.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from fractions import Fraction

import pytest

from replant.case import Case
from replant.plan import Choices
from tests.nissan import flips, test_alive
from tests.nissan.reduce import changed

HALVINGS = 6


def turn(
    case: Case,
    moved: Mapping[str, str] | Case,
    option: str,
    *,
    taken: bool,
    choices: Choices = flips.FREE,
) -> None:
    """Print between which figures an option turns over."""
    if isinstance(moved, Case) or any("*" in place for place in moved):
        print(f"{option}: many figures move at once, there is none to halve", flush=True)
        return
    numbers = {place: (_figure(case, place), Fraction(to)) for place, to in moved.items()}
    near, far = Fraction(0), Fraction(1)
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        cells = {
            place: f"{float(here + (there - here) * middle):.10g}"
            for place, (here, there) in numbers.items()
        }
        plan = flips.best(changed(case, cells), choices)
        if (plan.row("option", option) > 0.5) == taken:
            near = middle
        else:
            far = middle
    for place, (here, there) in list(numbers.items())[:1]:
        first, last = (float(here + (there - here) * share) for share in (near, far))
        side = "taken" if taken else "not taken"
        print(f"{option}: {place} {float(here):g} ({side}), turns {first:.4g} to {last:.4g}")
    sys.stdout.flush()


def _figure(case: Case, place: str) -> Fraction:
    table, *row, column = place.split(".")
    return Fraction(case.row(table, ".".join(row)).quantity(column).value)


def main() -> int:
    """Print the turn of every decision of ``test_alive``."""
    patch: Callable[..., None] = turn
    test_alive.assert_flips = patch  # type: ignore[assignment]
    return pytest.main(["-q", "-s", "-p", "no:cacheprovider", test_alive.__file__, *sys.argv[1:]])


if __name__ == "__main__":
    raise SystemExit(main())
