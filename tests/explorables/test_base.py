"""What holds for every explorable: its size, its record, and that views only draw and listen."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from nnexplain.errors import NnexplainError
from nnexplain.explorables import explorables
from nnexplain.numbers import format_number, is_rounded
from nnexplain.pages.explorable import files, specification
from tests.explorables.conftest import FOLDER, PHONE, opened, settle
from tests.site import ROOT, Site

# Shared by all, and the modules that place things: they see no state and no network.
SHARED = (
    "loader.js", "shell.js", "state.js", "elements.js", "numbers.js", "chart.js", "player.js",
    "heat.js", "formula.js", "drag.js", "places.js",
)  # fmt: skip
LAYOUTS = tuple(path.name for path in FOLDER.glob("*-layout.js"))
VIEWS = tuple(p.name for p in FOLDER.glob("*.js") if p.name not in (*SHARED, *LAYOUTS))
KILOBYTE = 1024


def code(name: str) -> str:
    """A module without its comments and texts."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    text = re.sub(r"//.*", "", text)
    return re.sub(r'"[^"\n]*"', '""', text)


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_computes_nothing(name: str) -> None:
    text = re.sub(r"LINE \* k", "", code(name))
    assert re.findall(r"Math\.|\*\*|\bexp\b|tanh|log1p|[^/*]\*[^/*]|[\w)\]] / ", text) == []


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_never_sees_the_network(name: str) -> None:
    text = code(name)
    assert "import" not in text
    assert re.findall(r"trace|gradient|delta|state|spec|exp\b|tanh", text) == []


@pytest.mark.parametrize("name", list(explorables))
def test_its_script_is_small(name: str) -> None:
    own = list(FOLDER.glob(f"{name}*.js"))
    size = sum(len(gzip.compress(path.read_bytes())) for path in own)
    size += sum(len(gzip.compress(text.encode())) for text in explorables[name].modules.values())
    print(f"\n{name}: {size / KILOBYTE:.1f} KB gzipped")
    assert size <= 15 * KILOBYTE


def test_what_all_share_is_small_too() -> None:
    # All of it together; no explorable loads everything.
    size = sum(len(gzip.compress((FOLDER / name).read_bytes())) for name in SHARED)
    assert size <= 19 * KILOBYTE
    assert len(gzip.compress((FOLDER / "loader.js").read_bytes())) <= KILOBYTE


@pytest.mark.parametrize("name", list(explorables))
def test_its_files_are_there(name: str) -> None:
    record = explorables[name]
    assert record.name == name
    assert (FOLDER / f"{name}.js").exists()
    assert (ROOT / "docs" / "explorables" / f"{name}.md").exists()
    assert files() == files()
    spec = json.loads(specification(record))
    assert all(text.startswith("<math") or "<math" in text for text in spec["formulas"].values())
    for situation in record.situations:
        assert set(record.state(situation)) == set(record.entries)


def test_a_state_that_cannot_be_says_so() -> None:
    circuit = explorables["circuit"]
    with pytest.raises(NnexplainError, match="unknown part of circuit 'w15 '"):
        circuit.state({"w15 ": 1.0})
    with pytest.raises(NnexplainError, match="w14 goes from -8 to 8, got nan; choose"):
        circuit.state({"w14": float("nan")})
    with pytest.raises(NnexplainError, match="unknown show 'w99'"):
        circuit.state({"show": "w99"})


_NUMBERS = [
    0.0, -0.0, 1.0, -0.7, 0.2, 0.1 + 0.2, 0.47388889, 1 / 3, 123456.0, 1234567.0, 99999.96, 1e-4,
    0.99996, 9.9996e-5, 1e-5, 1.2345e-16, -3.21e-300, 5e-324, 1e300, float("inf"), float("-inf"),
    float("nan"), 0.3000001, 12345.678, 100.0, 10.0, 0.015625, 0.0625, 100000.5, 0.5**20, 1.5**9,
]  # fmt: skip


@pytest.mark.xdist_group("explorables")
def test_numbers_are_written_as_in_python(browser: Browser, site: Site) -> None:
    page = browser.new_page()
    page.goto(site.url("explorables/circuit/"))
    call = """async ([url, texts]) => {
        const {format, parts} = await import(url);
        return texts.map(Number).map(v => [3, 4].map(d => [format(v, d), parts(v, d).isRounded()]));
    }"""
    texts = [repr(v).replace("inf", "Infinity") for v in _NUMBERS]
    found = page.evaluate(call, [site.url("assets/explorables/numbers.js"), texts])
    page.close()
    for value, row in zip(_NUMBERS, found, strict=True):
        assert row == [[format_number(value, d), is_rounded(value, d)] for d in (3, 4)]


@pytest.mark.xdist_group("explorables")
@pytest.mark.parametrize("name", ["landscape", "ramp-and-bowl"])
def test_drawings_follow_the_window(browser: Browser, site: Site, name: str) -> None:
    # Drawn anew, not scaled: its letters keep their size, and it takes the room that there is.
    with opened(browser, site.url(f"explorables/{name}/"), viewport=PHONE) as page:
        for width, least in ((540, 400), (320, 280)):
            page.set_viewport_size({"width": width, "height": 844})
            settle(page)
            settle(page)
            for picture in page.locator(".nne-chart").all():
                box = picture.bounding_box()
                assert box is not None
                assert least < box["width"] <= width
                assert float(picture.get_attribute("width") or 0) == pytest.approx(box["width"])


def test_no_view_reaches_for_another_place() -> None:
    for path in Path(FOLDER).glob("*.js"):
        for address in re.findall(r"https?://\S+", path.read_text(encoding="utf-8")):
            assert address.startswith("http://www.w3.org/"), f"{path.name}: {address}"


def test_a_link_followed_while_an_address_is_about_to_be_written_is_heard(
    browser: Browser, site: Site
) -> None:
    """The address is written a while after the last change: not over what stands there by then."""
    follow = """() => {
      document.querySelector(".nne-buttons button").click();
      setTimeout(() => { location.hash = "w14=0.9"; }, 600);
      // Both are due when this ends: the address is written between the link and its event.
      const due = performance.now() + 800;
      while (performance.now() < due);
    }"""
    with opened(browser, site.url("explorables/circuit/")) as page:
        page.evaluate(follow)
        page.wait_for_timeout(300)
        expect(page.locator("input[name=w14]")).to_have_value("0.9")
        assert page.url.endswith("#w14=0.9")
