"""Backpropagation of one sample, written out: straight-line Python in the network's own names.

For one sample of a small network NumPy spends its time on calls, not on sums. The chain rule
written out for one structure, z4 = w14*a1 + ..., d4 = d6*w46*slope1(z4), ..., has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from nnexplain.formula import SCALAR, interpret
from nnexplain.numbering import Numbering, bias_name, weight_name
from nnexplain.structure import Structure

Partials = Callable[[Sequence[float], Sequence[float], Sequence[float]], list[float]]
# Beyond about this many parameters the array code is as fast.
LARGEST = 150


def source(structure: Structure) -> str:
    """Return the source of `partials(parameters, x, y)`, which lists ∂J/∂θ for one sample.

    It calls `value1`, `slope1` (f and f′ of the first layer of parameters), ... and `error`, the
    slope of the loss, as functions of one float.

    >>> from nnexplain.activations import activations
    >>> from nnexplain.losses import losses
    >>> two = Structure((1, 1, 1), (activations["tanh"],) * 2, losses["half_squared_error"])
    >>> print(source(two))
    def partials(parameters, x, y):
        w12, b2, w23, b3 = parameters
        a1, = x
        y3, = y
        z2 = w12*a1 + b2
        a2 = value1(z2)
        z3 = w23*a2 + b3
        a3 = value2(z3)
        d3 = error(y3, a3)*slope2(z3)
        d2 = (d3*w23)*slope1(z2)
        return [d2*a1, d2, d3*a2, d3]
    """
    network = Numbering(structure.sizes)
    inputs, outputs = network.layers[0], network.layers[-1]
    lines = [
        f"{', '.join(network.names)} = parameters",
        f"{_each('a', inputs)}= x",
        f"{_each('y', outputs)}= y",
        *forward(network),
        *backward(network, structure),
        f"return [{', '.join(products(network))}]",
    ]
    return "\n    ".join(["def partials(parameters, x, y):", *lines])


def _each(letter: str, units: Sequence[int]) -> str:
    return "".join(f"{letter}{unit}, " for unit in units)


def forward(network: Numbering) -> Iterator[str]:
    """Yield the statements of a forward pass, which are JavaScript too."""
    for depth, layer in enumerate(network.layers[1:], 1):
        for unit in layer:
            terms = [f"{weight_name(i, unit)}*a{i}" for i in network.incoming(unit)]
            yield f"z{unit} = {' + '.join([*terms, bias_name(unit)])}"
            yield f"a{unit} = value{depth}(z{unit})"


def backward(network: Numbering, structure: Structure) -> Iterator[str]:
    """Yield the statements that find every d, from the outputs back."""
    last = len(network.layers) - 1
    scale = f"*{structure.loss.scale(structure.sizes[-1])!r}" if structure.loss.averages else ""
    for unit in network.layers[last]:
        factors = (
            f"error(y{unit}, z{unit})"
            if structure.from_logit
            else f"error(y{unit}, a{unit})*slope{last}(z{unit})"
        )
        yield f"d{unit} = {factors}{scale}"
    for depth in range(last - 1, 0, -1):
        for unit in network.layers[depth]:
            terms = [f"d{k}*{weight_name(unit, k)}" for k in network.outgoing(unit)]
            yield f"d{unit} = ({' + '.join(terms)})*slope{depth}(z{unit})"


def products(network: Numbering) -> Iterator[str]:
    """Yield ∂J/∂θ of every parameter: d of its unit times what enters through it."""
    for name in network.names:
        before, unit = network.locate(name)
        yield f"d{unit}" if before is None else f"d{unit}*a{before}"


@lru_cache(maxsize=64)
def partials(structure: Structure) -> Partials | None:
    """Return the compiled function of `source`, or None where arrays serve better.

    That is for many parameters, for a loss that is not defined for every prediction, and for
    activations and losses that are not formulas. The function raises ArithmeticError or ValueError
    where a float leaves the domain of Python's `math`.

    >>> from nnexplain.activations import activations
    >>> from nnexplain.losses import losses
    >>> unit = Structure((1, 1), (activations["identity"],), losses["half_squared_error"])
    >>> partials(unit)([2.0, 5.0], [10.0], [24.0])
    [10.0, 1.0]
    """
    small = structure.count <= LARGEST
    loss, activations = structure.loss, structure.activations
    formulas = loss.complex_step and all(record.complex_step for record in activations)
    if not (small and formulas and structure.defined_everywhere):
        return None
    slope = loss.logit_slope if structure.from_logit else loss.slope
    assert slope is not None
    names: dict[str, Any] = {"error": interpret(slope, SCALAR)}
    for depth, activation in enumerate(activations, 1):
        names[f"value{depth}"], names[f"slope{depth}"] = activation.scalar
    exec(compile(source(structure), "<backpropagation written out>", "exec"), names)
    function: Partials = names["partials"]
    return function
