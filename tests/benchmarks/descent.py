"""Print the ratios of `descend`'s time to plain NumPy loops: python -m tests.benchmarks.descent.

All record the parameters and J after every step, and nobody stops early. Below 1 we are faster;
ratios are medians over rounds in which everybody has one turn.

- The plain loop is the textbook's closed form with a(1 - a), sample-major, as a competent person
  writes it for one network.
- The plain restarts are the same formulas with one more index for the restart, written with
  `einsum`. A second version uses stacked matrix products instead, which only who knows NumPy's
  insides would choose; it is shown to be fair, and nothing is asked of it.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable

import numpy as np

import nnexplain as nne
from nnexplain.descent import descend, descend_many
from tests.benchmarks.__main__ import seconds

ASKED = {"plain loop": 0.45, "plain restarts, einsum": 0.1}
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


def main(steps: int = 10_000, restarts: int = 1000, restart_steps: int = 50) -> None:
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((100, 3)), rng.random(100)
    net, starts = nne.Network([3, 2, 1], seed=0), rng.standard_normal((restarts, 11))
    options = {"learning_rate": RATE, "tolerance": 0.0}

    def one() -> np.ndarray:
        return descend(net, x, y, steps=steps, **options).loss

    def many() -> np.ndarray:
        return descend_many(net, x, y, starts, steps=restart_steps, **options).loss

    # The same walk: after the last comparison nobody can have left a step out.
    assert np.allclose(one()[:-1], plain_loop(net, x, y, steps))
    for plain in (einsum_restarts, matmul_restarts):
        assert np.allclose(many()[:-1], plain(starts, x, y, restart_steps))

    print("our time / theirs, N = 100")
    (ratio,) = ratios([one, lambda: plain_loop(net, x, y, steps)], 15)
    print(f"{steps} full-batch steps / plain loop: {ratio:.3f} (asked {ASKED['plain loop']})")
    einsum, matmul = ratios(
        [
            many,
            lambda: einsum_restarts(starts, x, y, restart_steps),
            lambda: matmul_restarts(starts, x, y, restart_steps),
        ],
        9,
    )
    asked = ASKED["plain restarts, einsum"]
    print(f"{restarts} restarts / plain restarts, einsum: {einsum:.3f} (asked {asked})")
    print(f"{restarts} restarts / stacked matrix products: {matmul:.3f}")


if __name__ == "__main__":
    main()
