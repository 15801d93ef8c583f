"""Figures of places in a landscape, from the artists' data."""

from __future__ import annotations

import numpy as np
import pytest

import nnexplain as nne
from nnexplain.experiments.landscape import four_kinds, hidden_way, rulers, same_sign
from nnexplain.figures import crossings, description, hidden_down, two_rulers
from nnexplain.figures.svg import themed_svg
from nnexplain.landscape import Landscape

X, Y = same_sign()
NET = nne.Network([3, 2, 1], seed=2)


def near(net: nne.Network) -> Landscape:
    at = [net.parameters[name] for name in ("w14", "w24")]
    first, second = ((value - 1.5, value + 1.5) for value in at)
    return nne.landscape(
        net, X, Y, "w14", "w24", first_range=first, second_range=second, points=21
    )  # fmt: skip


def test_crossings_bend_as_their_curvatures_say() -> None:
    places = four_kinds()
    first = crossings(places, X, Y)
    for ax, place in zip(first.figure.axes, places, strict=True):
        assert ax.get_title(loc="left") == place.kind
        for line, curvature in zip(ax.lines[:2], place.eigenvalues[[-1, 0]], strict=True):
            step, loss = (np.asarray(v) for v in line.get_data())
            middle = len(step) // 2
            assert loss[middle] == pytest.approx(place.loss)
            bend = (loss[middle - 1] + loss[middle + 1] - 2 * loss[middle]) / (
                step[1] - step[0]
            ) ** 2
            assert bend == pytest.approx(curvature, rel=0.05, abs=1e-3)


def test_only_level_places_are_crossed() -> None:
    example = nne.worked["han_kamber"]
    slope = nne.curvature(example.network, example.x, example.y)
    steep = np.linalg.norm(list(example.network.gradient(example.x, example.y).values()))
    message = rf"place 2 is a slope, \|∇J\| = {steep:.3g}; search some with nne.critical_points"
    with pytest.raises(nne.NnexplainError, match=message):
        crossings([four_kinds()[0], slope], X, Y)
    with pytest.raises(nne.NnexplainError, match="at least one place, got none"):
        crossings([], X, Y)
    with pytest.raises(nne.NnexplainError, match="places must be a list of places"):
        crossings(slope, X, Y)


def test_one_place_is_one_in_words() -> None:
    assert "for 1 place: " in description(crossings(four_kinds()[:1], X, Y)).alt
    assert "for 4 places: " in description(crossings(four_kinds(), X, Y)).alt


def test_the_hidden_way_is_drawn_below_all_others() -> None:
    found = hidden_way()
    ax = hidden_down(found)
    *thin, thick, point = (line.get_xydata() for line in ax.lines)
    assert len(thin) == 11
    level = point[0, 1]
    assert all((line[:, 1] >= level - 1e-9).all() for line in thin)
    assert thick[:, 1].min() < level - 0.1
    assert len(description(ax).table[0]) == 13


def test_rings_hold_the_steps_of_length_one_and_arrows_end_on_them() -> None:
    found = rulers(NET)
    ax = two_rulers(near(NET), found)
    at = np.array(found.at)
    for line, factor in zip(ax.lines[:2], (1.0, found.factor), strict=True):
        steps = np.asarray(line.get_xydata()) - at
        assert np.hypot(factor * steps[:, 0], steps[:, 1]) == pytest.approx(1)
    arrows = [text for text in ax.texts if getattr(text, "arrow_patch", None)]
    for arrow, factor, way in zip(
        arrows, (1.0, found.factor), (found.plain, found.other), strict=True
    ):
        step = np.array(arrow.xy) - at
        assert np.hypot(factor * step[0], step[1]) == pytest.approx(1)
        assert step / np.linalg.norm(step) == pytest.approx(way)


def test_words_and_sizes() -> None:
    for ax in (
        crossings(four_kinds(), X, Y),
        hidden_down(hidden_way()),
        two_rulers(near(NET), rulers(NET)),
    ):
        words = description(ax)
        assert words.alt
        assert words.caption
        assert len({len(row) for row in words.table}) == 1
        assert len(themed_svg(ax.figure, "f")) < 60_000
    assert "saddle at J = 0.7522" in description(crossings(four_kinds(), X, Y)).alt
