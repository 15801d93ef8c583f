"""Claims about blame, paths and steps, judged on the running example and on networks like it."""

from __future__ import annotations

import numpy as np

from nnexplain.activations import activations
from nnexplain.checks import gradient_check
from nnexplain.claims.registry import Evidence, Verdict, claims
from nnexplain.derivation import derive
from nnexplain.experiments import backpropagation as experiment
from nnexplain.experiments.loss import THREE_X, THREE_Y
from nnexplain.network import Network, bias_name
from nnexplain.worked import gradient_step, worked

_TOLERANCE = 1e-12


@claims.register(
    "B2",
    source="thread",
    says="Training is minimisation, and backpropagation learning is a case of gradient descent",
    finding="Training by gradient descent does make J smaller, here from {before} to {after}. "
    "But what is called backpropagation today only computes the gradient; it moves nothing. "
    "Descent takes the same step with a gradient found without any backpropagation (the weights "
    "differ by at most {gap}), and another rule can use the same gradient: moving every parameter "
    "whose slope is not 0 by the same {size}, against the sign of it, gives J = {other}.",
    references=("rumelhart1986",),
)
def gradient_and_descent() -> Evidence:
    """Take the textbook's step with complex-step derivatives, and a step by signs alone."""
    example = worked["han_kamber"]
    net, x, y, rate = example.network, example.x, example.y, example.learning_rate
    oracle = {row.parameter: row.oracle for row in gradient_check(net, x, y).rows}
    stepped = gradient_step(net, x, y, rate)
    gap = max(abs(net.parameters[n] - rate * oracle[n] - stepped.parameters[n]) for n in net.names)
    size = 0.05
    signs = {n: net.parameters[n] - size * np.sign(g) for n, g in net.gradient(x, y).items()}
    before, after = net.loss(x, y), stepped.loss(x, y)
    other = net.replace(parameters=signs).loss(x, y)
    apart = gap < _TOLERANCE and other < before
    verdict = Verdict.NEARLY if after < before and apart else Verdict.FALSE
    return Evidence(
        verdict, {"before": before, "after": after, "gap": gap, "size": size, "other": other}
    )


@claims.register(
    "B5",
    source="thread",
    says="Find out how much each unit contributes to the error, and adjust in the direction that "
    "contributes the most",
    finding="Not one unit is adjusted but all, each parameter in proportion to its own partial "
    "derivative: this is the direction. One step of the running example moves {moved} of {count} "
    "parameters and brings J from {before} to {all}. The one with the largest derivative makes "
    "{part} percent of that fall (counted as slope squared), and moving it alone gives {one}.",
)
def everyone_in_proportion() -> Evidence:
    """Step with all parameters, and with the one of the largest derivative alone."""
    found = experiment.step()
    shares = {share.name: share for share in found.shares}
    largest = found.shares[0]
    alone = abs(sum(share.part for share in shares.values()) - 1) < _TOLERANCE
    nearly = found.moved > 1 and alone and found.after_all < found.after_largest < found.before
    return Evidence(
        Verdict.NEARLY if nearly else Verdict.FALSE,
        {"moved": found.moved, "count": len(shares), "before": found.before,
         "all": found.after_all, "one": found.after_largest, "part": 100 * largest.part},
    )  # fmt: skip


@claims.register(
    "B8",
    source="thread",
    says="One minimum of the error of the whole network is sought, and the error is split over "
    "units and connections. For each example every weight may move; each weight is a dimension of "
    "the landscape, and one traversal is one step",
    finding="So it is when a step follows each sample: {dimensions} dimensions here, {samples} "
    "samples, {samples} traversals, {samples} steps. With a batch the {samples} traversals make "
    "one step, for the gradient of J is the sum of theirs (to {sum_gap}). The two ways end "
    "{distance} apart at a learning rate of 0.9, and {ratio} times closer at a tenth of it.",
    references=("rumelhart1986",),
)
def batch_and_sample() -> Evidence:
    """Go once through three examples in both ways, with two learning rates."""
    coarse, fine = experiment.epoch(0.9), experiment.epoch(0.09)
    ratio = coarse.distance / fine.distance
    # Second order in the learning rate: a tenth of it, a hundredth of the distance.
    holds = coarse.sum_gap < _TOLERANCE and 50 < ratio < 200 and fine.after_single < fine.before
    return Evidence(
        Verdict.TRUE if holds else Verdict.CONDITIONS,
        {"dimensions": len(worked["han_kamber"].network.names), "samples": coarse.samples,
         "sum_gap": coarse.sum_gap, "distance": coarse.distance, "ratio": ratio},
    )  # fmt: skip


