"""Inline SVG: the page's colours and font, ids of its own, the same bytes each time."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from base64 import b64decode
from html import escape
from xml.etree import ElementTree as Xml

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

import nnexplain as nne
from nnexplain import landscape
from nnexplain.figures import Description, describe, description, loss_contour, network_diagram
from nnexplain.figures.chart import chart
from nnexplain.figures.svg import _restyle, laid_out, png, standalone_svg, themed_svg
from nnexplain.palette import ROLES, variable

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def figure(net, sample):
    return network_diagram(net, *sample, backward=True).figure


@pytest.fixture
def foreign():
    """A figure of somebody's own with what matplotlib defines by id: clips and markers."""
    figure = Figure((3, 2))
    ax = figure.add_subplot()
    ax.plot([0, 1, 2], [0, 1, 5], marker="o", color=ROLES["weight"].light)
    describe(ax, Description("A < curve & more", "", ()))
    return figure


def test_words_are_a_description():
    with pytest.raises(nne.NnexplainError, match="describe needs a Description, got str"):
        describe(Figure().add_subplot(), "A curve")


def test_it_is_well_formed_and_says_what_it_shows(figure):
    root = Xml.fromstring(themed_svg(figure, "net"))
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.get("aria-label") == description(figure.axes[0]).alt
    assert root.get("data-search-exclude") == ""
    assert root.get("viewBox").split()[:2] == ["0", "0"]
    assert not {"width", "height"} & set(root.attrib)


def test_every_colour_is_a_variable_of_the_page(figure):
    svg = themed_svg(figure, "net")
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", svg)
    known = {f"var({variable(role)})" for role in ROLES}
    assert set(re.findall(r"var\([^)]*\)", svg)) <= known
    assert {"var(--nne-forward)", "var(--nne-backward)", "var(--nne-surface)"} < set(
        re.findall(r"var\([^)]*\)", svg)
    )


def test_text_is_text_in_the_font_of_the_page_with_a_colour(figure):
    root = Xml.fromstring(themed_svg(figure, "net"))
    found = list(root.iter(f"{SVG}text"))
    assert "w₁₄\u2009=\u20090.2" in [element.text for element in found]
    for element in found:
        assert "font-family" not in element.get("style")
        assert "fill:var(--nne-" in element.get("style")
        # One anchor a text: whatever the font's widths are, it stays where it belongs.
        assert not list(element)
    styles = " ".join(element.get("style") for element in found)
    assert set(re.findall(r"text-anchor:(\w+)", styles)) == {"start", "middle", "end"}


def test_black_text_of_a_foreign_figure_follows_the_scheme(foreign):
    root = Xml.fromstring(themed_svg(foreign, "own"))
    fills = [e.get("style") for e in root.iter(f"{SVG}text")]
    assert fills
    assert all("fill:var(--nne-ink)" in style for style in fills)


def test_the_font_shorthand_of_older_matplotlib_is_read():
    element = Xml.Element(f"{SVG}text", style="font: italic 700 10px 'DejaVu Sans', sans-serif")
    _restyle(element)
    assert element.get("style") == (
        "font-size:10px;font-style:italic;font-weight:700;fill:var(--nne-ink)"
    )


def test_ids_are_prefixed_and_references_follow(foreign):
    root = Xml.fromstring(themed_svg(foreign, "fig-a"))
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert ids
    assert len(set(ids)) == len(ids)
    assert all(name.startswith("fig-a-") for name in ids)
    values = [v for e in root.iter() for k, v in e.attrib.items() if k != "aria-label"]
    used = {name for value in values for name in re.findall(r"#([\w-]+)", value)}
    named = {name for name in used if name.startswith("fig-a")}
    assert named == set(ids)
    assert any("url(#fig-a-" in value for value in values)


def test_no_style_sheet_or_metadata_reaches_the_page(foreign):
    svg = themed_svg(foreign, "own")
    assert "<style" not in svg
    assert "metadata" not in svg
    assert "matplotlib" not in svg
    assert "xlink" not in svg
    assert "A &lt; curve &amp; more" in svg


def test_it_is_small(figure):
    svg = themed_svg(figure, "net")
    assert len(svg) < 20_000
    coordinates = re.findall(r' (?:d|x|y)="([^"]*)"', svg)
    assert not re.search(r"\d\.\d{3,}", " ".join(coordinates))


_SCRIPT = """
import sys
import nnexplain as nne
from nnexplain.figures import network_diagram
from nnexplain.figures.svg import png, standalone_svg, themed_svg
figure = network_diagram(nne.Network([3, 2, 1], seed=0), [1, 0, 1], 1, backward=True).figure
sys.stdout.buffer.write((themed_svg(figure, "f") + standalone_svg(figure)).encode() + png(figure))
"""


