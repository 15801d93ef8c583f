"""Pictures of lesson 11: what is drawn is what was measured, and the words say it."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex

import nnexplain as nne
from nnexplain.experiments.hash_function import SIGMOID, quotients, views, walks
from nnexplain.experiments.zero_slope import race, staircase
from nnexplain.figures.describe import description
from nnexplain.palette import ROLES

from .conftest import overlapping, texts

STAIRS = staircase(np.linspace(-2, 2, 101))
QUOTIENTS = quotients()
RACE = race()
WALKS = (walks(starts=4, steps=50), walks(SIGMOID, starts=4, steps=50))
DRAWN = {
    "stairs": lambda: nne.figures.staircase_of_steps(*STAIRS),
    "microscope": lambda: nne.figures.hash_microscope(views()),
    "quotients": lambda: nne.figures.quotients_against_nudge(QUOTIENTS),
    "lottery": lambda: nne.figures.hash_lottery(*WALKS),
    "slopes": lambda: nne.figures.borrowed_slopes(RACE),
}


@pytest.mark.parametrize("name", DRAWN)
def test_every_figure_has_words_a_table_and_legible_texts(name: str) -> None:
    ax = DRAWN[name]()
    ax.figure.draw_without_rendering()
    words = nne.figures.description(ax)
    assert any(c.isdigit() for c in words.alt)
    assert len({len(row) for row in words.table}) == 1
    assert 3 < len(words.table) <= 13
    for panel in ax.figure.axes:
        pairs, outside = overlapping(panel)
        assert not pairs
        assert not outside


def test_treads_are_level_and_no_line_is_drawn_over_a_jump() -> None:
    above, below = DRAWN["stairs"]().figure.axes
    treads = [line for line in above.lines if to_hex(line.get_color()) == ROLES["ink"].light]
    assert all(np.ptp(line.get_ydata()) == 0 for line in treads)
    assert len(treads) == 6  # five treads and the dot of the start
    (smooth, _) = [line for line in below.lines if to_hex(line.get_color()) == ROLES["ink"].light]
    np.testing.assert_array_equal(smooth.get_ydata(), STAIRS[1].total)
    assert "slope 0" in texts(above)


def test_the_microscope_draws_points_for_the_hash_and_a_line_for_the_sigmoid() -> None:
    axes = DRAWN["microscope"]().figure.axes
    for k, view in enumerate(views()):
        (line,), (dots,) = axes[2 * k].lines, axes[2 * k + 1].lines
        np.testing.assert_array_equal(line.get_ydata(), view.sigmoid)
        np.testing.assert_array_equal(dots.get_ydata(), view.hashed)
        assert dots.get_linestyle() == "None"
    titles = [panel.get_title(loc="left") for panel in axes]
    assert titles == ["sigmoid, ± 4", "hash, ± 4", "sigmoid, ± 10⁻⁶", "hash, ± 10⁻⁶"]


def test_one_view_alone_is_not_said_to_be_magnified() -> None:
    ax = nne.figures.hash_microscope(views(0.5, (2.0**-9,), 5))
    assert ax.get_title(loc="left") == "sigmoid, ± 0.0020"
    assert "magnif" not in description(ax).caption


def test_quotients_are_medians_on_scales_of_powers_of_ten() -> None:
    ax = DRAWN["quotients"]()
    hashed, sigmoid = ax.lines
    np.testing.assert_allclose(hashed.get_ydata(), np.median(QUOTIENTS.hashed, axis=1))
    np.testing.assert_allclose(sigmoid.get_ydata(), np.median(QUOTIENTS.sigmoid, axis=1))
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert hashed.get_marker() != sigmoid.get_marker()


def test_the_lottery_draws_single_walks_and_the_mean_of_all() -> None:
    smooth, hashed = DRAWN["lottery"]().figure.axes
    for ax, found in ((hashed, WALKS[0]), (smooth, WALKS[1])):
        *thin, mean = ax.lines
        np.testing.assert_array_equal(thin[1].get_ydata(), found.J[1, :41])
        np.testing.assert_allclose(mean.get_ydata(), found.J[:, :41].mean(axis=0))
        assert mean.get_linewidth() > thin[0].get_linewidth()


def test_each_slope_looks_alike_in_both_panels_and_unlike_the_others() -> None:
    above, below = DRAWN["slopes"]().figure.axes
    looks = [[(to_hex(one.get_color()), one._dash_pattern[1]) for one in lines]
             for lines in (above.lines, below.lines[:4])]  # fmt: skip
    assert looks[0] == looks[1]
    assert len({str(look) for look in looks[0]}) == 4
    for name, line in zip(RACE.solved, below.lines, strict=True):
        assert line.get_ydata()[-1] == RACE.last(name)
    assert "box: " + str(RACE.last("box")) in nne.figures.description(above).alt
