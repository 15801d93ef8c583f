"""Without hooks: the extension learns its page from Zensical, and `finish` completes the site.

Zensical itself is not installed here: what it hands over, and what it writes, is laid out by hand.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from nnexplain.errors import NnexplainError
from nnexplain.pages import finish
from nnexplain.pages.markdown import NnexplainExtension, current
from tests.site import ROOT

FIGURE = "```python figure net\nnne.figures.network_diagram(net)\n```\n"
TEXT = f"A weight {{{{ cite('han2011') }}}}.\n\n{FIGURE}"
SETUP = "```python setup\nnet = nne.worked['han_kamber'].network\n```\n\n"
SCRIPT = "go()"
BUILT = (
    '<html><head><meta charset="utf-8"></head><body><!-- nne-mark --><article class="a"><h1>T</h1>'
    f"WORDS</article><script>{SCRIPT}</script></body></html>"
)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs" / "learn").mkdir(parents=True)
    for name in ("docs/glossary.toml", "docs/references.bib", "CITATION.cff"):
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)


class Context(Extension):
    """What Zensical puts in front of all other extensions."""

    def __init__(self, path: str, url: str) -> None:
        super().__init__()
        self.page = SimpleNamespace(path=path, url=url)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's name
        place: Any = Preprocessor(md)
        place.page, place.config = self.page, {"docs_dir": "docs"}
        place.run = lambda lines: lines
        md.preprocessors.register(place, "rendering_context", 0)


def converter(path: str, url: str) -> Markdown:
    return Markdown(extensions=[Context(path, url), NnexplainExtension()])


def test_each_page_links_from_its_own_folder_also_side_by_side() -> None:
    before = vars(current).copy()
    deep, top = converter("learn/x.md", "learn/x/"), converter("index.md", "")
    html = deep.convert(SETUP + TEXT)
    assert 'href="../glossary.md#weight"' in html
    assert 'href="../references.md#han2011"' in html
    assert 'href="../../assets/figures/learn-x-net.svg"' in html
    assert 'href="references.md#han2011"' in top.convert(SETUP + TEXT)
    assert vars(current) == before


def test_a_site_is_completed_once() -> None:
    Path("mkdocs.yml").write_text("site_name: T\nsite_url: https://a.org/b/\ntheme: mkdocs\n")
    Path("docs/index.md").write_text("# Home\n")
    Path("docs/learn/x.md").write_text(f"---\ntags: [a]\n---\n# T\n\n{SETUP}{TEXT}")
    with pytest.raises(NnexplainError, match="zensical build"):
        finish.finish()
    # Zensical has moved the links of this page down by a folder too many.
    link = '<a href="../../../assets/figures/learn-x-net.svg">'
    page = Path("site/learn/x/index.html")
    page.parent.mkdir(parents=True)
    page.write_text(BUILT.replace("WORDS", "word " * 300 + link))
    for other in ("index.html", "404.html"):
        (Path("site") / other).write_text(BUILT)
    finish.finish()
    html = page.read_text()
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in html
    assert ">2 minutes to read</p>" in html
    assert '<rect class="b0"' in html
    assert 'href="../../assets/figures/learn-x-net.svg"' in html
    for made in ("figures/learn-x-net.svg", "nnexplain-palette.css", "explorables/circuit.json"):
        assert (Path("site/assets") / made).stat().st_size > 0
    assert "Content-Security-Policy" in Path("site/404.html").read_text()
    finish.finish()
    assert page.read_text() == html


def test_the_theme_leaves_a_place_for_the_mark() -> None:
    logo = ROOT / "nnexplain" / "pages" / "theme" / "partials" / "logo.html"
    assert f"{{% else %}}{finish.MARK}{{% endif %}}" in logo.read_text(encoding="utf-8")
