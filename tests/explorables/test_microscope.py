"""The microscope in a real browser: its numbers and its drawing are mpmath's, at any zoom."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from nnexplain.explorables import explorables
from nnexplain.numbers import format_number
from tests.experiments.test_magnify import RECORDS, TRUTH, true_parts
from tests.explorables.conftest import PHONE, WIDE, opened, pieces, settle
from tests.site import Site

pytestmark = pytest.mark.xdist_group("explorables")
MICROSCOPE = explorables["microscope"]
ADDRESS = "explorables/microscope/"
SIZES = {"wide": {"viewport": WIDE}, "phone": {"viewport": PHONE, "has_touch": True}}


def go(page: Page, **changes: Any) -> None:
    """Open a state by its address, as a link in a slide does."""
    page.evaluate("hash => { location.hash = hash; }", urlencode(changes))
    settle(page)


def words(page: Page) -> str:
    return page.locator(".nne-live .nne-words").inner_text()


def slider(page: Page, name: str) -> float:
    return float(page.locator(f'input[name="{name}"]').input_value())


def points(line: Locator) -> np.ndarray:
    """The corners of a drawn line (N, 2), in pixels."""
    return np.concatenate(pieces(line))


@pytest.mark.parametrize("size", SIZES)
def test_every_number_is_true(browser: Browser, site: Site, size: str) -> None:
    with opened(browser, site.url(ADDRESS), **SIZES[size]) as page:
        for changes in MICROSCOPE.situations:
            state = MICROSCOPE.state(changes)
            go(page, **changes)
            expect(page.locator(".nne-message")).to_be_hidden()
            name, z = str(state["activation"]), float(state["z"])
            nudge = float(state["nudge"]) / float(state["zoom"])
            foretold, gap = true_parts(name, z, nudge)
            value, slope = TRUTH[name][0](z), RECORDS[name].df(z)
            numbers = [value, slope, nudge, foretold, foretold + gap, gap]
            shown = page.locator(".nne-readings td").all_inner_texts()
            assert shown[:-1] == [format_number(float(n)) for n in numbers], changes
            percent = format_number(float(100 * gap / foretold)) if foretold else "–"
            assert shown[-1] == percent


def test_what_is_drawn_is_true_a_million_times_magnified(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        # Where the sigmoid bends least, the gap is a thousandth of a float's last digit.
        go(page, z=0.1, zoom=1e6, activation="sigmoid")
        view = page.locator(".nne-scope-view svg")
        frame = {k: float(view.locator(".nne-frame").get_attribute(k) or 0)
                 for k in ("x", "y", "width", "height")}  # fmt: skip
        path = points(view.locator("g.nne-scope-curve"))
    assert path.shape[0] > 100
    for x, y in path:
        s = ((x - frame["x"]) / frame["width"] - 0.5) * 7.6e-6
        height = (0.5 - (y - frame["y"]) / frame["height"]) * 3.8e-6
        # A path is written in hundredths of a pixel; subtracted values would be 0.01 px off too,
        # so that the bound is the writing's.
        assert height == pytest.approx(float(sum(true_parts("sigmoid", 0.1, s))), abs=2e-10)


def test_it_says_what_is_seen(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        assert "foretells a change of 0.6651; the true change is 0.5771" in words(page)
        for state, said in (
            ({"zoom": 1e4}, "lie on each other"),
            ({"activation": "relu", "z": 0, "zoom": 1e6}, "A corner, at any zoom: the slope is 0"),
            ({"activation": "step", "z": 0, "zoom": 100}, "A jump"),
            ({"activation": "relu", "z": 1}, "There is a corner in view, at z\xa0=\xa00"),
            ({"activation": "relu", "z": 1, "zoom": 10}, "a straight line"),
            ({"nudge": 0}, "No nudge, no change"),
            ({"activation": "gaussian", "z": 0, "nudge": 1}, "foretells no change"),
        ):
            go(page, **state)
            assert said in words(page), state
        corner = page.locator(".nne-scope-view g.nne-scope-curve")
        go(page, activation="relu", z=0, zoom=1)
        drawn = points(corner)
        go(page, activation="relu", z=0, zoom=1e6)
        assert points(corner) == pytest.approx(drawn, abs=0.011), "the same at every zoom"


def test_mouse_and_keyboard(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        box = page.locator(".nne-scope-view .nne-frame").bounding_box()
        assert box is not None
        middle = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + 0.75 * box["width"], middle)
        page.mouse.down()
        page.mouse.move(box["x"] + 0.25 * box["width"], middle, steps=3)
        page.mouse.up()
        settle(page)
        assert slider(page, "nudge") == pytest.approx(-1.9, abs=0.051)
        box = page.locator(".nne-scope-map .nne-frame").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + 0.625 * box["width"], box["y"] + 20)
        settle(page)
        assert slider(page, "z") == pytest.approx(2, abs=0.051)
        page.locator('select[name="activation"]').focus()
        page.keyboard.type("tanh")
        for name in ("z", "zoom", "nudge"):
            before = slider(page, name)
            page.locator(f'input[name="{name}"]').focus()
            page.keyboard.press("ArrowRight")
            settle(page)
            assert slider(page, name) == pytest.approx(before + 0.1)
        assert page.locator(".nne-scope-times").inner_text() == "Magnification: 1.3"
        page.get_by_role("button", name="Reset").click()
        settle(page)
        assert [slider(page, name) for name in ("z", "zoom", "nudge")] == [-0.7, 0, 3]


def test_touch(browser: Browser, site: Site) -> None:
    with opened(browser, site.url("learn/sensitivity/"), **SIZES["phone"]) as page:
        assert page.locator('select[name="activation"]').input_value() == "square"
        frame = page.locator(".nne-scope-view .nne-frame")
        frame.scroll_into_view_if_needed()
        box = frame.bounding_box()
        assert box is not None
        page.touchscreen.tap(box["x"] + 0.25 * box["width"], box["y"] + 40)
        settle(page)
        assert slider(page, "nudge") == pytest.approx(-1.9, abs=0.051)
        assert page.locator(".nne-drag").first.evaluate("e => getComputedStyle(e).touchAction") == (
            "pan-y"
        )
