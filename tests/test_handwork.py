"""Work by hand: what agrees, what does not, and that what is right is not given away."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nnexplain as nne

NUMBERS = st.floats(1e-3, 1e3) | st.floats(-1e3, -1e-3)


@given(NUMBERS)
def test_what_is_rounded_agrees_and_what_is_not_does_not(number):
    assert nne.compare(float(f"{number:.3g}"), number)
    assert not nne.compare(number * 1.02, number)
    unit = 10 ** (math.floor(math.log10(abs(number))) - 2)
    assert nne.compare(number + 0.49 * unit, number)
    assert not nne.compare(number + 0.51 * unit, number)


@pytest.mark.parametrize(
    ("yours", "said"),
    [(-0.7, "wrong sign"), (1.4, "twice"), (0.35, "half"), (math.nan, "not a number"),
     (0.2, "it is not 0.2"), (math.inf, "not ∞")],
)  # fmt: skip
def test_the_usual_mistakes_have_names(yours, said):
    verdict = nne.compare(yours, 0.7)
    assert not verdict
    assert said in str(verdict)
    assert "0.7" not in str(verdict)


def test_a_gradient_is_compared_name_by_name():
    truth = nne.Network([3, 2, 1], seed=0).gradient([1, 0, 1], 1)
    assert nne.compare(dict(reversed(truth.items())), truth)
    verdict = nne.compare({**truth, "w14": 1.0, "b6": -truth["b6"]}, truth)
    assert repr(verdict) == "Not yet: w14 is not 1; b6 has the wrong sign."
    small = {"a": 1e-9, "b": 1.0}
    assert not nne.compare({"a": 0.0, "b": 1.0}, small)


def test_an_array_is_compared_place_by_place():
    truth = np.arange(6.0).reshape(2, 3)
    assert nne.compare(truth + 1e-4, truth)
    assert "[1, 2]" in str(nne.compare(truth - 6 * (truth == 5), truth))
    assert "and 1 more" in str(nne.compare(truth.ravel()[:5] + 1, truth.ravel()[:5]))


def test_zero_is_compared_by_its_size():
    assert nne.compare(0.0, 0.0)
    assert nne.compare(0.001, 0.0)
    assert not nne.compare(0.1, 0.0)


def test_no_answer_is_no_mistake():
    assert "Not answered" in str(nne.compare(None, 1.0))
    assert "Not answered" in str(nne.compare({"w12": None}, {"w12": 1.0}))


@pytest.mark.parametrize(
    ("given", "computed", "message"),
    [
        ([1, 2], [1, 2, 3], r"shape \(2,\)"),
        ({"w": 1}, {"v": 1}, "each of v; got"),
        (3.0, {"v": 1}, "each of v; got 3.0"),
        ("0.7", 0.7, "text"),
        (1.0, math.inf, "must be finite"),
    ],
)
def test_what_cannot_be_compared_is_refused(given, computed, message):
    with pytest.raises(nne.NnexplainError, match=message):
        nne.compare(given, computed)


@pytest.mark.parametrize("digits", [0, math.nan, 2.5, "3", True, 16])
def test_digits_are_a_whole_number(digits):
    with pytest.raises(nne.NnexplainError, match="digits must be a whole number from 1 to 15"):
        nne.compare(1.0, 1.0, digits=digits)


def test_a_zero_in_a_mapping_is_as_exact_as_its_largest_number():
    truth = {"w12": 1e-5, "w13": 0.0}
    assert nne.compare({"w12": 1e-5, "w13": 4e-8}, truth)
    assert str(nne.compare({"w12": 1e-5, "w13": 0.004}, truth)) == "Not yet: w13 is not 0.004."
    assert nne.compare({"w12": 0.004}, {"w12": 0.0})


@pytest.mark.parametrize(
    ("yours", "truth", "digits", "said"),
    [(0.0087244, 0.00872456, 5, "it is not 0.0087244."),
     (1.0000001, 1.0, 8, "it is not 1.0000001."),
     (1.01, 1.0, np.int64(15), "it is not 1.01.")],
)  # fmt: skip
def test_the_digits_that_decide_are_shown(yours, truth, digits, said):
    assert said in str(nne.compare(yours, truth, digits=digits))


def test_the_units_of_a_trace_are_compared_by_number():
    trace = nne.Network([1, 1], "identity", {"w12": 2, "b2": 5}).forward([10])
    assert nne.compare({2: 25}, trace.z)
    assert str(nne.compare({2: 9}, trace.z)) == "Not yet: [2] is not 9."
    with pytest.raises(nne.NnexplainError, match="a number for each of 2; got \\[4\\]"):
        nne.compare({4: 9}, trace.z)


def test_under_a_name_stands_one_number():
    with pytest.raises(nne.NnexplainError, match=r"your answer for a must be one number, got"):
        nne.compare({"a": [1, 2]}, {"a": 1})
    with pytest.raises(nne.NnexplainError, match=r"what is computed for a must be one number"):
        nne.compare({"a": 1}, {"a": np.ones(2)})
