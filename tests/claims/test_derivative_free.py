"""Claims of lesson 14, judged by methods typed again, by counting by hand, and by theory."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from nnexplain.claims import Verdict, claims
from nnexplain.experiments.derivative_free import wide_network
from nnexplain.network import Network
from tests.claims.test_descent import CUBE, START, TARGETS, THREE, loss_and_gradient, walk

Array = npt.NDArray[np.float64]


def trials_until(
    loss: Callable[[Array], float], theta: Array, spread: float, seed: int, goal: float
) -> int:
    """Search at random until J ≤ goal; return how many values of J that took."""
    rng, best, asked = np.random.default_rng(seed), loss(theta), 1
    while best > goal:
        trial = theta + spread * rng.standard_normal(theta.size)
        value = loss(trial)
        asked += 1
        if value < best:
            theta, best = trial, value
    return asked


def example_loss(theta: Array) -> float:
    return float(loss_and_gradient(theta[None], THREE, TARGETS)[0][0])


def stairs(theta: Array) -> float:
    """J on exclusive or of a 2-2-1 network whose units are 1 above 0 and otherwise 0."""
    total = 0.0
    for p, q in ((0, 0), (0, 1), (1, 0), (1, 1)):
        hidden = [float(theta[k] * p + theta[k + 1] * q + theta[k + 2] > 0) for k in (0, 3)]
        h = float(theta[6] * hidden[0] + theta[7] * hidden[1] + theta[8] > 0)
        total += (float(p != q) - h) ** 2 / 2
    return total


def test_claim_Q2() -> None:
    evidence = claims["Q2"].judge()
    numbers = evidence.numbers
    start = Network([2, 2, 1], "step", seed=2).vector
    assert numbers["trials"] == trials_until(stairs, start, 1.0, 2, 0.0)
    assert numbers["stays"] == stairs(start)
    races = [trials_until(example_loss, np.array(START), 0.3, seed, 0.01) for seed in range(5)]
    assert numbers["search"] == np.median(races)
    losses, _ = walk(np.array([START]), THREE, TARGETS, 3.0, 100)
    steps = int((losses[:, 0] > 0.01).sum())
    # Forward: 3·2 + 2 multiplications. Backward: 1 for δ6, 2 each for δ4 and δ5, 8 for the weights.
    assert numbers["gradient"] == steps * (8 + 1 + 4 + 8) / 8
    assert evidence.verdict is Verdict.CONDITIONS


def halvings(count: int, draws: int = 5) -> float:
    """The mean number of trials until ½ ‖θ‖² is halved."""
    starts = np.random.default_rng(99).standard_normal((draws, count))
    spread = 1.2 / math.sqrt(count)
    needed = [
        trials_until(lambda t: float(t @ t), start, spread, seed, float(start @ start) / 2)
        for seed, start in enumerate(starts)
    ]
    return float(np.mean(needed))


def test_claim_L14_growth() -> None:
    evidence = claims["L14-growth"].judge()
    numbers = evidence.numbers
    assert numbers["nudge"] == pytest.approx(1, abs=1e-9)
    assert numbers["gradient"] == pytest.approx(0, abs=1e-9)
    # Random search typed again, on other draws.
    power = math.log(halvings(501) / halvings(11)) / math.log(501 / 11)
    assert numbers["search"] == pytest.approx(power, abs=0.15)
    # Evolution: J shrinks by 1 - 1/(n + 2) a step on average (exercise 4).
    theory = math.log((501 + 2) / (11 + 2)) / math.log(501 / 11)
    assert numbers["evolution"] == pytest.approx(theory, abs=0.15)
    assert max(abs(numbers[f"spare_{name}"]) for name in ("search", "evolution", "gradient")) < 0.4
    assert numbers["spare_nudge"] == pytest.approx(1 + numbers["spare_gradient"], abs=0.02)
    assert evidence.verdict is Verdict.CONDITIONS


@pytest.mark.parametrize(("hidden", "few", "most"), [(10, 40, 250), (200, 40, 250)])
def test_random_search_does_not_notice_spare_parameters(hidden: int, few: int, most: int) -> None:
    vote = (CUBE.sum(axis=1) >= 2).astype(float)
    ones = np.column_stack([CUBE, np.ones(8)])

    def loss(theta: Array) -> float:
        a = np.tanh(ones @ theta[: 4 * hidden].reshape(hidden, 4).T)
        z = a @ theta[4 * hidden : -1] + theta[-1]
        return float(((1 / (1 + np.exp(-z)) - vote) ** 2).sum() / 2)

    spread = 1 / math.sqrt(5 * hidden + 1)
    counts = [
        trials_until(loss, wide_network(hidden, s).vector, spread, 70 + s, 0.1) for s in range(5)
    ]
    assert few < np.median(counts) < most


def test_claim_L14_price() -> None:
    evidence = claims["L14-price"].judge()

    def ratio(hidden: int) -> float:
        forward = 3 * hidden + hidden
        backward = 1 + 2 * hidden + 3 * hidden + hidden
        return (forward + backward) / forward

    assert evidence.numbers["few"] == ratio(2)
    assert evidence.numbers["many"] == ratio(2000)
    assert evidence.verdict is Verdict.TRUE
