"""What all tests share: one real browser, and one built site, for each worker that needs one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.site import site

__all__ = ["site"]  # a fixture: one build of the site for all tests of a worker

_PLACES = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
)


def find_chromium() -> str | None:
    """Return Chromium's path: $NNEXPLAIN_CHROMIUM alone if it is set, else the first installed."""
    chosen = os.environ.get("NNEXPLAIN_CHROMIUM")
    paths = (shutil.which(place) for place in ([chosen] if chosen else _PLACES))
    return next((path for path in paths if path), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once for a worker: mark browser tests `xdist_group` so that few start."""
    path = find_chromium()
    if path is None:
        reason = "no Chromium found: apt-get install chromium, or set NNEXPLAIN_CHROMIUM to one"
        if os.environ.get("CI"):
            pytest.fail(reason)  # in CI a skipped browser test would look like a passed one
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield chromium
        chromium.close()
