"""An explorable opened in a browser, and what it shows read back as numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Browser, Locator, Page, Route

from nnexplain.explorables import Start, explorables
from nnexplain.network import Network
from nnexplain.worked import worked
from tests.site import ROOT, Site

Array = npt.NDArray[np.float64]
FOLDER = ROOT / "docs" / "assets" / "explorables"
ORIGIN = "http://localhost"
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


@contextmanager
def opened(browser: Browser, address: str, **settings: Any) -> Iterator[Page]:
    """A tab in which an address is open, its first explorable awake; a fault of the page fails."""
    context = browser.new_context(**{"viewport": WIDE, **settings})
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    try:
        page.goto(address)
        page.locator(".nne-explorable").first.scroll_into_view_if_needed()
        page.locator(".nne-live").wait_for()
        settle(page)
        yield page
        assert faults == []
    finally:
        context.close()


def settle(page: Page) -> None:
    """Wait until what was asked for has been drawn."""
    page.evaluate("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")


def tab_stops(page: Page, count: int) -> list[str]:
    """Press Tab so often; return what then has the focus each time, by its name or its text."""
    stops = []
    for _ in range(count):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate(
                "(e => e.name || e.dataset.name || e.dataset.factor || e.textContent.trim())"
                "(document.activeElement)"
            )
        )
    return stops


def still_figures(browser: Browser, site: Site, name: str, *addresses: str) -> Iterator[Locator]:
    """Yield the figure that stands for an explorable at each address where scripts are off."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for address in addresses:
        page.goto(site.url(address))
        assert page.locator(".nne-live").count() == 0
        yield page.locator(f'[data-explorable="{name}"] > figure')
    context.close()


def modules_on(html: str) -> Callable[[Route], None]:
    """Answer with the explorables' modules, and where no module is asked for with this page."""

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(f"{ORIGIN}/")
        if name.endswith(".js"):
            text = (FOLDER / name).read_text(encoding="utf-8")
            route.fulfill(body=text, content_type="text/javascript")
        else:
            route.fulfill(body=html, content_type="text/html")

    return answer


# A slider goes to all places, a frame for each; what a frame causes is done before the next.
_MOVE = """async ([name, places]) => {
    const input = document.querySelector(`input[name="${name}"]`);
    const {port1, port2} = new MessageChannel();
    for (const place of places) {
        input.value = place;
        input.dispatchEvent(new Event("input", {bubbles: true}));
        await new Promise(done => requestAnimationFrame(() => {
            port1.onmessage = done;
            port2.postMessage(null);
        }));
    }
}"""
_WORK = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")


def frame_cost(page: Page, name: str, places: Sequence[float]) -> float:
    """Return a frame's scripts, styles and layout in ms at 4x throttle, as a slider is moved.

    It is the time of the processor that the page's own thread used, times 4: what else the machine
    does costs the clock, and hardly this.
    """
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        found = session.send("Performance.getMetrics")["metrics"]
        return sum(metric["value"] for metric in found if metric["name"] in _WORK)

    before = spent()
    page.evaluate(_MOVE, [name, list(places)])
    return 4 * 1000 * (spent() - before) / len(places)


def pieces(line: Locator) -> list[np.ndarray]:
    """The unbroken pieces of a drawn line, each with its corners (N, 2) in pixels."""
    drawn = line.locator("polyline").evaluate_all("all => all.map(e => e.getAttribute('points'))")
    return [np.array([at.split(",") for at in text.split()], dtype=float) for text in drawn if text]


def number(text: str) -> float:
    """Return the number that a reader sees: "−1.2 × 10⁻⁵" is -1.2e-05."""
    plain = text.replace("−", "-").translate(SUPERSCRIPTS)
    return float(re.sub(r"\s*×\s*10\^?", "e", plain))


def network_of(state: Start) -> tuple[Network, list[float], float]:
    """Return the circuit's network with the numbers of a state, and its sample."""
    net = worked["han_kamber"].network
    parameters = {name: float(state[name]) for name in net.names}
    x = [float(state[f"x{unit}"]) for unit in net.layers[0]]
    return net.replace(parameters=parameters), x, float(state["y"])


CIRCUIT = explorables["circuit"]
