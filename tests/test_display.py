"""What a notebook shows: parsed as HTML and checked for captions, headers and escapes."""

from __future__ import annotations

import base64
import subprocess
import sys
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as Xml

import numpy as np
import pytest

import nnexplain as nne
from nnexplain.derivation import READABLE_ROWS
from nnexplain.display import html_table, install
from nnexplain.worked import worked

HAN = worked["han_kamber"]
VOID = {"img", "br"}


class Parsed(HTMLParser):
    """A document that complains about unbalanced tags and keeps cells, captions and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells: list[str] = []
        self.scopes: list[str | None] = []
        self.text: dict[str, list[str]] = {}
        self.images: list[dict[str, str | None]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "th":
            self.scopes.append(dict(attrs).get("scope"))
        if tag == "img":
            self.images.append(dict(attrs))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.text.setdefault(self.open[-1], []).append(data)


def shown(thing: Any) -> Parsed:
    install()
    return Parsed(thing._repr_html_())


def test_a_table_has_caption_scopes_and_escaped_text() -> None:
    page = Parsed(html_table("a < b & c", ["<x>", "y"], [['"r"', "<script>"]]))
    assert page.text["caption"] == ["a < b & c"]
    assert page.text["td"] == ["<script>"]
    assert page.scopes == ["col", "col", "row"]


def test_a_network_shows_its_diagram_with_alternative_text() -> None:
    page = shown(HAN.network)
    (image,) = page.images
    assert "3-2-1" in (image["alt"] or "")
    kind, data = (image["src"] or "").split(",")
    assert kind == "data:image/svg+xml;base64"
    assert Xml.fromstring(base64.b64decode(data)).tag.endswith("svg")
    assert page.text["caption"] == ["A 3-2-1 network with 11 parameters; loss: half_squared_error"]
    assert page.text["td"] == [
        *("1 to 3", "none: inputs", "0"),
        *("4 to 5", "sigmoid", "8"),
        *("6", "sigmoid", "3"),
    ]


def test_a_network_too_large_to_draw_says_so_and_shows_its_layers() -> None:
    page = shown(nne.Network([300, 50, 10], "relu", seed=0))
    assert page.images == []
    assert "too large to draw" in page.text["p"][0]
    assert "15560 parameters" in page.text["caption"][0]


def test_a_derivation_shows_formula_and_factors() -> None:
    page = shown(nne.derive(HAN.network, "w14"))
    formula = page.text["div"][0]
    assert formula.startswith("$$ \\begin{aligned}")
    assert "&=" in formula  # the parser has undone the escape
    assert page.text["caption"] == ["The factors of ∂J/∂w14"]
    assert page.text["th"][3:] == ["h − y", "σ′(z6)", "w46", "σ′(z4)", "x1"]
    assert page.text["td"][0] == "◆ error"
    assert page.text["p"][0].startswith(r"$\sigma(z)=")


def test_a_derivation_at_numbers_has_a_column_of_values() -> None:
    page = shown(nne.derive(HAN.network, "w14").at(HAN.x, HAN.y))
    assert page.text["th"][:4] == ["factor", "kind", "what it says", "value"]
    assert page.text["td"][2::3] == ["−0.5261", "0.2493", "−0.3", "0.2217", "1", "0.008725"]
    assert "1 → 4 → 6" in page.text["th"]


def test_a_batch_has_a_column_for_each_sample_up_to_a_limit() -> None:
    x = np.linspace(-1, 1, 60).reshape(20, 3)
    page = shown(nne.derive(HAN.network, "w14").at(x[:2], [0, 1]))
    assert page.text["th"][3:5] == ["sample 1", "sample 2"]
    page = shown(nne.derive(HAN.network, "w14").at(x, np.zeros(20)))
    assert page.text["caption"] == [f"The factors of ∂J/∂w14, first {READABLE_ROWS} of 20 samples"]


def test_many_paths_are_shown_in_delta_form() -> None:
    net = nne.Network([1, 4, 4, 4, 1], "tanh", seed=0)
    page = shown(nne.derive(net, "w12").at([0.5], 1))
    assert page.text["p"] == ["Written out: a sum over 16 paths, each a product of 9 factors."]
    assert r"\delta_2" in page.text["div"][0]


def test_a_gradient_check_shows_its_table_and_its_kinks() -> None:
    page = shown(nne.gradient_check(HAN.network, HAN.x, HAN.y))
    assert page.text["caption"][0].startswith("11 of 11 partial derivatives agree")
    assert page.text["th"][5:] == list(HAN.network.names)
    assert "li" not in page.text
    relu = worked["goodfellow_xor"]
    page = shown(nne.gradient_check(relu.networks["relu solution"], relu.x, relu.y))
    assert page.text["li"][0].startswith("z3 = 0: at a kink")


@pytest.mark.parametrize(
    "code",
    [
        "net._repr_html_()",
        "nne.derive(net, 'w13')._repr_html_()",
        "nne.gradient_check(net, [1, 2], 0)._repr_html_()",
    ],
)
def test_import_is_enough(code: str) -> None:
    program = f"import nnexplain as nne; net = nne.Network([2, 1], seed=0); {code}"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_everything_displayed_prints_as_plain_text_too() -> None:
    at = nne.derive(HAN.network, "w14").at(HAN.x, HAN.y)
    report = nne.gradient_check(HAN.network, HAN.x, HAN.y)
    for thing in (HAN.network, at, report):
        assert "<" not in str(thing)
        assert "\\" not in str(thing)
