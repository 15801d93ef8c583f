"""Gradients judged by independent software: SymPy, mpmath, and other libraries where installed."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

import mpmath as mp
import numpy as np
import pytest
import sympy

from nnexplain import Network

SIZES, SAMPLES = [3, 4, 2], 5
FLAVOURS = [
    ("half_squared_error", "sigmoid"),
    ("mse", "identity"),
    ("absolute", "tanh"),
    ("binary_cross_entropy", "sigmoid"),
    ("linear", "identity"),
]


def problem(activation: str, loss: str, last: str) -> tuple[Network, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(11)
    net = Network(SIZES, [activation, last], seed=7, loss=loss)
    return net, rng.standard_normal((SAMPLES, 3)), rng.random((SAMPLES, 2))


def matrices(net: Network) -> list[np.ndarray]:
    """Each layer's (W | b), read off by name."""
    return [
        np.array(
            [
                [net.parameters[name] for name in net.names if net.locate(name)[1] == unit]
                for unit in layer
            ]
        )
        for layer in net.layers[1:]
    ]


def close(net: Network, x: Any, y: Any, theirs: list[Any]) -> None:
    truth = np.concatenate([np.asarray(part, dtype=float).ravel() for part in theirs])
    ours = np.array(list(net.gradient(x, y).values()))
    np.testing.assert_allclose(ours, truth, rtol=1e-12, atol=1e-13 * np.abs(truth).max())


# SymPy: the closed form of the 3-2-1 network, differentiated symbolically, evaluated to 60 digits.


@cache
def closed_form() -> tuple[Any, ...]:
    names = Network([3, 2, 1], seed=0).names
    p = {name: sympy.Symbol(name) for name in names}
    x1, x2, x3, y = sympy.symbols("x1 x2 x3 y")

    def unit(u: int, inputs: dict[int, Any]) -> Any:
        z = sum(p[f"w{i}{u}"] * a for i, a in inputs.items()) + p[f"b{u}"]
        return 1 / (1 + sympy.exp(-z))

    inputs = {1: x1, 2: x2, 3: x3}
    h = unit(6, {4: unit(4, inputs), 5: unit(5, inputs)})
    J = (y - h) ** 2 / 2
    partials = [sympy.diff(J, p[name]) for name in names]
    return tuple(
        sympy.lambdify([*p.values(), x1, x2, x3, y], f, modules="mpmath") for f in (J, *partials)
    )


@pytest.mark.parametrize("scale", [1e-3, 1, 20, 300])
def test_sympy_to_the_last_digits_even_in_saturation(scale: float) -> None:
    rng = np.random.default_rng(2)
    J, *partials = closed_form()
    for _ in range(5):
        net = Network([3, 2, 1], seed=int(rng.integers(1000)))
        net = net.replace(parameters={n: scale * v for n, v in net.parameters.items()})
        x, y = rng.standard_normal(3), float(rng.random())
        with mp.workdps(600):
            at = [mp.mpf(float(v)) for v in (*net.vector, *x, y)]
            truth = [float(f(*at)) for f in (J, *partials)]
        # A pre-activation is rounded to 1e-16 of its size, and the slope is e to the power of it.
        tolerance = 1e-14 * max(1.0, scale)
        for rows, targets in ((x, y), (x[None], [y])):
            ours = [net.loss(rows, targets), *net.gradient(rows, targets).values()]
            np.testing.assert_allclose(ours, truth, rtol=tolerance, atol=1e-318)


# mpmath: J in 60 digits by formulas of our own, and its derivative by a quotient of differences.

MP: dict[str, Any] = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + mp.exp(-z)),
    "tanh": mp.tanh,
    "relu": lambda z: max(z, mp.mpf(0)),
    "leaky_relu": lambda z: z if z > 0 else mp.mpf(0.01) * z,
    "elu": lambda z: z if z > 0 else mp.expm1(z),
    "softplus": lambda z: mp.log1p(mp.exp(z)),
    "silu": lambda z: z / (1 + mp.exp(-z)),
    "gelu": lambda z: z * mp.ncdf(z),
    "softsign": lambda z: z / (1 + abs(z)),
    "gaussian": lambda z: mp.exp(-z * z),
    "sin": mp.sin,
    "hard_sigmoid": lambda z: min(max((z + 3) / 6, mp.mpf(0)), mp.mpf(1)),
    "hard_tanh": lambda z: min(max(z, mp.mpf(-1)), mp.mpf(1)),
}
MP_LOSS: dict[str, Any] = {
    "half_squared_error": lambda y, h: (y - h) ** 2 / 2,
    "mse": lambda y, h: (y - h) ** 2 / (2 * SAMPLES),
    "absolute": lambda y, h: abs(y - h),
    "binary_cross_entropy": lambda y, h: -y * mp.log(h) - (1 - y) * mp.log(1 - h),
    "linear": lambda y, h: h - y,
}


def mp_loss(net: Network, parameters: dict[str, Any], x: Any, y: Any) -> Any:
    total = mp.mpf(0)
    for row, targets in zip(x, y, strict=True):
        a = dict(enumerate(row, 1))
        for layer in net.layers[1:]:
            for unit in layer:
                z = parameters[f"b{unit}"]
                z += sum(parameters[f"w{i}{unit}"] * a[i] for i in net.incoming(unit))
                a[unit] = MP[net.activation_of(unit).name](z)
        outputs = [a[unit] for unit in net.layers[-1]]
        total += sum(map(MP_LOSS[net.loss_function.name], targets, outputs))
    return total


