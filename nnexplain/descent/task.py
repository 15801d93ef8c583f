"""What one call of `descend` was asked to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import SupportsIndex

import numpy as np
import numpy.typing as npt

from nnexplain.descent.crowd import crowd_size, errors, losses
from nnexplain.descent.methods import (
    ByGradient,
    EvolutionStrategy,
    Method,
    RandomSearch,
    method_record,
)
from nnexplain.errors import NnexplainError, real_number, whole_number
from nnexplain.network import Network
from nnexplain.structure import Structure

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Task:
    """The problem and the choices of one call; x is (n, N), y is (outputs, N).

    `free` holds the positions of the parameters that move; `batch_size` is N for full batches.
    """

    structure: Structure
    names: tuple[str, ...]
    x: Array
    y: Array
    method: Method
    learning_rate: float
    steps: int
    batch_size: int
    seed: int
    free: Indices
    frozen: Indices
    tolerance: float
    every: int

    @property
    def samples(self) -> int:
        """The number of samples N."""
        return int(self.x.shape[1])

    @property
    def steps_a_pass(self) -> int:
        """The number of steps in one pass over the data."""
        return -(-self.samples // self.batch_size)

    @property
    def crowd(self) -> int:
        """How many parameter sets to move side by side; 1: one after the other."""
        return crowd_size(self.structure, self.batch_size) if self.by_gradient else 1

    @property
    def is_full_batch(self) -> bool:
        """Whether every step uses all samples."""
        return self.batch_size == self.samples

    @property
    def by_gradient(self) -> bool:
        """Whether the method follows the gradient of backpropagation."""
        return isinstance(self.method, ByGradient)

    @property
    def settles(self) -> bool:
        """Whether a tiny gradient says that the method has come to rest."""
        return not isinstance(self.method, RandomSearch | EvolutionStrategy)

    def losses(self, theta: Array) -> Array:
        """J (P,) over all samples at theta (count, P)."""
        return losses(self.structure, theta, self.x, self.y)

    def errors(self, theta: Array) -> Array:
        """E = Σ |∂J/∂h| (P,) over all samples at theta (count, P)."""
        return errors(self.structure, theta, self.x, self.y)


def checked_task(  # noqa: PLR0913 - one for each choice of `descend`
    net: Network,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    learning_rate: float,
    steps: SupportsIndex,
    method: str | Method,
    batch_size: SupportsIndex | None,
    seed: SupportsIndex,
    freeze: Sequence[str],
    tolerance: float,
    every: SupportsIndex,
) -> Task:
    """Return the task, or say which of the arguments of `descend` cannot be used.

    >>> checked_task(Network([1, 1], seed=0), [1], 0, learning_rate=-1, steps=1,
    ...              method="adam", batch_size=None, seed=0, freeze=(), tolerance=0, every=1)
    Traceback (most recent call last):
    nnexplain.errors.NnexplainError: learning_rate must be above 0, got -1
    """
    inputs, targets, _ = net.data(x, y)
    if real_number(learning_rate, "learning_rate") <= 0:
        raise NnexplainError(f"learning_rate must be above 0, got {learning_rate}")
    if real_number(tolerance, "tolerance") < 0:
        raise NnexplainError(f"tolerance must be 0 or more, got {tolerance}")
    free, frozen = _moving(net, freeze)
    task = Task(
        net.structure,
        net.names,
        inputs.copy(),
        targets.copy(),
        method_record(method),
        float(learning_rate),
        whole_number(steps, "steps", 1),
        _batch_size(batch_size, inputs.shape[1]),
        whole_number(seed, "seed", 0),
        free,
        frozen,
        float(tolerance),
        whole_number(every, "every", 1),
    )
    if not task.is_full_batch and not task.by_gradient:
        raise NnexplainError(
            f"{task.method.name} compares values of J over all samples; leave batch_size out, "
            f"got {batch_size}"
        )
    # A start whose predictions have no loss is a mistake, not a divergence.
    net.loss(x, y)
    return task


def _batch_size(given: SupportsIndex | None, samples: int) -> int:
    size = samples if given is None else whole_number(given, "batch_size", 1)
    if size > samples:
        raise NnexplainError(
            f"batch_size must be at most the number of samples, {samples}, got {given!r}; "
            "leave it out to use all of them"
        )
    return size


def _moving(net: Network, freeze: Sequence[str]) -> tuple[Indices, Indices]:
    """Return the positions of the parameters that move, and of those that do not."""
    if isinstance(freeze, str) or not isinstance(freeze, Iterable):
        example = [freeze] if isinstance(freeze, str) else [net.names[0]]
        raise NnexplainError(f"freeze must be a list of names, such as {example}; got {freeze!r}")
    named = list(freeze)
    for name in named:
        net.locate(name)
    stays = np.array([name in named for name in net.names])
    if stays.all():
        raise NnexplainError("freeze leaves no parameter that moves; freeze fewer")
    return np.flatnonzero(~stays), np.flatnonzero(stays)
