"""Claims about constant slopes, judged by exact fractions, SymPy, mpmath and plain NumPy loops.

Networks, gradients and formulas are typed again here; only start values and data come from the
package.
"""

from __future__ import annotations

import itertools
from fractions import Fraction

import mpmath as mp
import numpy as np
import numpy.typing as npt
import pytest
import sympy as sp

from nnexplain.claims import Verdict, claims, constant_derivative
from nnexplain.experiments import linear_collapse
from nnexplain.experiments.constant_slope import LOSSES, Pulls
from nnexplain.experiments.linear_collapse import collapse, noisy_plane
from nnexplain.network import Network, bias_name, weight_name

Array = npt.NDArray[np.float64]
CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0.0, 1.0, 1.0, 0.0])


def least_squares_loss(x: Array, y: Array) -> float:
    """½ Σ (y - h)² of the best line, by the normal equations with 40 digits."""
    with mp.workdps(40):
        A = mp.matrix(np.column_stack([x, np.ones(len(x))]).tolist())
        b = mp.matrix(y.tolist())
        rest = A * mp.lu_solve(A.T * A, A.T * b) - b
        return float(mp.fdot(rest, rest) / 2)


def start(sizes: list[int], seed: int) -> tuple[Array, Array, Array, float]:
    """The package's random start as W (hidden, inputs), b, v, c."""
    net = Network(sizes, "identity", seed=seed, initialisation="xavier")
    n, k, _ = sizes
    p = net.parameters
    W = np.array([[p[f"w{i}{n + j}"] for i in range(1, n + 1)] for j in range(1, k + 1)])
    b = np.array([p[f"b{n + j}"] for j in range(1, k + 1)])
    v = np.array([p[f"w{n + j}{n + k + 1}"] for j in range(1, k + 1)])
    return W, b, v, p[f"b{n + k + 1}"]


def descend(theta, x, y, rate, steps, f, df, outer=1.0):  # type: ignore[no-untyped-def]
    """Plain gradient descent on ½ Σ (y - h)² with h = outer · (v · f(Wx + b) + c)."""
    W, b, v, c = theta
    losses = []
    for step in range(steps + 1):
        z = x @ W.T + b
        error = outer * (f(z) @ v + c) - y
        losses.append(0.5 * error @ error)
        if step < steps:
            delta = outer * error
            back = np.outer(delta, v) * df(z)
            W, b, v, c = (
                W - rate * back.T @ x, b - rate * back.sum(0), v - rate * f(z).T @ delta,
                c - rate * delta.sum(),
            )  # fmt: skip
    return losses


def tanh_slope(z: Array) -> Array:
    return 1 - np.tanh(z) ** 2


def test_claim_Q3() -> None:
    evidence = claims["Q3"].judge()
    assert evidence.numbers["floor"] == pytest.approx(least_squares_loss(*noisy_plane()), rel=1e-12)
    assert evidence.numbers["excess"] < 1e-12
    theta = start([2, 2, 1], 0)
    straight = descend(theta, CORNERS, XOR, 0.03, 1000, lambda z: z, np.ones_like)
    bent = descend(theta, CORNERS, XOR, 0.03, 1000, np.tanh, tanh_slope)
    assert evidence.numbers["straight"] == pytest.approx(straight[-1], abs=1e-9)
    assert evidence.numbers["bent"] == pytest.approx(bent[-1], rel=1e-6)
    assert bent[-1] < 1e-3
    assert straight[-1] == pytest.approx(0.5, abs=1e-9)
    assert evidence.verdict is Verdict.CONDITIONS


def test_claim_K1() -> None:
    evidence = claims["K1"].judge()
    x, y = noisy_plane()
    floor, theta = least_squares_loss(x, y), start([3, 2, 1], 0)
    assert evidence.numbers["floor"] == pytest.approx(floor, rel=1e-12)
    starts = []
    for slope, rate in ((0.5, 0.05), (1.0, 0.01), (3.0, 0.0005)):
        losses = descend(theta, x, y, rate, 3000, lambda z, c=slope: c * z,
                         lambda z, c=slope: np.full_like(z, c), outer=slope)  # fmt: skip
        starts.append(losses[0])
        assert losses[-1] == pytest.approx(floor, abs=1e-9)
    assert evidence.numbers["start"] == pytest.approx(min(starts), rel=1e-12)
    assert min(starts) > 10 * floor
    assert evidence.verdict is Verdict.TRUE


