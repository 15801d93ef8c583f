"""What holds for the microscope, the nudge and the activation explorer alike."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.explorables.conftest import PHONE, WIDE, opened, settle, still_figures
from tests.site import Site

pytestmark = pytest.mark.xdist_group("explorables")
# What moves each, a changed state, and that state's reading by name.
KINDS = {
    "microscope": ("zoom", "z=1.5&zoom=100&activation=tanh", {"z": "1.5"}),
    "nudge": ("w14", "w14=-3", {"w14": "-3"}),
    "activation-explorer": ("z", "z=2.5&activation=gelu", {"z": "2.5"}),
}
SIZES = {"wide": {"viewport": WIDE}, "phone": {"viewport": PHONE, "has_touch": True}}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", KINDS)
def test_axe_finds_no_violation_and_nothing_leaves_the_screen(
    browser: Browser, site: Site, name: str, size: str
) -> None:
    address = f"{site.url(f'explorables/{name}/')}#{KINDS[name][1]}"
    with opened(browser, address, **SIZES[size]) as page:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            result = Axe().run(page, context=".nne-explorable")
            assert result.violations_count == 0, result.generate_report()
        for width in (320, 360, 390) if size == "phone" else (768, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            settle(page)
            assert page.evaluate("document.scrollingElement.scrollWidth") <= width
            outside = page.locator(".nne-chart text:visible").evaluate_all(
                "(all, width) => all.map(e => [e.textContent, e.getBoundingClientRect()])"
                ".filter(([text, r]) => text && (r.left < 0 || r.right > width)).map(([t]) => t)",
                width,
            )
            assert outside == []


@pytest.mark.parametrize("name", KINDS)
def test_addresses_links_and_nonsense(browser: Browser, site: Site, name: str) -> None:
    allowed = {"permissions": ["clipboard-read", "clipboard-write"]}
    moved, changes, reading = KINDS[name]
    address = site.url(f"explorables/{name}/")
    with opened(browser, f"{address}#{changes}&{moved}=1e999&nope=1", **allowed) as page:
        message = page.locator(".nne-message")
        expect(message).to_contain_text("This link asks for what cannot be")
        for control, value in reading.items():
            assert page.locator(f'input[name="{control}"]').input_value() == value
        page.get_by_role("button", name="Copy link").click()
        expect(message).to_contain_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith(f"{address}#")
        assert set(copied.partition("#")[2].split("&")) <= set(changes.split("&"))
        page.get_by_role("button", name="Reset").click()
        settle(page)
        expect(message).to_be_hidden()
        page.wait_for_url(re.compile(r"/#?$"))


@pytest.mark.parametrize("name", KINDS)
def test_without_scripts_the_figure_stands_there(browser: Browser, site: Site, name: str) -> None:
    for still in still_figures(browser, site, name, f"explorables/{name}/"):
        expect(still.locator("svg").first).to_be_visible()
