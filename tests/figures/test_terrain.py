"""The map of lesson 7: where things stand, and that its picture lies exactly under them."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib import cbook

from nnexplain.errors import NnexplainError
from nnexplain.experiments.terrain import Walks, ground, walk
from nnexplain.figures import description, walkers
from nnexplain.figures.svg import themed_svg
from nnexplain.figures.terrain import jacksboro
from nnexplain.palette import ROLES

STARTS = [(15500, 7500), (16000, 7500)]


def two_walks() -> Walks:
    return walk(ground(jacksboro()), STARTS, steps=2000)


def test_the_map_is_the_file_from_south_to_north() -> None:
    with cbook.get_sample_data("jacksboro_fault_dem.npz") as file:
        heights = file["elevation"]
        south, north = float(file["ymax"]), float(file["ymin"])
    assert south < north, "the file calls its northern edge ymin"
    elevation = jacksboro()
    assert np.array_equal(elevation.heights[0], heights[-1])
    # A nautical mile is a minute of latitude, 1852 m.
    assert elevation.north == pytest.approx(1852 * 60 / 1200, rel=1e-3)
    assert elevation.east / elevation.north == pytest.approx(np.cos(np.radians(36.59)), rel=1e-4)
    with pytest.raises(ValueError, match="read-only"):
        elevation.heights[0, 0] = 0


def test_a_missing_map_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise FileNotFoundError(name)

    jacksboro.cache_clear()
    monkeypatch.setattr(cbook, "get_sample_data", missing)
    with pytest.raises(NnexplainError, match="without its sample data"):
        jacksboro()


def test_walks_are_drawn_from_start_to_end() -> None:
    walks = two_walks()
    ax = walkers(walks, jacksboro())
    ways = [line for line in ax.lines if line.get_color() == ROLES["backward"].light][::3]
    for p, line in enumerate(ways):
        drawn = line.get_xydata()
        assert drawn[0] == pytest.approx(np.array(STARTS[p]) / 1000)
        assert drawn[-1] == pytest.approx(walks.paths[-1, p] / 1000)
    words = [text.get_text() for text in ax.texts]
    assert words[-2:] == ["518 m", "297 m"]
    assert {"A", "B"} < set(words)


def test_the_picture_lies_under_the_walks() -> None:
    ax = walkers(two_walks(), jacksboro())
    (image,) = ax.images
    west, east, south, north = image.get_extent()
    rows, columns = image.get_array().shape[:2]
    elevation = jacksboro()
    assert (east - west) * 1000 == pytest.approx(2 * columns * elevation.east)
    assert (north - south) * 1000 == pytest.approx(2 * rows * elevation.north)
    # The middle of the first square of 12 points is 6 points from its edge.
    assert west * 1000 == pytest.approx(-6 * elevation.east)
    assert south * 1000 == pytest.approx(-6 * elevation.north)


def test_the_picture_keeps_its_scale_in_the_page() -> None:
    ax = walkers(two_walks(), jacksboro())
    svg = themed_svg(ax.figure, "map")
    (tag,) = re.findall(r"<image [^>]*?/>", svg)
    assert len(svg) < 80_000
    assert "image-rendering" not in tag
    a, _, _, d, left, top = map(float, re.findall(r"matrix\(([^)]*)\)", tag)[0].split())
    width = float(re.findall(r'width="(\d+)"', tag)[0])
    height = float(re.findall(r'height="(\d+)"', tag)[0])
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    corners = ax.transData.transform([(x0, y0), (x1, y1)]) * 72 / ax.figure.dpi
    bottom = ax.figure.bbox.height * 72 / ax.figure.dpi
    assert [left, left + a * width] == pytest.approx(corners[:, 0], abs=0.01)
    assert sorted([top, top + d * height]) == pytest.approx(
        sorted(bottom - corners[:, 1]), abs=0.01
    )


def test_words() -> None:
    words = description(walkers(two_walks(), jacksboro()))
    assert "A from 823 m down to 518 m" in words.alt
    assert words.table[2][:3] == ("B", "846", "297")
