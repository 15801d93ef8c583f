"""Every page opened once in a real browser, and what was seen there, for many tests to judge."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from playwright.sync_api import Browser, Page, Response

from tests.site import Site

# Before any script of the page: what is refused, and what moves.
WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (e) =>
  window.refused.push(`${e.effectiveDirective}: ${e.blockedURI} ${e.sample}`));
window.shifts = [];
new PerformanceObserver((list) => list.getEntries().forEach((e) => e.hadRecentInput ||
  window.shifts.push([e.value, e.sources.map((s) => s.node?.className || s.node?.nodeName)])))
  .observe({ type: "layout-shift", buffered: true });
"""

# As for one who scrolls: an explorable wakes a little below the screen.
WAKE = """async () => {
  for (const place of document.querySelectorAll(".nne-explorable")) {
    const below = place.getBoundingClientRect().top + scrollY - innerHeight - 200;
    scrollTo({ top: below, behavior: "instant" });
    for (let k = 0; k < 100 && !place.matches(".nne-awake, [data-failed]"); k += 1) {
      await new Promise((done) => setTimeout(done, 30));
    }
  }
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60)));
  return [...document.querySelectorAll(".nne-explorable:not(.nne-awake)")]
    .map((place) => place.dataset.explorable);
}"""

_SEEN = """() => ({
  headings: [...document.querySelectorAll("main :is(h1, h2, h3, h4, h5, h6)")]
    .map((h) => Number(h.tagName[1])),
  landmarks: ["header", "nav", "main", "footer"].filter((n) => !document.querySelector(n)),
  unsized: [...document.querySelectorAll("main img, main svg, main iframe, main canvas")]
    .filter((e) => !e.hasAttribute("viewBox")
      && (!e.hasAttribute("width") || !e.hasAttribute("height"))
      && !e.closest(".nne-live, .md-icon, button"))
    .map((e) => e.outerHTML.slice(0, 90)),
  blocking: [...document.querySelectorAll("script[src]")]
    .filter((s) => !s.defer && !s.async && s.type !== "module").map((s) => s.getAttribute("src")),
  silent: [...document.querySelectorAll("main figure.nne-figure")]
    .filter((f) => !f.querySelector("table.nne-data, figcaption"))
    .map((f) => f.id),
  nameless: [...document.querySelectorAll("main svg[role=img]")]
    .filter((s) => (s.getAttribute("aria-label") ?? s.textContent).trim().length
      < (s.closest(".nne-live") ? 8 : 60))
    .map((s) => s.outerHTML.slice(0, 90)),
})"""


@dataclass
class Visit:
    """What one page needed and did."""

    sizes: dict[str, int] = field(default_factory=dict)
    shifts: Sequence[tuple[float, Sequence[str]]] = ()
    late_shifts: Sequence[tuple[float, Sequence[str]]] = ()
    refused: Sequence[str] = ()
    asleep: Sequence[str] = ()
    seen: Mapping[str, Any] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        """How many bytes the first view transfers from a server that compresses."""
        return sum(self.sizes.values())


@dataclass(frozen=True)
class Visits:
    """All pages by address, and what was left in the browser after them."""

    pages: Mapping[str, Visit]
    cookies: Sequence[Any]
    stored: Sequence[str]


def transferred(response: Response) -> int:
    """Return the size of an answer, compressed where a server would compress it."""
    body = response.body()
    return min(len(body), len(gzip.compress(body, 9, mtime=0)))


def _visit(page: Page, url: str) -> Visit:
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    page.on("response", note)
    page.goto(url)
    page.wait_for_load_state("networkidle")
    # What the page asks for once more is not sent again.
    sent = [answer for answer in answers if answer.status != HTTPStatus.NOT_MODIFIED]
    visit = Visit({answer.url: transferred(answer) for answer in sent})
    visit.shifts = page.evaluate("window.shifts.splice(0)")
    visit.seen = page.evaluate(_SEEN)
    visit.asleep = page.evaluate(WAKE)
    visit.late_shifts = page.evaluate("window.shifts")
    visit.refused = page.evaluate("window.refused")
    page.remove_listener("response", note)
    return visit


def travel(browser: Browser, site: Site) -> Visits:
    """Open every page, each as somebody who comes for the first time, and change the colours."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    # Every page must ask for all it needs, as on a first visit.
    context.route("**/*", lambda route: route.continue_())
    context.add_init_script(WATCH)
    page = context.new_page()
    seen = {name: _visit(page, site.url(name)) for name in site.pages}
    page.goto(site.url(""))
    page.locator("label[title='Switch to dark mode']").click()
    stored = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    cookies = context.cookies()
    context.close()
    return Visits(seen, cookies, stored)
