"""Ways to go in the space of all parameters: the steepest, random ones, those of a path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import SupportsIndex

import numpy as np
import numpy.typing as npt

from nnexplain import arguments
from nnexplain.errors import NnexplainError, real_array
from nnexplain.network import Network

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Direction:
    """A way to move all parameters at once, θ + t·vector, and what it is called.

    `vector` has the shape (count,), in the order of the network's names; `note` says in what sense
    it is the direction that its name promises.

    >>> Direction("w14 alone", np.eye(11)[0]).vector[:3].tolist()
    [1.0, 0.0, 0.0]
    """

    name: str
    vector: Array
    note: str = ""


def steepest_direction(
    net: Network, x: npt.ArrayLike, y: npt.ArrayLike, *, lengths: npt.ArrayLike | None = None
) -> Direction:
    """Return the direction of length 1 in which J falls fastest: -∇J/|∇J|.

    It is the steepest for the Euclidean length, which counts a step of 1 alike in every parameter.
    `lengths` (count,), all positive, says what a step of 1 counts in each parameter instead:
    for the length √Σ(lᵢ dᵢ)² the steepest direction is -∇J/l², another one. Raises `NnexplainError`
    where the gradient is zero or no longer finite: there is no steepest direction.

    >>> net = Network([1, 1], "identity", {"w12": 2, "b2": 5})
    >>> steepest_direction(net, [0.75], 0).vector
    array([-0.6, -0.8])
    """
    gradient = np.array(list(net.gradient(x, y).values()))
    scale = np.ones(gradient.size) if lengths is None else _positive(lengths, gradient.size)
    largest = float(abs(gradient).max())
    if not 0 < largest < np.inf:
        raise NnexplainError(
            f"the largest partial derivative is {largest} here: no direction is the steepest; look "
            "at J and its curvature instead"
        )
    # With l d in the place of d the length is Euclidean, and the gradient is ∇J/l.
    along = _near_one(_near_one(gradient) / scale)
    kind = "the Euclidean length" if lengths is None else "the given lengths"
    vector = -along / np.linalg.norm(along) / scale
    return Direction("steepest descent", vector, f"steepest for {kind} of θ")


def _near_one(vector: Array) -> Array:
    """Return a vector divided by a power of two, so that squares of its entries are floats."""
    _, exponent = np.frexp(abs(vector).max())
    near: Array = vector / np.ldexp(1.0, exponent - 1)
    return near


def random_direction(
    net: Network, seed: SupportsIndex, *, filter_normalised: bool = True
) -> Direction:
    """Draw a direction from a normal distribution.

    With `filter_normalised` (Li et al. 2018), the weights into a unit get the length that they
    have in the network, and biases stay: so a unit step means the same for networks whose weights
    differ in scale. Otherwise the direction has the length 1.

    >>> net = Network([1, 1], "identity", {"w12": 2, "b2": 5})
    >>> abs(random_direction(net, seed=0).vector)
    array([2., 0.])
    """
    drawn = arguments.drawn_vector(net.structure.shapes, seed, "normal")
    if not filter_normalised:
        return Direction("random direction", drawn / np.linalg.norm(drawn), "of length 1")
    for moved, own in zip(*map(net.structure.matrices, (drawn, net.vector)), strict=True):
        lengths = [np.linalg.norm(m[:, :-1], axis=1, keepdims=True) for m in (moved, own)]
        moved[:, :-1] *= lengths[1] / lengths[0]
        moved[:, -1] = 0.0
    return Direction("random direction", drawn, "filter-normalised")


def principal_directions(points: npt.ArrayLike) -> tuple[Direction, Direction]:
    """Return the two directions of length 1 along which a path moves most (as Li et al. 2018).

    `points` (T, count) are the parameters of a path, for instance of a descent. The directions are
    the first two right singular vectors of its points seen from its last one; the notes say which
    share of the squared movement each explains. A path along a straight line has only one and
    raises `NnexplainError`.

    >>> first, second = principal_directions([[9, 0, 5], [0, 2, 5], [0, 0, 5]])
    >>> first.vector.round(12) + 0, first.note
    (array([1., 0., 0.]), '95% of the squared movement')
    """
    path = real_array(points, "points")
    if path.ndim != 2 or len(path) < 3:
        raise NnexplainError(
            f"a path needs the shape (T, count) with at least 3 points, got {path.shape}"
        )
    _, sizes, ways = np.linalg.svd(path - path[-1], full_matrices=False)
    if sizes.size < 2 or sizes[1] <= 1e-12 * sizes[0]:
        raise NnexplainError(
            "this path stays on one straight line, so that a second direction is not determined; "
            "use profile, or choose the second direction yourself"
        )
    shares = sizes**2 / np.sum(sizes**2)
    # A singular vector's sign means nothing: let its largest entry be positive.
    signs = np.sign(ways[[0, 1], abs(ways[:2]).argmax(axis=1)])
    one, other = (
        Direction(f"principal direction {k + 1}", signs[k] * ways[k],
                  f"{100 * shares[k]:.0f}% of the squared movement")
        for k in (0, 1)
    )  # fmt: skip
    return one, other


def _positive(lengths: npt.ArrayLike, count: int) -> Array:
    scale = real_array(lengths, "lengths")
    if scale.shape != (count,) or not (scale >= np.finfo(float).tiny).all():
        raise NnexplainError(
            f"lengths must be {count} positive numbers, one for each parameter; got {lengths!r}"
        )
    return scale
