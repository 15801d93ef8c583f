"""Real ground as a map: a measured hillside in shades, and the ways of walkers on it."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import cbook
from matplotlib.axes import Axes
from matplotlib.colors import LightSource

from nnexplain.errors import NnexplainError
from nnexplain.experiments.terrain import DEGREE, Elevation, Walks
from nnexplain.figures.chart import TEXT_SIZE, chart, clear, write
from nnexplain.figures.describe import Description, describe
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

Array = npt.NDArray[np.float64]
_FILE = "jacksboro_fault_dem.npz"
# The shading: so many shades, how strong the strongest is, how many points share one to each side.
_SHADES, _STRENGTH, _DRAWN = 16, 0.7, 2
# A walk is drawn through places that are at least so many metres apart.
_STRIDE = 120.0


@cache
def jacksboro() -> Elevation:
    """Return the heights around the Jacksboro fault that matplotlib ships with its examples.

    The file holds 344 x 403 heights in whole metres, 1/1200 of a degree apart, at about 36.6° north
    and 84.2° west, on the border of Kentucky and Tennessee. The metres between them follow from the
    degrees: a degree to the north is a 360th of the Earth's circumference, and one to the east is
    shorter by the cosine of the latitude. Raises `NnexplainError` where matplotlib was installed
    without its sample data.

    >>> jacksboro().heights.shape, round(jacksboro().east), round(jacksboro().north)
    ((344, 403), 74, 93)
    """
    try:
        file: Any = cbook.get_sample_data(_FILE)
    except FileNotFoundError as error:
        raise NnexplainError(
            f"matplotlib is installed here without its sample data ({_FILE}); "
            "install it from its wheel: pip install --force-reinstall matplotlib"
        ) from error
    with file:
        # The first row of the file is the northernmost one.
        heights = file["elevation"][::-1].astype(float)
        spacing = float(file["dx"]), float(file["dy"])
        latitude = float(file["ymin"] + file["ymax"]) / 2
    heights.flags.writeable = False
    east = spacing[0] * DEGREE * float(np.cos(np.radians(latitude)))
    return Elevation(
        heights, east, spacing[1] * DEGREE,
        place="the Jacksboro fault, Kentucky and Tennessee",
        source="sample data of matplotlib, under matplotlib's licence",
    )  # fmt: skip


def walkers(walks: Walks, elevation: Elevation, ax: Axes | None = None) -> Axes:
    """Draw the ways of walkers over the shaded ground, from ○ to ●, with the heights of their ends.

    `walks` must be on a ground made from `elevation`. Walkers are called A, B, C, ...

    >>> from nnexplain.experiments.terrain import ground, walk
    >>> from nnexplain.figures.terrain import jacksboro
    >>> walkers(walk(ground(jacksboro()), [[15500, 7500]], steps=50), jacksboro()).get_xlabel()
    'km to the east'
    """
    ax = chart(ax, x="km to the east", y="km to the north", height=360)
    ax.grid(visible=False)
    _shade(ax, walks, elevation)
    ax.set_aspect("equal")
    places = walks.paths / 1000
    for p, name in enumerate(_names(walks)):
        way = _thinned(places[:, p])
        for role, width in (("surface", 4.0), ("backward", 2.0)):
            ax.plot(*way.T, color=ROLES[role].light, linewidth=width, solid_capstyle="round")
        colour = ROLES["backward"].light
        ax.plot(*way[0], "o", color=colour, markerfacecolor=ROLES["surface"].light, markersize=7)
        ax.plot(*way[-1], "o", color=colour, markersize=7)
        _say(ax, way[0], name, -8 if p % 2 == 0 else 8)
    ends = {int(v): p for p, v in enumerate(walks.valleys.tolist())}
    for p in ends.values():
        side = 8 if places[-1, p, 0] > places[0, p, 0] else -8
        _say(ax, places[-1, p], f"{walks.heights[-1, p]:.0f} m", side)
    return describe(ax, _words(walks))


def _shade(ax: Axes, walks: Walks, elevation: Elevation) -> None:
    """Lay shade and light over the page: black where the ground turns from the sun, white to it.

    On a light page one sees the shade, on a dark page the light: relief on both.
    """
    # The sun stands in the north-west; rows run from south to north here, from the top there.
    light = LightSource(315, 45).hillshade(
        elevation.heights[::-1], vert_exag=2, dx=elevation.east, dy=elevation.north
    )[::-1]
    level = float(np.sin(np.radians(45)))
    turned = _averaged((light - level) / np.where(light > level, 1 - level, level))
    steps = np.round(turned * _SHADES) / _SHADES
    image = np.empty((*steps.shape, 4))
    image[..., :3] = (steps > 0)[..., None]
    image[..., 3] = np.abs(steps) * _STRENGTH
    # The first control point of the ground is the middle of the first square of the map.
    cell = np.array([elevation.east, elevation.north])
    low = (cell - (walks.ground.east, walks.ground.north)) / 2 - cell / 2
    high = low + cell * _DRAWN * steps.shape[::-1]
    west, south, east, north = (np.concatenate([low, high]) / 1000).tolist()
    ax.imshow(image, extent=(west, east, south, north), origin="lower", interpolation="none",
              zorder=0)  # fmt: skip


def _averaged(values: Array) -> Array:
    """Return the means of squares of points; a last odd row or column is left out."""
    rows, columns = (count // _DRAWN for count in values.shape)
    whole = values[: rows * _DRAWN, : columns * _DRAWN]
    means: Array = whole.reshape(rows, _DRAWN, columns, _DRAWN).mean(axis=(1, 3))
    return means


def _thinned(way: Array) -> Array:
    """Leave out places that are nearer than a stride to the one before; keep both ends."""
    kept = [0]
    for k in range(1, len(way)):
        if np.linalg.norm(way[k] - way[kept[-1]]) * 1000 >= _STRIDE:
            kept.append(k)
    return way[[*kept, len(way) - 1]]


def _say(ax: Axes, at: Array, words: str, dx: float) -> None:
    text = write(ax, at[0], at[1], words, dx=dx, ha="left" if dx > 0 else "right")
    clear(text, alpha=0.75)
    text.set(fontsize=TEXT_SIZE, fontweight="bold")


def _names(walks: Walks) -> list[str]:
    return [chr(ord("A") + p) for p in range(walks.paths.shape[1])]


def _words(walks: Walks) -> Description:
    rows = []
    for p, name in enumerate(_names(walks)):
        start, end = (f"{h:.0f}" for h in walks.heights[[0, -1], p])
        rows.append((name, start, end, format_number(round(walks.lengths[p] / 1000, 1))))
    listed = "; ".join(f"{n} from {s} m down to {e} m in {km} km" for n, s, e, km in rows)
    return Description(
        alt=f"A shaded map of hills, cut by a long straight ridge. Walkers go downhill: {listed}.",
        caption="Walkers who always take the steepest way down, from ○ to ●, on measured ground: "
        "the Jacksboro fault. The number is the height at which they come to rest.",
        table=(("walker", "starts at (m)", "ends at (m)", "walked (km)"), *rows),
    )
