"""The hash is the real one, scatters, has no slope, and cannot be descended on."""

from __future__ import annotations

import hashlib
import math

import numpy as np
import pytest

import nnexplain as nne
from nnexplain.experiments.hash_function import (
    HASH,
    SIGMOID,
    hashed,
    memory,
    nudged,
    quotients,
    views,
    walks,
)


def test_the_hash_is_sha_256_of_eight_bytes() -> None:
    # The bytes of 1.0 are 3ff0 0000 0000 0000.
    digest = hashlib.sha256(bytes.fromhex("3ff0000000000000")).digest()
    assert hashed(1.0) == pytest.approx(int.from_bytes(digest, "big") / 2**256, abs=2**-53)


@pytest.mark.parametrize("z", [0.0, -1e300, 5e-324, math.inf, -math.inf])
def test_values_lie_in_the_half_open_interval(z: float) -> None:
    assert 0 <= hashed(z) < 1
    assert hashed(z) == hashed(z)


def test_equal_numbers_have_equal_values_and_nan_stays_nan() -> None:
    assert hashed(-0.0) == hashed(0.0)
    assert math.isnan(hashed(math.nan))


def test_values_are_spread_evenly() -> None:
    values = HASH.f(np.linspace(-5, 5, 20_000))
    assert np.mean(values) == pytest.approx(0.5, abs=0.01)
    assert np.var(values) == pytest.approx(1 / 12, abs=0.003)
    one_float_apart = HASH.f(np.nextafter(np.linspace(-5, 5, 20_000), 9.0))
    assert abs(np.corrcoef(values, one_float_apart)[0, 1]) < 0.03


def test_the_record_says_that_there_is_no_derivative() -> None:
    net = nne.worked["han_kamber"].network.replace(activation=HASH)
    assert 0 <= net.forward([1, 0, 1]).output < 1
    gradient = net.gradient([1, 0, 1], 1)
    assert all(math.isnan(value) for value in gradient.values())


def test_views_hold_both_functions_on_the_same_grid() -> None:
    wide, close = views(points=11)
    assert wide.z[0] == pytest.approx(-3.5)
    assert close.z[-1] == pytest.approx(0.5 + 1e-6)
    np.testing.assert_allclose(close.sigmoid, 1 / (1 + np.exp(-close.z)), rtol=1e-14)
    assert np.ptp(close.hashed) > 0.5


def test_quotients_of_the_hash_grow_and_those_of_the_sigmoid_settle() -> None:
    found = quotients()
    assert found.hashed.shape == found.sigmoid.shape == (len(found.nudges), 200)
    # Halving the nudge halves the sigmoid's gap, until rounding takes over.
    ratios = found.gaps[1:4] / found.gaps[:3]
    np.testing.assert_allclose(ratios, 1 / 16, rtol=0.15)
    assert found.growth == pytest.approx(-1, abs=0.02)
    np.testing.assert_allclose(found.apart.mean(axis=1), 1 / 3, atol=0.06)


@pytest.mark.parametrize("z", [-4.0, 0.5, 1.25])
def test_a_step_of_the_sigmoid_keeps_its_promise_the_closer_the_better(z: float) -> None:
    gaps = []
    for halvings in (4, 8, 12):
        found = nudged(SIGMOID, z, 2.0**-halvings)
        assert found.quotient == pytest.approx(SIGMOID.df(z), rel=2.0**-halvings)
        gaps.append(abs(found.happened / found.promised - 1))
    np.testing.assert_allclose(np.divide(gaps[1:], gaps[:-1]), 1 / 16, rtol=0.2)


def test_a_step_of_the_hash_keeps_no_promise() -> None:
    steps = [nudged(HASH, z, 2.0**-k) for z in np.arange(-4, 4, 0.125) for k in range(31)]
    fell = np.mean([step.happened < 0 for step in steps])
    # Three draws: where z is the lower of the first two, the third is lower still in one case of
    # three; where it is the higher, in two cases of three. Together: half.
    assert fell == pytest.approx(0.5, abs=0.05)
    gaps = [abs(step.happened - step.promised) for step in steps]
    assert np.mean(gaps) > 0.5


def test_the_step_goes_two_nudges_against_the_quotient() -> None:
    rising, falling = nudged(SIGMOID, 0.25, 0.5), nudged(nne.activations["gaussian"], 0.25, 0.5)
    assert rising.after_step == SIGMOID.f(-0.75)
    assert falling.quotient < 0
    assert falling.after_step == nne.activations["gaussian"].f(1.25)
    level = nudged(nne.activations["step"], 1.0, 0.5)
    assert (level.quotient, level.promised, level.happened) == (0, 0, 0)


@pytest.mark.parametrize("nudge", [1e-1, 1e-3, 1e-6])
def test_no_nudge_helps_the_hash(nudge: float) -> None:
    found = walks(nudge=nudge)
    assert found.J.shape == (10, 201)
    assert found.late == pytest.approx(1 / 6, abs=0.025)
    assert found.late > 50 * walks(SIGMOID, nudge=nudge).late


def test_walks_of_the_sigmoid_are_those_of_its_gradient() -> None:
    example = nne.worked["han_kamber"]
    net = nne.Network([3, 2, 1], seed=0)
    found = walks(SIGMOID, starts=1, steps=5, nudge=1e-5)
    for J in found.J[0]:
        assert net.loss(example.x, example.y) == pytest.approx(J, rel=1e-8)
        slopes = net.gradient(example.x, example.y)
        net = net.replace(parameters={n: net.parameters[n] - 0.9 * g for n, g in slopes.items()})


def test_a_hash_stores_and_a_sigmoid_learns() -> None:
    stored, learned = memory(), memory(SIGMOID)
    assert stored.at_samples < 1e-12 > learned.at_samples
    assert learned.between < 0.01
    assert stored.between > 0.3
