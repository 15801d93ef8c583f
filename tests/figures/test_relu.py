"""Figures of lesson 13: bends, depth and recoveries show the numbers they were given."""

from __future__ import annotations

import numpy as np

from nnexplain.experiments.relu import RATES, Depth, bends, by_depth, one_bad_step
from nnexplain.figures import description, recoveries, solved_by_depth, sum_of_bends
from tests.figures.conftest import overlapping, texts


def test_the_bends_add_up_to_the_network() -> None:
    found = bends(4)
    top = sum_of_bends(found)
    bottom = top.figure.axes[1]
    parts = np.sum([line.get_ydata() for line in top.lines], axis=0)
    np.testing.assert_allclose(
        parts + found.network.parameters["b6"], bottom.lines[1].get_ydata(), atol=1e-13
    )
    assert [t for t in texts(top) if t.startswith("unit")] == [f"unit {k}" for k in (2, 3, 4, 5)]
    assert "0.0625" in description(top).alt
    for ax in (top, bottom):
        assert overlapping(ax) == ([], [])


def test_depth_is_drawn_in_per_cent_and_told_in_words() -> None:
    ax = solved_by_depth([[by_depth(a, d) for d in (1, 2)] for a in RATES])
    assert ax.lines[0].get_ydata().tolist() == [100.0, 100.0]
    assert "sigmoid 100 % at depth 1" in description(ax).alt
    apart = [[Depth(name, 1, 0.1, 400, solved)] for name, solved in (("relu", 1), ("tanh", 0.98))]
    assert overlapping(solved_by_depth(apart)) == ([], [])


def test_recoveries_say_when_a_unit_is_on_again() -> None:
    names = ("relu", "leaky_relu(0.1)", "leaky_relu", "elu")
    found = [one_bad_step(name) for name in names]
    ax = recoveries(found)
    for line, one in zip(ax.lines[-4:], found, strict=True):
        assert line.get_ydata().tolist() == list(one.z)
    assert {"elu: step 25", "leaky_relu(0.1): step 103", "relu"} <= set(texts(ax))
    assert "relu stays off" in description(ax).alt
    assert [row[2] for row in description(ax).table[1:]] == [
        "never in this run", "103 steps", "never in this run", "25 steps",
    ]  # fmt: skip
    assert overlapping(ax) == ([], [])
