"""The same network, data and start under six activations: what a slope does to learning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy import maximum

from nnexplain.activations import Activation, activations, linear
from nnexplain.descent import Trajectory, descend, descend_many
from nnexplain.errors import UnknownNameError
from nnexplain.experiments.linear_collapse import least_squares, noisy_plane
from nnexplain.experiments.samples import Samples
from nnexplain.experiments.xor import xor
from nnexplain.experiments.zero_slope import SOLVED
from nnexplain.network import Network

Array = npt.NDArray[np.float64]

ACTIVATIONS: Mapping[str, Activation] = MappingProxyType({
    "identity": activations["identity"],
    "3·identity": linear(3.0),
    "step": activations["step"],
    "sigmoid": activations["sigmoid"],
    "tanh": activations["tanh"],
    "ReLU": activations["relu"],
})  # fmt: skip
"""The hidden activations that are compared: two constant slopes, one that is 0, three that bend."""


def larger(most: Any, slope: Any) -> Any:
    """max(most, |slope|), a formula: over the slopes of the hidden weights it is their signal.

    >>> float(larger(0.5, -2.0))
    2.0
    """
    return maximum(most, abs(slope))


NEAR = 0.01
"""A walk is as good as the best straight line when its J is this close to it, as a share of it."""


@dataclass(frozen=True, eq=False)
class Task:
    """Samples to learn and the sizes of the network that learns them.

    >>> round(TASKS["xor"].floor, 12), TASKS["xor"].network("tanh", 0).sizes
    (0.5, (2, 4, 1))
    """

    data: Samples
    sizes: tuple[int, ...]

    @property
    def floor(self) -> float:
        """J of the least-squares fit: the least that straight lines can reach."""
        return least_squares(self.data).loss(*self.data)

    def network(self, activation: str, start: int) -> Network:
        """Return the network of a start, 0, 1, ...: hidden units of one kind, a straight output.

        Every activation gets the same parameters: those of the seed `start`.
        """
        if activation not in ACTIVATIONS:
            raise UnknownNameError("activation of the comparison", activation, ACTIVATIONS)
        return Network(self.sizes, [ACTIVATIONS[activation], "identity"], seed=start)


TASKS: Mapping[str, Task] = MappingProxyType({
    "xor": Task(xor(), (2, 4, 1)),
    "plane": Task(noisy_plane(), (3, 2, 1)),
})  # fmt: skip
"""Exclusive or, which no straight line fits, and noisy samples of a plane, which one fits."""


@dataclass(frozen=True, eq=False)
class SideBySide:
    """Walks from one start, by activation; `floor` is J of the best straight line."""

    task: str
    start: int
    learning_rate: float
    steps: int
    walks: Mapping[str, Trajectory]
    floor: float


def side_by_side(task: str, start: int, learning_rate: float, steps: int) -> SideBySide:
    """Run gradient descent for so many steps from one start under every activation.

    >>> found = side_by_side("xor", 1, 0.02, 5000)
    >>> [round(float(found.walks[name].loss[-1]), 3) for name in ("identity", "step", "tanh")]
    [0.5, 0.333, 0.0]
    """
    given = _task(task)
    walks = {
        name: descend(
            given.network(name, start), *given.data, learning_rate=learning_rate, steps=steps,
        )
        for name in ACTIVATIONS
    }  # fmt: skip
    return SideBySide(task, start, learning_rate, steps, MappingProxyType(walks), given.floor)


def _task(name: str) -> Task:
    if name not in TASKS:
        raise UnknownNameError("task of the comparison", name, TASKS)
    return TASKS[name]


@dataclass(frozen=True, eq=False)
class Tally:
    """What became of many starts under one activation: `losses` (P,) is J of each at the end.

    `diverged` (P,) says which walks left the usable numbers.
    """

    floor: float
    losses: Array
    diverged: npt.NDArray[np.bool_]

    @property
    def lost(self) -> int:
        """How many diverged."""
        return int(self.diverged.sum())

    @property
    def solved(self) -> int:
        """How many have J below `SOLVED`: for XOR, no answer then misses its target by ½."""
        return int((~self.diverged & (self.losses < SOLVED)).sum())

    @property
    def like_a_line(self) -> int:
        """How many are as good as the best straight line, to `NEAR`."""
        near = np.abs(self.losses - self.floor) <= NEAR * self.floor
        return int((~self.diverged & near).sum())

    @property
    def better(self) -> int:
        """How many have done better than that."""
        return int((~self.diverged & (self.losses < (1 - NEAR) * self.floor)).sum())


@cache
def tally(
    task: str, activation: str, learning_rate: float, steps: int = 5000, starts: int = 100
) -> Tally:
    """Run descent from the starts 0, 1, ... under one activation and count what became of them.

    >>> names = ("identity", "step", "tanh", "ReLU")
    >>> {name: tally("xor", name, 0.02, steps=1000, starts=5).solved for name in names}
    {'identity': 0, 'step': 0, 'tanh': 5, 'ReLU': 4}
    """
    given = _task(task)
    nets = [given.network(activation, start) for start in range(starts)]
    walks = descend_many(
        nets[0], *given.data, [net.vector for net in nets], learning_rate=learning_rate,
        steps=steps, every=steps,
    )  # fmt: skip
    diverged = np.array([stopped == "diverged" for stopped in walks.stopped])
    return Tally(given.floor, walks.loss[-1], diverged)
