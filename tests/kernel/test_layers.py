"""The layers that the build benchmark compares build one and the same problem."""

from __future__ import annotations

import pytest

from benchmarks.build.instance import make
from benchmarks.build.layers import LAYERS


@pytest.mark.peer
@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_builds_the_same_problem(layer: str) -> None:
    """No layer wins by building less: columns, rows and nonzeros agree."""
    flows, lines, capacities, demands = 2 * 3 * 4 * 5, 2 * 3 * 5, 2 * 5, 3 * 4 * 5
    size = flows + lines, flows + capacities + demands, 4 * flows
    assert LAYERS[layer](make(2, 3, 4, 5)) == size
