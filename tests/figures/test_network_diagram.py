"""The network diagram: its texts, colours and places, read from the artists."""

from __future__ import annotations

import itertools

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Polygon

import nnexplain as nne
from nnexplain.figures import description, network_diagram
from nnexplain.figures.labels import subscripted
from nnexplain.numbers import format_number
from nnexplain.palette import KINDS, ROLES
from tests.figures.conftest import colour_of, overlapping, texts


def circles(ax):
    return [patch for patch in ax.patches if isinstance(patch, Circle)]


def shown(net, **options):
    return texts(network_diagram(net, **options))


def test_the_bare_network_shows_units_and_every_parameter(net):
    said = shown(net)
    for unit in "123456J":
        assert unit in said
    for name in ("w₁₄ = 0.2", "w₁₅ = −0.3", "w₂₅ = 0.1", "w₄₆ = −0.3", "b₄ = −0.4", "b₆ = 0.1"):
        assert name in said
    assert not [text for text in said if text[0] in "→←"]


def test_forward_values_are_the_published_ones(net, sample):
    x, y = sample
    said = shown(net, x=x, y=y)
    # Han & Kamber print z = -0.7, 0.1, -0.105 and a = 0.332, 0.525, 0.474.
    for text in ("z₄ = −0.7", "a₄ = 0.332", "z₅ = 0.1", "a₅ = 0.525", "z₆ = −0.105", "h = 0.474"):
        assert f"→ {text}" in said
    assert "→ x₂ = 0" in said
    assert "y = 1" in said


def test_backward_signals_stand_beside_values_in_another_style(net, sample):
    x, y = sample
    ax = network_diagram(net, x, y, backward=True)
    deltas, gradient = net.deltas(x, y), net.gradient(x, y)
    for unit, name in ((4, "δ₄"), (5, "δ₅"), (6, "δ₆")):
        assert f"← {name} = {format_number(deltas[unit], 3)}" in texts(ax)
    for name in ("w14", "w46", "w35"):
        assert f"← {format_number(gradient[name], 3)}" in texts(ax)
    assert colour_of(ax, "← δ₄") == ROLES["backward"].light
    assert colour_of(ax, "→ z₄") == ROLES["forward"].light
    slanted = {t.get_text()[0]: t.get_fontstyle() for t in ax.texts if t.get_text()[0] in "→←"}
    assert slanted == {"→": "normal", "←": "italic"}
    dashes = {line.get_linestyle() for line in ax.lines}
    assert dashes == {"--"}
    assert {line.get_linestyle() for line in network_diagram(net, x, y).lines} == {"-"}


def test_signals_run_against_values(net, sample):
    x, y = sample
    forward, backward = network_diagram(net, x, y), network_diagram(net, x, y, backward=True)
    assert all(np.diff(line.get_xdata())[0] > 0 for line in forward.lines)
    assert all(np.diff(line.get_xdata())[0] < 0 for line in backward.lines)


def test_a_highlight_colours_every_factor_by_its_kind(net, sample):
    ax = network_diagram(net, *sample, highlight="w14")
    expected = {
        "◆ h − y": "error",
        "▲ σ′(z₆)": "output_slope",
        "■ w₄₆": "weight",
        "▼ σ′(z₄)": "hidden_slope",
        "● x₁": "input",
    }
    for start, kind in expected.items():
        assert colour_of(ax, start) == ROLES[kind].light
    rings = {unit: mpl.colors.to_hex(c.get_edgecolor()) for unit, c in enumerate(circles(ax), 1)}
    assert rings == {
        1: ROLES["input"].light,
        2: ROLES["grid"].light,
        3: ROLES["grid"].light,
        4: ROLES["hidden_slope"].light,
        5: ROLES["grid"].light,
        6: ROLES["output_slope"].light,
    }
    strong = sorted(line.get_color() for line in ax.lines if line.get_linewidth() > 2)
    assert strong == sorted(ROLES[role].light for role in ("ink", "weight", "error"))


def test_the_lit_factors_multiply_to_the_gradient(net, sample):
    ax = network_diagram(net, *sample, highlight="w14", digits=12)
    marks = [ROLES[kind].mark for kind in KINDS]
    values = [
        float(text.split("=")[1].replace("−", "-"))
        for text in texts(ax)
        if text[0] in marks and "=" in text
    ]
    assert len(values) == 5
    assert np.prod(values) == pytest.approx(net.gradient(*sample)["w14"], rel=1e-10)


def test_a_highlight_without_a_sample_names_the_factors_only(net):
    said = shown(net, highlight="w46")
    assert "● a₄" in said
    assert "▲ σ′(z₆)" in said
    assert "w₄₆ = −0.3" in said
    assert "w₁₄ = 0.2" not in said


