"""Names and formulas as TeX and as plain text."""

from __future__ import annotations

import pytest

import nnexplain as nne
from nnexplain.errors import NnexplainError, UnknownNameError
from nnexplain.latex import coloured, function_tex, parameter_tex, partial, plain, subscript
from nnexplain.palette import KINDS, ROLES


@pytest.mark.parametrize(
    ("name", "tex"),
    [
        ("w14", "w_{14}"),
        ("w1_14", "w_{1,14}"),
        ("w12_3", "w_{12,3}"),
        ("b4", "b_4"),
        ("b14", "b_{14}"),
    ],
)
def test_parameter_names(name: str, tex: str) -> None:
    assert parameter_tex(name) == tex
    assert plain(tex) == name


def test_every_name_of_a_large_network_is_read_back() -> None:
    net = nne.Network([9, 4, 3], seed=0)
    assert [plain(parameter_tex(name)) for name in net.names] == list(net.names)


@pytest.mark.parametrize("name", ["w4", "w114", "14", "W14", "", "b", "w1_", "w14 "])
def test_what_is_no_parameter_is_said(name: str) -> None:
    with pytest.raises(NnexplainError, match="does not name a parameter"):
        parameter_tex(name)


def test_colours_are_the_palettes_and_differ() -> None:
    texts = {coloured(kind, "x") for kind in KINDS}
    assert len(texts) == len(KINDS) == 5
    for kind in KINDS:
        assert ROLES[kind].light[1:].upper() in coloured(kind, "x")
    with pytest.raises(UnknownNameError, match="did you mean 'weight'"):
        coloured("weigth", "x")


@pytest.mark.parametrize("name", list(nne.activations))
def test_every_activation_has_a_symbol_of_its_own(name: str) -> None:
    symbols = [function_tex(other) for other in nne.activations]
    assert symbols.count(function_tex(name)) == 1


def test_a_users_name_cannot_break_the_formula() -> None:
    assert function_tex("my_f%") == r"\mathrm{my\,f\%}"
    assert function_tex("a{b}") == r"\mathrm{a\{b\}}"


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (partial("z_6", "a_4"), "∂z6/∂a4"),
        (partial("z_{14}", "w_{1,14}"), "∂z14/∂w1_14"),
        (r"\tfrac{1}{2N}\,2(h_5-y_5)", "1 / (2N) · 2(h5 − y5)"),
        (r"\frac{1}{N}", "1/N"),
        (r"\frac{h-y}{h(1-h)}", "(h − y) / (h(1 − h))"),
        (r"\operatorname{sign}(h-y)", "sign(h − y)"),
        (r"\sigma'(z_6^{(i)})", "σ′(z6[i])"),
        (coloured("weight", "w_{46}") + r"\,\delta_6", "w46 · δ6"),
        (subscript("\\delta", 14), "δ14"),
        (rf"{function_tex('linear(-0.5)')}'(z_3)", "linear(−0.5)′(z3)"),
        (rf"{function_tex('linear(1e-07)')}'(z_3)", "linear(1e−07)′(z3)"),
        (rf"{function_tex('elu(2)')}'(z_3)", "elu(2)′(z3)"),
        (rf"{function_tex('x^3')}'(z_3)", "x^3′(z3)"),
        (rf"{function_tex('my-act_2')}'(z_{{12}})", "my-act 2′(z12)"),
        (coloured("weight", function_tex("a{b}~\\c#&d")), "a{b}~\\c#&d"),
    ],
)
def test_plain_text(tex: str, text: str) -> None:
    assert plain(tex) == text
