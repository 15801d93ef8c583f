"""Lesson 6 in pictures: what a gradient costs, and the one minimum of J."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from nnexplain.experiments.backpropagation import Cost, Minimum
from nnexplain.figures.chart import chart, curve, sheet, write
from nnexplain.figures.describe import Description, describe
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

# What a line is called, where its numbers are, and the role that draws it.
_METHODS = (
    ("path by path", "path_by_path", "ink"),
    ("nudge each parameter", "nudging", "muted"),
    ("one backward pass", "backward", "backward"),
)
_DASHES: tuple[tuple[float, tuple[float, float]], ...] = ((0, (1, 1)), (0, (5, 2)))
_UNDER = 0.55  # how far along the axis the labels stand, below their lines


def cost_of_gradient(costs: Sequence[Cost], *, ax: Axes | None = None) -> Axes:
    """Draw the multiplications of three methods over the number of hidden layers, in powers of ten.

    `costs` are networks that differ in their number of hidden layers.

    >>> from nnexplain.experiments.backpropagation import growth
    >>> cost_of_gradient(growth()).get_yscale()
    'log'
    """
    ax = chart(ax, x="hidden layers", y="multiplications for one gradient", height=260)
    layers = [cost.hidden_layers for cost in costs]
    ax.set_yscale("log")
    ax.set_xticks(layers)
    for label, name, role in _METHODS:
        counts = [getattr(cost, name) for cost in costs]
        curve(ax, layers, counts, role).set(marker="o", markersize=4)
        at = int(_UNDER * len(layers))
        write(ax, layers[at], counts[at], label, role, dx=6, dy=-12)
    ax.set_ylim(10, 10 * costs[-1].path_by_path)
    return describe(ax, _cost_words(costs))


def _cost_words(costs: Sequence[Cost]) -> Description:
    rows = [
        (str(c.hidden_layers), *(format_number(n, 3) for n in (c.paths, *_counts(c))))
        for c in costs
    ]
    first, last = rows[0], rows[-1]
    says = [
        f"{label} from {start} to {end}"
        for (label, _, _), start, end in zip(_METHODS, first[2:], last[2:], strict=True)
    ]
    sizes = costs[-1].sizes
    return Description(
        alt=f"Three curves over {first[0]} to {last[0]} hidden layers of {sizes[1]} units, on a "
        f"scale of powers of ten. Multiplications for one gradient: {'; '.join(says)}.",
        caption=f"Multiplications for the gradient for one sample, for networks with {sizes[0]} "
        f"inputs, hidden layers of {sizes[1]} units and {sizes[-1]} output. Each method includes "
        "its forward passes.",
        table=(("hidden layers", "paths of the first weight", *(m[0] for m in _METHODS)), *rows),
    )


def _counts(cost: Cost) -> tuple[int, ...]:
    return tuple(getattr(cost, name) for _, name, _ in _METHODS)


def one_minimum(found: Minimum) -> Axes:
    """Draw two views over b6: the output unit, which has no minimum, and J, which has one.

    Returns the axes of J; those of the output unit stand above.

    >>> from nnexplain.experiments.backpropagation import two_opinions
    >>> ax = one_minimum(two_opinions())
    >>> [view.get_title(loc="left") for view in ax.figure.axes]
    ['the unit: only rises', 'the loss: one lowest point']
    """
    unit, loss = sheet(2, height=190)
    values = found.sweep.values.tolist()
    chart(unit, x="b₆", y="h = σ(z₆)", title="the unit: only rises")
    curve(unit, values, found.predictions.tolist(), "forward")
    chart(loss, x="b₆", y="J", title="the loss: one lowest point")
    for k, (each, dash) in enumerate(zip(found.sweep.each, _DASHES, strict=True)):
        curve(loss, values, each.tolist(), "muted").set_linestyle(dash)
        at, side = (-1, "right") if k else (0, "left")
        write(loss, values[at], each[at], f"sample {k + 1}", "muted", dy=11, dx=0, ha=side)
    curve(loss, values, found.sweep.total.tolist(), "ink")
    at = values[8]
    write(loss, at, found.sweep.total[8], "J of both", "ink", dx=12)
    here = found.network.parameters["b6"]
    for ax, height in ((unit, 0.5), (loss, found.loss)):
        ax.axvline(here, color=ROLES["grid"].light, linewidth=1.2)
        ax.plot([here], [height], "o", color=ROLES["ink"].light, markersize=6)
    write(unit, here, 0.5, f"slope {format_number(found.slopes[6])}", "output_slope", dx=10, dy=-6)
    write(loss, here, found.loss, "slope 0", "ink", dx=0, dy=14, ha="center")
    return describe(loss, _minimum_words(found))


def _minimum_words(found: Minimum) -> Description:
    here = format_number(found.network.parameters["b6"])
    low = format_number(found.loss, 3)
    h = found.predictions
    rows = [
        (format_number(found.sweep.values[k], 3), *(format_number(float(v), 3) for v in (
            h[k], *found.sweep.each[:, k], found.sweep.total[k])))
        for k in range(0, len(h), 10)
    ]  # fmt: skip
    return Description(
        alt=f"Two views over b6. Above, the output h of unit 6 rises all the way from "
        f"{format_number(float(h[0]), 2)} to {format_number(float(h[-1]), 2)}. Below, the losses "
        f"of two samples are lowest at different places, and their sum J has its one lowest "
        f"point, {low}, between them at b6 = {here}.",
        caption=f"Above: unit 6 rises with b₆ and has no lowest point. Below: J does, at b₆ = "
        f"{here}, between the lowest points of its two samples.",
        table=(("b₆", "h", "sample 1", "sample 2", "J"), *rows),
    )
