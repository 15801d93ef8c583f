"""A derivative is a sensitivity: nudge the input, and compare the answer with the slope's word."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nnexplain.activations import Activation, activations, keep_nan
from nnexplain.errors import NnexplainError, real_number


def _square(z: Any) -> Any:
    return z * z


def _square_slope(z: Any) -> Any:
    return 2 * z


def _square_curvature(z: Any) -> Any:
    return keep_nan(2.0, z)


# What every reader can differentiate, as a record: so it can be nudged and drawn like the others.
SQUARE = Activation(
    "square", _square, _square_slope, _square_curvature, latex="z^2", latex_slope="2z",
    range=(0.0, math.inf), largest_slope=math.inf, flat=((0.0, 0.0),), complex_step=True,
)  # fmt: skip


@dataclass(frozen=True)
class Response:
    """What a function answers to one nudge: the change, f′(z) · nudge, and the gap between them.

    >>> response = respond("sigmoid", 0.0, 0.5)
    >>> response.foretold, round(response.change, 4), round(response.gap, 4)
    (0.125, 0.1225, -0.0025)
    """

    z: float
    nudge: float
    slope: float
    change: float

    @property
    def foretold(self) -> float:
        """The change along the tangent, f′(z) · nudge."""
        return self.slope * self.nudge

    @property
    def gap(self) -> float:
        """How far the curve lies above the tangent at z + nudge."""
        return self.change - self.foretold

    @property
    def rate(self) -> float:
        """The change per unit of nudge; it tends to f′(z) as the nudge shrinks."""
        return self.change / self.nudge


@dataclass(frozen=True)
class Zoom:
    """One point under a microscope: the responses to ever smaller nudges.

    `order` is the p with gap ∝ nudgeᵖ, from the two smallest nudges: 2 for a smooth curve, 1 at a
    kink, nan where a gap is 0.
    """

    activation: Activation
    z: float
    responses: tuple[Response, ...]

    @property
    def order(self) -> float:
        """With which power of the nudge the gap shrinks."""
        wide, narrow = self.responses[-2:]
        if wide.gap == 0 or narrow.gap == 0:
            return math.nan
        return math.log(abs(wide.gap / narrow.gap)) / math.log(abs(wide.nudge / narrow.nudge))


def respond(activation: str | Activation, z: float, nudge: float) -> Response:
    """Δa = f(z + nudge) - f(z), beside f′(z) · nudge.

    `activation` is a name or record of `nnexplain.activations`; z and nudge are finite numbers,
    and nudge is not 0, otherwise `NnexplainError`.

    >>> respond("step", 1.0, 0.1).change
    0.0
    """
    record = activation if isinstance(activation, Activation) else activations[activation]
    at, by = real_number(z, "z"), real_number(nudge, "the nudge")
    if by == 0:
        raise NnexplainError("a nudge of 0 changes nothing; give a small number such as 0.001")
    change = record.f(at + by) - record.f(at)
    return Response(at, by, record.df(at), change)


def zoom(
    activation: str | Activation = "sigmoid",
    z: float = -0.7,
    nudges: Sequence[float] = (-3.0, -0.3, -0.03),
) -> Zoom:
    """Return the responses at one point to at least two nudges, each smaller than the one before.

    The default point is z4 of the running example. Errors as in `respond`.

    >>> [round(r.gap, 5) for r in zoom().responses], round(zoom().order, 2)
    ([0.35745, 0.00364, 3e-05], 2.03)
    """
    if len(nudges) < 2 or any(abs(b) >= abs(a) for a, b in itertools.pairwise(nudges)):
        raise NnexplainError(
            f"a zoom needs two or more nudges, each smaller than the last, got {list(nudges)}; "
            "write for instance nudges=(1, 0.1)"
        )
    record = activation if isinstance(activation, Activation) else activations[activation]
    return Zoom(record, z, tuple(respond(record, z, nudge) for nudge in nudges))
