"""Claims of lesson 4, judged by plain loops typed again from the maths, and by mpmath."""

from __future__ import annotations

import itertools
import math

import mpmath as mp
import numpy as np
import numpy.typing as npt
import pytest

from nnexplain.claims import Verdict, claims

Array = npt.NDArray[np.float64]
# The textbook's numbers: for units 4 and 5 the three weights and the bias, then w46, w56, b6.
START = (0.2, 0.4, -0.5, -0.4, -0.3, 0.1, 0.2, 0.2, -0.3, -0.2, 0.1)
CUBE = np.array(list(itertools.product((0, 1), repeat=3)), dtype=float)
EITHER = (CUBE[:, 0] != CUBE[:, 1]).astype(float)
THREE = np.array([[1, 0, 1], [0, 1, 1], [1, 1, 0]], dtype=float)
TARGETS = np.array([1.0, 0.0, 1.0])


def sigmoid(z: Array) -> Array:
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1 + small)


def loss_and_gradient(theta: Array, x: Array, y: Array) -> tuple[Array, Array]:
    """J (P,) and ∂J/∂θ (P, 11) at theta (P, 11), by the formulas of lesson 5."""
    into, out = theta[:, :8].reshape(-1, 2, 4), theta[:, 8:]
    ones = np.column_stack([x, np.ones(len(x))])
    a = sigmoid(np.einsum("pki,ni->pnk", into, ones))
    h = sigmoid(np.einsum("pnk,pk->pn", a, out[:, :2]) + out[:, 2:])
    delta6 = (h - y) * h * (1 - h)
    delta = delta6[..., None] * out[:, None, :2] * a * (1 - a)
    parts = (
        np.einsum("pnk,ni->pki", delta, ones).reshape(-1, 8),
        np.einsum("pn,pnk->pk", delta6, a),
        delta6.sum(axis=1)[:, None],
    )
    return ((h - y) ** 2).sum(axis=1) / 2, np.hstack(parts)


def walk(theta: Array, x: Array, y: Array, rate: float, steps: int) -> tuple[Array, Array]:
    """Return J after each step (steps + 1, P), and the last parameters."""
    losses = np.empty((steps + 1, len(theta)))
    for k in range(steps):
        losses[k], gradient = loss_and_gradient(theta, x, y)
        theta = theta - rate * gradient
    losses[steps], _ = loss_and_gradient(theta, x, y)
    return losses, theta


def test_claim_A2() -> None:
    evidence = claims["A2"].judge()
    starts = np.random.default_rng(0).standard_normal((100, 11))
    for key, rate in (("small", 0.01), ("middle", 1.0), ("large", 100.0)):
        losses, _ = walk(starts, CUBE, EITHER, rate, 2000)
        assert evidence.numbers[key] == int((losses[-1] <= 0.05).sum())
        idle = (losses[-1] > 0.05) & (losses[-1] >= 0.99 * losses[1000])
        if key == "middle":
            assert evidence.numbers["idle"] == int(idle.sum())
            assert evidence.numbers["at"] == pytest.approx(np.median(losses[-1][idle]), rel=1e-6)
        if key == "large":
            # Every corner predicted 0, or every corner 1: four of eight are wrong, J = 4/2.
            assert evidence.numbers["thrown"] == pytest.approx(2, rel=1e-9)
            assert np.mean(abs(losses[-1] - 2) < 1e-6) > 0.5
    with mp.workdps(30):

        def loss(w: mp.mpf) -> mp.mpf:
            return sum(
                (y - 1 / (1 + mp.exp(-w * x))) ** 2 / 2 for x, y in ((1, mp.mpf("0.9")), (10, 0))
            )

        for key, guess in (("low", "-0.2"), ("high", "2.2")):
            bottom = mp.findroot(lambda w: mp.diff(loss, w), mp.mpf(guess))
            assert mp.diff(loss, bottom, 2) > 0
            assert evidence.numbers[key] == pytest.approx(float(loss(bottom)), rel=1e-6)
        hill = mp.findroot(lambda w: mp.diff(loss, w), mp.mpf("0.5"))
        assert mp.diff(loss, hill, 2) < 0
    assert evidence.verdict is Verdict.CONDITIONS


def test_claim_L4_done() -> None:
    evidence = claims["L4-done"].judge()
    losses, _ = walk(np.array([START]), THREE, TARGETS, 0.9, 10_000)
    for key, step in (("hundred", 100), ("thousand", 1000), ("more", 10_000)):
        assert evidence.numbers[key] == pytest.approx(losses[step, 0], rel=1e-9)
    assert (np.diff(losses[1000:, 0]) < 0).all()
    power = math.log10(losses[10_000, 0] / losses[1000, 0])
    assert evidence.numbers["power"] == pytest.approx(power, rel=1e-9)
    assert evidence.verdict is Verdict.TRUE


def test_claim_L4_symmetry() -> None:
    evidence = claims["L4-symmetry"].judge()
    # Two equal units are one unit u with the output weight 2v: walk that smaller network.
    u, v, b = np.array(START[:4]), START[8], START[10]
    ones = np.column_stack([CUBE, np.ones(8)])
    for _ in range(1000):
        a = sigmoid(ones @ u)
        h = sigmoid(2 * v * a + b)
        delta6 = (h - EITHER) * h * (1 - h)
        pull = ones.T @ (delta6 * v * a * (1 - a))
        u, v, b = u - 3 * pull, v - 3 * float(delta6 @ a), b - 3 * float(delta6.sum())
    h = sigmoid(2 * v * sigmoid(ones @ u) + b)
    assert evidence.numbers["stays"] == pytest.approx(
        float(((h - EITHER) ** 2).sum() / 2), rel=1e-6
    )
    losses, _ = walk(np.array([START]), CUBE, EITHER, 3.0, 1000)
    assert evidence.numbers["falls"] == pytest.approx(losses[-1, 0], rel=1e-6)
    assert evidence.numbers["equal"] == 0
    assert evidence.verdict is Verdict.TRUE
