"""gradient_check must pass what is right, fail what is wrong, and say what it cannot judge."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnexplain as nne
from nnexplain.activations import Activation
from nnexplain.checks import TOLERANCES, CheckRow, gradient_check
from nnexplain.errors import NnexplainError
from nnexplain.worked import worked

HAN = worked["han_kamber"]
X, Y = (1, 0, 1), 1


def wrong(name: str, percent: float, *, complex_step: bool) -> Activation:
    """Return a user's record whose slope is off by some percent."""
    right = nne.activations[name]
    return replace(
        right, name=f"wrong {name}", slope=lambda z: (1 + percent / 100) * right.slope(z),
        both=None, complex_step=complex_step,
    )  # fmt: skip


def user(name: str) -> Activation:
    """Return a record as a user would write it: judged by differences."""
    return replace(nne.activations[name], complex_step=False)


@pytest.mark.parametrize("name", list(nne.activations))
@pytest.mark.parametrize("loss", list(nne.losses))
def test_every_activation_and_loss_passes(name: str, loss: str) -> None:
    last = "sigmoid" if loss == "binary_cross_entropy" else name
    net = nne.Network([2, 3, 2], [name, last], seed=1, loss=loss)
    report = gradient_check(net, [[0.3, -1.1], [0.7, 0.2]], [[0.1, 0.9], [0.4, 0.6]])
    assert report.passed, str(report)
    assert report.method == "complex step"
    assert report.worst.relative_error < 1e-12
    assert [row.parameter for row in report.rows] == list(net.names)


@pytest.mark.parametrize("name", list(nne.activations))
def test_differences_judge_users_records(name: str) -> None:
    net = nne.Network([2, 3, 1], [user(name), "identity"], seed=2)
    report = gradient_check(net, [[0.3, -1.1], [50.0, 0.2]], [0.1, 0.4])
    assert report.method == "central difference"
    assert report.passed, str(report)


@pytest.mark.parametrize("complex_step", [True, False])
@pytest.mark.parametrize("percent", [1.0, -0.1])
def test_a_slope_that_is_off_fails_and_is_named(complex_step: bool, percent: float) -> None:
    hidden = wrong("sigmoid", percent, complex_step=complex_step)
    net = HAN.network.replace(activation=[hidden, "sigmoid"])
    report = gradient_check(net, X, Y)
    assert not report.passed
    failed = {row.parameter for row in report.failures}
    # Only what lies behind a hidden slope is wrong; x2 = 0 hides w24 and w25.
    assert failed == {"w14", "w34", "b4", "w15", "w35", "b5"}
    assert report.worst.parameter in failed
    assert report.worst.relative_error == pytest.approx(abs(percent) / 100, rel=0.02)
    assert f"6 of 11 partial derivatives are wrong: {'w14'}" in report.summary
    assert "DISAGREES" in str(report)


@pytest.mark.parametrize("method", ["complex step", "central difference"])
def test_a_loss_with_a_wrong_slope_fails(method: str) -> None:
    right = nne.losses["half_squared_error"]
    off = replace(right, name="mine", slope=lambda y, h: 1.01 * right.slope(y, h),
                  complex_step=method == "complex step")  # fmt: skip
    report = gradient_check(HAN.network.replace(loss=off), X, Y)
    assert report.method == method
    assert len(report.failures) == 9  # all but the two that are exactly zero


def test_a_formula_may_call_its_operations_by_their_full_names() -> None:
    # np.abs of a complex number is its length, which bends where |z| does not.
    record = Activation(
        "soft", lambda z: z / (1 + np.abs(z)), lambda z: 1 / (1 + np.abs(z)) ** 2,
        lambda z: -2 * np.sign(z) / (1 + np.abs(z)) ** 3, latex="", latex_slope="",
        range=(-1, 1), largest_slope=1.0, flat=(), complex_step=True,
    )  # fmt: skip
    net = nne.Network([2, 2, 1], [record, "identity"], seed=2)
    report = gradient_check(net, [[0.3, -1.1], [5.0, 0.2]], [0.1, 0.4])
    assert report.method == "complex step"
    assert report.passed, str(report)


def test_a_loss_that_knows_no_complex_numbers_is_judged_at_one_sample_too() -> None:
    sign = nne.Loss("l1", lambda y, h: np.abs(h - y), lambda y, h: 2 * (h > y).astype(float) - 1
                    + 0 * h, latex="", latex_slope="")  # fmt: skip
    report = gradient_check(HAN.network.replace(loss=sign), X, Y)
    assert report.method == "central difference"
    assert report.passed, str(report)


# Hard places


def test_a_kink_is_recognised_and_said() -> None:
    net = nne.Network([1, 1, 1], ["relu", "identity"],
                      {"w12": 1, "b2": -2, "w23": 1, "b3": 0.5})  # fmt: skip
    report = gradient_check(net, [2.0], 0.0)  # z2 = 0 exactly
    assert report.passed
    assert report.kinks == ("z2 = 0: at a kink f′ is not defined; by convention f′(0) = 0",)
    on_kink = {row.parameter for row in report.rows if row.kinks}
    assert on_kink == {"w12", "b2"}
    assert "kink: z2 = 0" in str(report)
    assert gradient_check(net, [2.1], 0.0).kinks == ()


