"""One network under six activations: J of each over the steps, in one chart."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from nnexplain.descent import Trajectory
from nnexplain.experiments.side_by_side import SideBySide
from nnexplain.figures.chart import apart, chart, curve, in_powers, write
from nnexplain.figures.describe import Description, describe
from nnexplain.numbers import format_number

Array = npt.NDArray[np.float64]

LOOKS: Mapping[str, tuple[str, tuple[float, ...]]] = MappingProxyType({
    "identity": ("ink", ()),
    "3·identity": ("ink", (5.0, 2.5)),
    "step": ("muted", (1.0, 2.0)),
    "sigmoid": ("forward", (5.0, 2.0, 1.0, 2.0)),
    "tanh": ("forward", ()),
    "ReLU": ("forward", (2.5, 1.5)),
})  # fmt: skip
"""The role and the dash (in line widths) that stand for each activation, here and in the lab."""

RANGES: Mapping[str, tuple[float, float]] = MappingProxyType({
    "xor": (1e-4, 1e3),
    "plane": (0.1, 1e4),
})  # fmt: skip
"""The part of J that is drawn for each task: what happens further down is no news."""

_DATA = {"xor": "exclusive or", "plane": "20 noisy samples of a plane"}
_POINTS = 160  # of each curve


def activation_race(found: SideBySide, ax: Axes | None = None) -> Axes:
    """Draw J of every activation over the steps, on a scale of powers of ten.

    >>> from nnexplain.experiments.side_by_side import side_by_side
    >>> activation_race(side_by_side("xor", 1, 0.02, 50)).get_yscale()
    'log'
    """
    ax = chart(ax, x="step", y="loss J", height=250)
    low, high = RANGES[found.task]
    lines = {name: _curve(ax, walk, found.steps, LOOKS[name]) for name, walk in found.walks.items()}
    in_powers(ax, ax.yaxis)
    ax.set(xlim=(0, 1.02 * found.steps), ylim=(low, high))
    _name(ax, lines, (low, high))
    ends = {name: _end(walk) for name, walk in found.walks.items()}
    told = ", ".join(f"{name} {end}" for name, end in ends.items())
    words = Description(
        alt=f"J over {found.steps} steps of gradient descent on {_DATA[found.task]}, for six "
        f"activations of the hidden units, from one start. At the end: {told}. The best straight "
        f"line has J = {format_number(found.floor, 3)}.",
        caption=f"The same network, start {found.start}, on {_DATA[found.task]}, learning rate "
        f"{format_number(found.learning_rate)}: only the activation of the hidden units differs. "
        f"Straight lines cannot get below J = {format_number(found.floor, 3)}.",
        table=(("activation", "J at the start", "J at the end"), *(
            (name, format_number(float(walk.loss[0])), ends[name])
            for name, walk in found.walks.items()
        )),
    )  # fmt: skip
    return describe(ax, words)


def _curve(
    ax: Axes, walk: Trajectory, steps: int, look: tuple[str, tuple[float, ...]]
) -> tuple[float, float]:
    """Draw one walk and return the point where its line ends."""
    role, dash = look
    picked = np.unique(np.linspace(0, len(walk) - 1, _POINTS).astype(int))
    x, J = walk.steps[picked].astype(float), walk.loss[picked]
    line = curve(ax, x.tolist(), J.tolist(), role)
    line.set_linestyle((0.0, dash) if dash else "-")
    return float(x[-1]), float(J[-1])


def _name(ax: Axes, ends: Mapping[str, tuple[float, float]], shown: tuple[float, float]) -> None:
    """Write every name at the right edge, at the height of its line, apart from the others."""
    held = [float(np.clip(J, *shown)) for _, J in ends.values()]
    right = ax.get_xlim()[1]
    heights = [float(ax.transData.transform((right, J))[1]) for J in held]
    points = 72 / ax.figure.dpi
    lifts = apart([height * points for height in heights])
    for (name, _), J, lift in zip(ends.items(), held, lifts, strict=True):
        write(ax, right, J, name, LOOKS[name][0], dy=lift)


def _end(walk: Trajectory) -> str:
    return "diverged" if walk.stopped == "diverged" else format_number(float(walk.loss[-1]), 3)
