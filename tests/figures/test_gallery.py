"""The gallery shows every record as it is: values, slopes, jumps and kinks."""

from __future__ import annotations

import warnings

import matplotlib as mpl
import numpy as np
import pytest

import nnexplain as nne
from nnexplain.figures import activation_gallery, description, svg

RECORDS = list(nne.activations.values())


@pytest.fixture(scope="module")
def views():
    return activation_gallery().figure.axes


def test_every_activation_has_its_view(views) -> None:
    assert [ax.get_title(loc="left") for ax in views] == list(nne.activations)
    assert len({(ax.get_xlim(), ax.get_ylim()) for ax in views}) == 1


@pytest.mark.parametrize("k", range(len(RECORDS)), ids=list(nne.activations))
def test_a_view_draws_f_and_its_slope(views, k: int) -> None:
    value, slope, kinks = views[k].lines
    z = value.get_xdata()
    known = ~np.isnan(z)
    np.testing.assert_array_equal(value.get_ydata()[known], RECORDS[k].f(z[known]))
    np.testing.assert_array_equal(slope.get_ydata()[known], RECORDS[k].df(z[known]))
    # A gap at every kink: a jump must not look like a steep slope.
    assert np.sum(~known) == len(RECORDS[k].kinks)
    assert tuple(kinks.get_xdata()) == RECORDS[k].kinks


def test_few_records_can_be_chosen() -> None:
    ax = activation_gallery([nne.activations["relu"], nne.activations["elu"]])
    assert len(ax.figure.axes) == 2
    assert "relu: largest slope 1, flat z ≤ 0" in description(ax).alt


def test_the_caption_says_whose_slope_is_out_of_sight() -> None:
    caption = description(activation_gallery(["linear(-40)", "tanh", "linear(-1)"])).caption
    assert caption.endswith(" The slope of linear(-40) leaves its view.")
    assert "leaves its view" not in description(activation_gallery()).caption


def test_names_of_curves_stand_where_the_curves_are_seen() -> None:
    for name, said in (
        ("identity", ["f", "f′"]),
        ("linear(-1)", ["f", "f′"]),
        ("linear(-40)", "f"),
    ):
        ax = activation_gallery([name])
        named = [text for text in ax.texts if text.get_text()]
        assert [text.get_text() for text in named] == list(said)
        low, high = ax.get_ylim()
        assert all(low <= text.xy[1] <= high for text in named)


def test_records_are_given_as_such_or_by_name() -> None:
    (one,) = activation_gallery(["tanh"]).figure.axes
    assert one.get_title(loc="left") == "tanh"
    with pytest.raises(nne.NnexplainError, match="at least one activation or its name, got none"):
        activation_gallery([])
    with pytest.raises(nne.NnexplainError, match="unknown activation 'tan'; did you mean 'tanh'"):
        activation_gallery(["tan"])


def test_the_gallery_is_small_and_draws_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(svg.themed_svg(activation_gallery().figure, "p")) < 60_000


def test_a_users_layout_does_not_move_the_views() -> None:
    expected = svg.png(activation_gallery().figure)
    with warnings.catch_warnings(), mpl.rc_context({"figure.constrained_layout.use": True}):
        warnings.simplefilter("error")
        assert svg.png(activation_gallery().figure) == expected
