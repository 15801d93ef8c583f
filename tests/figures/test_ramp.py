"""Figures of lesson 10: what the artists hold, and what the words say."""

from __future__ import annotations

import numpy as np
import pytest

from nnexplain.experiments.constant_slope import (
    LOSSES,
    approach,
    compass,
    one_straight_unit,
    run_off,
    slices,
)
from nnexplain.figures import (
    approaches,
    balls,
    compass_readings,
    description,
    four_slices,
    loss_pulls,
    run_offs,
    svg,
)
from nnexplain.worked import worked

from .conftest import overlapping

NET = worked["han_kamber"].network
COMPASSES = (compass("half_squared_error", [3, 2, 1]), compass("linear", [3, 1]))
RUNS = [approach("half_squared_error"), approach("absolute")]
DEEP = run_off(NET.replace(activation="identity"))
WALKS = [approach(loss, 0.3, 20, start=3.0, target=1.0) for loss in LOSSES]
DRAWN = {
    "slices": lambda: four_slices(slices()),
    "compass": lambda: compass_readings(*COMPASSES),
    "pulls": loss_pulls,
    "run-off": lambda: run_offs(run_off(one_straight_unit()), DEEP, run_off(NET, 0.9, 200)),
    "approach": lambda: approaches(RUNS),
    "balls": lambda: balls(WALKS),
}


@pytest.mark.parametrize("name", DRAWN)
def test_every_figure_has_words_a_table_and_legible_texts(name: str) -> None:
    ax = DRAWN[name]()
    words = description(ax)
    assert any(c.isdigit() for c in words.alt)
    assert len({len(row) for row in words.table}) == 1
    for panel in ax.figure.axes:
        assert overlapping(panel) == ([], [])
    assert len(svg.themed_svg(ax.figure, "x")) < 60_000


def test_the_compass_draws_both_walks_and_says_the_largest_turn() -> None:
    ax = DRAWN["compass"]()
    for panel, of in zip(ax.figure.axes, ("lengths", "turned"), strict=True):
        for line, found in zip(panel.lines, COMPASSES, strict=True):
            np.testing.assert_array_equal(line.get_ydata(), getattr(found, of))
    words = description(ax)
    assert f"up to {COMPASSES[0].turned.max():.0f} degrees" in words.alt
    assert words.table[-1][0] == "200"
    assert {row[-1] for row in words.table[1:]} == {"0"}


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
    ax = DRAWN["approach"]()
    for panel, run in zip(ax.figure.axes, RUNS, strict=True):
        np.testing.assert_array_equal(panel.lines[1].get_ydata(), run.weights)
    assert "absolute error, fixed step: ends in a strip 0.3 wide" in description(ax).alt
    assert "squared error, fixed step: comes to rest" in description(ax).alt


def test_the_sigmoid_levels_off_above_its_floor() -> None:
    ax = DRAWN["run-off"]()
    curve, floor = ax.figure.axes[1].lines
    assert floor.get_ydata()[0] == -1
    assert (curve.get_ydata() > -1).all()
    assert description(ax).table[-1][:3] == ("200", "", "")


def test_the_balls_lie_on_their_curves() -> None:
    ax = DRAWN["balls"]()
    for panel, walk, loss in zip(
        ax.figure.axes, WALKS, (lambda e: e * e / 2, abs, lambda e: e), strict=True
    ):
        (line,) = (line for line in panel.lines if line.get_marker() == "o")
        np.testing.assert_array_equal(line.get_xdata(), walk.weights)
        np.testing.assert_allclose(line.get_ydata(), [loss(h - 1.0) for h in walk.weights])
    # 3 - 20 · 0.3 on the ramp; in the bowl 2 · 0.7²⁰ is left of the error.
    rows = {row[0]: row for row in description(ax).table}
    assert rows["linear"][3] == "−3"
    assert float(rows["squared"][3]) == pytest.approx(1 + 2 * 0.7**20, rel=1e-3)
