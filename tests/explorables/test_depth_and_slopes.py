"""Depth and slopes: the module against long floats and mpmath, the page against Python."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import mpmath as mp
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from nnexplain.experiments.depth import GRAINS, WIDTH, draws
from nnexplain.explorables import explorables
from nnexplain.explorables.depth_and_slopes import shown
from nnexplain.numbers import format_number
from tests.explorables.conftest import (
    PHONE,
    SUPERSCRIPTS,
    WIDE,
    opened,
    settle,
    still_figures,
    tab_stops,
)
from tests.site import Site
from tests.test_javascript import agrees, run

DEPTH = explorables["depth-and-slopes"]
(MODULE,) = DEPTH.modules.values()
ADDRESS = "explorables/depth-and-slopes/"
SIZES = {"wide": {"viewport": WIDE}, "phone": {"viewport": PHONE, "has_touch": True}}
in_browser = pytest.mark.xdist_group("javascript")
on_site = pytest.mark.xdist_group("explorables")
CALL = """(m, [states, draws]) => states.map((state) => {
    const rows = m.signals(state, draws);
    const plain = (n) => Number.isFinite(n) ? n : String(n);
    return [
        rows.map((r) => [r.size, plain(r.power), r.slope, r.factor, r.held, r.shown]),
        m.summary(rows, state),
    ];
})"""


def by_module(browser: Browser, states: list[Any]) -> list[Any]:
    return run(browser, MODULE, CALL, [states, DEPTH.data["draws"]])


# An oracle of its own: formulas as books have them, in floats with a range of 10^±4932.
LONG = np.longdouble
FUNCTIONS: dict[str, Any] = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: 1 / (2 + np.exp(z) + np.exp(-z))),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "relu": (lambda z: np.where(z > 0, z, 0), lambda z: np.where(z > 0, LONG(1), LONG(0))),
    "identity": (lambda z: z, np.ones_like),
}


def by_long_floats(state: Any) -> list[tuple[Any, Any]]:
    """|δ| and the slope of every layer, last to first, as root mean squares."""
    f, df = FUNCTIONS[state["activation"]]
    strength, centre, depth = LONG(state["strength"]), LONG(state["centre"]), int(state["depth"])
    if state["network"] == "chain":
        a, W = np.array([[f(centre)]]), [np.array([[strength]])] * depth
        bias, out = centre - strength * f(centre), np.array([[LONG(1)]])
    else:
        a = draws().inputs.astype(LONG) / GRAINS
        *W, out = (
            strength / np.sqrt(LONG(WIDTH)) * draws().weights[: depth + 1].astype(LONG) / GRAINS
        )
        bias = centre
    slopes = []
    for w in W:
        z = w @ a + bias
        a = f(z)
        slopes.append(df(z))
    delta, found = np.ones_like(a), []
    for w, slope in zip([*W[1:], out][::-1], slopes[::-1], strict=True):
        delta = w.T @ delta * slope
        found.append(tuple(np.sqrt(np.mean(part**2)) for part in (delta, slope)))
    return found


def as_float(value: Any, bits: str) -> str:
    with np.errstate(over="ignore", under="ignore"):
        cast = {"64": np.float64, "32": np.float32, "16": np.float16}[bits](value)
    if value == 0:
        return "zero"
    return "rounded" if cast == 0 else "infinite" if np.isinf(cast) else "held"


STATES = [DEPTH.state(s) for s in DEPTH.situations] + [
    DEPTH.state({"network": network, "activation": name, "depth": 20.0, **more})
    for network in ("chain", "layers")
    for name in FUNCTIONS
    for more in (
        {"strength": 0.5, "centre": 2.5, "bits": "16"},
        {"strength": 1.2, "centre": -1.0, "bits": "32"},
        {"strength": 0.01, "centre": 40.0},
    )
]


@in_browser
@pytest.mark.skipif(np.finfo(LONG).minexp > -16000, reason="this machine has no long floats")
def test_signals_equal_long_floats_however_small(browser: Browser) -> None:
    lost = 0
    for state, (rows, summary) in zip(STATES, by_module(browser, STATES), strict=True):
        expected = by_long_floats(state)
        agrees([row[0] for row in rows], [float(size) for size, _ in expected])
        agrees([row[2] for row in rows], [float(slope) for _, slope in expected])
        agrees([row[3] for row in rows], [state["strength"] * float(s) for _, s in expected])
        for (size, power, _, _, held, told), (true, _) in zip(rows, expected, strict=True):
            assert held == as_float(true, str(state["bits"]))
            if true == 0:
                assert (power, told) == ("-Infinity", 0)
                continue
            assert power == pytest.approx(float(np.log10(true)), abs=1e-12)
            if size == 0:
                lost += 1
                assert 1 <= told["digits"] < 10
                digits = true / LONG(10) ** told["tens"]
                assert told["digits"] == pytest.approx(float(digits), rel=1e-9)
            else:
                assert told == size
        assert summary["first"]["size"] == rows[-1][0]
    assert lost > 10


@in_browser
def test_signals_are_those_of_the_package(browser: Browser) -> None:
    for state, (rows, _) in zip(STATES, by_module(browser, STATES), strict=True):
        ours = np.array([row[0] for row in rows][::-1])
        theirs = np.array(shown(state).sizes)
        # Plain floats lose digits where single numbers of a layer become denormal.
        kept = theirs > 1e-300
        agrees(ours[kept], theirs[kept])
        assert np.all(ours[~kept] < 1e-299)


@in_browser
def test_what_is_said_of_a_state_is_right(browser: Browser) -> None:
    states = [
        DEPTH.state(s)
        for s in (
            {}, {"strength": 4.0}, {"strength": 6.0}, {"strength": 8.0}, {"activation": "relu"},
            {"centre": 36.5}, {"centre": 37.0}, {"centre": -37.0},
            {"network": "layers", "activation": "relu", "strength": math.sqrt(2), "depth": 20.0},
        )
    ]  # fmt: skip
    found = [summary for _, summary in by_module(browser, states)]
    assert [s["verdict"] for s in found[:5]] == [
        "vanishes",
        "holds",
        "explodes",
        "explodes",
        "zero",
    ]
    agrees(found[0]["step"], 0.25)
    agrees(found[0]["first"]["size"], 0.25**10)
    agrees(found[2]["factor"], 1.5)
    with mp.workdps(40):
        for summary in found[5:8]:
            z = mp.mpf(36.5 if summary is found[5] else 37)
            agrees(summary["slope"], float(1 / (2 + mp.exp(z) + mp.exp(-z))))
    assert found[5]["textbook"] > 0 == found[6]["textbook"]
    assert found[7]["textbook"] == pytest.approx(found[7]["slope"], rel=1e-12)
    layers = found[8]
    slopes = [float(slope) for _, slope in by_long_floats(states[8])]
    agrees(layers["slope"], math.exp(np.mean(np.log(slopes))))
    agrees(layers["expected"]["size"], (math.sqrt(2) * layers["slope"]) ** 20)
    assert layers["verdict"] == "holds"


# ---- the page


def go(page: Page, changes: Any) -> None:
    page.evaluate("hash => { location.hash = hash; }", urlencode(changes))
    page.wait_for_timeout(20)
    settle(page)


def says(text: str, true: Any) -> bool:
    """Whether a text is this number to four digits, also where no float could hold it."""
    if true == 0 or true > 1e-300:
        return text == format_number(float(true))
    digits, power = text.split(" × 10")
    told = LONG(digits) * LONG(10) ** int(power.translate(SUPERSCRIPTS))
    return bool(abs(told / true - 1) < 5e-4)


@contextmanager
def numbers_open(browser: Browser, site: Site, size: str, **settings: Any) -> Iterator[Page]:
    with opened(browser, site.url(ADDRESS), **SIZES[size], **settings) as page:
        page.locator(".nne-live details > summary").click()
        settle(page)
        yield page


@on_site
@pytest.mark.parametrize("size", SIZES)
def test_the_page_shows_pythons_numbers(browser: Browser, site: Site, size: str) -> None:
    with numbers_open(browser, site, size) as page:
        for changes in DEPTH.situations:
            go(page, changes)
            expected = by_long_floats(DEPTH.state(changes))
            expect(page.locator(".nne-message")).to_be_hidden()
            column = page.locator(".nne-live tbody tr td:nth-child(4)").all_inner_texts()
            for text, (true, _) in zip(column, expected, strict=True):
                assert says(text, true)
            bars = page.locator(".nne-depth-bar:not([visibility=hidden])")
            assert bars.count() == sum(true > 0 for true, _ in expected)


@on_site
def test_bars_stand_on_a_scale_of_powers_of_ten(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS) + "#depth=12&strength=0.5") as page:
        heights = page.locator(".nne-depth-bar:not([visibility=hidden])").evaluate_all(
            "all => all.map(e => Number(e.getAttribute('height')))"
        )
        powers = -np.log10(shown(DEPTH.state({"depth": 12.0, "strength": 0.5})).sizes[::-1])
        np.testing.assert_allclose(heights / powers, heights[0] / powers[0], rtol=1e-6)
        ticks = page.locator(".nne-ticks").nth(1).locator("g")
        low = ticks.filter(has_text="−10").locator("line")
        one = ticks.get_by_text("0", exact=True).locator("..").locator("line")
        tens = float(low.get_attribute("y1")) - float(one.get_attribute("y1"))
        assert heights[0] / powers[0] == pytest.approx(tens / 10, rel=1e-6)


@on_site
def test_the_formula_has_the_numbers_plugged_in_beyond_all_floats(
    browser: Browser, site: Site
) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        rows = page.locator(".nne-formula-place mtr")

        def lines() -> list[str]:
            return rows.evaluate_all("all => all.map(e => e.textContent.replace(/\\s/g, ''))")

        assert lines()[1:] == ["=0.25×(1×0.25)9", "≈9.537×10−7"]
        go(page, {"strength": 0.01, "centre": 40.0, "depth": 20.0})
        assert lines()[2] == "≈3.668×10−386"
        expect(page.locator(".nne-stage")).to_contain_text("In 4 layers it is not zero, but too")
        expect(page.locator(".nne-stage")).to_contain_text("would already be exactly 0")
        go(page, {"activation": "relu"})
        assert lines()[1:] == ["=0×(1×0)9", "=0"]
        expect(page.locator(".nne-words").nth(1)).to_contain_text("by convention f′(0) = 0")
        go(page, {"network": "layers", "activation": "relu", "depth": 20.0})
        assert lines()[0].startswith("expected")
        assert lines()[2].startswith("≈")


@on_site
def test_it_is_used_by_keyboard_and_mouse(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        stops = tab_stops(page, 11)
        assert stops == ["network", "activation", "bits", "Reset", "Copy link", "depth", "strength",
                         "centre", "1", "4", "6"]  # fmt: skip
        page.keyboard.press("Enter")
        settle(page)
        words = page.locator(".nne-words").nth(1)
        expect(words).to_contain_text("The signal explodes")
        assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
        page.locator('input[name="depth"]').focus()
        page.keyboard.press("ArrowLeft")
        settle(page)
        expect(words).to_contain_text("layer 9 has 0.25")
        page.get_by_role("button", name="4", exact=True).click()
        settle(page)
        expect(words).to_contain_text("keeps its size")
        page.locator('select[name="network"]').select_option("layers")
        page.locator('select[name="activation"]').select_option("relu")
        page.get_by_role("button", name="He: √2").click()
        page.wait_for_url("**/#depth=9&strength=1.4142135623730951&network=layers&activation=relu")
        expect(page.locator('[role="status"]')).to_contain_text("keeps its size")
        page.get_by_role("button", name="Reset").click()
        settle(page)
        expect(words).to_contain_text("The signal vanishes: layer 10")


@on_site
def test_it_is_used_by_touch_and_nothing_leaves_the_screen(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS), **SIZES["phone"]) as page:
        page.get_by_role("button", name="6", exact=True).tap()
        settle(page)
        expect(page.locator(".nne-words").nth(1)).to_contain_text("The signal explodes")
        slider = page.locator('input[name="depth"]')
        box = slider.bounding_box()
        assert box is not None
        assert box["height"] >= 24
        page.touchscreen.tap(box["x"] + 0.95 * box["width"], box["y"] + box["height"] / 2)
        settle(page)
        assert float(slider.input_value()) > 17
        for width in (320, 390, 768):
            page.set_viewport_size({"width": width, "height": 800})
            settle(page)
            assert page.evaluate("document.scrollingElement.scrollWidth") <= width
            outside = page.locator(".nne-chart text").evaluate_all(
                "(all, width) => all.map(e => e.getBoundingClientRect()).filter("
                "b => b.width && (b.left < -1 || b.right > width + 1)).length",
                width,
            )
            assert outside == 0


@on_site
def test_what_cannot_be_is_met_with_words(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS) + "#strength=0&network=ring&z=1") as page:
        message = page.locator(".nne-message")
        expect(message).to_contain_text("strength goes from 0.01 to 100, not “0”")
        expect(message).to_contain_text("network cannot be “ring”; there is no “z” here")
        page.get_by_role("button", name="Reset").click()
        settle(page)
        expect(message).to_be_hidden()
    spec = json.loads((site.folder / "assets/explorables/depth-and-slopes.json").read_text())
    for group in spec["groups"]:
        for control in group["controls"]:
            control.update(high=1e308)
    context = browser.new_context()
    page = context.new_page()
    page.route("**/depth-and-slopes.json", lambda route: route.fulfill(json=spec))
    page.goto(f"{site.url(ADDRESS)}#network=layers&activation=identity&strength=1e308")
    expect(page.locator(".nne-message")).to_contain_text("overflows")
    page.get_by_role("button", name="Reset").click()
    expect(page.locator(".nne-message")).to_be_hidden()
    context.close()


@on_site
@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("phone", "dark")])
def test_axe_finds_no_violation(browser: Browser, site: Site, size: str, scheme: Any) -> None:
    with numbers_open(browser, site, size, color_scheme=scheme) as page:
        go(page, {"strength": 0.01, "centre": 40.0, "depth": 20.0})
        result = Axe().run(page, context=".nne-explorable")
        assert result.violations_count == 0, result.generate_report()


@on_site
def test_the_lesson_has_it_and_a_figure_without_scripts(browser: Browser, site: Site) -> None:
    for figure in still_figures(browser, site, "depth-and-slopes", ADDRESS, "learn/saturation/"):
        assert figure.locator("svg").first.is_visible()
        last, first = format_number(0.25, 2), format_number(0.25**10, 2)
        alt = figure.locator("svg").first.get_attribute("aria-label") or ""
        alt = alt.replace("\xa0", " ")
        assert f"{last} at the last layer, {first} at the first" in alt
