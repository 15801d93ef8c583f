"""J over a plane as a surface: strips one behind the other, each hiding what lies behind it.

Two dozen strips with their net of lines show the shape in a small part of the bytes that a shaded
surface takes, and need three colours, all of the palette.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from nnexplain.errors import NnexplainError
from nnexplain.figures.describe import Description, describe
from nnexplain.figures.given import walked
from nnexplain.figures.landscape_words import (
    axis_name,
    extent,
    grid_table,
    walk_alt,
    walk_caption,
    what_rests,
)
from nnexplain.figures.sketch import Sketch, Words
from nnexplain.landscape import Landscape
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

Array = npt.NDArray[np.float64]
# The sheet in points: its size, the front left corner of the floor, the floor's width, how far its
# back is shifted, and the height of the highest J.
_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 360.0, 280.0, 58.0, 54.0
_ACROSS, _SHIFT, _RISE, _TALL = 184.0, 84.0, 74.0, 130.0
# Strips from front to back, points along each, and at every how many of them a line runs back.
_STRIPS, _PLACES, _NET = 18, 37, 3
_SMALL = 8.5


def loss_surface(
    view: Landscape, path: npt.ArrayLike | None = None, *, ax: Axes | None = None
) -> Axes:
    """Draw J over a plane as a surface seen from above, the lower of its two ends in front.

    Arguments:
        view: the result of `nnexplain.landscape`.
        path: parameters (T, count) of a walk; drawn on the surface above its shadow on the plane.
        ax: axes to draw on; a new figure is made if it is left out.

    Raises `NnexplainError` for a view with a J that is not finite and for a path of another shape.

    >>> import nnexplain as nne
    >>> net = nne.Network([1, 1], "identity", {"w12": 2, "b2": 5})
    >>> loss_surface(nne.landscape(net, [1], 7, "w12", "b2", points=5)).get_xlim()
    (np.float64(0.0), np.float64(360.0))

    """
    if not np.isfinite(view.loss).all():
        raise NnexplainError(
            "a surface needs a finite J everywhere; choose ranges in which J does not overflow"
        )
    points = None if path is None else walked(view, path)
    sketch = Sketch(ax, _WIDTH, _HEIGHT)
    range_ = _Range(view)
    _draw_scales(sketch, view, range_)
    walk = np.empty((0, 2)) if points is None else range_.inside(view.project(points))
    _draw_sheet(sketch, range_, walk)
    alt, caption = f"A surface of {extent(view)}", [what_rests(view)]
    if points is not None:
        alt += " " + walk_alt(view, points)
        caption.append(walk_caption(view, points))
    return describe(sketch.ax, Description(alt, " ".join(caption), grid_table(view)))


class _Range:
    """Where points of the plane and heights stand on the sheet."""

    def __init__(self, view: Landscape) -> None:
        self.view = view
        self.low, self.high = float(view.loss.min()), float(view.loss.max())
        # The lower end of the second axis comes to the front, where it hides less.
        self.turned = bool(view.loss[:, 0].mean() > view.loss[:, -1].mean())

    def across(self, first: Array) -> Array:
        """0 at the left and 1 at the right."""
        ends = self.view.first[[0, -1]]
        return np.asarray((first - ends[0]) / (ends[1] - ends[0]))

    def back(self, second: Array) -> Array:
        """0 at the front and 1 at the back."""
        near, far = self.view.second[[-1, 0] if self.turned else [0, -1]]
        return np.asarray((second - near) / (far - near))

    def plane(self, across: Array, back: Array) -> tuple[Array, Array]:
        """Return the coordinates of places across and back."""
        left, right = self.view.first[[0, -1]]
        near, far = self.view.second[[-1, 0] if self.turned else [0, -1]]
        return left + across * (right - left), near + back * (far - near)

    def at(self, across: Array, back: Array, loss: Array) -> Array:
        """Return places on the sheet, (..., 2)."""
        height = (loss - self.low) / ((self.high - self.low) or 1.0)
        x = _LEFT + _ACROSS * across + _SHIFT * back
        y = _BOTTOM + _RISE * back + _TALL * height
        return np.stack(np.broadcast_arrays(x, y), axis=-1)

    def inside(self, walk: Array) -> Array:
        """Return the part of a walk up to where it leaves the picture."""
        ends = ((self.view.first, walk[:, 0]), (self.view.second, walk[:, 1]))
        within = np.all([(v[0] <= c) & (c <= v[-1]) for v, c in ends], axis=0)
        return walk if within.all() else walk[: int(within.argmin())]

    def loss(self, first: Array, second: Array) -> Array:
        """J between the grid points, by straight lines in both directions."""
        view = self.view
        i = np.clip(np.searchsorted(view.first, first) - 1, 0, len(view.first) - 2)
        j = np.clip(np.searchsorted(view.second, second) - 1, 0, len(view.second) - 2)
        u = (first - view.first[i]) / (view.first[i + 1] - view.first[i])
        v = (second - view.second[j]) / (view.second[j + 1] - view.second[j])
        J = view.loss
        near = (1 - v) * J[i, j] + v * J[i, j + 1]
        far = (1 - v) * J[i + 1, j] + v * J[i + 1, j + 1]
        return np.asarray((1 - u) * near + u * far)


def _draw_sheet(sketch: Sketch, range_: _Range, walk: Array) -> None:
    """Draw strips from the back to the front, the walk between them, then the walls in front."""
    across, back = np.linspace(0, 1, _PLACES), np.linspace(0, 1, _STRIPS + 1)
    ridges = range_.at(across, back[:, None], range_.loss(*range_.plane(across, back[:, None])))
    steps = range_.back(walk[:, 1])
    for k in range(_STRIPS - 1, -1, -1):
        _draw_strip(sketch, ridges[k], ridges[k + 1])
        # The front edge belongs to the first strip, every other edge to the strip behind it.
        here = (back[k] < steps) & (steps <= back[k + 1]) | ((k == 0) & (steps == 0))
        _draw_walk(sketch, range_, walk, here)
    for edge, ends in ((ridges[0], ((1.0, 0.0), (0.0, 0.0))), (ridges[:, -1], ((1, 1), (1, 0)))):
        floor = [range_.at(np.array(a), np.array(b), np.array(range_.low)) for a, b in ends]
        _draw(sketch, Path([*edge, *floor]), "surface")
    if len(walk):
        _draw_ends(sketch, range_, walk)


def _draw_strip(sketch: Sketch, front: Array, behind: Array) -> None:
    """Draw a strip of the surface and the lines of the net that cross it, in one path."""
    rim = Path([*front, *behind[::-1], front[0]])
    lines = [Path([front[i], behind[i]]) for i in range(_NET, _PLACES - 1, _NET)]
    _draw(sketch, Path.make_compound_path(rim, *lines), "soft")


def _draw(sketch: Sketch, path: Path, face: str) -> None:
    sketch.ax.add_patch(
        PathPatch(
            path, facecolor=ROLES[face].light, edgecolor=ROLES["forward"].light,
            linewidth=0.6 * sketch.scale, clip_on=False, zorder=1,
        )
    )  # fmt: skip


def _places(range_: _Range, walk: Array) -> Array:
    height = range_.loss(walk[:, 0], walk[:, 1])
    return range_.at(range_.across(walk[:, 0]), range_.back(walk[:, 1]), height)


def _draw_walk(sketch: Sketch, range_: _Range, walk: Array, here: npt.NDArray[np.bool_]) -> None:
    """Draw the pieces of a walk that lie on one strip, each with the step that leaves it."""
    steps = np.flatnonzero(here)
    for piece in np.split(steps, np.flatnonzero(np.diff(steps) > 1) + 1):
        if piece.size:
            places = _places(range_, walk[piece[0] : piece[-1] + 2])
            sketch.ax.add_line(
                Line2D(*places.T, color=ROLES["backward"].light, linewidth=2.0 * sketch.scale,
                       clip_on=False, zorder=1)
            )  # fmt: skip


def _draw_ends(sketch: Sketch, range_: _Range, walk: Array) -> None:
    colour = ROLES["backward"].light
    for place, face in zip(_places(range_, walk[[0, -1]]), ("surface", "backward"), strict=True):
        sketch.ax.plot(*place, "o", color=colour, markerfacecolor=ROLES[face].light,
                       markersize=7 * sketch.scale, clip_on=False, zorder=3)  # fmt: skip


def _draw_scales(sketch: Sketch, view: Landscape, range_: _Range) -> None:
    """Write the ends of the three scales and the names of the axes."""

    def say(across: float, back: float, loss: float, text: str, shift: tuple[float, float],
            ha: str) -> None:  # fmt: skip
        x, y = range_.at(np.array(across), np.array(back), np.array(loss))
        sketch.words((x + shift[0], y + shift[1]), Words(text, "muted", _SMALL), ha)

    low, high = range_.low, range_.high
    for loss in (low, high) if high > low else (low,):
        say(0, 0, loss, format_number(loss, 2), (-5, 2), "right")
    say(0, 0, high, "J", (-5, 15), "right")
    base, top = (tuple(range_.at(np.array(0.0), np.array(0.0), np.array(v))) for v in (low, high))
    sketch.line(base, top, "grid")
    near, far = view.second[[-1, 0] if range_.turned else [0, -1]].tolist()
    say(0, 0, low, format_number(float(view.first[0]), 3), (0, -9), "center")
    say(1, 0, low, format_number(float(view.first[-1]), 3), (-4, -9), "center")
    say(1, 0, low, format_number(near, 3), (8, 2), "left")
    say(1, 1, low, format_number(far, 3), (5, 2), "left")
    for row, (arrow, axis) in enumerate((("→", 0), ("↗", 1))):
        line = Words(f"{arrow} {axis_name(view, axis)}", "muted", _SMALL + 0.5)
        sketch.words((_LEFT, _BOTTOM - 28 - 14 * row), line, "left")
