"""What a frame costs while a slider moves: printed for each explorable, a measure and no bound."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Browser

from nnexplain.explorables import explorables
from tests.explorables.conftest import PHONE, frame_cost, opened
from tests.site import Site

pytestmark = pytest.mark.xdist_group("explorables")
BUDGET, FRAMES = 8, 30
# The dearest sliders of each, and between which places they move.
MOVED = {
    "activation-explorer": {"z": (-2, 2)},
    "circuit": {"w46": (-3, 0)},
    "depth-and-slopes": {"strength": (-0.9, 0.6), "centre": (-2, 2)},
    "drop-a-factor": {"w46": (-3, 0)},
    "hash-versus-sigmoid": {"z": (0.1, 4), "halvings": (1, 30)},
    "lab": {"steps": (4, 244)},
    "landscape": {"steps": (10, 400), "w15": (-2, 2)},
    "microscope": {"zoom": (0, 3), "z": (-2, 2)},
    "nudge": {"w14": (-3, 0)},
    "ramp-and-bowl": {"h": (0.1, 0.9)},
}


def test_every_explorable_is_measured() -> None:
    assert set(MOVED) == set(explorables)


@pytest.mark.parametrize("name", MOVED)
def test_what_a_frame_costs_at_four_times_throttle(browser: Browser, site: Site, name: str) -> None:
    for slider, (low, high) in MOVED[name].items():
        with opened(browser, site.url(f"explorables/{name}/"), viewport=PHONE) as page:
            stage = page.locator(".nne-stage")
            before = stage.inner_html()
            places = np.linspace(low, high, FRAMES).tolist()
            # There and back: the browser compiles what it runs for the first time.
            first = frame_cost(page, slider, places)
            assert stage.inner_html() != before, "moving it changes what is shown"
            again = frame_cost(page, slider, places[::-1])
        print(f"\n{name}, {slider}: {first:.1f} ms a frame at 4x CPU throttle, "
              f"{again:.1f} once it has been moved, budget {BUDGET}")  # fmt: skip
