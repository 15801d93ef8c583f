"""Search: what a newcomer would type leads to the right page, and results are sentences."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser

from nnexplain.errors import NnexplainError
from nnexplain.pages.search import fetch_late, readable
from tests.site import Site

pytestmark = pytest.mark.xdist_group("site")
QUERIES = {
    "why derivative of activation function": ("", "learn/derivative-or-function/"),
    "constant derivative": ("learn/straight-line/", "learn/ramp/"),
    "linear activation": ("learn/straight-line/",),
    "vanishing gradient": ("learn/saturation/",),
    "w14": ("learn/gradient/",),
    "hash function": ("learn/step-and-hash/",),
    "step function": ("learn/step-and-hash/",),
    "learning rate": ("learn/descent/",),
    "gradient descent": ("learn/descent/",),
    "saddle point": ("learn/landscape/",),
    "local minimum": ("learn/landscape/", "learn/backpropagation/"),
    "backpropagation": ("learn/backpropagation/",),
    "chain rule": ("learn/gradient/", "learn/backpropagation/"),
    "relu": ("learn/relu/",),
    "dead relu": ("learn/relu/",),
    "sigmoid saturation": ("learn/saturation/",),
    "cross-entropy": ("learn/loss/", "learn/saturation/"),
    "loss function": ("learn/loss/",),
    "train without gradients": ("learn/without-derivatives/",),
    "what is a neural network": ("learn/network/", ""),
}


def test_a_newcomers_words_find_the_lesson(browser: Browser, site: Site) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(site.url(""))
    box = page.locator(".md-search__input")
    missed = []
    for query, wanted in QUERIES.items():
        for text in ("", query):
            box.fill(text)
            box.press("End")  # the theme listens to keys
            page.locator(".md-search-result__item").first.wait_for(
                state="visible" if text else "detached"
            )
        found = page.locator(".md-search-result__item").evaluate_all(
            "items => items.map(item => item.querySelector('a').href.split(/[#?]/)[0])"
        )
        if not {site.url(name) for name in wanted} & set(found[:3]):
            missed.append((query, found[:3]))
    context.close()
    assert missed == []


def test_results_are_sentences(site: Site) -> None:
    index = json.loads((site.folder / "search" / "search_index.json").read_text())
    texts = {doc["location"]: doc["text"] for doc in index["docs"]}
    assert any("J = 1/2(y−h)² = " in text for text in texts.values())
    # The reference shows on purpose what TeX a method returns.
    told = {place: text for place, text in texts.items() if not place.startswith("reference/")}
    for place, text in told.items():
        found = re.findall(
            r"<pre|<svg|import nnexplain|@claims\.register|Judged independently|\\frac|\{\{|\$\$",
            text,
        )
        assert not found, place


@pytest.mark.parametrize(
    ("mathml", "text"),
    [
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mi>c</mi></mfrac>", "(a+b)/c"),
        ("<msup><mi>e</mi><mrow><mo>−</mo><mn>12</mn></mrow></msup>", "e⁻¹²"),
        ("<msup><mi>e</mi><mi>z</mi></msup>", "e^z"),
        ("<msqrt><mi>x</mi></msqrt>", "√(x)"),
        ("<msub><mi>w</mi><mn>14</mn></msub><mo>&lt;</mo><mn>1</mn>", "w14 &lt; 1"),
    ],
)
def test_formulas_are_read_as_one_would_type_them(mathml: str, text: str) -> None:
    assert readable(f"<p><math>{mathml}</math></p>") == f"<p>{text}</p>"


def test_a_new_version_of_the_theme_is_noticed() -> None:
    with pytest.raises(NnexplainError, match="how this version waits"):
        fetch_late("another script")
