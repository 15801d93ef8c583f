"""What is kept from one build to the next: the second site equals the first, warnings return."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.site import build, small_project

pytestmark = pytest.mark.xdist_group("serve")
KEPT = "kept-html"
CHECK = "nnexplain.checks.gradient_check"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    project = small_project(
        folder, "index.md", "learn/loss.md", "reference/checks.md", strict=False
    )
    # One page whose links all lead somewhere, among them one to an anchor of another, and one to
    # an object that a page of the reference describes.
    (project / "docs" / "index.md").write_text(
        "---\ntitle: Home\n---\n# Home\n\n## A part\n\n[Loss](learn/loss.md#exercises) {{ 1/3 }}\n"
        f"\n[Check][{CHECK}]\n"
    )
    return project


def test_the_second_build_converts_nothing_and_gives_the_same_site(project: Path) -> None:
    first = build(project, project / "one")
    kept = sorted((project / ".cache" / "nnexplain").glob("*.json"))
    # Whoever reads a page's HTML from the cache shows this mark; a new conversion would not.
    (record,) = [path for path in kept if '"content": "<h1 id=\\"home\\">' in path.read_text()]
    second = build(project, project / "two")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    one, two = contents(project / "one"), contents(project / "two")
    assert [name for name in one if one[name] != two.get(name)] == []
    assert set(one) == set(two)
    assert f'href="reference/checks/#{CHECK}"' in two["index.html"].decode()
    record.write_text(record.read_text().replace("A part", KEPT))
    build(project, project / "three")
    assert KEPT in (project / "three" / "index.html").read_text(encoding="utf-8")


def test_an_edit_of_the_prose_is_seen(project: Path) -> None:
    home = project / "docs" / "index.md"
    home.write_text(home.read_text().replace("A part", "Another part"))
    build(project, project / "four")
    html = (project / "four" / "index.html").read_text(encoding="utf-8")
    assert "Another part" in html
    assert "0.3333" in html
    assert "Another part" in (project / "four" / "search" / "search_index.json").read_text()


def test_a_page_with_a_warning_warns_again(project: Path) -> None:
    home = project / "docs" / "index.md"
    home.write_text(home.read_text() + "\n[nowhere](nowhere.md) [no part](learn/loss.md#nothing)\n")
    for name in ("five", "six"):
        said = build(project, project / name).stderr
        assert "contains a link 'nowhere.md'" in said
        assert "does not contain an anchor '#nothing'" in said
