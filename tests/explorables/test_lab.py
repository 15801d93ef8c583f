"""The lab in a real browser: its walks are Python's, and its words are true, however it is used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from nnexplain.descent import descend
from nnexplain.experiments.side_by_side import ACTIVATIONS, TASKS
from nnexplain.explorables import explorables
from nnexplain.network import weight_name
from nnexplain.numbers import format_number
from tests.explorables.conftest import PHONE, WIDE, opened, settle, still_figures, tab_stops
from tests.site import Site

pytestmark = pytest.mark.xdist_group("explorables")
ADDRESS = "explorables/lab/"
LAB = explorables["lab"]
SIZES: dict[str, dict[str, Any]] = {
    "wide": {"viewport": WIDE},
    "phone": {"viewport": PHONE, "has_touch": True},
}
NAMES = tuple(ACTIVATIONS)
# Parameters differ in the order of their sums only. At every situation the walks are calm, and the
# differences of 1e-16 stay what they are, even over 5000 steps: none grew beyond 1e-14.
CLOSE = 1e-12


@contextmanager
def lab(browser: Browser, site: Site, text: str = "", **settings: Any) -> Iterator[Page]:
    with opened(browser, f"{site.url(ADDRESS)}#{text}", **settings) as page:
        arrived(page)
        yield page


def go(page: Page, text: str) -> None:
    """Follow a link to another state of the page that is open."""
    page.evaluate("text => { location.hash = text; }", text)
    arrived(page)


def arrived(page: Page) -> None:
    """Wait until all steps are taken and all pictures drawn."""
    settle(page)
    expect(page.locator(".nne-lab:not([data-busy])")).to_be_visible(timeout=20_000)


def card(page: Page, name: str) -> Locator:
    return page.locator(f'.nne-lab-card[aria-label="{name}"]')


def word(page: Page, name: str) -> str | None:
    return card(page, name).locator(".nne-lab-word").get_attribute("data-word")


def steps(page: Page) -> int:
    return int(page.locator('input[name="steps"]').input_value())


def slide(page: Page, name: str, value: float) -> None:
    page.locator(f'input[name="{name}"]').fill(str(value))
    arrived(page)


def walked(state: dict[str, Any]) -> dict[str, Any]:
    """Python's walk of every activation at a state."""
    task = TASKS[state["data"]]
    return {
        name: descend(
            task.network(name, int(state["start"])), *task.data, learning_rate=state["rate"],
            steps=max(int(state["steps"]), 1),
        )
        for name in NAMES
    }  # fmt: skip


# Asks the modules that the page runs; what the page shows of them is compared below.
_WALKS = """async ([base, {data, start, rate, steps}]) => {
    const {networks} = await import(`${base}lab-${data}.js`);
    const {walker} = await import(`${base}descent.js`);
    const {tasks} = await (await fetch(`${base}lab.json`)).json();
    const {starts, xs, ys} = tasks[data];
    return Object.fromEntries(Object.entries(networks).map(([name, network]) => {
        const walk = walker()(network, starts[start], rate, xs, ys);
        const end = walk.to(steps);
        const points = [...walk.points.slice(0, 11), walk.points[end]].map(p => [...p].map(String));
        return [name, {end, stopped: walk.stopped, points, J: String(walk.losses[end])}];
    }));
}"""


def test_the_walks_are_python_s(browser: Browser, site: Site) -> None:
    with lab(browser, site) as page:
        for changes in LAB.situations:
            state = LAB.state({"steps": 10.0, **changes})
            found = page.evaluate(_WALKS, [site.url("assets/explorables/"), state])
            for name, walk in walked(state).items():
                where, here = f"{name} at {changes}", found[name]
                assert here["end"] == len(walk) - 1, where
                assert (here["stopped"] or "step limit") == walk.stopped, where
                points = np.array(here["points"], dtype=float)
                truth = np.vstack([walk.parameters[:11], walk.parameters[-1]])
                scale = np.abs(truth).max(axis=1, keepdims=True)
                np.testing.assert_array_less(np.abs(points - truth) / scale, CLOSE, where)
                # Near J = 0 every digit that is left is rounding: J counts against its start.
                J = pytest.approx(walk.loss[-1], rel=CLOSE, abs=CLOSE * walk.loss[0])
                assert float(here["J"]) == J, where


