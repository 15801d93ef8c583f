r"""Drop a factor: ∂J/∂θ as a product whose factors can be left out, and the step that follows."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from numpy import where

from nnexplain.derivation import Derivation, derive
from nnexplain.explorables.explorable import Choice, Control, Explorable, Start
from nnexplain.explorables.running_example import (
    EXAMPLE,
    code_of,
    factor_data,
    parameter_controls,
    product_template,
    sample_controls,
)
from nnexplain.figures.labels import subscripted
from nnexplain.javascript import formula_module, network_module, step
from nnexplain.network import Network, bias_name, weight_name
from nnexplain.palette import KINDS, ROLES

_IN, _OUT = "in", "out"
_CODE = """example = nne.worked["han_kamber"]
at = nne.derive({network}, "{show}").at({x}, {y})
nne.figures.dropped_factor(at, {missing}learning_rate={rate})"""


def product(error: Any, output_slope: Any, weight: Any, hidden_slope: Any, entering: Any) -> Any:
    """Multiply the factors of one path, from J back; one that is left out, or is not there, is 1.

    >>> product(-2.0, 0.5, 1.0, 1.0, 3.0)
    -3.0
    """
    return error * output_slope * weight * hidden_slope * entering


def ratio(a: Any, b: Any) -> Any:
    """How many times b is in a: a / b."""
    return a / b


def change(after: Any, before: Any) -> Any:
    """How much J grew; 0 where that is less than rounding leaves of it, in the 13th digit.

    >>> float(change(1.5, 1.0)), float(change(1.0 + 1e-15, 1.0))
    (0.5, 0.0)
    """
    grown = after - before
    return where(abs(grown) > 1e-13 * abs(before), grown, 0.0)


def drop_a_factor() -> Explorable:
    """Return the explorable of a product that lacks factors, at the thread's slip: w46 left out."""
    net = EXAMPLE.network
    derivations = {name: derive(net, name) for name in net.names}
    parameters = [c for layer in net.layers[1:] for unit in layer for c in parameter_controls(unit)]
    return Explorable(
        name="drop-a-factor",
        label="Drop a factor",
        groups={
            "Sample": tuple(sample_controls()),
            "On the way to J": tuple(parameters),
            "Step": (Control("eta", "η", "learning rate η", 0.9, 0.01, 1000.0, 0.05, log=True),),
        },
        choices=(
            Choice("show", "Derivative", "w14", {
                name: f"∂J/∂{subscripted(name)}" for name in net.names
            }),
            *(Choice(kind, ROLES[kind].name, _OUT if kind == "weight" else _IN,
                     {_IN: "in the product", _OUT: "left out"}, drawn=False) for kind in KINDS),
        ),
        figure=_figure,
        modules={
            "drop-a-factor-network.js": network_module(net.structure),
            "drop-a-factor-step.js": formula_module(
                {"product": product, "step": step, "ratio": ratio, "change": change}
            ),
        },
        formulas={name: product_template(d, "product") for name, d in derivations.items()},
        symbols={f.symbol: f.symbol for d in derivations.values() for f in d.factors},
        data={
            "inputs": [f"x{unit}" for unit in net.layers[0]],
            "kinds": KINDS,
            "marks": {kind: ROLES[kind].mark for kind in KINDS},
            "derivatives": {name: _derivative(d) for name, d in derivations.items()},
        },
        situations=(
            {},
            {"weight": _IN},
            {"show": "w35", "w56": 0.7, "y": 0.0, "hidden_slope": _OUT, "eta": 20.0},
            {"show": "w24", "input": _OUT, "weight": _IN},
            {"show": "w46", "error": _OUT, "output_slope": _OUT, "x1": -2.0, "eta": 100.0},
            {"show": "b6", "b6": 8.0, "w46": 8.0, "output_slope": _OUT, "y": 0.0},
            {"show": "w14", "w14": -8.0, "w46": -8.0, "b4": -8.0, "hidden_slope": _OUT},
        ),
    )  # fmt: skip


def _derivative(derivation: Derivation) -> dict[str, Any]:
    """Return what the page says of ∂J/∂θ, and the sliders that matter for it."""
    return {
        "label": subscripted(derivation.parameter),
        "factors": [factor_data(derivation.network, factor) for factor in derivation.factors],
        "offered": _offered(derivation.network, derivation),
    }


def _offered(net: Network, derivation: Derivation) -> list[str]:
    """Return the parameter itself, the weights on its way, and the biases of the units there."""
    (term,) = derivation.terms
    _, first = net.locate(derivation.parameter)
    units = [unit for unit in term.path if unit in (first, *net.layers[-1])]
    weights = [weight_name(*pair) for pair in pairwise(units)]
    return [*dict.fromkeys([derivation.parameter, *weights, *map(bias_name, units)])]


def _figure(start: Start) -> str:
    kinds = {factor.kind for factor in derive(EXAMPLE.network, str(start["show"])).factors}
    missing = [f'"{kind}", ' for kind in KINDS if kind in kinds and start[kind] == _OUT]
    network, x, y = code_of(start)
    return _CODE.format(
        network=network, x=x, y=y, show=start["show"], missing="".join(missing), rate=start["eta"]
    )
