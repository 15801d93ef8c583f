"""Exercises of the home page, lesson 0: what a derivative tells about a weight."""

from __future__ import annotations

import math

from nnexplain.exercises.answers import Choice, Mistake, Numbers, Option, Part
from nnexplain.exercises.draw import Draw
from nnexplain.exercises.problem import Draft, exercises
from nnexplain.exercises.text import bracketed, is_about, line, signed
from nnexplain.numbers import format_tex
from nnexplain.palette import ROLES

_LINKS = ("error", "output_slope", "weight", "hidden_slope", "input")


@exercises.register("nudge", 0, "A nudge of one weight")
def nudge(draw: Draw) -> Draft:
    """Ask for the change of J that a derivative foretells."""
    slope, turn = draw.decimal(-0.09, 0.09, 0.001), draw.decimal(-0.05, 0.05, 0.01)
    change = slope * turn
    return Draft(
        numbers={"slope": slope, "turn": turn},
        question=(
            r"A weight has the derivative $\frac{\partial J}{\partial w} = "
            f"{format_tex(slope)}$. You turn it from $w$ to $w {signed(turn)}$. "
            "By about how much does $J$ change?",
        ),
        answer=Numbers(
            (Part(r"\text{change of }J", change, 3),),
            (
                Mistake("wrong sign", -change, "The size is right, the sign is not: look at the "
                        "signs of the derivative and of the nudge."),
                Mistake("divided", slope / turn, "You have divided. The derivative says how many "
                        "times the nudge comes out, so multiply."),
                Mistake("forgot the nudge", slope, "That is the derivative itself: the change for "
                        "a nudge of 1. This nudge is smaller."),
            ),
        ),
        hint=("The derivative says how many times the nudge comes out as a change of $J$.",),
        worked=(
            line(rf"\frac{{\partial J}}{{\partial w}}\cdot({format_tex(turn)}) = "
                 rf"{bracketed(slope)}\cdot {bracketed(turn)} {is_about(change)}"),
        ),
    )  # fmt: skip


@exercises.register("which-way", 0, "Which way should the weight go?")
def which_way(draw: Draw) -> Draft:
    """Ask for the sign of a product of five factors, one of which may be zero."""
    values = {
        "error": draw.decimal(-0.9, 0.9),
        "output_slope": draw.decimal(0.05, 0.25, 0.05),
        "weight": draw.decimal(-0.9, 0.9),
        "hidden_slope": draw.pick((0.05, 0.1, 0.15, 0.2, 0.25)),
        "input": draw.decimal(-2, 2, 0.5),
    }
    if draw.below(3) == 0:
        values[draw.pick(("output_slope", "hidden_slope", "input"))] = 0.0
    product = math.prod(values.values())
    right = "neither" if product == 0 else "down" if product > 0 else "up"
    words = {
        "up": "The product is negative: J falls as the weight grows, so up is downhill.",
        "down": "The product is positive: J grows with the weight, so down is downhill.",
        "neither": "One factor is zero, and so is the product: this step cannot move the weight.",
    }
    texts = {"up": "Up", "down": "Down", "neither": "Neither: it cannot learn from this sample"}
    mistakes = dict.fromkeys(texts, "uphill") | {"neither": "saw a zero"}
    if right == "neither":
        mistakes |= {"up": "overlooked the zero", "down": "overlooked the zero"}
    return Draft(
        numbers=values,
        question=(
            "The derivative of $J$ with respect to a weight is the product of five factors: "
            + ", ".join(f"the {ROLES[key].name} ${format_tex(values[key])}$" for key in _LINKS)
            + ". Which way does gradient descent turn this weight?",
        ),
        answer=Choice(
            tuple(
                Option(text, words[right], "" if key == right else mistakes[key])
                for key, text in texts.items()
            )
        ),
        hint=("Gradient descent goes against the sign of the derivative. Which sign has the "
              "product?",),
        worked=(
            line(r"\frac{\partial J}{\partial w} = "
                 + "".join(f"({format_tex(values[key])})" for key in _LINKS)
                 + f" {is_about(product)}"),
        ),
    )  # fmt: skip
