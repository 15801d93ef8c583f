"""Families of networks, walks and fields in JavaScript, run in a browser and compared with Python.

The oracles are `Network` and `descend`; those of `descend` are in tests/test_descent.py.
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

import nnexplain as nne
from nnexplain.errors import NnexplainError
from nnexplain.experiments.landscape import same_sign, stall
from nnexplain.javascript import descent_module, family_module, field_module
from tests.test_javascript import agrees, run

pytestmark = pytest.mark.xdist_group("javascript")
NAMES = ("sigmoid", "tanh", "relu", "identity", "step", "linear")
rng = np.random.default_rng(5)


def networks(
    sizes: list[int], names: tuple[str, ...] = NAMES, *, last: str = "", loss: str
) -> dict[str, nne.Network]:
    """Networks that differ in their activations only."""
    inner = [[name] * (len(sizes) - 2) + [last or name] for name in names]
    return {
        name: nne.Network(sizes, each, seed=3, loss=loss)
        for name, each in zip(names, inner, strict=True)
    }


def module(nets: dict[str, nne.Network], *more: str) -> str:
    text = family_module({name: net.structure for name, net in nets.items()})
    return "\n".join([text, *more])


@pytest.mark.parametrize(
    ("loss", "last"),
    [
        ("half_squared_error", ""),
        ("mse", ""),
        ("binary_cross_entropy", "sigmoid"),
        ("absolute", "tanh"),
    ],
)
def test_a_family_equals_python(browser: Browser, loss: str, last: str) -> None:
    nets = networks([2, 3, 2], last=last, loss=loss)
    xs, ys = rng.normal(size=(5, 2)), rng.uniform(size=(5, 2))
    call = """(m, [vectors, xs, ys]) => Object.keys(m.networks).map((name, k) => {
        const [net, at, sums] = [m.networks[name], vectors[k], []];
        const J = net.partials(at, xs, ys, sums);
        return [J, net.loss(at, xs, ys), sums, net.errors(at, xs, ys),
                xs.map(x => net.predict(at, x)),
                net.pulls(at, xs, ys).reduce((a, b) => a.map((v, i) => v + b[i]))];
    })"""
    vectors = [net.vector.tolist() for net in nets.values()]
    found = run(browser, module(nets), call, [vectors, xs.tolist(), ys.tolist()])
    for row, net in zip(found, nets.values(), strict=True):
        J, alone, sums, left, outputs, pulls = row
        gradient = list(net.gradient(xs, ys).values())
        h = np.array([net.forward(x).a[k] for x in xs for k in (6, 7)]).reshape(5, 2)
        errors = h - ys if loss == "binary_cross_entropy" else net.structure.loss.slope(ys, h)
        agrees([J, alone], [net.loss(xs, ys)] * 2)
        np.testing.assert_allclose(sums, gradient, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(pulls, gradient, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(left, net.structure.loss.scale(10) * abs(errors).sum(), 1e-12)
        np.testing.assert_allclose(outputs, h, rtol=1e-12)


def test_only_networks_of_one_kind_share_a_module() -> None:
    small, large = (nne.Network([2, n, 1], seed=0).structure for n in (2, 3))
    with pytest.raises(NnexplainError, match="networks of the same sizes and loss"):
        family_module({"small": small, "large": large})
    text = family_module({"a": small, "b": small})
    assert text == family_module({"a": small, "b": small})
    assert text.count("const z3 = ") == 5, "the statements stand there once, not for each network"


TRIANGLE = [[1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 1.0, 0.0]]


def walks() -> dict[str, dict[str, Any]]:
    """Walks of every ending, in the words of `descend`."""
    x, y = same_sign()
    drawn = {"x": x.tolist(), "y": y.tolist()}
    first = {"x": x[:, :1].tolist(), "y": y.tolist(), "one": True}
    level = stall().point.network.vector
    sample = {"x": TRIANGLE[:1], "y": [1.0]}
    return {
        "step limit": {**drawn, "rate": 0.3, "steps": 700},
        "two move": {**sample, "rate": 2.0, "steps": 300, "free": [0, 8]},
        "converged": {**sample, "name": "identity", "rate": 0.1, "steps": 500},
        "stalled on a plateau": {"x": TRIANGLE, "y": [1.0, 0.0, 1.0], "rate": 100.0, "steps": 50},
        "plateau of a step": {**sample, "name": "step", "rate": 1.0, "steps": 5},
        "stalled at a saddle": {**drawn, "start": level.tolist(), "rate": 0.3, "steps": 9},
        "diverged": {**drawn, "name": "identity", "rate": 1.0, "steps": 90},
        "valley": {**drawn, "name": "identity", "rate": 0.01, "steps": 2000},
        "bottom": {**first, "rate": 0.01, "steps": 900},
    }  # fmt: skip


@pytest.mark.parametrize("ending", walks())
def test_a_walk_equals_python(browser: Browser, ending: str) -> None:
    given = walks()[ending]
    sizes = [1, 1] if given.get("one") else [3, 2, 1]
    name = given.get("name", "identity" if given.get("one") else "sigmoid")
    net = nne.worked["han_kamber"].network if sizes == [3, 2, 1] else nne.Network(sizes, seed=0)
    net = nne.Network(sizes, name, dict(zip(net.names, net.vector, strict=True)))
    if "start" in given:
        net = net.replace(parameters=dict(zip(net.names, given["start"], strict=True)))
    free = given.get("free", list(range(len(net.names))))
    python = nne.descend(
        net, given["x"], given["y"], learning_rate=given["rate"], steps=given["steps"],
        freeze=[n for k, n in enumerate(net.names) if k not in free],
    )  # fmt: skip
    call = """(m, [start, given, free]) => {
        const ys = given.y.map(y => [y]);
        const w = new m.Walk(Object.values(m.networks)[0], start, given.rate, given.x, ys, free);
        const taken = w.to(given.steps);
        return [w.points.map(p => [...p]), w.losses, w.stopped, taken, [...w.gradients.at(-1)]];
    }"""
    text = module({name: net}, descent_module())
    points, losses, stopped, taken, gradient = run(
        browser, text, call, [net.vector.tolist(), given, free]
    )
    steps = int(python.steps[-1])
    assert (stopped or "step limit", taken) == (python.stopped, steps)
    if ending not in ("two move", "plateau of a step", "valley", "bottom"):
        assert python.stopped == ending, "this case is to end so"
    finite = np.isfinite(python.loss)
    np.testing.assert_allclose(
        np.array(points)[finite], python.parameters[finite], rtol=1e-12, atol=1e-14
    )
    np.testing.assert_allclose(np.array(losses)[finite], python.loss[finite], rtol=1e-12)
    if python.stopped != "diverged":
        slopes = np.array(list(python.network.gradient(given["x"], given["y"]).values()))
        np.testing.assert_allclose(np.array(gradient)[free], slopes[free], rtol=1e-9, atol=1e-12)


def test_a_walk_is_kept_and_goes_on_where_it_was(browser: Browser) -> None:
    net = nne.worked["han_kamber"].network
    call = """(m, start) => {
        const [ask, net, xs, ys] = [m.walker(), m.networks.sigmoid, [[1, 0, 1]], [[1]]];
        const one = ask(net, start, 0.9, xs, ys);
        const lengths = [one.to(40), one.to(3), one.length, one.to(60)];
        const fresh = new m.Walk(net, start, 0.9, xs, ys);
        fresh.to(60);
        return [lengths, fresh.losses.every((J, k) => J === one.losses[k]),
                ask(net, [...start], 0.9, xs, ys) === one,
                ask(net, start, 0.9, xs, ys, [0]) === one, ask(net, start, 0.8, xs, ys) === one];
    }"""
    found = run(browser, module({"sigmoid": net}, descent_module()), call, net.vector.tolist())
    assert found == [[40, 3, 40, 60], True, True, False, False]


@pytest.mark.parametrize(
    ("sizes", "loss", "last"),
    [
        ([3, 2, 1], "half_squared_error", ""),
        ([2, 2, 2, 2], "mse", "identity"),
        ([2, 3, 1], "binary_cross_entropy", "sigmoid"),
    ],
)
def test_a_field_equals_python(browser: Browser, sizes: list[int], loss: str, last: str) -> None:
    nets = networks(sizes, ("sigmoid", "relu", "tanh"), last=last, loss=loss)
    xs, ys = rng.normal(size=(4, sizes[0])), rng.uniform(size=(4, sizes[-1]))
    columns, rows = [-7.0, -0.5, 0.0, 2.0], [-3.0, 0.25, 40.0]
    count = len(next(iter(nets.values())).names)
    pairs = [*combinations(range(count), 2), (count - 1, 0), (3, 1)]
    call = """(m, [vectors, pairs, columns, rows, xs, ys]) => Object.values(m.networks).map(
        (net, k) => pairs.map(
            pair => [...m.field(net, vectors[k], pair, columns, rows, xs, ys)]))"""
    vectors = [net.vector.tolist() for net in nets.values()]
    text = module(nets, field_module())
    given = [vectors, pairs, columns, rows, xs.tolist(), ys.tolist()]
    found = run(browser, text, call, given)
    for fields, net in zip(found, nets.values(), strict=True):
        for values, (first, second) in zip(fields, pairs, strict=True):
            sets = np.tile(net.vector, (len(rows), len(columns), 1))
            sets[..., first], sets[..., second] = np.meshgrid(columns, rows)
            expected = net.losses_at(sets, xs, ys)
            got = np.reshape(values, expected.shape)
            np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-15)


def test_overflow_in_a_field_is_infinite(browser: Browser) -> None:
    net = nne.Network([3, 2, 1], "identity", seed=0)
    call = """(m, at) => [...m.field(
        m.networks.net, at, [0, 8], [1e200, 0], [1e200, 0], [[1, 0, 1]], [[1]])].map(String)"""
    found = run(browser, module({"net": net}, field_module()), call, net.vector.tolist())
    assert found[0] == "Infinity"
    assert all(math.isfinite(float(value)) for value in found[2:])
