"""What a first view costs, and that nothing jumps while it appears."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.pages.visits import WATCH, Visits
from tests.site import Site

pytestmark = pytest.mark.xdist_group("site")
LARGEST = 200_000  # bytes, compressed, fonts included
SHIFT = 0.01


def test_the_first_view_of_every_page_is_light(visits: Visits) -> None:
    heavy = {name: v.weight for name, v in visits.pages.items() if v.weight > LARGEST}
    assert heavy == {}


def test_the_search_index_waits_until_somebody_searches(visits: Visits) -> None:
    asked = {url for visit in visits.pages.values() for url in visit.sizes}
    assert any(url.endswith("/assets/nnexplain.css") for url in asked)
    assert not [url for url in asked if "search_index" in url]


def test_nothing_moves_while_a_page_appears(visits: Visits) -> None:
    jumps = {
        name: visit.shifts
        for name, visit in visits.pages.items()
        if sum(value for value, _ in visit.shifts) > SHIFT
    }
    assert jumps == {}


def test_nothing_moves_on_a_slow_line_either(browser: Browser, site: Site) -> None:
    # Its title takes another number of lines in another font, so a font that came late would push.
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.add_init_script(WATCH)
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        slow = {"latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 100_000}
        session.send("Network.emulateNetworkConditions", {"offline": False, **slow})
        page.goto(site.url("learn/saturation/"))
        page.wait_for_load_state("networkidle")
        page.wait_for_function("() => document.fonts.status === 'loaded'")
        assert sum(value for value, _ in page.evaluate("window.shifts")) <= SHIFT


def test_no_script_of_ours_blocks(visits: Visits) -> None:
    blocking = {src for v in visits.pages.values() for src in v.seen["blocking"]}
    # Material's own, at the end of the page, where it blocks nothing that is to be seen.
    assert {src.rsplit("/", 1)[-1].split(".")[0] for src in blocking} <= {"bundle"}


def test_pictures_have_a_size_before_they_are_there(visits: Visits) -> None:
    assert {n: v.seen["unsized"] for n, v in visits.pages.items() if v.seen["unsized"]} == {}
