"""The built site opened from a folder, without a server."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.site import Site

pytestmark = pytest.mark.xdist_group("site")


def test_a_folder_is_a_site_without_search(browser: Browser, site: Site) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto((site.folder / "learn" / "gradient" / "index.html").as_uri())
    assert page.locator("math").count() > 20
    assert page.locator("figure svg").count() > 1
    assert page.locator(".md-search, .md-header [for=__search]").count() == 0
    assert "need a server" in page.locator(".nne-folder").inner_text()
    box = page.locator(".nne-folder").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 1280
    page.locator("label[title='Switch to dark mode']").click()
    page.wait_for_function("() => document.body.dataset.mdColorScheme === 'slate'")
    page.locator(".md-footer__link--next").click()
    page.wait_for_url("**/learn/backpropagation/index.html")
    assert page.locator("h1").count() == 1
    context.close()
    assert broken == []
