"""Descent on the landscape: J over two parameters as a map, and a ball that walks down on it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from nnexplain.activations import activations
from nnexplain.experiments.landscape import same_sign
from nnexplain.experiments.loss import THREE_X, THREE_Y
from nnexplain.explorables.explorable import Choice, Control, Explorable, Start
from nnexplain.explorables.running_example import EXAMPLE
from nnexplain.figures.labels import subscripted
from nnexplain.javascript import descent_module, family_module, field_module
from nnexplain.network import Network, bias_name, weight_name
from nnexplain.structure import Structure

# The map from edge to edge, and the sliders of the parameters: whatever they reach is on a map.
_REACH = {"wide": 10.0, "close": 3.0}
_UNITS = {
    "sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU", "identity": "identity", "step": "step",
}  # fmt: skip
_SAMPLES = {"one": "the textbook’s one", "three": "three", "many": "24"}
_MOVING = {"all": "all eleven", "two": "only these two"}
_STEPS = 2000
_SHOWN = 300  # a figure of no steps would show no walk
# Points along each side of the map: fewer with many samples, so that it is there within a frame.
_POINTS = {"one": 81, "three": 81, "many": 61}


def landscape() -> Explorable:
    """Return the explorable of descent on J over two of the running example's parameters."""
    net = EXAMPLE.network
    names = {name: subscripted(name) for name in net.names}
    return Explorable(
        name="landscape",
        label="Descent on the landscape",
        groups={
            "Walk": (
                Control("eta", "η", "learning rate η", 0.9, 0.01, 100.0, 0.05, log=True),
                Control("steps", "steps", "steps taken", 0, 0, _STEPS, 1),
            ),
            **{f"Start, unit {unit}": tuple(_parameters(net, unit))
               for layer in net.layers[1:] for unit in layer},
        },
        choices=(
            Choice("first", "Across", "w46", names),
            Choice("second", "Up", "b6", names),
            Choice("map", "Map", "wide", {
                key: f"−{reach:g} to {reach:g}" for key, reach in _REACH.items()
            }),
            Choice("moving", "Moving", "two", _MOVING),
            Choice("units", "Units", "sigmoid", _UNITS),
            Choice("samples", "Samples", "three", _SAMPLES),
        ),
        figure=_figure,
        modules={
            "landscape-networks.js": family_module({
                name: Structure((3, 2, 1), (activations[name],) * 2, net.structure.loss)
                for name in _UNITS
            }),
            "descent.js": descent_module(),
            "field.js": field_module(),
        },
        data={
            "samples": {key: _samples(key) for key in _SAMPLES},
            "reach": _REACH,
            "labels": names,
        },
        situations=(
            {},
            {"steps": 40, "eta": 3.0},
            {"steps": 200, "moving": "all", "eta": 10.0},
            {"steps": 600, "moving": "all", "samples": "many", "first": "w14", "second": "w24",
             "eta": 0.3},
            {"steps": 9, "units": "identity", "eta": 1.0, "moving": "all"},
            {"steps": 30, "units": "relu", "samples": "one", "first": "w14", "second": "w34",
             "moving": "all", "map": "close", "eta": 0.3},
            {"steps": 5, "units": "step", "first": "b4", "second": "w56"},
            {"steps": 700, "units": "tanh", "samples": "many", "first": "w15", "second": "b5",
             "w15": -9.95, "eta": 0.05},
        ),
    )  # fmt: skip


def network_of(state: Start) -> Network:
    """Return the network at which a state's walk starts.

    >>> network_of(landscape().state({"units": "tanh", "w14": 2.0})).parameters["w14"]
    2.0
    """
    names = EXAMPLE.network.names
    return Network([3, 2, 1], str(state["units"]), {name: float(state[name]) for name in names})


def data_of(key: str) -> tuple[list[list[float]], list[float]]:
    """Return inputs and targets of one of the sets of samples.

    >>> data_of("one")
    ([[1.0, 0.0, 1.0]], [1.0])
    """
    if key == "one":
        return [[float(v) for v in EXAMPLE.x]], [float(v) for v in EXAMPLE.y]
    if key == "three":
        return [[float(v) for v in x] for x in THREE_X], [float(y) for y in THREE_Y]
    x, y = same_sign()
    return x.tolist(), y.tolist()


def frozen(state: Start) -> list[str]:
    """Return the parameters that stay where they are.

    >>> len(frozen(landscape().state({"moving": "two"})))
    9
    """
    axes = (state["first"], state["second"])
    names = EXAMPLE.network.names
    return [] if state["moving"] == "all" else [name for name in names if name not in axes]


def _parameters(net: Network, unit: int) -> Iterator[Control]:
    ends = {
        weight_name(i, unit): f"weight from unit {i} to unit {unit}" for i in net.incoming(unit)
    }
    for name, what in {**ends, bias_name(unit): f"bias of unit {unit}"}.items():
        value, reach = net.parameters[name], _REACH["wide"]
        words = f"{name}, {what}, at the start"
        yield Control(name, subscripted(name), words, value, -reach, reach, 0.05)


def _samples(key: str) -> dict[str, object]:
    x, y = data_of(key)
    return {"x": x, "y": [[target] for target in y], "points": _POINTS[key]}


_DATA = {
    "one": "example = nne.worked[\"han_kamber\"]\nx, y = [example.x], example.y",
    "three": "from nnexplain.experiments.loss import THREE_X as x\n"
    "from nnexplain.experiments.loss import THREE_Y as y",
    "many": "from nnexplain.experiments.landscape import same_sign\n\nx, y = same_sign()",
}  # fmt: skip
_CODE = """{data}

net = nne.Network([3, 2, 1], "{units}", {parameters})
walk = nne.descend(net, x, y, learning_rate={eta}, steps={steps}{freeze})
ranges = {{"first_range": ({low}, {high}), "second_range": ({low}, {high})}}
view = nne.landscape(walk.network, x, y, "{first}", "{second}", **ranges, points=61)
nne.figures.loss_contour(view, walk.parameters)"""


def _figure(start: Start) -> str:
    reach, still = _REACH[str(start["map"])], frozen(start)
    return _CODE.format(
        data=_DATA[str(start["samples"])],
        units=start["units"],
        parameters=json.dumps({name: start[name] for name in EXAMPLE.network.names}),
        eta=start["eta"],
        steps=start["steps"] or _SHOWN,
        freeze=f", freeze={json.dumps(still)}" if still else "",
        low=-reach,
        high=reach,
        first=start["first"],
        second=start["second"],
    )
