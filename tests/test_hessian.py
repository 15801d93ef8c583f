"""The exact Hessian, against symbols, forty digits, complex steps of J, JAX and PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import mpmath as mp
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import nnexplain as nne
from nnexplain import hessian as arrays
from nnexplain.curvature import hessian, hessian_product
from nnexplain.worked import worked

HAN = worked["han_kamber"]
NETWORKS = (
    ([3, 2, 1], "sigmoid", "half_squared_error"),
    ([2, 3, 2], ["tanh", "sigmoid"], "mse"),
    ([2, 2, 2], ["softplus", "sigmoid"], "binary_cross_entropy"),
    ([2, 2, 2, 1], ["gaussian", "sin", "identity"], "linear"),
    ([1, 3, 2], ["silu", "gelu"], "half_squared_error"),
)


def data(sizes: list[int], samples: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    return rng.standard_normal((samples, sizes[0])), rng.random((samples, sizes[-1]))


def of_a_formula(loss: Callable[..., object], point: list[float]) -> np.ndarray:
    """The Hessian by SymPy's own differentiation, evaluated with 40 digits."""
    symbols = sympy.symbols(f"t0:{len(point)}")
    matrix = sympy.hessian(loss(*symbols), symbols)
    values = dict(zip(symbols, (sympy.Float(str(v), 40) for v in point), strict=True))
    return np.array(matrix.evalf(40, subs=values).tolist(), dtype=float)


def test_the_3_2_1_network_in_symbols() -> None:
    def loss(w14, w24, w34, b4, w15, w25, w35, b5, w46, w56, b6):  # noqa: PLR0913, PLR0917
        s = lambda z: 1 / (1 + sympy.exp(-z))  # noqa: E731
        a4, a5 = s(w14 + w34 + b4), s(w15 + w35 + b5)
        return (1 - s(w46 * a4 + w56 * a5 + b6)) ** 2 / 2

    want = of_a_formula(loss, HAN.network.vector.tolist())
    got = hessian(HAN.network, HAN.x, HAN.y)
    np.testing.assert_allclose(got, want, rtol=1e-13, atol=1e-17)


def test_saturation_keeps_its_digits() -> None:
    # σ″ at 40 is 4e-18: a(1 - a)(1 - 2a) would give 0.
    net = nne.Network([1, 1], "sigmoid", {"w12": 40, "b2": 0}, loss="linear")
    with mp.workdps(60):
        want = mp.diff(lambda z: 1 / (1 + mp.exp(-z)), mp.mpf(40), 2)
    assert hessian(net, [1], 0) == pytest.approx(np.full((2, 2), float(want)), rel=1e-13, abs=0)


def loss_of_complex(net: nne.Network, theta: np.ndarray, x: np.ndarray, y: np.ndarray) -> complex:
    """J at complex parameters, unit by unit."""
    values = dict(zip(net.names, theta, strict=True))
    total = 0.0
    for row, target in zip(x, y, strict=True):
        a = dict(zip(net.layers[0], row, strict=True))
        for layer in net.layers[1:]:
            for unit in layer:
                z = values[f"b{unit}"] + sum(
                    values[f"w{i}{unit}"] * a[i] for i in net.incoming(unit)
                )
                a[unit] = net.activation_of(unit).complex(np.array(z))
        outputs = np.array([a[unit] for unit in net.layers[-1]])
        record = net.loss_function
        total = total + sum(record.formula(t, h) for t, h in zip(target, outputs, strict=True))
    return complex(total * net.loss_function.scale(y.size))


