"""A curve under a microscope: what the tangent leaves out, without the digits a subtraction costs.

Highly magnified, f(z + s) and f(z) differ in their last digits only, and f(z + s) - f(z) - f′(z) s
is mostly rounding. Taylor's remainder says the same without subtracting values:

    gap(z, s) = ∫₀ˢ (s - t) f″(z + t) dt.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy import minimum, where

from nnexplain.activation import Activation
from nnexplain.formula import Formula

# Gauss and Legendre's six nodes on [0, 1], three beside their mirror images, with their weights. On
# a segment of ¼ they lose nothing: the records' nearest complex singularity is 1 away.
_SHORT = 0.25
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(6)
_A, _B, _C = (0.5 * (1 + _NODES[:3])).tolist()
_WA, _WB, _WC = (0.5 * _WEIGHTS[:3]).tolist()
# What three subtractions may leave of an exact 0, as a share of what they are made of.
_ROUNDING = 4e-16
# A jump of f″ at 0 is larger than this; the float next to 0 changes f″ by far less.
_JUMP = 1e-6


@dataclass(frozen=True)
class Kink:
    """One point where f has no derivative: the slopes beside it, and whether f itself jumps there.

    >>> from nnexplain.activations import activations
    >>> kinks(activations["relu"])
    (Kink(at=0.0, left=0.0, right=1.0, jumps=False),)
    """

    at: float
    left: float
    right: float
    jumps: bool


def kinks(record: Activation) -> tuple[Kink, ...]:
    """Return the kinks of a record with the slopes to both sides, from left to right.

    >>> from nnexplain.activations import activations
    >>> [kink.jumps for kink in kinks(activations["step"])]
    [True]
    """
    found = []
    for at in sorted(record.kinks):
        before, after = math.nextafter(at, -math.inf), math.nextafter(at, math.inf)
        jump = abs(record.f(after) - record.f(before))
        found.append(Kink(at, record.df(before), record.df(after), jump > _JUMP))
    return tuple(found)


@dataclass(frozen=True)
class Magnified:
    """Formulas of (z, s) for one activation function, s being a nudge of z.

    `foretold` is f′(z) s, `change` is f(z + s) - f(z), `gap` is change - foretold, and `percent` is
    the gap as a percentage of what was foretold, infinite or nan where the slope is 0.

    >>> from nnexplain.activations import activations
    >>> tanh = magnified(activations["tanh"])
    >>> print(tanh.gap(1.0, 1e-6).round(16), tanh.percent(1.0, 0.01).round(4))
    -3.198e-13 -0.7591
    """

    foretold: Formula
    change: Formula
    gap: Formula
    percent: Formula


def magnified(record: Activation) -> Magnified:
    """Return the formulas of the microscope for a record, for NumPy, plain floats and JavaScript.

    The gap is Taylor's integral where the segment from z to z + s touches no kink and, unless f″ is
    constant, is no longer than ¼; elsewhere the gap is large enough to be subtracted.

    >>> from nnexplain.activations import activations
    >>> magnified(activations["relu"]).gap(0.0, np.array([-1e-9, 1e-9]))
    array([0.e+00, 1.e-09])
    """
    value, slope = record.formula, record.slope
    clear, smooth = _clear(record), _remainder(record.curvature)
    longest = math.inf if _constant_curvature(record) else _SHORT

    def foretold(z: Any, s: Any) -> Any:
        return slope(z) * s

    def subtracted(z: Any, s: Any) -> Any:
        there = value(z + s)
        here = value(z)
        line = slope(z) * s
        left = there - here - line
        noise = _ROUNDING * (abs(there) + abs(here) + abs(line))
        return where(abs(left) > noise, left, 0.0 * left)

    def gap(z: Any, s: Any) -> Any:
        far = subtracted(z, s)
        near = smooth(z, s)
        return where(abs(s) > longest, far, where(clear(z, s) > 0, near, far))

    def change(z: Any, s: Any) -> Any:
        return foretold(z, s) + gap(z, s)

    def percent(z: Any, s: Any) -> Any:
        return 100 * gap(z, s) / foretold(z, s)

    return Magnified(foretold, change, gap, percent)


def _remainder(curvature: Formula) -> Formula:
    """Return ∫₀ˢ (s - t) f″(z + t) dt, exact to the last digits on a short smooth segment."""

    def weighted(z: Any, s: Any, part: Any) -> Any:
        return (1 - part) * curvature(z + part * s)

    def pair(z: Any, s: Any, part: Any) -> Any:
        return weighted(z, s, part) + weighted(z, s, 1 - part)

    def remainder(z: Any, s: Any) -> Any:
        return s * s * (_WA * pair(z, s, _A) + _WB * pair(z, s, _B) + _WC * pair(z, s, _C))

    return remainder


def _constant_curvature(record: Activation) -> bool:
    return bool(np.ptp(record.d2f(np.linspace(-8.0, 8.0, 17))) == 0)


def _clear(record: Activation) -> Formula:
    """Return a formula that is positive where the segment z to z + s touches no break."""

    def nothing(z: Any, s: Any) -> Any:
        return 1.0 + 0.0 * z + 0.0 * s

    clear: Formula = nothing
    for place in _breaks(record):
        clear = _clear_of(place, clear)
    return clear


def _clear_of(place: float, others: Formula) -> Formula:
    def clear(z: Any, s: Any) -> Any:
        return minimum(others(z, s), (z - place) * (z + s - place))

    return clear


def _breaks(record: Activation) -> list[float]:
    """Return where the integral must not reach: the kinks, and 0 if f″ jumps there (elu, ...)."""
    tiny = math.ulp(0.0)
    jumps = abs(record.d2f(tiny) - record.d2f(-tiny)) > _JUMP
    return sorted({*record.kinks, *([0.0] if jumps else [])})
