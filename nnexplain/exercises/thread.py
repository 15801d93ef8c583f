"""Exercises of lesson 15: judging claims of the thread with numbers of one's own."""

from __future__ import annotations

import math

from nnexplain.exercises.answers import Mistake, Numbers, Part
from nnexplain.exercises.draw import Draw
from nnexplain.exercises.problem import Draft, exercises
from nnexplain.exercises.text import is_about, lines
from nnexplain.numbers import format_tex


@exercises.register("thread-formula", 15, "The formula of the first answer")
def thread_formula(draw: Draw) -> Draft:
    """Ask for ∂J/∂w14 with and without the factor w46, the slip of claim A4."""
    error, w46 = draw.decimal(-0.9, 0.9), draw.decimal(-0.9, 0.9)
    slope6, slope4 = (draw.pick((0.12, 0.15, 0.18, 0.2, 0.22, 0.24)) for _ in range(2))
    x1 = draw.pick((0.5, 1.0, 2.0))
    thread = error * slope6 * slope4 * x1
    right = thread * w46
    return Draft(
        numbers={"error": error, "slope6": slope6, "w46": w46, "slope4": slope4, "x1": x1},
        question=(
            r"The first answer says $\frac{\partial h}{\partial w_{14}} = \sigma'(q)\,\sigma'(p)"
            r"\,x_1$, with $q = z_6$ and $p = z_4$, and multiplies it by $h - y$. Take "
            rf"$h - y = {format_tex(error)}$, $\sigma'(q) = {format_tex(slope6)}$, "
            rf"$\sigma'(p) = {format_tex(slope4)}$, $x_1 = {format_tex(x1)}$ and "
            rf"$w_{{46}} = {format_tex(w46)}$. Compute $\frac{{\partial J}}{{\partial w_{{14}}}}$ "
            "by the formula of the thread, and as it should be.",
        ),
        answer=Numbers(
            (Part(r"\text{thread}", thread, 3), Part(r"\text{right}", right, 3)),
            (
                Mistake("exchanged", (right, thread), "You have exchanged the two. It is the "
                        "formula of the thread that lacks w46."),
                Mistake("believed it", (thread, thread), "The first is right. The formula lacks "
                        "the weight between the two units, w46."),
                Mistake("forgot h − y", (thread / error, right / error), "These are the "
                        "derivatives of h. Those of J have h − y in front."),
                Mistake("divided by w46", (thread, thread / w46), "The first is right. The weight "
                        "is a factor: multiply by it."),
            ),
        ),
        hint=("Follow the nudge from $z_4$ over $a_4$ to $z_6$. What is $a_4$ multiplied by?",),
        worked=(
            lines(
                rf"\text{{thread}} &= ({format_tex(error)})({format_tex(slope6)})"
                rf"({format_tex(slope4)})({format_tex(x1)}) {is_about(thread)}",
                rf"\text{{right}} &\approx ({format_tex(thread)})({format_tex(w46)}) "
                f"{is_about(right)}",
            ),
            "The signs differ: a step by the formula of the thread goes uphill."
            if w46 < 0
            else "Here the signs agree, by luck, because this weight is positive.",
        ),
    )  # fmt: skip


@exercises.register("always-downhill", 15, "Always down?")
def always_downhill(draw: Draw) -> Draft:
    """Ask for J around a step that may be too large to go down, as claim B4 forgets."""
    c = draw.pick((0.5, 2.0, 3.0, 4.0))
    w, rate = draw.decimal(-3, 3, 0.5), draw.pick((0.1, 0.3, 0.6, 0.9, 1.5, 2.5))
    new = w - rate * c * w
    before, after = c * w**2 / 2, c * new**2 / 2
    return Draft(
        numbers={"c": c, "w": w, "eta": rate},
        question=(
            "In the second answer every step goes down. Does it? Take "
            rf"$J = \tfrac{{1}}{{2}}\cdot {format_tex(c)}\,w^2$, $w = {format_tex(w)}$ and "
            rf"$\eta = {format_tex(rate)}$. Compute $J$ before and after one step of gradient "
            "descent.",
        ),
        answer=Numbers(
            (Part(r"\text{before}", before, 3), Part(r"\text{after}", after, 3)),
            (
                Mistake("uphill", (before, c * (w + rate * c * w) ** 2 / 2), "The first is right. "
                        "The step goes against the slope, not with it."),
                Mistake("forgot the curvature", (before, c * (w - rate * w) ** 2 / 2), "The first "
                        "is right. The slope is the number in front times w."),
                Mistake("forgot ½", (2 * before, 2 * after), "Both are twice as large: the ½ is "
                        "missing."),
                Mistake("gave the weights", (w, new), "These are the weights. Put them into J."),
            ),
        ),
        hint=(rf"The slope of $J$ at $w$ is ${format_tex(c)}\,w$.",),
        worked=(
            lines(
                rf"J(w) &= \tfrac{{1}}{{2}}\cdot {format_tex(c)}\cdot ({format_tex(w)})^2 "
                f"{is_about(before)}",
                rf"w &:= {format_tex(w)} - {format_tex(rate)}\cdot {format_tex(c)}\cdot "
                f"({format_tex(w)}) {is_about(new)}",
                rf"J(w) &= \tfrac{{1}}{{2}}\cdot {format_tex(c)}\cdot ({format_tex(new)})^2 "
                f"{is_about(after)}",
            ),
            "It goes down: this step is short enough."
            if after < before
            else "It does not go down: the step is too large and lands higher on the other side.",
        ),
        sound=not math.isclose(after, before) and abs(new) > 0.01,
    )  # fmt: skip
