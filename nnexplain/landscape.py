"""J as a landscape over the parameters: along a line, over a plane, and which ways there are to go.

The axes of a landscape are parameters or directions in the space of all parameters, never the
inputs. A plane shows two of its dimensions; what happens along all others stays unseen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, SupportsIndex

import numpy as np
import numpy.typing as npt

from nnexplain import arguments, plane
from nnexplain.directions import Direction
from nnexplain.errors import NnexplainError, real_array, real_number, whole_number
from nnexplain.network import Network

Array = npt.NDArray[np.float64]
Range = tuple[float, float]
# Without a range an axis shows this far on both sides of the network: sigmoids saturate there.
_REACH = 5.0
# What a path needs around it to be seen, as a share of its extent.
_MARGIN = 0.15


@dataclass(frozen=True, eq=False)
class Profile:
    """J along a line: `loss[i]` at `values[i]` on the axis called `name`.

    `centre` is where the network itself stands on the axis; `points` (T, count) are the parameters.
    """

    network: Network
    name: str
    centre: float
    values: Array
    points: Array
    loss: Array


@dataclass(frozen=True, eq=False)
class Landscape:
    """J over a plane: `loss[i, j]` at `first[i]` and `second[j]`, on axes called `names`.

    θ = origin + first·directions[0] + second·directions[1]. Along a parameter's own axis the
    coordinate is its value; along a `Direction` it counts lengths of its vector from the network.
    `centre` is where the network itself stands; `notes` are the directions' own.
    """

    network: Network
    x: Array = field(repr=False)
    y: Array = field(repr=False)
    names: tuple[str, str]
    notes: tuple[str, str]
    origin: Array = field(repr=False)
    directions: Array = field(repr=False)
    centre: tuple[float, float]
    first: Array = field(repr=False)
    second: Array = field(repr=False)
    loss: Array = field(repr=False)

    @property
    def lowest(self) -> tuple[float, float, float]:
        """Where on the grid J is least, and that J: (first, second, J)."""
        i, j = np.unravel_index(np.nanargmin(self.loss), self.loss.shape)
        return float(self.first[i]), float(self.second[j]), float(self.loss[i, j])

    def point(self, first: npt.ArrayLike, second: npt.ArrayLike) -> Array:
        """Return the parameters at coordinates of the plane: of shape (...) each, to (..., count).

        >>> net = Network([1, 1], "identity", {"w12": 2, "b2": 5})
        >>> landscape(net, [10], 24, "w12", "b2").point(3, [0, 1])
        array([[3., 0.],
               [3., 1.]])
        """
        given = real_array(first, "first"), real_array(second, "second")
        try:
            pairs = np.stack(np.broadcast_arrays(*given), axis=-1)
        except ValueError as error:
            raise NnexplainError(
                "first and second must have one shape, or one of them a single number; got the "
                f"shapes {given[0].shape} and {given[1].shape}"
            ) from error
        points: Array = self.origin + pairs @ self.directions
        return points

    def network_at(self, first: float, second: float) -> Network:
        """Return the network at one point of the plane.

        >>> net = Network([1, 1], "identity", {"w12": 2, "b2": 5})
        >>> landscape(net, [10], 24, "w12", "b2").network_at(3, 1)
        Network([1, 1], 'identity', {'w12': 3.0, 'b2': 1.0})
        """
        place = real_number(first, "first"), real_number(second, "second")
        values = self.point(*place).tolist()
        return self.network.replace(parameters=dict(zip(self.network.names, values, strict=True)))

    def project(self, points: npt.ArrayLike) -> Array:
        """Return the coordinates (..., 2) of the nearest points of the plane to (..., count).

        >>> net = Network([1, 1], "identity", {"w12": 2, "b2": 5})
        >>> landscape(net, [10], 24, "w12", "b2").project([[7, 8]])
        array([[7., 8.]])
        """
        sets = arguments.parameter_points(points, self.network.names)
        return _coordinates(sets - self.origin, self.directions)

    def distance(self, points: npt.ArrayLike) -> Array:
        """Return how far parameters (..., count) lie beside the plane.

        The picture shows J on the plane; at a point beside it J is another.

        >>> net = Network([1, 1, 1], "identity", seed=0)
        >>> beside = landscape(net, [10], 24, "w12", "w23").distance(net.vector + 3 * np.eye(4)[1])
        >>> float(beside.round(12))
        3.0
        """
        sets = arguments.parameter_points(points, self.network.names)
        coordinates = _coordinates(sets - self.origin, self.directions)
        apart: Array = np.linalg.norm(sets - self.origin - coordinates @ self.directions, axis=-1)
        return apart

    def slopes(self) -> Array:
        """Return (A, B, 2): the partial derivatives of J along both axes, at every grid point.

        >>> net = Network([1, 1], "identity", {"w12": 2, "b2": 5})
        >>> view = landscape(net, [10], 24, "w12", "b2", first_range=(2, 3), second_range=(4, 5),
        ...                  points=2)
        >>> view.slopes()[0].tolist()
        [[0.0, 0.0], [10.0, 1.0]]
        """
        grid = self.point(self.first[:, None], self.second[None, :])
        slopes: Array = self.network.gradients_at(grid, self.x, self.y) @ self.directions.T
        return slopes


def landscape(  # noqa: PLR0913 - a network, data, two axes and what they show
    net: Network,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    first: str | Direction,
    second: str | Direction,
    *,
    first_range: Range | None = None,
    second_range: Range | None = None,
    points: SupportsIndex = 101,
    cover: npt.ArrayLike | None = None,
) -> Landscape:
    """J over the plane through the network along two parameters or directions.

    Arguments:
        net: the network; all parameters keep its values except along the two axes.
        x: inputs as in `Network.loss`.
        y: targets as in `Network.loss`.
        first: the first axis, a parameter's name or a `Direction`.
        second: the second axis, not parallel to the first.
        first_range: (low, high) on the first axis; if left out, 5 to both sides of the network, or
            as far as `cover` asks.
        second_range: likewise on the second axis.
        points: grid points along each axis, at least 2.
        cover: parameters (T, count), for instance a descent's, whose projections must be in view.

    Only what depends on the axes is computed for each of the points; memory stays bounded.
    Raises `NnexplainError` for unknown names, parallel axes, empty ranges and wrong shapes.

    >>> net = Network([1, 1], "identity", {"w12": 2, "b2": 5})
    >>> view = landscape(net, [10], 24, "w12", "b2", first_range=(2, 3), second_range=(4, 5),
    ...                  points=2)
    >>> view.loss.tolist(), view.centre
    ([[0.0, 0.5], [50.0, 60.5]], (2.0, 5.0))

    """
    axes = (_axis(net, first), _axis(net, second))
    directions = np.stack([direction.vector for direction, _ in axes])
    _check_plane(directions, axes)
    centre = np.array([value for _, value in axes])
    origin = net.vector - centre @ directions
    inputs, targets, _ = net.data(x, y)
    seen = np.concatenate([centre[None], _covered(net, cover, origin, directions)])
    first_values = _values(first_range, seen[:, 0], cover is None, points, "first_range")
    second_values = _values(second_range, seen[:, 1], cover is None, points, "second_range")
    loss = plane.losses(
        net.structure, origin, (directions[0], directions[1]), first_values, second_values,
        inputs, targets,
    )  # fmt: skip
    return Landscape(
        net, np.array(x, dtype=float), np.array(y, dtype=float),
        (axes[0][0].name, axes[1][0].name), (axes[0][0].note, axes[1][0].note),
        origin, directions, (float(centre[0]), float(centre[1])), first_values, second_values, loss,
    )  # fmt: skip


def profile(
    net: Network,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    direction: str | Direction,
    *,
    value_range: Range | None = None,
    points: SupportsIndex = 201,
) -> Profile:
    """J along the line through the network in one direction; the arguments are `landscape`'s.

    >>> net = Network([1, 1], "identity", {"w12": 2, "b2": 5})
    >>> profile(net, [10], 24, "b2", value_range=(3, 5), points=3).loss
    array([0.5, 0. , 0.5])
    """
    axis, centre = _axis(net, direction)
    values = _values(value_range, np.array([centre]), True, points, "value_range")
    origin = net.vector - centre * axis.vector
    sets = origin + values[:, None] * axis.vector
    return Profile(net, axis.name, centre, values, sets, net.losses_at(sets, x, y))


def _axis(net: Network, given: str | Direction) -> tuple[Direction, float]:
    """Return the direction of an axis and where the network stands on it."""
    if isinstance(given, str):
        net.locate(given)
        vector = np.zeros(net.vector.size)
        vector[net.names.index(given)] = 1.0
        return Direction(given, vector), net.parameters[given]
    if not isinstance(given, Direction):
        raise NnexplainError(
            f"an axis must be a parameter's name or a Direction, got {type(given).__name__}; "
            "wrap your own vector: Direction('my direction', vector)"
        )
    vector = real_array(given.vector, f"the vector of {given.name!r}")
    if vector.shape != net.vector.shape or not vector.any():
        raise NnexplainError(
            f"the vector of {given.name!r} must have shape {net.vector.shape} and not be zero, "
            f"got shape {vector.shape}"
        )
    return Direction(given.name, vector, given.note), 0.0


def _check_plane(directions: Array, axes: tuple[tuple[Direction, float], ...]) -> None:
    unit = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    if np.linalg.svd(unit, compute_uv=False)[1] < 1e-9:
        names = " and ".join(repr(direction.name) for direction, _ in axes)
        raise NnexplainError(
            f"a plane needs two directions that are not parallel, got {names}; "
            "use profile for a line"
        )


def _covered(net: Network, cover: Any, origin: Array, directions: Array) -> Array:
    if cover is None:
        return np.empty((0, 2))
    sets = arguments.parameter_points(cover, net.names, "cover").reshape(-1, origin.size)
    if len(sets) == 0:
        raise NnexplainError(
            f"cover must hold at least one parameter set, got shape {np.shape(cover)}; leave it out"
        )
    seen = _coordinates(sets - origin, directions)
    margin = _MARGIN * np.ptp(seen, axis=0)
    return np.concatenate([seen - margin, seen + margin])


def _coordinates(beside: Array, directions: Array) -> Array:
    # The pseudo-inverse gives the nearest point also where the directions are not orthogonal.
    return np.asarray(beside @ np.linalg.pinv(directions))


def _values(
    given: Range | None, seen: Array, reach: bool, points: SupportsIndex, what: str
) -> Array:
    """Return the evenly spaced values of an axis."""
    count = whole_number(points, "points", 2)
    if given is None:
        around = _REACH if reach or np.ptp(seen) == 0 else 0.0
        return np.linspace(seen.min() - around, seen.max() + around, count)
    limits = real_array(given, what)
    if limits.shape != (2,) or not limits[0] < limits[1]:
        raise NnexplainError(f"{what} must be (low, high) with low < high, got {given!r}")
    return np.linspace(limits[0], limits[1], count)
