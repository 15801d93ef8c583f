"""What figures are given, checked before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from nnexplain.critical import CriticalPoints
from nnexplain.curvature import Curvature
from nnexplain.descent import Trajectory
from nnexplain.errors import NnexplainError, real_array, real_number
from nnexplain.landscape import Landscape

Array = npt.NDArray[np.float64]


def numbers(given: npt.ArrayLike, what: str) -> list[float]:
    """Return a list of at least one finite number.

    >>> numbers([0, 1.5], "points")
    [0.0, 1.5]
    """
    array = real_array(given, what)
    if array.ndim != 1 or not array.size:
        raise NnexplainError(
            f"{what} must be a list of at least one number, for instance [0.0, 1.0]; got {given!r}"
        )
    return [float(value) for value in array]


def positive(given: float, what: str) -> float:
    """Return a finite number above 0.

    >>> positive(2, "reach")
    2.0
    """
    number = real_number(given, what)
    if number <= 0:
        raise NnexplainError(f"{what} must be above 0, got {given}")
    return number


def walked(view: Landscape, path: npt.ArrayLike) -> Array:
    """Return the parameters (T, count) of a walk over the network of a view.

    >>> import nnexplain as nne
    >>> net = nne.Network([1, 1], "identity", {"w12": 2, "b2": 5})
    >>> walked(nne.landscape(net, [1], 7, "w12", "b2", points=2), [[2, 5], [1, 5]]).shape
    (2, 2)
    """
    if isinstance(path, Trajectory):
        raise NnexplainError(
            "path must hold the parameters of a walk, got a whole Trajectory; pass its .parameters"
        )
    points, names = real_array(path, "path"), view.network.names
    if points.ndim != 2 or points.shape[1] != len(names) or not len(points):
        raise NnexplainError(
            f"path must have shape (T, {len(names)}), a row for each step with the parameters in "
            f"the order {', '.join(names)}; got {points.shape}"
        )
    return points


def places(given: Iterable[Curvature], what: str) -> list[Curvature]:
    """Return places of a landscape as a list.

    >>> places((), "critical")
    []
    """
    if not isinstance(given, Iterable):
        instead = "its .points" if isinstance(given, CriticalPoints) else "a list of them"
        raise NnexplainError(
            f"{what} must be a list of places, got {type(given).__name__}; pass {instead}"
        )
    listed = list(given)
    for place in listed:
        if not isinstance(place, Curvature):
            raise NnexplainError(
                f"{what} must hold what nne.curvature returns, got {type(place).__name__}"
            )
    return listed
