"""Exercises of lesson 6: blame flows backwards."""

from __future__ import annotations

import math

from nnexplain.activations import activations
from nnexplain.derivation import derive
from nnexplain.exercises.answers import Mistake, Numbers, Part
from nnexplain.exercises.draw import Draw
from nnexplain.exercises.problem import Draft, exercises
from nnexplain.exercises.text import bracketed, given, is_about, line, lines, listed, products
from nnexplain.network import Network
from nnexplain.numbers import format_tex


@exercises.register("hidden-delta", 6, "The blame of a hidden unit")
def hidden_delta(draw: Draw) -> Draft:
    """Ask for δ of a hidden unit that feeds two others: one path forgotten, a for σ', averaged."""
    z = draw.decimal(-2, 2, 0.5)
    weights = {"w46": draw.decimal(-0.9, 0.9), "w47": draw.decimal(-0.9, 0.9)}
    deltas = {"delta6": draw.decimal(-0.5, 0.5, 0.05), "delta7": draw.decimal(-0.5, 0.5, 0.05)}
    sigmoid = activations["sigmoid"]
    a, slope = float(sigmoid.f(z)), float(sigmoid.df(z))
    paths = [w * d for w, d in zip(weights.values(), deltas.values(), strict=True)]
    blame = slope * sum(paths)
    return Draft(
        numbers={"z4": z, **weights, **deltas},
        question=(
            f"The sigmoid unit 4 has the sum {given({'z4': z})}. It feeds the units 6 and 7 with "
            f"the weights {given(weights)}. Their error signals are {given(deltas)}. Compute "
            r"$\delta_4$.",
        ),
        answer=Numbers(
            (Part(r"\delta_4", blame, 3),),
            (
                Mistake("forgot unit 7", slope * paths[0], "You have followed the path through "
                        "unit 6 only. Unit 7 hears unit 4 as well."),
                Mistake("forgot unit 6", slope * paths[1], "You have followed the path through "
                        "unit 7 only. Unit 6 hears unit 4 as well."),
                Mistake("averaged", blame / 2, "You have averaged over the two paths. The blame "
                        "of several paths is added."),
                Mistake("forgot the slope", sum(paths), "This comes out without σ′(z4). What comes "
                        "back has to pass unit 4 itself."),
                Mistake("used a4", a * sum(paths), "You have used the activation a4 where its "
                        "slope σ′(z4) = a4(1 − a4) belongs."),
                Mistake("wrong sign", -blame, "The size is right. Look at the signs of the "
                        "products."),
            ),
        ),
        hint=(line(r"\delta_4 = \sigma'(z_4)\,\left(w_{46}\,\delta_6 + w_{47}\,\delta_7\right)"),),
        worked=(
            lines(
                rf"a_4 &= \sigma(z_4) {is_about(a)}",
                rf"\sigma'(z_4) &= a_4(1-a_4) {is_about(slope)}",
                r"w_{46}\,\delta_6 + w_{47}\,\delta_7 &= "
                f"{products(zip(weights.values(), deltas.values(), strict=True))}",
                f"&{is_about(sum(paths))}",
                rf"\delta_4 &\approx {format_tex(slope)}\cdot {bracketed(sum(paths))} "
                f"{is_about(blame)}",
            ),
        ),
    )  # fmt: skip


@exercises.register("count-paths", 6, "Over how many paths?")
def count_paths(draw: Draw) -> Draft:
    """Count the paths from a first weight to the outputs."""
    inputs, outputs = draw.whole(2, 4), draw.whole(2, 4)
    hidden = [draw.whole(2, 6) for _ in range(3)]
    sizes = [inputs, *hidden, outputs]
    name = f"w1{inputs + 1}"
    paths = derive(Network(sizes, seed=0), name).path_count
    later = [*hidden[1:], outputs]
    return Draft(
        numbers={"sizes": [float(size) for size in sizes]},
        question=(
            f"A network has {inputs} inputs, three hidden layers of {listed(map(str, hidden))} "
            f"units, and {outputs} outputs. Over how many paths does its first weight, from unit 1 "
            f"to unit {inputs + 1}, reach the loss?",
        ),
        answer=Numbers(
            (Part(r"\text{paths}", paths, 0),),
            (
                Mistake("added", sum(later), "You have added. Every way into one layer goes on in "
                        "every way into the next: multiply."),
                Mistake("counted the first layer", paths * hidden[0], "You have counted the first "
                        "hidden layer too. This weight ends in one unit of it."),
                Mistake("forgot the outputs", math.prod(hidden[1:]), "The outputs are missing: "
                        "each of them is a way to the loss."),
                Mistake("counted from the inputs", paths * hidden[0] * inputs, "These are the "
                        "paths of the whole network. This weight begins at one input and ends "
                        "in one unit."),
            ),
        ),
        hint=("From the unit where the weight ends, how many ways lead into the next layer? And "
              "from each unit there?",),
        worked=(line(r" \cdot ".join(map(str, later)) + f" = {paths}"),),
    )  # fmt: skip


@exercises.register("batch-gradient", 6, "The gradient of a batch")
def batch_gradient(draw: Draw) -> Draft:
    """Ask for the sum of the samples' derivatives, and for the step with it."""
    slopes = [draw.decimal(-0.5, 0.5, 0.05) for _ in range(3)]
    w, rate = draw.decimal(-1, 1), draw.pick((0.1, 0.2, 0.5))
    total = sum(slopes)
    new = w - rate * total
    return Draft(
        numbers={"w": w, "eta": rate, "slopes": slopes},
        question=(
            rf"Three samples form a batch, and $J = \tfrac{{1}}{{2}}\sum (y-h)^2$. Each sample "
            rf"alone has the derivative {listed(f'${format_tex(s)}$' for s in slopes)} with "
            rf"respect to a weight $w = {format_tex(w)}$. Take one step for the whole batch with "
            rf"$\eta = {format_tex(rate)}$.",
            "Compute the derivative of $J$ for the batch, and the new $w$.",
        ),
        answer=Numbers(
            (Part(r"\frac{\partial J}{\partial w}", total, 3), Part("w", new, 3)),
            (
                Mistake("averaged", (total / 3, w - rate * total / 3), "You have averaged. This J "
                        "is a sum over the samples, so its derivative is the sum."),
                Mistake("uphill", (total, w + rate * total), "The derivative is right, but the "
                        "step goes against it."),
                Mistake("forgot η", (total, w - total), "The derivative is right. In the step the "
                        "learning rate is missing."),
                Mistake("took the last sample", (slopes[-1], w - rate * slopes[-1]), "That is the "
                        "last sample alone. The batch takes one step for all three."),
            ),
        ),
        hint=("The derivative of a sum is the sum of the derivatives. Then take one step.",),
        worked=(
            lines(
                rf"\frac{{\partial J}}{{\partial w}} &= "
                f"{' + '.join(map(bracketed, slopes))} {is_about(total)}",
                rf"w &:= {format_tex(w)} - {format_tex(rate)}\cdot {bracketed(total)} "
                f"{is_about(new)}",
            ),
        ),
        sound=abs(total) > 0.01,
    )  # fmt: skip
