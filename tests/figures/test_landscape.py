"""Maps and surfaces of J: heights from the same data, honest words about the shadow of a walk."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch

import nnexplain as nne
from nnexplain.critical import critical_points_in
from nnexplain.figures import description, loss_contour, loss_surface
from nnexplain.figures.surface import _Range
from nnexplain.figures.svg import themed_svg
from nnexplain.landscape import Landscape
from nnexplain.palette import ROLES

X = np.random.default_rng(0).standard_normal((30, 3))
Y = (X[:, 0] * X[:, 1] > 0) * 1.0
NET = nne.Network([3, 2, 1], seed=0)
CHAIN = nne.Network([1, 1, 1], "identity", {"w12": 0.5, "b2": 0, "w23": 0.5, "b3": 0})


def walk(net: nne.Network, steps: int = 60) -> np.ndarray:
    path = [net.vector]
    for _ in range(steps):
        path.append(path[-1] - 0.3 * net.gradients_at(path[-1], X, Y))
    return np.array(path)


@pytest.fixture
def view() -> Landscape:
    return nne.landscape(NET, X, Y, "w14", "w46", points=61)


@pytest.fixture
def saddle() -> Landscape:
    return nne.landscape(CHAIN, [[1.0], [-1.0]], [2.0, -2.0], "w12", "w23",
                         first_range=(-3, 3), second_range=(-3, 3))  # fmt: skip


def lines(ax: Axes) -> list[np.ndarray]:
    """The corners of every line of equal J."""
    return [p.get_path().vertices for p in ax.patches
            if isinstance(p, PathPatch) and not p.get_fill()]  # fmt: skip


def test_every_corner_of_a_line_has_its_height(view: Landscape) -> None:
    ax = loss_contour(view)
    listed = re.search(r"Lines at J = ([\d., ]+)\.", description(ax).alt)[1]
    heights = [float(height) for height in listed.split(", ")]
    drawn = lines(ax)
    assert len(drawn) == len(heights) == 7
    for height, corners in zip(heights, drawn, strict=True):
        at = NET.losses_at(view.point(corners[:, 0], corners[:, 1]), X, Y)
        # Off by the straight lines between grid points and 0.3 points of paper.
        assert at == pytest.approx(height, abs=0.03 * np.ptp(view.loss))


def test_levels_divide_the_map_into_like_parts(view: Landscape) -> None:
    for levels in (1, 3, 9):
        heights = len(lines(loss_contour(view, levels=levels)))
        assert 1 <= heights <= levels
    (only,) = lines(loss_contour(view, levels=1))
    share = np.mean(view.loss < NET.losses_at(view.point(*only[0]), X, Y))
    assert share == pytest.approx(0.5, abs=0.05)


def test_a_walk_is_drawn_as_its_shadow_and_the_words_say_so(view: Landscape) -> None:
    path = walk(NET)
    ax = loss_contour(view, path)
    assert ax.lines[0].get_xydata() == pytest.approx(view.project(path))
    words = description(ax)
    start, end = NET.losses_at(path[[0, -1]], X, Y)
    assert (
        f"A walk, drawn through 61 places, goes from (0.126, −0.704), J = {start:.2f}, to"
        in words.alt
    )
    assert f"J = {end:.2f}." in words.alt
    away = view.distance(path).max()
    assert f"up to {away:.2g} away from this plane" in words.caption


def test_a_walk_within_the_plane_is_no_shadow(view: Landscape) -> None:
    path = view.point([0.0, 1.0, 2.0], [0.0, 1.0, 1.5])
    assert "stays in this plane" in description(loss_contour(view, path)).caption


def test_critical_points_are_marked_by_kind(saddle: Landscape) -> None:
    points = [p for p in critical_points_in(saddle).points if p.kind == "saddle"]
    ax = loss_contour(saddle, critical=points)
    assert "saddle" in [text.get_text() for text in ax.texts]
    assert "Marked within this plane: saddle at (" in description(ax).alt
    assert ax.lines[0].get_xydata()[0] == pytest.approx([0, 0], abs=1e-6)


def test_the_table_holds_j_at_grid_points(view: Landscape) -> None:
    table = description(loss_contour(view)).table
    assert table[0][:2] == ("w14, w46:", "−5.70")
    assert len(table) == len(table[0]) == 7
    assert float(table[1][1]) == pytest.approx(view.loss[0, 0], rel=5e-3)
    assert float(table[6][6]) == pytest.approx(view.loss[-1, -1], rel=5e-3)


def test_the_surface_stands_where_j_says(view: Landscape) -> None:
    found = _Range(view)
    low, high = (np.unravel_index(pick(view.loss), view.loss.shape) for pick in
                 (np.argmin, np.argmax))  # fmt: skip
    for (i, j), height in ((low, 0.0), (high, 1.0)):
        first, second = view.first[i], view.second[j]
        assert found.loss(first, second) == pytest.approx(view.loss[i, j])
        across, back = found.across(first), found.back(second)
        assert found.plane(across, back) == pytest.approx((first, second))
        floor = found.at(across, back, np.array(found.low))
        assert (found.at(across, back, view.loss[i, j]) - floor)[1] == pytest.approx(130 * height)


def test_the_lower_end_comes_to_the_front(view: Landscape) -> None:
    ends = view.loss[:, 0].mean(), view.loss[:, -1].mean()
    assert _Range(view).turned == (ends[0] > ends[1])


def test_a_walk_that_leaves_the_picture_ends_there(view: Landscape) -> None:
    path = view.point([0.0, 1.0, 50.0, 0.0], [0.0, 1.0, 1.0, 1.0])
    assert len(_Range(view).inside(view.project(path))) == 2
    assert "A walk, drawn through 4 places" in description(loss_surface(view, path)).alt


def test_all_parameters_moving_leaves_none_at_rest() -> None:
    ways = [nne.random_direction(NET, seed, filter_normalised=False) for seed in (0, 1)]
    view = nne.landscape(NET, X, Y, *ways, points=11)
    ax = loss_contour(view)
    assert ax.get_xlabel() == "random direction (of length 1)"
    assert "the other" not in description(ax).caption


def test_an_overflowing_j_is_as_high_as_the_map_goes_and_no_surface() -> None:
    view = nne.landscape(CHAIN, [1.0], 1.0, "w12", "w23", first_range=(0, 1e155),
                         second_range=(0, 1), points=6)  # fmt: skip
    assert np.isinf(view.loss).any()
    assert lines(loss_contour(view))
    with pytest.raises(nne.NnexplainError, match="finite J everywhere"):
        loss_surface(view)


def test_a_flat_landscape_has_no_lines_and_a_flat_surface() -> None:
    flat = nne.Network([1, 1], "step", {"w12": 1, "b2": 0})
    view = nne.landscape(flat, [1.0], 1.0, "w12", "b2", first_range=(1, 2), second_range=(1, 2))
    assert lines(loss_contour(view)) == []
    loss_surface(view)


def test_a_flat_map_says_so() -> None:
    flat = nne.Network([1, 1], "step", {"w12": 2, "b2": 50})
    ax = loss_contour(nne.landscape(flat, [1], 0, "w12", "b2", points=5))
    words = description(ax)
    assert words.alt.endswith("There are no lines: J is 0.5 everywhere.")
    assert words.caption.endswith("J is 0.5 everywhere.")
    assert "tint" not in words.caption
    assert ax.texts[-1].get_text() == "J = 0.5 everywhere"


def test_a_map_that_is_nearly_all_at_one_height_has_a_line_to_the_other() -> None:
    net = nne.Network([1, 1], "step", {"w12": 0, "b2": 0})
    view = nne.landscape(net, [1.0], 0.0, "w12", "b2", first_range=(-1, 1), second_range=(-1, 20))
    ax = loss_contour(view, levels=1)
    assert len(lines(ax)) == 1
    assert "Lines at J = 0.25." in description(ax).alt


@pytest.mark.parametrize("levels", [0, -1, 2.5, "7", None])
def test_levels_must_be_some(view: Landscape, levels: object) -> None:
    message = f"levels must be a whole number of 1 or more, got {levels!r}"
    with pytest.raises(nne.NnexplainError, match=message):
        loss_contour(view, levels=levels)


@pytest.mark.parametrize("draw", [loss_contour, loss_surface])
def test_a_path_is_the_parameters_of_a_walk(draw: object, view: Landscape) -> None:
    whole = nne.descend(NET, X, Y, steps=3)
    for path, message in (
        (whole, "path must hold the parameters of a walk, got a whole Trajectory; pass its .param"),
        (whole.parameters[0], r"path must have shape \(T, 11\), .* w14, .*; got \(11,\)"),
        ([[1, 2]], r"path must have shape \(T, 11\), .*; got \(1, 2\)"),
        (np.empty((0, 11)), r"path must have shape \(T, 11\), .*; got \(0, 11\)"),
    ):
        with pytest.raises(nne.NnexplainError, match=message):
            draw(view, path)


def test_marked_places_are_a_list_of_places(saddle: Landscape) -> None:
    found = critical_points_in(saddle)
    for given, message in (
        (found, "critical must be a list of places, got CriticalPoints; pass its .points"),
        (found.points[0], "critical must be a list of places, got Curvature; pass a list of them"),
        ([saddle], "critical must hold what nne.curvature returns, got Landscape"),
    ):
        with pytest.raises(nne.NnexplainError, match=message):
            loss_contour(saddle, critical=given)


@pytest.mark.parametrize("draw", [loss_contour, loss_surface])
def test_small_files_in_colours_of_roles(draw: object, view: Landscape) -> None:
    figure = draw(view, walk(NET)).figure
    svg = themed_svg(figure, "view")
    assert len(svg) < 45_000
    assert set(re.findall(r"#[0-9a-f]{6}\b", svg)) == set()
    assert svg == themed_svg(draw(view, walk(NET)).figure, "view")


@pytest.mark.parametrize("draw", [loss_contour, loss_surface])
def test_given_axes_are_used(draw: object, view: Landscape) -> None:
    ax = Figure().add_subplot()
    assert draw(view, ax=ax) is ax
    assert ROLES["forward"].light in {colour for p in ax.patches for colour in [_hex(p)]}


def _hex(patch: PathPatch) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in patch.get_edgecolor()[:3])
