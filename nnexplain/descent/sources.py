"""Where a step gets its gradient from: one parameter set or many, all samples or the next batch."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
import numpy.typing as npt

from nnexplain import backprop
from nnexplain.descent.crowd import Crowd
from nnexplain.descent.task import Task
from nnexplain.errors import NnexplainError

Array = npt.NDArray[np.float64]
# With more samples than this, cutting them into blocks costs less than leaving the cache.
_SHORT = 1000


class Source(Protocol):
    """Gives ∂J/∂θ (count, P) at theta (count, P)."""

    def begin(self, steps: int) -> None:
        """Get ready for a run of so many steps."""

    def at(self, theta: Array) -> Array:
        """∂J/∂θ over the samples of the next step; the next call may overwrite the array."""

    def seen(self) -> Array | None:
        """J (steps, P) where `at` was asked in this run, over all samples; None if not known."""


def source(task: Task, sets: int) -> Source:
    """Return the quickest source for `sets` parameter sets."""
    if sets > 1:
        return WholeCrowd(task) if task.is_full_batch else BatchCrowd(task)
    short = task.is_full_batch and task.samples <= _SHORT
    return WholeSet(task) if short else AnySet(task)


class WholeSet:
    """One parameter set and all samples, over arrays that are made once."""

    def __init__(self, task: Task) -> None:
        self._loss, self._y = task.structure.loss, task.y
        self._from_logit = task.structure.from_logit
        self._scale = self._loss.scale(task.y.size)
        self._pass = backprop.Pass(task.structure, (), task.samples)
        self._pass.x[...] = task.x
        self._output = (self._pass.z if self._from_logit else self._pass.a)[-1]
        self._gradient = self._pass.gradient[:, None]
        self.begin(0)

    def begin(self, steps: int) -> None:
        """Make room for the outputs: J of all steps at once costs less than one by one."""
        self._outputs = np.empty((steps, *self._output.shape))
        self._rooms = iter(self._outputs)

    def at(self, theta: Array) -> Array:
        """∂J/∂θ, nan where a prediction has no loss."""
        try:
            self._pass.rerun(theta[:, 0], self._y)
        except NnexplainError:
            self._gradient.fill(math.nan)
        next(self._rooms)[...] = self._output
        if self._loss.averages:
            self._gradient *= self._scale
        return self._gradient

    def seen(self) -> Array:
        """J (steps, 1) before each step of the run."""
        logit = self._loss.from_logit if self._from_logit else None
        each = (logit or self._loss.formula)(self._y, self._outputs)
        return np.asarray(self._scale * each.sum(axis=(1, 2))[:, None])


class Batches:
    """Which samples come next: each pass over the data takes all of them, in a new random order."""

    def __init__(self, task: Task) -> None:
        self._rng = np.random.default_rng(task.seed)
        self._x, self._y, self._size = task.x, task.y, task.batch_size
        self._order, self._at = np.arange(0), 0
        self._whole = task.is_full_batch

    def __next__(self) -> tuple[Array, Array]:
        if self._whole:
            return self._x, self._y
        if self._at >= self._order.size:
            self._order, self._at = self._rng.permutation(self._x.shape[1]), 0
        batch = self._order[self._at : self._at + self._size]
        self._at += self._size
        return self._x[:, batch], self._y[:, batch]


class AnySet:
    """One parameter set, with one batch after the other or with very many samples."""

    def __init__(self, task: Task) -> None:
        self._structure, self._batches = task.structure, Batches(task)

    def begin(self, steps: int) -> None:
        """Nothing to get ready."""

    def at(self, theta: Array) -> Array:
        """∂J/∂θ, nan where a prediction has no loss."""
        try:
            return backprop.gradient(self._structure, theta[:, 0], *next(self._batches))[:, None]
        except NnexplainError:
            return np.full(theta.shape, math.nan)

    def seen(self) -> None:
        """J over all samples is not known."""


class WholeCrowd:
    """Many parameter sets and all samples."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._crowd: Crowd | None = None
        self._losses: list[Array] = []

    def begin(self, steps: int) -> None:
        """Forget the last run."""
        self._losses.clear()

    def at(self, theta: Array) -> Array:
        """∂J/∂θ, in an array that the next call overwrites."""
        if self._crowd is None or self._crowd.sets != theta.shape[1]:
            self._crowd = Crowd(self._task.structure, self._task.x, self._task.y, theta.shape[1])
        gradient = self._crowd.gradient(theta)
        self._losses.append(self._crowd.loss())
        return gradient

    def seen(self) -> Array:
        """J (steps, P) before each step of the run."""
        return np.array(self._losses)


class BatchCrowd:
    """Many parameter sets with one batch after the other; all see the same batches."""

    def __init__(self, task: Task) -> None:
        self._structure, self._batches = task.structure, Batches(task)
        # By batch size, of which there are two: the rest at the end of a pass may be smaller.
        self._crowds: dict[int, Crowd] = {}

    def begin(self, steps: int) -> None:
        """Nothing to get ready."""

    def at(self, theta: Array) -> Array:
        """∂J/∂θ, in an array that the next call overwrites."""
        x, y = next(self._batches)
        crowd = self._crowds.get(x.shape[1])
        if crowd is None or crowd.sets != theta.shape[1]:
            crowd = self._crowds[x.shape[1]] = Crowd(self._structure, x, y, theta.shape[1])
        crowd.load(x, y)
        return crowd.gradient(theta)

    def seen(self) -> None:
        """J over all samples is not known."""
