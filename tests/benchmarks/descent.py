"""Print the ratios of `descend`'s time to plain NumPy loops: python -m tests.benchmarks.descent.

All record the parameters and J after every step, and nobody stops early. Below 1 we are faster;
ratios are medians over rounds in which everybody has one turn. Our restarts use a thread for each
core, the others one, so a busy machine slows us more.

- The plain loop is the textbook's closed form with a(1 - a), sample-major, as a competent person
  writes it for one network.
- The plain restarts are the same formulas with one more axis for the restart: by broadcasting and
  sums, or with the same products written as `einsum`, or as stacks of matrix products (which take
  some knowledge of NumPy's insides: nothing is asked of the last); and the plain loop, run once for
  each restart.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable

import numpy as np

import nnexplain as nne
from nnexplain.descent import descend, descend_many
from tests.benchmarks.__main__ import seconds

RATE = 0.01


def plain_loop(net: nne.Network, x: np.ndarray, y: np.ndarray, steps: int) -> np.ndarray:
    """Gradient descent on one 3-2-1 network; returns J after each step."""
    first, second = net.vector[:8].reshape(2, 4), net.vector[8:].reshape(1, 3)
    W1, b1 = first[:, :3].T.copy(), first[:, 3].copy()
    W2, b2 = second[:, :2].T.copy(), second[:, 2].copy()
    y = y[:, None]
    losses, parameters = [], []
    for _ in range(steps):
        a1 = 1 / (1 + np.exp(-(x @ W1 + b1)))
        h = 1 / (1 + np.exp(-(a1 @ W2 + b2)))
        losses.append(0.5 * np.sum((y - h) ** 2))
        d2 = (h - y) * h * (1 - h)
        d1 = (d2 @ W2.T) * a1 * (1 - a1)
        W2 = W2 - RATE * (a1.T @ d2)
        b2 = b2 - RATE * d2.sum(axis=0)
        W1 = W1 - RATE * (x.T @ d1)
        b1 = b1 - RATE * d1.sum(axis=0)
        parameters.append((W1, b1, W2, b2))
    return np.array(losses)


def parts(starts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """W1 (P, 2, 3), b1 (P, 2), W2 (P, 1, 2), b2 (P, 1) of the starts (P, 11)."""
    first, second = starts[:, :8].reshape(-1, 2, 4), starts[:, 8:].reshape(-1, 1, 3)
    return (
        first[..., :3].copy(),
        first[..., 3].copy(),
        second[..., :2].copy(),
        second[..., 2].copy(),
    )


def broadcast_restarts(starts: np.ndarray, x: np.ndarray, y: np.ndarray, steps: int) -> np.ndarray:
    """Gradient descent from many starts by broadcasting, axes: restart, sample, unit, source."""
    W1, b1, W2, b2 = parts(starts)
    losses, parameters = [], []
    for _ in range(steps):
        a1 = 1 / (1 + np.exp(-((W1[:, None] * x[:, None]).sum(axis=-1) + b1[:, None])))
        h = 1 / (1 + np.exp(-((W2[:, None] * a1[:, :, None]).sum(axis=-1) + b2[:, None])))
        losses.append(0.5 * np.sum((y[:, None] - h) ** 2, axis=(1, 2)))
        d2 = (h - y[:, None]) * h * (1 - h)
        d1 = (d2[..., None] * W2[:, None]).sum(axis=2) * a1 * (1 - a1)
        W2 = W2 - RATE * (d2[..., None] * a1[:, :, None]).sum(axis=1)
        b2 = b2 - RATE * d2.sum(axis=1)
        W1 = W1 - RATE * (d1[..., None] * x[:, None]).sum(axis=1)
        b1 = b1 - RATE * d1.sum(axis=1)
        parameters.append((W1, b1, W2, b2))
    return np.array(losses)


def einsum_restarts(starts: np.ndarray, x: np.ndarray, y: np.ndarray, steps: int) -> np.ndarray:
    """Gradient descent from many starts, p, with samples n, hidden units i and inputs j."""
    W1, b1, W2, b2 = parts(starts)
    losses, parameters = [], []
    for _ in range(steps):
        a1 = 1 / (1 + np.exp(-(np.einsum("nj,pij->pni", x, W1) + b1[:, None])))
        h = 1 / (1 + np.exp(-(np.einsum("pni,pki->pnk", a1, W2) + b2[:, None])))
        losses.append(0.5 * np.sum((y[:, None] - h) ** 2, axis=(1, 2)))
        d2 = (h - y[:, None]) * h * (1 - h)
        d1 = np.einsum("pnk,pki->pni", d2, W2) * a1 * (1 - a1)
        W2 = W2 - RATE * np.einsum("pnk,pni->pki", d2, a1)
        b2 = b2 - RATE * d2.sum(axis=1)
        W1 = W1 - RATE * np.einsum("pni,nj->pij", d1, x)
        b1 = b1 - RATE * d1.sum(axis=1)
        parameters.append((W1, b1, W2, b2))
    return np.array(losses)


def matmul_restarts(starts: np.ndarray, x: np.ndarray, y: np.ndarray, steps: int) -> np.ndarray:
    """The same with stacks of matrix products."""
    W1, b1, W2, b2 = parts(starts)
    losses, parameters = [], []
    for _ in range(steps):
        a1 = 1 / (1 + np.exp(-(x @ W1.swapaxes(1, 2) + b1[:, None])))
        h = 1 / (1 + np.exp(-(a1 @ W2.swapaxes(1, 2) + b2[:, None])))
        losses.append(0.5 * np.sum((y[:, None] - h) ** 2, axis=(1, 2)))
        d2 = (h - y[:, None]) * h * (1 - h)
        d1 = (d2 @ W2) * a1 * (1 - a1)
        W2 = W2 - RATE * (d2.swapaxes(1, 2) @ a1)
        b2 = b2 - RATE * d2.sum(axis=1)
        W1 = W1 - RATE * (d1.swapaxes(1, 2) @ x)
        b1 = b1 - RATE * d1.sum(axis=1)
        parameters.append((W1, b1, W2, b2))
    return np.array(losses)


def ratios(calls: list[Callable[[], object]], rounds: int) -> list[float]:
    """Return the median ratios of the first call's time to each of the others'."""
    times = [[seconds(call, 1) for call in calls] for _ in range(rounds)]
    return [
        statistics.median(ours / others[i] for ours, *others in times)
        for i in range(len(calls) - 1)
    ]


def each_alone(starts: np.ndarray, x: np.ndarray, y: np.ndarray, steps: int) -> np.ndarray:
    """One plain loop after the other."""
    net = nne.Network([3, 2, 1], seed=0)
    named = [dict(zip(net.names, start, strict=True)) for start in starts]
    runs = [plain_loop(net.replace(parameters=one), x, y, steps) for one in named]
    return np.array(runs).T


RESTARTS = {
    "broadcasting": broadcast_restarts,
    "einsum": einsum_restarts,
    "stacked matrix products": matmul_restarts,
    "one plain loop after the other": each_alone,
}


def main(steps: int = 10_000, restarts: int = 1000, restart_steps: int = 100) -> None:
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((100, 3)), rng.random(100)
    net, starts = nne.Network([3, 2, 1], seed=0), rng.standard_normal((restarts, 11))
    options = {"learning_rate": RATE, "tolerance": 0.0}

    def one() -> np.ndarray:
        return descend(net, x, y, steps=steps, **options).loss

    def many() -> np.ndarray:
        return descend_many(net, x, y, starts, steps=restart_steps, **options).loss

    def plain(function: Callable[..., np.ndarray]) -> Callable[[], np.ndarray]:
        return lambda: function(starts, x, y, restart_steps)

    contenders = {name: plain(function) for name, function in RESTARTS.items()}
    # The same walks: nobody has left a step out.
    assert np.allclose(one()[:-1], plain_loop(net, x, y, steps))
    for contender in contenders.values():
        assert np.allclose(many()[:-1], contender())

    print("our time / theirs, N = 100")
    (ratio,) = ratios([one, lambda: plain_loop(net, x, y, steps)], 15)
    print(f"{steps} full-batch steps / the plain loop: {ratio:.3f} (asked 0.45)")
    for name, ratio in zip(contenders, ratios([many, *contenders.values()], 7), strict=True):
        print(f"{restarts} restarts / {name}: {ratio:.3f}")
    print("asked of restarts: 0.1 of plain vectorised code")


if __name__ == "__main__":
    main()
