"""Claims about a constant derivative: of the activation (lesson 9), and of the loss (lesson 10)."""

from __future__ import annotations

import math

import numpy as np

from nnexplain.activations import linear
from nnexplain.claims.registry import Evidence, Verdict, claims
from nnexplain.experiments.constant_slope import (
    approach,
    compass,
    gradient_spread,
    one_straight_unit,
    pulls,
    run_off,
)
from nnexplain.experiments.expressive_power import miss
from nnexplain.experiments.linear_collapse import (
    collapse,
    learn,
    least_squares,
    noisy_plane,
    restarts,
    straight_and_bent,
)
from nnexplain.experiments.linear_dynamics import modes
from nnexplain.experiments.sensitivity import SQUARE
from nnexplain.experiments.xor import xor
from nnexplain.network import Network
from nnexplain.worked import worked

_TOLERANCE = 1e-9


@claims.register(
    "Q3",
    source="thread",
    says="A constant derivative is not good for learning",
    finding="It learns the best straight-line map: on 20 noisy samples J ends {excess} above the "
    "least-squares loss {floor}. It cannot represent more: on XOR it ends at J = {straight}, "
    "where a bent network of the same size, from the same start, ends at {bent}.",
    references=("baldi1989", "goodfellow2016"),
)
def learns_but_only_lines() -> Evidence:
    """Compare descent with least squares, and with a bent network on data that no line fits."""
    data = noisy_plane()
    floor = least_squares(data).loss(*data)
    run = learn(Network([3, 2, 1], "identity", seed=0, initialisation="xavier"), data, 0.01, 1000)
    excess = abs(run.loss[-1] - floor)
    straight, bent = (float(run.loss[-1]) for run in straight_and_bent(xor(), [2, 2, 1]))
    learned, limited = excess < _TOLERANCE, straight > 100 * bent
    verdict = Verdict.CONDITIONS if limited else Verdict.FALSE
    return Evidence(
        verdict if learned else Verdict.TRUE,
        {"excess": excess, "floor": floor, "straight": straight, "bent": bent},
    )


@claims.register(
    "K1",
    source="thread",
    says="It is not correct to conclude from a constant derivative that the model does not learn",
    finding="With the slopes 0.5, 1 and 3 in every unit, descent brings J from {start} or more to "
    "the least-squares loss {floor}, at most {excess} above.",
)
def constant_slopes_learn() -> Evidence:
    """Descend with three constant slopes, none of them 0."""
    data = noisy_plane()
    floor = least_squares(data).loss(*data)
    start = Network([3, 2, 1], "identity", seed=0, initialisation="xavier")
    runs = [
        learn(start.replace(activation=linear(c)), data, rate, 3000)
        for c, rate in ((0.5, 0.05), (1.0, 0.01), (3.0, 0.0005))
    ]
    excess = max(abs(float(run.loss[-1]) - floor) for run in runs)
    return Evidence(
        Verdict.TRUE if excess < _TOLERANCE else Verdict.FALSE,
        {"start": min(float(run.loss[0]) for run in runs), "floor": floor, "excess": excess},
    )


@claims.register(
    "A5",
    source="thread",
    says="A constant derivative will not help, and the optimal parameters cannot be learned",
    finding="From {count} random starts, descent with identity units ends at most {excess} above "
    "{floor}, the least that any straight-line network can reach. It is true when the constant is "
    "0: with step units the largest of the running example's 11 partial derivatives is {flat}.",
    references=("baldi1989", "kawaguchi2016"),
)
def every_start_reaches_the_optimum() -> Evidence:
    """Run many starts against the least-squares floor, and look at a slope of zero."""
    count = 100
    runs = restarts(noisy_plane(), [3, 2, 1], count)
    example = worked["han_kamber"]
    dead = example.network.replace(activation="step").gradient(example.x, example.y)
    flat = max(abs(value) for value in dead.values())
    return Evidence(
        Verdict.FALSE if runs.excess < _TOLERANCE else Verdict.TRUE,
        {"count": count, "excess": runs.excess, "floor": runs.floor, "flat": flat},
    )


