"""Exercises of lesson 4: gradient descent."""

from __future__ import annotations

import itertools

from nnexplain.exercises.answers import Choice, Mistake, Numbers, Option, Part
from nnexplain.exercises.draw import Draw
from nnexplain.exercises.problem import Draft, exercises
from nnexplain.exercises.text import bracketed, is_about, line, lines, signed
from nnexplain.numbers import format_tex


@exercises.register("one-step", 4, "One step of gradient descent")
def one_step(draw: Draw) -> Draft:
    """W − η · slope: uphill, forgot η, gave the change only."""
    w, slope = draw.decimal(-2, 2), draw.decimal(-0.9, 0.9, 0.05)
    rate = draw.pick((0.1, 0.2, 0.5, 2.0, 3.0))
    new = round(w - rate * slope, 10)
    return Draft(
        numbers={"w": w, "slope": slope, "eta": rate},
        question=(
            rf"A weight is $w = {format_tex(w)}$, and there "
            rf"$\frac{{\partial J}}{{\partial w}} = {format_tex(slope)}$. Take one step of "
            rf"gradient descent with the learning rate $\eta = {format_tex(rate)}$. What is the "
            "new $w$?",
        ),
        answer=Numbers(
            (Part("w", new, 3),),
            (
                Mistake("uphill", w + rate * slope, "You have added. That step goes uphill: a "
                        "step goes against the slope."),
                Mistake("forgot η", w - slope, "The learning rate is missing."),
                Mistake("gave the change", -rate * slope, "That is the change. The new w is the "
                        "old one plus this change."),
                Mistake("divided by η", w - slope / rate, "You have divided by the learning rate. "
                        "It multiplies the slope."),
            ),
        ),
        hint=(line(r"w := w - \eta\,\frac{\partial J}{\partial w}"),),
        worked=(
            line(rf"w := {format_tex(w)} - {format_tex(rate)}\cdot {bracketed(slope)} "
                 f"{is_about(new)}"),
        ),
        sound=new != 0,
    )  # fmt: skip


@exercises.register("three-steps", 4, "Three steps down a bowl")
def three_steps(draw: Draw) -> Draft:
    """Ask for three steps in a parabola: the slope is new at every step."""
    c, rate = draw.pick((2.0, 3.0, 4.0)), draw.pick((0.1, 0.15, 0.2))
    m, start = draw.decimal(-2, 2, 1), draw.decimal(-4, 4, 1)
    walk = [start]
    for _ in range(3):
        walk.append(walk[-1] - rate * c * (walk[-1] - m))
    once = rate * c * (start - m)
    uphill = m + (start - m) * (1 + rate * c) ** 3
    return Draft(
        numbers={"c": c, "m": m, "start": start, "eta": rate},
        question=(
            rf"The loss is a bowl, $J = \tfrac{{1}}{{2}}\cdot {format_tex(c)}\,(w {signed(-m)})^2$"
            rf". Start at $w = {format_tex(start)}$ and take three steps of gradient descent with "
            rf"$\eta = {format_tex(rate)}$. Where are you?",
        ),
        answer=Numbers(
            (Part("w", walk[3], 3),),
            (
                Mistake("kept the first slope", start - 3 * once, "You have used the slope of the "
                        "start three times. Compute it anew at each place: it shrinks."),
                Mistake("one step", walk[1], "That is where the first step ends. Two more."),
                Mistake("two steps", walk[2], "That is where the second step ends. One more."),
                Mistake("uphill", uphill, "You have walked uphill. A step goes against the slope."),
                Mistake("at the bottom", m, "The bottom is where the walk goes. Three steps do not "
                        "reach it."),
            ),
        ),
        hint=(rf"The slope at $w$ is ${format_tex(c)}\,(w {signed(-m)})$.",),
        worked=(
            lines(*(
                rf"w &:= {format_tex(a)} - {format_tex(rate)}\cdot {bracketed(c * (a - m))} "
                f"{is_about(b)}"
                for a, b in itertools.pairwise(walk)
            )),
            "Each slope is taken where you stand: "
            rf"first ${format_tex(c)}\cdot ({format_tex(start)} {signed(-m)}) "
            f"{is_about(c * (start - m))}$. The distance to the bottom shrinks by the factor "
            rf"$1 - {format_tex(rate)}\cdot {format_tex(c)} {is_about(1 - rate * c)}$ each time.",
        ),
        sound=start != m and abs(walk[3]) > 0.05,
    )  # fmt: skip


_FATES = {
    "creeps": "It comes nearer step by step, always on the same side",
    "jumps": "It comes nearer, jumping from side to side",
    "runs": "It jumps from side to side, farther out each time",
    "stays": "It jumps to and fro and stays as far away as it was",
}


@exercises.register("step-too-large", 4, "Too small, right, too large?")
def step_too_large(draw: Draw) -> Draft:
    """Ask what a learning rate does in a bowl of known curvature."""
    c = draw.pick((0.5, 2.0, 4.0, 5.0))
    fate, product = draw.pick((
        ("creeps", 0.2), ("creeps", 0.6), ("jumps", 1.5), ("jumps", 1.8), ("runs", 2.2),
        ("runs", 3.0), ("stays", 2.0),
    ))  # fmt: skip
    rate = round(product / c, 10)
    factor = 1 - rate * c
    why = f"Each step multiplies the distance by 1 − {c:g} η, here {factor:.4g}.".replace("-", "−")
    return Draft(
        numbers={"c": c, "eta": rate},
        question=(
            rf"In a bowl $J = \tfrac{{1}}{{2}}\cdot {format_tex(c)}\,w^2$ gradient "
            r"descent starts beside the bottom, with the learning rate "
            rf"$\eta = {format_tex(rate)}$. What does it do?",
        ),
        answer=Choice(
            tuple(
                Option(text, why, "" if key == fate else f"took it for {key}")
                for key, text in _FATES.items()
            )
        ),
        hint=(
            rf"The slope at $w$ is ${format_tex(c)}\,w$. By which factor does one step multiply "
            "$w$?",
        ),
        worked=(
            line(rf"w - \eta\cdot {format_tex(c)}\,w = (1 - {format_tex(rate)}\cdot "
                 rf"{format_tex(c)})\,w = {bracketed(factor)}\,w"),
            "Between 0 and 1 this factor brings $w$ nearer on the same side; between −1 and 0 it "
            "turns the sign and still brings it nearer; −1 only turns the sign; beyond −1 it "
            "drives it out.",
        ),
    )  # fmt: skip
