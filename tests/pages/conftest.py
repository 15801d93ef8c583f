"""The visits to all pages, made once for the tests that judge them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.pages.visits import Visits, travel
from tests.site import Site


@pytest.fixture(scope="session")
def visits(browser: Browser, site: Site) -> Visits:
    return travel(browser, site)
