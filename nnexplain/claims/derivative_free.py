"""Claims about learning without derivatives: that it can be done, and at what price."""

from __future__ import annotations

from nnexplain.claims.registry import Evidence, Verdict, claims
from nnexplain.experiments.backpropagation import cost, counted
from nnexplain.experiments.derivative_free import (
    METHODS,
    RACE_GOAL,
    every_parameter_counts,
    race,
    spare_parameters,
    step_units,
)
from nnexplain.network import Network

_BY_TRIAL = METHODS[1:]


@claims.register(
    "Q2",
    source="thread",
    says="It is the derivative of the activation function that is tied to how a network learns",
    finding="For methods that follow the gradient it is. A network of step units has no slope "
    "other than {slope}, and gradient descent leaves its J at {stays}. But random search, which "
    "only compares values of J, brings the same network to J = 0 after {trials} values. On the "
    "running example with three samples it keeps up: {search} forward passes against {gradient} "
    "(with other step sizes the order is another). What is lost shows with size: to halve J where "
    "each of {many} parameters has something to learn of its own, the gradient costs {one} "
    "forward passes and random search {dear}.",
    references=("rastrigin1963", "salimans2017"),
)
def others_exist_and_scale_badly() -> Evidence:
    """Learn where every slope is zero, race on eleven parameters, and grow."""
    steps, runs, growth = step_units(), race(), every_parameter_counts()
    search, gradient = (runs[name].price(RACE_GOAL) for name in (METHODS[2], METHODS[0]))
    dear, one = growth.prices[METHODS[2]][-1], growth.prices[METHODS[0]][-1]
    tied = steps.largest_slope == 0 and steps.by_gradient == steps.start
    others = steps.trials < float("inf") and search < float("inf")
    verdict = Verdict.TRUE if tied else Verdict.FALSE
    return Evidence(
        Verdict.CONDITIONS if tied and others and dear > 10 * one else verdict,
        {"slope": steps.largest_slope, "stays": steps.by_gradient, "trials": steps.trials,
         "search": search, "gradient": gradient, "many": growth.parameters[-1],
         "one": one, "dear": dear},
    )  # fmt: skip


@claims.register(
    "L14-growth",
    source="nnexplain",
    says="Without derivatives, learning costs more the more parameters there are",
    finding="Where each parameter has something to learn of its own, the price grows with the "
    "power {nudge} of their number for nudging, {search} for random search and {evolution} for "
    "evolution; for the gradient the power is {gradient}. Where a network of {few} parameters "
    "becomes one of {many} and the eight samples stay the same, the powers are {spare_nudge}, "
    "{spare_search}, {spare_evolution} and {spare_gradient}. Nudging pays for every parameter; "
    "blind trials pay for the directions that matter.",
    references=("salimans2017",),
)
def price_grows_with_what_matters() -> Evidence:
    """Fit the powers on two tasks: every parameter matters, and most are to spare."""
    every, spare = every_parameter_counts(), spare_parameters()
    names = ("gradient", "nudge", "search", "evolution")
    powers = {name: every.power(method) for name, method in zip(names, METHODS, strict=True)}
    spares = {name: spare.power(method) for name, method in zip(names, METHODS, strict=True)}
    grows = all(every.power(method) > 0.7 for method in _BY_TRIAL)
    always = grows and all(spare.power(method) > 0.7 for method in _BY_TRIAL)
    conditions = Verdict.CONDITIONS if grows else Verdict.FALSE
    return Evidence(
        Verdict.TRUE if always else conditions,
        {**powers, **{f"spare_{name}": power for name, power in spares.items()},
         "few": spare.parameters[0], "many": spare.parameters[-1]},
    )  # fmt: skip


@claims.register(
    "L14-price",
    source="nnexplain",
    says="A gradient costs about as much as two or three forward passes, however many parameters",
    finding="In multiplications, J and all its partial derivatives together cost {few} times as "
    "much as J alone with 11 parameters and {many} times as much with {count}.",
    references=("baur1983", "griewank2008"),
)
def two_or_three_passes() -> Evidence:
    """Count on small networks that the rule for the counts holds; apply it to wide ones."""
    nets = [Network([3, hidden, 1], seed=0) for hidden in (2, 5, 20)]
    agreed = all(counted(net, [1.0, 0.0, 1.0], [1.0]) == cost(net.sizes) for net in nets)
    widths = (2, 20, 200, 2000)
    passes = [cost([3, hidden, 1]).passes for hidden in widths]
    small = all(2 <= price <= 3 for price in passes)
    return Evidence(
        Verdict.TRUE if agreed and small else Verdict.FALSE,
        {"few": passes[0], "many": passes[-1], "count": 5 * widths[-1] + 1},
    )
