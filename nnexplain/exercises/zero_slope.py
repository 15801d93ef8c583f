"""Exercises of lesson 11: steps, and how sharp a smooth unit can be."""

from __future__ import annotations

import math

from nnexplain.exercises.answers import Choice, Mistake, Numbers, Option, Part
from nnexplain.exercises.draw import Draw
from nnexplain.exercises.problem import Draft, exercises
from nnexplain.exercises.text import bracketed, given, is_about, lines, signed
from nnexplain.numbers import format_tex


@exercises.register("until-it-jumps", 11, "How far until it jumps?")
def until_it_jumps(draw: Draw) -> Draft:
    """Ask how far a weight of a step unit must be turned before anything changes."""
    w, b = draw.decimal(-0.9, 0.9), draw.decimal(-0.9, 0.9)
    x = draw.pick((-2.0, -0.5, 0.5, 2.0, 4.0))
    z = w * x + b
    turn = -z / x
    return Draft(
        numbers={"w": w, "x": x, "b": b},
        question=(
            f"A step unit has one input, {given({'x': x})}, and the parameters "
            f"{given({'w': w, 'b': b})}. It jumps where its sum passes 0. By how much must $w$ be "
            "changed until it does?",
        ),
        answer=Numbers(
            (Part(r"\text{change of }w", turn, 3),),
            (
                Mistake("forgot the input", -z, "By that much the sum must change. The weight "
                        "reaches it multiplied by x."),
                Mistake("wrong sign", -turn, "The size is right, the direction is not."),
                Mistake("gave the new weight", w + turn, "That is the weight at which it jumps. "
                        "How far is it from where it is?"),
                Mistake("forgot the bias", -w, "At that change the weight is 0, but the bias "
                        "still stands in the sum."),
            ),
        ),
        hint=("Compute the sum $z$. By how much must it change? A change of $w$ reaches it "
              "multiplied by $x$.",),
        worked=(
            lines(
                rf"z &= {bracketed(w)}\cdot {bracketed(x)} {signed(b)} {is_about(z)}",
                rf"\text{{change of }}w &= \frac{{{format_tex(-z)}}}{{{format_tex(x)}}} "
                f"{is_about(turn)}",
            ),
            "Anything less changes nothing at all: the slope is 0.",
        ),
        sound=abs(z) > 0.05,
    )  # fmt: skip


@exercises.register("sharp-sigmoid", 11, "A smooth unit as sharp as you like")
def sharp_sigmoid(draw: Draw) -> Draft:
    """Ask for the weight that lets a sigmoid rise from 1 − p to p within a given distance."""
    p, d = draw.decimal(0.8, 0.99, 0.01), draw.decimal(0.01, 0.2, 0.01)
    low = round(1 - p, 10)
    reach = math.log(p / (1 - p))
    w = 2 * reach / d
    return Draft(
        numbers={"low": low, "high": p, "distance": d},
        question=(
            f"A sigmoid unit with one input shall answer {format_tex(low)} at some $x$, and "
            f"{format_tex(p)} at $x + {format_tex(d)}$. Which weight does that take?",
        ),
        answer=Numbers(
            (Part("w", w, 3),),
            (
                Mistake("one side only", reach / d, "You have reached from ½ to the upper value. "
                        "The sum has as far to go from the lower one to ½."),
                Mistake("forgot the distance", 2 * reach, "By that much the sum must rise. It does "
                        "so while x moves a small distance only."),
                Mistake("a straight line", (p - low) / d, "That is the rise of the output over "
                        "the distance. Ask by how much the sum must rise."),
                Mistake("multiplied", 2 * reach * d, "You have multiplied by the distance. The "
                        "shorter it is, the larger the weight must be."),
            ),
        ),
        hint=(
            r"$\sigma(z) = p$ at $z = \ln\left(\frac{p}{1-p}\right)$, and $\sigma(z) = 1-p$ at "
            "minus that. A weight stretches distances.",
        ),
        worked=(
            lines(
                rf"\ln\left(\frac{{{format_tex(p)}}}{{{format_tex(low)}}}\right) "
                f"&{is_about(reach)}",
                rf"w &\approx \frac{{2\cdot {format_tex(reach)}}}{{{format_tex(d)}}} "
                f"{is_about(w)}",
            ),
            "A large weight makes a smooth unit as sharp as you like, and descent can approach it "
            "in small steps. In return, almost everywhere else the unit is flat.",
        ),
    )  # fmt: skip


_FUNCTIONS = {
    "sigmoid": "the quotients settle on a number above 0",
    "step": "the quotients are 0 from some point on",
    "jump": "the quotients grow without end",
    "hash": "the quotients jump about and grow",
}


@exercises.register("shrinking-nudges", 11, "What do ever smaller nudges say?")
def shrinking_nudges(draw: Draw) -> Draft:
    """Ask for the difference quotients of a sigmoid, a step, its jump, and a hash."""
    place = draw.decimal(0.1, 0.9)
    asked = {
        "sigmoid": f"the sigmoid at $z = {format_tex(place)}$",
        "step": f"the step function, which jumps at 0, at $z = {format_tex(place)}$",
        "jump": "the step function, which is 0 below 0 and 1 from 0 on, seen from just "
                "below its jump",
        "hash": f"a hash of the digits of $z$, read as a number from 0 to 1, at "
                f"$z = {format_tex(place)}$",
    }  # fmt: skip
    key = draw.pick(tuple(asked))
    why = {
        "sigmoid": "A smooth curve becomes straight under the microscope: the slope is the limit.",
        "step": "Nudges smaller than the way to the jump change nothing.",
        "jump": "The difference stays 1, however small the nudge that crosses the jump.",
        "hash": "Neighbours get unrelated values, so the difference does not shrink, and is "
                "different each time.",
    }  # fmt: skip
    nudged = "from just below to just above it" if key == "jump" else "by less and less"
    return Draft(
        numbers={"function": key},
        question=(
            f"Take {asked[key]}. You nudge $z$ {nudged} and divide the change that comes out by "
            "the nudge. What do you see as the nudges shrink?",
        ),
        answer=Choice(
            tuple(
                Option(text.capitalize(), why[key], "" if name == key else f"took it for {name}")
                for name, text in _FUNCTIONS.items()
            )
        ),
        hint=("Does the change that comes out shrink with the nudge? As fast as the nudge?",),
        worked=(),
    )
