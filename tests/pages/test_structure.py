"""What a screen reader and a keyboard find: headings in order, landmarks, words for pictures."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Browser

from tests.pages.visits import Visits
from tests.site import Site

pytestmark = pytest.mark.xdist_group("site")


def test_headings_begin_with_the_only_title_and_leave_no_level_out(visits: Visits) -> None:
    for name, visit in visits.pages.items():
        levels = visit.seen["headings"]
        assert levels[0] == 1, name
        assert levels.count(1) == 1, name
        assert all(below - above <= 1 for above, below in pairwise(levels)), (name, levels)


def test_every_page_has_its_landmarks(visits: Visits) -> None:
    for name, visit in visits.pages.items():
        # A bare page, made for an <iframe>, has neither a header nor a navigation.
        missing = set(visit.seen["landmarks"]) - (
            {"header", "nav"} if "explorables/" in name else set()
        )
        assert missing == set(), name


def test_every_figure_has_words(visits: Visits) -> None:
    for name, visit in visits.pages.items():
        assert visit.seen["silent"] == [], name
        assert visit.seen["nameless"] == [], name


_FOCUSED = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  return { name: at.className || at.id, top: box.top + scrollY, left: box.left,
    inside: at.closest("header, article, footer, .md-sidebar, .md-skip")?.className ?? at.tagName,
    shown: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 };
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_keyboard_walks_down_the_page_and_is_seen(
    browser: Browser, site: Site, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(site.url("learn/gradient/"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skip to content
    stops = []
    for _ in range(14):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(_FOCUSED))
    context.close()
    assert all("md-content" in stop["inside"] for stop in stops), "the skip link leads to the text"
    tops = [stop["top"] for stop in stops]
    assert all(below > above - 40 for above, below in pairwise(tops)), "down the page, line by line"
    assert [stop["name"] for stop in stops if not stop["shown"]] == []
