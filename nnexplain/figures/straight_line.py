"""Lesson 9 in pictures: what straight-line units cannot do, what they learn, and how unevenly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from nnexplain.descent import Trajectory
from nnexplain.experiments.linear_collapse import least_squares
from nnexplain.experiments.linear_dynamics import Modes, Valley
from nnexplain.experiments.samples import Samples
from nnexplain.figures.chart import chart, clear, curve, sheet, write
from nnexplain.figures.describe import Description, describe
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

Array = npt.NDArray[np.float64]
_UNDER_THE_ARCH = 0.25
_INK, _MUTED = ROLES["ink"].light, ROLES["muted"].light


def xor_diagonals(data: Samples, straight: Trajectory, bent: Trajectory) -> Axes:
    """Draw h along the two diagonals of the unit square, for two networks trained on XOR.

    Both diagonals run through the centre of the square, so h must be the same for both there.

    >>> from nnexplain.experiments.linear_collapse import straight_and_bent
    >>> from nnexplain.experiments.xor import xor
    >>> xor_diagonals(xor(), *straight_and_bent(xor(), [2, 2, 1])).get_title(loc="left")
    'straight'
    """
    along = np.linspace(0.0, 1.0, 41)
    equal, unequal = np.column_stack([along, along]), np.column_stack([along, 1 - along])
    left, right = sheet(2, height=230, columns=2)
    for ax, title, run in ((left, "straight", straight), (right, "bent", bent)):
        chart(ax, x="along the diagonal", y="h", title=title)
        ax.set(xlim=(-0.06, 1.06), ylim=(-0.16, 1.16), xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
        for line in (equal, unequal):
            h = run.network.forward(line).output
            curve(ax, along.tolist(), h.tolist(), "ink" if run is straight else "forward")
        for height, mark in ((0, "o"), (1, "s")):
            ax.plot([0, 1], [height] * 2, mark, color=_INK, markersize=7)
    for height in (0, 1):
        left.plot([0, 1], [height] * 2, color=_MUTED, linewidth=1, linestyle=(0, (3, 3)))
        left.plot([0.5], [height], "x", color=ROLES["error"].light, markersize=8)
    write(left, 0.5, 1, "must be 1 here", "error", dx=0, dy=-13, ha="center")
    write(left, 0.5, 0, "and 0 here", "error", dx=0, dy=13, ha="center")
    centre = round(float(straight.network.forward([0.5, 0.5]).output), 6)
    write(left, 0.5, centre, f"learned: {format_number(centre)}", dx=0, dy=9, ha="center")
    # Under the arch of the curve, where it is wide.
    inside = along[bent.network.forward(equal).output > _UNDER_THE_ARCH]
    write(right, float(inside.mean()), _UNDER_THE_ARCH, "(0,0) to (1,1)", dx=0, ha="center")
    write(right, 0.5, 1, "(0,1) to (1,0)", dx=0, dy=16, ha="center")
    losses = [format_number(float(run.loss[-1]), 2) for run in (straight, bent)]
    heads = ("point", "target", "straight", "bent")
    points = [*data.x.tolist(), [0.5, 0.5]]
    targets = [*(format_number(y) for y in data.y.tolist()), ""]
    words = Description(
        alt="Exclusive or along the two diagonals of the square. The targets at the ends are 0 and "
        "0 on one diagonal, 1 and 1 on the other, and the diagonals share their centre. Straight "
        "lines through the targets would have to be 0 and 1 at the centre at once; the straight "
        f"network has learned {format_number(centre)} everywhere, J = {losses[0]}. The bent "
        f"network joins the targets by two curves that meet at the centre, J = {losses[1]}.",
        caption="XOR along its two diagonals, which cross at the centre of the square. ● target 0, "
        "■ target 1. Straight lines through the targets disagree at the centre (×), so the "
        "straight network settles for the middle. Bent curves meet.",
        table=(heads, *(
            (str(tuple(point)), target, *(
                format_number(round(float(run.network.forward(point).output), 4))
                for run in (straight, bent)
            ))
            for point, target in zip(points, targets, strict=True)
        )),
    )  # fmt: skip
    return describe(left, words)


def two_fits(data: Samples, straight: Trajectory, bent: Trajectory) -> Axes:
    """Draw the data with what both networks predict, and below J of both over the steps.

    The data have one input. The wide pale line is the least-squares line.

    >>> from nnexplain.experiments.linear_collapse import bent_data, straight_and_bent
    >>> runs = straight_and_bent(bent_data(), [1, 3, 1])
    >>> len(two_fits(bent_data(), *runs).figure.axes)
    2
    """
    line = least_squares(data)
    top, bottom = sheet(2, height=215)
    chart(top, x="x", y="y and h")
    grid = np.linspace(data.x.min(), data.x.max(), 81)
    best = line.forward(grid[:, None]).output
    top.plot(grid, best, color=ROLES["grid"].light, linewidth=9, solid_capstyle="round")
    top.plot(data.x[:, 0], data.y, "o", color=_INK, markersize=5)
    curve(top, grid.tolist(), straight.network.forward(grid[:, None]).output.tolist(), "ink")
    curve(top, grid.tolist(), bent.network.forward(grid[:, None]).output.tolist(), "forward")
    low, high = float(grid[18]), float(grid[30])
    write(top, low, float(best[18]), "straight", dx=-2, dy=14, ha="right")
    height = float(bent.network.forward([high]).output)
    write(top, high, height, "bent", "forward", dx=9, dy=-8)
    chart(bottom, x="step", y="J")
    floor = line.loss(*data)
    shown = 200
    steps = list(range(shown + 1))
    J = [_held(run, len(bent)) for run in (straight, bent)]
    bottom.axhline(floor, color=_MUTED, linewidth=1, linestyle=(0, (3, 3)))
    curve(bottom, steps, J[0][: shown + 1].tolist(), "ink")
    curve(bottom, steps, J[1][: shown + 1].tolist(), "forward")
    bottom.set_ylim(bottom=0)
    write(bottom, shown, floor, "straight, and the least-squares floor", dx=0, dy=9, ha="right")
    write(bottom, shown, float(J[1][shown]), "bent", "forward", dx=0, dy=10, ha="right")
    starts, ends = ([format_number(float(j[k]), 3) for j in J] for k in (0, shown))
    words = Description(
        alt=f"Above: {len(data.y)} points on a curve; the straight network's prediction lies on "
        "the least-squares line, the bent network's follows the curve. Below: J over the steps. "
        f"The straight network falls from {starts[0]} to {format_number(floor, 3)}, the floor of "
        f"least squares, and stays there; the bent one falls from {starts[1]} to {ends[1]} in "
        f"{shown} steps.",
        caption="The same data, start and steps; only the hidden activation differs. The straight "
        "network learns until it lies on the best straight line (pale), and cannot go below. "
        f"Above: after {len(bent) - 1} steps; below: the first {shown}.",
        table=_every(
            ("step", "J straight", "J bent"),
            [bent.steps.astype(float), *J],
            [0, 5, 10, 20, 50, 100, 200, len(bent) - 1],
        ),
    )
    return describe(top, words)


def valley_map(valley: Valley, ax: Axes | None = None) -> Axes:
    """Draw J over the two weights of the 1-1-1 straight-line network, with descents on it.

    >>> from nnexplain.experiments.linear_dynamics import valley
    >>> valley_map(valley()).get_ylabel(), valley_map(valley()).get_xlabel()
    ('', 'w₁₂')
    """
    ax = chart(ax, x="w₁₂", y="w₂₃", height=330)
    reach = 3.0
    grid = np.linspace(-reach, reach, 91)
    heights = valley.losses(grid[None, :], grid[:, None])
    saddle = float(valley.losses(0.0, 0.0))
    levels = [saddle / 4, saddle, 3 * saddle, 7 * saddle, 14 * saddle]
    ax.contour(grid, grid, heights, levels, colors=[_MUTED], linewidths=0.8)
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    for sign in (1.0, -1.0):
        side = sign * np.linspace(valley.y / reach, reach, 61)
        (line,) = ax.plot(side, valley.y / side, color=_INK, linewidth=3.5)
        line.set_solid_capstyle("round")
        write(ax, sign * 1.55, valley.y / (sign * 1.55), "J = 0", dx=8 * sign, dy=8 * sign,
              ha="left" if sign > 0 else "right")  # fmt: skip
    for path in valley.paths:
        ax.plot(path[:, 0], path[:, 1], color=ROLES["backward"].light, linewidth=2)
        ax.plot(*path[0], "o", color=ROLES["backward"].light, markersize=6)
        ax.plot(*path[-1], "D", color=ROLES["backward"].light, markersize=6, markeredgecolor="none")
    ax.plot([0], [0], "x", color=ROLES["error"].light, markersize=10, markeredgewidth=2)
    write(ax, 0, 0, f"saddle, J = {format_number(saddle)}", "error", dx=8, dy=-11)
    corner = format_number(float(valley.losses(-reach, reach)), 3)
    write(ax, -reach, reach, f"J = {corner}", "muted", dx=6, dy=-10)
    for text in ax.texts:  # contours pass behind the words
        clear(text)
    rows = [
        tuple(format_number(round(float(v), 4)) for v in (*path[0], *path[-1], path[-1].prod()))
        for path in valley.paths
    ]
    words = Description(
        alt="J over the two weights of a chain of two straight-line units. Two curved valleys, "
        f"where w12 times w23 is {format_number(valley.y)} and J = 0, lie in opposite corners; "
        f"between them, at the origin, is a saddle of height {format_number(saddle)}; towards the "
        f"other two corners J rises to {corner}. {len(valley.paths)} descents from various starts "
        "bend into the nearer valley and end at different weights with the same product.",
        caption="J over the two weights of a 1-1-1 network of straight lines. Two valleys (thick), "
        "a saddle (×) between them, and descents from ● to ◆. The activation has a constant slope; "
        "the landscape has not.",
        table=(("w12, start", "w23, start", "w12, end", "w23, end", "product"), *rows),
    )  # fmt: skip
    return describe(ax, words)


def mode_curves(run: Modes, ax: Axes | None = None) -> Axes:
    """Draw the strength of every mode over time: dots by descent, lines in closed form.

    >>> from nnexplain.experiments.linear_dynamics import modes
    >>> mode_curves(modes()).get_xlabel()
    'time = learning rate × steps'
    """
    ax = chart(ax, x="time = learning rate × steps", y="strength w·w′", height=240)
    dots = slice(None, None, max(1, len(run.times) // 40))
    for k, strength in enumerate(run.strengths):
        curve(ax, run.times.tolist(), run.closed[:, k].tolist(), "muted")
        ax.plot(run.times[dots], run.learned[dots, k], "o", color=ROLES["weight"].light,
                markersize=4.5)  # fmt: skip
        write(ax, run.times[-1], strength, f"the data ask for {format_number(strength)}", "weight",
              dx=0, dy=9, ha="right")  # fmt: skip
    ax.set_ylim(top=1.12 * max(run.strengths))
    half = [run.half_time(k) for k in range(len(run.strengths))]
    told = " and ".join(
        f"{format_number(s)} at time {format_number(t, 3)}"
        for s, t in zip(run.strengths, half, strict=True)
    )
    words = Description(
        alt="Strengths of the modes over time: each stays near zero, then rises quickly and levels "
        f"off, an S-shaped curve. Half is reached for strength {told}. Dots of gradient descent "
        f"lie on the closed form, at most {format_number(run.gap, 2)} apart.",
        caption="A network of straight lines learns in jumps. Dots: gradient descent. Lines: the "
        "closed form of Saxe and others. It waits, learns the stronger pattern, waits again, and "
        "learns the weaker one.",
        table=_every(
            ("time", *(f"strength {format_number(s)}" for s in run.strengths), "J"),
            [run.times, *run.learned.T, run.losses],
            np.linspace(0, len(run.times) - 1, 17).round().astype(int).tolist(),
        ),
    )
    return describe(ax, words)


def _held(run: Trajectory, count: int) -> Array:
    """Return J at the first `count` steps; a walk that has come to rest keeps its last value."""
    return np.interp(np.arange(count), run.steps, run.loss)


def _every(
    heads: tuple[str, ...], columns: Sequence[Array], picked: Sequence[int]
) -> tuple[tuple[str, ...], ...]:
    """Return the picked rows of some columns as a table of text."""
    rows = [tuple(format_number(float(column[k])) for column in columns) for k in picked]
    return (heads, *rows)
