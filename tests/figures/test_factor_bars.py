"""The ladder of factors: bars where the products are, words that say why."""

from __future__ import annotations

import math

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import nnexplain as nne
from nnexplain.figures import description, factor_bars
from nnexplain.palette import KINDS, ROLES
from tests.figures.conftest import colour_of, overlapping, texts


def bars(ax):
    """The coloured bars as (role's colour, left, right), from top to bottom."""
    found = [
        (p.get_y(), mpl.colors.to_hex(p.get_facecolor()), p.get_x(), p.get_x() + p.get_width())
        for p in ax.patches
        if isinstance(p, Rectangle) and p.get_zorder() == 3
    ]
    return [bar[1:] for bar in sorted(found, reverse=True)]


def scale(ax):
    """The place of each labelled power of ten on a linear scale of exponents."""
    ticks = {}
    for text in ax.texts:
        said = text.get_text()
        if text.get_ha() == "center" and said[0] in "01":
            ticks[math.log10(float(said))] = text.get_position()[0]
    (low, a), *_, (high, b) = sorted(ticks.items())
    return lambda log: a + (log - low) / (high - low) * (b - a)


@pytest.fixture
def at(net, sample):
    return nne.derive(net, "w14").at(*sample)


def test_every_factor_has_its_row_in_the_colour_of_its_kind(at):
    ax = factor_bars(at)
    for kind in KINDS:
        assert colour_of(ax, ROLES[kind].mark) == ROLES[kind].light
    assert [bar[0] for bar in bars(ax)] == [
        *(ROLES[factor.kind].light for factor in at.terms[0].factors),
        ROLES["ink"].light,
    ]


def test_bars_lead_from_product_to_product_on_the_printed_scale(at):
    ax = factor_bars(at)
    place = scale(ax)
    products = np.cumprod([1.0, *(factor.value for factor in at.terms[0].factors)])
    logs = np.log10(np.abs(products))
    for k, (_, left, right) in enumerate(bars(ax)[:4]):
        before, after = logs[k], logs[k + 1]
        assert (left, right) == pytest.approx((place(after), place(before)), abs=0.01)
    _, left, right = bars(ax)[-1]
    assert (left, right) == pytest.approx((place(logs[-1]), place(0)), abs=0.01)
    # The input is 1: a bar as wide as a stroke, around the place of the product.
    _, left, right = bars(ax)[4]
    assert (left + right) / 2 == pytest.approx(place(logs[-1]), abs=0.01)
    assert 0 < right - left < 3


def test_numbers_signs_and_limits_are_written(at):
    said = texts(factor_bars(at))
    for text in ("−0.526", "−0.131", "0.0394", "◆ h − y = −0.526", "▲ σ′(z₆) = 0.249",
                 "error, flips the sign", "weight, flips the sign",
                 "slope of unit 6, at most 0.25", "two negative factors: positive"):  # fmt: skip
        assert text in said
    assert said.count("0.00872") == 3


def test_a_single_term_can_be_drawn_without_its_derivation(at):
    ax = factor_bars(at.terms[0])
    assert "slope of unit 6" in texts(ax)
    assert "∂J/∂w₁₄" in texts(ax)


def test_a_factor_of_zero_runs_out_of_the_scale(net, sample):
    ax = factor_bars(nne.derive(net, "w24").at(*sample))
    assert texts(ax).count("0") == 2
    assert "one factor of 0 is enough" in texts(ax)


def test_a_bias_takes_part_with_a_one(net, sample):
    said = texts(factor_bars(nne.derive(net, "b4").at(*sample)))
    assert "● 1" in said
    assert "∂J/∂b₄" in said


@pytest.mark.parametrize(
    ("parameters", "x", "y"),
    [
        ({"w12": 20, "b2": 5, "w23": -30, "b3": 1}, 1, 0),
        ({"w12": 1e-200, "b2": 0, "w23": 1e-300, "b3": 1}, 1, 0),
        ({"w12": 1e300, "b2": 5, "w23": -1e300, "b3": 1}, 1, 0),
        ({"w12": 1, "b2": 0, "w23": 1, "b3": 0}, 1, 0),
        ({"w12": 1, "b2": 0, "w23": 1, "b3": 0}, 1, 1),
        ({"w12": 1e9, "b2": 0, "w23": 1e-9, "b3": 0}, 1e-9, 5),
    ],
)
def test_growing_vanishing_infinite_and_zero_products_stay_readable(parameters, x, y):
    net = nne.Network([1, 1, 1], "identity", parameters)
    for name in net.names:
        with np.errstate(all="ignore"):
            ax = factor_bars(nne.derive(net, name).at([x], y))
        assert overlapping(ax) == ([], [])


def test_a_deep_chain_stays_readable():
    net = nne.Network([1] * 9, seed=3)
    ax = factor_bars(nne.derive(net, "b2").at([1], 0))
    assert overlapping(ax) == ([], [])
    assert "five negative factors: negative" in texts(ax)


def test_the_words_hold_every_number(at):
    words = description(factor_bars(at))
    assert words.table[0] == ("factor", "kind", "value", "product so far")
    assert words.table[3] == ("w₄₆", "weight on the path", "−0.3", "0.0394")
    for said in ("h − y = −0.526", "gives −0.131", "∂J/∂w14 = 0.00872"):
        assert said in words.alt
    assert "∂J/∂w₁₄ = 0.00872" in words.caption


def test_axes_of_another_size_are_used_and_returned(at):
    figure = Figure((3, 2))
    ax = figure.add_subplot()
    assert factor_bars(at, ax=ax) is ax
    assert overlapping(ax)[0] == []


def test_bad_input_says_what_to_do(net, sample, at):
    with pytest.raises(nne.NnexplainError, match=r"\.at\(x, y\)"):
        factor_bars(nne.derive(net, "w14"))
    with pytest.raises(nne.NnexplainError, match="one row"):
        factor_bars(nne.derive(net, "w14").at([[1, 0, 1], [0, 1, 1]], [1, 0]))
    wide = nne.Network([2, 2, 2], seed=0)
    with pytest.raises(nne.NnexplainError, match="sum of 2 terms"):
        factor_bars(nne.derive(wide, "w13").at([1, 2], [0, 1]))
    with pytest.raises(nne.NnexplainError, match="digits"):
        factor_bars(at, digits=0)
