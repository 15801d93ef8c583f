"""J over a plane as a map, with the walk of a descent on it.

Only roles of the palette are used: height is a tint of one colour over the page's own, so that a
map follows the page into the dark. Few levels and shortened outlines keep the files small.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import SupportsIndex

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.contour import ContourSet
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from nnexplain.curvature import Curvature
from nnexplain.errors import NnexplainError, whole_number
from nnexplain.figures.chart import TEXT_SIZE, chart, clear, write
from nnexplain.figures.describe import Description, describe
from nnexplain.figures.given import places, walked
from nnexplain.figures.landscape_words import (
    axis_name,
    extent,
    grid_table,
    pair,
    walk_alt,
    walk_caption,
    what_rests,
)
from nnexplain.landscape import Landscape
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

Array = npt.NDArray[np.float64]
# How much of the colour of height each level adds.
_TINT = 0.11
# The map's usual size in points, by how much an outline may leave its true course there, and how
# far labels stay from the frame and from one another.
_MAP, _TOLERANCE, _EDGE, _APART = (320.0, 250.0), 0.3, 16.0, 13.0
_MARKS = {
    "minimum": "v",
    "valley": "v",
    "maximum": "^",
    "ridge": "^",
    "saddle": "X",
    "plateau": "_",
}


def loss_contour(
    view: Landscape,
    path: npt.ArrayLike | None = None,
    *,
    critical: Iterable[Curvature] = (),
    levels: SupportsIndex = 7,
    ax: Axes | None = None,
) -> Axes:
    """Draw J over a plane as a map: the darker the tint, the higher J.

    Arguments:
        view: the result of `nnexplain.landscape`.
        path: parameters (T, count) of a walk, for instance `Trajectory.parameters`; drawn is its
            shadow on the plane, from ○ to ●.
        critical: points to mark by their kind, for instance `critical_points_in(view).points`.
        levels: how many lines of equal J at most; they divide the map into parts of like size.
        ax: axes to draw on; a new figure is made if it is left out.

    Where J is the same everywhere, there is no line, and map and words say so. Raises
    `NnexplainError` for a view without any finite J, for a path of another shape, for what are no
    points, and for `levels` that are no whole number of 1 or more.

    >>> import nnexplain as nne
    >>> net = nne.Network([1, 1], "identity", {"w12": 2, "b2": 5})
    >>> loss_contour(nne.landscape(net, [1], 7, "w12", "b2", points=5)).get_xlabel()
    'w₁₂'

    """
    heights = _levels(view, levels)
    points = places(critical, "critical")
    walk = None if path is None else walked(view, path)
    ax = chart(ax, x=axis_name(view, 0), y=axis_name(view, 1), height=300)
    ax.grid(visible=False)
    ax.set(xlim=view.first[[0, -1]], ylim=view.second[[0, -1]])
    taken = [_mark(ax, view, point) for point in points]
    if walk is not None:
        taken += _draw_path(ax, view, walk)
    lines = [_draw_level(ax, view, height) for height in heights]
    for height, line in zip(heights, lines, strict=True):
        _label_level(ax, view, height, line, taken)
    if not heights:
        _write_level(ax, view)
    return describe(ax, _words(view, heights, walk, points))


def _levels(view: Landscape, levels: SupportsIndex) -> list[float]:
    """Return heights between which like parts of the grid lie, rounded to be read.

    None are there if J is the same everywhere.
    """
    count = whole_number(levels, "levels", 1)
    finite = view.loss[np.isfinite(view.loss)]
    if finite.size == 0:
        raise NnexplainError("a map needs a finite J; choose ranges in which J does not overflow")
    low, high = float(finite.min()), float(finite.max())
    wanted = np.quantile(finite, np.arange(1, count + 1) / (count + 1))
    rounded = {float(f"{height:.2g}") for height in wanted}
    inside = sorted(height for height in rounded if low < height < high)
    # Where nearly all of the map is at one height, its parts have no heights between them.
    return inside or ([low / 2 + high / 2] if low < high else [])


def _draw_level(ax: Axes, view: Landscape, height: float) -> Path:
    """Tint what lies above a height and draw the line where J has it; return the line."""
    top = float(view.loss[np.isfinite(view.loss)].max())
    # Where J overflows it is as high as the map goes; where it is nan there is no map.
    grid = (view.first, view.second, np.minimum(view.loss, top).T)
    above = _shortened(view, ax.contourf(*grid, [height, 2 * top - height], colors=["k"]))
    line = _shortened(view, ax.contour(*grid, [height], colors=["k"]))
    colour = ROLES["forward"].light
    ax.add_patch(PathPatch(above, facecolor=colour, alpha=_TINT, linewidth=0, zorder=1))
    ax.add_patch(PathPatch(line, fill=False, edgecolor=colour, linewidth=0.9, zorder=1.5))
    return line


def _shortened(view: Landscape, drawn: ContourSet) -> Path:
    """Take a contour off its axes; return it without the points that no eye would miss."""
    (outline,) = drawn.get_paths()
    drawn.remove()
    outline.simplify_threshold = _TOLERANCE
    sheet = _sheet(view)
    short = outline.cleaned(transform=sheet, simplify=True)
    # The last entry only says that the path ends.
    corners, codes = np.asarray(short.vertices)[:-1], np.asarray(short.codes)[:-1]
    return Path(sheet.inverted().transform(corners), codes)


def _sheet(view: Landscape) -> Affine2D:
    """From coordinates of the plane to points on a sheet as large as the map usually is."""
    ranges = [(values[0], values[-1] - values[0]) for values in (view.first, view.second)]
    (left, width), (bottom, height) = ranges
    return Affine2D().translate(-left, -bottom).scale(_MAP[0] / width, _MAP[1] / height)


def _label_level(ax: Axes, view: Landscape, height: float, line: Path, taken: list[Array]) -> None:
    """Write a height on its line, as far as possible from what is written or marked already."""
    sheet = _sheet(view)
    places = sheet.transform(line.vertices)
    inside = ((places > _EDGE) & (places < np.subtract(_MAP, _EDGE))).all(axis=1)
    if not inside.any():
        return
    places = places[inside]
    others = sheet.transform(np.array(taken)) if taken else np.full((1, 2), -1e3)
    apart = np.linalg.norm((places[:, None] - others) / (2.0, 1.0), axis=2).min(axis=1)
    # Labels are wider than high: a neighbour at the side is nearer than one above.
    if apart.max() < _APART:
        return
    at = sheet.inverted().transform(places[apart.argmax()])
    taken.append(at)
    text = write(ax, at[0], at[1], format_number(height), "muted", dx=0, ha="center")
    clear(text)
    text.set_fontsize(TEXT_SIZE - 1.5)


def _write_level(ax: Axes, view: Landscape) -> None:
    """Write on an empty map what J is everywhere."""
    x, y = (float(values[[0, -1]].mean()) for values in (view.first, view.second))
    write(ax, x, y, f"J = {_level(view)} everywhere", "muted", dx=0, dy=24, ha="center")


def _level(view: Landscape) -> str:
    return format_number(float(view.loss[np.isfinite(view.loss)][0]))


def _draw_path(ax: Axes, view: Landscape, path: Array) -> list[Array]:
    walk = view.project(path)
    colour = ROLES["backward"].light
    ax.plot(walk[:, 0], walk[:, 1], color=colour, linewidth=2.0, zorder=3)
    ax.plot(*walk[0], "o", color=colour, markerfacecolor=ROLES["surface"].light, markersize=7,
            zorder=3)  # fmt: skip
    # Larger than the mark of a critical point, which may lie on it.
    ax.plot(*walk[-1], "o", color=colour, markersize=10, zorder=3)
    return list(walk)


def _mark(ax: Axes, view: Landscape, point: Curvature) -> Array:
    at = view.project(point.network.vector)
    marker = _MARKS.get(point.kind, "o")
    ax.plot(*at, marker, color=ROLES["ink"].light, markersize=7, zorder=4)
    # On the right the name would leave the map.
    right = at[0] > view.first[0] + 0.75 * (view.first[-1] - view.first[0])
    dx, ha = (-8, "right") if right else (8, "left")
    clear(write(ax, at[0], at[1], point.kind, dx=dx, ha=ha), pad=0.5, alpha=0.75)
    return at


def _words(
    view: Landscape,
    heights: Sequence[float],
    path: Array | None,
    critical: Sequence[Curvature],
) -> Description:
    alt, caption = [f"A map of {extent(view)}"], [what_rests(view)]
    if heights:
        alt.append(f"Lines at J = {', '.join(map(format_number, heights))}.")
        caption.append("The stronger the tint, the higher J.")
    else:
        alt.append(f"There are no lines: J is {_level(view)} everywhere.")
        caption.append(f"J is {_level(view)} everywhere.")
    if path is not None:
        alt.append(walk_alt(view, path))
        caption.append(walk_caption(view, path))
    if critical:
        marked = "; ".join(_marked(view, point) for point in critical)
        alt.append(f"Marked within this plane: {marked}.")
    return Description(" ".join(alt), " ".join(caption), grid_table(view))


def _marked(view: Landscape, point: Curvature) -> str:
    return f"{point.kind} at {pair(view.project(point.network.vector))}, J = " + format_number(
        point.loss, 3
    )
