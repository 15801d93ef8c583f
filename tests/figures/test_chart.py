"""Charts: styled by roles, labelled at the curve, and without a trace on global state."""

from __future__ import annotations

import re

import matplotlib as mpl
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from nnexplain.figures.chart import chart, curve, in_powers, sheet, write
from nnexplain.palette import ROLES


def test_axes_are_named_in_words_and_the_y_name_stands_upright() -> None:
    ax = chart(None, x="z", y="slope σ′(z)")
    assert ax.get_xlabel() == "z"
    assert [t.get_text() for t in ax.texts] == ["slope σ′(z)"]
    assert ax.texts[0].get_rotation() == 0


def test_a_curve_has_the_colour_of_its_role_and_its_label_at_the_end() -> None:
    ax = chart(None, x="z", y="a")
    line = curve(ax, [0, 1, 2], [0, 1, 4], "backward", "signal")
    assert to_hex(line.get_color()) == ROLES["backward"].light
    assert line.is_dashed()
    assert ax.texts[-1].get_text() == "signal"
    assert ax.texts[-1].xy == (2, 4)


def test_a_given_ax_is_used_and_a_foreign_style_does_not_show() -> None:
    with mpl.rc_context({"axes.facecolor": "black", "text.color": "white"}):
        ax = Figure().add_subplot()
        assert chart(ax, x="z", y="a") is ax
        text = write(ax, 0, 0, "here")
    assert to_hex(ax.get_facecolor(), keep_alpha=True) == "#00000000"
    assert to_hex(text.get_color()) == ROLES["ink"].light


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (3, 2), (4, 2)])
def test_a_sheet_has_just_the_axes_asked_for(count: int, columns: int) -> None:
    axes = sheet(count, columns=columns)
    assert len(axes) == len(axes[0].get_figure().axes) == count


def test_ticks_in_powers_of_ten_are_whole_powers_and_nothing_between() -> None:
    ax = chart(None, x="step", y="J")
    ax.plot([1, 1000], [1e-7, 1.0])
    in_powers(ax)
    ax.figure.draw_without_rendering()
    assert {text.get_text() for text in ax.get_yticklabels()} >= {"10⁻⁷", "0.001", "1"}
    assert {text.get_text() for text in ax.get_xticklabels()} >= {"1", "10", "100", "1000"}
    assert len(ax.xaxis.get_minorticklocs()) == 0


def test_an_axis_over_many_powers_of_ten_writes_all_its_ticks_alike() -> None:
    ax = chart(None, x="step", y="J")
    ax.plot([1, 1000], [1e-9, 1e9])
    in_powers(ax)
    ax.figure.draw_without_rendering()
    said = {text.get_text() for text in ax.get_yticklabels()}
    assert len(said) > 3
    assert [text for text in said if not re.fullmatch("10?|10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", text)] == []
    assert {text.get_text() for text in ax.get_xticklabels()} >= {"1", "10", "100", "1000"}
