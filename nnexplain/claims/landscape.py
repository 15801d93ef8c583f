"""Claims of lesson 7: whose axes the landscape has, what slices hide, where descent gets to."""

from __future__ import annotations

import numpy as np

from nnexplain.claims.registry import Evidence, Verdict, claims
from nnexplain.descent import descend
from nnexplain.experiments.landscape import (
    RATE,
    hidden_way,
    inputs_or_weights,
    rulers,
    same_sign,
    stall,
)
from nnexplain.network import Network
from nnexplain.worked import worked

_LARGE_RATE = 3.0


@claims.register(
    "B3",
    source="thread",
    says="Imagine a two-dimensional input, and the error as a landscape over it in which one walks "
    "down",
    finding="Walking downhill over the inputs takes J of the textbook's sample from {start} to "
    "{there}, but it has changed the sample and not the network: for the sample as it was, J is "
    "still {given}. As many steps over the {count} parameters take J of that same sample to "
    "{learned}. The axes of the landscape are the parameters, as the same author says in a comment "
    "(B8).",
)
def the_axes_are_parameters() -> Evidence:
    """Walk down J of one sample over its inputs, then over the parameters; compare what is left."""
    found = inputs_or_weights()
    downhill = found.there < found.start
    nothing_learned = found.given == found.start
    learned = found.learned < found.start / 10
    return Evidence(
        Verdict.FALSE if downhill and nothing_learned and learned else Verdict.TRUE,
        {
            "start": found.start, "there": found.there, "given": found.given,
            "count": len(worked["han_kamber"].network.names), "learned": found.learned,
        },
    )  # fmt: skip


@claims.register(
    "B4",
    source="thread",
    says="Gradient descent always walks in the direction of steepest descent until it reaches a "
    "(local) minimum",
    finding="It depends on the step: from the textbook's parameters on the {samples} samples of "
    "lesson 7, none of {steps} steps with η = {small} went up, but {rises} of those with η = "
    "{large} did (give or take a few: the last digit decides). It "
    "need not end in a minimum: a descent from a saddle stays there, at J = "
    "{saddle}. And which way is steepest depends on how lengths are measured: at random "
    "parameters, the part of it in w₁₄ and w₂₄ turns by {angle} degrees if w₁₄ counts {factor} "
    "times.",
    references=("dauphin2014",),
)
def steepest_until_a_minimum() -> Evidence:
    """Count steps that go up, start on a saddle, and measure one weight by another ruler."""
    x, y = same_sign()
    net = worked["han_kamber"].network
    steps = 1000
    rises = [
        int((np.diff(descend(net, x, y, learning_rate=rate, steps=steps).loss) > 0).sum())
        for rate in (RATE, _LARGE_RATE)
    ]
    stuck, turned = stall(), rulers(Network([3, 2, 1], seed=2))
    rests = stuck.on_it.stopped == "stalled at a saddle"
    holds = rises[0] == 0
    fails = rises[1] > 0 or rests or turned.angle > 1
    verdict = Verdict.CONDITIONS if fails else Verdict.TRUE
    return Evidence(
        verdict if holds else Verdict.FALSE,
        {
            "samples": len(y), "steps": steps, "small": RATE, "large": _LARGE_RATE,
            "rises": rises[1], "saddle": float(stuck.on_it.loss[-1]), "factor": turned.factor,
            "angle": round(turned.angle, 1),
        },
    )  # fmt: skip


@claims.register(
    "L7-slice",
    source="nnexplain",
    says="A place can be the bottom of a valley in every picture over two parameters, and be no "
    "minimum",
    finding="At a point with J = {level} the gradient is zero. In {bowls} of the {pictures} "
    "pictures over two of the {count} parameters it is a bottom. Of its {count} principal "
    "curvatures {down} are negative, and {reach} away in the direction of the most negative one J "
    "is {lowest}.",
)
def slices_hide_the_way_down() -> Evidence:
    """Look at a saddle of the 3-2-1 network in every plane of two parameters, then in all."""
    found = hidden_way()
    at = int(found.down.loss.argmin())
    lowest = float(found.down.loss[at])
    hidden = found.bowls == found.pictures and lowest < found.point.loss
    return Evidence(
        Verdict.TRUE if hidden and found.point.critical else Verdict.FALSE,
        {
            "level": found.point.loss, "bowls": found.bowls, "pictures": found.pictures,
            "count": len(found.along), "down": found.point.signs[0],
            "reach": abs(float(found.down.values[at])), "lowest": lowest,
        },
    )  # fmt: skip


@claims.register(
    "L7-saddle",
    source="nnexplain",
    says="Descent can stand still where there is no minimum, and a nudge sets it free",
    finding="Where all weights are 0 and the network predicts the mean of the targets, J is "
    "{level} and the gradient has length {slope}; {down} curvatures are negative, {flat} zero, "
    "{up} positive. A descent from there stays. One that starts {nudge} beside it, in w₁₄ and "
    "w₄₆, gets to J = {free}, and takes {half} steps for the first half of the way.",
)
def a_saddle_holds() -> Evidence:
    """Start a descent exactly on a saddle, and another one a nudge beside it."""
    found = stall()
    level, free = found.point.loss, float(found.beside_it.loss[-1])
    stays = found.on_it.stopped == "stalled at a saddle" and found.point.kind == "saddle"
    down, flat, up = found.point.signs
    half = int((found.beside_it.loss > (level + free) / 2).sum())
    return Evidence(
        Verdict.TRUE if stays and free < level / 2 else Verdict.FALSE,
        {
            "level": level, "slope": float(np.linalg.norm(found.point.gradient)), "down": down,
            "flat": flat, "up": up, "nudge": found.nudge, "free": free, "half": half,
        },
    )  # fmt: skip
