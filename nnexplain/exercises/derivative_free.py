"""Exercises of lesson 14: what it costs to go without derivatives."""

from __future__ import annotations

import math

from nnexplain.exercises.answers import Mistake, Numbers, Part
from nnexplain.exercises.draw import Draw
from nnexplain.exercises.problem import Draft, exercises
from nnexplain.exercises.text import is_about, line, lines
from nnexplain.network import Network
from nnexplain.numbers import format_tex


@exercises.register("price-of-nudging", 14, "The price of nudging")
def price_of_nudging(draw: Draw) -> Draft:
    """Count the forward passes of descent by central differences."""
    n, m = draw.whole(2, 9), draw.whole(3, 12)
    steps = draw.pick((10, 20, 50, 100))
    count = len(Network([n, m, 1], seed=0).names)
    passes = 2 * count * steps
    return Draft(
        numbers={"inputs": float(n), "hidden": float(m), "steps": float(steps)},
        question=(
            f"A network has {n} inputs, {m} hidden units and one output, all units with biases. "
            f"You take {steps} steps of descent by nudging: at each step every parameter is nudged "
            "up and down. How many forward passes does that cost?",
        ),
        answer=Numbers(
            (Part(r"\text{passes}", passes, 0),),
            (
                Mistake("one nudge", passes // 2, "You have counted one pass for each parameter. "
                        "It is nudged up and down: two."),
                Mistake("one step", 2 * count, "That is the price of a single step."),
                Mistake("forgot the biases", 2 * (n * m + m) * steps, "The biases are parameters "
                        "too."),
                Mistake("did not nudge", steps, "Every step has to try every parameter."),
            ),
        ),
        hint=("Count the parameters first: weights and biases.",),
        worked=(
            lines(
                rf"\text{{parameters}} &= ({n}+1)\cdot {m} + ({m}+1) = {count}",
                rf"\text{{passes}} &= 2\cdot {count}\cdot {steps} = {passes}",
            ),
        ),
    )  # fmt: skip


@exercises.register("central-difference", 14, "A slope without a derivative")
def central_difference(draw: Draw) -> Draft:
    """Ask for the central difference of three values of a loss."""
    epsilon = draw.pick((0.1, 0.05, 0.2))
    slope, bend = draw.decimal(-2, 2, 0.05), draw.decimal(0.5, 3, 0.5)
    here = draw.decimal(0.2, 0.9, 0.01)
    up = round(here + slope * epsilon + bend * epsilon**2, 4)
    down = round(here - slope * epsilon + bend * epsilon**2, 4)
    found = (up - down) / (2 * epsilon)
    return Draft(
        numbers={"epsilon": epsilon, "down": down, "here": here, "up": up},
        question=(
            rf"You compute the loss three times: $J(w - \varepsilon) = {format_tex(down)}$, "
            rf"$J(w) = {format_tex(here)}$ and $J(w + \varepsilon) = {format_tex(up)}$, with "
            rf"$\varepsilon = {format_tex(epsilon)}$. Estimate the slope at $w$ by the central "
            "difference.",
        ),
        answer=Numbers(
            (Part(r"\text{slope}", found, 3),),
            (
                Mistake("forgot the 2", (up - down) / epsilon, "From w − ε to w + ε it is 2ε, not "
                        "ε."),
                Mistake("one side", (up - here) / epsilon, "That is the difference to one side. It "
                        "errs by about ε times the bend; the central one cancels that."),
                Mistake("other side", (here - down) / epsilon, "That is the difference to one "
                        "side. The central one uses both neighbours."),
                Mistake("wrong sign", -found, "The size is right. Upper minus lower."),
            ),
        ),
        hint=("Divide the difference of the two outer values by the distance between them.",),
        worked=(
            line(rf"\frac{{J(w+\varepsilon) - J(w-\varepsilon)}}{{2\,\varepsilon}} = "
                 rf"\frac{{{format_tex(up)} - {format_tex(down)}}}{{{format_tex(2 * epsilon)}}} "
                 f"{is_about(found)}"),
        ),
        sound=math.isclose((up - down) / (2 * epsilon), slope, rel_tol=1e-6) and down > 0 < up,
    )  # fmt: skip
