"""Walking downhill: what the step size does, when a walk is done, and where many starts end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from nnexplain.descent import Trajectory, descend, descend_many
from nnexplain.experiments.loss import THREE_X, THREE_Y
from nnexplain.experiments.samples import CORNERS_X, ONE_OF_TWO
from nnexplain.network import Network
from nnexplain.worked import worked

Array = npt.NDArray[np.float64]

# A start counts as solved when J is at most this; all targets missed by half makes J = 1.
SOLVED = 0.05
# A walk still gets lower when J fell by more than this share in its second half.
_FALL = 0.01


def bowl(rate: float, *, start: float = -0.6, steps: int = 8) -> Trajectory:
    """Walk down J = ½ (y - h)² with y = 1, where the prediction h itself is the one parameter.

    The network has one linear unit with input 0, so that h = b2. Every step multiplies the error
    h - y by 1 - η.

    >>> bowl(0.5, start=0.0, steps=3)["b2"].tolist()
    [0.0, 0.5, 0.75, 0.875]
    """
    knob = Network([1, 1], "identity", {"w12": 0.0, "b2": start})
    return descend(knob, [0.0], 1.0, learning_rate=rate, steps=steps, freeze=["w12"], tolerance=0)


@cache
def example_walk(rate: float, steps: int = 1000) -> Trajectory:
    """Walk from the running example's parameters on its three samples.

    >>> bool(example_walk(0.9).loss[-1] < example_walk(0.01).loss[-1])
    True
    """
    net = worked["han_kamber"].network
    return descend(net, THREE_X, THREE_Y, learning_rate=rate, steps=steps)


@dataclass(frozen=True)
class Outcomes:
    """How many of the starts ended in which way, for one learning rate.

    `solved`: J is at most `SOLVED`. `falling`: not solved, but J fell by more than a hundredth in
    the second half of the `steps`. `idle`: neither, the ground is flat or the steps are tiny.
    `idle_at` is the median J of those, nan if there are none.
    """

    rate: float
    steps: int
    solved: int
    falling: int
    idle: int
    idle_at: float

    @property
    def starts(self) -> int:
        """The number of starts."""
        return self.solved + self.falling + self.idle


@cache
def many_starts(rate: float, starts: int = 100, steps: int = 2000) -> Outcomes:
    """Walk on the eight corners from standard normal parameters, and count how the walks end.

    >>> found = many_starts(1.0, starts=20, steps=1000)
    >>> found.starts, found.solved > 10
    (20, True)
    """
    net = worked["han_kamber"].network
    points = np.random.default_rng(0).standard_normal((starts, len(net.names)))
    walks = descend_many(
        net, CORNERS_X, ONE_OF_TWO, points, learning_rate=rate, steps=steps, every=steps // 2
    )
    half, end = walks.loss[1], walks.loss[-1]
    solved = end <= SOLVED
    falling = ~solved & (end < (1 - _FALL) * half)
    idle = ~solved & ~falling
    at = float(np.median(end[idle])) if idle.any() else float("nan")
    return Outcomes(rate, steps, int(solved.sum()), int(falling.sum()), int(idle.sum()), at)


@dataclass(frozen=True)
class Valley:
    """Where a walk over one weight came to rest, and J'' there: above 0 at a local minimum."""

    start: float
    end: float
    loss: float
    curvature: float


def one_weight(weight: float) -> Network:
    """Return a network of one sigmoid unit and one weight, h = σ(w x).

    >>> one_weight(0.0).forward([3.0]).output
    0.5
    """
    return Network([1, 1], "sigmoid", {"w12": weight, "b2": 0.0})


# Two samples that one weight cannot serve both: the first wants w = 2.2, the second w below 0.
VALLEYS_X: tuple[tuple[float, ...], ...] = ((1.0,), (10.0,))
VALLEYS_Y: tuple[float, ...] = (0.9, 0.0)


def valley(start: float) -> Valley:
    """Walk down J(w) of one weight and two samples from `start`; J has two valleys.

    >>> left, right = valley(-1.0), valley(3.0)
    >>> round(left.end, 2), round(right.end, 2), left.loss < right.loss
    (-0.21, 2.2, True)
    """
    walk = descend(
        one_weight(start), VALLEYS_X, VALLEYS_Y, learning_rate=1.0, steps=5000, freeze=["b2"]
    )
    end = float(walk["w12"][-1])
    width = 1e-4
    at = [[end - width, 0.0], [end + width, 0.0]]
    below, above = walk.network.gradients_at(at, VALLEYS_X, VALLEYS_Y)[:, 0]
    return Valley(start, end, float(walk.loss[-1]), float(above - below) / (2 * width))


@dataclass(frozen=True)
class Batching:
    """The same epochs in batches of one size: J after some epochs, and after as many steps."""

    batch_size: int
    steps_an_epoch: int
    epochs: int
    after_epochs: float
    after_steps: float


def batching(sizes: Sequence[int] = (8, 4, 2, 1), epochs: int = 200) -> tuple[Batching, ...]:
    """Go through the eight corners in batches, from the running example's parameters, η = 3.

    >>> [(b.batch_size, b.steps_an_epoch) for b in batching((8, 1), epochs=5)]
    [(8, 1), (1, 8)]
    """
    net, count = worked["han_kamber"].network, len(CORNERS_X)
    rows = []
    for size in sizes:
        each = -(-count // size)
        walk = descend(
            net, CORNERS_X, ONE_OF_TWO, learning_rate=3.0, steps=each * epochs, batch_size=size
        )
        rows.append(Batching(size, each, epochs, float(walk.loss[-1]), float(walk.loss[epochs])))
    return tuple(rows)
