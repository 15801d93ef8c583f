"""The right answers once more, found another way: by complex steps, mpmath, SymPy or brute force.

Each function gets the numbers that the question gives and nothing else, and uses nothing of
nnexplain: no network, no derivation, no record. `answers` is what is right, `slips` the values of
usual mistakes where they too can be found another way.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import mpmath
import numpy as np

Given = Mapping[str, Any]
ORACLES: dict[str, Callable[[Given], Any]] = {}


def oracle(name: str) -> Callable[[Callable[[Given], Any]], Callable[[Given], Any]]:
    def keep(function: Callable[[Given], Any]) -> Callable[[Given], Any]:
        ORACLES[name] = function
        return function

    return keep


def sigma(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def slope(f: Callable[[Any], Any], at: float) -> float:
    """f' by the complex step."""
    return float(np.imag(f(at + 1e-30j)) / 1e-30)


def numerical_slope(f: Callable[[Any], Any], at: float) -> float:
    """f' by mpmath's differences at 30 digits."""
    with mpmath.workdps(30):
        return float(mpmath.diff(f, at))


# ---- Lessons 0 to 3


@oracle("nudge")
def nudge(g: Given) -> float:
    # A straight line with this slope: what it does is exactly what the derivative foretells.
    return (5 + g["slope"] * (1 + g["turn"])) - (5 + g["slope"])


@oracle("which-way")
def which_way(g: Given) -> str:
    signs = [np.sign(value) for value in g.values()]
    return {0: "Neither: it cannot learn from this sample", 1: "Down", -1: "Up"}[
        int(np.prod(signs))
    ]


@oracle("power-nudge")
def power_nudge(g: Given) -> float:
    return slope(lambda x: x ** g["n"], g["x"]) * g["nudge"]


@oracle("sigmoid-slope")
def sigmoid_slope(g: Given) -> float:
    return numerical_slope(lambda z: 1 / (1 + mpmath.exp(-z)), g["z"])


@oracle("forward-pass")
def forward_pass(g: Given) -> tuple[float, float]:
    z3 = np.dot([g["w13"], g["w23"], g["b3"]], [g["x1"], g["x2"], 1])
    return z3, sigma(np.dot([g["w34"], g["b4"]], [sigma(z3), 1]))


@oracle("count-parameters")
def count_parameters(g: Given) -> int:
    shapes = [(g["hidden"], g["inputs"] + 1), (g["outputs"], g["hidden"] + 1)]
    return sum(np.zeros([int(n) for n in shape]).size for shape in shapes)


@oracle("half-squared-error")
def half_squared_error(g: Given) -> float:
    return float(np.linalg.norm(np.subtract(g["h"], g["y"])) ** 2 / 2)


@oracle("loss-slope")
def loss_slope(g: Given) -> float:
    return slope(lambda h: (g["y"] - h) ** 2 / 2, g["h"])


@oracle("same-steps")
def same_steps(g: Given) -> float:
    # One step of a single constant on targets that are all 1, from 0, under both losses.
    targets = np.ones(int(g["N"]))
    step = g["eta"] * slope(lambda c: np.sum((targets - c) ** 2) / 2, 0)
    return step / slope(lambda c: np.mean((targets - c) ** 2), 0)


# ---- Lesson 4


@oracle("one-step")
def one_step(g: Given) -> float:
    return float(np.array([1, -g["eta"]]) @ [g["w"], g["slope"]])


@oracle("three-steps")
def three_steps(g: Given) -> float:
    w = g["start"]
    for _ in range(3):
        w -= g["eta"] * slope(lambda v: g["c"] / 2 * (v - g["m"]) ** 2, w)
    return w


@oracle("step-too-large")
def step_too_large(g: Given) -> str:
    walk = [1.0]
    for _ in range(6):
        walk.append(walk[-1] - g["eta"] * slope(lambda w: g["c"] / 2 * w**2, walk[-1]))
    sizes, turns = np.abs(walk), min(walk) < 0
    if np.allclose(sizes, 1):
        return "It jumps to and fro and stays as far away as it was"
    if sizes[-1] > 1:
        return "It jumps from side to side, farther out each time"
    if turns:
        return "It comes nearer, jumping from side to side"
    return "It comes nearer step by step, always on the same side"


# ---- Lesson 5

NAMES_321 = ("w14", "w24", "w34", "b4", "w15", "w25", "w35", "b5", "w46", "w56", "b6",
             "x1", "x2", "x3", "y")  # fmt: skip


