"""Claims about walking downhill: when it arrives, and why it must not start from equal units."""

from __future__ import annotations

import math

from nnexplain.claims.registry import Evidence, Verdict, claims
from nnexplain.experiments.step_size import SOLVED, example_walk, many_starts, valley
from nnexplain.experiments.symmetry import RATE, equal_units, pair
from nnexplain.worked import worked


@claims.register(
    "A2",
    source="thread",
    says="The problem is easily solved with gradient descent: start from random values, choose a "
    "proper learning rate, and update till convergence",
    finding="It depends. From {starts} random starts on eight samples, with {steps} steps, η = 1 "
    "brings {middle} to J ≤ {goal}. η = 0.01 brings {small}: the steps are too small. η = 100 "
    "brings {large}: most walks end on a plateau with J = {thrown}, far out where the sigmoid is "
    "flat. Even with η = 1, {idle} starts get hardly any lower in the second half of the steps; "
    "half of them are at J = {at} or above. And there are true local minima: with one weight and "
    "two samples, a walk that starts at w = −1 ends at J = {low}, one that starts at w = 3 at "
    "J = {high}.",
    references=("auer1996",),
)
def it_depends_on_start_and_step() -> Evidence:
    """Count how many starts arrive under three learning rates, and fall into two valleys."""
    small, middle, large = (many_starts(rate) for rate in (0.01, 1.0, 100.0))
    low, high = valley(-1.0), valley(3.0)
    two_valleys = min(low.curvature, high.curvature) > 0 and high.loss > 2 * low.loss
    arrived = [found.solved for found in (small, middle, large)]
    if max(arrived) == 0:
        verdict = Verdict.FALSE
    elif min(arrived) == middle.starts and not two_valleys:
        verdict = Verdict.TRUE
    else:
        verdict = Verdict.CONDITIONS
    return Evidence(
        verdict,
        {"starts": middle.starts, "steps": middle.steps, "goal": SOLVED, "small": small.solved,
         "middle": middle.solved, "large": large.solved, "thrown": large.idle_at,
         "idle": middle.idle, "at": middle.idle_at, "low": low.loss, "high": high.loss},
    )  # fmt: skip


@claims.register(
    "L4-done",
    source="nnexplain",
    says="A walk of the running example never arrives: it only gets slower",
    finding="A sigmoid is never exactly 0 or 1, so J is never 0. With three samples and η = 0.9, "
    "J is {hundred} after 100 steps, {thousand} after 1000 and {more} after 10,000. From 1000 to "
    "10,000 steps, J falls with the power {power} of the number of steps.",
)
def never_done() -> Evidence:
    """Walk ten thousand steps and fit the power with which J falls."""
    loss = example_walk(0.9, 10_000).loss
    steady = bool((loss[1001:] < loss[1000:-1]).all())
    fall = loss[1000] / loss[10_000]
    slower = 1 < fall < 100 and loss[-1] > 0
    return Evidence(
        Verdict.TRUE if steady and slower else Verdict.FALSE,
        {"hundred": loss[100], "thousand": loss[1000], "more": loss[10_000],
         "power": -math.log10(fall)},
    )  # fmt: skip


@claims.register(
    "L4-symmetry",
    source="nnexplain",
    says="Hidden units that start equal stay equal for ever",
    finding="On the eight samples of lesson 4, with η = {rate}, after {steps} steps the two "
    "hidden units differ by exactly {equal}, in every weight and bias, and have not differed by "
    "more on the way. J is {stays}: two units do the work of one. From the textbook's unequal "
    "numbers the same walk gets to {falls}.",
    references=("rumelhart1986",),
)
def equal_units_stay_equal() -> Evidence:
    """Walk from two equal hidden units, and from two that differ."""
    net = worked["han_kamber"].network
    equal, unequal = pair(equal_units(net)), pair(net)
    matters = equal.walk.loss[-1] > 10 * unequal.walk.loss[-1]
    return Evidence(
        Verdict.TRUE if equal.farthest == 0 and matters else Verdict.FALSE,
        {"rate": RATE, "steps": len(equal.walk) - 1, "equal": equal.farthest,
         "stays": equal.walk.loss[-1], "falls": unequal.walk.loss[-1]},
    )  # fmt: skip
