"""How a network of straight lines learns: valleys, saddles, waiting and jumping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nnexplain.descent import descend
from nnexplain.errors import NnexplainError
from nnexplain.network import Network, weight_name
from nnexplain.worked import saxe_mode, worked

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Modes:
    """Strengths of the modes over time t = η · steps, by descent and in closed form.

    `times` is (T,), `learned` and `closed` are (T, modes), `losses` is J (T,).
    """

    strengths: tuple[float, ...]
    learning_rate: float
    times: Array
    learned: Array
    closed: Array
    losses: Array

    @property
    def gap(self) -> float:
        """The largest distance between descent and the closed form."""
        return float(np.abs(self.learned - self.closed).max())

    def half_time(self, mode: int) -> float:
        """Return when descent reaches half of a mode's strength."""
        reached = self.learned[:, mode] >= self.strengths[mode] / 2
        return float(self.times[int(np.argmax(reached))])


@dataclass(frozen=True, eq=False)
class Valley:
    """J = (y - w12 w23)²/2 of two straight-line units in a row, and descents on it.

    `net` holds the biases at 0, `x` and `y` are its one sample. A path is (steps + 1, 2): w12, w23.
    """

    net: Network
    x: float
    y: float
    paths: tuple[Array, ...]

    def losses(self, w12: npt.ArrayLike, w23: npt.ArrayLike) -> Array:
        """J at pairs of weights of any one shape."""
        first, second = np.broadcast_arrays(np.asarray(w12, float), np.asarray(w23, float))
        zero = np.zeros_like(first)
        at = {"w12": first, "w23": second, "b2": zero, "b3": zero}
        points = np.stack([at[name] for name in self.net.names], axis=-1)
        return self.net.losses_at(points, [self.x], self.y)


def modes(
    strengths: Sequence[float] = (2.0, 1.0),
    start: float = 0.01,
    *,
    learning_rate: float = 0.01,
    until: float = 8.0,
) -> Modes:
    """τ du/dt = 2u(s - u): descend with two layers of m identity units and compare (Saxe2013).

    Input k is 1 in sample k and 0 in the others; its target is `strengths[k]` at output k and 0
    elsewhere. Each weight from unit k to unit k of the next layer begins at `start`, the others at
    0, and biases stay 0, as in the paper. Then mode k is one chain of two weights, u = w w′.

    >>> run = modes((2.0,), 0.1, learning_rate=0.001, until=3.0)
    >>> run.gap < 0.002
    True
    """
    if not (start > 0 and min(strengths) > start**2 and learning_rate > 0):
        raise NnexplainError(
            "modes grow from start² up to their strengths: it needs start > 0, strengths above "
            f"start² and a positive learning rate, got {start}, {list(strengths)}, {learning_rate}"
        )
    count = len(strengths)
    net = _diagonal_network(count, start)
    x, y = np.eye(count), np.diag(strengths)
    biases = [name for name in net.names if name.startswith("b")]
    steps = round(until / learning_rate)
    walk = descend(net, x, y, learning_rate=learning_rate, steps=steps, freeze=biases, tolerance=0)
    learned = np.column_stack(
        [
            walk[weight_name(k, k + count)] * walk[weight_name(k + count, k + 2 * count)]
            for k in range(1, count + 1)
        ]
    )
    times = learning_rate * walk.steps.astype(np.float64)
    closed = [[saxe_mode(t, s, start**2) for s in strengths] for t in times.tolist()]
    return Modes(tuple(strengths), learning_rate, times, learned, np.array(closed), walk.loss)


def _diagonal_network(count: int, start: float) -> Network:
    sizes = [count] * 3
    zero = dict.fromkeys(Network(sizes, "identity", seed=0).names, 0.0)
    for layer in (0, count):
        zero |= {weight_name(k + layer, k + layer + count): start for k in range(1, count + 1)}
    return Network(sizes, "identity", zero)


def valley(
    starts: Sequence[tuple[float, float]] = ((2.4, 0.1), (0.1, 0.15), (-2.2, 0.5)),
    *,
    learning_rate: float = 0.02,
    steps: int = 400,
) -> Valley:
    """Descend on J(w12, w23) of the 1-1-1 network of `worked["saxe_linear"]` from some starts.

    >>> [round(float(path[-1].prod()), 4) for path in valley().paths]
    [2.0, 2.0, 2.0]
    """
    example = worked["saxe_linear"]
    x, y = example.x[0], example.y[0]
    paths = []
    for w12, w23 in starts:
        net = example.network.replace(parameters={"w12": w12, "w23": w23})
        walk = descend(net, [x], y, learning_rate=learning_rate, steps=steps, freeze=["b2", "b3"])
        paths.append(np.column_stack([walk["w12"], walk["w23"]]))
    return Valley(example.network, float(x), float(y), tuple(paths))
