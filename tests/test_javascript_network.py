"""The generated network module, run in a real browser and compared with `Network`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

import nnexplain as nne
from nnexplain.javascript import network_module
from tests.test_javascript import agrees, run

pytestmark = pytest.mark.xdist_group("javascript")

LOSSES = ("half_squared_error", "mse", "binary_cross_entropy")
# How large the parameters are: usual, and tiny down to denormal products; saturated and far out.
SCALES, LARGE = (1.0, 1e-9, 1e-150, 1e-300), (30.0, 400.0)


def networks(activation: str, loss: str) -> list[nne.Network]:
    """Networks of one structure at every scale; two outputs, so that paths are added too."""
    last = "sigmoid" if loss == "binary_cross_entropy" else activation
    seeded = [nne.Network([3, 2, 2], [activation, last], seed=k, loss=loss) for k in range(3)]
    return [
        net.replace(parameters={name: scale * value for name, value in net.parameters.items()})
        for net in seeded
        for scale in (*SCALES, *(LARGE if saturates(activation) else ()))
    ]


def saturates(activation: str) -> bool:
    """Whether large sums are harmless: elsewhere they amplify the last bit of a rounded sum."""
    return all(map(math.isfinite, nne.activations[activation].range)) and activation != "sin"


def by_python(net: nne.Network, x: list[float], y: list[float]) -> dict[str, Any]:
    trace = net.forward(x)
    with np.errstate(all="ignore"):
        slope = {unit: float(net.activation_of(unit).df(z)) for unit, z in trace.z.items()}
        return {
            "J": net.loss(x, y),
            "a": trace.a,
            "z": trace.z,
            "slope": slope,
            "delta": net.deltas(x, y),
            "gradient": net.gradient(x, y),
        }


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", list(nne.activations))
def test_every_network_equals_python(browser: Browser, activation: str, loss: str) -> None:
    nets = networks(activation, loss)
    samples = ([1.0, 0.0, 1.0], [0.0, 1.0]), ([-0.7, 2.5, 1e-3], [0.25, 0.5])
    vectors = [[net.vector.tolist(), x, y] for net in nets for x, y in samples]
    call = "(m, vectors) => vectors.map(v => [m.trace(...v), m.loss(...v), m.partials(...v)])"
    found = run(browser, network_module(nets[0].structure), call, vectors)
    expected = [by_python(net, x, y) for net in nets for x, y in samples]
    for (trace, loss_alone, partials), python in zip(found, expected, strict=True):
        for name in ("a", "z", "slope", "delta"):
            agrees([trace[name][str(unit)] for unit in python[name]], list(python[name].values()))
        agrees(list(trace["gradient"].values()), list(python["gradient"].values()))
        agrees([trace["J"], loss_alone], [python["J"]] * 2)
        agrees(partials, list(python["gradient"].values()))


def test_error_times_slope_is_the_signal_of_an_output(browser: Browser) -> None:
    net = nne.worked["han_kamber"].network
    vector = [net.vector.tolist(), [1, 0, 1], [1]]
    trace = run(browser, network_module(net.structure), "(m, v) => m.trace(...v)", vector)
    agrees(trace["error"]["6"] * trace["slope"]["6"], net.deltas([1, 0, 1], 1)[6])
    assert list(trace["gradient"]) == list(net.names)


def test_names_of_two_digits_and_one_layer() -> None:
    wide = nne.Network([11, 1], "tanh", seed=0).structure
    text = network_module(wide)
    assert "w10_12*a10" in text
    assert text == network_module(wide)
    assert text.count("export ") == 4
