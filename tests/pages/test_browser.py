"""The built pages in a real browser: quiet, self-contained, accessible, whole without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.pages.visits import WAKE
from tests.site import ROOT, Site

pytestmark = pytest.mark.xdist_group("site")
SCHEMES = ("light", "dark")
# Drawings learn of a new width with the next frame.
_EXCESS = """async () => {
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return document.scrollingElement.scrollWidth - innerWidth;
}"""


@contextmanager
def tab(browser: Browser, **settings: Any) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, **settings)
    try:
        yield context.new_page()
    finally:
        context.close()


def read(page: Page, address: str) -> None:
    """Go to a page, wait for its scripts and fonts, and open what a reader can open."""
    page.goto(address)
    page.evaluate("document.fonts.ready")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


@contextmanager
def opened(browser: Browser, address: str, **settings: Any) -> Iterator[Page]:
    with tab(browser, **settings) as page:
        page.goto(address)
        yield page


def test_pages_are_quiet_and_ask_nobody_else(browser: Browser, site: Site) -> None:
    faults: list[str] = []

    def note(fault: str, *, wrong: bool) -> None:
        if wrong:
            faults.append(fault)

    with tab(browser) as page:
        page.on("console", lambda m: note(m.text, wrong=m.type in ("error", "warning")))
        page.on("pageerror", lambda error: note(str(error), wrong=True))
        page.on("response", lambda r: note(f"{r.status} {r.url}", wrong=r.status >= 400))
        page.on(
            "request", lambda r: note(r.url, wrong=not r.url.startswith((site.origin, "data:")))
        )
        for name in site.pages:
            page.goto(site.url(name))
            page.wait_for_load_state("networkidle")
    assert faults == []


@pytest.mark.xdist_group("axe")  # a minute for each scheme: beside the other tests of the site
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_no_violation(browser: Browser, site: Site, scheme: Any) -> None:
    reports = []
    with tab(browser, color_scheme=scheme) as page:
        for name in site.pages:
            read(page, site.url(name))
            shown = page.evaluate("document.body.dataset.mdColorScheme")
            assert shown == {"light": "default", "dark": "slate"}[scheme]
            result = Axe().run(page)
            if result.violations_count:
                reports.append(f"{name}\n{result.generate_report()}")
    assert reports == [], "\n".join(reports)


def test_no_page_scrolls_sideways(browser: Browser, site: Site) -> None:
    # Without motion: the search box slides for a moment when the window changes.
    with tab(browser, reduced_motion="reduce") as page:
        for name in site.pages:
            read(page, site.url(name))
            page.evaluate(WAKE)
            for width in (1280, 768, 390, 360, 320):
                page.set_viewport_size({"width": width, "height": 900})
                excess = page.evaluate(_EXCESS)
                assert excess <= 0, f"{name} is {excess} px too wide at {width} px"


def test_without_scripts_maths_and_figures_are_there(browser: Browser, site: Site) -> None:
    address = site.url("learn/gradient/")
    with opened(browser, address, java_script_enabled=False) as page:
        formulas, figures = page.locator("math"), page.locator("figure svg")
        assert formulas.count() > 20
        text = (ROOT / "docs" / "learn" / "gradient.md").read_text(encoding="utf-8")
        assert figures.count() == text.count("```python figure") + text.count("{{ explorable(") > 1
        for k in range(figures.count()):
            box = figures.nth(k).bounding_box()
            assert box is not None
            assert box["width"] > 300
            assert box["height"] > 100
        assert "0.008725" in page.inner_text("article")


def test_figures_follow_the_colour_scheme(browser: Browser, site: Site) -> None:
    colours = []
    for scheme in SCHEMES:
        with opened(browser, site.url("learn/gradient/"), color_scheme=scheme) as page:
            colours.append(
                page.evaluate("getComputedStyle(document.querySelector('figure svg text')).fill")
            )
    assert colours[0] != colours[1]


def test_every_figure_has_a_text_alternative_a_caption_and_downloads(
    browser: Browser, site: Site
) -> None:
    with opened(browser, site.url("learn/gradient/")) as page:
        figures = page.locator("figure.nne-figure")
        for k in range(figures.count()):
            figure = figures.nth(k)
            name = figure.locator("svg").first.evaluate(
                "s => s.getAttribute('aria-label') || s.querySelector('title').textContent"
            )
            assert len(name) > 60
            assert figure.locator("figcaption").inner_text().startswith(f"Figure {k + 1}.")
            assert figure.locator("a[download]").count() == 2
            for link in figure.locator("a[download]").all():
                assert page.request.get(link.evaluate("a => a.href")).ok


def test_the_lesson_can_be_read_by_keyboard(browser: Browser, site: Site) -> None:
    with opened(browser, site.url("learn/gradient/")) as page:
        page.keyboard.press("Tab")
        assert "md-skip" in page.evaluate("document.activeElement.className")
        summary = page.locator("details.predict > summary").first
        summary.focus()
        page.keyboard.press("Enter")
        assert page.locator("details.predict").first.evaluate("d => d.open")
