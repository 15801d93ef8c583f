"""Exercises of lesson 8: what a value does, and what a slope does."""

from __future__ import annotations

from nnexplain.exercises.answers import Choice, Mistake, Numbers, Option, Part
from nnexplain.exercises.draw import Draw
from nnexplain.exercises.problem import Draft, exercises
from nnexplain.exercises.text import is_about, line
from nnexplain.numbers import format_tex


@exercises.register("other-slope", 8, "The same value, another slope")
def other_slope(draw: Draw) -> Draft:
    """Ask what another slope does where the value is the same."""
    before, after = draw.decimal(0.1, 0.25, 0.05), draw.decimal(0.3, 0.9)
    gradient = draw.decimal(-0.09, 0.09, 0.001)
    new = gradient * after / before
    return Draft(
        numbers={"before": before, "after": after, "gradient": gradient},
        question=(
            rf"In a 3-2-1 network $\frac{{\partial J}}{{\partial w_{{14}}}} = "
            rf"{format_tex(gradient)}$, and the slope of unit 4 is {format_tex(before)}. You give "
            "unit 4 another activation function, which has the *same value* at $z_4$ and the slope "
            rf"{format_tex(after)}. What is $\frac{{\partial J}}{{\partial w_{{14}}}}$ now?",
        ),
        answer=Numbers(
            (Part(r"\frac{\partial J}{\partial w_{14}}", new, 3),),
            (
                Mistake("unchanged", gradient, "Nothing changes in the forward pass, but the slope "
                        "of unit 4 is a factor of this derivative."),
                Mistake("turned round", gradient * before / after, "You have divided by the new "
                        "slope. The old factor goes and the new one comes."),
                Mistake("kept the old factor", gradient * after, "You have multiplied by the new "
                        "slope, but the old one is still in the product."),
                Mistake("added", gradient + after - before, "The slope is a factor of the product, "
                        "not a summand."),
            ),
        ),
        hint=("The value of unit 4 is the same, so $h$ and all other factors stay. Only one factor "
              "of the five is another.",),
        worked=(
            line(rf"\frac{{\partial J}}{{\partial w_{{14}}}} = {format_tex(gradient)}\cdot"
                 rf"\frac{{{format_tex(after)}}}{{{format_tex(before)}}} {is_about(new)}"),
        ),
    )  # fmt: skip


_WATCHED = ("w14", "w46", "b5")
_NONE = "None of them"
# What a change of unit 4 or 5, which leaves h as it is, does to the derivatives of _WATCHED.
_CHANGES = {
    "the *slope* of unit 4 at $z_4$ becomes another, its value $a_4$ stays": "w14",
    "the *slope* of unit 5 at $z_5$ becomes another, its value $a_5$ stays": "b5",
    "the *value* $a_4$ grows by ½, its slope stays, and $b_6$ is moved so that $z_6$ stays": "w46",
    "the *value* $a_5$ grows by ½, its slope stays, and $b_6$ is moved so that $z_6$ stays": _NONE,
}
_WHY = {
    "w14": "The path of w14 goes through unit 4, and the slope there is a factor.",
    "b5": "The path of b5 goes through unit 5, and the slope there is a factor.",
    "w46": "a4 is what enters through w46: there the value itself is a factor.",
    _NONE: "a5 enters through w56 only, and the prediction is the same.",
}


@exercises.register("who-notices", 8, "Who notices?")
def who_notices(draw: Draw) -> Draft:
    """Ask which derivative feels a change of a value, or of a slope."""
    change = draw.pick(tuple(_CHANGES))
    right = _CHANGES[change]
    texts = {name: f"∂J/∂{name}" for name in _WATCHED} | {_NONE: _NONE}
    about = "slope" if "*slope*" in change else "value"
    return Draft(
        numbers={"change": change},
        question=(
            f"In a 3-2-1 network you change one thing: {change}. So the prediction $h$ is the same "
            "as before. Which of these derivatives changes?",
        ),
        answer=Choice(
            tuple(
                Option(text, _WHY[right], "" if key == right else f"misjudged the {about}")
                for key, text in texts.items()
            )
        ),
        hint=("Write down the factors of each. Which of them holds what was changed?",),
        worked=(
            r"The factors are $(h-y)\,\sigma'(z_6)\,w_{46}\,\sigma'(z_4)\,x_1$ for $w_{14}$, "
            r"$(h-y)\,\sigma'(z_6)\,a_4$ for $w_{46}$, and "
            r"$(h-y)\,\sigma'(z_6)\,w_{56}\,\sigma'(z_5)$ for $b_5$.",
        ),
    )  # fmt: skip
