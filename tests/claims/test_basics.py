"""Claims of lessons 1 to 3, judged by mpmath and SymPy from formulas typed again."""

from __future__ import annotations

import mpmath as mp
import pytest
import sympy as sp

from nnexplain.claims import Verdict, claims
from tests.claims.test_gradient import THETA, sigmoid

XS = ((1, 0, 1), (0, 1, 1), (1, 1, 0))
YS = (1, 0, 1)
ODD = (mp.mpf("0.4"), mp.mpf("0.4"), mp.mpf(1))


def prediction(theta: dict[str, mp.mpf], x: tuple[int, ...]) -> mp.mpf:
    """h(x) as the thread writes it, with the textbook's parameters typed again."""
    p = theta["w14"] * x[0] + theta["w24"] * x[1] + theta["w34"] * x[2] + theta["b4"]
    r = theta["w15"] * x[0] + theta["w25"] * x[1] + theta["w35"] * x[2] + theta["b5"]
    return sigmoid(theta["w46"] * sigmoid(p) + theta["w56"] * sigmoid(r) + theta["b6"])


def theta_with(**changed: mp.mpf) -> dict[str, mp.mpf]:
    return {name: mp.mpf(value) for name, value in THETA.items()} | changed


def half_squares(targets: tuple[object, ...], **changed: mp.mpf) -> mp.mpf:
    theta = theta_with(**changed)
    return sum((y - prediction(theta, x)) ** 2 / 2 for x, y in zip(XS, targets, strict=True))


def sizes(targets: tuple[object, ...], **changed: mp.mpf) -> mp.mpf:
    theta = theta_with(**changed)
    return sum(abs(y - prediction(theta, x)) for x, y in zip(XS, targets, strict=True))


def test_claim_B1() -> None:
    evidence = claims["B1"].judge()
    with mp.workdps(40):
        nudge = mp.mpf("0.001")
        for key, z in (("steep", 0), ("flat", 6)):
            rate = (sigmoid(z + nudge) - sigmoid(mp.mpf(z))) / nudge
            assert evidence.numbers[key] == pytest.approx(float(rate), rel=1e-11)
            slope = float(mp.diff(sigmoid, z))
            assert evidence.numbers[f"{key}_slope"] == pytest.approx(slope, rel=1e-14)
            assert rate == pytest.approx(slope, rel=1e-3)
    # A step function is 1 on both sides of a nudge from 1 to 1.001.
    assert evidence.numbers["zero"] == evidence.numbers["zero_slope"] == 0
    # z² is level at 0 and not constant there: 0.001² is not 0.
    assert evidence.numbers["level_slope"] == 0
    assert evidence.numbers["level"] == pytest.approx(1e-6, rel=1e-12)
    assert evidence.verdict is Verdict.NEARLY


def test_claim_L1_square() -> None:
    evidence = claims["L1-square"].judge()
    with mp.workdps(40):
        for key, z in (("usual", mp.mpf("-0.7")), ("straight", mp.mpf(0))):
            slope = mp.diff(sigmoid, z)

            def gap(nudge: str, z: mp.mpf = z, slope: mp.mpf = slope) -> mp.mpf:
                return abs(sigmoid(z + mp.mpf(nudge)) - sigmoid(z) - slope * mp.mpf(nudge))

            order = mp.log10(gap("0.01") / gap("0.001"))
            assert evidence.numbers[key] == pytest.approx(float(order), abs=1e-5)
        # Taylor: the gap over the square of the nudge tends to half the second derivative.
        z, s = mp.mpf("-0.7"), mp.mpf("1e-9")
        ratio = (sigmoid(z + s) - sigmoid(z) - mp.diff(sigmoid, z) * s) / s**2
        assert ratio == pytest.approx(float(mp.diff(sigmoid, z, 2) / 2), rel=1e-7)
    # ReLU has slope 0 by convention at 0: the gap is the nudge itself.
    assert evidence.numbers["kink"] == pytest.approx(1, abs=1e-12)
    assert evidence.verdict is Verdict.CONDITIONS


def test_claim_A1() -> None:
    evidence = claims["A1"].judge()
    with mp.workdps(40):
        truth = half_squares(YS)
    assert evidence.numbers["loss"] == pytest.approx(float(truth), rel=1e-14)
    assert evidence.numbers["count"] == len(THETA) == 3 * 2 + 2 + 2 * 1 + 1
    assert evidence.numbers["gap"] < 1e-15
    assert evidence.verdict is Verdict.TRUE


