r"""The network circuit: eleven sliders, all values and signals, and every derivative in factors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nnexplain.derivation import Derivation, Factor, derive
from nnexplain.explorables.explorable import Choice, Control, Explorable, Start
from nnexplain.figures.labels import activation_name, subscripted
from nnexplain.javascript import network_module
from nnexplain.latex import coloured
from nnexplain.network import Network, bias_name, weight_name
from nnexplain.palette import ROLES
from nnexplain.worked import worked

_EXAMPLE = worked["han_kamber"]
_NOTHING = "none"
_SIGNALS = {"on": "→ values, ← signals", "off": "→ values"}
_LARGEST = 8.0  # three such weights together saturate a unit down to a slope of 1e-10
_CODE = """example = nne.worked["han_kamber"]
nne.figures.network_diagram({})"""


def circuit() -> Explorable:
    """Return the circuit of the running example, the 3-2-1 network of Han and Kamber."""
    net = _EXAMPLE.network
    derivations = {name: derive(net, name) for name in net.names}
    return Explorable(
        name="circuit",
        label="The network circuit",
        groups={"Sample": tuple(_sample(net)), **{
            f"Unit {unit}": tuple(_parameters(net, unit))
            for layer in net.layers[1:] for unit in layer
        }},
        choices=(
            Choice("show", "Derivative", "w14", {
                _NOTHING: "none", **{n: f"∂J/∂{subscripted(n)}" for n in net.names},
            }),
            Choice("signals", "Show", "on", _SIGNALS),
        ),
        figure=_figure,
        modules={"circuit-network.js": network_module(net.structure)},
        formulas={name: _template(derivation) for name, derivation in derivations.items()},
        symbols={f.symbol: f.symbol for d in derivations.values() for f in d.factors},
        data={
            "layers": net.layers,
            "parameters": {name: _place(net, name) for name in net.names},
            "units": {unit: _unit(net, unit) for layer in net.layers for unit in layer},
            "marks": {name: role.mark for name, role in ROLES.items() if role.mark},
            "factors": {
                name: [_factor(net, factor) for factor in derivation.factors]
                for name, derivation in derivations.items()
            },
        },
        situations=(
            {},
            {"show": "w14", "w46": 0.3, "y": 0.0},
            {"show": "w35", "x1": -2.0, "x2": 1.3, "b5": 4.5},
            {"show": "w24", **dict.fromkeys(("w14", "w24", "w34", "b4"), 8.0), "x2": 2.0},
            {"show": "b6", "w46": -8.0, "w56": -8.0, "b6": -8.0},
        ),
    )  # fmt: skip


def _sample(net: Network) -> Iterator[Control]:
    for unit, value in zip(net.layers[0], _EXAMPLE.x, strict=True):
        name = activation_name(net, unit)
        yield Control(name, subscripted(name), f"input {name}", float(value), -2.0, 2.0, 0.1)
    yield Control("y", "y", "target y", float(_EXAMPLE.y[0]), 0.0, 1.0, 0.05)


def _parameters(net: Network, unit: int) -> Iterator[Control]:
    sources = {weight_name(i, unit): f"from unit {i} to unit {unit}" for i in net.incoming(unit)}
    words = {name: f"weight {name}, {ends}" for name, ends in sources.items()}
    words[bias_name(unit)] = f"bias {bias_name(unit)} of unit {unit}"
    for name, said in words.items():
        value = net.parameters[name]
        yield Control(name, subscripted(name), said, value, -_LARGEST, _LARGEST, 0.1)


def _figure(start: Start) -> str:
    arguments = "example.network, example.x"
    if start["signals"] == "on" or start["show"] != _NOTHING:
        arguments += ", example.y"
    if start["show"] != _NOTHING:
        arguments += f', highlight="{start["show"]}"'
    elif start["signals"] == "on":
        arguments += ", backward=True"
    return _CODE.format(arguments)


def _place(net: Network, name: str) -> dict[str, Any]:
    source, unit = net.locate(name)
    return {"source": source, "unit": unit, "label": subscripted(name)}


def _unit(net: Network, unit: int) -> dict[str, str]:
    names = {"a": activation_name(net, unit), "z": f"z{unit}", "delta": f"δ{unit}"}
    return {part: subscripted(name) for part, name in names.items()}


def _slot(net: Network, factor: Factor) -> str:
    """Return the path of a factor's value: in the trace, or among the parameters."""
    if factor.kind == "error":
        return f"error.{factor.unit}"
    if factor.kind.endswith("slope"):
        return f"slope.{factor.unit}"
    if factor.edge is None:
        return "one"
    return (
        f"state.{weight_name(*factor.edge)}" if factor.kind == "weight" else f"a.{factor.edge[0]}"
    )


def _template(derivation: Derivation) -> str:
    r"""Return ∂J/∂θ in symbols, then with a slot for every number, as aligned TeX."""
    net = derivation.network
    numbers = "".join(
        coloured(factor.kind, rf"(\text{{{_slot(net, factor)}}})") for factor in derivation.factors
    )
    return (
        rf"\begin{{aligned}}{derivation.partial} &= {derivation.latex('symbols')}\\"
        rf"&\approx {numbers}\\&\approx \text{{gradient.{derivation.parameter}}}\end{{aligned}}"
    )


def _factor(net: Network, factor: Factor) -> dict[str, Any]:
    """Return what the page says of a factor, and where in the diagram it is."""
    return {
        "kind": factor.kind,
        "name": ROLES[factor.kind].name,
        "short": subscripted(factor.name),
        "symbol": factor.symbol,
        "words": subscripted(factor.words),
        "slot": _slot(net, factor),
        "unit": factor.unit,
        "edge": factor.edge,
    }
