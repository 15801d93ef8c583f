"""Gradient descent and its relatives: walks over the loss, recorded, and why they stopped.

The methods are gradient descent, momentum and Adam, on all samples or on batches; and, without
derivatives, finite differences, random search and an evolution strategy.
"""

from __future__ import annotations

import importlib
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise, repeat
from threading import Event, Lock
from typing import SupportsIndex

import numpy as np
import numpy.typing as npt

from nnexplain.arguments import starting_points
from nnexplain.descent.methods import (
    METHODS,
    Adam,
    EvolutionStrategy,
    FiniteDifferences,
    GradientDescent,
    Method,
    Momentum,
    RandomSearch,
)
from nnexplain.descent.task import Task, checked_task
from nnexplain.descent.trajectory import Trajectories, Trajectory
from nnexplain.descent.walk import Record, walk
from nnexplain.errors import NnexplainError
from nnexplain.network import Network

Array = npt.NDArray[np.float64]
__all__ = [
    "METHODS",
    "Adam",
    "EvolutionStrategy",
    "FiniteDifferences",
    "GradientDescent",
    "Momentum",
    "RandomSearch",
    "Trajectories",
    "Trajectory",
    "descend",
    "descend_many",
]
# Floats that the records of one call may take: 2 GiB.
_LARGEST = 1 << 28


def descend(  # noqa: PLR0913 - one keyword for each choice, all with defaults
    net: Network,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    learning_rate: float = 0.5,
    steps: SupportsIndex = 1000,
    method: str | Method = "gradient_descent",
    batch_size: SupportsIndex | None = None,
    seed: SupportsIndex = 0,
    freeze: Sequence[str] = (),
    tolerance: float = 1e-6,
    every: SupportsIndex = 1,
    progress: bool = False,
) -> Trajectory:
    """Walk downhill from the network's parameters: θ ← θ - η ∂J/∂θ, or by another method.

    Arguments:
        net: where the walk starts.
        x: inputs, as in `Network.loss`.
        y: targets.
        learning_rate: η, above 0.
        steps: how many steps at most.
        method: a name of `METHODS`, or a record such as `Momentum(decay=0.5)`.
        batch_size: samples in one step, None for all, 1 for one at a time. Each pass over the data
            takes all samples, in a new random order. Only for methods that follow the gradient.
        seed: draws the orders of the batches, and the trials of methods without derivatives.
        freeze: names of parameters that stay as they are.
        tolerance: how small the gradient must be for the walk to be at rest, see below.
        every: keep every such step (and the first and the last) in the `Trajectory`.
        progress: show a bar while the walk runs; needs the package tqdm.

    The walk is *at rest* when, for one whole pass over the data, the length of the gradient is at
    most tolerance · E, with E = Σ |∂J/∂h| at the start, and the length of the move at most η times
    that. What then tells a minimum from a saddle and from a plateau stands in
    `nnexplain.descent.verdict`. Random search and evolution strategy have no gradient and never
    rest. The walk has *diverged* when a parameter or J is no longer a finite number, or J exceeds
    10¹² times its start (or 10¹², if that is more).

    Raises `NnexplainError` for anything that is not as described.

    >>> net = Network([3, 2, 1], seed=0)
    >>> trajectory = descend(net, [[1, 0, 1], [0, 1, 1]], [1, 0], steps=200)
    >>> trajectory.stopped, bool(trajectory.loss[-1] < trajectory.loss[0] / 10)
    ('step limit', True)

    """
    task = checked_task(
        net, x, y, learning_rate=learning_rate, steps=steps, method=method, batch_size=batch_size,
        seed=seed, freeze=freeze, tolerance=tolerance, every=every,
    )  # fmt: skip
    return _walks(net, task, net.vector[None], progress)[0]


