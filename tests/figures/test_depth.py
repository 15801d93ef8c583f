"""Figures of lesson 12: the drawn lines are the numbers they were given."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

import nnexplain as nne
from nnexplain.experiments.saturation import (
    PAIRS,
    chain_signal,
    layer_signal,
    rounding,
    slow_neuron,
    zero_from,
)
from nnexplain.figures import (
    curve_and_slope,
    description,
    learning_curves,
    rounded_slope,
    signals_by_layer,
    svg,
)
from tests.figures.conftest import overlapping, texts

LOSSES = ("half_squared_error", "binary_cross_entropy")

CUBE = nne.Activation(
    "cube", lambda z: z * z * z, lambda z: 3 * z * z, lambda z: 6 * z, latex="z^3",
    latex_slope="3z^2", range=(-math.inf, math.inf), largest_slope=math.inf, flat=((0.0, 0.0),),
)  # fmt: skip


@pytest.fixture
def signals():
    return [layer_signal(*pair) for pair in PAIRS]


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_curve_and_slope_are_the_record(name) -> None:
    record = nne.activations[name]
    top = curve_and_slope(record, {"unit 4": -0.7, "far": 4.7})
    bottom = top.figure.axes[1]
    for ax, function in ((top, record.f), (bottom, record.df)):
        np.testing.assert_array_equal(ax.lines[0].get_ydata(), function(ax.lines[0].get_xdata()))
        assert [line.get_ydata()[0] for line in ax.lines[1:]] == [function(-0.7), function(4.7)]
        low, high = ax.get_ylim()
        assert low <= min(ax.lines[0].get_ydata()) < max(ax.lines[0].get_ydata()) < high
        assert overlapping(ax) == ([], [])
    assert f"largest size, {record.largest_slope:g}:" in description(top).alt


def shaded(ax) -> list[tuple[float, float]]:
    """The intervals of z that are shaded."""
    (band,) = ax.collections
    return [(path.vertices[:, 0].min(), path.vertices[:, 0].max()) for path in band.get_paths()]


def words_of_ends(ax) -> list[float]:
    """Where the word "flat" stands."""
    return [text.xy[0] for text in ax.texts if text.get_text() == "flat"]


# Where |f'| is at most a tenth of its supremum, worked out by hand: for the Gaussian with f' =
# -2z exp(-z^2) that is |z| < 0.043 and |z| > 1.967, for the cube in the picture 3z^2 < 108/10.
@pytest.mark.parametrize(
    ("record", "bands", "ends"),
    [
        ("gaussian", [(-6, -1.967), (-0.043, 0.043), (1.967, 6)], [-6, 6]),
        ("identity", [], []),
        ("linear(-0.5)", [], []),
        ("relu", [(-6, 0)], [-6]),
        ("step", [(-6, 6)], [-6, 6]),
        (CUBE, [(-1.897, 1.897)], []),
    ],
)
def test_flat_is_only_where_the_slope_is_small(record, bands, ends) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        top = curve_and_slope(record, {"z4": -0.7})
        top.figure.draw_without_rendering()
    for ax in top.figure.axes:
        assert shaded(ax) == [pytest.approx(band, abs=0.07) for band in bands]
        assert words_of_ends(ax) == ends


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("identity", "its slope, 1 everywhere: at z4 = −0.7 it is 1. Shaded, where the slope is at "
         "most a tenth of its largest size, 1: nowhere."),
        ("relu", "its slope, between 0 and 1: at z4 = −0.7 it is 0. Shaded, where the slope is at "
         "most a tenth of its largest size, 1: z from −6 to 0."),
        ("step", "its slope, 0 everywhere: at z4 = −0.7 it is 0. Shaded, where the slope is 0: "
         "everywhere."),
        (CUBE, "its slope, between 0 and 108: at z4 = −0.7 it is 1.47. Shaded, where the slope is "
         "at most a tenth of its largest size, 108: z from −1.9 to 1.9."),
    ],
)  # fmt: skip
def test_the_words_of_a_slope_are_true_of_it(record, said) -> None:
    words = description(curve_and_slope(record, {"z4": -0.7}))
    assert words.alt.endswith(said)
    assert ("saturated" in words.caption) == (record == "step")


@pytest.mark.parametrize(
    ("marks", "message"),
    [
        ({}, "marks must map at least one name to its z"),
        ([-0.7], "marks must map at least one name to its z"),
        ({"z4": float("nan")}, "the z of 'z4' must be finite"),
        ({"z4": [1, 2]}, "the z of 'z4' must be one number"),
    ],
)
def test_marks_must_be_places(marks, message) -> None:
    with pytest.raises(nne.NnexplainError, match=message):
        curve_and_slope("sigmoid", marks)
    with pytest.raises(nne.NnexplainError, match="unknown activation 'sigmod'"):
        curve_and_slope("sigmod", {"z4": -0.7})


def test_signals_run_from_the_last_layer_to_the_first(signals) -> None:
    ax = signals_by_layer(signals)
    for line, signal in zip(ax.lines, signals, strict=True):
        assert line.get_ydata().tolist() == list(reversed(signal.sizes))
    assert {line.get_marker() for line in ax.lines} == set("os^Dv")
    assert overlapping(ax) == ([], [])


def test_labels_of_close_ends_do_not_touch() -> None:
    ax = signals_by_layer([chain_signal(w) for w in (4.0, 4.01, 4.02, 1.0)])
    assert overlapping(ax) == ([], [])


def test_powers_of_ten_are_written_as_such(signals) -> None:
    ax = signals_by_layer(signals)
    shown = {ax.yaxis.get_major_formatter()(v, 0) for v in (1e-7, 1e-3, 1.0, 1e9)}
    assert shown == {"10⁻⁷", "10⁻³", "1", "10⁹"}


def test_learning_curves_mark_the_half_way_step() -> None:
    first = learning_curves([slow_neuron(loss) for loss in LOSSES])
    axes = first.figure.axes
    assert [ax.get_title(loc="left") for ax in axes] == ["half squared error",
                                                         "binary cross entropy"]  # fmt: skip
    assert "w = 2, b = 2: step 232" in texts(axes[0])
    for ax in axes:
        assert overlapping(ax) == ([], [])
    assert len(description(first).table) == 5


def test_the_rounded_slope_ends_at_its_zero() -> None:
    found = rounding(np.linspace(34, 38, 401).tolist())
    ax = rounded_slope(found, zero_from())
    true, stairs, cross = ax.lines
    assert len(true.get_xdata()) == 401
    assert stairs.get_xdata()[-1] < zero_from() == cross.get_xdata()[0]
    assert "exactly 0" in description(ax).alt
    assert overlapping(ax) == ([], [])


def test_the_figures_are_small(signals) -> None:
    for ax in (signals_by_layer(signals), learning_curves([slow_neuron(LOSSES[0])])):
        assert len(svg.themed_svg(ax.figure, "p")) < 60_000
