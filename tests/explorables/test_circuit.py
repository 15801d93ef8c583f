"""The circuit in a real browser: what it shows is what Python computes, however it is used."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from nnexplain.derivation import derive
from nnexplain.figures.labels import subscripted
from nnexplain.numbers import format_number
from tests.explorables.conftest import (
    CIRCUIT,
    PHONE,
    WIDE,
    network_of,
    number,
    opened,
    settle,
    still_figures,
    tab_stops,
)
from tests.site import Site

pytestmark = pytest.mark.xdist_group("explorables")
ADDRESS = "explorables/circuit/"
LESSON = "learn/backpropagation/"
SIZES = {"wide": {"viewport": WIDE}, "phone": {"viewport": PHONE, "has_touch": True}}


def part(page: Page, name: str) -> Any:
    return page.locator(f'.nne-part[data-name="{name}"]')


def tapped(page: Page, name: str) -> None:
    """Click or tap the label of a parameter."""
    part(page, name).locator("text.nne-label").first.click()
    settle(page)


def slide(page: Page, name: str, value: float) -> None:
    page.locator(f'input[name="{name}"]').fill(str(value))
    settle(page)


def shows_derivative(page: Page, name: str) -> bool:
    """Whether the formula on the page is that of ∂J/∂name: its last number is Python's."""
    return page.locator(".nne-live").evaluate("e => e.querySelector('select').value") == name


def go(page: Page, address: str) -> None:
    """Open another state on the same page."""
    page.evaluate("hash => { location.hash = hash; }", address)
    settle(page)
    settle(page)


def table(page: Page) -> dict[str, list[str]]:
    rows = page.locator(".nne-live tbody tr").all()
    return {row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in rows}


@pytest.mark.parametrize("size", SIZES)
def test_every_number_equals_python(browser: Browser, site: Site, size: str) -> None:
    with opened(browser, site.url(ADDRESS), **SIZES[size]) as page:
        page.locator(".nne-live details > summary").click()
        for changes in CIRCUIT.situations:
            go(page, urlencode(changes) or "w14=0.2")
            expect(page.locator(".nne-message")).to_be_hidden()
            equals_python(page, changes)


def equals_python(page: Page, changes: dict[str, Any]) -> None:
    state = CIRCUIT.state(changes)
    net, x, y = network_of(state)
    trace, gradient, delta = net.forward(x), net.gradient(x, y), net.deltas(x, y)
    shown = table(page)
    for name in net.names:
        row = [format_number(v) for v in (net.parameters[name], gradient[name])]
        assert shown[subscripted(name)] == row
    for unit in (4, 5, 6):
        row = [format_number(trace.z[unit]), format_number(delta[unit])]
        assert shown[subscripted(f"z{unit}")] == row
    assert shown["h"][0] == format_number(trace.output)
    assert shown["J"][0] == format_number(net.loss(x, y))
    factors = derive(net, str(state["show"])).at(x, y).factors
    values = page.locator(".nne-factors .nne-value").all_inner_texts()
    assert values == [format_number(factor.value) for factor in factors]


def test_the_formula_has_the_numbers_plugged_in(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS) + "#show=w14&y=0&x1=-1.5") as page:
        net, x, y = network_of(CIRCUIT.state({"y": 0.0, "x1": -1.5}))
        at = derive(net, "w14").at(x, y)
        rows = page.locator(".nne-formula-place mtr").evaluate_all(
            "rows => rows.map(row => row.textContent.replace(/\\s/g, ''))"
        )
        numbers = "".join(f"({format_number(f.value)})" for f in at.factors)
        assert rows[1] == f"≈{numbers}"
        assert rows[2] == f"≈{format_number(at.value)}"
        slide(page, "x1", 0)
        assert page.locator(".nne-formula-place mtr").last.text_content() == "=0"
        expect(page.locator(".nne-words")).to_contain_text("Exactly zero")


def test_powers_of_ten_are_written_out_in_the_formula(browser: Browser, site: Site) -> None:
    changes = {"show": "w24", **dict.fromkeys(("w14", "w24", "w34", "b4"), 8.0), "x2": 2.0}
    net, x, y = network_of(CIRCUIT.state(changes))
    with opened(browser, f"{site.url(ADDRESS)}#{urlencode(changes)}") as page:
        last = page.locator(".nne-formula-place mtr").last
        assert last.locator("msup").count() == 1
        mantissa, power = last.locator("mn").first, last.locator("msup mn").last
        told = number(mantissa.text_content() or "") * 10 ** number(power.text_content() or "")
        value = net.gradient(x, y)["w24"]
        assert abs(value) == pytest.approx(told, rel=1e-3)
        assert last.locator("mo", has_text="−").count() == (value < 0)


# ---- mouse


def test_pointing_shows_and_clicking_keeps(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(LESSON)) as page:
        formula = page.locator(".nne-formula-place")
        part(page, "w35").locator("text").first.hover()
        settle(page)
        assert "35" in formula.inner_text()
        page.locator(".nne-words").hover()
        settle(page)
        assert "35" not in formula.inner_text()
        tapped(page, "w35")
        page.locator(".nne-words").hover()
        settle(page)
        assert "35" in formula.inner_text()
        assert part(page, "w35").get_attribute("aria-checked") == "true"
        assert "#" not in page.url, "a lesson's address is the reader's"


