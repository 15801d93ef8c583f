"""Hash versus sigmoid: SHA-256 against hashlib bit for bit, the page against Python."""

from __future__ import annotations

import hashlib
import math
import re
import struct
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import mpmath as mp
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from nnexplain.experiments.hash_function import views
from nnexplain.explorables import explorables
from nnexplain.explorables.hash_versus_sigmoid import promises_kept, shown
from nnexplain.javascript.nudges import FINEST, NEAR
from nnexplain.javascript.sha256 import hash_code
from nnexplain.numbers import format_number
from tests.explorables.conftest import (
    PHONE,
    WIDE,
    number,
    opened,
    pieces,
    settle,
    still_figures,
    tab_stops,
)
from tests.site import Site
from tests.test_javascript import agrees, run

PAIR = explorables["hash-versus-sigmoid"]
(MODULE,) = PAIR.modules.values()
ADDRESS = "explorables/hash-versus-sigmoid/"
SIZES = {"wide": {"viewport": WIDE}, "phone": {"viewport": PHONE, "has_touch": True}}
COLUMNS = {"smooth": 1, "hash": 2}
in_browser = pytest.mark.xdist_group("javascript")
on_site = pytest.mark.xdist_group("explorables")


def by_hashlib(z: float) -> float:
    digest = hashlib.sha256(struct.pack(">d", 0.0 if z == 0 else z)).digest()
    return float(int.from_bytes(digest[:8], "big") >> 11) / 2**53


def floats() -> Iterator[float]:
    """Floats of every kind: signs, subnormals, ends, whole numbers, and bits drawn by lot."""
    yield from (0.0, -0.0, 5e-324, -5e-324, 2.0**-1022, 1.0, math.pi, -1e308, math.inf, -math.inf)
    yield from map(float, range(-300, 300))
    for bits in np.random.default_rng(0).integers(0, 2**64, 20_000, dtype=np.uint64):
        value = float(bits.view(np.float64))
        if not math.isnan(value):
            yield value


@in_browser
def test_the_hash_in_the_page_is_sha_256_bit_for_bit(browser: Browser) -> None:
    values = list(floats())
    # JSON has no infinities and no -0: floats travel as text.
    texts = [repr(value).replace("inf", "Infinity") for value in values]
    found = run(browser, hash_code(), "(m, texts) => texts.map(t => m.hashed(Number(t)))", texts)
    assert found == [by_hashlib(value) for value in values]
    nan = run(browser, hash_code(), "(m, n) => String(m.hashed(NaN))", None)
    assert nan == "NaN"


def test_the_constants_are_those_of_the_standard() -> None:
    # FIPS 180-4, sections 4.2.2 and 5.3.3: the first and the last of each.
    rows = [[int(n) for n in re.findall(r"\d+", line)] for line in hash_code().splitlines()[:2]]
    assert [len(row) for row in rows] == [8, 64]
    assert [row[k] for row in rows for k in (0, -1)] == [
        0x6A09E667, 0x5BE0CD19, 0x428A2F98, 0xC67178F2,
    ]  # fmt: skip


STATES = [PAIR.state(s) for s in PAIR.situations]


@in_browser
def test_nudges_equal_python(browser: Browser) -> None:
    call = """(m, states) => states.map(({z, halvings}) => ["smooth", "hash"].map(
        name => m.nudged(name, z, m.nudgeOf(halvings))))"""
    for state, (smooth, scattered) in zip(STATES, run(browser, MODULE, call, STATES), strict=True):
        z, nudge = float(state["z"]), 2.0 ** -float(state["halvings"])
        before, after = by_hashlib(z), by_hashlib(z + nudge)
        step = -2 if after > before else 2
        assert (scattered["before"], scattered["after"]) == (before, after)
        assert scattered["step"] == step
        assert scattered["quotient"] == (after - before) / nudge
        assert scattered["happened"] == by_hashlib(z + step * nudge) - before
        expected = shown(state)["smooth"]
        agrees([smooth["before"], smooth["after"]], [expected.before, expected.after])
        # A difference keeps the error of its terms: a few units in the last place of 1.
        room = 4 * 2.0**-53
        assert smooth["change"] == pytest.approx(expected.change, abs=room)
        with mp.workdps(40):
            a, b = (1 / (1 + mp.exp(-mp.mpf(v))) for v in (z, z + nudge))
            assert smooth["change"] == pytest.approx(float(b - a), abs=room)
        assert smooth["promised"] == -2 * abs(smooth["change"])
        assert smooth["happened"] == pytest.approx(expected.happened, abs=room)