def test_claim_L2_xor() -> None:
    evidence = claims["L2-xor"].judge()
    # Exact: J is convex in c, so where its three partial derivatives vanish it is lowest.
    c = sp.symbols("c:3")
    points = ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0))
    loss = sum((y - c[0] - c[1] * a - c[2] * b) ** 2 for a, b, y in points) / 2
    best = sp.solve([sp.diff(loss, ck) for ck in c], c)
    assert tuple(best[ck] for ck in c) == (sp.Rational(1, 2), 0, 0)
    assert loss.subs(best) == sp.Rational(1, 2)
    assert evidence.numbers["linear"] == pytest.approx(0.5, rel=1e-14)
    # Opposite corners of a linear model add up alike, the targets to 0 and 2: the four misses
    # have sizes of sum 2 or more, and the largest is at least a quarter of that.
    h = [c[0] + c[1] * a + c[2] * b for a, b, _ in points]
    assert sp.expand(h[0] + h[3] - h[1] - h[2]) == 0
    assert evidence.numbers["least"] == pytest.approx(2 / 4, rel=1e-14)
    with mp.workdps(40):
        misses = []
        for a, b, y in points:
            either, both = sigmoid(mp.mpf(10 * (a + b) - 5)), sigmoid(mp.mpf(10 * (a + b) - 15))
            misses.append(abs(y - sigmoid(10 * either - 10 * both - 5)))
        truth = sum(miss**2 for miss in misses) / 2
    assert evidence.numbers["network"] == pytest.approx(float(truth), rel=1e-11)
    assert evidence.numbers["miss"] == pytest.approx(float(max(misses)), rel=1e-11)
    assert evidence.numbers["count"] == 3 * 3
    assert evidence.verdict is Verdict.TRUE


def test_claim_L3_mse() -> None:
    evidence = claims["L3-mse"].judge()
    with mp.workdps(40):
        for name in ("w14", "w46", "b5", "b6"):
            at = mp.mpf(THETA[name])
            half = mp.diff(lambda v, name=name: half_squares(YS, **{name: v}), at)
            mean = mp.diff(lambda v, name=name: 2 * half_squares(YS, **{name: v}) / 3, at)
            assert evidence.numbers["ratio"] == pytest.approx(float(mean / half), rel=1e-14)
        slope = mp.diff(lambda v: half_squares(YS, w46=v), mp.mpf("-0.3"))
        assert slope < 0  # and its root is the lowest place, up to the grid of 0.01
        root = mp.findroot(lambda v: mp.diff(lambda u: half_squares(YS, w46=u), v), 2)
    assert evidence.numbers["here"] == pytest.approx(float(root), abs=0.006)
    assert evidence.numbers["count"] == len(THETA)
    assert evidence.numbers["spread"] < 1e-14
    assert evidence.numbers["step"] < 1e-15
    assert evidence.verdict is Verdict.TRUE


def test_claim_K2() -> None:
    evidence = claims["K2"].judge()
    # Errors of the two predictors: 0.3 four times, or 0.9 once.
    three, nine = sp.Rational(3, 10), sp.Rational(9, 10)
    exact = {
        "steady_squared": 4 * three**2 / 2, "risky_squared": nine**2 / 2,
        "steady_absolute": 4 * three, "risky_absolute": nine,
    }  # fmt: skip
    for key, value in exact.items():
        assert evidence.numbers[key] == pytest.approx(float(value), rel=1e-14)
    assert exact["steady_squared"] < exact["risky_squared"]
    assert exact["steady_absolute"] > exact["risky_absolute"]
    with mp.workdps(40):
        b6 = mp.mpf(THETA["b6"])
        down = mp.diff(lambda v: half_squares(ODD, b6=v), b6)
        up = mp.diff(lambda v: sizes(ODD, b6=v), b6)
    assert down < 0 < up
    assert evidence.numbers["down"] == pytest.approx(float(down), rel=1e-12)
    assert evidence.numbers["up"] == pytest.approx(float(up), rel=1e-12)
    assert evidence.verdict is Verdict.TRUE
