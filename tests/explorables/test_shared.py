"""The chart and the player that explorables share, each alone on an empty page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.explorables.conftest import ORIGIN, modules_on

pytestmark = pytest.mark.xdist_group("explorables")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.route("**/*", modules_on("<!doctype html><title>Empty</title>"))
    page = context.new_page()
    page.goto(f"{ORIGIN}/")
    yield page
    context.close()


def run(page: Page, body: str) -> Any:
    return page.evaluate(
        f"""async () => {{
            const {{chart, legend}} = await import("/chart.js");
            const {{player}} = await import("/player.js");
            {body}
        }}"""
    )


def test_a_chart_places_what_it_is_given(page: Page) -> None:
    found = run(
        page,
        """
        const c = chart({label: "J", x: {low: -2, high: 2}, y: {low: 1e-8, high: 1, log: true}, width: 258, height: 148});
        document.body.append(c.element);
        const line = c.line("a");
        line.set([-2, 0, 1, 2], [1, NaN, 1e-4, 1e-8]);
        const dot = c.dot("b", {shape: "square"});
        dot.set(0, 1e-4);
        const at = dot.element.getAttribute("points");
        dot.set(0, -1);
        const box = c.element.getBoundingClientRect();
        const under = c.at({clientX: box.left + c.x(1), clientY: box.top + c.y(1e-2)});
        const ticks = [...c.element.querySelectorAll(".nne-ticks")].map(
            g => [...g.querySelectorAll("text")].map(t => t.textContent).filter(Boolean));
        return {pieces: [...line.element.children].map(p => p.getAttribute("points")), at, under, ticks,
                hidden: dot.element.getAttribute("visibility"), label: c.element.getAttribute("aria-label")};
        """,  # noqa: E501
    )
    # The frame is 200 wide from 46, 100 high from 10: the middle of both axes is (146, 60).
    assert found["pieces"] == ["46.00,10.00", "196.00,60.00 246.00,110.00"]
    assert found["at"] == "141.00,55.00 151.00,55.00 151.00,65.00 141.00,65.00"
    assert found["hidden"] == "hidden", "a logarithm of −1 is nowhere"
    assert found["under"]["x"] == pytest.approx(1)
    assert found["under"]["y"] == pytest.approx(1e-2)
    assert found["ticks"] == [
        ["−2", "−1", "0", "1", "2"],
        ["10⁻⁸", "10⁻⁶", "0.0001", "0.01", "1"],
    ]
    assert found["label"] == "J"


def test_a_segment_ends_not_far_outside_and_keeps_its_way(page: Page) -> None:
    found = run(
        page,
        """
        const c = chart({label: "", x: {low: -1, high: 1}, y: {low: -1, high: 1}, width: 258, height: 148});
        const segment = c.segment("a");
        return [[-1, -1, 1, 1], [-1, -1e6, 1, 1e6], [-1e9, 0.5, 1e9, 0.5], [-1, 1e6, 1, 1e6], [-1, NaN, 1, 0]].map((ends) => {
            segment.set(...ends);
            const read = (name) => Number(segment.element.getAttribute(name));
            return segment.element.getAttribute("visibility") === "hidden" ? null : ["x1", "y1", "x2", "y2"].map(read);
        });
        """,  # noqa: E501
    )
    inside, steep, level, outside, nothing = found
    assert inside == [46, 110, 246, 10], "what is near stays as it is"
    x1, y1, x2, y2 = steep  # a line through the middle, 5e5 times as steep as the frame's own
    assert max(map(abs, steep)) < 10 * 258
    assert y1 - y2 == pytest.approx(2 * 9 * 148)
    assert (x2 - x1) / (y1 - y2) == pytest.approx(2e-6, rel=1e-3)
    assert (60 - y1) * (x2 - x1) == pytest.approx((146 - x1) * (y2 - y1), abs=1e-6)
    assert level == pytest.approx([-9 * 258, 35, 9 * 258, 35])
    assert outside is None
    assert nothing is None


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 1, ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        (-0.31, 0.29, ["−0.2", "0", "0.2"]),
        (0.1 + 0.2, 0.9, ["0.4", "0.6", "0.8"]),
        (1e6, 3e6, ["10⁶", "1.5 × 10⁶", "2 × 10⁶", "2.5 × 10⁶", "3 × 10⁶"]),
        (5, 5, []),
        (0, float("inf"), []),
    ],
)
def test_ticks_are_round_numbers(page: Page, low: float, high: float, ticks: list[str]) -> None:
    bounds = f"{{low: {low}, high: {high}}}".replace("inf", "Infinity")
    texts = f"""const c = chart({{label: "", x: {{low: 0, high: 9}}, y: {{low: 3, high: 4}}}});
        c.range({{x: {bounds}}});
        return [...c.element.querySelectorAll(".nne-ticks")[0].querySelectorAll("text")].map(t => t.textContent).filter(Boolean);"""  # noqa: E501
    assert run(page, texts) == ticks


# A shell that remembers: the player sets its slider and is shown every new state.
_SHELL = """
    const entries = new Map([["steps", {low: 0, high: 40, step: 1, value: 0}]]);
    const shell = {entries, state: {steps: 0, rate: 1}, set(name, value) {
        this.state[name] = value; buttons.show(this.state);
    }};
    const buttons = player(shell, "steps", {perSecond: 400});
    document.body.append(buttons.element);
    buttons.show(shell.state);
    const wait = ms => new Promise(done => setTimeout(done, ms));
    const [run, step, back] = buttons.element.querySelectorAll("button");
"""


def test_a_player_steps_runs_to_the_end_and_goes_back(page: Page) -> None:
    found = run(
        page,
        _SHELL
        + """
        await wait(60);
        const before = shell.state.steps;
        step.click(); step.click();
        const two = shell.state.steps;
        run.click();
        const words = run.textContent;
        await wait(600);
        const end = [shell.state.steps, run.textContent, step.getAttribute("aria-disabled")];
        step.click();
        const still = shell.state.steps;
        back.click();
        return {before, two, words, end, still, back: shell.state.steps};
        """,
    )
    assert found == {
        "before": 0,
        "two": 2,
        "words": "Pause",
        "end": [40, "Run", "true"],
        "still": 40,
        "back": 0,
    }


def test_a_player_stops_when_its_reader_does_something_else(page: Page) -> None:
    found = run(
        page,
        _SHELL.replace("400", "20")
        + """
        run.click();
        await wait(150);
        shell.set("rate", 2);
        const [words, at] = [run.textContent, shell.state.steps];
        await wait(200);
        return {words, moved: at > 0, stays: shell.state.steps === at};
        """,
    )
    assert found == {"words": "Run", "moved": True, "stays": True}


def test_a_player_jumps_for_those_who_want_less_motion(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    found = run(
        page,
        _SHELL.replace("400", "20")
        + """
        const seen = [];
        const set = shell.set;
        shell.set = (name, value) => { seen.push(value); set.call(shell, name, value); };
        run.click();
        await wait(1300);
        run.click();
        return seen;
        """,
    )
    assert len(found) == 2
    assert found[0] >= 9