@in_browser
def test_pictures_and_ladders_equal_python(browser: Browser) -> None:
    call = """(m, states) => states.map(({z, halvings, heights}) => [["smooth", "hash"].map(
        name => m.seen(name, z, m.nudgeOf(halvings), heights === "magnified")), m.ladder(z)])"""
    for state, (seen, ladder) in zip(STATES, run(browser, MODULE, call, STATES), strict=True):
        z, nudge = float(state["z"]), 2.0 ** -float(state["halvings"])
        (view,) = views(z, (2 * nudge,), 4 * NEAR + 1)
        agrees(seen[0]["values"], view.sigmoid)
        assert seen[1]["values"] == view.hashed.tolist()
        for picture in seen:
            before = picture["before"]
            heights = np.array(picture["values"])
            if state["heights"] == "magnified":
                heights = (heights - before) / nudge
                # The steepest tangent of the sigmoid, ¼, just fits.
                assert 0.5 < picture["high"] < 0.6
            np.testing.assert_allclose(picture["heights"], heights, rtol=1e-12)
            line, (start, _, _), now = picture["line"], picture["marks"].values(), picture["after"]
            rise = (now - before) / nudge if state["heights"] == "magnified" else now - before
            for x, y in ((line["x1"], line["y1"]), (line["x2"], line["y2"])):
                assert y == pytest.approx(start + rise * x, rel=1e-9, abs=1e-9)
                assert abs(x) == 2 or min(abs(y - picture["low"]), abs(y - picture["high"])) < 1e-6
            outside = (heights < picture["low"]) | (heights > picture["high"])
            assert picture["outside"] == outside.sum()
        assert seen[0]["outside"] == 0
        for name, kept in promises_kept(z).items():
            steps = [shown({**state, "halvings": float(k)})[name] for k in range(FINEST + 1)]
            sizes = [abs(step.quotient) for step in steps]
            np.testing.assert_allclose(ladder[name]["sizes"], sizes, rtol=1e-6)
            assert ladder[name]["kept"] == kept


@in_browser
def test_what_settles_and_what_a_pointer_means(browser: Browser) -> None:
    call = """(m, places) => [
        [0, 4, 12, 30].map(k => m.isSettled(m.nudged("smooth", 0.5, m.nudgeOf(k)).quotient, 0.5)),
        m.isSettled(m.nudged("hash", 0.5, m.nudgeOf(30)).quotient, 0.5),
        places.map(m.halvingsOf)]"""
    settled, hashed, halvings = run(browser, MODULE, call, [2.0, 1.0, 0.3, 2.0**-7, 1e-12])
    assert settled == [False, False, True, True]
    assert hashed is False
    assert halvings == [0, 0, 2, 7, FINEST]


# ---- the page


def go(page: Page, changes: Any) -> None:
    page.evaluate("hash => { location.hash = hash; }", urlencode(changes))
    page.wait_for_timeout(20)
    settle(page)


@on_site
@pytest.mark.parametrize("size", SIZES)
def test_the_page_shows_pythons_numbers(browser: Browser, site: Site, size: str) -> None:
    with opened(browser, site.url(ADDRESS), **SIZES[size]) as page:
        for changes in PAIR.situations:
            go(page, changes)
            state = PAIR.state(changes)
            expect(page.locator(".nne-message")).to_be_hidden()
            for name, column in COLUMNS.items():
                cells = page.locator(f".nne-readings tbody tr :nth-child({column + 1})")
                texts = cells.all_inner_texts()
                step = shown(state)[name]
                parts = (step.before, step.after, step.change, step.quotient, step.promised,
                         step.happened)  # fmt: skip
                for text, value in zip(texts[1:7], parts, strict=True):
                    if name == "hash":
                        assert text == format_number(value)
                    assert number(text) == pytest.approx(value, rel=1e-3)
                assert texts[7] == str(promises_kept(float(state["z"]))[name])
            dots = page.locator(".nne-pair-dots").get_attribute("d") or ""
            hashed = views(float(state["z"]), (2 * 2.0 ** -float(state["halvings"]),), 4 * NEAR + 1)
            near = np.abs(hashed[0].hashed - shown(state)["hash"].before) * 2 ** state["halvings"]
            magnified = state["heights"] == "magnified"
            assert dots.count("M") == (np.sum(near < 0.55) if magnified else 4 * NEAR + 1)
            assert len(pieces(page.locator("g.nne-pair-curve").first)) == 1


