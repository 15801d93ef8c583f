"""Claims of the first three lessons: what a derivative says, what the network is, what J is for."""

from __future__ import annotations

import numpy as np

from nnexplain.activations import activations
from nnexplain.claims.registry import Evidence, Verdict, claims
from nnexplain.experiments.loss import (
    ODD_Y,
    THREE_X,
    THREE_Y,
    compare_mse,
    opposite_pushes,
    sweep,
    two_predictors,
)
from nnexplain.experiments.sensitivity import SQUARE, respond, zoom
from nnexplain.experiments.xor import X, Y, xor_fits
from nnexplain.worked import worked

_TOLERANCE = 1e-12
_NEAR = 0.01  # a prediction that misses a target of 0 or 1 by less is near it


@claims.register(
    "B1",
    source="thread",
    says="The derivative tells how sensitive a function is: large = steep, small = nearly flat, "
    "zero = constant",
    finding="The sigmoid multiplies a nudge of 0.001 by {steep} at z = 0, where its derivative is "
    "{steep_slope}, and by {flat} at z = 6, where it is {flat_slope}. The step function, whose "
    "derivative is {zero_slope} at z = 1, answers with exactly {zero}. But constant takes a zero "
    "all along a stretch. At a single point a zero only says level: z² has the slope "
    "{level_slope} at 0, and the nudge changes it by {level}.",
)
def sensitivity() -> Evidence:
    """Nudge a steep place, a flat place and a place of slope zero; compare with the derivative."""
    steep, flat, zero = (
        respond(name, z, 0.001) for name, z in (("sigmoid", 0.0), ("sigmoid", 6.0), ("step", 1.0))
    )
    level = respond(SQUARE, 0.0, 0.001)
    foretold = all(abs(r.gap) <= 1e-3 * abs(r.foretold) for r in (steep, flat, zero))
    ordered = steep.rate > flat.rate > zero.rate == 0 == zero.slope
    constant = level.slope != 0 or level.change == 0
    verdict = Verdict.TRUE if constant else Verdict.NEARLY
    return Evidence(
        verdict if foretold and ordered else Verdict.FALSE,
        {
            "level": level.change, "level_slope": level.slope,
            "steep": steep.rate, "steep_slope": steep.slope,
            "flat": flat.rate, "flat_slope": flat.slope,
            "zero": zero.rate, "zero_slope": zero.slope,
        },
    )  # fmt: skip


@claims.register(
    "L1-square",
    source="nnexplain",
    says="A tenfold smaller nudge leaves a hundredfold smaller gap between curve and tangent",
    finding="The gap shrinks with the power {usual} of the nudge on the sigmoid at z = −0.7. "
    "Where the curve does not bend it shrinks faster: with the power {straight} at z = 0. At a "
    "corner (that of ReLU, lesson 13, at z = 0) there is no tangent. Right of it, the gap to the "
    "level line through it is the nudge itself: the power is {kink}.",
)
def gap_shrinks_with_the_square() -> Evidence:
    """Measure the power with which the gap shrinks, at a usual point, an inflection and a kink."""
    nudges = (0.01, 0.001)
    places = {"usual": ("sigmoid", -0.7), "straight": ("sigmoid", 0.0), "kink": ("relu", 0.0)}
    orders = {key: zoom(name, z, nudges).order for key, (name, z) in places.items()}
    if abs(orders["usual"] - 2) > 0.05:
        return Evidence(Verdict.FALSE, orders)
    everywhere = all(order > 1.95 for order in orders.values())
    return Evidence(Verdict.TRUE if everywhere else Verdict.CONDITIONS, orders)


@claims.register(
    "A1",
    source="thread",
    says="The network is one function h(x) with eleven parameters, and J(θ) = ½ Σ (y − h(x))²",
    finding="The formula of the thread, typed as it stands there, and the network unit by unit "
    "give the same h for {samples} samples (largest difference {gap}) and the same J = {loss}, "
    "with {count} parameters.",
    references=("han2011",),
)
def one_function_of_eleven_parameters() -> Evidence:
    """Evaluate the thread's one-line h(x) and J, and compare with the network's forward pass."""
    net, sigma = worked["han_kamber"].network, activations["sigmoid"].f
    w = net.parameters

    def h(x1: float, x2: float, x3: float) -> float:
        return sigma(
            w["w46"] * sigma(w["w14"] * x1 + w["w24"] * x2 + w["w34"] * x3 + w["b4"])
            + w["w56"] * sigma(w["w15"] * x1 + w["w25"] * x2 + w["w35"] * x3 + w["b5"])
            + w["b6"]
        )

    predictions = np.array([h(*x) for x in THREE_X])
    loss = 0.5 * float(np.sum((np.array(THREE_Y) - predictions) ** 2))
    gap = float(np.max(np.abs(predictions - net.forward(THREE_X).output)))
    same = gap < _TOLERANCE and abs(loss - net.loss(THREE_X, THREE_Y)) < _TOLERANCE
    return Evidence(
        Verdict.TRUE if same and len(net.names) == 11 else Verdict.FALSE,
        {"samples": len(THREE_X), "gap": gap, "loss": loss, "count": len(net.names)},
    )


