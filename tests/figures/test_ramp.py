"""Figures of lesson 10: what the artists hold, and what the words say."""

from __future__ import annotations

import numpy as np

from nnexplain.experiments.constant_slope import approach, one_straight_unit, run_off, slices
from nnexplain.figures import (
    approaches,
    description,
    four_slices,
    loss_pulls,
    run_offs,
    svg,
)
from nnexplain.worked import worked


def test_pulls_are_the_slopes_of_the_losses_above_them() -> None:
    top, bottom = loss_pulls().figure.axes
    linear, absolute, squared = (line.get_xydata() for line in top.lines[:3])
    np.testing.assert_allclose(linear[:, 1], linear[:, 0])
    np.testing.assert_allclose(absolute[:, 1], abs(absolute[:, 0]))
    np.testing.assert_allclose(squared[:, 1], squared[:, 0] ** 2 / 2)
    levels = [set(line.get_ydata()) for line in bottom.lines[:4]]
    assert levels == [{1.0}, {1.0}, {-1.0}, {1.0}]
    assert description(top).table[1] == ("−2", "−2", "−1", "1")


def test_one_panel_of_four_is_called_a_ramp() -> None:
    ax = four_slices(slices())
    assert [a.get_title(loc="left") for a in ax.figure.axes][-1] == "identity, linear"
    assert [row[-1] for row in description(ax).table[1:]] == ["no", "no", "no", "yes"]
    assert "a ramp" in [text.get_text() for text in ax.figure.axes[3].texts]


def test_approaches_show_every_step_and_say_how_wide_the_strip_is() -> None:
    runs = [approach("half_squared_error"), approach("absolute")]
    ax = approaches(runs)
    for panel, run in zip(ax.figure.axes, runs, strict=True):
        np.testing.assert_array_equal(panel.lines[1].get_ydata(), run.weights)
    assert "absolute error, fixed step: ends in a strip 0.3 wide" in description(ax).alt


def test_a_single_approach_can_be_drawn_on_given_axes() -> None:
    ax = approaches([approach("absolute")])
    assert approaches([approach("linear")], ax=ax) is ax


def test_the_sigmoid_levels_off_above_its_floor() -> None:
    net = worked["han_kamber"].network
    deep = run_off(net.replace(activation="identity"))
    ax = run_offs(run_off(one_straight_unit()), deep, run_off(net, 0.9, 200))
    curve, floor = ax.figure.axes[1].lines
    assert floor.get_ydata()[0] == -1
    assert (curve.get_ydata() > -1).all()
    assert description(ax).table[-1][:3] == ("200", "", "")
    assert len(svg.themed_svg(ax.figure, "x")) < 60_000