def test_differences_that_straddle_a_kink_are_no_failure() -> None:
    net = nne.Network([1, 1, 1], [user("relu"), "identity"],
                      {"w12": 1, "b2": -2 + 1e-7, "w23": 1, "b3": 0.5})  # fmt: skip
    report = gradient_check(net, [2.0], 0.0)
    row = {row.parameter: row for row in report.rows}
    assert not row["b2"].agrees  # the quotient averages slope 0 and slope 1
    assert row["b2"].verdict == "on a kink"
    assert report.passed
    assert report.worst.parameter in {"w23", "b3"}


def test_the_absolute_loss_has_a_kink_of_its_own() -> None:
    net = nne.Network([1, 1], "identity", {"w12": 2, "b2": 0}, loss="absolute")
    report = gradient_check(net, [1.0], 2.0)
    assert report.kinks == (
        "loss absolute: at h = y the slope is not defined; by convention it is 0",
    )
    assert gradient_check(net, [1.0], 1.0).kinks == ()


@pytest.mark.parametrize("z", [30.0, 300.0, 640.0, -640.0])
@pytest.mark.parametrize("loss", ["half_squared_error", "binary_cross_entropy"])
@pytest.mark.parametrize("y", [0, 1])
def test_saturation(z: float, loss: str, y: int) -> None:
    net = nne.Network([1, 1], "sigmoid", {"w12": z, "b2": 0}, loss=loss)
    report = gradient_check(net, [1.0], y)
    assert report.passed, str(report)


def test_an_error_of_rounding_size_is_not_blamed() -> None:
    # h - y = 1e-12 keeps four digits at best, in every method.
    net = nne.Network([1, 1], "tanh", {"w12": 0.5, "b2": 0.1})
    y = net.forward([1.0]).output + 1e-12
    assert gradient_check(net, [1.0], y).passed
    own = net.replace(activation=user("tanh"))
    assert gradient_check(own, [1.0], y).passed


def test_terms_that_cancel_are_measured_by_their_size() -> None:
    net = nne.Network([1, 1, 2], "identity", {"w12": 0.7, "b2": 0.1, "w23": 0.3, "w24": 0.1,
                                              "b3": 0.2, "b4": -0.1})  # fmt: skip
    h = net.forward([1.0]).output
    report = gradient_check(net, [1.0], [h[0] - 1 / 3, h[1] + 1])
    row = report.rows[0]
    assert abs(row.value) < 1e-15 < row.size  # at most rounding is left of ∂J/∂w12
    assert report.passed


def test_a_vanishing_gradient_is_judged_not_waved_through() -> None:
    deep = nne.Network([1] * 41, wrong("sigmoid", 1.0, complex_step=True), seed=0)
    report = gradient_check(deep, [1.0], 0.5)
    assert abs(report.rows[0].value) < 1e-30
    assert report.rows[0].verdict == "DISAGREES"


def test_nan_never_agrees() -> None:
    row = CheckRow("w14", math.nan, math.nan, 1.0, 0.0, 1e-9)
    assert row.verdict == "DISAGREES"
    assert row.relative_error == math.inf
    net = nne.Network([1, 1, 1], "identity", {"w12": 1e200, "b2": 0, "w23": 1e200, "b3": 0})
    report = gradient_check(net, [1.0], 0.0)
    assert not report.passed


SMOOTH = ["identity", "sigmoid", "tanh", "softplus", "sin", "gaussian", "silu", "gelu"]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_random_networks_pass_by_both_methods(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    names = [data.draw(st.sampled_from(SMOOTH)) for _ in sizes[1:]]
    seed = data.draw(st.integers(0, 10**6))
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(3, sizes[0])), rng.normal(size=(3, sizes[-1]))
    for records in (names, [user(name) for name in names]):
        net = nne.Network(
            sizes, records, seed=seed, loss=data.draw(st.sampled_from(["mse", "linear"]))
        )
        report = gradient_check(net, x, y)
        assert report.passed, str(report)
        assert report.method == ("complex step" if records is names else "central difference")


# The report


def test_the_report_reads_as_a_table() -> None:
    report = gradient_check(HAN.network, HAN.x, HAN.y)
    lines = str(report).splitlines()
    assert lines[0].split() == ["parameter", "∂J/∂θ", "complex", "step", "relative", "error",
                                "verdict"]  # fmt: skip
    assert lines[1].split()[:3] == ["w14", "0.0087245620", "0.0087245620"]
    assert report.summary.startswith("11 of 11 partial derivatives agree (complex step")
    assert "worst: " in lines[-1]


def test_tolerance_is_the_callers_to_choose() -> None:
    slightly = HAN.network.replace(
        activation=[wrong("sigmoid", 1e-4, complex_step=True), "sigmoid"]
    )
    assert not gradient_check(slightly, X, Y).passed
    assert gradient_check(slightly, X, Y, tolerance=1e-5).passed
    assert TOLERANCES["complex step"] == 1e-9


@pytest.mark.parametrize("bad", [0, -1, 1, math.nan, math.inf])
def test_a_tolerance_outside_0_1_is_refused(bad: Any) -> None:
    with pytest.raises(NnexplainError, match="between 0 and 1"):
        gradient_check(HAN.network, X, Y, tolerance=bad)


def test_what_is_no_network_and_no_tolerance_is_refused() -> None:
    with pytest.raises(NnexplainError, match="must be a Network, as in gradient_check"):
        gradient_check("net", X, Y)  # type: ignore[arg-type]
    with pytest.raises(NnexplainError, match="tolerance must be real numbers, got text x"):
        gradient_check(HAN.network, X, Y, tolerance="x")  # type: ignore[arg-type]
