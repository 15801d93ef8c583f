"""Units with a constant slope: what they collapse to, and what gradient descent makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nnexplain.descent import Trajectory, descend, descend_many
from nnexplain.errors import NnexplainError
from nnexplain.experiments.samples import Samples
from nnexplain.network import Network, bias_name, weight_name

Array = npt.NDArray[np.float64]
# Of the pull at the start: descent goes on until nothing but rounding is left.
_SMALLEST_GRADIENT = 1e-13


@dataclass(frozen=True, eq=False)
class Restarts:
    """Runs from many random starts, judged by the least-squares fit to the same data.

    `floor` is J of that fit, `losses` (P,) the last J of every run. `map_spread` is the largest
    difference between a weight or bias of two collapsed networks, `weight_spread` the largest
    difference between two values of one weight of the networks themselves.
    """

    floor: float
    losses: Array
    map_spread: float
    weight_spread: float

    @property
    def excess(self) -> float:
        """How far the worst run stays above the floor."""
        return float(self.losses.max()) - self.floor


def collapse(net: Network) -> Network:
    """W = c_L W_L ⋯ c_1 W_1: return the one layer of identity units that predicts the same.

    Every activation of `net` must have a constant slope: f(z) = c z + d, with c = f′(0) and
    d = f(0). A step has the slope 0 wherever it has one, and still jumps: it does not collapse and
    raises `NnexplainError`, as every curved activation does.

    >>> net = Network([1, 2, 1], "identity", seed=0)
    >>> flat = collapse(net)
    >>> flat.sizes, round(flat.forward([5.0]).output - net.forward([5.0]).output, 12)
    ((1, 1), 0.0)
    """
    weights, bias = np.eye(net.sizes[0]), np.zeros(net.sizes[0])
    for layer in net.layers[1:]:
        record = net.activation_of(layer[0])
        if not record.constant_slope or record.kinks:
            raise NnexplainError(
                f"only straight lines collapse, and {record.name} is none; "
                "use the activation 'identity' or nnexplain.activations.linear(c)"
            )
        rows = [[net.parameters[weight_name(i, k)] for i in net.incoming(k)] for k in layer]
        shift = [net.parameters[bias_name(k)] for k in layer]
        matrix, slope, level = np.array(rows)[:, :, None], record.df(0.0), record.f(0.0)
        # Not with @: it may fuse a product and a sum, and then what cancels exactly does not.
        weights = slope * (matrix * weights).sum(axis=1)
        bias = slope * ((matrix[:, :, 0] * bias).sum(axis=1) + shift) + level
    return one_layer(weights, bias, net)


def one_layer(weights: Array, bias: Array, like: Network) -> Network:
    """Return identity units behind the inputs: weights (K, n), bias (K,), the loss of `like`."""
    count, inputs = weights.shape
    values = {bias_name(inputs + 1 + k): bias[k] for k in range(count)}
    for k in range(count):
        values |= {weight_name(i + 1, inputs + 1 + k): weights[k, i] for i in range(inputs)}
    return Network([inputs, count], "identity", values, loss=like.loss_function)


def least_squares(data: Samples) -> Network:
    """Return the best straight line: the [n, 1] network that `numpy.linalg.lstsq` finds.

    >>> line = least_squares(Samples(np.array([[0.0], [1.0]]), np.array([1.0, 3.0])))
    >>> {name: round(value, 9) for name, value in line.parameters.items()}
    {'w12': 2.0, 'b2': 1.0}
    """
    count, inputs = data.x.shape
    best = np.linalg.lstsq(np.column_stack([data.x, np.ones(count)]), data.y, rcond=None)[0]
    values = {weight_name(i + 1, inputs + 1): best[i] for i in range(inputs)}
    return Network([inputs, 1], "identity", {**values, bias_name(inputs + 1): best[-1]})


def bent_curve(x: Array) -> Array:
    """Return x/2 + 0.8 sin(3x + 0.6): what the bent data are drawn from.

    >>> bent_curve(np.array([0.0, 1.0])).round(4)
    array([0.4517, 0.146 ])
    """
    return np.asarray(0.5 * x + 0.8 * np.sin(3 * x + 0.6))


def bent_data() -> Samples:
    """Return 11 points of `bent_curve` over [-1, 1], with a little noise.

    >>> bent_data().y[:3]
    array([-0.84, -1.43, -1.  ])
    """
    x = np.linspace(-1.0, 1.0, 11)
    noise = np.random.default_rng(3).normal(scale=0.1, size=11)
    return Samples(x[:, None], np.round(bent_curve(x) + noise, 2))


def noisy_plane() -> Samples:
    """Return x1 - 2 x2 + x3/2 + 0.3 plus noise, at 20 points of the cube [-1, 1]³."""
    draw = np.random.default_rng(1)
    x = np.round(draw.uniform(-1.0, 1.0, (20, 3)), 2)
    noise = draw.normal(scale=0.3, size=20)
    return Samples(x, np.round(x @ [1.0, -2.0, 0.5] + 0.3 + noise, 2))


def learn(net: Network, data: Samples, learning_rate: float, steps: int) -> Trajectory:
    """Run plain gradient descent on all samples at once, to the last digits.

    >>> net = Network([1, 2, 1], "identity", seed=0)
    >>> walk = learn(net, bent_data(), 0.03, 300)
    >>> abs(float(walk.loss[-1]) - least_squares(bent_data()).loss(*bent_data())) < 1e-12
    True
    """
    return descend(
        net, *data, learning_rate=learning_rate, steps=steps, tolerance=_SMALLEST_GRADIENT
    )


def straight_and_bent(
    data: Samples, sizes: Sequence[int], seed: int = 0
) -> tuple[Trajectory, Trajectory]:
    """Run descent on `data` with hidden identity units and, from the same start, with tanh.

    The output units are identity units both times. 1000 steps, learning rate 0.03.

    >>> from nnexplain.experiments.xor import xor
    >>> straight, bent = straight_and_bent(xor(), [2, 2, 1])
    >>> round(float(straight.loss[-1]), 4), round(float(bent.loss[-1]), 4)
    (0.5, 0.0001)
    """
    hidden = len(sizes) - 2
    straight = Network(sizes, "identity", seed=seed, initialisation="xavier")
    bent = straight.replace(activation=["tanh"] * hidden + ["identity"])
    return learn(straight, data, 0.03, 1000), learn(bent, data, 0.03, 1000)


def restarts(
    data: Samples, sizes: Sequence[int], count: int = 100, *, learning_rate: float = 0.01,
    steps: int = 1000,
) -> Restarts:  # fmt: skip
    """Run descent on a straight-line network from `count` random starts.

    >>> runs = restarts(bent_data(), [1, 2, 1], 5, learning_rate=0.03, steps=500)
    >>> runs.excess < 1e-12, runs.weight_spread > 0.5
    (True, True)
    """
    nets = [Network(sizes, "identity", seed=k, initialisation="xavier") for k in range(count)]
    walks = descend_many(
        nets[0], *data, [net.vector for net in nets], learning_rate=learning_rate, steps=steps,
        tolerance=_SMALLEST_GRADIENT,
    )  # fmt: skip
    maps = np.array([collapse(walk.network).vector for walk in walks])
    return Restarts(
        floor=least_squares(data).loss(*data),
        losses=walks.loss[-1],
        map_spread=float(np.ptp(maps, axis=0).max()),
        weight_spread=float(np.ptp(walks.parameters[-1], axis=0).max()),
    )
