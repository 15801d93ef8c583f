"""Ramp and bowl: the same walk of one prediction under three losses, and where each one ends."""

from __future__ import annotations

from typing import Any

from nnexplain.experiments.constant_slope import LOSSES
from nnexplain.explorables.explorable import Control, Explorable, Start
from nnexplain.figures.ramp import BALLS_HEIGHT, BALLS_REACH
from nnexplain.javascript import formula_module, walk_module
from nnexplain.latex import partial
from nnexplain.losses import losses

_TITLES = {
    "half_squared_error": ("Bowl", "half squared error"),
    "absolute": ("V", "absolute error"),
    "linear": ("Ramp", "linear loss"),
}
_SLOPE = partial("J", "h")
_STEPS = 60
_SHOWN = 20  # a figure of no steps would show nothing
_CODE = """from nnexplain.experiments.constant_slope import LOSSES, approach

walks = [approach(loss, {eta}, {steps}, start={h}, target={y}) for loss in LOSSES]
nne.figures.balls(walks)"""


def distance(a: Any, b: Any) -> Any:
    """How far apart a and b are: |a - b|.

    >>> distance(1.0, -2.0)
    3.0
    """
    return abs(a - b)


def ratio(a: Any, b: Any) -> Any:
    """How many times b is in a: a / b."""
    return a / b


def ramp_and_bowl() -> Explorable:
    """Return the explorable of one prediction that descends a bowl, a V and a ramp."""
    return Explorable(
        name="ramp-and-bowl",
        label="Ramp and bowl",
        groups={
            "Start": (
                Control("h", "h", "prediction h at the start", 3.0, -3.0, 3.0, 0.1),
                Control("y", "y", "target y", 1.0, -1.0, 1.0, 0.1),
            ),
            "Walk": (
                Control("eta", "η", "learning rate η", 0.3, 0.05, 3.0, 0.05),
                Control("steps", "steps", "steps taken", 0, 0, _STEPS, 1),
            ),
        },
        choices=(),
        figure=_figure,
        modules={
            "ramp-and-bowl-walk.js": walk_module([losses[name] for name in LOSSES]),
            "ramp-and-bowl-length.js": formula_module({"distance": distance, "ratio": ratio}),
        },
        formulas={},
        symbols={
            **{name: f"J = {losses[name].latex}" for name in LOSSES},
            **{f"{name}.slope": f"{_SLOPE} = {losses[name].latex_slope}" for name in LOSSES},
        },
        data={
            "losses": {
                name: {"title": title, "name": words}
                for name, (title, words) in _TITLES.items()
            },
            "reach": BALLS_REACH,
            "height": BALLS_HEIGHT,
        },
        situations=(
            {"steps": 7},
            {"steps": 60},
            {"h": -2.5, "y": 0.5, "eta": 1.0, "steps": 3},
            {"h": -0.3, "y": 1.0, "eta": 2.0, "steps": 41},
            {"h": 2.0, "y": 1.0, "eta": 3.0, "steps": 60},
            {"h": 1.0, "steps": 5},
        ),
    )  # fmt: skip


def _figure(start: Start) -> str:
    return _CODE.format(
        eta=start["eta"], steps=start["steps"] or _SHOWN, h=start["h"], y=start["y"]
    )
