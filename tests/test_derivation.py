"""Derivations judged by SymPy, complex steps and backpropagation, and read back from their TeX."""

from __future__ import annotations

import dataclasses
import itertools
import math
import re
from typing import Any

import mpmath as mp
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import nnexplain as nne
from nnexplain.derivation import LISTING_LIMIT, READABLE_ROWS, derive
from nnexplain.errors import NnexplainError, UnknownNameError
from nnexplain.palette import KINDS, ROLES

PARAMETERS = {"w14": 0.2, "w15": -0.3, "w24": 0.4, "w25": 0.1, "w34": -0.5, "w35": 0.2,
              "w46": -0.3, "w56": -0.2, "b4": -0.4, "b5": 0.2, "b6": 0.1}  # fmt: skip
NET = nne.Network([3, 2, 1], "sigmoid", PARAMETERS)
X, Y = (1, 0, 1), 1
SMOOTH = ["identity", "sigmoid", "tanh", "softplus", "sin", "gaussian", "silu"]


# The running example, letter by letter


def test_the_chain_reads_as_in_a_textbook() -> None:
    d = derive(NET, "w14")
    assert d.partial == r"\frac{\partial J}{\partial w_{14}}"
    assert d.latex("chain", colour=False) == (
        r"\frac{\partial J}{\partial h}\,\frac{\partial h}{\partial z_6}\,"
        r"\frac{\partial z_6}{\partial a_4}\,\frac{\partial a_4}{\partial z_4}\,"
        r"\frac{\partial z_4}{\partial w_{14}}"
    )


def test_symbols_numbers_and_value_of_the_running_example() -> None:
    e = derive(NET, "w14").at(X, Y)
    assert e.latex("symbols", colour=False) == r"(h-y)\,\sigma'(z_6)\,w_{46}\,\sigma'(z_4)\,x_1"
    assert e.latex("numbers", colour=False) == "(-0.5261)(0.2493)(-0.3)(0.2217)(1)"
    assert e.latex("value") == "0.008725"
    assert e.value == pytest.approx(0.008724561965433263, rel=1e-15)
    assert e.latex(colour=False).count("&") == 4
    assert e.latex("value", digits=8) == "0.0087245620"


def test_other_kinds_of_parameter() -> None:
    def symbols(name: str) -> str:
        return derive(NET, name).latex("symbols", colour=False)

    assert symbols("w46") == r"(h-y)\,\sigma'(z_6)\,a_4"
    assert symbols("b6") == r"(h-y)\,\sigma'(z_6)\,1"
    assert symbols("b4") == r"(h-y)\,\sigma'(z_6)\,w_{46}\,\sigma'(z_4)\,1"
    assert derive(NET, "w14").terms[0].path == (1, 4, 6)
    assert derive(NET, "b4").terms[0].path == (4, 6)


def test_each_factor_has_the_colour_of_its_kind() -> None:
    d = derive(NET, "w14")
    assert [f.kind for f in d.terms[0].factors] == list(KINDS)
    for text in (d.latex("chain"), d.latex("symbols"), d.at(X, Y).latex("numbers")):
        colours = re.findall(r"HTML\]\{(\w+)\}", text)
        assert colours == [ROLES[kind].light[1:].upper() for kind in KINDS]


def test_factors_say_what_and_where_they_are() -> None:
    error, output, weight, hidden, entering = derive(NET, "w14").terms[0].factors
    assert (error.unit, output.unit, weight.edge, hidden.unit) == (6, 6, (4, 6), 4)
    assert entering.edge == (1, 4)
    assert hidden.words == "how fast unit 4 answers: the slope of its activation at z4"
    assert "the input x1" in entering.words
    assert "the activation a4" in derive(NET, "w46").terms[0].factors[-1].words
    assert derive(NET, "b4").terms[0].factors[-1].edge is None


