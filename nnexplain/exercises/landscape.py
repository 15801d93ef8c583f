"""Exercises of lesson 7: what kind of place, and how steep in which direction."""

from __future__ import annotations

import math

from nnexplain.exercises.answers import Choice, Mistake, Numbers, Option, Part
from nnexplain.exercises.draw import Draw
from nnexplain.exercises.problem import Draft, exercises
from nnexplain.exercises.text import is_about, line, lines, products
from nnexplain.numbers import format_tex

_PLACES = {
    "valley": "A minimum: it rises in every direction",
    "hill": "A hilltop: it falls in every direction",
    "saddle": "A saddle: it rises in some directions and falls in others",
}


@exercises.register("what-place", 7, "What kind of place is this?")
def what_place(draw: Draw) -> Draft:
    """Ask for the kind of a critical point, where the diagonal alone can mislead."""
    a, c = (draw.pick((-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0)) for _ in range(2))
    b = draw.pick((-3.0, -2.0, -1.0, 1.0, 2.0, 3.0))
    determinant = a * c - b * b
    middle, half = (a + c) / 2, math.hypot((a - c) / 2, b)
    low, high = middle - half, middle + half
    kind = "saddle" if determinant < 0 else "valley" if a > 0 else "hill"
    looks = "saddle" if a * c < 0 else "valley" if a > 0 else "hill"
    why = f"The curvatures are {low:.3g} and {high:.3g}.".replace("-", "−")
    mistakes = dict.fromkeys(_PLACES, "other signs") | {looks: "looked at the diagonal only"}
    return Draft(
        numbers={"a": a, "b": b, "c": c},
        question=(
            rf"Both slopes are zero at a place. There $\frac{{\partial^2 J}}{{\partial u^2}} = "
            rf"{format_tex(a)}$, $\frac{{\partial^2 J}}{{\partial v^2}} = {format_tex(c)}$ and "
            rf"$\frac{{\partial^2 J}}{{\partial u\,\partial v}} = {format_tex(b)}$. "
            "What kind of place is it?",
        ),
        answer=Choice(
            tuple(
                Option(text, why, "" if key == kind else mistakes[key])
                for key, text in _PLACES.items()
            )
        ),
        hint=(
            "The curvatures along $u$ and $v$ are not all: along a slanted line the mixed one "
            "counts too. The product of the smallest and the largest curvature is "
            r"$a\,c - b^2$, with $a$ the curvature along $u$, $c$ that along $v$ and $b$ the mixed "
            "one.",
        ),
        worked=(
            line(rf"a\,c - b^2 = ({format_tex(a)})({format_tex(c)}) - ({format_tex(b)})^2 = "
                 f"{format_tex(determinant)}"),
            "It is the product of the smallest and the largest curvature. "
            + ("Their signs differ." if kind == "saddle" else "Both have the same sign."),
        ),
        sound=determinant != 0,
    )  # fmt: skip


@exercises.register("slope-along", 7, "How steep in this direction?")
def slope_along(draw: Draw) -> Draft:
    """Ask for the slope along a direction of length 1, and the steepest of all."""
    u, v = draw.decimal(-0.9, 0.9), draw.decimal(-0.9, 0.9)
    p, q = draw.pick(((0.6, 0.8), (0.8, 0.6), (0.6, -0.8), (-0.8, 0.6), (-0.6, -0.8)))
    along, steepest = u * p + v * q, math.hypot(u, v)
    return Draft(
        numbers={"u": u, "v": v, "p": p, "q": q},
        question=(
            rf"At a place $\frac{{\partial J}}{{\partial u}} = {format_tex(u)}$ and "
            rf"$\frac{{\partial J}}{{\partial v}} = {format_tex(v)}$. How steep is $J$ in the "
            f"direction $({format_tex(p)}, {format_tex(q)})$, which has the length 1? And how "
            "steep in the steepest direction?",
        ),
        answer=Numbers(
            (Part(r"\text{slope}", along, 3), Part(r"\text{steepest}", steepest, 3)),
            (
                Mistake("added the slopes", (u + v, steepest), "You have added the two slopes. "
                        "Each counts as much as the direction goes along it."),
                Mistake("added for the steepest", (along, abs(u) + abs(v)), "The first is right. "
                        "The steepest slope is the length of the gradient, a square root."),
                Mistake("turned the direction", (u * q + v * p, steepest), "You have exchanged the "
                        "two parts of the direction."),
                Mistake("squared", (along, steepest**2), "The first is right. The second is the "
                        "square of the length of the gradient."),
            ),
        ),
        hint=(
            "Multiply each slope by the part of the direction that goes along it, and add. The "
            "steepest slope is the length of the gradient.",
        ),
        worked=(
            lines(
                rf"\text{{slope}} &= {products([(u, p), (v, q)])} {is_about(along)}",
                rf"\text{{steepest}} &= \sqrt{{({format_tex(u)})^2 + ({format_tex(v)})^2}} "
                f"{is_about(steepest)}",
            ),
        ),
    )  # fmt: skip
