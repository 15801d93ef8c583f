"""Lesson 1's figures show the numbers of their experiments: artists' data, not pixels."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import nnexplain as nne
from nnexplain.activations import activations
from nnexplain.experiments.sensitivity import SQUARE, respond, zoom
from nnexplain.figures import (
    description,
    gap_against_nudge,
    microscope,
    steep_and_flat,
    tangents,
)
from nnexplain.figures.svg import themed_svg


def test_every_view_of_the_microscope_stretches_both_axes_alike() -> None:
    seen = zoom()
    views = microscope(seen).figure.axes
    assert len(views) == 3
    widths = [np.ptp(ax.get_xlim()) for ax in views]
    heights = [np.ptp(ax.get_ylim()) for ax in views]
    assert np.array(widths) / widths[-1] == pytest.approx([100, 10, 1])
    assert np.array(heights) / heights[-1] == pytest.approx([100, 10, 1])


def test_the_microscope_draws_curve_tangent_and_gap() -> None:
    seen = zoom()
    for ax, response in zip(microscope(seen).figure.axes, seen.responses, strict=True):
        curve, tangent, point, gap, *_ = ax.lines
        z, a = curve.get_data()
        assert a == pytest.approx(1 / (1 + np.exp(-z)), rel=1e-14)
        slope = np.diff(tangent.get_ydata()) / np.diff(tangent.get_xdata())
        assert slope == pytest.approx(response.slope, rel=1e-6)
        assert point.get_xdata()[0] == -0.7
        low, high = gap.get_ydata()
        assert high - low == pytest.approx(response.gap, rel=1e-9)
        assert tangent.is_dashed()
        assert not curve.is_dashed()


def test_each_frame_is_the_next_view() -> None:
    seen = zoom()
    views = microscope(seen).figure.axes
    for ax, following in itertools.pairwise(views):
        frame = ax.lines[-1]
        assert [min(frame.get_ydata()), max(frame.get_ydata())] == pytest.approx(
            following.get_ylim()
        )


def test_the_gap_figure_has_lines_of_slope_one_and_two() -> None:
    ax = gap_against_nudge(zoom("sigmoid", -0.7, (-0.1, -0.01, -0.001)))
    change, gap = (
        np.polyfit(np.log(line.get_xdata()), np.log(line.get_ydata()), 1)[0] for line in ax.lines
    )
    assert change == pytest.approx(1, abs=0.01)
    assert gap == pytest.approx(2, abs=0.01)
    assert "0.001" in [text.get_text() for text in ax.get_xticklabels()]


def test_equal_nudges_are_drawn_equally_long() -> None:
    responses = [respond("sigmoid", z, 1) for z in (-0.5, 2, 5)]
    _, *legs = steep_and_flat(activations["sigmoid"], responses).lines
    for nudge, change, response in zip(legs[::2], legs[1::2], responses, strict=True):
        assert np.ptp(nudge.get_xdata()) == 1
        assert np.ptp(change.get_ydata()) == pytest.approx(response.change)


def test_tangents_have_the_slope_of_the_curve() -> None:
    ax = tangents(SQUARE, [-1.5, 0, 1.5])
    for line, z in zip(ax.lines[1::2], (-1.5, 0, 1.5), strict=True):
        (x0, x1), (y0, y1) = line.get_data()
        assert (y1 - y0) / (x1 - x0) == pytest.approx(2 * z)
    assert [t.get_text() for t in ax.texts[1:]] == ["slope −3", "slope 0", "slope 3"]


@pytest.mark.parametrize(
    ("activation", "points", "reach", "message"),
    [
        ("sine", [0.0], 0.8, "unknown activation 'sine'; did you mean 'sin'"),
        ("sin", 0.0, 0.8, "points must be a list of at least one number, .*; got 0.0"),
        ("sin", [], 0.8, r"points must be a list of at least one number, .*; got \[\]"),
        ("sin", [float("nan")], 0.8, "points must be finite, got nan"),
        ("sin", [0.0], -1, "reach must be above 0, got -1"),
    ],
)
def test_tangents_say_what_they_need(activation, points, reach, message) -> None:
    with pytest.raises(nne.NnexplainError, match=message):
        tangents(activation, points, reach=reach)


def test_words_and_sizes() -> None:
    seen = zoom()
    axes = (
        microscope(seen),
        gap_against_nudge(seen),
        steep_and_flat(activations["sigmoid"], [respond("sigmoid", 2, 1)]),
        tangents(SQUARE, [1.0]),
    )
    for ax in axes:
        words = description(ax)
        assert words.alt
        assert len({len(row) for row in words.table}) == 1
        assert len(themed_svg(ax.figure, "f")) < 60_000
    assert "gap is 0.36" in description(axes[0]).alt
    assert "slope 0.1050" in description(axes[2]).alt
