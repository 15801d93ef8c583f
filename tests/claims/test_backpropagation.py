"""Blame, paths and steps, judged by mpmath on formulas typed again and by floats that count."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable

import mpmath as mp
import numpy as np
import pytest

from nnexplain.claims import Verdict, claims

# Typed again from the textbook (Han & Kamber), with three examples; not read from the package.
THETA = {"w14": "0.2", "w24": "0.4", "w34": "-0.5", "b4": "-0.4", "w15": "-0.3", "w25": "0.1",
         "w35": "0.2", "b5": "0.2", "w46": "-0.3", "w56": "-0.2", "b6": "0.1"}  # fmt: skip
BOOK = [((1, 0, 1), 1)]
THREE = [((1, 0, 1), 1), ((0, 1, 1), 0), ((1, 1, 0), 1)]
RATE = "0.9"
Theta = dict[str, mp.mpf]
Data = Iterable[tuple[tuple[int, ...], float]]


@pytest.fixture(autouse=True)
def forty_digits() -> Iterable[None]:
    with mp.workdps(40):
        yield


def start() -> Theta:
    return {name: mp.mpf(value) for name, value in THETA.items()}


def sigmoid(z: mp.mpf) -> mp.mpf:
    return 1 / (1 + mp.exp(-z))


def slope(z: mp.mpf) -> mp.mpf:
    return mp.diff(sigmoid, z)


def sums(t: Theta, x: tuple[int, ...]) -> tuple[mp.mpf, mp.mpf, mp.mpf]:
    z4, z5 = (sum(t[f"w{i}{j}"] * x[i - 1] for i in (1, 2, 3)) + t[f"b{j}"] for j in (4, 5))
    return z4, z5, t["w46"] * sigmoid(z4) + t["w56"] * sigmoid(z5) + t["b6"]


def loss(t: Theta, data: Data) -> mp.mpf:
    return sum((y - sigmoid(sums(t, x)[2])) ** 2 / 2 for x, y in data)


def gradient(t: Theta, data: Data, of: Callable[[Theta, Data], mp.mpf] = loss) -> dict[str, mp.mpf]:
    return {n: mp.diff(lambda v, n=n: of(t | {n: v}, data), t[n]) for n in t}


def moved(t: Theta, data: Data, rate: str = RATE) -> Theta:
    g = gradient(t, data)
    return {n: t[n] - mp.mpf(rate) * g[n] for n in t}


def agree(numbers: dict[str, float], **truth: mp.mpf) -> None:
    for name, value in truth.items():
        assert numbers[name] == pytest.approx(float(value), rel=1e-9), name


def test_claim_B2() -> None:
    evidence = claims["B2"].judge()
    t = start()
    by_sign = {n: t[n] - mp.mpf("0.05") * mp.sign(g) for n, g in gradient(t, BOOK).items()}
    after = loss(moved(t, BOOK), BOOK)
    agree(evidence.numbers, before=loss(t, BOOK), after=after, other=loss(by_sign, BOOK))
    assert after < loss(t, BOOK)
    assert evidence.numbers["gap"] < 1e-14
    assert evidence.verdict is Verdict.NEARLY


def test_claim_B5() -> None:
    evidence = claims["B5"].judge()
    t = start()
    g = gradient(t, BOOK)
    largest = max(g, key=lambda n: abs(g[n]))
    assert largest == "b6"
    one = t | {largest: t[largest] - mp.mpf(RATE) * g[largest]}
    part = 100 * g[largest] ** 2 / sum(v * v for v in g.values())
    all_moved = loss(moved(t, BOOK), BOOK)
    agree(evidence.numbers, all=all_moved, one=loss(one, BOOK), part=part)
    assert all_moved < loss(one, BOOK) < loss(t, BOOK)
    assert evidence.numbers["moved"] == sum(abs(v) > mp.mpf(10) ** -30 for v in g.values()) == 9
    assert evidence.verdict is Verdict.NEARLY


def once_through(rate: str) -> mp.mpf:
    """The largest distance between one batch step and a step after each example."""
    batch, single = moved(start(), THREE, rate), start()
    for example in THREE:
        single = moved(single, [example], rate)
    return max(abs(batch[n] - single[n]) for n in batch)


def test_claim_B8() -> None:
    evidence = claims["B8"].judge()
    total = gradient(start(), THREE)
    each = [gradient(start(), [example]) for example in THREE]
    assert all(abs(total[n] - sum(g[n] for g in each)) < mp.mpf(10) ** -25 for n in total)
    coarse, fine = once_through("0.9"), once_through("0.09")
    agree(evidence.numbers, distance=coarse, ratio=coarse / fine)
    # In the limit a tenth of the rate brings the two ways a hundred times closer.
    assert once_through("0.0009") / once_through("0.00009") == pytest.approx(100, rel=1e-3)
    assert evidence.numbers["dimensions"] == len(THETA)
    assert evidence.verdict is Verdict.TRUE


def test_claim_M1() -> None:
    evidence = claims["M1"].judge()
    # ½(0.4 - h)² + ½(0.6 - h)² = (h - 0.5)² + 0.01: smallest at h = 0.5, which is z6 = 0.
    t = start()
    t["b6"] -= sums(t, (1, 0, 1))[2]
    both = [((1, 0, 1), mp.mpf("0.4")), ((1, 0, 1), mp.mpf("0.6"))]
    assert loss(t, both) == pytest.approx(mp.mpf("0.01"), rel=1e-30)
    assert all(abs(v) < mp.mpf(10) ** -20 for v in gradient(t, both).values())
    z4, z5, z6 = sums(t, (1, 0, 1))
    agree(evidence.numbers, loss=mp.mpf("0.01"), pull=gradient(t, both[:1])["b6"],
          slope4=slope(z4), slope5=slope(z5), slope6=slope(z6))  # fmt: skip
    # σ only rises: σ(b) - σ(a) = (e^-a - e^-b) / ((1 + e^-a)(1 + e^-b)), positive for a < b.
    for a, b in itertools.pairwise(mp.linspace(-50, 50, 101)):
        rise = (mp.exp(-a) - mp.exp(-b)) / ((1 + mp.exp(-a)) * (1 + mp.exp(-b)))
        assert rise > 0
        assert abs(sigmoid(b) - sigmoid(a) - rise) < mp.mpf(10) ** -35
    assert evidence.verdict is Verdict.FALSE


def mean_squared(t: Theta, data: Data) -> mp.mpf:
    rows = list(data)
    return sum((y - sigmoid(sums(t, x)[2])) ** 2 for x, y in rows) / len(rows)


def test_claim_C2() -> None:
    evidence = claims["C2"].judge()
    t = start()
    true = gradient(t, THREE, mean_squared)
    forgotten = {"b4": mp.mpf(0), "b5": mp.mpf(0), "b6": mp.mpf(0)}
    for x, y in THREE:
        z6 = sums(t, x)[2]
        error = mp.mpf(2) / 3 * (sigmoid(z6) - y)
        forgotten["b6"] += error
        forgotten["b4"] += error * slope(z6) * t["w46"]
        forgotten["b5"] += error * slope(z6) * t["w56"]
    least = min(forgotten[n] / true[n] for n in forgotten)
    agree(evidence.numbers, least=least)
    assert least > 1.5
    assert evidence.verdict is Verdict.TRUE


class Counting(float):
    """A float that counts, in a list shared by all results, how often it is multiplied."""

    tally: list[int]

    def __new__(cls, value: float, tally: list[int]) -> Counting:
        self = super().__new__(cls, value)
        self.tally = tally
        return self

    def __mul__(self, other: float) -> Counting:
        self.tally[0] += 1
        return Counting(float(self) * float(other), self.tally)

    def __add__(self, other: float) -> Counting:
        return Counting(float(self) + float(other), self.tally)

    __radd__ = __add__


def textbook_passes(sizes: list[int]) -> tuple[int, int]:
    """Run forward and backward passes as a textbook writes them; count the multiplications."""
    random, tally = np.random.default_rng(1), [0]
    weights = [
        [[Counting(w, tally) for w in row] for row in random.normal(size=(out, into))]
        for into, out in itertools.pairwise(sizes)
    ]
    a = [[Counting(v, tally) for v in random.normal(size=sizes[0])]]
    for matrix in weights:
        z = [sum(w * v for w, v in zip(row, a[-1], strict=True)) for row in matrix]
        a.append([Counting(math.tanh(v), tally) for v in z])
    forward = tally[0]
    delta = [Counting(h - 1.0, tally) * (1 - float(h) ** 2) for h in a[-1]]
    for k in reversed(range(len(weights))):
        for blame in delta:
            for value in a[k]:
                blame * value
        if k:
            back = [sum(weights[k][j][i] * delta[j] for j in range(len(delta)))
                    for i in range(sizes[k])]  # fmt: skip
            delta = [b * (1 - float(v) ** 2) for b, v in zip(back, a[k], strict=True)]
    return forward, tally[0]


def factors_on_paths(sizes: list[int]) -> int:
    """Multiplications of all paths of all parameters, from counts of paths by matrices of ones."""
    total, depth = 0, len(sizes) - 1
    for d in range(1, depth + 1):
        ways = np.eye(sizes[d], dtype=object)
        for into, out in itertools.pairwise(sizes[d:]):
            ways = ways @ np.ones((into, out), dtype=object)
        # error, one slope and one weight for each further layer, output slope, input.
        links = 1 + 2 * (depth - d) + 1
        total += int(ways.sum()) * (sizes[d - 1] * links + (links - 1))
    return total


def test_claim_L6_paths() -> None:
    evidence = claims["L6-paths"].judge()
    numbers = evidence.numbers
    sizes = [3, *[10] * 10, 1]
    forward, both = textbook_passes(sizes)
    assert (numbers["forward"], numbers["backward"]) == (forward, both)
    parameters = sum((into + 1) * out for into, out in itertools.pairwise(sizes))
    assert numbers["nudging"] == (parameters + 1) * forward
    assert numbers["by_path"] == factors_on_paths(sizes) + forward
    assert numbers["paths"] == 10**9
    assert evidence.verdict is Verdict.TRUE


def test_paths_of_a_small_network_counted_one_by_one() -> None:
    sizes = [2, 3, 3, 2]
    total = 0
    for d in range(1, len(sizes)):
        links = 2 * (len(sizes) - d)
        for _ in itertools.product(*(range(n) for n in sizes[d:])):
            total += sizes[d - 1] * links + links - 1
    assert total == factors_on_paths(sizes)
