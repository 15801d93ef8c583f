"""What a walk leaves behind: J and the parameters after each step, and why it stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np
import numpy.typing as npt

from nnexplain.descent.verdict import STEP_LIMIT, out_of_steps
from nnexplain.descent.walk import Record
from nnexplain.network import Network
from nnexplain.numbers import format_number

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The walk of one parameter set: R records, the first of them the start.

    `steps` (R,) numbers the records and `loss` (R,) is J over all samples there; `parameters`
    (R, count) is in the order of `names`, and `trajectory["w14"]` is the column of one parameter.
    `evaluations` (R,) counts the values of J that the method itself has asked for: 0 where it
    follows the gradient of backpropagation. `stopped` is "converged", "stalled on a plateau",
    "stalled at a saddle", "diverged" or "step limit", and `reason` is a sentence with the evidence.

    >>> from nnexplain.descent import descend
    >>> net = Network([1, 1], "identity", {"w12": 2, "b2": 5})
    >>> trajectory = descend(net, [[1], [2]], [1, 3], learning_rate=0.2, tolerance=1e-9)
    >>> trajectory.stopped, trajectory["w12"].round(6)[[0, 1, -1]].tolist()
    ('converged', [2.0, -1.6, 2.0])
    """

    start: Network
    method: str
    steps: Indices
    loss: Array
    parameters: Array
    evaluations: Indices
    stopped: str
    reason: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parameters, in the order of the columns of `parameters`."""
        return self.start.names

    @cached_property
    def network(self) -> Network:
        """The network at the last record whose parameters are all finite."""
        finite = np.flatnonzero(np.isfinite(self.parameters).all(axis=1))
        last = self.parameters[finite[-1]]
        return self.start.replace(parameters=dict(zip(self.names, last.tolist(), strict=True)))

    def __getitem__(self, parameter: str) -> Array:
        """Return the values (R,) of one parameter; an unknown name raises `UnknownNameError`."""
        self.start.locate(parameter)
        return self.parameters[:, self.names.index(parameter)]

    def __contains__(self, parameter: object) -> bool:
        return parameter in self.names

    # Its items have names and its length counts records: there is no one way to go through it.
    __iter__ = None

    def __len__(self) -> int:
        return len(self.steps)

    def __str__(self) -> str:
        first, last = format_number(float(self.loss[0])), format_number(float(self.loss[-1]))
        return f"{self.method}, J {first} → {last}; {self.stopped}: {self.reason}"

    def __repr__(self) -> str:
        return f"Trajectory({self.method}, {self.steps[-1]} steps, {self.stopped!r})"


@dataclass(frozen=True, eq=False)
class Trajectories(Sequence[Trajectory]):
    """The walks of P parameter sets side by side; `trajectories[i]` is the walk of the i-th.

    `loss` (R, P) and `parameters` (R, P, count) have a record for every step in `steps` (R,); a
    walk that ended repeats its last values. `stopped` says of each why it ended.

    >>> from nnexplain.descent import descend_many
    >>> net = Network([1, 1], "identity", seed=0)
    >>> walks = descend_many(net, [[1], [2]], [1, 3], [[2, 5], [0, 0]], learning_rate=0.2)
    >>> walks.stopped, walks.parameters[-1].round(3).tolist()
    (('converged', 'converged'), [[2.0, -1.0], [2.0, -1.0]])
    """

    start: Network
    method: str
    record: Record

    @property
    def steps(self) -> Indices:
        """The numbers of the steps that are recorded, (R,)."""
        return self.record.steps

    @property
    def loss(self) -> Array:
        """J over all samples, (R, P)."""
        return self.record.losses

    @property
    def parameters(self) -> Array:
        """The parameters in the order of the network's names, (R, P, count)."""
        return self.record.parameters.swapaxes(1, 2)

    @property
    def stopped(self) -> tuple[str, ...]:
        """Why each walk ended; see `Trajectory`."""
        return tuple(
            STEP_LIMIT if verdict is None else verdict.stopped for verdict in self.record.verdicts
        )

    @property
    def best(self) -> Trajectory:
        """The walk that ended at the lowest J; those that diverged to nan count last."""
        last = self.loss[-1]
        return self[int(np.where(np.isnan(last), np.inf, last).argmin())]

    @overload
    def __getitem__(self, index: int) -> Trajectory: ...
    @overload
    def __getitem__(self, index: slice) -> list[Trajectory]: ...
    def __getitem__(self, index: int | slice) -> Trajectory | list[Trajectory]:
        """Return the walk of one parameter set, up to the step where it ended."""
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        end = self.record.ends[index]
        rows = slice(0, int(np.searchsorted(self.steps, end)) + 1)
        steps = self.steps[rows].copy()
        # A walk may end between two records: the next one then holds its last values.
        steps[-1] = end
        loss = self.loss[rows, index]
        return Trajectory(
            self.start,
            self.method,
            steps,
            loss,
            self.parameters[rows, index],
            self.record.evaluations[rows, index],
            *(self.record.verdicts[index] or out_of_steps(end, loss[0], loss[-1])),
        )

    def __len__(self) -> int:
        return int(self.loss.shape[1])

    def __str__(self) -> str:
        counts = {why: self.stopped.count(why) for why in dict.fromkeys(self.stopped)}
        ends = ", ".join(f"{count} {why}" for why, count in counts.items())
        lowest = format_number(float(self.best.loss[-1]))
        return f"{len(self)} walks by {self.method}: {ends}; lowest J {lowest}"

    def __repr__(self) -> str:
        return f"Trajectories({self.method}, {len(self)} walks)"
