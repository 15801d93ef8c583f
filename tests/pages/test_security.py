"""The Content-Security-Policy of every page, and what a visit leaves in the browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from nnexplain.pages.policy import policy, with_policy
from tests.pages.visits import Visits
from tests.site import Site

pytestmark = pytest.mark.xdist_group("site")


def test_every_page_keeps_its_own_policy(visits: Visits) -> None:
    assert {n: v.refused for n, v in visits.pages.items() if v.refused} == {}
    assert {n: v.asleep for n, v in visits.pages.items() if v.asleep} == {}


def test_every_page_has_a_policy_before_anything_it_is_about(site: Site) -> None:
    # Without a script, as sheets to print are, a page needs none.
    texts = [path.read_text(encoding="utf-8") for path in site.folder.rglob("*.html")]
    scripted = [html for html in texts if "<script" in html]
    assert len(scripted) >= len(site.pages)
    for html in scripted:
        place = html.find("Content-Security-Policy")
        assert 0 < place < min(html.find("<link"), html.find("<script")), html[:300]


def test_a_script_from_elsewhere_or_in_the_markup_does_not_run(
    browser: Browser, site: Site
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.url("learn/gradient/"))
    page.evaluate("""() => {
      window.refused = [];
      document.addEventListener("securitypolicyviolation",
        (e) => window.refused.push(e.effectiveDirective));
      const inline = document.createElement("script");
      inline.textContent = "window.ran = true";
      const foreign = document.createElement("script");
      foreign.src = "https://example.org/x.js";
      document.body.append(inline, foreign);
      document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.ran = true'>");
    }""")
    page.wait_for_function("() => window.refused.length >= 3")
    assert page.evaluate("window.ran") is None
    assert set(page.evaluate("window.refused")) == {"script-src-elem", "script-src-attr"}
    context.close()


def test_a_visit_leaves_nothing_but_the_chosen_colours(visits: Visits) -> None:
    assert visits.cookies == []
    assert [key.rsplit(".", 1)[-1] for key in visits.stored] == ["__palette"]


def test_data_needs_no_leave_and_a_changed_script_needs_another() -> None:
    data = '<script id="x" type="application/json">{"a": 1}</script>'
    assert "sha256" not in policy(data + '<script src="a.js"></script>')
    assert policy("<script>a()</script>") != policy("<script>b()</script>")
    assert with_policy("<p>no head</p>") == "<p>no head</p>"
