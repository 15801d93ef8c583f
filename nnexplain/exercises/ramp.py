"""Exercises of lesson 10: a loss of constant slope."""

from __future__ import annotations

from statistics import mean, median

from nnexplain.exercises.answers import Mistake, Numbers, Part
from nnexplain.exercises.draw import Draw
from nnexplain.exercises.problem import Draft, exercises
from nnexplain.exercises.text import bracketed, is_about, lines, listed
from nnexplain.losses import losses
from nnexplain.numbers import format_tex


@exercises.register("two-pulls", 10, "Two losses, two pulls")
def two_pulls(draw: Draw) -> Draft:
    """Ask for ∂J/∂h under the half squared and the absolute error."""
    y, miss = draw.decimal(-2, 2, 0.5), draw.decimal(-3, 3, 0.2)
    h = round(y + miss, 10)
    squared, absolute = losses["half_squared_error"], losses["absolute"]
    pulls = (float(squared.slope(y, h)), float(absolute.slope(y, h)))
    return Draft(
        numbers={"h": h, "y": y},
        question=(
            rf"A network answers $h = {format_tex(h)}$ where $y = {format_tex(y)}$ is right. "
            r"Compute $\frac{\partial J}{\partial h}$ for the half squared error, and then for the "
            r"absolute error $J = |h - y|$.",
        ),
        answer=Numbers(
            (Part(r"\text{squared}", pulls[0], 3), Part(r"\text{absolute}", pulls[1], 3)),
            (
                Mistake("wrong sign", (-pulls[0], -pulls[1]), "Both signs are wrong. J grows when "
                        "h moves away from y."),
                Mistake("the same pull", (pulls[0], pulls[0]), "The absolute error is a ramp: its "
                        "slope does not depend on how far h is off."),
                Mistake("gave |h − y|", (pulls[0], abs(miss)), "The first is right. The second is "
                        "the absolute error itself, not its slope."),
                Mistake("exchanged", (pulls[1], pulls[0]), "You have exchanged the two. The "
                        "squared error pulls harder the farther h is off."),
                Mistake("forgot ½", (2 * pulls[0], pulls[1]), "The second is right. In the first "
                        "the ½ cancels the 2 of the square."),
            ),
        ),
        hint=("The slope of the half squared error is $h - y$. A ramp has the same slope all the "
              "way: 1 or −1. On which side of $y$ are we?",),
        worked=(
            lines(
                rf"h - y &= {format_tex(h)} - {bracketed(y)} {is_about(pulls[0])}",
                rf"\text{{slope of }}|h-y| &= {format_tex(pulls[1])}",
            ),
        ),
        sound=abs(miss) not in (0.5, 1.0),
    )  # fmt: skip


@exercises.register("rattle", 10, "Where does it rattle?")
def rattle(draw: Draw) -> Draft:
    """Ask where a fixed step on the absolute error is, to and fro around its target."""
    target, start = draw.decimal(1, 3, 0.5), draw.decimal(-2, 0.5, 0.5)
    rate = draw.pick((0.3, 0.4, 0.6, 0.7, 0.8))
    steps = draw.whole(30, 99)
    walk = [start]
    for _ in range(steps):
        walk.append(round(walk[-1] - rate * (1 if walk[-1] > target else -1), 10))
    end, before = walk[-1], walk[-2]
    passed = next(k for k, place in enumerate(walk) if place > target)
    return Draft(
        numbers={"y": target, "start": start, "eta": rate, "steps": float(steps)},
        question=(
            f"A weight $w$ starts at ${format_tex(start)}$ and walks down $J = |w - y|$ with "
            f"$y = {format_tex(target)}$ and the fixed learning rate "
            rf"$\eta = {format_tex(rate)}$. Where is it after {steps} steps?",
        ),
        answer=Numbers(
            (Part("w", end, 3),),
            (
                Mistake("one step off", before, "It does come by there, one step earlier or later. "
                        "Is the number of the remaining steps even or odd?"),
                Mistake("settled", target, "It never settles there: every step has the same "
                        "length, however near the target is."),
                Mistake("walked on", round(start + rate * steps, 10), "It turns round as soon as "
                        "it has passed the target."),
            ),
        ),
        hint=("Every step has the length $\\eta$. Walk until the target is passed; from then on "
              "it is to and fro. How many steps are left?",),
        worked=(
            f"The first steps lead to {listed(f'${format_tex(w)}$' for w in walk[1 : passed + 1])}"
            f". Then $w$ jumps between ${format_tex(min(end, before))}$ and "
            f"${format_tex(max(end, before))}$. After the {passed} steps with which it has passed "
            f"the target {steps - passed} are left, an {'odd' if (steps - passed) % 2 else 'even'} "
            "number.",
        ),
        sound=target not in walk,
    )  # fmt: skip


@exercises.register("where-it-settles", 10, "Which answer fits all?")
def where_it_settles(draw: Draw) -> Draft:
    """Ask where two losses settle: at the mean, and at the median."""
    targets = [float(draw.whole(0, 3)) for _ in range(4)] + [float(draw.whole(8, 20))]
    targets = draw.shuffled(targets)
    middle, average = median(targets), mean(targets)
    in_order = ",\\; ".join(map(format_tex, sorted(targets)))
    return Draft(
        numbers={"targets": targets},
        question=(
            "A model has a single constant to answer with. Five measurements say "
            f"{listed(f'${format_tex(t)}$' for t in targets)}. Which constant has the smallest "
            "half squared error in all, and which the smallest absolute error?",
        ),
        answer=Numbers(
            (Part(r"\text{squared}", average, 3), Part(r"\text{absolute}", middle, 3)),
            (
                Mistake("exchanged", (middle, average), "You have exchanged the two. The squared "
                        "error pulls harder from afar, so the outlier moves it."),
                Mistake("the mean twice", (average, average), "The first is right. The absolute "
                        "error pulls with the same force from everywhere: it votes."),
                Mistake("the median twice", (middle, middle), "The second is right. The squared "
                        "error pulls harder the farther away a measurement is."),
                Mistake("did not sort", (average, targets[2]), "The first is right. For the second "
                        "put the measurements in order before you take the middle one."),
            ),
        ),
        hint=(
            "At the best constant the pulls cancel. A pull of the squared error is a distance; a "
            "pull of the absolute error is 1 or −1, whatever the distance.",
        ),
        worked=(
            lines(
                rf"\text{{mean}} &= \frac{{{' + '.join(map(format_tex, targets))}}}{{5}} "
                f"{is_about(average)}",
                rf"\text{{median}} &= {format_tex(middle)}",
            ),
            f"In order the measurements are ${in_order}$, and the median is the middle one.",
        ),
    )  # fmt: skip
