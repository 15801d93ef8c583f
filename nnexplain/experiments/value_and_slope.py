"""Which part of an activation learning feels: twins that share its values, or its slopes.

Every twin takes the place of the sigmoid in the hidden layer of the running network, at the
textbook's own sample, where z4 = -0.7 and z5 = 0.1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy import cos, maximum, minimum, sin, tanh

from nnexplain.activations import Activation, activations
from nnexplain.errors import NnexplainError, real_number
from nnexplain.experiments.loss import Sweep, sweep
from nnexplain.network import Network
from nnexplain.worked import gradient_step, worked

Array = npt.NDArray[np.float64]
_WAVES = 2  # full waves between z4 and z5: more of them, and the twin's values come closer still
_FAR = 800.0
_GRID = np.linspace(-8.0, 8.0, 16001)


def warped_sigmoid(ratio: float, first: float, second: float) -> Activation:
    """f(z) = σ(z + (ratio - 1) sin(ω(z - first)) / ω) with ω = 4π / (second - first).

    At `first` and `second` the sine is 0 and its slope 1: there f equals σ and f′ is `ratio` times
    σ′. Everywhere f stays within |ratio - 1| / 4ω of σ. Any finite `ratio`, `first` < `second`.

    >>> twin, sigmoid = warped_sigmoid(-1.0, -0.7, 0.1), activations["sigmoid"]
    >>> round(twin.f(-0.7) - sigmoid.f(-0.7), 15), round(twin.df(-0.7) / sigmoid.df(-0.7), 12)
    (0.0, -1.0)
    """
    ratio = real_number(ratio, "the ratio of the slopes")
    if not -_FAR < first < second < _FAR:
        raise NnexplainError(
            f"the points of a warp must rise, between -{_FAR:g} and {_FAR:g}; "
            f"got {first} and {second}"
        )
    bend, omega = ratio - 1, 2 * math.pi * _WAVES / (second - first)
    sigmoid = activations["sigmoid"]
    level, slope_of, curvature_of = sigmoid.formula, sigmoid.slope, sigmoid.curvature

    def phase(z: Any) -> Any:
        # Farther out σ is 0 or 1 to the last digit, and the sine of infinity is nan.
        return omega * (maximum(minimum(z, _FAR), -_FAR) - first)

    def warp(z: Any) -> Any:
        return z + bend * sin(phase(z)) / omega

    def stretch(z: Any) -> Any:
        return 1 + bend * cos(phase(z))

    def value(z: Any) -> Any:
        return level(warp(z))

    def slope(z: Any) -> Any:
        return slope_of(warp(z)) * stretch(z)

    def curvature(z: Any) -> Any:
        turn = bend * omega * sin(phase(z))
        return curvature_of(warp(z)) * stretch(z) * stretch(z) - slope_of(warp(z)) * turn

    tex = f"z-{first:g}".replace("--", "+")
    inner = rf"z{bend:+g}\,\sin({omega:.4g}({tex}))/{omega:.4g}"
    return replace(
        sigmoid, name=f"warped_sigmoid({ratio:g})", formula=value, slope=slope, curvature=curvature,
        latex=rf"\sigma({inner})",
        latex_slope=rf"\sigma'({inner})\,(1{bend:+g}\,\cos({omega:.4g}({tex})))",
        largest_slope=float(np.max(np.abs(slope(_GRID)))), flat=_turning_points(bend, first, omega),
        flat_period=2 * math.pi / omega if abs(bend) >= 1 else None, both=None,
    )  # fmt: skip


def _turning_points(bend: float, first: float, omega: float) -> tuple[tuple[float, float], ...]:
    """Return where 1 + bend cos(ω(z - first)) is 0, in one period."""
    if abs(bend) < 1:
        return ()
    angle = math.acos(-1 / bend)
    points = {first - angle / omega, first + angle / omega}
    return tuple((point, point) for point in sorted(points))


def _centred(z: Any) -> Any:
    return 0.5 * tanh(0.5 * z)


CENTRED_SIGMOID = replace(
    activations["sigmoid"], name="centred_sigmoid", formula=_centred, both=None,
    latex=r"\sigma(z)-\tfrac{1}{2}", range=(-0.5, 0.5),
)  # fmt: skip
"""σ(z) - ½, written ½ tanh(z/2) so that no digit is lost near 0: σ's slope, another value."""