@pytest.mark.parametrize(("shades", "fewer"), [(20, True), (400, False)])
def test_an_image_of_few_colours_is_smaller_and_has_the_same_pixels(shades, fewer):
    figure = Figure((3, 3))
    alpha = np.arange(90_000).reshape(300, 300) % shades / shades
    ground = np.zeros((300, 300, 4))
    ground[..., 0], ground[..., 3] = alpha[::-1] if not fewer else 0, alpha
    ax = figure.add_subplot()
    ax.imshow(ground, interpolation="none")
    describe(ax, Description("A ground", "", ()))
    images = [_image(standalone_svg(figure), "{http://www.w3.org/1999/xlink}href")]
    images.append(_image(themed_svg(figure, "p"), "href"))
    assert (len(images[1]) < 0.6 * len(images[0])) == fewer
    before, after = (np.asarray(Image.open(io.BytesIO(one)).convert("RGBA")) for one in images)
    np.testing.assert_array_equal(before, after)


def _image(svg, href):
    found = next(element for element in Xml.fromstring(svg).iter() if element.tag == f"{SVG}image")
    return b64decode(found.get(href).split(",")[1])


def test_the_same_figure_gives_the_same_bytes_also_in_a_fresh_process(foreign):
    assert themed_svg(foreign, "a") == themed_svg(foreign, "a")
    outputs = {
        subprocess.run([sys.executable, "-c", _SCRIPT], capture_output=True, check=True).stdout
        for _ in range(2)
    }
    (output,) = outputs
    figure = network_diagram(nne.Network([3, 2, 1], seed=0), [1, 0, 1], 1, backward=True).figure
    here = (themed_svg(figure, "f") + standalone_svg(figure)).encode() + png(figure)
    assert output == here


def test_downloads_stand_alone(figure):
    svg = standalone_svg(figure)
    assert "var(" not in svg
    assert "<text" not in svg
    assert "#ffffff" in svg
    assert "<dc:date>" not in svg
    image = Image.open(io.BytesIO(png(figure)))
    assert (image.format, image.mode) == ("PNG", "RGB")
    assert image.size == pytest.approx(200 * figure.get_size_inches(), abs=1)
    assert image.info["dpi"] == pytest.approx((200, 200), rel=1e-4)


def test_a_users_settings_do_not_matter_and_are_kept(figure):
    expected = themed_svg(figure, "a"), standalone_svg(figure), png(figure)
    settings = {"svg.fonttype": "path", "savefig.bbox": "tight", "savefig.transparent": True}
    with mpl.rc_context(settings):
        before = dict(mpl.rcParams)
        assert (themed_svg(figure, "a"), standalone_svg(figure), png(figure)) == expected
        assert dict(mpl.rcParams) == before


def test_axes_of_their_own_show_themselves_in_a_notebook(net):
    for ax in (network_diagram(net), loss_contour(landscape(net, [1, 0, 1], 1, "w14", "w46"))):
        shown = ax._repr_html_()
        _, _, data = shown.partition("base64,")
        assert b64decode(data.partition('"')[0]).decode() == standalone_svg(ax.figure)
        assert f'alt="{escape(description(ax).alt)}"' in shown


@pytest.mark.parametrize("prefix", ["", "1a", "a b", "a#", "é"])
def test_a_prefix_that_is_no_id_is_refused(figure, prefix):
    with pytest.raises(nne.NnexplainError, match="prefix"):
        themed_svg(figure, prefix)


def test_a_figure_without_words_is_refused():
    figure = Figure()
    ax = figure.add_subplot()
    with pytest.raises(nne.NnexplainError, match="no alternative text"):
        themed_svg(figure, "a")
    with pytest.raises(nne.NnexplainError, match="no description"):
        description(ax)
    with pytest.raises(nne.NnexplainError, match="got Figure"):
        description(figure)


def test_a_figure_is_laid_out_once_and_looks_the_same() -> None:
    def bars() -> Figure:
        figure = Figure((3, 2), layout="constrained")
        figure.add_subplot().set_ylabel("a label that needs room")
        return figure

    asked = standalone_svg(bars())
    figure = laid_out(bars())
    assert figure.get_layout_engine() is None
    assert laid_out(figure) is figure
    with mpl.rc_context({"figure.autolayout": True}):
        assert laid_out(bars()).get_layout_engine() is None
    place = re.compile(r'<path d="M [\d.]+ [\d.]+')  # of the first outline: the axes' ground
    assert place.findall(standalone_svg(figure))[0] == place.findall(asked)[0]


def test_the_name_of_an_axis_stays_where_the_layout_put_it() -> None:
    ax = chart(None, x="step", y="J")
    ax.plot([0, 1000], [0, 1])
    ax.figure.draw_without_rendering()
    expected = ax.xaxis.label.get_window_extent().bounds
    laid_out(ax.figure).draw_without_rendering()
    assert ax.xaxis.label.get_window_extent().bounds == pytest.approx(expected, abs=0.01)
