"""The landscape in a real browser: its walks, maps and words are Python's, however it is used."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

import nnexplain as nne
from nnexplain.explorables import Start, explorables
from nnexplain.explorables.landscape import data_of, frozen, network_of
from nnexplain.figures.labels import subscripted
from nnexplain.numbers import format_number
from tests.explorables.conftest import PHONE, WIDE, opened, settle, still_figures, tab_stops
from tests.site import Site

pytestmark = pytest.mark.xdist_group("explorables")
RECORD = explorables["landscape"]
ADDRESS = "explorables/landscape/"
SIZES = {
    "wide": {"viewport": WIDE},
    "phone": {"viewport": PHONE, "has_touch": True, "is_mobile": True},
}
REACH = {"wide": 10.0, "close": 3.0}


def walk_of(state: Start) -> nne.descent.Trajectory:
    """The walk of a state by Python, whole."""
    x, y = data_of(str(state["samples"]))
    steps = max(int(state["steps"]), 1)
    return nne.descend(
        network_of(state), x, y, learning_rate=float(state["eta"]), steps=steps,
        freeze=frozen(state),
    )  # fmt: skip


def go(page: Page, changes: Start) -> None:
    """Open another state on the same page."""
    page.evaluate("hash => { location.hash = hash; }", urlencode(changes) or "eta=0.9")
    settle(page)
    settle(page)


def readout(page: Page) -> dict[str, str]:
    rows = page.locator(".nne-readout tr").all()
    return {row.locator("th").inner_text(): row.locator("td").inner_text() for row in rows}


def story(page: Page) -> str:
    return page.locator(".nne-landscape .nne-words").first.inner_text()


def slider(page: Page, name: str) -> float:
    return float(page.locator(f'input[name="{name}"]').input_value())


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f'select[name="{name}"]').select_option(value)
    settle(page)


def ball(page: Page, reach: float) -> tuple[float, float]:
    """Where the ball is, read from the picture in the map's own coordinates."""
    return tuple(
        page.evaluate(
            """reach => {
                const [ball, frame] = [".nne-ball", ".nne-frame"].map(
                    s => document.querySelector(s));
                const [x, y, w, h] = ["x", "y", "width", "height"].map(n => frame[n].baseVal.value);
                const box = ball.getBBox();
                const [left, down] = [box.x + box.width / 2, box.y + box.height / 2];
                return [((left - x) / w * 2 - 1) * reach, (1 - (down - y) / h * 2) * reach];
            }""",
            reach,
        )
    )


def on_map(page: Page, x: float, y: float, reach: float = 10.0) -> tuple[float, float]:
    """Where a place of the map is on the screen."""
    box = page.locator(".nne-landscape .nne-frame").bounding_box()
    assert box is not None
    across, up = ((value / reach + 1) / 2 for value in (x, y))
    return box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"]


def finger(page: Page, start: tuple[float, float], way: tuple[float, float]) -> None:
    """Draw a finger over the screen."""
    session = page.context.new_cdp_session(page)
    points = [(start[0] + k / 8 * way[0], start[1] + k / 8 * way[1]) for k in range(9)]
    for kind, (x, y) in zip(["touchStart", *["touchMove"] * 8], points, strict=True):
        touch = {"type": kind, "touchPoints": [{"x": x, "y": y}]}
        session.send("Input.dispatchTouchEvent", touch)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settle(page)


# The walk of the page's own modules, and J on a coarse grid, as they compute it.
_COMPUTED = """async ([base, state, free]) => {
    const load = (name) => import(base + name);
    const [{networks, names}, {Walk}, {field}] = await Promise.all(
        ["landscape-networks.js", "descent.js", "field.js"].map(load));
    const spec = await (await fetch(base + "landscape.json")).json();
    const {x, y} = spec.samples[state.samples];
    const start = names.map(name => state[name]);
    const walk = new Walk(networks[state.units], start, state.eta, x, y, free);
    const step = walk.to(state.steps);
    const axes = [state.first, state.second].map(name => names.indexOf(name));
    const grid = [-10, -3, 0.5, 7];
    return [walk.points.map(p => [...p]), walk.losses, walk.stopped,
            [...field(networks[state.units], walk.points[step], axes, grid, grid, x, y)]];
}"""


@pytest.mark.parametrize("size", SIZES)
def test_every_number_equals_python(browser: Browser, site: Site, size: str) -> None:
    with opened(browser, site.url(ADDRESS), **SIZES[size]) as page:
        for changes in RECORD.situations:
            state = RECORD.state(changes)
            walk = walk_of(state)
            step = min(int(state["steps"]), int(walk.steps[-1]))
            go(page, changes)
            expect(page.locator(".nne-message")).to_be_hidden()
            net = walk.network if step else network_of(state)
            x, y = data_of(str(state["samples"]))
            gradient, axes = net.gradient(x, y), [str(state["first"]), str(state["second"])]
            assert readout(page) == {
                "J at the ball": format_number(float(walk.loss[step])),
                **{f"∂J/∂{subscripted(n)}": format_number(gradient[n]) for n in axes},
                "steps taken": str(step),
            }
            reach = REACH[str(state["map"])]
            place = [net.parameters[name] for name in axes]
            if max(map(abs, place)) <= reach:
                assert ball(page, reach) == pytest.approx(place, abs=reach / 1e4)
            else:
                assert "has left the map" in story(page)


