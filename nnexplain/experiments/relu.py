"""ReLU: bends that add up to curves, depth that still learns, units that die, and the kink."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy import where

from nnexplain import backprop
from nnexplain.activations import Activation, activations, keep_nan
from nnexplain.arguments import drawn_vector
from nnexplain.errors import NnexplainError
from nnexplain.experiments.xor import X, Y
from nnexplain.losses import losses
from nnexplain.network import Network
from nnexplain.structure import Structure
from nnexplain.worked import gradient_step

Array = npt.NDArray[np.float64]
_XOR_X, _XOR_Y = np.array(X).T, np.array([Y])
# Twenty points of a curve with a hill and a valley; x from -1 to 1.
_WAVE_X = np.linspace(-1.0, 1.0, 20)[None]
_WAVE_Y = np.sin(3 * _WAVE_X)


@dataclass(frozen=True)
class Bends:
    """A 1-n-1 network of n ReLU units that draws the parabola x² from -1 to 1 as n straight pieces.

    `gap` is the largest distance from the parabola.
    """

    pieces: int
    network: Network
    gap: float


def bends(pieces: int) -> Bends:
    """Build h(x) = 1 + Σ c relu(x - t): each unit bends the line at its t by c, a change of slope.

    Nothing is learned: between neighbouring t the parabola's chord has the slope of their sum.

    >>> [bends(n).gap for n in (1, 2, 4, 8)]
    [1.0, 0.25, 0.0625, 0.015625]
    """
    if pieces < 1:
        raise NnexplainError(f"pieces must be 1 or more, got {pieces}")
    knots = np.linspace(-1.0, 1.0, pieces + 1)
    changes = np.diff(knots[:-1] + knots[1:], prepend=0.0)
    net = Network([1, pieces, 1], ["relu", "identity"], seed=0)
    # In the order of `names`: each unit's weight and bias, then the output's weights and bias.
    inner = np.column_stack([np.ones(pieces), -knots[:-1]]).ravel()
    values = np.concatenate([inner, changes, [knots[0] ** 2]]).tolist()
    built = net.replace(parameters=dict(zip(net.names, values, strict=True)))
    middles = (knots[:-1] + knots[1:]) / 2
    gap = np.max(np.abs(built.forward(middles[:, None]).output - middles**2))
    return Bends(pieces, built, float(gap))


@dataclass(frozen=True)
class Depth:
    """Networks of one depth trained on exclusive or: `solved` is the share with all four right."""

    activation: str
    hidden_layers: int
    learning_rate: float
    steps: int
    solved: float


RATES = {"relu": 0.03, "tanh": 0.1, "sigmoid": 1.0}
"""For each activation the best of the learning rates 0.03, 0.1, 0.3, 1 and 3 for 400 steps, over
the depths 1, 2, 4 and 6."""


@cache
def by_depth(
    activation: str, hidden_layers: int, learning_rate: float | None = None, *, steps: int = 400
) -> Depth:
    """Train 10 fresh networks of width 10 on exclusive or, with cross-entropy.

    ReLU starts from He's weights, every other activation from Xavier's. The learning rate is that
    of `RATES` if none is given.

    >>> by_depth("sigmoid", 4).solved
    0.0
    """
    initialisation = "he" if activation == "relu" else "xavier"
    rate = RATES[activation] if learning_rate is None else learning_rate
    records = (activations[activation],) * hidden_layers + (activations["sigmoid"],)
    sizes = (2, *[10] * hidden_layers, 1)
    structure = Structure(sizes, records, losses["binary_cross_entropy"])
    theta = _fresh(structure, initialisation, 10)
    _descend(structure, theta, _XOR_X, _XOR_Y, rate, steps)
    return Depth(activation, hidden_layers, rate, steps, _solved(structure, theta, _XOR_X))


def _fresh(structure: Structure, initialisation: str, count: int) -> Array:
    return np.array([drawn_vector(structure.shapes, seed, initialisation) for seed in range(count)])


def _descend(
    structure: Structure, theta: Array, x: Array, y: Array, rate: float, steps: int
) -> None:
    for _ in range(steps):
        theta -= rate * backprop.gradient(structure, theta, x, y)


def _solved(structure: Structure, theta: Array, x: Array) -> float:
    right = (backprop.forward(structure, theta, x)[-1].a > 0.5) == (_XOR_Y > 0.5)
    return float(np.mean(np.all(right, axis=(-2, -1))))


@dataclass(frozen=True)
class Recovery:
    """One unit that takes a bad step at once and sensible ones after it.

    `z` and `losses` are its pre-activation and J at the start and after each step.
    """

    activation: str
    z: tuple[float, ...]
    losses: tuple[float, ...]

    @property
    def back_after(self) -> int | None:
        """The number of steps after which z is positive again; None if never in this run."""
        return next((k for k, z in enumerate(self.z) if k and z > 0), None)


@cache
def one_bad_step(
    activation: str, steps: int = 200, *, bad_rate: float = 2.0, rate: float = 0.2
) -> Recovery:
    """Train h = f(w x + b) from w = 1.5, b = 0 on x = 1, y = ½; the first step is `bad_rate` long.

    The bad step leads to z = -2.5 whatever f is, if f(z) = z for z > 0.

    >>> one_bad_step("relu").losses[-1], one_bad_step("relu").back_after
    (0.125, None)
    """
    net = Network([1, 1], activation, {"w12": 1.5, "b2": 0.0})
    walk = [net.vector]
    for step in range(steps):
        net = gradient_step(net, [1], 0.5, rate if step else bad_rate)
        walk.append(net.vector)
    # x is 1, so that z = w + b.
    z, found = np.sum(walk, axis=1), net.losses_at(walk, [1], 0.5)
    return Recovery(activation, tuple(z.tolist()), tuple(found.tolist()))


@dataclass(frozen=True)
class Off:
    """Hidden units that are off (z ≤ 0) for every example, as a share of all units.

    `start` is that share in fresh networks, `end` after training, `loss` the median J at the end.
    """

    start: float
    end: float
    loss: float


def off_units(
    activation: str, learning_rate: float, *, shift: float = 0.0, steps: int = 200
) -> Off:
    """Train 20 networks 1-16-1 on 20 points of sin 3x, from He's weights, and count units.

    The inputs run from -1 to 1, or `shift` further right.

    >>> off_units("relu", 0.01).start, off_units("relu", 0.01, shift=1.0).start > 0.5
    (0.0, True)
    """
    records = (activations[activation], activations["identity"])
    structure = Structure((1, 16, 1), records, losses["mse"])
    theta, x = _fresh(structure, "he", 20), _WAVE_X + shift
    start = float(np.mean(_off(structure, theta, x)[0]))
    _descend(structure, theta, x, _WAVE_Y, learning_rate, steps)
    end = float(np.mean(_off(structure, theta, x)[0]))
    loss = float(np.median(backprop.loss(structure, theta, x, _WAVE_Y)))
    return Off(start, end, loss)


def _off(structure: Structure, theta: Array, x: Array) -> list[npt.NDArray[np.bool_]]:
    """Return for each layer which units (..., units) are off for every example."""
    layers = backprop.forward(structure, theta, x)
    return [np.all(layer.z <= 0, axis=-1) for layer in layers]


@dataclass(frozen=True)
class Revival:
    """How many units of a hidden layer were ever off for all examples, and how many came back."""

    layer: int
    ever_off: int
    came_back: int


@cache
def revivals(learning_rate: float = 0.2, steps: int = 300) -> tuple[Revival, Revival]:
    """Train 40 networks 1-8-8-1 of ReLU units and watch both hidden layers.

    >>> revivals(steps=50)[0].came_back
    0
    """
    relu = activations["relu"]
    structure = Structure((1, 8, 8, 1), (relu, relu, activations["identity"]), losses["mse"])
    theta = _fresh(structure, "he", 40)
    ever = _off(structure, theta, _WAVE_X)[:2]
    back = [np.zeros_like(units) for units in ever]
    for _ in range(steps):
        _descend(structure, theta, _WAVE_X, _WAVE_Y, learning_rate, 1)
        now = _off(structure, theta, _WAVE_X)[:2]
        back = [b | (e & ~n) for b, e, n in zip(back, ever, now, strict=True)]
        ever = [e | n for e, n in zip(ever, now, strict=True)]
    first, second = (
        Revival(k, int(e.sum()), int(b.sum()))
        for k, (e, b) in enumerate(zip(ever, back, strict=True), 1)
    )
    return first, second


def relu_with_slope(at_kink: float) -> Activation:
    """Return ReLU with another convention for its slope at 0, from 0 to 1.

    >>> relu_with_slope(0.5).df([-1.0, 0.0, 1.0])
    array([0. , 0.5, 1. ])
    """
    if not 0 <= at_kink <= 1:
        raise NnexplainError(f"at its kink ReLU has slopes from 0 to 1, got {at_kink:g}")

    def slope(z: Any) -> Any:
        return keep_nan(where(z > 0, 1.0, where(z < 0, 0.0, at_kink)), z)

    return replace(
        activations["relu"], name=f"relu, slope {at_kink:g} at 0", slope=slope,
        convention=f"at a kink f′ is not defined; by convention f′(0) = {at_kink:g}",
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Convention:
    """Networks trained on exclusive or with one convention for the slope at the kink.

    `hits` counts pre-activations that are exactly 0 in the fresh networks, `dead` is the share of
    fresh hidden units with no slope for any of the four points, `solved` the share of networks
    with all four right at the end, and `theta` all their parameters then.
    """

    slope: float
    hits: int
    dead: float
    solved: float
    theta: Array


@cache
def at_the_kink(slope: float, shift: float = 0.0, *, networks: int = 200) -> Convention:
    """Train networks 2-4-1 from He's weights, whose biases are 0, for 300 steps.

    The inputs are 0 and 1, or `shift` further; at the input (0, 0) every z is exactly 0.

    >>> at_the_kink(0.0, networks=5).hits, at_the_kink(0.0, -0.5, networks=5).hits
    (20, 0)
    """
    records = (relu_with_slope(slope), activations["sigmoid"])
    structure = Structure((2, 4, 1), records, losses["binary_cross_entropy"])
    theta, x = _fresh(structure, "he", networks), _XOR_X + shift
    z = backprop.forward(structure, theta, x)[0].z
    dead = np.all(records[0].df(z) == 0, axis=-1)
    _descend(structure, theta, x, _XOR_Y, 0.3, 300)
    return Convention(
        slope, int(np.sum(z == 0)), float(np.mean(dead)), _solved(structure, theta, x), theta
    )
