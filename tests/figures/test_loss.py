"""Lesson 3's figures: bowls, sums of curves, and lowest places, from the artists' data."""

from __future__ import annotations

import numpy as np
import pytest

import nnexplain as nne
from nnexplain.experiments.loss import THREE_X, THREE_Y, Sweep, opposite_pushes, sweep
from nnexplain.figures import (
    description,
    loss_bowl,
    loss_over_parameter,
    loss_scales,
    losses_at_odds,
)
from nnexplain.figures.svg import themed_svg

NET = nne.worked["han_kamber"].network
GRID = np.linspace(-6, 10, 81)


def swept(loss: str = "half_squared_error") -> Sweep:
    return sweep(NET.replace(loss=loss), THREE_X, THREE_Y, "w46", GRID)


def test_the_bowl_and_its_tangents() -> None:
    ax = loss_bowl(1.0, [0.5, 1.0])
    h, loss = ax.lines[0].get_data()
    assert loss == pytest.approx((1 - h) ** 2 / 2)
    (x0, x1), (y0, y1) = ax.lines[2].get_data()
    assert (y1 - y0) / (x1 - x0) == pytest.approx(-0.5)
    assert description(ax).table[1:] == (("0.5", "0.125", "−0.5"), ("1", "0", "0"))


@pytest.mark.parametrize(
    ("y", "predictions", "message"),
    [
        (1, [], r"predictions must be a list of at least one number, .*; got \[\]"),
        (1, 0.5, "predictions must be a list of at least one number, .*; got 0.5"),
        (float("nan"), [0.5], "y must be finite, got nan"),
        (1, [float("inf")], "predictions must be finite, got inf"),
    ],
)
def test_a_bowl_says_what_it_needs(y: float, predictions: object, message: str) -> None:
    with pytest.raises(nne.NnexplainError, match=message):
        loss_bowl(y, predictions)


def test_no_slope_is_written_across_the_target() -> None:
    ax = loss_bowl(1.0, [0.474, 1.8])
    ax.figure.canvas.draw()
    target = ax.transData.transform((1.0, 0.0))[0]
    low, high = (text.get_window_extent() for text in ax.texts if "slope" in text.get_text())
    assert low.x1 < target < high.x0


def test_the_thick_curve_is_the_sum_of_the_thin_ones() -> None:
    ax = loss_over_parameter(swept())
    total, *each = (line.get_ydata() for line in ax.lines[:4])
    assert total == pytest.approx(sum(each))
    assert [t.get_text() for t in ax.texts[1:5]] == [
        "J, the sum",
        "sample 1",
        "sample 2",
        "sample 3",
    ]
    (marked,) = (line for line in ax.lines if line.get_marker() == "v")
    assert marked.get_xdata()[0] == pytest.approx(GRID[total.argmin()])


def test_the_tangent_touches_at_the_network_itself() -> None:
    found = swept()
    tangent, point = loss_over_parameter(found).lines[4:6]
    (x0, x1), (y0, y1) = tangent.get_data()
    assert (y1 - y0) / (x1 - x0) == pytest.approx(found.slope)
    assert point.get_xdata()[0] == NET.parameters["w46"]
    assert np.mean([y0, y1]) == pytest.approx(NET.loss(THREE_X, THREE_Y))


def test_scales_differ_by_a_factor_and_share_their_lowest_place() -> None:
    ax = loss_scales([swept(), swept("mse")])
    half, mean = (line.get_ydata() for line in ax.lines if line.get_marker() == "None")
    assert mean / half == pytest.approx(2 / 3)
    places = {float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() == "v"}
    assert len(places) == 1
    ax.figure.canvas.draw()
    above, below = (t.get_window_extent() for t in ax.texts if t.get_text().startswith("at "))
    marks = [line.get_window_extent() for line in ax.lines if line.get_marker() == "v"]
    assert below.y1 < min(m.y0 for m in marks) < max(m.y1 for m in marks) < above.y0


def test_losses_at_odds_have_tangents_of_opposite_sign() -> None:
    ax = losses_at_odds(opposite_pushes(np.linspace(-2, 3, 51)))
    signs = []
    for panel in ax.figure.axes:
        (x0, x1), (y0, y1) = panel.lines[1].get_data()
        signs.append(np.sign((y1 - y0) / (x1 - x0)))
    assert signs == [-1, 1]


def test_words_and_sizes() -> None:
    pair = opposite_pushes(np.linspace(-2, 3, 51))
    for ax in (
        loss_bowl(0.0, [1.0]),
        loss_over_parameter(swept()),
        loss_scales([swept(), swept("mse")]),
        losses_at_odds(pair),
    ):
        words = description(ax)
        assert words.alt
        assert words.caption
        assert len({len(row) for row in words.table}) == 1
        assert len(themed_svg(ax.figure, "f")) < 60_000
    assert "slope at b6 = 0.1 is −0.0996" in description(losses_at_odds(pair)).alt