def test_a_bias_is_lit_from_a_one(net, sample):
    ax = network_diagram(net, *sample, highlight="b4")
    assert "b₄ = −0.4" in texts(ax)
    assert len(circles(ax)) == 7
    stub = circles(ax)[3]
    assert mpl.colors.to_hex(stub.get_edgecolor()) == ROLES["input"].light


def test_a_slope_that_cancels_in_cross_entropy_is_not_shown(net, sample):
    fused = net.replace(loss="binary_cross_entropy")
    ax = network_diagram(fused, *sample, highlight="w14")
    assert not [text for text in texts(ax) if text.startswith("▲")]
    assert mpl.colors.to_hex(circles(ax)[5].get_edgecolor()) == ROLES["error"].light


CASES = [
    ([3, 2, 1], {}),
    ([3, 2, 1], {"highlight": "w14"}),
    ([3, 2, 1], {"highlight": "b5"}),
    ([3, 2, 1], {"backward": True, "highlight": "w46"}),
    ([2, 2, 2], {"highlight": "w13"}),
    ([2, 3, 3], {}),
    ([3, 4, 4, 1], {}),
    ([3, 4, 4, 1], {"highlight": "w15"}),
    ([1, 1], {}),
    ([8, 1], {}),
]


@pytest.mark.parametrize(("sizes", "options"), CASES)
@pytest.mark.parametrize("numbers", ["none", "forward", "backward"])
def test_no_text_overlaps_another_or_leaves_the_sheet(sizes, options, numbers):
    net = nne.Network(sizes, seed=1)
    data = {} if numbers == "none" else {"x": np.full(sizes[0], -0.123), "y": np.ones(sizes[-1])}
    if options.get("backward") and not data:
        pytest.skip("signals need a sample")
    ax = network_diagram(net, **data, **{**options, "backward": numbers == "backward"})
    assert overlapping(ax) == ([], [])


@pytest.mark.parametrize("size", [(2, 2), (12, 5)])
def test_on_axes_of_another_size_the_picture_scales_as_a_whole(net, sample, size):
    figure = Figure(size)
    ax = figure.add_subplot()
    assert network_diagram(net, *sample, backward=True, ax=ax) is ax
    assert overlapping(ax)[0] == []


def test_the_3_2_1_network_keeps_every_label_and_fits_a_phone(net, sample):
    for options in ({}, {"backward": True}, {"highlight": "w14"}, {"highlight": "b4"}):
        ax = network_diagram(net, *sample, **options)
        assert "No room" not in description(ax).caption
        # At 390 px a page leaves about 358: text of 10 points is then at least 9 px high.
        smallest = min(text.get_fontsize() for text in ax.texts)
        assert smallest * 358 / (ax.figure.get_figwidth() * 72) >= 8
        assert ax.figure.get_figwidth() * 72 <= 385


def test_crowded_labels_are_dropped_and_reported():
    net = nne.Network([8, 8, 1], seed=0)
    ax = network_diagram(net)
    words = description(ax)
    labels = [text for text in texts(ax) if text.startswith("w")]
    assert len(labels) < 72
    assert "No room for the labels of w" in words.caption
    assert "No room for the labels of w" in words.alt
    assert [row[0] for row in words.table[1:]] == list(net.names)


SMALL = [[1, 1], [1, 1, 1], [1, 2, 1], [2, 1, 1], [1, 1, 2], [3, 3, 1], [2, 2, 2], [1, 1, 1, 1]]


@pytest.mark.parametrize("sizes", SMALL, ids=str)
@pytest.mark.parametrize("backward", [False, True])
def test_every_lit_factor_has_its_value(sizes, backward):
    net = nne.Network(sizes, seed=0)
    x, y = np.ones(sizes[0]), np.ones(sizes[-1])
    for name in net.names:
        ax = network_diagram(net, x, y, highlight=name, backward=backward)
        assert "No room" not in description(ax).caption
        assert overlapping(ax) == ([], [])
        said = texts(ax)
        for factor in nne.derive(net, name).at(x, y).factors:
            if factor.kind == "weight":
                value = format_number(factor.value, 3)
                assert f"■ {subscripted(factor.name)} = {value}" in said


@pytest.mark.parametrize("sizes", [[2, 1, 1], [1, 3, 1], [1, 1, 1, 1]], ids=str)
def test_few_weights_have_room_for_their_labels(sizes):
    net = nne.Network(sizes, seed=0)
    for data in ({}, {"x": np.ones(sizes[0]), "y": 1.0}):
        assert "No room" not in description(network_diagram(net, **data)).caption