@dataclass(frozen=True, eq=False)
class Twin:
    """The running network with another hidden activation, at the textbook's sample.

    `values` and `slopes` are f and f′ of the hidden units; `after` is J one textbook step later,
    `after_front` the same when only the parameters in front of the hidden units move.
    """

    network: Network
    values: Mapping[int, float]
    slopes: Mapping[int, float]
    h: float
    loss: float
    gradient: Mapping[str, float]
    after: float
    after_front: float

    @property
    def activation(self) -> Activation:
        """The activation of the hidden units."""
        return self.network.activation_of(4)

    def sweep(self, name: str, reach: float = 0.1) -> Sweep:
        """Return J over one parameter, `reach` to both sides of where it is.

        >>> same_values(1.0).sweep("w14").start
        0.2
        """
        middle = self.network.parameters[name]
        values = np.linspace(middle - reach, middle + reach, 41)
        example = worked["han_kamber"]
        return sweep(self.network, [example.x], [example.y[0]], name, values)


def _twin(net: Network) -> Twin:
    example = worked["han_kamber"]
    x, y, rate = example.x, example.y, example.learning_rate
    trace, hidden = net.forward(x), net.layers[1]
    front = [name for name in net.names if net.locate(name)[1] in hidden]
    return Twin(
        net, {unit: trace.a[unit] for unit in hidden},
        {unit: net.activation_of(unit).df(trace.z[unit]) for unit in hidden},
        trace.output, net.loss(x, y), net.gradient(x, y),
        gradient_step(net, x, y, rate).loss(x, y),
        gradient_step(net, x, y, rate, front).loss(x, y),
    )  # fmt: skip


def original() -> Twin:
    """Return the textbook's network as it is.

    >>> round(original().h, 4)
    0.4739
    """
    return _twin(worked["han_kamber"].network)


def same_values(ratio: float) -> Twin:
    """Return the twin whose hidden units have the same values, and `ratio` times the slopes.

    >>> plain, twin = original(), same_values(-1.0)
    >>> abs(twin.loss - plain.loss) < 1e-15
    True
    >>> round(twin.gradient["w14"] / plain.gradient["w14"], 9)
    -1.0
    """
    net = worked["han_kamber"].network
    z = net.forward(worked["han_kamber"].x).z
    return _twin(net.replace(activation=[warped_sigmoid(ratio, z[4], z[5]), "sigmoid"]))


def same_slopes() -> Twin:
    """Return the twin with σ - ½ in the hidden layer: the same slopes, every value lower by ½.

    b6 makes up for it, so that z6, h and J are the same too.

    >>> plain, twin = original(), same_slopes()
    >>> abs(twin.loss - plain.loss) < 1e-15
    True
    >>> round(plain.gradient["w46"], 4), round(twin.gradient["w46"], 4)
    (-0.0435, 0.0221)
    """
    net = worked["han_kamber"].network
    theta = net.parameters
    b6 = theta["b6"] + 0.5 * (theta["w46"] + theta["w56"])
    moved = net.replace(activation=[CENTRED_SIGMOID, "sigmoid"], parameters={"b6": b6})
    return _twin(moved)


def distance(twin: Twin) -> float:
    """Return the largest |f(z) - σ(z)| on a fine grid of z from -8 to 8.

    >>> round(distance(same_values(-1.0)), 3)
    0.032
    """
    gaps = twin.activation.f(_GRID) - activations["sigmoid"].f(_GRID)
    return float(np.max(np.abs(gaps)))


@dataclass(frozen=True)
class Directions:
    """Slopes of J along random directions of length 1, beside what the gradient says of them.

    `parameters` is the number of partial derivatives, `directions` how many were tried, `gap` the
    largest difference between a measured slope and g · u, `steepest` the steepest slope measured,
    `length` that of the gradient: the slope along the gradient itself.
    """

    parameters: int
    directions: int
    gap: float
    steepest: float
    length: float


def random_directions(count: int = 2000, seed: int = 0) -> Directions:
    """Measure the slope of J along `count` directions of the running network's 11 parameters.

    The slopes are central differences of J, which know no gradient.

    >>> found = random_directions()
    >>> found.gap < 1e-9, found.steepest < found.length
    (True, True)
    """
    example = worked["han_kamber"]
    net, x, y = example.network, example.x, example.y
    ways = np.random.default_rng(seed).normal(size=(count, len(net.names)))
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    size = 1e-5
    ahead = net.losses_at(net.vector + size * ways, x, y)
    behind = net.losses_at(net.vector - size * ways, x, y)
    measured = (ahead - behind) / (2 * size)
    gradient = np.array(list(net.gradient(x, y).values()))
    return Directions(
        len(net.names), count, float(np.max(np.abs(measured - ways @ gradient))),
        float(np.max(np.abs(measured))), float(np.linalg.norm(gradient)),
    )  # fmt: skip
