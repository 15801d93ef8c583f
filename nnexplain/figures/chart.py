"""Axes for curves and points in the one visual language: quiet frame, named axes, labelled curves.

Sheets are 360 points wide: on a phone a point is then about a pixel, and text stays readable.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FuncFormatter, NullLocator

from nnexplain.figures.sketch import FONT, ShownAxes
from nnexplain.numbers import format_number, superscript
from nnexplain.palette import ROLES

WIDTH = 360.0
TEXT_SIZE = 10.0


def chart(ax: Axes | None, *, x: str, y: str, height: float = 220.0, title: str = "") -> Axes:
    """Return `ax`, or new axes on a sheet 360 x `height` points, styled and named.

    `x` and `y` name the axes; the name of y stands above it, upright, where it is read first.

    >>> chart(None, x="z", y="a").get_xlabel()
    'z'
    """
    if ax is None:
        ax = sheet(1, height=height)[0]
    muted, grid = ROLES["muted"].light, ROLES["grid"].light
    ax.set_facecolor("none")
    ax.grid(visible=True, color=grid, linewidth=0.6)
    ax.set_axisbelow(True)
    for side, spine in ax.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(grid)
    ax.tick_params(colors=muted, labelsize=TEXT_SIZE - 1, length=0, labelfontfamily=FONT)
    # Where both axes begin, one number stands beside the corner and one below it.
    ax.tick_params(axis="x", pad=6)
    style: dict[str, Any] = {"color": muted, "fontsize": TEXT_SIZE, "fontfamily": FONT}
    ax.set_xlabel(x, loc="right", **style)
    ax.set_ylabel("")
    # Otherwise a place is sought, beside all its ticks, for what is empty.
    ax.yaxis.set_label_coords(0, 0)
    ax.annotate(y, (0, 1), (0, 6), xycoords="axes fraction", textcoords="offset points", **style)
    if title:
        bold = {**style, "color": ROLES["ink"].light, "fontweight": "bold"}
        ax.set_title(title, loc="left", pad=22, **bold)
    return ax


def sheet(count: int, *, height: float = 220.0, columns: int = 1) -> Sequence[Axes]:
    """Return `count` axes on one sheet 360 points wide, `columns` side by side, `height` each.

    >>> len(sheet(4, columns=2))
    4
    """
    rows = -(-count // columns)
    size, light = (WIDTH / 72, height * rows / 72), ROLES["surface"].light
    figure = Figure(figsize=size, layout="constrained", facecolor=light)
    grid = figure.subplots(rows, columns, squeeze=False, subplot_kw={"axes_class": ShownAxes})
    axes = list(grid.flat)
    for extra in axes[count:]:
        extra.remove()
    return axes[:count]


def curve(ax: Axes, x: Sequence[float], y: Sequence[float], role: str, label: str = "") -> Line2D:
    """Draw a line in the colour and dash of a role and write `label` at its end.

    >>> curve(chart(None, x="z", y="a"), [0, 1], [0, 1], "backward").is_dashed()
    True
    """
    given = ROLES[role]
    dash = (0.0, given.dash) if given.dash else "-"
    (line,) = ax.plot(x, y, color=given.light, linewidth=2.0, linestyle=dash)
    if label:
        write(ax, x[-1], y[-1], label, role)
    return line


def apart(places: Sequence[float], gap: float = 12.5) -> list[float]:
    """Return how far up the label at each place moves, so that neighbours are `gap` apart.

    Places and results are heights in points of paper, `gap` the height of a line of text.

    >>> apart([0, 40, 2])
    [0.0, 0.0, 10.5]
    """
    lifts, free = [0.0] * len(places), -math.inf
    for k in sorted(range(len(places)), key=places.__getitem__):
        place = max(float(places[k]), free)
        lifts[k], free = place - places[k], place + gap
    return lifts


def power_of_ten(value: float, *, raised: bool = False) -> str:
    """Return a power of ten as a tick says it: no 1 in front where it is written as a power.

    The last digit of a tick may be off: 10 to the whole number nearest to its logarithm is meant.
    With `raised`, all but 1 and 10 are written as powers.

    >>> power_of_ten(0.01), power_of_ten(1.0000000000000001e-23), power_of_ten(0.01, raised=True)
    ('0.01', '10⁻²³', '10⁻²')
    """
    exponent = round(math.log10(value))
    if raised and exponent not in (0, 1):
        return f"10{superscript(exponent)}"
    return format_number(float(f"1e{exponent}")).removeprefix("1 × ")


def in_powers(ax: Axes, *axes: Axis) -> None:
    """Put axes, both if none is named, on a scale of powers of ten, with a tick at each.

    An axis over more than ten of them writes all its ticks as powers.

    >>> ax = chart(None, x="step", y="J")
    >>> in_powers(ax, ax.yaxis)
    >>> ax.get_xscale(), ax.get_yscale()
    ('linear', 'log')
    """
    for axis in axes or (ax.xaxis, ax.yaxis):
        (ax.set_xscale if axis is ax.xaxis else ax.set_yscale)("log")
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(partial(_tick, axis)))


def _tick(axis: Axis, value: float, _place: int | None) -> str:
    low, high = axis.get_view_interval()
    return power_of_ten(value, raised=high > 1e10 * low)


def write(
    ax: Axes, x: float, y: float, text: str, role: str = "ink", *, dx: float = 4.0, dy: float = 0.0,
    ha: str = "left",
) -> Annotation:  # fmt: skip
    """Write `text` beside the point (x, y) of the data, in the colour of a role.

    `dx` and `dy` are points of paper; `ha` says which side of the text is anchored.
    """
    return ax.annotate(
        text, (x, y), (dx, dy), textcoords="offset points", ha=ha, va="center",
        annotation_clip=False, color=ROLES[role].light, fontsize=TEXT_SIZE, fontfamily=FONT,
    )  # fmt: skip


def clear(text: Text, *, pad: float = 1.0, alpha: float | None = None) -> None:
    """Cover what lies behind a text, such as a line of equal J, with the colour of the page.

    `pad` is the margin in points of paper; with `alpha` below 1 a trace of it stays.
    """
    text.set_bbox(
        {"facecolor": ROLES["surface"].light, "edgecolor": "none", "pad": pad, "alpha": alpha}
    )
