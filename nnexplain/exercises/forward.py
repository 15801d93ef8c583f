"""Exercises of lesson 2: what a network computes, and how many numbers it has."""

from __future__ import annotations

from nnexplain.activations import activations
from nnexplain.exercises.answers import Mistake, Numbers, Part
from nnexplain.exercises.draw import Draw
from nnexplain.exercises.problem import Draft, exercises
from nnexplain.exercises.text import given, is_about, line, lines, products, signed
from nnexplain.network import Network


@exercises.register("forward-pass", 2, "One forward pass")
def forward_pass(draw: Draw) -> Draft:
    """Ask for z3 and h of a 2-1-1 network: forgot the biases, forgot an activation."""
    net = draw.network([2, 1, 1])
    w = net.parameters
    x1, x2 = draw.decimal(-2, 2, 0.5), draw.decimal(-2, 2, 0.5)
    trace = net.forward([x1, x2])
    z, h = trace.z[3], trace.output
    sigma = activations["sigmoid"].f
    bare = net.replace(parameters={"b3": 0, "b4": 0}).forward([x1, x2])
    straight = float(sigma(w["w34"] * z + w["b4"]))
    return Draft(
        numbers={"x1": x1, "x2": x2, **w},
        question=(
            f"Two inputs {given({'x1': x1, 'x2': x2})} feed one hidden unit, number 3, and this "
            "feeds the output unit 4. Both are sigmoid units.",
            f"The parameters are {given(w)}. Compute the sum $z_3$ and the prediction $h$.",
        ),
        answer=Numbers(
            (Part("z_3", z, 3), Part("h", h, 3)),
            (
                Mistake("forgot the biases", (bare.z[3], bare.output), "This comes out without "
                        "the biases. Each unit adds its own before it answers."),
                Mistake("forgot the hidden activation", (z, straight), "You have sent z3 itself "
                        "to unit 4. What unit 3 sends is a3 = σ(z3)."),
                Mistake("forgot the output activation", (z, trace.z[4]), "That is z4. The "
                        "prediction is h = σ(z4)."),
            ),
        ),
        hint=(
            line(r"z_3 = w_{13}\,x_1 + w_{23}\,x_2 + b_3"),
            line(r"h = \sigma(w_{34}\,\sigma(z_3) + b_4)"),
        ),
        worked=(
            lines(
                rf"z_3 &= {products([(w['w13'], x1), (w['w23'], x2)])} {signed(w['b3'])} "
                f"{is_about(z)}",
                rf"a_3 &= \sigma(z_3) {is_about(trace.a[3])}",
                rf"z_4 &\approx {products([(w['w34'], trace.a[3])])} {signed(w['b4'])} "
                f"{is_about(trace.z[4])}",
                rf"h &= \sigma(z_4) {is_about(h)}",
            ),
        ),
    )  # fmt: skip


@exercises.register("count-parameters", 2, "How many parameters?")
def count_parameters(draw: Draw) -> Draft:
    """Count the weights and biases of a network with one hidden layer."""
    n, m, k = draw.whole(2, 6), draw.whole(2, 6), draw.whole(2, 4)
    count = len(Network([n, m, k], seed=0).names)
    weights = n * m + m * k
    return Draft(
        numbers={"inputs": float(n), "hidden": float(m), "outputs": float(k)},
        question=(
            f"A network has {n} inputs, {m} hidden units and {k} outputs, each with a bias. How "
            "many parameters has it?",
        ),
        answer=Numbers(
            (Part(r"\text{parameters}", count, 0),),
            (
                Mistake("forgot the biases", weights, "These are the weights. Every hidden unit "
                        "and every output has a bias as well."),
                Mistake("biases of inputs", count + n, "You have counted a bias for each input. "
                        "An input adds nothing up: it has no bias."),
                Mistake("one bias a layer", weights + 2, "Every unit has a bias of its own, not "
                        "every layer."),
                Mistake("counted units", n + m + k, "That is the number of units. Each "
                        "line between two units is a parameter, and each bias."),
            ),
        ),
        hint=("Every hidden unit has a weight for each input, and a bias. Every output has a "
              "weight for each hidden unit, and a bias.",),
        worked=(line(rf"({n}+1)\cdot {m} + ({m}+1)\cdot {k} = {count}"),),
    )  # fmt: skip
