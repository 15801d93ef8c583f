"""What backpropagation saves, in counted multiplications; and what an example, a batch, a step are.

Counted are the multiplications along connections and through units. Activations and slopes are
computed once per unit in every method and are not counted, nor are sums.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from nnexplain.derivation import derive
from nnexplain.errors import NnexplainError
from nnexplain.experiments.loss import THREE_X, THREE_Y, Sweep, sweep
from nnexplain.network import Network, bias_name, weight_name
from nnexplain.worked import gradient_step, worked

Gradient = Mapping[str, float]
_NUDGE = 1e-6


class Multiplier:
    """Multiply numbers and count how often.

    >>> times = Multiplier()
    >>> times(2.0, 3.0, 4.0), times.count
    (24.0, 2)
    """

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, *factors: float) -> float:
        """Return the product of all factors."""
        self.count += len(factors) - 1
        return math.prod(factors)


def path_by_path(net: Network, x: npt.ArrayLike, y: npt.ArrayLike, times: Multiplier) -> Gradient:
    """∂J/∂θ = Σ over paths of the product of their factors, each path from the start.

    For one sample x (n,). The factor 1 of a bias is not multiplied.

    >>> example, times = worked["han_kamber"], Multiplier()
    >>> round(path_by_path(example.network, example.x, example.y, times)["w14"], 4), times.count
    (0.0087, 35)
    """
    return {
        name: math.fsum(
            times(*(f.value for f in term.factors if f.kind != "input" or f.edge))
            for term in derive(net, name).at(x, y).terms
        )
        for name in net.names
    }


def one_backward_pass(
    net: Network, x: npt.ArrayLike, y: npt.ArrayLike, times: Multiplier
) -> Gradient:
    """∂J/∂w = δ a: every δ is found once, from the δs behind it, and used by all its weights.

    For one sample x (n,) and a loss as in `counted`.

    >>> example, times = worked["han_kamber"], Multiplier()
    >>> round(one_backward_pass(example.network, example.x, example.y, times)["w14"], 4)
    0.0087
    >>> times.count
    13
    """
    trace = net.forward(x)
    targets = np.reshape(np.asarray(y, dtype=np.float64), -1)
    outputs = net.layers[-1]
    delta: dict[int, float] = {}
    for layer in reversed(net.layers[1:]):
        for unit in layer:
            slope = net.activation_of(unit).df(trace.z[unit])
            if unit in outputs:
                target = targets[outputs.index(unit)]
                delta[unit] = times(net.loss_function.slope(target, trace.a[unit]), slope)
            else:
                blame = math.fsum(
                    times(net.parameters[weight_name(unit, k)], delta[k])
                    for k in net.outgoing(unit)
                )
                delta[unit] = times(slope, blame)
    places = {name: net.locate(name) for name in net.names}
    return {
        name: delta[unit] if source is None else times(delta[unit], trace.a[source])
        for name, (source, unit) in places.items()
    }


def nudge_each(net: Network, x: npt.ArrayLike, y: npt.ArrayLike, times: Multiplier) -> Gradient:
    """∂J/∂θ ≈ (J(θ + ε) - J(θ)) / ε: one forward pass, and one more for every parameter.

    For one sample x (n,). All forward passes are counted, the first one too.

    >>> example, times = worked["han_kamber"], Multiplier()
    >>> round(nudge_each(example.network, example.x, example.y, times)["w14"], 4), times.count
    (0.0087, 96)
    """
    before = _loss(net, net.parameters, x, y, times)
    return {
        name: (_loss(net, {**net.parameters, name: value + _NUDGE}, x, y, times) - before) / _NUDGE
        for name, value in net.parameters.items()
    }


def _loss(
    net: Network, theta: Gradient, x: npt.ArrayLike, y: npt.ArrayLike, times: Multiplier
) -> float:
    a = dict(zip(net.layers[0], np.asarray(x, dtype=np.float64).tolist(), strict=True))
    for layer in net.layers[1:]:
        f, _ = net.activation_of(layer[0]).scalar
        for unit in layer:
            entering = (times(theta[weight_name(i, unit)], a[i]) for i in net.incoming(unit))
            a[unit] = f(math.fsum(entering) + theta[bias_name(unit)])
    h = np.array([a[unit] for unit in net.layers[-1]])
    return float(np.sum(net.loss_function.formula(np.reshape(y, -1), h)))


@dataclass(frozen=True)
class Cost:
    """Multiplications for the gradient of one sample, by three methods.

    `paths` is the number of paths from the first weight to the outputs. `forward` is one forward
    pass; the three methods include it, and all the further ones that nudging needs.
    """

    sizes: tuple[int, ...]
    paths: int
    forward: int
    path_by_path: int
    nudging: int
    backward: int

    @property
    def hidden_layers(self) -> int:
        """How many layers lie between inputs and outputs."""
        return len(self.sizes) - 2

    @property
    def passes(self) -> float:
        """The cost of the gradient by one backward pass, in forward passes."""
        return self.backward / self.forward


def counted(net: Network, x: npt.ArrayLike, y: npt.ArrayLike) -> Cost:
    """Run all three methods on one sample and count.

    Raises `NnexplainError` for a loss that averages or fuses with the output's slope (other factors
    would then be counted), for more than one sample, and where there are too many paths to list.

    >>> example = worked["han_kamber"]
    >>> counted(example.network, example.x, example.y) == cost(example.network.sizes)
    True
    """
    if net.loss_function.averages or net.structure.from_logit:
        raise NnexplainError(
            f"counting needs a loss that adds up and has the output's slope beside it, got "
            f"{net.loss_function.name}; use net.replace(loss='half_squared_error')"
        )
    tallies = [Multiplier() for _ in range(3)]
    for method, times in zip((path_by_path, one_backward_pass, nudge_each), tallies, strict=True):
        method(net, x, y, times)
    forward = Multiplier()
    _loss(net, net.parameters, x, y, forward)
    by_path, backward, nudging = (times.count for times in tallies)
    return Cost(
        net.sizes, derive(net, net.names[0]).path_count, forward.count,
        forward.count + by_path, nudging, forward.count + backward,
    )  # fmt: skip


def cost(sizes: Sequence[int]) -> Cost:
    """Return the same counts from the sizes alone, exactly, however deep the network is.

    A weight of layer d (of L) has 2(L - d) + 3 factors on every path; a bias has one less.

    >>> cost([3, 10, 10, 10, 1]).path_by_path, cost([3, 10, 10, 10, 1]).backward
    (38191, 721)
    """
    depth = len(sizes) - 1
    weights = [sources * units for sources, units in pairwise(sizes)]
    forward = sum(weights)
    by_path = 0
    for d in range(1, depth + 1):
        each = 2 * (depth - d) + 2
        ways = math.prod(sizes[d + 1 :])
        by_path += ways * (weights[d - 1] * each + sizes[d] * (each - 1))
    back = sizes[-1] + sum(weights[1:]) + sum(sizes[1:-1]) + forward
    parameters = forward + sum(sizes[1:])
    return Cost(
        tuple(sizes), math.prod(sizes[2:]), forward,
        forward + by_path, (parameters + 1) * forward, forward + back,
    )  # fmt: skip


def growth(width: int = 10, deepest: int = 10) -> tuple[Cost, ...]:
    """Return the counts of networks with 3 inputs, 1 to `deepest` hidden layers and one output.

    >>> [found.paths for found in growth(10, 4)]
    [1, 10, 100, 1000]
    """
    return tuple(cost([3, *[width] * layers, 1]) for layers in range(1, deepest + 1))


@dataclass(frozen=True)
class Share:
    """What one parameter contributes to a step: its move, and its part of the fall of J.

    To first order the fall is η Σ g², so that the parts g² / Σ g² add up to 1.
    """

    name: str
    move: float
    part: float


@dataclass(frozen=True)
class Step:
    """One step on one sample: the shares, the largest first, and J before and after.

    `after_all` is J when all parameters move, `after_largest` when only the one with the largest
    partial derivative does. `foretold` is the fall to first order.
    """

    shares: tuple[Share, ...]
    before: float
    after_all: float
    after_largest: float
    foretold: float

    @property
    def moved(self) -> int:
        """How many parameters move at all."""
        return sum(share.move != 0 for share in self.shares)


def step() -> Step:
    """Take the textbook's step on the running example, with all parameters and with one.

    >>> found = step()
    >>> found.moved, found.shares[0].name, round(found.shares[0].part, 3)
    (9, 'b6', 0.711)
    """
    example = worked["han_kamber"]
    net, x, y, rate = example.network, example.x, example.y, example.learning_rate
    gradient = net.gradient(x, y)
    total = sum(g * g for g in gradient.values())
    shares = [Share(name, -rate * g, g * g / total) for name, g in gradient.items()]
    shares.sort(key=lambda share: -share.part)
    largest = gradient_step(net, x, y, rate, [shares[0].name])
    return Step(
        tuple(shares), net.loss(x, y), gradient_step(net, x, y, rate).loss(x, y),
        largest.loss(x, y), rate * total,
    )  # fmt: skip


@dataclass(frozen=True)
class Epoch:
    """Once through the samples, with one step for the batch and with one step for each sample.

    `sum_gap` is the largest difference between the batch's gradient and the sum of the samples'
    own gradients; `distance` the largest one between the parameters at which the two ways end.
    """

    samples: int
    learning_rate: float
    before: float
    after_batch: float
    after_single: float
    sum_gap: float
    distance: float


def epoch(learning_rate: float = 0.9) -> Epoch:
    """Go once through three samples with the running network, in both ways.

    >>> found = epoch()
    >>> found.samples, found.sum_gap < 1e-15, found.distance > 0
    (3, True, True)
    """
    net = worked["han_kamber"].network
    total = net.gradient(THREE_X, THREE_Y)
    each = [net.gradient(x, y) for x, y in zip(THREE_X, THREE_Y, strict=True)]
    batch, single = gradient_step(net, THREE_X, THREE_Y, learning_rate), net
    for x, y in zip(THREE_X, THREE_Y, strict=True):
        single = gradient_step(single, x, y, learning_rate)
    return Epoch(
        len(THREE_X), learning_rate, net.loss(THREE_X, THREE_Y), batch.loss(THREE_X, THREE_Y),
        single.loss(THREE_X, THREE_Y), max(abs(total[n] - sum(g[n] for g in each)) for n in total),
        float(np.max(np.abs(batch.vector - single.vector))),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Minimum:
    """A minimum of J: where it is, and what the slopes are there.

    `sweep` holds J over b6, sample by sample; `network` stands at the minimum. `slopes` are f′ of
    the units there, `pulls` each sample's own ∂J/∂b6, and `predictions` h for every value of the
    sweep.
    """

    network: Network
    sweep: Sweep
    predictions: npt.NDArray[np.float64]
    slopes: Mapping[int, float]
    pulls: tuple[float, ...]
    gradient: Gradient
    loss: float

    @property
    def largest_partial(self) -> float:
        """The largest |∂J/∂θ| of all parameters."""
        return max(map(abs, self.gradient.values()))


def two_opinions() -> Minimum:
    """Find the minimum of J for one input with two targets, 0.4 and 0.6.

    J = ½ (0.4 - h)² + ½ (0.6 - h)² is smallest where h = 0.5, that is where z6 = 0: b6 alone can
    bring it there.

    >>> found = two_opinions()
    >>> round(found.loss, 12), found.largest_partial < 1e-15, min(found.slopes.values()) > 0.2
    (0.01, True, True)
    """
    example = worked["han_kamber"]
    start, x, y = example.network, example.x, (0.4, 0.6)
    b6 = start.parameters["b6"] - start.forward(x).z[6]
    net = start.replace(parameters={"b6": b6})
    values = np.linspace(b6 - 2, b6 + 2, 81)
    found = sweep(net, [x, x], y, "b6", values)
    trace = net.forward(x)
    return Minimum(
        net, found, np.array([_with(net, "b6", b).forward(x).output for b in values]),
        {unit: net.activation_of(unit).df(z) for unit, z in trace.z.items()},
        tuple(net.gradient(x, target)["b6"] for target in y),
        net.gradient([x, x], y), net.loss([x, x], y),
    )  # fmt: skip


def _with(net: Network, name: str, value: float) -> Network:
    return net.replace(parameters={name: float(value)})
