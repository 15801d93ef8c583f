"""The losses judged by mpmath formulas written independently, and by the complex step."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy as np
import pytest

import nnexplain as nne
from nnexplain.errors import NnexplainError, UnknownNameError
from nnexplain.formula import COMPLEX, SCALAR, Formula, interpret
from nnexplain.losses import losses
from tests.tex_reader import evaluate

Oracle = Callable[[Any, Any], Any]
ORACLES: dict[str, tuple[Oracle, Oracle]] = {
    "half_squared_error": (lambda y, h: (y - h) ** 2 / 2, lambda y, h: h - y),
    "mse": (lambda y, h: (y - h) ** 2, lambda y, h: 2 * (h - y)),
    "absolute": (lambda y, h: abs(y - h), lambda y, h: mp.sign(h - y)),
    "binary_cross_entropy": (
        lambda y, h: -y * mp.log(h) - (1 - y) * mp.log(1 - h),
        lambda y, h: -y / h + (1 - y) / (1 - h),
    ),
    "linear": (lambda y, h: h - y, lambda y, h: mp.mpf(1)),
}
NAMES = list(ORACLES)
TARGETS = [0.0, 1e-9, 0.3, 0.5, 1 - 2**-53, 1.0]
INSIDE = [1e-300, 1e-17, 1e-3, 0.25, 0.5, 0.75, 1 - 1e-9, 1 - 2**-53]
ANYWHERE = [*INSIDE, 0.0, -0.0, 1.0, -2.5, 800.0, -800.0, 1e150]
LOGITS = [0.0, -0.0, 1e-300, 0.1, 1.0, 17.5, 36.0, 37.5, 700.0, 745.0, 800.0]
LOGITS = [*LOGITS, *(-z for z in LOGITS)]


@pytest.fixture(autouse=True)
def _digits() -> Any:
    # 1 - σ(800) is 1e-348: the plain formulas of the oracles need that many digits.
    with mp.workdps(400):
        yield


def assert_units(computed: float, truth: Any, units: float, absolute: float = 0.0) -> None:
    """Check an error of at most so many units in the last place of the truth, or `absolute`."""
    allowed = max(mp.mpf(units) * mp.mpf(float(np.spacing(abs(float(truth))))), absolute)
    assert abs(mp.mpf(float(computed)) - truth) <= allowed, (computed, float(truth))


def predictions(name: str) -> list[float]:
    return INSIDE if name == "binary_cross_entropy" else ANYWHERE


def test_every_loss_has_an_oracle() -> None:
    assert list(losses) == NAMES
    assert len(losses) == 5


@pytest.mark.parametrize("name", NAMES)
def test_value_and_slope_to_the_last_digits(name: str) -> None:
    record, (value, slope) = losses[name], ORACLES[name]
    for y in TARGETS:
        for h in predictions(name):
            exact = mp.mpf(y), mp.mpf(h)
            assert_units(record.formula(np.float64(y), np.float64(h)), value(*exact), 4)
            assert_units(record.slope(np.float64(y), np.float64(h)), slope(*exact), 4)


@pytest.mark.parametrize("name", NAMES)
def test_slope_is_the_complex_step_of_the_value(name: str) -> None:
    record = losses[name]
    y, h = (grid.ravel() for grid in np.meshgrid(TARGETS, predictions(name)))
    usable = (y != h) & (abs(h) != 1e-300)  # no kink of |y - h|, no h below the step
    y, h = y[usable], h[usable]
    step = np.imag(interpret(record.formula, COMPLEX)(y, h + 1e-100j)) / 1e-100
    np.testing.assert_allclose(np.broadcast_to(record.slope(y, h), h.shape), step, rtol=1e-12)


def test_cross_entropy_from_the_pre_activation_survives_saturation() -> None:
    value, _ = ORACLES["binary_cross_entropy"]
    record = losses["binary_cross_entropy"]
    assert record.from_logit is not None
    assert record.logit_slope is not None
    for y in TARGETS:
        for z in LOGITS:
            h = 1 / (1 + mp.exp(-mp.mpf(z)))
            assert_units(record.from_logit(np.float64(y), np.float64(z)), value(mp.mpf(y), h), 4)
            # Where σ(z) - y nearly vanishes, two terms of size y (1 - y) cancel.
            cancelling = 0.0 if y in (0.0, 1.0) else 2.0**-53 * max(1e-9, min(1.0, y * (1 - y) * 4))
            slope = record.logit_slope(np.float64(y), np.float64(z))
            assert_units(slope, h - mp.mpf(y), 8, cancelling)


@pytest.mark.parametrize("z", [800.0, -800.0])
@pytest.mark.parametrize("y", [0.0, 1.0])
def test_a_saturated_network_learns_from_cross_entropy(y: float, z: float) -> None:
    net = nne.Network([1, 1], "sigmoid", {"w12": z, "b2": 0.0}, loss="binary_cross_entropy")
    right = (z > 0) == (y > 0)
    assert net.loss([1.0], y) == (0.0 if right else 800.0)
    assert net.gradient([1.0], y)["w12"] == (0.0 if right else math.copysign(1.0, z))


def test_the_slope_from_the_pre_activation_is_the_complex_step() -> None:
    record = losses["binary_cross_entropy"]
    y, z = (grid.ravel() for grid in np.meshgrid(TARGETS, [-30.0, -2.0, 0.0, 1e-9, 0.5, 30.0]))
    assert record.from_logit is not None
    assert record.logit_slope is not None
    step = np.imag(interpret(record.from_logit, COMPLEX)(y, z + 1e-200j)) / 1e-200
    np.testing.assert_allclose(record.logit_slope(y, z), step, rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("name", NAMES)
def test_the_tex_says_what_is_computed(name: str) -> None:
    record = losses[name]
    for y in (0.0, 0.25, 1.0):
        for h in (0.125, 0.25, 0.9):
            letters = {"y": mp.mpf(y), "h": mp.mpf(h)}
            value, slope = (
                evaluate(record.latex, **letters),
                evaluate(record.latex_slope, **letters),
            )
            assert record.formula(y, h) == pytest.approx(float(value), rel=1e-14)
            assert record.slope(y, h) == pytest.approx(float(slope), rel=1e-14)


def formulas(name: str) -> list[Formula]:
    record = losses[name]
    parts = (record.formula, record.slope, record.from_logit, record.logit_slope)
    return [part for part in parts if part is not None]


@pytest.mark.parametrize("name", NAMES)
def test_nan_in_nan_out(name: str) -> None:
    for part in formulas(name):
        for reading in (part, interpret(part, SCALAR)):
            assert math.isnan(reading(math.nan, 0.5))
            assert math.isnan(reading(0.5, math.nan))


@pytest.mark.parametrize("name", NAMES)
def test_the_scalar_reading_is_the_array_reading(name: str) -> None:
    for part in formulas(name):
        points = LOGITS if "logit" in part.__name__ else predictions(name)
        y, v = (grid.ravel() for grid in np.meshgrid(TARGETS, points))
        scalar = interpret(part, SCALAR)
        singly = [scalar(a, b) for a, b in zip(y.tolist(), v.tolist(), strict=True)]
        np.testing.assert_allclose(singly, part(y, v), rtol=4e-15, atol=1e-16)


def test_the_slope_at_the_kink_is_zero_as_the_record_says() -> None:
    assert losses["absolute"].slope(0.7, 0.7) == 0.0
    assert losses["absolute"].kink.endswith("by convention it is 0")
    assert [name for name in NAMES if losses[name].kink] == ["absolute"]


def test_only_the_mean_squared_error_divides() -> None:
    assert [losses[name].scale(8) for name in NAMES] == [1.0, 0.125, 1.0, 1.0, 1.0]


@pytest.mark.parametrize("y", [-0.1, 1.1, math.nan, math.inf])
def test_targets_of_cross_entropy_lie_between_0_and_1(y: float) -> None:
    record = losses["binary_cross_entropy"]
    record.check_targets(np.array([0.0, 0.5, 1.0]))
    with pytest.raises(NnexplainError, match=rf"needs targets y in \[0, 1\], got {y}; rescale"):
        record.check_targets(np.array([[0.5, y]]))
    losses["mse"].check_targets(np.array([y]))


@pytest.mark.parametrize("h", [-0.1, 0.0, 1.0, math.nan])
def test_predictions_of_cross_entropy_lie_inside_0_and_1(h: float) -> None:
    record = losses["binary_cross_entropy"]
    record.check_predictions(np.array([1e-300, 1 - 2**-53]))
    with pytest.raises(NnexplainError, match=rf"h in \(0, 1\), got {h}; give the output layer"):
        record.check_predictions(np.array([[0.5, h]]))
    losses["mse"].check_predictions(np.array([h]))


@pytest.mark.parametrize(
    ("name", "says"), [("absolut", "did you mean 'absolute'"), (3, "unknown loss 3")]
)
def test_unknown_losses(name: Any, says: str) -> None:
    with pytest.raises(UnknownNameError, match=says):
        losses[name]


@pytest.mark.parametrize(
    ("formula", "slope", "says"),
    [
        (lambda y, h: h - y, lambda y, h: 1.0,
         r"the slope of loss 'mine' must give an array of h's shape and nan where h is nan; it "
         r"gives 1.0 for y = \[0.5 0.5\], h = \[0.25  nan\]. For a constant c write c \+ 0 \* h"),
        (lambda y, h: np.mean((y - h) ** 2), lambda y, h: h - y, "the formula .* h's shape"),
        (lambda y, h: h - y, lambda y, h: np.where(h > y, 1.0, -1.0), "nan where h is nan"),
        (lambda y, h: max(0.0, h - y), lambda y, h: h - y,
         r"must take arrays, but for y = .* it fails: .*where\(h > 0, h, 0.0\) instead of an if"),
        (lambda y, h: math.exp(h - y), lambda y, h: h - y, "instead of those of math"),
    ],
)  # fmt: skip
def test_a_loss_checks_itself_when_it_is_made(formula: Formula, slope: Formula, says: str) -> None:
    with pytest.raises(NnexplainError, match=says):
        nne.Loss("mine", formula, slope, latex="", latex_slope="")


def test_a_loss_with_a_constant_slope_serves_everywhere() -> None:
    mine = nne.Loss("mine", lambda y, h: h - y, lambda y, h: 1.0 + 0 * h, latex="h-y",
                    latex_slope="1")  # fmt: skip
    net = nne.Network([1, 1], "identity", {"w12": 2, "b2": 5}, loss=mine)
    own = net.replace(loss="linear")
    for x, y in (([1], 0), ([[1], [2]], [0, 0])):
        assert net.gradient(x, y) == own.gradient(x, y)
        assert nne.derive(net, "w12").at(x, y).value == own.gradient(x, y)["w12"]
        assert nne.descend(net, x, y, steps=3).loss.tolist() == (
            nne.descend(own, x, y, steps=3).loss.tolist()
        )