def test_plain_text_of_the_running_example() -> None:
    assert str(derive(NET, "w14").at(X, Y)).startswith(
        "∂J/∂w14 = ∂J/∂h · ∂h/∂z6 · ∂z6/∂a4 · ∂a4/∂z4 · ∂z4/∂w14\n"
        "        = (h − y) · σ′(z6) · w46 · σ′(z4) · x1\n"
        "        ≈ (−0.5261)(0.2493)(−0.3)(0.2217)(1)\n"
        "        ≈ 0.008725\n"
    )
    assert str(derive(NET, "w46").terms[0]) == "(h − y) · σ′(z6) · a4"


def test_exact_numbers_stand_behind_an_equals_sign() -> None:
    net = nne.Network([1, 1], "identity", {"w12": 0.5, "b2": 0.25})
    text = derive(net, "w12").at([2], 1).latex(colour=False)
    assert "&= (0.25)(1)(2)" in text
    assert r"\approx" not in text


# The thread's mistake


def test_the_thread_drops_w46_and_turns_the_sign() -> None:
    e = derive(NET, "w14").at(X, Y)
    dropped = e.without("w46")
    assert f"{e.value:+.4f} {dropped:+.4f}" == "+0.0087 -0.0291"
    assert dropped * PARAMETERS["w46"] == pytest.approx(e.value, rel=1e-15)
    weight = e.terms[0].factors[2]
    assert e.without(weight) == e.without(r"w_{46}") == e.without("weight") == dropped
    assert e.terms[0].without("w46") == dropped
    assert e.without("σ'(z4)") == e.without("σ′(z4)") == e.without("hidden_slope")


def test_a_factor_that_is_not_there_is_said() -> None:
    e = derive(NET, "w14").at(X, Y)
    with pytest.raises(UnknownNameError, match="'w56'; did you mean 'w46'"):
        e.without("w56")
    with pytest.raises(UnknownNameError, match="unknown factor 'w56'"):
        e.terms[0].without(derive(NET, "w15").terms[0].factors[2])


def test_in_a_sum_only_the_terms_with_the_factor_change() -> None:
    net = nne.Network([1, 2, 2], "tanh", seed=3)
    e = derive(net, "w12").at([0.7], [0.1, -0.2])
    first, second = e.terms
    assert e.without("w24") == pytest.approx(first.without("w24") + second.value, rel=1e-15)


# Independent oracles


def symbolic(net: nne.Network, x: Any, y: Any) -> tuple[sp.Expr, dict[str, sp.Symbol]]:
    """J of a network of sigmoids and tanhs, written out by SymPy from the names alone."""
    theta = {name: sp.Symbol(name) for name in net.names}
    f = {"sigmoid": lambda z: 1 / (1 + sp.exp(-z)), "tanh": sp.tanh, "identity": lambda z: z}
    a: dict[int, sp.Expr] = dict(zip(net.layers[0], map(sp.Rational, map(str, x)), strict=True))
    for before, layer in itertools.pairwise(net.layers):
        for unit in layer:
            z = sum((theta[f"w{i}{unit}"] * a[i] for i in before), theta[f"b{unit}"])
            a[unit] = f[net.activation_of(unit).name](z)
    pairs = zip(net.layers[-1], map(sp.Rational, map(str, y)), strict=True)
    return sum(sp.Rational(1, 2) * (a[unit] - target) ** 2 for unit, target in pairs), theta


@pytest.mark.parametrize(
    ("net", "x", "y"),
    [
        (NET, X, (Y,)),
        (nne.Network([2, 2, 2], ["tanh", "sigmoid"], seed=1), (0.5, -1.25), (0.25, 0.75)),
        (nne.Network([1, 2, 1, 2], ["sigmoid", "identity", "tanh"], seed=2), (0.5,), (1, -1)),
    ],
)
def test_every_parameter_against_sympys_derivative(net: nne.Network, x: Any, y: Any) -> None:
    J, theta = symbolic(net, x, y)
    at = {theta[name]: sp.Float(value, 40) for name, value in net.parameters.items()}
    for name in net.names:
        truth = float(sp.diff(J, theta[name]).evalf(30, subs=at))
        assert derive(net, name).at(x, y).value == pytest.approx(truth, rel=1e-12)