def loss_321(g: Given, **changed: Any) -> Any:
    """J of the 3-2-1 network, written out."""
    v = {**g, **changed}
    z4 = v["w14"] * v["x1"] + v["w24"] * v["x2"] + v["w34"] * v["x3"] + v["b4"]
    z5 = v["w15"] * v["x1"] + v["w25"] * v["x2"] + v["w35"] * v["x3"] + v["b5"]
    h = sigma(v["w46"] * sigma(z4) + v["w56"] * sigma(z5) + v["b6"])
    return (v["y"] - h) ** 2 / 2


@oracle("w14-gradient")
def w14_gradient(g: Given) -> float:
    return slope(lambda w: loss_321(g, w14=w), g["w14"])


@oracle("w46-gradient")
def w46_gradient(g: Given) -> float:
    return slope(lambda w: loss_321(g, w46=w), g["w46"])


@oracle("missing-factor")
def missing_factor(g: Given) -> str:
    # Which option completes the product: judged at random numbers, by the complex step.
    rng = np.random.default_rng(0)
    v = dict(zip(NAMES_321, rng.normal(size=len(NAMES_321)), strict=True))
    z4 = v["w14"] * v["x1"] + v["w24"] * v["x2"] + v["w34"] * v["x3"] + v["b4"]
    z5 = v["w15"] * v["x1"] + v["w25"] * v["x2"] + v["w35"] * v["x3"] + v["b5"]
    z6 = v["w46"] * sigma(z4) + v["w56"] * sigma(z5) + v["b6"]
    known = {f"σ′(z{k})": slope(sigma, z) for k, z in ((4, z4), (5, z5), (6, z6))} | v
    known["(h − y)"] = sigma(z6) - v["y"]
    product = np.prod([known[name] for name in g["left"].split(" · ")])
    name = g["parameter"]
    missing = slope(lambda w: loss_321(v, **{name: w}), v[name]) / product
    (found,) = (key for key, value in known.items() if np.isclose(value, missing, rtol=1e-9))
    return found


# ---- Lesson 6


@oracle("hidden-delta")
def hidden_delta(g: Given) -> float:
    # J as a function of z4 whose derivatives with respect to z6 and z7 are the given error signals.
    return slope(
        lambda z: g["delta6"] * g["w46"] * sigma(z) + g["delta7"] * g["w47"] * sigma(z), g["z4"]
    )


@oracle("count-paths")
def count_paths(g: Given) -> int:
    _, _, *later = (int(size) for size in g["sizes"])
    return len(list(itertools.product(*(range(size) for size in later))))


@oracle("batch-gradient")
def batch_gradient(g: Given) -> tuple[float, float]:
    total = slope(lambda w: sum(s * w for s in g["slopes"]), g["w"])
    return total, g["w"] - g["eta"] * total


# ---- Lessons 7 and 8


@oracle("what-place")
def what_place(g: Given) -> str:
    # J around the place, looked at in all directions.
    angles = np.linspace(0, np.pi, 10_001)
    u, v = np.cos(angles), np.sin(angles)
    heights = (g["a"] * u**2 + 2 * g["b"] * u * v + g["c"] * v**2) / 2
    if heights.min() > 0:
        return "A minimum: it rises in every direction"
    if heights.max() < 0:
        return "A hilltop: it falls in every direction"
    return "A saddle: it rises in some directions and falls in others"


@oracle("slope-along")
def slope_along(g: Given) -> tuple[float, float]:
    along = slope(lambda t: g["u"] * (1 + t * g["p"]) + g["v"] * (2 + t * g["q"]), 0.0)
    angles = np.linspace(0, 2 * np.pi, 100_001)
    return along, float(np.max(g["u"] * np.cos(angles) + g["v"] * np.sin(angles)))


@oracle("other-slope")
def other_slope(g: Given) -> float:
    # Unit 4 near z4 is a line with the given slope: J as a function of w14 with all else in k.
    k = g["gradient"] / slope(lambda w: g["before"] * w, 0.0)
    return slope(lambda w: k * (g["after"] * w), 0.0)


