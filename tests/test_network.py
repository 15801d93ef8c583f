"""The network by hand, its names, its shapes, and the message of every refusal."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnexplain import Network, NnexplainError, UnknownNameError, activations
from nnexplain.losses import losses

# Han & Kamber's example, the network of the question: sigmoid units, target 1.
PARAMETERS = {
    "w14": 0.2, "w24": 0.4, "w34": -0.5, "b4": -0.4, "w15": -0.3, "w25": 0.1, "w35": 0.2,
    "b5": 0.2, "w46": -0.3, "w56": -0.2, "b6": 0.1,
}  # fmt: skip
X, Y = [1, 0, 1], 1


@pytest.fixture
def net() -> Network:
    return Network([3, 2, 1], "sigmoid", PARAMETERS)


def sigma(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def test_every_number_of_a_forward_pass_by_hand(net: Network) -> None:
    trace = net.forward(X)
    z4, z5 = 0.2 - 0.5 - 0.4, -0.3 + 0.2 + 0.2
    z6 = -0.3 * sigma(z4) - 0.2 * sigma(z5) + 0.1
    assert trace.z == pytest.approx({4: z4, 5: z5, 6: z6}, rel=1e-15)
    assert trace.a == pytest.approx({1: 1, 2: 0, 3: 1, 4: sigma(z4), 5: sigma(z5), 6: sigma(z6)})
    assert trace.output == trace.a[6]
    assert "z4 = -0.7   a4 = 0.331812" in str(trace)


def test_the_partial_derivatives_by_hand(net: Network) -> None:
    a = net.forward(X).a
    d6 = (a[6] - Y) * a[6] * (1 - a[6])
    d4 = d6 * -0.3 * a[4] * (1 - a[4])
    gradient, deltas = net.gradient(X, Y), net.deltas(X, Y)
    assert deltas[6] == pytest.approx(d6, rel=1e-14)
    assert deltas[4] == pytest.approx(d4, rel=1e-14)
    assert gradient["w46"] == pytest.approx(d6 * a[4], rel=1e-14)
    assert gradient["w14"] == pytest.approx(d4, rel=1e-14)
    assert gradient["w24"] == 0
    assert gradient["b4"] == gradient["w14"] == gradient["w34"]
    assert net.loss(X, Y) == pytest.approx(0.5 * (Y - a[6]) ** 2, rel=1e-15)


def test_names_follow_the_units(net: Network) -> None:
    assert list(net.gradient(X, Y)) == list(net.parameters) == list(net.names) == list(PARAMETERS)
    assert net.layers == ((1, 2, 3), (4, 5), (6,))
    assert net.incoming(4) == (1, 2, 3)
    assert net.incoming(1) == net.outgoing(6) == ()
    assert net.outgoing(2) == (4, 5)
    assert [net.locate(name) for name in ("w35", "b6")] == [(3, 5), (None, 6)]


def test_two_digits_are_kept_apart_in_a_name() -> None:
    names = Network([9, 3, 1], seed=0).names
    assert {"w1_10", "w9_12", "b10", "w10_13", "b13"} <= set(names)
    assert len(set(names)) == 9 * 3 + 3 + 3 + 1


@pytest.mark.parametrize("x", [[1, 0, 1], [[1, 0, 1]], [[1, 0, 1], [0.5, -1, 2], [0, 0, 0]]])
def test_a_batch_is_its_samples(net: Network, x: Any) -> None:
    rows = np.atleast_2d(x)
    targets = np.linspace(0, 1, len(rows))
    y = targets if np.ndim(x) == 2 else targets[0]
    each = [net.forward(row) for row in rows]
    trace = net.forward(x)
    for unit in trace.z:
        np.testing.assert_allclose(trace.z[unit], [t.z[unit] for t in each], rtol=1e-14)
    np.testing.assert_allclose(trace.output, [t.output for t in each], rtol=1e-14)
    assert np.shape(trace.output) == np.shape(y)
    gradients = [net.gradient(*pair) for pair in zip(rows, targets, strict=True)]
    total = [sum(gradient[name] for gradient in gradients) for name in net.names]
    np.testing.assert_allclose(list(net.gradient(x, y).values()), total, rtol=1e-12, atol=1e-15)
    assert net.loss(x, y) == pytest.approx(
        sum(net.loss(*pair) for pair in zip(rows, targets, strict=True))
    )


def test_shapes_with_several_outputs() -> None:
    net = Network([2, 3], "tanh", seed=1)
    one, many = net.forward([1, 2]), net.forward(np.ones((5, 2)))
    assert one.output.shape == (3,)
    assert many.output.shape == (5, 3)
    assert many.a[3].shape == net.deltas(np.ones((5, 2)), np.zeros((5, 3)))[3].shape == (5,)
    assert isinstance(net.deltas([1, 2], [0, 0, 0])[3], float)


def test_a_trace_keeps_its_numbers(net: Network) -> None:
    x = np.ones((2, 3))
    trace = net.forward(x)
    x[:] = 7
    assert trace.a[1].tolist() == [1, 1]


def test_activation_and_loss_per_layer_by_name_or_record() -> None:
    net = Network([1, 2, 1], ["relu", activations["identity"]], seed=0, loss=losses["mse"])
    assert [net.activation_of(unit).name for unit in (2, 3, 4)] == ["relu", "relu", "identity"]
    assert net.loss_function is losses["mse"]


@pytest.mark.parametrize(
    ("initialisation", "deviation", "bias"),
    [("normal", 1, 1), ("xavier", math.sqrt(2 / 500), 0), ("he", math.sqrt(2 / 300), 0)],
)
def test_drawn_parameters(initialisation: str, deviation: float, bias: float) -> None:
    net = Network([300, 200, 1], seed=3, initialisation=initialisation)
    first = net.structure.matrices(net.vector)[0]
    assert np.std(first[:, :-1]) == pytest.approx(deviation, rel=0.01)
    assert np.mean(first[:, :-1]) == pytest.approx(0, abs=0.02 * deviation)
    assert np.std(first[:, -1]) == pytest.approx(bias, rel=0.15)
    again = Network([300, 200, 1], seed=3, initialisation=initialisation)
    assert (again.vector == net.vector).all()
    assert (Network([300, 200, 1], seed=4).vector != net.vector).any()


def test_spreads_are_exactly_those_stated() -> None:
    nets = [Network([3, 5], seed=0, initialisation=name) for name in ("normal", "xavier", "he")]
    normal, xavier, he = (net.structure.matrices(net.vector)[0][:, :-1] for net in nets)
    np.testing.assert_allclose(xavier, normal * math.sqrt(2 / (3 + 5)), rtol=1e-15)
    np.testing.assert_allclose(he, normal * math.sqrt(2 / 3), rtol=1e-15)


def test_the_stated_default_draws_from_the_normal_distribution() -> None:
    default, stated = (Network([2, 1], seed=0, **k) for k in ({}, {"initialisation": "normal"}))
    assert default.parameters == stated.parameters


def test_replace_changes_only_what_is_named(net: Network) -> None:
    other = net.replace(parameters={"w14": 9}, activation="tanh", loss="mse")
    assert {**net.parameters, "w14": 9.0} == other.parameters
    assert other.activation_of(4).name == "tanh"
    assert other.loss_function.name == "mse"
    assert net.parameters["w14"] == 0.2
    assert net.replace().structure == net.structure


def test_a_network_never_changes(net: Network) -> None:
    with pytest.raises(ValueError, match="read-only"):
        net.vector[0] = 1
    with pytest.raises(TypeError):
        net.parameters["w14"] = 1  # type: ignore[index]


def test_numpy_numbers_are_numbers() -> None:
    net = Network(np.array([1, 1]), "identity", {"w12": np.float32(0.5), "b2": np.int64(2)})
    assert dict(net.parameters) == {"w12": 0.5, "b2": 2.0}
    assert net.sizes == (1, 1)
    assert Network([1, 1], seed=np.int64(3)).parameters == Network([1, 1], seed=3).parameters


@pytest.mark.parametrize("dtype", [np.int8, np.uint64, np.float16, np.float32, np.float64])
def test_any_real_dtype_and_layout_gives_the_same(net: Network, dtype: Any) -> None:
    x = np.array([[1, 0, 1], [0, 1, 1], [1, 1, 0], [0, 0, 1]])
    y = np.array([1, 0, 1, 0])
    truth = net.gradient(x, y)
    assert net.gradient(x.astype(dtype), y.astype(dtype)) == truth
    assert net.gradient(np.asfortranarray(x), y.tolist()) == truth
    strided = np.repeat(x, 2, axis=0).astype(float)[::2]
    assert net.gradient(strided, y) == truth


@pytest.mark.parametrize("size", [1e-300, 1e-8, 1e8, 1e300])
def test_huge_and_tiny_inputs_stay_finite_numbers(net: Network, size: float) -> None:
    for x in ([size, -size, size], [[size, -size, size]] * 3):
        gradient = net.gradient(x, 1 if np.ndim(x) == 1 else [1, 0, 1])
        assert all(math.isfinite(value) for value in gradient.values())


def test_repr_shows_what_matters(net: Network) -> None:
    assert repr(net).startswith("Network([3, 2, 1], 'sigmoid', {'w14': 0.2, 'w24': 0.4")
    big = Network([9, 9, 1], ["relu", "tanh"], seed=0)
    assert repr(big) == "Network([9, 9, 1], ['relu', 'tanh'], 100 parameters)"
    assert repr(big.replace(loss="mse")).endswith(", 100 parameters, loss='mse')")


@pytest.mark.parametrize("loss", list(losses))
def test_repr_is_the_code_that_makes_the_same_network(loss: str) -> None:
    net = Network([2, 2, 1], ["relu", "sigmoid"], seed=0, loss=loss)
    for one in (net, net.replace(parameters={"w13": 1e-7, "b5": 1e300})):
        again = eval(repr(one), {"Network": Network})
        assert (again.parameters, again.loss_function) == (one.parameters, one.loss_function)
        assert repr(again) == repr(one)


def test_losses_and_gradients_at_many_parameter_sets(net: Network) -> None:
    rng = np.random.default_rng(0)
    points = rng.standard_normal((4, 3, 11))
    x, y = rng.standard_normal((5, 3)), rng.random(5)
    J, partials = net.losses_at(points, x, y), net.gradients_at(points, x, y)
    assert J.shape == (4, 3)
    assert partials.shape == points.shape
    for at in np.ndindex(4, 3):
        one = net.replace(parameters=dict(zip(net.names, points[at], strict=True)))
        assert J[at] == pytest.approx(one.loss(x, y), rel=1e-14)
        np.testing.assert_allclose(partials[at], list(one.gradient(x, y).values()), rtol=1e-12)
    assert net.losses_at(points[0, 0], x, y).shape == ()
    assert net.gradients_at(points[:0, 0], x, y).shape == (0, 11)


RAGGED, NAN, INF = [[1, 2, 3], [1, 2]], float("nan"), float("inf")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Network([3], seed=0), r"at least two whole numbers of 1 or more.*got \[3\]"),
        (lambda: Network([3, 0, 1], seed=0), r"for instance \[3, 2, 1\]; got \[3, 0, 1\]"),
        (lambda: Network([3, -2, 1], seed=0), r"got \[3, -2, 1\]"),
        (lambda: Network([3, 2.0, 1], seed=0), r"got \[3, 2.0, 1\]"),
        (lambda: Network([3, True], seed=0), r"got \[3, True\]"),
        (lambda: Network(3, seed=0), r"got 3"),
        (lambda: Network("321", seed=0), r"got '321'"),
        (lambda: Network([3, 2, 1]), "either parameters=.*or seed=0, got neither"),
        (lambda: Network([1, 1], "tanh", {"w12": 1, "b2": 1}, seed=0), "got both; give exactly"),
        (lambda: Network([1, 1], seed=-1), "seed must be a whole number of 0 or more, got -1"),
        (lambda: Network([1, 1], seed=1.5), "seed must be .* got 1.5"),
        (lambda: Network([1, 1], seed=True), "seed must be .* got True"),
        (lambda: Network([1, 1], seed=0, initialisation="he_"), "did you mean 'he'"),
        (lambda: Network([1, 1], seed=0, initialisation=""), "unknown initialisation ''"),
        (
            lambda: Network([1, 1], "tanh", {"w12": 1, "b2": 1}, initialisation="he"),
            "with parameters=... leave it out, got 'he'",
        ),
        (lambda: Network([1, 1], "sigmiod", seed=0), "unknown activation.*did you mean 'sigmoid'"),
        (lambda: Network([1, 1], 3, seed=0), "a name, a record or a list of them, got 3"),
        (lambda: Network([1, 1], [3], seed=0), "unknown activation 3"),
        (lambda: Network([1, 1], ["tanh", "tanh"], seed=0), "each of the 1 layers.*got 2; the in"),
        (lambda: Network([1, 1], seed=0, loss="msee"), "unknown loss 'msee'; did you mean 'mse'"),
        (lambda: Network([1, 1], "tanh", {"w12": 1}), "missing parameters: b2; this 1-1 network"),
        (
            lambda: Network([1, 1], "tanh", {"w12": 1, "b2": 1, "w13": 1}),
            "unknown parameter 'w13'; did you mean 'w12'",
        ),
        (lambda: Network([1, 1], "tanh", {"w12": NAN, "b2": 1}), "w12 must be finite, got nan"),
        (lambda: Network([1, 1], "tanh", {"w12": "1", "b2": 1}), "w12 must be real numbers, got"),
        (lambda: Network([1, 1], "tanh", {"w12": True, "b2": 1}), "got True/False; write 1 and 0"),
        (lambda: Network([1, 1], "tanh", {"w12": [1], "b2": 1}), "w12 must be one number, got"),
        (lambda: Network([1, 1], "tanh", [1, 2]), "must map names to values.*got list"),
    ],
)
def test_what_no_network_is_made_of(make: Any, message: str) -> None:
    with pytest.raises(NnexplainError, match=message):
        make()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda n: n.forward([1, 2]), r"\(3,\) for one sample or \(N, 3\).*3-2-1.*got \(2,\)"),
        (lambda n: n.forward(1), r"got \(\)"),
        (lambda n: n.forward([[[1, 2, 3]]]), r"got \(1, 1, 3\)"),
        (lambda n: n.forward(np.empty((0, 3))), r"x has no samples: shape \(0, 3\)"),
        (lambda n: n.forward([]), r"got \(0,\)"),
        (lambda n: n.forward(RAGGED), "x must be a rectangular array"),
        (lambda n: n.forward([1, "2", 3]), "x must be real numbers, got text"),
        (lambda n: n.forward([1, None, 3]), "x must be real numbers, got mixed"),
        (lambda n: n.forward([1, 2j, 3]), "x must be real numbers, got complex"),
        (lambda n: n.forward([True, False, True]), "got True/False; write 1 and 0"),
        (lambda n: n.forward([1, NAN, 3]), r"x must be finite, got nan at position \(1,\)"),
        (lambda n: n.forward([[1, 2, 3], [1, 2, -INF]]), r"got -inf at position \(1, 2\)"),
        (lambda n: n.gradient(X, [1, 2]), r"y must have shape \(1,\) or \(\).*got \(2,\)"),
        (lambda n: n.gradient([X, X], 1), r"y must have shape \(2, 1\) or \(2,\).*got \(\)"),
        (lambda n: n.gradient([X, X], [[1, 2]]), r"got \(1, 2\)"),
        (lambda n: n.loss(X, NAN), "y must be finite, got nan"),
        (lambda n: n.loss(X, "1"), "y must be real numbers"),
        (lambda n: n.deltas(X, True), "y must be real numbers, got True/False"),
        (lambda n: n.gradients_at([[1, 2]], X, Y), r"points must have shape \(..., 11\).*w14"),
        (lambda n: n.losses_at(3, X, Y), r"points must have shape.*got \(\)"),
        (lambda n: n.gradients_at([[NAN] * 11], X, Y), "points must be finite"),
        (lambda n: n.locate("w41"), "unknown parameter 'w41'; did you mean 'w"),
        (lambda n: n.depth(7), "unknown unit 7"),
        (
            lambda n: n.replace(parameters=n.vector),
            r"parameters must map names to values, for instance \{'w14': 0.2, ...\}; got ndarray",
        ),
        (lambda n: n.depth("4"), "unknown unit '4'; did you mean 4\\?"),
        (lambda n: n.depth([4]), r"unknown unit \[4\]"),
        (lambda n: n.locate(["w14"]), r"unknown parameter \['w14'\]; did you mean 'w14'"),
        (lambda n: n.incoming(0), "unknown unit 0"),
        (lambda n: n.activation_of(1), "unit 1 is an input.*units 4 to 6 have one"),
        (lambda n: n.replace(parameters={"w16": 1}), "unknown parameter 'w16'; did you mean"),
        (
            lambda n: n.replace(loss="binary_cross_entropy").gradient(X, 2),
            r"targets y in \[0, 1\], got 2.0",
        ),
        (
            lambda n: n.replace(
                loss="binary_cross_entropy", activation="tanh", parameters={"b6": -5}
            ).gradient(X, 1),
            r"predictions h in \(0, 1\), got.*'sigmoid'",
        ),
    ],
)
def test_what_a_network_does_not_take(net: Network, call: Any, message: str) -> None:
    with pytest.raises(NnexplainError, match=message):
        call(net)


def test_an_unknown_name_is_also_a_key_error(net: Network) -> None:
    with pytest.raises(UnknownNameError) as caught:
        net.locate("w1_4")
    assert isinstance(caught.value, KeyError)
    assert str(caught.value).startswith("unknown parameter 'w1_4'; did you mean 'w14'? Allowed: ")


@pytest.mark.parametrize("made", [copy.copy, copy.deepcopy])
def test_a_copy_of_a_network_in_use_computes_the_same_and_never_changes(
    made: Callable[[Network], Network],
) -> None:
    net = Network([2, 2, 1], ["tanh", "sigmoid"], seed=3)
    before = dict(net.parameters), net.gradient([1, 2], 0)
    twin = made(net)
    assert (dict(twin.parameters), twin.gradient([1, 2], 0)) == before
    assert dict(twin.replace(parameters={"w13": 0}).parameters)["w13"] == 0
    with pytest.raises(ValueError, match="read-only"):
        twin.vector[0] = 1
    with pytest.raises(TypeError):
        twin.parameters["w13"] = 1  # type: ignore[index]
