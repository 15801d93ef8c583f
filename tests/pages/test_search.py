"""Search: what a newcomer would type leads to the right lesson within the first three results."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.site import Site

pytestmark = pytest.mark.xdist_group("site")
QUERIES = {
    "constant derivative": ("learn/straight-line/", "learn/ramp/"),
    "vanishing": ("learn/saturation/",),
    "w14": ("learn/gradient/",),
    "hash": ("learn/step-and-hash/",),
    "learning rate": ("learn/descent/",),
    "saddle": ("learn/landscape/",),
    "backpropagation": ("learn/backpropagation/",),
    "relu": ("learn/relu/",),
}


def test_a_newcomers_words_find_the_lesson(browser: Browser, site: Site) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    missed = []
    for query, wanted in QUERIES.items():
        page.goto(site.url(f"?q={query}"))
        page.wait_for_selector(".md-search-result__link")
        found = page.locator(".md-search-result__item > .md-search-result__link").evaluate_all(
            "links => links.map(link => link.pathname)"
        )
        if not any(address.endswith(wanted) for address in found[:3]):
            missed.append((query, found[:3]))
    context.close()
    assert missed == []