def test_claim_A5() -> None:
    evidence = claims["A5"].judge()
    x, y = noisy_plane()
    floor = least_squares_loss(x, y)
    assert evidence.numbers["floor"] == pytest.approx(floor, rel=1e-12)
    assert evidence.numbers["excess"] < 1e-9
    for seed in range(0, 100, 10):
        losses = descend(start([3, 2, 1], seed), x, y, 0.01, 1000, lambda z: z, np.ones_like)
        assert losses[-1] == pytest.approx(floor, abs=1e-9)
    # With steps everywhere, J of the textbook's network does not change at all under small nudges.
    theta = {"w14": 0.2, "w24": 0.4, "w34": -0.5, "b4": -0.4, "w15": -0.3, "w25": 0.1, "w35": 0.2,
             "b5": 0.2, "w46": -0.3, "w56": -0.2, "b6": 0.1}  # fmt: skip

    def loss(t: dict[str, float]) -> float:
        a4 = float(t["w14"] + t["w34"] + t["b4"] >= 0)
        a5 = float(t["w15"] + t["w35"] + t["b5"] >= 0)
        return 0.5 * (1 - float(t["w46"] * a4 + t["w56"] * a5 + t["b6"] >= 0)) ** 2

    for name, value in theta.items():
        for nudge in (1e-3, -1e-3):
            assert loss(theta | {name: value + nudge}) == loss(theta)
    assert evidence.numbers["flat"] == 0
    assert evidence.verdict is Verdict.FALSE


def exact_layers(x: list[Fraction], layers: list[list[list[Fraction]]]) -> Fraction:
    """Return the output of straight layers; the last number of a row is the bias."""
    for rows in layers:
        x = [
            sum((w * a for w, a in zip(row, [*x, Fraction(1)], strict=True)), Fraction(0))
            for row in rows
        ]
    return x[0]


@pytest.mark.parametrize("depth", [2, 3, 5, 12])
def test_a_collapsed_network_has_the_weights_of_exact_fractions(depth: int) -> None:
    draw = np.random.default_rng(depth)
    sizes = [3, *[4] * (depth - 1), 1]
    net = Network(sizes, "identity", seed=0)
    layers = [
        [[Fraction(int(n), 8) for n in row] for row in draw.integers(-9, 10, (k, m + 1))]
        for m, k in itertools.pairwise(sizes)
    ]
    parameters = {}
    for sources, units, rows in zip(net.layers, net.layers[1:], layers, strict=False):
        for unit, row in zip(units, rows, strict=True):
            names = [*(weight_name(i, unit) for i in sources), bias_name(unit)]
            parameters |= dict(zip(names, map(float, row), strict=True))
    zero = exact_layers([Fraction(0)] * 3, layers)
    axes = [exact_layers([Fraction(i == j) for j in range(3)], layers) - zero for i in range(3)]
    x = [Fraction(3), Fraction(-5, 2), Fraction(11)]
    assert exact_layers(x, layers) == zero + sum(w * v for w, v in zip(axes, x, strict=True))
    one = collapse(net.replace(parameters=parameters))
    assert list(one.parameters.values()) == pytest.approx([float(v) for v in (*axes, zero)])


def test_claim_B7() -> None:
    # Any number of affine maps in a row: the second difference vanishes, as polynomials.
    x, t = sp.symbols("x t")
    h = x
    for k in range(12):
        h = sp.Symbol(f"w{k}") * h + sp.Symbol(f"b{k}")
    bend = h.subs(x, x + t) + h.subs(x, x - t) - 2 * h
    assert sp.expand(bend) == 0
    evidence = claims["B7"].judge()
    assert evidence.numbers["gap"] < 1e-12
    assert evidence.verdict is Verdict.TRUE


