"""Exercises of lesson 3: what "wrong" means."""

from __future__ import annotations

from nnexplain.exercises.answers import Mistake, Numbers, Part
from nnexplain.exercises.draw import Draw
from nnexplain.exercises.problem import Draft, exercises
from nnexplain.exercises.text import given, is_about, line, lines, listed
from nnexplain.losses import losses
from nnexplain.numbers import format_tex


@exercises.register("half-squared-error", 3, "The loss of three samples")
def half_squared_error(draw: Draw) -> Draft:
    """Ask for J of three samples: forgot the ½, averaged, did not square."""
    h = [draw.decimal(0.05, 0.95, 0.05) for _ in range(3)]
    y = [float(draw.whole(0, 1)) for _ in range(3)]
    misses = [target - said for said, target in zip(h, y, strict=True)]
    squares = sum(miss**2 for miss in misses)
    loss = squares / 2
    shown = " + ".join(f"({format_tex(miss)})^2" for miss in misses)
    return Draft(
        numbers={"h": h, "y": y},
        question=(
            f"A network answers {listed(f'${format_tex(v)}$' for v in h)} to three samples. Their "
            f"targets are {listed(f'${format_tex(v)}$' for v in y)}. Compute $J$, the half squared "
            "error of all three together.",
        ),
        answer=Numbers(
            (Part("J", loss, 3),),
            (
                Mistake("forgot ½", squares, "That is the sum of the squares. The ½ is missing."),
                Mistake("averaged", squares / 3, "That is the mean of the squares, the MSE. Here "
                        "the squares are added, and J is half of the sum."),
                Mistake("averaged and halved", squares / 6, "You have averaged over the samples. "
                        "This J is a sum."),
                Mistake("not squared", sum(map(abs, misses)) / 2, "The differences are not "
                        "squared."),
                Mistake("cancelled", abs(sum(misses)) / 2, "Square each difference before you "
                        "add them, or those of opposite sign cancel."),
            ),
        ),
        hint=(line(r"J = \tfrac{1}{2}\left((y_1-h_1)^2 + (y_2-h_2)^2 + (y_3-h_3)^2\right)"),),
        worked=(lines(rf"J &= \tfrac{{1}}{{2}}\left({shown}\right)", f"&{is_about(loss)}"),),
    )  # fmt: skip


@exercises.register("loss-slope", 3, "The slope of the loss")
def loss_slope(draw: Draw) -> Draft:
    """Ask for ∂J/∂h of the half squared error: h − y."""
    h, y = draw.decimal(0.01, 0.99, 0.01), float(draw.whole(0, 1))
    record = losses["half_squared_error"]
    slope, value = float(record.slope(y, h)), float(record.formula(y, h))
    return Draft(
        numbers={"h": h, "y": y},
        question=(
            rf"The loss of one sample is $J = \tfrac{{1}}{{2}}(y-h)^2$, with "
            rf"{given({'h': h, 'y': y})}. Compute $\frac{{\partial J}}{{\partial h}}$.",
        ),
        answer=Numbers(
            (Part(r"\frac{\partial J}{\partial h}", slope, 3),),
            (
                Mistake("wrong sign", -slope, "That is y − h. J grows when h moves away from y, "
                        "and then the slope is h − y."),
                Mistake("forgot ½", 2 * slope, "That is the slope of (y − h)², without the ½. The "
                        "½ is there to cancel this 2."),
                Mistake("gave J", value, "That is the loss J itself. How fast does it change with "
                        "h?"),
            ),
        ),
        hint=("Differentiate the square, and do not forget what stands inside: $-h$.",),
        worked=(
            line(rf"\frac{{\partial J}}{{\partial h}} = -(y-h) = h-y = {format_tex(h)} - "
                 rf"{format_tex(y)} {is_about(slope)}"),
        ),
    )  # fmt: skip


@exercises.register("same-steps", 3, "The same steps with another loss")
def same_steps(draw: Draw) -> Draft:
    """Ask which learning rate makes the MSE take the steps of the half squared error."""
    count, rate = 10 * draw.whole(2, 60), draw.decimal(0.01, 0.09, 0.01)
    same = rate * count / 2
    return Draft(
        numbers={"N": float(count), "eta": rate},
        question=(
            rf"A book trains on $N = {count}$ samples with $J = \tfrac{{1}}{{2}}\sum (y-h)^2$ and "
            rf"the learning rate $\eta = {format_tex(rate)}$. You use the mean squared error, "
            r"$\frac{1}{N}\sum (y-h)^2$. Which learning rate takes the same steps?",
        ),
        answer=Numbers(
            (Part(r"\eta", same, 3),),
            (
                Mistake("turned round", rate * 2 / count, "You have made the learning rate "
                        "smaller. The mean has the smaller slopes, so its rate must be larger."),
                Mistake("forgot ½", rate * count, "The mean divides by N, but it has no ½ either: "
                        "its slopes are 2/N of the others, not 1/N."),
                Mistake("unchanged", rate, "The slopes are not the same, so with the same learning "
                        "rate the steps are not."),
            ),
        ),
        hint=("By which factor are the slopes of the mean smaller? The product of slope and "
              "learning rate moves a parameter, and it must stay the same.",),
        worked=(
            rf"The slopes of the mean are $\frac{{2}}{{N}} {is_about(2 / count)}$ of those of the "
            r"half sum. So $\eta$ grows by $\frac{N}{2}$:",
            line(rf"\eta = {format_tex(rate)}\cdot\frac{{{count}}}{{2}} {is_about(same)}"),
        ),
    )  # fmt: skip
