"""Claims of lesson 7, judged by formulas typed again: mpmath for the second derivatives."""

from __future__ import annotations

from itertools import combinations

import mpmath as mp
import numpy as np
import pytest

from nnexplain.claims import Verdict, claims
from nnexplain.experiments.landscape import hidden_way, rulers, same_sign
from nnexplain.network import Network
from tests.claims.test_gradient import THETA, sigmoid

X, Y = same_sign()
NAMES = ("w14", "w24", "w34", "b4", "w15", "w25", "w35", "b5", "w46", "w56", "b6")
TEXTBOOK = np.array([float(THETA[name]) for name in NAMES])


def predictions(t: np.ndarray, x: np.ndarray) -> np.ndarray:
    """h of the 3-2-1 network, as the thread writes it, for x (N, 3)."""
    a4 = 1 / (1 + np.exp(-(x @ t[0:3] + t[3])))
    a5 = 1 / (1 + np.exp(-(x @ t[4:7] + t[7])))
    return np.asarray(1 / (1 + np.exp(-(t[8] * a4 + t[9] * a5 + t[10]))))


def loss(t: np.ndarray, x: np.ndarray = X, y: np.ndarray = Y) -> float:
    return float(((y - predictions(t, x)) ** 2).sum() / 2)


def slopes(t: np.ndarray, x: np.ndarray = X, y: np.ndarray = Y) -> np.ndarray:
    """∂J/∂θ by complex steps: no chain rule is written down."""
    steps = t + 1e-30j * np.eye(len(t))
    return np.array([((y - predictions(s, x)) ** 2).sum().imag / 2e-30 for s in steps])


def walked(t: np.ndarray, rate: float, steps: int) -> np.ndarray:
    losses = [loss(t)]
    for _ in range(steps):
        t = t - rate * slopes(t)
        losses.append(loss(t))
    return np.array(losses)


def exact_loss(t: list[mp.mpf]) -> mp.mpf:
    total = mp.mpf(0)
    for x, y in zip(X.tolist(), Y.tolist(), strict=True):
        a4 = sigmoid(sum(w * v for w, v in zip(t[0:3], x, strict=True)) + t[3])
        a5 = sigmoid(sum(w * v for w, v in zip(t[4:7], x, strict=True)) + t[7])
        total += (mp.mpf(y) - sigmoid(t[8] * a4 + t[9] * a5 + t[10])) ** 2 / 2
    return total


def exact_hessian(point: np.ndarray) -> np.ndarray:
    """Second difference quotients with 50 digits: their error is about 1e-20."""
    size, step = len(point), mp.mpf("1e-12")
    with mp.workdps(50):
        start = [mp.mpf(float(value)) for value in point]

        def moved(*moves: tuple[int, int]) -> mp.mpf:
            there = list(start)
            for k, sign in moves:
                there[k] += sign * step
            return exact_loss(there)

        result = np.empty((size, size))
        for i in range(size):
            for j in range(i, size):
                corners = [(a, b, a * b) for a in (1, -1) for b in (1, -1)]
                total = sum(sign * moved((i, a), (j, b)) for a, b, sign in corners)
                result[i, j] = result[j, i] = float(total / (4 * step**2))
    return result


def test_claim_B3() -> None:
    evidence = claims["B3"].judge()
    x, y = np.array([[1.0, 0.0, 1.0]]), np.array([1.0])
    start = loss(TEXTBOOK, x, y)
    moved = x.copy()
    for _ in range(1000):
        each = moved + 1e-30j * np.eye(3)
        moved = moved - 0.9 * ((y - predictions(TEXTBOOK, each)) ** 2).imag / 2e-30
    assert evidence.numbers["there"] == pytest.approx(loss(TEXTBOOK, moved, y), rel=1e-11)
    assert evidence.numbers["start"] == evidence.numbers["given"] == pytest.approx(start, rel=1e-14)
    # With these weights no input gets J below ½(1 - σ(b6))²: w46 and w56 are negative.
    floor = (1 - 1 / (1 + np.exp(-0.1))) ** 2 / 2
    assert floor < evidence.numbers["there"] < start
    t = TEXTBOOK
    for _ in range(1000):
        t = t - 0.9 * slopes(t, x, y)
    assert evidence.numbers["learned"] == pytest.approx(loss(t, x, y), rel=1e-9)
    assert evidence.verdict is Verdict.FALSE


