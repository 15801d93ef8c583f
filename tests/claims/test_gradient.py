"""Claims about ∂J/∂w14, judged by 40 digits of mpmath: plain differences, no derivative formula."""

from __future__ import annotations

import mpmath as mp
import pytest

from nnexplain.claims import Verdict, claims
from nnexplain.worked import worked

# Typed again from the textbook (Han & Kamber), not read from the package.
THETA = {"w14": "0.2", "w24": "0.4", "w34": "-0.5", "b4": "-0.4", "w15": "-0.3", "w25": "0.1",
         "w35": "0.2", "b5": "0.2", "w46": "-0.3", "w56": "-0.2", "b6": "0.1"}  # fmt: skip
X, Y, RATE = (1, 0, 1), 1, "0.9"
THREE = (((1, 0, 1), 1), ((0, 1, 1), 0), ((1, 1, 0), 1))


def sigmoid(z: mp.mpf) -> mp.mpf:
    return 1 / (1 + mp.exp(-z))


def prediction(t: dict[str, mp.mpf], x: tuple[int, ...] = X) -> mp.mpf:
    hidden = [
        sigmoid(sum(t[f"w{i}{j}"] * x[i - 1] for i in (1, 2, 3)) + t[f"b{j}"]) for j in (4, 5)
    ]
    return sigmoid(t["w46"] * hidden[0] + t["w56"] * hidden[1] + t["b6"])


def loss(**changed: mp.mpf) -> mp.mpf:
    theta = {name: mp.mpf(value) for name, value in THETA.items()} | changed
    return (Y - prediction(theta)) ** 2 / 2


def slope(name: str) -> mp.mpf:
    return mp.diff(lambda value: loss(**{name: value}), mp.mpf(THETA[name]))


def test_claim_A3() -> None:
    evidence = claims["A3"].judge()
    with mp.workdps(40):
        theta = {name: mp.mpf(value) for name, value in THETA.items()}
        sensitivity = mp.diff(lambda w: prediction(theta | {"w14": w}), theta["w14"])
        right_side = (prediction(theta) - Y) * sensitivity
        assert abs(right_side - slope("w14")) < mp.mpf(10) ** -30
        assert evidence.numbers["left"] == pytest.approx(float(right_side), rel=1e-14)

        def total(w: mp.mpf) -> mp.mpf:
            return sum((y - prediction(theta | {"w14": w}, x)) ** 2 / 2 for x, y in THREE)

        three = mp.diff(total, theta["w14"])
        assert evidence.numbers["three"] == pytest.approx(float(three), rel=1e-13)
    assert evidence.verdict is Verdict.TRUE


def test_claim_A4() -> None:
    numbers = claims["A4"].judge().numbers
    with mp.workdps(40):
        right = slope("w14")
        wrong = right / mp.mpf(THETA["w46"])
        start = mp.mpf(THETA["w14"])
        down, up = (loss(w14=start - mp.mpf(RATE) * s) - loss() for s in (right, wrong))
        assert right > 0 > wrong
        assert down < 0 < up
    for name, truth in (("right", right), ("wrong", wrong), ("down", down), ("up", up)):
        assert numbers[name] == pytest.approx(float(truth), rel=1e-11)
    assert claims["A4"].judge().verdict is Verdict.FALSE


def test_claim_L5_ways() -> None:
    example = worked["han_kamber"]
    gradient = example.network.gradient(example.x, example.y)
    with mp.workdps(40):
        for name in THETA:
            assert gradient[name] == pytest.approx(float(slope(name)), rel=1e-13, abs=1e-18)
    evidence = claims["L5-ways"].judge()
    assert evidence.numbers["gap"] < 1e-12
    assert evidence.verdict is Verdict.TRUE
