"""The nudge in a real browser: J, slope and the way down are Python's along the whole line."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from nnexplain.explorables import explorables
from nnexplain.numbers import format_number
from nnexplain.worked import worked
from tests.explorables.conftest import PHONE, WIDE, opened, pieces, settle
from tests.site import Site

pytestmark = pytest.mark.xdist_group("explorables")
ADDRESS = "explorables/nudge/"
EXAMPLE = worked["han_kamber"]
SIZES = {"wide": {"viewport": WIDE}, "phone": {"viewport": PHONE, "has_touch": True}}


def truth(w14: float) -> tuple[float, float]:
    """J and ∂J/∂w14, from the textbook's network written out by hand and a complex step."""

    def loss(w: complex) -> complex:
        def unit(z: complex) -> complex:
            return 1 / (1 + np.exp(-z))

        a4, a5 = unit(w - 0.5 - 0.4), unit(-0.3 + 0.2 + 0.2)
        return (1 - unit(-0.3 * a4 - 0.2 * a5 + 0.1)) ** 2 / 2

    return loss(w14).real, loss(w14 + 1e-30j).imag / 1e-30


def slide(page: Page, value: float) -> None:
    page.locator('input[name="w14"]').fill(str(value))
    settle(page)


def marks(page: Page, name: str) -> list[tuple[float, float]]:
    """The points of a drawn line, in the data's coordinates."""
    spec = explorables["nudge"].data
    frame = page.locator(".nne-chart .nne-frame")
    x, y, width, height = (
        float(frame.get_attribute(k) or 0) for k in ("x", "y", "width", "height")
    )
    low, high = spec["heights"]
    return [
        (-8 + 16 * (left - x) / width, high - (high - low) * (down - y) / height)
        for piece in pieces(page.locator(f"g.{name}").first)
        for left, down in piece.tolist()
    ]


@pytest.mark.parametrize("size", SIZES)
def test_every_number_is_true(browser: Browser, site: Site, size: str) -> None:
    with opened(browser, site.url(ADDRESS), **SIZES[size]) as page:
        for w, J in marks(page, "nne-nudge-curve"):
            assert pytest.approx(truth(w)[0], abs=5e-6) == J
        for w in (0.2, -8, 8, 0.9, -3.1):
            slide(page, w)
            J, slope = truth(w)
            said = page.locator(".nne-live .nne-words").inner_text()
            assert f"the loss J is {format_number(J)} and the slope ∂J/\u2060∂w₁₄ is " in said
            assert f"is {format_number(slope)}. Turn the weight up" in said
            assert ("nearly level" in said) == (slope < 0.001)
            (x1, y1), (x2, y2) = marks(page, "nne-nudge-tangent")
            assert (y2 - y1) / (x2 - x1) == pytest.approx(slope, abs=2e-5)
            assert np.interp(w, [x1, x2], [y1, y2]) == pytest.approx(J, abs=1e-5)
            tail, head = marks(page, "nne-nudge-way")[:2]
            assert tail[0] == pytest.approx(w, abs=0.01)
            assert head[0] < tail[0], "J grows to the right, so descent goes left"
            assert "turns it down" in said


def test_the_first_page_by_mouse_keyboard_and_touch(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(""), **SIZES["phone"]) as page:
        slider = page.locator('input[name="w14"]')
        frame = page.locator(".nne-live .nne-frame")
        frame.scroll_into_view_if_needed()
        box = frame.bounding_box()
        assert box is not None
        page.touchscreen.tap(box["x"] + 0.75 * box["width"], box["y"] + 60)
        settle(page)
        assert float(slider.input_value()) == pytest.approx(4, abs=0.1)
        slider.focus()
        page.keyboard.press("ArrowLeft")
        settle(page)
        assert float(slider.input_value()) == pytest.approx(3.9, abs=0.1)
        y = box["y"] + 60
        page.mouse.move(box["x"] + 0.75 * box["width"], y)
        page.mouse.down()
        page.mouse.move(box["x"] + 0.25 * box["width"], y, steps=3)
        page.mouse.up()
        settle(page)
        assert float(slider.input_value()) == pytest.approx(-4, abs=0.1)
        # The live region, sliders and words of the whole explorable fit on one screen.
        height = page.locator(".nne-live").bounding_box()
        assert height is not None
        assert height["height"] < PHONE["height"]


def test_the_hand_written_network_is_the_running_example() -> None:
    gradient = EXAMPLE.network.gradient(EXAMPLE.x, EXAMPLE.y)
    assert truth(EXAMPLE.network.parameters["w14"])[1] == pytest.approx(gradient["w14"], rel=1e-12)
