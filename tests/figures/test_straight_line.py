"""Figures of lesson 9: what the artists hold, and what the words say."""

from __future__ import annotations

import numpy as np
import pytest

from nnexplain.experiments.linear_collapse import bent_data, straight_and_bent
from nnexplain.experiments.linear_dynamics import modes, valley
from nnexplain.experiments.xor import xor
from nnexplain.figures import (
    description,
    mode_curves,
    svg,
    two_fits,
    valley_map,
    xor_diagonals,
)


def test_the_diagonals_cross_at_one_value_of_h() -> None:
    left, right = xor_diagonals(xor(), *straight_and_bent(xor(), [2, 2, 1])).figure.axes
    for ax, flat in ((left, True), (right, False)):
        equal, unequal = (line.get_ydata() for line in ax.lines[:2])
        assert equal[20] == pytest.approx(unequal[20])
        assert np.allclose(equal, 0.5) is flat
    table = description(left).table
    assert table[1][:3] == ("(0.0, 0.0)", "0", "0.5")
    assert "0.5 everywhere" in description(left).alt


def test_names_of_the_bent_diagonals_lie_on_no_curve() -> None:
    ax = xor_diagonals(xor(), *straight_and_bent(xor(), [2, 2, 1]))
    right = ax.figure.axes[1]
    right.figure.draw_without_rendering()
    for text in right.texts:
        box = text.get_window_extent()
        for line in right.lines[:2]:
            points = right.transData.transform(line.get_xydata())
            assert not any(box.contains(*point) for point in points), text.get_text()


def test_the_straight_fit_lies_on_the_least_squares_line_and_on_its_floor() -> None:
    runs = straight_and_bent(bent_data(), [1, 3, 1])
    top, bottom = two_fits(bent_data(), *runs).figure.axes
    best, _, straight, bent = top.lines
    np.testing.assert_allclose(straight.get_ydata(), best.get_ydata(), atol=1e-8)
    assert np.ptp(np.diff(bent.get_ydata())) > 0.01
    floor, J, _ = bottom.lines
    assert J.get_ydata()[-1] == pytest.approx(floor.get_ydata()[0])
    assert len(J.get_ydata()) == 201


def test_paths_end_in_the_valley_that_is_drawn() -> None:
    hill = valley()
    ax = valley_map(hill)
    drawn = [line.get_xydata() for line in ax.lines]
    for branch in drawn[:2]:
        np.testing.assert_allclose(branch[:, 0] * branch[:, 1], 2)
    for path in hill.paths:
        assert any(np.array_equal(path, xy) for xy in drawn)
    assert all(row[-1] == "2" for row in description(ax).table[1:])
    assert "saddle of height 2" in description(ax).alt


def test_dots_are_descent_and_lines_the_closed_form() -> None:
    run = modes()
    ax = mode_curves(run)
    line, dots = ax.lines[:2]
    np.testing.assert_array_equal(line.get_ydata(), run.closed[:, 0])
    assert set(dots.get_ydata()) <= set(run.learned[:, 0])
    assert len(description(ax).table) == 18


def test_figures_are_small_and_repeat_to_the_byte() -> None:
    for draw in (lambda: valley_map(valley()), lambda: mode_curves(modes())):
        first, second = (svg.themed_svg(draw().figure, "x") for _ in range(2))
        assert first == second
        assert len(first) < 60_000
