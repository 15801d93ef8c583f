"""A sheet of paper: drawing in points on any axes, with boxes that know what they overlap.

Layout is done in points of a sheet of fixed size. On axes of another size everything, text
included, is scaled together, so that what does not overlap on the sheet never overlaps. Text is one
line an artist, anchored left, centred or right: its width may then differ between fonts, as it
does when a page shows the figure in its own font.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Patch, Polygon, Rectangle
from matplotlib.textpath import text_to_path

from nnexplain.errors import NnexplainError
from nnexplain.figures.ground import ground, is_dark
from nnexplain.figures.svg import html_image
from nnexplain.palette import ROLES

Point = tuple[float, float]
TEXT_SIZE = 10.0
LINE_HEIGHT = 13.5
ROW_GAP = 12.0  # between texts side by side
# The figures' own font for measuring and for downloads; it ships with matplotlib, so that a foreign
# style moves nothing. A page replaces it by its own.
FONT = "DejaVu Sans"


@dataclass(frozen=True)
class Words:
    """One line of text with the role that colours it."""

    text: str
    role: str = "ink"
    size: float = TEXT_SIZE
    bold: bool = False

    @property
    def font(self) -> FontProperties:
        """The font it is measured and drawn with; a backward signal is slanted."""
        return FontProperties(
            family=FONT,
            size=self.size,
            weight="bold" if self.bold else "normal",
            style="italic" if self.role == "backward" else "normal",
        )

    @cached_property
    def width(self) -> float:
        """The width in points."""
        width, _, _ = text_to_path.get_text_width_height_descent(self.text, self.font, False)
        return float(width)


@dataclass(frozen=True)
class Box:
    """An upright rectangle: left, bottom, right, top in points."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def centre(self) -> Point:
        """The middle."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    def overlaps(self, other: Box) -> bool:
        """Return whether two boxes share more than an edge.

        >>> Box(0, 0, 2, 2).overlaps(Box(1, 1, 3, 3)), Box(0, 0, 1, 1).overlaps(Box(1, 0, 2, 1))
        (True, False)
        """
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )

    def covered(self, start: Point, end: Point) -> float:
        """Return the length of the part of a segment that lies inside (Liang-Barsky clipping).

        >>> Box(0, 0, 1, 1).covered((-1, 0.5), (3, 0.5))
        1.0
        """
        (x, y), dx, dy = start, end[0] - start[0], end[1] - start[1]
        enter, leave = 0.0, 1.0
        for step, low, high in ((dx, self.left - x, self.right - x),
                                (dy, self.bottom - y, self.top - y)):  # fmt: skip
            if step == 0:
                if low > 0 or high < 0:
                    return 0.0
                continue
            near, far = sorted((low / step, high / step))
            enter, leave = max(enter, near), min(leave, far)
        return max(0.0, leave - enter) * math.hypot(dx, dy)


def blocks(at: Point, lines: Sequence[Words], ha: str = "center", pad: float = 1.0) -> list[Box]:
    """Return a box for each of several lines stacked downwards.

    `at` is where the stack is anchored: its left, centre or right, and its middle in height. `pad`
    widens the boxes on both sides.
    """
    top = at[1] + LINE_HEIGHT * len(lines) / 2
    boxes = []
    for k, line in enumerate(lines):
        width = line.width
        left = at[0] - {"left": 0.0, "center": 0.5, "right": 1.0}[ha] * width
        high = top - LINE_HEIGHT * k
        boxes.append(Box(left - pad, high - LINE_HEIGHT, left + width + pad, high))
    return boxes


def rows(parts: Sequence[Words], width: float) -> list[list[Words]]:
    """Break texts that stand side by side into rows no wider than `width`."""
    result: list[list[Words]] = []
    used = math.inf
    for part in parts:
        if used + part.width > width:
            result.append([])
            used = 0.0
        result[-1].append(part)
        used += part.width + ROW_GAP
    return result


class Sketch:
    """A sheet of `width` by `height` points on `ax`, or on a new figure of just that size.

    On a figure with a dark ground the roles take their dark colours.
    """

    def __init__(self, ax: Axes | None, width: float, height: float) -> None:
        self.ax = _fresh_axes(width, height) if ax is None else _checked(ax)
        self.width, self.height = width, height
        box, dpi = self.ax.get_window_extent(), self.ax.figure.dpi
        self.scale = min(box.width / width, box.height / height) * 72 / dpi
        self.ax.set(xlim=(0, width), ylim=(0, height), aspect="equal")
        self.ax.set_axis_off()
        behind = ground(self.ax)
        dark = is_dark(behind)
        self.colours = {name: role.dark if dark else role.light for name, role in ROLES.items()}
        # What covers a line must look like the ground, whatever colour a style gives it.
        self.colours["surface"] = behind

    def line(self, start: Point, end: Point, role: str, width: float = 1.0) -> None:
        """Draw a straight line in the role's colour and dash."""
        dash = ROLES[role].dash
        self.ax.add_line(
            Line2D(
                [start[0], end[0]],
                [start[1], end[1]],
                color=self.colours[role],
                linewidth=width * self.scale,
                linestyle=(0, dash) if dash else "-",
                marker="none",
                solid_capstyle="butt",
                clip_on=False,
                zorder=1,
            )
        )

    def arrow(self, start: Point, end: Point, role: str, width: float = 1.0) -> None:
        """Draw a line with a filled head at `end`."""
        dx, dy = end[0] - start[0], end[1] - start[1]
        length = math.hypot(dx, dy)
        ux, uy = dx / length, dy / length
        long, half = 4 + 1.6 * width, 1.4 + 0.8 * width
        neck = (end[0] - long * ux, end[1] - long * uy)
        self.line(start, neck, role, width)
        corners = [
            end,
            (neck[0] - half * uy, neck[1] + half * ux),
            (neck[0] + half * uy, neck[1] - half * ux),
        ]
        self.polygon(corners, face=role, edge=None)

    def circle(self, centre: Point, radius: float, role: str, width: float = 1.0) -> None:
        """Draw a unit: a ring in the role's colour around a soft face."""
        self._add(Circle(centre, radius), "soft", role, width)

    def polygon(
        self, corners: Sequence[Point], face: str, edge: str | None, width: float = 1.0
    ) -> None:
        """Draw a filled polygon."""
        self._add(Polygon(corners), face, edge, width)

    def bar(self, box: Box, face: str) -> None:
        """Draw a filled rectangle."""
        self._add(_rectangle(box), face, None, 0)

    def clear(self, box: Box) -> None:
        """Cover what lies under a box with the colour of the page."""
        self._add(_rectangle(box), "surface", None, 0, zorder=2)

    def words(self, at: Point, words: Words, ha: str = "center") -> None:
        """Write one line whose middle in height is at `at`."""
        # A baseline of our own: matplotlib's centring would follow each text's own glyphs, and
        # neighbouring lines would dance.
        self.ax.text(
            at[0],
            at[1] - 0.36 * words.size,
            words.text,
            color=self.colours[words.role],
            fontproperties=_scaled(words.font, self.scale),
            ha=ha,
            va="baseline",
            zorder=4,
            parse_math=False,
            usetex=False,
        )

    def stack(self, at: Point, lines: Sequence[Words], ha: str = "center") -> None:
        """Write lines downwards around `at` on cleared ground."""
        boxes = blocks(at, lines, ha)
        for box, line in zip(boxes, lines, strict=True):
            self.clear(box)
            self.words((at[0], box.centre[1]), line, ha)

    def row(self, left: float, y: float, parts: Sequence[Words]) -> None:
        """Write texts side by side from `left` on."""
        for part in parts:
            self.words((left, y), part, "left")
            left += part.width + ROW_GAP

    def _add(
        self, patch: Patch, face: str, edge: str | None, width: float, zorder: float = 3
    ) -> None:
        patch.set(
            facecolor=self.colours[face],
            edgecolor=self.colours[edge] if edge else "none",
            linewidth=width * self.scale if edge else 0,
            zorder=zorder,
        )
        self.ax.add_patch(patch)
        # add_patch clips to the axes, which would only make the file longer.
        patch.set_clip_on(False)


def _rectangle(box: Box) -> Rectangle:
    return Rectangle((box.left, box.bottom), box.right - box.left, box.top - box.bottom)


def _scaled(font: FontProperties, scale: float) -> FontProperties:
    font.set_size(font.get_size_in_points() * scale)
    return font


def _fresh_axes(width: float, height: float) -> Axes:
    # A Figure made without pyplot leaves no state behind and is freed with its axes.
    light = ROLES["surface"].light
    figure = Figure(figsize=(width / 72, height / 72), dpi=100, facecolor=light)
    figure.set_layout_engine("none")  # a style's tight layout would move the sheet
    return figure.add_axes((0, 0, 1, 1), axes_class=ShownAxes)


class ShownAxes(Axes):
    """Axes of a figure of their own, which a notebook shows, with its words, at a cell's end."""

    def _repr_html_(self) -> str:
        return html_image(self)


def _checked(ax: Axes) -> Axes:
    if not isinstance(ax, Axes):
        raise NnexplainError(
            f"ax must be matplotlib axes, got {type(ax).__name__}; "
            "leave it out for a new figure, or pass the second result of plt.subplots()"
        )
    return ax
