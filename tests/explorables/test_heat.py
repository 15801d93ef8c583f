"""The map of a field that explorables share, alone on a page: its pixels are what it was given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from nnexplain.palette import ROLES, css
from tests.explorables.conftest import ORIGIN, modules_on

pytestmark = pytest.mark.xdist_group("explorables")
WIDTH, HEIGHT = 200, 100
_PAGE = f"""<!doctype html><title>Empty</title><style>{css()}
canvas {{ display: block; height: {HEIGHT}px; width: {WIDTH}px; }}</style>
<body data-md-color-scheme="default">"""


@pytest.fixture(params=[1, 2], ids=["plain", "sharp"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(device_scale_factor=request.param)
    context.route("**/*", modules_on(_PAGE))
    page = context.new_page()
    page.goto(f"{ORIGIN}/")
    yield page
    context.close()


# Shows a field, and reads [r, g, b, a] at places of the canvas in CSS pixels.
_SHOW = """async ([values, columns, levels, places]) => {
    const {heat} = await import("/heat.js");
    window.map = heat();
    document.body.append(map.element);
    map.show(Float64Array.from(values, Number), columns, levels);
    await new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)));
    window.look = ([x, y]) => [...map.element.getContext("2d").getImageData(
        x * devicePixelRatio, y * devicePixelRatio, 1, 1).data];
    return places.map(look);
}"""


def shown(page: Page, values: Any, levels: list[float], places: list[tuple[int, int]]) -> Any:
    grid = np.asarray(values, dtype=float)
    texts = [repr(float(v)).replace("inf", "Infinity").replace("nan", "NaN") for v in grid.ravel()]
    return page.evaluate(_SHOW, [texts, grid.shape[1], levels, places])


def tint(band: int, levels: int = 1) -> int:
    return round(255 * 0.35 * band / levels)


def rgb(colour: str) -> list[int]:
    return [int(colour[k : k + 2], 16) for k in (1, 3, 5)]


def near(found: list[list[int]], expected: list[int]) -> None:
    np.testing.assert_allclose([pixel[3] for pixel in found], expected, atol=2)


def test_bands_lie_where_the_numbers_say(page: Page) -> None:
    # From 0 on the left to 4 on the right; levels at 1 and 3: at 50 and 150 of 200 pixels.
    grid = np.tile(np.linspace(0, 4, 9), (5, 1))
    found = shown(page, grid, [1.0, 3.0], [(20, 5), (40, 90), (60, 5), (140, 90), (160, 5)])
    near(found, [0, 0, tint(1, 2), tint(1, 2), tint(2, 2)])
    np.testing.assert_allclose(found[2][:3], rgb(ROLES["forward"].light), atol=6)
    line = [page.evaluate("place => look(place)", [x, 8]) for x in (50, 150)]
    assert all(pixel[3] > tint(2, 2) + 20 for pixel in line), "a line where a band ends"
    page.evaluate('document.body.dataset.mdColorScheme = "slate"')
    page.evaluate("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")
    dark = page.evaluate("look([160, 5])")
    np.testing.assert_allclose(dark[:3], rgb(ROLES["forward"].dark), atol=6)


def test_the_first_row_is_the_lowest(page: Page) -> None:
    grid = np.tile(np.linspace(0, 4, 5)[:, None], (1, 4))
    near(shown(page, grid, [2.0], [(10, 90), (10, 10)]), [0, tint(1)])


def test_what_is_no_number_stands_as_high_as_the_map_goes(page: Page) -> None:
    grid = [[0, 0, np.nan], [0, 0, np.inf], [-np.inf, 0, np.inf]]
    near(shown(page, grid, [1.0, 2.0], [(20, 80), (180, 50), (20, 10)]), [0, tint(2, 2), 0])


def test_one_picture_for_one_field(page: Page) -> None:
    shown(page, np.eye(3), [0.5], [])
    kept = page.evaluate("""() => {
        const {values, columns, levels} = map;
        const context = map.element.getContext("2d");
        context.clearRect(0, 0, 999, 999);
        map.show(values, columns, levels);
        const nothing = look([1, 99])[3];
        map.show(Float64Array.from(values), columns, levels);
        return [nothing, look([1, 99])[3]];
    }""")
    assert kept == [0, tint(1)]


_LEVELS = """async (fields) => {
    const {levelsOf} = await import("/heat.js");
    return fields.map((values) => levelsOf(Float64Array.from(values)));
}"""


def test_levels_are_few_round_and_inside(page: Page) -> None:
    rng = np.random.default_rng(0)
    fields = [
        rng.uniform(0.5, 0.55, 500),
        rng.uniform(0.1, 0.3, 500),
        10 ** rng.uniform(-1, 0.2, 500),
        10 ** rng.uniform(-3, 1, 500),
        10 ** rng.uniform(-9, 40, 500),
    ]
    found = page.evaluate(_LEVELS, [field.tolist() for field in fields])
    for levels, field in zip(found, fields, strict=True):
        assert 3 <= len(levels) <= 10
        assert levels == sorted(set(levels))
        assert field.min() < levels[0]
        assert levels[-1] < field.max()
        assert all(float(f"{level:.3g}") == level for level in levels)
    flat = page.evaluate(_LEVELS, [[0.25] * 50, [0.0] * 50, [1e308] * 50])
    assert flat == [[], [], []]
