"""The pictures of lesson 8 show the numbers of its experiments."""

from __future__ import annotations

import pytest
from numpy.testing import assert_allclose

from nnexplain.experiments.value_and_slope import original, same_slopes, same_values
from nnexplain.figures import crossing_losses, description, twin_activations


def test_twins_are_drawn_as_they_are_and_marked_where_the_units_stand() -> None:
    plain, twin = original(), same_values(-1.0)
    above = twin_activations(plain, twin)
    below = above.figure.axes[1]
    for ax, formulas in (
        (above, (plain.activation.f, twin.activation.f)),
        (below, (plain.activation.df, twin.activation.df)),
    ):
        for line, formula in zip(ax.lines[:2], formulas, strict=True):
            assert_allclose(line.get_ydata(), formula(line.get_xdata()))
    dots = [tuple(line.get_xydata()[0]) for line in above.lines[2:]]
    assert dots == [pytest.approx((-0.7, 0.331812), rel=1e-5), pytest.approx((0.1, 0.524979))]
    assert len(below.lines[2].get_ydata()) == 2


def test_twins_say_their_slopes_in_words() -> None:
    about = description(twin_activations(original(), same_values(-1.0)))
    assert "the slope 0.2217 and −0.2217" in about.alt
    assert about.table[1] == ("unit 4", "0.3318", "0.3318", "0.2217", "−0.2217")


def test_curves_of_j_cross_in_the_dot() -> None:
    curves = {"σ": original().sweep("w14"), "twin": same_values(-1.0).sweep("w14")}
    ax = crossing_losses([curves], "hidden_slope")
    *lines, dot = ax.lines
    for line in lines:
        assert line.get_ydata()[20] == pytest.approx(dot.get_ydata()[0])
    assert [t.get_text() for t in ax.texts[-2:]] == ["σ", "twin"]


def test_labels_of_curves_that_coincide_stand_apart() -> None:
    curves = {"σ": original().sweep("w14"), "σ − ½": same_slopes().sweep("w14")}
    first, second = crossing_losses([curves], "input").texts[-2:]
    assert first.xyann[1] - second.xyann[1] >= 13


def test_crossing_says_every_slope() -> None:
    panels = [
        {"σ": original().sweep(name), "σ − ½": same_slopes().sweep(name)} for name in ("w14", "w46")
    ]
    about = description(crossing_losses(panels, "input", ["front", "behind"]))
    assert "Over w₄₆" in about.alt
    assert "σ: −0.04352, σ − ½: 0.02206" in about.alt
    assert len(about.table) == 5
