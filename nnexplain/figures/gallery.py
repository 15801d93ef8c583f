"""Every activation function of the package, f and f′, side by side in small views."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nnexplain.activations import Activation, activations
from nnexplain.arguments import activation_records
from nnexplain.errors import NnexplainError
from nnexplain.figures.chart import WIDTH, chart, curve, write
from nnexplain.figures.describe import Description, describe
from nnexplain.figures.sketch import ShownAxes
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

_REACH = 4.0
_LOW, _HIGH = -1.6, 3.4
_SLOPE_DASH = (0.0, (2.5, 1.6))
_COLUMNS, _VIEW, _MARGIN = 3, 112.0, 18.0  # points of paper


def activation_gallery(records: Iterable[str | Activation] | None = None) -> Axes:
    """Draw one small view for each record: f solid, f′ dashed, kinks and jumps as triangles below.

    All views have the same axes; the caption says whose slope leaves them. `records` or their names
    are all of `nnexplain.activations` by default. Raises `NnexplainError` for none.

    >>> ax = activation_gallery()
    >>> len(ax.figure.axes) == len(activations)
    True
    """
    shown = _checked(activations.values() if records is None else records)
    axes = _grid_of_views(len(shown))
    for ax, record in zip(axes, shown, strict=True):
        _view(ax, record)
    _name_the_curves(axes[0], shown[0])
    return describe(axes[0], _words(shown))


def _checked(records: Iterable[str | Activation]) -> tuple[Activation, ...]:
    given = list(records)
    if not given:
        raise NnexplainError("records must be at least one activation or its name, got none")
    return activation_records(given, len(given))


def _grid_of_views(count: int) -> list[Axes]:
    # Equal views at fixed places: nothing is left for a layout engine to decide.
    rows = -(-count // _COLUMNS)
    height = rows * _VIEW + _MARGIN
    figure = Figure(figsize=(WIDTH / 72, height / 72), facecolor=ROLES["surface"].light)
    figure.set_layout_engine("none")
    edges = {"left": 0.055, "right": 0.985, "bottom": _MARGIN / height, "top": 1 - 18 / height}
    grid = figure.subplots(rows, _COLUMNS, squeeze=False, subplot_kw={"axes_class": ShownAxes},
                           gridspec_kw={**edges, "wspace": 0.2, "hspace": 0.42})  # fmt: skip
    axes = list(grid.flat)
    for extra in axes[count:]:
        extra.remove()
    return axes[:count]


def _view(ax: Axes, record: Activation) -> None:
    chart(ax, x="", y="")
    ax.set_title(record.name, loc="left", fontsize=9.5, color=ROLES["ink"].light, pad=4)
    ax.set_xlim(-_REACH, _REACH)
    ax.set_ylim(_LOW, _HIGH)
    ax.set_xticks([-3, 0, 3])
    ax.set_yticks([-1, 0, 1, 3])
    ax.tick_params(labelsize=8)
    z = _grid(record)
    curve(ax, z.tolist(), record.f(z).tolist(), "forward")
    (slope,) = ax.plot(z, record.df(z), color=ROLES["hidden_slope"].light, linewidth=1.8)
    slope.set_linestyle(_SLOPE_DASH)
    ax.plot(record.kinks, [_LOW + 0.1] * len(record.kinks), "^", color=ROLES["error"].light,
            markersize=5, clip_on=False)  # fmt: skip


def _name_the_curves(ax: Axes, record: Activation) -> None:
    """Write f over its curve, at the right or where it leaves the view, and f′ under its own."""
    z = np.linspace(0, 0.7 * _REACH, 29)
    heights, slope = record.f(z), float(record.df(0.75 * _REACH))
    seen = float(z[(heights >= _LOW) & (heights <= 0.7 * _HIGH)].max(initial=0))
    write(ax, seen, float(record.f(seen)), "f", "forward", dx=-10, dy=6)
    if _LOW <= slope <= _HIGH:
        write(ax, 0.75 * _REACH, slope, "f′", "hidden_slope", dx=0, dy=-9)


def _grid(record: Activation) -> npt.NDArray[np.float64]:
    """Return points that bend where f bends: few for straight pieces, with a gap at each kink."""
    straight = np.all(record.d2f(np.linspace(-_REACH, _REACH, 9)) == 0)
    points = np.array([-_REACH, _REACH]) if straight else np.linspace(-_REACH, _REACH, 41)
    # The nan between them breaks both lines, so that a jump is not drawn as a slope.
    beside = [(k - 1e-9, np.nan, k + 1e-9) for k in record.kinks]
    return np.concatenate([[-_REACH], *_between(points, beside), [_REACH]])


def _between(
    points: npt.NDArray[np.float64], beside: list[tuple[float, float, float]]
) -> list[npt.NDArray[np.float64]]:
    pieces, start = [], -np.inf
    for gap in beside:
        pieces += [points[(points > start) & (points < gap[0])], np.array(gap)]
        start = gap[2]
    return [*pieces, points[points > start]]


def _words(records: tuple[Activation, ...]) -> Description:
    listed = "; ".join(
        f"{r.name}: largest slope {format_number(r.largest_slope)}, flat {r.where_flat}"
        for r in records
    )
    return Description(
        alt=f"{len(records)} small charts on equal axes, each with a function and its slope. "
        f"{listed}.",
        caption=f"{_how_many(records)} on equal axes, z from {format_number(-_REACH)} to "
        f"{format_number(_REACH)}. Solid: f. Dashed: its slope f′. Triangles mark kinks and jumps."
        + _out_of_sight(records),
        table=(
            ("activation", "f(−2)", "f(2)", "f′(−2)", "f′(2)", "largest slope"),
            *(
                (
                    r.name,
                    *(
                        format_number(v, 3)
                        for v in (r.f(-2.0), r.f(2.0), r.df(-2.0), r.df(2.0), r.largest_slope)
                    ),
                )
                for r in records
            ),
        ),
    )


def _out_of_sight(records: tuple[Activation, ...]) -> str:
    """Say whose slope leaves the views."""
    z = np.linspace(-_REACH, _REACH, 81)
    names = [r.name for r in records if ((r.df(z) < _LOW) | (r.df(z) > _HIGH)).any()]
    return f" The slope of {' and '.join(names)} leaves its view." if names else ""


def _how_many(records: tuple[Activation, ...]) -> str:
    if {record.name for record in records} == set(activations):
        return f"All {len(records)} activation functions of the package"
    return f"The activation functions {' and '.join(record.name for record in records)}"
