"""Exercises of lesson 16: why printed numbers differ from computed ones."""

from __future__ import annotations

from nnexplain.exercises.answers import Mistake, Numbers, Part
from nnexplain.exercises.draw import Draw
from nnexplain.exercises.problem import Draft, exercises
from nnexplain.exercises.text import (
    bracketed,
    given,
    is_about,
    line,
    lines,
    products,
    sign_of,
    signed,
)
from nnexplain.numbers import format_tex


@exercises.register("rounded-on-the-way", 16, "Rounded on the way")
def rounded_on_the_way(draw: Draw) -> Draft:
    """Ask what a textbook prints that rounds h before it computes the next line."""
    h = draw.decimal(0.3, 0.7, 0.0001)
    y = float(draw.whole(0, 1))
    short = round(h, 2)
    exact, printed = (v * (1 - v) * (v - y) for v in (h, short))
    return Draft(
        numbers={"h": h, "y": y},
        question=(
            f"A sigmoid output is {given({'h': h, 'y': y})}, so its error signal is "
            r"$\delta = h(1-h)(h-y)$. A book rounds $h$ to *two* decimals before it computes "
            r"$\delta$. Which $\delta$ does it print, and which is exact?",
        ),
        answer=Numbers(
            (Part(r"\text{printed}", printed, 4), Part(r"\text{exact}", exact, 4)),
            (
                Mistake("exchanged", (exact, printed), "You have exchanged the two: the printed "
                        "one uses the rounded h."),
                Mistake("rounded at the end only", (exact, exact), "The second is right. The book "
                        "goes on with the rounded h."),
                Mistake("rounded both", (printed, printed), "The first is right. For the exact one "
                        "keep all digits of h."),
                Mistake("wrong sign", (-printed, -exact), "The sizes are right. Here δ has h − y, "
                        "not y − h."),
                Mistake("forgot the slope", (short - y, h - y), "These are the errors h − y alone. "
                        "The slope h(1 − h) is missing."),
            ),
        ),
        hint=(f"Rounded to two decimals, $h$ is {format_tex(short)}.",),
        worked=(
            lines(
                rf"\text{{printed}} &= {format_tex(short)}\cdot {format_tex(1 - short)}\cdot "
                f"{bracketed(short - y)}",
                f"&{is_about(printed)}",
                rf"\text{{exact}} &= {format_tex(h)}\cdot {format_tex(1 - h)}\cdot "
                f"{bracketed(h - y)}",
                f"&{is_about(exact)}",
            ),
        ),
        sound=abs(h - short) > 0.002,
    )  # fmt: skip


@exercises.register("update-order", 16, "All at once, or one after the other")
def update_order(draw: Draw) -> Draft:
    """Ask for Mazur's slip: the front weight updated through the new weight behind it."""
    w12, w23 = draw.decimal(-0.9, 0.9), draw.decimal(-0.9, 0.9)
    x, y, rate = draw.pick((1.0, 2.0)), draw.decimal(-1, 1, 0.5), draw.pick((0.1, 0.2, 0.5))
    h = w23 * w12 * x
    error = h - y
    pull = rate * error * x
    new23 = w23 - pull * w12
    together, later = (w12 - pull * w for w in (w23, new23))
    return Draft(
        numbers={"w12": w12, "w23": w23, "x": x, "y": y, "eta": rate},
        question=(
            f"A chain computes $h = w_{{23}}\\,w_{{12}}\\,x$ with {given({'w12': w12, 'w23': w23})}"
            rf". With $x = {format_tex(x)}$, $y = {format_tex(y)}$, "
            rf"$J = \tfrac{{1}}{{2}}(y-h)^2$ and $\eta = {format_tex(rate)}$, what is the new "
            "$w_{12}$ when both weights move at once? And if $w_{23}$ is changed first, and the "
            "error $h - y$ is then sent back through its *new* value?",
        ),
        answer=Numbers(
            (Part(r"\text{at once}", together, 4), Part(r"\text{in turn}", later, 4)),
            (
                Mistake("exchanged", (later, together), "You have exchanged the two."),
                Mistake("the same twice", (together, together), "The first is right. In the second "
                        "the error meets the new w23."),
                Mistake("uphill", (w12 + rate * error * w23 * x,
                                   w12 + rate * error * (w23 + rate * error * w12 * x) * x),
                        "The steps go uphill. The error is h − y."),
                Mistake("gave w23", (new23, new23), "That is the new w23."),
            ),
        ),
        hint=(
            line(r"\frac{\partial J}{\partial w_{12}} = (h-y)\,w_{23}\,x, \quad "
                 r"\frac{\partial J}{\partial w_{23}} = (h-y)\,w_{12}\,x"),
        ),
        worked=(
            lines(
                rf"h - y &= {products([(w23, w12)])}\cdot {format_tex(x)} {signed(-y)} "
                f"{is_about(error)}",
                rf"\eta\,(h-y)\,x &= {products([(rate, error)])}\cdot {format_tex(x)} "
                f"{is_about(pull)}",
            ),
            lines(
                r"\text{at once} &= w_{12} - \eta\,(h-y)\,x\,w_{23}",
                f"&= {format_tex(w12)} - {products([(pull, w23)])} {is_about(together)}",
                rf"\text{{new }}w_{{23}} &= {format_tex(w23)} - {products([(pull, w12)])} "
                f"{is_about(new23)}",
                rf"\text{{in turn}} &{sign_of(new23)} {format_tex(w12)} - "
                f"{products([(pull, new23)])}",
                f"&{is_about(later)}",
            ),
            "Gradient descent moves all weights at once.",
        ),
    )  # fmt: skip
