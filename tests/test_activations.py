"""The records judged by mpmath formulas written independently, and by the complex step."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest

from nnexplain.activations import activations

SMOOTH = {
    "sigmoid": (lambda z: 1 / (1 + mp.exp(-z)), lambda z: mp.sech(z / 2) ** 2 / 4),
    "tanh": (mp.tanh, lambda z: mp.sech(z) ** 2),
    "softplus": (lambda z: mp.log1p(mp.exp(z)), lambda z: 1 / (1 + mp.exp(-z))),
    "sin": (mp.sin, mp.cos),
    "softsign": (lambda z: z / (1 + abs(z)), lambda z: 1 / (1 + abs(z)) ** 2),
}


def ulps(value: float, truth: mp.mpf) -> float:
    return abs(float(mp.mpf(value) - truth)) / float(np.spacing(abs(float(truth))))


@pytest.mark.parametrize("name", SMOOTH)
def test_value_and_slope_to_the_last_digits(name: str) -> None:
    f, df = SMOOTH[name]
    size = np.concatenate([10.0 ** np.linspace(-300, -1, 60), np.linspace(0.1, 1000, 400)])
    with mp.workdps(900):  # enough digits that log1p(exp(-1000)) is still exact
        for z in np.concatenate([-size, size]):
            point = mp.mpf(float(z))
            assert ulps(activations[name].f(float(z)), f(point)) <= 2.5
            assert ulps(activations[name].df(float(z)), df(point)) <= 8


@pytest.mark.parametrize("name", list(activations))
def test_slope_is_the_complex_step_of_the_value(name: str) -> None:
    record = activations[name]
    z = np.linspace(-6, 6, 241) + 0.0123
    step = np.imag(record.complex(z + 1e-30j)) / 1e-30
    np.testing.assert_allclose(record.df(z), step, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", list(activations))
def test_nan_in_nan_out(name: str) -> None:
    record = activations[name]
    assert all(math.isnan(g(math.nan)) for g in (record.f, record.df, record.d2f))