@claims.register(
    "B7",
    source="thread",
    says="Whatever several layers of linear units do, a single layer can do",
    finding="{count} random networks with 2 to {deepest} layers of weights, at 200 inputs each: "
    "the collapsed single layer predicts the same, up to {gap} (relative).",
    references=("goodfellow2016",),
)
def layers_collapse() -> Evidence:
    """Compare deep networks of straight lines with the one layer computed from their weights."""
    x = np.random.default_rng(0).uniform(-10, 10, (200, 3))
    depths = range(2, 13)
    gap = 0.0
    for depth in depths:
        net = Network([3, *[4] * (depth - 1), 1], linear(0.5), seed=depth)
        whole, one = net.forward(x).output, collapse(net).forward(x).output
        gap = max(gap, float(np.abs(whole - one).max() / np.abs(whole).max()))
    return Evidence(
        Verdict.TRUE if gap < _TOLERANCE else Verdict.FALSE,
        {"count": len(depths), "deepest": depths[-1], "gap": gap},
    )


@claims.register(
    "C3",
    source="thread",
    says="Non-linear activation functions are what makes the network powerful",
    finding="Non-linear is not enough. With 3 and with 30 hidden units in one layer, straight "
    "lines miss a bent curve by {line} and {line30}; z², which is not linear but is a polynomial, "
    "by {square} and {square30}; sigmoids, no polynomial, by {sigmoid} and {sigmoid30}. So it "
    "takes a function that is no polynomial, and enough units.",
    references=("leshno1993",),
)
def not_every_bend_has_power() -> Evidence:
    """Fit a bent curve with few and many hidden units of three kinds, without learning."""
    kinds = (("line", "identity"), ("square", SQUARE), ("sigmoid", "sigmoid"))
    few = {name: miss(record, 3) for name, record in kinds}
    many = {f"{name}30": miss(record, 30) for name, record in kinds}
    stuck = many["square30"] > 0.5 * few["square"]
    powerful = many["sigmoid30"] < 0.01 * few["sigmoid"] < 0.01 * few["line"]
    verdict = Verdict.CONDITIONS if stuck else Verdict.TRUE
    return Evidence(verdict if powerful else Verdict.FALSE, {**few, **many})


@claims.register(
    "L9-xor",
    source="nnexplain",
    says="No straight-line network does better on XOR than to answer 0.5 everywhere",
    finding="For every such network h(0,0) + h(1,1) = h(0,1) + h(1,0), so J cannot be below "
    "{bound}. Least squares gets there: its smallest answer is {low}, its largest {high}, and "
    "J = {best}.",
    references=("goodfellow2016",),
)
def half_everywhere() -> Evidence:
    """Bound J by the one combination of the corners that no straight line can change."""
    data = xor()
    sign = np.array([1.0, -1.0, -1.0, 1.0])
    held = np.abs(sign @ np.column_stack([data.x, np.ones(4)])).max()
    bound = 0.5 * (sign @ data.y) ** 2 / (sign @ sign)
    line = least_squares(data)
    answers, best = line.forward(data.x).output, line.loss(*data)
    reached = held == 0 and abs(best - bound) < _TOLERANCE
    low, high = (round(float(value), 12) for value in (answers.min(), answers.max()))
    return Evidence(
        Verdict.TRUE if reached and low == high == 0.5 else Verdict.FALSE,
        {"bound": float(bound), "low": low, "high": high, "best": best},
    )


@claims.register(
    "L9-saxe",
    source="nnexplain",
    says="Two straight-line units in a row learn along an S-shaped curve, known in closed form",
    finding="With s = {s} and u₀ = {u0}, gradient descent stays within {coarse} of the formula at "
    "learning rate 0.01 and within {fine} at 0.001: a tenth of the step, a tenth of the gap.",
    references=("saxe2013",),
)
def closed_form_reproduced() -> Evidence:
    """Compare descent at two learning rates with the closed form; the gap must shrink alike."""
    example = worked["saxe_linear"]
    s, u0 = example.constants["s"], example.constants["u0"]
    coarse, fine = (
        modes((s,), math.sqrt(u0), learning_rate=rate, until=3.0).gap for rate in (0.01, 0.001)
    )
    return Evidence(
        Verdict.TRUE if 8 < coarse / fine < 12 and fine < 0.01 * s else Verdict.FALSE,
        {"s": s, "u0": u0, "coarse": coarse, "fine": fine},
    )


