"""Chains, layers, the slow neuron and rounding, against mpmath and closed forms."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest

from nnexplain.errors import NnexplainError
from nnexplain.experiments.saturation import (
    PAIRS,
    chain,
    chain_signal,
    layer_signal,
    open_width,
    root_mean_square,
    rounding,
    slow_neuron,
    textbook_slope,
    zero_from,
)
from nnexplain.worked import worked


@pytest.mark.parametrize("weight", [1.0, 2.0, 4.0, 6.0, -6.0])
def test_a_chain_multiplies_by_weight_times_a_quarter(weight: float) -> None:
    signal = chain_signal(weight, 10)
    expected = [0.25 * (abs(weight) / 4) ** k for k in range(9, -1, -1)]
    assert signal.sizes == pytest.approx(expected, rel=1e-14)
    assert signal.kept == pytest.approx((abs(weight) / 4) ** 9, rel=1e-14)


def test_every_unit_of_a_chain_is_at_its_steepest() -> None:
    assert set(chain(3.0, 12).forward([0.5]).z.values()) == {0.0}


def test_the_window_is_nielsens_formula_and_its_published_maximum() -> None:
    weights = np.linspace(4.001, 30, 4000)
    widths = np.array([open_width(w) for w in weights])
    root = np.sqrt(1 - 4 / weights)
    published = 2 / weights * np.log(weights * (1 + root) / 2 - 1)
    np.testing.assert_allclose(widths, published, rtol=1e-9)
    assert round(weights[widths.argmax()], 1) == 6.9
    assert round(widths.max(), 2) == 0.45
    assert open_width(-6.9) == open_width(6.9)


def test_inside_the_window_the_product_is_at_least_one() -> None:
    weight, half = 7.0, open_width(7.0) / 2
    with mp.workdps(30):
        for offset, above in ((0.999 * half, True), (1.001 * half, False)):
            s = 1 / (1 + mp.exp(-weight * mp.mpf(offset)))
            assert (weight * s * (1 - s) >= 1) == above


def test_layers_of_relu_follow_the_theory_of_he() -> None:
    # E δ² is multiplied by var(w) n / 2 at each of 19 steps.
    for initialisation, factor in (("xavier", 0.5), ("he", 1.0), ("normal", 32.0)):
        kept = np.array([
            layer_signal("relu", initialisation, seed=seed).kept for seed in range(10)
        ])  # fmt: skip
        # A random product: its logarithm has a mean below that of the expectation.
        assert abs(np.mean(np.log10(kept)) - 9.5 * math.log10(factor)) < 0.35


def test_the_compared_networks_vanish_keep_and_explode() -> None:
    kept = {pair: layer_signal(*pair).kept for pair in PAIRS}
    assert kept["sigmoid", "xavier"] < 1e-9
    assert 0.01 < kept["tanh", "xavier"] < 1
    assert 0.3 < kept["relu", "he"] < 3
    assert kept["relu", "normal"] > 1e10
    assert layer_signal("relu", "he").label == "relu, He"


def test_the_slow_neuron_reproduces_the_published_outputs() -> None:
    for found, printed in zip(
        slow_neuron("half_squared_error"),
        worked["nielsen_slow_neuron"].published["starts"],
        strict=True,
    ):
        assert round(found.outputs[0], 2) == printed["first_output"]
        assert round(found.outputs[-1], 2) == printed["last_output"]
        assert len(found.outputs) == 301


def test_half_way_is_the_first_output_below_one_half() -> None:
    for found in slow_neuron("binary_cross_entropy"):
        before, at = found.outputs[found.half_way - 1 : found.half_way + 1]
        assert before >= 0.5 > at


def test_cross_entropy_starts_with_its_full_error() -> None:
    net = worked["nielsen_slow_neuron"].networks["w = 2, b = 2"]
    h = net.forward([1]).output
    assert net.replace(loss="binary_cross_entropy").deltas([1], 0)[2] == h
    assert net.deltas([1], 0)[2] == pytest.approx(h * h * (1 - h), rel=1e-13)


@pytest.mark.parametrize(("bits", "power"), [(16, 11), (32, 24), (64, 53)])
def test_zero_begins_where_one_plus_e_rounds_to_one(bits: int, power: int) -> None:
    zero = zero_from(bits)
    assert zero == pytest.approx(power * math.log(2), rel=2.0 ** (2 - power))
    kind = {16: np.float16, 32: np.float32, 64: np.float64}[bits]
    before = np.nextafter(kind(zero), kind(0))
    assert textbook_slope(zero, bits) == 0
    assert textbook_slope(float(before), bits) > 0


def test_the_record_is_right_where_the_textbook_form_is_not() -> None:
    found = rounding([-40.0, 20.0, 30.0, 36.5, 40.0, 700.0])
    with mp.workdps(400):
        for z, slope in zip(found.z, found.record, strict=True):
            s = 1 / (1 + mp.exp(-mp.mpf(z)))
            assert slope == pytest.approx(float(s * (1 - s)), rel=1e-14)
    assert found.error[0] < 1e-15
    assert 1e-4 < found.error[2] < 1e-2
    assert found.error[4:].tolist() == [1.0, 1.0]


def test_floats_of_other_sizes_are_refused() -> None:
    with pytest.raises(NnexplainError, match="16, 32 or 64 bits, got 8"):
        zero_from(8)


@pytest.mark.parametrize("scale", [1.0, 1e-200, 5e-324, 1e200])
def test_a_root_mean_square_loses_nothing_to_its_squares(scale: float) -> None:
    values = np.array([3.0, -4.0, 0.0]) * scale
    with mp.workdps(30):
        expected = float(mp.sqrt(sum(mp.mpf(v) ** 2 for v in values.tolist()) / 3))
    assert root_mean_square(values) == pytest.approx(expected, rel=1e-14, abs=5e-324)
    assert root_mean_square(np.zeros(3)) == 0
    assert root_mean_square(np.array([1.0, math.inf])) == math.inf
    assert math.isnan(root_mean_square(np.array([1.0, math.nan])))