def test_each_path_against_sympy_with_all_other_paths_cut() -> None:
    net = nne.Network([1, 2, 2, 1], "tanh", seed=4)
    trace, x, y = net.forward([0.8]), 0.8, 1
    z = sp.Symbol("z")
    slope = sp.diff(sp.tanh(z), z)
    terms = derive(net, "w12").at([x], y).terms
    assert [term.path for term in terms] == [(1, 2, 4, 6), (1, 2, 5, 6)]
    for term in terms:
        truth = sp.Float(trace.output - y, 40) * sp.Float(x, 40)
        for source, unit in itertools.pairwise(term.path):
            truth *= slope.subs(z, sp.Float(trace.z[unit], 40))
            truth *= 1 if unit == 2 else sp.Float(net.parameters[f"w{source}{unit}"], 40)
        assert term.value == pytest.approx(float(truth), rel=1e-12)


def complex_step(net: nne.Network, name: str, x: Any, y: Any) -> float:
    """∂J/∂θ from J(θ + i ε), with a forward pass written here."""
    theta: dict[str, complex] = dict(net.parameters)
    theta[name] += 1e-30j
    total = 0j
    for sample, target in zip(np.atleast_2d(x), np.reshape(y, (-1, net.sizes[-1])), strict=True):
        a = dict(zip(net.layers[0], sample.astype(complex), strict=True))
        for before, layer in itertools.pairwise(net.layers):
            for unit in layer:
                z = sum(theta[nne.network.weight_name(i, unit)] * a[i] for i in before)
                a[unit] = net.activation_of(unit).complex(z + theta[f"b{unit}"])
        for unit, wanted in zip(net.layers[-1], target, strict=True):
            total += _loss(net.loss_function.name, wanted, a[unit], np.size(y))
    return total.imag / 1e-30


def _loss(name: str, y: float, h: complex, count: int) -> complex:
    return {
        "half_squared_error": lambda: (y - h) ** 2 / 2,
        "mse": lambda: (y - h) ** 2 / count,
        "binary_cross_entropy": lambda: -y * np.log(h) - (1 - y) * np.log(1 - h),
        "linear": lambda: h - y,
    }[name]()


@st.composite
def situations(draw: st.DrawFn) -> tuple[nne.Network, Any, Any]:
    sizes = draw(st.lists(st.integers(1, 3), min_size=2, max_size=5))
    names = draw(
        st.lists(st.sampled_from(SMOOTH), min_size=len(sizes) - 1, max_size=len(sizes) - 1)
    )
    loss = draw(st.sampled_from(["half_squared_error", "mse", "linear", "binary_cross_entropy"]))
    if loss == "binary_cross_entropy":
        names[-1] = "sigmoid"
    net = nne.Network(sizes, names, seed=draw(st.integers(0, 10**6)), loss=loss)
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    count = draw(st.integers(1, 3))
    x, y = rng.normal(size=(count, sizes[0])), rng.uniform(0.1, 0.9, (count, sizes[-1]))
    return (net, x[0], y[0]) if draw(st.booleans()) else (net, x, y)


@settings(max_examples=60, deadline=None)
@given(situations(), st.data())
def test_the_sum_of_terms_is_the_gradient_and_the_complex_step(
    situation: tuple[nne.Network, Any, Any], data: st.DataObject
) -> None:
    net, x, y = situation
    name = data.draw(st.sampled_from(net.names))
    e = derive(net, name).at(x, y)
    total = sum(np.sum(term.value) for term in e.terms)
    size = sum(np.sum(np.abs(term.value)) for term in e.terms) + 1e-300
    assert e.value == pytest.approx(total, rel=1e-12, abs=1e-14 * size)
    assert net.gradient(x, y)[name] == pytest.approx(total, rel=1e-11, abs=1e-13 * size)
    assert e.delta_form().value == pytest.approx(total, rel=1e-11, abs=1e-13 * size)
    assert complex_step(net, name, x, y) == pytest.approx(total, rel=1e-9, abs=1e-11 * size)
    assert e.path_count == len(e.terms)


