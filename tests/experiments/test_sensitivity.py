"""Responses to nudges, against mpmath and against what a curve of known bend must do."""

from __future__ import annotations

import math

import mpmath as mp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnexplain.activations import activations
from nnexplain.errors import NnexplainError, UnknownNameError
from nnexplain.experiments.sensitivity import SQUARE, respond, zoom


@given(st.floats(-20, 20), st.floats(0.001, 2))
def test_the_gap_of_a_square_is_the_square_of_the_nudge(z: float, nudge: float) -> None:
    response = respond(SQUARE, z, nudge)
    assert response.gap == pytest.approx(nudge**2, rel=1e-6, abs=1e-11)
    assert response.slope == 2 * z


@given(st.floats(-20, 20), st.floats(0.001, 2))
def test_a_straight_line_has_no_gap(z: float, nudge: float) -> None:
    assert respond("identity", z, nudge).gap == pytest.approx(0, abs=1e-14)


@given(st.floats(-8, 8), st.floats(0.01, 1))
def test_a_sigmoid_answers_as_high_precision_says(z: float, nudge: float) -> None:
    response = respond("sigmoid", z, nudge)
    with mp.workdps(40):
        truth = 1 / (1 + mp.exp(-mp.mpf(z + nudge))) - 1 / (1 + mp.exp(-mp.mpf(z)))
    assert response.change == pytest.approx(float(truth), rel=1e-9, abs=1e-15)
    assert 0 < response.rate <= 0.25


def test_the_order_is_that_of_the_first_term_left_out() -> None:
    small = (0.01, 0.001)
    assert zoom(SQUARE, 3, small).order == pytest.approx(2, abs=1e-4)
    assert zoom("sin", 0, small).order == pytest.approx(3, abs=1e-4)  # sin z = z - z³/6 ...
    assert zoom("gaussian", 0, small).order == pytest.approx(2, abs=1e-3)
    assert zoom("relu", 0, small).order == pytest.approx(1, abs=1e-9)
    assert math.isnan(zoom("step", 1, small).order)


def test_a_record_will_do_for_a_name() -> None:
    assert respond(activations["tanh"], 0, 0.1) == respond("tanh", 0, 0.1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("sigmoid", math.nan, 0.1), "z must be finite"),
        (("sigmoid", 0.0, math.inf), "the nudge must be finite"),
        (("sigmoid", 0.0, 0.0), "a nudge of 0 changes nothing"),
    ],
)
def test_impossible_nudges_are_refused(arguments: tuple[str, float, float], message: str) -> None:
    with pytest.raises(NnexplainError, match=message):
        respond(*arguments)


@pytest.mark.parametrize("nudges", [(), (1.0,), (1.0, 1.0), (0.1, 1.0)])
def test_a_zoom_needs_shrinking_nudges(nudges: tuple[float, ...]) -> None:
    with pytest.raises(NnexplainError, match="each smaller than the last"):
        zoom("sigmoid", 0.0, nudges)


def test_an_unknown_curve_is_named() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'sigmoid'"):
        respond("sigmod", 0.0, 0.1)
