"""What every error says: what was given, what is allowed, how to mend it."""

from __future__ import annotations

import difflib
import math
import operator
from collections.abc import Iterable
from typing import SupportsIndex, cast

import numpy as np
import numpy.typing as npt

_FLOAT = np.dtype(np.float64)


class NnexplainError(ValueError):
    """An input that nnexplain cannot use; the message says how to mend it.

    >>> issubclass(NnexplainError, ValueError)
    True
    """


class UnknownNameError(NnexplainError, KeyError):
    """A name that does not exist here; the nearest existing one is suggested.

    >>> print(UnknownNameError("activation", "sigmod", ["sigmoid", "tanh"]))
    unknown activation 'sigmod'; did you mean 'sigmoid'? Allowed: sigmoid, tanh
    """

    def __init__(self, what: str, given: object, allowed: Iterable[str | int]) -> None:
        names = {str(name): name for name in allowed}
        near = difflib.get_close_matches(str(given), names, n=1)
        hint = f"; did you mean {names[near[0]]!r}?" if near else "."
        self.message = f"unknown {what} {given!r}{hint} Allowed: {', '.join(names)}"
        super().__init__(self.message)

    def __str__(self) -> str:
        # KeyError would print the repr of the message.
        return self.message


def real_array(values: object, what: str, *, finite: bool = True) -> npt.NDArray[np.float64]:
    """Return `values` as a float64 array, or say why they cannot be one.

    Integers and narrower floats are taken where float64 holds them exactly; booleans, text,
    complex numbers, objects and ragged lists are refused.

    >>> real_array([1, 2], "x")
    array([1., 2.])
    >>> real_array(["1"], "x")
    Traceback (most recent call last):
    nnexplain.errors.NnexplainError: x must be real numbers, got text ['1']; ...
    """
    if type(values) is np.ndarray and values.dtype == _FLOAT:
        array: npt.NDArray[np.float64] = values
    else:
        array = _widen(values, what)
    # A finite sum of squares proves that every element is finite, and answers sooner than a mask.
    # BLAS would wake its threads for a long array.
    short = array.size <= 8192
    if finite and not (short and math.isfinite(np.vdot(array, array))):
        _refuse_infinite(array, what)
    return array


def _refuse_infinite(array: npt.NDArray[np.float64], what: str) -> None:
    with np.errstate(over="ignore", invalid="ignore"):
        suspicious = not math.isfinite(np.add.reduce(array, axis=None))
    if suspicious and not np.isfinite(array).all():
        where = np.argwhere(~np.isfinite(array))[0]
        place = f" at position {tuple(int(i) for i in where)}" if array.ndim else ""
        raise NnexplainError(
            f"{what} must be finite, got {array[tuple(where)]}{place}; "
            "remove or replace nan and inf first"
        )


def real_number(value: object, what: str, *, finite: bool = True) -> float:
    """Return `value` as one float, finite unless said otherwise, or say why it cannot be one.

    >>> real_number(3, "the slope")
    3.0
    >>> real_number([1, 2], "the slope")
    Traceback (most recent call last):
    nnexplain.errors.NnexplainError: the slope must be one number, got [1, 2] of shape (2,)
    """
    array = real_array(value, what, finite=finite)
    if array.ndim:
        raise NnexplainError(f"{what} must be one number, got {value} of shape {array.shape}")
    return float(array)


def whole_number(value: object, what: str, least: int, most: int | None = None) -> int:
    """Return `value` as an int of `least` or more, `most` at most; NumPy's integers are taken too.

    >>> whole_number(np.int64(3), "digits", 1, 15)
    3
    >>> whole_number(2.5, "digits", 1, 15)
    Traceback (most recent call last):
    nnexplain.errors.NnexplainError: digits must be a whole number from 1 to 15, got 2.5
    """
    try:
        whole = operator.index(cast(SupportsIndex, value))
    except TypeError:
        whole = least - 1
    truth = isinstance(value, bool | np.bool_)
    if truth or whole < least or (most is not None and whole > most):
        limits = f"of {least} or more" if most is None else f"from {least} to {most}"
        raise NnexplainError(f"{what} must be a whole number {limits}, got {value!r}")
    return whole


_KINDS = {"c": "complex numbers", "f": "floats longer than 64 bits", "U": "text", "S": "text",
          "M": "dates", "m": "durations", "O": "mixed or other objects"}  # fmt: skip


def _widen(values: object, what: str) -> npt.NDArray[np.float64]:
    try:
        raw = np.asarray(values)
    except (TypeError, ValueError) as error:
        _refuse_records(values, what)
        raise NnexplainError(
            f"{what} must be a rectangular array of numbers, got rows of unequal length; "
            "give every sample the same number of values"
        ) from error
    if raw.dtype.kind == "b":
        raise NnexplainError(
            f"{what} must be real numbers, got True/False; write 1 and 0, or use .astype(float)"
        )
    if raw.dtype.kind not in "iuf" or raw.dtype.itemsize > 8:
        _refuse_records(values, what)
        kind = _KINDS.get(raw.dtype.kind, "structured data")
        raise NnexplainError(
            f"{what} must be real numbers, got {kind} {str(values)[:60]}; "
            "convert it to floats first, for instance with np.asarray(..., dtype=float)"
        )
    if isinstance(values, np.ma.MaskedArray):
        raise NnexplainError(
            f"{what} is a masked array, whose mask would be lost; fill or drop the masked values"
        )
    array = raw.astype(np.float64)
    if raw.dtype.kind in "iu" and np.any(abs(array) >= 2.0**53):
        _check_exact(raw, what)
    return array


def _refuse_records(values: object, what: str) -> None:
    """Raise for a walk, a direction or a network, or a list of them, that holds what is wanted."""
    several = isinstance(values, list | tuple)
    one = next(iter(values), None) if isinstance(values, list | tuple) else values
    for name in ("vector", "parameters"):
        if isinstance(getattr(one, name, None), np.ndarray):
            kind = type(one).__name__
            given = f"a list of {kind}; pass [one" if several else f"a {kind}; pass its "
            array = f".{name} for one in ...]" if several else f".{name}"
            raise NnexplainError(f"{what} must be real numbers, got {given}{array}")


def _check_exact(integers: npt.NDArray[np.int64], what: str) -> None:
    """Raise for an integer that float64 rounds; only some beyond 2**53 are held exactly."""
    for integer in integers.ravel().tolist():
        if int(float(integer)) != integer:
            raise NnexplainError(
                f"{what} holds the integer {integer}, which a float64 would round; "
                "rescale it below 2**53 = 9007199254740992"
            )
