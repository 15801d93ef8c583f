"""The activation explorer in a real browser: values are mpmath's, facts are the records'."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import mpmath as mp
import pytest
from playwright.sync_api import Browser, Page

from nnexplain.activations import activations
from nnexplain.explorables import explorables
from nnexplain.numbers import format_number
from tests.explorables.conftest import PHONE, WIDE, opened, pieces, settle
from tests.site import Site
from tests.test_activations import ORACLES

pytestmark = pytest.mark.xdist_group("explorables")
EXPLORER = explorables["activation-explorer"]
ADDRESS = "explorables/activation-explorer/"
SIZES = {"wide": {"viewport": WIDE}, "phone": {"viewport": PHONE, "has_touch": True}}


def rows(page: Page) -> dict[str, list[str]]:
    """The table: the first cell of each row, and the others."""
    found = page.locator(".nne-facts tr").evaluate_all(
        "rows => rows.map(r => [...r.cells].map(c => c.textContent))"
    )
    return {name: cells for name, *cells in found}


def go(page: Page, changes: Any) -> None:
    page.evaluate("hash => { location.hash = hash; }", urlencode(changes))
    settle(page)


@pytest.mark.parametrize("size", SIZES)
def test_every_number_is_true(browser: Browser, site: Site, size: str) -> None:
    names = list(activations) if size == "wide" else []
    pairs = zip(names[::2], names[1::2] or ["none"], strict=False)
    every = ({"activation": a, "compare": b, "z": 1.7} for a, b in pairs)
    with opened(browser, site.url(ADDRESS), **SIZES[size]) as page:
        for changes in (*EXPLORER.situations, *every):
            state = EXPLORER.state(changes)
            go(page, changes)
            names = [state["activation"]]
            if state["compare"] not in ("none", *names):
                names.append(state["compare"])
            table = rows(page)
            z = float(state["z"])
            assert table[""] == names
            value, slope = table[f"value f at z\xa0=\xa0{format_number(z)}"], table[
                f"slope f′ at z\xa0=\xa0{format_number(z)}"]  # fmt: skip
            for k, name in enumerate(names):
                f, df, _ = ORACLES[str(name)]
                kinked = z in activations[str(name)].kinks
                true = activations[str(name)].df(z) if kinked else df(mp.mpf(z))
                assert value[k] == format_number(float(f(mp.mpf(z)))), changes
                assert slope[k] == format_number(float(true)), changes
                assert table["range"][k] == activations[str(name)].facts["range"]
                assert table["slope 0 at"][k] == activations[str(name)].where_flat
                assert table["largest slope"][k] == format_number(
                    activations[str(name)].largest_slope
                )
                constant = activations[str(name)].constant_slope
                assert table["same slope everywhere"][k] == ("yes" if constant else "no")


def test_a_kink_is_torn_in_the_slope_and_a_jump_in_both(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        for name, tears in (("sigmoid", (0, 0)), ("relu", (0, 1)), ("sign", (1, 1)),
                            ("hard_tanh", (0, 2))):  # fmt: skip
            go(page, {"activation": name, "compare": "none"})
            lines = [
                page.locator(f"g.nne-curve-{part}.nne-curve-first") for part in ("value", "slope")
            ]
            assert tuple(len(pieces(line)) - 1 for line in lines) == tears, name
        go(page, {"activation": "relu", "compare": "none", "z": 0})
        assert "f′(0) = 0" in rows(page)["kinks"][0]
        assert "At a kink of relu" in page.locator(".nne-live .nne-words").inner_text()


def test_mouse_keyboard_and_touch(browser: Browser, site: Site) -> None:
    with opened(browser, site.url("learn/relu/"), **SIZES["phone"]) as page:
        own = page.locator('[data-explorable="activation-explorer"]')
        own.scroll_into_view_if_needed()
        own.locator(".nne-live").wait_for()
        settle(page)
        slider = own.locator('input[name="z"]')
        frame = own.locator(".nne-frame").last
        frame.scroll_into_view_if_needed()
        box = frame.bounding_box()
        assert box is not None
        page.touchscreen.tap(box["x"] + 0.75 * box["width"], box["y"] + 30)
        settle(page)
        assert float(slider.input_value()) == pytest.approx(3, abs=0.06)
        page.mouse.click(box["x"] + 0.25 * box["width"], box["y"] + 30)
        settle(page)
        assert float(slider.input_value()) == pytest.approx(-3, abs=0.06)
        slider.focus()
        page.keyboard.press("ArrowRight")
        own.locator('select[name="compare"]').select_option("tanh")
        settle(page)
        assert rows(page)[""] == ["sigmoid", "tanh"]
        assert own.locator(".nne-formula-place math").count() == 2
