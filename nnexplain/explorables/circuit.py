r"""The network circuit: eleven sliders, all values and signals, and every derivative in factors."""

from __future__ import annotations

from typing import Any

from nnexplain.derivation import derive
from nnexplain.explorables.explorable import Choice, Explorable, Start
from nnexplain.explorables.running_example import (
    EXAMPLE,
    code_of,
    factor_data,
    parameter_controls,
    product_template,
    sample_controls,
)
from nnexplain.figures.labels import activation_name, subscripted
from nnexplain.javascript import network_module
from nnexplain.network import Network
from nnexplain.palette import ROLES

_NOTHING = "none"
_SIGNALS = {"on": "→ values, ← signals", "off": "→ values"}
_CODE = """example = nne.worked["han_kamber"]
nne.figures.network_diagram({})"""


def circuit() -> Explorable:
    """Return the circuit of the running example, the 3-2-1 network of Han and Kamber."""
    net = EXAMPLE.network
    derivations = {name: derive(net, name) for name in net.names}
    return Explorable(
        name="circuit",
        label="The network circuit",
        groups={"Sample": tuple(sample_controls()), **{
            f"Unit {unit}": tuple(parameter_controls(unit))
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
        formulas={
            name: product_template(derivation, f"gradient.{name}")
            for name, derivation in derivations.items()
        },
        symbols={f.symbol: f.symbol for d in derivations.values() for f in d.factors},
        data={
            "layers": net.layers,
            "parameters": {name: _place(net, name) for name in net.names},
            "units": {unit: _unit(net, unit) for layer in net.layers for unit in layer},
            "marks": {name: role.mark for name, role in ROLES.items() if role.mark},
            "factors": {
                name: [factor_data(net, factor) for factor in derivation.factors]
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


def _figure(start: Start) -> str:
    network, x, y = code_of(start)
    arguments = f"{network}, {x}"
    if start["signals"] == "on" or start["show"] != _NOTHING:
        arguments += f", {y}"
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
