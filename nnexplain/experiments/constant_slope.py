"""A loss of constant slope: the same pull however large the error, and no bottom to stop at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nnexplain.descent import descend
from nnexplain.experiments.linear_collapse import collapse, noisy_plane
from nnexplain.losses import losses
from nnexplain.network import Network
from nnexplain.worked import gradient_step, worked

Array = npt.NDArray[np.float64]
LOSSES = ("half_squared_error", "absolute", "linear")
RATE = 0.05  # of one straight unit and of the straight-line network that run off


@dataclass(frozen=True)
class Pulls:
    """∂J/∂w14 of the running example when the error h - y is what `errors` say, by loss."""

    activation: str
    errors: tuple[float, ...]
    signals: Mapping[str, tuple[float, ...]]

    def ratio(self, loss: str) -> float:
        """How many times stronger the pull of the first error is than that of the last."""
        return abs(self.signals[loss][0] / self.signals[loss][-1])


@dataclass(frozen=True, eq=False)
class Approach:
    """A single weight on its way to the target: w (steps + 1,) with h = w x and x = 1."""

    loss: str
    learning_rate: float
    shrinking: bool
    target: float
    weights: Array

    @property
    def strip(self) -> float:
        """How wide the strip is in which the last ten values lie."""
        return float(np.ptp(self.weights[-10:]))

    @property
    def miss(self) -> float:
        """How far the last value is from the target."""
        return abs(float(self.weights[-1]) - self.target)


@dataclass(frozen=True, eq=False)
class Slice:
    """J of the running example along one parameter, all others held still."""

    activation: str
    loss: str
    parameter: str
    values: Array
    J: Array

    @property
    def is_ramp(self) -> bool:
        """Whether J is a straight line here: no second difference beyond rounding."""
        bend = np.abs(np.diff(self.J, 2)).max()
        return bool(bend < 1e-12 * np.abs(self.J).max())


@dataclass(frozen=True, eq=False)
class RunOff:
    """J (steps + 1,) under a linear loss, and the prediction h beside it."""

    J: Array
    h: Array


@dataclass(frozen=True, eq=False)
class Compass:
    """The gradient on a walk (steps + 1,): its length, and its turn since the start in degrees."""

    lengths: Array
    turned: Array


def pulls(errors: Sequence[float] = (-0.5, -0.05, -0.005), activation: str = "identity") -> Pulls:
    """∂J/∂w14 under three losses: h stays, the target y = h - error moves.

    >>> found = pulls()
    >>> [round(found.ratio(loss), 9) for loss in found.signals]
    [100.0, 1.0, 1.0]
    """
    example = worked["han_kamber"]
    net = example.network.replace(activation=activation)
    h = net.forward(example.x).output
    signals = {
        loss: tuple(
            net.replace(loss=loss).gradient(example.x, h - error)["w14"] for error in errors
        )
        for loss in LOSSES
    }
    return Pulls(activation, tuple(errors), signals)


def slopes(errors: Array) -> dict[str, tuple[Array, Array]]:
    """Return J and ∂J/∂h of one sample by loss, at errors h - y (y is 0).

    >>> slopes(np.array([-2.0, 0.5]))["absolute"]
    (array([2. , 0.5]), array([-1.,  1.]))
    """
    y = np.zeros_like(errors)
    return {
        name: (losses[name].formula(y, errors), losses[name].slope(y, errors)) for name in LOSSES
    }


def approach(
    loss: str,
    learning_rate: float = 0.3,
    steps: int = 60,
    *,
    shrinking: bool = False,
    start: float = 0.0,
    target: float = 2.0,
) -> Approach:
    """Let h = w x with x = 1 descend from w = `start` towards `target`: w ← w - η_k ∂J/∂w.

    η_k is η at every step, or η/√(k + 1) if `shrinking`.

    >>> round(approach("absolute").strip, 9), round(approach("half_squared_error").strip, 6)
    (0.3, 0.0)
    >>> round(approach("absolute", shrinking=True).strip, 2)
    0.08
    """
    net = Network([1, 1], "identity", {"w12": start, "b2": 0.0}, loss=loss)
    weights = [start]
    for k in range(steps):
        rate = learning_rate / np.sqrt(k + 1) if shrinking else learning_rate
        net = gradient_step(net, [1.0], target, rate, ["w12"])
        weights.append(net.parameters["w12"])
    return Approach(loss, learning_rate, shrinking, target, np.array(weights))


def hops(learning_rate: float, target: float = 0.6, steps: int = 2000) -> float:
    """Return how far h of the running example still hops under the absolute error at the end.

    >>> hops(0.9, steps=200) > 5 * hops(0.09, steps=400)
    True
    """
    example = worked["han_kamber"]
    net = example.network.replace(loss="absolute")
    nets = []
    for _ in range(steps):
        net = gradient_step(net, example.x, target, learning_rate)
        nets.append(net)
    return float(np.ptp([late.forward(example.x).output for late in nets[-10:]]))


def slices(parameter: str = "w46", reach: float = 12.0) -> tuple[Slice, ...]:
    """Return J along one parameter for sigmoid and identity units, squared and linear loss.

    >>> [(s.activation, s.loss) for s in slices() if s.is_ramp]
    [('identity', 'linear')]
    """
    example = worked["han_kamber"]
    values = np.linspace(-reach, reach, 121)
    result = []
    for activation in ("sigmoid", "identity"):
        for loss in ("half_squared_error", "linear"):
            net = example.network.replace(activation=activation, loss=loss)
            points = np.tile(net.vector, (len(values), 1))
            points[:, net.names.index(parameter)] = values
            J = net.losses_at(points, example.x, example.y)
            result.append(Slice(activation, loss, parameter, values, J))
    return tuple(result)


def one_straight_unit() -> Network:
    """Return the running example with identity units, collapsed to its one straight unit.

    >>> one_straight_unit().sizes
    (3, 1)
    """
    return collapse(worked["han_kamber"].network.replace(activation="identity"))


def gradient_spread(net: Network, places: int = 50) -> float:
    """Return how far one partial derivative differs at most between random parameter sets.

    The sample is that of the running example, the sets are standard normal with seed 0. A result of
    0 means that the gradient is the same wherever you stand.

    >>> gradient_spread(one_straight_unit().replace(loss="linear"))
    0.0
    """
    example = worked["han_kamber"]
    points = np.random.default_rng(0).normal(size=(places, len(net.names)))
    return float(np.ptp(net.gradients_at(points, example.x, example.y), axis=0).max())


def compass(loss: str, sizes: Sequence[int], steps: int = 200) -> Compass:
    """Walk with identity units on `noisy_plane()`, learning rate 0.01, and watch the gradient.

    The angle between two gradients is 2 arctan(|u - v| / |u + v|) of their unit vectors u and v,
    which is exact for equal ones, where the arc cosine is not.

    >>> ramp = compass("linear", [3, 1])
    >>> float(ramp.turned.max()), round(float(ramp.lengths[0] / ramp.lengths[-1]), 9)
    (0.0, 1.0)
    """
    data = noisy_plane()
    net = Network(sizes, "identity", seed=0, loss=loss)
    walk = descend(net, *data, learning_rate=0.01, steps=steps, tolerance=0)
    gradients = net.gradients_at(walk.parameters, *data)
    lengths = np.linalg.norm(gradients, axis=1)
    units = gradients / lengths[:, None]
    apart, along = (np.linalg.norm(units + sign * units[0], axis=1) for sign in (-1, 1))
    return Compass(lengths, np.degrees(2 * np.arctan2(apart, along)))


def run_off(net: Network, learning_rate: float = RATE, steps: int = 60) -> RunOff:
    """Descend from `net` on the running example's sample with the loss h - y.

    >>> fall = np.diff(run_off(one_straight_unit()).J)
    >>> round(float(fall[0]), 9), round(float(fall[-1]), 9)
    (-0.15, -0.15)
    """
    example = worked["han_kamber"]
    walk = descend(
        net.replace(loss="linear"), example.x, example.y, learning_rate=learning_rate, steps=steps
    )
    return RunOff(walk.loss, walk.loss + example.y[0])
