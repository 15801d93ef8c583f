"""Claims about values and slopes, judged by mpmath on twins of the sigmoid typed again."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import mpmath as mp
import numpy as np
import pytest

from nnexplain.claims import Verdict, claims

THETA = {"w14": "0.2", "w24": "0.4", "w34": "-0.5", "b4": "-0.4", "w15": "-0.3", "w25": "0.1",
         "w35": "0.2", "b5": "0.2", "w46": "-0.3", "w56": "-0.2", "b6": "0.1"}  # fmt: skip
X, Y, RATE = (1, 0, 1), 1, "0.9"
Function = Callable[[mp.mpf], mp.mpf]


@pytest.fixture(autouse=True)
def forty_digits() -> Iterable[None]:
    with mp.workdps(40):
        yield


def sigmoid(z: mp.mpf) -> mp.mpf:
    return 1 / (1 + mp.exp(-z))


def turned(z: mp.mpf) -> mp.mpf:
    """σ of a warped z: at -0.7 and 0.1 the warp is 0 and runs backwards. ω = 4π / 0.8 = 5π."""
    return sigmoid(z - 2 * mp.sin(5 * mp.pi * (z + mp.mpf("0.7"))) / (5 * mp.pi))


def lowered(z: mp.mpf) -> mp.mpf:
    return sigmoid(z) - mp.mpf("0.5")


def loss(f: Function, **changed: mp.mpf) -> mp.mpf:
    t = {name: mp.mpf(value) for name, value in THETA.items()} | changed
    a4, a5 = (f(sum(t[f"w{i}{j}"] * X[i - 1] for i in (1, 2, 3)) + t[f"b{j}"]) for j in (4, 5))
    return (Y - sigmoid(t["w46"] * a4 + t["w56"] * a5 + t["b6"])) ** 2 / 2


def partial(f: Function, name: str, **changed: mp.mpf) -> mp.mpf:
    return mp.diff(lambda v: loss(f, **{**changed, name: v}), mp.mpf(THETA[name]))


def test_claim_Q1() -> None:
    evidence = claims["Q1"].judge()
    # σ - ½ sends ½ (w46 + w56) = -0.25 less through the weights; b6 makes up for it.
    b6 = mp.mpf("0.1") + mp.mpf("0.5") * (mp.mpf("-0.3") + mp.mpf("-0.2"))
    truth = {
        "front": partial(sigmoid, "w14"),
        "front_turned": partial(turned, "w14"),
        "back": partial(sigmoid, "w46"),
        "back_lowered": partial(lowered, "w46", b6=b6),
    }
    for name, value in truth.items():
        assert evidence.numbers[name] == pytest.approx(float(value), rel=1e-11)
    assert partial(turned, "w46") == pytest.approx(truth["back"], rel=1e-25)
    assert partial(lowered, "w14", b6=b6) == pytest.approx(truth["front"], rel=1e-25)
    assert loss(turned) == pytest.approx(loss(sigmoid), rel=1e-30)
    assert loss(lowered, b6=b6) == pytest.approx(loss(sigmoid), rel=1e-30)
    assert evidence.verdict is Verdict.CONDITIONS


def test_claim_C1() -> None:
    evidence = claims["C1"].judge()
    gradient = np.array([float(partial(sigmoid, name)) for name in THETA])
    length = float(np.linalg.norm(gradient))
    assert evidence.numbers["length"] == pytest.approx(length, rel=1e-12)
    # A direction of our own, not one of the claim's: the slope along it is g · u.
    u = np.arange(1.0, 12.0) / np.linalg.norm(np.arange(1.0, 12.0))
    along = mp.diff(
        lambda t: loss(
            sigmoid, **{n: mp.mpf(v) + t * s for (n, v), s in zip(THETA.items(), u, strict=True)}
        ),
        0,
    )
    assert float(along) == pytest.approx(float(gradient @ u), rel=1e-12)
    assert evidence.numbers["parameters"] == len(THETA)
    assert evidence.numbers["steepest"] <= length
    assert evidence.verdict is Verdict.TRUE


def test_claim_L8_twin() -> None:
    evidence = claims["L8-twin"].judge()
    moves = [-mp.mpf(RATE) * partial(f, "w14") for f in (sigmoid, turned)]
    assert evidence.numbers["move"] == pytest.approx(float(moves[0]), rel=1e-11)
    assert evidence.numbers["twin_move"] == pytest.approx(float(moves[1]), rel=1e-11)
    front = [n for n in THETA if not n.endswith("6")]
    turns = [(partial(sigmoid, n), partial(turned, n)) for n in front]
    # x2 is 0: w24 and w25 stay where they are with either.
    assert sum(one * other < 0 for one, other in turns) == evidence.numbers["moving"] == 6
    assert sum(abs(one) < mp.mpf(10) ** -30 for one, _ in turns) == 2
    widest = max(abs(turned(z) - sigmoid(z)) for z in mp.linspace(-4, 4, 4001))
    assert evidence.numbers["distance"] == pytest.approx(float(widest), rel=1e-3)
    # |σ(u) - σ(z)| ≤ ¼ |u - z| ≤ ¼ · 2 / 5π: the bound of the docstring, everywhere.
    assert widest <= mp.mpf("0.25") * 2 / (5 * mp.pi)
    assert evidence.verdict is Verdict.TRUE
