"""Walks and fields in JavaScript: what explorables run over the networks of a `family_module`.

`descent.js` is `nnexplain.descent` for gradient descent on full batches, `field.js` is
`nnexplain.plane`. Neither knows a network or an activation. The numbers by which a walk is judged
come from Python.
"""

from __future__ import annotations

import inspect
import json
from functools import cache
from importlib.resources import files

from nnexplain.descent import descend, verdict
from nnexplain.descent.walk import GROWTH, LEAST_ERROR

# The words in which a walk says why it ended.
_STOPS = {
    "converged": verdict.CONVERGED,
    "plateau": verdict.PLATEAU,
    "saddle": verdict.SADDLE,
    "diverged": verdict.DIVERGED,
}
# A central difference this wide is off by about 1e-10 of a curvature near 1, rounding included.
_WIDTH = 1e-5
# Jacobi's rotations converge quadratically: eight sweeps bring any small matrix to the last digit.
_SWEEPS = 8


def descent_module() -> str:
    """Return an ES module that walks as `descend` does: it exports `stops`, `Walk`, `walker`.

    A `Walk` keeps its `points`, `losses` and `gradients`, goes on when asked for more steps, and
    ends for the same reasons as in Python. `walker()` makes a function that returns the same walk
    as long as it is asked for the same one.

    >>> print(descent_module().splitlines()[2])
    const GROWTH = 1000000000000.0;
    """
    tolerance = inspect.signature(descend).parameters["tolerance"].default
    numbers = {
        "GROWTH": GROWTH,
        "LEAST_ERROR": LEAST_ERROR,
        "TOLERANCE": tolerance,
        "SMALL": verdict.SMALL,
        "NOISE": verdict.NOISE,
        "FALLS": verdict.FALLS,
        "WIDTH": _WIDTH,
        "SWEEPS": _SWEEPS,
    }
    constants = (f"const {name} = {json.dumps(value)};\n" for name, value in numbers.items())
    stops = f"export const stops = {json.dumps(_STOPS)};\n"
    return _module("descent.js", stops + "".join(constants))


def field_module() -> str:
    """Return an ES module that exports `field`: J over a grid of two parameters.

    >>> "export function field(network, parameters" in field_module()
    True
    """
    return _module("field.js", "")


@cache
def _module(name: str, constants: str) -> str:
    text = files("nnexplain.javascript").joinpath(name).read_text(encoding="utf-8")
    return f"// From {name} of nnexplain.javascript; edit that.\n{constants}{text}"
