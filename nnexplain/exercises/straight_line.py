"""Exercises of lesson 9: straight lines sent through straight lines."""

from __future__ import annotations

import itertools

import numpy as np

from nnexplain.exercises.answers import Mistake, Numbers, Part
from nnexplain.exercises.draw import Draw
from nnexplain.exercises.problem import Draft, exercises
from nnexplain.exercises.text import bracketed, given, is_about, lines, products, signed
from nnexplain.experiments.linear_collapse import collapse
from nnexplain.numbers import format_tex


@exercises.register("collapse-two-layers", 9, "Two layers in one")
def collapse_two_layers(draw: Draw) -> Draft:
    """Ask for the weight and the bias of the one unit that a straight-line network is."""
    net = draw.network([2, 2, 1], "identity")
    w = net.parameters
    one = collapse(net).parameters
    weight, bias = one["w13"], one["b3"]
    return Draft(
        numbers=dict(w),
        question=(
            "In a 2-2-1 network every unit has the activation function $f(z) = z$. Its "
            f"parameters are {given(w)}.",
            "It computes what a single unit computes. What is the weight of $x_1$ in it, and what "
            "the bias?",
        ),
        answer=Numbers(
            (Part(r"\text{weight}", weight, 3), Part(r"\text{bias}", bias, 3)),
            (
                Mistake("one path", (w["w13"] * w["w35"], bias), "You have followed x1 through "
                        "unit 3 only. It goes through unit 4 as well, and the two are added."),
                Mistake("added the weights", (w["w13"] + w["w14"] + w["w35"] + w["w45"], bias),
                        "Along a path weights are multiplied; only paths are added."),
                Mistake("bias of the output", (weight, w["b5"]), "The biases of units 3 and 4 "
                        "reach the output too, each through its weight."),
                Mistake("added the biases", (weight, w["b3"] + w["b4"] + w["b5"]), "The biases of "
                        "units 3 and 4 pass a weight before they are added."),
                Mistake("averaged", (weight / 2, bias), "You have averaged over the two paths. "
                        "Paths are added."),
            ),
        ),
        hint=(
            "Put $x_1 = 1$ and $x_2 = 0$, and follow it over both hidden units. For the bias, put "
            "all inputs to 0.",
        ),
        worked=(
            lines(
                r"\text{weight} &= w_{13}\,w_{35} + w_{14}\,w_{45}",
                f"&= {products([(w['w13'], w['w35']), (w['w14'], w['w45'])])}",
                f"&{is_about(weight)}",
                r"\text{bias} &= w_{35}\,b_3 + w_{45}\,b_4 + b_5",
                f"&= {products([(w['w35'], w['b3']), (w['w45'], w['b4'])])}",
                rf"&\quad {signed(w['b5'])}",
                f"&{is_about(bias)}",
            ),
        ),
    )  # fmt: skip


_CORNERS = tuple(itertools.product((0, 1), repeat=2))


@exercises.register("best-straight-line", 9, "The best a straight line can do")
def best_straight_line(draw: Draw) -> Draft:
    """Ask what the best straight-line network answers, by least squares."""
    targets = [float(draw.whole(0, 4)) for _ in _CORNERS]
    t00, t01, t10, t11 = targets
    inputs = np.array([(*corner, 1) for corner in _CORNERS], dtype=float)
    best = np.linalg.solve(inputs.T @ inputs, inputs.T @ targets)
    answer = float(best[2])
    mean, rise1, rise2 = sum(targets) / 4, (t10 + t11 - t00 - t01) / 2, (t01 + t11 - t00 - t10) / 2
    return Draft(
        numbers={"targets": targets},
        question=(
            "A straight-line network learns four samples with the half squared error: "
            + ", ".join(
                f"$({a}, {b})$ wants ${format_tex(t)}$"
                for (a, b), t in zip(_CORNERS, targets, strict=True)
            )
            + ". It reaches the best fit there is. What does it answer for $(0, 0)$?",
        ),
        answer=Numbers(
            (Part("h(0, 0)", answer, 3),),
            (
                Mistake("the target", t00, "That is the target. A straight line cannot meet all "
                        "four here, and it misses each of them by the same amount."),
                Mistake("the mean", mean, "That is the mean of the targets, the best constant. "
                        "A straight line can do better."),
                Mistake("through three corners", t01 + t10 - t11, "This line meets the other three "
                        "corners. Best is to miss all four a little."),
            ),
        ),
        hint=(
            "By symmetry the best line rises along $x_1$ as much as the targets do on average, "
            r"and along $x_2$ too. In the middle, $(\tfrac{1}{2}, \tfrac{1}{2})$, it is at "
            "the mean.",
        ),
        worked=(
            lines(
                rf"\text{{mean}} &= {format_tex(mean)}",
                rf"\text{{rise along }}x_1 &= {format_tex(rise1)}",
                rf"\text{{rise along }}x_2 &= {format_tex(rise2)}",
                rf"h(0, 0) &= {format_tex(mean)} - \tfrac{{1}}{{2}}\cdot {bracketed(rise1)} - "
                rf"\tfrac{{1}}{{2}}\cdot {bracketed(rise2)} {is_about(answer)}",
            ),
        ),
        sound=abs(answer) > 0.1,
    )  # fmt: skip