def test_paths_and_maps_equal_python_to_twelve_digits(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        base = site.url("assets/explorables/")
        for changes in RECORD.situations:
            state = RECORD.state(changes)
            walk, names = walk_of(state), network_of(state).names
            free = [k for k, name in enumerate(names) if name not in frozen(state)]
            points, losses, stopped, values = page.evaluate(_COMPUTED, [base, state, free])
            taken = len(points)
            assert taken == (int(walk.steps[-1]) + 1 if state["steps"] else 1)
            np.testing.assert_allclose(points, walk.parameters[:taken], rtol=1e-12, atol=1e-13)
            np.testing.assert_allclose(losses, walk.loss[:taken], rtol=1e-12, atol=1e-16)
            if state["steps"]:
                assert (stopped or "step limit") == walk.stopped
            last = network_of(state).replace(
                parameters=dict(zip(names, points[-1], strict=True))
            )  # fmt: skip
            grid = np.array([-10, -3, 0.5, 7])
            sets = np.tile(last.vector, (4, 4, 1))
            sets[..., names.index(str(state["first"]))] = grid
            sets[..., names.index(str(state["second"]))] = grid[:, None]
            expected = last.losses_at(sets, *data_of(str(state["samples"])))
            np.testing.assert_allclose(np.reshape(values, (4, 4)), expected, rtol=1e-12, atol=1e-15)


WORDS = {
    "The ball lies at its start.": {},
    "Downhill: the last step took J from": {"steps": 3},
    "Overshot: the last step was too long": {"steps": 1, "eta": 32.0},
    "Converged after 730 steps": {"steps": 2000, "eta": 10.0},
    "Hardly any change: J stays near": {"steps": 2000},
    "Diverged after": {"steps": 9, "units": "identity", "eta": 1.0, "moving": "all"},
    "Stalled on a plateau after 1 step:": {"steps": 5, "units": "step"},
    "Stalled at a saddle after": {
        "steps": 2000, "units": "identity", "eta": 0.05, "moving": "all", "samples": "many",
        **dict.fromkeys(nne.worked["han_kamber"].network.names, 0.0),
    },
    "The ball has left the map: w₄₆ =": {
        "steps": 9, "samples": "many", "eta": 32.0,
    },
}  # fmt: skip


def test_it_says_what_happened_and_what_the_map_hides(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        for words, changes in WORDS.items():
            go(page, changes)
            assert words in story(page), changes
        hidden = page.locator(".nne-landscape .nne-words").last
        state = RECORD.state({"steps": 60, "moving": "all", "samples": "many", "eta": 0.3})
        go(page, {name: state[name] for name in ("steps", "moving", "samples", "eta")})
        walk, (x, y) = walk_of(state), data_of("many")
        below = walk.network.replace(
            parameters={name: network_of(state).parameters[name] for name in ("w46", "b6")}
        )
        shadow, began = (format_number(v, 3) for v in (below.loss(x, y), float(walk.loss[0])))
        assert shadow != began
        expect(hidden).to_contain_text(
            f"the map says J = {shadow}; the walk really began at {began}"
        )
        choose(page, "moving", "two")
        expect(hidden).to_contain_text("nine parameters stay as they are")


# ---- mouse, keyboard, touch


def test_a_mouse_places_the_ball(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        page.mouse.click(*on_map(page, -4, 6))
        settle(page)
        assert [slider(page, name) for name in ("w46", "b6")] == pytest.approx([-4, 6], abs=0.1)
        assert slider(page, "steps") == 0
        page.mouse.move(*on_map(page, slider(page, "w46"), slider(page, "b6")))
        page.mouse.down()
        page.mouse.move(*on_map(page, 1, 1), steps=4)
        page.mouse.move(*on_map(page, 99, -99), steps=4)
        page.mouse.up()
        settle(page)
        assert [slider(page, name) for name in ("w46", "b6")] == [10, -10]


def test_a_ball_put_elsewhere_keeps_the_map_it_was_put_on(browser: Browser, site: Site) -> None:
    changes = {"samples": "many", "moving": "all", "eta": 0.3, "steps": 400}
    with opened(browser, f"{site.url(ADDRESS)}#{urlencode(changes)}") as page:
        net = walk_of(RECORD.state(changes)).network
        page.mouse.click(*on_map(page, 2, 2))
        settle(page)
        assert slider(page, "steps") == 0
        for name, value in net.parameters.items():
            if name not in ("w46", "b6"):
                assert slider(page, name) == pytest.approx(value, abs=0.026), "a slider's half step"


def test_everything_works_by_keyboard(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        stops = tab_stops(page, 30)
        choices = [choice.name for choice in RECORD.choices]
        assert stops[: len(choices)] == choices
        sliders = [control.name for group in RECORD.groups.values() for control in group]
        assert [stop for stop in stops if stop in sliders] == sliders
        assert {"Run", "Step", "Back to start"} <= set(stops)
        page.locator(".nne-pad").focus()
        for key in ("ArrowRight", "ArrowRight", "Shift+ArrowUp", "ArrowDown", "ArrowLeft"):
            page.keyboard.press(key)
            settle(page)
        assert [slider(page, name) for name in ("w46", "b6")] == pytest.approx([-0.2, 1.0])
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_step_run_pause_and_back(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS)) as page:
        button = {name: page.get_by_role("button", name=name, exact=True)
                  for name in ("Step", "Run", "Pause", "Back to start")}  # fmt: skip
        button["Step"].click()
        button["Step"].click()
        settle(page)
        assert readout(page)["steps taken"] == "2"
        button["Run"].click()
        expect(page.locator(".nne-readout tr:last-child td")).not_to_have_text("2")
        button["Pause"].click()
        taken = readout(page)["steps taken"]
        page.wait_for_timeout(150)
        assert readout(page)["steps taken"] == taken
        button["Back to start"].click()
        settle(page)
        assert readout(page)["steps taken"] == "0"
        go(page, {"eta": 1.0, "units": "identity", "moving": "all"})
        button["Run"].click()
        expect(button["Run"]).to_be_visible()  # a walk that has ended ends the run
        assert "Diverged" in story(page)


def test_the_learning_rate_moves_in_powers_of_ten(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS) + "#eta=0.123") as page:
        rate = page.locator('input[name="eta"]')
        assert rate.get_attribute("aria-valuetext") == "0.123", "a link's number is kept"
        seen = []
        rate.focus()
        for key in ("Home", *["ArrowRight"] * 40, "End"):
            page.keyboard.press(key)
            settle(page)
            seen.append(float(rate.get_attribute("aria-valuetext") or "nan"))
        assert seen[0] == 0.01
        assert seen[-1] == 100
        assert seen[40] == pytest.approx(1)
        assert all(np.diff(seen) > 0), "every press moves it"
        page.wait_for_url("**/#eta=100")


def test_everything_works_by_touch(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS), **SIZES["phone"]) as page:
        page.locator(".nne-pad").scroll_into_view_if_needed()
        page.touchscreen.tap(*on_map(page, 5, -2))
        settle(page)
        assert [slider(page, name) for name in ("w46", "b6")] == pytest.approx([5, -2], abs=0.15)
        page.get_by_role("button", name="Step", exact=True).tap()
        settle(page)
        assert readout(page)["steps taken"] == "1"
        assert page.locator(".nne-hold").evaluate("e => getComputedStyle(e).touchAction") == "none"
        box = page.locator(".nne-hold").bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 40
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        finger(page, middle, (40, -60))
        place = [slider(page, name) for name in ("w46", "b6")]
        assert place[0] > 6
        assert place[1] > 0
        finger(page, on_map(page, -8, -8), (0, -60))
        assert [slider(page, name) for name in ("w46", "b6")] == place, "a swipe scrolls the page"
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.scrollingElement.scrollWidth") <= width


# ---- addresses, and for everybody


def test_what_cannot_be_is_met_with_words(browser: Browser, site: Site) -> None:
    with opened(browser, site.url(ADDRESS) + "#first=b6&second=b6") as page:
        message = page.locator(".nne-message")
        expect(message).to_contain_text("Both axes are b₆: a map needs two different parameters")
        assert not page.locator(".nne-readout").is_visible()
        page.mouse.click(*on_map(page, 1, 1))
        choose(page, "second", "w46")
        expect(message).to_be_hidden()
        assert readout(page)["steps taken"] == "0"
        choose(page, "second", "b6")
        expect(message).to_be_visible()
        page.evaluate("location.hash = 'eta=-1'")
        settle(page)
        expect(message).to_contain_text("This link asks for what cannot be")
        page.get_by_role("button", name="Reset").click()
        expect(message).to_be_hidden()
        for absurd in ("eta=0", "eta=1e99", "steps=-1", "w14=NaN", "first=w99", "units=__proto__"):
            page.evaluate("hash => { location.hash = hash; }", absurd)
            expect(message).to_contain_text("This link asks for what cannot be")
            assert "The ball lies at its start" in story(page)
        page.get_by_role("button", name="Reset").click()
        expect(message).to_be_hidden()
        page.wait_for_url(re.compile(r"/#?$"))


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_no_violation(browser: Browser, site: Site, size: str) -> None:
    with opened(browser, site.url(ADDRESS) + "#steps=40&moving=all", **SIZES[size]) as page:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            settle(page)
            result = Axe().run(page, context=".nne-explorable")
            assert result.violations_count == 0, result.generate_report()


def test_without_scripts_and_on_paper_the_figure_stands_there(browser: Browser, site: Site) -> None:
    for still in still_figures(browser, site, "landscape", ADDRESS):
        assert still.locator("> svg").is_visible()
    with opened(browser, site.url(ADDRESS)) as page:
        page.emulate_media(media="print")
        assert page.locator(".nne-explorable > figure > svg").is_visible()
        assert not page.locator(".nne-live").is_visible()
