"""Claims of lesson 11, judged by plain NumPy and hashlib, typed again from the maths."""

from __future__ import annotations

import hashlib
import struct

import numpy as np
import pytest

import nnexplain as nne
from nnexplain.claims import Verdict, claims, zero_slope
from nnexplain.experiments.hash_function import SIGMOID, walks


def sigmoid(z):
    return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))


def sha(z):
    """SHA-256 of the bytes of one float, as a whole number over 2^256."""
    digest = hashlib.sha256(struct.pack(">d", float(z) + 0.0)).hexdigest()
    return int(digest, 16) / 2**256


def textbook_output(f, theta):
    """The 3-2-1 network at x = (1, 0, 1), unit by unit; theta by name."""
    t = theta
    a4 = f(t["w14"] * 1 + t["w24"] * 0 + t["w34"] * 1 + t["b4"])
    a5 = f(t["w15"] * 1 + t["w25"] * 0 + t["w35"] * 1 + t["b5"])
    return f(t["w46"] * a4 + t["w56"] * a5 + t["b6"])


def late_loss(f, starts=10, steps=200, nudge=1e-3, rate=0.9):
    """Descend on J = ½ (1 - h)² by central differences; the mean of J over the second half."""
    seen = []
    for seed in range(starts):
        theta = dict(nne.Network([3, 2, 1], seed=seed).parameters)
        for k in range(steps + 1):
            if k >= (steps + 1) // 2:
                seen.append((1 - textbook_output(f, theta)) ** 2 / 2)
            slopes = {}
            for name, value in theta.items():
                ends = [
                    (1 - textbook_output(f, {**theta, name: value + d})) ** 2 / 2
                    for d in (nudge, -nudge)
                ]
                slopes[name] = (ends[0] - ends[1]) / (2 * nudge)
            theta = {name: theta[name] - rate * slopes[name] for name in theta}
    return float(np.mean(seen))


def test_claim_Q4() -> None:
    evidence = claims["Q4"].judge()
    assert evidence.verdict is Verdict.FALSE
    nudge = evidence.numbers["nudge"]
    z = np.linspace(-3, 3, 2001)
    apart = np.mean([abs(sha(v + nudge) - sha(v)) for v in z])
    assert apart == pytest.approx(1 / 3, abs=0.02)  # two independent uniform numbers
    assert evidence.numbers["apart"] == pytest.approx(1 / 3, abs=0.02)
    assert np.all(np.abs(sigmoid(z + nudge) - sigmoid(z)) <= nudge / 4 + 1e-15)
    assert late_loss(lambda v: float(sigmoid(v)), starts=10) == pytest.approx(
        evidence.numbers["smooth"], rel=1e-6
    )
    # Every draw is another one as soon as one rounding differs: only the mean can be compared.
    # One J has the standard deviation √(1/20 - 1/36) = 0.149, and a thousand of them are averaged.
    assert late_loss(sha) == pytest.approx(1 / 6, abs=0.025)
    assert evidence.numbers["hashed"] == pytest.approx(1 / 6, abs=0.025)


def test_a_hash_that_descent_could_use_would_give_another_verdict(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    smooth = walks(SIGMOID)
    monkeypatch.setattr(zero_slope, "walks", lambda *_: smooth)
    assert claims["Q4"].judge().verdict is Verdict.TRUE


def test_claim_L11_step() -> None:
    """J with a layer of steps, written out in plain NumPy, does not move under nudges."""
    evidence = claims["L11-step"].judge()
    numbers = evidence.numbers
    assert evidence.verdict is Verdict.TRUE
    assert numbers["zero"] == numbers["still"] == numbers["count"]
    draw = np.random.default_rng(7)
    for _ in range(50):
        shapes = ((4, 4), (3, 5), (1, 4))
        first, second, last = (draw.normal(size=shape) for shape in shapes)
        x, y = draw.normal(size=(3, 8)), draw.integers(0, 2, 8)

        def loss(first, second, last=last, x=x, y=y):
            a = sigmoid(first[:, :3] @ x + first[:, 3:])
            a = (second[:, :4] @ a + second[:, 4:] >= 0) * 1.0
            return 0.5 * np.sum((y - sigmoid(last[:, :3] @ a + last[:, 3:])) ** 2)

        at = loss(first, second)
        for matrix, of in ((first, 0), (second, 1)):
            for place in np.ndindex(matrix.shape):
                moved = [first.copy(), second.copy()]
                moved[of][place] += 1e-9
                assert loss(*moved) == at


X = np.array([[0.0, 0, 1, 1], [0, 1, 0, 1]])
Y = np.array([0.0, 1, 1, 0])


def how_many_learn_xor(starts, hidden, hidden_slope, steps=1000):
    """Train 2-3-1 by the textbook's equations for δ, with any slope in the hidden layer.

    The first axis runs over the starts.
    """
    p = [nne.Network([2, 3, 1], seed=seed).parameters for seed in range(starts)]
    w = np.array([[[q[f"w1{j}"], q[f"w2{j}"]] for j in (3, 4, 5)] for q in p])
    b = np.array([[[q[f"b{j}"]] for j in (3, 4, 5)] for q in p])
    v = np.array([[[q[f"w{j}6"]] for j in (3, 4, 5)] for q in p])
    c = np.array([[q["b6"]] for q in p])
    for _ in range(steps):
        z = w @ X + b
        a = hidden(z)
        h = sigmoid((v * a).sum(axis=1) + c)
        delta = (h - Y) * h * (1 - h)
        back = v * delta[:, None, :] * hidden_slope(z)
        v = v - (a * delta[:, None, :]).sum(axis=2, keepdims=True)
        c = c - delta.sum(axis=1, keepdims=True)
        w, b = w - back @ X.T, b - back.sum(axis=2, keepdims=True)
    h = sigmoid((v * hidden(w @ X + b)).sum(axis=1) + c)
    return int(np.sum(np.sum((Y - h) ** 2, axis=1) / 2 < 0.1))


def test_claim_L11_surrogate() -> None:
    evidence = claims["L11-surrogate"].judge()

    def step(z):
        return (z >= 0) * 1.0

    def hill(z):
        return sigmoid(z) * (1 - sigmoid(z))

    slopes = {
        "true": (step, lambda z: 0 * z),
        "sigmoid": (step, hill),
        "box": (step, lambda z: (np.abs(z) <= 1) / 2),
        "one": (step, lambda z: 1 + 0 * z),
        "smooth": (sigmoid, hill),
    }
    starts = 100
    solved = {name: how_many_learn_xor(starts, *pair) for name, pair in slopes.items()}
    # A rounding can flip a step: a start or two may end otherwise.
    for name, count in solved.items():
        assert abs(count - evidence.numbers[name]) <= 2, name
    assert max(solved["sigmoid"], solved["box"]) > 2 * solved["true"]
    assert solved["one"] < 10
    assert evidence.verdict is Verdict.CONDITIONS
    assert evidence.numbers["starts"] == starts
