"""Claims about ReLU: the kink that bends, the unit that dies, and the slope nobody can see."""

from __future__ import annotations

import numpy as np

from nnexplain.claims.registry import Evidence, Verdict, claims
from nnexplain.experiments.relu import at_the_kink, bends, one_bad_step, revivals
from nnexplain.worked import worked


@claims.register(
    "L13-kink",
    source="nnexplain",
    says="ReLU's slope is only ever 0 or 1, so a ReLU network collapses to a straight line",
    finding="The jump from 0 to 1 is the bend. The best straight line for XOR has a mean "
    "squared error of {line}; a network with two ReLU units has {relu}. And 4, 8 and 16 ReLU units "
    "follow the parabola x² with gaps of {four}, {eight} and {sixteen}.",
    references=("goodfellow2016",),
)
def the_kink_bends() -> Evidence:
    """Evaluate the published solution of exclusive or, and draw a parabola with n bends."""
    example = worked["goodfellow_xor"]
    line, relu = (net.loss(example.x, example.y) for net in example.networks.values())
    four, eight, sixteen = (bends(pieces).gap for pieces in (4, 8, 16))
    return Evidence(
        Verdict.FALSE if relu < line and sixteen < eight < four else Verdict.TRUE,
        {"line": line, "relu": relu, "four": four, "eight": eight, "sixteen": sixteen},
    )


@claims.register(
    "L13-dead",
    source="nnexplain",
    says="A ReLU unit that is off for every sample is dead for good",
    finding="In the first hidden layer, yes: of {first} units that were ever off for all samples, "
    "{first_back} came back. In the second one, {second_back} of {second} did, because the units "
    "in front of them kept moving. A leak of 0.1 brings the unit of the figure back after {leaky} "
    "steps, one of 0.01 after {slow}.",
    references=("maas2013",),
)
def dead_for_good() -> Evidence:
    """Watch 40 networks with two hidden layers, and one unit with and without a leak."""
    first, second = revivals()
    backs = (one_bad_step(name, 1500).back_after for name in ("leaky_relu(0.1)", "leaky_relu"))
    leaky, slow = (float("nan") if back is None else back for back in backs)
    came_back = first.came_back, second.came_back
    return Evidence(
        Verdict.TRUE if came_back == (0, 0) else Verdict.CONDITIONS if 0 in came_back
        else Verdict.FALSE,
        {"first": first.ever_off, "first_back": first.came_back, "second": second.ever_off,
         "second_back": second.came_back, "leaky": leaky, "slow": slow},
    )  # fmt: skip


@claims.register(
    "L13-slope-at-0",
    source="nnexplain",
    says="It does not matter which slope ReLU has at its kink",
    finding="If no pre-activation is exactly 0, it cannot: with inputs of ±½, {hits} of them are, "
    "and slopes of 0 and 1 lead 200 networks to the same parameters, bit for bit. With inputs of "
    "0 and 1, and biases that start at 0, {kink_hits} are exactly 0: then {solved0} % "
    "of the networks solve XOR with slope 0 at the kink, and {solved1} % with slope 1.",
    references=("bertoin2021",),
)
def slope_at_the_kink() -> Evidence:
    """Train the same 200 networks with both conventions, on two sets of inputs."""
    zero, one = at_the_kink(0.0, -0.5), at_the_kink(1.0, -0.5)
    zero_hit, one_hit = at_the_kink(0.0), at_the_kink(1.0)
    same = np.array_equal(zero.theta, one.theta)
    same_hit = np.array_equal(zero_hit.theta, one_hit.theta)
    return Evidence(
        Verdict.TRUE if same and same_hit else Verdict.CONDITIONS if same else Verdict.FALSE,
        {"hits": zero.hits, "kink_hits": zero_hit.hits, "solved0": 100 * zero_hit.solved,
         "solved1": 100 * one_hit.solved},
    )  # fmt: skip
