"""The page for teachers: its table says what is really there, and what it offers works."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qsl

import pytest
import yaml
from playwright.sync_api import Browser

from nnexplain.exercises.lesson import LESSONS
from nnexplain.explorables import explorables
from tests.site import ROOT, Site

pytestmark = pytest.mark.xdist_group("site")
PAGE = "teach/course/"


@pytest.fixture(scope="module")
def html(site: Site) -> str:
    return (site.folder / PAGE / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def rows(html: str) -> list[str]:
    table = re.search(r'<div class="nne-course">.*?<tbody>(.*?)</tbody>', html, re.S)
    assert table is not None
    return table[1].split("<tr>")[1:]


def lesson(site: Site, number: int) -> str:
    page = LESSONS[number].page.removesuffix(".md").removesuffix("index")
    return (site.folder / page / "index.html").read_text(encoding="utf-8")


def test_each_lesson_has_its_row_with_what_its_page_holds(site: Site, rows: list[str]) -> None:
    assert len(rows) == len(LESSONS) == 17
    for number, row in enumerate(rows):
        page = lesson(site, number)
        assert f">{number}. " in row
        exercises = page.count('<h3 id="exercise-')
        assert exercises > 0
        assert f">{exercises}: <a" in row
        assert row.count("explorables/") == page.count('data-explorable="')
        assert row.count(".png") == row.count(".svg") == page.count('.svg" download')
        minutes = re.search(r"(\d+) minutes to read", page)
        assert minutes is None or f"{minutes[1]} minutes" in row
        question = re.search(r'<p class="nne-question">([^<]+)</p>', page)
        assert (
            question is None
            or f"<em>{unescape(' '.join(question[1].split()))}</em>" in unescape(row)
        )
    assert "I can differentiate x²." in rows[1], "a power stays a power"


def test_every_lab_and_every_explorable_is_offered(site: Site, rows: list[str]) -> None:
    table = "".join(rows)
    for path in site.folder.glob("labs/*/slides.html"):
        assert f"labs/{path.parent.name}/slides.html" in table
    linked = re.findall(r'href="../../explorables/([\w-]+)/(#[^"]*)?"', table)
    assert {name for name, _ in linked} == set(explorables)
    assert any(start for _, start in linked)
    for name, start in linked:
        record = explorables[name]
        for key, value in parse_qsl(unescape(start).removeprefix("#"), strict_parsing=bool(start)):
            entry = record.entries[key]
            entry.check(value if hasattr(entry, "options") else float(value))


def test_addresses_are_those_of_this_site(site: Site, html: str) -> None:
    assert "NNEXPLAIN_" not in html
    (wheel,) = site.folder.glob("assets/wheels/*.whl")
    shown = re.sub(r"<[^>]+>", "", unescape(html))
    assert (
        shown.count(f"nnexplain[progress] @ http://localhost:8000/assets/wheels/{wheel.name}") == 2
    )


def test_the_citation_is_that_of_the_file(html: str) -> None:
    about = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    shown = unescape(re.sub(r"<[^>]+>", "", html))
    assert f"title = {{{about['title']}}}" in shown
    assert f"version = {{{about['version']}}}" in shown


def test_an_explorable_works_where_it_is_embedded_and_linked(browser: Browser, site: Site) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(site.url(PAGE))
    frame = page.locator("main iframe")
    assert "explorable" in (frame.get_attribute("title") or "")
    frame.scroll_into_view_if_needed()
    inside = page.frame_locator("main iframe")
    inside.locator(".nne-awake").wait_for()
    box, height = frame.bounding_box(), inside.locator("html").evaluate("e => e.scrollHeight")
    assert box is not None
    assert box["height"] >= height - 2  # nothing of it needs to be scrolled to
    # The address that the page gives as an example opens in that situation.
    (address,) = re.findall(r"explorables/circuit/#[\w.=&]+", page.locator("main").inner_text())
    page.goto(site.url(address))
    page.locator(".nne-awake").wait_for()
    assert "there is no" not in page.locator("main").inner_text()
    assert page.locator('input[name="w14"]').input_value() == "0.9"
    assert page.locator('select[name="show"]').input_value() == "w35"
    page.close()
