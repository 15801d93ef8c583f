"""Lesson 2's figures: units stand where their sums say, maps show the predictions."""

from __future__ import annotations

import numpy as np
import pytest

import nnexplain as nne
from nnexplain.errors import NnexplainError
from nnexplain.experiments.xor import X, Y, xor_fits
from nnexplain.figures import description, units_on_curve, xor_surfaces
from nnexplain.figures.svg import themed_svg
from nnexplain.palette import ROLES

EXAMPLE = nne.worked["han_kamber"]


def test_each_unit_stands_on_the_curve_where_its_sum_is() -> None:
    ax = units_on_curve(EXAMPLE.network, EXAMPLE.x)
    points = {float(p.get_xdata()[0]): float(p.get_ydata()[0])
              for p in ax.lines if p.get_marker() == "o"}  # fmt: skip
    trace = EXAMPLE.network.forward(EXAMPLE.x)
    assert points == pytest.approx({trace.z[u]: trace.a[u] for u in (4, 5, 6)})
    texts = [t.get_text() for t in ax.texts]
    assert "z₆ = −0.105 → h = 0.474" in texts
    assert description(ax).table[1] == ("4", "−0.7", "0.3318")


def test_no_label_leaves_the_sheet() -> None:
    ax = units_on_curve(EXAMPLE.network, EXAMPLE.x)
    ax.figure.draw_without_rendering()
    width = ax.figure.bbox.width
    assert all(text.get_window_extent().x1 <= width for text in ax.texts)


def test_one_curve_needs_one_activation_and_one_sample() -> None:
    mixed = EXAMPLE.network.replace(activation=["tanh", "sigmoid"])
    with pytest.raises(NnexplainError, match=r"same activation in all layers \(got sigmoid, tanh"):
        units_on_curve(mixed, EXAMPLE.x)
    with pytest.raises(NnexplainError, match="x of shape"):
        units_on_curve(EXAMPLE.network, [EXAMPLE.x, EXAMPLE.x])


def test_dots_are_full_where_the_target_is_one() -> None:
    ax = xor_surfaces(xor_fits())
    for panel in ax.figure.axes:
        dots = [line for line in panel.lines if line.get_marker() == "o"]
        where = [tuple(np.ravel(dot.get_data())) for dot in dots]
        full = [dot.get_markerfacecolor() == ROLES["ink"].light for dot in dots]
        assert where == list(X)
        assert full == [bool(y) for y in Y]


def test_maps_say_their_predictions() -> None:
    ax = xor_surfaces(xor_fits())
    linear, network = ([t.get_text() for t in panel.texts[1:]] for panel in ax.figure.axes)
    assert linear == ["0.50"] * 4
    assert network == ["0.01", "0.99", "0.99", "0.01"]
    assert description(ax).table[1] == (
        "(0, 0)",
        "0",
        "0.5",
        "0.00715",
    )  # σ(10 σ(−5) − 10 σ(−15) − 5)
    assert len(themed_svg(ax.figure, "f")) < 60_000
