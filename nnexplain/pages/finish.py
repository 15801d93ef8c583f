"""`python -m nnexplain.pages.finish`, after `zensical build`: what `hooks` does for MkDocs.

Zensical calls no hooks, so a site that it has built lacks the files made at build, the mark, the
times to read, the table for teachers and the Content-Security-Policy. All are added to the
site in place; a page that has its policy is finished and stays as it is.
"""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config import load_config
from mkdocs.structure.files import File, get_files
from mkdocs.utils.meta import get_data

from nnexplain.errors import NnexplainError
from nnexplain.pages import course, made, mark, reading_time
from nnexplain.pages.markdown import Current, normalised, run_page
from nnexplain.pages.policy import is_protected, with_policy

MARK = "<!-- nne-mark -->"
"""Where the theme leaves the mark to be filled in."""
_ARTICLE = re.compile(r"<article[^>]*>(.*)</article>", re.S)


def figures(file: File, docs: Path) -> dict[str, bytes]:
    """Return what a page's figures and exercises offer; from the cache, if it was converted."""
    text, _ = get_data(file.content_string)
    source = Current(file.src_uri, file.url, docs=docs).source(normalised(text))
    _, kept = source.expanded(run_page)
    return {name: path.read_bytes() for name, path in kept.items()}


def finished(html: str, page: str, table: str, address: str) -> str:
    """Return a built page with all that it lacks; `page` is its path in docs/."""
    if is_protected(html):
        return html
    if page.startswith("learn/"):
        html = made.timed(html, reading_time.minutes(article(html)))
    html = html.replace(MARK, mark.inline())
    if page == course.PAGE:
        html = made.addressed(html.replace(course.PLACE, table), address)
    return with_policy(html)


def grounded(html: str, url: str) -> str:
    """Return the page at `url` without links that climb out of the site.

    Zensical moves every link of a page's HTML down by a folder, also those that lead from the
    page's address already.

    >>> grounded('<a href="../../../assets/a.png">', "learn/loss/")
    '<a href="../../assets/a.png">'
    """
    top = "../" * url.count("/")
    return re.sub(rf'((?:href|src)="){re.escape(f"../{top}")}', rf"\1{top}", html)


def article(html: str) -> str:
    """Return what Markdown has made of a built page."""
    found = _ARTICLE.search(html)
    return found[1] if found else ""


def finish() -> None:
    """Add to the site that Zensical has built from mkdocs.yml in this folder all that it lacks.

    Raises `NnexplainError` where there is no such site.
    """
    config = load_config("mkdocs.yml")
    docs, site = Path(config.docs_dir), Path(config.site_dir)
    if not (site / "index.html").exists():
        raise NnexplainError(f"no site in {site}; build it first: zensical build --clean")
    pages = {file.src_uri: file for file in get_files(config).documentation_pages()}
    built = {src: site / file.dest_uri for src, file in pages.items()}
    html = {
        src: grounded(path.read_text(encoding="utf-8"), pages[src].url)
        for src, path in built.items()
    }
    contents = {src: article(text) for src, text in html.items()}
    table = course.table(contents, reading_time.minutes)

    files: dict[str, str | bytes] = dict(made.files(docs))
    for file in pages.values():
        files |= figures(file, docs)
    for name, content in files.items():
        target = site / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    for src, path in {**built, "404.html": site / "404.html"}.items():
        text = html.get(src) or path.read_text(encoding="utf-8")
        path.write_text(finished(text, src, table, config.site_url or ""), encoding="utf-8")


if __name__ == "__main__":
    finish()
