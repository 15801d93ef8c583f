"""One weight and the loss of one sample: the curve that a nudge walks on, and its slope here."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from nnexplain.experiments.loss import Sweep
from nnexplain.figures.chart import chart, curve
from nnexplain.figures.describe import Description, describe
from nnexplain.figures.labels import subscripted
from nnexplain.figures.loss import mark_start
from nnexplain.numbers import format_number


def loss_along(sweep: Sweep, ax: Axes | None = None) -> Axes:
    """Draw J over one parameter, with the tangent and the slope where the network stands.

    >>> from nnexplain.experiments.loss import sweep
    >>> from nnexplain.worked import worked
    >>> example = worked["han_kamber"]
    >>> ax = loss_along(sweep(example.network, [example.x], [example.y], "w14", [-8, 0, 8]))
    >>> ax.texts[-1].get_text()
    'slope 0.00872'
    """
    name, label = sweep.name, subscripted(sweep.name)
    ax = chart(ax, x=label, y="loss J", height=220)
    curve(ax, sweep.values.tolist(), sweep.total.tolist(), "ink")
    mark_start(ax, sweep)
    ax.margins(y=0.12)
    low, high = (format_number(float(v)) for v in sweep.values[[0, -1]])
    left, right = (format_number(float(j), 3) for j in sweep.total[[0, -1]])
    slope, start = format_number(sweep.slope, 3), format_number(sweep.start)
    picked = np.linspace(0, len(sweep.values) - 1, min(9, len(sweep.values))).round().astype(int)
    words = Description(
        alt=f"A curve: the loss J while {name} goes from {low} to {high} and all other parameters "
        f"rest. J goes from {left} to {right}. At {name} = {start} it is "
        f"{format_number(sweep.start_loss, 3)}, and its tangent there has the slope {slope}.",
        caption=f"J while {label} moves and all else rests. The slope of the tangent at "
        f"{label} = {start} is the partial derivative, {slope}.",
        table=(
            (name, "J"),
            *(
                tuple(format_number(float(v)) for v in (sweep.values[k], sweep.total[k]))
                for k in picked.tolist()
            ),
        ),
    )
    return describe(ax, words)