@pytest.mark.parametrize(("sizes", "activation", "loss"), NETWORKS)
def test_complex_steps_of_j_with_real_differences(
    sizes: list[int], activation: str | list[str], loss: str
) -> None:
    # The gradient by complex steps of J alone, differentiated by a central difference of order 4:
    # no backpropagation, no f′, no f″.
    net = nne.Network(sizes, activation, seed=2, loss=loss)
    x, y = data(sizes)
    count, step = net.vector.size, 1e-3
    want = np.zeros((count, count))
    for i in range(count):
        for shift, weight in ((-2, 1 / 12), (-1, -2 / 3), (1, 2 / 3), (2, -1 / 12)):
            for j in range(count):
                theta = net.vector + shift * step * np.eye(count)[i] + 1e-30j * np.eye(count)[j]
                want[i, j] += weight * loss_of_complex(net, theta, x, y).imag / 1e-30 / step
    got = hessian(net, x, y)
    np.testing.assert_allclose(got, want, rtol=1e-8, atol=1e-9 * abs(want).max())


@pytest.mark.parametrize("loss", ["half_squared_error", "mse", "binary_cross_entropy"])
def test_jax_agrees(loss: str) -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    sizes = [3, 4, 2]
    net = nne.Network(sizes, ["tanh", "sigmoid"], seed=2, loss=loss)
    x, y = data(sizes, 6)

    def objective(theta):
        (W1, W2) = theta[:16].reshape(4, 4), theta[16:].reshape(2, 5)
        h = jax.nn.sigmoid(jax.numpy.tanh(x @ W1[:, :3].T + W1[:, 3]) @ W2[:, :4].T + W2[:, 4])
        each = {"half_squared_error": lambda: (y - h) ** 2 / 2, "mse": lambda: (y - h) ** 2 / 12,
                "binary_cross_entropy": lambda: -y * jax.numpy.log(h)
                - (1 - y) * jax.numpy.log(1 - h)}  # fmt: skip
        return each[loss]().sum()

    want = np.asarray(jax.hessian(objective)(net.vector))
    np.testing.assert_allclose(hessian(net, x, y), want, rtol=1e-11, atol=1e-14)


def test_pytorch_agrees() -> None:
    torch = pytest.importorskip("torch")
    net = nne.Network([2, 3, 1], "sigmoid", seed=2)
    x, y = data([2, 3, 1], 5)

    def objective(theta):
        W1, W2 = theta[:9].reshape(3, 3), theta[9:].reshape(1, 4)
        a = torch.sigmoid(torch.from_numpy(x) @ W1[:, :2].T + W1[:, 2])
        h = torch.sigmoid(a @ W2[:, :3].T + W2[:, 3])
        return ((torch.from_numpy(y) - h) ** 2).sum() / 2

    theta = torch.from_numpy(net.vector.copy())
    want = torch.autograd.functional.hessian(objective, theta).numpy()
    np.testing.assert_allclose(hessian(net, x, y), want, rtol=1e-11, atol=1e-14)


@given(
    seed=st.integers(0, 2**32 - 1),
    sizes=st.lists(st.integers(1, 3), min_size=2, max_size=4),
    activation=st.sampled_from(list(nne.activations)),
    loss=st.sampled_from(["half_squared_error", "mse", "absolute", "linear"]),
)
def test_symmetric_and_linear_in_its_direction(
    seed: int, sizes: list[int], activation: str, loss: str
) -> None:
    net = nne.Network(sizes, activation, seed=seed, loss=loss)
    x, y = data(sizes, 3)
    H = hessian(net, x, y)
    scale = abs(H).max() + 1e-300
    np.testing.assert_allclose(H, H.T, rtol=0, atol=1e-13 * scale)
    v = np.random.default_rng(seed).standard_normal((2, 3, net.vector.size))
    np.testing.assert_allclose(
        hessian_product(net, x, y, v), v @ H, rtol=0, atol=1e-12 * scale * len(H)
    )


def test_products_are_how_the_gradient_changes() -> None:
    net = nne.Network([3, 2, 1], seed=0)
    x, y = data([3, 2, 1])
    way = np.random.default_rng(0).standard_normal(11)
    up, down = net.gradients_at(net.vector + np.outer([1e-5, -1e-5], way), x, y)
    assert hessian_product(net, x, y, way) == pytest.approx((up - down) / 2e-5, rel=1e-7)