@settings(max_examples=60, deadline=None)
@given(situations(), st.data())
def test_the_formula_shown_gives_the_number_shown(
    situation: tuple[nne.Network, Any, Any], data: st.DataObject
) -> None:
    """Read the TeX back, letter by letter, with values looked up in the trace."""
    net, x, y = situation
    x, y = np.atleast_2d(x)[0], np.reshape(y, (-1, net.sizes[-1]))[0]
    name = data.draw(st.sampled_from(net.names))
    e = derive(net, name).at(x, y)
    trace = net.forward(x)
    total = 0.0
    for row in e.latex("symbols", colour=False).split(" + "):
        total += evaluate(row, net, trace, y)
    size = sum(abs(term.value) for term in e.terms) + 1e-300
    assert total == pytest.approx(e.value, rel=1e-9, abs=1e-11 * size)
    shown = 0.0
    for row in e.latex("numbers", colour=False, digits=12).split(" + "):
        numbers = row.replace(r"\times 10^{", "e").replace("}", "")
        shown += math.prod(map(float, re.findall(r"\(([^()]*)\)", numbers)))
    assert shown == pytest.approx(e.value, rel=1e-8, abs=1e-10 * size)


def evaluate(row: str, net: nne.Network, trace: nne.Trace, y: Any) -> float:
    last = net.layers[-1]
    h = dict(zip(last, np.atleast_1d(trace.output), strict=True))
    target = dict(zip(last, y, strict=True))
    functions = {r"\sigma": "sigmoid", r"\tanh": "tanh", r"\sin": "sin"}
    product = 1.0
    for part in re.sub(r"\\mathrm\{(\w+)\}", r"\1", row).split(r"\,"):
        if slope := re.fullmatch(r"(\\?\w+)'\(z_\{?(\d+)\}?\)", part):
            record = nne.activations[functions.get(slope[1], slope[1])]
            product *= record.df(trace.z[int(slope[2])])
        elif weight := re.fullmatch(r"w_\{(\d+),?(\d+)\}|w_\{(\d)(\d)\}", part):
            source, unit = (weight[1], weight[2]) if "," in part else (part[3], part[4])
            product *= net.parameters[nne.network.weight_name(int(source), int(unit))]
        elif entering := re.fullmatch(r"[ax]_\{?(\d+)\}?", part):
            product *= trace.a[int(entering[1])]
        elif error := re.fullmatch(r"(2?)\(h_?\{?(\d*)\}?-y_?\{?(\d*)\}?\)", part):
            unit = int(error[2] or last[0])
            product *= float(error[1] or 1) * (h[unit] - target[unit])
        elif scale := re.fullmatch(r"\\tfrac\{1\}\{(\d*)N\}", part):
            product /= int(scale[1] or 1)
        else:
            assert part == "1"
    return product


# Outputs, layers, losses


def test_several_outputs_are_told_apart_and_summed() -> None:
    net = nne.Network([2, 2, 2], "sigmoid", seed=0)
    d = derive(net, "w13")
    assert d.latex("symbols", colour=False) == (
        r"(h_5-y_5)\,\sigma'(z_5)\,w_{35}\,\sigma'(z_3)\,x_1 + "
        r"(h_6-y_6)\,\sigma'(z_6)\,w_{36}\,\sigma'(z_3)\,x_1"
    )
    assert [term.path for term in d.terms] == [(1, 3, 5), (1, 3, 6)]
    assert [f.name for f in d.factors].count("x1") == 1
    assert derive(net, "w35").path_count == 1
    assert len(d.factors) == 8


def test_each_layer_shows_its_own_function_and_says_which() -> None:
    net = nne.Network([1, 1, 1, 1], ["relu", "leaky_relu(0.1)", "sigmoid"], seed=0)
    d = derive(net, "w12")
    assert r"\sigma'(z_4)" in d.latex("symbols")
    assert r"\mathrm{leaky\,relu}_{0.1}'(z_3)" in d.latex("symbols")
    assert len(d.notation) == 3
    assert derive(net, "w34").notation == (
        r"\sigma(z)=\frac{1}{1+e^{-z}},\quad \sigma'(z)=\frac{e^{-z}}{(1+e^{-z})^2}",
    )


