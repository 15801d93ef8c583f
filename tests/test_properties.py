"""What holds for every network: symmetries, sums, and the gradient as the complex step of J."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnexplain import Network, activations

# The same examples in every run, without a clock and without files.
steady = settings(derandomize=True, deadline=None, max_examples=25, database=None)

# Formulas of our own for complex numbers, so that the judge is outside the package. GELU needs the
# error function of a complex number, which NumPy lacks: only for it the record's reading is used.
COMPLEX: dict[str, Any] = {
    "identity": lambda z: z,
    "linear": lambda z: 3 * z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "elu": lambda z: np.where(z.real > 0, z, np.expm1(z)),
    "softplus": lambda z: np.log1p(np.exp(z)),
    "silu": lambda z: z / (1 + np.exp(-z)),
    "gelu": activations["gelu"].complex,
    "softsign": lambda z: z / (1 + np.where(z.real < 0, -z, z)),
    "gaussian": lambda z: np.exp(-z * z),
    "sin": np.sin,
}
COMPLEX_LOSS: dict[str, Any] = {
    "half_squared_error": lambda y, h: np.sum((y - h) ** 2) / 2,
    "mse": lambda y, h: np.mean((y - h) ** 2),
    "absolute": lambda y, h: np.sum(np.where(h.real > y, h - y, y - h)),
    "binary_cross_entropy": lambda y, h: -np.sum(y * np.log(h) + (1 - y) * np.log(1 - h)),
    "linear": lambda y, h: np.sum(h - y),
}
ODD = ("identity", "linear", "tanh", "softsign", "sin", "hard_tanh", "sign")


@dataclass(frozen=True)
class Problem:
    """A network with samples; `rng` for what else a test needs."""

    net: Network
    x: np.ndarray
    y: np.ndarray
    rng: np.random.Generator

    def gradient(self, net: Network | None = None, x: Any = None, y: Any = None) -> np.ndarray:
        net = self.net if net is None else net
        partials = net.gradient(self.x if x is None else x, self.y if y is None else y)
        return np.array([partials[name] for name in net.names])


@st.composite
def problems(
    draw: st.DrawFn,
    names: Any = tuple(COMPLEX),
    loss: Any = ("half_squared_error", "mse", "absolute", "linear"),
    layers: int = 4,
) -> Problem:
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=layers))
    chosen = [draw(st.sampled_from(names)) for _ in sizes[1:]]
    samples, seed = draw(st.integers(1, 6)), draw(st.integers(0, 2**32 - 1))
    net = Network(sizes, chosen, seed=seed, loss=draw(st.sampled_from(loss)))
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((samples, sizes[0])), rng.random((samples, sizes[-1]))
    return Problem(net, x, y, rng)


def close(actual: Any, desired: Any, tolerance: float = 1e-12) -> None:
    """Equal up to `tolerance` of the largest number: partial derivatives are sums that cancel."""
    size = max(1.0, float(np.max(np.abs(desired), initial=0)))
    np.testing.assert_allclose(actual, desired, rtol=tolerance, atol=tolerance * size)


def complex_loss(net: Network, vector: Any, x: Any, y: Any) -> Any:
    a, start = x, 0
    for n, m, record in zip(net.sizes, net.sizes[1:], net.structure.activations, strict=False):
        matrix = vector[start : start + m * (n + 1)].reshape(m, n + 1)
        a = COMPLEX[record.name](a @ matrix[:, :-1].T + matrix[:, -1])
        start += matrix.size
    return COMPLEX_LOSS[net.loss_function.name](y, a)


def complex_steps(net: Network, x: Any, y: Any) -> np.ndarray:
    steps = net.vector + 1e-30j * np.eye(len(net.vector))
    return np.array([complex_loss(net, vector, x, y).imag / 1e-30 for vector in steps])


@steady
@given(problems())
def test_gradient_is_the_complex_step_of_the_loss(p: Problem) -> None:
    close(p.gradient(), complex_steps(p.net, p.x, p.y), 1e-11)
    assert p.net.loss(p.x, p.y) == pytest.approx(complex_loss(p.net, p.net.vector, p.x, p.y).real)


@pytest.mark.parametrize("name", COMPLEX)
@pytest.mark.parametrize("loss", COMPLEX_LOSS)
def test_complex_step_of_every_activation_with_every_loss(name: str, loss: str) -> None:
    net = Network([3, 4, 2], [name, "sigmoid"], seed=5, loss=loss)
    rng = np.random.default_rng(6)
    for samples in (1, 5):
        x, y = rng.standard_normal((samples, 3)), rng.random((samples, 2))
        ours = np.array(list(net.gradient(x, y).values()))
        close(ours, complex_steps(net, x, y), 1e-11)


@steady
@given(problems(names=tuple(activations)))
def test_the_order_of_samples_does_not_matter(p: Problem) -> None:
    order = p.rng.permutation(len(p.x))
    close(p.gradient(x=p.x[order], y=p.y[order]), p.gradient())
    assert p.net.loss(p.x[order], p.y[order]) == pytest.approx(p.net.loss(p.x, p.y), rel=1e-13)


@steady
@given(problems(names=tuple(activations)))
def test_gradient_of_a_batch_is_the_sum_over_its_samples(p: Problem) -> None:
    pairs = zip(p.x, p.y, strict=True)
    each = sum(p.gradient(x=x, y=y) for x, y in pairs)
    scale = 1 / len(p.x) if p.net.loss_function.averages else 1.0
    close(p.gradient(), each * scale)


@steady
@given(problems(names=tuple(activations), layers=3))
def test_numbering_hidden_units_otherwise_renumbers_the_gradient(p: Problem) -> None:
    """Hidden units have no order: exchange two with all their weights, and J stays."""
    hidden = [unit for layer in p.net.layers[1:-1] for unit in layer]
    images = dict(zip(hidden, p.rng.permutation(hidden).tolist(), strict=True))

    def image(name: str) -> str:
        place = tuple(images.get(unit, unit) for unit in p.net.locate(name))
        return next(other for other in p.net.names if p.net.locate(other) == place)

    renamed = {name: image(name) for name in p.net.names}
    moved = p.net.replace(parameters={renamed[n]: v for n, v in p.net.parameters.items()})
    assert moved.loss(p.x, p.y) == pytest.approx(p.net.loss(p.x, p.y), rel=1e-13)
    before, after = p.net.gradient(p.x, p.y), moved.gradient(p.x, p.y)
    close([after[renamed[name]] for name in p.net.names], [before[name] for name in p.net.names])


@steady
@given(problems(names=ODD))
def test_parity_of_odd_activations(p: Problem) -> None:
    """f(-z) = -f(z): all inputs, biases and targets with the other sign give the same J."""
    bias = np.array([p.net.locate(name)[0] is None for name in p.net.names])
    values = np.where(bias, -p.net.vector, p.net.vector).tolist()
    flipped = p.net.replace(parameters=dict(zip(p.net.names, values, strict=True)))
    sign = -1 if p.net.loss_function.name == "linear" else 1
    x, y = -p.x, -p.y
    assert flipped.loss(x, y) == pytest.approx(sign * p.net.loss(p.x, p.y), rel=1e-12)
    close(p.gradient(flipped, x, y), sign * np.where(bias, -1, 1) * p.gradient())


@steady
@given(problems(names=("identity", "linear")))
def test_linear_layers_collapse_to_one_affine_map(p: Problem) -> None:
    at_zero = p.net.forward(np.zeros(p.net.sizes[0])).output
    columns = [p.net.forward(row).output - at_zero for row in np.eye(p.net.sizes[0])]
    outputs = p.net.forward(p.x).output.reshape(len(p.x), -1)
    close(outputs, p.x @ np.reshape(columns, (p.net.sizes[0], -1)) + at_zero, 1e-11)


@steady
@given(problems(names=tuple(activations), loss=("half_squared_error", "mse", "absolute")))
def test_no_residual_no_gradient(p: Problem) -> None:
    for rows in (p.x, p.x[0]):
        output = p.net.forward(rows).output
        assert p.net.loss(rows, output) == pytest.approx(0, abs=1e-25)
        if p.net.loss_function.name != "absolute":
            close(p.gradient(x=rows, y=output), np.zeros(len(p.net.names)))


@steady
@given(problems(loss=("half_squared_error",)), st.floats(-10, 10))
def test_gradient_grows_with_the_residual(p: Problem, factor: float) -> None:
    """∂J/∂θ is linear in h - y: a residual c times as large gives c times the gradient."""
    h = p.net.forward(p.x).output.reshape(p.y.shape)
    close(p.gradient(y=h - factor * (h - p.y)), factor * p.gradient(), 1e-11)


@steady
@given(problems(), st.floats(0.1, 10))
def test_scaled_inputs_and_inversely_scaled_weights(p: Problem, factor: float) -> None:
    """J sees only w·x: with x → c x and w → w/c, J stays and ∂J/∂w grows c times."""
    first = np.array([p.net.locate(name)[0] in p.net.layers[0] for name in p.net.names])
    values = np.where(first, p.net.vector / factor, p.net.vector).tolist()
    scaled = p.net.replace(parameters=dict(zip(p.net.names, values, strict=True)))
    close(p.gradient(scaled, factor * p.x), np.where(first, factor, 1) * p.gradient(), 1e-10)


@steady
@given(problems(names=("relu", "leaky_relu", "identity"), loss=("half_squared_error",), layers=3))
def test_positive_scaling_passes_through_relu(p: Problem) -> None:
    """c·relu(z) = relu(c z) for c > 0: incoming weights times c, outgoing over c leave J."""
    factor = 4.0  # a power of two rounds nothing
    hidden = {unit for layer in p.net.layers[1:-1] for unit in layer}
    into = np.array([p.net.locate(name)[1] in hidden for name in p.net.names])
    out = np.array([p.net.locate(name)[0] in hidden for name in p.net.names])
    scale = np.where(into, factor, 1) / np.where(out, factor, 1)
    values = (p.net.vector * scale).tolist()
    scaled = p.net.replace(parameters=dict(zip(p.net.names, values, strict=True)))
    assert scaled.loss(p.x, p.y) == pytest.approx(p.net.loss(p.x, p.y), rel=1e-13)
    close(p.gradient(scaled), p.gradient() / scale)


@steady
@given(problems(names=tuple(activations)), st.integers(1, 5))
def test_many_parameter_sets_are_a_loop(p: Problem, sets: int) -> None:
    points = p.rng.standard_normal((sets, len(p.net.names)))
    nets = [
        p.net.replace(parameters=dict(zip(p.net.names, point, strict=True)))
        for point in points.tolist()
    ]
    close(p.net.gradients_at(points, p.x, p.y), [p.gradient(net) for net in nets])
    close(p.net.losses_at(points, p.x, p.y), [net.loss(p.x, p.y) for net in nets])


@steady
@given(problems(names=tuple(activations)))
def test_deltas_are_the_partial_derivatives_of_the_biases(p: Problem) -> None:
    gradient, deltas = p.net.gradient(p.x, p.y), p.net.deltas(p.x, p.y)
    biases = {unit: name for name in p.net.names for i, unit in [p.net.locate(name)] if i is None}
    for unit, delta in deltas.items():
        close(delta.sum(), gradient[biases[unit]])


@steady
@given(problems(names=("step", "sign")))
def test_a_zero_slope_stops_every_derivative(p: Problem) -> None:
    assert not p.gradient().any()
