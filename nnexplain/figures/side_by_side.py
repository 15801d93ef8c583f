"""One network under six activations: J of each over the steps, in one chart."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from nnexplain.descent import Trajectory
from nnexplain.experiments.side_by_side import SideBySide
from nnexplain.figures.chart import apart, chart, curve, in_powers, write
from nnexplain.figures.describe import Description, describe
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES


class Look(NamedTuple):
    """How a walk is drawn: the role of its colour, its dash in line widths, and its mark.

    `shape` is the mark's name in charts of the site, `sign` the mark as a letter.
    """

    role: str
    dash: tuple[float, ...]
    shape: str
    sign: str


LOOKS: Mapping[str, Look] = MappingProxyType({
    "identity": Look("ink", (), "circle", "●"),
    "3·identity": Look("ink", (5.0, 2.5), "square", "■"),
    "step": Look("muted", (1.0, 2.0), "triangle", "▲"),
    "sigmoid": Look("forward", (5.0, 2.0, 1.0, 2.0), "diamond", "◆"),
    "tanh": Look("forward", (), "cross", "✕"),
    "ReLU": Look("forward", (2.5, 2.5), "ring", "○"),
})  # fmt: skip
"""What stands for each activation, here and in the lab."""

_MARKERS = {
    "circle": "o",
    "square": "s",
    "triangle": "^",
    "diamond": "D",
    "cross": "x",
    "ring": "o",
}

RANGES: Mapping[str, tuple[float, float]] = MappingProxyType({
    "xor": (1e-4, 1e3),
    "plane": (0.1, 1e4),
})  # fmt: skip
"""The part of J that is drawn for each task: what happens further down is no news."""

FIRST = 0.5
"""Where the start, step 0, stands on an axis of steps in powers of ten."""

_DATA = {"xor": "XOR", "plane": "20 noisy samples of a plane"}


def activation_race(found: SideBySide, ax: Axes | None = None) -> Axes:
    """Draw J of every activation over the steps, both on scales of powers of ten.

    >>> from nnexplain.experiments.side_by_side import side_by_side
    >>> activation_race(side_by_side("xor", 1, 0.02, 50)).get_yscale()
    'log'
    """
    ax = chart(ax, x="step", y="loss J", height=250)
    low, high = RANGES[found.task]
    ax.set(xlim=(FIRST, max(found.steps, 1)), ylim=(low, high))
    in_powers(ax)
    ends = {}
    for name, walk in found.walks.items():
        ends[name] = _curve(ax, walk, found.steps, LOOKS[name])
    _name(ax, ends)
    last = {name: _end(walk) for name, walk in found.walks.items()}
    told = ", ".join(f"{name} {end}" for name, end in last.items())
    floor = format_number(found.floor, 3)
    words = Description(
        alt=f"J over {found.steps} steps of gradient descent on {_DATA[found.task]}, for six "
        f"activations of the hidden units, from one start. At the end: {told}. The best straight "
        f"line has J = {floor}.",
        caption=f"The same network, start {found.start}, on {_DATA[found.task]}, learning rate "
        f"{format_number(found.learning_rate)}: only the activation of the hidden units differs. "
        f"Straight lines cannot get below J = {floor}. A mark stands where a walk ends or "
        "leaves the picture.",
        table=(("activation", "J at the start", "J at the end"), *(
            (name, format_number(float(walk.loss[0])), last[name])
            for name, walk in found.walks.items()
        )),
    )  # fmt: skip
    return describe(ax, words)


def _curve(ax: Axes, walk: Trajectory, steps: int, look: Look) -> float:
    """Draw one walk and its mark; return the height at which its line ends, held in the picture."""
    low, high = ax.get_ylim()
    x, J = np.maximum(walk.steps, FIRST), np.nan_to_num(walk.loss, nan=np.inf)
    if walk.stopped != "diverged":  # at rest it would stay where it is
        x, J = np.append(x, max(steps, FIRST)), np.append(J, J[-1])
    line = curve(ax, x.tolist(), np.minimum(J, 10 * high).tolist(), look.role)
    line.set_linestyle((0.0, look.dash) if look.dash else "-")
    inside = np.flatnonzero((low <= walk.loss) & (walk.loss <= high))
    at = int(inside[-1]) if inside.size else 0
    colour = ROLES[look.role].light
    ax.plot(
        x[at], np.clip(J[at], low, high), _MARKERS[look.shape], color=colour, markersize=6,
        markeredgewidth=1.8,
        markerfacecolor=ROLES["surface"].light if look.shape == "ring" else colour, clip_on=False,
    )  # fmt: skip
    return float(np.clip(J[-1], low, high))


def _name(ax: Axes, ends: Mapping[str, float]) -> None:
    """Write every name at the right edge, at the height of its line, apart from the others."""
    right = ax.get_xlim()[1]
    low = ax.transAxes.transform((0, 0))[1]
    points = 72 / ax.figure.dpi
    heights = [float(ax.transData.transform((right, J))[1] - low) * points for J in ends.values()]
    for (name, J), lift in zip(ends.items(), apart(heights), strict=True):
        write(ax, right, J, f"{LOOKS[name].sign} {name}", LOOKS[name].role, dx=9, dy=lift)


def _end(walk: Trajectory) -> str:
    return "diverged" if walk.stopped == "diverged" else format_number(float(walk.loss[-1]), 3)