def test_claim_B4() -> None:
    evidence = claims["B4"].judge()
    numbers = evidence.numbers
    small, large = (walked(TEXTBOOK, rate, 1000) for rate in (numbers["small"], numbers["large"]))
    assert (np.diff(small) < 0).all()
    # Steps too large are chaotic: the last digit decides about single steps, not about how many.
    assert numbers["rises"] == pytest.approx((np.diff(large) > 0).sum(), rel=0.1)
    assert numbers["saddle"] == pytest.approx(((Y - Y.mean()) ** 2).sum() / 2, rel=1e-12)
    # Most descent for a length of 1, if w14 counts 3 times: its slope is divided by 9.
    east, north = slopes(Network([3, 2, 1], seed=2).vector)[[0, 1]]
    turn = np.arctan2(north, east) - np.arctan2(north, east / numbers["factor"] ** 2)
    assert numbers["angle"] == pytest.approx(abs(np.degrees(turn)), abs=0.06)
    assert evidence.verdict is Verdict.CONDITIONS


def test_the_steepest_way_by_a_ruler_is_found_by_trying_all() -> None:
    found = rulers(Network([3, 2, 1], "sigmoid", dict(zip(NAMES, TEXTBOOK.tolist(), strict=True))))
    slope = slopes(TEXTBOOK)[[0, 1]]
    assert found.slope == pytest.approx(slope, rel=1e-12)
    turn = np.linspace(0, 2 * np.pi, 100_001)
    for factor, way in ((1.0, found.plain), (found.factor, found.other)):
        steps = np.stack([np.cos(turn) / factor, np.sin(turn)])
        best = steps[:, (slope @ steps).argmin()]
        assert best / np.linalg.norm(best) == pytest.approx(way, abs=1e-3)
    apart = np.degrees(np.arccos(np.dot(found.plain, found.other)))
    assert found.angle == pytest.approx(apart)


def test_claim_L7_slice() -> None:
    evidence = claims["L7-slice"].judge()
    point = hidden_way().point.network
    assert point.names == NAMES
    assert np.linalg.norm(slopes(point.vector)) < 1e-8
    assert evidence.numbers["level"] == pytest.approx(loss(point.vector), rel=1e-13)
    second = exact_hessian(point.vector)
    pairs = list(combinations(range(11), 2))
    bowls = sum(
        second[i, i] > 0 and second[i, i] * second[j, j] > second[i, j] ** 2 for i, j in pairs
    )
    assert evidence.numbers["bowls"] == bowls == len(pairs) == evidence.numbers["pictures"] == 55
    values, vectors = np.linalg.eigh(second)
    assert evidence.numbers["down"] == (values < 0).sum() == 2
    both = [
        loss(point.vector + sign * evidence.numbers["reach"] * vectors[:, 0]) for sign in (1, -1)
    ]
    assert evidence.numbers["lowest"] == pytest.approx(min(both), rel=1e-6)
    assert min(both) < loss(point.vector) - 0.1
    assert evidence.verdict is Verdict.TRUE


def test_claim_L7_saddle() -> None:
    evidence = claims["L7-saddle"].judge()
    mean = float(Y.mean())
    # b4 and b5 stay the textbook's: they do not matter while all weights are 0.
    t = np.array([0, 0, 0, -0.4, 0, 0, 0, 0.2, 0, 0, np.log(mean / (1 - mean))])
    assert evidence.numbers["level"] == pytest.approx(((Y - mean) ** 2).sum() / 2, rel=1e-13)
    assert np.abs(slopes(t)).max() < 1e-15
    values = np.linalg.eigvalsh(exact_hessian(t))
    # By hand: J turns with w14 w46 and its like, a product whose curvatures are ±|∂²J/∂w14∂w46|.
    counts = [(values < -1e-9).sum(), (abs(values) <= 1e-9).sum(), (values > 1e-9).sum()]
    assert counts == [evidence.numbers[key] for key in ("down", "flat", "up")] == [2, 6, 3]
    beside = t.copy()
    beside[[0, 8]] += 0.001
    path = walked(beside, 0.3, 5000)
    assert evidence.numbers["free"] == pytest.approx(path[-1], rel=1e-4)
    half = (path > (evidence.numbers["level"] + path[-1]) / 2).sum()
    assert abs(evidence.numbers["half"] - half) <= 1
    assert evidence.verdict is Verdict.TRUE