@claims.register(
    "B6",
    source="thread",
    says="In the landscape picture, with a constant derivative the gradient is the same "
    "everywhere, so one always goes in the same direction and never reaches an optimum",
    finding="Not with a constant slope of the activation: with identity units and the squared "
    "error, one and the same partial derivative differs by up to {spread} between 50 places, "
    "because h and the weights move. On a walk over 20 samples the gradient turns by up to {turn} "
    "degrees, and the walk arrives: J ends {excess} above the least-squares loss. It is true "
    "of one such unit under a loss of constant slope: there the gradient differs by {same}, and J "
    "falls by {fall} a step, without end.",
    references=("baldi1989", "kawaguchi2016"),
)
def same_direction_everywhere() -> Evidence:
    """Measure how far the gradient varies, how far it turns on a walk, and where the walk ends."""
    spread = gradient_spread(worked["han_kamber"].network.replace(activation="identity"))
    turn = float(compass("half_squared_error", [3, 2, 1]).turned.max())
    data = noisy_plane()
    walk = learn(Network([3, 2, 1], "identity", seed=0), data, 0.01, 1000)
    excess = abs(float(walk.loss[-1]) - least_squares(data).loss(*data))
    unit = one_straight_unit().replace(loss="linear")
    same = gradient_spread(unit)
    falls = -np.diff(run_off(unit).J)
    varies, arrives = spread > 0 and turn > 1, excess < _TOLERANCE
    ramp = same == 0 and falls.min() > 0 and np.ptp(falls) < _TOLERANCE
    verdict = Verdict.FALSE if varies and arrives and ramp else Verdict.CONDITIONS
    return Evidence(
        verdict if varies or arrives else Verdict.TRUE,
        {"spread": spread, "turn": turn, "excess": excess, "same": same, "fall": float(falls[0])},
    )


@claims.register(
    "C4",
    source="thread",
    says="A constant derivative gives the same learning signal, independently of the error",
    finding="With identity units and the squared error, a hundredth of the error gives a hundredth "
    "of the signal ∂J/∂w₁₄: {near} instead of {far}, because h − y is a factor of it. It is true "
    "of a loss of constant slope: the absolute error gives {absolute} for both, the linear loss "
    "{linear}.",
)
def signal_and_error() -> Evidence:
    """Compare the signal at errors of -0.5 and -0.005 under three losses."""
    found = pulls()
    signals = found.signals
    near, far = signals["half_squared_error"][-1], signals["half_squared_error"][0]
    error_ratio = found.errors[0] / found.errors[-1]
    follows = abs(found.ratio("half_squared_error") / error_ratio - 1) < _TOLERANCE
    same = abs(found.ratio("half_squared_error") - 1) < _TOLERANCE
    constant = all(abs(found.ratio(loss) - 1) < _TOLERANCE for loss in ("absolute", "linear"))
    verdict = Verdict.FALSE if follows and constant else Verdict.CONDITIONS
    return Evidence(
        Verdict.TRUE if same else verdict,
        {"near": near, "far": far, "absolute": signals["absolute"][0],
         "linear": signals["linear"][0]},
    )  # fmt: skip


@claims.register(
    "L10-rattle",
    source="nnexplain",
    says="Under the absolute error a fixed step ends in rattling, as wide as the step",
    finding="After 1000 steps a weight hops about its target in a strip {wide} wide with learning "
    "rate 0.3, and {narrow} wide with 0.03. With a shrinking step the strip is {shrinking} wide by "
    "then, and under the squared error {squared}.",
)
def rattling() -> Evidence:
    """Let one weight approach its target with fixed and shrinking steps."""
    wide, narrow = (approach("absolute", rate, 1000).strip for rate in (0.3, 0.03))
    squared = approach("half_squared_error", 0.3, 1000).strip
    shrinking = approach("absolute", 0.3, 1000, shrinking=True).strip
    as_wide = abs(wide - 0.3) < _TOLERANCE and abs(narrow - 0.03) < _TOLERANCE
    mended = squared < _TOLERANCE and shrinking < 0.1 * wide
    return Evidence(
        Verdict.TRUE if as_wide and mended else Verdict.FALSE,
        {"wide": wide, "narrow": narrow, "squared": squared, "shrinking": shrinking},
    )