def descend_many(  # noqa: PLR0913 - one keyword for each choice, all with defaults
    net: Network,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    starts: npt.ArrayLike,
    *,
    learning_rate: float = 0.5,
    steps: SupportsIndex = 1000,
    method: str | Method = "gradient_descent",
    batch_size: SupportsIndex | None = None,
    seed: SupportsIndex = 0,
    freeze: Sequence[str] = (),
    tolerance: float = 1e-6,
    every: SupportsIndex = 1,
    progress: bool = False,
) -> Trajectories:
    """Walk downhill from many parameter sets at once, as thousands of random restarts do.

    `starts` (P, count) holds the parameter sets, in the order of `net.names`; all else is as in
    `descend`. All walks see the same batches. Records of many walks are large: `every` thins them.

    >>> net = Network([2, 2, 1], "tanh", seed=0)
    >>> starts = np.random.default_rng(1).standard_normal((50, 9))
    >>> corners = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> walks = descend_many(net, corners, [0, 1, 1, 0], starts, learning_rate=0.2)
    >>> len(walks), bool(walks.best.loss[-1] < 0.001)
    (50, True)
    """
    task = checked_task(
        net, x, y, learning_rate=learning_rate, steps=steps, method=method, batch_size=batch_size,
        seed=seed, freeze=freeze, tolerance=tolerance, every=every,
    )  # fmt: skip
    return _walks(net, task, starting_points(starts, net.names), progress)


def _walks(net: Network, task: Task, starts: Array, progress: bool) -> Trajectories:
    """Walk from starts (P, count), as many side by side as pays, blocks of them in threads."""
    _check_room(task, len(starts))
    record = Record.empty(task, len(starts))
    count = -(-len(starts) // task.crowd)
    # Steps of a single set are too short for threads: they would wait for each other.
    threads = min(count, os.cpu_count() or 1) if task.crowd > 1 else 1
    # As many blocks for each thread, all of one size: nothing is left to walk alone at the end.
    edges = np.linspace(0, len(starts), -(-count // threads) * threads + 1).astype(int)
    blocks = [slice(*pair) for pair in pairwise(edges.tolist())]

    def go(block: slice, tick: Callable[[int], object]) -> None:
        walk(task, starts[block].T, record.part(block), tick)

    with _bar(progress, task.steps * len(blocks)) as tick:
        _share_out(go, blocks, tick, threads)
    return Trajectories(net, task.method.name, record)


def _share_out(
    go: Callable[[slice, Callable[[int], object]], None],
    blocks: list[slice],
    tick: Callable[[int], object],
    threads: int,
) -> None:
    """Call `go` with every block, in so many threads; after an error or Ctrl-C all stop soon."""
    if threads == 1:
        for block in blocks:
            go(block, tick)
        return
    one_at_a_time, stopped = Lock(), Event()

    def hear(done: int) -> None:
        if stopped.is_set():
            raise CancelledError
        with one_at_a_time:
            tick(done)

    with ThreadPoolExecutor(threads) as pool:
        try:
            list(pool.map(go, blocks, repeat(hear)))
        except BaseException:
            stopped.set()
            raise


def _check_room(task: Task, sets: int) -> None:
    count = (2 + task.steps // task.every) * sets * task.structure.count
    if count > _LARGEST:
        raise NnexplainError(
            f"the records would take {count * 8 / 2**30:.1f} GiB: {task.steps} steps of {sets} "
            f"parameter sets with {task.structure.count} parameters each; "
            f"keep fewer, for instance every={task.every * -(-count // _LARGEST)}"
        )


@contextmanager
def _bar(progress: bool, total: int) -> Iterator[Callable[[int], object]]:
    """Yield the function that is told how many steps were done."""
    if not progress:
        yield lambda done: None
        return
    try:
        with warnings.catch_warnings():
            # Without ipywidgets the bar is made of text, and that is well.
            warnings.filterwarnings("ignore", message="IProgress not found")
            tqdm = importlib.import_module("tqdm.auto").tqdm
    except ImportError as error:
        raise NnexplainError(
            "progress=True shows its bar with the package tqdm, which is not installed: "
            "pip install tqdm, or leave progress out"
        ) from error
    with tqdm(total=total, unit="step") as bar:
        yield bar.update
