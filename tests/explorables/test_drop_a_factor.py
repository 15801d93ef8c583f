"""Drop a factor in a real browser: what it shows is what `derive` and `Network.loss` say."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from nnexplain.derivation import DerivationAt, derive
from nnexplain.explorables import Start, explorables
from nnexplain.explorables.running_example import code_of
from nnexplain.figures.labels import subscripted
from nnexplain.network import Network
from nnexplain.numbers import format_number
from nnexplain.palette import KINDS
from nnexplain.worked import worked
from tests.explorables.conftest import (
    PHONE,
    WIDE,
    network_of,
    opened,
    settle,
    still_figures,
    tab_stops,
)
from tests.site import Site

pytestmark = pytest.mark.xdist_group("explorables")
DROP = explorables["drop-a-factor"]
ADDRESS = "explorables/drop-a-factor/"
LESSON = "learn/gradient/"


def derived(state: Start) -> tuple[DerivationAt, list[str]]:
    """Return ∂J/∂θ of a state with numbers, and the kinds of the factors that it leaves out."""
    net, x, y = network_of(state)
    at = derive(net, str(state["show"])).at(x, y)
    kinds = {factor.kind for factor in at.factors}
    return at, [kind for kind in KINDS if kind in kinds and state[kind] == "out"]


def loss_after(at: DerivationAt, slope: float, eta: float) -> tuple[float, float]:
    """Return where a step along `slope` leads, and J there."""
    net: Network = at.network
    end = net.parameters[at.parameter] - eta * slope
    return end, net.replace(parameters={at.parameter: end}).loss(at.x, at.y)


def rows(page: Page) -> dict[str, list[str]]:
    found = page.locator(".nne-drop-table tbody tr:visible").all()
    return {
        row.locator("th").inner_text().strip(): row.locator("td").all_inner_texts() for row in found
    }


def box(page: Page, kind: str) -> Any:
    return page.locator(f'.nne-dropper input[name="{kind}"]')


def test_every_number_equals_python(browser: Browser, site: Site) -> None:
    for size in ({"viewport": WIDE}, {"viewport": PHONE, "has_touch": True}):
        with opened(browser, site.url(ADDRESS), **size) as page:
            for changes in DROP.situations:
                page.goto(f"{site.url(ADDRESS)}#{urlencode(changes)}")
                settle(page)
                expect(page.locator(".nne-message")).to_be_hidden()
                check_numbers(page, DROP.state(changes))


def check_numbers(page: Page, state: Start) -> None:
    at, missing = derived(state)
    shown, before = rows(page), at.network.loss(at.x, at.y)
    start = [format_number(at.network.parameters[at.parameter]), format_number(before, 6)]
    assert shown.pop("at the start") == ["", *start]
    slopes = [at.value, at.without(*missing)] if missing else [at.value]
    for cells, slope in zip(shown.values(), slopes, strict=True):
        end, J = loss_after(at, slope, float(state["eta"]))
        way = "=" if abs(J - before) < 1e-13 * before else "↓" if before > J else "↑"
        numbers = [format_number(slope), format_number(end), f"{format_number(J, 6)} {way}"]
        assert cells == numbers
    values = page.locator(".nne-dropper .nne-value").all_inner_texts()
    assert values == [format_number(factor.value) for factor in at.factors]
    result = page.locator(".nne-formula-place mtr").last.text_content() or ""
    assert result.replace(" ", "")[1:].startswith(format_number(slopes[-1]).split(" ")[0])


# What the generated modules compute, before any rounding.
_EXACT = """async ([base, names, inputs, kinds, situations]) => {
    const {trace, loss} = await import(base + "network.js");
    const {product, step, change, ratio} = await import(base + "step.js");
    return situations.map(({state, factors}) => {
        const values = names.map(name => state[name]);
        const x = inputs.map(name => state[name]);
        const slope = product(...kinds.map(kind => factors[kind] ?? 1));
        const end = step(state[state.show], state.eta, slope);
        const J = loss(names.map(n => n === state.show ? end : state[n]), x, [state.y]);
        const before = trace(values, x, [state.y]).J;
        return [slope, end, J, before, change(J, before), ratio(J, before)];
    });
}"""


def test_the_modules_equal_python_to_twelve_digits(browser: Browser, site: Site) -> None:
    cases, expected = [], []
    for changes in DROP.situations:
        state = DROP.state(changes)
        at, missing = derived(state)
        for gone in ([], missing):
            factors = {f.kind: f.value for f in at.factors if f.kind not in gone}
            cases.append({"state": state, "factors": factors})
            slope = at.without(*gone)
            end, J = loss_after(at, slope, float(state["eta"]))
            before = at.network.loss(at.x, at.y)
            grown = J - before if abs(J - before) > 1e-13 * before else 0.0
            expected.append([slope, end, J, before, grown, J / before])
    names = worked["han_kamber"].network.names
    base = site.url("assets/explorables/drop-a-factor-")
    page = browser.new_page()
    page.goto(site.url(ADDRESS))
    found = page.evaluate(_EXACT, [base, names, ["x1", "x2", "x3"], KINDS, cases])
    page.close()
    found, wanted = np.array(found), np.array(expected)
    # A difference of two nearly equal J keeps as many digits as they agree not in.
    scale = wanted.copy()
    scale[:, 4] = wanted[:, 3]
    assert np.all(np.abs(found - wanted) <= 1e-12 * np.abs(scale))


def test_its_figure_shows_the_same_step(browser: Browser, site: Site) -> None:
    for changes in DROP.situations:
        state = DROP.state(changes)
        at, missing = derived(state)
        code = DROP.figure(state)
        assert f'"{state["show"]}").at(' in code
        assert all(f'"{kind}"' in code for kind in missing)
        network, x, y = code_of(state)
        example = worked["han_kamber"]
        names = {"example": example}
        net = eval(network, names)
        assert net.loss(eval(x, names), eval(y, names)) == at.network.loss(at.x, at.y)
    for address in (LESSON, ADDRESS):
        for still in still_figures(browser, site, "drop-a-factor", address):
            assert still.locator("> svg").is_visible()
            expect(still.locator("> svg")).to_contain_text("without w₄₆")


def words(page: Page) -> str:
    settle(page)
    return page.locator(".nne-words").inner_text()


def test_the_words_say_what_the_missing_factor_did(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        net, x, y = network_of(DROP.state({}))
        at = derive(net, "w14").at(x, y)
        grows = loss_after(at, at.without("w46"), 0.9)[1] - net.loss(x, y)
        assert words(page).startswith("Wrong sign. w₄₆ is negative.")
        assert f"J grows by {format_number(grows, 3)}, uphill" in words(page)
        relation = page.locator(".nne-formula-place mo").filter(has_text="≠")
        assert relation.count() == 1
        struck = page.locator(".nne-formula-place [data-out]")
        assert [text.strip() for text in struck.all_text_contents()] == ["w46", "(−0.3)"]
        box(page, "weight").check()
        assert words(page).startswith(
            "Nothing is left out. The step turns w₁₄ down, and J falls by"
        )
        assert relation.count() == struck.count() == 0
        box(page, "input").uncheck()
        assert words(page).startswith("Right by luck. x₁ is exactly 1 here")
        assert relation.count() == 0
        box(page, "hidden_slope").uncheck()
        times = format_number(at.without("input", "hidden_slope") / at.value, 3)
        assert words(page).startswith("Right sign, wrong size.")
        assert f"is {times} times as long as it should be" in words(page)
        page.locator('select[name="show"]').select_option("w24")
        assert words(page).startswith("It should rest. The whole product is exactly 0")
        assert words(page).endswith("and J does not change in its first 13 digits.")
        box(page, "hidden_slope").check()
        box(page, "input").check()
        box(page, "error").uncheck()
        assert words(page).startswith("Still exactly 0.")
        page.locator('select[name="show"]').select_option("b6")
        box(page, "error").check()
        box(page, "input").uncheck()
        assert words(page).startswith("Nothing is lost. The input of a bias is always 1.")
        # So long a step overshoots the lowest place, though its direction is right.
        box(page, "input").check()
        page.goto(site.url(ADDRESS) + "#show=b6&eta=1000&y=0.4&weight=in")
        page.reload()
        page.locator(".nne-live").wait_for()
        assert "The direction is right, but the step is too long" in words(page)


_FOCUSED = "(e => e.name || e.textContent.trim())(document.activeElement)"


def test_it_works_by_keyboard_and_the_address_keeps_the_state(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        stops = tab_stops(page, 18)
        factors = stops.index("error")
        assert stops[:3] == ["show", "Reset", "Copy link"]
        assert stops[factors : factors + 5] == list(KINDS)
        sliders = stops[stops.index("x1") :]
        assert sliders[:9] == ["x1", "x2", "x3", "y", "w14", "b4", "w46", "b6", "eta"]
        box(page, "hidden_slope").focus()
        page.keyboard.press("Space")
        settle(page)
        assert not box(page, "hidden_slope").is_checked()
        page.wait_for_url("**/#hidden_slope=out")
        page.locator('select[name="show"]').select_option("w35")
        settle(page)
        visible = page.locator(".nne-sliders input:visible").evaluate_all(
            "all => all.map(e => e.name)"
        )
        assert visible == ["x1", "x2", "x3", "y", "w35", "b5", "w56", "b6", "eta"]
        page.wait_for_url("**/#show=w35&hidden_slope=out")
        page.reload()
        page.locator(".nne-live").wait_for()
        settle(page)
        assert not box(page, "hidden_slope").is_checked()
        assert list(rows(page)) == ["at the start", "whole product", "what is left"]
        page.get_by_role("button", name="Reset").click()
        settle(page)
        assert box(page, "hidden_slope").is_checked()
        assert not box(page, "weight").is_checked()
        page.goto(site.url(ADDRESS) + "#weight=gone&eta=-1&w14=1e9")
        page.reload()
        message = page.locator(".nne-message")
        expect(message).to_contain_text("This link asks for what cannot be: ")
        expect(message).to_contain_text("weight cannot be “gone”")
        assert list(rows(page))[-1] == f"without {subscripted('w46')}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_works_by_touch_for_everybody(browser: Browser, site: Site, scheme: Any) -> None:
    settings = {"viewport": PHONE, "has_touch": True, "color_scheme": scheme}
    with opened(browser, site.url(LESSON), **settings) as page:
        place = page.locator('[data-explorable="drop-a-factor"]')
        place.scroll_into_view_if_needed()
        place.locator(".nne-live").wait_for()
        place.locator(".nne-dropper label", has_text="error").tap()
        settle(page)
        assert not place.locator('input[name="error"]').is_checked()
        heights = place.locator(".nne-dropper label").evaluate_all(
            "all => all.map(e => e.getBoundingClientRect().height)"
        )
        assert min(heights) >= 24
        result = Axe().run(page, context='[data-explorable="drop-a-factor"]')
        assert result.violations_count == 0, result.generate_report()
        assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    with opened(browser, site.url(ADDRESS), viewport=WIDE, color_scheme=scheme) as page:
        result = Axe().run(page)
        assert result.violations_count == 0, result.generate_report()


def test_overflow_is_said_and_reset_mends_it(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        page.route(
            "**/drop-a-factor.json", lambda route: route.fulfill(json=_without_bounds(route))
        )
        page.goto(site.url(ADDRESS) + "#w14=1e308&w34=-1e308&x1=100&x3=100")
        page.reload()
        expect(page.locator(".nne-message")).to_contain_text("overflows")
        page.evaluate("location.hash = 'show=w99'")
        settle(page)
        expect(page.locator(".nne-message")).to_contain_text("This link asks for what cannot be")
        page.get_by_role("button", name="Reset").click()
        expect(page.locator(".nne-message")).to_be_hidden()
        assert words(page).startswith("Wrong sign.")


def _without_bounds(route: Any) -> Any:
    spec = route.fetch().json()
    for group in spec["groups"]:
        for control in group["controls"]:
            if not control["log"]:
                control.update(low=-1e308, high=1e308, step="any")
    return spec
