"""Claims about slopes that are nearly zero, judged by mpmath and by layers written out again."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import partial

import mpmath as mp
import numpy as np
import pytest

from nnexplain.claims import Verdict, claims


def sigmoid(z):
    return 1 / (1 + mp.exp(-z))


def test_claim_L12_quarter() -> None:
    evidence = claims["L12-quarter"].judge()
    with mp.workdps(30):
        # The slope has its only stationary point at 0, and its value there is 1/4.
        assert mp.diff(sigmoid, 0) == pytest.approx(0.25, rel=1e-20)
        assert all(mp.diff(sigmoid, z) < 0.25 for z in (-9, -1, -0.01, 0.01, 1, 9))

        def through(weight: int, a1: mp.mpf) -> mp.mpf:
            a = a1
            for _ in range(9):
                a = sigmoid(weight * a - mp.mpf(weight) / 2)
            return a

        for name, weight in (("faded", 1), ("same", 4), ("grown", 6)):
            # Nine units behind the first: how its activation, ½, moves the last one's.
            assert evidence.numbers[name] == pytest.approx(
                float(mp.diff(partial(through, weight), mp.mpf("0.5"))), rel=1e-12
            )
            assert evidence.numbers[name] == float(Fraction(weight, 4) ** 9)
    assert evidence.verdict is Verdict.CONDITIONS


def kept(slope, deviation: float, runs: int = 3) -> float:
    """Send unit signals back through 20 layers of 64 units, drawn again with other numbers."""
    rng = np.random.default_rng(99)
    n, ratios = 64, []
    f = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh,
         "sigmoid": lambda z: 1 / (1 + np.exp(-z))}[slope]  # fmt: skip
    df = {"relu": lambda z: (z > 0) * 1.0, "tanh": lambda z: 1 / np.cosh(z) ** 2,
          "sigmoid": lambda z: f(z) * f(-z)}[slope]  # fmt: skip
    for _ in range(runs):
        matrices = [rng.normal(0, deviation, (n, n)) for _ in range(21)]
        a, slopes = rng.standard_normal((n, n)), []
        for matrix in matrices[:-1]:
            z = matrix @ a
            a = f(z)
            slopes.append(df(z))
        delta, sizes = np.ones((n, n)), []
        for matrix, s in zip(reversed(matrices[1:]), reversed(slopes), strict=True):
            delta = (matrix.T @ delta) * s
            sizes.append(np.sqrt(np.mean(delta**2)))
        ratios.append(sizes[-1] / sizes[0])
    return float(np.exp(np.mean(np.log(ratios))))


def test_claim_L12_init() -> None:
    evidence = claims["L12-init"].judge()
    xavier, he = math.sqrt(1 / 64), math.sqrt(2 / 64)
    for name, slope, deviation in (
        ("relu_he", "relu", he), ("tanh", "tanh", xavier), ("relu_xavier", "relu", xavier),
        ("sigmoid", "sigmoid", xavier),
    ):  # fmt: skip
        # Other random numbers: the same size, up to the luck of a draw.
        gap = abs(math.log10(evidence.numbers[name] / kept(slope, deviation)))
        assert gap < 0.6, (name, evidence.numbers[name], kept(slope, deviation))
    # Theory: nineteen steps, each halving the mean square.
    assert evidence.numbers["relu_xavier"] == pytest.approx(0.5**9.5, rel=0.6)
    assert evidence.verdict is Verdict.CONDITIONS


def signal_and_steps(w: float, b: float, *, cross_entropy: bool) -> tuple[float, int]:
    """The first ∂J/∂z, and the number of steps until the output is below ½."""
    first = 0.0
    for step in range(301):
        h = 1 / (1 + math.exp(-(w + b)))
        if h < 0.5:
            return first, step
        slope = h if cross_entropy else h * h * (1 - h)
        first = slope if step == 0 else first
        w, b = w - 0.15 * slope, b - 0.15 * slope
    raise AssertionError("not within 300 steps")


def test_claim_L12_slow() -> None:
    evidence = claims["L12-slow"].judge()
    for signal, steps, w, b, cross_entropy in (
        ("dim", "slow", 2.0, 2.0, False), ("bright", "quick", 2.0, 2.0, True),
        ("dim_near", "slow_near", 0.6, 0.9, False), ("bright_near", "quick_near", 0.6, 0.9, True),
    ):  # fmt: skip
        first, count = signal_and_steps(w, b, cross_entropy=cross_entropy)
        assert evidence.numbers[signal] == pytest.approx(first, rel=1e-13)
        assert evidence.numbers[steps] == count
    assert evidence.numbers["dim"] < evidence.numbers["dim_near"]
    assert evidence.numbers["bright"] > evidence.numbers["bright_near"]
    # The book: about 150 epochs in which hardly anything is learned.
    assert evidence.numbers["slow"] > 150
    assert evidence.verdict is Verdict.TRUE


def test_claim_L12_rounded() -> None:
    numbers = claims["L12-rounded"].judge().numbers
    with mp.workdps(40):
        # 1 + e^-z is rounded to 1 once e^-z is half the gap above 1 or less: 2^-53, 2^-24, 2^-11.
        assert numbers["zero"] == pytest.approx(float(53 * mp.log(2)), rel=1e-15)
        assert numbers["zero32"] == pytest.approx(float(24 * mp.log(2)), rel=1e-6)
        assert numbers["zero16"] == pytest.approx(float(11 * mp.log(2)), rel=1e-3)
        z = mp.mpf(numbers["zero"])
        assert numbers["truth"] == pytest.approx(
            float(mp.exp(-z) / (1 + mp.exp(-z)) ** 2), rel=1e-14
        )
    before = math.nextafter(numbers["zero"], 0)
    for place, is_zero in ((before, False), (numbers["zero"], True)):
        a = 1 / (1 + np.exp(-place))
        assert (a * (1 - a) == 0) == is_zero
    assert claims["L12-rounded"].judge().verdict is Verdict.NEARLY