@claims.register(
    "M1",
    source="thread",
    says="A local minimum is needed at each function",
    finding="It is J that should be small, for all parameters together. For one input with the "
    "targets 0.4 and 0.6, J is smallest, {loss}, where h = 0.5: no partial derivative is larger "
    "than {largest} there. Each sample alone still pulls, by {pull} and its opposite. And no unit "
    "is at a minimum: their slopes are {slope4}, {slope5} and {slope6}. A sigmoid only rises, so "
    "it has no minimum anywhere.",
)
def one_minimum_for_all() -> Evidence:
    """Stand at a minimum of J that is known exactly, and look at the slopes of the units."""
    found = experiment.two_opinions()
    net, example = found.network, worked["han_kamber"]
    nearby = net.vector + np.random.default_rng(0).normal(scale=0.1, size=(1000, len(net.names)))
    lowest = np.min(net.losses_at(nearby, [example.x, example.x], [0.4, 0.6]))
    rising = activations["sigmoid"].df(np.linspace(-700, 700, 2801))
    joint = found.largest_partial < _TOLERANCE and lowest >= found.loss
    units_have_none = float(np.min(rising)) > 0 and min(found.slopes.values()) > 0.1
    return Evidence(
        Verdict.FALSE if joint and units_have_none else Verdict.TRUE,
        {"loss": found.loss, "largest": found.largest_partial, "pull": max(found.pulls),
         "slope4": found.slopes[4], "slope5": found.slopes[5], "slope6": found.slopes[6]},
    )  # fmt: skip


@claims.register(
    "C2",
    source="thread",
    says="For the gradient of the mean squared error, backpropagation by the chain rule needs the "
    "derivative of every activation function",
    finding="With three samples and the mean squared error, {units} units have a slope in the "
    "gradient. Leave out any one of these slopes (write 1 for it) and the derivative with respect "
    "to that unit's own bias comes out at least {least} times too large.",
    references=("rumelhart1986",),
)
def every_slope_counts() -> Evidence:
    """Leave the slope of each unit out of the derivative of its bias."""
    net = worked["han_kamber"].network.replace(loss="mse")
    units = [unit for layer in net.layers[1:] for unit in layer]
    ratios = []
    for unit in units:
        at = derive(net, bias_name(unit)).at(THREE_X, THREE_Y)
        kind = "output_slope" if unit in net.layers[-1] else "hidden_slope"
        ratios.append(at.without(kind) / at.value)
    least = min(ratios)
    return Evidence(
        Verdict.TRUE if least > 1.5 else Verdict.CONDITIONS, {"units": len(units), "least": least}
    )


@claims.register(
    "L6-paths",
    source="nnexplain",
    says="One backward pass gives every partial derivative, and costs about two forward passes",
    finding="With {layers} hidden layers of {width} units the first weight has {paths} paths to "
    "the output. One gradient takes {by_path} multiplications path by path, {nudging} by nudging "
    "each parameter once, {backward} by one forward pass ({forward}) and one backward pass, which "
    "costs {extra} times as much.",
    references=("rumelhart1986",),
)
def price_of_a_gradient() -> Evidence:
    """Count on small networks that the rule for the counts holds, then apply it to a deep one."""
    nets = [Network(sizes, seed=0) for sizes in ([3, 10, 1], [3, 10, 10, 1], [2, 3, 3, 3, 2])]
    counts = [experiment.counted(net, [0.5] * net.sizes[0], [1.0] * net.sizes[-1]) for net in nets]
    agreed = all(found == experiment.cost(found.sizes) for found in counts)
    *_, deep = experiment.growth(10, 10)
    extra = deep.passes - 1
    cheap = 1.5 < extra < 2.5 and deep.backward < deep.nudging < deep.path_by_path
    return Evidence(
        Verdict.TRUE if agreed and cheap else Verdict.FALSE,
        {"layers": deep.hidden_layers, "width": deep.sizes[1], "paths": deep.paths,
         "by_path": deep.path_by_path, "nudging": deep.nudging, "backward": deep.backward,
         "forward": deep.forward, "extra": extra},
    )  # fmt: skip