def test_mean_squared_error_shows_its_division() -> None:
    net = nne.Network([1, 2], "identity", seed=0, loss="mse")
    assert derive(net, "w12").latex("symbols", colour=False) == (
        r"\tfrac{1}{2N}\,2(h_2-y_2)\,\mathrm{identity}'(z_2)\,x_1"
    )
    e = derive(net, "w12").at([[1.0], [2.0]], [[0.0, 1.0], [1.0, 0.0]])
    h = net.forward([[1.0], [2.0]]).a[2]
    np.testing.assert_allclose(e.terms[0].factors[0].value, 2 * (h - [0, 1]) / 4, rtol=1e-15)


def test_absolute_and_linear_losses_show_their_slopes() -> None:
    for loss, symbol in (("absolute", r"\operatorname{sign}(h-y)"), ("linear", "1")):
        first = derive(NET.replace(loss=loss), "w14").terms[0].factors[0]
        assert first.symbol == symbol


def test_cross_entropy_cancels_the_slope_and_says_so() -> None:
    d = derive(NET.replace(loss="binary_cross_entropy"), "w14")
    assert d.latex("symbols", colour=False) == r"(h-y)\,w_{46}\,\sigma'(z_4)\,x_1"
    assert [f.kind for f in d.terms[0].factors] == ["error", "weight", "hidden_slope", "input"]
    assert d.terms[0].factors[0].partial == r"\frac{\partial J}{\partial z_6}"
    assert d.cancellation == (
        r"\frac{\partial J}{\partial z_6} = \frac{\partial J}{\partial h}\,"
        r"\frac{\partial h}{\partial z_6} = \frac{h-y}{h(1-h)}\cdot h(1-h) = h-y",
    )
    assert d.cancellation[0] in d.latex()
    assert "since ∂J/∂z6 =" in str(d)
    assert derive(NET, "w14").cancellation == ()


def test_cross_entropy_without_a_sigmoid_keeps_both_factors() -> None:
    net = nne.Network([1, 1], "gaussian", {"w12": 0.5, "b2": 0.1}, loss="binary_cross_entropy")
    e = derive(net, "w12").at([1.0], 0.25)
    assert [f.kind for f in e.terms[0].factors] == ["error", "output_slope", "input"]
    assert e.latex("symbols", colour=False).startswith(r"\frac{h-y}{h(1-h)}\,\mathrm{gaussian}'")
    assert e.value == pytest.approx(net.gradient([1.0], 0.25)["w12"], rel=1e-14)


@pytest.mark.parametrize("z", [40.0, 700.0, -40.0, -700.0])
@pytest.mark.parametrize("y", [0, 1])
def test_cross_entropy_stays_right_in_saturation(z: float, y: int) -> None:
    net = nne.Network([1, 1], "sigmoid", {"w12": z, "b2": 0}, loss="binary_cross_entropy")
    with mp.workdps(400):
        truth = float(1 / (1 + mp.exp(-mp.mpf(z))) - y)
    e = derive(net, "w12").at([1], y)
    assert e.value == pytest.approx(truth, rel=1e-14)
    assert all(math.isfinite(f.value) for f in e.terms[0].factors)


def test_squared_error_in_saturation_is_tiny_but_not_zero() -> None:
    net = nne.Network([1, 1], "sigmoid", {"w12": 300, "b2": 0})
    slope = derive(net, "w12").at([1], 0).terms[0].factors[1].value
    assert slope == pytest.approx(math.exp(-300), rel=1e-13)


# Batches


