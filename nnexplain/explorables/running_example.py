"""The running example as explorables show it: its sliders, its factors, and where numbers stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nnexplain.derivation import Derivation, Factor
from nnexplain.explorables.explorable import Control, Start
from nnexplain.figures.labels import activation_name, subscripted
from nnexplain.latex import coloured
from nnexplain.network import Network, bias_name, weight_name
from nnexplain.palette import ROLES
from nnexplain.worked import worked

EXAMPLE = worked["han_kamber"]
LARGEST = 8.0  # three such weights together saturate a unit down to a slope of 1e-10


def sample_controls() -> Iterator[Control]:
    """Yield the sliders of the sample: the inputs and the target.

    >>> [control.name for control in sample_controls()]
    ['x1', 'x2', 'x3', 'y']
    """
    net = EXAMPLE.network
    for unit, value in zip(net.layers[0], EXAMPLE.x, strict=True):
        name = activation_name(net, unit)
        yield Control(name, subscripted(name), f"input {name}", float(value), -2.0, 2.0, 0.1)
    yield Control("y", "y", "target y", float(EXAMPLE.y[0]), 0.0, 1.0, 0.05)


def parameter_controls(unit: int) -> Iterator[Control]:
    """Yield the sliders of a unit's weights and of its bias.

    >>> [control.name for control in parameter_controls(6)]
    ['w46', 'w56', 'b6']
    """
    net = EXAMPLE.network
    sources = {weight_name(i, unit): f"from unit {i} to unit {unit}" for i in net.incoming(unit)}
    words = {name: f"weight {name}, {ends}" for name, ends in sources.items()}
    words[bias_name(unit)] = f"bias {bias_name(unit)} of unit {unit}"
    for name, said in words.items():
        value = net.parameters[name]
        yield Control(name, subscripted(name), said, value, -LARGEST, LARGEST, 0.1)


def slot(net: Network, factor: Factor) -> str:
    """Return the path of a factor's value: in the module's `trace`, or in the state."""
    if factor.kind == "error":
        return f"error.{factor.unit}"
    if factor.kind.endswith("slope"):
        return f"slope.{factor.unit}"
    if factor.edge is None:
        return "one"
    return (
        f"state.{weight_name(*factor.edge)}" if factor.kind == "weight" else f"a.{factor.edge[0]}"
    )


def product_template(derivation: Derivation, result: str) -> str:
    r"""Return ∂J/∂θ in symbols, then with a slot for every number, as aligned TeX.

    `result` is the path of the number that stands at the end.
    """
    net = derivation.network
    numbers = "".join(
        coloured(factor.kind, rf"(\text{{{slot(net, factor)}}})") for factor in derivation.factors
    )
    return (
        rf"\begin{{aligned}}{derivation.partial} &= {derivation.latex('symbols')}\\"
        rf"&\approx {numbers}\\&\approx \text{{{result}}}\end{{aligned}}"
    )


def factor_data(net: Network, factor: Factor) -> dict[str, Any]:
    """Return what a page says of a factor, and where in the diagram it is."""
    return {
        "kind": factor.kind,
        "name": ROLES[factor.kind].name,
        "short": subscripted(factor.name),
        "symbol": factor.symbol,
        "words": subscripted(factor.words),
        "slot": slot(net, factor),
        "unit": factor.unit,
        "edge": factor.edge,
    }


def code_of(start: Start) -> tuple[str, str, str]:
    """Return Python for the network, x and y of a state, where `example` is the running example.

    >>> code_of({name: float(v) for name, v in EXAMPLE.network.parameters.items()} | {
    ...     "x1": 1.0, "x2": 0.0, "x3": 1.0, "y": 0.0, "w46": 0.3})
    ('example.network.replace(parameters={"w46": 0.3})', 'example.x', '0.0')
    """
    net = EXAMPLE.network
    changed = [f'"{n}": {start[n]}' for n in net.names if start[n] != net.parameters[n]]
    changes = f".replace(parameters={{{', '.join(changed)}}})" if changed else ""
    x = [start[activation_name(net, unit)] for unit in net.layers[0]]
    return (
        f"example.network{changes}",
        "example.x" if tuple(x) == tuple(EXAMPLE.x) else repr(x),
        "example.y" if start["y"] == EXAMPLE.y[0] else repr(start["y"]),
    )
