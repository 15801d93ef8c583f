"""The look where it carries meaning: the first screen, the column, boxes told apart, paper."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from html import unescape

import pytest
from playwright.sync_api import Browser, Page

from nnexplain.pages import card, mark
from nnexplain.palette import KINDS, ROLES
from tests.site import Site

pytestmark = pytest.mark.xdist_group("site")

# How many characters stand on each full line of a paragraph.
_LINES = """() => [...document.querySelectorAll(
    "article > p:is(:not([class]), .nne-onward)")].flatMap((p) => {
  const range = document.createRange(), rows = new Map();
  const walk = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
  if (p.querySelector("math")) return [];
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    for (let k = 0; k < node.length; k += 1) {
      range.setStart(node, k); range.setEnd(node, k + 1);
      const top = Math.round(range.getBoundingClientRect().bottom / 8);
      rows.set(top, (rows.get(top) ?? 0) + 1);
    }
  }
  return [...rows.values()].slice(0, -1);
})"""
_SIGN = "e => getComputedStyle(e.firstElementChild, '::before').content"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def test_the_first_screen_shows_question_network_and_product(page: Page, site: Site) -> None:
    page.goto(site.url(""))
    for part in ("h1", ".nne-question", "figure svg", ".nne-product"):
        box = page.locator(f".nne-hero {part}").first.bounding_box()
        assert box is not None, part
        assert box["y"] + box["height"] <= 800, part
    colours = page.locator(".nne-product > span").evaluate_all(
        "spans => spans.map(span => getComputedStyle(span).color)"
    )
    wanted = [ROLES[kind].light for kind in (*KINDS, "ink")]
    assert [_hex(colour) for colour in colours] == wanted


def _hex(colour: str) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour))


def test_a_line_has_about_seventy_characters(page: Page, site: Site) -> None:
    page.goto(site.url("learn/descent/"))
    counts = page.evaluate(_LINES)
    assert len(counts) > 10
    assert 58 <= sum(counts) / len(counts) <= 74


def test_quotation_marks_and_apostrophes_are_those_of_a_book(site: Site) -> None:
    seen = 0
    for path in sorted(site.folder.rglob("*.html")):
        html = path.read_text(encoding="utf-8")
        kept = re.sub(
            r"<!--.*?-->|<(script|style|pre|code|svg|math)\b.*?</\1>", "", html, flags=re.S
        )
        words = unescape(re.sub(r"<[^>]+>", "", kept))
        typed = [
            words[max(0, at.start() - 30) : at.end() + 30] for at in re.finditer("['\"]", words)
        ]
        assert typed == [], path.relative_to(site.folder)
        seen += words.count("’") + words.count("“")
    assert seen > 100


def test_boxes_are_told_apart_by_their_signs(page: Page, site: Site) -> None:
    signs = {}
    for name in ("learn/gradient/", "learn/straight-line/", "claims/"):
        page.goto(site.url(name))
        for kind in (
            *("predict", "exercise", "more", "limits", "evidence"),
            *(f"verdict-{verdict}" for verdict in ("true", "false", "nearly", "conditions")),
        ):
            boxes = page.locator(f".{kind}")
            if boxes.count():
                signs[kind] = boxes.first.evaluate(_SIGN).split(" / ")[0]
    assert len(signs) == 9
    assert len(set(signs.values())) == 9


def test_paper_is_light_and_prints_answers_but_no_evidence(page: Page, site: Site) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(site.url("learn/gradient/"))
    page.emulate_media(color_scheme="dark", media="print")
    assert page.locator(".predict p").first.is_visible()
    assert page.locator(".exercise p").first.is_visible()
    for hidden in (".evidence", ".nne-figure-more", ".md-header", ".md-sidebar--primary"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator("figure.nne-figure > svg").first.is_visible()
    ink = page.evaluate("getComputedStyle(document.querySelector('figure svg text')).fill")
    assert _hex(ink) == ROLES["ink"].light


def test_drawings_keep_their_colours_where_the_reader_chooses_all_others(
    page: Page, site: Site
) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(site.url("learn/gradient/"))
    drawing = page.locator("figure.nne-figure > svg").first
    assert drawing.evaluate("e => getComputedStyle(e).forcedColorAdjust") == "none"
    assert (
        _hex(drawing.evaluate("e => getComputedStyle(e).backgroundColor")) == ROLES["surface"].light
    )


def test_the_card_has_the_size_that_its_page_says(site: Site) -> None:
    data = (site.folder / "assets" / "card.png").read_bytes()
    assert data == card.card()
    assert struct.unpack(">II", data[16:24]) == (card.WIDTH, card.HEIGHT)
    for name in ("", "learn/gradient/"):
        html = (site.folder / name / "index.html").read_text(encoding="utf-8")
        said = dict(re.findall(r'<meta (?:property|name)="([\w:]+)" content="([^"]*)"', html))
        assert said["og:image"].endswith("/assets/card.png")
        assert said["og:image"].startswith("http")
        assert (said["og:image:width"], said["og:image:height"]) == ("1200", "630")
        assert said["og:title"]
        assert said["og:description"] == said["description"]
        assert said["twitter:card"] == "summary_large_image"


def test_the_mark_has_the_colours_of_the_factors_and_their_product(site: Site) -> None:
    icon = (site.folder / "assets" / "favicon.svg").read_text(encoding="utf-8")
    for kind in KINDS:
        assert ROLES[kind].light in icon
        assert ROLES[kind].dark in icon
        assert f"var(--nne-{kind.replace('_', '-')})" in mark.inline()
    # Each bar is shorter by its factor; the last factor, 1, changes nothing.
    tall = mark.heights()
    assert tall == sorted(tall, reverse=True)
    assert tall[-1] == tall[-2]
