"""An explorable opened in a browser, and what it shows read back as numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Browser, Page

from nnexplain.explorables import Start, explorables
from nnexplain.network import Network
from nnexplain.worked import worked

Array = npt.NDArray[np.float64]
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


# What one change costs: the frame's own work and the layout that it causes.
_TIMED = """() => {
    const ask = window.requestAnimationFrame;
    window.costs = [];
    window.requestAnimationFrame = (work) => ask((now) => {
        const start = performance.now();
        work(now);
        document.body.getBoundingClientRect();
        window.costs.push(performance.now() - start);
    });
}"""


def frame_costs(page: Page, name: str, places: Sequence[float]) -> Array:
    """Return what a frame costs, in ms at 4x CPU throttle, while a slider goes to all `places`.

    Waiting asks for frames too, which do nothing: as many as there are places, the dearest, sorted.
    """
    page.evaluate(_TIMED)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    for place in places:
        page.locator(f'input[name="{name}"]').fill(str(place))
        settle(page)
    return np.sort(page.evaluate("window.costs"))[-len(places) :]


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
