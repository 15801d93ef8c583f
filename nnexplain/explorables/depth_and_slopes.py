"""Depth and slopes: |δ| layer by layer on its way back, under any weights, slopes and depth."""

from __future__ import annotations

import math

from nnexplain.activations import activations
from nnexplain.experiments.depth import (
    DEEPEST,
    GRAINS,
    SAMPLES,
    WIDTH,
    deep_signal,
    draws,
)
from nnexplain.experiments.saturation import Signal, chain_signal
from nnexplain.explorables.explorable import Choice, Control, Explorable, Start
from nnexplain.javascript.depth import depth_module
from nnexplain.latex import coloured

ACTIVATIONS = ("sigmoid", "tanh", "relu", "identity")
_CODE = """from nnexplain.experiments.{module} import {function}

nne.figures.signals_by_layer([{function}({arguments})])"""
_ABOUT = {
    "chain": "One unit in each layer, all alike: each has the same weight w, the strength, and "
    "works at the same z. A signal of 1 starts at the output.",
    "layers": f"Layers of {WIDTH} units, {SAMPLES} random inputs. The weights are drawn by lot "
    f"around 0; their typical size is the strength g divided by √{WIDTH}. Each z lies around "
    "the middle that you set, and s is the typical slope there. A signal of 1 starts at every "
    "output.",
}
_VERDICTS = {
    "vanishes": "The signal vanishes",
    "holds": "The signal keeps its size",
    "explodes": "The signal explodes",
    "zero": "The signal is exactly zero",
}
_HE = math.sqrt(2)
# Strengths of lesson 12: those of its chains, and its two recipes.
_PRESETS = {
    "chain": {"1": 1.0, "4": 4.0, "6": 6.0},
    "layers": {"Xavier: 1": 1.0, "He: √2": _HE},
}


def depth_and_slopes() -> Explorable:
    """Return the chain of ten sigmoid units of lesson 12, and what can be made of it."""
    return Explorable(
        name="depth-and-slopes",
        label="Depth and slopes",
        groups={
            "Depth": (Control("depth", "layers", "number of layers", 10.0, 2.0, float(DEEPEST),
                              1.0),),
            "Weights": (Control("strength", "strength", "strength of the weights", 1.0, 0.01, 100.0,
                                0.05, log=True),),
            "Units": (Control("centre", "middle of z", "middle of all pre-activations z", 0.0,
                              -40.0, 40.0, 0.5),),
        },
        choices=(
            Choice("network", "Network", "chain", {
                "chain": "chain", "layers": "layers",
            }),
            Choice("activation", "Activation", "sigmoid", {
                name: "ReLU" if name == "relu" else name for name in ACTIVATIONS
            }),
            Choice("bits", "Floats of", "64", {b: f"{b} bits" for b in ("64", "32", "16")}),
        ),
        figure=_figure,
        modules={"depth-and-slopes-network.js": depth_module(activations[n] for n in ACTIVATIONS)},
        formulas={"chain": _chain_formula(), "layers": _layers_formula()},
        data={
            "about": _ABOUT,
            "verdicts": _VERDICTS,
            "presets": _PRESETS,
            "kinks": {
                name: {"kinks": activations[name].kinks, "convention": activations[name].convention}
                for name in ACTIVATIONS
            },
            "deepest": DEEPEST,
            "draws": {
                "units": WIDTH, "samples": SAMPLES, "grains": GRAINS,
                "weights": draws().weights.reshape(DEEPEST + 1, -1).tolist(),
                "inputs": draws().inputs.ravel().tolist(),
            },
        },
        situations=(
            {},
            {"strength": 4.0},
            {"strength": 6.0, "depth": 20.0, "bits": "16"},
            {"strength": 0.01, "depth": 20.0, "centre": 40.0},
            {"activation": "relu"},
            {"activation": "tanh", "strength": 2.0, "centre": -0.5, "bits": "32"},
            {"network": "layers", "depth": 20.0},
            {"network": "layers", "activation": "relu", "strength": _HE, "depth": 20.0},
            {"network": "layers", "activation": "tanh", "depth": 20.0, "centre": 1.0},
            {"network": "layers", "activation": "relu", "strength": 5.0, "bits": "16"},
            {"network": "layers", "activation": "identity", "strength": 0.01, "depth": 2.0},
            {"network": "layers", "activation": "relu", "centre": -40.0},
        ),
    )  # fmt: skip


def _chain_formula() -> str:
    r"""Return |δ₁| = f′(z) (w f′(z))^(n-1) in symbols, with slots for numbers, and the result."""
    weight, slope = coloured("weight", "w"), coloured("hidden_slope", "f'(z)")
    numbers = [coloured("weight", r"\text{strength}"), coloured("hidden_slope", r"\text{slope}")]
    return (
        rf"\begin{{aligned}}|\delta_1| &= {slope}\,({weight}\,{slope})^{{n-1}}\\"
        rf"&\approx {numbers[1]}\times({numbers[0]}\times{numbers[1]})^{{\text{{steps}}}}\\"
        r"&\approx \text{first.shown}\end{aligned}"
    )


def _layers_formula() -> str:
    """Return the size that strength times a typical slope, n times over, lets one expect."""
    weight, slope = coloured("weight", "g"), coloured("hidden_slope", "s")
    numbers = [coloured("weight", r"\text{strength}"), coloured("hidden_slope", r"\text{slope}")]
    return (
        rf"\begin{{aligned}}\mathrm{{expected}}\;|\delta_1| &= "
        rf"({weight}\,{slope})^{{n}}\\"
        rf"&\approx ({numbers[0]}\times{numbers[1]})^{{\text{{layers}}}}\\"
        r"&\approx \text{expected.shown}\end{aligned}"
    )


def _arguments(state: Start) -> tuple[str, float, int, float]:
    return (
        str(state["activation"]), float(state["strength"]), int(float(state["depth"])),
        float(state["centre"]),
    )  # fmt: skip


def _figure(start: Start) -> str:
    activation, strength, depth, centre = _arguments(start)
    if start["network"] == "chain":
        arguments = f'{strength:g}, {depth}, "{activation}", {centre:g}'
        return _CODE.format(module="saturation", function="chain_signal", arguments=arguments)
    arguments = f'"{activation}", {strength!r}, {depth}, {centre:g}'
    return _CODE.format(module="depth", function="deep_signal", arguments=arguments)


def shown(state: Start) -> Signal:
    """Return the signal of a state as floats, 0 where the explorable still knows a power of ten.

    >>> shown(depth_and_slopes().state({"depth": 2.0})).sizes
    (0.0625, 0.25)
    """
    activation, strength, depth, centre = _arguments(state)
    if state["network"] == "chain":
        return chain_signal(strength, depth, activation, centre)
    return deep_signal(activation, strength, depth, centre)