@pytest.mark.parametrize("name", MP)
def test_mpmath_differences_of_every_activation(name: str) -> None:
    mp_check(*problem(name, *FLAVOURS[0]))


@pytest.mark.parametrize(("loss", "last"), FLAVOURS)
def test_mpmath_differences_of_every_loss(loss: str, last: str) -> None:
    mp_check(*problem("tanh", loss, last))


def mp_check(net: Network, x: np.ndarray, y: np.ndarray) -> None:
    with mp.workdps(60):
        exact = {name: mp.mpf(value) for name, value in net.parameters.items()}
        rows, targets = ([[mp.mpf(v) for v in row] for row in array.tolist()] for array in (x, y))
        h = mp.mpf("1e-20")
        quotients = []
        for name, value in exact.items():
            up, down = (
                mp_loss(net, {**exact, name: value + step}, rows, targets) for step in (h, -h)
            )
            quotients.append(float((up - down) / (2 * h)))
        assert net.loss(x, y) == pytest.approx(float(mp_loss(net, exact, rows, targets)), rel=1e-14)
    close(net, x, y, [quotients])


# Other people's reverse mode.


def library(name: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip(
            name, reason=f"{name} is an optional oracle and is not installed", exc_type=ImportError
        )


@pytest.mark.parametrize(("loss", "last"), FLAVOURS)
@pytest.mark.parametrize(
    "name", ["sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "silu", "gelu",
             "softsign", "sin", "hard_tanh", "identity"]
)  # fmt: skip
def test_pytorch(name: str, loss: str, last: str) -> None:
    # Not hard_sigmoid: there PyTorch 2.13 rounds the slope 1/6 to 32 bits; mpmath judges it above.
    torch = library("torch")
    functional = torch.nn.functional
    functions = {
        "identity": lambda z: z, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "sin": torch.sin,
        "hard_tanh": functional.hardtanh,
    }  # fmt: skip
    errors = {
        "half_squared_error": lambda h, y: functional.mse_loss(h, y, reduction="sum") / 2,
        "mse": functional.mse_loss,
        "absolute": lambda h, y: functional.l1_loss(h, y, reduction="sum"),
        "binary_cross_entropy": lambda h, y: functional.binary_cross_entropy(h, y, reduction="sum"),
        "linear": lambda h, y: (h - y).sum(),
    }
    net, x, y = problem(name, loss, last)
    parts = [torch.tensor(matrix, requires_grad=True) for matrix in matrices(net)]
    a = torch.from_numpy(x)
    for part, kind in zip(parts, (name, last), strict=True):
        f = functions[kind] if kind in functions else getattr(functional, kind)
        a = f(a @ part[:, :-1].T + part[:, -1])
    J = errors[loss](a, torch.from_numpy(y))
    assert net.loss(x, y) == pytest.approx(J.item(), rel=1e-13)
    close(net, x, y, [g.numpy() for g in torch.autograd.grad(J, parts)])


def oracle_loss(np_like: Any, functions: Any, loss: str, parts: Any, x: Any, y: Any) -> Any:
    """J in terms of a library's own NumPy."""
    a = x
    for part, f in zip(parts, functions, strict=True):
        a = f(np_like.dot(a, part[:, :-1].T) + part[:, -1])
    each = {
        "half_squared_error": lambda: (y - a) ** 2 / 2,
        "mse": lambda: (y - a) ** 2 / (2 * SAMPLES),
        "absolute": lambda: np_like.abs(y - a),
        "binary_cross_entropy": lambda: -y * np_like.log(a) - (1 - y) * np_like.log(1 - a),
        "linear": lambda: a - y,
    }
    return np_like.sum(each[loss]())


# Every tracing costs JAX a second: each activation once, each loss once.
@pytest.mark.parametrize(
    ("name", "loss", "last"),
    [(name, *FLAVOURS[0]) for name in ("sigmoid", "silu", "gelu", "softplus", "relu")]
    + [("tanh", *flavour) for flavour in FLAVOURS],
)
def test_jax(name: str, loss: str, last: str) -> None:
    jax = library("jax")
    jax.config.update("jax_enable_x64", True)
    functions = {
        "identity": lambda z: z, "gelu": lambda z: jax.nn.gelu(z, approximate=False),
    }  # fmt: skip
    net, x, y = problem(name, loss, last)
    chosen = [functions.get(kind) or getattr(jax.nn, kind) for kind in (name, last)]

    def objective(parts: Any) -> Any:
        return oracle_loss(jax.numpy, chosen, loss, parts, x, y)

    assert net.loss(x, y) == pytest.approx(float(objective(matrices(net))), rel=1e-13)
    close(net, x, y, jax.grad(objective)(matrices(net)))


@pytest.mark.parametrize(("loss", "last"), FLAVOURS)
@pytest.mark.parametrize("name", ["sigmoid", "tanh", "softplus", "sin", "gaussian"])
def test_autograd(name: str, loss: str, last: str) -> None:
    autograd, anp = library("autograd"), library("autograd.numpy")
    functions = {
        "identity": lambda z: z, "sigmoid": lambda z: 1 / (1 + anp.exp(-z)), "tanh": anp.tanh,
        "softplus": lambda z: anp.log(1 + anp.exp(z)), "sin": anp.sin,
        "gaussian": lambda z: anp.exp(-z * z),
    }  # fmt: skip
    net, x, y = problem(name, loss, last)

    def objective(parts: Any) -> Any:
        return oracle_loss(anp, [functions[name], functions[last]], loss, parts, x, y)

    assert net.loss(x, y) == pytest.approx(float(objective(matrices(net))), rel=1e-13)
    close(net, x, y, autograd.grad(objective)(matrices(net)))