LIT = {
    "error": "J", "output_slope": "6", "weight": "■ w₄₆ −0.3", "hidden_slope": "4", "input": "1",
}  # fmt: skip


def test_a_factor_lights_its_place_and_back(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        hot = page.locator("[data-hot]")
        for kind, lit in LIT.items():
            page.locator(f'.nne-factors [data-factor="{kind}"]').hover()
            where = hot.evaluate_all("all => all.map(e => e.namespaceURI.split('/').pop())")
            assert where == ["svg", "MathML", "MathML", "xhtml"], kind
            page.mouse.move(0, 0)
            assert hot.count() == 0
            page.locator(".nne-circuit text:not(.nne-one)").get_by_text(lit, exact=True).hover()
            assert page.locator(f'.nne-factors [data-hot][data-factor="{kind}"]').count() == 1
            page.locator(f'.nne-formula-place [data-factor="{kind}"]').first.hover()
            assert page.locator(f'.nne-factors [data-hot][data-factor="{kind}"]').count() == 1
            page.mouse.move(0, 0)


# ---- keyboard


def test_everything_works_by_keyboard(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        stops = tab_stops(page, 40)
        assert stops[:5] == ["show", "signals", "Reset", "Copy link", "w14"]
        sliders = [control.name for group in CIRCUIT.groups.values() for control in group]
        first = stops.index("x1")
        assert stops[first : first + len(sliders)] == sliders
        part(page, "w14").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
        settle(page)
        assert page.evaluate("document.activeElement.dataset.name") == "w34"
        assert "34" in page.locator(".nne-formula-place").inner_text()
        assert not shows_derivative(page, "w34")
        page.keyboard.press("Space")
        settle(page)
        assert shows_derivative(page, "w34")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Enter")
        settle(page)
        assert shows_derivative(page, "w24")
        page.keyboard.press("Escape")
        settle(page)
        assert shows_derivative(page, "none")
        slider = page.locator('input[name="w46"]')
        slider.focus()
        page.keyboard.press("ArrowRight")
        settle(page)
        assert slider.input_value() == "-0.2"


def test_focus_is_seen(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        for _ in range(5):
            page.keyboard.press("Tab")
        hit = part(page, "w14").locator(".nne-hit")
        assert hit.evaluate("e => getComputedStyle(e).strokeOpacity") != "1"
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"


# ---- touch


def test_everything_works_by_touch(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS), viewport=PHONE, has_touch=True) as page:
        part(page, "b5").locator("text.nne-label").first.tap()
        settle(page)
        assert shows_derivative(page, "b5")
        page.locator('.nne-factors [data-factor="hidden_slope"]').tap()
        settle(page)
        assert page.locator(".nne-circuit [data-hot]").count() == 1
        expect(page.locator(".nne-words")).to_contain_text("how fast unit 5 answers")
        slider = page.locator('input[name="b5"]')
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        assert box is not None
        page.touchscreen.tap(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
        settle(page)
        assert float(slider.input_value()) > 5
        assert box["height"] >= 24


# ---- addresses


def test_the_state_is_in_the_address_and_reset_empties_it(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        slide(page, "w46", 0.3)
        tapped(page, "w35")
        page.wait_for_url("**/#w46=0.3&show=w35")
        page.reload()
        page.locator(".nne-live").wait_for()
        settle(page)
        assert page.locator('input[name="w46"]').input_value() == "0.3"
        assert shows_derivative(page, "w35")
        page.get_by_role("button", name="Reset").click()
        page.wait_for_url(re.compile(r"/#?$"))
        assert shows_derivative(page, "w14")


def test_a_lesson_gives_a_link_to_what_it_shows(browser: Browser, site: Site) -> None:
    allowed = {"permissions": ["clipboard-read", "clipboard-write"]}
    with opened(browser, site.url("learn/network/"), **allowed) as page:
        slide(page, "x2", 0.7)
        page.get_by_role("button", name="Copy link").click()
        expect(page.locator(".nne-message")).to_contain_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == site.url(ADDRESS) + "#x2=0.7&show=none&signals=off"
        page.goto(copied)
        page.locator(".nne-live").wait_for()
        settle(page)
        assert page.locator('input[name="x2"]').input_value() == "0.7"
        assert page.locator('select[name="signals"]').input_value() == "off"


ABSURD = [
    "w14=abc", "w14=", "w14=1e999", "w14=Infinity", "w14=NaN", "w14=-9", "x1=0x10", "y=2", "nope=1",
    "__proto__=1", "show=constructor", "signals=maybe", "w14=%00", "w14=<b>1</b>",
    "=".join(["w" * 50_000, "1"]), "&".join(f"q{k}=1" for k in range(500)),
]  # fmt: skip


def test_an_absurd_address_is_met_with_words(browser: Browser, site: Site) -> None:
    with opened(browser, f"{site.url(ADDRESS)}#w24=0.7&{ABSURD[-1]}") as page:
        message = page.locator(".nne-message")
        for text in ABSURD:
            go(page, f"w24=0.7&{text}")
            expect(message).to_contain_text("This link asks for what cannot be")
            assert len(message.inner_text()) < 400
            assert page.locator('input[name="w14"]').input_value() == "0.2"
            assert page.locator('input[name="w24"]').input_value() == "0.7"
            page.get_by_role("button", name="Reset").click()
            settle(page)
            expect(message).to_be_hidden()
            assert page.locator('input[name="w24"]').input_value() == "0.4"


def test_overflow_is_said_and_reset_mends_it(browser: Browser, site: Site) -> None:
    address = f"{site.url(ADDRESS)}#w14=1e308&w34=-1e308&x1=100&x3=100"
    spec = json.loads((site.folder / "assets/explorables/circuit.json").read_text())
    for group in spec["groups"]:
        for control in group["controls"]:
            control.update(low=-1e308, high=1e308, step="any")
    context = browser.new_context()
    page = context.new_page()
    page.route("**/circuit.json", lambda route: route.fulfill(json=spec))
    page.goto(address)
    expect(page.locator(".nne-message")).to_contain_text("overflows")
    page.get_by_role("button", name="Reset").click()
    expect(page.locator(".nne-message")).to_be_hidden()
    expect(page.locator(".nne-formula-place mtr").last).to_contain_text("0.008725")
    context.close()


# ---- for everybody


@pytest.mark.parametrize(
    ("address", "size"), [(ADDRESS, "wide"), ("learn/network/", "phone"), (LESSON, "phone")]
)
def test_axe_finds_no_violation(browser: Browser, site: Site, address: str, size: str) -> None:
    with opened(browser, site.url(address), **SIZES[size]) as page:
        for name, scheme in (("w14", "light"), ("b6", "dark")):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            tapped(page, name)
            result = Axe().run(page, context=".nne-explorable")
            assert result.violations_count == 0, result.generate_report()


def test_the_live_region_speaks_once_after_many_moves(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        assert page.locator('.nne-explorable :is([aria-live], [role="status"])').count() == 1
        page.evaluate("""() => {
            window.spoken = [];
            const live = document.querySelector('[role="status"]');
            new MutationObserver(() => window.spoken.push(live.textContent))
                .observe(live, {childList: true, characterData: true, subtree: true});
        }""")
        for k in range(20):
            slide(page, "b6", round(-1 + k / 10, 1))
        page.wait_for_timeout(1000)
        net, x, y = network_of(CIRCUIT.state({"b6": 0.9}))
        said = f"∂J/∂w14 = {format_number(net.gradient(x, y)['w14'], 3)}."
        spoken = page.evaluate("window.spoken")
        assert len(spoken) == 1
        assert spoken[0].startswith(said)


@pytest.mark.parametrize("width", [320, 360, 390, 768, 1280])
def test_nothing_leaves_the_screen(browser: Browser, site: Site, width: int) -> None:
    with opened(browser, site.url(ADDRESS), viewport={"width": width, "height": 800}) as page:
        for name in ("w14", "w46", "b6"):
            tapped(page, name)
            outside = page.locator(".nne-circuit text").evaluate_all(
                "(all, width) => all.filter(e => e.textContent && (e.getBoundingClientRect().left"
                " < -1 || e.getBoundingClientRect().right > width + 1)).map(e => e.textContent)",
                width,
            )
            assert outside == []
            assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_without_scripts_and_on_paper_the_figure_stands_there(browser: Browser, site: Site) -> None:
    for address in (LESSON, ADDRESS):
        for still in still_figures(browser, site, "circuit", address):
            assert still.locator("> svg").is_visible()
        with opened(browser, site.url(address)) as page:
            figure = page.locator(".nne-explorable > figure > svg")
            assert not figure.is_visible()
            page.emulate_media(media="print")
            assert figure.is_visible()
            assert not page.locator(".nne-live").is_visible()


def test_nothing_is_loaded_before_it_is_near(browser: Browser, site: Site) -> None:
    context = browser.new_context(viewport=WIDE)
    page, loaded = context.new_page(), list[str]()
    page.on("request", lambda request: loaded.append(request.url.rsplit("/", 1)[-1]))
    page.goto(site.url(LESSON))
    page.wait_for_load_state("networkidle")
    assert "loader.js" in loaded
    assert not {"shell.js", "circuit.js", "circuit.json"} & set(loaded)
    page.locator(".nne-explorable").scroll_into_view_if_needed()
    page.locator(".nne-live").wait_for()
    assert {"shell.js", "circuit.js", "circuit.json", "circuit-network.js"} <= set(loaded)
    context.close()


def test_a_course_page_can_embed_it(browser: Browser, site: Site) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.set_content(f'<iframe width="700" height="900" src="{site.url(ADDRESS)}#y=0"></iframe>')
    expect(page.frame_locator("iframe").locator(".nne-formula-place mtr")).to_have_count(3)
    context.close()
