"""Lab sheets on the built site: pages like the others, their downloads, and their slides."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.labs.sheets import LABS
from tests.pages.test_browser import SCHEMES, tab
from tests.site import Site, build, small_project

pytestmark = pytest.mark.xdist_group("site")
NAMES = [path.stem for path in LABS]


def html(site: Site, name: str, file: str = "index.html") -> str:
    return (site.folder / "labs" / name / file).read_text(encoding="utf-8")


def test_sheets_are_pages_like_the_others(site: Site) -> None:
    lessons = [path.stat().st_size for path in site.folder.glob("learn/*/index.html")]
    for name in NAMES:
        page = html(site, name)
        assert "jp-" not in page  # JupyterLab's
        assert 'src=""' not in page
        assert "nne-cell" not in page
        assert "NNEXPLAIN_WHEEL" not in page
        assert page.count("<math") > 5
        assert '<a class="nne-term"' in page
        assert page.count('<figure class="nne-figure"') == page.count('role="img"') > 0
        assert len(page) < max(lessons)
        assert f'assets/labs/{name}.ipynb" download' in page


def test_code_is_not_searched_for(site: Site) -> None:
    index = json.loads((site.folder / "search" / "search_index.json").read_text())
    found = " ".join(d["text"] for d in index["docs"] if d["location"].startswith("labs/"))
    assert "What it does to learning" in " ".join(d["title"] for d in index["docs"])
    assert "straight-line layers" in found
    assert "np.random" not in found


def test_the_wheel_and_the_downloads_are_where_the_sheets_say(site: Site) -> None:
    (wheel,) = site.folder.glob("assets/wheels/*.whl")
    assert "nnexplain/handwork.py" in zipfile.ZipFile(io.BytesIO(wheel.read_bytes())).namelist()
    for name in NAMES:
        notebook = (site.folder / "assets" / "labs" / f"{name}.ipynb").read_text()
        address = re.search(r'wheel = \\"([^\\]+)\\"', notebook)
        assert address is not None
        assert address[1].endswith(f"/assets/wheels/{wheel.name}")
        assert address[1] in re.sub(r"<[^>]+>", "", html(site, name))


def test_a_broken_link_in_a_sheet_fails_the_build(tmp_path: Path) -> None:
    project = small_project(tmp_path / "project")
    (project / "docs" / "index.md").write_text("# Home\n")
    (project / "docs" / "glossary.md").write_text("# Glossary\n")
    (project / "docs" / "labs" / "x.py").write_text(
        "# %% [markdown]\n# # T\n#\n# See [this](nowhere.md).\n\n# %%\nimport nnexplain as nne\n"
    )
    done = build(project, tmp_path / "site")
    assert done.returncode != 0
    assert "'labs/x.py' contains a link 'nowhere.md'" in done.stderr


def shown(page: Page) -> str:
    return page.inner_text(".slides > section.present")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_slides_are_whole_quiet_and_moved_by_keys(
    browser: Browser, site: Site, scheme: str
) -> None:
    faults: list[str] = []
    with tab(browser, color_scheme=scheme) as page:
        page.on("console", lambda m: faults.append(m.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda r: r.url.startswith(site.origin) or faults.append(r.url))
        for name in NAMES if scheme == "light" else NAMES[:1]:
            page.goto(site.url(f"labs/{name}/slides.html"))
            page.wait_for_selector(".slides > section.present")
            assert shown(page).startswith("Lab ")
            count = page.locator(".slides > section").count()
            assert count >= 8
            for k in range(count):
                over = page.evaluate(
                    "(s => [s.scrollHeight - s.clientHeight, s.scrollWidth - s.clientWidth])"
                    "(document.querySelector('.slides > section.present'))"
                )
                if max(over) > 1:
                    faults.append(f"{name}, slide {k + 1} is too large: {over}")
                if scheme == "dark" and page.locator(".slides > section.present pre").count():
                    result = Axe().run(page)
                    assert result.violations_count == 0, result.generate_report()
                page.keyboard.press("ArrowRight")
            assert "What to take home" in shown(page)
        page.keyboard.press("ArrowLeft")
        assert "What to take home" not in shown(page)
        result = Axe().run(page)
        assert result.violations_count == 0, result.generate_report()
    assert faults == []


def test_slides_can_be_printed_and_read_on_a_phone_and_without_scripts(
    browser: Browser, site: Site
) -> None:
    address = site.url("labs/landscape/slides.html")
    with tab(browser, color_scheme="dark") as page:
        page.goto(f"{address}?print-pdf")
        page.wait_for_selector(".pdf-page")
        count = page.locator(".slides section").count()
        below = page.locator(".pdf-page figure svg").evaluate_all(
            "all => all.map(s => s.closest('.pdf-page').getBoundingClientRect().bottom"
            " - s.getBoundingClientRect().bottom)"
        )
        assert below
        assert min(below) > 0, "a figure is cut off at the end of its page"
        pdf = page.pdf(prefer_css_page_size=True, print_background=True)
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == count
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == "rgb(255, 255, 255)"
        # All slides are in sight here.
        result = Axe().run(page)
        assert result.violations_count == 0, result.generate_report()
    for width, scripts in ((1280, False), (390, True)):
        with tab(browser, java_script_enabled=scripts) as page:
            page.set_viewport_size({"width": width, "height": 844})
            page.goto(address)
            tops = [s.bounding_box() for s in page.locator(".slides > section").all()]
            places = [box["y"] for box in tops if box]
            assert len(places) == count
            assert places == sorted(set(places))
            heights = page.locator(".slides figure > svg").evaluate_all(
                "all => all.map(s => s.getBoundingClientRect().height)"
            )
            assert min(heights) > 150