def test_a_batch_shows_the_sum_over_samples() -> None:
    x, y = [[1, 0, 1], [0, 1, 1]], [1, 0]
    e = derive(NET, "w14").at(x, y)
    assert e.latex("symbols", colour=False) == (
        r"\sum_{i=1}^{2} (h^{(i)}-y^{(i)})\,\sigma'(z_6^{(i)})\,w_{46}\,"
        r"\sigma'(z_4^{(i)})\,x_1^{(i)}"
    )
    assert all(f.value.shape == (2,) for f in e.terms[0].factors)
    assert e.latex("numbers", colour=False).count(" + ") == 1
    single = [derive(NET, "w14").at(*pair).value for pair in zip(x, y, strict=True)]
    np.testing.assert_allclose(e.per_sample, single, rtol=1e-15)
    assert e.value == pytest.approx(sum(single), rel=1e-15)
    np.testing.assert_allclose(
        e.terms[0].without("w46"), np.array(single) / PARAMETERS["w46"], rtol=1e-14
    )


def test_a_long_batch_is_shortened_and_a_batch_of_one_stays_a_batch() -> None:
    x, y = np.linspace(-1, 1, 60).reshape(20, 3), np.zeros(20)
    assert r"\cdots" in derive(NET, "w14").at(x, y).latex("numbers")
    one = derive(NET, "w14").at([X], [Y])
    assert one.terms[0].value.shape == (1,)
    assert r"\sum_{i=1}^{1}" in one.latex("symbols")
    with pytest.raises(NnexplainError, match="one value for each of 1 samples"):
        one.terms[0].latex("numbers")


# Many paths


@given(st.lists(st.integers(1, 4), min_size=2, max_size=5))
def test_paths_are_counted_as_powers_of_the_adjacency_matrix_count_them(sizes: list[int]) -> None:
    net = nne.Network(sizes, "tanh", seed=0)
    edges = np.zeros((sum(sizes) + 1,) * 2, dtype=object)  # object: exact Python integers
    for before, layer in itertools.pairwise(net.layers):
        edges[np.ix_(before, layer)] = 1
    for unit in itertools.chain(*net.layers[1:]):
        reach = np.eye(len(edges), dtype=object)[unit]
        for _ in range(len(sizes) - 1 - net.depth(unit)):
            reach = reach @ edges
        assert derive(net, f"b{unit}").path_count == reach.sum()


def test_many_paths_are_counted_exactly_and_not_listed() -> None:
    net = nne.Network([2] + [8] * 24 + [3], "tanh", seed=0, initialisation="xavier")
    d = derive(net, "w13")
    assert d.path_count == 3 * 8**23  # beyond 2**53: no float would hold it
    with pytest.raises(NnexplainError, match=f"at most {LISTING_LIMIT} are listed; use .delta"):
        _ = d.terms
    e = d.at([0.5, -1.0], [0.1, 0.2, 0.3])
    truth = net.gradient([0.5, -1.0], [0.1, 0.2, 0.3])["w13"]
    assert e.value == pytest.approx(truth, rel=1e-13)
    assert "delta" in e.latex()
    assert "paths" in str(e)


def test_delta_form_reads_well() -> None:
    assert derive(NET, "w14").delta_form().rows() == [
        (r"\delta_6", r"(h-y)\,\sigma'(z_6)"),
        (r"\delta_4", r"\sigma'(z_4)\,w_{46}\,\delta_6"),
        (r"\frac{\partial J}{\partial w_{14}}", r"\delta_4\,x_1"),
    ]
    net = nne.Network([1, 9, 10, 2], "tanh", seed=0)
    rows = dict(derive(net, "b2").delta_form().rows())
    assert rows[r"\delta_j"] == (
        r"\tanh'(z_j)\,(w_{j,21}\,\delta_{21} + w_{j,22}\,\delta_{22}),\quad j=11,\dots,20"
    )
    assert rows[r"\delta_2"] == r"\tanh'(z_2)\,\sum_{k=11}^{20} w_{2k}\,\delta_k"
    assert rows[r"\frac{\partial J}{\partial b_2}"] == r"\delta_2"


