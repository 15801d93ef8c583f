"""J over one parameter, J under another scale, losses that disagree: against plain NumPy."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import nnexplain as nne
from nnexplain.errors import NnexplainError, UnknownNameError
from nnexplain.experiments.loss import (
    ODD_Y,
    THREE_X,
    THREE_Y,
    compare_mse,
    opposite_pushes,
    sweep,
    two_predictors,
)

NET = nne.worked["han_kamber"].network
GRID = np.linspace(-3.0, 3.0, 13)


def by_formula(**changed: float) -> np.ndarray:
    """Return the predictions for THREE_X by the written-out formula."""
    t = {**NET.parameters, **changed}
    x1, x2, x3 = np.array(THREE_X).T

    def s(z: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-z))

    a4 = s(t["w14"] * x1 + t["w24"] * x2 + t["w34"] * x3 + t["b4"])
    a5 = s(t["w15"] * x1 + t["w25"] * x2 + t["w35"] * x3 + t["b5"])
    return s(t["w46"] * a4 + t["w56"] * a5 + t["b6"])


@pytest.mark.parametrize("name", ["w14", "w46", "b6"])
@pytest.mark.parametrize("loss", ["half_squared_error", "mse", "absolute"])
def test_a_sweep_is_what_the_formula_says_sample_by_sample(name: str, loss: str) -> None:
    found = sweep(NET.replace(loss=loss), THREE_X, THREE_Y, name, GRID)
    for k, value in enumerate(GRID):
        off = np.array(THREE_Y) - by_formula(**{name: float(value)})
        each = {"half_squared_error": off**2 / 2, "mse": off**2 / 3, "absolute": abs(off)}[loss]
        assert found.each[:, k] == pytest.approx(each, rel=1e-13)
        assert found.total[k] == pytest.approx(each.sum(), rel=1e-13)
    assert found.total == pytest.approx(found.each.sum(axis=0), rel=1e-13)
    assert found.lowest == GRID[found.total.argmin()]


def test_the_start_of_a_sweep_is_the_network_itself() -> None:
    found = sweep(NET, THREE_X, THREE_Y, "w46", [NET.parameters["w46"]])
    assert found.total[0] == pytest.approx(found.start_loss, rel=1e-15)
    h = 1e-5
    there, back = (
        np.sum((np.array(THREE_Y) - by_formula(w46=found.start + side * h)) ** 2) / 2
        for side in (1, -1)
    )
    assert found.slope == pytest.approx((there - back) / (2 * h), rel=1e-8)


def test_a_sweep_says_what_it_cannot_do() -> None:
    with pytest.raises(UnknownNameError, match="w64"):
        sweep(NET, THREE_X, THREE_Y, "w64", GRID)
    with pytest.raises(NnexplainError, match="a list of values"):
        sweep(NET, THREE_X, THREE_Y, "w46", [])
    with pytest.raises(NnexplainError, match="values must be finite"):
        sweep(NET, THREE_X, THREE_Y, "w46", [np.nan])
    with pytest.raises(NnexplainError, match="sample by sample"):
        sweep(NET, THREE_X[0], THREE_Y[0], "w46", GRID)


@pytest.mark.parametrize("samples", [1, 2, 3])
def test_mse_is_two_over_n_times_the_half_squared_error(samples: int) -> None:
    found = compare_mse(NET, THREE_X[:samples], THREE_Y[:samples])
    assert found.expected == 2 / samples
    assert found.ratios == pytest.approx([2 / samples] * len(found.ratios), rel=1e-14)
    assert found.step_gap < 1e-16


def test_two_predictors_by_exact_fractions() -> None:
    found = two_predictors()
    for predictor in (found.steady, found.risky):
        off = [
            Fraction(str(y)) - Fraction(str(h)) for y, h in zip(found.y, predictor.h, strict=True)
        ]
        assert predictor.squared == pytest.approx(float(sum(e * e for e in off) / 2), rel=1e-14)
        assert predictor.absolute == pytest.approx(float(sum(map(abs, off))), rel=1e-14)
    assert found.losses_disagree


def test_losses_push_in_opposite_directions() -> None:
    squared, absolute = opposite_pushes(GRID)
    off = by_formula() - np.array(ODD_Y)
    slope = by_formula() * (1 - by_formula())
    assert squared.slope == pytest.approx(np.sum(off * slope), rel=1e-13)
    assert absolute.slope == pytest.approx(np.sum(np.sign(off) * slope), rel=1e-13)
    assert squared.slope < 0 < absolute.slope
    assert absolute.lowest < NET.parameters["b6"] < squared.lowest
