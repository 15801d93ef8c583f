"""Errors say what was given, what is allowed and how to mend it; nothing is coerced silently."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import nnexplain as nne
from nnexplain.errors import (
    NnexplainError,
    UnknownNameError,
    real_array,
    real_number,
    whole_number,
)
from nnexplain.numbers import format_number


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (3, 3.0),
        ([1, 2], [1.0, 2.0]),
        ([[0.5], [1]], [[0.5], [1.0]]),
        (np.array([1, 255], dtype=np.uint8), [1.0, 255.0]),
        (np.float32(0.1), float(np.float32(0.1))),
        (np.array([0.1], dtype=np.float16), [float(np.float16(0.1))]),
        ([2**53, -(2**53), 2**60], [2.0**53, -(2.0**53), 2.0**60]),
        ([], []),
    ],
)
def test_numbers_that_a_float_holds_are_taken(values: Any, expected: Any) -> None:
    array = real_array(values, "x")
    assert array.dtype == np.float64
    assert array.tolist() == expected


def test_a_float_array_is_not_copied() -> None:
    values = np.array([1.0, 2.0])
    assert real_array(values, "x") is values


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (True, "got True/False; write 1 and 0, or use .astype(float)"),
        (np.array([True]), "got True/False"),
        ("1", "got text 1; convert it to floats first"),
        (b"1", "got text"),
        ([1, "a"], "got text"),
        (1j, "got complex numbers 1j"),
        (None, "got mixed or other objects None"),
        ([1.0, None], "got mixed or other objects"),
        ([[1, 2], [3]], "rectangular array of numbers, got rows of unequal length"),
        (np.array(["2020-01-01"], dtype="M8[D]"), "got dates"),
        (np.array([1], dtype="m8[s]"), "got durations"),
        (np.zeros(1, dtype=[("a", "f8")]), "got structured data"),
        (np.ma.array([1.0, 2.0], mask=[True, False]), "is a masked array"),
        ([2**53 + 1], "the integer 9007199254740993, which a float64 would round; rescale"),
        (np.array([2**64 - 1], dtype=np.uint64), "the integer 18446744073709551615"),
        (np.array([-(2**63) + 1]), "the integer -9223372036854775807"),
        (10**400, "got mixed or other objects"),
    ],
)
def test_everything_else_is_refused(values: Any, says: str) -> None:
    with pytest.raises(NnexplainError, match=r"^x ") as raised:
        real_array(values, "x")
    assert says in str(raised.value)


@pytest.mark.skipif(np.longdouble(1).itemsize == 8, reason="no longer float on this machine")
def test_longer_floats_are_refused() -> None:
    with pytest.raises(NnexplainError, match="floats longer than 64 bits"):
        real_array(np.longdouble(1), "x")


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_values_that_are_not_finite_are_refused_with_their_place(bad: float) -> None:
    with pytest.raises(NnexplainError, match=rf"x must be finite, got {bad} at position \(1, 0\);"):
        real_array([[1.0, 2.0], [bad, 3.0]], "x")
    with pytest.raises(NnexplainError, match=rf"x must be finite, got {bad}; remove or replace"):
        real_array(bad, "x")
    assert np.isnan(real_array([math.nan], "x", finite=False)[0])


def test_large_values_are_finite() -> None:
    assert real_array([1e308, 1e308, -1e200], "x").tolist() == [1e308, 1e308, -1e200]


def test_one_number() -> None:
    assert real_number(np.array(2), "c") == 2.0
    assert type(real_number(2, "c")) is float
    with pytest.raises(NnexplainError, match=r"c must be one number, got \[1\] of shape \(1,\)"):
        real_number([1], "c")
    with pytest.raises(NnexplainError, match="c must be finite, got nan"):
        real_number(math.nan, "c")


def test_unknown_names_suggest_the_nearest() -> None:
    error = UnknownNameError("loss", "ms", ["mse", "linear"])
    assert str(error) == "unknown loss 'ms'; did you mean 'mse'? Allowed: mse, linear"
    assert str(UnknownNameError("loss", 7, ["mse"])) == "unknown loss 7. Allowed: mse"


def test_errors_can_be_caught_as_what_python_calls_them() -> None:
    assert issubclass(NnexplainError, ValueError)
    assert issubclass(UnknownNameError, NnexplainError)
    assert issubclass(UnknownNameError, KeyError)


def test_a_number_is_suggested_as_a_number_not_as_what_was_typed() -> None:
    error = UnknownNameError("unit", "4", [1, 4])
    assert str(error) == "unknown unit '4'; did you mean 4? Allowed: 1, 4"


@pytest.mark.parametrize("value", [True, np.True_, 2.0, "3", None, 0, 16])
def test_what_is_no_whole_number_in_range_is_refused(value: object) -> None:
    with pytest.raises(NnexplainError, match=r"digits must be a whole number from 1 to 15, got"):
        whole_number(value, "digits", 1, 15)


def test_whole_numbers_of_numpy_are_whole_numbers() -> None:
    assert type(whole_number(np.int64(3), "steps", 1)) is int
    assert format_number(1 / 3, np.int64(3)) == "0.333"
    assert nne.descent.EvolutionStrategy(pairs=np.int64(5)).pairs == 5
    with pytest.raises(NnexplainError, match=r"steps must be a whole number of 1 or more, got 0"):
        whole_number(0, "steps", 1)


NET = nne.Network([1, 1], "identity", seed=0)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (nne.descend(NET, [1], 0, steps=1), "got a Trajectory; pass its .parameters"),
        (nne.descend_many(NET, [1], 0, [[1, 2]], steps=1), "a Trajectories; pass its .parameters"),
        (NET, "got a Network; pass its .vector"),
        ([nne.random_direction(NET, 0)],
         r"got a list of Direction; pass \[one.vector for one in ...\]"),
    ],
)  # fmt: skip
def test_a_record_in_the_place_of_its_numbers_is_told_where_they_are(
    values: object, says: str
) -> None:
    with pytest.raises(NnexplainError, match=f"cover must be real numbers, .*{says}"):
        real_array(values, "cover")