def test_claim_C3() -> None:
    numbers = claims["C3"].judge().numbers
    x = np.linspace(-1, 1, 401)
    y = x / 2 + 0.8 * np.sin(3 * x + 0.6)

    def miss(h: Array) -> float:
        return float(np.sqrt(np.mean((y - h) ** 2)))

    line, square = (miss(np.polynomial.Legendre.fit(x, y, k)(x)) for k in (1, 2))
    for units in ("", "30"):
        assert numbers[f"line{units}"] == pytest.approx(line, rel=1e-10)
        assert numbers[f"square{units}"] == pytest.approx(square, rel=1e-10)
    hidden = [1 / (1 + np.exp(-(x - p))) for p in (-1, -1 / 3, 1 / 3)]
    A = np.column_stack([*hidden, np.ones_like(x)])
    few = miss(A @ np.linalg.solve(A.T @ A, A.T @ y))
    assert numbers["sigmoid"] == pytest.approx(few, rel=1e-6)
    assert numbers["sigmoid30"] < 1e-3 * few
    assert line > square > 0.5 * line
    assert claims["C3"].judge().verdict is Verdict.CONDITIONS


def test_claim_L9_xor() -> None:
    a, b, c = sp.symbols("a b c")
    points = [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)]
    J = sum((a * p + b * q + c - y) ** 2 for p, q, y in points) / 2
    (best,) = sp.solve([sp.diff(J, v) for v in (a, b, c)], [a, b, c], dict=True)
    assert best == {a: 0, b: 0, c: sp.Rational(1, 2)}
    assert J.subs(best) == sp.Rational(1, 2)
    assert sp.hessian(J, (a, b, c)).is_positive_definite
    evidence = claims["L9-xor"].judge()
    assert evidence.numbers["low"] == evidence.numbers["high"] == 0.5
    assert evidence.numbers["bound"] == evidence.numbers["best"] == pytest.approx(0.5, abs=1e-12)
    assert evidence.verdict is Verdict.TRUE


def test_claim_L9_saxe() -> None:
    numbers = claims["L9-saxe"].judge().numbers

    def u(t: mp.mpf) -> mp.mpf:
        grown = mp.exp(4 * t)
        return 2 * grown / (grown - 1 + 2 / mp.mpf("0.01"))

    # The formula solves the flow of two weights: w' = v (2 - w v), v' = w (2 - w v).
    flow = mp.odefun(lambda _, s: [s[1] * (2 - s[0] * s[1]), s[0] * (2 - s[0] * s[1])], 0,
                     [mp.mpf("0.1"), mp.mpf("0.1")])  # fmt: skip
    for t in (0.5, 1.3, 3):
        w, v = flow(t)
        assert mp.almosteq(w * v, u(mp.mpf(t)), 1e-10)
    for name, rate in (("coarse", 0.01), ("fine", 0.001)):
        w = v = 0.1
        gap = 0.0
        for k in range(1, round(3 / rate) + 1):
            error = w * v - 2
            w, v = w - rate * error * v, v - rate * error * w
            gap = max(gap, abs(w * v - float(u(mp.mpf(k * rate)))))
        assert numbers[name] == pytest.approx(gap, rel=1e-9)
    assert claims["L9-saxe"].judge().verdict is Verdict.TRUE


def test_claim_B6() -> None:
    numbers = claims["B6"].judge().numbers
    # The eleven derivatives of ½ (1 - h)² at x = (1, 0, 1), in the package's order of parameters.
    points = np.random.default_rng(0).normal(size=(50, 11)).T
    names = ["w14", "w24", "w34", "b4", "w15", "w25", "w35", "b5", "w46", "w56", "b6"]
    assert list(Network([3, 2, 1], "identity", seed=0).names) == names
    t = dict(zip(names, points, strict=True))
    a4, a5 = t["w14"] + t["w34"] + t["b4"], t["w15"] + t["w35"] + t["b5"]
    error = t["w46"] * a4 + t["w56"] * a5 + t["b6"] - 1
    derivatives = [error * t["w46"], error * t["w56"], error * a4, error * a5, error]
    assert numbers["spread"] == pytest.approx(max(np.ptp(d) for d in derivatives), rel=1e-12)
    # One unit and the loss h - y: the gradient is (x, 1) = (1, 0, 1, 1); its square times 0.05.
    assert numbers["fall"] == pytest.approx(float(Fraction(5, 100) * (1 + 0 + 1 + 1)), rel=1e-12)
    assert numbers["same"] == 0
    gradients, losses = straight_walk(*noisy_plane(), 0.01, 1000)
    first = gradients[0] / np.linalg.norm(gradients[0])
    turns = [np.degrees(np.arccos(first @ g / np.linalg.norm(g))) for g in gradients[1:201]]
    assert numbers["turn"] == pytest.approx(max(turns), rel=1e-9)
    assert max(turns) > 90
    assert losses[-1] == pytest.approx(least_squares_loss(*noisy_plane()), abs=1e-12)
    assert numbers["excess"] < 1e-12
    assert claims["B6"].judge().verdict is Verdict.FALSE


