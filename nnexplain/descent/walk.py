"""The walk: steps in short runs, each recorded and then judged as a whole.

Judging a run of steps at once costs a fraction of judging each: the inner loop only steps and
copies. What lies behind the step where a walk ends is thrown away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nnexplain.descent import verdict
from nnexplain.descent.steppers import stepper
from nnexplain.descent.task import Task

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]
# Steps in one run, and floats that its parameters may take, half a megabyte.
_RUN = 512
_ROOM = 1 << 16
# J beyond this many times its start (or 1, if that is more) never comes back.
GROWTH = 1e12
# An error of this share of the targets, or of 1 where they are small, is not worth a step.
LEAST_ERROR = 1e-8


def recorded_steps(steps: int, every: int) -> Indices:
    """Return the numbers of the steps that are kept: the start, each `every`th, and the last.

    >>> recorded_steps(10, 4)
    array([ 0,  4,  8, 10])
    """
    kept = np.arange(0, steps + 1, every)
    return kept if kept[-1] == steps else np.append(kept, steps)


@dataclass(frozen=True, eq=False)
class Record:
    """What is kept of P walks: parameters (R, count, P), losses and evaluations (R, P), verdicts.

    `steps` numbers the R records. A walk that ended repeats its last values in the records behind;
    one that used up its steps has the verdict None.
    """

    steps: Indices
    parameters: Array
    losses: Array
    evaluations: Indices
    ends: Indices
    verdicts: npt.NDArray[np.object_]

    @classmethod
    def empty(cls, task: Task, sets: int) -> Record:
        """Return room for the walks of `sets` parameter sets."""
        steps = recorded_steps(task.steps, task.every)
        return cls(
            steps,
            np.empty((steps.size, task.structure.count, sets)),
            np.empty((steps.size, sets)),
            np.zeros((steps.size, sets), dtype=np.intp),
            np.full(sets, task.steps),
            np.empty(sets, dtype=object),
        )

    def part(self, sets: slice) -> Record:
        """Return the part of some walks, as a view."""
        return Record(
            self.steps,
            self.parameters[..., sets],
            self.losses[:, sets],
            self.evaluations[:, sets],
            self.ends[sets],
            self.verdicts[sets],
        )


def walk(task: Task, start: Array, record: Record, tick: Callable[[int], object]) -> None:
    """Walk from `start` (count, P) and fill the record; `tick` hears how many steps were done."""
    with np.errstate(all="ignore"):
        walker = _Walker(task, start, record)
        while walker.done < task.steps and walker.alive.size:
            tick(walker.run())
        tick(task.steps - walker.done)


class _Walker:
    """Walks in progress; `alive` holds the positions of those that have not ended."""

    def __init__(self, task: Task, start: Array, record: Record) -> None:
        self.task, self.record, self.done = task, record, 0
        self.theta = np.array(start, order="C")
        self.stepper = stepper(task, self.theta)
        self.alive = np.arange(start.shape[1])
        record.parameters[0], record.losses[0] = start, task.losses(start)
        record.evaluations[0] = self.stepper.evaluations
        self.limit = GROWTH * np.maximum(record.losses[0], 1.0)
        targets = np.maximum(abs(task.y), 1.0).sum()
        floor = LEAST_ERROR * task.structure.loss.scale(task.y.size) * targets
        self.errors = task.errors(start)
        self.reference = np.maximum(self.errors, floor)
        self.rested = np.zeros(start.shape[1], dtype=np.intp)

    def run(self) -> int:
        """Take a run of steps, record them, end the walks they decide; return how many it was."""
        size, before = self._run_length(), self.theta.copy()
        self.stepper.begin(size)
        path = np.empty((size, *before.shape))
        gradients = np.empty_like(path)
        counted = self.stepper.evaluations
        theta, step = self.theta, self.stepper.step
        for i in range(size):
            gradients[i] = step(theta, self.done + i + 1)
            path[i] = theta
        # Every step asks for as many values of J.
        evaluations = np.linspace(counted, self.stepper.evaluations, size + 1, dtype=np.intp)[1:]
        lost = self._keep_records(path, evaluations)
        resting = self._resting(before, path, gradients)
        self._end(path, evaluations, lost, resting)
        self.done += size
        return size

    def _run_length(self) -> int:
        room = max(1, _ROOM // self.theta.size)
        return min(_RUN, room, self.task.steps - self.done)

    def _keep_records(self, path: Array, evaluations: Indices) -> Mask:
        """Record what is due in this run; return where (steps, P) a walk left usable numbers."""
        lost: Mask = ~np.logical_and.reduce(np.isfinite(path), axis=1)
        bounds = np.searchsorted(self.record.steps, [self.done, self.done + len(path)], "right")
        due = slice(*bounds)
        rows = self.record.steps[due] - self.done - 1
        losses = self._losses(path, rows)
        self.record.parameters[due, :, self.alive] = path[rows]
        self.record.losses[due, self.alive] = losses[rows]
        self.record.evaluations[due, self.alive] = evaluations[rows, None]
        lost |= ~(np.isfinite(losses) & (losses <= self.limit[self.alive]))
        return lost

    def _losses(self, path: Array, rows: Indices) -> Array:
        """J (steps, P) in this run; zeros where it is neither known nor to be recorded."""
        seen = self.stepper.seen()
        if seen is not None:
            return np.concatenate([seen[1:], self.task.losses(self.theta)[None]])
        losses = np.zeros((len(path), self.alive.size))
        if rows.size:
            # One call for all: the points of all walks side by side, (count, rows · P).
            points = path[rows].swapaxes(0, 1).reshape(path.shape[1], -1)
            losses[rows] = self.task.losses(points).reshape(rows.size, -1)
        return losses

    def _resting(self, before: Array, path: Array, gradients: Array) -> Mask:
        """Return where (steps, P) gradient and move were tiny for a whole pass over the data."""
        if not self.task.settles:
            return np.zeros((len(path), self.alive.size), dtype=bool)
        tiny = self.task.tolerance * self.reference[self.alive]
        moves = np.diff(path, axis=0, prepend=before[None])
        calm = (_length(gradients) <= tiny) & (_length(moves) <= self.task.learning_rate * tiny)
        step = np.arange(1, len(path) + 1)[:, None]
        # The last step that was not calm; before this run it lies `rested` steps behind.
        restless = np.maximum.accumulate(np.where(calm, -self.rested[self.alive], step))
        calm_steps = step - restless
        self.rested[self.alive] = calm_steps[-1]
        return calm_steps >= self.task.steps_a_pass

    def _end(self, path: Array, evaluations: Indices, lost: Mask, resting: Mask) -> None:
        over = lost | resting
        ended: Mask = np.logical_or.reduce(over, axis=0)
        for j in np.flatnonzero(ended):
            at, i = int(over[:, j].argmax()), self.alive[j]
            self._end_one(i, at, path[at, :, j], evaluations[at], diverged=lost[at, j])
        if ended.any():
            self.alive = self.alive[~ended]
            self.theta = np.ascontiguousarray(self.theta[:, ~ended])
            self.stepper.keep(~ended)

    def _end_one(
        self, walk: int, at: int, vector: Array, evaluations: int, *, diverged: bool
    ) -> None:
        """End one walk with the parameters `vector`, `at` steps behind the first of this run."""
        task, record, step = self.task, self.record, self.done + at + 1
        rest = slice(int(np.searchsorted(record.steps, step)), None)
        loss = float(task.losses(vector[:, None])[0])
        record.parameters[rest, :, walk] = vector
        record.losses[rest, walk] = loss
        record.evaluations[rest, walk] = evaluations
        record.ends[walk] = step
        record.verdicts[walk] = (
            verdict.lost(task, vector, loss, float(record.losses[0, walk]), step)
            if diverged
            else verdict.at_rest(
                task, vector, float(self.errors[walk]), float(self.reference[walk]), step
            )
        )


def _length(vectors: Array) -> Array:
    """Return the lengths (steps, P) of vectors (steps, count, P)."""
    return np.asarray(np.sqrt(np.einsum("sip,sip->sp", vectors, vectors)))
