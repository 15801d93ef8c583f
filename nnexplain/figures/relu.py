"""Lesson 13 in pictures: bends that add up, depth that still learns, and a unit that died."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from nnexplain.experiments.relu import Bends, Depth, Recovery
from nnexplain.figures.chart import apart, chart, curve, sheet, write
from nnexplain.figures.describe import Description, describe
from nnexplain.network import weight_name
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

_LINES = (("hidden_slope", "o"), ("input", "^"), ("error", "v"), ("weight", "s"))


def sum_of_bends(found: Bends) -> Axes:
    """Draw what each ReLU unit adds, and below it their sum beside the parabola.

    Returns the upper axes.

    >>> from nnexplain.experiments.relu import bends
    >>> len(sum_of_bends(bends(4)).lines)
    4
    """
    top, bottom = sheet(2, height=190)
    net = found.network
    hidden, output = net.layers[1], net.layers[2][0]
    knots = np.linspace(-1.0, 1.0, found.pieces + 1)
    halves = np.linspace(-1.0, 1.0, 2 * found.pieces + 1)  # between two kinks the gap is largest
    a = net.forward(knots[:, None]).a
    chart(top, x="x", y="weight × relu of each unit")
    for unit in hidden:
        weight = net.parameters[weight_name(unit, output)]
        line = curve(top, knots.tolist(), (weight * a[unit]).tolist(), "input")
        line.set_linewidth(1.6)
        write(top, 1.0, weight * a[unit][-1], f"unit {unit}", "input")
    chart(bottom, x="x", y="their sum, plus the bias")
    smooth = np.linspace(-1.0, 1.0, 81)
    (truth,) = bottom.plot(smooth, smooth**2, color=ROLES["muted"].light, linewidth=1.2)
    truth.set_linestyle((0, (4, 2)))
    line = curve(bottom, knots.tolist(), a[output].tolist(), "forward")
    line.set_marker("o")
    line.set_markersize(5)
    write(bottom, 0.0, 0.75, "x² dashed", "muted", dx=0, ha="center")
    write(bottom, 0.0, 0.75, f"the network, {found.pieces} pieces", "forward", dx=0, dy=-15,
          ha="center")  # fmt: skip
    gap = format_number(found.gap)
    for ax in (top, bottom):
        ax.set_xticks([-1.0, -0.5, 0.0, 0.5, 1.0], ["−1", "−0.5", "0", "0.5", "1"])
    words = Description(
        alt=f"Above, {len(hidden)} lines that are each zero up to their kink and straight after "
        f"it. Below, their sum: {found.pieces} straight pieces that follow the parabola x² from "
        f"−1 to 1, never further from it than {gap}.",
        caption=f"Each unit bends the line once, at its kink. The sum of {len(hidden)} bends "
        f"follows the parabola x² with a gap of at most {gap}.",
        table=(
            ("x", "network", "x²"),
            *(
                tuple(format_number(float(v)) for v in row)
                for row in zip(halves, net.forward(halves[:, None]).output, halves**2, strict=True)
            ),
        ),
    )
    return describe(top, words)


def solved_by_depth(found: Sequence[Sequence[Depth]], ax: Axes | None = None) -> Axes:
    """Draw the share of networks that solve the task against depth, one line per activation.

    >>> from nnexplain.experiments.relu import Depth
    >>> ax = solved_by_depth([[Depth("relu", 1, 0.1, 400, 1.0), Depth("relu", 2, 0.1, 400, 0.5)]])
    >>> ax.lines[0].get_ydata().tolist()
    [100.0, 50.0]
    """
    ax = chart(ax, x="hidden layers", y="% of networks with all four points right", height=230)
    # A per cent is about 1.5 points high. Lines that coincide are drawn one inside the other.
    lifts = apart([1.5 * 100 * row[-1].solved for row in found])
    for k, (row, (role, marker)) in enumerate(zip(found, _LINES, strict=False)):
        line = curve(ax, [d.hidden_layers for d in row], [100 * d.solved for d in row], role)
        line.set_linewidth(4.5 if k == 0 else 2)
        line.set_marker(marker)
        line.set_markersize(10 if k == 0 else 6)
        last = row[-1]
        write(ax, last.hidden_layers, 100 * last.solved, last.activation, role, dx=8, dy=lifts[k])
    ax.set_ylim(-4, 108)
    ax.set_xticks([d.hidden_layers for d in found[0]])
    listed = "; ".join(
        f"{row[0].activation} "
        + ", ".join(f"{100 * d.solved:.0f} % at depth {d.hidden_layers}" for d in row)
        for row in found
    )
    words = Description(
        alt=f"Share of trained networks that solve XOR, by depth: {listed}.",
        caption="Ten networks for each point, width 10, trained on XOR for "
        f"{found[0][0].steps} steps with the learning rate that suits their activation function "
        "best. Where lines coincide, one is drawn inside the other.",
        table=(
            ("activation", "learning rate", *(f"depth {d.hidden_layers}" for d in found[0])),
            *(
                (
                    row[0].activation, format_number(row[0].learning_rate),
                    *(f"{100 * d.solved:.0f} %" for d in row),
                )
                for row in found
            ),
        ),
    )  # fmt: skip
    return describe(ax, words)


def recoveries(found: Sequence[Recovery], ax: Axes | None = None) -> Axes:
    """Draw the pre-activation of a unit that took one bad step, one line per activation.

    >>> from nnexplain.experiments.relu import one_bad_step
    >>> ax = recoveries([one_bad_step("relu", 20)])
    >>> float(ax.lines[-1].get_ydata()[-1])
    -2.5
    """
    ax = chart(ax, x="step", y="pre-activation z", height=240)
    ax.axhspan(-3.0, 0.0, color=ROLES["grid"].light, alpha=0.5, linewidth=0)
    write(ax, len(found[0].z) - 1, 0.0, "below 0: off", "muted", dx=0, dy=-9, ha="right")
    for one, (role, marker) in zip(found, _LINES, strict=False):
        line = curve(ax, list(range(len(one.z))), list(one.z), role)
        line.set_marker(marker)
        line.set_markevery(len(one.z) // 8)
        line.set_markersize(5)
        back = one.back_after
        if back is None:
            lift = -11 if one.z[-1] == one.z[1] else 11
            write(ax, len(one.z) - 1, one.z[-1], one.activation, role, dx=0, dy=lift, ha="right")
        else:
            text = f"{one.activation}: step {back}"
            write(ax, back, one.z[-1], text, role, dx=0, dy=12)
    ax.set_ylim(-3.0, 1.8)
    listed = "; ".join(
        f"{one.activation} "
        + (f"is on again after {one.back_after} steps" if one.back_after else "stays off")
        + f", z = {format_number(one.z[-1])} at the end"
        for one in found
    )
    words = Description(
        alt="The pre-activation of one unit over the steps. The first step throws it from "
        f"{format_number(found[0].z[0])} to {format_number(found[0].z[1])}. Then: {listed}.",
        caption="One step that is too large switches the unit off; all later steps are "
        "sensible. Only a slope that is not zero brings it back.",
        table=(
            ("activation", "z, step 1", "on again after", "z at the end", "J at the end"),
            *(
                (
                    one.activation, format_number(one.z[1]),
                    f"{one.back_after} steps" if one.back_after else "never in this run",
                    format_number(one.z[-1]), format_number(one.losses[-1], 3),
                )
                for one in found
            ),
        ),
    )  # fmt: skip
    return describe(ax, words)