def straight_walk(x: Array, y: Array, rate: float, steps: int) -> tuple[list[Array], list[float]]:
    """Gradients and J of descent on ½ Σ (y - h)², h = (x 1) W v + c, all derivatives by hand."""
    p = Network([3, 2, 1], "identity", seed=0).parameters
    W = np.array([[p[f"{w}4"], p[f"{w}5"]] for w in ("w1", "w2", "w3", "b")])
    v, c = np.array([p["w46"], p["w56"]]), p["b6"]
    X = np.column_stack([x, np.ones(len(x))])
    gradients, losses = [], []
    for _ in range(steps):
        error = X @ W @ v + c - y
        by_W, by_v, by_c = np.outer(X.T @ error, v), (X @ W).T @ error, error.sum()
        gradients.append(np.concatenate([by_W.ravel(), by_v, [by_c]]))
        losses.append(0.5 * error @ error)
        W, v, c = W - rate * by_W, v - rate * by_v, c - rate * by_c
    return gradients, losses


def test_claim_C4() -> None:
    numbers = claims["C4"].judge().numbers
    w46, x1 = Fraction(-3, 10), Fraction(1)
    for name, error in (("far", Fraction(-1, 2)), ("near", Fraction(-1, 200))):
        assert numbers[name] == pytest.approx(float(error * w46 * x1), rel=1e-12)
    assert numbers["absolute"] == pytest.approx(float(-1 * w46 * x1), rel=1e-12)
    assert numbers["linear"] == pytest.approx(float(1 * w46 * x1), rel=1e-12)
    assert claims["C4"].judge().verdict is Verdict.FALSE


@pytest.mark.parametrize(("claim", "name", "verdict"), [
    ("A5", "descend_many", Verdict.TRUE),
    ("K1", "descend", Verdict.FALSE),
    ("Q3", "descend", Verdict.TRUE),
    ("B6", "descend", Verdict.CONDITIONS),
])  # fmt: skip
def test_descents_that_did_not_arrive_would_give_another_verdict(
    claim: str, name: str, verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = getattr(linear_collapse, name)
    monkeypatch.setattr(
        linear_collapse, name, lambda *x, **given: whole(*x, **{**given, "steps": 3})
    )
    assert claims[claim].judge().verdict is verdict


def test_a_signal_that_did_not_follow_the_error_would_give_another_verdict(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    same = Pulls("identity", (-0.5, -0.005), dict.fromkeys(LOSSES, (0.3, 0.3)))
    monkeypatch.setattr(constant_derivative, "pulls", lambda: same)
    assert claims["C4"].judge().verdict is Verdict.TRUE


def test_claim_L10_rattle() -> None:
    numbers = claims["L10-rattle"].judge().numbers
    for name, rate in (("wide", Fraction(3, 10)), ("narrow", Fraction(3, 100))):
        w, seen = Fraction(0), []
        for _ in range(1000):
            w += rate if w < 2 else -rate
            seen.append(w)
        assert max(seen[-10:]) - min(seen[-10:]) == rate
        assert numbers[name] == pytest.approx(float(rate), rel=1e-9)
    w, path = mp.mpf(0), []
    for k in range(1, 1001):
        w += mp.sign(2 - w) * mp.mpf("0.3") / mp.sqrt(k)
        path.append(w)
    assert numbers["shrinking"] == pytest.approx(float(max(path[-10:]) - min(path[-10:])), rel=1e-6)
    assert numbers["squared"] == pytest.approx(2 * (0.7**991 - 0.7**1000), abs=1e-12)
    assert claims["L10-rattle"].judge().verdict is Verdict.TRUE
