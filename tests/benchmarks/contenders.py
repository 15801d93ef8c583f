"""The same gradient of the 3-2-1 network by other hands: a function (x, y) -> 11 named partials.

Every contender takes arrays x (N, 3) and y (N,) and returns a dictionary of floats, which is what
our public `Network.gradient` does.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from nnexplain import Network

Gradient = Callable[[np.ndarray, np.ndarray], Mapping[str, float]]
NAMES = ("w14", "w24", "w34", "b4", "w15", "w25", "w35", "b5", "w46", "w56", "b6")


def layers(net: Network) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """W1 (3, 2), b1 (2,), W2 (2, 1), b2 (1,): sample-major, as most code has them."""
    first, second = net.vector[:8].reshape(2, 4), net.vector[8:].reshape(1, 3)
    return first[:, :3].T.copy(), first[:, 3].copy(), second[:, :2].T.copy(), second[:, 2].copy()


def named(dW1: Any, db1: Any, dW2: Any, db2: Any) -> dict[str, float]:
    first = np.vstack([dW1, db1]).T
    return dict(
        zip(NAMES, [*first.ravel().tolist(), *dW2[:, 0].tolist(), float(db2[0])], strict=True)
    )


def plain_numpy(net: Network) -> Gradient:
    """The textbook's formulas with a(1 - a), as a competent person writes them."""
    W1, b1, W2, b2 = layers(net)

    def gradient(x: np.ndarray, y: np.ndarray) -> dict[str, float]:
        a1 = 1 / (1 + np.exp(-(x @ W1 + b1)))
        h = 1 / (1 + np.exp(-(a1 @ W2 + b2)))
        d2 = (h - y[:, None]) * h * (1 - h)
        d1 = (d2 @ W2.T) * a1 * (1 - a1)
        return named(x.T @ d1, d1.sum(axis=0), a1.T @ d2, d2.sum(axis=0))

    return gradient


def pytorch(net: Network) -> Gradient:
    torch = importlib.import_module("torch")
    parts = [torch.tensor(part, requires_grad=True) for part in layers(net)]
    W1, b1, W2, b2 = parts

    def gradient(x: np.ndarray, y: np.ndarray) -> dict[str, float]:
        a1 = torch.sigmoid(torch.from_numpy(x) @ W1 + b1)
        h = torch.sigmoid(a1 @ W2 + b2)[:, 0]
        J = 0.5 * ((torch.from_numpy(y) - h) ** 2).sum()
        return named(*(part.numpy() for part in torch.autograd.grad(J, parts)))

    return gradient


def jax(net: Network) -> Gradient:
    jax = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    parts = layers(net)

    def objective(parts: Any, x: Any, y: Any) -> Any:
        W1, b1, W2, b2 = parts
        h = jax.nn.sigmoid(jax.nn.sigmoid(x @ W1 + b1) @ W2 + b2)[:, 0]
        return 0.5 * ((y - h) ** 2).sum()

    compiled = jax.jit(jax.grad(objective))
    return lambda x, y: named(*(np.asarray(part) for part in compiled(parts, x, y)))


def autograd(net: Network) -> Gradient:
    autograd, anp = importlib.import_module("autograd"), importlib.import_module("autograd.numpy")
    parts = layers(net)

    def objective(parts: Any, x: Any, y: Any) -> Any:
        W1, b1, W2, b2 = parts
        a1 = 1 / (1 + anp.exp(-(anp.dot(x, W1) + b1)))
        h = 1 / (1 + anp.exp(-(anp.dot(a1, W2) + b2)))
        return 0.5 * anp.sum((y - h[:, 0]) ** 2)

    differentiate = autograd.grad(objective)
    return lambda x, y: named(*differentiate(parts, x, y))


CONTENDERS = {"plain NumPy": plain_numpy, "PyTorch": pytorch, "JAX": jax, "autograd": autograd}


def installed(net: Network) -> Iterator[tuple[str, Gradient]]:
    """Yield the name and the gradient of every contender whose library is here."""
    for name, make in CONTENDERS.items():
        try:
            yield name, make(net)
        except ImportError:
            continue
