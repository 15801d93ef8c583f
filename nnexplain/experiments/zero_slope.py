"""A slope of zero: no signal in front of a step, and what a slope borrowed from elsewhere does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy import where

from nnexplain.activations import Activation, activations, keep_nan
from nnexplain.descent import descend_many
from nnexplain.errors import UnknownNameError
from nnexplain.experiments.loss import Sweep, sweep
from nnexplain.experiments.samples import CORNERS_X, MOST
from nnexplain.experiments.xor import X, Y
from nnexplain.network import Network
from nnexplain.worked import worked

Array = npt.NDArray[np.float64]
_STEP, _SIGMOID = activations["step"], activations["sigmoid"]
# With J = ½ Σ (y - h)² below 0.1 no error reaches ½: all answers are on the right side of it.
SOLVED = 0.1


def _box(z: Any) -> Any:
    return keep_nan(where(abs(z) <= 1, 0.5, 0.0), z)


def _one(z: Any) -> Any:
    return keep_nan(1.0, z)


STEPS: Mapping[str, Activation] = MappingProxyType({
    "true slope": _STEP,
    "slope of the sigmoid": replace(
        _STEP, name="step with the slope of the sigmoid", slope=_SIGMOID.slope,
        curvature=_SIGMOID.curvature, latex_slope=_SIGMOID.latex_slope,
        largest_slope=_SIGMOID.largest_slope, flat=(), constant_slope=False,
    ),
    "box": replace(
        _STEP, name="step with a box for a slope", slope=_box,
        latex_slope=r"\begin{cases}\frac12 & |z|\le 1\\ 0 & |z|>1\end{cases}",
        largest_slope=0.5, flat=((-np.inf, -1.0), (1.0, np.inf)), constant_slope=False,
    ),
    "slope 1": replace(
        _STEP, name="step with slope 1", slope=_one, latex_slope="1", largest_slope=1.0, flat=(),
    ),
})  # fmt: skip
"""The step with its own slope, 0, and with three borrowed ones: f is the same in all, f′ is not."""

HIDDEN: Mapping[str, Activation] = MappingProxyType({**STEPS, "sigmoid units": _SIGMOID})
"""The hidden units of the race: every step, and a smooth unit beside them."""


def staircase(values: npt.ArrayLike) -> tuple[Sweep, Sweep]:
    """Sweep w14 of the running network over all eight corners, hidden units step and sigmoid.

    The targets are 1 where at least two inputs are. Both sweeps keep the sigmoid at the output.

    >>> step, smooth = staircase([-1.0, -0.5, 0.0, 0.5, 1.0])
    >>> step.slope, smooth.slope != 0
    (0.0, True)
    """
    net = worked["han_kamber"].network
    flat = net.replace(activation=["step", "sigmoid"])
    return sweep(flat, CORNERS_X, MOST, "w14", values), sweep(net, CORNERS_X, MOST, "w14", values)


@dataclass(frozen=True)
class Silence:
    """Partial derivatives in networks with a layer of step units, over many random networks.

    `zero` of the `count` derivatives in front of the steps are exactly 0, and so many nudges of
    size `nudge` leave J exactly as it was (`still`); `speaking` of the `behind` others are not 0.
    """

    networks: int
    count: int
    zero: int
    nudge: float
    still: int
    behind: int
    speaking: int


def silence(networks: int = 50, nudge: float = 1e-9) -> Silence:
    """Count zeros in random 3-4-3-1 networks: sigmoid, then step, then sigmoid units; 8 samples.

    >>> found = silence(networks=3)
    >>> found.count, found.zero, found.still, found.behind, found.speaking
    (93, 93, 93, 12, 8)
    """
    front, still, behind = [], [], []
    for seed in range(networks):
        net = Network([3, 4, 3, 1], ["sigmoid", "step", "sigmoid"], seed=seed)
        draw = np.random.default_rng(seed)
        x, y = draw.normal(size=(8, 3)), draw.integers(0, 2, 8)
        slopes = np.array(list(net.gradient(x, y).values()))
        ahead = np.array([net.depth(net.locate(name)[1]) <= 2 for name in net.names])
        nudged = net.losses_at(net.vector + nudge * np.eye(len(slopes)), x, y)
        front.append(slopes[ahead] == 0)
        behind.append(slopes[~ahead] != 0)
        still.append(nudged[ahead] == net.losses_at(net.vector, x, y))
    rows = [np.concatenate(hits) for hits in (front, still, behind)]
    zero, unmoved, speaking = (int(row.sum()) for row in rows)
    return Silence(networks, rows[0].size, zero, nudge, unmoved, rows[2].size, speaking)


@dataclass(frozen=True, eq=False)
class Race:
    """How many of `starts` networks have solved XOR after each step, by the slope they used.

    `solved` maps a slope to counts (steps + 1,); "sigmoid units" are smooth networks beside them.
    `stuck` is the share of hidden units that end on the same side of 0 for all four samples.
    """

    starts: int
    learning_rate: float
    solved: Mapping[str, npt.NDArray[np.int64]]
    stuck: Mapping[str, float]

    def last(self, slope: str) -> int:
        """Return how many have solved it at the end."""
        return int(self.solved[slope][-1])


@cache  # figure and claim ask for the same race
def race(
    slopes: tuple[str, ...] = tuple(HIDDEN), *, starts: int = 100, steps: int = 1000,
    learning_rate: float = 1.0, hidden: int = 3,
) -> Race:  # fmt: skip
    """Train 2-hidden-1 networks on XOR: step hidden units with each slope, and sigmoid ones.

    `slopes` are names of `HIDDEN`. The starts are the networks of the seeds 0, 1, ..., the same for
    every slope.

    >>> found = race(starts=5, steps=600)
    >>> found.last("true slope"), found.last("slope of the sigmoid"), found.last("sigmoid units")
    (0, 4, 5)
    """
    sizes = [2, hidden, 1]
    begin = [Network(sizes, seed=seed).vector for seed in range(starts)]
    solved, stuck = {}, {}
    for name in slopes:
        if name not in HIDDEN:
            raise UnknownNameError("slope of the race", name, HIDDEN)
        net = Network(sizes, [HIDDEN[name], "sigmoid"], seed=0)
        walks = descend_many(
            net, X, Y, begin, learning_rate=learning_rate, steps=steps, tolerance=0
        )
        solved[name] = np.count_nonzero(walks.loss < SOLVED, axis=1)
        stuck[name] = _stuck(net, walks.parameters[-1])
    return Race(starts, learning_rate, MappingProxyType(solved), MappingProxyType(stuck))


def _stuck(net: Network, theta: Array) -> float:
    first = net.structure.matrices(theta)[0]
    z = first[..., :-1] @ np.array(X).T + first[..., -1:]
    return float(np.mean((z >= 0).all(axis=-1) | (z < 0).all(axis=-1)))


@dataclass(frozen=True)
class Perceptron:
    """One step unit, trained by the perceptron rule: its wrong answers in each pass."""

    mistakes: tuple[int, ...]
    network: Network


def perceptron(
    targets: Sequence[float], passes: int = 20, x: Sequence[Sequence[float]] = X
) -> Perceptron:
    """Train a step unit on `x` (N, 2): after each wrong answer w := w + (y - h) x, b := b + y - h.

    Starts from zeros and stops after a pass without a mistake, or after `passes`.

    >>> perceptron((0, 1, 1, 1)).mistakes, perceptron((0, 1, 1, 0), passes=6).mistakes
    ((2, 2, 1, 0), (3, 3, 4, 4, 4, 4))
    """
    net = Network([2, 1], "step", {"w13": 0, "w23": 0, "b3": 0})
    mistakes: list[int] = []
    while len(mistakes) < passes and 0 not in mistakes:
        wrong = 0
        for sample, y in zip(x, targets, strict=True):
            error = y - net.forward(sample).output
            wrong += error != 0
            moved = net.vector + error * np.array([*sample, 1.0])
            net = net.replace(parameters=dict(zip(net.names, moved.tolist(), strict=True)))
        mistakes.append(wrong)
    return Perceptron(tuple(mistakes), net)
