"""The microscope's formulas against mpmath, at any magnification, and in a real browser."""

from __future__ import annotations

import base64
import itertools
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from playwright.sync_api import Browser

from nnexplain.activation import Activation
from nnexplain.activations import activations
from nnexplain.experiments.magnify import kinks, magnified
from nnexplain.experiments.sensitivity import SQUARE, respond
from nnexplain.explorables.microscope import microscope
from tests.test_activations import ORACLES

RECORDS = {"square": SQUARE, **activations}
TRUTH = {"square": (lambda z: z * z, lambda z: 2 * z), **{n: o[:2] for n, o in ORACLES.items()}}
POINTS = (-4.0, -3.0, -1.3, -0.7, -0.1, 0.0, 0.1, 0.5, 1.0, 2.2, 3.0, 4.0)
SEEN = (-3.8, -0.9, 0.3, 1.7, 3.8)
ZOOMS = (1.0, 4.0, 20.0, 320.0, 1e4, 1e6)
NUDGES = tuple(seen / zoom for zoom, seen in itertools.product(ZOOMS, SEEN))


def true_parts(name: str, z: float, s: float) -> tuple[Any, Any]:
    """f′(z) s and the gap, to 50 digits; at a kink f′ is what the record agrees on."""
    f, slope = TRUTH[name]
    record = RECORDS[name]
    with mp.workdps(50):
        at, by = mp.mpf(z), mp.mpf(s)
        foretold = (mp.mpf(record.df(z)) if z in record.kinks else slope(at)) * by
        return foretold, f(at + by) - f(at) - foretold


@pytest.mark.parametrize("name", RECORDS)
def test_gap_and_change_keep_their_digits(name: str) -> None:
    view = magnified(RECORDS[name])
    for z, s in itertools.product(POINTS, NUDGES):
        foretold, gap = true_parts(name, z, s)
        assert float(view.foretold(z, s)) == pytest.approx(float(foretold), rel=1e-14, abs=0)
        # What is all rounding counts as nothing: some pieces are exactly straight.
        noise = 3e-16 * abs(s)
        assert float(view.change(z, s)) == pytest.approx(float(foretold + gap), rel=1e-8, abs=noise)
        assert float(view.gap(z, s)) == pytest.approx(float(gap), rel=1e-8, abs=noise), (z, s)


def test_subtracting_would_lose_what_the_integral_keeps() -> None:
    plain = respond("sigmoid", 0.1, 3.8e-6).gap
    kept = magnified(activations["sigmoid"]).gap(0.1, 3.8e-6)
    _, gap = true_parts("sigmoid", 0.1, 3.8e-6)
    assert abs(plain / float(gap) - 1) > 1e-4
    assert kept == pytest.approx(float(gap), rel=1e-12)


@pytest.mark.parametrize("name", ["sigmoid", "softplus", "gelu", "sin", "square"])
def test_the_gap_shrinks_with_the_square_of_the_nudge(name: str) -> None:
    gap = magnified(RECORDS[name]).gap
    assert gap(0.4, 1e-5) / gap(0.4, 1e-6) == pytest.approx(100, rel=1e-4)


def test_percent_is_the_gap_over_what_was_foretold() -> None:
    view = magnified(SQUARE)
    assert view.percent(np.array([1.0]), np.array([0.5])) == pytest.approx([25.0])
    with np.errstate(all="ignore"):
        assert np.isinf(view.percent(np.array([0.0]), np.array([0.5]))).all()
        assert np.isnan(view.percent(np.array([0.0]), np.array([0.0]))).all()


def test_what_is_no_number_stays_none() -> None:
    for record in RECORDS.values():
        view = magnified(record)
        for z, s in ((np.nan, 1.0), (1.0, np.nan)):
            with np.errstate(all="ignore"):
                assert np.isnan(view.change(np.array([z]), np.array([s]))).all(), record.name


def test_kinks_know_their_sides() -> None:
    assert {name: kinks(record) for name, record in RECORDS.items() if record.kinks}.keys() == {
        "step", "sign", "relu", "leaky_relu", "hard_sigmoid", "hard_tanh",
    }  # fmt: skip
    assert [(k.at, k.left, k.right, k.jumps) for k in kinks(activations["hard_tanh"])] == [
        (-1.0, 0.0, 1.0, False), (1.0, 1.0, 0.0, False),
    ]  # fmt: skip
    assert [k.jumps for k in kinks(activations["sign"])] == [True]


def test_a_record_of_ones_own_is_magnified_too() -> None:
    record = Activation(
        "cube", lambda z: z * z * z, lambda z: 3 * z * z, lambda z: 6 * z, latex="z^3",
        latex_slope="3z^2", range=(-np.inf, np.inf), largest_slope=np.inf, flat=((0.0, 0.0),),
    )  # fmt: skip
    s = 1e-7
    assert magnified(record).gap(2.0, s) == pytest.approx(6 * s * s + s**3, rel=1e-12, abs=0)


@pytest.mark.xdist_group("javascript")
def test_the_page_computes_what_python_does(browser: Browser) -> None:
    module = microscope().modules["microscope-curves.js"]
    url = "data:text/javascript;base64," + base64.b64encode(module.encode()).decode()
    page = browser.new_page()
    call = """async ([url, points, nudges]) => {
        const {curves} = await import(url);
        return Object.entries(curves).map(([name, c]) => [name, points.map(c.f), points.map(c.df),
            ...["foretold", "change", "gap"].map(part =>
                points.map(z => nudges.map(s => c[part](z, s))))]);
    }"""
    rows = page.evaluate(call, [url, POINTS, NUDGES])
    page.close()
    assert [row[0] for row in rows] == list(RECORDS)
    z, s = np.array(POINTS)[:, None], np.array(NUDGES)[None, :]
    for name, values, slopes, *parts in rows:
        record, view = RECORDS[name], magnified(RECORDS[name])
        np.testing.assert_allclose(values, record.f(POINTS), rtol=1e-12, atol=0)
        np.testing.assert_allclose(slopes, record.df(POINTS), rtol=1e-12, atol=0)
        # Where values are subtracted, both languages round in their last place.
        rounding = 2e-15 * (np.abs(s) > 0.25)
        for got, formula in zip(parts, (view.foretold, view.change, view.gap), strict=True):
            expected = np.broadcast_to(formula(z, s), (z.size, s.size))
            off = np.abs(np.array(got, dtype=float) - expected)
            assert (off <= 1e-12 * np.abs(expected) + rounding + _beside_a_break(name, z, s)).all()


def _beside_a_break(name: str, z: Any, s: Any) -> Any:
    """The rounding of a difference of values, where a segment touches a kink or 0."""
    touches = [(z - k) * (z + s - k) <= 0 for k in {*RECORDS[name].kinks, 0.0}]
    return 2e-15 * np.maximum(np.abs(s), np.abs(z)) * np.any(touches, axis=0)
