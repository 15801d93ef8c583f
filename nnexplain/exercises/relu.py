"""Exercises of lesson 13: units that are on or off."""

from __future__ import annotations

from collections.abc import Iterator

from nnexplain.exercises.answers import Mistake, Numbers, Part
from nnexplain.exercises.draw import Draw
from nnexplain.exercises.problem import Draft, exercises
from nnexplain.exercises.text import bracketed, given, is_about, lines, products, signed
from nnexplain.network import Network
from nnexplain.numbers import format_tex


@exercises.register("on-and-off", 13, "One unit is on, one is off")
def on_and_off(draw: Draw) -> Draft:
    """Ask for two partial derivatives of a ReLU network, one of them 0."""
    net = draw.network([2, 2, 1], ["relu", "identity"])
    x = [draw.pick((-2.0, -1.0, 0.5, 2.0)) for _ in range(2)]
    y = draw.decimal(-1, 1, 0.5)
    trace, gradient = net.forward(x), net.gradient(x, y)
    first, second = (round(gradient[name], 12) + 0.0 for name in ("w13", "w14"))
    straight = net.replace(activation="identity").gradient(x, y)
    error = round(trace.output - y, 12)
    w = net.parameters
    valued = tuple(error * w[f"w{unit}5"] * trace.a[unit] * x[0] for unit in (3, 4))
    numbers = {"x1": x[0], "x2": x[1], "y": y, **w}
    return Draft(
        numbers=numbers,
        question=(
            "A 2-2-1 network has two ReLU units and a straight output, $h = z_5$. Its parameters "
            f"are {given(w)}. The sample is {given({'x1': x[0], 'x2': x[1], 'y': y})}, and "
            r"$J = \tfrac{1}{2}(y-h)^2$. Compute $\frac{\partial J}{\partial w_{13}}$ and "
            r"$\frac{\partial J}{\partial w_{14}}$.",
        ),
        answer=Numbers(
            (
                Part(r"\frac{\partial J}{\partial w_{13}}", first, 3),
                Part(r"\frac{\partial J}{\partial w_{14}}", second, 3),
            ),
            (
                Mistake("no unit is off", (straight["w13"], straight["w14"]), "You have left both "
                        "units on. One of the sums is negative: its unit sends 0 and has the "
                        "slope 0."),
                Mistake("wrong sign", (-first, -second), "The sign is wrong. The error is h − y."),
                Mistake("used a for the slope", valued, "You have used the activation of the "
                        "hidden unit where its slope belongs. A ReLU that is on has the slope 1."),
                Mistake("dropped the weight", (error * x[0] * (trace.z[3] > 0),
                        error * x[0] * (trace.z[4] > 0)), "The weight between the hidden unit and "
                        "the output is missing."),
                Mistake("dropped x1", (first / x[0], second / x[0]), "The input x1 is missing."),
            ),
        ),
        hint=("Compute $z_3$ and $z_4$. A ReLU with a negative sum is off: it sends 0, and its "
              "slope is 0.",),
        worked=(
            lines(*_forward(net, x), rf"h - y &{is_about(error)}"),
            lines(
                *(
                    rf"\frac{{\partial J}}{{\partial w_{{1{unit}}}}} &= {bracketed(error)}\cdot "
                    rf"{bracketed(w[f'w{unit}5'])}\cdot {int(trace.z[unit] > 0)}\cdot "
                    f"{bracketed(x[0])} {is_about(value)}"
                    for unit, value in ((3, first), (4, second))
                ),
            ),
        ),
        sound=(trace.z[3] > 0.05) != (trace.z[4] > 0.05)
        and min(trace.z[3], trace.z[4]) < -0.05
        and abs(error) > 0.05,
    )  # fmt: skip


def _forward(net: Network, x: list[float]) -> Iterator[str]:
    """Yield the rows of the forward pass, each sum with its numbers."""
    w, trace = net.parameters, net.forward(x)
    for unit in (3, 4):
        pairs = [(w[f"w{source}{unit}"], value) for source, value in enumerate(x, 1)]
        yield f"z_{unit} &= {products(pairs)} {signed(w[f'b{unit}'])}"
        yield f"&{is_about(round(trace.z[unit], 12))}"
    yield f"h &{is_about(round(trace.output, 12))}"


@exercises.register("wake-it-up", 13, "When is a ReLU dead?")
def wake_it_up(draw: Draw) -> Draft:
    """Ask for the bias below which a ReLU is off for every input between 0 and 1."""
    weights = [draw.decimal(-3, 3, 0.5) for _ in range(3)]
    names = ("w14", "w24", "w34")
    largest = sum(max(w, 0.0) for w in weights)
    bias = -largest
    numbers = dict(zip(names, weights, strict=True))
    smallest = sum(min(w, 0.0) for w in weights)
    return Draft(
        numbers=numbers,
        question=(
            f"A ReLU unit has three inputs between 0 and 1, and the weights {given(numbers)}. "
            "Up to which bias is it *dead*, that is, off for all inputs?",
        ),
        answer=Numbers(
            (Part("b_4", bias, 3),),
            (
                Mistake("all inputs at 1", -sum(weights), "You have put all inputs to 1. A "
                        "negative weight makes the sum largest when its input is 0."),
                Mistake("largest weight only", -max(weights), "You have taken the largest weight "
                        "only. All positive weights can add up."),
                Mistake("wrong sign", largest, "By that much the inputs can raise the sum. The "
                        "bias has to make up for it."),
                Mistake("negative weights", -smallest, "These inputs make the sum smallest. Which "
                        "make it largest?"),
            ),
        ),
        hint=("For which inputs is the sum largest? If it is not above 0 even there, it never "
              "is.",),
        worked=(
            "The sum is largest with 1 at the positive weights and 0 at the negative ones, and "
            "then it is the bias plus these weights:",
            lines(
                rf"b_4 + {bracketed(largest)} &\le 0",
                rf"b_4 &\le {format_tex(bias)}",
            ),
        ),
        sound=sum(w > 0 for w in weights) in (1, 2),
    )  # fmt: skip
