"""The steps: what changes parameters theta (count, P) in place, one step after the other.

Everything that a step needs is made once. Callers silence floating-point warnings: a step that
leaves the finite numbers is noticed where the walk is judged.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from nnexplain.descent.methods import (
    ByGradient,
    EvolutionStrategy,
    FiniteDifferences,
    GradientDescent,
    RandomSearch,
)
from nnexplain.descent.sources import source
from nnexplain.descent.task import Task

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


class Stepper(Protocol):
    """Moves parameters; `evaluations` counts the values of J that it has asked for."""

    evaluations: int

    def begin(self, steps: int) -> None:
        """Get ready for a run of so many steps."""

    def seen(self) -> Array | None:
        """J (steps, P) before each step of the run, over all samples; None where not computed."""

    def step(self, theta: Array, number: int) -> Array:
        """Change theta in place by step `number` (from 1) and return the gradient used."""

    def keep(self, sets: Mask) -> None:
        """Go on with these parameter sets only."""


def stepper(task: Task, theta: Array) -> Stepper:
    """Return what moves theta (count, P) as the task says."""
    match task.method:
        case FiniteDifferences():
            return DifferenceStepper(task, task.method)
        case EvolutionStrategy():
            return EvolutionStepper(task, task.method)
        case RandomSearch():
            return TrialStepper(task, task.method, theta)
        case _:
            return GradientStepper(task, task.method, theta.shape[1])


class GradientStepper:
    """Gradient descent, momentum and Adam."""

    evaluations = 0

    def __init__(self, task: Task, method: ByGradient, sets: int) -> None:
        self._source = source(task, sets)
        self.begin, self.seen = self._source.begin, self._source.seen
        self._method, self._frozen = method, task.frozen
        self._rate = np.array(task.learning_rate)
        self._memory = np.zeros((method.slots, task.structure.count, sets))

    def step(self, theta: Array, number: int) -> Array:
        """Change theta in place and return the gradient used."""
        gradient = self._source.at(theta)
        if self._frozen.size:
            gradient[self._frozen] = 0.0
        self._method.move(theta, gradient, self._rate, self._memory, number)
        return gradient

    def keep(self, sets: Mask) -> None:
        """Go on with these parameter sets only."""
        self._memory = np.ascontiguousarray(self._memory[..., sets])


class LossCounter:
    """J of one parameter set by trial: what a method without derivatives may ask for."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self.evaluations = 0

    def ask(self, points: Array) -> Array:
        """J (P,) at points (count, P)."""
        self.evaluations += points.shape[1]
        return self._task.losses(points)

    def begin(self, steps: int) -> None:
        """Nothing to get ready."""

    def seen(self) -> None:
        """J on the way is not known: each value would be one more evaluation."""

    def keep(self, sets: Mask) -> None:
        """Go on with the only set there is."""


class DifferenceStepper(LossCounter):
    """Gradient descent along central differences."""

    def __init__(self, task: Task, method: FiniteDifferences) -> None:
        super().__init__(task)
        self._width, self._free = method.width, task.free
        self._descent = _Slope(task)

    def step(self, theta: Array, number: int) -> Array:
        """Change theta in place and return the estimated gradient."""
        shifts = np.zeros((len(theta), self._free.size))
        shifts[self._free, np.arange(self._free.size)] = self._width
        above, below = np.split(self.ask(np.hstack([theta + shifts, theta - shifts])), 2)
        gradient = np.zeros(theta.shape)
        gradient[self._free, 0] = (above - below) / (2 * self._width)
        return self._descent.down(theta, gradient)


class EvolutionStepper(LossCounter):
    """Gradient descent along an average over random directions."""

    def __init__(self, task: Task, method: EvolutionStrategy) -> None:
        super().__init__(task)
        self._method, self._noise = method, Noise(task)
        self._descent = _Slope(task)

    def step(self, theta: Array, number: int) -> Array:
        """Change theta in place and return the estimated gradient."""
        spread, pairs = self._method.spread, self._method.pairs
        directions = self._noise.draw(pairs)
        shifts = spread * directions
        above, below = np.split(self.ask(np.hstack([theta + shifts, theta - shifts])), 2)
        gradient = (directions @ (above - below))[:, None] / (2 * pairs * spread)
        return self._descent.down(theta, gradient)


class TrialStepper(LossCounter):
    """Random search: a random change that lowers J stays, any other is undone."""

    def __init__(self, task: Task, method: RandomSearch, theta: Array) -> None:
        super().__init__(task)
        self._spread, self._noise = method.spread, Noise(task)
        self._best = self.ask(theta)[0]
        self._nothing = np.zeros(theta.shape)

    def step(self, theta: Array, number: int) -> Array:
        """Change theta in place and return zeros: there is no gradient."""
        trial = theta + self._spread * self._noise.draw(1)
        value = self.ask(trial)[0]
        if value < self._best:
            self._best = value
            theta[...] = trial
        return self._nothing


class _Slope:
    """A step of gradient descent along any estimate of the gradient."""

    def __init__(self, task: Task) -> None:
        self._rate = np.array(task.learning_rate)
        self._memory = np.zeros((GradientDescent.slots, task.structure.count, 1))

    def down(self, theta: Array, gradient: Array) -> Array:
        GradientDescent().move(theta, gradient, self._rate, self._memory, 0)
        return gradient


class Noise:
    """Standard normal directions (count, pairs), 0 for parameters that stay."""

    def __init__(self, task: Task) -> None:
        self._rng = np.random.default_rng(task.seed)
        self._free, self._count = task.free, task.structure.count

    def draw(self, number: int) -> Array:
        """Draw the next `number` directions."""
        directions = np.zeros((self._count, number))
        directions[self._free] = self._rng.standard_normal((self._free.size, number))
        return directions
