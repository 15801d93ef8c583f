"""Ramp and bowl in a real browser: three walks that are Python's, and words that fit them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from nnexplain.experiments.constant_slope import LOSSES, approach
from nnexplain.explorables import Start, explorables
from nnexplain.losses import losses
from nnexplain.numbers import format_number
from tests.explorables.conftest import PHONE, WIDE, opened, pieces, settle, still_figures, tab_stops
from tests.site import Site

pytestmark = pytest.mark.xdist_group("explorables")
RAMP = explorables["ramp-and-bowl"]
ADDRESS = "explorables/ramp-and-bowl/"
LESSON = "learn/ramp/"


def walks(state: Start) -> list[Any]:
    """Return the three walks of a state, by networks of one unit."""
    eta, steps = float(state["eta"]), int(state["steps"])
    return [
        approach(loss, eta, steps, start=float(state["h"]), target=float(state["y"]))
        for loss in LOSSES
    ]


def shown(page: Page, key: str) -> list[str]:
    return page.locator(f'.nne-walker [data-name="{key}"]').all_inner_texts()


def words(page: Page) -> list[str]:
    settle(page)
    return page.locator(".nne-walker .nne-words").all_inner_texts()


def slide(page: Page, **values: float) -> None:
    for name, value in values.items():
        page.locator(f'input[name="{name}"]').fill(str(value))
    settle(page)


def test_every_number_equals_python(browser: Browser, site: Site) -> None:
    for size in ({"viewport": WIDE}, {"viewport": PHONE, "has_touch": True}):
        with opened(browser, site.url(ADDRESS), **size) as page:
            for changes in RAMP.situations:
                state = RAMP.state(changes)
                page.goto(f"{site.url(ADDRESS)}#{urlencode(changes)}")
                settle(page)
                ends = [float(walk.weights[-1]) for walk in walks(state)]
                y = float(state["y"])
                assert shown(page, "h") == [format_number(h, 3) for h in ends]
                pairs = list(zip(map(losses.__getitem__, LOSSES), ends, strict=True))
                assert shown(page, "J") == [format_number(r.formula(y, h), 3) for r, h in pairs]
                assert shown(page, "slope") == [format_number(r.slope(y, h), 3) for r, h in pairs]
                expect(page.locator(".nne-message")).to_be_hidden()


def test_the_module_equals_python_to_twelve_digits(browser: Browser, site: Site) -> None:
    states = [RAMP.state(changes) for changes in RAMP.situations]
    page = browser.new_page()
    page.goto(site.url(ADDRESS))
    call = """async ([url, losses, states]) => {
        const {walk} = await import(url);
        return states.map(({y, h, eta, steps}) => losses.map(name => walk(name, y, h, eta, steps)));
    }"""
    url = site.url("assets/explorables/ramp-and-bowl-walk.js")
    for state, paths in zip(states, page.evaluate(call, [url, LOSSES, states]), strict=True):
        for walk, path in zip(walks(state), paths, strict=True):
            np.testing.assert_allclose(path, walk.weights, rtol=1e-12, atol=1e-300)
    page.close()


def test_the_words_fit_what_happened(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        assert [text[:34] for text in words(page)] == ["The first step will go left by 0.6"[:34],
            *["The first step will go left by 0.3"] * 2]  # fmt: skip
        slide(page, steps=1)
        assert "first step was 0.6 long, the next will be 0.42." in words(page)[0]
        slide(page, steps=3)
        assert words(page)[1] == "Every step is 0.3 long, however far the target is."
        assert words(page)[2].endswith("It does not know where the target is.")
        slide(page, steps=30)
        bowl, vee, ramp = words(page)
        squared, absolute, _ = walks(RAMP.state({"steps": 30}))
        last = abs(float(squared.weights[-1] - squared.weights[-2]))
        assert bowl.startswith("Its steps shrink by themselves: it settles at the target.")
        assert f"Its last step was {format_number(last, 3)} long, its first 0.6." in bowl
        assert vee.startswith("It rattles: every step is 0.3 long")
        assert absolute.strip == pytest.approx(0.3)
        assert ramp.startswith("Every step is 0.3 to the left, for ever: J has no bottom.")
        assert ramp.endswith("It has passed the target and did not notice.")
        assert page.get_by_text("← off the picture").count() == 1
        slide(page, eta=1.5)
        assert words(page)[0].startswith("It steps over the target, but nearer each time")
        slide(page, eta=2)
        assert words(page)[0].startswith("It hops to and fro between two places for ever.")
        slide(page, eta=2.5)
        assert words(page)[0].startswith("It diverges: every step is longer than the one before.")
        assert "The learning rate is too large." in words(page)[0]
        assert page.locator(".nne-walk-ball[visibility=hidden]").count() == 2
        slide(page, eta=1)
        assert words(page)[0] == "It has arrived: on the target the slope is 0, and it rests."
        assert words(page)[1].startswith("It has landed on the target exactly, by luck")
        slide(page, h=-2)
        assert words(page)[2].endswith("It moves away from the target and does not notice.")
        slide(page, h=1)
        assert [text[:19] for text in words(page)[:2]] == ["It stands on the ta"] * 2


def test_the_ball_and_its_pull_stand_where_they_should(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS) + "#h=2.4&y=0.6&steps=2") as page:
        found = page.locator(".nne-walker").evaluate_all("""all => all.map(one => {
            const part = name => one.querySelector(`.nne-${name}`);
            const size = name => Number(part("frame").getAttribute(name));
            const box = part("walk-ball").getBBox();
            const ball = [box.x + box.width / 2, box.y + box.height / 2];
            const arrow = part("walk-arrow");
            const h = px => -4 + 8 * (px - size("x")) / size("width");
            const J = px => 8 - 13 * (px - size("y")) / size("height");
            return [h(ball[0]), J(ball[1]), ...["x1", "x2"].map(end => h(arrow.getAttribute(end)))];
        })""")
        for row, walk, name in zip(found, walks(RAMP.state({"h": 2.4, "y": 0.6, "steps": 2})),
                                   LOSSES, strict=True):  # fmt: skip
            h = float(walk.weights[-1])
            J, slope = losses[name].formula(0.6, h), losses[name].slope(0.6, h)
            assert row == pytest.approx([h, J, h, h - slope], abs=0.01)
        (line,) = pieces(page.locator("g.nne-walk-path.nne-walk-linear").first)
        assert len(line) == 3


def test_it_runs_and_is_used_by_keyboard(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS) + "#steps=57") as page:
        stops = tab_stops(page, 9)
        assert stops == [
            "Reset", "Copy link", "h", "y", "eta", "steps", "Run", "Step", "Back to start",
        ]  # fmt: skip
        page.locator('input[name="steps"]').press("ArrowLeft")
        settle(page)
        page.get_by_role("button", name="Run").press("Enter")
        expect(page.locator('input[name="steps"]')).to_have_value("60", timeout=8000)
        expect(page.get_by_role("button", name="Run")).to_be_visible()
        page.wait_for_url("**/#steps=60")
        ends = [float(walk.weights[-1]) for walk in walks(RAMP.state({"steps": 60}))]
        assert shown(page, "h") == [format_number(h, 3) for h in ends]
        spoken = page.locator('[role="status"]').inner_text()
        assert spoken.startswith("After 60 steps. Bowl: h = ")
        page.get_by_role("button", name="Back to start").press("Space")
        page.get_by_role("button", name="Step").press("Space")
        settle(page)
        assert page.locator('input[name="steps"]').input_value() == "1"
        page.get_by_role("button", name="Reset").click()
        settle(page)
        assert shown(page, "h") == ["3"] * 3
        page.goto(site.url(ADDRESS) + "#steps=61&eta=fast&h=2")
        expect(page.locator(".nne-message")).to_contain_text("steps goes from 0 to 60, not “61”")
        assert page.locator('input[name="h"]').input_value() == "2"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_works_by_touch_for_everybody(browser: Browser, site: Site, scheme: Any) -> None:
    settings = {"viewport": PHONE, "has_touch": True, "color_scheme": scheme}
    with opened(browser, site.url(LESSON), **settings) as page:
        page.get_by_role("button", name="Step").tap()
        settle(page)
        assert shown(page, "h") == ["2.4", "2.7", "2.7"]
        result = Axe().run(page, context=".nne-explorable")
        assert result.violations_count == 0, result.generate_report()
        assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
        outside = page.locator(".nne-chart text").evaluate_all(
            "all => all.map(e => e.getBoundingClientRect()).filter(b => b.width && (b.left < -1"
            " || b.right > 391)).length"
        )
        assert outside == 0
    with opened(browser, site.url(ADDRESS) + "#steps=20", color_scheme=scheme) as page:
        result = Axe().run(page)
        assert result.violations_count == 0, result.generate_report()


def test_in_lesson_3_it_starts_on_the_other_side(browser: Browser, site: Site) -> None:
    with opened(browser, site.url("learn/loss/")) as page:
        assert shown(page, "slope") == ["−2.9", "−1", "1"]


def test_overflow_is_said(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        page.route("**/ramp-and-bowl.json", lambda route: route.fulfill(json=_longer(route)))
        page.goto(site.url(ADDRESS) + "#eta=3&steps=3000")
        page.reload()
        page.locator(".nne-live").wait_for()
        assert words(page)[0].startswith("Its numbers are too large for the computer’s arithmetic")
        assert words(page)[1].startswith("It rattles")
        page.get_by_role("button", name="Reset").click()
        assert words(page)[0].startswith("The first step")


def _longer(route: Any) -> Any:
    spec = route.fetch().json()
    for group in spec["groups"]:
        for control in group["controls"]:
            if control["name"] == "steps":
                control["high"] = 3000
    return spec


def test_its_figure_stands_in_without_scripts(browser: Browser, site: Site) -> None:
    assert "0.3, 20, start=3.0, target=1.0" in RAMP.figure(RAMP.state({}))
    assert "2.5, 7, start=-1.0, target=0.5" in RAMP.figure(
        RAMP.state({"eta": 2.5, "steps": 7, "h": -1.0, "y": 0.5})
    )
    for address in (LESSON, "learn/loss/", ADDRESS):
        for still in still_figures(browser, site, "ramp-and-bowl", address):
            assert still.locator("> svg").is_visible()
