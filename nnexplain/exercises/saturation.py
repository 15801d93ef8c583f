"""Exercises of lesson 12: products of slopes and weights, and what cross-entropy cancels."""

from __future__ import annotations

from nnexplain.activations import activations
from nnexplain.exercises.answers import Mistake, Numbers, Part
from nnexplain.exercises.draw import Draw
from nnexplain.exercises.problem import Draft, exercises
from nnexplain.exercises.text import bracketed, given, is_about, line, lines
from nnexplain.numbers import format_tex

_SIGMOID = activations["sigmoid"]


@exercises.register("chain-of-units", 12, "What is left of the signal?")
def chain_of_units(draw: Draw) -> Draft:
    """Ask for the factor by which n links of weight and slope multiply an error signal."""
    n, w = draw.whole(4, 9), draw.decimal(-6, 6, 0.5)
    z = draw.decimal(-2, 2, 0.5)
    a, slope = float(_SIGMOID.f(z)), float(_SIGMOID.df(z))
    kept = (w * slope) ** n
    return Draft(
        numbers={"n": float(n), "w": w, "z": z},
        question=(
            f"In a chain of sigmoid units every weight is $w = {format_tex(w)}$, and every unit "
            f"has the sum $z = {format_tex(z)}$. The error signal goes back over {n} links, each a "
            "weight and a slope. By which factor is it multiplied in all?",
        ),
        answer=Numbers(
            (Part(r"\text{factor}", kept, 3),),
            (
                Mistake("forgot the weights", slope**n, "These are the slopes alone. Every link "
                        "has its weight too."),
                Mistake("used a", (w * a) ** n, "You have used the activation σ(z) where its slope "
                        "σ′(z) belongs."),
                Mistake("multiplied by n", n * w * slope, "You have added the links up. They are "
                        "multiplied: raise to a power."),
                Mistake("one link too many", (w * slope) ** (n + 1), "That is one link too many."),
                Mistake("one link too few", (w * slope) ** (n - 1), "That is one link too few."),
                Mistake("took the largest slope", (w / 4) ** n, "You have taken ¼, the largest "
                        "slope. At this z the sigmoid is less steep."),
            ),
        ),
        hint=("One link multiplies by $w\\,\\sigma'(z)$. Compute that first.",),
        worked=(
            lines(
                rf"\sigma'(z) &= \sigma(z)\,(1-\sigma(z)) {is_about(slope)}",
                rf"w\,\sigma'(z) &\approx {bracketed(w)}\cdot {format_tex(slope)} "
                f"{is_about(w * slope)}",
                rf"\text{{factor}} &\approx ({format_tex(w * slope)})^{n} {is_about(kept)}",
            ),
        ),
    )  # fmt: skip


@exercises.register("even-weight", 12, "The weight that neither shrinks nor grows it")
def even_weight(draw: Draw) -> Draft:
    """Ask for 1 / σ' at a given activation."""
    a = draw.decimal(0.02, 0.98, 0.02)
    slope = a * (1 - a)
    w = 1 / slope
    return Draft(
        numbers={"a": a},
        question=(
            f"The sigmoid units of a chain all answer $a = {format_tex(a)}$. Which positive weight "
            "between them lets the error signal come back through them unchanged?",
        ),
        answer=Numbers(
            (Part("w", w, 3),),
            (
                Mistake("used a", 1 / a, "You have divided 1 by the activation. What the signal "
                        "meets on its way back is the slope a(1 − a)."),
                Mistake("took the largest slope", 4.0, "That would do in the middle, where the "
                        "slope is ¼. Here it is smaller."),
                Mistake("gave the slope", slope, "That is the slope. The weight must make up for "
                        "it."),
                Mistake("used 1 − a", 1 / (1 - a), "You have divided 1 by 1 − a. The slope is "
                        "a(1 − a)."),
            ),
        ),
        hint=("Weight times slope must be 1. The slope is $a\\,(1-a)$.",),
        worked=(
            line(rf"w = \frac{{1}}{{a\,(1-a)}} = \frac{{1}}{{{format_tex(slope)}}} "
                 f"{is_about(w)}"),
        ),
    )  # fmt: skip


@exercises.register("cancelled-slope", 12, "What cross-entropy cancels")
def cancelled_slope(draw: Draw) -> Draft:
    """Ask for δ of a saturated output under the half squared error and under cross-entropy."""
    y = float(draw.whole(0, 1))
    off = draw.decimal(0.9, 0.995, 0.005)
    h = round(off if y == 0 else 1 - off, 10)
    slope = h * (1 - h)
    squared, entropy = (h - y) * slope, h - y
    return Draft(
        numbers={"h": h, "y": y},
        question=(
            f"A sigmoid output is badly wrong: {given({'h': h, 'y': y})}. Compute its error signal "
            r"$\delta = \frac{\partial J}{\partial z}$ for the half squared error, and for "
            "cross-entropy.",
        ),
        answer=Numbers(
            (Part(r"\text{squared}", squared, 3), Part(r"\text{entropy}", entropy, 3)),
            (
                Mistake("exchanged", (entropy, squared), "You have exchanged the two. It is "
                        "cross-entropy that cancels the slope."),
                Mistake("cancelled twice", (entropy, entropy), "The second is right. The squared "
                        "error keeps the slope of the output, h(1 − h)."),
                Mistake("cancelled nothing", (squared, squared), "The first is right. The slope "
                        "of cross-entropy has h(1 − h) below the line, and it cancels."),
                Mistake("wrong sign", (-squared, -entropy), "Both signs are wrong: it is h − y."),
                Mistake("slope alone", (slope, entropy), "The second is right. In the first the "
                        "error h − y is missing."),
            ),
        ),
        hint=(
            line(r"\delta = \frac{\partial J}{\partial h}\,\sigma'(z), \quad \sigma'(z) = h(1-h)"),
            r"For cross-entropy $\frac{\partial J}{\partial h} = \frac{h-y}{h(1-h)}$.",
        ),
        worked=(
            lines(
                r"\text{squared} &= (h-y)\,h(1-h)",
                rf"&= {bracketed(entropy)}\cdot {format_tex(slope)} {is_about(squared)}",
                rf"\text{{entropy}} &= h-y {is_about(entropy)}",
            ),
        ),
    )  # fmt: skip