def test_delta_form_has_the_deltas_of_backpropagation() -> None:
    form = derive(NET, "w14").at(X, Y).delta_form()
    assert form.values == {unit: NET.deltas(X, Y)[unit] for unit in (6, 4)}
    assert form.rows()[-1][1] == r"\delta_4\,x_1 \approx 0.008725"
    with pytest.raises(NnexplainError, match="symbols only"):
        _ = derive(NET, "w14").delta_form().values


def test_a_long_sum_is_shown_in_delta_form_unless_asked_for() -> None:
    net = nne.Network([1, 1, READABLE_ROWS + 1], "tanh", seed=0)
    d = derive(net, "w12")
    assert r"\delta_2" in d.latex()
    assert d.latex("symbols").count(" + ") == READABLE_ROWS


def test_a_long_chain_is_shown_in_delta_form_too() -> None:
    net = nne.Network([1] * 8, "tanh", seed=0)
    d = derive(net, "w12")
    assert d.is_long
    assert len(d.terms[0].factors) == 15
    assert str(d).endswith("(one path, a product of 15 factors)")
    assert r"\delta_2" in d.latex()
    assert not derive(net, "w45").is_long
    entropy = nne.Network([1, 1], seed=0, loss="binary_cross_entropy")
    assert derive(entropy, "w12").size_in_words == "one path, a product of 2 factors"


# Errors and records


def test_errors_say_what_is_allowed() -> None:
    with pytest.raises(UnknownNameError, match="unknown parameter 'w41'"):
        derive(NET, "w41")
    d = derive(NET, "w14")
    with pytest.raises(UnknownNameError, match="did you mean 'symbols'"):
        d.latex("symbol")
    with pytest.raises(NnexplainError, match=r"needs numbers: use derive\(network, name\)\.at"):
        d.latex("numbers")
    with pytest.raises(NnexplainError, match="x must have shape"):
        d.at([1, 2], 1).latex()


def test_data_are_checked_when_they_are_given() -> None:
    with pytest.raises(NnexplainError, match="x must have shape"):
        derive(NET, "w14").at([1, 2], 1)
    with pytest.raises(NnexplainError, match="finite"):
        derive(NET, "w14").at([1, 2, math.nan], 1)


def test_records_are_frozen_and_notebooks_get_tex() -> None:
    d = derive(NET, "w14")
    with pytest.raises(dataclasses.FrozenInstanceError):
        d.parameter = "w15"  # type: ignore[misc]
    assert isinstance(d.terms, tuple)
    for shown in (d, d.at(X, Y), d.delta_form()):
        assert shown._repr_latex_().startswith(r"$\displaystyle \begin{aligned}")


@pytest.mark.parametrize("typed", ["h - y", "h-y", "h − y", "error"])
def test_a_factor_is_named_as_it_can_be_typed(typed: str) -> None:
    at = derive(nne.Network([1, 1, 1], seed=0), "w12").at([1], 0)
    assert at.without(typed) == at.without(at.terms[0].factors[0])


def test_a_list_names_no_factor() -> None:
    at = derive(nne.Network([1, 1, 1], seed=0), "w12").at([1], 0)
    with pytest.raises(UnknownNameError, match=r"unknown factor \['w23'\]; did you mean 'w23'"):
        at.without(["w23"])  # type: ignore[arg-type]


def test_the_number_of_an_activation_is_no_subtraction() -> None:
    term = derive(nne.Network([1, 1, 1], "linear(-0.5)", seed=0), "w12").at([1], 0).terms[0]
    assert str(term) == "(h − y) · linear(−0.5)′(z3) · w23 · linear(−0.5)′(z2) · x1"
    assert term.without("linear(-0.5)'(z2)") == term.without("hidden_slope")


def test_a_derivation_is_of_a_network() -> None:
    says = r"must be a Network, as in derive\(net, 'w14'\); got str"
    with pytest.raises(NnexplainError, match=says):
        derive("w12", nne.Network([1, 1], seed=0))  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="did you mean 'w12'"):
        derive(nne.Network([1, 1], seed=0), ["w12"])  # type: ignore[arg-type]