@oracle("who-notices")
def who_notices(g: Given) -> str:
    # Two networks that differ as the question says, and their derivatives by the complex step.
    rng = np.random.default_rng(1)
    v = dict(zip(NAMES_321, rng.normal(size=len(NAMES_321)), strict=True))
    unit = 4 if "4" in g["change"].split(",")[0] else 5

    def loss(changed: bool, **own: Any) -> Any:
        p = {**v, **own}
        a = {}
        for k in (4, 5):
            row = [(f"w1{k}", "x1"), (f"w2{k}", "x2"), (f"w3{k}", "x3")]
            z = sum(p[w] * p[x] for w, x in row) + p[f"b{k}"]
            here = sum(v[w] * v[x] for w, x in row) + v[f"b{k}"]
            a[k] = sigma(z)
            if changed and k == unit:
                bent = "slope" in g["change"].split(",")[0]
                a[k] = sigma(here) + 3 * (z - here) if bent else sigma(z) + 0.5
        moved = changed and "value" in g["change"].split(",")[0]
        b6 = p["b6"] - (0.5 * v[f"w{unit}6"] if moved else 0)
        return (p["y"] - sigma(p["w46"] * a[4] + p["w56"] * a[5] + b6)) ** 2 / 2

    assert np.isclose(loss(True), loss(False))
    noticed = [
        f"∂J/∂{name}"
        for name in ("w14", "w46", "b5")
        if not np.isclose(*(slope(lambda w, n=name, c=c: loss(c, **{n: w}), v[name])
                            for c in (False, True)))
    ]  # fmt: skip
    assert len(noticed) <= 1
    return noticed[0] if noticed else "None of them"


# ---- Lessons 9 and 10


@oracle("collapse-two-layers")
def collapse_two_layers(g: Given) -> tuple[float, float]:
    def h(x1: float, x2: float) -> float:
        a3 = g["w13"] * x1 + g["w23"] * x2 + g["b3"]
        a4 = g["w14"] * x1 + g["w24"] * x2 + g["b4"]
        return float(g["w35"] * a3 + g["w45"] * a4 + g["b5"])

    return h(1, 0) - h(0, 0), h(0, 0)


@oracle("best-straight-line")
def best_straight_line(g: Given) -> float:
    corners = np.array([(a, b, 1) for a in (0, 1) for b in (0, 1)])
    return float(np.linalg.lstsq(corners, np.array(g["targets"]), rcond=None)[0][2])


@oracle("two-pulls")
def two_pulls(g: Given) -> tuple[float, float]:
    absolute = numerical_slope(lambda h: abs(h - g["y"]), g["h"])
    return slope(lambda h: (g["y"] - h) ** 2 / 2, g["h"]), absolute


@oracle("rattle")
def rattle(g: Given) -> float:
    w = mpmath.mpf(str(g["start"]))
    for _ in range(int(g["steps"])):
        w -= mpmath.mpf(str(g["eta"])) * mpmath.sign(w - mpmath.mpf(str(g["y"])))
    return float(w)


@oracle("where-it-settles")
def where_it_settles(g: Given) -> tuple[float, float]:
    c = np.linspace(0, 20, 20_001)
    off = np.array(g["targets"])[:, None] - c
    return float(c[(off**2).sum(axis=0).argmin()]), float(c[abs(off).sum(axis=0).argmin()])


# ---- Lessons 11 to 14


@oracle("until-it-jumps")
def until_it_jumps(g: Given) -> float:
    return float(mpmath.findroot(lambda t: (g["w"] + t) * g["x"] + g["b"], 0.1))


@oracle("sharp-sigmoid")
def sharp_sigmoid(g: Given) -> float:
    # Where the sigmoid passes the two values, found by a search.
    def where(height: float) -> Any:
        return mpmath.findroot(lambda z: 1 / (1 + mpmath.exp(-z)) - height, 0.5)

    return float((where(g["high"]) - where(g["low"])) / g["distance"])


@oracle("shrinking-nudges")
def shrinking_nudges(g: Given) -> str:
    nudges = 10.0 ** -np.arange(1, 7)
    place = 0.4

    def hashed(z: float) -> float:
        import hashlib  # noqa: PLC0415

        digest = hashlib.sha256(repr(z).encode()).digest()
        return int.from_bytes(digest[:6], "big") / 2**48

    heights = {"sigmoid": sigma, "step": lambda z: float(z >= 0), "hash": hashed}
    if g["function"] == "jump":
        quotients = [(1.0 - 0.0) / n for n in nudges]
    else:
        f = heights[g["function"]]
        quotients = [(f(place + n) - f(place)) / n for n in nudges]
    if quotients[-1] == quotients[-2] == 0:
        return "The quotients are 0 from some point on"
    if abs(quotients[-1] - quotients[-2]) < 1e-3:
        return "The quotients settle on a number above 0"
    growth = np.array(quotients[1:]) / np.array(quotients[:-1])
    steady = np.allclose(growth, 10)
    return "The quotients grow without end" if steady else "The quotients jump about and grow"