def table(page: Page) -> dict[str, list[str]]:
    rows = page.locator(".nne-lab tbody").evaluate(
        "body => [...body.rows].map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return {name: values for name, *values in rows}


@pytest.mark.parametrize("size", SIZES)
def test_every_number_on_the_page_is_python_s(browser: Browser, site: Site, size: str) -> None:
    with lab(browser, site, **SIZES[size]) as page:
        page.locator(".nne-lab details > summary").click()
        for changes in LAB.situations:
            go(page, urlencode(changes))
            shows(page, LAB.state(changes))


def shows(page: Page, state: dict[str, Any]) -> None:
    """Check every number on the page against Python's at a state."""
    task, count = TASKS[state["data"]], int(state["steps"])
    expect(page.locator(".nne-lab-now")).to_have_text(f"Step {count}")
    shown = table(page)
    assert len(shown) == 2 + len(task.data.y)
    for k, (name, walk) in enumerate(walked(state).items()):
        at = walk.parameters[min(count, len(walk) - 1)].tolist()
        net = walk.start.replace(parameters=dict(zip(walk.names, at, strict=True)))
        slopes = net.gradient(*task.data)
        hidden = [weight_name(i, unit) for unit in net.layers[1] for i in net.layers[0]]
        J, signal = net.loss(*task.data), max(abs(slopes[each]) for each in hidden)
        h = net.forward(task.data.x).output.tolist()
        column = [values[k] for values in shown.values()]
        assert column == [format_number(value) for value in (J, signal, *h)]
        texts = card(page, name).locator(".nne-lab-number").all_inner_texts()
        assert texts == [f"J = {format_number(J, 3)}", f"signal {format_number(signal, 3)}"]


# ---- what it says


_SAID = {
    "": ["start", "start", "silent", "start", "start", "start"],
    "steps=5000": ["line", "line", "silent", "solved", "solved", "solved"],
    "start=3&steps=2000": ["line", "diverged", "silent", "solved", "solved", "rest"],
    "steps=100": ["line", "line", "silent", "learning", "learning", "learning"],
    "data=plane&rate=0.1&steps=25": ["diverged"] * 3 + ["uphill", "diverged", "silent"],
    "data=plane&rate=0.003&steps=5000": ["line"] * 2 + ["silent", "solved", "solved", "line"],
}


def test_a_word_for_each(browser: Browser, site: Site) -> None:
    with lab(browser, site) as page:
        for text, words in _SAID.items():
            go(page, text)
            expect(page.locator(".nne-message")).to_be_hidden()
            assert [word(page, name) for name in NAMES] == words, text
            for name, said in zip(NAMES, words, strict=True):
                signal = card(page, name).locator(".nne-lab-number").last.inner_text()
                assert (signal == "signal 0") == (said == "silent" or name == "step"), text
            everything = page.locator(".nne-lab").inner_text()
            assert "nan" not in everything.lower().replace("tanh", "")
            assert "undefined" not in everything


def test_the_live_region_speaks_once_after_a_run(browser: Browser, site: Site) -> None:
    with lab(browser, site) as page:
        page.evaluate("""() => {
            window.spoken = [];
            const live = document.querySelector('[role="status"]');
            new MutationObserver(() => window.spoken.push(live.textContent))
                .observe(live, {childList: true, characterData: true, subtree: true});
        }""")
        page.get_by_role("button", name="Run").click()
        page.wait_for_timeout(600)
        page.get_by_role("button", name="Pause").click()
        page.wait_for_timeout(1200)
        spoken = page.evaluate("window.spoken")
        assert len(spoken) == 1
        assert spoken[0].startswith(f"Step {steps(page)}. identity: J = ")
        assert "step: J = 0." in spoken[0]
        assert "no signal: the hidden weights stand still" in spoken[0]


# ---- mouse, keyboard, touch


def test_run_pause_step_and_back_by_mouse(browser: Browser, site: Site) -> None:
    with lab(browser, site) as page:
        step, back = (page.get_by_role("button", name=name) for name in ("Step", "Back to start"))
        step.click()
        step.click()
        arrived(page)
        expect(page.locator(".nne-lab-now")).to_have_text("Step 2")
        page.get_by_role("button", name="Run").click()
        page.wait_for_timeout(500)
        page.get_by_role("button", name="Pause").click()
        arrived(page)
        reached = steps(page)
        assert reached > 10
        page.wait_for_timeout(200)
        assert steps(page) == reached
        back.click()
        arrived(page)
        assert steps(page) == 0
        page.locator('select[name="data"]').select_option("plane")
        arrived(page)
        assert page.locator(".nne-lab-card canvas").first.is_hidden()
        assert (page.locator(".nne-lab-view path").first.get_attribute("d") or "").count("a") > 20


def test_everything_works_by_keyboard(browser: Browser, site: Site) -> None:
    with lab(browser, site) as page:
        stops = tab_stops(page, 12)
        tools, walk = ["data", "start", "Reset", "Copy link"], ["Run", "Step", "Back to start"]
        assert stops[:9] == [*tools, "steps", "rate", *walk]
        assert stops[9] == "All numbers, as they are now"
        page.get_by_role("button", name="Step").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Space")
        arrived(page)
        assert steps(page) == 2
        slider = page.locator('input[name="steps"]')
        slider.focus()
        page.keyboard.press("ArrowRight")
        arrived(page)
        assert steps(page) == 3
        page.keyboard.press("End")
        arrived(page)
        expect(page.locator(".nne-lab-now")).to_have_text("Step 5000")
        assert word(page, "tanh") == "solved"
        page.locator('input[name="rate"]').focus()
        page.keyboard.press("ArrowLeft")
        arrived(page)
        expect(page.locator('input[name="rate"]')).to_have_attribute("aria-valuetext", "0.016")
        page.locator('select[name="start"]').focus()
        page.keyboard.press("ArrowDown")
        arrived(page)
        assert page.locator('select[name="start"]').input_value() == "2"


def test_everything_works_by_touch(browser: Browser, site: Site) -> None:
    with lab(browser, site, viewport=PHONE, has_touch=True) as page:
        page.get_by_role("button", name="Step").tap()
        arrived(page)
        assert steps(page) == 1
        slider = page.locator('input[name="steps"]')
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        assert box is not None
        page.touchscreen.tap(box["x"] + 0.5 * box["width"], box["y"] + box["height"] / 2)
        arrived(page)
        assert 2000 < steps(page) < 3000
        page.get_by_role("button", name="Back to start").tap()
        arrived(page)
        assert steps(page) == 0


def test_with_less_motion_a_run_jumps(browser: Browser, site: Site) -> None:
    with lab(browser, site, reduced_motion="reduce") as page:
        page.wait_for_timeout(300)
        assert steps(page) == 0, "nothing starts by itself"
        page.get_by_role("button", name="Run").click()
        seen = [0]
        while len(seen) < 3:
            page.wait_for_timeout(30)
            seen += [steps(page)] if steps(page) != seen[-1] else []
        assert min(np.diff(seen)) > 100  # half a second's worth, not a frame's


# ---- addresses


def test_the_state_is_in_the_address_and_reset_empties_it(browser: Browser, site: Site) -> None:
    with lab(browser, site) as page:
        slide(page, "steps", 120)
        page.locator('select[name="start"]').select_option("7")
        page.wait_for_url("**/#steps=120&start=7")
        page.reload()
        page.locator(".nne-live").wait_for()
        arrived(page)
        expect(page.locator(".nne-lab-now")).to_have_text("Step 120")
        assert page.locator('select[name="start"]').input_value() == "7"
        page.get_by_role("button", name="Reset").click()
        page.wait_for_url(re.compile(r"/#?$"))
        assert steps(page) == 0


def test_an_absurd_address_is_met_with_words(browser: Browser, site: Site) -> None:
    with lab(browser, site) as page:
        for text in ("steps=5001", "steps=-1", "rate=0", "start=10", "data=and", "steps=1e999"):
            go(page, text)
            message = page.locator(".nne-message")
            expect(message).to_contain_text("This link asks for what cannot be")
            expect(page.locator(".nne-lab-now")).to_have_text("Step 0")
            page.get_by_role("button", name="Reset").click()
            expect(message).to_be_hidden()


# ---- for everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(browser: Browser, site: Site, scheme: Any) -> None:
    with lab(browser, site, "steps=400", color_scheme=scheme) as page:
        page.locator(".nne-lab details > summary").click()
        for size in (WIDE, PHONE):
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
            settle(page)
            result = Axe().run(page, context=".nne-explorable")
            assert result.violations_count == 0, result.generate_report()


# Texts that stand farther to the right than the box they belong to.
_OUTSIDE = """boxes => boxes.flatMap(box => {
    const right = box.getBoundingClientRect().right;
    return [...box.querySelectorAll('p, text')].filter(e => {
        const range = document.createRange();
        range.selectNodeContents(e);
        return range.getBoundingClientRect().right > right + 1;
    }).map(e => e.textContent);
})"""


def test_nothing_leaves_its_place(browser: Browser, site: Site) -> None:
    with opened(browser, site.url("learn/straight-line/")) as page:
        slide(page, "steps", 900)
        for width in (320, 390, 768, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            arrived(page)
            assert page.evaluate("document.scrollingElement.scrollWidth") <= width
            for place in (".nne-lab-card", ".nne-stage"):
                assert page.locator(place).evaluate_all(_OUTSIDE) == [], place
            heights = page.locator(".nne-lab-label").evaluate_all(
                "all => all.map(e => e.getBoundingClientRect().y)"
            )
            assert min(np.diff(np.sort(heights))) > 9, "names stand on each other"


def test_without_scripts_and_on_paper_the_figure_stands_there(browser: Browser, site: Site) -> None:
    for still in still_figures(
        browser, site, "lab", ADDRESS, "learn/relu/", "learn/step-and-hash/"
    ):
        assert still.locator("> svg").is_visible()
    with lab(browser, site) as page:
        figure = page.locator(".nne-explorable > figure > svg")
        assert not figure.is_visible()
        page.emulate_media(media="print")
        assert figure.is_visible()
