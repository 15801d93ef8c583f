"""The activation explorer: every function over its slope, with its facts, beside another one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from nnexplain.activation import Activation
from nnexplain.activations import activations
from nnexplain.experiments.magnify import kinks
from nnexplain.explorables.explorable import Choice, Control, Explorable, Start
from nnexplain.javascript.formulas import activation_module

_NOTHING = "none"
_REACH = 6.0
# Every chart shows at least this much, so that a slope of ¼ looks like a quarter of a slope of 1.
_LEAST_VALUE, _LEAST_SLOPE = (-0.2, 1.1), (-0.1, 1.1)
_CODE = """shown = [nne.activations[name] for name in {}]
nne.figures.activation_gallery(shown)"""


def activation_explorer() -> Explorable:
    """Return the explorer of all activation functions, the sigmoid beside ReLU at first."""
    names = {name: name for name in activations}
    return Explorable(
        name="activation-explorer",
        label="The activation explorer",
        groups={"Point": (Control("z", "z", "point z on the curves", -0.7, -_REACH, _REACH, 0.1),)},
        choices=(
            Choice("activation", "Function", "sigmoid", names),
            Choice("compare", "beside", "relu", {_NOTHING: "nothing", **names}),
        ),
        figure=_figure,
        modules={"activation-explorer-functions.js": activation_module(activations.values())},
        formulas={name: _formulas(record) for name, record in activations.items()},
        data={"functions": {name: _function(record) for name, record in activations.items()}},
        situations=(
            {},
            {"activation": "gelu", "compare": "silu", "z": -1.3},
            {"activation": "step", "compare": _NOTHING, "z": 0.0},
            {"activation": "hard_tanh", "compare": "tanh", "z": 1.0},
            {"activation": "linear", "compare": "sin", "z": 6.0},
            {"activation": "elu", "compare": "elu", "z": -6.0},
        ),
    )


def _formulas(record: Activation) -> str:
    return rf"\begin{{aligned}}f(z) &= {record.latex}\\f'(z) &= {record.latex_slope}\end{{aligned}}"


def _function(record: Activation) -> dict[str, Any]:
    """Return what the page knows of one function besides its formulas."""
    return {
        "kinks": [asdict(kink) for kink in kinks(record)],
        "seen": {
            "value": _seen(record.f, _LEAST_VALUE),
            "slope": _seen(record.df, _LEAST_SLOPE),
        },
        "facts": _facts(record),
    }


def _facts(record: Activation) -> dict[str, str]:
    facts = dict(record.facts)
    convention = facts.pop("convention")
    if convention:
        facts["kinks"] += f" (by convention {convention})"
    return {**facts, "same slope everywhere": "yes" if record.constant_slope else "no"}


def _seen(
    function: Callable[[npt.NDArray[np.float64]], Any], least: tuple[float, float]
) -> tuple[float, float]:
    """Return the lowest and highest value over the chart, a little widened."""
    values = function(np.linspace(-_REACH, _REACH, 241))
    low, high = min(least[0], float(values.min())), max(least[1], float(values.max()))
    margin = 0.05 * (high - low)
    return low - margin, high + margin


def _figure(start: Start) -> str:
    names = [str(start["activation"]), str(start["compare"])]
    shown = list(dict.fromkeys(name for name in names if name != _NOTHING))
    return _CODE.format(str(shown).replace("'", '"'))
