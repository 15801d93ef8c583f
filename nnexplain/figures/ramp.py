"""Lesson 10 in pictures: losses of constant slope, what they pull, and where they lead."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from nnexplain.experiments.constant_slope import Approach, Compass, RunOff, Slice, slopes
from nnexplain.figures.chart import chart, curve, in_powers, sheet, write
from nnexplain.figures.describe import Description, describe
from nnexplain.figures.labels import subscripted
from nnexplain.losses import losses
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

BALLS_REACH, BALLS_HEIGHT = (-4.0, 4.0), (-5.0, 8.0)
"""What a picture of balls shows of h and of J."""
_NAMES = {"half_squared_error": "squared", "absolute": "absolute", "linear": "linear"}
_LOOKS = {"half_squared_error": "ink", "absolute": "error", "linear": "muted"}


def loss_pulls() -> Axes:
    """Draw three losses over the error h - y, and below their slopes: the pull.

    >>> [ax.get_xlabel() for ax in loss_pulls().figure.axes]
    ['error h − y', 'error h − y']
    """
    reach, break_at = 2.0, 1e-9
    errors = np.array([*np.linspace(-reach, -break_at, 41), *np.linspace(break_at, reach, 41)])
    found = slopes(errors)
    top, bottom = sheet(2, height=215)
    chart(top, x="error h − y", y="loss J")
    chart(bottom, x="error h − y", y="its slope ∂J/∂h: the pull")
    # Where two of them coincide, the wide line shows on both sides of the narrow one.
    widths = {"linear": 6.0, "absolute": 2.0, "half_squared_error": 2.0}
    for name, width in widths.items():
        height, slope = found[name]
        curve(top, errors.tolist(), height.tolist(), _LOOKS[name]).set_linewidth(width)
        # The slope of the absolute error jumps: two pieces, not a line between them.
        for piece in (slice(None, 41), slice(41, None)):
            line = curve(bottom, errors[piece].tolist(), slope[piece].tolist(), _LOOKS[name])
            line.set_linewidth(width)
    for ax in (top, bottom):
        ax.axvline(0, color=ROLES["grid"].light, linewidth=1.2)
        ax.margins(x=0.02)
    write(top, -1.0, 0.5, "squared", dx=-7, dy=-7, ha="right")
    write(top, -1.2, 1.2, "absolute", "error", dx=8, dy=4)
    write(top, -1.2, -1.2, "linear", "muted", dx=9, dy=-6)
    write(bottom, -1.62, -1.62, "squared", dx=12, dy=-3)
    write(bottom, -1.45, -1.0, "absolute", "error", dx=0, dy=9, ha="center")
    write(bottom, -1.45, 1.0, "linear", "muted", dx=0, dy=10, ha="center")
    write(bottom, 0.45, 1.0, "both", "error", dx=0, dy=10, ha="center")
    shown = np.array([-2.0, -1.0, -0.1, 0.1, 1.0, 2.0])
    at = slopes(shown)
    rows = [
        tuple(format_number(float(v)) for v in (e, *(at[name][1][k] for name in at)))
        for k, e in enumerate(shown)
    ]
    words = Description(
        alt="Above, three losses over the error: the squared one is a bowl, the absolute one a V, "
        "the linear one a straight ramp. Below, their slopes: the squared loss pulls in proportion "
        "to the error, from −2 to 2; the absolute one pulls with −1 or +1 whatever the size of the "
        "error; the linear one pulls with +1 everywhere, even where the error is 0.",
        caption="Three losses and their slopes. Only the squared error pulls less when the error "
        "is less. The absolute error knows the side but not the distance, the linear loss neither.",
        table=(("error h − y", *(f"pull, {_NAMES[name]}" for name in at)), *rows),
    )
    return describe(top, words)


def four_slices(slices: Sequence[Slice]) -> Axes:
    """Draw J along one parameter in small panels, one for each pair of activation and loss.

    >>> from nnexplain.experiments.constant_slope import slices
    >>> len(four_slices(slices()).figure.axes)
    4
    """
    axes = sheet(len(slices), height=165, columns=2)
    rows = []
    for ax, part in zip(axes, slices, strict=True):
        title = f"{part.activation}, {_NAMES[part.loss]}"
        chart(ax, x=subscripted(part.parameter), y="J", title=title)
        curve(ax, part.values.tolist(), part.J.tolist(), "error" if part.is_ramp else "ink")
        if part.is_ramp:
            k = len(part.J) // 2
            write(ax, part.values[k], part.J[k], "a ramp", "error", dx=8, dy=8)
        shown = [part.values[0], part.J[0], part.J.min(), part.J[-1]]
        ramp = "yes" if part.is_ramp else "no"
        rows.append((title, *(format_number(float(v)) for v in shown[1:]), ramp))
    ramps = ", ".join(row[0] for row in rows if row[-1] == "yes")
    low, high = (format_number(float(slices[0].values[k])) for k in (0, -1))
    name = slices[0].parameter
    words = Description(
        alt=f"J along {name} from {low} to {high} in four panels, by activation and loss. With the "
        "sigmoid both losses give an S-shaped curve between two plateaus; with identity units the "
        f"squared loss gives a bowl. Only one is a straight ramp: {ramps}.",
        caption=f"J along {subscripted(name)} for four pairs of activation and loss. A straight "
        "activation alone gives a bowl. It takes a straight loss as well to make a ramp.",
        table=(
            ("activation, loss", f"J at {low}", "lowest J drawn", f"J at {high}", "ramp"),
            *rows,
        ),
    )
    return describe(axes[0], words)


def approaches(runs: Sequence[Approach]) -> Axes:
    """Draw a weight over the steps on its way to the target, in one panel for each run.

    Returns the first panel's axes.

    >>> from nnexplain.experiments.constant_slope import approach
    >>> approaches([approach("absolute"), approach("half_squared_error")]).get_xlabel()
    'step'
    """
    axes = sheet(len(runs), height=150)
    rows, told = [], []
    for panel, run in zip(axes, runs, strict=True):
        title = f"{_NAMES[run.loss]} error, {'shrinking' if run.shrinking else 'fixed'} step"
        chart(panel, x="step", y="weight w", title=title)
        panel.axhline(run.target, color=ROLES["muted"].light, linewidth=1, linestyle=(0, (3, 3)))
        panel.plot(run.weights, color=ROLES["weight"].light, linewidth=1, marker="o", markersize=3)
        panel.set_ylim(0, 1.25 * run.target)
        write(panel, 0, run.target, "target", "muted", dx=0, dy=8)
        strip = round(run.strip, 6)
        end = f"ends in a strip {format_number(strip, 2)} wide" if strip else "comes to rest"
        write(panel, len(run.weights) - 1, run.target, end, dx=0, dy=-22, ha="right")
        shown = (run.weights[1], run.weights[5], run.weights[-2], run.weights[-1], run.strip)
        rows.append((title, *(format_number(round(float(v), 6)) for v in shown)))
        told.append(f"{title}: {end}")
    rate = format_number(runs[0].learning_rate)
    words = Description(
        alt=f"A weight on its way to the target {format_number(runs[0].target)}, learning rate "
        f"{rate}. {'; '.join(told)}.",
        caption="The same weight, target and learning rate. With the squared error the steps "
        f"shrink by themselves. With the absolute error they stay {rate} long and end in hopping "
        "to and fro; a step that is made to shrink settles.",
        table=(("run", "step 1", "step 5", "last but one", "last", "strip"), *rows),
    )  # fmt: skip
    return describe(axes[0], words)


def balls(walks: Sequence[Approach]) -> Axes:
    """Draw losses over the prediction h, and on each the places that its walk has visited.

    All panels reach equally far; the words and the table say where a ball is that has left them.

    >>> from nnexplain.experiments.constant_slope import LOSSES, approach
    >>> walks = [approach(loss, steps=5, start=3.0, target=1.0) for loss in LOSSES]
    >>> [ax.get_title(loc="left") for ax in balls(walks).figure.axes]
    ['squared', 'absolute', 'linear']
    """
    axes = sheet(len(walks), height=210, columns=len(walks))
    grid = np.linspace(*BALLS_REACH, 161)
    rows, told = [], []
    for ax, walk in zip(axes, walks, strict=True):
        loss, visited = losses[walk.loss], walk.weights
        chart(ax, x="prediction h", y="J", title=_NAMES[walk.loss])
        curve(ax, grid.tolist(), loss.formula(walk.target, grid).tolist(), "muted")
        ax.axvline(walk.target, color=ROLES["muted"].light, linewidth=1, linestyle=(0, (3, 3)))
        height = loss.formula(walk.target, visited)
        ax.plot(visited, height, "o", color=ROLES["weight"].light, markersize=4)
        ax.set(xlim=BALLS_REACH, ylim=BALLS_HEIGHT, xticks=[-2, 0, 2])
        ends = (*visited[[0, 1, -1]], loss.slope(walk.target, visited[-1]), height[-1])
        # Neither -0.0 nor what is left of rounding says anything to a reader.
        rows.append((_NAMES[walk.loss], *(format_number(round(float(v), 9) + 0.0) for v in ends)))
        told.append(f"{rows[-1][0]}: h = {rows[-1][3]}, J = {rows[-1][-1]}")
    start, target, rate = (
        format_number(float(v))
        for v in (walks[0].weights[0], walks[0].target, walks[0].learning_rate)
    )
    steps = len(walks[0].weights) - 1
    words = Description(
        alt="Three losses over the prediction h, with the places of a walk from h = "
        f"{start} to the target y = {target}, learning rate {rate}. After {steps} steps: "
        f"{'; '.join(told)}.",
        caption=f"The places of {steps} steps of h ← h − η ∂J/∂h under three losses, all from "
        f"h = {start} with η = {rate}. Dashed: the target. In the bowl the steps shrink, in the V "
        "they keep their length, and on the ramp nothing says where the target is.",
        table=(
            ("loss", "start", "h after 1 step", f"h after {steps}", "slope there", "J there"),
            *rows,
        ),
    )
    return describe(axes[0], words)


def compass_readings(straight: Compass, ramp: Compass) -> Axes:
    """Draw how long the gradient is over a walk, and below by how far it has turned.

    >>> from nnexplain.experiments.constant_slope import compass
    >>> ax = compass_readings(compass("half_squared_error", [3, 2, 1]), compass("linear", [3, 1]))
    >>> [panel.get_title(loc="left") for panel in ax.figure.axes]
    ['how long the gradient is', 'how far it has turned']
    """
    top, bottom = sheet(2, height=215)
    chart(top, x="step", y="length", title="how long the gradient is")
    chart(bottom, x="step", y="degrees from its first direction", title="how far it has turned")
    last = len(straight.lengths) - 1
    middle = last // 2
    for ax, of in ((top, "lengths"), (bottom, "turned")):
        for found, name, role, dy in ((straight, "straight activation", "ink", 11),
                                      (ramp, "ramp", "error", 9)):  # fmt: skip
            values = getattr(found, of)
            curve(ax, list(range(len(values))), values.tolist(), role)
            write(ax, middle, float(values[middle]), name, role, dx=0, dy=dy)
    in_powers(top, top.yaxis)
    bottom.set(ylim=(-8, 1.25 * float(straight.turned.max())), yticks=[0, 45, 90])
    start, end, level = (
        format_number(float(v), 3) for v in (*straight.lengths[[0, -1]], ramp.lengths[0])
    )
    turn = format_number(float(straight.turned.max()), 2)
    words = Description(
        alt=f"The gradient over {last} steps, for a straight-line network with the squared "
        f"error and for a ramp. Above, its length: the network's falls from {start} to {end}, the "
        f"ramp's stays at {level}. Below, its turn: the network's gradient turns by up to {turn} "
        "degrees, the ramp's by none.",
        caption="Two walks on the same samples; every unit has the slope 1. Straight activation: "
        "a 3-2-1 network with the squared error. Its gradient turns, and fades as the walk "
        "arrives. Ramp: one unit with the linear loss. Its gradient never changes.",
        table=(
            ("step", "length, straight", "turn, straight", "length, ramp", "turn, ramp"),
            *(
                (str(k), *(format_number(float(v[k]), 3) for found in (straight, ramp)
                           for v in (found.lengths, found.turned)))
                for k in sorted({k for k in (0, 1, 2, 5, 10, 20, 50, 100) if k < last} | {last})
            ),
        ),
    )  # fmt: skip
    return describe(top, words)


def run_offs(straight: RunOff, deep: RunOff, sigmoid: RunOff) -> Axes:
    """Draw J of the linear loss over the steps: two straight networks, and one of sigmoids.

    >>> from nnexplain.experiments.constant_slope import one_straight_unit, run_off
    >>> run = run_off(one_straight_unit())
    >>> run_offs(run, run, run).get_title(loc="left")
    'straight output'
    """
    left, right = sheet(2, height=215, columns=2)
    chart(left, x="step", y="J = h − y", title="straight output")
    chart(right, x="step", y="J = h − y", title="sigmoid output")
    shown = 31
    for run, role in ((straight, "ink"), (deep, "error")):
        curve(left, list(range(shown)), run.J[:shown].tolist(), role)
    write(left, 12, float(straight.J[12]), "one unit", dx=-4, dy=-12, ha="right")
    write(left, 22, float(deep.J[22]), "3-2-1", "error", dx=3, dy=16)
    left.margins(x=0.03)
    floor = float(sigmoid.J[0] - sigmoid.h[0])
    curve(right, list(range(len(sigmoid.J))), sigmoid.J.tolist(), "forward")
    right.axhline(floor, color=ROLES["muted"].light, linewidth=1, linestyle=(0, (3, 3)))
    write(right, len(sigmoid.J) - 1, floor, f"h = 0, J = {format_number(floor)}", "muted", dx=0,
          dy=10, ha="right")  # fmt: skip
    last = len(sigmoid.J) - 1
    rows = [
        (str(k), *(
            format_number(float(run.J[k])) if k < len(run.J) else ""
            for run in (straight, deep, sigmoid)
        ))
        for k in (0, 1, 10, 20, 30, last)
    ]  # fmt: skip
    ends = [format_number(float(run.J[shown - 1]), 3) for run in (straight, deep)]
    words = Description(
        alt=f"J = h − y over the steps. With one straight unit J falls in a straight line, to "
        f"{ends[0]} after {shown - 1} steps; with a straight 3-2-1 network it falls ever faster, "
        f"to {ends[1]}. With sigmoid units J falls to "
        f"{format_number(float(sigmoid.J[-1]), 3)} after {last} steps and levels off above "
        f"{format_number(floor)}.",
        caption="Descending on the linear loss. Left: straight networks fall without end. Right: a "
        "sigmoid output cannot go below 0, so J levels off; the target is ignored all the same.",
        table=(("step", "one straight unit", "straight 3-2-1", "sigmoid 3-2-1"), *rows),
    )
    return describe(left, words)
