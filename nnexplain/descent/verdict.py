"""Why a walk came to rest: a tiny gradient has several causes, and they can be told apart.

∂J/∂θ is a sum over samples, Σ gₙ. E = Σ |∂J/∂h| is the error that is left, and P = Σ ‖gₙ‖ the pull,
what the samples ask of the parameters one by one. A tiny ‖Σ gₙ‖ has one of three causes:

- the errors are gone: E is at most a hundredth of what it was at the start;
- the pulls cancel: ‖Σ gₙ‖ is at most a hundredth of P. This is a critical point. If J falls along a
  direction of negative curvature it is a saddle, otherwise a minimum as far as can be seen;
- the errors remain, and hardly anything of them reaches a parameter: a plateau.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nnexplain import backprop
from nnexplain.descent.task import Task
from nnexplain.hessian import products
from nnexplain.numbers import format_number

Array = npt.NDArray[np.float64]
CONVERGED = "converged"
PLATEAU = "stalled on a plateau"
SADDLE = "stalled at a saddle"
DIVERGED = "diverged"
STEP_LIMIT = "step limit"

# What "gone" and "cancel" mean: a hundredth.
SMALL = 0.01
# How far to look whether J falls, and which share of J a fall must exceed to be no rounding.
FALLS = (1e-3, 1e-2, 1e-1)
NOISE = 1e-12
# Beyond this many parameters the curvature is not looked at: it costs a gradient for each of them.
_CURVATURE_LIMIT = 500
# Floats of sample gradients in one block, 8 MB.
_ROOM = 1 << 20


class Verdict(NamedTuple):
    """Why a walk ended, in one word or two, and the sentence with the evidence."""

    stopped: str
    reason: str


def lost(task: Task, vector: Array, loss: float, first: float, step: int) -> Verdict:
    """Say where a walk left the numbers that can be used."""
    bad = np.flatnonzero(~np.isfinite(vector))
    if bad.size:
        what = f"{task.names[bad[0]]} became {format_number(float(vector[bad[0]]))}"
    elif not np.isfinite(loss):
        what = f"J became {format_number(loss)}"
    else:
        what = f"J grew from {format_number(first)} to {format_number(loss)}"
    return Verdict(DIVERGED, f"at step {step}, {what}; a smaller learning rate may help")


def out_of_steps(steps: int, first: float, last: float) -> Verdict:
    """Say that all steps were taken."""
    return Verdict(STEP_LIMIT, f"all {steps} steps were taken: J went from {format_number(first)} "
                   f"to {format_number(last)}")  # fmt: skip


def at_rest(task: Task, vector: Array, first: float, reference: float, step: int) -> Verdict:
    """Judge a tiny gradient at `vector` (count,).

    `first` is E at the start; `reference` is the same, or the least that is worth a step.
    """
    error = float(task.errors(vector[:, None])[0])
    pull, total = pulls(task, vector)
    e, p = format_number(error), format_number(pull)
    gradient = f"at step {step}, the gradient's length is {format_number(total)}"
    if error <= SMALL * reference:
        fell = f"fell from {format_number(first)} to {e}"
        gone = fell if first == reference else f"is {e} and was {format_number(first)} at the start"
        return Verdict(CONVERGED, f"{gradient} and the errors are gone, Σ|∂J/∂h| {gone}")
    if pull == 0 or total > SMALL * pull:
        left = f"errors remain: of Σ|∂J/∂h| = {e} only {p} reaches the parameters"
        return Verdict(PLATEAU, f"{gradient} although {left}")
    balance = f"{gradient}, because the pulls of the samples, together {p}, cancel"
    return _critical(task, vector, total, balance)


def pulls(task: Task, vector: Array) -> tuple[float, float]:
    """Return P = Σ ‖gₙ‖ and ‖Σ gₙ‖ at `vector` (count,), over the parameters that move."""
    pull, total = 0.0, np.zeros(task.structure.count)
    block = max(1, _ROOM // task.structure.count)
    for start in range(0, task.samples, block):
        each = _sample_gradients(task, vector, slice(start, start + block))
        each[task.frozen] = 0.0
        pull += float(np.linalg.norm(each, axis=0).sum())
        total += each.sum(axis=1)
    return pull, float(np.linalg.norm(total))


def _sample_gradients(task: Task, vector: Array, samples: slice) -> Array:
    """Return gₙ, each sample's part of ∂J/∂θ, (count, samples): δ times what enters the layer."""
    structure, x, y = task.structure, task.x[:, samples], task.y[:, samples]
    scale = structure.loss.scale(task.y.size) / structure.loss.scale(y.size)
    layers = backprop.forward(structure, vector, x)
    enters = [np.vstack([a, np.ones(x.shape[1])]) for a in (x, *(layer.a for layer in layers[:-1]))]
    parts = [
        (delta[:, None] * entering).reshape(-1, x.shape[1])
        for delta, entering in zip(backprop.deltas(structure, vector, x, y), enters, strict=True)
    ]
    return scale * np.concatenate(parts)


def _critical(task: Task, vector: Array, left: float, balance: str) -> Verdict:
    """Tell a saddle from a minimum where a gradient of length `left` remains."""
    if task.free.size > _CURVATURE_LIMIT:
        unseen = f"the curvature in more than {_CURVATURE_LIMIT} parameters was not looked at"
        return Verdict(CONVERGED, f"{balance}; {unseen}")
    curvature, direction = lowest_curvature(task, vector)
    if curvature < 0 and falls_both_ways(task, vector, curvature, direction, left):
        falls = f"J falls both ways along a direction of curvature {format_number(curvature)}"
        return Verdict(SADDLE, f"{balance}; but {falls}")
    return Verdict(CONVERGED, f"{balance}, and no direction of negative curvature leads down")


def lowest_curvature(task: Task, vector: Array) -> tuple[float, Array]:
    """Return the lowest eigenvalue of the Hessian at `vector` and its direction (count,).

    The Hessian is that over the parameters that move.
    """
    ways = np.eye(vector.size)[task.free]
    hessian = products(task.structure, vector, ways, task.x, task.y)[:, task.free]
    values, vectors = np.linalg.eigh((hessian + hessian.T) / 2)
    return float(values[0]), vectors[:, 0] @ ways


def falls_both_ways(
    task: Task, vector: Array, curvature: float, direction: Array, left: float
) -> bool:
    """Whether J really falls along ±`direction`, by half of what its curvature promises or more.

    At a kink, and where the curvature is rounding noise, it does not. Nor does a fall count on
    which the slope changes by less than the length `left` of the gradient that remains: just beside
    a curved valley of minima, both ways along it lead a little nearer to its bottom.
    """
    lengths = np.array(FALLS)
    walks = np.concatenate([lengths, -lengths])
    points = vector[:, None] + direction[:, None] * np.concatenate([[0.0], walks])
    here, *there = task.losses(points)
    drops = np.reshape(here - there, (2, -1)).min(axis=0)
    promised = -curvature * lengths**2 / 2
    beyond_noise = promised > NOISE * abs(here)
    beyond_gradient = -curvature * lengths > left
    return bool((beyond_noise & beyond_gradient & (drops >= promised / 2)).any())
