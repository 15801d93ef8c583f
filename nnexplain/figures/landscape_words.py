"""What pictures of a landscape say in words: the plane, what rests, and how a walk lies to it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from nnexplain.figures.labels import subscripted
from nnexplain.landscape import Landscape
from nnexplain.numbers import format_number

Array = npt.NDArray[np.float64]


def axis_name(view: Landscape, axis: int) -> str:
    """Return what is written at an axis: its name, and in what sense it is what the name says.

    >>> import nnexplain as nne
    >>> net = nne.Network([1, 1], "identity", {"w12": 2, "b2": 5})
    >>> axis_name(nne.landscape(net, [1], 7, "w12", "b2", points=2), 0)
    'w₁₂'
    """
    note = f" ({view.notes[axis]})" if view.notes[axis] else ""
    return subscripted(view.names[axis]) + note


def pair(at: Iterable[float]) -> str:
    """Return coordinates of a plane.

    >>> pair([1.0, -0.25])
    '(1, −0.25)'
    """
    return f"({', '.join(format_number(float(value), 3) for value in at)})"


def extent(view: Landscape) -> str:
    """Return the ranges of both axes and of J."""
    (one, first), (other, second) = (
        (name, f"{format_number(float(v[0]), 3)} to {format_number(float(v[-1]), 3)}")
        for name, v in zip(view.names, (view.first, view.second), strict=True)
    )
    *at, least = view.lowest
    return (
        f"J over {one} from {first} and {other} from {second}. On the grid J is lowest at "
        f"({one}, {other}) = {pair(at)} with {format_number(least, 3)}, and highest with "
        f"{format_number(float(np.nanmax(view.loss)), 3)}."
    )


def what_rests(view: Landscape) -> str:
    """Return the axes, and how many parameters stay as they are all over the plane."""
    rest = int((~view.directions.any(axis=0)).sum())
    axes = f"J over {subscripted(view.names[0])} and {subscripted(view.names[1])}"
    if not rest:
        return f"{axes}."
    ending = " keeps its value" if rest == 1 else "s keep their values"
    return f"{axes}; the other {rest} parameter{ending}."


def walk_alt(view: Landscape, path: Array) -> str:
    """Return where a walk (T, count) begins and ends, and J there."""
    walk = view.project(path)
    ends = view.network.losses_at(path[[0, -1]], view.x, view.y)
    start, end = (format_number(float(j), 3) for j in ends)
    return (
        f"A walk, drawn through {len(walk)} places, goes from {pair(walk[0])}, J = {start}, to "
        f"{pair(walk[-1])}, J = {end}."
    )


def walk_caption(view: Landscape, path: Array) -> str:
    """Return whether a walk stays in the plane, and if not, what the picture cannot show."""
    away = float(view.distance(path).max())
    if away < 1e-9 * max(1.0, float(np.abs(path).max())):
        return "The walk, from ○ to ●, stays in this plane."
    return (
        f"The walk, from ○ to ●, moves in all {view.origin.size} parameters. Drawn is its shadow: "
        f"it is up to {format_number(away, 2)} away from this plane, and J there is not what the "
        "picture shows."
    )


def grid_table(view: Landscape) -> tuple[tuple[str, ...], ...]:
    """Return J at six by six of the grid points, a row for each value on the first axis."""
    rows, columns = (
        np.unique(np.linspace(0, len(values) - 1, 6).round().astype(int))
        for values in (view.first, view.second)
    )
    head = [f"{view.names[0]}, {view.names[1]}:", *_numbers(view.second[columns])]
    body = [(*_numbers(view.first[[i]]), *_numbers(view.loss[i, columns])) for i in rows]
    return (tuple(head), *body)


def _numbers(values: Array) -> list[str]:
    return [format_number(value, 3) for value in values.tolist()]