@on_site
def test_words_say_what_is_seen(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        words = page.locator(".nne-words")
        expect(words.first).to_contain_text("change ÷ nudge is 0.195; its slope is 0.235")
        go(page, {"halvings": 14, "heights": "magnified"})
        expect(words.first).to_contain_text("has settled on its slope, 0.235")
        expect(words.first).to_contain_text("of its 65 points are outside of the picture")
        now = shown(PAIR.state({"halvings": 14.0}))["hash"]
        fell = "fell" if now.happened < 0 else "rose"
        expect(words.nth(1)).to_contain_text(
            f"The hash promised to fall by {format_number(-now.promised, 3)}; "
            f"it {fell} by {format_number(abs(now.happened), 3)}."
        )


@on_site
def test_it_is_used_by_keyboard_and_mouse(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        stops = tab_stops(page, 8)
        assert stops == ["heights", "Reset", "Copy link", "z", "halvings", "Run", "Step",
                         "Back to start"]  # fmt: skip
        page.get_by_role("button", name="Step").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        settle(page)
        slider = page.locator('input[name="halvings"]')
        assert slider.input_value() == "2"
        slider.focus()
        page.keyboard.press("ArrowRight")
        settle(page)
        expect(page.locator(".nne-scope-times")).to_have_text("z = 0.5, nudge 0.125")
        page.get_by_role("button", name="Run").click()
        expect(page.locator(".nne-scope-times")).not_to_have_text("z = 0.5, nudge 0.125")
        page.get_by_role("button", name="Pause").click()
        # A click into the ladder chooses the nudge below it.
        ladder = page.locator(".nne-pair-lower svg").first
        box = ladder.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
        settle(page)
        assert 10 < float(slider.input_value()) < 20
        page.locator('select[name="heights"]').select_option("magnified")
        page.wait_for_url("**/#halvings=*&heights=magnified")
        page.get_by_role("button", name="Reset").click()
        settle(page)
        assert slider.input_value() == "0"


@on_site
def test_it_is_used_by_touch_and_nothing_leaves_the_screen(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS), **SIZES["phone"]) as page:
        page.get_by_role("button", name="Step").tap()
        settle(page)
        assert page.locator('input[name="halvings"]').input_value() == "1"
        slider = page.locator('input[name="z"]')
        box = slider.bounding_box()
        assert box is not None
        page.touchscreen.tap(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
        settle(page)
        assert float(slider.input_value()) > 2
        go(page, {"z": -3.875, "halvings": 30})
        for width in (320, 390, 768):
            page.set_viewport_size({"width": width, "height": 800})
            settle(page)
            assert page.evaluate("document.scrollingElement.scrollWidth") <= width


@on_site
def test_what_cannot_be_is_met_with_words(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS) + "#z=1e400&halvings=31&heights=none") as page:
        message = page.locator(".nne-message")
        expect(message).to_contain_text("z goes from -4 to 4, not “1e400”")
        expect(message).to_contain_text("halvings goes from 0 to 30")
        page.get_by_role("button", name="Reset").click()
        settle(page)
        expect(message).to_be_hidden()


@on_site
@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("phone", "dark")])
def test_axe_finds_no_violation(browser: Browser, site: Site, size: str, scheme: Any) -> None:
    with opened(browser, site.url(ADDRESS), color_scheme=scheme, **SIZES[size]) as page:
        go(page, {"halvings": 20, "heights": "magnified"})
        result = Axe().run(page, context=".nne-explorable")
        assert result.violations_count == 0, result.generate_report()


@on_site
def test_the_lesson_has_it_and_a_figure_without_scripts(browser: Browser, site: Site) -> None:
    for figure in still_figures(
        browser, site, "hash-versus-sigmoid", ADDRESS, "learn/step-and-hash/"
    ):
        assert figure.locator("svg").first.is_visible()
        expect(figure.locator("figcaption")).to_contain_text("65 neighbours of z = 0.5")
