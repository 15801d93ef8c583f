"""A step along a mutilated derivative, judged by a forward pass in plain arithmetic."""

from __future__ import annotations

import math

import numpy as np
import pytest

import nnexplain as nne
from nnexplain.errors import UnknownNameError
from nnexplain.experiments.dropped_factor import loss_along, step_without

EXAMPLE = nne.worked["han_kamber"]
NET = EXAMPLE.network


def by_hand(w14: float) -> tuple[float, float, float, float]:
    """J, h and the two outputs of the hidden units, of the textbook's sample (1, 0, 1)."""
    p = dict(NET.parameters) | {"w14": w14}

    def sigmoid(z: float) -> float:
        return 1 / (1 + math.exp(-z))

    a4 = sigmoid(p["w14"] + p["w34"] + p["b4"])
    a5 = sigmoid(p["w15"] + p["w35"] + p["b5"])
    h = sigmoid(p["w46"] * a4 + p["w56"] * a5 + p["b6"])
    return 0.5 * (1 - h) ** 2, h, a4, a5


def test_without_w46_the_step_goes_uphill() -> None:
    at = nne.derive(NET, "w14").at(EXAMPLE.x, EXAMPLE.y)
    before, h, a4, _ = by_hand(0.2)
    wrong = (h - 1) * h * (1 - h) * a4 * (1 - a4)
    for missing, slope in (((), -0.3 * wrong), (("w46",), wrong), (("weight", "input"), wrong)):
        step = step_without(at, *missing, learning_rate=0.9)
        assert step.slope == pytest.approx(slope, rel=1e-12)
        assert step.before == pytest.approx(before, rel=1e-12)
        assert step.end == pytest.approx(0.2 - 0.9 * slope, rel=1e-12)
        assert step.change == pytest.approx(by_hand(0.2 - 0.9 * slope)[0] - before, rel=1e-9)
        assert (step.change > 0) == (missing != ())


def test_several_factors_are_forgotten_together() -> None:
    at = nne.derive(NET, "w35").at(EXAMPLE.x, EXAMPLE.y)
    values = {factor.kind: factor.value for factor in at.factors}
    left = math.prod(v for kind, v in values.items() if kind not in ("error", "hidden_slope"))
    step = step_without(at, "error", "hidden_slope", learning_rate=1.0)
    assert step.slope == pytest.approx(left, rel=1e-14)
    with pytest.raises(UnknownNameError, match="unknown factor 'w46'"):
        step_without(at, "w46", learning_rate=1.0)


def test_j_along_a_parameter() -> None:
    at = nne.derive(NET, "w14").at(EXAMPLE.x, EXAMPLE.y)
    values = [-3.0, 0.2, 5.5]
    np.testing.assert_allclose(loss_along(at, values), [by_hand(v)[0] for v in values], rtol=1e-12)
