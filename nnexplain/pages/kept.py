"""A page is converted once and searched through once, until something it depends on changes.

MkDocs converts every page at every build. While somebody writes, only one has changed; the HTML of
the others, their table of contents, and what the search found in them come from the cache.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, FileSystemBytecodeCache
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, get_toc

from nnexplain.pages import reading_time
from nnexplain.pages.cache import FOLDER, known, remembered
from nnexplain.pages.fingerprint import fingerprint
from nnexplain.pages.markdown import current, normalised
from nnexplain.pages.search import readable

_LOG = logging.getLogger("mkdocs")


def render(page: Page, config: MkDocsConfig, files: Files) -> None:
    """Convert a page as `Page.render` does, or take what that made of the same page before.

    A page with a warning is never kept: the next build has to warn again.
    """
    key = _key(page, config, files)
    if not known(key):
        with _made() as made, _warnings() as warnings:
            Page.render(page, config, files)
        if warnings:
            return
        remembered(key, lambda: _record(page, made) | {"objects": _objects(page, config)})
    else:
        record = remembered(key, dict)
        _restore(page, files, record)
        _register(page, config, record["objects"])


def _key(page: Page, config: MkDocsConfig, files: Files) -> tuple[str, ...]:
    """All that a converted page depends on: links need the addresses of all files."""
    text = page.markdown or ""
    # Of the extensions that a plugin adds, the name: their text form is an address in memory.
    used = [
        one if isinstance(one, str) else type(one).__name__ for one in config.markdown_extensions
    ]
    reference = dict(config.plugins["mkdocstrings"].config)
    settings = [used, config.mdx_configs, config.use_directory_urls, reference]
    addresses = "\n".join(sorted(file.src_uri for file in files))
    source = current.source(normalised(text))
    return ("html", *source.key, text, json.dumps(settings, default=str), addresses)


@contextmanager
def _made() -> Iterator[dict[str, Path]]:
    """Collect the files that a page's figures make."""
    before, current.files = current.files, {}
    made = current.files
    try:
        yield made
    finally:
        current.files = before | made


class _Counter(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@contextmanager
def _warnings() -> Iterator[list[logging.LogRecord]]:
    counter = _Counter()
    _LOG.addHandler(counter)
    try:
        yield counter.records
    finally:
        _LOG.removeHandler(counter)


def _record(page: Page, made: dict[str, Path]) -> dict[str, Any]:
    links = page.links_to_anchors or {}
    return {
        "content": page.content,
        "toc": _tokens(page.toc),
        "title": page._title_from_render,
        "anchors": sorted(page.present_anchor_ids or ()),
        "links": {file.src_uri: anchors for file, anchors in links.items()},
        "files": {name: str(path) for name, path in made.items()},
    }


def _tokens(links: Sequence[AnchorLink] | Any) -> list[dict[str, Any]]:
    """Return a table of contents as Markdown's `toc` lists it."""
    return [
        {"name": one.title, "id": one.id, "level": one.level, "children": _tokens(one.children)}
        for one in links
    ]


def _restore(page: Page, files: Files, record: dict[str, Any]) -> None:
    page.content, page.toc = record["content"], get_toc(record["toc"])
    page._title_from_render = record["title"]
    page.present_anchor_ids = set(record["anchors"])
    targets = ((files.get_file_from_path(uri), links) for uri, links in record["links"].items())
    page.links_to_anchors = {file: links for file, links in targets if file is not None}
    current.files.update({name: Path(path) for name, path in record["files"].items()})


def _objects(page: Page, config: MkDocsConfig) -> list[list[Any]]:
    """Return what a page describes of the package, as links from other pages ask for it."""
    links: Any = config.plugins["autorefs"]
    return [
        [name, url.partition("#")[2], links._title_map.get(url), primary]
        for primary, known in ((True, links._primary_url_map), (False, links._secondary_url_map))
        for name, urls in known.items()
        for url in urls
        if url.startswith(f"{page.url}#")
    ]


def _register(page: Page, config: MkDocsConfig, objects: list[list[Any]]) -> None:
    links: Any = config.plugins["autorefs"]
    for name, anchor, title, primary in objects:
        links.register_anchor(page, name, anchor, title=title, primary=primary)


def minutes(html: str) -> int:
    """Return the minutes that a page takes to read, counted once."""
    key = ("minutes", fingerprint(current.docs), html)
    return int(remembered(key, lambda: reading_time.minutes(html)))


def templates() -> BytecodeCache:
    """Return where the theme's templates stay compiled, by the hash of their text."""
    folder = FOLDER / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


def keep_search(index: Any) -> None:
    """Let the search plugin's index read a page once, as `readable` shows it."""
    add = index.add_entry_from_context

    def found(page: Page) -> list[Any]:
        start, whole = len(index.entries), page.content or ""
        page.content = readable(whole)
        add(page)
        page.content = whole
        entries = index.entries[start:]
        del index.entries[start:]
        return list(entries)

    def add_once(page: Page) -> None:
        about = json.dumps([page.url, page.title, page.meta, _tokens(page.toc)], default=str)
        key = ("search", fingerprint(current.docs), about, page.content or "")
        index.entries.extend(remembered(key, lambda: found(page)))

    index.add_entry_from_context = add_once


def search_early(index: Any, page: Page, content: str) -> None:
    """Read a page for the search while others still run; its entries wait in the cache."""
    page.content, start = content, len(index.entries)
    index.add_entry_from_context(page)
    del index.entries[start:]