def test_labels_stand_on_their_own_edge(net):
    ax = network_diagram(net)
    ends = [np.array([line.get_xdata(), line.get_ydata()]).T for line in ax.lines]
    for text in ax.texts:
        if text.get_text().startswith("w"):
            x, baseline = text.get_position()
            at = np.array([x, baseline + 3.6])
            distances = []
            for a, b in ends:
                u = (b - a) / np.linalg.norm(b - a)
                distances.append(abs(u[0] * (at - a)[1] - u[1] * (at - a)[0]))
            assert min(distances) < 0.5, text.get_text()


def test_alternative_text_and_table_hold_the_numbers(net, sample):
    words = description(network_diagram(net, *sample, backward=True))
    for said in ("w14 = 0.2", "z4 = −0.7", "a4 = 0.332", "h = 0.474", "J = 0.138", "δ6 = −0.131"):
        assert said in words.alt
    table = {row[0]: row[1:] for row in words.table}
    gradient = net.gradient(*sample)
    assert table["w46"] == ("−0.3", format_number(gradient["w46"], 3))
    assert table["z6"] == ("−0.105", "−0.131")
    assert all(len(row) == 3 for row in words.table)


def test_the_alternative_text_of_a_highlight_names_factors_and_values(net, sample):
    words = description(network_diagram(net, *sample, highlight="w14"))
    for said in (
        "error h − y = −0.526",
        "σ′(z6) = 0.249",
        "w46 = −0.3",
        "σ′(z4) = 0.222",
        "x1 = 1",
    ):
        assert said in words.alt
    assert "∂J/∂w₁₄" in words.caption


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"x": [[1, 0, 1]]}, "one sample"),
        ({"x": [1, 0]}, "shape"),
        ({"y": 1}, "give x as well"),
        ({"x": [1, 0, 1], "backward": True}, "give x and y"),
        ({"highlight": "w41"}, "unknown parameter 'w41'; did you mean"),
        ({"highlight": ["w14"]}, r"unknown parameter \['w14'\]; did you mean 'w14'"),
        ({"digits": 0}, "digits"),
        ({"ax": "axes"}, "plt.subplots"),
    ],
)
def test_bad_input_says_what_to_do(net, options, message):
    with pytest.raises(nne.NnexplainError, match=message):
        network_diagram(net, **options)


def test_only_networks_of_a_size_for_a_page_are_drawn():
    with pytest.raises(nne.NnexplainError, match="too large to draw"):
        network_diagram(nne.Network([17, 1], seed=0))
    with pytest.raises(nne.NnexplainError, match=r"draws a nnexplain\.Network"):
        network_diagram("net")


def test_saturated_and_infinite_numbers_are_drawn():
    net = nne.Network([1, 1], "identity", {"w12": 1e200, "b2": 0})
    assert "→ J = ∞" in shown(net, x=[1e200], y=0)


def test_global_state_is_left_alone(net, sample):
    before, figures = dict(mpl.rcParams), plt.get_fignums()
    network_diagram(net, *sample, backward=True)
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == figures


def test_a_foreign_dark_style_gets_the_dark_colours(net, sample):
    with plt.style.context("dark_background"):
        figure = Figure()
        ax = network_diagram(net, *sample, highlight="w14", ax=figure.add_subplot())
    assert colour_of(ax, "◆") == ROLES["error"].dark
    covers = {mpl.colors.to_hex(p.get_facecolor()) for p in ax.patches if p.get_zorder() == 2}
    assert covers == {"#000000"}


def test_a_style_with_other_fonts_and_tex_moves_nothing(net, sample):
    plain = network_diagram(net, *sample)
    with mpl.rc_context({"font.size": 30, "font.family": "serif", "figure.autolayout": True}):
        styled = network_diagram(net, *sample)
    assert [t.get_position() for t in plain.texts] == [t.get_position() for t in styled.texts]
    assert {t.get_fontsize() for t in styled.texts} == {t.get_fontsize() for t in plain.texts}


def test_nothing_is_drawn_beyond_its_own_axes(net, sample):
    figure = Figure((8, 3))
    left, right = figure.subplots(1, 2)
    network_diagram(net, *sample, ax=left)
    assert not right.texts
    assert not right.patches


def test_units_do_not_touch(net, sample):
    ax = network_diagram(net, *sample, backward=True)
    for a, b in itertools.combinations(circles(ax), 2):
        assert np.hypot(*np.subtract(a.center, b.center)) > a.radius + b.radius + 10
    assert [p for p in ax.patches if isinstance(p, Polygon)]
