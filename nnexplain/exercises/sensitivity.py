"""Exercises of lesson 1: a derivative is a sensitivity."""

from __future__ import annotations

from nnexplain.activations import activations
from nnexplain.exercises.answers import Mistake, Numbers, Part
from nnexplain.exercises.draw import Draw
from nnexplain.exercises.problem import Draft, exercises
from nnexplain.exercises.text import bracketed, is_about, lines
from nnexplain.numbers import format_tex


@exercises.register("power-nudge", 1, "Foretell what comes out")
def power_nudge(draw: Draw) -> Draft:
    """F' · nudge for a power of x."""
    n, x = draw.whole(3, 5), draw.decimal(1.5, 3, 0.5)
    turn = draw.decimal(-0.05, 0.05, 0.01)
    slope = n * x ** (n - 1)
    change = slope * turn
    return Draft(
        numbers={"n": float(n), "x": x, "nudge": turn},
        question=(
            f"A machine shows $x^{n}$, and its knob is at $x = {format_tex(x)}$. You nudge the "
            f"knob by ${format_tex(turn)}$. Which change does the derivative foretell?",
        ),
        answer=Numbers(
            (Part(r"\text{change}", change, 3),),
            (
                Mistake("used the value", x**n * turn, "You have multiplied the nudge by the value "
                        "of the function. What passes a nudge on is its derivative."),
                Mistake("forgot the exponent in front", x ** (n - 1) * turn, f"The derivative of "
                        f"xⁿ is n times a power of x: the factor n = {n} is missing."),
                Mistake("wrong sign", -change, "The size is right. Which way did the knob go?"),
                Mistake("gave the derivative", slope, "That is the derivative. The change is "
                        "the derivative times the nudge."),
            ),
        ),
        hint=(f"The derivative of $x^{n}$ is ${n}x^{n - 1}$.",),
        worked=(
            lines(
                rf"\text{{derivative}} &= {n}\cdot {format_tex(x)}^{n - 1} {is_about(slope)}",
                rf"\text{{change}} &\approx {format_tex(slope)}\cdot {bracketed(turn)} "
                f"{is_about(change)}",
            ),
        ),
    )  # fmt: skip


@exercises.register("sigmoid-slope", 1, "How steep is the sigmoid?")
def sigmoid_slope(draw: Draw) -> Draft:
    """Ask for σ' at a point, from σ."""
    z = draw.decimal(-2.5, 2.5, 0.05)
    sigmoid = activations["sigmoid"]
    value, slope = float(sigmoid.f(z)), float(sigmoid.df(z))
    return Draft(
        numbers={"z": z},
        question=(
            rf"The sigmoid is $\sigma(z) = {sigmoid.latex}$. Compute its slope "
            rf"$\sigma'(z)$ at $z = {format_tex(z)}$.",
        ),
        answer=Numbers(
            (Part(r"\sigma'(z)", slope, 3),),
            (
                Mistake("gave the value", value, "That is the value σ(z), how high the curve is. "
                        "How steep is it?"),
                Mistake("gave 1 − σ(z)", 1 - value, "That is 1 − σ(z), one of the two factors of "
                        "the slope."),
                Mistake("used z for σ(z)", z * (1 - z), "You have put z into a(1 − a). The a is "
                        "the value σ(z)."),
                Mistake("squared", value**2, "That is σ(z) · σ(z). The slope is σ(z) · "
                        "(1 − σ(z))."),
            ),
        ),
        hint=(r"Compute $a = \sigma(z)$ first. The slope is $a\,(1-a)$.",),
        worked=(
            lines(
                rf"a &= \sigma({format_tex(z)}) {is_about(value)}",
                rf"\sigma'(z) &= a\,(1-a) {is_about(slope)}",
            ),
        ),
    )  # fmt: skip