def test_blocks_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    net = nne.Network([3, 2, 2], seed=0, loss="mse")
    x, y = data([3, 2, 2], 10)
    whole = hessian(net, x, y)
    monkeypatch.setattr(arrays, "_SAMPLES", 3)
    monkeypatch.setattr(arrays, "_BLOCK", 20)
    np.testing.assert_allclose(hessian(net, x, y), whole, rtol=1e-13, atol=1e-17)


def test_cross_entropy_is_not_lost_in_saturation() -> None:
    # From the logit, ∂²ℓ/∂z² = σ′(z), whose digits stay; from h = 1.0 it would be 0/0.
    net = nne.Network([1, 1], "sigmoid", {"w12": 0, "b2": 40}, loss="binary_cross_entropy")
    assert hessian(net, [1], 1)[1, 1] == pytest.approx(4.248354255291589e-18, rel=1e-14, abs=0)


def test_a_prediction_without_a_loss_is_refused() -> None:
    net = nne.Network([1, 1], "identity", {"w12": 2, "b2": 0}, loss="binary_cross_entropy")
    with pytest.raises(nne.NnexplainError, match="needs predictions h in"):
        hessian(net, [1], 1)


def huber(*, complex_step: bool) -> nne.Loss:
    return nne.Loss(
        "huber",
        lambda y, h: np.where(np.abs(h - y) <= 1, 0.5 * (h - y) ** 2, np.abs(h - y) - 0.5),
        lambda y, h: np.where(np.abs(h - y) <= 1, h - y, np.sign(h - y)),
        latex="", latex_slope="", complex_step=complex_step,
    )  # fmt: skip


@pytest.mark.parametrize("complex_step", [True, False])
def test_a_loss_of_ones_own_is_straight_where_it_is_straight(complex_step: bool) -> None:
    net = nne.Network(
        [1, 1], "identity", {"w12": 2, "b2": 5}, loss=huber(complex_step=complex_step)
    )
    assert not hessian(net, [1], 0).any()
    np.testing.assert_allclose(hessian(net, [1], 6.5), np.ones((2, 2)), rtol=1e-9)
    # Exactly at the minimum of |h - y| its slope jumps; beside it, it does not change.
    bent = net.replace(loss=replace(nne.losses["absolute"], complex_step=complex_step))
    assert not hessian(bent, [1], 7).any()


def test_a_loss_without_complex_numbers_has_a_curvature_by_differences() -> None:
    # np.heaviside takes no complex numbers; ln(1 + (h - y)²) bends everywhere.
    def slope(y: object, h: object) -> object:
        return np.heaviside(1.0, 0.0) * 2 * (h - y) / (1 + (h - y) ** 2)

    loss = nne.Loss("cauchy", lambda y, h: np.log(1 + (h - y) ** 2), slope, latex="",
                    latex_slope="")  # fmt: skip
    net = nne.Network([1, 1], "identity", {"w12": 2, "b2": 5}, loss=loss)
    for e in (-0.7, 0.1, 3.0):
        exact = 2 * (1 - e * e) / (1 + e * e) ** 2
        assert hessian(net, [1], 7 - e)[1, 1] == pytest.approx(exact, rel=1e-7)


def test_a_difference_stays_where_the_loss_is_defined() -> None:
    # h = 1e-9 with the target 1: ∂²ℓ/∂h² = 1/h², and nothing below h = 0.
    loss = replace(nne.losses["binary_cross_entropy"], complex_step=False, from_logit=None,
                   logit_slope=None)  # fmt: skip
    net = nne.Network([1, 1], "identity", {"w12": 0, "b2": 1e-9}, loss=loss)
    assert hessian(net, [0], 1)[1, 1] == pytest.approx(1e18, rel=1)
