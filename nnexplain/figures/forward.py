"""Lesson 2 in pictures: the units of a network on one curve, and what a bent surface can do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from nnexplain.errors import NnexplainError
from nnexplain.experiments.xor import X, XorFits, Y
from nnexplain.figures.chart import chart, curve, sheet, write
from nnexplain.figures.describe import Description, describe
from nnexplain.figures.labels import activation_name, subscripted
from nnexplain.network import Network
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

Array = npt.NDArray[np.float64]
_LEVELS = (0.1, 0.5, 0.9)


def units_on_curve(net: Network, x: npt.ArrayLike, ax: Axes | None = None) -> Axes:
    """Draw the activation function once, and where each unit stands on it for one sample x (n,).

    All layers must share one activation, otherwise `NnexplainError`.

    >>> ax = units_on_curve(Network([1, 1], "tanh", {"w12": 2, "b2": 0}), [0.5])
    >>> ax.texts[-1].get_text()
    'z₂ = 1 → h = 0.762'
    """
    trace = net.forward(x)
    units = list(trace.z)
    records = {net.activation_of(unit).name for unit in units}
    if len(records) > 1 or np.ndim(trace.z[units[0]]):
        raise NnexplainError(
            "units_on_curve draws one curve and one sample: use the same activation in all layers "
            f"(got {', '.join(sorted(records))}) and x of shape ({net.sizes[0]},)"
        )
    record = net.activation_of(units[0])
    ax = chart(ax, x="z", y=f"a = {record.name}(z)", height=230)
    reach = max(4.0, 1.5 * max(abs(z) for z in trace.z.values()))
    grid = np.linspace(-reach, reach, 161)
    curve(ax, grid.tolist(), record.f(grid).tolist(), "muted")
    low = ax.get_ylim()[0]
    # Labels stand one below the other on the right, where an S-shaped curve leaves room.
    steps = np.linspace(0.08, 0.4, len(units)) * (record.f(reach) - record.f(-reach))
    order = sorted(units, key=lambda unit: trace.z[unit])
    for unit, step in zip(order, steps, strict=True):
        z, a = trace.z[unit], trace.a[unit]
        ax.plot([z, z], [low, a], color=ROLES["grid"].light, linewidth=1.2)
        ax.plot([z], [a], "o", color=ROLES["forward"].light, markersize=6)
        text = _place(net, unit, z, a)
        at = record.f(-reach) + step
        ax.plot([z, 0.1 * reach], [a, at], color=ROLES["forward"].light, linewidth=0.8)
        write(ax, 0.1 * reach, at, text, "forward", dx=3)
    ax.set_ylim(bottom=low)
    said = "; ".join(_place(net, unit, trace.z[unit], trace.a[unit]) for unit in units)
    words = Description(
        alt=f"The curve of {record.name} with one point for each unit. {said}.",
        caption=f"Every unit uses the same curve ({record.name}). Its sum z says where it stands; "
        "the height there is what it sends on.",
        table=(
            ("unit", "z", "a"),
            *(
                (str(unit), format_number(trace.z[unit]), format_number(trace.a[unit]))
                for unit in units
            ),
        ),
    )
    return describe(ax, words)


def _place(net: Network, unit: int, z: float, a: float) -> str:
    name = activation_name(net, unit)
    return subscripted(f"z{unit} = {format_number(z, 3)} → {name} = {format_number(a, 3)}")


def xor_surfaces(fits: XorFits) -> Axes:
    """Draw the predictions over the square of both inputs: the best linear model, the network.

    Lines join the points where the network predicts 0.1, 0.5, 0.9; the grey region is above ½.

    >>> from nnexplain.experiments.xor import xor_fits
    >>> len(xor_surfaces(xor_fits()).figure.axes)
    2
    """
    axes = sheet(2, height=225, columns=2)
    _surface(axes[0], "linear model", fits.linear)
    _surface(axes[1], "network", lambda x: np.asarray(fits.network.forward(x).output))
    _fill_in(axes[1], fits)
    predictions = [
        (
            f"({a:.0f}, {b:.0f})",
            f"{y:.0f}",
            format_number(round(line, 12), 3),
            format_number(bent, 3),
        )
        for (a, b), y, line, bent in zip(
            X, Y, fits.linear(X).tolist(), fits.network.forward(X).output.tolist(), strict=True
        )
    ]
    levels = ", ".join(format_number(level) for level in _LEVELS)
    listed = "; ".join(
        f"at {point} with target {y} the linear model says {line}, the network {bent}"
        for point, y, line, bent in predictions
    )
    words = Description(
        alt=f"Two maps of the square of inputs x1 and x2 with four points. {listed}. In the "
        "network's map a slanted band, above one half, holds the two points with target 1.",
        caption="Exclusive or. Left: the best linear model says the same everywhere. Right: a "
        f"network of three bent units; each line joins points of equal prediction ({levels}), and "
        "it is above ½ where the map is grey. Full dots: target 1, hollow dots: target 0.",
        table=(("point", "target", "linear model", "network"), *predictions),
    )
    return describe(axes[0], words)


def _surface(ax: Axes, title: str, predict: Callable[[Array], Array]) -> None:
    chart(ax, x="x₁", y="x₂", title=title)
    ax.set_aspect("equal")
    ax.set_xlim(-0.3, 1.3)
    ax.set_ylim(-0.3, 1.3)
    ax.set_xticks([0, 1])
    ax.set_yticks([0, 1])
    for point, target, h in zip(X, Y, predict(np.array(X)), strict=True):
        face = ROLES["ink" if target else "surface"].light
        ax.plot(*point, "o", color=ROLES["ink"].light, markerfacecolor=face, markersize=9)
        write(ax, *point, f"{h:.2f}", "forward", dx=0, dy=-14, ha="center")


def _fill_in(ax: Axes, fits: XorFits) -> None:
    grid = np.linspace(-0.3, 1.3, 81)
    first, second = np.meshgrid(grid, grid)
    flat = np.column_stack([first.ravel(), second.ravel()])
    h = fits.network.forward(flat).output.reshape(first.shape)
    ax.contourf(first, second, h, levels=[0.5, 1.0], colors=[ROLES["grid"].light], zorder=0)
    ax.contour(first, second, h, levels=_LEVELS, colors=[ROLES["forward"].light], linewidths=1.0)