@oracle("chain-of-units")
def chain_of_units(g: Given) -> float:
    # δ of the first unit over δ of the last: the complex step through a chain of these links.
    bias = [g["z"] - g["w"] * sigma(g["z"])] * int(g["n"])

    def last(z: Any) -> Any:
        for b in bias:
            z = g["w"] * sigma(z) + b
        return z

    return slope(last, g["z"])


@oracle("even-weight")
def even_weight(g: Given) -> float:
    z = mpmath.log(mpmath.mpf(g["a"]) / (1 - mpmath.mpf(g["a"])))
    return float(1 / mpmath.diff(lambda t: 1 / (1 + mpmath.exp(-t)), z))


@oracle("cancelled-slope")
def cancelled_slope(g: Given) -> tuple[float, float]:
    z, y = float(np.log(g["h"] / (1 - g["h"]))), g["y"]
    squared = slope(lambda t: (y - sigma(t)) ** 2 / 2, z)
    return squared, slope(lambda t: -y * np.log(sigma(t)) - (1 - y) * np.log(1 - sigma(t)), z)


@oracle("on-and-off")
def on_and_off(g: Given) -> Sequence[float]:
    def loss(**own: Any) -> Any:
        v = {**g, **own}
        total = v["b5"]
        for k in (3, 4):
            z = v[f"w1{k}"] * v["x1"] + v[f"w2{k}"] * v["x2"] + v[f"b{k}"]
            total = total + v[f"w{k}5"] * (z if z.real > 0 else 0)
        return (v["y"] - total) ** 2 / 2

    return [slope(lambda w, n=n: loss(**{n: w}), g[n]) for n in ("w13", "w14")]


@oracle("wake-it-up")
def wake_it_up(g: Given) -> float:
    corners = itertools.product((0, 1), repeat=3)
    return -max(float(np.dot(list(g.values()), corner)) for corner in corners)


@oracle("price-of-nudging")
def price_of_nudging(g: Given) -> int:
    # Nudge, and count the calls.
    calls = 0
    inputs, hidden = int(g["inputs"]), int(g["hidden"])
    parameters = np.zeros((inputs + 1) * hidden + hidden + 1)
    for _ in range(int(g["steps"])):
        for _ in parameters:
            for _ in ("up", "down"):
                calls += 1
    return calls


@oracle("central-difference")
def central_difference(g: Given) -> float:
    # The slope at 0 of the parabola through the three points.
    places = np.array([-g["epsilon"], 0, g["epsilon"]])
    return float(np.polyfit(places, [g["down"], g["here"], g["up"]], 2)[1])


# ---- Lessons 15 and 16


@oracle("thread-formula")
def thread_formula(g: Given) -> tuple[float, float]:
    # Units that are straight near their sums, with the given slopes.
    def h(w: Any, w46: float) -> Any:
        return g["slope6"] * (w46 * (g["slope4"] * (w * g["x1"])))

    return tuple(g["error"] * slope(lambda w, k=k: h(w, k), 0.3) for k in (1.0, g["w46"]))


@oracle("always-downhill")
def always_downhill(g: Given) -> tuple[float, float]:
    def loss(w: Any) -> Any:
        return g["c"] / 2 * w**2

    return loss(g["w"]), loss(g["w"] - g["eta"] * slope(loss, g["w"]))


@oracle("rounded-on-the-way")
def rounded_on_the_way(g: Given) -> list[float]:
    def delta(h: float) -> float:
        z = float(np.log(h / (1 - h)))
        return slope(lambda t: (g["y"] - sigma(t)) ** 2 / 2, z)

    return [delta(float(f"{g['h']:.2f}")), delta(g["h"])]


@oracle("update-order")
def update_order(g: Given) -> tuple[float, float]:
    def loss(w12: Any, w23: Any) -> Any:
        return (g["y"] - w23 * w12 * g["x"]) ** 2 / 2

    w12, w23, eta = g["w12"], g["w23"], g["eta"]
    new23 = w23 - eta * slope(lambda w: loss(w12, w), w23)
    # The error of the old forward pass, sent back through the new weight.
    error = w23 * w12 * g["x"] - g["y"]
    behind = slope(lambda w: error * new23 * w * g["x"], w12)
    return w12 - eta * slope(lambda w: loss(w, w23), w12), w12 - eta * behind
