"""The build itself: what breaks it, what it never does, and that nothing on a page is stale."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlparse

import pytest

from tests.site import Site, build, copy_project, small_project

pytestmark = pytest.mark.xdist_group("site")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# T\n\nSee {{ nope }}.", "references.md:7: {{ nope }}: NameError"),
        ("# T\n\n```python run\n1 / 0\n```", "references.md:8: ZeroDivisionError"),
        ("# T\n\n{{ claim('A44') }}", "unknown claim 'A44'; did you mean 'A4'?"),
        ("# T\n\n{{ cite('han2012') }}", "unknown reference 'han2012'; did you mean 'han2011'?"),
        ("# T\n\n$\\frac{1}$", "TeX that cannot be read"),
        ("# T\n\n[broken](nowhere.md)", "nowhere.md"),
        ("# T\n\n[broken](index.md#nowhere)", "#nowhere"),
    ],
)
def test_a_fault_on_a_page_fails_the_build(tmp_path: Path, text: str, message: str) -> None:
    project = small_project(tmp_path / "project", "references.md")
    (project / "docs" / "index.md").write_text("# Home\n")
    (project / "docs" / "references.md").write_text(f"---\ntitle: T\n---\n\n{text}\n")
    done = build(project, tmp_path / "site")
    assert done.returncode != 0
    assert message in done.stderr


def test_a_changed_slope_changes_or_breaks_the_pages(tmp_path: Path, site: Site) -> None:
    page = Path("learn") / "gradient" / "index.html"
    assert "0.008725" in (site.folder / page).read_text()
    project = small_project(tmp_path / "project", "learn/gradient.md", strict=False)
    records = project / "nnexplain" / "activations.py"
    true = "return e / ((1 + e) * (1 + e))"
    assert true in records.read_text()
    records.write_text(records.read_text().replace(true, "return 0.9 * e / ((1 + e) * (1 + e))"))
    done = build(project, tmp_path / "site")
    assert done.returncode != 0 or "0.008725" not in (tmp_path / "site" / page).read_text()


class _Links(HTMLParser):
    """Collect a page's ids, and the addresses that it links or loads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.images_without_text = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids.add(given.get("id", ""))
        self.images_without_text += tag == "img" and not given.get("alt")
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "link" and given.get("rel") != "canonical" and "href" in given:
            self.loads.append(given["href"])
        elif "src" in given:
            self.loads.append(given["src"])


def parsed(site: Site) -> dict[str, _Links]:
    return {page: _Links((site.folder / page / "index.html").read_text()) for page in site.pages}


def test_every_link_and_anchor_inside_the_site_exists(site: Site) -> None:
    pages = parsed(site)
    for page, found in pages.items():
        for link in found.links + found.loads:
            if urlparse(link).scheme:
                continue
            target, anchor = urldefrag(urljoin(f"/{page}", unquote(link)))
            path = target.lstrip("/")
            assert (site.folder / path).exists(), f"{page} links {link}"
            is_state = path.startswith("explorables/") and "=" in anchor  # of an explorable
            if anchor and path in pages and not anchor.startswith("__") and not is_state:
                assert anchor in pages[path].ids, f"{page} links {link}"


def test_nothing_is_loaded_from_elsewhere(site: Site) -> None:
    for page, found in parsed(site).items():
        assert not [x for x in found.loads if urlparse(x).scheme or x.startswith("//")], page
        assert not found.images_without_text, page


def test_two_cold_builds_are_byte_identical(tmp_path: Path, site: Site) -> None:
    assert build(copy_project(tmp_path / "project"), tmp_path / "site").returncode == 0
    names = {p.relative_to(site.folder) for p in site.folder.rglob("*") if p.is_file()}
    again = {
        p.relative_to(tmp_path / "site") for p in (tmp_path / "site").rglob("*") if p.is_file()
    }
    assert names == again
    different = [
        n for n in names if (site.folder / n).read_bytes() != (tmp_path / "site" / n).read_bytes()
    ]
    assert different == []
