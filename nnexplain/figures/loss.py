"""Lesson 3 in pictures: loss over prediction, loss over one parameter, and two losses at odds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from nnexplain.errors import real_number
from nnexplain.experiments.loss import Sweep
from nnexplain.figures.chart import chart, curve, sheet, write
from nnexplain.figures.describe import Description, describe
from nnexplain.figures.given import numbers
from nnexplain.figures.labels import subscripted
from nnexplain.losses import losses
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

Array = npt.NDArray[np.float64]
_TANGENT = 0.32  # how far a tangent reaches to either side
_NAMES = {
    "half_squared_error": "half squared error",
    "mse": "mean squared error",
    "absolute": "absolute error",
}


def loss_bowl(y: float, predictions: Sequence[float], ax: Axes | None = None) -> Axes:
    """Draw ½ (y - h)² over h, with its tangent and slope h - y at each of `predictions`.

    Raises `NnexplainError` for what are no finite numbers and for no predictions.

    >>> loss_bowl(1.0, [0.5]).texts[-1].get_text()
    'slope −0.5'
    """
    y, predictions = real_number(y, "y"), numbers(predictions, "predictions")
    record = losses["half_squared_error"]
    ax = chart(ax, x="prediction h", y="loss J", height=240)
    reach = max(1.2, 1.25 * max(abs(h - y) for h in predictions))
    grid = np.linspace(y - reach, y + reach, 161)
    curve(ax, grid.tolist(), record.formula(y, grid).tolist(), "ink")
    ax.axvline(y, color=ROLES["muted"].light, linewidth=0.9, linestyle=(0, (2, 2)))
    write(ax, y, float(record.formula(y, y + reach)), f"target y = {format_number(y)}", "muted")
    rows = []
    for h in predictions:
        height, slope = float(record.formula(y, h)), float(record.slope(y, h))
        ends = np.array([-_TANGENT, _TANGENT])
        ax.plot(h + ends, height + slope * ends, color=ROLES["error"].light, linewidth=2.2)
        ax.plot([h], [height], "o", color=ROLES["ink"].light, markersize=5)
        # Outside the bowl nothing else is drawn.
        ha, dx = ("right", -10) if slope < 0 else ("left", 10)
        text = f"slope {format_number(slope, 3)}"
        write(ax, h, height, text, "error", dx=dx, dy=-10 if slope else -13, ha=ha)
        rows.append(tuple(format_number(v) for v in (h, height, slope)))
    listed = "; ".join(f"at h = {h} J is {j}, slope {slope}" for h, j, slope in rows)
    words = Description(
        alt=f"A bowl: half the squared error over the prediction h, lowest at y = "
        f"{format_number(y)}. {listed}.",
        caption="The loss of one sample over the prediction. The slope is h − y: the further off, "
        "the steeper, and level where the prediction is right.",
        table=(("h", "J", "slope h − y"), *rows),
    )
    return describe(ax, words)


def loss_over_parameter(sweep: Sweep, ax: Axes | None = None) -> Axes:
    """Draw J while one parameter moves, what each sample adds to it, and the tangent at the start.

    >>> from nnexplain.experiments.loss import THREE_X, THREE_Y, sweep
    >>> from nnexplain.worked import worked
    >>> net = worked["han_kamber"].network
    >>> ax = loss_over_parameter(sweep(net, THREE_X, THREE_Y, "w46", [-1.0, 0.0, 1.0]))
    >>> ax.get_xlabel()
    'w₄₆'
    """
    ax = chart(ax, x=subscripted(sweep.name), y="loss J", height=260)
    curves = np.vstack([sweep.total, sweep.each])
    for k in range(len(curves)):
        role, text = ("muted", f"sample {k}") if k else ("ink", "J, the sum")
        line = curve(ax, sweep.values.tolist(), curves[k].tolist(), role)
        line.set_linewidth(1.0 if k else 2.0)
        _name_curve(ax, sweep.values, curves, k, (role, text))
    ax.margins(y=0.1)
    mark_start(ax, sweep)
    _mark_lowest(ax, sweep, "lowest")
    lowest = float(sweep.total.min())
    name = subscripted(sweep.name)
    low, high = (format_number(float(v)) for v in sweep.values[[0, -1]])
    left, right = (format_number(float(j), 3) for j in sweep.total[[0, -1]])
    words = Description(
        alt=f"J over {sweep.name} from {low} to {high}: it falls from {left} to "
        f"{format_number(lowest, 3)} at {sweep.name} = {format_number(sweep.lowest, 3)} and ends "
        f"at {right}. "
        f"At the network's own value {format_number(sweep.start)} the slope is "
        f"{format_number(sweep.slope, 3)}. It is the sum of {len(sweep.each)} thin curves, one for "
        "each sample, which pull in different directions.",
        caption=f"J of {len(sweep.each)} samples while {name} moves and the other parameters rest. "
        "Thin: what each sample adds. The sum has its lowest point between what the samples want.",
        table=_sweep_table(sweep),
    )
    return describe(ax, words)


def _name_curve(ax: Axes, values: Array, curves: Array, k: int, words: tuple[str, str]) -> None:
    """Write a name at curve k where it is farthest from the others, on the side away from them."""
    role, text = words
    inner = slice(len(values) // 10, -(len(values) // 10) or None)
    apart = np.delete(curves, k, axis=0)[:, inner] - curves[k, inner]
    at = int(np.abs(apart).min(axis=0).argmax())
    above = float(apart[np.abs(apart[:, at]).argmin(), at]) < 0
    rises = bool(curves[k, inner][at] > curves[k, 0])
    ha = "right" if rises == above else "left"
    dx, dy = (-3.0 if ha == "right" else 3.0), (8.0 if above else -8.0)
    write(ax, values[inner][at], curves[k, inner][at], text, role, dx=dx, dy=dy, ha=ha)


def _mark_lowest(ax: Axes, sweep: Sweep, text: str, role: str = "ink", dy: float = 13) -> None:
    lowest = float(sweep.total.min())
    ax.plot([sweep.lowest], [lowest], "v", color=ROLES[role].light, markersize=7)
    write(ax, sweep.lowest, lowest, text, role, dx=0, dy=dy, ha="center")


def mark_start(ax: Axes, sweep: Sweep) -> None:
    """Mark where the network itself stands on a sweep, with the tangent and its slope."""
    span = float(sweep.values[-1] - sweep.values[0])
    ends = np.array([-0.09, 0.09]) * span
    ax.plot(
        sweep.start + ends, sweep.start_loss + sweep.slope * ends,
        color=ROLES["backward"].light, linewidth=2.4,
    )  # fmt: skip
    ax.plot([sweep.start], [sweep.start_loss], "o", color=ROLES["ink"].light, markersize=5)
    text = f"slope {format_number(sweep.slope, 3)}"
    # To the right of a falling line there is room above it, of a rising one below.
    side = 14 if sweep.slope <= 0 else -12
    write(ax, sweep.start, sweep.start_loss, text, "backward", dx=5, dy=side)


def _sweep_table(sweep: Sweep) -> tuple[tuple[str, ...], ...]:
    """Return a dozen rows of the drawn curves."""
    picked = np.linspace(0, len(sweep.values) - 1, min(12, len(sweep.values))).round().astype(int)
    heads = (sweep.name, *(f"sample {k + 1}" for k in range(len(sweep.each))), "J")
    rows = ((sweep.values[k].round(9), *sweep.each[:, k], sweep.total[k]) for k in picked.tolist())
    return (heads, *(tuple(format_number(float(v)) for v in row) for row in rows))


def loss_scales(sweeps: Sequence[Sweep], ax: Axes | None = None) -> Axes:
    """Draw J under losses that differ by a factor only: other heights, the same lowest place.

    >>> from nnexplain.experiments.loss import THREE_X, THREE_Y, sweep
    >>> from nnexplain.worked import worked
    >>> net = worked["han_kamber"].network
    >>> pair = [sweep(net.replace(loss=name), THREE_X, THREE_Y, "w46", [0.0, 1.0, 2.0, 3.0])
    ...         for name in ("half_squared_error", "mse")]
    >>> loss_scales(pair).texts[-1].get_text()
    'at 2'
    """
    name = sweeps[0].name
    ax = chart(ax, x=subscripted(name), y="loss", height=230)
    lower = min(sweeps, key=lambda sweep: float(sweep.total.min()))
    for sweep, role in zip(sweeps, ("ink", "muted"), strict=True):
        values = sweep.values.tolist()
        curve(ax, values, sweep.total.tolist(), role)
        end, text = float(sweep.total[-1]), f"at {format_number(sweep.lowest, 3)}"
        # Names and marks stand outside of the two curves.
        name_dy, mark_dy = (-22, -13) if sweep is lower else (10, 13)
        write(ax, values[-1], end, _NAMES[sweep.loss], role, dy=name_dy, ha="right")
        _mark_lowest(ax, sweep, text, role, dy=mark_dy)
    ax.margins(y=0.18)
    listed = "; ".join(
        f"{_NAMES[s.loss]} is lowest at {format_number(s.lowest, 3)}, with "
        f"{format_number(float(s.total.min()), 3)}"
        for s in sweeps
    )
    words = Description(
        alt=f"Curves of the same shape and different height over {name}: {listed}.",
        caption="The same network and samples under two scales of the loss: the heights differ by "
        "a constant factor; the lowest place (▼) is the same.",
        table=(
            ("loss", f"lowest at {name}", "its value there", f"∂J/∂{name} at the start"),
            *(
                (_NAMES[s.loss], *(format_number(v) for v in (s.lowest, s.total.min(), s.slope)))
                for s in sweeps
            ),
        ),
    )
    return describe(ax, words)


def losses_at_odds(sweeps: Sequence[Sweep]) -> Axes:
    """Draw J over the same parameter under several losses, each with its slope at the start.

    >>> from nnexplain.experiments.loss import opposite_pushes
    >>> len(losses_at_odds(opposite_pushes([-1.0, 0.0, 1.0])).figure.axes)
    2
    """
    name = subscripted(sweeps[0].name)
    axes = sheet(len(sweeps), height=185)
    for ax, sweep in zip(axes, sweeps, strict=True):
        chart(ax, x=name, y="loss J", title=_NAMES[sweep.loss])
        curve(ax, sweep.values.tolist(), sweep.total.tolist(), "ink")
        mark_start(ax, sweep)
        lowest = float(sweep.total.min())
        ax.plot([sweep.lowest], [lowest], "v", color=ROLES["ink"].light, markersize=7)
        # Beside the point, on the side where the start and its tangent are not.
        ha, dx = ("right", -4) if sweep.start > sweep.lowest else ("left", 4)
        text = f"lowest at {format_number(sweep.lowest, 2)}"
        write(ax, sweep.lowest, lowest, text, dx=dx, dy=-12, ha=ha)
        ax.margins(y=0.25)
    listed = "; ".join(
        f"under the {_NAMES[s.loss]} the slope at {sweeps[0].name} = {format_number(s.start)} is "
        f"{format_number(s.slope, 3)} and the lowest place is {format_number(s.lowest, 2)}"
        for s in sweeps
    )
    words = Description(
        alt=f"{len(sweeps)} curves over {sweeps[0].name}, same network, same samples: {listed}.",
        caption="Same network, same samples, same start, two losses: one says up, the other says "
        "down.",
        table=(
            ("loss", "start", "slope at the start", "lowest at"),
            *(
                (_NAMES[s.loss], *(format_number(v) for v in (s.start, s.slope, s.lowest)))
                for s in sweeps
            ),
        ),
    )
    return describe(axes[0], words)
