"""The nudge: turn w14 of the running example and watch J, its tangent and the way down."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnexplain.explorables.explorable import Explorable, Start
from nnexplain.explorables.running_example import EXAMPLE, parameter_controls
from nnexplain.javascript.formulas import formula_module
from nnexplain.javascript.network import network_module
from nnexplain.landscape import profile

_NAME = "w14"
_CODE = """from nnexplain.experiments.loss import sweep

example = nne.worked["han_kamber"]
net = example.network.replace(parameters={{"w14": {:g}}})
values = [k / 10 for k in range(-80, 81)]
nne.figures.loss_along(sweep(net, [example.x], [example.y], "w14", values))"""


def on_line(height: Any, slope: Any, distance: Any) -> Any:
    """Height + slope · distance: where a straight line through a point is; a formula.

    >>> on_line(5.0, 2.0, 0.5)
    6.0
    """
    return height + slope * distance


def nudge() -> Explorable:
    """Return the nudge: the loss of the running example over its weight w14."""
    net, x, y = EXAMPLE.network, EXAMPLE.x, EXAMPLE.y
    weight = next(control for control in parameter_controls(4) if control.name == _NAME)
    line = profile(net, x, y, _NAME, value_range=(weight.low, weight.high))
    column = net.names.index(_NAME)
    slopes = np.abs(net.gradients_at(line.points, x, y)[:, column])
    margin = 0.12 * float(np.ptp(line.loss))
    return Explorable(
        name="nudge",
        label="Nudge one weight",
        groups={"Weight from unit 1 to unit 4": (weight,)},
        choices=(),
        figure=_figure,
        modules={
            "nudge-network.js": network_module(net.structure),
            "nudge-line.js": formula_module({"onLine": on_line}),
        },
        data={
            "weight": {"name": _NAME, "low": weight.low, "high": weight.high},
            "parameters": net.vector.tolist(),
            "sample": {"x": np.asarray(x).tolist(), "y": np.asarray(y).ravel().tolist()},
            "heights": [float(line.loss.min()) - margin, float(line.loss.max()) + margin],
            "faint": float(slopes.max()) / 10,  # below it the curve looks level
        },
        situations=({}, {_NAME: 0.9}, {_NAME: weight.low}, {_NAME: weight.high}),
    )


def _figure(start: Start) -> str:
    return _CODE.format(start[_NAME])
