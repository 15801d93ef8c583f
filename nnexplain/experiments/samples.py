"""Samples that several experiments use: inputs and targets."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


class Samples(NamedTuple):
    """A dataset: inputs x (N, n) and one target each, y (N,)."""

    x: Array
    y: Array


# All eight inputs of 0s and 1s.
CORNERS_X: tuple[tuple[float, ...], ...] = tuple(
    (a, b, c) for a in (0.0, 1.0) for b in (0.0, 1.0) for c in (0.0, 1.0)
)
# Exactly one of the first two inputs is 1.
ONE_OF_TWO: tuple[float, ...] = tuple(float(a != b) for a, b, _ in CORNERS_X)
# At least two of the three inputs are 1.
MOST: tuple[float, ...] = tuple(float(sum(corner) >= 2) for corner in CORNERS_X)