@claims.register(
    "L2-xor",
    source="nnexplain",
    says="No linear model comes near the four points of exclusive or, and a network with two "
    "hidden units does",
    finding="By the J of lesson 3 the best linear model has {linear}: it predicts ½ for all four "
    "points (to within {off}). So every linear model misses a target by {least} or more. The "
    "network, its {count} parameters set by hand, has J = {network} and misses none by more than "
    "{miss}.",
)
def four_points() -> Evidence:
    """Fit the best linear model to exclusive or, and compare with a network of three units."""
    fits = xor_fits()
    off = float(np.max(np.abs(fits.linear(X) - 0.5)))
    miss = float(np.max(np.abs(np.array(Y) - fits.network.forward(X).output)))
    # Were every miss smaller than this, J would be below that of the best linear model.
    least = float(np.sqrt(2 * fits.linear_loss / len(Y)))
    return Evidence(
        Verdict.TRUE if miss < _NEAR < least else Verdict.FALSE,
        {
            "linear": fits.linear_loss, "off": off, "least": least,
            "network": fits.network_loss, "miss": miss, "count": len(fits.network.names),
        },
    )  # fmt: skip


@claims.register(
    "L3-mse",
    source="nnexplain",
    says="The mean squared error only rescales J = ½ Σ (y − h)²",
    finding="With N = {samples} samples, each of the {count} partial derivatives of the mean "
    "squared error is 2/N = {ratio} times that of J (largest difference {spread}). Both are lowest "
    "at w₄₆ = {here}. A step of η under J and one of η N/2 under the mean squared error end at "
    "most {step} apart.",
)
def mse_is_a_scale() -> Evidence:
    """Compare gradient, lowest place and step under the two losses on the running network."""
    net = worked["han_kamber"].network
    found = compare_mse(net, THREE_X, THREE_Y)
    grid = np.linspace(-6.0, 10.0, 1601)
    half, mean = (
        sweep(net.replace(loss=loss), THREE_X, THREE_Y, "w46", grid)
        for loss in ("half_squared_error", "mse")
    )
    spread = max(abs(ratio - found.expected) for ratio in found.ratios)
    same = half.lowest == mean.lowest and found.step_gap < _TOLERANCE
    return Evidence(
        Verdict.TRUE if spread < _TOLERANCE and same else Verdict.FALSE,
        {
            "samples": found.samples, "count": len(found.ratios), "ratio": found.expected,
            "spread": spread, "here": half.lowest, "step": found.step_gap,
        },
    )  # fmt: skip


@claims.register(
    "K2",
    source="thread",
    says="It means little to speak of learning without saying what the loss is",
    finding="Two predictors of the same four targets: by half the squared error the steady one is "
    "better ({steady_squared} against {risky_squared}), by the absolute error the other one "
    "({steady_absolute} against {risky_absolute}). And on the running network, with three inputs "
    "and the targets {one}, {two} and {three}, ∂J/∂b₆ is {down} under the first loss and +{up} "
    "under the second: one teaches b₆ to grow, the other to shrink.",
)
def learning_needs_a_loss() -> Evidence:
    """Rank two predictors by two losses, and compare the pushes that the losses give to b6."""
    judged = two_predictors()
    squared, absolute = opposite_pushes([0.0])
    opposed = squared.slope * absolute.slope < 0
    return Evidence(
        Verdict.TRUE if judged.losses_disagree and opposed else Verdict.FALSE,
        {
            "steady_squared": judged.steady.squared, "risky_squared": judged.risky.squared,
            "steady_absolute": judged.steady.absolute, "risky_absolute": judged.risky.absolute,
            "down": squared.slope, "up": absolute.slope,
            **dict(zip(("one", "two", "three"), ODD_Y, strict=True)),
        },
    )  # fmt: skip
