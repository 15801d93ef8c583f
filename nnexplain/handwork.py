"""Work done by hand beside what is computed: whether it agrees, and where not.

A course asks for a number or a function and then runs `compare`. What is wrong is named, what is
right is not given away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nnexplain.errors import NnexplainError, real_array, real_number, whole_number
from nnexplain.numbers import format_number

Array = npt.NDArray[np.float64]
_UNANSWERED = "Not answered yet: replace None, run again."
_SHOWN = 4


@dataclass(frozen=True)
class Comparison:
    """Whether work by hand agrees, and that in words; true if it does, as `bool(...)` says.

    >>> compare(2.0, 2.0)
    Right: it agrees to 3 digits.
    """

    agrees: bool
    words: str

    def __bool__(self) -> bool:
        return self.agrees

    def __repr__(self) -> str:
        return self.words


def compare(given: Any, computed: Any, *, digits: int = 3) -> Comparison:
    """Say whether `given` agrees with `computed` to so many significant digits, and where not.

    Both are numbers, arrays of one shape, or mappings from the same names to numbers, such as a
    gradient. An array agrees to the digits of its largest number. So does a computed 0 in a
    mapping, as it has no digits of its own; where all is 0, it is compared as a number of size 1.
    `digits` is 1 to 15. `given` may be None, or a mapping with None in it: not answered yet.

    Raises `NnexplainError` for shapes or names that differ, for more than one number under a name,
    and where `computed` is not finite.

    >>> compare({"w12": 0.5, "b2": -1}, {"w12": 0.5, "b2": 1})
    Not yet: b2 has the wrong sign.
    >>> compare(None, 1.0)
    Not answered yet: replace None, run again.
    """
    places = whole_number(digits, "digits", 1, 15)
    answers = given.values() if isinstance(given, Mapping) else [given]
    if any(answer is None for answer in answers):
        return Comparison(agrees=False, words=_UNANSWERED)
    names, yours, truth = _pairs(given, computed)
    size = np.abs(truth)
    alone = (size > 0) & isinstance(computed, Mapping)
    room = _half_a_unit(np.where(alone, size, np.max(size, initial=0.0)), places)
    off = ~(np.abs(yours - truth) <= room)
    if not off.any():
        count = "1 digit" if places == 1 else f"{places} digits"
        return Comparison(agrees=True, words=f"Right: it agrees to {count}.")
    wrong = np.flatnonzero(off)
    # One digit more than must agree, so that what differs is seen.
    shown = min(max(places + 1, 4), 15)
    said = [
        f"{names[k]}{_mistake(yours[k], truth[k], room[k], shown)}" for k in wrong[:_SHOWN].tolist()
    ]
    rest = f"; and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
    return Comparison(agrees=False, words=f"Not yet: {'; '.join(said)}{rest}.")


def _pairs(given: Any, computed: Any) -> tuple[list[str], Array, Array]:
    if isinstance(computed, Mapping):
        if not isinstance(given, Mapping) or set(given) != set(computed):
            got = list(given) if isinstance(given, Mapping) else given
            wanted = ", ".join(map(str, computed))
            raise NnexplainError(f"give a number for each of {wanted}; got {got}")
        names = [name if isinstance(name, str) else f"[{name}]" for name in computed]
        answers = [
            real_number(given[name], f"your answer for {name}", finite=False) for name in computed
        ]
        truths = [
            real_number(value, f"what is computed for {name}") for name, value in computed.items()
        ]
        return names, np.array(answers), np.array(truths)
    yours = real_array(given, "your answer", finite=False)
    truth = real_array(computed, "what is computed")
    if yours.shape != truth.shape:
        raise NnexplainError(
            f"your answer has the shape {yours.shape}, what is computed {truth.shape}"
        )
    places = np.ndindex(truth.shape) if truth.ndim else [()]
    names = [f"[{', '.join(map(str, place))}]" if place else "it" for place in places]
    return names, yours.ravel(), truth.ravel()


def _half_a_unit(sizes: Array, digits: int) -> Array:
    """Return how far a number may be off: half a unit of its last digit, as rounding leaves it."""
    exponents = np.floor(np.log10(np.where(sizes == 0, 1.0, sizes)))
    # A trace more: what is rounded in decimal lies a trace beside its half in binary.
    half: Array = 0.5000001 * 10.0 ** (exponents + 1 - digits)
    return half


def _mistake(yours: float, truth: float, room: float, digits: int) -> str:
    if np.isnan(yours):
        return " is not a number"
    if truth and abs(yours + truth) <= room:
        return " has the wrong sign"
    for factor, words in ((2.0, "twice"), (0.5, "half")):
        if truth and abs(yours - factor * truth) <= 2 * room:
            return f" is {words} what it should be"
    return f" is not {format_number(float(yours), digits)}"
