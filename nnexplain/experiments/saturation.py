"""Nearly zero: what a chain of slopes does to a signal, and what rounding does to a slope.

A signal is |δ|, the size of ∂J/∂z at a unit. The loss of slope 1 starts it at size 1, so that what
is measured is the way back alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy import exp

from nnexplain import backprop
from nnexplain.activations import activations
from nnexplain.arguments import drawn_vector
from nnexplain.errors import NnexplainError
from nnexplain.losses import losses
from nnexplain.network import Network, bias_name, weight_name
from nnexplain.structure import Structure
from nnexplain.worked import gradient_step, worked

Array = npt.NDArray[np.float64]
_SIGMOID = activations["sigmoid"]
_FLOATS: Mapping[int, Any] = {16: np.float16, 32: np.float32, 64: np.float64}
PAIRS = (
    ("sigmoid", "xavier"), ("tanh", "xavier"), ("relu", "xavier"), ("relu", "he"),
    ("relu", "normal"),
)  # fmt: skip
"""Activations with initial weights that lesson 12 compares."""
_NAMES = {"xavier": "Xavier", "he": "He"}


@dataclass(frozen=True)
class Signal:
    """How large a signal is at every layer, the first (in front) to the last.

    `label` says of what network. `sizes` are the root mean squares of δ over units and samples.
    """

    label: str
    sizes: tuple[float, ...]

    @property
    def kept(self) -> float:
        """What the first layer gets of a signal of size 1 at the last one."""
        return self.sizes[0] / self.sizes[-1]


def chain(weight: float, units: int = 10, activation: str = "sigmoid", z: float = 0.0) -> Network:
    """Return units in a row, every weight equal, every bias such that every pre-activation is z.

    Every unit then says f(z), and so does the input: z = w · f(z) + b. The loss is h - y.

    >>> net = chain(6.0, 3)
    >>> net.forward([0.5]).z
    {2: 0.0, 3: 0.0, 4: 0.0}
    """
    bias = z - weight * activations[activation].f(z)
    parameters = {weight_name(k, k + 1): weight for k in range(1, units + 1)}
    parameters |= {bias_name(k + 1): bias for k in range(1, units + 1)}
    return Network([1] * (units + 1), activation, parameters, loss="linear")


def chain_signal(
    weight: float, units: int = 10, activation: str = "sigmoid", z: float = 0.0
) -> Signal:
    """δ along a chain: each unit in front gets weight · f′(z) of what the next one got.

    As it stands, at its best: the slope of the sigmoid at 0 is ¼.

    >>> chain_signal(6.0, 3).sizes
    (0.5625, 0.375, 0.25)
    >>> chain_signal(2.0, 3, "tanh", 1.0).label
    'tanh at z = 1, weights of 2'
    """
    net = chain(weight, units, activation, z)
    deltas = net.deltas([activations[activation].f(z)], 0)
    where = "" if (activation, z) == ("sigmoid", 0.0) else f"{activation} at z = {z:g}, "
    return Signal(f"{where}weights of {weight:g}", tuple(abs(delta) for delta in deltas.values()))


def open_width(weight: float) -> float:
    """Return how wide the interval of inputs a is in which |w σ′(w a + b)| ≥ 1, for any b.

    From 1/σ′(z) = 2 + 2 cosh z follows 2 arcosh(|w|/2 - 1)/|w|, and nothing below |w| = 4
    (Nielsen2015, chapter 5).

    >>> open_width(3.9), round(open_width(6.9), 3)
    (0.0, 0.448)
    """
    size = abs(weight)
    return 2 * math.acosh(size / 2 - 1) / size if size > 4 else 0.0


def layer_signal(
    activation: str, initialisation: str, *, layers: int = 20, width: int = 64, seed: int = 0
) -> Signal:
    """Measure |δ| in every hidden layer of a fresh network that has as many outputs as units.

    The inputs are `width` samples of standard normal numbers, the output units straight lines.

    >>> layer_signal("sigmoid", "xavier").kept < 1e-10
    True
    """
    records = (activations[activation],) * layers + (activations["identity"],)
    structure = Structure((width,) * (layers + 2), records, losses["linear"])
    vector = drawn_vector(structure.shapes, seed, initialisation)
    x = np.random.default_rng(seed + 1).standard_normal((width, width))
    deltas = backprop.deltas(structure, vector, x, np.zeros_like(x))[:-1]
    sizes = tuple(root_mean_square(delta) for delta in deltas)
    return Signal(f"{activation}, {_NAMES.get(initialisation, initialisation)}", sizes)


def root_mean_square(values: Array) -> float:
    """Return √(mean of squares), also where the squares are too small or too large for floats.

    >>> round(root_mean_square(np.array([3e-200, 4e-200])) / 1e-200, 4)
    3.5355
    """
    largest = float(np.max(np.abs(values)))
    if largest == 0 or not math.isfinite(largest):
        return largest
    return largest * float(np.sqrt(np.mean((values / largest) ** 2)))


@dataclass(frozen=True)
class LearningCurve:
    """The output of Nielsen's neuron before each step and after the last; the target is 0.

    `start` names the start as `nnexplain.worked` does, `loss` the loss. `signal` is ∂J/∂z at the
    start.
    """

    start: str
    loss: str
    signal: float
    outputs: tuple[float, ...]

    @property
    def half_way(self) -> int:
        """The number of steps until the output is below ½."""
        return next(step for step, output in enumerate(self.outputs) if output < 0.5)


@cache
def slow_neuron(loss: str) -> tuple[LearningCurve, ...]:
    """Train Nielsen's neuron with `loss` from both of his starts, for his 300 epochs.

    >>> [curve.half_way for curve in slow_neuron("half_squared_error")]
    [36, 232]
    """
    starts = worked["nielsen_slow_neuron"].networks.items()
    return tuple(_learned(start, net.replace(loss=loss)) for start, net in starts)


def _learned(start: str, net: Network) -> LearningCurve:
    example = worked["nielsen_slow_neuron"]
    loss, signal = net.loss_function.name, net.deltas(example.x, example.y)[2]
    walk = [net.vector]
    for _ in range(example.published["epochs"]):
        net = gradient_step(net, example.x, example.y, example.learning_rate)
        walk.append(net.vector)
    # The input is 1, so that z = w + b.
    outputs = _SIGMOID.f(np.sum(walk, axis=1))
    return LearningCurve(start, loss, signal, tuple(outputs.tolist()))


def textbook_slope(z: npt.ArrayLike, bits: int = 64) -> Array:
    """Return a (1 - a) with a = 1/(1 + e^-z), each operation rounded to 16, 32 or 64 bits.

    >>> textbook_slope([0.0, 20.0, 40.0]).round(12).tolist()
    [0.25, 2.061e-09, 0.0]
    """
    kind = _float_of(bits)
    with np.errstate(over="ignore"):
        slope = in_textbooks(np.asarray(z, dtype=kind), kind(1))
    return np.asarray(slope, dtype=np.float64)


def in_textbooks(z: Any, one: Any) -> Any:
    """Return a (1 - a) as a formula of z, rounded like `one`, a 1 of some kind of float."""
    a = one / (one + exp(-z))
    return a * (one - a)


def _float_of(bits: int) -> Any:
    if bits not in _FLOATS:
        raise NnexplainError(f"floats have 16, 32 or 64 bits, got {bits!r}")
    return _FLOATS[bits]


def zero_from(bits: int = 64) -> float:
    """Return the smallest float z > 0 at which a (1 - a) is exactly 0, found by halving.

    >>> round(zero_from(), 4), round(zero_from(32), 4), round(zero_from(16), 4)
    (36.7368, 16.6355, 7.625)
    """
    kind = _float_of(bits)
    low, high = kind(0), kind(64)
    while True:
        middle = (low + high) / kind(2)
        if middle in (low, high):
            return float(high)
        if textbook_slope(middle, bits) == 0:
            high = middle
        else:
            low = middle


@dataclass(frozen=True, eq=False)
class Rounding:
    """The slope of the sigmoid at `z` (n,): as the record computes it, and as a (1 - a).

    `error` is the relative error of a (1 - a), at most 1 (every digit lost).
    """

    z: Array
    record: Array
    textbook: Array

    @property
    def error(self) -> Array:
        """|a (1 - a) - σ′| / σ′, 1 where nothing is left."""
        return np.abs(self.textbook - self.record) / self.record


def rounding(z: Sequence[float]) -> Rounding:
    """Compute σ′ both ways at every z.

    >>> rounding([-40.0, 40.0]).error.round(3)
    array([0., 1.])
    """
    points = np.asarray(z, dtype=np.float64)
    return Rounding(points, _SIGMOID.df(points), textbook_slope(points))
